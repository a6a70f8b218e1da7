"""What stands over the columns of a matrix, themes over codes, and in which colours."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, groupby
from typing import NamedTuple

from qdabridge.formats.spreadsheet import look
from qdabridge.formats.spreadsheet.plan import LABEL_COLUMN, Slot
from qdabridge.formats.spreadsheet.styles import Style
from qdabridge.matrix import Matrix

ATTRIBUTES_HEADING = "Attributes"

_GREY = "E4E8ED"


class Heading(NamedTuple):
    """What stands over one column: texts and fills of both rows; ``room`` is the width that the upper text has."""

    above: str
    below: str
    fill_above: str
    fill_below: str
    room: float = 0


def headings_of(matrix: Matrix, slots: list[Slot], widths: list[float]) -> list[Heading]:
    """Return the headings of the columns of a sheet, of which the widths are known."""
    headings = [Heading("", slot.heading, _GREY, _GREY, 0) for slot in slots]
    of_attributes = [number for number, slot in enumerate(slots) if slot.kind == "attribute"]
    if of_attributes:
        room = sum(widths[number] for number in of_attributes)
        headings[of_attributes[0]] = headings[of_attributes[0]]._replace(above=ATTRIBUTES_HEADING, room=room)
    first = len(of_attributes) + LABEL_COLUMN + 1
    neutral = cycle(look.NEUTRAL)
    numbers = range(first, len(slots))
    for _, group in groupby(numbers, lambda number: matrix.columns[slots[number].number].theme_guid):
        of_theme = list(group)
        room = sum(widths[number] for number in of_theme)
        headings[of_theme[0] : of_theme[-1] + 1] = _theme_headings(
            matrix, [slots[n] for n in of_theme], next(neutral), room
        )
    return headings


def _theme_headings(matrix: Matrix, slots: list[Slot], neutral: str, room: float) -> Iterator[Heading]:
    """Give the headings of one theme. A code that stands alone on the first level has no theme over it.

    The theme stands in its first column and reaches over the others, which are empty. Merged, no column of it could be
    moved.
    """
    theme = matrix.columns[slots[0].number]
    over = look.fill(theme.theme_color) or neutral
    alone = len(theme.path) == 1 and all(slot.number == slots[0].number for slot in slots)
    for number, slot in enumerate(slots):
        below = look.fill(matrix.columns[slot.number].color) or look.paler(over)
        yield Heading("" if alone or number else theme.theme, slot.heading, over, below, 0 if number else room)


def theme_style(heading: Heading) -> Style:
    """Return the look of the upper heading."""
    # Text that wraps stays in its cell.
    fits = look.lines_needed(heading.above, heading.room * 0.8) == 1
    return Style(
        bold=True,
        size=11,
        fill=heading.fill_above,
        ink=look.ink(heading.fill_above),
        wrap=not fits,
        middle=True,
    )


def code_style(heading: Heading, slot: Slot) -> Style:
    """Return the look of the lower heading."""
    style = Style(bold=True, fill=heading.fill_below, ink=look.ink(heading.fill_below), boxed=True, middle=True)
    if slot.kind == "link":
        return style._replace(bold=False, size=8, rotated=True, across=True, wrap=False)
    return style._replace(across=True) if slot.kind == "figure" else style
