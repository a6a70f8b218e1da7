"""The codebook and the cases of a study, whether they are in the matrix or not: to look up what is behind it."""

from __future__ import annotations

from qdabridge.formats.spreadsheet import look, table
from qdabridge.formats.spreadsheet.cells import At
from qdabridge.formats.spreadsheet.package import quoted_name
from qdabridge.formats.spreadsheet.plan import CASES_SHEET, CODEBOOK_SHEET
from qdabridge.formats.spreadsheet.sheet import letters
from qdabridge.formats.spreadsheet.styles import LINK, PLAIN, QUIET, Style
from qdabridge.formats.spreadsheet.table import TableColumn
from qdabridge.formats.spreadsheet.workbook import Workbook
from qdabridge.matrix import CaseEntry, CodebookEntry
from qdabridge.study.lookup import PATH_SEPARATOR

_COUNT = Style(across=True, number_format="#,##0")
_LEADING = Style(across=True, number_format="#,##0", ink=LINK, underlined=True)
_PATH = Style(ink=QUIET)
_NAME = Style(bold=True)
_DESCRIPTION_WIDTH = 80.0
_TAB = "5B7F5E"


def write_codebook(book: Workbook) -> None:
    """Write the sheet with every code of the study: its colour, place, description, and how much it is used."""
    codes, plan, cells = book.matrix.codebook, book.plan, book.cells
    if not codes:
        return
    names = [" " * 3 * (code.level - 1) + code.path[-1] for code in codes]
    paths = [PATH_SEPARATOR.join(code.path) for code in codes]
    columns = [
        TableColumn("Colour", 10, has_fills=True),
        TableColumn("Code", look.text_width(names, "Code", least=24, most=48)),
        TableColumn("Level", 10),
        TableColumn("Files", 10),
        TableColumn("References", 13, has_bars=True),
        TableColumn("Description", _DESCRIPTION_WIDTH),
        TableColumn("Path", look.text_width(paths, "Path", least=24, most=60)),
    ]
    begin = quoted_name(CODEBOOK_SHEET)
    with book.package.sheet(CODEBOOK_SHEET, table.setup(columns, len(codes), frozen=2, color=_TAB)) as sheet:
        table.write_headings(sheet, CODEBOOK_SHEET, columns, cells)
        for row, (code, path) in enumerate(zip(codes, paths, strict=True), 2):
            at = At(f"code {path}", "", f"{begin}!B{row}")
            column = plan.column_of_guid.get(code.guid)
            if column is not None:
                sheet.link(f"E{row}", plan.place_of_column(column))
            written = [
                _swatch(book, code),
                cells.text(code.path[-1], _code_style(code), at),
                cells.number(code.level, _COUNT),
                cells.number(code.files, _COUNT),
                cells.number(code.references, _COUNT if column is None else _LEADING),
                _text(book, code.description, at._replace(column="description", place=f"{begin}!F{row}")),
                cells.text(path, _PATH, at._replace(column="path", place=f"{begin}!G{row}")),
            ]
            needed = (code.path[-1], columns[1].width - 2 * code.level), (path, columns[6].width)
            height = look.height([(code.description, _DESCRIPTION_WIDTH), *needed])
            sheet.row(row, written, height=min(height, look.TALLEST))


def write_cases(book: Workbook) -> None:
    """Write the sheet with every case of the study: its attributes, its sources, and how much is coded of it."""
    cases, plan, cells = book.matrix.cases, book.plan, book.cells
    if not cases:
        return
    labels = [case.label for case in cases]
    columns = [TableColumn("Case", look.text_width(labels, "Case", least=16, most=36))]
    for number, attribute in enumerate(book.matrix.case_attributes):
        values = (look.shown(case.attributes[number]) for case in cases)
        columns.append(TableColumn(attribute.name, look.text_width(values, attribute.name, least=9, most=28)))
    columns += [
        TableColumn("References", 13, has_bars=True),
        TableColumn("Sources", look.text_width(("; ".join(c.sources) for c in cases), "Sources", least=16, most=50)),
        TableColumn("Description", look.text_width((c.description for c in cases), "Description", least=14, most=60)),
    ]
    with book.package.sheet(CASES_SHEET, table.setup(columns, len(cases), frozen=1, color=_TAB)) as sheet:
        table.write_headings(sheet, CASES_SHEET, columns, cells)
        for row, case in enumerate(cases, 2):
            in_matrix = plan.row_of_guid.get(case.guid)
            if in_matrix is not None:
                sheet.link(f"{letters(len(columns) - 3)}{row}", plan.place_of_row(in_matrix))
            texts = _case_texts(case)
            height = look.height((text, each.width) for text, each in zip(texts, columns, strict=True) if text)
            sheet.row(row, _case_cells(book, case, row, leads=in_matrix is not None), height=min(height, look.TALLEST))


def _case_texts(case: CaseEntry) -> list[str]:
    values = [value if isinstance(value, str) else "" for value in case.attributes]
    return [case.label, *values, "", "; ".join(case.sources), case.description]


def _case_cells(book: Workbook, case: CaseEntry, row: int, *, leads: bool) -> list[str]:
    cells, begin = book.cells, quoted_name(CASES_SHEET)
    at = At(case.label, "", f"{begin}!A{row}")
    values = [
        cells.value(value, PLAIN, at._replace(column=attribute.name, place=f"{begin}!{letters(number)}{row}"))
        for number, (attribute, value) in enumerate(zip(book.matrix.case_attributes, case.attributes, strict=True), 1)
    ]
    last = len(values) + 2
    return [
        cells.text(case.label, _NAME, at),
        *values,
        cells.number(case.references, _LEADING if leads else _COUNT),
        _text(book, "; ".join(case.sources), at._replace(column="sources", place=f"{begin}!{letters(last)}{row}")),
        _text(book, case.description, at._replace(column="description", place=f"{begin}!{letters(last + 1)}{row}")),
    ]


def _swatch(book: Workbook, code: CodebookEntry) -> str:
    fill = look.fill(code.color)
    return book.cells.blank(Style(fill=fill, boxed=True) if fill else Style(boxed=True))


def _code_style(code: CodebookEntry) -> Style:
    return Style(bold=code.level == 1, indent=2 * (code.level - 1), size=11 if code.level == 1 else 10)


def _text(book: Workbook, text: str, at: At) -> str:
    return book.cells.text(text, PLAIN, at) if text else ""
