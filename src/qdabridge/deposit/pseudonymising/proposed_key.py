"""A proposed key as a table to be filled in, whose columns are those of a key; nobody but its owner can read it.

As a workbook it offers lists of what may stand in a column, and says on a sheet what is to be done; what files say of
their making has a sheet of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import get_args

from msgspec.structs import replace

from qdabridge.deposit.pseudonymising.file_properties import Property
from qdabridge.deposit.pseudonymising.key import COLUMNS, Kind, Match
from qdabridge.deposit.pseudonymising.scanning import Proposal, Scanned
from qdabridge.errors import BadRequest
from qdabridge.findings import Findings
from qdabridge.formats.exports.table_file import write_table
from qdabridge.formats.spreadsheet import look, table
from qdabridge.formats.spreadsheet.cells import At, Cells
from qdabridge.formats.spreadsheet.package import Package
from qdabridge.formats.spreadsheet.sheet import MOST_ROWS, Choice, ColumnSetup, Setup
from qdabridge.formats.spreadsheet.styles import PLAIN, QUIET, Style
from qdabridge.formats.spreadsheet.table import TableColumn
from qdabridge.safety import writing

HEADINGS = (*COLUMNS, "looks like", "count", "context")
ENDINGS = (".xlsx", ".csv")

_FOR_ITS_OWNER = 0o600
_KEY, _HOW_TO, _FILES, _LISTS = "Key", "How to", "Files", "Lists"
_WIDTHS = (28, 24, 12, 16, 9, 22, 8, 80)
_TO_FILL_IN = Style(fill="FFF8E1", boxed=True)
_FOUND = Style(bold=True, boxed=True)
_ASIDE = Style(ink=QUIET)
_SPARE_ROWS = 200
"""Rows below the last one that offer lists, too: people add names."""

_ADVICE = (
    ("What to do", "Go through the sheet “Key”. Where “find” names somebody, write a pseudonym beside it."),
    ("What is no name", "Leave “replace” empty, or delete the row. Nothing is replaced there."),
    (
        "What is missing",
        "Add rows of your own: nicknames, names that are misspelled, small places. No list is complete.",
    ),
    ("One person, several names", "Give each name a row, and all of them pseudonyms that belong together."),
    ("find", "The name. It is replaced wherever it stands, also in the names of sources, cases and coders."),
    ("replace", "What comes in its place, such as Rose or [city]. This is the column to fill in."),
    ("kind", "For the log only; it is a guess, so mend it where it is wrong."),
    ("scope", "Empty: everywhere. Or the name of the one source or case in which this row holds."),
    (
        "match",
        "word: whole words, plurals and capitals too. exact: capitals as they stand. regex: a regular expression.",
    ),
    (
        "looks like, count, context",
        "Why it is proposed, how often it is there, and where first. They are not read back.",
    ),
    (
        "Then",
        "qdabridge pseudonymise STUDY KEY OUT replaces the names. qdabridge pseudonymise OUT KEY --verify tells "
        "what is left.",
    ),
    ("Keep it safe", "Whoever has this workbook can undo the pseudonyms. Keep it away from the study."),
)


def write_proposed(scanned: Scanned, path: Path, *, overwrite: bool = False) -> None:
    """Write what was found as a key to be filled in; rows whose ``replace`` stays empty are left alone.

    Raises:
        BadRequest: the path has the ending of no table, or the table has more rows than a sheet.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: it could not be written; an old one is as it was.
    """
    if path.suffix.lower() not in ENDINGS:
        raise BadRequest("A key is written as .xlsx or .csv.", where=str(path), todo="Give it such a name.")
    if path.suffix.lower() == ".csv":
        rows = (_row(each) for each in scanned.proposals)
        write_table(path, _KEY, HEADINGS, rows, overwrite=overwrite, mode=_FOR_ITS_OWNER)
        return
    if len(scanned.proposals) >= MOST_ROWS:
        raise BadRequest(f"A sheet has room for {MOST_ROWS:,} rows, and there are more.", todo="Write a .csv instead.")
    with (
        writing(path, overwrite=overwrite, mode=_FOR_ITS_OWNER) as stream,
        Package(stream, title="Proposal for a key of pseudonyms", made=datetime.now().astimezone()) as package,
    ):
        cells = Cells(package.styles, Findings())
        _write_key(package, cells, scanned.proposals)
        _write_how_to(package, cells)
        if scanned.properties:
            _write_files(package, cells, scanned.properties)
        _write_lists(package, cells)


def _row(proposal: Proposal) -> list[str | int]:
    return [
        proposal.find,
        proposal.replace,
        proposal.kind,
        "",
        "word",
        proposal.looks,
        proposal.count,
        proposal.context,
    ]


def _write_key(package: Package, cells: Cells, proposals: Sequence[Proposal]) -> None:
    columns = [
        TableColumn(heading, width, has_fills=heading in ("find", "replace"))
        for heading, width in zip(HEADINGS, _WIDTHS, strict=True)
    ]
    last = len(proposals) + 1 + _SPARE_ROWS
    setup = replace(
        table.setup(columns, len(proposals), frozen=1),
        choices=(
            Choice(f"C2:C{last}", f"{_LISTS}!$A$1:$A${len(get_args(Kind))}", "Choose a kind from the list."),
            Choice(f"E2:E{last}", f"{_LISTS}!$B$1:$B${len(get_args(Match))}", "Choose word, exact or regex."),
        ),
    )
    styles = (_FOUND, _TO_FILL_IN, PLAIN, PLAIN, PLAIN, _ASIDE, _ASIDE, _ASIDE)
    with package.sheet(_KEY, setup) as sheet:
        table.write_headings(sheet, _KEY, columns, cells)
        for number, proposal in enumerate(proposals, 2):
            row = _row(proposal)
            at = At(f"row {number}", _KEY, f"{_KEY}!A{number}")
            written = [cells.value(value, style, at) for value, style in zip(row, styles, strict=True)]
            written[1] = written[1] or cells.blank(_TO_FILL_IN)
            texts = [(str(value), width) for value, width in zip(row, _WIDTHS, strict=True)]
            sheet.row(number, written, height=look.height(texts))


def _write_how_to(package: Package, cells: Cells) -> None:
    columns = (ColumnSetup(28), ColumnSetup(90))
    with package.sheet(_HOW_TO, Setup(columns=columns)) as sheet:
        for number, (what, text) in enumerate(_ADVICE, 1):
            row = [cells.said(what, Style(bold=True)), cells.said(text, PLAIN)]
            sheet.row(number, row, height=look.height([(what, columns[0].width), (text, columns[1].width)]))


def _write_files(package: Package, cells: Cells, told: Sequence[Property]) -> None:
    columns = [TableColumn("file", 50), TableColumn("what", 12), TableColumn("says", 50)]
    with package.sheet(_FILES, table.setup(columns, len(told))) as sheet:
        table.write_headings(sheet, _FILES, columns, cells)
        for number, each in enumerate(told, 2):
            at = At(f"row {number}", _FILES, f"{_FILES}!A{number}")
            sheet.row(number, [cells.text(value, PLAIN, at) for value in (each.file, each.what, each.says)])


def _write_lists(package: Package, cells: Cells) -> None:
    kinds, ways = get_args(Kind), get_args(Match)
    with package.sheet(_LISTS, Setup(columns=(ColumnSetup(14), ColumnSetup(14))), state="hidden") as sheet:
        for number in range(max(len(kinds), len(ways))):
            sheet.row(
                number + 1,
                [cells.said(each[number], PLAIN) if number < len(each) else "" for each in (kinds, ways)],
            )
