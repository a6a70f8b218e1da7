"""A framework matrix as an Excel workbook, which LibreOffice opens as well: a file that a team can work in for weeks.

A front sheet, the whole matrix, a sheet for each theme, every quote in a row of its own, the codebook and the cases.
What each sheet is, its own module knows; here they are put in order.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qdabridge.errors import BadRequest
from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet import cell_text, hidden_ids, look
from qdabridge.formats.spreadsheet.cells import At, Cells
from qdabridge.formats.spreadsheet.continued_sheet import write_continued
from qdabridge.formats.spreadsheet.framework_sheet import write_matrix_sheet
from qdabridge.formats.spreadsheet.front_sheet import write_front
from qdabridge.formats.spreadsheet.package import Package
from qdabridge.formats.spreadsheet.plan import CODES_ROW, MATRIX_SHEET, Plan
from qdabridge.formats.spreadsheet.quotes_sheet import write_quotes
from qdabridge.formats.spreadsheet.reference_sheets import write_cases, write_codebook
from qdabridge.formats.spreadsheet.sheet import MOST_COLUMNS, MOST_ROWS, ColumnSetup, Setup
from qdabridge.formats.spreadsheet.styles import PLAIN
from qdabridge.formats.spreadsheet.workbook import Workbook
from qdabridge.matrix import Matrix
from qdabridge.pause import garbage_collection_paused
from qdabridge.safety import writing

__all__ = ["MATRIX_SHEET", "write_matrix"]


def write_matrix(
    matrix: Matrix,
    path: Path,
    *,
    overwrite: bool = False,
    made: datetime | None = None,
    rows_on_a_sheet: int = MOST_ROWS,
) -> list[Finding]:
    """Write a framework matrix as .xlsx.

    Args:
        matrix: the matrix.
        path: the target; it takes its name only when it is complete.
        overwrite: whether an existing target may be replaced.
        made: the date and time that the workbook says; by default now.
        rows_on_a_sheet: after how many rows quotes go on on another sheet.

    Returns:
        What the matrix itself could not take in, and what a workbook cannot hold or show.

    Raises:
        BadRequest: it has more rows or columns than a sheet has.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    plan = Plan(matrix, most_rows=rows_on_a_sheet)
    _check_size(plan)
    findings = Findings()
    made = made or datetime.now().astimezone()
    title = cell_text.presentable(matrix.name)[0]
    with writing(path, overwrite=overwrite) as stream, Package(stream, title=title, made=made) as package:
        cells = Cells(package.styles, findings)
        book = Workbook(matrix, plan, look.largest_cells(matrix), package, cells, findings, made)
        with garbage_collection_paused():
            _write_sheets(book, rows_on_a_sheet)
    return [*matrix.findings, *findings.all()]


def _write_sheets(book: Workbook, rows_on_a_sheet: int) -> None:
    for sheet in (book.plan.whole, *book.plan.themes):
        write_matrix_sheet(book, sheet)
    write_quotes(book, most_rows=rows_on_a_sheet)
    write_codebook(book)
    write_cases(book)
    write_continued(book.package, book.cells)
    _write_hidden(book)
    # Last, for it says what the others are; it stands before them.
    write_front(book)


def _write_hidden(book: Workbook) -> None:
    name, sheets = hidden_ids.HIDDEN_SHEET, [each.name for each in (book.plan.whole, *book.plan.themes)]
    rows = list(hidden_ids.hidden_rows(book.matrix, sheets))
    setup = Setup(columns=(ColumnSetup(20),) * max(map(len, rows)))
    with book.package.sheet(name, setup, state="veryHidden") as sheet:
        for number, row in enumerate(rows, 1):
            at = At("", "sheet of ids", f"{name}!A{number}")
            sheet.row(number, [book.cells.text(each, PLAIN, at) if each else "" for each in row])


def _check_size(plan: Plan) -> None:
    columns, rows = len(plan.whole.slots), CODES_ROW + len(plan.matrix.rows)
    if columns > MOST_COLUMNS:
        raise BadRequest(
            f"The matrix has {columns:,} columns, and a sheet has room for {MOST_COLUMNS:,}.",
            todo="Choose fewer codes, or only those that are used.",
        )
    if rows > MOST_ROWS:
        raise BadRequest(
            f"The matrix has {rows:,} rows with its headings, and a sheet has room for {MOST_ROWS:,}.",
            todo="Choose rows of the other kind (cases or sources), or split the study.",
        )
