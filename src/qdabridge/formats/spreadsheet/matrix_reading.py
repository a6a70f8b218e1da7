"""What people left in a framework workbook: from an Excel file to texts at rows and columns.

Ours or not, saved by Excel or LibreOffice: a sheet is known by the ids it hides, and otherwise by its headings. A
stranger's workbook is looked at before it is opened; formulas are never computed, macros never run. It knows openpyxl;
which cell is whose it does not know.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

from qdabridge.archives import open_archive, refuse_bomb
from qdabridge.errors import BadRequest, CannotRead, TooLarge
from qdabridge.formats.spreadsheet import hidden_ids
from qdabridge.formats.spreadsheet.cell_text import presentable
from qdabridge.formats.spreadsheet.cells import CONTINUED_SHEET
from qdabridge.limits import DEFAULT, Limits
from qdabridge.matrix.placing import Position, Sheet, above_the_line
from qdabridge.safety import readable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_EXCEL = ("xl/workbook.xml", "xl/workbook2.xml")
_MOST_CELLS = 20_000_000
_MARK_DEPTH = 20

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_CONTINUES = re.compile(rf"\n… .*{CONTINUED_SHEET}.*\Z")
_ADDRESS = re.compile(r"#?(?:'[^'\n]+'|\w+)!\$?[A-Z]{1,3}\$?[0-9]+")
# What openpyxl and the parsers below it raise on workbooks that are damaged.
_FAULTS = (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, EOFError, OSError)


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
    _refuse_what_cannot_be_read(path, limits)
    with _opened(path) as book:
        sheets = list(book.worksheets)
        if not sheets:
            raise _damaged(path)
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
    _refuse_what_cannot_be_read(path, limits)
    with _opened(path) as book:
        return _hidden_in(book.worksheets, path)


# --- before it is opened ---------------------------------------------------------------------------------------------


def _refuse_what_cannot_be_read(path: Path, limits: Limits) -> None:
    _refuse_what_is_no_workbook(path)
    refuse_bomb(path, limits)
    _refuse_other_zips(path, limits)


def _refuse_what_is_no_workbook(path: Path) -> None:
    with readable(path).open("rb") as stream:
        head = stream.read(len(_OLE))
        if head == _OLE:
            # The directory that names the parts stands anywhere, in real files near one of the ends.
            rest = stream.read(1 << 20)
            stream.seek(max(0, path.stat().st_size - (1 << 20)))
            if _ENCRYPTED in rest + stream.read():
                raise CannotRead(
                    "The workbook is encrypted with a password.",
                    where=str(path),
                    todo="Open it in Excel and save a copy without the password.",
                )
            raise CannotRead(
                "This is a workbook in the old format of Excel 97–2003.",
                where=str(path),
                todo="Open it in Excel and save it as .xlsx.",
            )
    if not head.startswith(_ZIP):
        raise CannotRead("This is no Excel workbook.", where=str(path), todo="Save the matrix as .xlsx.")


def _refuse_other_zips(path: Path, limits: Limits) -> None:
    with open_archive(path, limits) as archive:
        names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        kind = "a binary workbook (.xlsb)"
    elif "mimetype" in names and "content.xml" in names:
        kind = "an OpenDocument file"
    elif not names & {"[Content_Types].xml", *_EXCEL}:
        kind = "a zip archive without a workbook in it"
    else:
        return
    raise CannotRead(
        f"This is {kind}, not an .xlsx workbook.",
        where=str(path),
        todo="Open it in Excel or LibreOffice and save it as .xlsx.",
    )


# --- sheets ----------------------------------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path, *, values: bool = False) -> Iterator[Any]:
    """Open a workbook; ``values`` instead of the formulas that gave them.

    Raises:
        CannotRead: it is damaged.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    book = None
    try:
        with warnings.catch_warnings():
            # It warns of what it leaves out, such as drop-down lists, which are nothing to us.
            warnings.simplefilter("ignore")
            # A stream, because it refuses names that do not end as it expects.
            with path.open("rb") as stream:
                book = load_workbook(stream, read_only=True, data_only=values, keep_vba=False, keep_links=False)
                yield book
    except (CannotRead, BadRequest):
        raise
    except (InvalidFileException, *_FAULTS) as error:
        raise _damaged(path) from error
    finally:
        if book is not None:
            book.close()


def _damaged(path: Path) -> CannotRead:
    return CannotRead(
        "The workbook is damaged and cannot be read.",
        where=str(path),
        todo="Open it in Excel or LibreOffice, let it be repaired, and save it again.",
    )


def _rows(sheet: Any, path: Path | None = None, last: int | None = None) -> Iterator[tuple[int, tuple[Any, ...]]]:
    # What a sheet says of its own size may be wrong, and is believed nowhere.
    sheet.reset_dimensions()
    seen = 0
    for number, cells in enumerate(sheet.iter_rows(max_row=last), 1):
        seen += len(cells)
        if seen > _MOST_CELLS:
            raise TooLarge(
                f"A sheet has more than {_MOST_CELLS:,} cells, which no matrix needs.",
                where=f"{path}: {sheet.title}",
                todo="Delete empty rows and columns behind the matrix, or copy the matrix into a new workbook.",
            )
        yield number, cells


def _hidden_in(sheets: Iterable[Any], path: Path) -> hidden_ids.HiddenSheet | None:
    hidden = next((each for each in sheets if each.title == hidden_ids.HIDDEN_SHEET), None)
    return hidden_ids.hidden_sheet(_plain_rows(hidden, path)) if hidden is not None else None


def _plain_rows(sheet: Any, path: Path) -> Iterator[list[str]]:
    for _, cells in _rows(sheet, path):
        yield [_text(cell.value) for cell in cells]


def _mark_on(sheet: Any) -> Position | None:
    """Return where the ids of rows and columns meet, if they are there."""
    for row, cells in _rows(sheet, last=_MARK_DEPTH):
        for column, cell in enumerate(cells, 1):
            if cell.value == hidden_ids.MARK:
                return row, column
    return None


def _sheet(sheet: Any, mark: Position | None, path: Path) -> tuple[Sheet, list[Position]]:
    """Return a sheet, and where it has formulas."""
    found = Sheet(sheet.title, mark=mark, id_heading=hidden_ids.ID_HEADING, no_code=hidden_ids.NO_CODE)
    formulas: list[Position] = []
    for row, cells in _rows(sheet, path):
        for column, cell in enumerate(cells, 1):
            value = cell.value
            if value is None or value == "":
                continue
            at = row, column
            if cell.data_type == "f":
                formulas.append(at)
                continue
            text = _text(value)
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
    with _opened(path, values=True) as book:
        for sheet, formulas in read:
            wanted = set(formulas)
            for row, cells in _rows(book[sheet.name], path) if wanted else ():
                for column, cell in enumerate(cells, 1):
                    if (row, column) not in wanted:
                        continue
                    if cell.value is None or cell.data_type == "e":
                        sheet.unreadable[row, column] = "The cell holds a formula without a result."
                    elif (text := _text(cell.value)).strip():
                        sheet.cells[row, column] = text


def _text(value: Any) -> str:
    """Return what a cell holds as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # Line ends are one character, as everywhere in a workbook that Excel saved.
    return presentable(_ESCAPED.sub(_unescaped, str(value)))[0]


def _unescaped(found: re.Match[str]) -> str:
    """Return the character that a workbook writes as ``_x000D_``; halves of a surrogate pair stay as they are."""
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)
