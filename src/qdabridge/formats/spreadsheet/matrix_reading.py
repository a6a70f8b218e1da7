"""What people left in a framework workbook: from an Excel file to texts at rows and columns.

Ours or not, saved by Excel or LibreOffice: a sheet is known by the ids it hides, and otherwise by its headings. A
stranger's workbook is looked at before it is opened (``saved_workbooks``). Which cell is whose is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from qdabridge.formats.spreadsheet import hidden_ids
from qdabridge.formats.spreadsheet.cells import CONTINUED_SHEET
from qdabridge.formats.spreadsheet.saved_workbooks import (
    damaged,
    opened,
    refuse_what_cannot_be_read,
    rows_of,
    text_of,
)
from qdabridge.limits import DEFAULT, Limits
from qdabridge.matrix.placing import Position, Sheet, above_the_line

_MARK_DEPTH = 20

_CONTINUES = re.compile(rf"\n… .*{CONTINUED_SHEET}.*\Z")
_ADDRESS = re.compile(r"#?(?:'[^'\n]+'|\w+)!\$?[A-Z]{1,3}\$?[0-9]+")


class Written(NamedTuple):
    """A workbook as people left it: the sheets that may hold a matrix, and what its hidden sheet says."""

    sheets: list[Sheet]
    hidden: hidden_ids.HiddenSheet | None


def read_sheets(path: Path, limits: Limits = DEFAULT) -> Written:
    """Read the sheets of a workbook that may hold a framework matrix.

    Where sheets have our ids, those; in a workbook of ours without them, the sheets that had them by name; else all.

    Raises:
        CannotRead: it is no workbook, or encrypted, damaged or too large.
    """
    refuse_what_cannot_be_read(path, limits)
    with opened(path) as book:
        sheets = list(book.worksheets)
        if not sheets:
            raise damaged(path)
        said = _hidden_in(sheets, path)
        others = [each for each in sheets if each.title != hidden_ids.HIDDEN_SHEET]
        marked = {each.title: mark for each in others if (mark := _mark_on(each)) is not None}
        if marked:
            others = [each for each in others if each.title in marked]
        elif said is not None:
            others = [each for each in others if each.title in said.sheets]
        read = [_sheet(each, marked.get(each.title), path) for each in others]
    formulas = {sheet.name for sheet, found in read if found}
    if formulas:
        _fill_in_formulas(path, read)
    return Written([sheet for sheet, _ in read], said)


def read_hidden(path: Path, limits: Limits = DEFAULT) -> hidden_ids.HiddenSheet | None:
    """Read only the hidden sheet of a workbook; ``None`` where there is none.

    Raises:
        CannotRead: it is no workbook, or encrypted, damaged or too large.
    """
    refuse_what_cannot_be_read(path, limits)
    with opened(path) as book:
        return _hidden_in(book.worksheets, path)


def _hidden_in(sheets: Iterable[Any], path: Path) -> hidden_ids.HiddenSheet | None:
    hidden = next((each for each in sheets if each.title == hidden_ids.HIDDEN_SHEET), None)
    return hidden_ids.hidden_sheet(_plain_rows(hidden, path)) if hidden is not None else None


def _plain_rows(sheet: Any, path: Path) -> Iterator[list[str]]:
    for _, cells in rows_of(sheet, path):
        yield [text_of(cell.value) for cell in cells]


def _mark_on(sheet: Any) -> Position | None:
    """Return where the ids of rows and columns meet, if they are there."""
    for row, cells in rows_of(sheet, last=_MARK_DEPTH):
        for column, cell in enumerate(cells, 1):
            if cell.value == hidden_ids.MARK:
                return row, column
    return None


def _sheet(sheet: Any, mark: Position | None, path: Path) -> tuple[Sheet, list[Position]]:
    """Return a sheet, and where it has formulas."""
    found = Sheet(sheet.title, mark=mark, id_heading=hidden_ids.ID_HEADING, no_code=hidden_ids.NO_CODE)
    formulas: list[Position] = []
    for row, cells in rows_of(sheet, path):
        for column, cell in enumerate(cells, 1):
            value = cell.value
            if value is None or value == "":
                continue
            at = row, column
            if cell.data_type == "f":
                formulas.append(at)
                continue
            text = text_of(value)
            if cell.data_type == "e":
                found.unreadable[at] = "The cell holds an error of the spreadsheet."
            elif _ADDRESS.fullmatch(text.strip()):
                found.unreadable[at] = "It is only where a link leads, which some programs put into empty cells."
            elif _CONTINUES.search(above_the_line(text)):
                found.unreadable[at] = "Its summary is longer than a cell; what the study says stays."
            if text.strip():
                found.cells[at] = text
    return found, formulas


def _fill_in_formulas(path: Path, read: list[tuple[Sheet, list[Position]]]) -> None:
    """Put the values in the place of formulas, as the program that saved the workbook computed them."""
    with opened(path, values=True) as book:
        for sheet, formulas in read:
            wanted = set(formulas)
            for row, cells in rows_of(book[sheet.name], path) if wanted else ():
                for column, cell in enumerate(cells, 1):
                    if (row, column) not in wanted:
                        continue
                    if cell.value is None or cell.data_type == "e":
                        sheet.unreadable[row, column] = "The cell holds a formula without a result."
                    elif (text := text_of(cell.value)).strip():
                        sheet.cells[row, column] = text
