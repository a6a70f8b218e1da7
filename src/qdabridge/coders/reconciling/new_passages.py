"""Where a new passage is that somebody wrote into a cell: words of a text, a time, corners of an area.

Spreadsheet programs change what is typed: quotes become curly, three dots one sign, first letters capital. Words are
found all the same, but only where there is no doubt. It knows texts and numbers, and no study.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qdabridge.coders.reconciling.deciding import Unclear
from qdabridge.study.overlap import Span

NEAR = 400
"""How far from a disagreement, in characters, words are looked for first."""

_LONGEST = 20_000
"""How long a passage may be that is given by its first and last words."""

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_OUTER = "\"“”„«»'‘’ \t\n"
_ELISION = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.)\s*")
_LIKE = {
    **dict.fromkeys('"“”„«»″', '["“”„«»″]'),
    **dict.fromkeys("'‘’ʼ′", "['‘’ʼ′]"),
    **dict.fromkeys("-–—‑", "[-–—‑]"),
    "…": r"(?:…|\.\s?\.\s?\.)",
}
_DASH = r"\s*(?:-|–|—|\bto\b)\s*"
_CHARACTERS = re.compile(rf"(?:characters?|chars?)\s+(\d+){_DASH}(\d+)", re.IGNORECASE)
_CLOCK = r"(?:(\d+):)?(\d+):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIME = re.compile(rf"{_CLOCK}{_DASH}{_CLOCK}")
_AREA = re.compile(
    rf"(?:p(?:age|\.)?\s*(\d+)\s*,?\s*)?(?:area\s*)?(\d+)\s*,\s*(\d+){_DASH}(\d+)\s*,\s*(\d+)", re.IGNORECASE
)


def words_at(text: str, words: str, near: Span) -> Span:
    """Return where words stand in a text: around a place if they are there, else wherever they stand once.

    Args:
        text: the whole text.
        words: the words of the passage; or the first and the last of them with ``…`` between; or ``characters 12–40``.
        near: where the disagreement is.

    Raises:
        Unclear: they are not there, or more than once.

    >>> words_at("I waited four hours. Then I waited again.", "four … Then", (0, 10))
    (9, 25)
    """
    numbers = _CHARACTERS.fullmatch(words.strip())
    if numbers is not None:
        start, end = int(numbers[1]), int(numbers[2])
        if not start < end <= len(text):
            raise Unclear(f"the text has no characters {start}–{end}")
        return start, end
    if not any(map(str.isalnum, words)):
        raise Unclear("the new passage has no words")
    for found in (_literally(text, words), _literally(text, words.strip(_OUTER)), _by_its_ends(text, words)):
        here = list(dict.fromkeys(found))
        around = [each for each in here if each[0] < near[1] + NEAR and each[1] > near[0] - NEAR]
        inside = [each for each in around if each[0] < near[1] and each[1] > near[0]]
        for candidates in (inside, around, here):
            if len(candidates) == 1:
                return candidates[0]
            if candidates:
                raise Unclear(f"the words of the new passage stand there {len(candidates):,} times; write more of them")
    raise Unclear("the words of the new passage are not in the text")


def time_of(words: str) -> Span:
    """Return a stretch of time in milliseconds.

    Raises:
        Unclear: it is none.

    >>> time_of("0:12–1:02:34.5")
    (12000, 3754500)
    """
    found = _TIME.fullmatch(words.strip())
    if found is None:
        raise Unclear("the new passage is of a recording; write when it begins and ends, such as 0:12–0:34")
    start, end = _milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:])
    if start >= end:
        raise Unclear("the new passage ends before it begins")
    return start, end


def area_of(words: str) -> tuple[int | None, int, int, int, int]:
    """Return the page of an area, counted from 0, if it is said, and two corners of it.

    Raises:
        Unclear: it is none.

    >>> area_of("p. 2, area 10,20–200,300")
    (1, 10, 20, 200, 300)
    """
    found = _AREA.fullmatch(words.strip())
    if found is None:
        raise Unclear("the new passage is an area; write its corners, such as 10,20–200,300")
    first_x, first_y, second_x, second_y = map(int, found.groups()[1:])
    if first_x == second_x or first_y == second_y:
        raise Unclear("the area of the new passage is empty")
    return int(found[1]) - 1 if found[1] else None, first_x, first_y, second_x, second_y


# --- words -----------------------------------------------------------------------------------------------------------


def _literally(text: str, words: str) -> Iterator[Span]:
    pattern = _pattern(words)
    if pattern is not None:
        yield from (found.span() for found in pattern.finditer(text))


def _by_its_ends(text: str, words: str) -> Iterator[Span]:
    """Give what begins with the words before a ``…`` and ends with the next that follow it."""
    ends = [each for each in _ELISION.split(words.strip(_OUTER)) if each.strip()]
    if len(ends) != 2:
        return
    first, last = _pattern(ends[0]), _pattern(ends[1])
    if first is None or last is None:
        return
    for begins in first.finditer(text):
        stops = last.search(text, begins.end(), min(len(text), begins.start() + _LONGEST))
        if stops is not None:
            yield begins.start(), stops.end()


def _pattern(words: str) -> re.Pattern[str] | None:
    tokens = _TOKEN.findall(words.strip())
    if not tokens:
        return None
    edges = r"\b" if tokens[0][0].isalnum() else "", r"\b" if tokens[-1][-1].isalnum() else ""
    between = "".join(r"\s+" if token.isspace() else _LIKE.get(token) or re.escape(token) for token in tokens)
    return re.compile(f"{edges[0]}{between}{edges[1]}", re.IGNORECASE)


def _milliseconds(hours: str | None, minutes: str | None, seconds: str | None, rest: str | None) -> int:
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((rest or "").ljust(3, "0")[:3] or 0)
