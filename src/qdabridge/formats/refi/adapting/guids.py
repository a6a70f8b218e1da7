"""GUIDs in one spelling everywhere, and where the tool asks for it no two elements with the same."""

from __future__ import annotations

import re

from qdabridge.formats.refi.adapting.draft import Draft, elements_in
from qdabridge.study.model import (
    AnySource,
    Authored,
    Case,
    Code,
    CodeRef,
    Coding,
    Edge,
    Element,
    Graph,
    Link,
    Note,
    NoteRef,
    Pointer,
    Project,
    Selection,
    SelectionRef,
    Set,
    Source,
    SourceRef,
    SyncPoint,
    TranscriptSelection,
    User,
    Variable,
    VariableRef,
    Vertex,
    same_guid,
)

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_KINDS: tuple[tuple[type[Element], str], ...] = (
    (User, "user"),
    (Code, "code"),
    (Variable, "variable"),
    (Note, "note"),
    (Selection, "selection"),
    (Case, "case"),
    (Coding, "coding"),
    (SyncPoint, "sync point"),
    (Link, "link"),
    (Set, "set"),
    (Graph, "graph"),
    (Vertex, "vertex"),
    (Edge, "edge"),
)
_POINTED_AT: dict[type[Element], str] = {
    CodeRef: "code",
    SourceRef: "source",
    SelectionRef: "selection",
    NoteRef: "note",
    VariableRef: "variable",
}
_BY_PEOPLE = ("creating_user", "modifying_user", "creating_user_guid", "modifying_user_guid")
# A link or a shape does not say what kind of thing it means.
_ANYTHING = ("selection", "source", "case", "code", "note", "set", "variable", "user", "coding", "link", "graph")


def adapt_guids(draft: Draft) -> None:
    """Spell every GUID as the tool does; what is none, or is not the element's own where it must be, is made anew."""
    if draft.profile.guids == "kept":
        return
    elements = list(elements_in(draft.project))
    known, changed = _new_guids(draft, elements)
    for element in elements:
        _repoint(draft, element, known)
    draft.say(
        "GUID-CHANGED",
        f"{draft.profile.title} takes in only GUIDs in their standard form, each for one element; others "
        "were made anew, everywhere alike.",
        changed,
    )


def spelled_guid(guid: str, form: str) -> str:
    """Return a GUID without braces, in capitals or not.

    >>> spelled_guid("{9fa9bcb7-5b59-47a9-8c3e-f65cffdc7520}", "upper")
    '9FA9BCB7-5B59-47A9-8C3E-F65CFFDC7520'
    """
    return same_guid(guid).upper() if form == "upper" else same_guid(guid)


def _kind(element: Element) -> str:
    for of, kind in _KINDS:
        if isinstance(element, of):
            return kind
    return "source" if isinstance(element, Source) and isinstance(element, AnySource) else "text"


def _new_guids(draft: Draft, elements: list[Element]) -> tuple[dict[tuple[str, str], str], int]:
    """Give each element its new GUID; return them by kind and old GUID, and how many are not the old one."""
    known: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    kinds: dict[type[Element], str] = {}
    changed = 0
    for element in elements:
        guid = getattr(element, "guid", None)
        if guid is None:
            continue
        kind = kinds.get(type(element)) or kinds.setdefault(type(element), _kind(element))
        old = new = same_guid(guid)
        if not _GUID.fullmatch(old):
            new = same_guid(draft.made_guid(kind, old))
        number = 1
        while draft.profile.unique_guids and new in taken:
            number += 1
            new = same_guid(draft.made_guid(kind, old, str(number)))
        taken.add(new)
        changed += new != old
        spelled = spelled_guid(new, draft.profile.guids)
        known.setdefault((kind, old), spelled)
        element.guid = spelled  # type: ignore[attr-defined]
    return known, changed


def _repoint(draft: Draft, element: Element, known: dict[tuple[str, str], str]) -> None:
    form = draft.profile.guids

    def pointed(guid: str, *kinds: str) -> str:
        old = same_guid(guid)
        for kind in kinds:
            if (kind, old) in known:
                return known[(kind, old)]
        # It points to nothing; its spelling must be legal all the same.
        return spelled_guid(old if _GUID.fullmatch(old) else draft.made_guid(kinds[0], old), form)

    if isinstance(element, Pointer):
        element.target_guid = pointed(element.target_guid, _POINTED_AT[type(element)])
        return
    if isinstance(element, Authored | Coding | Project):
        for field in _BY_PEOPLE:
            guid = getattr(element, field, None)
            if guid is not None:
                # An empty one is no GUID, and says nothing.
                setattr(element, field, pointed(guid, "user") if guid.strip() else None)
    if isinstance(element, TranscriptSelection):
        for field in ("from_sync_point", "to_sync_point"):
            guid = getattr(element, field)
            if guid is not None:
                setattr(element, field, pointed(guid, "sync point") if guid.strip() else None)
    elif isinstance(element, Link):
        for field in ("origin_guid", "target_guid"):
            if (guid := getattr(element, field)) is not None:
                setattr(element, field, pointed(guid, *_ANYTHING) if guid.strip() else None)
    elif isinstance(element, Vertex | Edge):
        if element.represented_guid is not None:
            element.represented_guid = pointed(element.represented_guid, *_ANYTHING)
        if isinstance(element, Edge):
            element.source_vertex = pointed(element.source_vertex, "vertex")
            element.target_vertex = pointed(element.target_vertex, "vertex")
