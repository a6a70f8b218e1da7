"""Where positions of a text are after pieces of it were replaced, each piece whole.

What is moved exactly is what stands between the pieces; a position inside a piece has nowhere to go but its edges. It
knows nothing of what was replaced and why, nor of studies.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import TypeAlias

Piece: TypeAlias = tuple[int, int, str]
"""Start and end of what is replaced (code points, the end exclusive) and what comes in its place."""


class Replacing:
    """A text with pieces of it replaced.

    Args:
        old: the text.
        pieces: what is replaced, in order; pieces may touch and do not overlap, and none is empty.

    Attributes:
        old, new: the text before and after.
        pieces: what is replaced.

    >>> replacing = Replacing("Ask Margaret about it.", [(4, 12, "Rose")])
    >>> replacing.new, replacing.span(0, 7), replacing.span(13, 18)
    ('Ask Rose about it.', (0, 8), (9, 14))
    """

    def __init__(self, old: str, pieces: Iterable[Piece]) -> None:
        self.old = old
        self.pieces = list(pieces)
        parts: list[str] = []
        at = 0
        for start, end, instead in self.pieces:
            parts += (old[at:start], instead)
            at = end
        self.new = "".join((*parts, old[at:])) if self.pieces else old
        self._starts = [start for start, _, _ in self.pieces]
        self._ends = [end for _, end, _ in self.pieces]
        self._drifts = [0, *accumulate(len(instead) - (end - start) for start, end, instead in self.pieces)]

    @property
    def changes(self) -> bool:
        """Whether anything was replaced."""
        return bool(self.pieces)

    def start(self, position: int) -> int:
        """Return where something goes that begins at a position: inside a piece, to the beginning of what replaced it.

        Positions outside the text are carried over by the same distance.
        """
        passed = bisect_right(self._ends, position)
        if passed < len(self._starts) and self._starts[passed] < position:
            position = self._starts[passed]
        return position + self._drifts[passed]

    def end(self, position: int) -> int:
        """Return where something goes that ends at a position: inside a piece, to the end of what replaced it."""
        passed = bisect_right(self._ends, position)
        if passed < len(self._starts) and self._starts[passed] < position:
            position = self._ends[passed]
            passed += 1
        return position + self._drifts[passed]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a passage goes; one that begins or ends inside a piece grows to cover it whole."""
        return self.start(start), self.end(end)

    def grown(self, start: int, end: int) -> tuple[int, int]:
        """Return a passage of the old text, grown to cover whole each piece that it begins or ends inside."""
        first = bisect_right(self._ends, start)
        if first < len(self._starts) and self._starts[first] < start:
            start = self._starts[first]
        last = bisect_right(self._ends, end)
        if last < len(self._starts) and self._starts[last] < end:
            end = self._ends[last]
        return start, end
