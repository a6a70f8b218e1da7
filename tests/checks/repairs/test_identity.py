"""GUIDs, users and pointers: what can stay stays, what is made is made alike, and what is meant is never changed."""

from __future__ import annotations

import copy

import pytest

import qdabridge as qda
from checks.repairs.differences import differences, left_in
from checks.studies import CALL, coding, guid, project, study
from qdabridge.checks.repairs.guids import LEGAL
from qdabridge.study.model import (
    AudioSource,
    Case,
    Code,
    CodeRef,
    Edge,
    Extensions,
    Graph,
    Link,
    NoteRef,
    PlainTextSelection,
    Project,
    SelectionRef,
    SourceRef,
    SyncPoint,
    TextSource,
    Transcript,
    TranscriptSelection,
    User,
    Vertex,
)


def mended(changed: Project) -> Project:
    return qda.repair(study(changed)).study.project


# --- GUIDs -----------------------------------------------------------------------------------------------------------


def test_what_is_no_guid_becomes_one_and_is_still_pointed_at() -> None:
    changed = project()
    changed.code_book.codes[0].guid = "c-access"
    for each in (changed.sources[0].codings[0], changed.sources[2].audio_selections[0].codings[0]):
        each.code_ref.target_guid = "c-access"
    after = mended(changed)
    made = after.code_book.codes[0].guid
    assert LEGAL.fullmatch(made)
    assert after.sources[0].codings[0].code_ref.target_guid == made
    assert after.sources[2].audio_selections[0].codings[0].code_ref.target_guid == made
    assert made == mended(changed).code_book.codes[0].guid


def test_a_case_and_its_code_stay_twins_when_their_guid_is_none() -> None:
    """NVivo gives both one GUID, and they are known by it."""
    changed = project()
    changed.cases[0].guid = "ana"
    changed.code_book.codes.append(Code(guid="ANA", name="Ana"))
    after = mended(changed)
    assert after.cases[0].guid == after.code_book.codes[1].guid


def test_guids_in_braces_and_capitals_stay() -> None:
    changed = project()
    changed.code_book.codes[0].guid = "{" + guid(2).upper() + "}"
    assert mended(changed) == changed


def test_what_has_no_guid_gets_one() -> None:
    changed = project()
    changed.sources[0].codings[0].guid = ""
    changed.sources[0].codings[0].extensions = Extensions(lexical={"guid": None})
    after = mended(changed).sources[0].codings[0]
    assert LEGAL.fullmatch(after.guid)
    assert after.extensions is None


def test_the_second_of_two_codings_gets_its_own_guid() -> None:
    changed = project()
    changed.sources[0].codings += (coding(13),)
    result = qda.repair(study(changed))
    assert differences(changed, result.study.project) == {"Coding.guid"}
    assert left_in(result) == []


def test_two_codes_with_one_guid_are_left_to_a_person() -> None:
    changed = project()
    changed.code_book.codes.append(Code(guid=guid(2), name="Getting in"))
    result = qda.repair(study(changed))
    assert result.study.project == changed
    assert left_in(result) == ["GUID-DUP"]


def test_a_user_who_is_there_twice_word_for_word_stays_once() -> None:
    changed = project()
    changed.users.append(User(guid=guid(1), name="Mair"))
    assert mended(changed) == project()
    changed.users[1].name = "Mair Jones"
    assert mended(changed) == changed


def test_a_selection_with_the_guid_of_a_code_that_is_there_twice_gets_its_own_at_once() -> None:
    changed = project()
    changed.links, changed.graphs = [], None
    theme = changed.code_book.codes[0]
    changed.code_book.codes.append(copy.deepcopy(theme))
    changed.sources[0].plain_text_selections.append(
        PlainTextSelection(guid=theme.codes[0].guid, start_position=0, end_position=1, codings=(coding(99, 3),))
    )
    result = qda.repair(study(changed))
    after = result.study.project
    assert len(after.code_book.codes) == 1
    assert after.sources[0].plain_text_selections[1].guid != theme.codes[0].guid
    assert after.sources[0].plain_text_selections[1].codings[0].code_ref.target_guid == theme.codes[0].guid
    assert not qda.repair(result.study).mended


def test_a_note_with_the_guid_of_a_code_gets_its_own_and_keeps_its_pointers() -> None:
    changed = project()
    changed.links = []
    changed.notes[0].guid = guid(3)
    for refs in (changed.sources[0], changed.sources[0].plain_text_selections[0]):
        refs.note_refs = (NoteRef(target_guid=guid(3)),)
    changed.sets[0].member_notes = (NoteRef(target_guid=guid(3)),)
    changed.graphs = None
    after = mended(changed)
    made = after.notes[0].guid
    assert made != guid(3)
    assert after.code_book.codes[0].codes[0].guid == guid(3)
    assert {ref.target_guid for ref in after.sources[0].note_refs + after.sets[0].member_notes} == {made}
    assert after.sources[0].plain_text_selections[0].codings[0].code_ref.target_guid == guid(3)


def test_a_link_that_may_mean_either_keeps_both_as_they_are() -> None:
    changed = project()
    changed.notes[0].guid = guid(3)
    changed.links[0].origin_guid = guid(3)
    assert mended(changed).notes[0].guid == guid(3)


def test_sync_points_of_a_copied_transcript_get_their_own() -> None:
    changed = project()
    changed.sources.append(
        AudioSource(
            guid=guid(60),
            path=f"internal://{CALL}",
            transcripts=[
                Transcript(
                    guid=guid(61),
                    plain_text_content="Hello",
                    sync_points=[SyncPoint(guid=guid(34), time_stamp=0, position=0)],
                    transcript_selections=[TranscriptSelection(guid=guid(62), from_sync_point=guid(34))],
                )
            ],
        )
    )
    first, second = mended(changed).sources[2].transcripts[0], mended(changed).sources[3].transcripts[0]
    assert first.sync_points[0].guid == guid(34) == first.transcript_selections[0].from_sync_point
    assert second.sync_points[0].guid != guid(34)
    assert second.sync_points[0].guid == second.transcript_selections[0].from_sync_point


def test_vertices_of_a_copied_graph_get_their_own() -> None:
    changed = project()
    changed.graphs.append(
        Graph(
            guid=guid(63),
            vertices=[Vertex(guid=guid(number), first_x=0, first_y=0) for number in (53, 54)],
            edges=[Edge(guid=guid(64), source_vertex=guid(53), target_vertex=guid(54))],
        )
    )
    result = qda.repair(study(changed))
    copy = result.study.project.graphs[1]
    assert {copy.edges[0].source_vertex, copy.edges[0].target_vertex} == {vertex.guid for vertex in copy.vertices}
    assert result.study.project.graphs[0] == changed.graphs[0]
    assert left_in(result) == []


# --- users -----------------------------------------------------------------------------------------------------------


def test_a_coder_who_is_not_there_is_added_once() -> None:
    changed = project()
    changed.sources[0].codings[0].creating_user = guid(80)
    changed.sources[0].modifying_user = guid(80).upper()
    after = mended(changed)
    assert after.users == [*changed.users, User(guid=guid(80), name="Unknown user 1")]
    assert after.sources == changed.sources


def test_a_coder_by_name_who_is_nobody_is_added_under_that_name() -> None:
    changed = project()
    changed.sources[0].codings[0].creating_user = "Bronwen"
    after = mended(changed)
    assert after.users[1].name == "Bronwen"
    assert after.sources[0].codings[0].creating_user == after.users[1].guid
    assert LEGAL.fullmatch(after.users[1].guid)


def test_a_name_that_two_users_have_says_nobody() -> None:
    changed = project()
    changed.users.append(User(guid=guid(81), name="Mair"))
    changed.sources[0].codings[0].creating_user = "Mair"
    after = mended(changed)
    assert len(after.users) == 3
    assert after.sources[0].codings[0].creating_user == after.users[2].guid


# --- pointers --------------------------------------------------------------------------------------------------------


def test_a_coding_whose_code_is_not_there_stays() -> None:
    changed = project()
    changed.sources[0].codings[0].code_ref.target_guid = guid(99)
    result = qda.repair(study(changed))
    assert result.study.project == changed
    assert left_in(result) == ["REF-DANGLING"]


def test_pointers_in_a_list_go_where_they_belong_or_out() -> None:
    changed = project()
    changed.sets[0].member_codes = (CodeRef(target_guid=guid(40)), CodeRef(target_guid=guid(2)))
    changed.sets[0].member_notes = ()
    changed.cases[0].source_refs += (SourceRef(target_guid=guid(99)), SourceRef(target_guid=""))
    changed.cases[0].selection_refs = (SelectionRef(target_guid=guid(12)),)
    changed.cases[0].code_refs += (CodeRef(target_guid=guid(21)),)
    after = mended(changed)
    assert after.sets == project().sets
    assert after.cases[0].source_refs == project().cases[0].source_refs
    assert after.cases[0].code_refs == project().cases[0].code_refs
    assert after.cases[0].selection_refs == project().cases[0].selection_refs


def test_a_pointer_that_means_what_cannot_be_there_stays() -> None:
    changed = project()
    changed.sets[0].member_notes += (NoteRef(target_guid=guid(5)),)
    assert mended(changed) == changed


@pytest.mark.parametrize("name", ["ana", guid(98)])
def test_a_file_that_two_sources_share_is_left_to_a_person(name: str) -> None:
    changed = project()
    for number in (65, 67):
        changed.sources.append(TextSource(guid=guid(number), name="Same", plain_text_path=f"internal://{name}.txt"))
    changed.cases.append(Case(guid=guid(66), name="Bea", source_refs=(SourceRef(target_guid=name),)))
    assert mended(changed).cases[1] == changed.cases[1]


def test_an_end_of_a_link_that_is_empty_is_absent() -> None:
    changed = project()
    changed.links.append(Link(guid=guid(67), origin_guid=guid(2), target_guid=""))
    assert mended(changed).links[1].target_guid is None
