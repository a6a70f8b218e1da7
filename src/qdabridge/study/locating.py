"""Finding quotes in the texts they are from: exactly, then whatever became of white space and signs, then by likeness.

A quote has one place or its candidates, never a guess. Texts are gone through one after the other, each once, so that
many of them need little memory. It knows texts and nothing of studies, tables or people.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from qdabridge.study.bare_text import BareText, bare, words
from qdabridge.study.text import is_word_edge

How: TypeAlias = Literal["exact", "same words", "with gaps", "similar"]

_BEST_FIRST: tuple[How, ...] = ("exact", "same words", "with gaps", "similar")

_CANDIDATES = 20
_KEYS = 6
_KEY_WORDS = 3
_LONG_ENOUGH_INSIDE_WORDS = 12

_GAP = re.compile(r"[\[(<{]\s*(?:\.{2,}|…)+\s*[\])>}]|\.{3,}|…")
_SHORTEST_PART = 8
_LONGEST_GAP = 1_500
_SURE_GAP = 300

_SHORTEST_SIMILAR = 30
_LIKENESS = 90.0
_CLEARLY_BETTER = 4.0
_SEED = 10
_SEEDS = 24
_BLOCK = 4

_DASHES = frozenset("-‐‑‒–—―−~")
_QUOTE_MARKS = frozenset("\"'`´‘’‚‛“”„‟«»‹›′″")
_DOTS = frozenset(".…")


class Wanted(Struct, frozen=True):
    """A quote to be found.

    Args:
        quote: its words.
        text: the name of the text that it is from; ``None`` where that may be any.
        paragraphs: first and last paragraph, counted from 1, in which it should be; chooses among several places.
    """

    quote: str
    text: str | None = None
    paragraphs: tuple[int, int] | None = None


class Place(Struct, frozen=True, order=True):
    """Where a quote is, in code points, the end exclusive; ``likeness`` is 100 but for places found by likeness."""

    text: str
    start: int
    end: int
    how: How = "exact"
    likeness: float = 100.0


class Located(Struct, frozen=True):
    """The place of a quote, or the candidates where there are several; neither where it was not found."""

    place: Place | None = None
    candidates: tuple[Place, ...] = ()


NOT_FOUND = Located()


def locate(quote: str, text: str, paragraphs: tuple[int, int] | None = None) -> Located:
    """Find one quote in one text.

    >>> locate("I waited... six weeks", "Well, I waited … six  weeks.").place
    Place(text='', start=6, end=27, how='same words', likeness=100.0)
    """
    return locate_all([Wanted(quote, "", paragraphs)], {"": text})[0]


def locate_all(wanted: Iterable[Wanted], texts: Mapping[str, str]) -> list[Located]:
    """Find many quotes; a mapping that reads each text when it is asked for needs memory for one at a time.

    Returns:
        What was found of each, in the order in which they are wanted.
    """
    quotes = list(wanted)
    of_text: dict[str, list[int]] = {}
    anywhere: list[int] = []
    for number, each in enumerate(quotes):
        (anywhere if each.text is None else of_text.setdefault(each.text, [])).append(number)
    search = _Search(quotes, texts)
    search.go_through(of_text, anywhere, by_likeness=False)
    # Likeness is dear, and seldom needed: only for what is nowhere as it stands.
    left = {name: [number for number in numbers if not search.found[number]] for name, numbers in of_text.items()}
    search.go_through(left, [number for number in anywhere if not search.found[number]], by_likeness=True)
    return [_decided(places, search.near.get(number, ())) for number, places in enumerate(search.found)]


class _Search:
    """Quotes, the texts they may be in, and what was found so far."""

    def __init__(self, quotes: list[Wanted], texts: Mapping[str, str]) -> None:
        self._quotes = quotes
        self._texts = texts
        self.found: list[list[Place]] = [[] for _ in quotes]
        self.near: dict[int, list[Place]] = {}

    def go_through(self, of_text: Mapping[str, list[int]], anywhere: list[int], *, by_likeness: bool) -> None:
        """Look for the quotes of each text, and for those that may be in any, in every text once."""
        keys = _Keys({number: self._quotes[number].quote for number in anywhere})
        for name in self._texts:
            numbers = of_text.get(name, [])
            if not numbers and not anywhere:
                continue
            text = self._texts[name]
            searched = _Searched(name, text)
            for number in [*numbers, *keys.in_text(text)]:
                wanted = self._quotes[number]
                places = searched.alike(wanted.quote) if by_likeness else searched.as_it_stands(wanted.quote)
                self.found[number] += places
                if len(places) > 1 and wanted.paragraphs is not None:
                    self.near.setdefault(number, []).extend(searched.within(wanted.paragraphs, places))


def _decided(places: list[Place], near: Iterable[Place]) -> Located:
    """Return the one place among those found in the best of the ways, or all of these."""
    if not places:
        return NOT_FOUND
    best = min(_BEST_FIRST.index(place.how) for place in places)
    chosen = sorted({place for place in places if place.how == _BEST_FIRST[best]})
    most = max(place.likeness for place in chosen)
    if most < _LIKENESS:
        return NOT_FOUND
    chosen = [place for place in chosen if place.likeness > most - _CLEARLY_BETTER]
    if len(chosen) > 1:
        of_paragraph = sorted(set(chosen) & set(near))
        chosen = of_paragraph if len(of_paragraph) == 1 else chosen
    return Located(chosen[0]) if len(chosen) == 1 else Located(None, tuple(chosen[:_CANDIDATES]))


class _Keys:
    """A few words in a row from each quote that may be in any text: in which texts it is worth looking for it."""

    def __init__(self, quotes: Mapping[int, str]) -> None:
        self._index: dict[int, dict[tuple[str, ...], list[int]]] = {}
        self._needed: dict[int, int] = {}
        self._without_words: list[int] = []
        for number, quote in quotes.items():
            of_quote = words(quote)
            length = min(_KEY_WORDS, len(of_quote))
            if not length:
                self._without_words.append(number)
                continue
            last = len(of_quote) - length
            keys = {tuple(of_quote[at : at + length]) for at in {last * n // (_KEYS - 1) for n in range(_KEYS)}}
            self._needed[number] = len(keys) // 2 + 1
            for key in keys:
                self._index.setdefault(length, {}).setdefault(key, []).append(number)

    def in_text(self, text: str) -> list[int]:
        """Return the quotes that may be in a text: those of which more than half the keys are there."""
        if not self._index and not self._without_words:
            return []
        of_text = words(text)
        there: Counter[int] = Counter()
        for length, index in self._index.items():
            rows = zip(*(islice(of_text, at, None) for at in range(length)), strict=False)
            for key in index.keys() & set(rows):
                there.update(index[key])
        found = [number for number, keys in there.items() if keys >= self._needed[number]]
        return sorted([*found, *self._without_words])


class _Searched:
    """One text in which quotes are looked for; its bare form is made when it is first needed."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._made: BareText | None = None
        self._starts: list[int] | None = None

    def as_it_stands(self, quote: str) -> list[Place]:
        """Return the places of a quote, its signs aside, found in the best of the ways that find any."""
        return self._exactly(quote) or self._same_words(quote, bare(quote)) or self._with_gaps(quote)

    def alike(self, quote: str) -> list[Place]:
        """Return the places of what is very like a quote."""
        return self._similar(quote, bare(quote))

    def within(self, paragraphs: tuple[int, int], places: Iterable[Place]) -> list[Place]:
        """Return those of the places that begin and end in the paragraphs said."""
        first, last = paragraphs
        lines = [match.end() for match in re.finditer(r"\r\n|\r|\n", self._text)]
        begin = 0 if first < 2 else lines[first - 2] if first - 2 < len(lines) else len(self._text)
        end = lines[last - 1] if 0 < last <= len(lines) else len(self._text)
        return [place for place in places if begin <= place.start and place.end <= end]

    @property
    def _bare(self) -> BareText:
        if self._made is None:
            self._made = BareText(self._text)
        return self._made

    def _exactly(self, quote: str) -> list[Place]:
        stripped = quote.strip()
        for words_of_it in dict.fromkeys((quote, stripped)):
            spans = list(islice(_occurrences(words_of_it, self._text), 10 * _CANDIDATES)) if words_of_it.strip() else []
            whole = [span for span in spans if self._is_of_words(*span)]
            if spans:
                return [Place(self._name, *span) for span in whole or spans]
        return []

    def _same_words(self, quote: str, letters: str) -> list[Place]:
        if not letters:
            return []
        spans = [self._bare.span(*span) for span in islice(_occurrences(letters, self._bare.text), 10 * _CANDIDATES)]
        whole = [span for span in spans if self._is_of_words(*span)]
        if not whole and len(letters) >= _LONG_ENOUGH_INSIDE_WORDS:
            whole = spans
        return [Place(self._name, *self._with_signs(quote, *span), "same words") for span in whole]

    def _with_gaps(self, quote: str) -> list[Place]:
        """Find a quote from which words were left out, with an ellipsis in their place."""
        parts = [part for part in map(bare, _GAP.split(quote)) if part]
        if len(parts) < 2 or any(len(part) < _SHORTEST_PART for part in (parts[0], parts[-1])):
            return []
        found = []
        left_out = 0
        for start, end in self._gapped(parts):
            span = self._bare.span(start, end)
            if self._is_of_words(*span):
                found.append(Place(self._name, *self._with_signs(quote, *span), "with gaps"))
                left_out = max(left_out, end - start - sum(map(len, parts)))
        if left_out > _SURE_GAP:
            # The ellipsis may be a pause of the speaker's, and the end of the quote that of another passage.
            return self._similar(quote, bare(quote)) or found
        return found

    def _gapped(self, parts: list[str]) -> Iterator[tuple[int, int]]:
        """Give the stretches of the bare text that begin with the first part and end with the last, all between.

        A last part that comes again soon gives several: nothing tells up to which it was quoted.
        """
        text, last = self._bare.text, parts[-1]
        for start, end in islice(_occurrences(parts[0], text), 10 * _CANDIDATES):
            for part in parts[1:-1]:
                at = text.find(part, end, end + _LONGEST_GAP + len(part))
                if at < 0:
                    break
                end = at + len(part)
            else:
                within = text[end : end + _LONGEST_GAP + len(last)]
                yield from ((start, end + stop) for _, stop in islice(_occurrences(last, within), _CANDIDATES))

    def _similar(self, quote: str, letters: str) -> list[Place]:
        if len(letters) < _SHORTEST_SIMILAR:
            return []
        from rapidfuzz import fuzz

        text = self._bare.text
        found: dict[tuple[int, int], float] = {}
        for at in self._seeded(letters):
            span = self._aligned(letters, at)
            if span is not None and span not in found:
                # What is nearly like enough is no place, but it makes another one doubtful that is hardly better.
                likeness = fuzz.ratio(letters, text[slice(*span)], score_cutoff=_LIKENESS - _CLEARLY_BETTER)
                if likeness:
                    found[span] = likeness
        return [
            Place(self._name, *self._with_signs(quote, *self._to_words(*self._bare.span(*span))), "similar", likeness)
            for span, likeness in _apart(found).items()
        ]

    # --- by likeness -------------------------------------------------------------------------------------------------

    def _seeded(self, letters: str) -> list[int]:
        """Return where the letters may begin in the text: where most short stretches of them stand as they should."""
        text = self._bare.text
        step = max(1, (len(letters) - _SEED) // _SEEDS)
        slack = _slack(letters)
        votes: Counter[int] = Counter()
        first: dict[int, int] = {}
        for offset in range(0, len(letters) - _SEED + 1, step):
            for at, _ in islice(_occurrences(letters[offset : offset + _SEED], text), _CANDIDATES):
                votes[(at - offset) // slack] += 1
                first.setdefault((at - offset) // slack, at - offset)
        return [first[bucket] for bucket, _ in votes.most_common(6)]

    def _aligned(self, letters: str, at: int) -> tuple[int, int] | None:
        """Return the stretch of the text around a place that is likest to the letters."""
        from rapidfuzz.distance import Levenshtein

        slack = 2 * _slack(letters)
        begin = max(0, at - slack)
        window = self._bare.text[begin : at + len(letters) + slack]
        blocks = [block for block in Levenshtein.opcodes(letters, window).as_matching_blocks() if block.size >= _BLOCK]
        if not blocks:
            return None
        # A first word that stands far before the rest, once more than in the quote, is another one.
        while len(blocks) > 1 and _detour(blocks[0], blocks[1]) > blocks[0].size:
            del blocks[0]
        while len(blocks) > 1 and _detour(blocks[-2], blocks[-1]) > blocks[-1].size:
            del blocks[-1]
        first, last = blocks[0], blocks[-1]
        start = begin + first.b - first.a
        end = begin + last.b + last.size + (len(letters) - last.a - last.size)
        return (max(0, start), min(end, len(self._bare.text))) if start < end else None

    # --- where it begins and ends ------------------------------------------------------------------------------------

    def _is_of_words(self, start: int, end: int) -> bool:
        return is_word_edge(self._text, start) and is_word_edge(self._text, end)

    def _to_words(self, start: int, end: int) -> tuple[int, int]:
        """Return a passage that ends inside a word brought to the nearer end of the word, no white space around it."""
        start, end = self._nearest_edge(start, most=end), self._nearest_edge(end, least=start + 1)
        passage = self._text[start:end]
        return start + len(passage) - len(passage.lstrip()), end - len(passage) + len(passage.rstrip())

    def _nearest_edge(self, position: int, *, least: int = 0, most: int | None = None) -> int:
        most = len(self._text) if most is None else most
        for distance in range(_SEED):
            for candidate in (position - distance, position + distance):
                if least <= candidate <= most and is_word_edge(self._text, candidate):
                    return candidate
        return position

    def _with_signs(self, quote: str, start: int, end: int) -> tuple[int, int]:
        """Return a passage together with the signs around it that the quote has, too: a full stop, quote marks."""
        text = self._text
        while end < len(text) and _is_accent(text[end]):
            # One that is a character of its own belongs to its letter.
            end += 1
        letters = [at for at, character in enumerate(quote) if character.isalnum()]
        head, tail = quote[: letters[0]], quote[letters[-1] + 1 :]
        for sign in tail:
            at = end
            while at < len(text) and text[at].isspace():
                at += 1
            if at < len(text) and _is_same_sign(text[at], sign):
                end = at + 1
                while text[at] in _DOTS and sign == "…" and text[end : end + 1] == ".":
                    end += 1
        for sign in reversed(head):
            at = start
            while at > 0 and text[at - 1].isspace():
                at -= 1
            if at > 0 and _is_same_sign(text[at - 1], sign):
                start = at - 1
                while text[at - 1] in _DOTS and sign == "…" and text[start - 1 : start] == ".":
                    start -= 1
        return start, end


def _occurrences(wanted: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(wanted)
    while at >= 0:
        yield at, at + len(wanted)
        at = text.find(wanted, at + 1)


def _apart(found: Mapping[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    """Return the best of each group of stretches that overlap."""
    kept: dict[tuple[int, int], float] = {}
    for span in sorted(found, key=lambda span: -found[span]):
        if all(span[1] <= other[0] or other[1] <= span[0] for other in kept):
            kept[span] = found[span]
    return kept


def _detour(block: Any, following: Any) -> int:
    """Return how much farther two blocks are from each other in the text than in the quote."""
    return int((following.b - block.b) - (following.a - block.a))


def _slack(letters: str) -> int:
    return max(8, len(letters) // 10)


def _is_accent(character: str) -> bool:
    return "\u0300" <= character <= "\u036f"


def _is_same_sign(one: str, other: str) -> bool:
    if one == other:
        return not one.isspace()
    return any(one in alike and other in alike for alike in (_DASHES, _QUOTE_MARKS, _DOTS))
