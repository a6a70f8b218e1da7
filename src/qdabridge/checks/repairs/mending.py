"""The copy of a study that is being mended, and what is said on the way.

Every step works on the copy; the study that was given is never changed. This module knows nothing of what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from msgspec.structs import replace

from qdabridge.checks.inventory import Inventory
from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings, Severity
from qdabridge.formats.refi.adapting.draft import copied, elements_in
from qdabridge.study.model import AnyText, Element, Extensions, same_guid
from qdabridge.study.study import Study
from qdabridge.study.text import STANDARD, Counting

_OURS = uuid5(NAMESPACE_URL, "urn:qdabridge:mended")


class MendMade(NamedTuple):
    """One mend: the code of what was wrong, and where; where something was made anew, from what and to what."""

    code: str
    where: str


class Mending:
    """A copy of a study on its way to being sound.

    Args:
        study: where it is copied from; it is not changed.
        encoding: the encoding that a person says texts have which are not UTF-8.

    Attributes:
        project, files: the copy.
        form: how the study was written down; steps that change what it says put another in its place.
        findings: what was mended, each kind of fault once.
        each: what was mended, one by one.
    """

    def __init__(self, study: Study, encoding: str | None = None) -> None:
        self.project = copied(study.project)
        self.files = study.files.copied()
        self.form = study.form
        self.encoding = encoding
        self.findings = Findings()
        self.each: list[MendMade] = []

    def say(self, code: str, message: str, where: str = "", *, severity: Severity = "warning", hint: str = "") -> None:
        """Tell what was mended at one place."""
        self.findings.add(Finding(code, severity, message, where, hint, "mended"))
        self.each.append(MendMade(code, where))

    def study(self) -> Study:
        """Return the copy as a study, as far as it has got."""
        return Study(self.project, self.files, form=self.form)

    # What is there ----------------------------------------------------------------

    def elements(self) -> Iterator[Element]:
        """Give every element of the study, in order."""
        return elements_in(self.project)

    @cached_property
    def inventory(self) -> Inventory:
        """What has which GUID; steps that change GUIDs call ``forget``."""
        return Inventory(self.project)

    def forget(self) -> None:
        """Look again at what has which GUID when that is asked for next."""
        self.__dict__.pop("inventory", None)

    def text_of(self, document: AnyText) -> str | None:
        """Return the characters of a text, or None where they are not there or cannot be read."""
        try:
            return self.study().text_of(document)
        except CannotRead:
            return None

    @property
    def counting(self) -> Counting:
        """How positions were counted where the study was read from."""
        return self.form.counting if self.form else STANDARD


def made_guid(*parts: str) -> str:
    """Return a GUID for something that has none: the same parts always give the same."""
    return str(uuid5(_OURS, "\n".join(same_guid(part) for part in parts)))


def spelling(element: Element, name: str) -> str | None:
    """Return how an attribute or child is spelled in the file, where that is unusual; None otherwise or if absent."""
    return element.extensions.lexical.get(name) if element.extensions is not None else None


def was_absent(element: Element, name: str) -> bool:
    """Tell whether something that the standard requires was absent in the file."""
    return element.extensions is not None and element.extensions.lexical.get(name, "") is None


def forget_spelling(element: Element, *names: str) -> None:
    """Let attributes or children be spelled as usual; what else is beyond the standard stays.

    Extensions are shared with the study that is copied from, so they are replaced and not changed.
    """
    odd = element.extensions
    if odd is None or not any(name in odd.lexical or name in odd.moved for name in names):
        return
    kept = replace(
        odd,
        lexical={name: spelled for name, spelled in odd.lexical.items() if name not in names},
        moved={name: position for name, position in odd.moved.items() if name not in names},
    )
    element.extensions = None if kept == Extensions() else kept
