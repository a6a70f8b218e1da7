"""Positions in text: what a tool counts, what the model counts, and the way from one to the other.

The model counts Unicode code points in the text exactly as stored, without its byte order mark. Some tools count UTF-16
units, some count a CRLF line end as one. This is the one place where that is converted. It knows nothing of tools or
files: it is given a text and a way of counting.

Sources: REFI-QDA 1.5, section 10.2 (code points, from 0); what tools do instead was measured on files they wrote.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_CRLF = re.compile("\r\n")
_BOM = "\ufeff"


class Counting(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How a tool counts positions in text.

    Args:
        unit: ``codepoint``, as the standard says, or ``utf16``: a character above U+FFFF, such as an emoji, counts two.
        crlf: what the line end CR LF counts: 2, as stored, or 1.
    """

    unit: Literal["codepoint", "utf16"] = "codepoint"
    crlf: Literal[1, 2] = 2

    def described(self) -> str:
        """Return the counting in words."""
        unit = "Unicode code points" if self.unit == "codepoint" else "UTF-16 units"
        return unit if self.crlf == 2 else f"{unit}, CR LF counted as one"


STANDARD = Counting()
"""The standard's counting, which is also the model's."""


class Positions:
    """Converts positions in one text between a tool's counting and the model's.

    Both directions cost a binary search per position; making one costs one pass over the text in C. Positions outside
    the text (negative, or beyond its end) are carried over by the same distance, so that nothing is lost on the way.

    >>> emoji = Positions("ab\U0001f600cd", Counting("utf16"))
    >>> emoji.to_codepoints(4), emoji.from_codepoints(3)
    (3, 4)
    """

    def __init__(self, text: str, counting: Counting) -> None:
        # Each entry is a place where the two countings drift apart by one: a wide character, or a CRLF counted once.
        wide = [match.start() for match in _ASTRAL.finditer(text)] if counting.unit == "utf16" else []
        short = [match.start() for match in _CRLF.finditer(text)] if counting.crlf == 1 else []
        steps = sorted([(start + 1, 1) for start in wide] + [(start + 2, -1) for start in short])
        self._codepoints: list[int] = []
        self._counted: list[int] = []
        self._drifts: list[int] = [0]
        for after, step in steps:
            self._codepoints.append(after)
            self._drifts.append(self._drifts[-1] + step)
            self._counted.append(after + self._drifts[-1])

    @property
    def same(self) -> bool:
        """Whether both countings agree everywhere in this text."""
        return not self._codepoints

    def to_codepoints(self, counted: int) -> int:
        """Return the position in code points. One that falls inside a character is moved to the character's start."""
        return self.all_to_codepoints((counted,))[0][0]

    def all_to_codepoints(self, counted: Iterable[int]) -> tuple[list[int], list[int]]:
        """Return many positions in code points, and the indexes of those that fell inside a character."""
        steps, drifts, codepoints, last = self._counted, self._drifts, self._codepoints, len(self._codepoints)
        positions: list[int] = []
        inside: list[int] = []
        for number in counted:
            passed = bisect_right(steps, number)
            position = number - drifts[passed]
            if passed < last and position >= codepoints[passed]:
                # Between the halves of a wide character: never beyond its step.
                position = codepoints[passed] - 1
                inside.append(len(positions))
            positions.append(position)
        return positions, inside

    def from_codepoints(self, position: int) -> int:
        """Return what the tool counts for a position in code points (the one inside a CRLF counted once: its start)."""
        passed = bisect_right(self._codepoints, position)
        counted = position + self._drifts[passed]
        if passed < len(self._counted) and counted >= self._counted[passed]:
            return self._counted[passed] - 1
        return counted


class Lines:
    """Finds the line of a position, counted from 1; CR LF, CR and LF each end a line.

    >>> lines = Lines("one\\r\\ntwo\\nthree")
    >>> lines.line_of(0), lines.line_of(5), lines.span_of(1, 10)
    (1, 2, (1, 3))
    """

    def __init__(self, text: str) -> None:
        self._starts = [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]

    def line_of(self, position: int) -> int:
        """Return the line that a position (code points) is in."""
        return bisect_right(self._starts, position) + 1

    def span_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the first and last line of a passage; its end is exclusive."""
        return self.line_of(start), self.line_of(max(start, end - 1))


class StoredText(Struct, frozen=True):
    """A text as a file holds it: its characters, and what the bytes had besides them."""

    text: str
    byte_order_mark: bool = False

    def encoded(self) -> bytes:
        """Return the bytes of the file."""
        return (_BOM + self.text if self.byte_order_mark else self.text).encode("utf-8")


def decode(data: bytes) -> StoredText:
    """Return the text in the bytes of a plain text file (UTF-8, section 9.1.2); the line ends stay as they are.

    Raises:
        UnicodeDecodeError: the bytes are not UTF-8.
    """
    text = data.decode("utf-8")
    return StoredText(text[1:], True) if text.startswith(_BOM) else StoredText(text)


def quoted(text: str, start: int, end: int) -> str:
    """Return the passage from start to end (code points, end exclusive); what lies outside the text is empty."""
    return text[max(start, 0) : max(end, 0)]


def at_word_edges(text: str, spans: Iterable[tuple[int, int]]) -> int:
    """Count the passages that begin and end at the edge of a word, which is how people mark text."""
    return sum(_is_edge(text, start) and _is_edge(text, end) for start, end in spans)


def _is_edge(text: str, position: int) -> bool:
    if position <= 0 or position >= len(text):
        return 0 <= position <= len(text)
    return not (text[position - 1].isalnum() and text[position].isalnum())
