"""Names as the tool takes them: never empty where it needs one, and no two alike where it would drop one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study import walk
from qdabridge.study.model import AudioSource, Code, Set, Variable, VideoSource

_ENDING = re.compile(r"\.(docx?|txt|rtf|pdf|odt|md|html?|jpe?g|png|mp[34]|m4[av]|wav|avi|mov)$", re.IGNORECASE)


class _Named(Protocol):
    name: str | None


class _Names:
    """Gives each its own name among those of its kind, case aside."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def own(self, name: str, hint: str = "") -> str:
        """Return the name, or one made from it that nobody has yet."""
        number, found = 1, name
        if found.casefold() in self._taken and hint:
            found = name = f"{name} ({hint})"
        while found.casefold() in self._taken:
            number += 1
            found = f"{name} ({number})"
        self._taken.add(found.casefold())
        return found


def adapt_names(draft: Draft) -> None:
    """Name what has no name, and give those that must differ names that do."""
    project, profile = draft.project, draft.profile
    changed = _name_all(project.sources or (), "Source", ending=profile.names_without_ending)
    for source in project.sources or ():
        if isinstance(source, AudioSource | VideoSource):
            for transcript in source.transcripts:
                transcript.name = transcript.name or f"{source.name} (transcript)"
    if "sources" in profile.unique_names:
        changed += _part(project.sources or ())
    if "notes" in profile.unique_names:
        changed += _name_all(project.notes or (), "Note", ending=False)
        changed += _part(project.notes or ())
    for code in walk.codes(project):
        code.name = code.name or "Code"
    if "codes" in profile.unique_names:
        changed += _part_codes(draft)
    if "cases" in profile.unique_names:
        # A case without a name only carries values.
        changed += _part([case for case in project.cases or () if case.name])
    if "variables" in profile.unique_names:
        # QualCoder makes a variable of each set of sources.
        groups = [group for group in project.sets or () if group.member_sources]
        named: list[Variable | Set] = [*(project.variables or ()), *groups]
        changed += _part_named(named)
    draft.say(
        "NAME-CHANGED",
        f"{profile.title} needs names, and different ones; they were made where they were missing, had the ending of a "
        "file, or were the same.",
        changed,
    )


def _name_all(elements: Iterable[_Named], kind: str, *, ending: bool) -> int:
    changed = 0
    for number, element in enumerate(elements, 1):
        name = (element.name or "").strip() or f"{kind} {number}"
        if ending:
            name = _ENDING.sub("", name) or name
        if name != element.name:
            element.name = name
            changed += 1
    return changed


def _part_named(elements: Iterable[Variable | Set]) -> int:
    names, changed = _Names(), 0
    for element in elements:
        own = names.own(element.name)
        changed += own != element.name
        element.name = own
    return changed


def _part(elements: Iterable[_Named]) -> int:
    names, changed = _Names(), 0
    for element in elements:
        own = names.own(element.name or "")
        changed += own != element.name
        element.name = own
    return changed


def _part_codes(draft: Draft) -> int:
    names, changed = _Names(), 0
    parents: dict[int, Code] = {id(child): code for code in walk.codes(draft.project) for child in code.codes}
    for code in walk.codes(draft.project):
        parent = parents.get(id(code))
        own = names.own(code.name, parent.name if parent is not None else "")
        changed += own != code.name
        code.name = own
    return changed
