"""Copies of one study become one: what is the same once, what differs said, nothing lost in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import qdabridge as qda
from conftest import ROOT
from copies import code_named, copy_of, edit_text, only_by, source_named
from fixtures.dialects.make import SPECIMENS
from interviews import MIREILLE, NERYS, case, code, coded, coding, guid, study, text, value, variable
from qdabridge.coders.merging import Merged, merge
from qdabridge.study import walk
from qdabridge.study.counts import counts
from qdabridge.study.files import Files
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AudioSource,
    Code,
    Link,
    Note,
    NoteRef,
    PlainTextSelection,
    SyncPoint,
    TextSource,
    Transcript,
    TranscriptSelection,
    User,
)
from qdabridge.study.study import Study

WORDS = "I waited four hours there. Then somebody rang me twice. Nobody had told them anything."
WAITING, PHONE = code("Waiting"), code("Phone")


def codes_of(found: Merged) -> set[str]:
    return {finding.code for finding in found.findings}


def quotes(of: Study) -> list[tuple[str, str, str]]:
    look = Lookup(of)
    return sorted(
        (look.text_of(each), each.code.name, each.user.name if each.user else "") for each in look.references()
    )


@pytest.fixture(scope="module")
def demo() -> Any:
    with qda.read(ROOT / "fixtures" / "demo" / "demo.qdpx") as read:
        yield read


# --- the demo study --------------------------------------------------------------------------------------------------


def test_two_coders_copies_make_the_study_that_they_were_split_from(demo: Study) -> None:
    ns, mp = only_by(demo, "NS"), only_by(demo, "MP")
    for one, other in ((ns, mp), (mp, ns)):
        merged = merge(one, other)
        assert counts(merged.study.project) == counts(demo.project)
        assert quotes(merged.study) == quotes(demo)
        assert merged.findings == ()


def test_what_each_did_to_their_copy_is_there_and_what_differs_is_said(demo: Study, tmp_path: Path) -> None:
    ns, mp = only_by(demo, "NS"), only_by(demo, "MP")
    hidden = code_named(mp.project, "Hidden work")
    hidden.description, hidden.color = "Work that nobody counts.", "#000000"
    code_named(mp.project, "Falling off the list").name = "Dropping off the list"
    assert ns.project.code_book and mp.project.code_book
    moved = code_named(ns.project, "Other people's hands")
    next(each for each in walk.codes(ns.project) if moved in each.codes).codes.remove(moved)
    ns.project.code_book.codes.append(moved)
    for each, person, name in ((ns, "ns", "Weather"), (mp, "mp", "Weather"), (mp, "mp", "Cost")):
        book = each.project.code_book
        assert book
        book.codes.append(Code(guid=guid(f"{name} {person}"), name=name))
    for each, name in ((ns, "A doubt"), (mp, "A thought")):
        # Two people may write the same words.
        note = Note(guid=guid(name), name=name, plain_text_content="Hm.", creating_user=demo.project.users[0].guid)
        each.project.notes.append(note)
    edit_text(mp, "01 Dilys", lambda words: words.replace("the ", "teh, ", 3))
    (person,) = [each for each in mp.project.cases if each.name == "Colm"]
    person.variable_values[0].text_value = "something else"
    before = quotes(demo)

    merged = merge(ns, mp, labels=["ns", "mp"])

    assert codes_of(merged) == {
        "MERGE-NAME",
        "MERGE-DESCRIPTION",
        "MERGE-COLOR",
        "MERGE-PLACE",
        "MERGE-TEXT",
        "MERGE-VALUE",
        "MERGE-MATCHED",
        "MERGE-PASSAGE-MOVED",
    }
    assert len(merged.conflicts) == 6
    assert {each.kept_from for each in merged.conflicts} == {"ns"}
    assert merged.lost == ()
    assert quotes(merged.study) == before
    total = {row.kind: (row.new, row.total) for row in merged.rows}
    assert total["codes"] == ((38, 1), 39)
    assert total["notes"] == ((8, 1), 9)
    assert total["codings"] == ((207, 189), 396)
    target = tmp_path / "all.qdpx"
    qda.write(merged.study, target)
    assert [finding for finding in qda.check(target) if finding.severity == "error"] == []
    with qda.read(target) as again:
        assert merge(again, mp).study.project == again.project


def test_the_copy_that_is_preferred_wins_and_what_its_text_lacks_is_listed(demo: Study) -> None:
    ns, mp = only_by(demo, "NS"), only_by(demo, "MP")
    dilys = source_named(ns.project, "01 Dilys")
    marked = dilys.plain_text_selections[3]
    words = ns.text_of(dilys)[marked.start_position : marked.end_position]
    edit_text(mp, "01 Dilys", lambda text: text.replace(words, "[left out]"))
    code_named(mp.project, "Hidden work").name = "Unseen work"

    merged = merge(ns, mp, labels=["ns", "mp"], prefer="mp")

    assert any(each.name == "Unseen work" for each in walk.codes(merged.study.project))
    assert words not in merged.study.text_of(source_named(merged.study.project, "01 Dilys"))
    assert words in [each.words for each in merged.lost]
    assert {each.copy for each in merged.lost} == {"ns"}
    assert all("Nerys Stanway" in each.codes[0] for each in merged.lost)
    lost = len(merged.lost)
    assert {f.code: f.count for f in merged.findings}["MERGE-PASSAGE-LOST"] == lost
    assert len(quotes(merged.study)) == len(quotes(ns)) + len(quotes(mp)) - lost


# --- one thing or two ------------------------------------------------------------------------------------------------


def test_the_same_coding_with_a_new_guid_is_there_once() -> None:
    one = study(text("Ana", WORDS, coded(2, 8, WAITING, name="as first exported")), codes=[WAITING])
    other = study(text("Ana", WORDS, coded(2, 8, WAITING, name="as exported again")), codes=[WAITING])
    merged = merge(one, other)
    assert merged.study.project == one.project


def test_what_two_people_coded_alike_is_there_for_each() -> None:
    one = study(text("Ana", WORDS, coded(2, 8, WAITING, by=NERYS, name="n")), codes=[WAITING])
    other = study(text("Ana", WORDS, coded(2, 8, WAITING, by=MIREILLE, name="m")), codes=[WAITING])
    assert quotes(merge(one, other).study) == [
        ("waited", "Waiting", MIREILLE.name),
        ("waited", "Waiting", NERYS.name),
    ]


def test_a_coding_keeps_its_coder_when_it_joins_a_selection_that_another_made() -> None:
    one = study(text("Ana", WORDS, coded(2, 8, WAITING, by=None)), codes=[WAITING, PHONE])
    other = study(text("Ana", WORDS, coded(2, 8, PHONE, by=None)), codes=[WAITING, PHONE])
    for each, person in ((one, NERYS), (other, MIREILLE)):
        each.project.sources[0].plain_text_selections[0].creating_user = person.guid
    merged = merge(one, other).study
    assert len(merged.project.sources[0].plain_text_selections) == 1
    assert quotes(merged) == [("waited", "Phone", MIREILLE.name), ("waited", "Waiting", NERYS.name)]


def test_one_guid_for_two_passages_becomes_two_and_what_points_at_it_follows() -> None:
    mark, elsewhere = coded(2, 8, WAITING, name="x"), coded(27, 31, WAITING, name="x")
    elsewhere.codings[0].guid = mark.codings[0].guid
    one = study(text("Ana", WORDS, mark), codes=[WAITING], cases=[case("Ana", mark)])
    other = study(text("Ana", WORDS, elsewhere), codes=[WAITING], cases=[case("Ana", elsewhere)])
    merged = merge(one, other)
    look = Lookup(merged.study)
    (person,) = merged.study.project.cases
    assert [look.text_of(look.selection(ref.target_guid)) for ref in person.selection_refs] == ["waited", "Then"]
    assert len({each.coding.guid for each in look.references()}) == 2
    assert {f.code: f.count for f in merged.findings} == {"MERGE-GUID": 2}
    assert merge(merged.study, other).study.project == merged.study.project


def test_one_guid_for_two_texts_that_have_nothing_in_common_becomes_two_sources() -> None:
    one = study(text("Ana", WORDS, coded(2, 8, WAITING)), codes=[WAITING])
    words = "The leaflet came by post, and a nurse rang on Friday to ask whether all was clear."
    other = study(text("Ana", words, coded(4, 11, WAITING)), codes=[WAITING])
    other.project.links = [Link(guid=guid("link"), origin_guid=guid("Ana"), target_guid=WAITING.guid)]
    merged = merge(one, other)
    assert [each.plain_text_content for each in merged.study.project.sources] == [WORDS, words]
    assert merged.study.project.links[0].origin_guid == merged.study.project.sources[1].guid
    assert {each[0] for each in quotes(merged.study)} == {"waited", "leaflet"}
    assert "MERGE-GUID" in codes_of(merged)
    assert merge(merged.study, other).study.project == merged.study.project


def test_a_guid_that_is_a_code_here_and_a_note_there_is_parted() -> None:
    one = study(text("Ana", WORDS), codes=[WAITING])
    note = Note(guid=WAITING.guid, name="Memo", plain_text_content="Hm.")
    ana = text("Ana", WORDS, note_refs=(NoteRef(target_guid=WAITING.guid),))
    merged = merge(one, study(ana, notes=[note])).study.project
    assert merged.notes[0].guid != WAITING.guid
    assert merged.sources[0].note_refs[0].target_guid == merged.notes[0].guid


def test_a_case_and_the_code_that_nvivo_makes_of_it_stay_together() -> None:
    def nvivo(name: str) -> Study:
        ana = case("Ana")
        ana.guid = guid(name)
        folder = Code(guid=guid(f"folder {name}"), name="Cases", is_codable=False)
        folder.codes = [Code(guid=ana.guid, name="Ana")]
        return study(
            text("Ana", WORDS, coded(2, 8, folder.codes[0], WAITING, name=name)), codes=[folder, WAITING], cases=[ana]
        )

    one, other = nvivo("one"), nvivo("other")
    del one.project.code_book.codes[0]
    one.project.sources[0].plain_text_selections.clear()
    look = Lookup(merge(one, other).study)
    assert [look.text_of(each) for each in look.references_of(look.cases[0])] == ["waited"]


def test_sources_of_one_content_are_one_whatever_their_guids() -> None:
    one = study(text("Ana", WORDS, coded(2, 8, WAITING)), codes=[WAITING])
    again = text("Ana, imported again", WORDS, coded(27, 31, WAITING))
    merged = merge(one, study(again, codes=[WAITING], cases=[case("Ana", again)]))
    assert len(merged.study.project.sources) == 1
    assert len(quotes(merged.study)) == 2
    assert merged.study.project.cases[0].source_refs[0].target_guid == guid("Ana")
    assert {"MERGE-NAME", "MERGE-MATCHED"} <= codes_of(merged)


def test_a_code_made_in_both_copies_inside_one_that_was_moved_is_one() -> None:
    def copy(name: str, *, moved: bool) -> Study:
        new = Code(guid=guid(name), name="New")
        inner = Code(guid=WAITING.guid, name="Waiting", codes=[new])
        outer = Code(guid=PHONE.guid, name="Phone")
        if moved:
            outer.codes.append(inner)
        return study(text("Ana", WORDS), codes=[outer] if moved else [inner, outer])

    merged = merge(copy("one", moved=True), copy("other", moved=False))
    assert [each.name for each in walk.codes(merged.study.project)] == ["Phone", "Waiting", "New"]
    assert [each.field for each in merged.conflicts] == ["place"]
    assert (merged.conflicts[0].kept, merged.conflicts[0].other) == ("in Phone", "at the top")


def test_a_variable_of_another_type_is_another_variable() -> None:
    number, words = variable("Age", "Integer"), variable("Age")
    ana, ben = case("Ana", value(number, integer_value=40)), case("Ana", value(words, text_value="forty"))
    merged = merge(
        study(text("Ana", WORDS), variables=[number], cases=[ana]),
        study(text("Ana", WORDS), variables=[words], cases=[ben]),
    ).study.project
    assert [each.type_of_variable for each in merged.variables] == ["Integer", "Text"]
    (person,) = merged.cases
    assert [each.variable_ref.target_guid for each in person.variable_values] == [
        each.guid for each in merged.variables
    ]


def test_two_remarks_on_one_passage_are_both_there() -> None:
    def copy(name: str, remark: str) -> Study:
        mark = coded(2, 8, WAITING, name=name)
        mark.description = remark
        return study(text("Ana", WORDS, mark), codes=[WAITING])

    merged = merge(copy("one", "How long?"), copy("other", "Where?")).study
    assert [each.text for each in Lookup(merged).annotations()] == ["How long?", "Where?"]
    assert len(quotes(merged)) == 1


def test_what_could_be_several_things_is_kept_beside_them_and_said() -> None:
    twice = [Code(guid=guid("a"), name="Waiting"), Code(guid=guid("b"), name="Waiting")]
    merged = merge(
        study(text("Ana", WORDS), codes=twice), study(text("Ana", WORDS), codes=[Code(guid=guid("c"), name="Waiting")])
    )
    assert len(list(walk.codes(merged.study.project))) == 3
    assert "MERGE-SEVERAL" in codes_of(merged)


def test_what_one_copy_leaves_empty_the_other_fills_without_a_word() -> None:
    one, other = (study(text("Ana", WORDS), codes=[code("Waiting")]) for _ in range(2))
    one.project.code_book.codes[0].description = ""
    other.project.code_book.codes[0].description = "Time before care."
    other.project.users[0] = User(guid=NERYS.guid, name=NERYS.name, id="NS")
    for first, second in ((one, other), (other, one)):
        merged = merge(first, second)
        assert merged.findings == ()
        assert merged.study.project.code_book.codes[0].description == "Time before care."
        assert merged.study.project.users[0].id == "NS"


def test_of_dates_the_first_and_the_last_count() -> None:
    one, other = (study(text("Ana", WORDS)) for _ in range(2))
    for each, made, changed in (
        (one, "2024-03-02T10:00:00+02:00", "2024-03-05T10:00:00Z"),
        (other, "2024-03-02T09:00:00Z", "2024-03-06T10:00:00Z"),
    ):
        source = each.project.sources[0]
        source.creation_date_time, source.modified_date_time = made, changed
        source.modifying_user = (NERYS if each is one else MIREILLE).guid
    for first, second in ((one, other), (other, one)):
        source = merge(first, second).study.project.sources[0]
        assert source.creation_date_time == "2024-03-02T10:00:00+02:00"
        assert (source.modified_date_time, source.modifying_user) == ("2024-03-06T10:00:00Z", MIREILLE.guid)


# --- texts and files -------------------------------------------------------------------------------------------------


def recording(words: str, at: int, *, name: str = "") -> AudioSource:
    points = [
        SyncPoint(guid=guid(f"{name}{number}"), time_stamp=number, position=position)
        for number, position in enumerate((0, at))
    ]
    marked = TranscriptSelection(
        guid=guid(f"{name}marked"),
        from_sync_point=points[0].guid,
        to_sync_point=points[1].guid,
        codings=(coding(WAITING, name=name),),
    )
    transcript = Transcript(
        guid=guid("transcript"), plain_text_content=words, sync_points=points, transcript_selections=[marked]
    )
    return AudioSource(guid=guid("Talk"), name="Talk", transcripts=[transcript])


def test_a_transcript_that_was_edited_keeps_its_sync_points_and_what_hangs_on_them() -> None:
    one = study(recording(WORDS, 26), codes=[WAITING])
    other = study(recording("Well. " + WORDS, 32, name="again"), codes=[WAITING])
    merged = merge(one, other).study.project
    (transcript,) = merged.sources[0].transcripts
    assert {(point.time_stamp, point.position) for point in transcript.sync_points} == {(0, 0), (1, 26)}
    assert len(transcript.sync_points) == 2
    assert len(transcript.transcript_selections) == 1
    there = {point.guid for point in transcript.sync_points}
    assert all({each.from_sync_point, each.to_sync_point} <= there for each in transcript.transcript_selections)


def test_a_passage_of_a_text_that_is_not_at_hand_stays_where_it_is() -> None:
    one = study(text("Ana", WORDS, coded(2, 8, WAITING, name="n")), codes=[WAITING])
    gone = TextSource(guid=guid("Ana"), name="Ana", plain_text_path="internal://gone.txt")
    gone.plain_text_selections = [PlainTextSelection(guid=guid("s"), start_position=27, end_position=31)]
    gone.plain_text_selections[0].codings = (coding(WAITING, MIREILLE),)
    other = study(gone, codes=[WAITING])
    for first, second in ((one, other), (other, one)):
        assert [each[0] for each in quotes(merge(first, second).study)] == ["Then", "waited"]


def test_files_of_one_name_and_other_bytes_are_both_there() -> None:
    def copy(name: str, words: str) -> Study:
        source = TextSource(guid=guid(name), name=name, plain_text_path="internal://talk.txt")
        return study(source, files=Files({"sources/talk.txt": words.encode(), "sources/odd.bin": words.encode()}))

    one, other = copy("Ana", WORDS), copy("Ben", "Me? I did not wait, and nobody rang at all.")
    merged = merge(one, other).study
    assert [merged.text_of(each) for each in merged.project.sources] == [
        one.text_of(one.project.sources[0]),
        other.text_of(other.project.sources[0]),
    ]
    assert len(merged.files) == 4
    assert list(one.files) == ["sources/talk.txt", "sources/odd.bin"]
    again = merge(merged, other).study
    assert list(again.files) == list(merged.files)


def test_files_are_not_read_into_memory_but_handed_on() -> None:
    class Film:
        size = 1 << 40

        def open(self) -> Any:
            raise AssertionError("nobody has to look into a film that one copy alone has")

    one = study(text("Ana", WORDS))
    film = AudioSource(guid=guid("Film"), name="Film", path="internal://film.mp4")
    other = study(text("Ana", WORDS), files=Files({"sources/unused.mp4": Film()}))
    merged = merge(one, other).study
    assert merged.files.entry("sources/unused.mp4") is other.files.entry("sources/unused.mp4")
    assert film.path is not None


# --- what is asked for ------------------------------------------------------------------------------------------------


def test_strangers_are_merged_and_named() -> None:
    one = study(text("Ana", WORDS), codes=[WAITING])
    other = study(text("Ben", "Me? I did not wait, and nobody rang at all."), codes=[PHONE], users=[])
    assert "MERGE-STRANGERS" in codes_of(merge(one, other))


def test_a_copy_in_which_guids_are_shared_is_named() -> None:
    one = study(text("Ana", WORDS), codes=[WAITING, Code(guid=WAITING.guid, name="Other")])
    assert "MERGE-UNSOUND" in codes_of(merge(one, copy_of(one)))


def test_one_copy_or_an_unknown_one_is_refused_in_a_sentence() -> None:
    one = study(text("Ana", WORDS))
    with pytest.raises(qda.BadRequest, match="two copies"):
        merge(one)
    with pytest.raises(qda.BadRequest, match="no copy “mp” to prefer"):
        merge(one, one, labels=["a", "b"], prefer="mp")
    with pytest.raises(qda.BadRequest, match="one label for each copy"):
        merge(one, one, labels=["a", "a"])


def test_what_one_copy_has_twice_is_there_twice_and_not_three_times() -> None:
    def copy(*names: str) -> Study:
        return study(text("Ana", WORDS, *(coded(2, 8, WAITING, name=name) for name in names)), codes=[WAITING])

    for one, other, times in (
        (copy("a"), copy("a", "b"), 2),
        (copy("a"), copy("b", "a"), 2),
        (copy("a", "b"), copy("c", "d"), 2),
        (copy("a", "b"), copy("b"), 2),
        (copy("a"), copy("b"), 1),
    ):
        for first, second in ((one, other), (other, one)):
            assert len(quotes(merge(first, second).study)) == times


def test_of_three_copies_it_is_told_whose_word_was_kept() -> None:
    one, other, third = (study(text("Ana", WORDS), codes=[code("Waiting")]) for _ in range(3))
    other.project.code_book.codes[0].description = "Time before care."
    third.project.code_book.codes[0].description = "Hours."
    third.project.code_book.codes[0].color = "#112233"
    (conflict,) = merge(one, other, third, labels=["a", "b", "c"]).conflicts
    assert (conflict.kept_from, conflict.kept, conflict.other_from, conflict.other) == (
        "b",
        "Time before care.",
        "c",
        "Hours.",
    )


@pytest.mark.parametrize("name", sorted(SPECIMENS))
def test_every_program_s_study_merged_with_itself_is_unchanged(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(SPECIMENS[name]())
    with qda.read(path) as one, qda.read(path) as other:
        merged = merge(one, other)
        assert merged.study.project == one.project
        assert list(merged.study.files) == list(one.files)
        assert merged.findings == ()


def test_nvivo_s_own_file_merged_with_itself_is_unchanged(nvivo_sample: Path) -> None:
    with qda.read(nvivo_sample) as one, qda.read(nvivo_sample) as other:
        merged = merge(one, other)
        assert merged.study.project == one.project
        assert merged.findings == ()
