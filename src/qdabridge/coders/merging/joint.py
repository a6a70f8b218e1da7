"""The study that several copies are being joined into: what it has already, which GUIDs are taken, what was noticed.

It knows where things came from and how to say what differs; what is the same as what is decided elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from qdabridge.checks.inventory import called, items
from qdabridge.coders.merging import told
from qdabridge.coders.merging.packing import Packing
from qdabridge.coders.merging.told import Conflict, Field, Lost
from qdabridge.findings import Findings
from qdabridge.formats.refi.adapting.draft import elements_in
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AnyText,
    Case,
    Code,
    Coding,
    Edge,
    Element,
    Graph,
    Link,
    Note,
    PDFSelection,
    Project,
    Selection,
    Set,
    Source,
    SyncPoint,
    TextDocument,
    TextSource,
    Transcript,
    User,
    Variable,
    Vertex,
    same_guid,
)
from qdabridge.study.moving import Moving
from qdabridge.study.study import Study

_OURS = uuid5(NAMESPACE_URL, "urn:qdabridge:merged")

_KINDS: tuple[tuple[type[Element], str], ...] = (
    (User, "user"),
    (Code, "code"),
    (Variable, "variable"),
    (Case, "case"),
    (Note, "note"),
    (PDFSelection, "area of a PDF"),
    (Selection, "selection"),
    (Transcript, "transcript"),
    (TextSource, "source"),
    (TextDocument, "text"),
    (Source, "source"),
    (Coding, "coding"),
    (SyncPoint, "sync point"),
    (Link, "link"),
    (Set, "set"),
    (Graph, "graph"),
    (Vertex, "vertex"),
    (Edge, "edge"),
)
_KIND_OF_TYPE: dict[type[Element], str] = {}


class Joint:
    """A copy of the leading study, on its way to holding the others too.

    Args:
        project: the leading project; it is changed.
        packing: the files.
        labels: what the copies are called, the leading one first.

    Attributes:
        conflicts: what copies say differently.
        lost: passages whose words are not in the text that was kept.
        findings: what else there is to say.
        new: how many things of a kind came from a copy, by copy and kind.
    """

    def __init__(self, project: Project, packing: Packing, labels: Sequence[str]) -> None:
        self.project = project
        self.packing = packing
        self.labels = labels
        self.conflicts: list[Conflict] = []
        self.lost: list[Lost] = []
        self.findings = Findings()
        self.new: Counter[tuple[int, str]] = Counter()
        self.members: dict[int, Any] = {}
        self._from: dict[int, int] = {}
        self._field_from: dict[tuple[int, str], int] = {}
        self._taken: dict[str, set[str]] = {}
        for item in items(project):
            self._taken.setdefault(item.kind, set()).add(same_guid(item.guid))

    def conflict(
        self, field: Field, what: str, ours: Element, attribute: str, kept: str, theirs: Arrival, other: str
    ) -> None:
        """Note that a copy says something else."""
        detail = attribute if field in ("other", "value", "file") else ""
        kept_from = self.labels[self.copy_of(ours, attribute)]
        self.conflicts.append(Conflict(field, what, kept_from, kept, theirs.label, other, detail))

    def copy_of(self, element: Element, attribute: str = "") -> int:
        """Return the number of the copy that something, or one attribute of it, came from."""
        return self._field_from.get((id(element), attribute), self._from.get(id(element), 0))

    def came_from(self, element: Element, copy: int, attribute: str = "") -> None:
        """Remember where something, or one attribute of it, came from."""
        if len(self.labels) == 2:
            # What the second says is never in conflict with what came from the second.
            return
        if attribute:
            self._field_from[id(element), attribute] = copy
            return
        for each in elements_in(element):
            self._from[id(each)] = copy

    def has(self, kind: str, guid: str) -> bool:
        """Tell whether something of a kind has a GUID."""
        return same_guid(guid) in self._taken.get(kind, ())

    def take(self, kind: str, guid: str) -> None:
        """Say that something of a kind has a GUID now."""
        self._taken.setdefault(kind, set()).add(same_guid(guid))

    def kinds_with(self, guid: str) -> Iterator[str]:
        """Give the kinds of the things that have a GUID."""
        return (kind for kind, taken in self._taken.items() if same_guid(guid) in taken)


class Arrival:
    """One copy while it is taken in.

    Args:
        joint: what it is taken into.
        copy: its number.
        look: look-ups over a project that may be changed.

    Attributes:
        lost: the GUIDs of the selections that have no place any more.
        moving: the ways from its texts to those that were kept, by the identity of its text.
    """

    def __init__(self, joint: Joint, copy: int, look: Lookup) -> None:
        self.joint = joint
        self.copy = copy
        self.look = look
        self.project = look.project
        self.label = joint.labels[copy]
        self.lost: set[str] = set()
        self.moving: dict[int, Moving] = {}
        self._own: dict[str, set[str]] = {}
        for item in items(self.project):
            self._own.setdefault(item.kind, set()).add(same_guid(item.guid))
        self._now: dict[tuple[str, str], str] = {}

    def is_now(self, element: Element, ours: Element) -> None:
        """Say that something of this copy is something that is there already; what points at it will follow."""
        guid: str = element.guid  # type: ignore[attr-defined]
        self._now[kind_of(element), same_guid(guid)] = ours.guid  # type: ignore[attr-defined]

    def settle(self, element: Any, meaning: str) -> None:
        """Let something new keep its GUID, or give it one where that means something else already.

        Args:
            element: it, and nothing of what is inside.
            meaning: what tells it from others, so that the new GUID is the same whenever the same is merged.
        """
        kind, old = kind_of(element), element.guid
        joint = self.joint
        joint.new[self.copy, kind] += 1
        if not old.strip():
            return
        if joint.has(kind, old) or any(not self._has(other, old) for other in joint.kinds_with(old)):
            number = 1
            while joint.has(kind, element.guid) or self._has(kind, element.guid):
                element.guid = str(uuid5(_OURS, "\n".join((kind, same_guid(old), meaning, str(number)))))
                number += 1
            joint.findings.add(told.reused(called(element), self.label))
        joint.take(kind, element.guid)
        self._now.setdefault((kind, same_guid(old)), element.guid)

    def rename(self, element: Any, guid: str) -> None:
        """Give something new the GUID of what it is tied to by having the same."""
        kind = kind_of(element)
        self.joint.new[self.copy, kind] += 1
        self._now[kind, same_guid(element.guid)] = element.guid = guid
        self.joint.take(kind, guid)

    def codes_on(self, selection: Selection) -> Iterator[str]:
        """Give what a selection is coded with, and by whom, in the words of what is there."""
        look = Lookup(Study(self.joint.project))
        for coding in selection.codings:
            code = look.code(coding.code_ref.target_guid)
            user = look.user(coding.creating_user or selection.creating_user or "")
            name = look.path_of(code) if code is not None else coding.code_ref.target_guid
            yield f"{name} ({user.name or user.id or user.guid})" if user is not None else name

    def now(self, kinds: Sequence[str], guid: str) -> str:
        """Return the GUID that what a pointer means has now; an empty list of kinds is any."""
        key = same_guid(guid)
        for kind in kinds or tuple(self._own):
            if (kind, key) in self._now:
                return self._now[kind, key]
        return guid

    def lose(self, selection: Selection) -> None:
        """Say that a selection has no place any more; an area of a PDF with its GUID may still have one."""
        if not self._has("area of a PDF", selection.guid):
            self.lost.add(same_guid(selection.guid))

    def text(self, document: AnyText) -> str | None:
        """Return the characters of one of its texts."""
        return self.look.text(document)

    def _has(self, kind: str, guid: str) -> bool:
        return same_guid(guid) in self._own.get(kind, ())


def kind_of(element: Element) -> str:
    """Return what something is, in the words of the inventory."""
    of = type(element)
    if of not in _KIND_OF_TYPE:
        _KIND_OF_TYPE[of] = next(kind for type_, kind in _KINDS if issubclass(of, type_))
    return _KIND_OF_TYPE[of]
