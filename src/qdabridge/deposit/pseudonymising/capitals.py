"""Names by their capitals: words written with one where no sentence begins, and hardly ever without; speakers' labels.

It knows how names are written in scripts that have capitals, and a few words of English that are no names. In German,
where all nouns have capitals, it takes far too much; of scripts without capitals it finds nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from qdabridge.deposit.pseudonymising.key import Kind
from qdabridge.deposit.pseudonymising.words import NO_NAMES, NO_NAMES_AT_STARTS, OF_INSTITUTIONS, OF_PLACES


class Named(Struct, frozen=True):
    """What may be a name.

    Args:
        name: as it is written most often.
        kind: what it may be, by the words around it.
        count: how often it is there.
        number: of the text in which it is first, as given to ``take``, and ``start`` and ``end`` there.
    """

    name: str
    kind: Kind
    count: int
    number: int
    start: int
    end: int


class Capitals:
    """Takes text after text, and then says what in all of them may be a name."""

    def __init__(self) -> None:
        self._inside: Counter[str] = Counter()
        self._first: Counter[str] = Counter()
        self._speaks: set[str] = set()
        self._owns: set[str] = set()
        self._small: Counter[str] = Counter()
        self._words_inside: Counter[str] = Counter()
        self._near: dict[str, Counter[str]] = {}
        self._where: dict[str, tuple[int, int]] = {}

    def take(self, text: str, number: int) -> None:
        """Take a text."""
        self._small.update(_SMALL.findall(text))
        for found in _RUN.finditer(text):
            run, start = found.group(), found.start()
            bare = _POSSESSIVE.sub("", run)
            if bare != run:
                self._owns.add(bare)
            self._where.setdefault(bare, (number, start))
            before = text[max(0, start - _BEHIND) : start]
            if text[found.end() : found.end() + 1] == ":" and _LINE_BEGINS.search(before):
                self._speaks.add(bare)
            if _BEGINS.search(before):
                self._first[bare] += 1
                self._words_inside.update(bare.split()[1:])
                continue
            self._inside[bare] += 1
            self._words_inside.update(bare.split())
            word = _WORD_BEFORE.search(before)
            if word is not None:
                self._near.setdefault(bare, Counter())[word[1].lower()] += 1

    def names(self) -> list[Named]:
        """Return what may be a name, the most frequent first."""
        counts: Counter[str] = Counter()
        sure: set[str] = set()
        places: dict[str, tuple[int, int]] = {}
        for run, (number, start) in self._where.items():
            name = self._without_common(run)
            if name is None:
                continue
            counts[name] += self._inside[run] + self._first[run]
            places.setdefault(name, (number, start + run.index(name)))
            if self._inside[run] or run in self._speaks or run in self._owns or " " in name or name != run:
                sure.add(name)
        # MARGARET is Margaret where there is one.
        for name in [each for each in counts if each.isupper() and each.title() in counts]:
            counts[name.title()] += counts.pop(name)
            sure |= {name.title()} if name in sure else set()
        return [
            Named(name, self._kind(name), count, *places[name], places[name][1] + len(name))
            for name, count in counts.most_common()
            if name in sure or (count >= _OFTEN and not name.endswith("ing"))
        ]

    def _without_common(self, run: str) -> str | None:
        """Return a run of words without words of the language at its ends; ``None`` where nothing is left."""
        words = run.split(" ")
        # Within a sentence a capital is there on purpose: the Coast Breathing Service.
        is_begun = not self._inside[run]
        while words and (_is_no_name(words[0]) or (is_begun and self._begins_only(words[0]))):
            words.pop(0)
        while words and _is_no_name(words[-1]):
            words.pop()
        if len(words) == 1 and (self._is_common(words[0]) or (is_begun and self._begins_only(words[0]))):
            return None
        name = " ".join(words)
        return name if len(name) > 1 else None

    def _begins_only(self, word: str) -> bool:
        """Tell whether a word that begins a sentence is one of the language."""
        return self._is_common(word) or (_bare(word) in NO_NAMES_AT_STARTS and not self._words_inside[word])

    def _is_common(self, word: str) -> bool:
        """Tell whether a word is written small more often than with a capital."""
        bare = _bare(word)
        small = self._small[word.lower()] + (self._small[bare.lower()] if bare != word else 0)
        return small > self._words_inside[word]

    def _kind(self, name: str) -> Kind:
        words = set(name.split())
        if words & OF_INSTITUTIONS or (name.isupper() and " " not in name and len(name) > _INITIALS):
            return "institution"
        near = self._near.get(name, Counter())
        if words & OF_PLACES or 2 * sum(near[word] for word in _TO_PLACES) > sum(near.values()):
            return "place"
        return "person"


def _is_no_name(word: str) -> bool:
    return word[0].islower() or _bare(word) in NO_NAMES


def _bare(word: str) -> str:
    """Return what stands before an apostrophe: of I'm, I. Of O'Brien it is all."""
    return word if word[1:2] in ("'", "’") and word[2:3].isupper() else re.split("['’]", word)[0]


_LAST_CAPITAL = 0x1E944
"""Behind it no script has capitals."""


def _ranges() -> Iterator[str]:
    """Give the capital letters of all scripts, as ranges."""
    first = last = -2
    for code in range(_LAST_CAPITAL):
        char = chr(code)
        if not (char.isupper() or char.istitle()):
            continue
        if code != last + 1:
            if first >= 0:
                yield f"{chr(first)}-{chr(last)}"
            first = code
        last = code
    yield f"{chr(first)}-{chr(last)}"


_CAPITAL = f"[{''.join(_ranges())}]"
_WORD = rf"(?:[OD]['’](?={_CAPITAL}))?{_CAPITAL}(?:[\w'’-]*\w)?"
_PARTICLES = "(?:of|de|da|do|dos|du|la|le|van|von|der|den|ten|bin|ibn|al|el|y|ap|ab|ferch|upon|on|the) "
_RUN = re.compile(rf"(?<![\w'’/\\-]){_WORD}(?: (?:{_PARTICLES}){{0,2}}{_WORD})*")
_SMALL = re.compile(rf"(?<![\w'’-])(?!{_CAPITAL})[^\W\d_][\w'’-]*")
_POSSESSIVE = re.compile(r"['’][sS]?$")
_BEGINS = re.compile(r"(?:^|[.!?:;\n\r“”\"‘()\[\]–—…•*/|-])[\s'’]*$")
_LINE_BEGINS = re.compile(r"(?:^|[\n\r])\s*$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+) $")
_BEHIND = 24
_OFTEN = 3
_INITIALS = 3

_TO_PLACES = ("in", "near", "from", "at", "around", "outside")
