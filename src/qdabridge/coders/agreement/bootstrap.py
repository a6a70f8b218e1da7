"""How sure a figure is: percentile intervals from drawing the sources again and again, with replacement.

What one coder does in a source hangs together, so whole sources are drawn, not characters. All draws are added up at
once: a long whole number holds the sums of every draw side by side, 64 bits each, and Python adds and multiplies such
numbers in C. It knows nothing of what the sources are.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Literal, TypeAlias

from msgspec import Struct

from qdabridge.coders.agreement.counting import Counts
from qdabridge.coders.agreement.measures import Figure, Undefined

_TOO_FEW = Undefined("fewer than two sources")
_TOO_OFTEN = Undefined("undefined in more than one draw of twenty")
_LANE = 8
_BYTE_ORDER: Literal["little"] = "little"


class Interval(Struct, frozen=True):
    """Where a figure lies with 95 percent: from the 2.5th to the 97.5th percentile of the draws."""

    low: float
    high: float


Range: TypeAlias = Interval | Undefined


class Draws:
    """Draws of the sources.

    Args:
        sizes: how many units each source has.
        draws: how many times the sources are drawn.
        seed: of the random numbers; the same seed gives the same intervals.
    """

    def __init__(self, sizes: Sequence[int], draws: int, seed: int) -> None:
        self._number = draws
        self._sources = len(sizes)
        random = Random(seed)
        times = [array("Q", bytes(_LANE * draws)) for _ in sizes]
        for draw in range(draws):
            for source in random.choices(range(len(sizes)), k=len(sizes)) if sizes else ():
                times[source][draw] += 1
        # Each as one long number: the lanes never run over, sums of units stay far below 2 ** 64.
        self._times = [int.from_bytes(_little(each), _BYTE_ORDER) for each in times]
        self._size = sum(map(int.__mul__, self._times, sizes))

    def intervals(
        self,
        counts: Iterable[tuple[int, Counts]],
        coders: int,
        measures: Sequence[Callable[[Counts], Figure]],
        codes: int = 1,
    ) -> list[Range]:
        """Return the interval of each measure of a sum of counts.

        Args:
            counts: the number of a source, and what was counted there; sources where nothing was marked may be absent.
            coders: how many coders there are.
            measures: what is wanted.
            codes: how many codes the counts are of, each of which every source was looked through for.
        """
        if self._sources < 2 or not self._number:
            return [_TOO_FEW] * len(measures)
        lanes = [0] * (2 * coders)
        for source, each in counts:
            times = self._times[source]
            for place, number in enumerate((*each.marks[1:], *each.coded)):
                if number:
                    lanes[place] += times * number
        sums = [self._unpacked(lane) for lane in lanes]
        sizes = self._unpacked(self._size * codes)
        drawn: list[list[float]] = [[] for _ in measures]
        for draw in range(self._number):
            marks = [each[draw] for each in sums[:coders]]
            one = Counts((sizes[draw] - sum(marks), *marks), tuple([each[draw] for each in sums[coders:]]))
            for values, measure in zip(drawn, measures, strict=True):
                value = measure(one)
                if isinstance(value, float):
                    values.append(value)
        return [self._interval(values) for values in drawn]

    def _interval(self, values: list[float]) -> Range:
        if len(values) * 20 < self._number * 19:
            return _TOO_OFTEN
        values.sort()
        return Interval(_percentile(values, 0.025), _percentile(values, 0.975))

    def _unpacked(self, lanes: int) -> array[int]:
        found = array("Q")
        found.frombytes(lanes.to_bytes(_LANE * self._number, _BYTE_ORDER))
        return _native(found)


def _percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile of sorted values, linear between the two that are nearest."""
    place = share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


def _little(numbers: array[int]) -> bytes:
    return _native(array("Q", numbers)).tobytes()


def _native(numbers: array[int]) -> array[int]:
    """Turn between the machine's order of bytes and the one that the lanes are in."""
    import sys

    if sys.byteorder != _BYTE_ORDER:
        numbers.byteswap()
    return numbers
