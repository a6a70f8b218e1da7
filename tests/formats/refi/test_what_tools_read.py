"""What is written for a tool is what its importer looks at: memos, remarks, cases and dates arrive in place."""

from __future__ import annotations

from pathlib import Path

import pytest

import qdabridge as qda
from fixtures.dialects.make import SPECIMENS
from formats.refi.test_profiles import (
    ANA,
    BEN,
    TEXT,
    TOOLS,
    coding,
    first_text,
    found,
    guid,
    one_text,
    passage,
    quotes,
    with_cases,
    written,
    xml_of,
)
from qdabridge.formats.refi.adapting.dates import in_utc
from qdabridge.study.files import Files
from qdabridge.study.form import Form

m = qda.model
SAID = "Ask again.\r\nSoon."
ARRIVED = "Ask again.\nSoon."


def a_note(number: int = 60, text: str | None = SAID, **fields: object) -> qda.model.Note:
    return m.Note(guid=guid(number), plain_text_content=text, creating_user=BEN, **fields)


def pointing_at(number: int = 60) -> tuple[qda.model.NoteRef, ...]:
    return (m.NoteRef(target_guid=guid(number)),)


def remarks(study: qda.Study) -> list[tuple[str, str | None, str | None]]:
    look = qda.Lookup(study)
    return [
        (look.text_of(each.passage), (each.text or "").replace("\r\n", "\n"), each.user.name if each.user else None)
        for each in look.annotations()
    ]


# --- QualCoder: one memo for each thing -----------------------------------------------------------------------------


def test_a_code_with_a_memo_has_nothing_but_a_description_for_qualcoder(tmp_path: Path) -> None:
    # QualCoder takes a leaf with anything else in it for no code at all, and drops its codings.
    study = one_text(passage(2, "waited", coding(3, 11)), notes=[a_note(name="On time")])
    time = qda.Lookup(study).codes[1]
    time.description, time.note_refs = "Hours and weeks.", pointing_at()
    with written(study, tmp_path, "qualcoder") as again:
        (leaf,) = xml_of(tmp_path / "qualcoder.qdpx").iterfind(".//{*}Code/{*}Code")
        assert [child.tag.rpartition("}")[2] for child in leaf] == ["Description"]
        assert qda.Lookup(again).codes[1].description == f"Hours and weeks.\n\n{ARRIVED}"
        assert [note.name for note in again.project.notes or ()] == ["On time"]
    assert found(study, tmp_path, "qualcoder", "MEMO-IN-PLACE") == [1]
    assert time.note_refs == pointing_at()


def test_the_memo_of_a_text_is_its_description_and_stays_a_note_for_qualcoder(tmp_path: Path) -> None:
    # QualCoder takes a note that a text refers to for a remark, and one without a place for nothing.
    study = one_text(notes=[a_note(name="On Ana")])
    first_text(study).note_refs = pointing_at()
    with written(study, tmp_path, "qualcoder") as again:
        assert first_text(again).note_refs == ()
        assert [memo.text for memo in qda.Lookup(again).memos_of(first_text(again))] == [ARRIVED]
        assert [note.name for note in again.project.notes or ()] == ["On Ana"]


def test_the_memo_of_a_pdf_stands_at_its_text_too_for_qualcoder(tmp_path: Path) -> None:
    pdf = m.PDFSource(
        guid=guid(4),
        name="Leaflet",
        note_refs=pointing_at(),
        representation=m.Representation(guid=guid(5), plain_text_path="internal://ana.txt"),
    )
    study = one_text(notes=[a_note(name="On paper")])
    study.project.sources = [pdf]
    with written(study, tmp_path, "qualcoder") as again:
        (leaflet,) = again.project.sources or ()
        assert isinstance(leaflet, m.PDFSource)
        assert leaflet.representation
        assert leaflet.description == leaflet.representation.description == ARRIVED


def by_pointer() -> qda.Study:
    return one_text(passage(2, "waited", note_refs=pointing_at()), notes=[a_note()])


def by_link() -> qda.Study:
    link = m.Link(guid=guid(61), origin_guid=guid(60), target_guid=guid(2))
    return one_text(passage(2, "waited"), notes=[a_note(name="")], links=[link])


def by_counting_the_source() -> qda.Study:
    study = one_text(notes=[a_note(plain_text_selections=[passage(2, "waited")])])
    first_text(study).note_refs = pointing_at()
    return study.__class__(study.project, study.files, form=Form(tool="quirkos"))


def by_description() -> qda.Study:
    return one_text(passage(2, "waited", description=SAID, creating_user=BEN))


SHAPES = [by_pointer, by_link, by_counting_the_source, by_description]


@pytest.mark.parametrize("profile", ["qualcoder", "maxqda", "atlasti"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_remark_is_a_comment_on_its_passage(tmp_path: Path, shape: object, profile: str) -> None:
    with written(shape(), tmp_path, profile) as again:  # type: ignore[operator]
        (selection,) = first_text(again).plain_text_selections
        assert (selection.description or "").replace("\r\n", "\n") == ARRIVED
        assert selection.note_refs == first_text(again).note_refs == ()
        assert again.project.links is None
        # A note that only said this would be an entry in the journal without a name.
        assert again.project.notes is None
        assert set(again.files) == {f"sources/{guid(1)}.txt"}
        assert remarks(again) == [("waited", ARRIVED, "Ben")]
    assert [one.code for one in qda.losses(shape(), profile)] == []  # type: ignore[operator]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("profile", ["standard", *TOOLS])
def test_a_remark_stays_a_remark_on_its_passage_whatever_the_tool(tmp_path: Path, shape: object, profile: str) -> None:
    with written(shape(), tmp_path, profile) as again:  # type: ignore[operator]
        assert remarks(again) == [("waited", ARRIVED, "Ben")]


def test_a_note_that_something_else_refers_to_stays_for_qualcoder(tmp_path: Path) -> None:
    study = by_pointer()
    study.project.sets = [m.Set(guid=guid(62), name="Remarks", member_notes=pointing_at())]
    with written(study, tmp_path, "qualcoder") as again:
        assert [again.text_of(note) for note in again.project.notes or ()] == [ARRIVED]


@pytest.mark.parametrize("profile", ["maxqda", "atlasti"])
def test_a_memo_with_a_name_stays_a_memo(tmp_path: Path, profile: str) -> None:
    study = one_text(passage(2, "waited", note_refs=pointing_at()), notes=[a_note(name="On waiting")])
    with written(study, tmp_path, profile) as again:
        (selection,) = first_text(again).plain_text_selections
        assert (selection.description, len(selection.note_refs)) == (None, 1)
        assert [note.name for note in again.project.notes or ()] == ["On waiting"]


def test_a_remark_that_cannot_be_read_stays_tied_to_its_passage(tmp_path: Path) -> None:
    study = one_text(passage(2, "waited", note_refs=pointing_at()), notes=[a_note(text=None)])
    with written(study, tmp_path, "maxqda") as again:
        assert len(first_text(again).plain_text_selections[0].note_refs) == len(again.project.notes or ()) == 1


def test_a_memo_that_cannot_be_read_is_parted_from_its_code_and_counted(tmp_path: Path) -> None:
    study = one_text(notes=[m.Note(guid=guid(60), plain_text_path="internal://gone.txt")])
    first, second, *_ = qda.Lookup(study).codes
    first.note_refs, second.note_refs = pointing_at(), pointing_at(99)
    with written(study, tmp_path, "qualcoder") as again:
        assert [code.note_refs for code in qda.Lookup(again).codes] == [(), (), ()]
    assert [(one.code, one.count) for one in qda.losses(study, "qualcoder")] == [("MEMO-UNREAD", 2)]


def test_the_comment_on_a_part_of_a_picture_is_its_name_for_qualcoder(tmp_path: Path) -> None:
    def part(number: int, **fields: object) -> qda.model.PictureSelection:
        return m.PictureSelection(guid=guid(number), first_x=0, first_y=0, second_x=number, second_y=9, **fields)

    study = one_text()
    parts = [part(20, description="A shed."), part(21, description="A gate.", name="left")]
    study.project.sources = [m.PictureSource(guid=guid(1), name="Map", picture_selections=parts)]
    with written(study, tmp_path, "qualcoder") as again:
        (picture,) = again.project.sources or ()
        assert isinstance(picture, m.PictureSource)
        assert [each.name for each in picture.picture_selections] == ["A shed.", "left"]
    assert found(study, tmp_path, "qualcoder", "PICTURE-COMMENT-UNREAD") == [1]


# --- QualCoder: what ends its import --------------------------------------------------------------------------------


def test_a_text_that_is_not_there_is_an_empty_file_for_qualcoder(tmp_path: Path) -> None:
    study = one_text()
    recording = m.AudioSource(guid=guid(4), name="Ana", transcripts=[m.Transcript(guid=guid(5))])
    study.project.sources = [m.TextSource(guid=guid(1), name="Ana", rich_text_path="internal://ana.docx"), recording]
    with written(study, tmp_path, "qualcoder") as again:
        paths = [each.get("plainTextPath") for each in xml_of(tmp_path / "qualcoder.qdpx").iter() if each.get("name")]
        assert [path for path in paths if path] == [f"internal://{guid(1)}.txt", f"internal://{guid(5)}.txt"]
        assert [again.files.read(f"sources/{guid(number)}.txt") for number in (1, 5)] == [b"", b""]
    assert found(study, tmp_path, "qualcoder", "TEXT-MADE-EMPTY") == [2]


def test_sync_points_without_a_place_are_left_out_for_qualcoder(tmp_path: Path) -> None:
    points = [m.SyncPoint(guid=guid(70), position=0), m.SyncPoint(guid=guid(71), time_stamp=1000)]
    spoken = m.TranscriptSelection(guid=guid(5), from_sync_point=guid(70), to_sync_point=guid(71))
    transcript = m.Transcript(
        guid=guid(4), plain_text_path="internal://ana.txt", sync_points=points, transcript_selections=[spoken]
    )
    study = one_text()
    study.project.sources = [m.AudioSource(guid=guid(1), name="Ana", transcripts=[transcript])]
    with written(study, tmp_path, "qualcoder") as again:
        (audio,) = again.project.sources or ()
        assert isinstance(audio, m.AudioSource)
        assert [point.guid for point in audio.transcripts[0].sync_points] == [guid(70)]
        (passage_left,) = audio.transcripts[0].transcript_selections
        assert (passage_left.from_sync_point, passage_left.to_sync_point) == (guid(70), None)
    losses = {one.code: one.count for one in qda.losses(study, "qualcoder") if one.code != "NOT-IMPORTED"}
    assert losses == {"SYNC-POINT-LEFT": 1, "TRANSCRIPT-PASSAGE-UNPLACED": 1}


# --- cases ----------------------------------------------------------------------------------------------------------


def test_what_belongs_to_a_case_is_coded_with_it_for_qualcoder(tmp_path: Path) -> None:
    with written(with_cases(), tmp_path, "qualcoder") as again:
        codes = {code.name: code for code in qda.Lookup(again).codes}
        assert list(codes) == ["Access", "Time", "time (2)", "Ana", "Her mother"]
        assert {case.guid for case in again.project.cases or ()} == {codes["Ana"].guid, codes["Her mother"].guid}
        coded = {
            (each.codings[0].code_ref.target_guid, each.start_position, each.end_position)
            for each in first_text(again).plain_text_selections
        }
        length = len(TEXT.replace("\r\n", "\n"))
        assert (codes["Ana"].guid, 0, length) in coded
        assert (codes["Her mother"].guid, 2, 8) in coded
        assert all(each.creation_date_time for each in first_text(again).plain_text_selections)
    assert "NOT-IMPORTED" not in {one.code for one in qda.losses(with_cases(), "qualcoder")}


def test_what_belongs_to_a_case_without_words_is_counted_for_qualcoder() -> None:
    study = with_cases()
    assert study.project.sources
    assert study.project.cases
    study.project.sources.append(m.PictureSource(guid=guid(7), name="Map"))
    study.project.cases[0].source_refs += (m.SourceRef(target_guid=guid(7)),)
    counted = [(one.where, one.count) for one in qda.losses(study, "qualcoder") if one.code == "NOT-IMPORTED"]
    assert counted == [("wordless-case-members", 1)]


def test_a_pdf_is_coded_with_its_case_and_valued_in_its_text_for_qualcoder(tmp_path: Path) -> None:
    study = with_cases()
    representation = m.Representation(guid=guid(5), plain_text_path="internal://ana.txt")
    study.project.sources = [m.PDFSource(guid=guid(1), name="Ana", representation=representation)]
    with written(study, tmp_path, "qualcoder") as again:
        (pdf,) = again.project.sources or ()
        assert isinstance(pdf, m.PDFSource)
        assert pdf.representation
        (whole,) = pdf.representation.plain_text_selections
        assert (whole.start_position, whole.end_position) == (0, len(TEXT.replace("\r\n", "\n")))
        assert len(pdf.representation.variable_values) == len(pdf.variable_values) == 2
        ana = next(case for case in again.project.cases or () if case.name == "Ana")
        assert qda.Lookup(again).sources_of(ana) == [pdf]


@pytest.mark.parametrize("memo", [None, "Quiet."])
def test_values_are_not_given_twice_to_qualcoder(tmp_path: Path, memo: str | None) -> None:
    study = with_cases()
    assert study.project.cases
    carrier = study.project.cases[0]
    carrier.name, carrier.description = None, memo
    with written(study, tmp_path, "qualcoder") as again:
        assert len(first_text(again).variable_values) == 2
        nameless = [case for case in again.project.cases or () if not case.name]
        assert [(case.description, case.variable_values) for case in nameless] == ([(memo, ())] if memo else [])


@pytest.mark.parametrize("profile", ["standard", *TOOLS])
@pytest.mark.parametrize("name", ["qualcoder.qdpx", "qualcoder-older.qdpx"])
def test_a_case_that_names_the_file_of_its_source_keeps_its_source(tmp_path: Path, name: str, profile: str) -> None:
    (tmp_path / name).write_bytes(SPECIMENS[name]())
    with qda.read(tmp_path / name) as study, written(study, tmp_path, profile) as again:
        was, now = qda.Lookup(study), qda.Lookup(again)
        assert was.cases
        for case in was.cases:
            twin = next(each for each in now.cases if each.name == case.name)
            sources = [source.guid.lower() for source in was.sources_of(case)]
            assert sources
            assert [source.guid.lower() for source in now.sources_of(twin)] == sources
            assert [ref.target_guid.lower() for ref in twin.source_refs] == sources
            assert len(now.references_of(twin)) == len(was.references_of(case)) > 0
        assert found(study, tmp_path, profile, "VALUES-WITHOUT-SOURCE") == []


def test_names_that_qualcoder_has_once_are_there_once(tmp_path: Path) -> None:
    study = with_cases()
    assert study.project.cases
    assert study.project.variables
    study.project.cases[1].name = "ana"
    study.project.variables[1].name = "Age"
    members = (m.SourceRef(target_guid=guid(1)),)
    study.project.sets = [m.Set(guid=guid(80), name="age", member_sources=members), m.Set(guid=guid(81), name="Age")]
    with written(study, tmp_path, "qualcoder") as again:
        assert [case.name for case in again.project.cases or ()] == ["Ana", "ana (2)"]
        assert [each.name for each in again.project.variables or ()] == ["Age", "Age (2)"]
        assert [each.name for each in again.project.sets or ()] == ["age (3)", "Age"]


@pytest.mark.parametrize(("profile", "left"), [("qualcoder", 0), ("atlasti", 0), ("maxqda", 1)])
def test_a_value_that_is_none_is_no_value(tmp_path: Path, profile: str, left: int) -> None:
    study = with_cases()
    assert study.project.cases
    study.project.cases[0].variable_values[0].integer_value = None
    with written(study, tmp_path, profile) as again:
        assert again.project.cases
        assert len(again.project.cases[0].variable_values) == 1 + left


# --- people and dates -----------------------------------------------------------------------------------------------


def test_a_coder_who_is_made_up_is_said(tmp_path: Path) -> None:
    nobodys = m.Coding(guid=guid(3), code_ref=m.CodeRef(target_guid=guid(10)))
    study = one_text(passage(2, "waited", nobodys), passage(4, "weeks", coding(5, 10)))
    assert found(study, tmp_path, "qualcoder", "CODER-MADE") == [1]
    assert found(study, tmp_path, "maxqda", "CODER-MADE") == []


def test_who_changed_something_last_stands_for_who_made_it(tmp_path: Path) -> None:
    nobodys = m.Coding(guid=guid(3), code_ref=m.CodeRef(target_guid=guid(10)))
    study = one_text(passage(2, "waited", nobodys, modifying_user=BEN))
    with written(study, tmp_path, "qualcoder") as again:
        assert [each.user and each.user.name for each in qda.Lookup(again).references()] == ["Ben"]
    assert found(study, tmp_path, "qualcoder", "CODER-MADE") == []


@pytest.mark.parametrize("profile", TOOLS)
def test_dates_are_in_utc_for_every_tool(tmp_path: Path, profile: str) -> None:
    study = one_text(
        passage(2, "waited", coding(3, 10), creation_date_time="2024-03-01T00:30:00.250+01:00"),
        creation_date_time="2024-03-01T10:00:00",
    )
    with written(study, tmp_path, profile) as again:
        (selection,) = first_text(again).plain_text_selections
        assert selection.creation_date_time == "2024-02-29T23:30:00Z"
        assert again.project.creation_date_time == "2024-03-01T10:00:00"
    assert found(study, tmp_path, profile, "DATE-IN-UTC") == [1]
    assert found(study, tmp_path, "standard", "DATE-IN-UTC") == []


@pytest.mark.parametrize(
    "written_so", ["2024-03-01T24:00:00Z", "0001-01-01T00:00:00+14:00", "last spring", "2024-02-30T00:00:00+01:00", ""]
)
def test_what_is_no_moment_stays_as_it_is(written_so: str) -> None:
    assert in_utc(written_so) == written_so


# --- PDFs and codes -------------------------------------------------------------------------------------------------


def test_a_passage_over_two_pages_is_there_once_for_atlas_ti(tmp_path: Path) -> None:
    (tmp_path / "mac.qdpx").write_bytes(SPECIMENS["atlasti-mac.qdpx"]())
    with qda.read(tmp_path / "mac.qdpx") as study, written(study, tmp_path, "atlasti") as again:

        def seen(of: qda.Study) -> list[str]:
            look = qda.Lookup(of)
            return [look.text_of(each) for each in look.quotations() if isinstance(each.source, m.PDFSource)]

        assert seen(again) == seen(study)
        assert [one.count for one in qda.losses(study, "atlasti") if one.code == "PDF-AREA-LEFT"] == [3]


def test_a_passage_of_a_pdf_that_is_an_area_too_is_not_lost_for_nvivo(tmp_path: Path) -> None:
    (tmp_path / "windows.qdpx").write_bytes(SPECIMENS["atlasti-windows.qdpx"]())
    with qda.read(tmp_path / "windows.qdpx") as study:
        assert [one.where for one in qda.losses(study, "nvivo")] == []
        (pdf,) = [each for each in study.project.sources or () if isinstance(each, m.PDFSource)]
        pdf.pdf_selections = []
        assert [one.where for one in qda.losses(study, "nvivo")] == ["pdf-passages"]


@pytest.mark.parametrize("profile", TOOLS)
def test_an_area_has_its_corners_in_order_for_every_tool(tmp_path: Path, profile: str) -> None:
    area = m.PictureSelection(guid=guid(2), first_x=5, first_y=186, second_x=90, second_y=3, codings=(coding(3, 10),))
    study = one_text()
    study.project.sources = [m.PictureSource(guid=guid(1), name="Map", picture_selections=[area])]
    with written(study, tmp_path, profile) as again:
        (picture,) = again.project.sources or ()
        assert isinstance(picture, m.PictureSource)
        (found_there,) = picture.picture_selections
        corners = found_there.first_x, found_there.first_y, found_there.second_x, found_there.second_y
        assert corners == (5, 3, 90, 186)
    assert found(study, tmp_path, profile, "AREA-TURNED") == [1]
    assert found(study, tmp_path, "standard", "AREA-TURNED") == []


def test_folders_are_codes_for_maxqda(tmp_path: Path) -> None:
    study = one_text()
    with written(study, tmp_path, "maxqda") as again:
        assert all(code.is_codable for code in qda.Lookup(again).codes)
    assert found(study, tmp_path, "maxqda", "CODE-MADE-CODABLE") == [1]
    assert quotes(study) == []


def test_nothing_is_made_of_an_empty_study(tmp_path: Path) -> None:
    empty = qda.Study(qda.Project(name="Care", users=[m.User(guid=ANA, name="Ana")]), Files())
    for profile in TOOLS:
        assert qda.write(empty, tmp_path / "out.qdpx", profile, overwrite=True) == []
