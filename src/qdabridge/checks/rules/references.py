"""REF-DANGLING, REF-BY-FILENAME: pointers to what is not in the study, or not under that GUID."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from qdabridge.checks.inventory import Inventory, called, texts_with_owner
from qdabridge.checks.wording import a
from qdabridge.findings import Finding, Severity
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    Authored,
    Case,
    Coding,
    Element,
    Graph,
    Note,
    NoteRef,
    Project,
    Source,
    TextDocument,
    Transcript,
    TranscriptSelection,
    VariableValue,
)
from qdabridge.study.study import Study

ANYTHING = "anything"

_LOST = {
    "user": "so it cannot be said who it was",
    "code": "so it cannot be said what it is coded with",
    "variable": "so its value says nothing",
    "source": "so the source is missing there",
    "selection": "so the selection is missing there",
    "note": "so the note is missing there",
    "sync point": "so it cannot be said where it is",
    "vertex": "so the line cannot be drawn",
    ANYTHING: "so what it says of that is lost",
}


class Pointer(NamedTuple):
    """A GUID that means something else.

    Args:
        element: what points.
        guid: what it points to.
        kind: what it has to point to, as in the inventory, or ``ANYTHING``.
        attribute: the attribute or element that holds the GUID.
        inside: the source, note, case or graph that it is in.
    """

    element: Element
    guid: str | None
    kind: str
    attribute: str
    inside: Element | None = None


def dangling(study: Study, inventory: Inventory) -> Iterator[Finding]:
    """Find pointers to nothing, or to something that cannot be meant; an empty one is the schema's affair."""
    right: set[tuple[str, str]] = set()
    look = Lookup(study)
    for pointer in pointers(study.project):
        guid = pointer.guid
        if not guid or (pointer.kind, guid) in right:
            continue
        kinds = inventory.kinds_of(guid) if pointer.kind == ANYTHING else []
        if kinds or inventory.has(pointer.kind, guid):
            right.add((pointer.kind, guid))
        elif _means_a_file(pointer, guid, look):
            yield _by_file(pointer, guid)
        else:
            yield _told(pointer, guid, inventory)


def _told(pointer: Pointer, guid: str, inventory: Inventory) -> Finding:
    where = f"{called(pointer.element, pointer.inside)}, {pointer.attribute} {guid}"
    field = f"The {pointer.attribute} of {a(type(pointer.element).__name__)}"
    others = inventory.kinds_of(guid)
    # Who did it is worth knowing, but nothing that was done is lost with it.
    severity: Severity = "warning" if pointer.kind == "user" else "error"
    hint = "Export the study again from the program it comes from; if it is still so, mend it there."
    if others:
        message = f"{field} means {a(others[0])}, where {a(pointer.kind)} is needed."
    elif pointer.kind == ANYTHING:
        message = f"{field} means nothing that is in the study, {_LOST[ANYTHING]}."
    else:
        message = f"{field} means {a(pointer.kind)} that is not in the study, {_LOST[pointer.kind]}."
    return Finding("REF-DANGLING", severity, message, where=where, hint=hint)


def _means_a_file(pointer: Pointer, guid: str, look: Lookup) -> bool:
    if not isinstance(pointer.element, Case) or pointer.kind != "source":
        return False
    return not isinstance(look.source_meant(guid), Note | None)


def _by_file(pointer: Pointer, guid: str) -> Finding:
    return Finding(
        "REF-BY-FILENAME",
        "warning",
        "A Case refers to a source by the GUID in the name of its file instead of the source's own; it is understood.",
        where=f"{called(pointer.element)}, {pointer.attribute} {guid}",
        hint="Other programs lose the case's source and what is known of it.",
        kind="mended",
    )


# --- every pointer in a study ----------------------------------------------------------------------------------------


def pointers(project: Project) -> Iterator[Pointer]:
    """Give everything in the study that points to something else, in the order of the file."""
    yield Pointer(project, project.creating_user_guid, "user", "creatingUserGUID")
    yield Pointer(project, project.modifying_user_guid, "user", "modifyingUserGUID")
    yield from _notes(project, project.note_refs)
    for code in walk.codes(project):
        yield from _notes(code, code.note_refs)
    yield from _of_cases(project)
    for source in chain(project.sources or (), project.notes or ()):
        yield from _of_source(source)
    for text, owner in texts_with_owner(project):
        if text is not owner:
            yield from _of_text(text, owner)
    for source in chain(project.sources or (), project.notes or ()):
        yield from _of_selections(source)
    for link in project.links or ():
        yield Pointer(link, link.origin_guid, ANYTHING, "originGUID")
        yield Pointer(link, link.target_guid, ANYTHING, "targetGUID")
        yield from _notes(link, link.note_refs)
    for group in project.sets or ():
        yield from (Pointer(group, member.target_guid, "code", "MemberCode") for member in group.member_codes)
        yield from (Pointer(group, member.target_guid, "source", "MemberSource") for member in group.member_sources)
        yield from (Pointer(group, member.target_guid, "note", "MemberNote") for member in group.member_notes)
    for graph in project.graphs or ():
        yield from _of_graph(graph)


def _of_cases(project: Project) -> Iterator[Pointer]:
    for case in project.cases or ():
        yield from (Pointer(case, ref.target_guid, "code", "CodeRef") for ref in case.code_refs)
        yield from _variables(case, case.variable_values)
        yield from (Pointer(case, ref.target_guid, "source", "SourceRef") for ref in case.source_refs)
        yield from (Pointer(case, ref.target_guid, "selection", "SelectionRef") for ref in case.selection_refs)


def _of_source(source: Source) -> Iterator[Pointer]:
    yield from _authors(source, None)
    yield from _codings(source.codings, source)
    yield from _notes(source, source.note_refs)
    yield from _variables(source, source.variable_values)


def _of_text(text: TextDocument | Transcript, owner: Source) -> Iterator[Pointer]:
    yield from _authors(text, owner)
    yield from _notes(text, text.note_refs, owner)
    if isinstance(text, TextDocument):
        yield from _codings(text.codings, owner)
        yield from _variables(text, text.variable_values)


def _of_selections(source: Source) -> Iterator[Pointer]:
    for selection in walk.selections_of(source):  # type: ignore[arg-type]
        yield from _authors(selection, source)
        yield from _codings(selection.codings, source)
        yield from _notes(selection, selection.note_refs, source)
        if isinstance(selection, TranscriptSelection):
            yield Pointer(selection, selection.from_sync_point, "sync point", "fromSyncPoint", source)
            yield Pointer(selection, selection.to_sync_point, "sync point", "toSyncPoint", source)


def _of_graph(graph: Graph) -> Iterator[Pointer]:
    for vertex in graph.vertices:
        yield Pointer(vertex, vertex.represented_guid, ANYTHING, "representedGUID", graph)
    for edge in graph.edges:
        yield Pointer(edge, edge.represented_guid, ANYTHING, "representedGUID", graph)
        yield Pointer(edge, edge.source_vertex, "vertex", "sourceVertex", graph)
        yield Pointer(edge, edge.target_vertex, "vertex", "targetVertex", graph)


def _authors(element: Authored, inside: Element | None) -> Iterator[Pointer]:
    yield Pointer(element, element.creating_user, "user", "creatingUser", inside)
    yield Pointer(element, element.modifying_user, "user", "modifyingUser", inside)


def _codings(codings: Iterable[Coding], inside: Element) -> Iterator[Pointer]:
    for coding in codings:
        yield Pointer(coding, coding.creating_user, "user", "creatingUser", inside)
        yield Pointer(coding, coding.code_ref.target_guid, "code", "CodeRef", inside)
        yield from _notes(coding, coding.note_refs, inside)


def _notes(element: Element, refs: Iterable[NoteRef], inside: Element | None = None) -> Iterator[Pointer]:
    for ref in refs:
        yield Pointer(element, ref.target_guid, "note", "NoteRef", inside)


def _variables(element: Element, values: Iterable[VariableValue]) -> Iterator[Pointer]:
    for value in values:
        yield Pointer(element, value.variable_ref.target_guid, "variable", "VariableRef")
