"""A matrix in a file: which writer an ending asks for.

Each writer takes a matrix and a path and returns what the file could not hold. They are imported when they are needed.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from qdabridge.errors import BadRequest
from qdabridge.findings import Finding
from qdabridge.matrix.grid import Matrix

WRITERS = {
    ".xlsx": "qdabridge.formats.spreadsheet",
    ".csv": "qdabridge.formats.tables.csv_table",
    ".html": "qdabridge.formats.tables.web_page",
    ".htm": "qdabridge.formats.tables.web_page",
    ".md": "qdabridge.formats.tables.markdown",
    ".docx": "qdabridge.formats.tables.word_document",
    ".json": "qdabridge.formats.tables.json_document",
}
"""The ending of a file → the module whose ``write_matrix`` writes it."""


class MatrixWriter(Protocol):
    """What a module that writes matrices offers."""

    def write_matrix(self, matrix: Matrix, path: Path, *, overwrite: bool = False) -> list[Finding]:
        """Write a matrix, and return what it could not take in and what the file cannot hold."""
        ...


def writer_for(path: Path) -> MatrixWriter:
    """Return what writes a matrix to a path, by its ending.

    Raises:
        BadRequest: nothing does.
    """
    module = WRITERS.get(path.suffix.lower())
    if module is None:
        raise BadRequest(
            "A matrix cannot be written to a file of this name.",
            where=str(path),
            todo=f"Give it a name that ends in {', '.join(WRITERS)}.",
        )
    return cast(MatrixWriter, import_module(module))


def write_matrix(matrix: Matrix, path: Path, *, overwrite: bool = False) -> list[Finding]:
    """Write a matrix as the ending of the path says.

    Args:
        matrix: the matrix.
        path: the target; it takes its name only when it is complete.
        overwrite: whether an existing target may be replaced.

    Returns:
        What the matrix itself could not take in, and what the file cannot hold.

    Raises:
        BadRequest: no format has this ending, or the matrix is too large for the format.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    return writer_for(path).write_matrix(matrix, path, overwrite=overwrite)
