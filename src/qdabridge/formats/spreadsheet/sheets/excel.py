"""Excel workbooks (.xlsx, .xlsm) as plain rows.

How one is opened without harm is known in ``saved_workbooks``. Formulas give the values they had when the workbook was
saved. Sources: ECMA-376 part 1, section 18.3 (worksheets); what openpyxl does not give in its streaming mode (merged
cells, protection) is looked up in the XML itself.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from msgspec import Struct

from qdabridge.archives import open_archive
from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet import saved_workbooks
from qdabridge.formats.spreadsheet.cell_text import LIMIT
from qdabridge.formats.spreadsheet.sheets import Cell, Row, Sheet, TableFile, letters, said_of_merged, trimmed
from qdabridge.formats.spreadsheet.sheets.continued import with_whole_texts
from qdabridge.limits import Limits

_PIECE = 1 << 20
_TAIL = 4_096
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_PROTECTED = re.compile(rb"<(?:\w+:)?sheetProtection[\s/>]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ZEROS = re.compile("0{2,}")
# How our own workbooks show the time zone of a moment, which is no part of what a workbook holds.
_ZONE = re.compile(r'" ?(Z|[+-][0-9]{2}:[0-9]{2})"$')


class _Facts(Struct):
    """What the XML of a sheet says that its cells do not."""

    merged: tuple[tuple[int, int, int, int], ...] = ()
    is_protected: bool = False
    has_formulas: bool = False


def read(path: Path, limits: Limits) -> TableFile:
    """Read the rows of all sheets, the hidden ones last.

    Raises:
        CannotRead: it is no workbook that can be read, or encrypted or damaged.
        TooLarge: it is beyond the limits.
    """
    saved_workbooks.refuse_what_cannot_be_read(path, limits)
    found = Findings()
    with saved_workbooks.opened(path, values=True) as book, open_archive(path, limits) as archive:
        _say_what_it_is(archive, found)
        worksheets = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
        if not worksheets:
            raise saved_workbooks.damaged(path)
        facts = {sheet.title: _facts(archive, _part_of(sheet)) for sheet in worksheets}
        sheets = [_sheet(each, facts[each.title], path, found) for each in worksheets]
    with_formulas = [sheet for sheet in sheets if facts[sheet.name].has_formulas]
    if with_formulas:
        _say_of_formulas(path, with_formulas, found)
    return TableFile(path, "workbook", with_whole_texts(sheets), found=found.all())


def _say_what_it_is(archive: ZipFile, found: Findings) -> None:
    if any(name.endswith("vbaProject.bin") for name in archive.namelist()):
        found.add(Finding("TABLE-MACROS", "note", "The workbook has macros; they were not run."))


def _part_of(sheet: Any) -> str:
    return str(sheet._worksheet_path).lstrip("/")


def _facts(archive: ZipFile, part: str) -> _Facts:
    """Look through the XML of a sheet for what openpyxl does not tell of it when it streams."""
    merged: dict[tuple[int, int, int, int], None] = {}
    facts = _Facts()
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            xml = rest + piece
            facts.is_protected = facts.is_protected or _PROTECTED.search(xml) is not None
            facts.has_formulas = facts.has_formulas or _FORMULA.search(xml) is not None
            for left, top, right, bottom in _MERGED.findall(xml):
                merged[int(top) - 1, _number(left), int(bottom) - 1, _number(right)] = None
            rest = xml[-_TAIL:]
    facts.merged = tuple(merged)
    return facts


def _number(column: bytes) -> int:
    """Return the number, from 0, of a column given by its letters."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number - 1


def _sheet(sheet: Any, facts: _Facts, path: Path, found: Findings) -> Sheet:
    rows: list[Row] = []
    for number, cells in saved_workbooks.rows_of(sheet, path):
        row = trimmed(_value(cell) for cell in cells)
        rows.append(row)
        for column, cell in enumerate(cells):
            if cell.data_type == "e" and cell.value is not None:
                _say_of_error(f"{sheet.title}!{letters(column)}{number}", found)
            elif isinstance(cell.value, str) and len(cell.value) >= LIMIT:
                _say_of_full(f"{sheet.title}!{letters(column)}{number}", found)
    while rows and not rows[-1]:
        rows.pop()
    if facts.is_protected:
        found.add(
            Finding("TABLE-PROTECTED", "note", "The sheet is protected from changes; it was read all the same.",
                    sheet.title)
        )  # fmt: skip
    if facts.merged:
        found.add(said_of_merged(sheet.title))
    return Sheet(sheet.title, rows, facts.merged)


def _value(cell: Any) -> Cell:
    value = cell.value
    if value is None or isinstance(value, bool):
        return value
    if cell.data_type == "e":
        return None
    if isinstance(value, str):
        return saved_workbooks.text_of(value)
    if isinstance(value, int | float):
        shown = cell.number_format or ""
        if _ZEROS.fullmatch(shown) and float(value).is_integer():
            # A number that is shown with zeros before it is a name, such as that of participant 007.
            return f"{int(value):0{len(shown)}d}"
        return value
    if isinstance(value, datetime) and (zone := _ZONE.search(cell.number_format or "")) is not None:
        return datetime.fromisoformat(value.isoformat() + zone[1])
    return value if hasattr(value, "isoformat") else saved_workbooks.text_of(value)


def _say_of_error(where: str, found: Findings) -> None:
    found.add(
        Finding(
            "TABLE-CELL-ERROR",
            "warning",
            "A cell holds an error of the spreadsheet program and was taken as empty.",
            where,
            "Mend its formula, save the workbook, and read it again.",
        )
    )


def _say_of_full(where: str, found: Findings) -> None:
    found.add(
        Finding(
            "TABLE-CELL-FULL",
            "warning",
            "A cell is filled to the last character that Excel allows, so its text was probably cut off.",
            where,
            "Compare its end with the program that the table is from.",
        )
    )


def _say_of_formulas(path: Path, sheets: list[Sheet], found: Findings) -> None:
    """Say where formulas have no result, which is so where no spreadsheet program saved the workbook."""
    with saved_workbooks.opened(path) as book:
        for sheet in sheets:
            for number, cells in saved_workbooks.rows_of(book[sheet.name], path):
                for column, cell in enumerate(cells):
                    if cell.data_type == "f" and sheet.at(number - 1, column) is None:
                        found.add(
                            Finding(
                                "TABLE-FORMULA-EMPTY",
                                "warning",
                                "A cell holds a formula without a result and was taken as empty.",
                                sheet.place(number - 1, column),
                                "Open the workbook in Excel or LibreOffice, save it, and read it again.",
                            )
                        )
