"""Looks for names of coders in the texts and notes of a study, where scrubbing leaves them.

Looked for are the name, each word of it, and the initials where they stand before what somebody said, as in ``NS:``.
Words are whole: a coder called Ana is not found in Anastasia. Of single words, capitals count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.study import walk
from qdabridge.study.model import AnyText, User
from qdabridge.study.study import Study

_WHITE = r"\s+"
_SHORTEST = 3
"""Characters; what is shorter, such as JR or van, stands in texts for many other things."""


def tell_names_left(study: Study, after: Iterable[User], found: Findings) -> None:
    """Say where names of users stand in texts and notes, and how often; never the name itself.

    The findings become a file of the deposit.

    Args:
        study: as it was, with the names.
        after: its users as they are called now.
        found: takes the findings.
    """
    looked_for = [
        (pattern, new.name or "")
        for old, new in zip(study.project.users or (), after, strict=True)
        if old.name and old.name != new.name and (pattern := _pattern(old.name, old.id)) is not None
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


def _pattern(name: str, initials: str | None) -> re.Pattern[str] | None:
    words = name.split()
    wanted = []
    if len(words) > 1:
        wanted.append(rf"(?<!\w)(?i:{_WHITE.join(map(re.escape, words))})(?!\w)")
    wanted += [rf"(?<!\w){re.escape(word)}(?!\w)" for word in words if len(word) >= _SHORTEST and word[0].isupper()]
    of_name = "".join(word[0] for word in words)
    short = {each for each in (initials, of_name) if each and len(each) > 1}
    wanted += [rf"^[ \t]*{re.escape(each)}(?=[ \t]*:)" for each in sorted(short)]
    return re.compile("|".join(wanted), re.MULTILINE) if wanted else None


def _left(where: str, times: int) -> Finding:
    return Finding(
        "SCRUB-NAME-IN-TEXT",
        "warning",
        "The name of a coder, a word of it, or initials before a speech stand in texts or notes, where they were left.",
        where,
        "Put the name into a key, and pseudonymise the study before you archive it.",
        count=times,
    )
