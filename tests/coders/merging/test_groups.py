"""Drawings of several copies become one drawing, and what copies draw differently is said."""

from __future__ import annotations

import pytest

from interviews import code, guid, study
from qdabridge.coders.merging import Merged, merge
from qdabridge.study.model import Code, Edge, Graph, Vertex
from qdabridge.study.study import Study

WAITING, PHONE, TRUST = code("Waiting"), code("Phone"), code("Trust")


def vertex(of: Code, x: int = 10, *, name: str = "", color: str | None = None, by: str = "") -> Vertex:
    return Vertex(
        guid=guid(f"{by}vertex {of.name}"),
        represented_guid=of.guid,
        name=name or of.name,
        first_x=x,
        first_y=20,
        color=color,
    )


def edge(start: Vertex, end: Vertex, name: str = "leads to", *, by: str = "", style: str | None = None) -> Edge:
    return Edge(
        guid=guid(f"{by}edge {start.name} {end.name}"),
        source_vertex=start.guid,
        target_vertex=end.guid,
        name=name,
        line_style=style,
    )


def drawing(*parts: Vertex | Edge, name: str = "Paths", by: str = "") -> Study:
    graph = Graph(
        guid=guid(f"{by}graph"),
        name=name,
        vertices=[part for part in parts if isinstance(part, Vertex)],
        edges=[part for part in parts if isinstance(part, Edge)],
    )
    return study(codes=[code("Waiting"), code("Phone"), code("Trust")], graphs=[graph])


def graph_of(merged: Merged) -> Graph:
    (graph,) = merged.study.project.graphs or ()
    return graph


def conflicts(merged: Merged) -> set[tuple[str, str, str]]:
    return {(each.detail or each.field, each.kept, each.other) for each in merged.conflicts}


def lines(graph: Graph) -> set[tuple[str, str]]:
    """The lines by what they join; a line without an end fails."""
    names = {each.guid: each.name or "" for each in graph.vertices}
    return {(names[each.source_vertex], names[each.target_vertex]) for each in graph.edges}


def test_what_each_copy_drew_is_in_the_drawing() -> None:
    one = drawing(vertex(WAITING), vertex(PHONE), edge(vertex(WAITING), vertex(PHONE)))
    other = drawing(vertex(WAITING), vertex(TRUST), edge(vertex(WAITING), vertex(TRUST)))
    for merged in (merge(one, other), merge(other, one)):
        assert merged.conflicts == ()
        assert {each.name for each in graph_of(merged).vertices} == {"Waiting", "Phone", "Trust"}
        assert lines(graph_of(merged)) == {("Waiting", "Phone"), ("Waiting", "Trust")}


def test_what_copies_draw_differently_is_a_conflict_and_the_first_or_the_preferred_counts() -> None:
    one = drawing(vertex(WAITING, 10, color="#ff0000"), vertex(PHONE))
    one.project.graphs[0].edges.append(edge(vertex(WAITING), vertex(PHONE), style="solid"))
    other = drawing(vertex(WAITING, 90, name="Waits", color="#00ff00"), vertex(PHONE), name="Ways")
    other.project.graphs[0].edges.append(edge(vertex(WAITING), vertex(PHONE), "hinders", style="dotted"))
    expected = {
        ("name", "Paths", "Ways"),
        ("name", "Waiting", "Waits"),
        ("color", "#ff0000", "#00ff00"),
        ("first_x", "10", "90"),
        ("name", "leads to", "hinders"),
        ("line_style", "solid", "dotted"),
    }
    merged = merge(one, other, labels=["one", "other"])
    assert conflicts(merged) == expected
    assert {each.code for each in merged.findings} == {"MERGE-NAME", "MERGE-COLOR", "MERGE-OTHER"}
    first = graph_of(merged).vertices[0]
    assert (graph_of(merged).name, first.name, first.first_x, first.color) == ("Paths", "Waiting", 10, "#ff0000")
    preferred = merge(one, other, labels=["one", "other"], prefer="other")
    assert conflicts(preferred) == {(field, theirs, ours) for field, ours, theirs in expected}
    assert (graph_of(preferred).name, graph_of(preferred).edges[0].line_style) == ("Ways", "dotted")


def test_the_same_drawing_with_new_guids_is_there_once() -> None:
    parts = [vertex(WAITING), vertex(PHONE), edge(vertex(WAITING), vertex(PHONE))]
    again = [
        vertex(WAITING, by="b"),
        vertex(PHONE, by="b"),
        edge(vertex(WAITING, by="b"), vertex(PHONE, by="b"), by="b"),
    ]
    merged = merge(drawing(*parts), drawing(*again, by="b"))
    assert merged.study.project.graphs == drawing(*parts).project.graphs
    assert merged.conflicts == ()


def test_a_vertex_whose_guid_stands_for_something_else_becomes_two_and_its_lines_follow() -> None:
    same_guid_for_trust = vertex(TRUST)
    same_guid_for_trust.guid = vertex(WAITING).guid
    one = drawing(vertex(WAITING), vertex(PHONE))
    other = drawing(same_guid_for_trust, vertex(PHONE), edge(same_guid_for_trust, vertex(PHONE)))
    merged = merge(one, other)
    graph = graph_of(merged)
    assert len({each.guid for each in graph.vertices}) == 3
    assert lines(graph) == {("Trust", "Phone")}
    assert "MERGE-GUID" in {each.code for each in merged.findings}


def test_what_a_drawing_shows_follows_a_code_that_is_another_guid_here() -> None:
    other = drawing(vertex(WAITING), name="Another", by="b")
    waiting = other.project.code_book.codes[0]
    waiting.guid = guid("made anew")
    other.project.graphs[0].vertices[0].represented_guid = waiting.guid
    merged = merge(drawing(vertex(PHONE)), other)
    shown = {each.represented_guid for graph in merged.study.project.graphs or () for each in graph.vertices}
    assert shown == {WAITING.guid, PHONE.guid}


@pytest.mark.parametrize("times", [2, 3])
def test_a_drawing_merged_with_itself_is_unchanged(times: int) -> None:
    parts = [vertex(WAITING), vertex(PHONE), edge(vertex(WAITING), vertex(PHONE))]
    merged = merge(*(drawing(*parts) for _ in range(times)))
    assert (merged.study.project.graphs, merged.conflicts) == (drawing(*parts).project.graphs, ())
