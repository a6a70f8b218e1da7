"""Workbooks that people and strangers saved, opened without harm: looked at first, then read cell by cell as text.

Formulas are never computed, macros never run. It knows openpyxl, and nothing of what workbooks are for.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from qdabridge.archives import ZIP_FAULTS, open_archive, refuse_bomb
from qdabridge.errors import BadRequest, CannotRead, TooLarge
from qdabridge.formats.spreadsheet.cell_text import presentable
from qdabridge.limits import Limits
from qdabridge.safety import readable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_EXCEL = ("xl/workbook.xml", "xl/workbook2.xml")
_MOST_CELLS = 20_000_000

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
FAULTS = (
    *ZIP_FAULTS,
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, RuntimeError),
    *(SyntaxError, EOFError, OSError),
)
"""What openpyxl and the parsers below it raise on workbooks that are damaged."""


def refuse_what_cannot_be_read(path: Path, limits: Limits) -> None:
    """See that a file is a workbook that can be opened without harm.

    Raises:
        CannotRead: it is no workbook, or encrypted, damaged or too large.
    """
    _refuse_what_is_no_workbook(path)
    refuse_bomb(path, limits)
    _refuse_other_zips(path, limits)


@contextmanager
def opened(path: Path, *, values: bool = False) -> Iterator[Any]:
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
    except (InvalidFileException, *FAULTS) as error:
        raise damaged(path) from error
    finally:
        if book is not None:
            book.close()


def damaged(path: Path) -> CannotRead:
    """Return the error for a workbook that is damaged."""
    return CannotRead(
        "The workbook is damaged and cannot be read.",
        where=str(path),
        todo="Open it in Excel or LibreOffice, let it be repaired, and save it again.",
    )


def rows_of(sheet: Any, path: Path | None = None, last: int | None = None) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Give the rows of a sheet that openpyxl opened, with their numbers from 1, up to the last that is wanted.

    Raises:
        TooLarge: it has more cells than anybody fills.
    """
    # What a sheet says of its own size may be wrong, and is believed nowhere.
    sheet.reset_dimensions()
    seen = 0
    for number, cells in enumerate(sheet.iter_rows(max_row=last), 1):
        seen += len(cells)
        if seen > _MOST_CELLS:
            raise TooLarge(
                f"A sheet has more than {_MOST_CELLS:,} cells, which nobody fills.",
                where=f"{path}: {sheet.title}",
                todo="Delete empty rows and columns behind what is written, or copy that into a new workbook.",
            )
        yield number, cells


def text_of(value: Any) -> str:
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
        raise CannotRead("This is no Excel workbook.", where=str(path), todo="Save it as .xlsx.")


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


def _unescaped(found: re.Match[str]) -> str:
    """Return the character that a workbook writes as ``_x000D_``; halves of a surrogate pair stay as they are."""
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)
