"""Segments instead of units: how many of the passages that one coder marked the other marked as well.

What MAXQDA compares: a passage counts as found by the other coder if that one has a passage with the same code of
which enough is the same. Intervals only, texts and recordings; what a code is, is not known here. Sources: MAXQDA's
manual, agreement at segment level; Brennan and Prediger (1981).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from qdabridge.coders.agreement.measures import Figure, Undefined
from qdabridge.study.overlap import Span

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
    if rows[0] and rows[1]:
        for left, right in _alike(rows[0], rows[1], overlap):
            # As MAXQDA counts, a passage may be found in several of the other coder's.
            found[0].add(left)
            found[1].add(right)
    return Passages((len(rows[0]), len(rows[1])), (len(found[0]), len(found[1])))


def _alike(one: Sequence[Span], other: Sequence[Span], overlap: float) -> Iterator[tuple[int, int]]:
    """Give the numbers of passages that share enough; both rows are in order."""
    begins = [begin for begin, _ in other]
    for number, (start, end) in enumerate(one):
        # What begins much earlier or later cannot share enough; one more for rounding.
        far = (end - start) * (1 - overlap) + 1
        place = bisect_left(begins, start - far / overlap)
        while place < len(other) and begins[place] <= start + far:
            begin, stop = other[place]
            shared = (end if end < stop else stop) - (start if start > begin else begin)
            together = (end if end > stop else stop) - (start if start < begin else begin)
            if shared >= overlap * together:
                yield number, place
            place += 1


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
