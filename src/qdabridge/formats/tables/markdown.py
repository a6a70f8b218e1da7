"""A matrix as Markdown: a title, what was left out on purpose, and one table.

Cells hold everything on one line, as tables of Markdown must; a break stands for each line end. Whatever Markdown or
HTML would take for a sign of its own is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from qdabridge.findings import Finding
from qdabridge.formats.tables.presenting import TITLES, Shown, Text, cell_at, is_number, shown
from qdabridge.matrix.grid import ROW_HEADINGS, Field, Matrix, Piece
from qdabridge.safety import writing
from qdabridge.study.lookup import PATH_SEPARATOR

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
_START = re.compile(r"^([-+]|\d+[.)])(?=\s|$)", re.MULTILINE)
_ADDRESS = re.compile(r"(?<=\w)(://|@)|(?<=www)(\.)")
_BREAK = "<br>"


def write_matrix(matrix: Matrix, path: Path, *, overwrite: bool = False) -> list[Finding]:
    """Write a matrix as Markdown with a table as GitHub and pandoc read it.

    Returns:
        What the matrix itself could not take in, and what the file cannot hold.

    Raises:
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    page = _Page(matrix)
    with writing(path, overwrite=overwrite) as stream:
        for line in page.lines():
            stream.write(f"{line}\n".encode())
    return [*matrix.findings, *page.text.findings()]


def escaped(text: str) -> str:
    """Return a text on one line in which nothing is a sign of Markdown or HTML."""
    plain = _START.sub(r"\\\1", _SIGNS.sub(r"\\\1", text))
    return _ADDRESS.sub(lambda found: "".join(f"&#{ord(char)};" for char in found.group()), plain).replace("\n", _BREAK)


class _Page:
    def __init__(self, matrix: Matrix) -> None:
        self.text = Text()
        self._matrix = matrix
        self._fields = matrix.fields()

    def lines(self) -> Iterator[str]:
        matrix = self._matrix
        yield f"# {TITLES[matrix.kind]}: {self._escaped(matrix.name)}"
        yield ""
        for sentence in matrix.filters:
            yield f"- {self._escaped(sentence)}"
        if matrix.filters:
            yield ""
        headings = [ROW_HEADINGS[matrix.row_kind], *(attribute.name for attribute in matrix.attributes)]
        headings += [self._heading(field) for field in self._fields]
        yield _line([self._escaped(heading) for heading in headings])
        words = 1 + len(matrix.attributes)
        yield _line(
            ["---"] * words + ["---:" if field.measure not in (None, "coders") else "---" for field in self._fields]
        )
        for number, row in enumerate(matrix.rows):
            cells = [f"**{self._escaped(row.label)}**" if row.label.strip() else ""]
            cells += [self._value(value, row.label) for value in row.attributes]
            cells += [self._cell(number, field) for field in self._fields]
            yield _line(cells)

    def _heading(self, field: Field) -> str:
        column = self._matrix.columns[field.column]
        return field.heading if len(column.path) == 1 else f"{column.theme}{PATH_SEPARATOR}{field.heading}"

    def _cell(self, row: int, field: Field) -> str:
        cell, label = cell_at(self._matrix, row, field), self._matrix.rows[row].label
        if cell is None:
            return self._value(self._matrix.value(row, field), label)
        return "".join(self._piece(each, label) for each in cell.pieces(self._matrix.wording, case=label))

    def _piece(self, piece: Piece, where: str) -> str:
        text = self._escaped(piece.text, where)
        if piece.kind == "reference":
            return f"*{text.strip()}*" if text.strip() else text
        return text

    def _value(self, value: Shown, where: str) -> str:
        return shown(value) if is_number(value) else self._escaped(shown(value), where)

    def _escaped(self, text: str, where: str = "") -> str:
        return escaped(self.text.fit(text, where))


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
