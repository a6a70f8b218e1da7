"""Krippendorff's alphas for those who choose their own segments: whether the same passages were found, and coded alike.

The family that ATLAS.ti reports. A text is a continuum that each coder cuts into segments with a label and gaps between
them. Sources: Krippendorff, Mathet, Bouvry and Widlöcher (2016), Quality & Quantity 50; Krippendorff (2019), Content
analysis, 4th edition, section 12.6. It knows nothing of studies: it is given segments, text by text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from operator import mul
from typing import TypeAlias

from msgspec import Struct

from qdabridge.coders.agreement.counting import Stretched
from qdabridge.coders.agreement.measures import Figure, Undefined

_ALL_ONE = Undefined("only one thing was ever chosen")
_NO_COMMON = Undefined("no passage was coded by two coders")
_NOTHING = Undefined("nothing coded")


Segment: TypeAlias = tuple[int, int, int]
"""A stretch, its beginning and end, and its label: a set of codes as a whole number, a bit for each."""

Segments: TypeAlias = Sequence[Sequence[Segment]]
"""The segments of each coder, in order; those of one coder do not overlap."""

Edge: TypeAlias = int
"""Where a passage begins or ends, and with which code, in one number: they sort by position."""

Labels: TypeAlias = Mapping[int, tuple[int, int]]
"""Of each code the place of its bit in labels, and the bit."""

_POSITION = 32
_CODE = (1 << _POSITION - 1) - 1
_BESIDE = 64
_OWN = (1 << _BESIDE) - 1


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


def edges(marks: Iterable[tuple[int, Iterable[Stretched]]], size: int) -> list[Edge]:
    """Return where the passages that one coder marked begin and end, in order.

    Args:
        marks: the number of a code, and passages marked with it; they may overlap and reach out of the text.
        size: of the text.
    """
    found: list[Edge] = []
    for code, those in marks:
        ends = code << 1
        for each in those:
            start, end = each[0], each[1]
            if start < 0:
                start = 0
            if end > size:
                end = size
            if start < end:
                found += (start << _POSITION | ends | 1, end << _POSITION | ends)
    found.sort()
    return found


def code_of(edge: Edge) -> int:
    """Return the number of the code of a passage that begins or ends."""
    return edge >> 1 & _CODE


def labelled(codes: Mapping[int, Hashable]) -> Labels:
    """Return what stands for each code in labels; codes of one value have the same.

    >>> labelled({7: "Access", 8: "Trust", 9: "Access"})
    {7: (0, 1), 8: (1, 2), 9: (0, 1)}
    """
    places = {value: place for place, value in enumerate(dict.fromkeys(codes.values()))}
    return {code: (places[value], 1 << places[value]) for code, value in codes.items()}


def segments(marked: Iterable[Edge], labels: Labels) -> list[Segment]:
    """Cut what one coder marked into segments that do not overlap.

    Where several codes stand on the same passage, its label is the set of them. Segments of one label that touch stay
    two, unless no passage ended or none began where they touch: then one of them only goes on inside another.

    Args:
        marked: where passages begin and end, in order.
        labels: what stands for each code.
    """
    found: list[Segment] = []
    opened = [0] * len(labels)
    label = before = start = position = 0
    began = ended = False
    for edge in marked:
        here = edge >> _POSITION
        if here != position:
            if label != before or (began and ended):
                if before:
                    found.append((start, position, before))
                start, before = position, label
            position, began, ended = here, False, False
        place, bit = labels[edge >> 1 & _CODE]
        if edge & 1:
            began = True
            if not opened[place]:
                label |= bit
            opened[place] += 1
        else:
            ended = True
            opened[place] -= 1
            if not opened[place]:
                label ^= bit
    if before:
        found.append((start, position, before))
    return found


class Continuum:
    """Texts taken as one continuum, whose alphas are wanted.

    Args:
        coders: how many coders there are.
    """

    # What is added up over texts. Lengths of coincidences count each pair of coders both ways round.

    def __init__(self, coders: int) -> None:
        self._others = coders - 1
        self._length = 0
        # Of each label, how long it was given, and how long together with another coder's: the second beside the first
        # in one number, since there may be very many labels, and looking for them is what costs.
        self._labels: dict[int, int] = defaultdict(int)
        self._squares = 0
        self._both = self._both_gaps = self._same = 0
        self._shared_squares = 0

    def add(self, given: Segments, size: int) -> None:
        """Add a text: the segments of each coder, and its length."""
        self._length += size * len(given)
        lengths = [[end - start for start, end, _ in those] for those in given]
        # Of each segment of each coder: how much of it the other coders have marked too, all added up.
        shared = [[0] * len(those) for those in given]
        for one, other in combinations(range(len(given)), 2):
            both, same = _meeting(given[one], given[other], shared[one], shared[other])
            self._both += 2 * both
            self._same += 2 * same
            self._both_gaps += 2 * (size - sum(lengths[one]) - sum(lengths[other]) + both)
        labels = self._labels
        for those, whole, met in zip(given, lengths, shared, strict=True):
            self._squares += sum(map(mul, whole, whole))
            self._shared_squares += sum(map(mul, met, met))
            for (_, _, label), length, together in zip(those, whole, met, strict=True):
                labels[label] += length | together << _BESIDE

    def alphas(self) -> Unitized:
        """Return the alphas of what was added."""
        own = [each & _OWN for each in self._labels.values()]
        common = [each >> _BESIDE for each in self._labels.values()]
        marked = sum(own)
        gap = self._length - marked
        # Equation 34: every label for itself, the gap among them.
        labels_by_chance = self._length**2 - gap**2 - sum(map(mul, own, own))
        u = self._alpha(self._same + self._both_gaps, labels_by_chance, gap)
        # Equation 35: gap or not.
        binary = self._alpha(self._both + self._both_gaps, 2 * marked * gap, gap)
        return Unitized(u, binary, self._cu(sum(map(mul, common, common))))

    def _cu(self, common_squares: int) -> Figure:
        """Equations 36 and 37: what two coders have both marked, by label."""
        paired = self._both
        if not paired:
            return _NO_COMMON if self._labels else _NOTHING
        by_chance = paired**2 - common_squares
        if not by_chance:
            return _ALL_ONE
        possible = paired**2 - self._shared_squares
        return 1 - (paired - self._same) * possible / (paired * by_chance)

    def _alpha(self, agreeing: int, by_chance: int, gap: int) -> Figure:
        """One minus observed over expected disagreement.

        Expected are pairs of any two units but those of one segment, which are there together or not at all; in a gap
        every unit stands alone.
        """
        if not self._labels:
            return _NOTHING
        if not by_chance:
            return _ALL_ONE
        possible = self._length**2 - self._squares - gap
        differing = self._length * self._others - agreeing
        return 1 - differing * possible / (self._others * self._length * by_chance)


def _meeting(
    first: Sequence[Segment], second: Sequence[Segment], of_first: list[int], of_second: list[int]
) -> tuple[int, int]:
    """Return how long segments of two coders meet, and how long with one label; add to each segment how long it does.

    Both rows are in order.
    """
    place = other = together = same = 0
    while place < len(first) and other < len(second):
        start, end, label = first[place]
        begin, stop, value = second[other]
        length = (end if end < stop else stop) - (start if start > begin else begin)
        if length > 0:
            together += length
            if label == value:
                same += length
            of_first[place] += length
            of_second[other] += length
        if end <= stop:
            place += 1
        else:
            other += 1
    return together, same
