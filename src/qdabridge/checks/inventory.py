"""Everything in a study that has a GUID, by kind, gone through once for all rules.

The kinds are those that a pointer can mean: a ``SourceRef`` means a source of any type, a ``NoteRef`` a note. This
module says what is there, and nothing of whether that is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qdabridge.checks.wording import shortened
from qdabridge.study import walk
from qdabridge.study.model import (
    AnySource,
    Element,
    Note,
    PDFSelection,
    Project,
    Source,
    TextDocument,
    Transcript,
    same_guid,
)


class Item(NamedTuple):
    """Something that has a GUID.

    Args:
        kind: what it is, in words: ``code``, ``source``, ``selection`` …
        element: the thing itself.
        guid: its GUID as written.
        inside: the source, note, case or graph that it is in.
    """

    kind: str
    element: Element
    guid: str
    inside: Element | None = None


def items(project: Project) -> Iterator[Item]:
    """Give everything in the study that has a GUID, in the order of the file."""
    for user in project.users or ():
        yield Item("user", user, user.guid)
    for code in walk.codes(project):
        yield Item("code", code, code.guid)
    for variable in project.variables or ():
        yield Item("variable", variable, variable.guid)
    for case in project.cases or ():
        yield Item("case", case, case.guid)
    for source in project.sources or ():
        yield Item("source", source, source.guid)
        yield from _within(source)
    for note in project.notes or ():
        yield Item("note", note, note.guid)
        yield from _within(note)
    for link in project.links or ():
        yield Item("link", link, link.guid)
    for group in project.sets or ():
        yield Item("set", group, group.guid)
    for graph in project.graphs or ():
        yield Item("graph", graph, graph.guid)
        for vertex in graph.vertices:
            yield Item("vertex", vertex, vertex.guid, graph)
        for edge in graph.edges:
            yield Item("edge", edge, edge.guid, graph)


def _within(source: AnySource | Note) -> Iterator[Item]:
    for coding in source.codings:
        yield Item("coding", coding, coding.guid, source)
    for text in walk.texts_of(source):
        if text is source:
            continue
        if isinstance(text, Transcript):
            yield Item("transcript", text, text.guid, source)
            for point in text.sync_points:
                yield Item("sync point", point, point.guid, source)
        else:
            yield Item("text", text, text.guid, source)
            for coding in text.codings:
                yield Item("coding", coding, coding.guid, source)
    for selection in walk.selections_of(source):
        # ATLAS.ti gives the area of a PDF and the words in it one GUID; that is how they are known to be one quotation.
        kind = "area of a PDF" if isinstance(selection, PDFSelection) else "selection"
        yield Item(kind, selection, selection.guid, source)
        for coding in selection.codings:
            yield Item("coding", coding, coding.guid, source)


class Inventory:
    """What is in one study.

    Attributes:
        repeated: what has a GUID that something of the same kind before it has too.
    """

    def __init__(self, project: Project) -> None:
        self._by_kind: dict[str, set[str]] = {}
        self.repeated: list[Item] = []
        sets = self._by_kind
        for item in items(project):
            known = sets.get(item.kind)
            if known is None:
                known = sets[item.kind] = set()
            before = len(known)
            normal = same_guid(item.guid)
            # The string that the model holds, where it will do: a million copies would be a hundred megabytes.
            known.add(item.guid if normal == item.guid else normal)
            if len(known) == before and normal:
                self.repeated.append(item)

    def has(self, kind: str, guid: str) -> bool:
        """Tell whether there is something of a kind with a GUID; a selection may be an area of a PDF."""
        known = self._by_kind.get(kind, ())
        if guid in known or same_guid(guid) in known:
            return True
        return kind == "selection" and self.has("area of a PDF", guid)

    def kinds_of(self, guid: str) -> list[str]:
        """Return the kinds of what has a GUID; there may be several, and none."""
        return [kind for kind in self._by_kind if self.has(kind, guid)]


def called(element: Element, inside: Element | None = None) -> str:
    """Return what a person knows an element by, such as ``Case “Ana”``.

    >>> from qdabridge.study.model import Case
    >>> called(Case(guid="4c2a", name="Ana")), called(Case(guid="4c2a"))
    ('Case “Ana”', 'Case 4c2a')
    """
    name = shortened(getattr(element, "name", None) or "")
    own = f"{type(element).__name__} {f'“{name}”' if name else getattr(element, 'guid', '')}".rstrip()
    return f"{own} in {called(inside)}" if inside is not None and inside is not element else own


def texts_with_owner(project: Project) -> Iterator[tuple[TextDocument | Transcript, Source]]:
    """Give every text of the study, with the source or note that it belongs to."""
    for source in (*(project.sources or ()), *(project.notes or ())):
        for text in walk.texts_of(source):
            yield text, source
