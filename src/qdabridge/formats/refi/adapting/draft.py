"""The copy of a study that is being made fit for a tool, and what is said on the way.

Every step of ``adapting`` works on a draft; the study in memory is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from copy import copy
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings, Kind, Severity
from qdabridge.formats.refi.profile import Profile
from qdabridge.study import walk
from qdabridge.study.files import Entry, Files
from qdabridge.study.model import (
    AnyText,
    Element,
    FileSource,
    Selection,
    same_guid,
)
from qdabridge.study.study import Study

_Copied = TypeVar("_Copied", bound=Element)

_OURS = uuid5(NAMESPACE_URL, "urn:qdabridge:made")


class Draft:
    """A copy of a study on its way to a tool.

    Args:
        study: where it is copied from; it is not changed.
        profile: what the tool wants.
    """

    def __init__(self, study: Study, profile: Profile) -> None:
        self.profile = profile
        self.original = study
        self.project = copied(study.project)
        self.files = Files({name: study.files.entry(name) for name in study.files})
        self.findings = Findings()

    def say(
        self,
        code: str,
        message: str,
        count: int = 1,
        *,
        severity: Severity = "note",
        kind: Kind = "mended",
        where: str = "",
        hint: str = "",
    ) -> None:
        """Tell what was changed for the tool, or what it cannot hold."""
        if count:
            self.findings.add(Finding(code, severity, message, where, hint, kind, count))

    def lose(self, code: str, message: str, count: int = 1, *, where: str = "", hint: str = "") -> None:
        """Tell what the tool cannot hold."""
        self.say(code, message, count, severity="warning", kind="loss", where=where, hint=hint)

    def study(self) -> Study:
        """Return the draft as a study, as far as it has got."""
        return Study(self.project, self.files, form=self.original.form)

    # Texts and files --------------------------------------------------------------

    def name_of(self, reference: str | None) -> str | None:
        """Return the name of the file that a path refers to, if it is in the package."""
        return self.files.find(reference) if reference else None

    def text_of(self, document: AnyText) -> str | None:
        """Return the characters of a text, or None where they are not there or not UTF-8."""
        try:
            return self.study().text_of(document)
        except CannotRead:
            return None

    def add_file(self, wanted: str, entry: Entry) -> str:
        """Put a file into the package under a name that is free, and return the path that refers to it."""
        stem, dot, ending = wanted.rpartition(".")
        name, number = wanted, 1
        while self.files.find(f"internal://{name}") is not None:
            number += 1
            name = f"{stem}-{number}{dot}{ending}" if dot else f"{wanted}-{number}"
        self.files.put(f"sources/{name}", entry)
        return f"internal://{name}"

    def leave_files(self, names: AbstractSet[str]) -> int:
        """Take files out of the package, but for those that something refers to; return how many went."""
        gone = names - {self.name_of(getattr(element, field)) for element, field in self.referring()}
        if gone:
            self.files = Files({name: self.files.entry(name) for name in self.files if name not in gone})
        return len(gone)

    # Elements ---------------------------------------------------------------------

    def documents(self) -> Iterator[AnyText]:
        """Give every text: of sources, of notes."""
        return walk.texts(self.project)

    def referring(self) -> Iterator[tuple[Element, str]]:
        """Give every element that refers to a file, with the field that does."""
        for document in self.documents():
            yield document, "plain_text_path"
            yield document, "rich_text_path"
        for source in self.project.sources or ():
            if isinstance(source, FileSource):
                yield source, "path"

    def selections(self) -> Iterator[Selection]:
        """Give every selection, of sources and notes."""
        for source in (*(self.project.sources or ()), *(self.project.notes or ())):
            yield from walk.selections_of(source)

    def made_guid(self, *parts: str) -> str:
        """Return a GUID for something new: the same study always gives the same."""
        return str(uuid5(_OURS, "\n".join(same_guid(part) for part in parts)))

    def someone(self) -> str | None:
        """Return the GUID of the person who stands for one that is not known: who made the project, or the first."""
        known = {same_guid(user.guid): user.guid for user in self.project.users or ()}
        made_by = known.get(same_guid(self.project.creating_user_guid or ""))
        return made_by or next(iter(known.values()), None)

    def date(self) -> str:
        """Return the date that stands for one that is not known: that of the project."""
        project = self.project
        return project.creation_date_time or project.modified_date_time or "1970-01-01T00:00:00Z"


def copied(element: _Copied) -> _Copied:
    """Return a copy of an element and all elements inside it; what is beyond the standard is shared and never changed.

    Every kind of number that XML can hold is kept, which rules out a detour over a binary format.
    """
    again = copy(element)
    for field in element.__struct_fields__:
        value = getattr(element, field)
        if isinstance(value, Element):
            setattr(again, field, copied(value))
        elif type(value) in (list, tuple):
            setattr(again, field, type(value)([copied(member) for member in value]))
    return again


def elements_in(root: Element) -> Iterator[Element]:
    """Give an element and every element inside it, in order."""
    waiting: list[Any] = [root]
    while waiting:
        element = waiting.pop()
        yield element
        inside: list[Element] = []
        for field in element.__struct_fields__:
            value = getattr(element, field)
            if isinstance(value, Element):
                inside.append(value)
            elif type(value) in (list, tuple) and value and isinstance(value[0], Element):
                inside.extend(value)
        waiting.extend(reversed(inside))
