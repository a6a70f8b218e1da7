"""The agreement of coders as an Excel workbook: an overview, tables of figures, and the list for the meeting.

What is in them is made elsewhere (the figures are the coders' affair); here it is put into one workbook.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from qdabridge.errors import BadRequest
from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet.agreement_sheets import FigureTable, write_table
from qdabridge.formats.spreadsheet.cell_text import presentable
from qdabridge.formats.spreadsheet.cells import CONTINUED_SHEET, Cells
from qdabridge.formats.spreadsheet.continued_sheet import write_continued
from qdabridge.formats.spreadsheet.front_page import SETUP, Entry, Line, Page, counted, in_words
from qdabridge.formats.spreadsheet.meeting_ids import Parties
from qdabridge.formats.spreadsheet.meeting_sheet import FIRST_ROW, MEETING_SHEET, Point, write_meeting
from qdabridge.formats.spreadsheet.package import Package
from qdabridge.formats.spreadsheet.sheet import MOST_COLUMNS, MOST_ROWS
from qdabridge.pause import garbage_collection_paused
from qdabridge.safety import writing

OVERVIEW_SHEET = "Overview"

_HOW_TO_DECIDE = (
    Line(
        "The list",
        f"“{MEETING_SHEET}” has every passage that was coded differently. What all coded is black, what only some "
        "coded is in their colour and underlined, what stands around it is grey.",
    ),
    Line(
        "Decide",
        "Choose a coder whose coding is right, both for all that either marked, neither, or new passage. Rows may "
        "be sorted, filtered and hidden, columns moved and added. Rows without a decision stay open.",
    ),
    Line(
        "New passage",
        "Write the words as they stand in the text, or the first and the last with … between; of a recording the time "
        "(0:12–0:34), of an area its corners (10,20–200,300).",
    ),
    Line("Remark", "What should be remembered; it becomes a note in the study, with a decision or without."),
    Line(
        "Bring it back",
        "qdabridge reconcile STUDY THIS-WORKBOOK NEW-STUDY gives what was decided, and what all coded alike, to a "
        "user called Consensus. The coders’ own codings stay.",
    ),
    Line(
        "Leave in place",
        "The hidden first column and first row of the list, and the sheet’s ids: they find the passages again.",
    ),
)


class Section(Struct, frozen=True):
    """A section of the overview: lines of a name and a text."""

    title: str
    lines: tuple[tuple[str, str], ...]


class AgreementBook(Struct, frozen=True):
    """All that is in the workbook.

    Args:
        title: the name of the study.
        first, then: sections of the overview before and after the list of sheets.
        tables: each for a sheet of its own.
        parties: who was compared.
        points: the list for the meeting.
        findings: what else is worth telling.
    """

    title: str
    first: tuple[Section, ...]
    then: tuple[Section, ...]
    tables: tuple[FigureTable, ...]
    parties: Parties
    points: tuple[Point, ...]
    findings: tuple[Finding, ...] = ()


def write_agreement(
    book: AgreementBook, path: Path, *, overwrite: bool = False, made: datetime | None = None
) -> list[Finding]:
    """Write the agreement of coders as .xlsx.

    Args:
        book: what is to be in it.
        path: the target; it takes its name only when it is complete.
        overwrite: whether an existing target may be replaced.
        made: the date and time that the workbook says; by default now.

    Returns:
        What a workbook cannot hold or show.

    Raises:
        BadRequest: the list or a table has more rows or columns than a sheet has.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    _check_size(book)
    findings = Findings()
    made = made or datetime.now().astimezone()
    title = presentable(book.title)[0]
    with writing(path, overwrite=overwrite) as stream, Package(stream, title=title, made=made) as package:
        cells = Cells(package.styles, findings)
        with garbage_collection_paused():
            write_meeting(package, cells, book.parties, book.points)
            for each in book.tables:
                write_table(package, cells, each)
            write_continued(package, cells)
            # Last, for it says what the others are; it stands before them.
            _write_overview(package, cells, book, title, made, findings)
    return findings.all()


def _write_overview(
    package: Package, cells: Cells, book: AgreementBook, title: str, made: datetime, findings: Findings
) -> None:
    with package.sheet(OVERVIEW_SHEET, SETUP, place=0) as sheet:
        page = Page(cells, sheet, OVERVIEW_SHEET)
        page.title("Agreement of coders", title, made)
        for section in book.first:
            page.section(section.title, [Line(*each) for each in section.lines])
        page.sheets("Sheets", _entries(book, cells))
        page.section("The meeting", _HOW_TO_DECIDE)
        for section in book.then:
            page.section(section.title, [Line(*each) for each in section.lines])
        page.section("Good to know", [Line("Note", in_words(each)) for each in (*book.findings, *findings.all())])


def _entries(book: AgreementBook, cells: Cells) -> list[Entry]:
    size = counted(len(book.points), "disagreement", "disagreements")
    entries = [
        Entry(MEETING_SHEET, "Every disagreement with its words, and columns to decide in", size, f"B{FIRST_ROW}")
    ]
    entries += [Entry(each.sheet, each.about, each.counted) for each in book.tables]
    if cells.continued:
        text = "The whole of each text that is too long for a cell"
        entries.append(Entry(CONTINUED_SHEET, text, counted(len(cells.continued), "text", "texts")))
    return entries


def _check_size(book: AgreementBook) -> None:
    rows = max(FIRST_ROW + len(book.points), *(len(each.rows) + 1 for each in book.tables))
    columns = max((len(each.columns) for each in book.tables), default=0)
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise BadRequest(
            f"The workbook would have {rows:,} rows and {columns:,} columns on a sheet, and there is room for "
            f"{MOST_ROWS:,} and {MOST_COLUMNS:,}.",
            todo="Choose some of the codes or sources.",
        )
