"""How transcripts are tied to the time of their recordings, and the lines of graphs."""

from __future__ import annotations

import pytest

from checks.studies import found, guid, project, study
from qdabridge.checks.rules.drawings import loose_edges
from qdabridge.checks.rules.transcripts import untied
from qdabridge.study.model import Graph, Project, SyncPoint, Transcript, TranscriptSelection, Vertex


def with_points(*points: tuple[int | None, int | None], ends: tuple[int | None, int | None] = (0, 1)) -> Project:
    """A project whose transcript has sync points (position, time) and a passage between two of them."""
    changed = project()
    changed.sources[2].transcripts[0].sync_points = [
        SyncPoint(guid=guid(0x70 + number), position=position, time_stamp=time)
        for number, (position, time) in enumerate(points)
    ]
    first, last = (None if end is None else guid(0x70 + end) for end in ends)
    changed.sources[2].transcripts[0].transcript_selections = [
        TranscriptSelection(guid=guid(35), from_sync_point=first, to_sync_point=last)
    ]
    return changed


@pytest.mark.parametrize(
    ("points", "codes"),
    [
        ([(0, 0), (2, 900), (5, 1800)], []),
        ([(2, 900), (5, 1800), (0, 0)], []),
        ([(0, 0), (2, 900), (2, 1200)], []),
        ([(0, 0), (2, 900), (5, 800)], ["SYNC-ORDER"]),
        ([(0, -5), (5, 800)], ["POS-RANGE"]),
        ([(0, 0), (5, None)], ["SYNC-TIME"]),
        ([(0, 0), (None, 900)], ["SYNC-TIME"]),
        ([(0, 0), (None, None)], ["SYNC-TIME"]),
    ],
)
def test_sync_points_tie_words_to_a_time_that_runs_forward(points: list[tuple[int, int]], codes: list[str]) -> None:
    assert [finding.code for finding in found(untied, study(with_points(*points)))] == codes


@pytest.mark.parametrize(
    ("ends", "codes"),
    [
        ((0, 1), []),
        ((0, None), ["POS-UNKNOWN"]),
        ((None, 1), ["POS-UNKNOWN"]),
        ((1, 0), ["POS-SWAP"]),
        ((1, 1), ["POS-EMPTY"]),
        ((None, None), ["POS-UNKNOWN"]),
    ],
)
def test_a_passage_lies_between_two_points(ends: tuple[int | None, int | None], codes: list[str]) -> None:
    changed = with_points((0, 0), (5, 1800), ends=ends)
    assert [finding.code for finding in found(untied, study(changed))] == codes


def test_between_two_points_at_one_place_there_is_nothing_unless_time_passes() -> None:
    at_once, later = with_points((2, 900), (2, 900)), with_points((2, 900), (2, 1200))
    (finding,) = found(untied, study(at_once))
    assert (finding.code, finding.severity) == ("POS-EMPTY", "warning")
    assert found(untied, study(later)) == []


def test_points_of_another_transcript_place_nothing() -> None:
    changed = project()
    other = Transcript(guid=guid(60), sync_points=[SyncPoint(guid=guid(61), time_stamp=0, position=0)])
    changed.sources[2].transcripts.append(other)
    changed.sources[2].transcripts[0].transcript_selections[0].to_sync_point = guid(61)
    (finding,) = found(untied, study(changed))
    assert (finding.code, finding.severity) == ("SYNC-ELSEWHERE", "error")


def test_a_line_to_nowhere_and_one_to_another_graph_cannot_be_drawn() -> None:
    changed = project()
    changed.graphs.append(Graph(guid=guid(60), vertices=[Vertex(guid=guid(61), first_x=0, first_y=0)]))
    changed.graphs[0].edges[0].source_vertex = guid(61)
    changed.graphs[0].edges[0].target_vertex = guid(0xDEAD)
    elsewhere, nowhere = found(loose_edges, study(changed))
    assert (elsewhere.code, nowhere.code) == ("GRAPH-EDGE", "GRAPH-EDGE")
    assert "sourceVertex of an Edge means a vertex of another graph" in elsewhere.message
    assert "targetVertex of an Edge means a vertex that is not in the study" in nowhere.message


def test_a_line_between_vertices_of_its_graph_is_right_however_their_guids_are_spelled() -> None:
    changed = project()
    changed.graphs[0].edges[0].source_vertex = "{" + guid(53).upper() + "}"
    assert found(loose_edges, study(changed)) == []
