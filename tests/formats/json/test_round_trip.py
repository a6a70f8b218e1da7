"""A study written as JSON and read again is the same study, and so are its files."""

from __future__ import annotations

import copy
import gc
import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qdabridge as qda
from filled import filled_form, filled_project
from qdabridge.formats.json import read, write
from qdabridge.safety import MAX_DEPTH
from qdabridge.study import walk
from qdabridge.study.files import Files
from qdabridge.study.model import (
    AudioSource,
    Code,
    CodeBook,
    Note,
    PDFSelection,
    PDFSource,
    PictureSource,
    PlainTextSelection,
    Project,
    Representation,
    TextDescription,
    TextSource,
    Transcript,
)
from qdabridge.study.study import Study
from strategies import studies

ANA, BEN = "11111111-aaaa-4aaa-8aaa-111111111111", "22222222-bbbb-4bbb-8bbb-222222222222"


def text_source(path: str | None, *, guid: str = ANA, content: str | None = None) -> TextSource:
    return TextSource(guid=guid, name=guid[:4], plain_text_path=path, plain_text_content=content)


def study_of(*sources: Any, notes: list[Note] | None = None, files: dict[str, bytes] | None = None) -> Study:
    return Study(Project(name="Clinic", sources=list(sources), notes=notes), Files(files))


def crossed(study: Study, folder: Path, **options: bool) -> Study:
    write(study, folder / "study.json", overwrite=True, **options)
    return read(folder / "study.json")


def written(study: Study, folder: Path, **options: bool) -> dict[str, Any]:
    write(study, folder / "study.json", overwrite=True, **options)
    found: dict[str, Any] = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    return found


def bytes_of(study: Study) -> list[tuple[str, bytes]]:
    return [(name, study.files.read(name)) for name in study.files]


def assert_same(back: Study, study: Study) -> None:
    assert back.project == study.project
    assert back.form == study.form
    assert bytes_of(back) == bytes_of(study)
    assert back.findings == []


@settings(max_examples=100, deadline=None)
@given(studies())
def test_any_study_comes_back_equal_and_its_files_byte_for_byte(study: Study) -> None:
    before = copy.deepcopy(study.project)
    with TemporaryDirectory() as folder:
        assert_same(crossed(study, Path(folder)), study)
    assert study.project == before


@settings(max_examples=40, deadline=None)
@given(studies())
def test_any_study_comes_back_equal_when_it_was_written_with_quotes(study: Study) -> None:
    with TemporaryDirectory() as folder:
        assert_same(crossed(study, Path(folder), quotes=True), study)


def test_a_study_with_every_element_and_every_field_comes_back_equal(tmp_path: Path) -> None:
    study = Study(filled_project(), form=filled_form())
    assert_same(crossed(study, tmp_path), study)


def test_absent_and_empty_stay_different(tmp_path: Path) -> None:
    project = Project(name="", origin="", users=None, variables=[], code_book=CodeBook(), description=None)
    back = crossed(Study(project), tmp_path).project
    assert (back.origin, back.users, back.variables, back.description) == ("", None, [], None)


def test_the_terms_of_the_standard_stand_in_the_file(tmp_path: Path) -> None:
    source = text_source(None, content="I waited.")
    source.plain_text_selections = [PlainTextSelection(guid=BEN, start_position=2, end_position=8)]
    found = written(study_of(source), tmp_path)
    assert found["project"]["sources"][0]["type"] == "TextSource"
    assert found["project"]["sources"][0]["plainTextSelections"] == [
        {"guid": BEN, "startPosition": 2, "endPosition": 8}
    ]


# --- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"I waited.",
        b"\xef\xbb\xbfI waited.",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf\xef\xbb\xbftwice",
        "👩‍👩‍👧 é שלום\r\none\rtwo\n\n".encode(),
        b"\x00\x01\x1f\x7f",
    ],
)
def test_the_text_of_a_file_stands_in_its_document_and_the_file_comes_back(data: bytes, tmp_path: Path) -> None:
    study = study_of(text_source("internal://ana.txt"), files={"sources/ana.txt": data})
    found = written(study, tmp_path)
    assert found["project"]["sources"][0]["plainTextContent"] == data.decode("utf-8").removeprefix("\ufeff")
    assert not (tmp_path / "study.files").exists()
    assert_same(read(tmp_path / "study.json"), study)


def test_the_text_stands_in_a_document_of_every_kind(tmp_path: Path) -> None:
    path = "internal://t.txt"
    region = Representation(guid="1", plain_text_path=path)
    study = study_of(
        text_source(path),
        PictureSource(guid="2", text_description=TextDescription(guid="3", plain_text_path=path)),
        PDFSource(
            guid="4",
            representation=Representation(guid="5", plain_text_path=path),
            pdf_selections=[
                PDFSelection(guid="6", page=0, first_x=0, first_y=1, second_x=1, second_y=0, representation=region),
                PDFSelection(guid="7", page=0, first_x=0, first_y=1, second_x=1, second_y=0),
            ],
        ),
        AudioSource(guid="8", transcripts=[Transcript(guid="9", plain_text_path=path)]),
        notes=[Note(guid="10", plain_text_path=path)],
        files={"sources/t.txt": b"heard"},
    )
    content = (tmp_path / "study.json", crossed(study, tmp_path))[0].read_text()
    assert content.count('"plainTextContent": "heard"') == 6
    assert_same(read(tmp_path / "study.json"), study)


def test_two_documents_that_share_a_file_both_show_its_text(tmp_path: Path) -> None:
    study = study_of(
        text_source("internal://ana.txt"),
        text_source("internal:///ANA.TXT", guid=BEN),
        files={"sources/ana.txt": b"I waited."},
    )
    found = written(study, tmp_path)
    assert [source["plainTextContent"] for source in found["project"]["sources"]] == ["I waited.", "I waited."]
    assert found["files"] == [
        {
            "type": "text",
            "name": "sources/ana.txt",
            "plainTextPaths": ["internal://ana.txt", "internal:///ANA.TXT"],
        }
    ]
    assert_same(read(tmp_path / "study.json"), study)


def test_documents_with_the_same_guid_keep_their_own_texts(tmp_path: Path) -> None:
    study = study_of(
        text_source("internal://a.txt"),
        text_source("internal://b.txt"),
        files={"sources/a.txt": b"a", "sources/b.txt": b"\xef\xbb\xbfb"},
    )
    assert_same(crossed(study, tmp_path), study)


def test_a_document_with_a_text_of_its_own_and_a_file_keeps_both(tmp_path: Path) -> None:
    study = study_of(
        text_source("internal://ana.txt", content="as summarised"),
        text_source("internal://ana.txt", guid=BEN),
        files={"sources/ana.txt": b"as spoken"},
    )
    found = written(study, tmp_path)
    assert [source.get("plainTextContent") for source in found["project"]["sources"]] == ["as summarised", None]
    assert (tmp_path / "study.files" / "ana.txt").read_bytes() == b"as spoken"
    assert_same(read(tmp_path / "study.json"), study)


def test_a_text_that_is_not_utf8_is_stored_beside_and_told(tmp_path: Path) -> None:
    study = study_of(text_source("internal://ana.txt"), files={"sources/ana.txt": b"caf\xe9"})
    [finding] = write(study, tmp_path / "study.json")
    assert (finding.code, finding.where) == ("JSON-TEXT-BESIDE", "sources/ana.txt")
    assert (tmp_path / "study.files" / "ana.txt").read_bytes() == b"caf\xe9"
    assert_same(read(tmp_path / "study.json"), study)


def test_a_text_that_a_hundred_documents_share_is_stored_once(tmp_path: Path) -> None:
    sources = [text_source("internal://ana.txt", guid=str(number)) for number in range(100)]
    study = study_of(*sources, files={"sources/ana.txt": b"x" * 1000})
    [finding] = write(study, tmp_path / "study.json")
    assert finding.code == "JSON-TEXT-BESIDE"
    assert (tmp_path / "study.json").stat().st_size < 30_000
    assert_same(read(tmp_path / "study.json"), study)


def test_a_path_to_a_text_that_the_study_does_not_hold_stays_a_path(tmp_path: Path) -> None:
    study = study_of(text_source("relative://interviews/ana.txt"), text_source("internal://gone.txt", guid=BEN))
    assert "plainTextContent" not in json.dumps(written(study, tmp_path))
    assert_same(read(tmp_path / "study.json"), study)


def test_the_study_in_memory_is_not_changed_by_writing(tmp_path: Path) -> None:
    selections = [PlainTextSelection(guid=BEN, start_position=0, end_position=1)]
    source = text_source("internal://ana.txt")
    source.plain_text_selections = selections
    study = study_of(source, files={"sources/ana.txt": b"I waited."})
    write(study, tmp_path / "study.json", quotes=True)
    assert study.project.sources == [source]
    assert source.plain_text_content is None
    assert source.plain_text_selections is selections
    assert type(selections[0]) is PlainTextSelection


# --- extremes --------------------------------------------------------------------------------------------------------


def test_a_codebook_as_deep_as_any_that_is_read_comes_back(tmp_path: Path) -> None:
    code = Code(guid=ANA, name="deepest")
    for level in range(MAX_DEPTH):
        code = Code(guid=ANA, name=str(level), codes=[code])
    study = Study(Project(name="Clinic", code_book=CodeBook(codes=[code])))
    back = crossed(study, tmp_path).project
    assert [found.name for found in walk.codes(back)] == [found.name for found in walk.codes(study.project)]


def test_a_codebook_without_end_is_refused_in_one_sentence(tmp_path: Path) -> None:
    code = Code(guid=ANA, name="deepest")
    for _ in range(20_000):
        code = Code(guid=ANA, name="deeper", codes=[code])
    with pytest.raises(qda.CannotWrite, match=r"nested deeper than can be written"):
        write(Study(Project(name="Clinic", code_book=CodeBook(codes=[code]))), tmp_path / "study.json")
    assert list(tmp_path.iterdir()) == []


def test_text_that_is_not_unicode_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(qda.CannotWrite, match=r"not Unicode"):
        write(Study(Project(name="half \ud83d")), tmp_path / "study.json")
    assert list(tmp_path.iterdir()) == []


def test_repeated_guids_are_in_memory_once(tmp_path: Path) -> None:
    source = text_source(None)
    source.plain_text_selections = [
        PlainTextSelection(guid=str(number), start_position=0, end_position=1, creating_user="".join([BEN]))
        for number in range(2)
    ]
    [back] = crossed(study_of(source), tmp_path).project.sources or []
    assert isinstance(back, TextSource)
    first, second = back.plain_text_selections
    assert first.creating_user is second.creating_user


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_as_it_was_after_reading_well_or_badly(enabled: bool, tmp_path: Path) -> None:
    write(study_of(text_source(None)), tmp_path / "good.json")
    (tmp_path / "bad.json").write_text("{")
    (gc.enable if enabled else gc.disable)()
    try:
        read(tmp_path / "good.json")
        assert gc.isenabled() is enabled
        with pytest.raises(qda.CannotRead):
            read(tmp_path / "bad.json")
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


def test_a_file_larger_than_any_study_is_not_read(tmp_path: Path) -> None:
    write(study_of(text_source(None)), tmp_path / "study.json")
    with pytest.raises(qda.TooLarge, match="limit “json” is 10 bytes"):
        qda.read(tmp_path / "study.json", limits="json=10")


# --- through REFI-QDA ------------------------------------------------------------------------------------------------


def assert_same_after_crossing(original: Path, folder: Path) -> None:
    with qda.read(original) as study:
        qda.write(study, folder / "study.json")
        qda.write(study, folder / "straight.qdpx", "same")
        with qda.read(folder / "study.json") as back:
            assert_same(back, study)
            qda.write(back, folder / "crossed.qdpx", "same")
    assert members(folder / "crossed.qdpx") == members(folder / "straight.qdpx")


def members(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def test_a_project_of_nvivo_crosses_json_and_is_written_as_the_same_qdpx(nvivo_sample: Path, tmp_path: Path) -> None:
    assert_same_after_crossing(nvivo_sample, tmp_path)


def test_the_demo_study_crosses_json_and_is_written_as_the_same_qdpx(tmp_path: Path) -> None:
    demo = Path(__file__).parents[3] / "fixtures" / "demo" / "demo.qdpx"
    if not demo.exists():
        pytest.skip("the demo study has not been made yet")
    assert_same_after_crossing(demo, tmp_path)


@given(st.integers(0, 60), st.integers(0, 400))
def test_what_goes_on_for_longer_than_a_text_can_is_refused_before_it_is_read(before: int, length: int) -> None:
    """With a limit of 40 bytes, of which each may take six, short texts of any number are no text too long."""
    head = b'{"format": "other", "' + b'a", "' * before
    with TemporaryDirectory() as folder:
        path = Path(folder) / "study.json"
        path.write_bytes(head + b"x" * length + b'": 1}')
        with pytest.raises(qda.CannotRead) as refused:
            qda.read(path, limits="text=40")
        assert isinstance(refused.value, qda.TooLarge) is (length > 240)
        assert not isinstance(refused.value, qda.TooLarge) or "limit “text” is 40 bytes" in str(refused.value)


@given(st.text(max_size=60), st.booleans())
def test_a_text_is_as_long_as_its_bytes_however_json_spells_it(words: str, in_ascii: bool) -> None:
    project = {"name": "", "sources": [{"type": "TextSource", "guid": ANA, "plainTextContent": words}]}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "study.json"
        path.write_text(
            json.dumps({"format": "qdabridge-study", "version": 1, "project": project}, ensure_ascii=in_ascii), "utf-8"
        )
        if len(words.encode()) > 40:
            with pytest.raises(qda.TooLarge, match="A text in the JSON is too large"):
                qda.read(path, limits="text=40")
        else:
            with qda.read(path, limits="text=40") as study:
                assert study.project.sources[0].plain_text_content == words
