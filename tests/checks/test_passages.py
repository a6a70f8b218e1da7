"""Passages and stretches that mark nothing, or not what was meant."""

from __future__ import annotations

import pytest

from checks.studies import ANA, TEXT, found, guid, project, study
from qdabridge.checks.rules import passages, stretches, texts
from qdabridge.limits import Limits
from qdabridge.study.form import Form
from qdabridge.study.model import (
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Project,
    VideoSelection,
    VideoSource,
)

END = len(TEXT)


def marked(start: int, end: int) -> Project:
    changed = project()
    selection = changed.sources[0].plain_text_selections[0]
    selection.start_position, selection.end_position = start, end
    return changed


def test_a_sound_study_has_nothing_out_of_range() -> None:
    """Its passage ends exactly where its text ends, behind an emoji, which is one character."""
    assert found(passages.misplaced, study()) == []


@pytest.mark.parametrize("span", [(0, 1), (0, END), (END - 1, END)])
def test_a_passage_inside_its_text_is_right(span: tuple[int, int]) -> None:
    assert found(passages.misplaced, study(marked(*span))) == []


@pytest.mark.parametrize("at", [0, 5, END])
def test_a_passage_without_length_is_worth_a_look(at: int) -> None:
    (finding,) = found(passages.misplaced, study(marked(at, at)))
    assert (finding.code, finding.severity) == ("POS-EMPTY", "warning")
    assert finding.where.endswith(f", {at}–{at}")


@pytest.mark.parametrize("span", [(-1, 5), (0, END + 1), (END + 1, END + 9), (-9, END + 9)])
def test_a_passage_that_reaches_beyond_its_text_is_an_error(span: tuple[int, int]) -> None:
    (finding,) = found(passages.misplaced, study(marked(*span)))
    assert (finding.code, finding.severity) == ("POS-RANGE", "error")
    assert finding.message == f"A passage of text {'begins before' if span[0] < 0 else 'reaches beyond'} its text."
    assert finding.where == (
        f"PlainTextSelection {guid(12)} in TextSource “Interview Ana”, {span[0]}–{span[1]} of {END}"
    )


def test_a_passage_that_ends_before_it_begins_is_an_error() -> None:
    (finding,) = found(passages.misplaced, study(marked(9, 3)))
    assert (finding.code, finding.message) == ("POS-SWAP", "A passage of text ends before it begins.")


def test_a_byte_order_mark_does_not_count() -> None:
    files = {f"sources/{ANA}": b"\xef\xbb\xbf" + TEXT.encode()}
    assert found(passages.misplaced, study(marked(0, END), files)) == []
    assert len(found(passages.misplaced, study(marked(0, END + 1), files))) == 1


def test_a_passage_in_the_text_of_a_pdf_is_measured_by_that_text() -> None:
    changed = project()
    changed.sources[1].representation.plain_text_selections[0].end_position = 8
    (finding,) = found(passages.misplaced, study(changed))
    assert finding.where == f"PlainTextSelection {guid(21)} in PDFSource “Leaflet”, 0–8 of 7"


@pytest.mark.parametrize(("end", "codes"), [(END, []), (END + 1, ["POS-RANGE"])])
def test_a_remark_that_counts_the_text_of_its_source_is_measured_by_that_text(end: int, codes: list[str]) -> None:
    """QualCoder and Quirkos write remarks so: the note itself is shorter."""
    changed = project()
    changed.notes[0].plain_text_selections = [PlainTextSelection(guid=guid(41), start_position=15, end_position=end)]
    anchored, *others = found(passages.misplaced, study(changed))
    assert (anchored.code, anchored.severity, anchored.kind) == ("NOTE-SOURCE-ANCHOR", "note", "mended")
    assert anchored.where == f"PlainTextSelection {guid(41)} in Note “Memo”, about TextSource “Interview Ana”"
    assert [finding.code for finding in others] == codes


def test_a_passage_of_a_text_that_is_not_there_can_still_end_before_it_begins() -> None:
    assert found(passages.misplaced, study(marked(0, 900), files={})) == []
    assert len(found(passages.misplaced, study(marked(9, 3), files={}))) == 1


def test_positions_that_could_not_be_counted_are_not_measured() -> None:
    uncounted = study(marked(0, END + 1))
    uncounted.form = Form(uncounted=(guid(10),))
    assert found(passages.misplaced, uncounted) == []


def test_a_text_that_is_not_utf_8_is_told_with_the_byte() -> None:
    (finding,) = found(passages.misplaced, study(files={f"sources/{ANA}": "Córdoba".encode("latin-1")}))
    assert (finding.code, finding.severity) == ("TEXT-ENCODING", "error")
    assert "TextSource “Interview Ana”: The text is not UTF-8 (byte 1" in finding.where
    assert finding.hint


def test_a_text_beyond_the_limit_is_told_as_what_it_is() -> None:
    large = study()
    large.files.limits = Limits(text=10)
    (finding,) = found(passages.misplaced, large)
    assert (finding.code, finding.severity) == ("TEXT-LIMIT", "error")
    assert "is too large, and the limit “text” is 10 bytes" in finding.where
    assert "--limit text=100" in finding.hint


def test_passages_in_a_text_that_has_no_place_are_told() -> None:
    changed = project()
    changed.sources[0].plain_text_path = None
    assert found(passages.misplaced, study(changed)) == []
    (finding,) = found(texts.misplaced, study(changed))
    assert (finding.code, finding.severity, finding.where) == ("TEXT-MISSING", "error", "TextSource “Interview Ana”")


def test_a_sync_point_beyond_its_transcript_is_an_error() -> None:
    changed = project()
    changed.sources[2].transcripts[0].sync_points[0].position = 6
    (finding,) = found(passages.misplaced, study(changed))
    assert finding.message == "A sync point lies beyond its transcript."
    assert finding.where == f"SyncPoint {guid(34)} in AudioSource “Call”, position 6 of 5"


def test_a_sync_point_without_a_position_lies_nowhere_wrong() -> None:
    changed = project()
    changed.sources[2].transcripts[0].sync_points[0].position = None
    assert found(passages.misplaced, study(changed)) == []


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [(900, 0, "POS-SWAP"), (-1, 5, "POS-RANGE"), (0, 0, "POS-EMPTY"), (5, -1, "POS-RANGE"), (0, 1, "")],
)
def test_a_stretch_of_a_recording_has_to_run_forward(begin: int, end: int, code: str) -> None:
    sound = project()
    sound.sources[2].audio_selections[0].begin, sound.sources[2].audio_selections[0].end = begin, end
    film = project()
    film.sources.append(
        VideoSource(guid=guid(60), video_selections=[VideoSelection(guid=guid(61), begin=begin, end=end)])
    )
    for changed in (sound, film):
        assert [finding.code for finding in found(stretches.misplaced, study(changed))] == ([code] if code else [])


@pytest.mark.parametrize(
    ("corners", "code"),
    [((1, 2, 9, 8), ""), ((9, 2, 1, 8), "RECT-SWAP"), ((1, 8, 9, 2), "RECT-SWAP"), ((1, 2, 1, 8), "POS-EMPTY")],
)
def test_a_region_of_a_picture_names_its_upper_left_corner_first(corners: tuple[int, ...], code: str) -> None:
    names = ("first_x", "first_y", "second_x", "second_y")
    region = PictureSelection(guid=guid(61), **dict(zip(names, corners, strict=True)))
    changed = project()
    changed.sources.append(PictureSource(guid=guid(60), picture_selections=[region]))
    assert [finding.code for finding in found(stretches.misplaced, study(changed))] == ([code] if code else [])


# --- names -----------------------------------------------------------------------------------------------------------


def with_names(*names: str | None) -> Project:
    """A project whose interview has a passage on each of its first words, with these names."""
    changed = project()
    words = [(0, 1), (2, 8), (9, 13), (14, 19)]
    changed.sources[0].plain_text_selections = [
        PlainTextSelection(guid=guid(0x70 + number), name=name, start_position=start, end_position=end)
        for number, (name, (start, end)) in enumerate(zip(names, words, strict=False))
    ]
    return changed


def test_names_that_are_what_is_marked_are_right() -> None:
    assert found(passages.misplaced, study(with_names("I", "waited", "four", "hours"))) == []


def test_one_name_among_quotations_that_is_none_is_worth_a_look() -> None:
    (finding,) = found(passages.misplaced, study(with_names("I", "waited", "four", "the whole day")))
    assert (finding.code, finding.severity) == ("NAME-MISMATCH", "warning")
    assert finding.where == "PlainTextSelection “the whole day” in TextSource “Interview Ana”, 14–19"


@pytest.mark.parametrize(
    "names",
    [
        ("beginning", "long wait", "number", "unit of time"),
        ("0,1", "2,8", "9,13", "14,19"),
        (None, "", None, ""),
        ("quote",),
    ],
    ids=["free names", "positions", "no names", "one alone proves nothing"],
)
def test_names_that_people_chose_say_nothing_of_what_is_marked(names: tuple[str | None, ...]) -> None:
    assert found(passages.misplaced, study(with_names(*names))) == []
