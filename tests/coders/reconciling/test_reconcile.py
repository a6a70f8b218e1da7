"""What a meeting decided becomes the consensus: exactly that, once, and nothing of anybody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

import qdabridge as qda
from copies import code_named, copy_of, only_by
from interviews import MIREILLE, NERYS, code, coded, coding, guid, study, text
from meetings import all_decided, fill, list_of
from qdabridge.coders.agreement import agree
from qdabridge.coders.reconciling import Reconciled, reconcile
from qdabridge.errors import BadRequest, CannotRead
from qdabridge.formats.spreadsheet.meeting_ids import HIDDEN_SHEET
from qdabridge.formats.spreadsheet.meeting_sheet import FIRST_ROW, MEETING_SHEET
from qdabridge.shipped import shipped
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Representation,
    SyncPoint,
    Transcript,
    TranscriptSelection,
    User,
)
from qdabridge.study.study import Study

WAITING, TRUST = code("Waiting"), code("Trust")
WORDS = "I waited four hours. Then Dr Őry saw me 😀 and I went home. I waited again at home, and nobody came."
WHEN = "2024-09-11T09:40:00Z"
LATER = "2025-01-01T00:00:00Z"


def mp(start: int, end: int, *codes: Any) -> Any:
    return coded(start, end, *codes, by=MIREILLE, name="MP")


def clinic(*selections: Any, **fields: Any) -> Study:
    return study(text("Ana", WORDS, *selections), codes=[WAITING, TRUST], **fields)


def both_coded() -> Study:
    """One passage alike, one with other limits, one by NS only, one by MP only."""
    return clinic(
        coded(0, 20, WAITING), mp(0, 20, WAITING),
        coded(21, 60, TRUST), mp(26, 58, TRUST),
        coded(60, 80, WAITING),
        mp(85, 99, TRUST),
    )  # fmt: skip


def spans(of: Study, by: str = "Consensus") -> list[tuple[str, int, int]]:
    found = []
    for reference in Lookup(of).references():
        if reference.user is not None and reference.user.name == by:
            assert isinstance(reference.selection, PlainTextSelection)
            found.append((reference.code.name, reference.selection.start_position, reference.selection.end_position))
    return sorted(found)


def decided(of: Study, path: Path, decide: Any, **more: Any) -> Reconciled:
    return reconcile(of, fill(list_of(path, of, coders=["Nerys Stanway", "Mireille Pagès"]), decide), when=WHEN, **more)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "meeting.xlsx"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Study]:
    file = tmp_path / "demo.qdpx"
    file.write_bytes(shipped("demo.qdpx").read_bytes())
    with qda.read(file) as opened:
        yield opened


# --- what was decided ------------------------------------------------------------------------------------------------


ALIKE = ("Waiting", 0, 20)


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        ("A: NS", [("Trust", 21, 60), ALIKE, ("Waiting", 60, 80)]),
        ("ns", [("Trust", 21, 60), ALIKE, ("Waiting", 60, 80)]),
        ("B", [("Trust", 26, 58), ("Trust", 85, 99), ALIKE]),
        ("both", [("Trust", 21, 60), ("Trust", 85, 99), ALIKE, ("Waiting", 60, 80)]),
        (" Neither. ", [ALIKE]),
        ("", [ALIKE]),
    ],
)
def test_each_decision_is_coded_as_decided(path: Path, decision: str, expected: Any) -> None:
    of = both_coded()
    found = decided(of, path, all_decided(decision))
    assert spans(found.study) == expected
    assert (spans(found.study, "Nerys Stanway"), spans(found.study, "Mireille Pagès")) == (
        spans(of, "Nerys Stanway"),
        spans(of, "Mireille Pagès"),
    )
    assert (len(found.settled), found.agreed, found.unlisted, found.findings) == (3, 1, 0, [])


def test_undecided_rows_are_counted_and_left_open(path: Path) -> None:
    found = decided(both_coded(), path, lambda row: {"decision": "both"} if row["No."] == 1 else None)
    assert (found.count("all"), found.count("undecided")) == (1, 2)
    assert spans(found.study) == [("Trust", 21, 60), ALIKE]


def test_the_given_study_is_not_changed(path: Path) -> None:
    of = both_coded()
    before = copy_of(of).project
    assert decided(of, path, all_decided("both", remark="Why?")).study is not of
    assert of.project == before


def test_a_new_passage_is_found_by_its_words(path: Path) -> None:
    def decide(row: dict[str, Any]) -> dict[str, str]:
        if row["What differs"] == "other limits":
            return {"passage": "Dr Őry … went home"}
        return {"decision": "new passage", "passage": "“i waited   again”" if row["B: MP"] == "not coded" else "nobody"}

    found = decided(both_coded(), path, decide)
    assert found.count("new passage") == 3
    assert sorted(WORDS[start:end] for _, start, end in spans(found.study) if (start, end) != (0, 20)) == [
        "Dr Őry saw me 😀 and I went home",
        "I waited again",
        "nobody",
    ]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({"decision": "perhaps"}, "“perhaps” is no decision"),
        ({"decision": "new passage"}, "no new passage is written beside it"),
        ({"decision": "A", "passage": "Dr Őry"}, "another decision stands beside a new passage"),
        ({"passage": "a horse"}, "not in the text"),
        ({"passage": "I"}, "stand there 3 times"),
        ({"passage": "characters 40–4000"}, "has no characters 40–4000"),
    ],
)
def test_what_is_not_clear_is_left_open_and_said(path: Path, written: dict[str, str], why: str) -> None:
    found = decided(clinic(coded(0, 60, TRUST), mp(61, 70, WAITING)), path, lambda _: written)
    assert found.count("not understood") == 2
    assert why in found.settled[0].why
    (told,) = found.findings
    assert (told.code, told.count, told.where) == (
        "RECONCILE-UNCLEAR",
        2,
        f"{MEETING_SHEET}, row {FIRST_ROW}: {found.settled[0].why}",
    )
    assert spans(found.study) == []


def test_a_row_that_was_copied_and_decided_otherwise_is_not_understood(path: Path) -> None:
    of = both_coded()
    fill(list_of(path, of), all_decided("A"))
    book = load_workbook(path)
    sheet = book[MEETING_SHEET]
    for _ in range(2):
        sheet.append([cell.value for cell in sheet[FIRST_ROW]])
    same = reconcile(_saved(book, path) and of, path)
    assert (len(same.settled), same.count("coder")) == (3, 3)
    sheet.cell(sheet.max_row, 10).value = "neither"
    other = reconcile(_saved(book, path) and of, path)
    assert other.count("not understood") == 1
    assert "decided otherwise" in other.settled[0].why


# --- agreement of the consensus with each coder ----------------------------------------------------------------------


def kappa(of: Study, *coders: str, **choices: Any) -> Any:
    return agree(of, coders=coders, draws=0, **choices).tables.whole.pooled["kappa"]


def test_the_consensus_agrees_with_whoever_was_always_right(demo: Study, path: Path) -> None:
    between = {unit: kappa(demo, "NS", "MP", unit=unit) for unit in ("characters", "seconds", "area")}
    for decision, right, wrong in (("A: NS", "NS", "MP"), ("B: MP", "MP", "NS")):
        done = decided(demo, path, all_decided(decision)).study
        for unit, expected in between.items():
            assert kappa(done, right, "Consensus", unit=unit) == 1
            assert kappa(done, wrong, "Consensus", unit=unit) == expected


def test_with_both_each_coder_has_nothing_that_the_consensus_has_not(demo: Study, path: Path) -> None:
    done = decided(demo, path, all_decided("both")).study
    for coder in ("NS", "MP"):
        counts = agree(done, coders=[coder, "Consensus"], draws=0).tables.whole.counts
        assert counts.a_only == 0
        assert counts.b_only > 0
    done = decided(demo, path, all_decided("neither")).study
    for coder in ("NS", "MP"):
        assert agree(done, coders=[coder, "Consensus"], draws=0).tables.whole.counts.b_only == 0


def test_the_reconciled_demo_study_is_valid_and_reads_the_same(demo: Study, path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.qdpx"
    choices = ("A: NS", "both", "neither", "")
    done = decided(demo, path, lambda row: {"decision": choices[row["No."] % 4], "remark": "Talked about."})
    qda.write(done.study, out)
    assert not [each for each in qda.check(out) if each.severity == "error"]
    with qda.read(out) as again:
        assert len(list(Lookup(again).references())) == len(list(Lookup(done.study).references()))
        # Twice is once, also on what was written and read.
        twice = reconcile(again, path, when=LATER)
        assert twice.study is again
        assert (twice.added, twice.removed) == (0, 0)


# --- again -----------------------------------------------------------------------------------------------------------


def test_twice_is_once(path: Path) -> None:
    once = decided(both_coded(), path, all_decided("both", remark="Both are right."))
    again = reconcile(once.study, path, when=LATER)
    assert again.study is once.study
    assert (once.added, again.added, again.removed) == (4, 0, 0)


def test_what_is_decided_otherwise_changes(path: Path) -> None:
    of = both_coded()
    done = decided(of, path, all_decided("both", remark="Both are right.")).study
    fill(path, all_decided("A", remark="No, NS is."))
    found = reconcile(done, path, when=LATER)
    assert spans(found.study) == [("Trust", 21, 60), ALIKE, ("Waiting", 60, 80)]
    assert {note.plain_text_content for note in found.study.project.notes} == {"No, NS is."}
    assert len(found.study.project.notes) == 3
    assert len(found.study.project.users) == 3


def test_what_an_earlier_meeting_decided_stays_where_a_later_one_decides_nothing(path: Path) -> None:
    done = decided(both_coded(), path, all_decided("both")).study
    later = decided(done, path, all_decided("", remark="Look again."))
    assert spans(later.study) == spans(done)
    assert len(later.study.project.notes) == 3
    assert all(
        coding.note_refs
        for source in later.study.project.sources
        for selection in source.plain_text_selections
        for coding in selection.codings
        if coding.creating_user == later.user.guid and selection.start_position != 0
    )


def test_decisions_may_be_taken_code_by_code(path: Path) -> None:
    of = both_coded()
    for name in ("Trust", "Waiting"):
        fill(list_of(path, of, coders=["NS", "MP"], codes=[name]), all_decided("A"))
        found = reconcile(of, path)
        of = found.study
    assert found.unlisted == 2
    assert spans(of) == [("Trust", 21, 60), ALIKE, ("Waiting", 60, 80)]


def test_where_coders_changed_their_coding_since_the_list_says_so(path: Path) -> None:
    of = both_coded()
    fill(list_of(path, of), all_decided("A"))
    of.project.sources[0].plain_text_selections[2].end_position = 59
    found = reconcile(of, path)
    assert found.count("not there") == 1
    assert [each.code for each in found.findings] == ["RECONCILE-NOT-THERE"]
    assert found.unlisted == 1


def test_a_consensus_from_before_the_coders_changed_theirs_gives_way(path: Path) -> None:
    done = decided(both_coded(), path, all_decided("A")).study
    done.project.sources[0].plain_text_selections[2].end_position = 59
    found = decided(done, path, all_decided("B"))
    assert spans(found.study) == [("Trust", 26, 58), ("Trust", 85, 99), ALIKE]


# --- remarks ---------------------------------------------------------------------------------------------------------


def test_remarks_become_notes_on_what_they_are_about(path: Path) -> None:
    def decide(row: dict[str, Any]) -> dict[str, str]:
        return {"decision": {1: "A", 2: "neither", 3: ""}[row["No."]], "remark": f"Remark {row['No.']}"}

    done = decided(both_coded(), path, decide).study
    look = Lookup(done)
    about = {each.text: look.words_of(each.passage) for each in look.annotations()}
    assert about == {"Remark 1": WORDS[21:60], "Remark 2": WORDS[60:80], "Remark 3": WORDS[85:99]}
    assert [note.creating_user for note in done.project.notes] == [done.project.users[-1].guid] * 3
    assert spans(done) == [("Trust", 21, 60), ALIKE]


def test_a_remark_that_is_taken_back_takes_its_note_along(path: Path) -> None:
    done = decided(both_coded(), path, all_decided("neither", remark="No.")).study
    fill(path, all_decided("neither", remark=""))
    found = reconcile(done, path).study
    assert found.project.notes == []
    assert len(found.project.sources[0].plain_text_selections) == 7


def test_a_remark_on_a_decision_that_is_not_understood_is_kept(path: Path) -> None:
    done = decided(both_coded(), path, all_decided("perhaps", remark="Hm.")).study
    assert [note.plain_text_content for note in done.project.notes] == ["Hm."] * 3


# --- not only text ---------------------------------------------------------------------------------------------------


def test_whole_sources_recordings_and_areas_are_reconciled(path: Path) -> None:
    def stretch(begin: int, end: int, by: User) -> AudioSelection:
        name = f"{begin} {by.name}"
        return AudioSelection(guid=guid(name), begin=begin, end=end, codings=(coding(TRUST, by, name),))

    def area(kind: Any, left: int, right: int, by: User, name: str, **more: Any) -> Any:
        name = f"{name} {left} {by.name}"
        return kind(
            guid=guid(name), first_x=left, first_y=10, second_x=right, second_y=50,
            codings=(coding(TRUST, by, name),), **more,
        )  # fmt: skip

    whole = text("Bea", WORDS, mp(3, 9, WAITING))
    whole.codings = (coding(WAITING, NERYS, "whole"),)
    tape = AudioSource(guid=guid("tape"), name="Tape", audio_selections=[
        stretch(1000, 5000, NERYS), stretch(3000, 8000, MIREILLE), stretch(20_000, 21_000, NERYS),
    ])  # fmt: skip
    words = Representation(guid=guid("words"), plain_text_content="In the area.")
    leaflet = PDFSource(guid=guid("leaflet"), name="Leaflet", pdf_selections=[
        area(PDFSelection, 5, 60, NERYS, "p", page=1, representation=words),
        area(PDFSelection, 5, 90, MIREILLE, "p", page=1),
    ])  # fmt: skip
    photo = PictureSource(
        guid=guid("photo"), name="Photo", picture_selections=[area(PictureSelection, 1, 9, NERYS, "x")]
    )
    of = study(whole, tape, leaflet, photo, codes=[WAITING, TRUST])

    def by(decide: Any) -> dict[str, list[str]]:
        done = decided(of, path, decide).study
        look = Lookup(done)
        found: dict[str, list[str]] = {}
        for each in look.references():
            if each.user is not None and each.user.name == "Consensus":
                found.setdefault(each.source.name, []).append(look.place_of(each))
        assert not [f for f in reconcile(done, path).settled if f.became == "not understood"]
        assert reconcile(done, path).study is done
        return found

    assert by(all_decided("A")) == {
        "Bea": ["whole source"],
        "Tape": ["0:01–0:05", "0:20–0:21"],
        "Leaflet": ["p. 2, area 5,10–60,50"],
        "Photo": ["area 1,10–9,50"],
    }
    assert by(all_decided("both"))["Tape"] == ["0:01–0:08", "0:20–0:21"]
    assert by(all_decided("B")) == {
        "Bea": ["l. 1"],
        "Tape": ["0:03–0:08"],
        "Leaflet": ["p. 2, area 5,10–90,50"],
    }
    new = {"Bea": "whole source", "Tape": "0:02–0:04", "Leaflet": "p. 1, area 1,2–3,4", "Photo": "7,8-2,3"}
    assert by(lambda row: {"passage": new[row["Source"]]}) == {
        "Bea": ["whole source"],
        "Tape": ["0:02–0:04"],
        "Leaflet": ["p. 1, area 1,2–3,4"],
        "Photo": ["area 7,8–2,3"],
    }


def test_lines_of_a_transcript_are_reconciled(path: Path) -> None:
    points = [
        SyncPoint(guid=guid(f"point {n}"), position=position, time_stamp=1000 * n)
        for n, position in enumerate((0, 20, 60, len(WORDS)))
    ]

    def lines(first: int, last: int, by: User) -> TranscriptSelection:
        name = f"{first} {last} {by.name}"
        return TranscriptSelection(
            guid=guid(name), from_sync_point=points[first].guid, to_sync_point=points[last].guid,
            codings=(coding(TRUST, by, name),),
        )  # fmt: skip

    spoken = Transcript(
        guid=guid("spoken"), plain_text_content=WORDS, sync_points=points,
        transcript_selections=[lines(0, 2, NERYS), lines(1, 2, MIREILLE)],
    )  # fmt: skip
    tape = AudioSource(guid=guid("tape"), name="Tape", transcripts=[spoken])
    done = decided(study(tape, codes=[TRUST]), path, all_decided("A")).study
    ours = done.project.sources[0].transcripts[0].transcript_selections[-1]
    assert (ours.from_sync_point, ours.to_sync_point) == (points[0].guid, points[2].guid)
    assert kappa(done, "NS", "Consensus", unit="seconds") == 1


# --- people do what they like with a workbook ------------------------------------------------------------------------


def _saved(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path


def test_rows_may_be_sorted_and_columns_added(path: Path) -> None:
    of = both_coded()
    fill(list_of(path, of), lambda row: {"decision": "A"} if row["No."] == 1 else {"decision": "neither"})
    book = load_workbook(path)
    sheet = book[MEETING_SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW)]
    for number, row in enumerate(reversed(rows), FIRST_ROW):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    sheet.insert_cols(3)
    sheet.insert_rows(1)
    sheet.title = "Tuesday"
    found = reconcile(of, _saved(book, path))
    assert spans(found.study) == [("Trust", 21, 60), ALIKE]
    assert found.settled[-1].where == f"Tuesday, row {FIRST_ROW + 3}"


def test_formulas_count_as_what_they_gave(path: Path, tmp_path: Path) -> None:
    of = both_coded()
    list_of(path, of)
    filled = tmp_path / "filled.xlsx"
    with ZipFile(path) as old, ZipFile(filled, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            formula = rf'<c r="J\1" t="str"><f>J{FIRST_ROW}</f><v>A: NS</v></c>'
            new.writestr(name, re.sub(r'<c r="J(\d+)" s="\d+"/>', formula, part) if "sheet1" in name else part)
    assert reconcile(of, filled).count("coder") == 3


def test_a_list_that_lost_its_ids_is_refused(path: Path) -> None:
    of = both_coded()
    for spoil in (lambda book: book[MEETING_SHEET].delete_rows(1), lambda book: book.remove(book[HIDDEN_SHEET])):
        list_of(path, of)
        book = load_workbook(path)
        spoil(book)
        with pytest.raises(BadRequest, match="has lost what finds its passages again"):
            reconcile(of, _saved(book, path))


def test_other_workbooks_are_refused(path: Path, tmp_path: Path) -> None:
    of = both_coded()
    with pytest.raises(BadRequest, match="has no list for a meeting in it"):
        reconcile(of, _saved(Workbook(), path))
    path.write_text("Decision;A\n")
    with pytest.raises(CannotRead, match="no Excel workbook"):
        reconcile(of, path)


def test_a_list_of_another_study_is_refused(path: Path) -> None:
    list_of(path, both_coded())
    with pytest.raises(
        BadRequest, match="None of the disagreements on the list of “Waiting for care” is in this study"
    ):
        reconcile(clinic(coded(1, 9, TRUST)), path)
    with pytest.raises(BadRequest, match="compares NS, who is not in this study"):
        reconcile(clinic(users=[MIREILLE]), path)


def test_a_coder_cannot_be_the_consensus(path: Path) -> None:
    with pytest.raises(BadRequest, match="is one of the coders"):
        decided(both_coded(), path, all_decided("A"), name="Nerys Stanway")


def test_three_coders_decide_too(path: Path) -> None:
    lena = User(guid=guid("Lena"), name="Lena Tiwari")
    of = clinic(
        coded(0, 20, WAITING), mp(0, 20, WAITING), coded(2, 30, WAITING, by=lena, name="LT"),
        users=[NERYS, MIREILLE, lena],
    )  # fmt: skip
    for decision, expected in (("LT", (2, 30)), ("C", (2, 30)), ("all", (0, 30)), ("A: NS", (0, 20))):
        found = reconcile(of, fill(list_of(path, of), all_decided(decision)))
        assert spans(found.study) == [("Waiting", *expected)]


def test_a_list_made_of_two_copies_goes_into_their_union(demo: Study, path: Path) -> None:
    mine, yours = only_by(demo, "NS"), only_by(demo, "MP")
    fill(list_of(path, mine, yours, labels=["ns", "mp"]), all_decided("A: ns"))
    found = reconcile(demo, path)
    assert found.count("coder") == len(found.settled) > 100
    assert kappa(found.study, "NS", "Consensus") == 1
    assert code_named(found.study.project, "Journeys")
