"""Names and marks of files: what refers to a file follows it, and passages keep their words."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

import qdabridge as qda
from checks.studies import guid
from qdabridge.study.files import Files
from qdabridge.study.form import Form
from qdabridge.study.model import PictureSource, PlainTextSelection, Project, TextSource
from qdabridge.study.study import Study

WORDS = "I waited 😀 for months."
PACKED = Form(format="qdpx")


def text(number: int, path: str, rich: str | None = None) -> TextSource:
    return TextSource(
        guid=guid(number),
        name="Zoë",
        plain_text_path=path,
        rich_text_path=rich,
        plain_text_selections=[PlainTextSelection(guid=guid(100 + number), start_position=9, end_position=14)],
    )


def repaired(files: dict[str, bytes], *sources: TextSource | PictureSource, form: Form = PACKED) -> qda.Repaired:
    return qda.repair(Study(Project(name="One", sources=list(sources)), Files(files), form=form))


def test_a_file_gets_a_guid_for_its_name_and_every_path_to_it_follows() -> None:
    result = repaired(
        {"sources/Zoë.txt": WORDS.encode(), "sources/Zoë.docx": b"PK"},
        text(1, "internal://Zoë.txt", "internal://Zoë.docx"),
        text(2, "internal://Zoë.txt"),
    )
    first, second = result.study.project.sources
    assert first.plain_text_path == second.plain_text_path != "internal://Zoë.txt"
    assert result.study.text_of(first) == WORDS
    names = list(result.study.files)
    assert [name.split(".")[1] for name in names] == ["txt", "docx"]
    assert all(len(name) == len("sources/.") + 36 + len(name.split(".")[1]) for name in names)
    assert [finding.count for finding in result.mended if finding.code == "ENTRY-NAME"] == [2]
    assert not [finding for finding in result.left if finding.code == "ENTRY-NAME"]


def test_the_path_that_a_source_had_before_follows_when_it_is_the_same() -> None:
    path = "internal://a/plan.png"
    picture = PictureSource(guid=guid(1), name="Plan", path=path, current_path=path)
    result = repaired({"sources/a/plan.png": b"\x89PNG"}, picture)
    mended = result.study.project.sources[0]
    name = next(iter(result.study.files)).removeprefix("sources/")
    assert mended.path == mended.current_path == f"internal://{name}"


def test_a_path_that_names_the_folder_sources_too_gets_only_the_name_of_the_file() -> None:
    name = f"{guid(9)}.png"
    picture = PictureSource(guid=guid(1), name="Plan", path=f"internal://sources/{name}")
    result = repaired({f"sources/{name}": b"\x89PNG"}, picture)
    assert result.study.project.sources[0].path == f"internal://{name}"
    assert [finding.code for finding in result.mended] == ["PATH-SCHEME"]
    assert not [finding for finding in result.left if finding.code == "PATH-SCHEME"]


def test_a_file_in_another_folder_comes_into_the_folder_sources() -> None:
    picture = PictureSource(guid=guid(1), name="Plan", path=f"internal://media/{guid(9)}.png")
    result = repaired({f"media/{guid(9)}.png": b"\x89PNG"}, picture)
    assert list(result.study.files) == [f"sources/{guid(9)}.png"]
    assert result.study.project.sources[0].path == f"internal://{guid(9)}.png"


def test_the_folder_of_recordings_is_written_with_slashes() -> None:
    study = Study(Project(name="One", base_path="D:\\Study\\Media"), Files({}), form=PACKED)
    assert qda.repair(study).study.project.base_path == "D:/Study/Media"


def test_a_guid_in_a_folder_inside_the_folder_stays_the_name() -> None:
    name = f"{guid(7)}.txt"
    result = repaired({f"Sources/more/{name}": WORDS.encode()}, text(1, f"internal://more/{name}"))
    assert list(result.study.files) == [f"Sources/{name}"]
    assert result.study.text_of(result.study.project.sources[0]) == WORDS


def test_a_name_that_is_taken_is_not_given_again() -> None:
    name = f"{guid(7)}.txt"
    files = {f"sources/{name}": b"Another text.", f"sources/more/{name}": WORDS.encode()}
    result = repaired(files, text(1, f"internal://more/{name}"), text(2, f"internal://{name}"))
    assert list(result.study.files) == list(files)
    assert [result.study.text_of(each) for each in result.study.project.sources] == [WORDS, "Another text."]
    assert [finding.code for finding in result.left if finding.code == "ENTRY-NAME"] == ["ENTRY-NAME"]


@pytest.mark.parametrize("name", ["sources/zoe", "sources/zoe."])
def test_a_file_without_an_ending_is_left(name: str) -> None:
    result = repaired({name: WORDS.encode()}, text(1, f"internal://{name.removeprefix('sources/')}"))
    assert list(result.study.files) == [name]


def test_files_that_nothing_refers_to_and_those_of_json_keep_their_names() -> None:
    result = repaired({"sources/spare.txt": b"x", f"sources/{guid(1)}.txt": WORDS.encode()}, text(1, f"{guid(1)}.txt"))
    assert "sources/spare.txt" in result.study.files
    result = repaired({"sources/Zoë.txt": WORDS.encode()}, text(1, "internal://Zoë.txt"), form=Form(format="json"))
    assert list(result.study.files) == ["sources/Zoë.txt"]


def test_a_byte_order_mark_goes_and_passages_keep_their_words(tmp_path: Path) -> None:
    name = f"{guid(7)}.txt"
    result = repaired({f"sources/{name}": codecs.BOM_UTF8 + WORDS.encode()}, text(1, f"internal://{name}"))
    source = result.study.project.sources[0]
    assert result.study.files.read(f"sources/{name}") == WORDS.encode()
    passage = source.plain_text_selections[0]
    assert (result.study.text_of(source) or "")[passage.start_position : passage.end_position] == "😀 for"[:5]
    qda.write(result.study, tmp_path / "mended.qdpx")
    assert "TEXT-BOM" not in {finding.code for finding in qda.check(tmp_path / "mended.qdpx")}


@pytest.mark.parametrize("data", [codecs.BOM_UTF8 * 2 + b"a", codecs.BOM_UTF8 + b"caf\xe9"])
def test_two_marks_and_other_encodings_are_left(data: bytes) -> None:
    name = f"{guid(7)}.txt"
    result = repaired({f"sources/{name}": data}, text(1, f"internal://{name}"))
    assert result.study.files.read(f"sources/{name}") == data


def test_mending_files_twice_is_mending_them_once() -> None:
    once = repaired({"sources/Zoë.txt": codecs.BOM_UTF8 + WORDS.encode()}, text(1, "internal://Zoë.txt"))
    assert {finding.code for finding in once.mended} == {"ENTRY-NAME", "TEXT-BOM"}
    assert qda.repair(once.study).mended == []
