"""Positions in text: what a tool counts, what the model counts, and the way from one to the other.

The model counts Unicode code points in the text exactly as stored, without its byte order mark; the end of a passage is
exclusive. Some tools count UTF-16 units, some count a CRLF line end as one, some name the last character as the end.
This is the one place where that is converted. It knows nothing of tools or files: it is given a text and a way of
counting.

Sources: REFI-QDA 1.5, section 10.2 (code points, from 0); what tools do instead was measured on files they wrote.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct, convert

from qdabridge.errors import BadRequest

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_CRLF = re.compile("\r\n")
_BOM = "\ufeff"


class Counting(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How a tool counts positions in text.

    Args:
        unit: ``codepoint``, as the standard says, or ``utf16``: a character above U+FFFF, such as an emoji, counts two.
        crlf: what the line end CR LF counts: 2, as stored, or 1.
        bom: whether a byte order mark at the beginning of a text counts one.
        inclusive: whether the end of a passage is its last character, rather than the one after it.
    """

    unit: Literal["codepoint", "utf16"] = "codepoint"
    crlf: Literal[1, 2] = 2
    bom: bool = False
    inclusive: bool = False

    def described(self) -> str:
        """Return the counting in words."""
        parts = ["Unicode code points" if self.unit == "codepoint" else "UTF-16 units"]
        if self.crlf == 1:
            parts.append("CR LF counted as one")
        if self.bom:
            parts.append("the byte order mark counted")
        if self.inclusive:
            parts.append("the end inclusive")
        return ", ".join(parts)

    def in_words(self) -> str:
        """Return the words that ``counting_of`` makes this counting from.

        >>> Counting("utf16", inclusive=True).in_words()
        'utf16,inclusive'
        """
        words = ["utf16" if self.unit == "utf16" else "codepoints"]
        words += [word for word, said in (("crlf=1", self.crlf == 1), ("bom", self.bom)) if said]
        return ",".join([*words, *(["inclusive"] if self.inclusive else [])])


STANDARD = Counting()
"""The standard's counting, which is also the model's."""

_WORDS: dict[str, dict[str, object]] = {
    "codepoints": {"unit": "codepoint"},
    "utf16": {"unit": "utf16"},
    "crlf=1": {"crlf": 1},
    "crlf=2": {"crlf": 2},
    "bom": {"bom": True},
    "inclusive": {"inclusive": True},
}


def counting_of(words: str) -> Counting:
    """Return the counting that a person asks for, in words with commas between.

    >>> counting_of("utf16, crlf=1").described()
    'UTF-16 units, CR LF counted as one'

    Raises:
        BadRequest: a word is not known, or two of them contradict each other.
    """
    said: dict[str, object] = {}
    for word in words.split(","):
        meant = _WORDS.get(word.strip().lower())
        if meant is None or any(said.get(name, value) != value for name, value in meant.items()):
            problem = "is no way of counting positions" if meant is None else "contradicts the word before"
            raise BadRequest(
                f"“{word.strip()}” {problem}.",
                where="positions",
                todo=f"Use one or more of {', '.join(_WORDS)}, with commas between, such as “utf16,crlf=1”.",
            )
        said |= meant
    return convert(said, Counting)


class Positions:
    """Converts positions in one text between a tool's counting and the model's.

    Both directions cost a binary search per position; making one costs one pass over the text in C. Positions outside
    the text (negative, or beyond its end) are carried over by the same distance, so that nothing is lost on the way.

    Args:
        text: as stored, without its byte order mark.
        counting: the tool's.
        byte_order_mark: whether the file of the text begins with one.

    >>> emoji = Positions("ab\U0001f600cd", Counting("utf16"))
    >>> emoji.to_codepoints(4), emoji.from_codepoints(3)
    (3, 4)
    """

    def __init__(self, text: str, counting: Counting, *, byte_order_mark: bool = False) -> None:
        # Each entry is a place where the two countings drift apart by one: the byte order mark, a wide character, or a
        # CRLF counted once.
        wide = [match.start() for match in _ASTRAL.finditer(text)] if counting.unit == "utf16" else []
        short = [match.start() for match in _CRLF.finditer(text)] if counting.crlf == 1 else []
        steps = sorted([(start + 1, 1) for start in wide] + [(start + 2, -1) for start in short])
        if counting.bom and byte_order_mark:
            steps.insert(0, (0, 1))
        self._last = int(counting.inclusive)
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
        return not self._codepoints and not self._last

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
                # Between the halves of a wide character, or at the byte order mark: never beyond its step.
                position = max(codepoints[passed] - 1, 0)
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

    def end_to_codepoints(self, counted: int) -> int:
        """Return the end of a passage, which the model has exclusive, in code points."""
        return self.to_codepoints(counted + self._last)

    def end_from_codepoints(self, position: int) -> int:
        """Return what the tool says for the end of a passage."""
        return self.from_codepoints(position) - self._last


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
        """Return the bytes of the file; a text that begins with U+FEFF gets a byte order mark, or would lose it."""
        marked = self.byte_order_mark or self.text.startswith(_BOM)
        return (_BOM + self.text if marked else self.text).encode("utf-8")


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
    return sum(is_word_edge(text, start) and is_word_edge(text, end) for start, end in spans)


def is_word_edge(text: str, position: int) -> bool:
    """Tell whether a position is not inside a word; the two ends of a text are edges, places outside it are not."""
    if position <= 0 or position >= len(text):
        return 0 <= position <= len(text)
    return not (text[position - 1].isalnum() and text[position].isalnum())
