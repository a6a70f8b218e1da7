"""How sure a figure is: percentile intervals from drawing the sources again and again, with replacement.

What one coder does in a source hangs together, so whole sources are drawn, not characters. All draws are added up at
once: a long whole number holds the sums of every draw side by side, 32 or 64 bits each, and Python adds and multiplies
such numbers in C. It knows nothing of what the sources are.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import add
from random import Random
from typing import Literal, TypeAlias

from msgspec import Struct

from qdabridge.coders.agreement.counting import Counts
from qdabridge.coders.agreement.measures import Figure, Undefined
from qdabridge.errors import BadRequest

_TOO_FEW = Undefined("fewer than two sources")
_TOO_OFTEN = Undefined("undefined in more than one draw of twenty")
_BYTE_ORDER: Literal["little"] = "little"


class Interval(Struct, frozen=True):
    """Where a figure lies with 95 percent: from the 2.5th to the 97.5th percentile of the draws."""

    low: float
    high: float


Range: TypeAlias = Interval | Undefined


Drawn: TypeAlias = list[Sequence[int]]
"""What was counted, added up for every draw: units marked by one coder, by two … by all; then those of each coder."""


class Draws:
    """Draws of the sources.

    Args:
        sizes: how many units each source has.
        draws: how many times the sources are drawn.
        seed: of the random numbers; the same seed gives the same intervals.

    Raises:
        BadRequest: a source is larger than any is, because a selection in it ends nowhere on earth.
    """

    def __init__(self, sizes: Sequence[int], draws: int, seed: int) -> None:
        self._number = draws
        self._sources = len(sizes)
        random = Random(seed)
        most = max(sizes, default=0) * len(sizes)
        if most >= 1 << 64:
            raise BadRequest(
                "A selection reaches further than any text, picture or recording, so that there are no intervals.",
                todo="See which one with qdabridge check, or go on without intervals: --draws 0.",
            )
        # Sums of units must not run over into the next lane.
        self._lane: Literal["I", "Q"] = "I" if most < 1 << 32 else "Q"
        times = [array(self._lane, bytes(array(self._lane).itemsize * draws)) for _ in sizes]
        for draw in range(draws):
            for source in random.choices(range(len(sizes)), k=len(sizes)) if sizes else ():
                times[source][draw] += 1
        self._times = [int.from_bytes(_native(each).tobytes(), _BYTE_ORDER) for each in times]
        self._sizes = self._unpacked(sum(map(int.__mul__, self._times, sizes)))

    def sums(self, counts: Iterable[tuple[int, Counts]], coders: int) -> Drawn:
        """Add up what was counted for one code.

        Args:
            counts: the number of a source, and what was counted there; sources where nothing was marked may be absent,
                and none may be there twice.
            coders: how many coders there are.
        """
        lanes = [0] * (2 * coders - 1)
        for source, each in counts:
            times = self._times[source]
            # What the last coder marked is what the others did not mark of all that was marked.
            for place, number in enumerate((*each.marks[1:], *each.coded[:-1])):
                if number:
                    lanes[place] += times * number
        last = sum(number * lane for number, lane in enumerate(lanes[:coders], 1)) - sum(lanes[coders:])
        return [self._unpacked(lane) for lane in (*lanes, last)]

    def intervals(self, drawn: Drawn, codes: int, figures: Callable[[Counts], Sequence[Figure]]) -> list[Range]:
        """Return the interval of each figure of what was added up.

        Args:
            drawn: sums of one code, or of several together.
            codes: how many codes that are, each of which every source was looked through for.
            figures: what is wanted, made of counts.
        """
        coders = len(drawn) // 2
        marks, coded = drawn[:coders], drawn[coders:]
        neither = [size * codes - sum(some) for size, some in zip(self._sizes, zip(*marks, strict=True), strict=True)]
        draws = zip(zip(neither, *marks, strict=True), zip(*coded, strict=True), strict=True)
        found = [figures(Counts(*each)) for each in draws]
        columns = zip(*found, strict=True)
        return [self._interval([each for each in values if isinstance(each, float)]) for values in columns]

    def _interval(self, values: list[float]) -> Range:
        if self._sources < 2:
            return _TOO_FEW
        if len(values) * 20 < self._number * 19:
            return _TOO_OFTEN
        values.sort()
        return Interval(_percentile(values, 0.025), _percentile(values, 0.975))

    def _unpacked(self, lanes: int) -> array[int]:
        found = array(self._lane)
        found.frombytes(lanes.to_bytes(found.itemsize * self._number, _BYTE_ORDER))
        return _native(found)


def together(drawn: Sequence[Drawn]) -> Drawn | None:
    """Return the sums of several codes; ``None`` where there are none."""
    if not drawn:
        return None
    found = drawn[0]
    for each in drawn[1:]:
        found = [list(map(add, one, other)) for one, other in zip(found, each, strict=True)]
    return found


def _percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile of sorted values, linear between the two that are nearest."""
    place = share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


def _native(numbers: array[int]) -> array[int]:
    """Turn between the machine's order of bytes and the one that the lanes are in."""
    import sys

    if sys.byteorder != _BYTE_ORDER:
        numbers.byteswap()
    return numbers
