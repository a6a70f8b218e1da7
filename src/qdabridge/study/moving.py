"""Where passages of a text are after the text was edited: old text, new text, spans → spans, or lost.

The two texts are laid side by side: what is the same at both ends, then lines, then words that stand once in each, then
the letters of single words. That is as good as linear for a long interview with a hundred corrections. It knows nothing
of studies; nothing but the characters is compared.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TypeAlias

from qdabridge.study.text import is_word_edge

Span: TypeAlias = tuple[int, int]
"""Start and end in code points, the end exclusive."""

_Run: TypeAlias = tuple[int, int, int]
"""What is the same in both: where it begins in the old one, where in the new one, how much it is."""

_WORD = re.compile(r"\w+|[^\w\s]+|\s+")
_WORDS_COMPARED = 100_000
"""How many pairs of words are compared one by one, where none stands once in both."""
_LETTERS = 40
"""How long a changed piece may be to be compared letter by letter; in longer ones letters match by chance."""
_UNMISTAKABLE = 20
"""How long a passage has to be that is taken for the same where it stands in quite another place."""


def moved_spans(old: str, new: str, spans: Iterable[Span]) -> list[Span | None]:
    """Return where passages of an old text are in a new one; ``None`` for each that is lost.

    >>> moved_spans("I waited four hours.", "Well, I waited for four hours.", [(2, 8), (9, 19)])
    [(8, 14), (19, 29)]
    """
    moving = Moving(old, new)
    return [moving.span(*span) for span in spans]


class Moving:
    """The way from an old text to a new one.

    Args:
        old, new: the texts.

    Attributes:
        old, new: the texts.
        share: how much of the shorter text is in the other, from 0 to 1; texts that have nothing to do with each other
            stay far below a half.
    """

    def __init__(self, old: str, new: str) -> None:
        self.old = old
        self.new = new
        self._runs = _same_runs(old, new)
        self._starts = [run[0] for run in self._runs]
        shorter = min(len(old), len(new))
        self.share = sum(run[2] for run in self._runs) / shorter if shorter else float(old == new)

    def span(self, start: int, end: int) -> Span | None:
        """Return where a passage is in the new text, or ``None`` where it is lost or was outside of the old one.

        It is lost where less than half of it is left. Where its words are still there to the letter, it is them.
        """
        if not 0 <= start <= end <= len(self.old):
            return None
        if start == end:
            near = self._run_at(start) or (self._run_at(start - 1) if start else None)
            whole = not self.old and not self.new
            return (self.position(start),) * 2 if near is not None or whole else None
        words = self.old[start:end]
        kept = list(self._runs_in(start, end))
        if sum(min(end, i + n) - max(start, i) for i, _, n in kept) * 2 < len(words):
            return self._elsewhere(words)
        found = self._image(start, end, kept)
        return found if self.new[slice(*found)] == words else self._to_the_letter(words, start, end, found)

    def position(self, position: int) -> int:
        """Return the position that a single one has moved to; where what stood there is gone, that place."""
        run = self._run_at(position)
        if run is not None:
            return run[1] + position - run[0]
        before = bisect_right(self._starts, position) - 1
        if before < 0:
            return 0
        i, j, n = self._runs[before]
        after = self._runs[before + 1][1] if before + 1 < len(self._runs) else len(self.new)
        return min(j + max(position - i, n), after)

    def differences(self) -> Iterator[tuple[str, str]]:
        """Give what stands in the old text only and what stands in the new one in its place, in whole words.

        >>> list(Moving("I waited four hours.", "I waited for five hours!").differences())
        [('four', 'for five'), ('.', '!')]
        """
        at = new_at = 0
        for i, j, n in [*map(self._in_whole_words, self._runs), (len(self.old), len(self.new), 0)]:
            if not n and i < len(self.old):
                continue
            if at < i or new_at < j:
                yield self.old[at:i], self.new[new_at:j]
            at, new_at = i + n, j + n

    def _in_whole_words(self, run: _Run) -> _Run:
        """Return a run without the parts of words at its ends whose other part differs."""
        i, j, n = run

        def edge(at: int) -> bool:
            return is_word_edge(self.old, i + at) and is_word_edge(self.new, j + at)

        first = next((at for at in range(n) if edge(at)), n)
        last = next((at for at in range(n, first, -1) if edge(at)), first)
        return i + first, j + first, last - first

    def _run_at(self, position: int) -> _Run | None:
        at = bisect_right(self._starts, position) - 1
        run = self._runs[at] if at >= 0 else None
        return run if run is not None and position < run[0] + run[2] else None

    def _runs_in(self, start: int, end: int) -> Iterator[_Run]:
        at = max(bisect_right(self._starts, start) - 1, 0)
        while at < len(self._runs) and self._runs[at][0] < end:
            if self._runs[at][0] + self._runs[at][2] > start:
                yield self._runs[at]
            at += 1

    def _image(self, start: int, end: int, kept: Sequence[_Run]) -> Span:
        """Return from where to where what is left of a passage reaches, with what was put in the place of its edges."""
        (i, j, _), (last_i, last_j, last_n) = kept[0], kept[-1]
        first, last = j + max(start - i, 0), last_j + min(end - last_i, last_n)
        number = bisect_left(self._starts, i)
        gap_start, gap_image = (sum(self._runs[number - 1][::2]), sum(self._runs[number - 1][1:])) if number else (0, 0)
        if start == gap_start < i:
            first = gap_image
        number = bisect_left(self._starts, last_i) + 1
        beyond = self._runs[number] if number < len(self._runs) else (len(self.old), len(self.new), 0)
        if end == beyond[0] > last_i + last_n:
            last = beyond[1]
        return first, last

    def _to_the_letter(self, words: str, start: int, end: int, found: Span) -> Span:
        """Return the place right there that has exactly the words, if there is one; else what was found."""
        for begin in (found[0], found[1] - len(words)):
            if begin >= 0 and self.new.startswith(words, begin):
                return begin, begin + len(words)
        edges = is_word_edge(self.old, start), is_word_edge(self.old, end)
        low, high = max(found[0] - len(words), 0), found[1] + len(words)
        places = []
        at = self.new.find(words, low, high)
        while at >= 0:
            if (is_word_edge(self.new, at), is_word_edge(self.new, at + len(words))) == edges:
                places.append(at)
            at = self.new.find(words, at + 1, high)
        nearest = min(places, key=lambda place: abs(place - found[0]), default=None)
        return found if nearest is None else (nearest, nearest + len(words))

    def _elsewhere(self, words: str) -> Span | None:
        """Return where a passage was put that was cut out of its place, if there can be no mistake."""
        if len(words) < _UNMISTAKABLE or self.old.count(words) != 1 or self.new.count(words) != 1:
            return None
        at = self.new.index(words)
        return at, at + len(words)


# --- laying two texts side by side -----------------------------------------------------------------------------------


def _same_runs(old: str, new: str) -> list[_Run]:
    """Return what is the same in both texts, in order, runs that touch as one."""
    head = _same_head(old, new)
    tail = _same_head(old[head:][::-1], new[head:][::-1])
    runs: list[_Run] = [(0, 0, head)]
    inside_old, inside_new = old[head : len(old) - tail], new[head : len(new) - tail]
    runs += ((head + i, head + j, n) for i, j, n in _by_lines(inside_old, inside_new))
    runs.append((len(old) - tail, len(new) - tail, tail))
    return _joined(runs)


def _same_head(old: str, new: str) -> int:
    shorter = min(len(old), len(new))
    return next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), shorter)


def _by_lines(old: str, new: str) -> Iterator[_Run]:
    for i, j, n, same in _pieces(old.splitlines(keepends=True), new.splitlines(keepends=True), exhaustive=False):
        if same:
            yield i[0], j[0], n
        else:
            yield from _shifted(i[0], j[0], _by_words(old[slice(*i)], new[slice(*j)]))


def _by_words(old: str, new: str) -> Iterator[_Run]:
    for i, j, n, same in _pieces(_WORD.findall(old), _WORD.findall(new), exhaustive=True):
        if same:
            yield i[0], j[0], n
        else:
            yield from _shifted(i[0], j[0], _by_letters(old[slice(*i)], new[slice(*j)]))


def _by_letters(old: str, new: str) -> Iterator[_Run]:
    if not old or not new or max(len(old), len(new)) > _LETTERS:
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() >= 0.5:
        yield from ((block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size)


def _shifted(i: int, j: int, runs: Iterable[_Run]) -> Iterator[_Run]:
    for start, new_start, n in runs:
        yield i + start, j + new_start, n


def _pieces(old: Sequence[str], new: Sequence[str], *, exhaustive: bool) -> Iterator[tuple[Span, Span, int, bool]]:
    """Give pieces of both texts in characters, in order: what is the same, and what lies between."""
    olds, news = [0, *accumulate(map(len, old))], [0, *accumulate(map(len, new))]
    i = j = 0
    for at, new_at, n in [*_joined(_aligned(old, new, exhaustive)), (len(old), len(new), 0)]:
        if i < at or j < new_at:
            yield (olds[i], olds[at]), (news[j], news[new_at]), 0, False
        i, j = at + n, new_at + n
        if n:
            yield (olds[at], olds[i]), (news[new_at], news[j]), olds[i] - olds[at], True


def _aligned(old: Sequence[str], new: Sequence[str], exhaustive: bool) -> list[_Run]:
    """Return the lines or words that are the same: at both ends, then what stands once in each, then what lies between.

    That is Bram Cohen's patience diff: what is rare is no coincidence.
    """
    runs: list[_Run] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        i, i_end, j, j_end = waiting.pop()
        head = 0
        while i + head < i_end and j + head < j_end and old[i + head] == new[j + head]:
            head += 1
        if head:
            runs.append((i, j, head))
            i, j = i + head, j + head
        tail = 0
        while i < i_end - tail and j < j_end - tail and old[i_end - tail - 1] == new[j_end - tail - 1]:
            tail += 1
        if tail:
            runs.append((i_end - tail, j_end - tail, tail))
            i_end, j_end = i_end - tail, j_end - tail
        if i == i_end or j == j_end:
            continue
        anchors = _anchors(old, new, (i, i_end), (j, j_end))
        if anchors:
            for at, new_at in [*anchors, (i_end, j_end)]:
                waiting.append((i, at, j, new_at))
                if at < i_end:
                    runs.append((at, new_at, 1))
                i, j = at + 1, new_at + 1
        elif exhaustive and (i_end - i) * (j_end - j) <= _WORDS_COMPARED:
            matcher = SequenceMatcher(None, old[i:i_end], new[j:j_end], autojunk=False)
            runs += ((i + block.a, j + block.b, block.size) for block in matcher.get_matching_blocks() if block.size)
    return runs


def _anchors(old: Sequence[str], new: Sequence[str], span: Span, new_span: Span) -> list[Span]:
    """Return the longest row of what stands once in both pieces and in the same order."""
    places = _once(old, span)
    new_places = _once(new, new_span)
    pairs = [(at, new_places[token]) for token, at in places.items() if token in new_places and not token.isspace()]
    pairs.sort()
    ends: list[int] = []
    rows: list[int] = []
    before: list[int] = []
    for number, (_, new_at) in enumerate(pairs):
        place = bisect_left(ends, new_at)
        before.append(rows[place - 1] if place else -1)
        ends[place : place + 1] = [new_at]
        rows[place : place + 1] = [number]
    row: list[Span] = []
    number = rows[-1] if rows else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _once(tokens: Sequence[str], span: Span) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(*span):
        found[tokens[at]] = -1 if tokens[at] in found else at
    return {token: at for token, at in found.items() if at >= 0}


def _joined(runs: Iterable[_Run]) -> list[_Run]:
    """Return runs in order, those that touch as one, empty ones left out."""
    joined: list[_Run] = []
    for i, j, n in sorted(runs):
        if not n:
            continue
        if joined and sum(joined[-1][::2]) == i and sum(joined[-1][1:]) == j:
            joined[-1] = (*joined[-1][:2], joined[-1][2] + n)
        else:
            joined.append((i, j, n))
    return joined
