"""Krippendorff's alphas for those who choose their own segments: whether the same passages were found, and coded alike.

The family that ATLAS.ti reports. A text is a continuum that each coder cuts into segments with a label and gaps between
them. Sources: Krippendorff, Mathet, Bouvry and Widlöcher (2016), Quality & Quantity 50; Krippendorff (2019), Content
analysis, 4th edition, section 12.6. It knows nothing of studies: it is given segments, text by text.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations, pairwise
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from qdabridge.coders.agreement.measures import Figure, Undefined

_ALL_ONE = Undefined("only one thing was ever chosen")
_NO_COMMON = Undefined("no passage was coded by two coders")
_NOTHING = Undefined("nothing coded")


class Segment(NamedTuple):
    """A stretch with a label; those of one coder do not overlap."""

    start: int
    end: int
    label: Hashable


Segments: TypeAlias = Sequence[Sequence[Segment]]
"""The segments of each coder, in order."""


class Unitized(Struct, frozen=True):
    """The alphas of a continuum.

    Args:
        u: whether the coders find the same segments and give them the same labels (ᵤα, nominal).
        binary: whether they find the same segments, whatever the label (|ᵤα, ATLAS.ti's alpha-binary).
        cu: where both found something, whether they give it the same label (cuα; ATLAS.ti's cu-alpha where labels are
            codes of a theme, Cu-alpha where labels are themes).
    """

    u: Figure
    binary: Figure
    cu: Figure


def segments(marks: Iterable[tuple[int, int, Hashable]], size: int) -> list[Segment]:
    """Cut what one coder marked into segments that do not overlap.

    Where several labels stand on the same passage, the label is the set of them; a single one is a set of one.
    """
    inside = {(max(start, 0), min(end, size), label) for start, end, label in marks if start < size and end > 0}
    # Labels may have no order, so only places are sorted. Mostly nobody gives a passage two codes of one theme.
    ordered = sorted((each for each in inside if each[0] < each[1]), key=itemgetter(0, 1))
    if all(one[1] <= other[0] for one, other in pairwise(ordered)):
        return [Segment(start, end, frozenset((label,))) for start, end, label in ordered]
    edges: dict[int, tuple[list[Hashable], list[Hashable]]] = {}
    for start, end, label in ordered:
        edges.setdefault(start, ([], []))[0].append(label)
        edges.setdefault(end, ([], []))[1].append(label)
    found: list[Segment] = []
    open_now: dict[Hashable, int] = {}
    before = 0
    for position in sorted(edges):
        if open_now:
            found.append(Segment(before, position, frozenset(open_now)))
        begun, ended = edges[position]
        for label in begun:
            open_now[label] = open_now.get(label, 0) + 1
        for label in ended:
            open_now[label] -= 1
            if not open_now[label]:
                del open_now[label]
        before = position
    return _rejoined(found, edges)


def _rejoined(found: list[Segment], edges: dict[int, tuple[list[Hashable], list[Hashable]]]) -> list[Segment]:
    """Join neighbours of one label where no passage ended and none began but inside another of the same label."""
    joined: list[Segment] = []
    for each in found:
        last = joined[-1] if joined else None
        if last and last.end == each.start and last.label == each.label and not all(edges[each.start]):
            joined[-1] = Segment(last.start, each.end, each.label)
        else:
            joined.append(each)
    return joined


class Continuum:
    """Texts taken as one continuum, whose alphas are wanted.

    Args:
        coders: how many coders there are.
    """

    # What is added up over texts. Lengths of coincidences count each pair of coders both ways round.

    def __init__(self, coders: int) -> None:
        self._others = coders - 1
        self._length = 0
        self._own: dict[Hashable, int] = {}
        self._squares = 0
        self._both = self._both_gaps = self._same = 0
        self._common: dict[Hashable, int] = {}
        self._common_squares = 0

    def add(self, given: Segments, size: int) -> None:
        """Add a text: the segments of each coder, and its length."""
        self._length += size * len(given)
        own = self._own
        covered = []
        for those in given:
            marked = 0
            for start, end, label in those:
                length = end - start
                marked += length
                own[label] = own.get(label, 0) + length
                self._squares += length * length
            covered.append(marked)
        # Of each segment of each coder: how much of it the other coders have marked too, all added up.
        shared = [[0] * len(those) for those in given]
        for one, other in combinations(range(len(given)), 2):
            both = self._add_pair(given[one], given[other], shared[one], shared[other])
            self._both += 2 * both
            self._both_gaps += 2 * (size - covered[one] - covered[other] + both)
        self._common_squares += sum(each * each for those in shared for each in those)

    def _add_pair(
        self, first: Sequence[Segment], second: Sequence[Segment], of_first: list[int], of_second: list[int]
    ) -> int:
        """Add where segments of two coders meet, both rows being in order, and return how long that is together."""
        common = self._common
        place = other = together = same = 0
        while place < len(first) and other < len(second):
            start, end, label = first[place]
            begin, stop, value = second[other]
            length = (end if end < stop else stop) - (start if start > begin else begin)
            if length > 0:
                together += length
                if label == value:
                    same += length
                common[label] = common.get(label, 0) + length
                common[value] = common.get(value, 0) + length
                of_first[place] += length
                of_second[other] += length
            if end <= stop:
                place += 1
            else:
                other += 1
        self._same += 2 * same
        return together

    def alphas(self) -> Unitized:
        """Return the alphas of what was added."""
        return Unitized(self._u(), self._binary(), self._cu())

    def _u(self) -> Figure:
        """Equation 34: every label for itself, the gap among them."""
        gap = self._length - sum(self._own.values())
        agreeing = self._same + self._both_gaps
        by_chance = self._length**2 - gap**2 - sum(each**2 for each in self._own.values())
        return self._alpha(agreeing, by_chance)

    def _binary(self) -> Figure:
        """Equation 35: gap or not."""
        marked = sum(self._own.values())
        return self._alpha(self._both + self._both_gaps, 2 * marked * (self._length - marked))

    def _cu(self) -> Figure:
        """Equations 36 and 37: what two coders have both marked, by label."""
        paired = self._both
        if not paired:
            return _NO_COMMON if self._own else _NOTHING
        by_chance = paired**2 - sum(each**2 for each in self._common.values())
        if not by_chance:
            return _ALL_ONE
        possible = paired**2 - self._common_squares
        return 1 - (paired - self._same) * possible / (paired * by_chance)

    def _alpha(self, agreeing: int, by_chance: int) -> Figure:
        """One minus observed over expected disagreement.

        Expected are pairs of any two units but those of one segment, which are there together or not at all; in a gap
        every unit stands alone.
        """
        if not self._own:
            return _NOTHING
        if not by_chance:
            return _ALL_ONE
        gap = self._length - sum(self._own.values())
        possible = self._length**2 - self._squares - gap
        differing = self._length * self._others - agreeing
        return 1 - differing * possible / (self._others * self._length * by_chance)
