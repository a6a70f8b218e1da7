"""Looks for names of coders in the texts and notes of a study, where scrubbing leaves them.

A name is looked for as a whole: a coder called Ana is not found in Anastasia. Of one word, capitals count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.study import walk
from qdabridge.study.model import AnyText, User
from qdabridge.study.study import Study

_SHORTEST = 3
"""Characters; what is shorter, such as JR, stands in texts for many other things."""


def tell_names_left(study: Study, after: Iterable[User], found: Findings) -> None:
    """Say where names of users stand in texts and notes, and how often; never the name itself.

    The findings become a file of the deposit.

    Args:
        study: as it was, with the names.
        after: its users as they are called now.
        found: takes the findings.
    """
    looked_for = [
        (_pattern(old.name), new.name or "")
        for old, new in zip(study.project.users or (), after, strict=True)
        if old.name and len(old.name.strip()) >= _SHORTEST and old.name != new.name
    ]
    if not looked_for:
        return
    for where, document in _texts(study):
        try:
            text = study.text_of(document)
        except CannotRead:
            # Said where the text is written.
            continue
        for pattern, letter in looked_for:
            if times := sum(1 for _ in pattern.finditer(text or "")):
                found.add(_left(f"{letter}, in “{pattern.sub(letter, where)}”", times))


def _texts(study: Study) -> Iterable[tuple[str, AnyText]]:
    for source in study.project.sources or ():
        for document in walk.texts_of(source):
            yield source.name or source.guid, document
    for note in study.project.notes or ():
        yield note.name or note.guid, note


def _pattern(name: str) -> re.Pattern[str]:
    words = name.split()
    together = r"\s+".join(map(re.escape, words))
    return re.compile(rf"(?<!\w){together}(?!\w)", re.IGNORECASE if len(words) > 1 else re.NOFLAG)


def _left(where: str, times: int) -> Finding:
    return Finding(
        "SCRUB-NAME-IN-TEXT",
        "warning",
        "The name of a coder stands in texts or notes, too, where it was left.",
        where,
        "Put the name into a key, and pseudonymise the study before you archive it.",
        count=times,
    )
