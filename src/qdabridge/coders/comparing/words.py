"""How one text became another: which words are new and which are gone.

Lines are compared first and words only where lines differ, so that long interviews take no time. It knows texts and
nothing of studies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

PieceKind: TypeAlias = Literal["same", "gone", "new"]

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_MOST_WORDS = 4_000
"""Beyond this many words in a changed part it is told as a whole, since the comparison takes their square."""
_AROUND = 40


class Piece(Struct, frozen=True):
    """A part of a difference: words that are in both texts, only in the earlier, or only in the later."""

    kind: PieceKind
    text: str


class Block(NamedTuple):
    """Characters that are in both texts."""

    before: int
    after: int
    size: int


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Return the difference of two texts in pieces; long parts that are the same are shortened in the middle.

    >>> [(each.kind, each.text) for each in difference("a long wait", "a very long wait")]
    [('same', 'a'), ('new', ' very'), ('same', ' long wait')]
    """
    pieces: list[Piece] = []
    at_before = at_after = 0
    blocks = [*shared(before, after), Block(len(before), len(after), 0)]
    for number, block in enumerate(blocks):
        for kind, text in (("gone", before[at_before : block.before]), ("new", after[at_after : block.after])):
            if text:
                pieces.append(Piece(kind, text))  # type: ignore[arg-type]
        at_before, at_after = block.before + block.size, block.after + block.size
        if block.size:
            same = before[block.before : at_before]
            pieces.append(Piece("same", _shortened(same, first=number == 0, last=number == len(blocks) - 2)))
    return tuple(pieces)


def marked(pieces: Sequence[Piece]) -> str:
    """Return a difference on one line: ``[-what is gone-]`` and ``{+what is new+}``.

    >>> marked(difference("a long wait", "a short wait"))
    'a [-long-]{+short+} wait'
    """
    signs = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return " ".join("".join(signs[each.kind].format(each.text) for each in pieces).split())


def shared(before: str, after: str) -> list[Block]:
    """Return what two texts have in common, word by word, in order."""
    ours, theirs = _LINES.findall(before), _LINES.findall(after)
    found: list[Block] = []
    for block in _matching(ours, theirs):
        _join(found, block)
    return found


def _matching(ours: list[str], theirs: list[str]) -> Iterator[Block]:
    """Give the blocks of lines that are the same, and inside of those that differ the blocks of words."""
    at_ours, at_theirs = [0, *accumulate(map(len, ours))], [0, *accumulate(map(len, theirs))]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Block(at_ours[i1], at_theirs[j1], at_ours[i2] - at_ours[i1])
        elif kind == "replace":
            yield from _matching_words("".join(ours[i1:i2]), "".join(theirs[j1:j2]), at_ours[i1], at_theirs[j1])


def _matching_words(ours: str, theirs: str, at_ours: int, at_theirs: int) -> Iterator[Block]:
    our_words, their_words = _WORDS.findall(ours), _WORDS.findall(theirs)
    if max(len(our_words), len(their_words)) > _MOST_WORDS:
        return
    our_ends, their_ends = [0, *accumulate(map(len, our_words))], [0, *accumulate(map(len, their_words))]
    for i, j, size in SequenceMatcher(None, our_words, their_words, autojunk=False).get_matching_blocks():
        # White space that happens to be the same between different words is no part of the text that stayed.
        if size > 1 or (size and not our_words[i].isspace()):
            length = our_ends[i + size] - our_ends[i]
            yield Block(at_ours + our_ends[i], at_theirs + their_ends[j], length)


def _join(blocks: list[Block], block: Block) -> None:
    """Add a block, to the last one if nothing is between them."""
    if blocks:
        last = blocks[-1]
        if last.before + last.size == block.before and last.after + last.size == block.after:
            blocks[-1] = Block(last.before, last.after, last.size + block.size)
            return
    blocks.append(block)


def _shortened(same: str, *, first: bool, last: bool) -> str:
    """Leave out the middle of a long part, and all but the nearest words where nothing comes before or after it."""
    if len(same) <= 3 * _AROUND:
        return same
    start = "" if first else same[:_AROUND].rsplit(" ", 1)[0]
    end = "" if last else same[-_AROUND:].split(" ", 1)[-1]
    return f"{start} … {end}"
