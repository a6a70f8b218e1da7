"""Joining what names other things: cases, sets, links and drawings. What they point at has been settled before."""

from __future__ import annotations

from typing import Any

from qdabridge.checks.inventory import called
from qdabridge.coders.merging import told
from qdabridge.coders.merging.fields import join_fields, join_values, joined_pointers
from qdabridge.coders.merging.identity import Identity
from qdabridge.coders.merging.joint import Arrival
from qdabridge.study.model import Case, Edge, Graph, Link, Set, Vertex, same_guid


def join_cases(arrival: Arrival, identity: Identity) -> None:
    """Take the cases of a copy into those that are there."""
    for case in arrival.project.cases or ():
        case.selection_refs = tuple(
            ref for ref in case.selection_refs if same_guid(ref.target_guid) not in arrival.lost
        )
    for ours, theirs in _paired(arrival, identity, "cases"):
        assert isinstance(ours, Case)
        join_fields(arrival, ours, theirs, "name", "description")
        join_values(arrival, ours, theirs)
        for field in ("code_refs", "source_refs", "selection_refs"):
            setattr(ours, field, joined_pointers(getattr(ours, field), getattr(theirs, field)))


def join_sets(arrival: Arrival, identity: Identity) -> None:
    """Take the sets of a copy into those that are there."""
    for ours, theirs in _paired(arrival, identity, "sets"):
        assert isinstance(ours, Set)
        join_fields(arrival, ours, theirs, "name", "description")
        for field in ("member_codes", "member_sources", "member_notes"):
            setattr(ours, field, joined_pointers(getattr(ours, field), getattr(theirs, field)))


def join_links(arrival: Arrival) -> None:
    """Take the links of a copy into those that are there; the same ends, name and direction are the same link."""
    theirs = arrival.project.links
    if theirs is None:
        return
    ours = arrival.joint.project.links = arrival.joint.project.links or []
    there: dict[object, list[Link]] = {}
    for link in ours:
        there.setdefault(_ends(link), []).append(link)
    waiting = []
    for link in theirs:
        if not arrival.lost.isdisjoint({same_guid(link.origin_guid or ""), same_guid(link.target_guid or "")}):
            arrival.joint.findings.add(told.led_to_lost(called(link), arrival.label))
            continue
        free = there.get(_ends(link), [])
        known = next((each for each in free if same_guid(each.guid) == same_guid(link.guid)), None)
        if known is None:
            waiting.append(link)
            continue
        free.remove(known)
        _join_link(arrival, known, link)
    for link in waiting:
        free = [each for each in there.get(_ends(link), []) if each.name == link.name]
        if free:
            there[_ends(link)].remove(free[0])
            _join_link(arrival, free[0], link)
            continue
        arrival.settle(link, str(_ends(link)))
        arrival.joint.came_from(link, arrival.copy)
        ours.append(link)


def join_graphs(arrival: Arrival) -> None:
    """Take the drawings of a copy: one that is there by its GUID or stroke for stroke is joined, others are added."""
    theirs = arrival.project.graphs
    if theirs is None:
        return
    ours = arrival.joint.project.graphs = arrival.joint.project.graphs or []
    by_guid = {same_guid(each.guid): each for each in reversed(ours)}
    taken: set[int] = set()
    for graph in theirs:
        there = by_guid.get(same_guid(graph.guid))
        if there is None:
            there = next((each for each in ours if id(each) not in taken and _drawn(each) == _drawn(graph)), None)
        if there is None or id(there) in taken:
            _add_graph(arrival, graph)
            ours.append(graph)
        else:
            taken.add(id(there))
            _join_graph(arrival, there, graph)


# --- links -----------------------------------------------------------------------------------------------------------


def _ends(link: Link) -> tuple[str, str, str]:
    return same_guid(link.origin_guid or ""), same_guid(link.target_guid or ""), link.direction or ""


def _join_link(arrival: Arrival, ours: Link, theirs: Link) -> None:
    arrival.is_now(theirs, ours)
    join_fields(arrival, ours, theirs, "name", "color")
    ours.note_refs = joined_pointers(ours.note_refs, theirs.note_refs)


# --- drawings --------------------------------------------------------------------------------------------------------


def _drawn(graph: Graph) -> object:
    """Return what a drawing looks like, whatever its GUIDs."""
    at = {same_guid(each.guid): number for number, each in enumerate(graph.vertices)}
    return (
        graph.name,
        tuple(_shape(each) for each in graph.vertices),
        tuple(
            (at.get(same_guid(edge.source_vertex)), at.get(same_guid(edge.target_vertex)), edge.name, edge.direction)
            for edge in graph.edges
        ),
    )


def _shape(vertex: Vertex) -> object:
    corners = (vertex.first_x, vertex.first_y, vertex.second_x, vertex.second_y)
    return (same_guid(vertex.represented_guid or ""), vertex.name, vertex.shape, *corners)


def _add_graph(arrival: Arrival, graph: Graph) -> None:
    arrival.settle(graph, str(_drawn(graph)))
    for vertex in graph.vertices:
        arrival.settle(vertex, f"{graph.guid} {_shape(vertex)}")
    for edge in graph.edges:
        _follow_vertices(arrival, edge)
        arrival.settle(edge, f"{graph.guid} {edge.source_vertex} {edge.target_vertex}")
    arrival.joint.came_from(graph, arrival.copy)


def _join_graph(arrival: Arrival, ours: Graph, theirs: Graph) -> None:
    arrival.is_now(theirs, ours)
    join_fields(arrival, ours, theirs, "name")
    what = called(ours)
    for vertex in theirs.vertices:
        known = _known(ours.vertices, vertex, _shape)
        if known is None:
            arrival.settle(vertex, f"{ours.guid} {_shape(vertex)}")
            ours.vertices.append(vertex)
            continue
        arrival.is_now(vertex, known)
        corners = ("first_x", "first_y", "second_x", "second_y")
        join_fields(
            arrival, known, vertex, "name", "shape", "color", *corners, what=f"{what}, {vertex.name or vertex.guid}"
        )
    for edge in theirs.edges:
        _follow_vertices(arrival, edge)
        line = _known(ours.edges, edge, _line)
        if line is None:
            arrival.settle(edge, f"{ours.guid} {edge.source_vertex} {edge.target_vertex}")
            ours.edges.append(edge)
            continue
        arrival.is_now(edge, line)
        join_fields(
            arrival, line, edge, "name", "color", "direction", "line_style", what=f"{what}, {edge.name or edge.guid}"
        )


def _line(edge: Edge) -> object:
    return (same_guid(edge.source_vertex), same_guid(edge.target_vertex), edge.name, edge.direction)


def _known(ours: list[Any], theirs: Any, looks: Any) -> Any | None:
    """Return what is there with the GUID of something that stands for the same, or what looks the same."""
    same = [
        each
        for each in ours
        if same_guid(each.guid) == same_guid(theirs.guid)
        and same_guid(each.represented_guid or "") == same_guid(theirs.represented_guid or "")
        and (not isinstance(each, Edge) or _line(each)[:2] == _line(theirs)[:2])  # type: ignore[index]
    ]
    return next(iter(same or [each for each in ours if looks(each) == looks(theirs)]), None)


def _follow_vertices(arrival: Arrival, edge: Edge) -> None:
    edge.source_vertex = arrival.now(("vertex",), edge.source_vertex)
    edge.target_vertex = arrival.now(("vertex",), edge.target_vertex)


# --- cases and sets --------------------------------------------------------------------------------------------------


def _paired(arrival: Arrival, identity: Identity, container: str) -> list[tuple[Any, Any]]:
    """Add what is new, and return the rest with what it is the same as."""
    theirs: list[Any] | None = getattr(arrival.project, container)
    if theirs is None:
        return []
    ours: list[Any] = getattr(arrival.joint.project, container) or []
    setattr(arrival.joint.project, container, ours)
    pairs = []
    for each in theirs:
        there = arrival.joint.members.get(identity.number(each))
        if there is not None:
            pairs.append((there, each))
            continue
        ours.append(each)
        arrival.joint.members[identity.number(each)] = each
        arrival.joint.came_from(each, arrival.copy)
    return pairs
