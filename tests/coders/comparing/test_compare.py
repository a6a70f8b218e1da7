"""Comparing names what changed, with the evidence, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import qdabridge as qda
from conftest import ROOT
from interviews import MIREILLE, NERYS, case, code, coded, coding, guid, study, text, value, variable
from qdabridge.coders.comparing import Comparison, compare
from qdabridge.coders.comparing.report import markdown
from qdabridge.errors import BadRequest
from qdabridge.study import walk
from qdabridge.study.model import (
    Code,
    CodeBook,
    CodeRef,
    Coding,
    Edge,
    Graph,
    Link,
    Note,
    NoteRef,
    Project,
    Set,
    Vertex,
)
from qdabridge.study.study import Study
from qdabridge.study.summary_writing import chart

DEMO = ROOT / "fixtures/demo/demo.qdpx"
WORDS = "I waited long. The bus never came. Nobody rang me back about it."
ACCESS, TRUST, BUSES = code("Access"), code("Trust"), code("Buses")


def told(found: Comparison) -> list[tuple[str, str, str, str]]:
    return [(change.thing, change.how, change.name, change.what) for change in found.changes]


def one(found: Comparison) -> Any:
    assert len(found.changes) == 1, [(change.name, change.in_words()) for change in found.changes]
    return found.changes[0]


def clinic(*selections: Any, codes: Any = (ACCESS, TRUST, BUSES), words: str = WORDS, **fields: Any) -> Study:
    return study(text("Ana", words, *selections), codes=codes, **fields)


@pytest.fixture
def demo() -> Any:
    with qda.read(DEMO) as read:
        yield read


def copy_of(of: Study) -> Study:
    """A study that can be changed without the other, over the same files."""
    project = msgspec.json.decode(msgspec.json.encode(of.project), type=Project)
    return Study(project, of.files)


# --- twenty changes --------------------------------------------------------------------------------------------------


class Script:
    """The demo study in the hands of somebody who changes twenty things."""

    def __init__(self, of: Study) -> None:
        self.study = copy_of(of)
        self.project = self.study.project
        self.look = qda.Lookup(self.study)

    def code(self, path: str) -> Code:
        return self.look.code_at(path)

    def parent(self, path: str) -> Code:
        above = self.look.parent(self.code(path))
        assert above is not None
        return above

    def source(self, name: str) -> Any:
        return next(each for each in self.project.sources or () if each.name == name)

    def note(self, name: str) -> Note:
        return next(each for each in self.project.notes or () if each.name == name)

    def each_coding(self, change: Callable[[Coding], Coding | None], of: Code, most: int = 1_000) -> None:
        """Change the first codings of a code, or take them away."""
        done = 0
        for source in self.project.sources or ():
            for selection in walk.selections_of(source):
                kept = []
                for each in selection.codings:
                    if each.code_ref.target_guid == of.guid and done < most:
                        done += 1
                        changed = change(each)
                        kept += [changed] if changed is not None else []
                    else:
                        kept.append(each)
                selection.codings = tuple(kept)

    def run(self) -> set[tuple[str, str, str, str]]:
        """Change twenty things, and return what they are."""
        work, seen = "Running the service \\ Work", "Rehabilitation \\ Seeing and being seen"
        travel, group = "Access \\ Travel and place", "Rehabilitation \\ The group"
        hidden, tired = self.code(f"{work} \\ Hidden work"), self.code(f"{work} \\ Screen tiredness")
        falling = self.code("Access \\ Appointments \\ Falling off the list")
        told_, risk = (
            self.code("Running the service \\ How the change was made \\ Being told"),
            self.code("Running the service \\ Answering for it \\ Risk at a distance"),
        )
        measuring, company = self.code(f"{group} \\ Measuring up"), self.code(f"{group} \\ Company and banter")
        signal = self.code("Access \\ Kit and signal \\ Signal and broadband")
        journeys, hands = self.code(f"{travel} \\ Journeys"), self.code(f"{seen} \\ Hands and eyes")
        home = self.code(f"{seen} \\ Home on show")

        self.code(work).codes.append(Code(guid=guid("parking"), name="Parking"))
        self.each_coding(lambda _: None, tired)
        self.parent(f"{work} \\ Screen tiredness").codes.remove(tired)
        self.parent("Access \\ Kit and signal \\ Signal and broadband").codes.remove(signal)
        self.code(travel).codes.append(signal)
        journeys.name = "Getting there"
        letters = Code(guid=guid("letters"), name="Lost letters")
        self.parent("Access \\ Appointments \\ Falling off the list").codes.append(letters)
        self.each_coding(lambda each: replace(each, code_ref=CodeRef(target_guid=letters.guid)), falling, 9)
        self.each_coding(lambda each: replace(each, code_ref=CodeRef(target_guid=company.guid)), measuring)
        self.parent(f"{group} \\ Measuring up").codes.remove(measuring)
        hands.description = (hands.description or "").replace("touch", "the hand")
        home.color = "#123456"

        ravi = self.source("04 Ravi")
        ravi.plain_text_selections.append(coded(0, 20, hidden, by=self.project.users[0], name="new"))
        ravi.plain_text_selections.append(coded(40, 60, hidden, by=self.project.users[0], name="newer"))
        by_mp = self.project.users[1].guid
        mine = next(
            each
            for each in ravi.plain_text_selections
            if any(c.code_ref.target_guid == risk.guid for c in each.codings) and len(each.codings) == 1
        )
        mine.end_position += 12
        gone = 0
        for source in self.project.sources or ():
            for selection in walk.selections_of(source):
                both = [c for c in selection.codings if c.code_ref.target_guid == told_.guid]
                if both and gone < 2 and (selection.creating_user or both[0].creating_user) == by_mp:
                    gone += 1
                    selection.codings = tuple(c for c in selection.codings if c not in both)
        assert gone == 2

        self.source("01 Dilys").name = "01 Dilys, checked"
        gwen = self.source("06 Gwen")
        added = "Interviewer: thank you for coming, all of you.\n"
        gwen.plain_text_content = added + (self.study.text_of(gwen) or "")
        gwen.plain_text_path = None
        for selection in gwen.plain_text_selections:
            selection.start_position += len(added)
            selection.end_position += len(added)
        self.project.sources.append(text("11 Ivo", "I came by bus.\n", coded(0, 6, hidden, name="Ivo")))
        self.project.cases.append(case("Ivo", text("11 Ivo", "")))
        age = next(each for each in self.project.variables or () if each.name == "Age")
        dilys = next(each for each in self.project.cases or () if each.name == "Ravi")
        values = tuple(
            replace(each, integer_value=99) if each.variable_ref.target_guid == age.guid else each
            for each in dilys.variable_values
        )
        dilys.variable_values = values
        where = self.note("Where we are")
        where.plain_text_content = f"{self.study.text_of(where)} Done."
        where.plain_text_path = None
        tape = self.note("After the tape, 09")
        self.project.notes.remove(tape)
        for source in self.project.sources or ():
            source.note_refs = tuple(ref for ref in source.note_refs if ref.target_guid != tape.guid)
        paper = next(each for each in self.project.sets or () if each.name == "Paper 1: the letter")
        paper.member_codes = (*paper.member_codes, CodeRef(target_guid=hands.guid))
        next(each for each in self.project.variables or () if each.name == "Area").name = "Part of the county"
        return {
            ("code", "added", f"{work} \\ Parking", ""),
            ("code", "gone", f"{work} \\ Screen tiredness", ""),
            ("code", "moved", "Access \\ Kit and signal \\ Signal and broadband", ""),
            ("code", "renamed", f"{travel} \\ Journeys", ""),
            ("code", "split", "Access \\ Appointments \\ Falling off the list", ""),
            ("code", "merged", f"{group} \\ Company and banter", ""),
            ("code", "changed", f"{seen} \\ Hands and eyes", "definition"),
            ("code", "changed", f"{seen} \\ Home on show", "colour"),
            ("coding", "added", f"{work} \\ Hidden work", ""),
            ("coding", "gone", "Running the service \\ How the change was made \\ Being told", ""),
            ("coding", "moved", "Running the service \\ Answering for it \\ Risk at a distance", ""),
            ("source", "renamed", "01 Dilys", ""),
            ("source", "changed", "06 Gwen", "text"),
            ("source", "added", "11 Ivo", ""),
            ("case", "added", "Ivo", ""),
            ("case", "changed", "Ravi", "Age"),
            ("note", "changed", "Where we are", "text"),
            ("note", "gone", "After the tape, 09", ""),
            ("set", "changed", "Paper 1: the letter", "code"),
            ("variable", "renamed", "Area", ""),
        }


def test_twenty_scripted_changes_are_named_and_nothing_else(demo: Study) -> None:
    script = Script(demo)
    expected = script.run()
    found = told(compare(demo, script.study))
    assert len(expected) == 20
    assert sorted(found) == sorted(expected)


def test_the_same_twenty_are_found_in_files(demo: Study, tmp_path: Path) -> None:
    script = Script(demo)
    expected = script.run()
    qda.write(script.study, tmp_path / "after.qdpx")
    qda.write(script.study, tmp_path / "after.json")
    for name in ("after.qdpx", "after.json"):
        with qda.read(tmp_path / name) as after:
            assert set(told(compare(demo, after))) == expected


def test_backwards_what_was_added_is_gone(demo: Study) -> None:
    script = Script(demo)
    script.run()
    there, back = compare(demo, script.study), compare(script.study, demo)
    turned = {"added": "gone", "gone": "added"}

    def kinds(found: Comparison) -> list[tuple[str, str]]:
        # A split is a merger, seen from the other end of time.
        return sorted((each.thing, each.how) for each in found.changes if each.how not in ("split", "merged"))

    assert kinds(back) == sorted((thing, turned.get(how, how)) for thing, how in kinds(there))


# --- nothing ---------------------------------------------------------------------------------------------------------


def test_a_study_does_not_differ_from_itself(demo: Study) -> None:
    assert compare(demo, demo).changes == ()
    assert compare(demo, copy_of(demo)).changes == ()


def test_guids_in_braces_and_capitals_are_the_same_guids(demo: Study) -> None:
    written = json.loads(msgspec.json.encode(demo.project))

    def shouted(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: shouted(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [shouted(each, key) for each in value]
        is_guid = key.lower().endswith("guid") or key in ("creatingUser", "modifyingUser")
        return f"{{{value.upper()}}}" if is_guid and isinstance(value, str) else value

    assert compare(demo, Study(msgspec.convert(shouted(written), Project), demo.files)).changes == ()


def test_everybody_keeps_their_codings_where_nothing_changed(demo: Study) -> None:
    step = compare(demo, demo).steps[0]
    assert [(each.by, each.before, each.after) for each in step.codings] == [("NS", 207, 207), ("MP", 189, 189)]
    assert all(each.added == each.gone == each.changed == 0 for each in step.codings)


# --- codes -----------------------------------------------------------------------------------------------------------


def test_a_code_with_a_new_guid_and_name_is_known_by_its_codings() -> None:
    ways = Code(guid=guid("ways in"), name="Ways in")
    before = clinic(coded(2, 8, ACCESS), coded(15, 22, ACCESS), codes=[ACCESS])
    after = clinic(coded(2, 8, ways), coded(15, 22, ways), codes=[ways])
    change = one(compare(before, after))
    assert (change.how, change.before, change.after) == ("renamed", "Access", "Ways in")
    assert change.in_words() == "renamed: now “Ways in”, with a new GUID (2 of 2 codings)"


def test_without_shared_codings_a_code_is_gone_and_another_new() -> None:
    ways = Code(guid=guid("ways in"), name="Ways in")
    before = clinic(coded(2, 8, ACCESS), codes=[ACCESS])
    after = clinic(coded(15, 22, ways), codes=[ways])
    assert told(compare(before, after)) == [("code", "gone", "Access", ""), ("code", "added", "Ways in", "")]


def test_a_code_that_stood_beside_another_all_along_was_not_merged_when_it_goes() -> None:
    before = clinic(coded(2, 8, ACCESS, BUSES), codes=[ACCESS, BUSES])
    after = clinic(coded(2, 8, ACCESS), codes=[ACCESS])
    change = one(compare(before, after))
    assert (change.how, change.name, change.count) == ("gone", "Buses", 1)


def test_two_codes_merged_into_a_new_one_are_told_once() -> None:
    both = Code(guid=guid("both"), name="Getting there")
    spans = [(0, 5), (6, 10), (11, 20)]
    before = clinic(
        *(coded(*span, ACCESS) for span in spans),
        *(coded(s + 25, e + 25, BUSES) for s, e in spans),
        codes=[ACCESS, BUSES],
    )
    after = clinic(*(coded(s + by, e + by, both) for s, e in spans for by in (0, 25)), codes=[both])
    change = one(compare(before, after))
    assert (change.how, change.name) == ("merged", "Getting there")
    assert [(share.path, share.shared, share.of) for share in change.shares] == [("Access", 3, 3), ("Buses", 3, 3)]


def test_a_code_that_is_gone_into_two_was_split() -> None:
    near, far = Code(guid=guid("near"), name="Near"), Code(guid=guid("far"), name="Far")
    before = clinic(*(coded(at, at + 3, ACCESS) for at in (0, 5, 10, 15)), codes=[ACCESS])
    after = clinic(coded(0, 3, near), coded(5, 8, near), coded(10, 13, far), coded(15, 18, far), codes=[near, far])
    change = one(compare(before, after))
    assert change.in_words() == "split: Near (2 of 2 codings), Far (2 of 2 codings)"


def test_less_than_half_is_no_evidence_for_a_split() -> None:
    new = Code(guid=guid("new"), name="New")
    before = clinic(coded(0, 3, ACCESS), coded(5, 8, ACCESS), codes=[ACCESS])
    after = clinic(coded(0, 3, new), coded(5, 8, ACCESS), coded(10, 13, new), coded(15, 18, new), codes=[ACCESS, new])
    assert [(change.name, change.in_words()) for change in compare(before, after).changes] == [
        ("New", "added, with 3 codings"),
        ("Access", "1 coding by NS gone (Ana, l. 1)"),
    ]


def test_less_than_half_is_no_evidence_for_a_merger() -> None:
    before = clinic(*(coded(at, at + 3, BUSES) for at in (0, 5, 10)), codes=[ACCESS, BUSES])
    after = clinic(coded(0, 3, ACCESS), codes=[ACCESS])
    assert [(change.name, change.in_words()) for change in compare(before, after).changes] == [
        ("Buses", "gone, with 3 codings"),
        ("Access", "1 coding by NS added (Ana, l. 1)"),
    ]


def test_codings_by_other_people_are_no_evidence() -> None:
    new = Code(guid=guid("new"), name="New")
    before = clinic(coded(0, 3, ACCESS), codes=[ACCESS])
    after = clinic(coded(0, 3, new, by=MIREILLE), codes=[new])
    assert [change.how for change in compare(before, after).changes] == ["gone", "added"]


def test_children_of_a_renamed_theme_have_not_moved() -> None:
    theme = code("Theme", ACCESS, TRUST)
    change = one(compare(clinic(codes=[theme]), clinic(codes=[replace(theme, name="Idea")])))
    assert (change.how, change.name) == ("renamed", "Theme")


def test_a_definition_differs_word_by_word() -> None:
    before = clinic(codes=[replace(ACCESS, description="Getting to a clinic.")])
    after = clinic(codes=[replace(ACCESS, description="Getting to the clinic.")])
    assert one(compare(before, after)).in_words() == "definition: Getting to [-a-]{+the+} clinic."


def test_an_empty_definition_is_none() -> None:
    assert compare(clinic(codes=[ACCESS]), clinic(codes=[replace(ACCESS, description="")])).changes == ()


# --- codings ---------------------------------------------------------------------------------------------------------


def test_codings_are_told_by_person_with_their_places() -> None:
    after = clinic(coded(2, 8, ACCESS), coded(15, 22, ACCESS, by=MIREILLE))
    found = [change.in_words() for change in compare(clinic(), after).changes]
    assert found == ["1 coding by NS added (Ana, l. 1)", "1 coding by MP added (Ana, l. 1)"]


def test_a_coding_with_another_code_was_recoded() -> None:
    again = replace(coding(ACCESS), code_ref=CodeRef(target_guid=TRUST.guid))
    here = coded(2, 8, name="here")
    before = clinic(replace(here, codings=(coding(ACCESS),)))
    change = one(compare(before, clinic(replace(here, codings=(again,)))))
    assert (change.how, change.name, change.after, change.by) == ("recoded", "Access", "Trust", "NS")


def test_a_coding_that_somebody_else_has_now_is_told_so() -> None:
    here = coded(2, 8, name="here")
    before = clinic(replace(here, codings=(coding(ACCESS),)))
    after = clinic(replace(here, codings=(replace(coding(ACCESS), creating_user=MIREILLE.guid),)))
    assert one(compare(before, after)).in_words() == "1 coding by NS given to MP (Ana, l. 1)"


def test_whose_coding_it_is_the_selection_may_say() -> None:
    silent = replace(coding(ACCESS, by=None), creating_user=None)
    here = coded(2, 8, name="here")
    before = clinic(replace(here, codings=(coding(ACCESS),)))
    after = clinic(replace(here, creating_user=NERYS.guid, codings=(silent,)))
    assert compare(before, after).changes == ()


MARKS = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 2), st.booleans()), max_size=12)


def marked_up(marks: set[tuple[int, int, bool]], name: str) -> Study:
    selections = [
        coded(
            at,
            at + 3,
            (ACCESS, TRUST, BUSES)[number],
            by=NERYS if hers else MIREILLE,
            name=f"{name} {at} {number} {hers}",
        )
        for at, number, hers in sorted(marks)
    ]
    return clinic(*selections)


@given(MARKS, MARKS)
def test_every_coding_that_came_or_went_is_counted_once(before: set[Any], after: set[Any]) -> None:
    found = compare(marked_up(before, "before"), marked_up(after, "after"))
    assert sum(change.count for change in found.changes if change.how == "added") == len(after - before)
    assert sum(change.count for change in found.changes if change.how == "gone") == len(before - after)
    assert {change.thing for change in found.changes} <= {"coding"}
    for tally in found.steps[0].codings:
        hers = tally.by == "NS"
        assert (tally.before, tally.after) == tuple(sum(mark[2] is hers for mark in each) for each in (before, after))
        assert tally.before + tally.added - tally.gone == tally.after


@pytest.mark.parametrize(
    ("kind", "selections", "field"),
    [("PictureSource", "picture_selections", "second_x"), ("AudioSource", "audio_selections", "end")],
)
def test_areas_and_stretches_with_other_limits_are_told(demo: Study, kind: str, selections: str, field: str) -> None:
    after = copy_of(demo)
    source = next(each for each in after.project.sources or () if type(each).__name__ == kind)
    selection = next(each for each in getattr(source, selections) if each.codings)
    setattr(selection, field, getattr(selection, field) - 1)
    found = compare(demo, after).changes
    assert {(change.thing, change.how) for change in found} == {("coding", "moved")}
    assert sum(change.count for change in found) == len(selection.codings)


def test_codings_move_with_the_words_of_an_edited_text() -> None:
    edited = WORDS.replace("I waited", "Well, I waited so very")
    before = clinic(coded(15, 22, ACCESS), coded(35, 41, TRUST))
    shift = len(edited) - len(WORDS)
    after = clinic(
        *(
            replace(coded(s + shift, e + shift, of), guid=guid(f"new {s}"))
            for s, e, of in ((15, 22, ACCESS), (35, 41, TRUST))
        ),
        words=edited,
    )
    change = one(compare(before, after))
    assert (change.thing, change.what) == ("source", "text")
    assert "{+ so very+}" in change.in_words()


def test_a_coding_whose_words_are_gone_is_gone() -> None:
    before = clinic(coded(15, 34, ACCESS))
    after = clinic(words=WORDS.replace(" The bus never came.", ""))
    assert told(compare(before, after)) == [("coding", "gone", "Access", ""), ("source", "changed", "Ana", "text")]


# --- everything else -------------------------------------------------------------------------------------------------


def book(*codes: Code) -> CodeBook:
    return CodeBook(codes=list(codes))


AGE = variable("Age", "Integer")
BEN = case("Ben", value(AGE, integer_value=40))
MEMO = Note(guid=guid("memo"), name="Memo", plain_text_content="So it is.")
OF_ANA = case("", text("Ana", "")).source_refs
ON_MEMO = (NoteRef(target_guid=MEMO.guid),)
TIE = Link(guid=guid("tie"), name="leads to", origin_guid=ACCESS.guid, target_guid=TRUST.guid)
TEAM = Set(guid=guid("team"), name="Team")
SKETCH = Graph(
    guid=guid("sketch"),
    name="Sketch",
    vertices=[
        Vertex(guid=guid(n), first_x=0, first_y=0, represented_guid=of.guid) for n, of in (("a", ACCESS), ("b", TRUST))
    ],
    edges=[Edge(guid=guid("edge"), source_vertex=guid("a"), target_vertex=guid("b"))],
)
EVERYTHING: dict[str, Any] = {
    "variables": [AGE], "cases": [BEN], "notes": [MEMO], "links": [TIE], "sets": [TEAM], "graphs": [SKETCH],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": "Waiting"}, ("study", "renamed", "Waiting for care", "")),
        ({"description": "About waiting."}, ("study", "changed", "Waiting for care", "description")),
        ({"users": [NERYS]}, ("user", "gone", "Mireille Pagès", "")),
        ({"users": [replace(NERYS, id="NJS"), MIREILLE]}, ("user", "changed", "Nerys Stanway", "initials")),
        ({"variables": [replace(AGE, type_of_variable="Float")]}, ("variable", "changed", "Age", "type")),
        ({"cases": []}, ("case", "gone", "Ben", "")),
        ({"cases": [replace(BEN, description="Drives.")]}, ("case", "changed", "Ben", "description")),
        ({"cases": [replace(BEN, source_refs=OF_ANA)]}, ("case", "changed", "Ben", "source")),
        ({"cases": [replace(BEN, variable_values=())]}, ("case", "changed", "Ben", "Age")),
        ({"notes": [replace(MEMO, name="Remark")]}, ("note", "renamed", "Memo", "")),
        ({"notes": [replace(MEMO, plain_text_content="So it was.")]}, ("note", "changed", "Memo", "text")),
        ({"links": []}, ("link", "gone", "Access → Trust (leads to)", "")),
        ({"links": [replace(TIE, target_guid=BUSES.guid)]}, ("link", "changed", "Access → Trust (leads to)", "to")),
        ({"sets": [replace(TEAM, member_notes=ON_MEMO)]}, ("set", "changed", "Team", "note")),
        ({"graphs": [replace(SKETCH, edges=[])]}, ("graph", "changed", "Sketch", "drawing")),
        ({"code_book": book(replace(ACCESS, note_refs=ON_MEMO), TRUST, BUSES)}, ("code", "changed", "Access", "memo")),
        ({"code_book": book(ACCESS, replace(TRUST, is_codable=False), BUSES)}, ("code", "changed", "Trust", "use")),
    ],
)  # fmt: skip
def test_what_else_can_change_is_named_alone(changed: dict[str, Any], expected: tuple[str, str, str, str]) -> None:
    before, after = clinic(**EVERYTHING), clinic(**(EVERYTHING | changed))
    assert told(compare(before, after)) == [expected]


def test_members_and_values_come_and_go() -> None:
    empty, full = clinic(**EVERYTHING), clinic(**(EVERYTHING | {"sets": [replace(TEAM, member_notes=ON_MEMO)]}))
    assert one(compare(empty, full)).in_words() == "note: new, “Memo”"
    assert one(compare(full, empty)).in_words() == "note: gone, “Memo”"


def test_what_nvivo_codes_with_a_case_is_told_of_the_case_and_not_as_coding() -> None:
    twin = Code(guid=BEN.guid, name="Ben")
    before = clinic(codes=[ACCESS, twin], cases=[BEN], variables=[AGE])
    after = clinic(coded(2, 8, BEN), codes=[ACCESS, twin], cases=[BEN], variables=[AGE])
    found = compare(before, after)
    assert one(found).in_words() == "passages: 1 new"
    assert found.steps[0].codings == ()


def test_a_remark_on_a_passage_is_told_of_the_passage() -> None:
    here = coded(2, 8, ACCESS)
    change = one(compare(clinic(here), clinic(replace(here, description="Ask again."))))
    assert (change.thing, change.how, change.name, change.after) == ("annotation", "added", "Ana, l. 1", "Ask again.")


def test_a_summary_is_told_by_case_and_code_and_not_by_what_holds_it() -> None:
    before = clinic(cases=[BEN], variables=[AGE])
    cell = {(BEN.guid, ACCESS.guid): "Waited long."}
    after = chart(before, cell, by=NERYS, when="2024-09-11T09:40:00Z")
    assert told(compare(before, after)) == [("summary", "added", "Ben × Access", "")]
    later = chart(after, {(BEN.guid, ACCESS.guid): "Waited very long."}, by=NERYS, when="2024-09-12T09:40:00Z")
    assert one(compare(after, later)).in_words() == "text: Waited{+ very+} long."


def test_a_code_that_is_gone_changes_neither_links_nor_drawings_that_still_name_it() -> None:
    before = clinic(**EVERYTHING)
    after = clinic(codes=[TRUST, BUSES], **EVERYTHING)
    assert told(compare(before, after)) == [("code", "gone", "Access", "")]


# --- several versions ------------------------------------------------------------------------------------------------


def test_a_row_of_versions_gives_the_history_of_each_code() -> None:
    first = clinic(coded(2, 8, ACCESS), codes=[ACCESS])
    second = clinic(coded(2, 8, ACCESS), codes=[replace(ACCESS, name="Ways in"), TRUST])
    third = clinic(codes=[TRUST])
    found = compare(first, second, third, labels=["March", "June", "Final"])
    pasts = [[past and (past.path, past.codings) for past in each.versions] for each in found.codes]
    assert pasts == [[None, ("Trust", 0), ("Trust", 0)], [("Access", 1), ("Ways in", 1), None]]
    assert [(step.before, step.after, len(step.changes)) for step in found.steps] == [
        ("March", "June", 2),
        ("June", "Final", 1),
    ]


def test_markdown_says_everything_and_takes_nothing_for_a_sign() -> None:
    sly = replace(ACCESS, name="A | *b* <script>")
    page = markdown(compare(clinic(codes=[ACCESS]), clinic(codes=[sly]), labels=["a.qdpx", "b.qdpx"]))
    assert "| Access | renamed: now “A \\| \\*b\\* \\<script\\>” |" in page
    assert page.startswith("# What changed: a.qdpx → b.qdpx\n")


# --- what cannot be compared -----------------------------------------------------------------------------------------


def test_studies_with_nothing_in_common_are_refused_in_one_sentence() -> None:
    other = study(text("Zoe", "Another world."), codes=[code("Elsewhere")])
    with pytest.raises(BadRequest, match="no code and no source in common"):
        compare(clinic(), other)


def test_each_version_has_a_label() -> None:
    with pytest.raises(BadRequest, match="label"):
        compare(clinic(), clinic(), labels=["only one"])


def test_one_version_is_not_enough() -> None:
    with pytest.raises(BadRequest, match="Two versions"):
        compare(clinic())
