"""What to look at after names were replaced: rows that found nothing, names that met, paths that lead nowhere.

It never says an original.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from msgspec.structs import replace

from qdabridge.deposit.pseudonymising.finding import Matcher
from qdabridge.deposit.pseudonymising.key import Key
from qdabridge.deposit.pseudonymising.tally import Tally
from qdabridge.findings import Finding
from qdabridge.study import walk
from qdabridge.study.files import split_reference
from qdabridge.study.model import Project
from qdabridge.study.study import Study


def told(study: Study, project: Project, key: Key, tally: Tally) -> list[Finding]:
    """Return what somebody should look at."""
    used = tally.used()
    said = [
        Finding(
            "KEY-NOT-FOUND",
            "note",
            "What a row of the key names was found nowhere in the study.",
            f"row {entry.row}" if entry.row else "",
            "Look whether it is spelled as in the texts.",
        )
        for entry in key.entries
        if entry not in used
    ]
    for before, after, things in (
        (study.project.cases, project.cases, "cases"),
        (study.project.sources, project.sources, "sources"),
        (study.project.users, project.users, "users"),
    ):
        said += _names_met([each.name for each in before or ()], [each.name for each in after or ()], things)
    for old, new in zip(walk.references(study.project), walk.references(project), strict=True):
        if old != new and study.files.find(old) is None and split_reference(old)[1]:
            said.append(
                Finding(
                    "PSEUDONYM-PATH-OUTSIDE",
                    "warning",
                    "A path named somebody, and leads to a file outside the study; it leads nowhere until the file "
                    "has the new name, too.",
                    new,
                    "Rename the file as the path says now.",
                )
            )
    return said


def without_names(findings: Iterable[Finding], key: Key) -> list[Finding]:
    """Return what was found while reading, with the names of the key replaced in what it says of places."""
    matcher = Matcher(key, key.scopes)
    return [
        replace(each, where=matcher.text(each.where), places=tuple(map(matcher.text, each.places))) for each in findings
    ]


def _names_met(before: list[str | None], after: list[str | None], things: str) -> list[Finding]:
    """Return a finding for each name that several cases, sources … have now and had not before."""
    had: dict[str, set[str]] = {}
    for old, new in zip(before, after, strict=True):
        if old and new:
            had.setdefault(unicodedata.normalize("NFC", new).casefold(), set()).add(old.casefold())
    return [
        Finding(
            "PSEUDONYM-NAMES-MEET",
            "warning",
            f"Several {things} that had names of their own have one and the same now.",
            next(each for each in after if each and unicodedata.normalize("NFC", each).casefold() == new),
            "Give each person a pseudonym of their own in the key.",
        )
        for new, olds in had.items()
        if len(olds) > 1
    ]
