"""OpenDocument spreadsheets (.ods) as plain rows.

It knows odfdo, which comes with the extra ``ods``. Source: OpenDocument 1.3 part 3, section 9.1 (rows and cells that
are repeated are written once: what is repeated and empty is never unfolded).
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from qdabridge.archives import ZIP_FAULTS, open_archive, refuse_bomb
from qdabridge.errors import BadRequest, CannotRead, TooLarge
from qdabridge.formats.spreadsheet.sheets import Cell, Row, Sheet, TableFile, said_of_merged, trimmed
from qdabridge.limits import Limits

_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_MOST_CELLS = 20_000_000
_MOST_COLUMNS = 16_384
_COVERED = "table:covered-table-cell"


def read(path: Path, limits: Limits) -> TableFile:
    """Read the rows of all sheets.

    Raises:
        BadRequest: odfdo is not installed.
        CannotRead: it is no spreadsheet, or encrypted or damaged.
        TooLarge: it is beyond the limits.
    """
    refuse_bomb(path, limits)
    try:
        from odfdo import Document
    except ImportError:
        raise BadRequest(
            "OpenDocument spreadsheets need the package odfdo, which is not installed.",
            where=str(path),
            todo="Install it with: pip install 'qdabridge[ods]'; or save the table as .xlsx.",
        ) from None
    from lxml.etree import LxmlError

    try:
        document = Document(path)
        if _is_encrypted(path, limits):
            raise CannotRead(
                "The spreadsheet is encrypted with a password.",
                where=str(path),
                todo="Open it in LibreOffice and save a copy without the password.",
            )
        if not document.mimetype.startswith(_KIND):
            raise CannotRead(
                "This is an OpenDocument file, and no spreadsheet.", where=str(path), todo="Save the table as .ods."
            )
        sheets = [_sheet(table, path) for table in document.body.tables]
    except CannotRead:
        raise
    except (
        LxmlError,
        *ZIP_FAULTS,
        LookupError,
        AttributeError,
        TypeError,
        ArithmeticError,
        RuntimeError,
        OSError,
    ) as error:
        raise CannotRead(
            "The spreadsheet is damaged and cannot be read.",
            where=str(path),
            todo="Open it in LibreOffice, let it be repaired, and save it again.",
        ) from error
    found = [said_of_merged(sheet.name) for sheet in sheets if sheet.merged]
    return TableFile(path, "workbook", sheets, found=found)


def _is_encrypted(path: Path, limits: Limits) -> bool:
    with open_archive(path, limits) as archive:
        return b"encryption-data" in archive.read("META-INF/manifest.xml")


def _sheet(table: Any, path: Path) -> Sheet:
    rows: list[Row] = []
    merged: list[tuple[int, int, int, int]] = []
    where = f"{path}: {table.name}"
    seen, empty = 0, 0
    for row in table.get_elements("descendant::table:table-row"):
        times = row.repeated or 1
        cells, spans = _cells(row, where)
        if not cells:
            # Said only once something follows: a sheet ends in a million empty rows.
            empty += times
            continue
        seen += empty + times * len(cells)
        if seen > _MOST_CELLS:
            raise TooLarge(
                f"A sheet has more than {_MOST_CELLS:,} cells, which nobody fills.",
                where=where,
                todo="Copy what is written into a new spreadsheet.",
            )
        rows += [()] * empty
        merged += [(len(rows), column, len(rows) + down - 1, column + across - 1) for column, down, across in spans]
        rows += [cells] * times
        empty = 0
    return Sheet(table.name or "", rows, tuple(merged))


def _cells(row: Any, where: str) -> tuple[Row, list[tuple[int, int, int]]]:
    """Return the cells of a row; and of those that reach over others, the column, and how many rows and columns."""
    cells: list[Cell] = []
    spans: list[tuple[int, int, int]] = []
    empty = 0
    for cell in row.get_elements("table:table-cell|table:covered-table-cell"):
        times = cell.repeated or 1
        value = None if cell.tag == _COVERED else _value(cell)
        if value is None or value == "":
            empty += times
            continue
        if len(cells) + empty + times > _MOST_COLUMNS:
            raise TooLarge(
                f"A row has more than {_MOST_COLUMNS:,} columns.",
                where=where,
                todo="Copy what is written into a new spreadsheet.",
            )
        cells += [None] * empty
        down, across = _span(cell, "rows"), _span(cell, "columns")
        if max(down, across) > 1:
            spans.append((len(cells), down, across))
        cells += [value] * times
        empty = 0
    return trimmed(cells), spans


def _span(cell: Any, of: str) -> int:
    written = cell.get_attribute(f"table:number-{of}-spanned")
    return int(written) if written else 1


def _value(cell: Any) -> Cell:
    value = cell.value
    if cell.type == "string" or (value is not None and isinstance(value, str)):
        # Each paragraph of a cell is a line.
        lines = [str(paragraph.inner_text) for paragraph in cell.get_elements("text:p")]
        return "\n".join(lines) if lines else str(value or "")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value) if isinstance(value, timedelta) else value
