"""The quotes behind a matrix: a row for each coded reference, with all that is known of it, to be filtered and sorted.

Where there are more than a sheet holds, they go on on the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby, islice
from typing import TypeAlias

from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet import look, table
from qdabridge.formats.spreadsheet.cells import At
from qdabridge.formats.spreadsheet.package import quoted_name
from qdabridge.formats.spreadsheet.plan import FIRST_QUOTE
from qdabridge.formats.spreadsheet.sheet import MOST_LINKS, MOST_ROWS, Sheet, letters
from qdabridge.formats.spreadsheet.styles import LINK, PLAIN, QUIET, Style
from qdabridge.formats.spreadsheet.table import TableColumn
from qdabridge.formats.spreadsheet.workbook import Workbook, links_left_out
from qdabridge.matrix import Column, Matrix, Quote
from qdabridge.matrix.grid import ROW_HEADINGS, Mark
from qdabridge.study.lookup import PATH_SEPARATOR

_Waiting: TypeAlias = tuple[tuple[int, int], Quote, Mark | None]
"""A row to be written: the cell, the quote, and what one of several people did there."""

_NUMBER = Style(ink=LINK, underlined=True, size=9, across=True, wrap=False)
_NAME = Style(bold=True)
_ASIDE = Style(ink=QUIET, italic=True)
_IDS = Style(ink=QUIET, size=8, wrap=False)
_TEXT_WIDTH, _MEMO_WIDTH, _WHERE_WIDTH = 72.0, 36.0, 14.0
_TAB = "7F6A3F"
_WIDEST_ATTRIBUTE = 20


def write_quotes(book: Workbook, *, most_rows: int = MOST_ROWS) -> None:
    """Write the sheets of quotes."""
    names = book.plan.quotes_sheets
    if not names:
        return
    writer = _Writer(book, most_rows)
    writer.write()
    if len(names) > 1:
        book.findings.add(
            Finding(
                "QUOTES-SPLIT",
                "note",
                f"A sheet has room for {MOST_ROWS:,} rows; the quotes go on on further sheets.",
                where=", ".join(names),
            )
        )


class _Writer:
    """Writes all quotes, sheet after sheet."""

    def __init__(self, book: Workbook, most_rows: int) -> None:
        self._book = book
        self._most_rows = most_rows
        self._columns = _columns(book.matrix)
        self._has_sources = book.matrix.row_kind != "sources"
        headings = [column.heading for column in self._columns]
        self._text_letter, self._memo_letter = letters(headings.index("Quote")), letters(headings.index("Memo"))
        self._headings = {
            code.guid: PATH_SEPARATOR.join(code.path[1:]) or code.path[0] for code in book.matrix.codebook
        }
        self._begin = ""
        self._small: dict[str, str] = {}
        widths = {column.heading: column.width for column in self._columns}
        self._code_width, self._source_width = widths["Code"], widths.get("Source", 0.0)
        self._beside: tuple[int, list[str], float] = (-1, [], 0)
        self._links_each = True
        self._number = 0

    def write(self) -> None:
        """Write every sheet: each but the last is full."""
        book, cells = self._book, self._book.matrix.cells
        left = sum(len(quote.marks) or 1 for key in book.plan.quotes_at for quote in cells[key].quotes)
        # A link for each quote where there is room for them, else one for all quotes of a cell.
        self._links_each = left <= MOST_LINKS
        waiting = (
            (key, quote, mark)
            for key in book.plan.quotes_at
            for quote in cells[key].quotes
            for mark in quote.marks or (None,)
        )
        for name in book.plan.quotes_sheets:
            count = min(left, self._most_rows - FIRST_QUOTE + 1)
            left -= count
            setup = table.setup(self._columns, count, frozen=2, color=_TAB)
            self._begin = quoted_name(name)
            with book.package.sheet(name, setup) as sheet:
                table.write_headings(sheet, name, self._columns, book.cells)
                self._write_rows(sheet, islice(waiting, count))
            self._tell_links(sheet, name)

    def _write_rows(self, sheet: Sheet, quotes: Iterable[_Waiting]) -> None:
        row = FIRST_QUOTE
        for key, of_cell in groupby(quotes, lambda each: each[0]):
            first, home = row, self._book.plan.place_of_cell(*key)
            for _, quote, mark in of_cell:
                self._write_quote(sheet, row, key, quote, mark)
                if self._links_each:
                    sheet.link(f"A{row}", home)
                row += 1
            if not self._links_each:
                sheet.link(f"A{first}:A{row - 1}", home)

    def _write_quote(self, sheet: Sheet, row: int, key: tuple[int, int], quote: Quote, mark: Mark | None) -> None:
        """Write a row: of a quote, or of what one of several people coded there."""
        who, when, codings = (", ".join(quote.coders), quote.date, quote.codings)
        if mark is not None:
            who, when, codings = mark.coder, mark.date, mark.codings
        cells, small = self._book.cells, self._small_cell
        column = self._book.matrix.columns[key[1]]
        self._number += 1
        beside, needed = self._cells_beside(key[0])
        label = self._book.matrix.rows[key[0]].label
        at = At(label, column.heading, f"{self._begin}!{self._text_letter}{row}", "quote")
        text, style = (quote.text, PLAIN) if quote.text.strip() else (quote.caption, _ASIDE)
        memo_at = At(label, f"{column.heading}, memo", f"{self._begin}!{self._memo_letter}{row}")
        code = self._code(column, quote)
        texts = [(text, _TEXT_WIDTH), (quote.memo, _MEMO_WIDTH), (quote.place, _WHERE_WIDTH), (code, self._code_width)]
        if self._has_sources:
            texts.append((quote.source, self._source_width))
        height = max(needed, look.height(texts))
        written = [cells.number(self._number, _NUMBER), *beside]
        if self._has_sources:
            written.append(small(quote.source, PLAIN))
        written += [
            small(quote.place, PLAIN),
            small(column.theme, PLAIN),
            small(code, PLAIN),
            small(who, PLAIN),
            cells.value(_moment(when), PLAIN, at),
            cells.text(text, style, at) if text else "",
            cells.text(quote.memo, PLAIN, memo_at) if quote.memo else "",
            cells.text("\n".join(codings), _IDS, at) if codings else "",
        ]
        sheet.row(row, written, height=min(height, look.TALLEST))

    def _cells_beside(self, number: int) -> tuple[list[str], float]:
        """Return the cells that are the same for all quotes of a row of the matrix, and the height they need."""
        if self._beside[0] != number:
            matrix, cells, place = self._book.matrix, self._book.cells, self._book.plan.place_of_row(number)
            row = matrix.rows[number]
            made = [cells.text(row.label, _NAME, At(row.label, "", place))]
            needed = [(row.label, self._columns[1].width * 0.85)]
            for attribute, value, column in zip(matrix.attributes, row.attributes, self._columns[2:], strict=False):
                made.append(cells.value(value, PLAIN, At(row.label, attribute.name, place)))
                needed += [(value, column.width)] if isinstance(value, str) else []
            self._beside = number, made, look.height(needed)
        return self._beside[1], self._beside[2]

    def _small_cell(self, text: str, style: Style) -> str:
        """Return a cell that is likely to stand in many rows."""
        cell = self._small.get(text)
        if cell is None:
            cell = self._small[text] = self._book.cells.text(text, style, At(text, "", self._begin)) if text else ""
        return cell

    def _code(self, column: Column, quote: Quote) -> str:
        """Return the code of a quote; under a code that aggregates, the code inside it that it is coded with."""
        if not quote.codes:
            return column.heading
        return "; ".join(self._headings.get(guid, column.heading) for guid in quote.codes)

    def _tell_links(self, sheet: Sheet, name: str) -> None:
        if sheet.links_refused:
            self._book.findings.add(links_left_out(name, sheet.links_refused))


def _columns(matrix: Matrix) -> list[TableColumn]:
    rows, columns = matrix.rows, matrix.columns
    quotes = [quote for cell in matrix.cells.values() for quote in cell.quotes]
    label = ROW_HEADINGS[matrix.row_kind]
    shown = [
        TableColumn("No.", 8),
        TableColumn(label, look.text_width((r.label for r in rows), label, least=14, most=30)),
    ]
    for number, attribute in enumerate(matrix.attributes):
        values = (look.shown(row.attributes[number]) for row in rows)
        width = look.text_width(values, attribute.name, least=9, most=_WIDEST_ATTRIBUTE)
        shown.append(TableColumn(attribute.name, width, is_grouped=True))
    if matrix.row_kind != "sources":
        sources = dict.fromkeys(quote.source for quote in quotes)
        shown.append(TableColumn("Source", look.text_width(sources, "Source", least=12, most=28)))
    coders = dict.fromkeys(", ".join(quote.coders) for quote in quotes)
    return [
        *shown,
        TableColumn("Where", _WHERE_WIDTH),
        TableColumn("Theme", look.text_width({each.theme for each in columns}, "Theme", least=12, most=24)),
        TableColumn("Code", look.text_width({each.heading for each in columns}, "Code", least=16, most=34)),
        TableColumn("Coder", look.text_width(coders, "Coder", least=9, most=18)),
        TableColumn("Date", 20),
        TableColumn("Quote", _TEXT_WIDTH),
        TableColumn("Memo", _MEMO_WIDTH),
        TableColumn("Codings", 38, is_hidden=True),
    ]


def _moment(written: str | None) -> datetime | str | None:
    """Return when a quote was coded; as it is written where that is no date."""
    if not written:
        return None
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return written
