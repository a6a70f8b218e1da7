"""The first sheet of a workbook: which study it is, what was left out, what each sheet is, and how to work with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet import look
from qdabridge.formats.spreadsheet.cell_text import presentable
from qdabridge.formats.spreadsheet.cells import CONTINUED_SHEET, At
from qdabridge.formats.spreadsheet.package import quoted_name
from qdabridge.formats.spreadsheet.plan import (
    ABOUT_SHEET,
    CASES_SHEET,
    CODEBOOK_SHEET,
    FIRST_ROW,
    LABEL_COLUMN,
    MatrixSheet,
)
from qdabridge.formats.spreadsheet.sheet import ColumnSetup, Setup, Sheet, letters
from qdabridge.formats.spreadsheet.styles import LINK, QUIET, Style
from qdabridge.formats.spreadsheet.workbook import Workbook
from qdabridge.matrix import QUOTES_LINE, Matrix
from qdabridge.matrix.grid import MEASURE_HEADINGS, Content

_NAME_WIDTH, _TEXT_WIDTH, _COUNT_WIDTH = 34.0, 92.0, 26.0
_OVER = Style(ink=QUIET, size=11, wrap=False)
_TITLE = Style(bold=True, size=22, ink="1F3247")
_SECTION = Style(bold=True, size=13, ink="1F3247", wrap=False)
_TEXT = Style(size=11)
_KEY = Style(size=11, ink=QUIET)
_SHEET = Style(size=11, ink=LINK, underlined=True, wrap=False)
_COUNT = Style(size=11, ink=QUIET)

_FIRST_CASE = f"{letters(LABEL_COLUMN)}{FIRST_ROW}"

_TITLES = {
    "framework": "Framework matrix",
    "co-occurrence": "Codes by codes",
    "crosstab": "Codes by the values of a variable",
}
_ROWS = {
    "cases": ("case", "cases"),
    "sources": ("source", "sources"),
    "users": ("coder", "coders"),
    "values": ("value", "values"),
    "codes": ("code", "codes"),
}


def write_front(book: Workbook) -> None:
    """Write the sheet and put it before all others."""
    setup = Setup(
        columns=tuple(ColumnSetup(width) for width in (3.0, _NAME_WIDTH, _TEXT_WIDTH, _COUNT_WIDTH)),
        color="1F3247",
        portrait=True,
    )
    with book.package.sheet(ABOUT_SHEET, setup, place=0) as sheet:
        page = _Page(book, sheet)
        page.title()
        page.section("About this workbook", _facts(book))
        page.sheets("Sheets", list(_sheets(book)))
        page.section("Working with it", _advice(book))
        page.section("Good to know", _left_out(book))


class _Line(NamedTuple):
    """A line of a section."""

    name: str
    text: str


class _Entry(NamedTuple):
    """A sheet as it is listed; ``begins`` is its first cell that people see."""

    name: str
    text: str
    size: str
    begins: str = "A1"


class _Page:
    """Writes from the top to the bottom."""

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self._row = 1

    def title(self) -> None:
        matrix, made = self._book.matrix, self._book.made
        self._write([_TITLES[matrix.kind]], [_OVER], 24)
        height = look.height([(matrix.name, (_NAME_WIDTH + _TEXT_WIDTH) * 0.5)]) * 2
        # It reaches over the columns beside it, which are empty, unless it is too long for them.
        reaches = look.lines_needed(matrix.name, (_NAME_WIDTH + _TEXT_WIDTH) * 0.5) == 1
        self._write([matrix.name or "Untitled study"], [_TITLE._replace(wrap=not reaches)], min(max(34, height), 200))
        self._write([f"Made on {made.day} {made:%B %Y}, {made:%H:%M}"], [_OVER], 20)

    def section(self, title: str, lines: list[_Line]) -> None:
        if not lines:
            return
        self._heading(title)
        for line in lines:
            height = _high([(line.name, _NAME_WIDTH), (line.text, _TEXT_WIDTH)])
            self._write([line.name, line.text], [_KEY, _TEXT], height)

    def sheets(self, title: str, entries: list[_Entry]) -> None:
        self._heading(title)
        for entry in entries:
            self._sheet.link(f"B{self._row}", f"{quoted_name(entry.name)}!{entry.begins}")
            height = _high([(entry.text, _TEXT_WIDTH), (entry.size, _COUNT_WIDTH)])
            self._write([entry.name, entry.text, entry.size], [_SHEET, _TEXT, _COUNT], height)

    def _heading(self, title: str) -> None:
        self._row += 1
        self._write([title], [_SECTION], 24)

    def _write(self, texts: list[str], styles: list[Style], height: float) -> None:
        at = At("", f"sheet {ABOUT_SHEET}", f"{quoted_name(ABOUT_SHEET)}!B{self._row}")
        # What a sheet cannot hold was told where it stands in the study.
        shown = [presentable(text)[0] for text in texts]
        cells = [self._book.cells.text(text, style, at) for text, style in zip(shown, styles, strict=True)]
        self._sheet.row(self._row, ["", *cells], height=height)
        self._row += 1


def _high(texts: list[tuple[str, float]]) -> float:
    """Return how high a line is in which text is a little larger than elsewhere."""
    return min(max(18.0, 1.13 * look.height((text, width * 0.92) for text, width in texts)), look.TALLEST)


def _facts(book: Workbook) -> list[_Line]:
    matrix = book.matrix
    themes = len({column.theme_guid or column.theme for column in matrix.columns})
    quotes = [quote for cell in matrix.cells.values() for quote in cell.quotes]
    summaries = sum(cell.summary is not None for cell in matrix.cells.values())
    lines = [
        _Line("Rows", counted(len(matrix.rows), *_ROWS[matrix.row_kind])),
        _Line("Columns", _columns_in_words(matrix, themes)),
        _Line("In each cell", _capitalised("; ".join(_held(each) for each in matrix.holds))),
    ]
    if "summary" in matrix.holds:
        possible = len(matrix.rows) * len(matrix.columns)
        lines.append(_Line("Summaries", f"{summaries:,} of {possible:,} cells have one"))
    if quotes:
        references = sum(len(quote.codings) for quote in quotes)
        more = f", for {references:,} coded references" if references > len(quotes) else ""
        lines.append(_Line("Quotes", f"{counted(len(quotes), 'quote', 'quotes')}{more}"))
    filters = matrix.filters or ["None: all rows, all codes, all coders, all dates"]
    return [*lines, *(_Line("" if number else "Filters", each) for number, each in enumerate(filters))]


def _columns_in_words(matrix: Matrix, themes: int) -> str:
    if matrix.kind == "crosstab":
        return counted(len(matrix.columns), "value", "values")
    return f"{counted(len(matrix.columns), 'code', 'codes')} in {counted(themes, 'theme', 'themes')}"


def _held(content: Content) -> str:
    if content == "summary":
        return "summaries in the researchers’ words"
    if content == "quotes":
        return "the quotes that were coded there, each with where it comes from"
    return MEASURE_HEADINGS[content].lower()


def _sheets(book: Workbook) -> Iterator[_Entry]:
    plan, matrix = book.plan, book.matrix
    yield _Entry(plan.whole.name, "The whole matrix", _size(matrix, plan.whole), _FIRST_CASE)
    for theme in plan.themes:
        named = matrix.columns[theme.columns[0]].theme
        text = (
            f"The same for one theme: {named}"
            if len(matrix.columns[theme.columns[0]].path) > 1
            else "The same for a part"
        )
        yield _Entry(theme.name, text, _size(matrix, theme), _FIRST_CASE)
    text = "Every quote in a row of its own; its number leads back to its cell"
    for number, name in enumerate(plan.quotes_sheets):
        total = sum(len(matrix.cells[key].quotes) for key in plan.quotes_at)
        yield _Entry(name, "Further quotes" if number else text, "" if number else counted(total, "quote", "quotes"))
    if matrix.codebook:
        text = "Every code of the study with its colour, description and use"
        yield _Entry(CODEBOOK_SHEET, text, counted(len(matrix.codebook), "code", "codes"))
    if matrix.cases:
        text = "Every case of the study with its attributes and sources"
        yield _Entry(CASES_SHEET, text, counted(len(matrix.cases), "case", "cases"))
    if book.cells.continued:
        text = "The whole of each text that is too long for a cell"
        yield _Entry(CONTINUED_SHEET, text, counted(len(book.cells.continued), "text", "texts"))


def _size(matrix: Matrix, sheet: MatrixSheet) -> str:
    one, many = _ROWS[matrix.row_kind]
    return f"{counted(len(matrix.rows), one, many)} × {len(sheet.columns):,}"


def _advice(book: Workbook) -> list[_Line]:
    matrix, lines = book.matrix, []
    if matrix.holds_summaries:
        where = f" above the line “{QUOTES_LINE}”" if "quotes" in matrix.holds else " in the cells"
        lines.append(_Line("Write summaries", f"Write them{where}, on the sheet of a theme or on the whole matrix."))
        lines.append(
            _Line(
                "Bring them back", "qdabridge chart STUDY THIS-WORKBOOK NEW-STUDY puts what you wrote into the study."
            )
        )
    if matrix.kind == "framework":
        lines.append(
            _Line(
                "Sort, filter, hide, move",
                "Do what you like with rows and columns, and add your own. Column A and row 1 of each sheet of the "
                "matrix are hidden; they hold what finds cases and codes again, so leave them there.",
            )
        )
    if book.plan.quotes_sheets:
        beside = "The number beside a cell" if book.plan.has_link_columns else "The number of references"
        lines.append(
            _Line(
                "From cell to quotes",
                f"{beside} leads to its quotes. Filter quotes as you like; once they are sorted, it leads to others.",
            )
        )
    if matrix.attributes and matrix.kind == "framework":
        lines.append(_Line("Attributes", "The − above their columns folds them away."))
    return lines


def _left_out(book: Workbook) -> list[_Line]:
    found = [*book.matrix.findings, *book.findings.all()]
    return [_Line("Not in the matrix" if each.kind == "loss" else "Note", _in_words(each)) for each in found]


def _in_words(finding: Finding) -> str:
    if not finding.where:
        return finding.message
    place = f"such as {finding.where}; {finding.count:,} in all" if finding.count > 1 else finding.where
    return f"{finding.message.rstrip('.')} ({place})."


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def counted(number: int, one: str, many: str) -> str:
    """Return a number of things in words.

    >>> counted(1, "case", "cases"), counted(1200, "case", "cases")
    ('1 case', '1,200 cases')
    """
    return f"{number:,} {one if number == 1 else many}"
