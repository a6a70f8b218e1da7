"""A sheet of the matrix, the whole of it or one theme: two heading rows, themes over codes, then a row for each case.

The first row and the first column are hidden and hold ids (``hidden_ids``), so that cells find their cases and codes
again. Every other row is tinted by a rule and not by hand, so that it stays so when people sort and hide.
"""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet import hidden_ids, look
from qdabridge.formats.spreadsheet.cells import CONTINUED_SHEET, At
from qdabridge.formats.spreadsheet.headings import code_style, headings_of, theme_style
from qdabridge.formats.spreadsheet.package import quoted_name
from qdabridge.formats.spreadsheet.plan import (
    CODES_ROW,
    FIRST_ROW,
    IDS_ROW,
    LABEL_COLUMN,
    THEMES_ROW,
    MatrixSheet,
    Slot,
)
from qdabridge.formats.spreadsheet.sheet import ColumnSetup, Setup, Sheet, letters
from qdabridge.formats.spreadsheet.styles import LINK, PLAIN, QUIET, Style
from qdabridge.formats.spreadsheet.workbook import Workbook, links_left_out
from qdabridge.matrix import Matrix
from qdabridge.matrix.direction import runs_right_to_left

_IDS = Style(ink=QUIET, size=8, wrap=False)
_LABEL = Style(bold=True, size=11)
_LINKED = Style(ink=LINK, underlined=True, size=9, across=True, wrap=False)
_COUNTED = Style(across=True, number_format='#,##0;-#,##0;"·"')
_SHARE = Style(across=True, number_format='0.0;-0.0;"·"')
_WITH_FRACTION = frozenset({"coverage", "seconds", "row %", "column %"})
_ROTATED_HEIGHT = 46.0


def write_matrix_sheet(book: Workbook, sheet: MatrixSheet) -> None:
    """Write one sheet of the matrix."""
    writer = _Writer(book, sheet)
    with book.package.sheet(sheet.name, writer.setup()) as opened:
        writer.write(opened)
    if opened.links_refused:
        book.findings.add(links_left_out(sheet.name, opened.links_refused))


class _Writer:
    """Writes one sheet of the matrix."""

    def __init__(self, book: Workbook, sheet: MatrixSheet) -> None:
        self._book = book
        self._sheet = sheet
        self._matrix = book.matrix
        self._slots = sheet.slots
        self._widths = look.slot_widths(book.matrix, sheet, book.largest)
        self._headings = headings_of(book.matrix, sheet.slots, self._widths)
        self._letters = [letters(number) for number in range(len(sheet.slots))]

    def setup(self) -> Setup:
        """Return what is to be known of the sheet before its rows."""
        matrix, slots = self._matrix, self._slots
        last_letter, last_row = self._letters[-1], CODES_ROW + len(matrix.rows)
        # Codes that are rows wear their own colours.
        first_banded = LABEL_COLUMN + (matrix.row_kind == "codes")
        has_body = bool(matrix.rows) and first_banded < len(slots)
        first_column = matrix.columns[self._sheet.columns[0]] if len(self._sheet.columns) else None
        return Setup(
            columns=tuple(
                ColumnSetup(width, _body_style(slot), slot.kind == "id", slot.kind == "attribute")
                for slot, width in zip(slots, self._widths, strict=True)
            ),
            frozen=(CODES_ROW, LABEL_COLUMN + 1),
            filtered=f"A{CODES_ROW}:{last_letter}{last_row}",
            without_button=tuple(number for number, slot in enumerate(slots) if slot.kind in ("id", "link")),
            banded=f"{self._letters[first_banded]}{FIRST_ROW}:{last_letter}{last_row}" if has_body else "",
            heat=tuple(_heat(matrix, slots, last_row)) if has_body and not matrix.holds_words else (),
            title_rows=(THEMES_ROW, CODES_ROW),
            title_columns=("B", "B"),
            large_paper=sum(self._widths[1:]) > look.PAGE,
            color=look.fill(first_column.theme_color) or "" if first_column and not self._sheet.is_whole else "44546A",
            right_to_left=runs_right_to_left(matrix),
        )

    def write(self, sheet: Sheet) -> None:
        """Write all rows."""
        self._write_headings(sheet)
        for number in range(len(self._matrix.rows)):
            self._write_row(sheet, number)

    def _write_headings(self, sheet: Sheet) -> None:
        cells, headings, slots = self._book.cells, self._headings, self._slots
        at = At("", "ids", self._at(0, IDS_ROW))
        sheet.row(IDS_ROW, [cells.text(each, _IDS, at) if each else "" for each in self._ids()], is_hidden=True)
        above = [
            cells.text(each.above, theme_style(each), At("", f"heading {each.above}", self._at(number, THEMES_ROW)))
            if each.above
            else cells.blank(theme_style(each))
            for number, each in enumerate(headings)
        ]
        sheet.row(THEMES_ROW, above, height=look.high_enough(((each.above, each.room) for each in headings), least=21))
        below = [
            cells.text(each.below, code_style(each, slot), At("", f"heading {each.below}", self._at(number, CODES_ROW)))
            for number, (each, slot) in enumerate(zip(headings, slots, strict=True))
        ]
        texts = [
            (each.below, width - look.FILTER_BUTTON)
            for each, width, slot in zip(headings, self._widths, slots, strict=True)
            if slot.kind not in ("id", "link")
        ]
        least = _ROTATED_HEIGHT if any(slot.kind == "link" for slot in slots) else 30
        sheet.row(CODES_ROW, below, height=look.high_enough(texts, least=least))

    def _ids(self) -> Iterator[str]:
        shown = set(self._sheet.columns)
        fields = [field for field in self._matrix.fields() if field.column in shown]
        known = iter(hidden_ids.column_ids(self._matrix, fields))
        return (hidden_ids.NO_CODE if slot.kind == "link" else next(known) for slot in self._slots)

    def _at(self, slot: int, row: int) -> str:
        return f"{quoted_name(self._sheet.name)}!{self._letters[slot]}{row}"

    def _write_row(self, sheet: Sheet, number: int) -> None:
        made = [self._cell(sheet, number, position, slot) for position, slot in enumerate(self._slots)]
        height = look.height((text, width) for (_, text), width in zip(made, self._widths, strict=True) if text)
        if height > look.TALLEST and self._sheet.is_whole:
            self._tell_tall(self._matrix.rows[number].label)
        sheet.row(FIRST_ROW + number, [cell for cell, _ in made], height=min(height, look.TALLEST))

    def _cell(self, sheet: Sheet, number: int, position: int, slot: Slot) -> tuple[str, str]:
        """Return a cell of a row, and the text for which the row has to be high enough."""
        book, row = self._book, self._matrix.rows[number]
        match slot.kind:
            case "words":
                return self._words(number, slot)
            case "link":
                return self._link(sheet, number, slot.number, position), ""
            case "figure":
                return self._figure(sheet, number, position, slot), ""
            case "attribute":
                value = row.attributes[slot.number]
                at = At(row.label, slot.heading, self._at(position, FIRST_ROW + number))
                return book.cells.value(value, PLAIN, at), value if isinstance(value, str) else ""
            case "label":
                at = At(row.label, "", book.plan.place_of_row(number))
                # What is bold is broader.
                return book.cells.text(row.label, _label_style(row.color), at), row.label + row.label[::8]
            case _:
                at = At(row.label, "id", self._at(position, FIRST_ROW + number))
                return book.cells.text(row.guid, _IDS, at) if row.guid else "", ""

    def _words(self, number: int, slot: Slot) -> tuple[str, str]:
        matrix = self._matrix
        cell, row = matrix.cells.get((number, slot.number)), matrix.rows[number]
        pieces = list(cell.pieces(matrix.wording, case=row.label)) if cell is not None else []
        if not pieces:
            return "", ""
        if matrix.holds_summaries and pieces[0].kind != "summary":
            pieces.insert(0, hidden_ids.ROOM_FOR_A_SUMMARY)
        # On every sheet the place is that on the whole matrix: what is too long is told and continued once.
        plan, key = self._book.plan, (number, slot.number)
        at = At(row.label, slot.heading, plan.place_of_cell(*key), quotes=plan.place_of_quotes(*key) or "")
        return self._book.cells.words(pieces, PLAIN, at), "".join([text for _, text in pieces])

    def _figure(self, sheet: Sheet, number: int, position: int, slot: Slot) -> str:
        assert slot.field is not None
        value = self._matrix.value(number, slot.field)
        style = _SHARE if slot.measure in _WITH_FRACTION else _COUNTED
        if slot.measure == "count" and (number, slot.number) in self._book.plan.quotes_at:
            self._lead_to_quotes(sheet, number, slot.number, position)
            style = style._replace(ink=LINK, underlined=True)
        row = self._matrix.rows[number]
        at = At(row.label, slot.heading, self._at(position, FIRST_ROW + number))
        return self._book.cells.value(value, style, at)

    def _link(self, sheet: Sheet, number: int, column: int, position: int) -> str:
        """Return the number of quotes of a cell, which leads to them.

        The words of a cell do not lead there themselves: people could not click into them to write a summary, and
        LibreOffice shows linked text on one line.
        """
        cell = self._matrix.cells.get((number, column))
        if cell is None or not cell.quotes:
            return ""
        self._lead_to_quotes(sheet, number, column, position)
        return self._book.cells.number(len(cell.quotes), _LINKED)

    def _lead_to_quotes(self, sheet: Sheet, number: int, column: int, position: int) -> None:
        plan = self._book.plan
        target = plan.place_of_quotes(number, column)
        continued = self._book.cells.row_continued(plan.place_of_cell(number, column))
        if continued is not None:
            # The sheet with the whole cell leads on to its quotes.
            target = f"{quoted_name(CONTINUED_SHEET)}!A{continued}"
        if target is not None:
            sheet.link(f"{self._letters[position]}{FIRST_ROW + number}", target)

    def _tell_tall(self, label: str) -> None:
        self._book.findings.add(
            Finding(
                "TALL-ROWS",
                "note",
                "A row holds more than a spreadsheet can show at once; the cells hold all of it.",
                where=label,
                hint="Read long cells in the formula bar, or make their columns wider.",
            )
        )


# --- looks -----------------------------------------------------------------------------------------------------------


def _label_style(color: str | None) -> Style:
    fill = look.fill(color)
    return _LABEL._replace(fill=fill, ink=look.ink(fill)) if fill else _LABEL


def _body_style(slot: Slot) -> Style:
    """Return the look of cells into which nobody has written yet."""
    if slot.kind == "label":
        return _LABEL
    return _LINKED if slot.kind == "link" else PLAIN


def _heat(matrix: Matrix, slots: list[Slot], last_row: int) -> Iterator[str]:
    for measure in matrix.measures:
        if measure != "coders":
            columns = [letters(number) for number, slot in enumerate(slots) if slot.measure == measure]
            yield " ".join(f"{letter}{FIRST_ROW}:{letter}{last_row}" for letter in columns)
