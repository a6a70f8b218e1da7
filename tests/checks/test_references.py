"""Pointers to what is not in the study."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from checks.studies import coding, found, guid, project, study
from qdabridge.checks.rules.drawings import loose_edges
from qdabridge.checks.rules.references import dangling, half_links, pointers
from qdabridge.study.model import (
    CodeRef,
    Element,
    NoteRef,
    Project,
    SelectionRef,
    SourceRef,
    VariableRef,
    VariableValue,
)

NOWHERE = guid(0xDEAD)

Change = Callable[[Project], None]


def sets(path: str, value: object = NOWHERE) -> Change:
    """Return a change of what stands at a path such as ``sources.0.creating_user``."""

    def change(changed: Project) -> None:
        *steps, last = path.split(".")
        place: object = changed
        for step in steps:
            place = place[int(step)] if step.isdigit() else getattr(place, step)  # type: ignore[index]
        setattr(place, last, value)

    return change


DANGLING: dict[str, tuple[Change, str, str]] = {
    "the maker of the project": (
        sets("creating_user_guid"),
        "warning",
        "creatingUserGUID of a Project means a user",
    ),
    "the maker of a source": (
        sets("sources.0.creating_user"),
        "warning",
        "creatingUser of a TextSource means a user",
    ),
    "who changed a passage": (
        sets("sources.0.plain_text_selections.0.modifying_user"),
        "warning",
        "modifyingUser of a PlainTextSelection means a user",
    ),
    "a coder": (
        sets("sources.0.plain_text_selections.0.codings.0.creating_user"),
        "warning",
        "creatingUser of a Coding means a user",
    ),
    "the code of a coding": (
        sets("sources.0.plain_text_selections.0.codings.0.code_ref.target_guid"),
        "error",
        "CodeRef of a Coding means a code that is not in the study, so it cannot be said what it is coded with.",
    ),
    "the code of a coding of a whole source": (
        sets("sources.0.codings.0.code_ref.target_guid"),
        "error",
        "CodeRef of a Coding means a code",
    ),
    "the code of a coding in the text of a PDF": (
        sets("sources.1.representation.codings", (coding(0x99, 0xDEAD),)),
        "error",
        "CodeRef of a Coding means a code",
    ),
    "the note of a code": (
        sets("code_book.codes.0.note_refs", (NoteRef(target_guid=NOWHERE),)),
        "error",
        "NoteRef of a Code means a note",
    ),
    "the note of a passage": (
        sets("sources.0.plain_text_selections.0.note_refs.0.target_guid"),
        "error",
        "NoteRef of a PlainTextSelection means a note",
    ),
    "the note of the project": (
        sets("note_refs", (NoteRef(target_guid=NOWHERE),)),
        "error",
        "NoteRef of a Project means a note",
    ),
    "the note of a transcript": (
        sets("sources.2.transcripts.0.note_refs", (NoteRef(target_guid=NOWHERE),)),
        "error",
        "NoteRef of a Transcript means a note",
    ),
    "the code of a case": (
        sets("cases.0.code_refs", (CodeRef(target_guid=NOWHERE),)),
        "error",
        "CodeRef of a Case means a code",
    ),
    "the source of a case": (
        sets("cases.0.source_refs", (SourceRef(target_guid=NOWHERE),)),
        "error",
        "SourceRef of a Case means a source that is not in the study, so the source is missing there.",
    ),
    "the selection of a case": (
        sets("cases.0.selection_refs", (SelectionRef(target_guid=NOWHERE),)),
        "error",
        "SelectionRef of a Case means a selection",
    ),
    "the variable of a value": (
        sets("cases.0.variable_values.0.variable_ref.target_guid"),
        "error",
        "VariableRef of a Case means a variable that is not in the study, so its value says nothing.",
    ),
    "the variable of a value of a source": (
        sets("sources.1.variable_values", (VariableValue(variable_ref=VariableRef(target_guid=NOWHERE)),)),
        "error",
        "VariableRef of a PDFSource means a variable",
    ),
    "a code in a set": (sets("sets.0.member_codes.0.target_guid"), "error", "MemberCode of a Set means a code"),
    "a source in a set": (
        sets("sets.0.member_sources.0.target_guid"),
        "error",
        "MemberSource of a Set means a source",
    ),
    "a note in a set": (sets("sets.0.member_notes.0.target_guid"), "error", "MemberNote of a Set means a note"),
    "where a link begins": (
        sets("links.0.origin_guid"),
        "error",
        "originGUID of a Link means nothing that is in the",
    ),
    "where a link ends": (
        sets("links.0.target_guid"),
        "error",
        "targetGUID of a Link means nothing that is in the",
    ),
    "what a vertex stands for": (
        sets("graphs.0.vertices.0.represented_guid"),
        "error",
        "representedGUID of a Vertex means nothing",
    ),
    "what an edge stands for": (
        sets("graphs.0.edges.0.represented_guid"),
        "error",
        "representedGUID of an Edge means nothing",
    ),
    "where a passage of a transcript begins": (
        sets("sources.2.transcripts.0.transcript_selections.0.from_sync_point"),
        "error",
        "fromSyncPoint of a TranscriptSelection means a sync point",
    ),
    "where a passage of a transcript ends": (
        sets("sources.2.transcripts.0.transcript_selections.0.to_sync_point"),
        "error",
        "toSyncPoint of a TranscriptSelection means a sync point",
    ),
}


def pointing(element: Element) -> Iterator[tuple[Element, str]]:
    """Give every field of the model that is named like a pointer and is filled, with what it is in."""
    for field in element.__struct_fields__:
        value = getattr(element, field)
        if isinstance(value, str) and re.search(r"_guid$|ing_user$|_vertex$|_sync_point$", field):
            yield element, field
        for child in value if isinstance(value, list | tuple) else (value,):
            if isinstance(child, Element):
                yield from pointing(child)


def full_project() -> Project:
    """The sound project, with pointers also where it has none."""
    full = project()
    full.modifying_user_guid = guid(1)
    for each in (full, full.code_book.codes[0].codes[0]):
        each.note_refs = (NoteRef(target_guid=guid(40)),)
    leaflet, call = full.sources[1:]
    transcript = call.transcripts[0]
    for each in (leaflet, leaflet.representation, full.notes[0]):
        each.variable_values = (VariableValue(variable_ref=VariableRef(target_guid=guid(4)), integer_value=42),)
    leaflet.representation.codings = (coding(0x90),)
    leaflet.representation.plain_text_selections[0].codings = (coding(0x91),)
    leaflet.pdf_selections[0].codings = (coding(0x92),)
    full.notes[0].codings = (coding(0x93),)
    transcript.transcript_selections[0].codings = (coding(0x94),)
    transcript.transcript_selections[0].to_sync_point = guid(34)
    for each in (leaflet, leaflet.representation, leaflet.pdf_selections[0], call, transcript, full.notes[0]):
        each.creating_user = each.modifying_user = guid(1)
        each.note_refs = (NoteRef(target_guid=guid(40)),)
    call.audio_selections[0].codings[0].note_refs = (NoteRef(target_guid=guid(40)),)
    return full


def test_a_sound_study_has_no_dangling_pointer() -> None:
    assert found(dangling, study()) == []


@pytest.mark.parametrize(("change", "severity", "message"), DANGLING.values(), ids=DANGLING.keys())
def test_a_pointer_to_nothing_is_found(change: Change, severity: str, message: str) -> None:
    changed = project()
    change(changed)
    (finding,) = found(dangling, study(changed))
    code = "USER-UNKNOWN" if severity == "warning" else "REF-DANGLING"
    assert (finding.code, finding.severity) == (code, severity)
    assert finding.message.startswith(f"The {message}")
    assert NOWHERE in finding.where


def test_every_field_that_points_is_followed_once() -> None:
    """Whatever in the model is named like a pointer has to be among those that are checked."""
    followed = [pointer.guid for pointer in pointers(project()) if pointer.guid]
    ends_of_edges = [guid(53), guid(54)]  # Followed where graphs are checked.
    assert sorted(followed + ends_of_edges) == sorted(getattr(element, field) for element, field in pointing(project()))


def test_braces_and_case_do_not_matter() -> None:
    changed = project()
    changed.cases[0].source_refs = (SourceRef(target_guid="{" + guid(10).upper() + "}"),)
    assert found(dangling, study(changed)) == []


def test_an_empty_pointer_is_left_to_the_schema() -> None:
    changed = project()
    changed.sources[0].creating_user = ""
    assert found(dangling, study(changed)) == []


def test_what_is_there_but_of_another_kind_is_named() -> None:
    changed = project()
    changed.sets[0].member_sources = (SourceRef(target_guid=guid(5)),)
    (finding,) = found(dangling, study(changed))
    assert finding.message == "The MemberSource of a Set means a case, where a source is needed."


def test_a_case_that_refers_to_the_name_of_a_sources_file_is_understood() -> None:
    """QualCoder writes cases so."""
    changed = project()
    changed.sources[0].plain_text_path = f"internal://{guid(99)}.txt"
    changed.cases[0].source_refs = (SourceRef(target_guid=guid(99)),)
    (finding,) = found(dangling, study(changed))
    assert (finding.code, finding.severity, finding.kind) == ("REF-BY-FILENAME", "warning", "mended")
    assert finding.where == f"Case “Ana”, SourceRef {guid(99)}"


def test_a_set_that_refers_to_the_name_of_a_file_refers_to_nothing() -> None:
    changed = project()
    changed.sources[0].plain_text_path = f"internal://{guid(99)}.txt"
    changed.sets[0].member_sources = (SourceRef(target_guid=guid(99)),)
    assert [finding.code for finding in found(dangling, study(changed))] == ["REF-DANGLING"]


def test_a_case_that_refers_to_a_note_as_a_source_is_told_so() -> None:
    changed = project()
    changed.cases[0].source_refs = (SourceRef(target_guid=guid(40)),)
    (finding,) = found(dangling, study(changed))
    assert finding.message == "The SourceRef of a Case means a note, where a source is needed."


def test_a_case_may_name_an_area_of_a_pdf() -> None:
    changed = project()
    changed.sources[1].representation = None
    assert found(dangling, study(changed)) == []


def test_the_place_is_told_by_the_names_that_people_know() -> None:
    changed = project()
    changed.sources[0].plain_text_selections[0].codings[0].code_ref.target_guid = NOWHERE
    (finding,) = found(dangling, study(changed))
    assert finding.where == f"Coding {guid(13)} in TextSource “Interview Ana”, CodeRef {NOWHERE}"


@pytest.mark.parametrize(("origin", "target"), [(None, guid(2)), (guid(2), None), (None, None), ("", guid(2))])
def test_a_link_needs_two_ends(origin: str | None, target: str | None) -> None:
    changed = project()
    changed.links[0].origin_guid, changed.links[0].target_guid = origin, target
    (finding,) = found(half_links, study(changed))
    assert (finding.code, finding.severity) == ("LINK-END", "warning")
    assert found(half_links, study()) == []


def test_no_pointer_of_a_full_study_dangles() -> None:
    assert found(dangling, study(full_project())) == []


@pytest.mark.parametrize("number", range(len(list(pointing(full_project())))))
def test_any_pointer_that_dangles_is_found(number: int) -> None:
    """Sound sources are passed over at a glance; nothing may be overlooked by that."""
    changed = full_project()
    element, field = list(pointing(changed))[number]
    setattr(element, field, NOWHERE)
    (finding,) = [*found(dangling, study(changed)), *found(loose_edges, study(changed))]
    assert NOWHERE in finding.where
