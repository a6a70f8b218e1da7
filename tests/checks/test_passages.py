"""Passages and stretches that mark nothing, or not what was meant."""

from __future__ import annotations

import pytest

from checks.studies import TEXT, found, guid, project, study
from qdabridge.checks.rules.passages import out_of_range
from qdabridge.findings import Finding
from qdabridge.study.form import Form
from qdabridge.study.model import PlainTextSelection, Project, VideoSelection, VideoSource

END = len(TEXT)


def marked(start: int, end: int) -> Project:
    changed = project()
    selection = changed.sources[0].plain_text_selections[0]
    selection.start_position, selection.end_position = start, end
    return changed


def test_a_sound_study_has_nothing_out_of_range() -> None:
    """Its passage ends exactly where its text ends, behind an emoji, which is one character."""
    assert found(out_of_range, study()) == []


@pytest.mark.parametrize("span", [(0, 0), (5, 5), (END, END), (0, END), (END - 1, END)])
def test_a_passage_inside_its_text_is_right_even_if_it_is_empty(span: tuple[int, int]) -> None:
    assert found(out_of_range, study(marked(*span))) == []


@pytest.mark.parametrize("span", [(-1, 5), (0, END + 1), (END + 1, END + 9), (-9, END + 9)])
def test_a_passage_that_reaches_beyond_its_text_is_an_error(span: tuple[int, int]) -> None:
    (finding,) = found(out_of_range, study(marked(*span)))
    assert (finding.code, finding.severity) == ("POS-RANGE", "error")
    assert finding.message == "A passage of text reaches beyond its text."
    assert finding.where == (
        f"PlainTextSelection {guid(12)} in TextSource “Interview Ana”, {span[0]}–{span[1]} of {END}"
    )


def test_a_passage_that_ends_before_it_begins_is_an_error() -> None:
    (finding,) = found(out_of_range, study(marked(9, 3)))
    assert (finding.code, finding.message) == ("POS-RANGE", "A passage of text ends before it begins.")


def test_a_byte_order_mark_does_not_count() -> None:
    files = {"sources/ana.txt": b"\xef\xbb\xbf" + TEXT.encode()}
    assert found(out_of_range, study(marked(0, END), files)) == []
    assert len(found(out_of_range, study(marked(0, END + 1), files))) == 1


def test_a_passage_in_the_text_of_a_pdf_is_measured_by_that_text() -> None:
    changed = project()
    changed.sources[1].representation.plain_text_selections[0].end_position = 8
    (finding,) = found(out_of_range, study(changed))
    assert finding.where == f"PlainTextSelection {guid(21)} in PDFSource “Leaflet”, 0–8 of 7"


@pytest.mark.parametrize(("end", "codes"), [(END, []), (END + 1, ["POS-RANGE"])])
def test_a_remark_that_counts_the_text_of_its_source_is_measured_by_that_text(end: int, codes: list[str]) -> None:
    """QualCoder and Quirkos write remarks so: the note itself is shorter."""
    changed = project()
    changed.notes[0].plain_text_selections = [PlainTextSelection(guid=guid(41), start_position=15, end_position=end)]
    anchored, *others = found(out_of_range, study(changed))
    assert (anchored.code, anchored.severity, anchored.kind) == ("NOTE-SOURCE-ANCHOR", "note", "mended")
    assert anchored.where == f"PlainTextSelection {guid(41)} in Note “Memo”, about TextSource “Interview Ana”"
    assert [finding.code for finding in others] == codes


def test_a_passage_of_a_text_that_is_not_there_can_still_end_before_it_begins() -> None:
    assert found(out_of_range, study(marked(0, 900), files={})) == []
    assert len(found(out_of_range, study(marked(9, 3), files={}))) == 1


def test_positions_that_could_not_be_counted_are_not_measured() -> None:
    uncounted = study(marked(0, END + 1))
    uncounted.form = Form(uncounted=(guid(10),))
    assert found(out_of_range, uncounted) == []


def test_a_text_that_is_not_utf_8_is_told_with_the_byte() -> None:
    (finding,) = found(out_of_range, study(files={"sources/ana.txt": "Córdoba".encode("latin-1")}))
    assert (finding.code, finding.severity) == ("TEXT-ENCODING", "error")
    assert "TextSource “Interview Ana”: The text is not UTF-8 (byte 1" in finding.where
    assert finding.hint


def test_passages_in_a_text_that_has_no_place_are_told() -> None:
    changed = project()
    changed.sources[0].plain_text_path = None
    (finding,) = found(out_of_range, study(changed))
    assert (finding.code, finding.severity, finding.where) == ("TEXT-MISSING", "error", "TextSource “Interview Ana”")


def test_a_text_without_passages_needs_no_text() -> None:
    changed = project()
    changed.sources[0].plain_text_path = None
    changed.sources[0].plain_text_selections = []
    assert found(out_of_range, study(changed)) == []


def test_a_sync_point_beyond_its_transcript_is_an_error() -> None:
    changed = project()
    changed.sources[2].transcripts[0].sync_points[0].position = 6
    (finding,) = found(out_of_range, study(changed))
    assert finding.message == "A sync point lies beyond its transcript."
    assert finding.where == f"SyncPoint {guid(34)} in AudioSource “Call”, position 6 of 5"


def test_a_sync_point_without_a_position_lies_nowhere_wrong() -> None:
    changed = project()
    changed.sources[2].transcripts[0].sync_points[0].position = None
    assert found(out_of_range, study(changed)) == []


@pytest.mark.parametrize(
    ("begin", "end", "message"),
    [
        (900, 0, "A stretch of sound or film ends before it begins."),
        (-1, 5, "A stretch of sound or film begins before its recording."),
        (0, 0, ""),
    ],
)
def test_a_stretch_of_a_recording_has_to_run_forward(begin: int, end: int, message: str) -> None:
    def findings(in_project: Project) -> list[Finding]:
        return found(out_of_range, study(in_project))

    sound = project()
    sound.sources[2].audio_selections[0].begin, sound.sources[2].audio_selections[0].end = begin, end
    film = project()
    film.sources.append(
        VideoSource(guid=guid(60), video_selections=[VideoSelection(guid=guid(61), begin=begin, end=end)])
    )
    for findings_of_it in (findings(sound), findings(film)):
        assert [finding.message for finding in findings_of_it] == ([message] if message else [])
