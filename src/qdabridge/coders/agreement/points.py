"""The rows of the list for the meeting: each disagreement in the words and colours in which people see it.

What the list looks like is known in ``formats/spreadsheet``; how disagreements are found, in ``disagreements``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qdabridge.coders.agreement.disagreements import Did, Disagreement
from qdabridge.coders.agreement.people import Coder
from qdabridge.formats.spreadsheet.meeting_ids import MeetingCoder, Parties
from qdabridge.formats.spreadsheet.meeting_sheet import Act, Part, PartKind, Point
from qdabridge.study.passages import clock

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_BLANK_LINES = re.compile(r"(?:\r\n?|\n)(?:[ \t]*(?:\r\n?|\n))+")
_LONGEST_ACT = 120


def choices_for(coders: Sequence[MeetingCoder]) -> tuple[str, ...]:
    """Return what the drop-down list offers."""
    both, neither = ("both", "neither") if len(coders) == 2 else ("all", "none")
    return (*(f"{coder.letter}: {coder.name}" for coder in coders), both, neither, "new passage")


def parties_of(coders: Sequence[Coder], title: str) -> Parties:
    """Return who was compared, as the workbook remembers it."""
    sides = tuple(MeetingCoder(letter, coder.name, coder.guids) for letter, coder in zip(LETTERS, coders, strict=False))
    return Parties(title, sides, choices_for(sides))


def point_of(of: Disagreement) -> Point:
    """Return a disagreement as a row of the list."""
    return Point(
        of.id, of.source, of.place, of.code, _differs(of), tuple(_parts(of)), tuple(_act(each, of) for each in of.did)
    )


def _differs(of: Disagreement) -> str:
    if of.kind == "not all coded it":
        return f"only {', '.join(each.coder for each in of.did if each.codings)}"
    return "other limits, same words" if of.same_words else "other limits"


def _parts(of: Disagreement) -> Iterator[Part]:
    """Give the passage in its context, cut where somebody's coding begins or ends."""
    if of.text is None:
        return
    if of.before:
        yield Part("around", _close(f"… {of.before}" if of.start > len(of.before) else of.before))
    if len(of.text) != of.end - of.start:
        # Words were left out of a very long one.
        yield Part(_kind([bool(each.codings) for each in of.did]), of.text)
    else:
        edges = sorted({of.start, of.end, *(edge for each in of.did for span in each.places for edge in span)})
        for start, end in pairwise(edge for edge in edges if of.start <= edge <= of.end):
            marked = [any(low <= start and end <= high for low, high in each.places) for each in of.did]
            yield Part(_kind(marked), of.text[start - of.start : end - of.start])
    if of.after:
        yield Part("around", _close(f"{of.after} …"))


def _close(context: str) -> str:
    """Return the words around a passage without blank lines, of which interviews are half made."""
    return _BLANK_LINES.sub("\n", context)


def _kind(marked: Sequence[bool]) -> PartKind:
    if all(marked):
        return "all"
    if not any(marked):
        return "around"
    if len(marked) > 2:
        return "some"
    return "first" if marked[0] else "second"


def _act(did: Did, of: Disagreement) -> Act:
    if not did.codings:
        return Act("not coded", False)
    if did.whole_source:
        return Act("the whole source", True)
    if did.areas:
        return Act("\n".join(f"{left},{low}–{right},{high}" for left, low, right, high in did.areas), True)
    if of.axis == "time":
        return Act("\n".join(clock(*span) for span in did.places), True)
    if of.kind == "not all coded it" and len(did.places) == 1 and did.places[0] == (of.start, of.end):
        return Act("coded it", True)
    return Act(_short(" ".join((did.text or "").split())), True)


def _short(words: str) -> str:
    """Return words of which the beginning and the end are enough to see where they are."""
    if len(words) <= _LONGEST_ACT:
        return words
    half = _LONGEST_ACT // 2
    first, last = words[:half], words[-half:]
    return f"{first.rsplit(' ', 1)[0]} … {last.split(' ', 1)[-1]}"
