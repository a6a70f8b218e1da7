"""Summaries go into a study as a note, a link and a set, and are found again whatever became of the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import qdabridge as qda
from interviews import MIREILLE, NERYS, case, code, coded, guid, study, text
from qdabridge.study.files import Files
from qdabridge.study.model import Case, Code, Link, Note, NoteRef, Set, TextSource
from qdabridge.study.study import Study
from qdabridge.study.summaries import LINK_NAME, SET_NAME, CellKey, summaries_of
from qdabridge.study.summary_writing import chart, user_called

WAITING = code("Waiting times")
TRUST = code("Trust")
ANA_TALK = text("Ana, first talk", "I waited.", coded(2, 8, WAITING))
ANA = case("Ana", ANA_TALK)
BEA = case("Bea")
FIRST, SECOND = "2024-09-11T09:40:00Z", "2024-10-02T12:00:00Z"
WORDS = "Waited six weeks; 😀 in the end."


def at(of: Case | TextSource, under: Code) -> CellKey:
    return of.guid, under.guid


def clinic(**more: object) -> Study:
    return study(ANA_TALK, codes=[code("Access", WAITING), TRUST], cases=[ANA, BEA], **more)


def charted(words: str = WORDS, into: Study | None = None, when: str = FIRST) -> Study:
    return chart(into or clinic(), {at(ANA, WAITING): words}, by=NERYS, when=when)


def texts(of: Study) -> dict[CellKey, str]:
    return {key: summary.text for key, summary in summaries_of(of).items()}


def test_a_study_without_summaries_has_none() -> None:
    assert summaries_of(clinic()) == {}


def test_what_was_charted_is_found_with_who_and_when() -> None:
    (found,) = summaries_of(charted()).values()
    assert (found.text, found.author, found.modified) == (WORDS, "Nerys Stanway", FIRST)


def test_a_summary_is_a_note_a_link_and_a_member_of_a_set() -> None:
    project = charted().project
    (note,), (link,), (group,) = project.notes or (), project.links or (), project.sets or ()
    assert (note.name, note.plain_text_content) == ("Summary: Ana – Access / Waiting times", WORDS)
    assert (link.origin_guid, link.target_guid) == (ANA.guid, WAITING.guid)
    assert [ref.target_guid for ref in link.note_refs] == [note.guid]
    members = [*group.member_codes, *group.member_sources, *group.member_notes]
    assert [ref.target_guid for ref in members] == [WAITING.guid, ANA_TALK.guid, note.guid]


def test_the_study_that_was_given_is_not_changed() -> None:
    given_one = clinic()
    before = replace(given_one.project)
    charted(into=given_one)
    assert given_one.project == before


def test_charting_the_same_twice_gives_nothing_new() -> None:
    once = charted()
    assert charted(into=once, when=SECOND) is once


def test_two_people_who_chart_the_same_make_the_same_guids() -> None:
    one, other = charted("Waited long.").project, charted("Weeks!", when=SECOND).project
    assert one.notes and other.notes and one.links and other.links
    assert (one.notes[0].guid, one.links[0].guid) == (other.notes[0].guid, other.links[0].guid)


def test_a_changed_summary_stays_in_its_note_and_keeps_who_began_it() -> None:
    again = chart(charted(), {at(ANA, WAITING): "No longer waits."}, by=MIREILLE, when=SECOND)
    (note,) = again.project.notes or ()
    assert (note.creating_user, note.creation_date_time) == (NERYS.guid, FIRST)
    (found,) = summaries_of(again).values()
    assert (found.text, found.author, found.modified) == ("No longer waits.", "Mireille Pagès", SECOND)


def test_an_emptied_summary_is_taken_away_with_its_note_and_link() -> None:
    gone = charted("", into=charted()).project
    assert (gone.notes, gone.links) == ([], [])
    assert [ref for group in gone.sets or () for ref in group.member_notes] == []


def test_a_note_that_is_coded_stays_when_its_summary_is_taken_away() -> None:
    whole = charted()
    assert whole.project.notes
    whole.project.notes[0] = replace(whole.project.notes[0], plain_text_selections=[coded(0, 6, TRUST)])
    gone = charted("", into=whole)
    assert summaries_of(gone) == {}
    assert [note.plain_text_content for note in gone.project.notes or ()] == [WORDS]


def test_a_note_that_something_else_refers_to_stays_when_its_summary_is_taken_away() -> None:
    whole = charted()
    (note,) = whole.project.notes or ()
    whole.project.sets = [*(whole.project.sets or ()), Set(guid=guid("s"), name="Mine", member_notes=(ref(note),))]
    gone = charted("", into=whole)
    assert [each.guid for each in gone.project.notes or ()] == [note.guid]


def test_taking_away_what_is_not_there_changes_nothing() -> None:
    whole = clinic()
    assert charted("", into=whole) is whole


def test_a_source_may_stand_in_the_place_of_a_case() -> None:
    made = chart(clinic(), {at(ANA_TALK, TRUST): "Trusts nobody."}, by=None, when=FIRST)
    assert texts(made) == {at(ANA_TALK, TRUST): "Trusts nobody."}


def test_other_links_with_notes_from_a_case_to_a_code_are_no_summaries() -> None:
    memo = Note(guid=guid("memo"), name="Thought", plain_text_content="She said so.")
    link = Link(guid=guid("l"), name="made me think of", origin_guid=ANA.guid, target_guid=TRUST.guid)
    assert summaries_of(clinic(notes=[memo], links=[replace(link, note_refs=(ref(memo),))])) == {}


def test_the_first_of_two_summaries_of_one_cell_counts() -> None:
    notes = [Note(guid=guid(words), name=words, plain_text_content=words) for words in ("one", "two")]
    links = [
        Link(guid=guid(n.guid), name=LINK_NAME, origin_guid=ANA.guid, target_guid=TRUST.guid, note_refs=(ref(n),))
        for n in notes
    ]
    assert texts(clinic(notes=notes, links=links)) == {at(ANA, TRUST): "one"}


def test_guids_in_braces_and_capitals_are_the_same_guids() -> None:
    whole = charted()
    (link,) = whole.project.links or ()
    whole.project.links = [replace(link, origin_guid="{" + ANA.guid.upper() + "}")]
    assert texts(whole) == {at(ANA, WAITING): WORDS}
    assert len(charted("Other.", into=whole).project.links or ()) == 1


def test_a_note_whose_link_another_tool_dropped_is_used_again() -> None:
    whole = charted()
    whole.project.links = []
    again = charted("Back again.", into=whole, when=SECOND)
    assert [note.plain_text_content for note in again.project.notes or ()] == ["Back again."]


def test_a_new_person_joins_the_users_and_a_known_one_does_not() -> None:
    whole = clinic()
    assert user_called(whole, "Nerys Stanway") is NERYS
    ida = user_called(whole, "Ida")
    made = chart(whole, {at(ANA, TRUST): "Yes."}, by=ida, when=FIRST)
    assert [user.name for user in made.project.users or ()] == ["Nerys Stanway", "Mireille Pagès", "Ida"]
    assert user_called(made, "Ida").guid == ida.guid


def test_an_unknown_case_or_code_is_refused_in_words() -> None:
    with pytest.raises(qda.NotInStudy, match="no case or source"):
        chart(clinic(), {("nobody", TRUST.guid): "x"}, by=None, when=FIRST)
    with pytest.raises(qda.NotInStudy, match="no code"):
        chart(clinic(), {(ANA.guid, "nothing"): "x"}, by=None, when=FIRST)


def test_a_summary_in_a_file_of_the_package_changes_in_that_file() -> None:
    whole = charted()
    assert whole.project.notes
    file = {"plain_text_content": None, "plain_text_path": "internal://n.txt", "rich_text_path": "internal://n.docx"}
    whole.project.notes[0] = replace(whole.project.notes[0], **file)
    whole.files = Files({"sources/n.txt": WORDS.encode(), "sources/n.docx": b"old words"})
    again = charted("Now this.", into=whole)
    assert texts(whole) == {at(ANA, WAITING): WORDS}
    assert texts(again) == {at(ANA, WAITING): "Now this."}
    assert list(again.files) == ["sources/n.txt"]
    assert list(charted("", into=again).files) == []


@given(
    st.text("ab ", max_size=12), st.text("ab ", max_size=12), st.text("ab ", max_size=12), st.text("ab ", max_size=12)
)
def test_coded_words_of_a_summary_keep_their_code_when_words_around_them_change(
    before: str, after: str, new_before: str, new_after: str
) -> None:
    old, new = f"{before}TRUSTED{after}", f"{new_before}TRUSTED{new_after}"
    whole = charted(old)
    assert whole.project.notes
    whole.project.notes[0] = replace(
        whole.project.notes[0], plain_text_selections=[coded(len(before), len(before) + 7, TRUST)]
    )
    (note,) = charted(new, into=whole).project.notes or ()
    (selection,) = note.plain_text_selections
    assert 0 <= selection.start_position <= selection.end_position <= len(new)
    assert "TRUSTED" in new[selection.start_position : selection.end_position]


@pytest.mark.parametrize(("old", "new"), [("a TRUSTED b", "and a TRUSTED b"), ("a TRUSTED b", "a TRUSTED b, c")])
def test_coded_words_move_with_what_is_written_before_them(old: str, new: str) -> None:
    whole = charted(old)
    assert whole.project.notes
    whole.project.notes[0] = replace(whole.project.notes[0], plain_text_selections=[coded(2, 9, TRUST)])
    (note,) = charted(new, into=whole).project.notes or ()
    (selection,) = note.plain_text_selections
    assert new[selection.start_position : selection.end_position] == "TRUSTED"


@pytest.mark.parametrize("profile", ["standard", "nvivo", "maxqda", "atlasti", "qualcoder", "same"])
@pytest.mark.parametrize("ending", [".qdpx", ".json"])
def test_summaries_come_back_from_a_file_of_every_kind(tmp_path: Path, profile: str, ending: str) -> None:
    path = tmp_path / f"charted{ending}"
    qda.write(charted(), path, profile)
    with qda.read(path) as back:
        assert list(texts(back).values()) == [WORDS]


def test_a_charted_study_is_valid(tmp_path: Path) -> None:
    qda.write(charted(), tmp_path / "charted.qdpx")
    found = [finding for finding in qda.check(tmp_path / "charted.qdpx") if finding.severity == "error"]
    assert found == []


def test_the_set_of_the_matrix_is_one_however_often_is_charted() -> None:
    once = charted()
    twice = chart(once, {at(BEA, TRUST): "Trusts."}, by=None, when=SECOND)
    (group,) = twice.project.sets or ()
    assert group.name == SET_NAME
    assert len(group.member_notes) == 2


def ref(note: Note) -> NoteRef:
    return NoteRef(target_guid=note.guid)
