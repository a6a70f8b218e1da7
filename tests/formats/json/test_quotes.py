"""Quotes show people the passage of each selection; for the program they are not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import qdabridge as qda
from qdabridge.formats.json import read, write
from qdabridge.study.files import Files
from qdabridge.study.model import (
    AnySource,
    AudioSource,
    Note,
    NoteRef,
    PDFSelection,
    PDFSource,
    PlainTextSelection,
    Project,
    Representation,
    SyncPoint,
    TextSource,
    Transcript,
    TranscriptSelection,
)
from qdabridge.study.study import Study

TEXT = "Naïve 👩‍👩‍👧 she\r\nwaited."


def passage(start: int, end: int) -> PlainTextSelection:
    return PlainTextSelection(guid=f"{start}-{end}", start_position=start, end_position=end)


def shown(source: AnySource, folder: Path, *, files: dict[str, bytes] | None = None, quotes: bool = True) -> Any:
    write(Study(Project(name="Clinic", sources=[source]), Files(files)), folder / "study.json", quotes=quotes)
    return json.loads((folder / "study.json").read_text(encoding="utf-8"))["project"]["sources"][0]


def quotes_of(selections: Any) -> list[str | None]:
    return [selection.get("quote") for selection in selections]


def test_a_quote_is_the_passage_with_its_emoji_and_line_end(tmp_path: Path) -> None:
    source = TextSource(guid="s", plain_text_path="a.txt", plain_text_selections=[passage(0, 5), passage(6, 17)])
    found = shown(source, tmp_path, files={"a.txt": b"\xef\xbb\xbf" + TEXT.encode()})
    assert quotes_of(found["plainTextSelections"]) == ["Naïve", "👩‍👩‍👧 she\r\n"]


def test_without_asking_there_are_no_quotes(tmp_path: Path) -> None:
    source = TextSource(guid="s", plain_text_content=TEXT, plain_text_selections=[passage(0, 5)])
    assert quotes_of(shown(source, tmp_path, quotes=False)["plainTextSelections"]) == [None]


def test_a_remark_that_counts_the_text_of_its_source_is_quoted_from_there(tmp_path: Path) -> None:
    """QualCoder and Quirkos write remarks so."""
    remark = Note(guid="n", plain_text_content="Odd.", plain_text_selections=[passage(6, 13)])
    gone = Note(guid="m", plain_text_content="Odd.", plain_text_selections=[passage(1, 9)])
    ana = TextSource(guid="s", plain_text_content=TEXT, note_refs=(NoteRef(target_guid="n"),))
    ben = TextSource(guid="t", plain_text_path="gone.txt", note_refs=(NoteRef(target_guid="m"),))
    write(Study(Project(name="", sources=[ana, ben], notes=[remark, gone])), tmp_path / "study.json", quotes=True)
    notes = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))["project"]["notes"]
    assert [quotes_of(note["plainTextSelections"]) for note in notes] == [["👩‍👩‍👧 s"], [None]]


def test_a_passage_outside_the_text_has_an_empty_quote(tmp_path: Path) -> None:
    source = TextSource(guid="s", plain_text_content="short", plain_text_selections=[passage(10, 20), passage(3, 90)])
    assert quotes_of(shown(source, tmp_path)["plainTextSelections"]) == ["", "rt"]


def test_where_the_study_does_not_hold_the_text_there_is_no_quote(tmp_path: Path) -> None:
    source = TextSource(guid="s", plain_text_path="gone.txt", plain_text_selections=[passage(0, 5)])
    assert quotes_of(shown(source, tmp_path)["plainTextSelections"]) == [None]


def test_a_text_that_is_not_utf8_has_no_quotes(tmp_path: Path) -> None:
    source = TextSource(guid="s", plain_text_path="a.txt", plain_text_selections=[passage(0, 2)])
    assert quotes_of(shown(source, tmp_path, files={"a.txt": b"caf\xe9"})["plainTextSelections"]) == [None]


def test_a_text_stored_beside_has_quotes_from_the_file(tmp_path: Path) -> None:
    source = TextSource(
        guid="s", plain_text_path="a.txt", plain_text_content="own", plain_text_selections=[passage(3, 9)]
    )
    found = shown(source, tmp_path, files={"a.txt": b"as spoken"})
    assert quotes_of(found["plainTextSelections"]) == ["spoken"]


def test_a_stretch_of_a_transcript_is_quoted_by_its_sync_points(tmp_path: Path) -> None:
    points = [SyncPoint(guid="{A}", position=6), SyncPoint(guid="b", position=15), SyncPoint(guid="c", time_stamp=9)]
    stretches = [
        TranscriptSelection(guid="1", from_sync_point="a", to_sync_point="B"),
        TranscriptSelection(guid="2", from_sync_point="a", to_sync_point="c"),
        TranscriptSelection(guid="3", from_sync_point="a"),
    ]
    transcript = Transcript(guid="t", plain_text_content=TEXT, sync_points=points, transcript_selections=stretches)
    found = shown(AudioSource(guid="s", transcripts=[transcript]), tmp_path)
    assert quotes_of(found["transcripts"][0]["transcriptSelections"]) == ["👩‍👩‍👧 she", None, None]


def test_passages_in_the_text_of_a_pdf_are_quoted_too(tmp_path: Path) -> None:
    text = Representation(guid="r", plain_text_content=TEXT, plain_text_selections=[passage(0, 5)])
    region = PDFSelection(guid="p", page=0, first_x=0, first_y=9, second_x=9, second_y=0, representation=text)
    found = shown(PDFSource(guid="s", representation=text, pdf_selections=[region]), tmp_path)
    assert quotes_of(found["representation"]["plainTextSelections"]) == ["Naïve"]
    assert quotes_of(found["pdfSelections"][0]["representation"]["plainTextSelections"]) == ["Naïve"]


def edited(folder: Path, project: dict[str, Any]) -> Path:
    path = folder / "edited.json"
    path.write_text(json.dumps({"format": "qdabridge-study", "version": 1, "project": project}), encoding="utf-8")
    return path


SELECTION = {"guid": "p", "startPosition": 0, "endPosition": 1}


def test_whatever_a_quote_says_is_ignored_when_it_is_read(tmp_path: Path) -> None:
    plain = {"type": "TextSource", "guid": "a", "plainTextContent": "text", "plainTextSelections": [SELECTION]}
    quoted = plain | {"plainTextSelections": [SELECTION | {"quote": "something else"}]}
    note = {"guid": "n", "plainTextSelections": [SELECTION | {"quote": None}]}
    with read(edited(tmp_path, {"name": "x", "sources": [plain, quoted, plain], "notes": [note]})) as study:
        kept = TextSource(
            guid="a",
            plain_text_content="text",
            plain_text_selections=[PlainTextSelection(guid="p", start_position=0, end_position=1)],
        )
        assert study.project.sources == [kept, kept, kept]
        assert study.project.notes == [Note(guid="n", plain_text_selections=kept.plain_text_selections)]


@pytest.mark.parametrize(
    ("project", "path"),
    [
        ({"name": "x", "quote": "no"}, "project"),
        (
            {"name": "x", "codeBook": {"codes": [{"guid": "c", "name": "n", "quote": "no"}]}},
            "project.codeBook.codes[0]",
        ),
        ({"name": "x", "sources": [{"type": "TextSource", "guid": "a", "quote": "no"}]}, "project.sources[0]"),
        (
            {
                "name": "x",
                "sources": [
                    {
                        "type": "PictureSource",
                        "guid": "a",
                        "pictureSelections": [
                            {"guid": "p", "firstX": 0, "firstY": 0, "secondX": 1, "secondY": 1, "quote": "no"}
                        ],
                    }
                ],
            },
            "project.sources[0].pictureSelections[0]",
        ),
    ],
)
def test_a_quote_anywhere_else_is_an_error(project: dict[str, Any], path: str, tmp_path: Path) -> None:
    with pytest.raises(qda.CannotRead) as caught:
        read(edited(tmp_path, project))
    assert str(caught.value) == f"edited.json: {path}: The field “quote” is not known here."


def test_beside_a_quote_another_unknown_field_is_an_error(tmp_path: Path) -> None:
    selections = [SELECTION | {"quote": "t"}, SELECTION | {"quotation": "t"}]
    source = {"type": "TextSource", "guid": "a", "plainTextSelections": selections}
    with pytest.raises(qda.CannotRead, match=r"sources\[0\]\.plainTextSelections\[1\]: The field “quotation”"):
        read(edited(tmp_path, {"name": "x", "sources": [source]}))
