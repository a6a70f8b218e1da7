"""A matrix as CSV: one heading row, a line for each row; UTF-8 with the mark by which Excel knows it, and CRLF.

Text that a spreadsheet program would take for a formula gets an apostrophe before it, because CSV has no other way to
say that it is text. Numbers and dates are written so that programs read them.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from qdabridge.findings import Finding, Findings
from qdabridge.formats.tables.presenting import Shown, Text
from qdabridge.matrix.grid import MEASURE_HEADINGS, ROW_HEADINGS, Matrix
from qdabridge.safety import writing
from qdabridge.study.lookup import PATH_SEPARATOR

_FORMULA = re.compile(r"\s*[=+\-@\t\r]")


def write_matrix(matrix: Matrix, path: Path, *, overwrite: bool = False) -> list[Finding]:
    """Write a matrix as CSV.

    Returns:
        What the matrix itself could not take in, and which texts were changed so that nothing takes them for formulas.

    Raises:
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    table = _Table(matrix)
    with writing(path, overwrite=overwrite) as stream:
        out = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
        lines = csv.writer(out, lineterminator="\r\n")
        lines.writerow(table.headings())
        for number in range(len(matrix.rows)):
            lines.writerow(table.line(number))
        out.detach()
    return [*matrix.findings, *table.findings()]


class _Table:
    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._fields = matrix.fields()
        self._text = Text()
        self._findings = Findings()

    def headings(self) -> list[str]:
        found: list[Shown] = [ROW_HEADINGS[self._matrix.row_kind], *(each.name for each in self._matrix.attributes)]
        several = len(self._fields) > len(self._matrix.columns)
        for field in self._fields:
            path = PATH_SEPARATOR.join(self._matrix.columns[field.column].path)
            measure = MEASURE_HEADINGS[field.measure].lower() if several and field.measure is not None else ""
            found.append(f"{path}: {measure}" if measure else path)
        return [self._written(each, "the headings") for each in found]

    def line(self, number: int) -> list[str]:
        row = self._matrix.rows[number]
        values: list[Shown] = [row.label, *row.attributes]
        values += [self._matrix.value(number, field) for field in self._fields]
        return [self._written(value, row.label) for value in values]

    def findings(self) -> list[Finding]:
        return [*self._text.findings(), *self._findings.all()]

    def _written(self, value: Shown, where: str) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            return str(value)
        text = self._text.fit(value, where)
        if not _FORMULA.match(text):
            return text
        self._findings.add(
            Finding(
                "FORMULA-AS-TEXT",
                "note",
                "Text that begins like a formula has an apostrophe before it, so that no program calculates it.",
                where=where,
            )
        )
        return f"'{text}"
