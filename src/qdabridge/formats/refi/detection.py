"""How a file counts positions in text: found from its selections, starting from what is known of the tool.

What a tool counts is not written in its files, differs between versions and is not known for every tool. Selections
give it away: in the right counting they say what they are named after, and begin and end at the edges of words. One
answer holds for a file. What is known of the tool is only overruled by enough selections and by a clear margin.

Knows texts and selections; converting is in ``positions``, tools are in ``dialects``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Literal, NamedTuple, TypeVar

from msgspec.structs import astuple, replace

from qdabridge.errors import CannotRead
from qdabridge.formats.refi.texts import Texts
from qdabridge.study import walk
from qdabridge.study.form import Decision
from qdabridge.study.model import PlainTextSelection, Project, TextDocument
from qdabridge.study.text import Counting, Positions, StoredText, is_word_edge

ENOUGH = 20
"""How many selections have to tell before what is known of a tool is overruled …"""
ENOUGH_NAMES = 3
"""… or how many that are named after exactly the passage that they mark …"""
MARGIN = 0.1
"""… and by which part of the score one way of counting has to be better."""

_LOOKED_AT = 300
_PLENTY = 60
"""So many selections that all agree with what is known are enough."""
_PER_TEXT = _PLENTY
_CHARACTERS = 2_000_000
"""Of a longer text only the beginning is looked at, and only selections that are in it however they are counted."""
_NAME_WEIGHT = 5
_FIRST_PART = 4096

_Any = TypeVar("_Any")

TELLING_BEGINNING = 8
"""How many characters of a name have to be what is marked, where it is not all of it."""

_NO_QUOTE = re.compile(r"[\d\s,;:.()-]*|\(b,\d+\),\(e,\d+\)|line:\d+")
"""Names that are positions, as MAXQDA and qc make them."""
_ELLIPSES = ("…", "...")


class _Told(NamedTuple):
    """How many selections told ways of counting apart, how many of them by name, and the points there were to win."""

    selections: int
    names: int
    possible: int


class Found(NamedTuple):
    """The counting, how it was decided, and which of the things in which countings differ are in the texts at all."""

    counting: Counting
    decision: Decision
    differs: frozenset[str]


def decide(project: Project, texts: Texts, known: Counting, asked: Counting | None = None) -> Found:
    """Find how the positions of a file are counted.

    Args:
        project: as read, its positions as they stand in the file.
        texts: its texts.
        known: how the tool counts, as far as that is known.
        asked: what a person says; then nothing is looked for.
    """
    if asked is not None:
        return Found(asked, Decision(by="request", expected=known), frozenset({"unit", "crlf", "bom"}))
    documents = list(_documents(project, texts))
    differs = frozenset(name for document in documents for name in document.differs)
    sample = _sample(documents, differs)
    named = any(is_quote(selection.name) for document in sample for selection in document.selections)
    scores = {candidate: _Score() for candidate in _candidates(known, differs, named=named)}
    told = [_Told(0, 0, 0)]
    seen: frozenset[str] = frozenset()
    for document in sample if len(scores) > 1 else ():
        stored = texts.of(document.document)
        assert stored is not None
        told.append(document.score(scores, stored))
        seen |= document.differs
        if seen == differs and _borne_out(scores[known], told):
            break
    selections, names, possible = (sum(column) for column in zip(*told, strict=True))
    # What is known comes first and so wins a draw.
    best = max(scores, key=lambda counting: scores[counting].points)
    enough = selections >= ENOUGH or scores[best].names >= ENOUGH_NAMES
    if not enough or scores[best].points - scores[known].points <= MARGIN * possible:
        best = known
    by: Literal["selections", "agreement", "tool"] = "selections" if enough else "tool"
    if documents and not differs and not selections and not known.inclusive:
        by = "agreement"
    others = [counting for counting in scores if counting != best]
    next_best = max(others, key=lambda counting: scores[counting].points) if others and selections else None
    decision = Decision(
        by,
        selections,
        names,
        scores[best].fitting,
        known,
        scores[known].fitting,
        next_best,
        scores[next_best].fitting if next_best else 0,
    )
    return Found(best, decision, differs)


def _borne_out(score: _Score, told: list[_Told]) -> bool:
    """Tell whether what is known of the tool fits so many selections, all of them, that no others would overrule it."""
    return score.fitting == sum(each.selections for each in told) >= _PLENTY


def is_quote(name: str | None) -> bool:
    """Tell whether a selection's name may be the text that it marks."""
    return bool(name) and _NO_QUOTE.fullmatch(name or "") is None


def without_ellipsis(name: str) -> str | None:
    """Return what stands before the sign that a name was cut, or ``None`` where it was not."""
    for ellipsis in _ELLIPSES:
        if name.endswith(ellipsis):
            return name.removesuffix(ellipsis).rstrip()
    return None


def _candidates(known: Counting, differs: frozenset[str], *, named: bool) -> list[Counting]:
    """Return the ways of counting that the texts can tell apart; the nearer to what is known, the earlier.

    Only names can tell an inclusive end: the edge of a word is as near on both sides.
    """
    made = [
        replace(known, unit=unit, crlf=crlf, bom=bom, inclusive=inclusive)
        for inclusive, bom, crlf, unit in product(
            _both(known.inclusive, (False, True), named),
            _both(known.bom, (False, True), "bom" in differs),
            _both(known.crlf, (2, 1), "crlf" in differs),
            _both(known.unit, ("codepoint", "utf16"), "unit" in differs),
        )
    ]
    return sorted(made, key=lambda made: sum(a != b for a, b in zip(astuple(made), astuple(known), strict=True)))


def _both(known: _Any, both: tuple[_Any, _Any], differs: bool) -> tuple[_Any, ...]:
    return both if differs else (known,)


class _Score:
    """How well one way of counting does."""

    __slots__ = ("fitting", "names", "points")

    def __init__(self) -> None:
        self.points = 0.0
        self.fitting = 0
        self.names = 0


class _Document:
    """A text with those of its selections that are looked at."""

    def __init__(self, document: TextDocument, stored: StoredText) -> None:
        self.document = document
        self.selections: list[PlainTextSelection] = []
        text = stored.text
        self.length = len(text)
        found = {
            "unit": _has_wide_characters(text),
            # Looking for one character is much faster than looking for two.
            "crlf": "\r" in text and "\r\n" in text,
            "bom": stored.byte_order_mark,
        }
        self.differs = frozenset(name for name, there in found.items() if there)

    def score(self, scores: dict[Counting, _Score], stored: StoredText) -> _Told:
        """Add to the scores what the selections in the text say, and return how many said anything."""
        stored = StoredText(stored.text[:_CHARACTERS], stored.byte_order_mark)
        text = stored.text
        spans = {counting: self._spans(counting, stored) for counting in scores}
        known = next(iter(scores))
        peers = [counting for counting in scores if counting.inclusive == known.inclusive]
        told = names = possible = 0
        for index, selection in enumerate(self.selections):
            of = {counting: found[index] for counting, found in spans.items()}
            fits = _names_fitting(selection.name, text, set(of.values()))
            if any(fits.values()):
                if len({fits[span] for span in of.values()}) == 1:
                    continue
                names += 1
                possible += _NAME_WEIGHT
                for counting, span in of.items():
                    score = scores[counting]
                    score.points += _NAME_WEIGHT * (fits[span] > 0)
                    score.fitting += fits[span] > 0
                    score.names += fits[span] > 1
            elif len({of[counting] for counting in peers}) == 1:
                continue
            else:
                possible += 1
                edges = {span: _edges(text, *span) for span in set(of.values())}
                for counting, span in of.items():
                    scores[counting].points += edges[span] / 2
                    scores[counting].fitting += edges[span] == 2
            told += 1
        return _Told(told, names, possible)

    def _spans(self, counting: Counting, stored: StoredText) -> list[tuple[int, int]]:
        positions = Positions(stored.text, counting, byte_order_mark=stored.byte_order_mark)
        last = int(counting.inclusive)
        starts, _ = positions.all_to_codepoints([selection.start_position for selection in self.selections])
        ends, _ = positions.all_to_codepoints([selection.end_position + last for selection in self.selections])
        return list(zip(starts, ends, strict=True))


def _has_wide_characters(text: str) -> bool:
    """Tell whether a text holds anything above U+FFFF: then UTF-16 is longer. Ten times as fast as looking for one."""
    if text.isascii():
        return False
    parts = (text[:_FIRST_PART], text[_FIRST_PART:])
    return any(len(part.encode("utf-16-le")) != 2 * len(part) for part in parts)


def _names_fitting(name: str | None, text: str, spans: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return how well each span is what the name says; nothing where the name is no quotation."""
    return {span: named_after(name, text, *span) for span in spans} if name and is_quote(name) else {}


def _edges(text: str, start: int, end: int) -> int:
    """Return at how many of its two ends a span is at the edge of a word; less than none outside the text."""
    if not 0 <= start <= end <= len(text):
        return -2
    return is_word_edge(text, start) + is_word_edge(text, end)


def named_after(name: str, text: str, start: int, end: int) -> int:
    """Tell whether a selection is named after the passage it marks: 2 wholly, 1 as far as the name goes, 0 not.

    Names are compared as people see them: composed or not, whatever the white space.
    """
    if not 0 <= start <= end <= len(text) or end - start + _SLACK < len(name) // 2:
        return 0
    begin = without_ellipsis(name)
    wanted = name if begin is None else begin
    # The name bounds what is looked at: a long passage with a short name costs no more than the name.
    passage = text[start : min(end, start + 2 * len(name) + _SLACK)]
    if passage.startswith(wanted) and (begin is None or len(wanted) >= TELLING_BEGINNING):
        return 2 if passage == name else int(len(wanted) >= TELLING_BEGINNING)
    if _begin_otherwise(wanted, passage):
        return 0
    wanted, passage = _seen(wanted), _seen(passage)
    if begin is None and passage == wanted:
        return 2
    return int(passage.startswith(wanted) and len(wanted) >= TELLING_BEGINNING)


_SLACK = 40


def _begin_otherwise(one: str, other: str) -> bool:
    """Tell whether two texts begin with different letters of ASCII, which no normal form makes one."""
    first, second = one.lstrip()[:1], other.lstrip()[:1]
    return first != second and first.isascii() and second.isascii()


def _seen(text: str) -> str:
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _documents(project: Project, texts: Texts) -> Iterator[_Document]:
    """Give the texts of sources that have selections. Notes are left out: in some, selections count a source's text."""
    for source in project.sources or ():
        for document in walk.texts_of(source):
            if not isinstance(document, TextDocument) or not document.plain_text_selections:
                continue
            try:
                stored = texts.of(document)
            except CannotRead:
                continue
            if stored is not None:
                yield _Document(document, stored)


def _sample(documents: list[_Document], differs: frozenset[str]) -> list[_Document]:
    """Return texts from all over the study, some for each thing in which countings differ, as many as are needed."""
    # Multiples of the golden ratio fall evenly wherever one stops.
    order = [documents[index] for index in sorted(range(len(documents)), key=lambda index: index * 0.618034 % 1)]
    chosen: dict[int, _Document] = {}
    most = max(_PER_TEXT, _LOOKED_AT // max(1, len(documents)))
    for wanted in differs or {""}:
        selections = characters = 0
        for document in order:
            if wanted and wanted not in document.differs:
                continue
            chosen[id(document)] = document
            document.selections = document.selections or _evenly(document.document.plain_text_selections, most)
            selections += len(document.selections)
            characters += document.length
            if selections >= _LOOKED_AT / max(1, len(differs)) or characters >= _CHARACTERS:
                break
    return list(chosen.values())


def _evenly(selections: list[PlainTextSelection], most: int) -> list[PlainTextSelection]:
    """Return some selections from all over a text, none of them empty or reversed."""
    usable = [found for found in selections if found.start_position < found.end_position <= _CHARACTERS // 2]
    return usable[:: max(1, len(usable) // most)][:most]
