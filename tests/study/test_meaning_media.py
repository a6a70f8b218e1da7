"""What kind of thing a source really is, which sources are one thing, and where an area is on its page."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews import case, code, coded, guid, study, text, value, variable
from qdabridge.matrix import framework_matrix
from qdabridge.study.areas import Area
from qdabridge.study.form import Form
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AnySource,
    AudioSelection,
    AudioSource,
    Case,
    PDFSelection,
    PDFSource,
    PictureSource,
    SourceRef,
    TextSource,
    Transcript,
    VideoSource,
)

TRUST = code("Trust")


# --- kinds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (VideoSource(guid="v", path="internal://walk.m4a"), "audio"),
        (VideoSource(guid="v", path="relative:///walks/Walk.MP3"), "audio"),
        (VideoSource(guid="v", current_path="absolute:///C:/walks/walk.wav"), "audio"),
        (VideoSource(guid="v", path="internal://walk.mp4"), "video"),
        (VideoSource(guid="v", path="internal://folder.wav/walk.mp4"), "video"),
        (VideoSource(guid="v"), "video"),
        (AudioSource(guid="a"), "audio"),
        (PictureSource(guid="p"), "picture"),
        (PDFSource(guid="d"), "PDF"),
        (TextSource(guid="t"), "text"),
    ],
)
def test_maxqdas_film_that_is_a_sound_file_is_a_sound_recording(source: AnySource, kind: str) -> None:
    assert Lookup(study(source)).kind_of(source) == kind


# --- a recording and its transcript ----------------------------------------------------------------------------------


def transcript(name: str, file: str) -> Transcript:
    return Transcript(guid=guid(name), plain_text_path=file)


def recorded() -> tuple[AudioSource, TextSource]:
    """An interview as ATLAS.ti has it: the recording, and its transcript once more as a text, which is coded."""
    call = AudioSource(
        guid=guid("call"),
        name="Call",
        path="internal://call.m4a",
        transcripts=[transcript("t", f"internal://{guid('file')}.txt")],
    )
    words = text(
        "Words", "I trusted her.", coded(0, 9, TRUST), plain_text_path=f"internal:///{guid('file').upper()}.TXT"
    )
    return call, words


def test_atlastis_recording_and_the_text_of_its_transcript_are_one_thing() -> None:
    call, words = recorded()
    other = text("Other", "No.", plain_text_path="internal://other.txt")
    look = Lookup(study(words, other, call))
    assert look.twins_of(call) == (words,)
    assert look.twins_of(words) == (call,)
    assert look.twins_of(other) == ()


def test_several_texts_of_one_recording_and_several_recordings_of_one_text_are_one_thing() -> None:
    files = ["internal://a.txt", "internal://b.txt"]
    call = AudioSource(guid=guid("call"), transcripts=[transcript(file, file) for file in files])
    film = VideoSource(guid=guid("film"), transcripts=[transcript("f", files[1])])
    texts = [TextSource(guid=guid(file), plain_text_path=file) for file in files]
    look = Lookup(study(call, *texts, film))
    assert look.twins_of(film) == (call, *texts)


def test_texts_and_pictures_that_share_a_file_are_not_one_thing() -> None:
    """Transana makes several pictures of one file."""
    photos = [PictureSource(guid=guid(str(n)), path="internal://a.png") for n in range(2)]
    texts = [TextSource(guid=guid(f"t{n}"), plain_text_path="internal://a.txt") for n in range(2)]
    look = Lookup(study(*photos, *texts))
    assert [look.twins_of(each) for each in (*photos, *texts)] == [(), (), (), ()]


def test_what_was_said_on_a_recording_belongs_to_the_case_that_the_recording_belongs_to() -> None:
    call, words = recorded()
    person = Case(guid=guid("p"), name="Ana", source_refs=(SourceRef(target_guid=call.guid),))
    look = Lookup(study(call, words, codes=[TRUST], cases=[person]))
    assert [look.text_of(each) for each in look.references_of(person)] == ["I trusted"]
    assert look.sources_of(person) == [call, words]


def test_a_case_that_names_both_has_everything_once() -> None:
    call, words = recorded()
    person = case("Ana", words)
    person.source_refs = (*person.source_refs, SourceRef(target_guid=call.guid))
    look = Lookup(study(call, words, codes=[TRUST], cases=[person]))
    assert len(look.references_of(person)) == 1


def test_a_recording_and_its_text_have_one_row_and_each_others_values() -> None:
    age = variable("Age", "Integer")
    call, words = recorded()
    words.variable_values = (value(age, integer_value=42),)
    call.audio_selections = [AudioSelection(guid=guid("s"), begin=0, end=900, codings=coded(0, 1, TRUST).codings)]
    matrix = framework_matrix(study(call, words, codes=[TRUST], variables=[age]))
    assert [(row.label, row.attributes) for row in matrix.rows] == [("Call", (42,))]
    (cell,) = matrix.cells.values()
    assert [quote.cited() for quote in cell.quotes] == [
        "[Call, 0:00.0–0:00.9, NS]",
        "“I trusted” [Words, l. 1, NS]",
    ]


def test_of_two_values_of_one_thing_each_source_has_its_own() -> None:
    age = variable("Age", "Integer")
    call, words = recorded()
    call.variable_values, words.variable_values = (value(age, integer_value=41),), (value(age, integer_value=42),)
    look = Lookup(study(call, words, variables=[age]))
    assert (look.values_of(call), look.values_of(words)) == ({age.guid: (41,)}, {age.guid: (42,)})


# --- areas -----------------------------------------------------------------------------------------------------------


def area(*corners: int, page: int = 0, **more: Any) -> PDFSelection:
    x, y, u, v = corners
    return PDFSelection(
        guid=guid(f"area {corners} {page}"), page=page, first_x=x, first_y=y, second_x=u, second_y=v, **more
    )


def look_of(tool: str, *sources: AnySource) -> Lookup:
    whole = study(*sources, codes=[TRUST])
    whole.form = Form(tool=tool)
    return Lookup(whole)


@pytest.mark.parametrize("tool", ["maxqda", "atlasti", "nvivo", "standard"])
def test_an_area_is_measured_from_the_bottom_left_however_its_corners_are_given(tool: str) -> None:
    look = look_of(tool)
    for corners in ((10, 20, 30, 50), (30, 50, 10, 20), (10, 50, 30, 20)):
        assert look.area_of(area(*corners, page=3)) == Area(3, 10, 20, 30, 50)


def test_qualcoders_area_is_turned_where_the_height_of_the_page_is_known() -> None:
    look = look_of("qualcoder")
    assert look.area_of(area(10, 20, 30, 50), page_height=842) == Area(0, 10, 792, 30, 822)
    assert look.area_of(area(10, 20, 30, 50)) is None


def test_a_study_made_in_memory_measures_as_the_standard_says() -> None:
    assert Lookup(study()).area_of(area(10, 20, 30, 50)) == Area(0, 10, 20, 30, 50)


@given(st.tuples(*[st.integers(0, 800)] * 4))
def test_turning_a_page_over_twice_gives_the_area_again(corners: tuple[int, int, int, int]) -> None:
    turned = look_of("qualcoder").area_of(area(*corners), page_height=842)
    assert turned is not None
    _, left, bottom, right, top = turned
    assert (left, right) == (min(corners[0], corners[2]), max(corners[0], corners[2]))
    assert (842 - top, 842 - bottom) == (min(corners[1], corners[3]), max(corners[1], corners[3]))


@pytest.mark.parametrize(("tool", "first"), [("qualcoder", "10,0–30,20"), ("standard", "10,700–30,720")])
def test_quotes_of_a_page_come_from_its_top_to_its_bottom(tool: str, first: str) -> None:
    codings = [coded(n, n + 1, TRUST).codings for n in range(2)]
    low, high = area(10, 0, 30, 20, codings=codings[0]), area(10, 700, 30, 720, codings=codings[1])
    pdf = PDFSource(guid=guid("pdf"), name="Leaflet", pdf_selections=[low, high])
    (cell,) = framework_matrix(look_of(tool, pdf).study).cells.values()
    assert cell.quotes[0].place == f"p. 1, area {first}"
