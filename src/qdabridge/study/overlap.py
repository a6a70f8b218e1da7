"""Which stretches overlap, and in what part: of a text, of a recording, or areas of a page.

Plain intervals; it does not know what they stand for. A sweep from left to right keeps it fast where thousands of
passages of one text are coded and said by several people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

Span: TypeAlias = tuple[int, int]


class Axis(NamedTuple):
    """What two selections of a source must share to overlap: a text, by its identity, the recording, or a page."""

    text: int
    page: int = 0
    divisible: bool = True


class Stretch(NamedTuple):
    """A stretch of an axis, end exclusive, for areas also its extent across; ``whose`` is what it stands for."""

    start: int
    end: int
    low: int
    high: int
    whose: int


class Extent(NamedTuple):
    """Where a selection lies."""

    axis: Axis
    start: int
    end: int
    low: int = 0
    high: int = 1

    def stretch(self, whose: int) -> Stretch:
        """Return the stretch, from its lesser to its greater end."""
        return Stretch(min(self.start, self.end), max(self.start, self.end), self.low, self.high, whose)


def shared_parts(coded: Iterable[Stretch], marked: Iterable[Stretch]) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """Give each coded stretch that overlaps a marked one: whose each is, and the parts they share.

    No parts means all of the coded stretch. It costs sorting, and then one step for each pair that overlaps.

    >>> list(shared_parts([Stretch(0, 9, 0, 1, 7)], [Stretch(2, 4, 0, 1, 1), Stretch(6, 20, 0, 1, 1)]))
    [(7, 1, ((2, 4), (6, 9)))]
    """
    parts: dict[tuple[int, int], list[Span]] = {}
    whole: set[tuple[int, int]] = set()
    for one, other in overlaps(coded, united(marked)):
        pair = one.whose, other.whose
        span = max(one.start, other.start), min(one.end, other.end)
        parts.setdefault(pair, []).append(span)
        if span == (one.start, one.end):
            whole.add(pair)
    for pair, spans in parts.items():
        yield *pair, () if pair in whole else tuple(sorted(spans))


def united(marked: Iterable[Stretch]) -> list[Stretch]:
    """Join the stretches of one owner that overlap or touch, as when two coders mark one turn; areas stay apart."""
    found: list[Stretch] = []
    for stretch in sorted(marked, key=lambda each: (each.whose, each.low, each.high, each.start)):
        last = found[-1] if found else None
        if last and last[2:] == stretch[2:] and stretch.start <= last.end:
            found[-1] = last._replace(end=max(last.end, stretch.end))
        else:
            found.append(stretch)
    return found


def overlaps(left: Iterable[Stretch], right: Iterable[Stretch]) -> Iterator[tuple[Stretch, Stretch]]:
    """Give every pair that overlaps; an empty stretch overlaps what covers the place where it is."""
    events = sorted([(each.start, 0, each) for each in left] + [(each.start, 1, each) for each in right])
    open_now: tuple[list[Stretch], list[Stretch]] = ([], [])
    for start, side, stretch in events:
        # Whoever begins meets all of the other side that have not ended; those that have are forgotten.
        others = open_now[1 - side]
        others[:] = [other for other in others if other.end > start or other.start == start]
        for other in others:
            if max(other.low, stretch.low) < min(other.high, stretch.high):
                yield (stretch, other) if side == 0 else (other, stretch)
        open_now[side].append(stretch)
