"""Looks for what is left of a key in a study: the names, single words of them, and what comes near them (“Margret”).

What the key itself puts in as a pseudonym is not told. Whoever sees what is told here sees originals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from qdabridge.deposit.pseudonymising import pseudonymise
from qdabridge.deposit.pseudonymising.contexts import line_around
from qdabridge.deposit.pseudonymising.finding import Matcher
from qdabridge.deposit.pseudonymising.key import Entry, Key
from qdabridge.deposit.pseudonymising.saying import MARKS, Said, sayings
from qdabridge.deposit.pseudonymising.unchangeable import unchangeable
from qdabridge.deposit.pseudonymising.writing_of_names import bones_of
from qdabridge.errors import BadRequest
from qdabridge.findings import Finding, Findings
from qdabridge.study.study import Study

How = Literal["name", "part", "near"]

_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_POSSESSIVE = re.compile(r"['’][sS]?$")
_SHORTEST_PART = 3
_ONE_SLIP, _TWO_SLIPS = 4, 8
"""From how many letters on a word may differ from a name by one letter, and by two."""


class Left(Struct, frozen=True):
    """Something that is left of a key.

    Args:
        how: ``name``: the key finds it; ``part``: a word of a name of several words, alone; ``near``: a word that
            differs from a name by a letter or two.
        row: the row of the key; 0 where the key comes from no table.
        word: how it is written.
        count: how often it is there.
        place: what kind of place it is, the first time: ``text``, ``name of a case`` …
        where: which one.
        context: a line around it, the first time; empty where none is at hand.
    """

    how: How
    row: int
    word: str
    count: int
    place: str
    where: str
    context: str


class Verified(Struct, frozen=True):
    """What came of looking: what is left, names first, and what could not be looked at."""

    left: tuple[Left, ...]
    findings: tuple[Finding, ...]


def verify(study: Study, key: Key) -> Verified:
    """Look for what is left of a key.

    Args:
        study: the result of pseudonymising; keep it open.
        key: the key that it was pseudonymised with.
    """
    findings = Findings()
    wanted = _wanted(study, key, findings)
    numbered = Key(tuple(replace(entry, row=number) for number, entry in enumerate(wanted, 1)))
    said = list(_telling(study, key, wanted))
    left = [*_names(study, numbered, wanted, said, findings), *said]
    return Verified(tuple(left), tuple(findings.all()))


# --- names that the key finds ----------------------------------------------------------------------------------------


def _wanted(study: Study, key: Key, findings: Findings) -> list[Entry]:
    """Return what is looked for: without names that are pseudonyms too, with scopes as the study calls them now.

    A row of its own shields each pseudonym that has a name inside (Margaret S.).
    """
    pseudonyms = list(dict.fromkeys(entry.replace for entry in key.entries if entry.match != "regex"))
    bones = {bones_of(pseudonym) for pseudonym in pseudonyms}
    matcher = Matcher(key, key.scopes)
    wanted: list[Entry] = []
    for entry in key.entries:
        if entry.match != "regex" and bones_of(entry.find) in bones:
            findings.add(
                Finding(
                    "VERIFY-EXCHANGED",
                    "note",
                    "A name of the key is a pseudonym as well, so nobody can tell whether it is left.",
                    _of_row(entry),
                    "Read the texts, or use pseudonyms that nobody in the study is called.",
                )
            )
        else:
            wanted.append(entry)
    shields = [
        Entry(pseudonym, pseudonym, row=-1)
        for pseudonym in pseudonyms
        if matcher.found(pseudonym) and any(char.isalnum() for char in pseudonym)
    ]
    return [*_in_scope_now(study, wanted, matcher, findings), *shields]


def _in_scope_now(study: Study, entries: Iterable[Entry], matcher: Matcher, findings: Findings) -> Iterator[Entry]:
    """Give entries confined to a source or case with the name that this has now."""
    from qdabridge.deposit.pseudonymising.scopes import Scopes

    known: dict[str, str | None] = {"": ""}
    for entry in entries:
        if entry.scope not in known:
            known[entry.scope] = None
            for name in (entry.scope, matcher.text(entry.scope)):
                try:
                    Scopes(study, Key((replace(entry, scope=name),)))
                except BadRequest:
                    continue
                known[entry.scope] = name
                break
        scope = known[entry.scope]
        if scope is not None:
            yield replace(entry, scope=scope)
            continue
        findings.add(
            Finding(
                "VERIFY-SCOPE",
                "warning",
                "A row of the key is for one source or case, which is not found in this study; it was not looked for.",
                _of_row(entry),
                "Write the scope as the study calls it now.",
            )
        )


def _names(study: Study, numbered: Key, wanted: list[Entry], others: list[Left], findings: Findings) -> Iterator[Left]:
    """Give the names that would be replaced if it were done again, which looks everywhere and minds every scope."""
    made = pseudonymise(study, numbered)
    with made.study:
        for finding in unchangeable(study, made.untouched):
            findings.add(finding)
    counts: dict[int, int] = {}
    first: dict[int, tuple[str, str]] = {}
    for done in made.done:
        if wanted[done.row - 1].row < 0:
            continue
        counts[done.row] = counts.get(done.row, 0) + done.count
        first.setdefault(done.row, (done.place, done.where))
    contexts = _contexts(study, numbered, set(counts))
    for number, count in counts.items():
        said, start, end = contexts.get(number, (None, 0, 0))
        place, where = (said.place, said.where) if said is not None else first[number]
        yield Left(
            "name",
            wanted[number - 1].row,
            said.text[start:end] if said is not None else "",
            count,
            place,
            where,
            line_around(said.text, start, end) if said is not None else "",
        )


def _contexts(study: Study, numbered: Key, rows: set[int]) -> dict[int, tuple[Said, int, int]]:
    """Return for some rows where they are found first."""
    if not rows:
        return {}
    matcher = Matcher(numbered, numbered.scopes)
    found: dict[int, tuple[Said, int, int]] = {}
    for said in sayings(study):
        for match in matcher.found(said.text):
            if match.entry.row in rows:
                found.setdefault(match.entry.row, (said, match.start, match.end))
        if found.keys() >= rows:
            break
    return found


# --- words that come near --------------------------------------------------------------------------------------------


class _Seen:
    """A word of the study: how often it is there, and where first."""

    __slots__ = ("count", "end", "said", "start")

    def __init__(self, said: Said, start: int, end: int) -> None:
        self.said, self.start, self.end = said, start, end
        self.count = 0


def _telling(study: Study, key: Key, wanted: Iterable[Entry]) -> Iterator[Left]:
    """Give words of the study that are a part of a name or come near one, those that are most often there first."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    matcher = Matcher(key, key.scopes)
    parts, names = _words_of_names(wanted)
    if not names:
        return
    own = {bones_of(word) for entry in key.entries for word in _WORD.findall(entry.replace)}
    # Dylis for Dilys: the same letters.
    jumbled = {"".join(sorted(name)): row for name, row in names.items()}
    seen, small = _words(study)
    found: list[Left] = []
    for word, each in seen.items():
        bones = bones_of(word)
        if bones in own or bones in small or matcher.found(word):
            continue
        how: How = "part"
        row = parts.get(bones)
        if row is None and (slips := _slips(bones)):
            how = "near"
            near = process.extractOne(bones, names.keys(), scorer=OSA.distance, score_cutoff=slips)
            same = jumbled.get("".join(sorted(bones)))
            row = names[near[0]] if near is not None and near[1] <= _slips(near[0]) else same
        if row is not None:
            said = each.said
            context = line_around(said.text, each.start, each.end)
            found.append(Left(how, row, word, each.count, said.place, said.where, context))
    yield from sorted(found, key=lambda left: (left.how != "part", -left.count, left.word))


def _words_of_names(entries: Iterable[Entry]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the words of names of several words, and all words of names, each with the row of the key."""
    parts: dict[str, int] = {}
    names: dict[str, int] = {}
    for entry in entries:
        if entry.match == "regex" or entry.row < 0:
            continue
        words = [word for word in _WORD.findall(entry.find) if not word[0].islower()]
        for word in words:
            bones = bones_of(word)
            names.setdefault(bones, entry.row)
            if len(words) > 1 and len(bones) >= _SHORTEST_PART:
                parts.setdefault(bones, entry.row)
    return parts, names


def _words(study: Study) -> tuple[dict[str, _Seen], set[str]]:
    """Return the words of a study that may be names, and, as bones, those that are written small as well."""
    seen: dict[str, _Seen] = {}
    small: set[str] = set()
    for said in sayings(study):
        if said.place == MARKS:
            # Words of the format are many there, and one may be like a name.
            continue
        for found in _WORD.finditer(said.text):
            word = _POSSESSIVE.sub("", found.group())
            if word[:1].islower():
                small.add(word)
                continue
            each = seen.get(word)
            if each is None:
                each = seen[word] = _Seen(said, found.start(), found.start() + len(word))
            each.count += 1
    return seen, set(map(bones_of, small))


def _slips(word: str) -> int:
    """Return by how many letters a word may differ from a name, and still be told."""
    return 0 if len(word) < _ONE_SLIP else 1 if len(word) < _TWO_SLIPS else 2


def _of_row(entry: Entry) -> str:
    return f"row {entry.row}" if entry.row else ""
