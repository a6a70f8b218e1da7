"""The first sheet of a workbook: which study it is, what was left out, what each sheet is, and how to work with it."""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.formats.spreadsheet.cells import CONTINUED_SHEET
from qdabridge.formats.spreadsheet.front_page import SETUP, Entry, Line, Page, counted, in_words
from qdabridge.formats.spreadsheet.plan import (
    ABOUT_SHEET,
    CASES_SHEET,
    CODEBOOK_SHEET,
    FIRST_ROW,
    LABEL_COLUMN,
    MatrixSheet,
)
from qdabridge.formats.spreadsheet.sheet import letters
from qdabridge.formats.spreadsheet.workbook import Workbook
from qdabridge.matrix import QUOTES_LINE, Matrix
from qdabridge.matrix.grid import MEASURE_HEADINGS, Content

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
    with book.package.sheet(ABOUT_SHEET, SETUP, place=0) as sheet:
        page = Page(book.cells, sheet, ABOUT_SHEET)
        page.title(_TITLES[book.matrix.kind], book.matrix.name, book.made)
        page.section("About this workbook", _facts(book))
        page.sheets("Sheets", list(_sheets(book)))
        page.section("Working with it", _advice(book))
        page.section("Good to know", _left_out(book))


def _facts(book: Workbook) -> list[Line]:
    matrix = book.matrix
    themes = len({column.theme_guid or column.theme for column in matrix.columns})
    quotes = [quote for cell in matrix.cells.values() for quote in cell.quotes]
    summaries = sum(cell.summary is not None for cell in matrix.cells.values())
    lines = [
        Line("Rows", counted(len(matrix.rows), *_ROWS[matrix.row_kind])),
        Line("Columns", _columns_in_words(matrix, themes)),
        Line("In each cell", _capitalised("; ".join(_held(each) for each in matrix.holds))),
    ]
    if "summary" in matrix.holds:
        possible = len(matrix.rows) * len(matrix.columns)
        lines.append(Line("Summaries", f"{summaries:,} of {possible:,} cells have one"))
    if quotes:
        references = sum(len(quote.codings) for quote in quotes)
        more = f", for {references:,} coded references" if references > len(quotes) else ""
        lines.append(Line("Quotes", f"{counted(len(quotes), 'quote', 'quotes')}{more}"))
    filters = matrix.filters or ["None: all rows, all codes, all coders, all dates"]
    return [*lines, *(Line("" if number else "Filters", each) for number, each in enumerate(filters))]


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


def _sheets(book: Workbook) -> Iterator[Entry]:
    plan, matrix = book.plan, book.matrix
    yield Entry(plan.whole.name, "The whole matrix", _size(matrix, plan.whole), _FIRST_CASE)
    for theme in plan.themes:
        named = matrix.columns[theme.columns[0]].theme
        text = (
            f"The same for one theme: {named}"
            if len(matrix.columns[theme.columns[0]].path) > 1
            else "The same for a part"
        )
        yield Entry(theme.name, text, _size(matrix, theme), _FIRST_CASE)
    text = "Every quote in a row of its own; its number leads back to its cell"
    for number, name in enumerate(plan.quotes_sheets):
        total = sum(len(matrix.cells[key].quotes) for key in plan.quotes_at)
        yield Entry(name, "Further quotes" if number else text, "" if number else counted(total, "quote", "quotes"))
    if matrix.codebook:
        text = "Every code of the study with its colour, description and use"
        yield Entry(CODEBOOK_SHEET, text, counted(len(matrix.codebook), "code", "codes"))
    if matrix.cases:
        text = "Every case of the study with its attributes and sources"
        yield Entry(CASES_SHEET, text, counted(len(matrix.cases), "case", "cases"))
    if book.cells.continued:
        text = "The whole of each text that is too long for a cell"
        yield Entry(CONTINUED_SHEET, text, counted(len(book.cells.continued), "text", "texts"))


def _size(matrix: Matrix, sheet: MatrixSheet) -> str:
    one, many = _ROWS[matrix.row_kind]
    return f"{counted(len(matrix.rows), one, many)} × {len(sheet.columns):,}"


def _advice(book: Workbook) -> list[Line]:
    matrix, lines = book.matrix, []
    if matrix.holds_summaries:
        where = f" above the line “{QUOTES_LINE}”" if "quotes" in matrix.holds else " in the cells"
        lines.append(Line("Write summaries", f"Write them{where}, on the sheet of a theme or on the whole matrix."))
        lines.append(
            Line("Bring them back", "qdabridge chart STUDY THIS-WORKBOOK NEW-STUDY puts what you wrote into the study.")
        )
    if matrix.kind == "framework":
        lines.append(
            Line(
                "Sort, filter, hide, move",
                "Do what you like with rows and columns, and add your own. Column A and row 1 of each sheet of the "
                "matrix are hidden; they hold what finds cases and codes again, so leave them there.",
            )
        )
    if book.plan.quotes_sheets:
        beside = "The number beside a cell" if book.plan.has_link_columns else "The number of references"
        lines.append(
            Line(
                "From cell to quotes",
                f"{beside} leads to its quotes. Filter quotes as you like; once they are sorted, it leads to others.",
            )
        )
    if matrix.attributes and matrix.kind == "framework":
        lines.append(Line("Attributes", "The − above their columns folds them away."))
    return lines


def _left_out(book: Workbook) -> list[Line]:
    found = [*book.matrix.findings, *book.findings.all()]
    return [Line("Not in the matrix" if each.kind == "loss" else "Note", in_words(each)) for each in found]


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
