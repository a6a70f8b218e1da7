"""Looks for what is left of a key in a study: the names themselves, and what comes near them (“Margret”)."""

from __future__ import annotations

import re
from collections import Counter

from qdabridge.deposit.pseudonymising.finding import Matcher
from qdabridge.deposit.pseudonymising.key import Key
from qdabridge.deposit.pseudonymising.saying import sayings
from qdabridge.findings import Finding, Findings
from qdabridge.study.study import Study

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SHORTEST = 5
"""Letters of a name below which too many words come near it."""

_NEAR = 82.0
"""How alike two words are, of 100, to be told; Margret and Margaret are 93."""


def left_in(study: Study, key: Key) -> list[Finding]:
    """Return where a study still says what a key replaces, or something near it.

    What the key itself puts in as a pseudonym is not told.

    Args:
        study: the result of pseudonymising; keep it open.
        key: the key it was pseudonymised with.
    """
    pseudonyms = {word.casefold() for entry in key.entries for word in _WORD.findall(entry.replace)}
    names = Key(
        tuple(
            entry
            for entry in key.entries
            if entry.replace != entry.find and not {word.casefold() for word in _WORD.findall(entry.find)} <= pseudonyms
        )
    )
    matcher = Matcher(names)
    for scope in dict.fromkeys(entry.scope for entry in names.entries):
        matcher = matcher.within(scope) if scope else matcher
    found = Findings()
    words: Counter[str] = Counter()
    places: dict[str, str] = {}
    for said in sayings(study):
        for match in matcher.found(said.text):
            found.add(
                Finding(
                    "NAME-LEFT",
                    "error",
                    f"What row {match.entry.row} of the key replaces is still there.",
                    f"{said.place}: {said.where}",
                    "Pseudonymise again; if it stays, tell how it is written there.",
                )
            )
        for word in _WORD.findall(said.text):
            words[word] += 1
            places.setdefault(word, f"{said.place}: {said.where}")
    for word, row in _near(words, names, pseudonyms):
        found.add(
            Finding(
                "NAME-NEAR",
                "warning",
                f"“{word}” comes near to what row {row} of the key replaces.",
                places[word],
                "If it is the same name spelled otherwise, add a row to the key.",
                count=words[word],
            )
        )
    return found.all()


def _near(words: Counter[str], key: Key, pseudonyms: set[str]) -> list[tuple[str, int]]:
    """Return words that are nearly a name of the key, and its row; words of the language that begin small are none."""
    from rapidfuzz import fuzz, process

    rows = {
        part.casefold(): entry.row
        for entry in key.entries
        if entry.match != "regex"
        for part in _WORD.findall(entry.find)
        if len(part) >= _SHORTEST and part[:1].isupper()
    }
    found = []
    for word in words:
        bare = word.casefold().removesuffix("'s").removesuffix("’s")
        if len(bare) < _SHORTEST - 1 or not word[:1].isupper() or bare in pseudonyms or bare in rows:
            continue
        best = process.extractOne(bare, rows.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if best is not None:
            found.append((word, rows[best[0]]))
    return found
