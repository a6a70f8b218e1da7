"""Every place where a study points at something by its GUID, as something that can be pointed elsewhere.

Knows which field means what kind of thing, in the kinds of the inventory; nothing of what is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qdabridge.study.model import (
    Authored,
    CodeRef,
    Coding,
    Edge,
    Element,
    Link,
    NoteRef,
    Pointer,
    Project,
    SelectionRef,
    SourceRef,
    TranscriptSelection,
    VariableRef,
    Vertex,
)

ANYTHING: tuple[str, ...] = ()
"""The kinds of what a pointer means that does not say what kind of thing it is."""

_BY_TYPE: dict[type[Element], tuple[str, ...]] = {
    CodeRef: ("code",),
    SourceRef: ("source",),
    SelectionRef: ("selection", "area of a PDF"),
    NoteRef: ("note",),
    VariableRef: ("variable",),
}
_USER = ("user",)


class Aim(NamedTuple):
    """One field that points.

    Args:
        element: what has the field.
        field: its name in the model.
        kinds: what it may mean; ``ANYTHING`` where that is open.
    """

    element: Element
    field: str
    kinds: tuple[str, ...]

    @property
    def guid(self) -> str | None:
        """What it points at, as written."""
        found: str | None = getattr(self.element, self.field)
        return found

    def point_at(self, guid: str | None) -> None:
        """Point at something else, or at nothing."""
        setattr(self.element, self.field, guid)


def aims_of(element: Element) -> Iterator[Aim]:
    """Give the fields of one element that point, whether or not they are filled; what is inside it has its own."""
    if isinstance(element, Pointer):
        yield Aim(element, "target_guid", _BY_TYPE[type(element)])
    elif isinstance(element, Authored):
        yield Aim(element, "creating_user", _USER)
        yield Aim(element, "modifying_user", _USER)
        if isinstance(element, TranscriptSelection):
            yield Aim(element, "from_sync_point", ("sync point",))
            yield Aim(element, "to_sync_point", ("sync point",))
    elif isinstance(element, Coding):
        yield Aim(element, "creating_user", _USER)
    elif isinstance(element, Link):
        yield Aim(element, "origin_guid", ANYTHING)
        yield Aim(element, "target_guid", ANYTHING)
    elif isinstance(element, Vertex | Edge):
        yield Aim(element, "represented_guid", ANYTHING)
        if isinstance(element, Edge):
            yield Aim(element, "source_vertex", ("vertex",))
            yield Aim(element, "target_vertex", ("vertex",))
    elif isinstance(element, Project):
        yield Aim(element, "creating_user_guid", _USER)
        yield Aim(element, "modifying_user_guid", _USER)
