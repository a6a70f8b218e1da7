"""Segments instead of units: how many of the passages that one coder marked the other marked as well.

What MAXQDA compares: a passage counts as found by the other coder if that one has a passage with the same code of
which enough is the same. Intervals only, texts and recordings; what a code is, is not known here. Sources: MAXQDA's
manual, agreement at segment level; Brennan and Prediger (1981).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from qdabridge.coders.agreement.measures import Figure, Undefined
from qdabridge.study.overlap import Span, Stretch, overlaps

OVERLAP = 0.9
"""The part of what two passages cover together that both must share, by default, as in MAXQDA."""

_NONE = Undefined("nothing coded")


class Passages(Struct, frozen=True):
    """How many passages two coders marked, and of how many the other marked the same."""

    marked: tuple[int, int] = (0, 0)
    found: tuple[int, int] = (0, 0)

    def __add__(self, other: Passages) -> Passages:
        return Passages(
            (self.marked[0] + other.marked[0], self.marked[1] + other.marked[1]),
            (self.found[0] + other.found[0], self.found[1] + other.found[1]),
        )


def matched(one: Iterable[Span], other: Iterable[Span], overlap: float) -> Passages:
    """Compare the passages of one text: those with one code, of two coders."""
    rows = [sorted({span for span in spans if span[0] < span[1]}) for spans in (one, other)]
    found: tuple[set[int], set[int]] = (set(), set())
    stretches = [[Stretch(*span, 0, 1, number) for number, span in enumerate(row)] for row in rows]
    for left, right in overlaps(*stretches):
        shared = min(left.end, right.end) - max(left.start, right.start)
        # As MAXQDA counts, a passage may be found in several of the other coder's.
        if shared >= overlap * (max(left.end, right.end) - min(left.start, right.start)):
            found[0].add(left.whose)
            found[1].add(right.whose)
    return Passages((len(rows[0]), len(rows[1])), (len(found[0]), len(found[1])))


def share_found(passages: Passages) -> Figure:
    """Return how many of all passages the other coder marked too, as a fraction: Holsti's formula, on segments."""
    marked = sum(passages.marked)
    return sum(passages.found) / marked if marked else _NONE


def kappa_of_segments(passages: Passages, codes: int) -> Figure:
    """Return MAXQDA's kappa of segments: chance is that one of ``codes`` codes is hit."""
    share = share_found(passages)
    if isinstance(share, Undefined):
        return share
    if codes < 2:
        return Undefined("one code only")
    return (share - 1 / codes) / (1 - 1 / codes)


def total(passages: Sequence[Passages]) -> Passages:
    """Return the sum."""
    return sum(passages, Passages())
