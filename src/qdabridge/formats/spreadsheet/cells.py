"""Cells of a write-only sheet that hold exactly what they are given: text stays text, numbers numbers, dates dates.

What a cell cannot hold is said, and kept on a sheet of its own. This module knows openpyxl, and nothing of matrices.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet import cell_text, look
from qdabridge.study.values import Value

CONTINUED_SHEET = "Continued"
CONTINUED_HEADINGS = ("Row", "Column", "Part", "Text")
_CONTINUED_WIDTHS = (24.0, 36.0, 10.0, 110.0)

_MOST_LINKS = 65_000  # A sheet with more than 65,530 is repaired by Excel.
_EXACT_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)  # Excel believes in 29 February 1900.
_LONGEST_NAME = 255
_A4 = 9
_FONT = "Calibri"
_LINES = Side(style="thin", color="BFBFBF")


class Style(NamedTuple):
    """What makes one cell look other than another; ``color`` is the fill, ``RRGGBB``, ``spanning`` is over several."""

    bold: bool = False
    color: str = ""
    spanning: bool = False
    number_format: str = "General"
    right_to_left: bool = False
    prefixed: bool = False


class At(NamedTuple):
    """Where a cell is: its address in the sheet, and its row and column in words."""

    address: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.row}, {self.column}" if self.row and self.column else self.row or self.column


class Cells:
    """Makes the cells of one sheet. A cell is good until the next one is asked for: write it at once."""

    def __init__(self, sheet: Any, findings: Findings) -> None:
        self._sheet = sheet
        self._findings = findings
        self._templates: dict[Style, Any] = {}
        self._continued: list[tuple[At, list[str]]] = []
        self._next_row = 2
        self._links = 0

    def value(self, value: Value | None, style: Style, at: At) -> Any:
        """Return a cell for a value of any type; ``None`` for none."""
        if value is None or isinstance(value, str):
            return self.text(value, style, at) if value else None
        if isinstance(value, bool):
            # Excel shows the words whatever the format; LibreOffice would show 1 and 0.
            return self._cell(value, style._replace(number_format='"TRUE";"TRUE";"FALSE"'))
        if isinstance(value, int | Decimal):
            # A spreadsheet computes with 15 digits and would quietly drop the rest.
            exact = (
                len(Decimal(value).normalize().as_tuple().digits) <= _EXACT_DIGITS and abs(value) < 10**_EXACT_DIGITS
            )
            return self._cell(value, style) if exact else self.text(str(value), style, at)
        return self._day_or_moment(value, style, at)

    def text(self, text: str, style: Style, at: At) -> Any:
        """Return a cell for a text, whatever it begins with and however long it is."""
        shown, signs = cell_text.presentable(text)
        if signs:
            self._tell_signs(at, signs)
        if not cell_text.fits(shown):
            row = self._continue(shown, at)
            # Said in words and not by a link: LibreOffice shows linked text on one line, which nobody could read.
            shown = cell_text.beginning(shown, f"\n\n… continues on sheet ‘{CONTINUED_SHEET}’, row {row}")
        return self._said(shown, style)

    def write_continued(self, book: Workbook) -> None:
        """Add the sheet with all of each text that its cell does not hold, if there is any; each links to its cell."""
        if not self._continued:
            return
        sheet = book.create_sheet(CONTINUED_SHEET)
        for letter, width in zip("ABCD", _CONTINUED_WIDTHS, strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.freeze_panes = "A2"
        set_up_page(sheet, pages_across=1, heading_rows="1:1")
        cells = Cells(sheet, self._findings)
        heading = Style(bold=True, color="E8E8E8")
        sheet.append(cells._said(text, heading) for text in CONTINUED_HEADINGS)
        line = 1
        for at, pieces in self._continued:
            for number, piece in enumerate(pieces, 1):
                line += 1
                texts = _short(at.row or at.address), _short(at.column), f"{number} of {len(pieces)}", piece
                height = look.height(zip(texts, _CONTINUED_WIDTHS, strict=True))
                sheet.row_dimensions[line].height = min(height, look.TALLEST)
                sheet.append(self._continued_row(cells, texts, f"'{self._sheet.title}'!{at.address}"))

    def _continued_row(self, cells: Cells, texts: tuple[str, ...], link: str) -> Iterator[Any]:
        row, *others = texts
        yield cells._said(row, Style(), link)
        for text in others:
            yield cells._said(text, Style())

    def _continue(self, text: str, at: At) -> int:
        """Keep a text for the other sheet; return the row in which it will begin."""
        pieces = cell_text.pieces(text)
        self._continued.append((at, pieces))
        row = self._next_row
        self._next_row += len(pieces)
        self._findings.add(
            Finding(
                "CELL-CONTINUED",
                "note",
                f"A cell holds at most {cell_text.LIMIT:,} characters; longer ones stand in full on the sheet "
                f"“{CONTINUED_SHEET}”, and the cell says in which row.",
                where=str(at),
            )
        )
        return row

    def _tell_signs(self, at: At, count: int) -> None:
        self._findings.add(
            Finding(
                "CONTROL-CHARACTERS",
                "warning",
                "Control characters, which a workbook cannot hold, are shown by signs such as ␇ or �.",
                where=str(at),
                kind="loss",
                count=count,
            )
        )

    def _day_or_moment(self, value: date | datetime, style: Style, at: At) -> Any:
        moment = value if isinstance(value, datetime) else None
        day = moment.date() if moment is not None else value
        if day < _FIRST_DAY:
            return self.text(value.isoformat(), style, at)
        if moment is None:
            return self._cell(value, style._replace(number_format="yyyy-mm-dd"))
        shown = "yyyy-mm-dd hh:mm:ss.000" if moment.microsecond else "yyyy-mm-dd hh:mm:ss"
        if (offset := moment.utcoffset()) is not None:
            # A workbook knows no time zones: the clock stays as it was, and the zone is part of how it is shown.
            zone = moment.strftime("%z") if offset else "Z"
            shown += f'" {zone[:3]}:{zone[3:]}"' if offset else f'"{zone}"'
        return self._cell(moment.replace(tzinfo=None), style._replace(number_format=shown))

    def _said(self, shown: str, style: Style, link: str = "") -> Any:
        """Return a cell for a text that fits."""
        prefixed, right_to_left = cell_text.looks_like_formula(shown), cell_text.is_right_to_left(shown)
        if prefixed or right_to_left:
            style = style._replace(prefixed=prefixed, right_to_left=right_to_left)
        cell = self._cell(cell_text.escaped(shown), style)
        # A text such as “=A1” or “#N/A” is no formula and no error.
        cell.data_type = "s"
        if link and self._links < _MOST_LINKS:
            self._links += 1
            return _linked(cell, link)
        return cell

    def _cell(self, value: Value, style: Style) -> Any:
        """Return the one cell of that style, with a value: styles are dear, so each is made once."""
        cell = self._templates.get(style)
        if cell is None:
            cell = self._templates[style] = _styled(self._sheet, style)
        cell.value = value
        return cell


def set_up_page(sheet: Any, *, pages_across: int, heading_rows: str) -> None:
    """Prepare a sheet for paper: landscape, so many pages side by side, headings on each page, pages numbered."""
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = pages_across
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.7, header=0.3, footer=0.3)
    sheet.print_title_rows = heading_rows
    sheet.HeaderFooter.oddFooter.center.text = "&P / &N"


def _styled(sheet: Any, style: Style) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.font = Font(name=_FONT, size=10, bold=style.bold, color=look.ink(style.color) if style.color else None)
    cell.alignment = Alignment(
        # A heading over several columns begins where people look first, whatever its script.
        horizontal="left" if style.spanning else "right" if style.right_to_left else None,
        vertical="top",
        wrap_text=True,
        readingOrder=2 if style.right_to_left else 0,
    )
    if style.color:
        cell.fill = PatternFill("solid", start_color=style.color)
        cell.border = Border(left=_LINES, right=_LINES, top=_LINES, bottom=_LINES)
    cell.number_format = style.number_format
    cell.quotePrefix = style.prefixed
    return cell


def _linked(cell: Any, place: str) -> Any:
    """Return a cell like this that leads to a place in the workbook."""
    linked = copy(cell)
    linked.hyperlink = Hyperlink(ref="", location=place)
    return linked


def _short(text: str) -> str:
    shown = cell_text.presentable(text)[0]
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[:_LONGEST_NAME]}…"
