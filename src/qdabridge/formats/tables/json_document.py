"""A matrix as JSON: everything that is known of it, for programs.

Rows and columns are counted from 0; empty cells are left out. Numbers are numbers, dates are in the form of ISO 8601.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct, structs

from qdabridge.errors import CannotWrite
from qdabridge.findings import Finding
from qdabridge.matrix.grid import Cell, Matrix
from qdabridge.safety import writing

FORMAT = "qdabridge matrix"
VERSION = 1

_CELLS = "cells"


class CellAt(Struct):
    """A cell with where it stands, and its words as the matrix would write them."""

    row: int
    column: int
    text: str
    cell: Cell


def write_matrix(matrix: Matrix, path: Path, *, overwrite: bool = False) -> list[Finding]:
    """Write a matrix as JSON.

    Returns:
        What the matrix itself could not take in; JSON holds everything.

    Raises:
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    encoder = msgspec.json.Encoder(decimal_format="number")
    with writing(path, overwrite=overwrite) as stream:
        try:
            stream.write(msgspec.json.format(encoder.encode(_as_json(matrix)), indent=1))
        except UnicodeEncodeError as error:
            raise CannotWrite(
                "The matrix holds half a character, which JSON cannot hold.",
                where=str(path),
                todo="Check the study; its text is damaged.",
            ) from error
        stream.write(b"\n")
    return list(matrix.findings)


def _as_json(matrix: Matrix) -> dict[str, object]:
    cells = [CellAt(row, column, matrix.text_of(row, cell), cell) for (row, column), cell in _by_place(matrix)]
    rest = {name: value for name, value in structs.asdict(matrix).items() if name != _CELLS}
    return {"format": FORMAT, "version": VERSION, **rest, _CELLS: cells}


def _by_place(matrix: Matrix) -> list[tuple[tuple[int, int], Cell]]:
    """Return the cells row by row."""
    return [(place, matrix.cells[place]) for place in sorted(matrix.cells)]
