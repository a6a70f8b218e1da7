"""A framework matrix as an Excel workbook, which LibreOffice opens as well.

The first sheet is the matrix: two heading rows, themes over codes; then a row for each case or source. What a cell
cannot hold stands in full on a second sheet. Rows are written one by one, so that no workbook is ever whole in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, groupby
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from qdabridge.errors import BadRequest
from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet import cell_text, look
from qdabridge.formats.spreadsheet.cells import At, Cells, Style, set_up_page
from qdabridge.formats.spreadsheet.saving import saving
from qdabridge.matrix.grid import ROW_HEADINGS, Column, Matrix, Row
from qdabridge.safety import writing

MATRIX_SHEET = "Framework matrix"
ATTRIBUTES_HEADING = "Attributes"
HEADING_ROWS = 2

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384


def write_matrix(matrix: Matrix, path: Path, *, overwrite: bool = False) -> list[Finding]:
    """Write a framework matrix as .xlsx.

    Args:
        matrix: the matrix.
        path: the target; it takes its name only when it is complete.
        overwrite: whether an existing target may be replaced.

    Returns:
        What the matrix itself could not take in, and what a cell cannot hold or show.

    Raises:
        BadRequest: it has more rows or columns than a sheet has.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    _check_size(matrix)
    with writing(path, overwrite=overwrite) as stream:
        workbook = _MatrixWorkbook(matrix)
        with saving(workbook.book, stream):
            workbook.fill()
    return [*matrix.findings, *workbook.findings.all()]


def _check_size(matrix: Matrix) -> None:
    columns = 1 + len(matrix.attributes) + len(matrix.columns)
    rows = HEADING_ROWS + len(matrix.rows)
    if columns > MOST_COLUMNS:
        raise BadRequest(
            f"The matrix has {columns:,} columns, and a sheet has room for {MOST_COLUMNS:,}.",
            todo="Choose fewer codes, or only those that are used.",
        )
    if rows > MOST_ROWS:
        raise BadRequest(
            f"The matrix has {rows:,} rows with its headings, and a sheet has room for {MOST_ROWS:,}.",
            todo="Choose rows of the other kind (cases or sources), or split the study.",
        )


class _Heading:
    """One column's two headings: texts, fills, and how many columns the upper one spans (0: it is spanned)."""

    def __init__(self, above: str, below: str, fill_above: str, fill_below: str, span: int = 1) -> None:
        self.above = above
        self.below = below
        self.fill_above = fill_above
        self.fill_below = fill_below
        self.span = span


class _MatrixWorkbook:
    """A workbook in the making."""

    def __init__(self, matrix: Matrix) -> None:
        self.book = Workbook(write_only=True)
        self.findings = Findings()
        self._matrix = matrix
        self._headings = _headings(matrix)
        self._widths = look.widths(matrix)
        self._letters = [get_column_letter(number) for number in range(1, len(self._widths) + 1)]
        self._sheet = self.book.create_sheet(MATRIX_SHEET)
        self._cells = Cells(self._sheet, self.findings)

    def fill(self) -> None:
        """Write all sheets."""
        self.book.properties.title = cell_text.presentable(self._matrix.name)[0]
        self.book.properties.creator = "qdabridge"
        self._set_up()
        self._sheet.append(self._upper_headings())
        self._sheet.append(self._lower_headings())
        for number in range(len(self._matrix.rows)):
            self._write_row(number)
        self._cells.write_continued(self.book)

    def _set_up(self) -> None:
        sheet, widths, letters = self._sheet, self._widths, self._letters
        for letter, width in zip(letters, widths, strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.freeze_panes = f"B{HEADING_ROWS + 1}"
        sheet.auto_filter.ref = f"A{HEADING_ROWS}:{letters[-1]}{HEADING_ROWS + len(self._matrix.rows)}"
        over = []
        for number, heading in enumerate(self._headings):
            if heading.span > 1:
                sheet.merged_cells.add(f"{letters[number]}1:{letters[number + heading.span - 1]}1")
            over.append((heading.above, sum(widths[number : number + heading.span])))
        sheet.row_dimensions[1].height = min(look.height(over), look.TALLEST)
        below = [(each.below, width - look.FILTER_BUTTON) for each, width in zip(self._headings, widths, strict=True)]
        sheet.row_dimensions[2].height = min(look.height(below), look.TALLEST)
        set_up_page(sheet, pages_across=look.pages_across(widths), heading_rows=f"1:{HEADING_ROWS}")
        sheet.print_title_cols = "A:A"
        sheet.print_options.gridLines = True

    def _upper_headings(self) -> Iterator[Any]:
        for letter, heading in zip(self._letters, self._headings, strict=True):
            style = Style(bold=True, color=heading.fill_above, spanning=heading.span > 1)
            yield self._cells.text(heading.above, style, At(f"{letter}1", "", f"heading {heading.above}"))

    def _lower_headings(self) -> Iterator[Any]:
        for letter, heading in zip(self._letters, self._headings, strict=True):
            style = Style(bold=True, color=heading.fill_below)
            yield self._cells.text(heading.below, style, At(f"{letter}2", "", f"heading {heading.below}"))

    def _write_row(self, number: int) -> None:
        row, first = self._matrix.rows[number], 1 + len(self._matrix.attributes)
        line = HEADING_ROWS + 1 + number
        texts = {
            position: cell.text()
            for position in range(len(self._matrix.columns))
            if (cell := self._matrix.cells.get((number, position))) is not None
        }
        needed = [(row.label, self._widths[0])]
        needed += [
            (value, width)
            for value, width in zip(row.attributes, self._widths[1:], strict=False)
            if isinstance(value, str)
        ]
        needed += [(text, self._widths[first + position]) for position, text in texts.items()]
        height = look.height(needed)
        if height > look.TALLEST:
            self._tell_tall(row)
        self._sheet.row_dimensions[line].height = min(height, look.TALLEST)
        self._sheet.append(self._row(row, line, texts))
        # Written: a sheet of a million rows must not keep what it knows of each.
        del self._sheet.row_dimensions[line]

    def _row(self, row: Row, line: int, texts: dict[int, str]) -> Iterator[Any]:
        cells, headings = self._cells, self._headings
        label, *letters = self._letters
        yield cells.text(row.label, _LABEL, At(f"{label}{line}", row.label, ""))
        first = len(row.attributes)
        for value, letter, heading in zip(row.attributes, letters, headings[1:], strict=False):
            yield cells.value(value, _PLAIN, At(f"{letter}{line}", row.label, heading.below))
        for position, letter in enumerate(letters[first:]):
            text = texts.get(position)
            if text is None:
                yield None
            else:
                heading = headings[1 + first + position]
                yield cells.text(text, _PLAIN, At(f"{letter}{line}", row.label, heading.below))

    def _tell_tall(self, row: Row) -> None:
        self.findings.add(
            Finding(
                "TALL-ROWS",
                "note",
                "A row holds more than a spreadsheet can show at once; the cells hold all of it.",
                where=row.label,
                hint="Read long cells in the formula bar, or make their columns wider.",
            )
        )


_PLAIN = Style()
_LABEL = Style(bold=True)
_GREY = "E8E8E8"


def _headings(matrix: Matrix) -> list[_Heading]:
    headings = [_Heading("", ROW_HEADINGS[matrix.row_kind], _GREY, _GREY)]
    for number, attribute in enumerate(matrix.attributes):
        over = (ATTRIBUTES_HEADING, len(matrix.attributes)) if number == 0 else ("", 0)
        headings.append(_Heading(over[0], attribute.name, _GREY, _GREY, over[1]))
    neutral = cycle(look.NEUTRAL)
    for _, columns in groupby(matrix.columns, lambda column: column.theme_guid):
        headings += _theme_headings(list(columns), next(neutral))
    return headings


def _theme_headings(columns: list[Column], neutral: str) -> Iterator[_Heading]:
    """Give the headings of one theme. A code that stands alone on the first level has no theme over it."""
    theme = columns[0]
    over = look.fill(theme.theme_color) or neutral
    alone = len(columns) == 1 and len(theme.path) == 1
    for number, column in enumerate(columns):
        fill = look.fill(column.color) or look.paler(over)
        above = theme.theme if number == 0 and not alone else ""
        yield _Heading(above, column.heading, over, fill, len(columns) if number == 0 else 0)
