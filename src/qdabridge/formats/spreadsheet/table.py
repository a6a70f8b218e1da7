"""A plain table on a sheet of its own: one heading row that stays in sight, a filter, tinted rows.

It knows what a table looks like, and nothing of what is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qdabridge.formats.spreadsheet import look
from qdabridge.formats.spreadsheet.cells import At, Cells
from qdabridge.formats.spreadsheet.package import quoted_name
from qdabridge.formats.spreadsheet.sheet import ColumnSetup, Setup, Sheet, letters
from qdabridge.formats.spreadsheet.styles import PLAIN, Style

HEADING = Style(bold=True, fill="44546A", ink="FFFFFF", boxed=True, middle=True)


class TableColumn(NamedTuple):
    """A column of a table; one that has fills of its own comes first, and is left out of the tinted rows."""

    heading: str
    width: float
    is_grouped: bool = False
    is_hidden: bool = False
    has_bars: bool = False
    has_fills: bool = False


def setup(
    columns: Sequence[TableColumn], rows: int, *, frozen: int = 0, color: str = "8A97A6", right_to_left: bool = False
) -> Setup:
    """Return what is to be known of the sheet of a table; ``frozen`` columns stay in sight."""
    last_letter, last = letters(len(columns) - 1), rows + 1
    bars = [letters(number) for number, column in enumerate(columns) if column.has_bars]
    return Setup(
        columns=tuple(ColumnSetup(each.width, PLAIN, each.is_hidden, each.is_grouped) for each in columns),
        frozen=(1, frozen),
        filtered=f"A1:{last_letter}{last}",
        banded=f"{_first_without_fill(columns)}2:{last_letter}{last}" if rows else "",
        bars=" ".join(f"{letter}2:{letter}{last}" for letter in bars) if rows else "",
        title_rows=(1, 1),
        large_paper=sum(column.width for column in columns if not column.is_hidden) > look.PAGE,
        color=color,
        right_to_left=right_to_left,
    )


def write_headings(sheet: Sheet, name: str, columns: Sequence[TableColumn], cells: Cells) -> None:
    """Write the heading row."""
    written = [
        cells.text(each.heading, HEADING, At("", f"heading {each.heading}", f"{quoted_name(name)}!{letters(number)}1"))
        for number, each in enumerate(columns)
    ]
    texts = [(each.heading, each.width - look.FILTER_BUTTON) for each in columns if not each.is_hidden]
    sheet.row(1, written, height=look.high_enough(texts, least=22))


def _first_without_fill(columns: Sequence[TableColumn]) -> str:
    return letters(next((number for number, column in enumerate(columns) if not column.has_fills), 0))
