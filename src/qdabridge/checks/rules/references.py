"""REF-DANGLING, USER-UNKNOWN, REF-BY-FILENAME, LINK-END: pointers to what is not in the study, or to nothing at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from qdabridge.checks.inventory import Inventory, called, codings_of
from qdabridge.checks.rules.rule import Rule
from qdabridge.checks.wording import a
from qdabridge.findings import Finding
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AnySource,
    AnyText,
    Authored,
    Case,
    Coding,
    Element,
    Note,
    NoteRef,
    Project,
    Source,
    TextDocument,
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
    project = study.project
    look = Lookup(study)
    doubtful = (source for source in _sources(project) if not _all_there(source, inventory))
    for pointer in chain(_of_project(project), *map(_of_source, doubtful)):
        guid = pointer.guid
        if not guid:
            continue
        if inventory.kinds_of(guid) if pointer.kind == ANYTHING else inventory.has(pointer.kind, guid):
            continue
        yield _by_file(pointer, guid) if _means_a_file(pointer, guid, look) else _told(pointer, guid, inventory)


def half_links(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find links that tie nothing, or one thing to nothing."""
    for link in study.project.links or ():
        if not link.origin_guid or not link.target_guid:
            yield Finding(
                "LINK-END",
                "warning",
                "A Link has only one end or none, so that nobody can say what it relates.",
                where=f"{called(link)}, guid {link.guid}",
                hint="Look at the link in the program that the study comes from, and delete or mend it there.",
            )


def _all_there(source: AnySource | Note, inventory: Inventory) -> bool:
    """Tell at a glance, where a walk from pointer to pointer takes its time, that nothing within a source dangles."""
    selections = list(walk.selections_of(source))
    texts = list(walk.texts_of(source))
    codings = codings_of(source)
    authored: list[Authored] = [source, *texts, *selections]
    users = {each.creating_user for each in authored} | {each.modifying_user for each in authored}
    users |= {coding.creating_user for coding in codings}
    noted = {ref.target_guid for each in authored for ref in each.note_refs}
    noted |= {ref.target_guid for coding in codings for ref in coding.note_refs}
    valued = (text for text in (source, *texts) if isinstance(text, Source))
    held = [each for each in selections if isinstance(each, TranscriptSelection)]
    points = {each.from_sync_point for each in held} | {each.to_sync_point for each in held}
    return (
        inventory.has_all("user", users)
        and inventory.has_all("code", {coding.code_ref.target_guid for coding in codings})
        and inventory.has_all("note", noted)
        and inventory.has_all("variable", {v.variable_ref.target_guid for each in valued for v in each.variable_values})
        and inventory.has_all("sync point", points)
    )


def _told(pointer: Pointer, guid: str, inventory: Inventory) -> Finding:
    where = f"{called(pointer.element, pointer.inside)}, {pointer.attribute} {guid}"
    field = f"The {pointer.attribute} of {a(type(pointer.element).__name__)}"
    others = inventory.kinds_of(guid)
    hint = "Export the study again from the program it comes from; if it is still so, mend it there."
    if others:
        message = f"{field} means {a(others[0])}, where {a(pointer.kind)} is needed."
    elif pointer.kind == ANYTHING:
        message = f"{field} means nothing that is in the study, {_LOST[ANYTHING]}."
    else:
        lost = _LOST[pointer.kind]
        if pointer.kind == "code" and not isinstance(pointer.element, Coding):
            lost = "so the code is missing there"
        message = f"{field} means {a(pointer.kind)} that is not in the study, {lost}."
    # Who did it is worth knowing, but nothing that was done is lost with it.
    if pointer.kind == "user":
        return Finding("USER-UNKNOWN", "warning", message, where=where, hint=hint)
    return Finding("REF-DANGLING", "error", message, where=where, hint=hint)


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
    """Give everything in the study that points to something else; in the order of the file, but sources and notes last.

    What points to a vertex is not among them: see ``drawings``.
    """
    yield from _of_project(project)
    for source in _sources(project):
        yield from _of_source(source)


def _sources(project: Project) -> Iterator[AnySource | Note]:
    yield from project.sources or ()
    yield from project.notes or ()


def _of_project(project: Project) -> Iterator[Pointer]:
    """Give what points to something else from outside of sources and notes."""
    yield Pointer(project, project.creating_user_guid, "user", "creatingUserGUID")
    yield Pointer(project, project.modifying_user_guid, "user", "modifyingUserGUID")
    yield from _notes(project, project.note_refs)
    for code in walk.codes(project):
        yield from _notes(code, code.note_refs)
    yield from _of_cases(project)
    for link in project.links or ():
        yield Pointer(link, link.origin_guid, ANYTHING, "originGUID")
        yield Pointer(link, link.target_guid, ANYTHING, "targetGUID")
        yield from _notes(link, link.note_refs)
    for group in project.sets or ():
        yield from (Pointer(group, member.target_guid, "code", "MemberCode") for member in group.member_codes)
        yield from (Pointer(group, member.target_guid, "source", "MemberSource") for member in group.member_sources)
        yield from (Pointer(group, member.target_guid, "note", "MemberNote") for member in group.member_notes)
    for graph in project.graphs or ():
        for vertex in graph.vertices:
            yield Pointer(vertex, vertex.represented_guid, ANYTHING, "representedGUID", graph)
        for edge in graph.edges:
            yield Pointer(edge, edge.represented_guid, ANYTHING, "representedGUID", graph)


def _of_cases(project: Project) -> Iterator[Pointer]:
    for case in project.cases or ():
        yield from (Pointer(case, ref.target_guid, "code", "CodeRef") for ref in case.code_refs)
        yield from _variables(case, case.variable_values)
        yield from (Pointer(case, ref.target_guid, "source", "SourceRef") for ref in case.source_refs)
        yield from (Pointer(case, ref.target_guid, "selection", "SelectionRef") for ref in case.selection_refs)


def _of_source(source: AnySource | Note) -> Iterator[Pointer]:
    yield from _authors(source, None)
    yield from _codings(source.codings, source)
    yield from _notes(source, source.note_refs)
    yield from _variables(source, source.variable_values)
    for text in walk.texts_of(source):
        if text is not source:
            yield from _of_text(text, source)
    yield from _of_selections(source)


def _of_text(text: AnyText, owner: Source) -> Iterator[Pointer]:
    yield from _authors(text, owner)
    yield from _notes(text, text.note_refs, owner)
    if isinstance(text, TextDocument):
        yield from _codings(text.codings, owner)
        yield from _variables(text, text.variable_values)


def _of_selections(source: AnySource | Note) -> Iterator[Pointer]:
    for selection in walk.selections_of(source):
        yield from _authors(selection, source)
        yield from _codings(selection.codings, source)
        yield from _notes(selection, selection.note_refs, source)
        if isinstance(selection, TranscriptSelection):
            yield Pointer(selection, selection.from_sync_point, "sync point", "fromSyncPoint", source)
            yield Pointer(selection, selection.to_sync_point, "sync point", "toSyncPoint", source)


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


RULES = (
    Rule(
        code="REF-DANGLING",
        severity="error",
        section="REFI-QDA 1.5, 3.7 and 4.3",
        title="a GUID points to something that is not in the study, or cannot be meant",
        about="""\
Something is pointed to by its GUID and is not in the study, or is of another kind than can be meant: the code of a
coding, the source of a case, the member of a set, the end of a link, the note of a passage. What points there loses
its meaning; programs drop it or refuse the file. GUIDs are compared without braces and case. Empty pointers are told
by the schema. What was meant only the program that wrote the file, or its user, can say.""",
        mended=(
            "A pointer to nothing in a list (of notes, members, sources, codes) is left out; a coding without its"
            " code stays."
        ),
        find=dangling,
    ),
    Rule(
        code="USER-UNKNOWN",
        severity="warning",
        section="REFI-QDA 1.5, 3.17",
        title="somebody made or changed something who is not among the users",
        about="""\
The project, a source, a passage or a coding says by GUID who made or changed it, and the study has no user of that
GUID. Nothing that was done is lost, but nobody can say who did it, and comparing coders leaves it out. QualCoder
writes its projects so.""",
        mended="A user of that GUID is added, whose name says that it is not known.",
        find=dangling,
    ),
    Rule(
        code="REF-BY-FILENAME",
        severity="warning",
        section="QualCoder: cases name the files of their sources",
        title="a case names a source by the GUID in its file's name",
        about="""\
Mended while reading. A case refers to a source by the GUID in the name of the source's file, as QualCoder does,
instead of the source's own. It is read as what it means; other programs lose the case's source.""",
        mended="The case points to the source's own GUID.",
        find=dangling,
    ),
    Rule(
        code="LINK-END",
        severity="warning",
        section="REFI-QDA 1.5, 3.8",
        title="a link has only one end, or none",
        about="""\
A link is a relation between two elements. This one lacks its `originGUID`, its `targetGUID` or both, which the schema
allows: nobody can say what it relates, and programs drop it, with the notes on it.""",
        find=half_links,
    ),
)
