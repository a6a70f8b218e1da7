"""The list for the meeting: every disagreement in a row, its words in context, and columns to decide in.

It knows how the list looks and what it hides (``meeting_ids``), and nothing of how disagreements are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

from qdabridge.formats.spreadsheet import look
from qdabridge.formats.spreadsheet.cells import At, Cells, run_look
from qdabridge.formats.spreadsheet.meeting_ids import HIDDEN_SHEET, KEYS, MARK, NO_KEY, Key, Parties, choices_at
from qdabridge.formats.spreadsheet.package import Package, quoted_name
from qdabridge.formats.spreadsheet.sheet import Choice, ColumnSetup, Setup, letters
from qdabridge.formats.spreadsheet.styles import PLAIN, QUIET, Style
from qdabridge.formats.spreadsheet.table import HEADING

MEETING_SHEET = "For the meeting"
FIRST_ROW = 3
"""Where the disagreements begin, below the hidden row and the headings."""

PartKind: TypeAlias = Literal["around", "all", "some", "first", "second"]

FIRST_INK, SECOND_INK = "0B5CAD", "B0500A"
"""The inks of what only the first of two coders coded, and only the second."""

_LOOKS: dict[PartKind, str] = {
    "around": run_look(QUIET),
    "all": run_look("111820", "<b/>"),
    "some": run_look("7A3E9D", "<b/><u/>"),
    "first": run_look(FIRST_INK, "<b/><u/>"),
    # Underlined twice, so that it can be told from the other in black and white.
    "second": run_look(SECOND_INK, '<b/><u val="double"/>'),
}
_ASIDE = Style(ink=QUIET, italic=True)
_NUMBER = Style(ink=QUIET, size=9, across=True, wrap=False)
_CODE = Style(bold=True)
_ID = Style(ink=QUIET, size=8, wrap=False)
# Text, so that no program makes a date of “0:12” or a sum of “=”.
_TO_FILL = Style(number_format="@", fill="FFF9E3", boxed=True)
_DECIDE = Style(number_format="@", fill="FFF9E3", boxed=True, bold=True)
_FILL_HEADING = HEADING._replace(fill="8A6A12")
_TAB = "8A6A12"
_TOLD = (
    "Choose from the list. A passage with other limits goes into the next column, words of your own into the remark."
)


class Part(NamedTuple):
    """A part of a passage and who coded it: all, some of many, only the first or the second of two, or nobody."""

    kind: PartKind
    text: str


class Act(NamedTuple):
    """What one coder did: in words, and whether it was coding."""

    text: str
    coded: bool


class Point(Struct, frozen=True):
    """One disagreement as a row.

    Args:
        id: finds it again.
        source, place, code: in words.
        differs: in a few words, the same for all that differ in the same way.
        passage: its words in context.
        acts: what each coder did, in order.
    """

    id: str
    source: str
    place: str
    code: str
    differs: str
    passage: tuple[Part, ...]
    acts: tuple[Act, ...]


class _Column(NamedTuple):
    heading: str
    width: float
    key: Key | None = None
    ink: str = ""


def write_meeting(package: Package, cells: Cells, parties: Parties, points: Sequence[Point]) -> None:
    """Write the list, and the hidden sheet that belongs to it."""
    columns = _columns(parties, points)
    with package.sheet(MEETING_SHEET, _setup(columns, parties, len(points))) as sheet:
        keys = [MARK, *(column.key or NO_KEY for column in columns)]
        sheet.row(1, [cells.said(each, _ID) for each in keys], is_hidden=True)
        titles = [(column.heading, column.width - look.FILTER_BUTTON) for column in columns]
        headings = [cells.said("id", HEADING), *(_heading(cells, column) for column in columns)]
        sheet.row(FIRST_ROW - 1, headings, height=look.high_enough(titles, least=30))
        for number, point in enumerate(points, 1):
            row = FIRST_ROW + number - 1
            written = _cells_of(cells, number, point, row, len(columns))
            sheet.row(row, [cells.said(point.id, _ID), *written], height=_height(point, columns))
    _write_hidden(package, cells, list(parties.rows()))


def _write_hidden(package: Package, cells: Cells, rows: list[list[str]]) -> None:
    setup = Setup(columns=(ColumnSetup(20),) * max(map(len, rows)))
    with package.sheet(HIDDEN_SHEET, setup, state="veryHidden") as sheet:
        for number, row in enumerate(rows, 1):
            at = At("", "sheet of ids", f"{HIDDEN_SHEET}!A{number}")
            sheet.row(number, [cells.text(each, PLAIN, at) if each else "" for each in row])


def _columns(parties: Parties, points: Sequence[Point]) -> list[_Column]:
    inks = (FIRST_INK, SECOND_INK) if len(parties.coders) == 2 else ("",) * len(parties.coders)
    return [
        _Column("No.", 6),
        _Column("Source", look.text_width((each.source for each in points), "Source", least=12, most=20)),
        _Column("Where", look.text_width((each.place for each in points), "Where", least=9, most=13)),
        _Column("Code", look.text_width((each.code for each in points), "Code", least=16, most=26)),
        _Column("What differs", 13),
        _Column("Passage in its context", 66),
        *(
            _Column(f"{coder.letter}: {coder.name}", 22, ink=ink)
            for coder, ink in zip(parties.coders, inks, strict=True)
        ),
        _Column("Decision", 15, "decision"),
        _Column("New passage", 26, "passage"),
        _Column("Remark", 30, "remark"),
    ]


def _setup(columns: Sequence[_Column], parties: Parties, rows: int) -> Setup:
    last_letter, last = letters(len(columns)), FIRST_ROW + max(rows, 1) - 1
    decide = next(number for number, column in enumerate(columns, 1) if column.key == "decision")
    styles = [None if column.key is None else _DECIDE if column.key == "decision" else _TO_FILL for column in columns]
    offered = Choice(f"{letters(decide)}{FIRST_ROW}:{letters(decide)}{last}", choices_at(parties), _TOLD)
    return Setup(
        columns=(
            ColumnSetup(20, is_hidden=True),
            *(ColumnSetup(column.width, style or PLAIN) for column, style in zip(columns, styles, strict=True)),
        ),
        frozen=(FIRST_ROW - 1, 2),
        filtered=f"A{FIRST_ROW - 1}:{last_letter}{last}",
        banded=f"B{FIRST_ROW}:{letters(decide - 1)}{last}",
        choices=(offered,) if rows else (),
        title_rows=(FIRST_ROW - 1, FIRST_ROW - 1),
        large_paper=True,
        color=_TAB,
    )


def _heading(cells: Cells, column: _Column) -> str:
    style = _FILL_HEADING if column.key else HEADING._replace(fill=column.ink) if column.ink else HEADING
    return cells.text(column.heading, style, At("", f"heading {column.heading}", f"{quoted_name(MEETING_SHEET)}!A2"))


def _cells_of(cells: Cells, number: int, point: Point, row: int, columns: int) -> list[str]:
    at = At(f"{point.source}, {point.place}", point.code, f"{quoted_name(MEETING_SHEET)}!{letters(6)}{row}")
    passage = [(_LOOKS[kind], text) for kind, text in point.passage]
    written = [
        cells.number(number, _NUMBER),
        cells.text(point.source, PLAIN, at),
        cells.text(point.place, PLAIN, at),
        cells.text(point.code, _CODE, at),
        cells.text(point.differs, PLAIN, at),
        cells.runs(passage, PLAIN, at) if passage else cells.said("(no text)", _ASIDE),
        *(cells.text(act.text, PLAIN if act.coded else _ASIDE, at) for act in point.acts),
    ]
    fill = [cells.blank(_DECIDE if key == "decision" else _TO_FILL) for key in KEYS]
    assert len(written) + len(fill) == columns
    return [*written, *fill]


def _height(point: Point, columns: Sequence[_Column]) -> float:
    passage = "".join(text for _, text in point.passage)
    texts = ["", point.source, point.place, point.code + point.code[::8], point.differs, passage]
    texts += [act.text for act in point.acts]
    widths = [column.width for column in columns]
    return min(look.height(zip(texts, widths, strict=False)), look.TALLEST)
