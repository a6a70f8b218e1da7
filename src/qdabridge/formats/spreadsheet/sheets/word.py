"""Word documents (.docx) as plain rows: each table is a sheet, and the paragraphs outside tables are lines.

It knows python-docx. Source: ECMA-376 part 1, section 17.4 (tables).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qdabridge.archives import ZIP_FAULTS, refuse_bomb
from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.sheets import Cell, Row, Sheet, TableFile, trimmed
from qdabridge.limits import Limits

_WIDEST = 10_000
"""Columns that one cell may reach over; Word itself has 63 at most, and a stranger's file may say any number."""


def read(path: Path, limits: Limits) -> TableFile:
    """Read the tables and the paragraphs of a document.

    Raises:
        CannotRead: it is damaged.
        TooLarge: it is beyond the limits.
    """
    from docx import Document
    from docx.opc.exceptions import OpcError
    from docx.oxml.exceptions import XmlchemyError
    from lxml.etree import LxmlError

    refuse_bomb(path, limits)
    try:
        with path.open("rb") as stream:
            document = Document(stream)
        names = {style.style_id: style.name or "" for style in document.styles}
        sheets = [Sheet(f"table {number}", _rows(table)) for number, table in enumerate(document.tables, 1)]
        paragraphs = document.paragraphs
        lines = [paragraph.text for paragraph in paragraphs]
        styles = [names.get(paragraph._p.style or "", "") for paragraph in paragraphs]
    except (
        OpcError,
        XmlchemyError,
        LxmlError,
        *ZIP_FAULTS,
        LookupError,
        AttributeError,
        TypeError,
        ArithmeticError,
        RuntimeError,
    ) as error:
        raise CannotRead(
            "The document is damaged and cannot be read.",
            where=str(path),
            todo="Open it in Word or LibreOffice, let it be repaired, and save it again.",
        ) from error
    return TableFile(path, "document", sheets, lines, styles)


def _rows(table: Any) -> list[Row]:
    rows = [trimmed(_cells(row)) for row in table._tbl.tr_lst]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cells(row: Any) -> list[Cell]:
    """Return the cells of a row, each at its column: one that reaches over several stands at its first."""
    cells: list[Cell] = [None] * min(int(row.grid_before), _WIDEST)
    for cell in row.tc_lst:
        continues = cell.vMerge == "continue"
        cells.append(None if continues else "\n".join(_text(paragraph) for paragraph in cell.p_lst))
        cells.extend([None] * (min(cell.grid_span, _WIDEST) - 1))
    return cells


def _text(paragraph: Any) -> str:
    return str(paragraph.text)
