"""How many units each coder marked and how many they marked together: from intervals, never unit by unit.

Plain intervals and whole numbers; what a unit is (a character, a millisecond, a square point) is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import add
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct

from qdabridge.study.overlap import Span

_POSITION = 40
_SLOT = (1 << _POSITION) - 1


class Counts(Struct, frozen=True, gc=False):
    """How the units of one code were marked by the coders.

    Args:
        marks: how many units were marked by none of the coders, by one, by two … by all.
        coded: how many units each coder marked.
    """

    marks: tuple[int, ...]
    coded: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many units there are."""
        return sum(self.marks)

    @property
    def both(self) -> int:
        """Units that all coders marked: NVivo's A and B."""
        return self.marks[-1]

    @property
    def neither(self) -> int:
        """Units that nobody marked: NVivo's not A and not B."""
        return self.marks[0]

    @property
    def a_only(self) -> int:
        """Of two coders: units that only the first marked."""
        return self.coded[0] - self.marks[-1]

    @property
    def b_only(self) -> int:
        """Of two coders: units that only the second marked."""
        return self.coded[1] - self.marks[-1]

    def __add__(self, other: Counts) -> Counts:
        return Counts(tuple(map(add, self.marks, other.marks)), tuple(map(add, self.coded, other.coded)))


class Rectangle(NamedTuple):
    """An area, its right and its top exclusive."""

    left: int
    low: int
    right: int
    high: int


Marked: TypeAlias = Sequence[Sequence[Span]]
"""For each coder, the intervals that the coder marked, merged and in order."""


Stretched: TypeAlias = tuple[int, int, *tuple[Any, ...]]
"""Something from a beginning to an end, whatever else there is to it."""


def nothing(coders: int, size: int = 0) -> Counts:
    """Return the counts of units that nobody marked."""
    return Counts((size, *[0] * coders), (0,) * coders)


def total(counts: Iterable[Counts], coders: int) -> Counts:
    """Return the sum of counts."""
    those = list(counts)
    if not those:
        return nothing(coders)
    marks, coded = zip(*[each.marks for each in those], strict=True), zip(*[each.coded for each in those], strict=True)
    return Counts(tuple(map(sum, marks)), tuple(map(sum, coded)))


def merged(spans: Iterable[Span], size: int) -> list[Span]:
    """Return intervals in order, those that overlap or touch as one, none reaching out of 0 to ``size``.

    >>> merged([(5, 9), (0, 3), (3, 4), (8, 30)], 20)
    [(0, 4), (5, 20)]
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        start, end = max(start, 0), min(end, size)
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def count(marked: Marked, size: int) -> Counts:
    """Count the units from 0 to ``size``; it costs sorting the ends of the intervals.

    >>> count([[(0, 10)], [(5, 25)]], 100)
    Counts(marks=(75, 20, 5), coded=(10, 20))
    """
    coded = tuple(sum(end - start for start, end in spans) for spans in marked)
    busy = [spans for spans in marked if spans]
    marks = [0] * (len(marked) + 1)
    if len(busy) == 1:
        marks[1] = sum(coded)
    elif busy:
        events = sorted(
            [(start, 1) for spans in busy for start, _ in spans] + [(end, -1) for s in busy for _, end in s]
        )
        depth = before = 0
        for position, step in events:
            marks[depth] += position - before
            depth, before = depth + step, position
    marks[0] = size - sum(marks[1:])
    return Counts(tuple(marks), coded)


def count_all(marks: Iterable[tuple[int, int, Iterable[Stretched]]], size: int, coders: int) -> dict[int, Counts]:
    """Count the units from 0 to ``size`` for many codes in one sweep over all ends of intervals.

    Args:
        marks: a code, the number of a coder, and what the coder marked with it, in any order; it may overlap.
        size: how many units there are.
        coders: how many coders there are.

    >>> count_all([(7, 0, [(0, 6), (4, 10)]), (7, 1, [(5, 25)])], 100, 2)
    {7: Counts(marks=(75, 20, 5), coded=(10, 20))}
    """
    places: dict[int, int] = {}
    ends: list[int] = []
    for code, coder, those in marks:
        # One number for each end: the position, what was marked by whom, and whether it begins there. It sorts fast.
        begins = (places.setdefault(code, len(places)) * coders + coder) << 1 | 1
        for each in those:
            start, end = each[0], each[1]
            if start < 0:
                start = 0
            if end > size:
                end = size
            if start < end:
                ends += (start << _POSITION | begins, end << _POSITION | begins - 1)
    ends.sort()
    opened = [0] * (len(places) * coders)
    coded = [0] * len(opened)
    depths = [0] * len(places)
    # Of each code, how many units are marked by one coder or more, by two or more … by all.
    at_least = [0] * len(opened)
    for edge in ends:
        position, slot = edge >> _POSITION, (edge & _SLOT) >> 1
        if edge & 1:
            opened[slot] += 1
            if opened[slot] == 1:
                place = slot // coders
                coded[slot] -= position
                at_least[place * coders + depths[place]] -= position
                depths[place] += 1
        else:
            opened[slot] -= 1
            if not opened[slot]:
                place = slot // coders
                coded[slot] += position
                depths[place] -= 1
                at_least[place * coders + depths[place]] += position
    found = {}
    for code, place in places.items():
        here = slice(place * coders, (place + 1) * coders)
        reached = (size, *at_least[here], 0)
        found[code] = Counts(tuple([one - more for one, more in pairwise(reached)]), tuple(coded[here]))
    return found


def count_areas(marked: Sequence[Sequence[Rectangle]], page: Rectangle) -> Counts:
    """Count the units of area of a page, strip by strip between the edges of the rectangles."""
    wide, tall = max(page.right - page.left, 0), max(page.high - page.low, 0)
    inside = [[clipped for each in those if (clipped := _clipped(each, page)) is not None] for those in marked]
    edges = sorted({edge for those in inside for each in those for edge in (each.left, each.right)})
    found = nothing(len(marked))
    covered = 0
    for left, right in pairwise(edges):
        across = [
            merged(((each.low, each.high) for each in those if each.left <= left and right <= each.right), tall)
            for those in inside
        ]
        strip = count(across, tall)
        width = right - left
        covered += width
        found += Counts(tuple(width * each for each in strip.marks), tuple(width * each for each in strip.coded))
    return found + nothing(len(marked), (wide - covered) * tall)


def _clipped(each: Rectangle, page: Rectangle) -> Rectangle | None:
    """Return the part of a rectangle that is on the page, counted from the page's corner."""
    left, right = max(each.left, page.left) - page.left, min(each.right, page.right) - page.left
    low, high = max(each.low, page.low) - page.low, min(each.high, page.high) - page.low
    return Rectangle(left, low, right, high) if left < right and low < high else None
