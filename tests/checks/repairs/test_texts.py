"""Texts, paths and passages: words keep their characters, passages keep their words, and no encoding is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

import qdabridge as qda
from checks.repairs.differences import left_in
from checks.studies import ANA, LEAFLET, guid, project, study
from qdabridge.study.files import Files
from qdabridge.study.form import Form
from qdabridge.study.model import (
    Extensions,
    ForeignNode,
    PDFSelection,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Project,
    SyncPoint,
    TextSource,
)
from qdabridge.study.study import Study
from qdabridge.study.text import Counting

TEXT = "Zoë waited 😀 four hours in the café.\r\n"
NAMESPACE = "urn:QDA-XML:project:1.0"


def marked(data: bytes, *spans: tuple[int, int, str | None], counting: Counting | None = None) -> Study:
    """A study with one text as a file holds it, and passages in it."""
    source = TextSource(
        guid=guid(10),
        name="Zoë",
        plain_text_path="internal://zoe.txt",
        plain_text_selections=[
            PlainTextSelection(guid=guid(20 + number), name=name, start_position=start, end_position=end)
            for number, (start, end, name) in enumerate(spans)
        ],
    )
    form = Form(counting=counting, uncounted=(guid(10),)) if counting else None
    return Study(Project(name="One", sources=[source]), Files({"sources/zoe.txt": data}), form=form)


def quotes(study: Study) -> list[str]:
    text = study.project.sources[0]
    words = study.text_of(text) or ""
    return [words[each.start_position : each.end_position] for each in text.plain_text_selections]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_byte_order_mark_says_which_encoding_a_text_has(encoding: str) -> None:
    result = qda.repair(marked(TEXT.encode(encoding), (0, 3, None)))
    assert result.study.files.read("sources/zoe.txt") == TEXT.encode()
    assert quotes(result.study) == ["Zoë"]
    assert [finding.code for finding in result.mended] == ["TEXT-ENCODING"]


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
def test_the_names_of_passages_tell_the_encoding(encoding: str) -> None:
    text = TEXT.replace("😀 ", "")
    result = qda.repair(marked(text.encode(encoding), (0, 10, "Zoë waited"), (29, 33, "café")))
    assert result.study.text_of(result.study.project.sources[0]) == text
    assert quotes(result.study) == ["Zoë waited", "café"]


def test_a_text_that_does_not_tell_its_encoding_is_left_to_a_person() -> None:
    data = TEXT.replace("😀 ", "").encode("cp1252")
    study = marked(data, (4, 10, "waited"))
    result = qda.repair(study)
    assert result.mended == []
    assert left_in(result) == ["TEXT-ENCODING"]
    assert result.study.files.read("sources/zoe.txt") == data
    told = qda.repair(study, encoding="Windows-1252")
    assert left_in(told) == []
    assert quotes(told.study) == ["waited"]
    assert study.files.read("sources/zoe.txt") == data


def test_an_encoding_that_there_is_not_is_refused() -> None:
    with pytest.raises(qda.BadRequest, match="no encoding"):
        qda.repair(study(), encoding="klingon")


def test_positions_in_a_text_that_can_be_read_now_are_counted() -> None:
    """NVivo counts UTF-16 units; where the text could not be read, they stood as in the file."""
    result = qda.repair(marked(TEXT.encode("utf-16"), (14, 24, "four hours"), counting=Counting("utf16")))
    assert quotes(result.study) == ["four hours"]
    assert result.study.form.uncounted == ()
    assert {finding.code for finding in result.mended} >= {"TEXT-ENCODING", "POSITIONS-UNCONVERTED"}


def test_a_text_in_two_places_that_differ_is_left_to_a_person() -> None:
    changed = project()
    changed.sources[0].plain_text_content = "I waited five hours."
    result = qda.repair(study(changed))
    assert result.study.project == changed
    assert left_in(result) == ["TEXT-BOTH"]


def test_a_text_whose_file_is_not_there_is_kept_inside() -> None:
    changed = project()
    changed.notes[0].plain_text_path = "internal://lost.txt"
    assert qda.repair(study(changed)).study.project == project()


@pytest.mark.parametrize("name", ["sources/Ana%20and%20Zoe\u0301.txt", "texts/ana and zoé.TXT"])
def test_a_file_whose_name_is_spelled_otherwise_is_found(name: str) -> None:
    changed = project()
    changed.sources[0].plain_text_path = "internal://Ana and Zoé.txt"
    there = study().files
    files = {each: there.read(each) for each in there}
    files[name] = files.pop(f"sources/{ANA}")
    result = qda.repair(Study(changed, Files(files)))
    assert left_in(result) == []
    assert result.study.text_of(result.study.project.sources[0]) == "I waited four hours. 😀"


def test_of_two_files_that_may_be_meant_none_is_taken() -> None:
    changed = project()
    changed.sources[0].plain_text_path = "internal://Zoe.txt"
    there = study().files
    files = {each: there.read(each) for each in there} | {"one/zoe.txt": b"", "two/zoe.txt": b""}
    assert qda.repair(Study(changed, Files(files))).study.project == changed


# --- passages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "meant", "left"),
    [
        ((13, 4, None), (4, 13), []),
        ((4, 4, "waited"), (4, 10), []),
        ((4, 4, "wanted"), (4, 4), ["POS-EMPTY"]),
        ((4, 4, None), (4, 4), ["POS-EMPTY"]),
        ((31, 99, "café.\r\n"), (31, 38), []),
        ((31, 99, None), (31, 99), ["POS-RANGE"]),
        ((31, 99, "café"), (31, 99), ["POS-RANGE"]),
        ((99, 4, None), (99, 4), ["POS-RANGE"]),
        ((-3, 4, None), (-3, 4), ["POS-RANGE"]),
    ],
)
def test_a_passage_is_moved_only_where_it_can_mean_one_thing(
    span: tuple[int, int, str | None], meant: tuple[int, int], left: list[str]
) -> None:
    result = qda.repair(marked(TEXT.encode(), span))
    (passage,) = result.study.project.sources[0].plain_text_selections
    assert (passage.start_position, passage.end_position) == meant
    assert left_in(result) == left


def test_a_region_of_a_picture_begins_at_its_upper_left() -> None:
    region = PictureSelection(guid=guid(71), first_x=30, first_y=5, second_x=10, second_y=40)
    changed = project()
    changed.sources.append(PictureSource(guid=guid(70), path=f"internal://{LEAFLET}", picture_selections=[region]))
    mended = qda.repair(study(changed)).study.project.sources[3].picture_selections[0]
    assert (mended.first_x, mended.first_y, mended.second_x, mended.second_y) == (10, 5, 30, 40)
    assert (region.first_x, region.second_x) == (30, 10)


# --- numbers with decimals -------------------------------------------------------------------------------------------


def test_an_area_with_decimals_is_read_and_nothing_is_cut_off() -> None:
    changed = project()
    leaflet = changed.sources[1]
    node = (
        f'<PDFSelection xmlns="{NAMESPACE}" guid="{guid(72)}" page="0" firstX="10.6" firstY="20.2" secondX="30.1" '
        f'secondY="40.0"><Coding guid="{guid(73)}"><CodeRef targetGUID="{guid(2)}"/></Coding></PDFSelection>'
    )
    leaflet.extensions = Extensions(nodes=(ForeignNode(0, node), ForeignNode(1, "<!-- kept -->")))
    result = qda.repair(study(changed))
    mended = result.study.project.sources[1]
    area = mended.pdf_selections[-1]
    assert isinstance(area, PDFSelection)
    assert (area.first_x, area.first_y, area.second_x, area.second_y) == (10, 20, 31, 40)
    assert area.codings[0].code_ref.target_guid == guid(2)
    assert mended.extensions == Extensions(nodes=(ForeignNode(1, "<!-- kept -->"),))
    assert left_in(result) == []


def test_a_passage_with_decimals_is_counted_as_the_others_of_its_text() -> None:
    node = f'<PlainTextSelection xmlns="{NAMESPACE}" guid="{guid(74)}" startPosition="14.0" endPosition="24.0"/>'
    study = marked(TEXT.encode())
    study.form = Form(counting=Counting("utf16"))
    study.project.sources[0].extensions = Extensions(nodes=(ForeignNode(0, node),))
    assert quotes(qda.repair(study).study) == ["four hours"]


def test_half_a_character_is_left() -> None:
    node = f'<PlainTextSelection xmlns="{NAMESPACE}" guid="{guid(74)}" startPosition="1.5" endPosition="4"/>'
    study = marked(TEXT.encode())
    study.project.sources[0].extensions = Extensions(nodes=(ForeignNode(0, node),))
    assert qda.repair(study).study.project == study.project


def test_a_time_with_decimals_is_read() -> None:
    changed = project()
    changed.sources[2].transcripts[0].sync_points[0] = SyncPoint(
        guid=guid(34), position=0, extensions=Extensions(lexical={"timeStamp": "1500.7"})
    )
    mended = qda.repair(study(changed)).study.project.sources[2].transcripts[0].sync_points[0]
    assert mended == SyncPoint(guid=guid(34), position=0, time_stamp=1500)


def test_a_number_that_will_be_left_out_is_named() -> None:
    changed = project()
    changed.graphs[0].vertices[0].extensions = Extensions(lexical={"secondX": "wide"})
    result = qda.repair(study(changed))
    assert left_in(result) == ["UNREADABLE-VALUE"]


def test_of_a_real_file_only_the_marks_before_its_texts_are_touched(nvivo_sample: Path) -> None:
    with qda.read(nvivo_sample) as study:
        result = qda.repair(study)
        assert result.study.project == study.project
        # NVivo for Windows begins every text with a byte order mark.
        assert {finding.code for finding in result.mended} == {"TEXT-BOM"}
