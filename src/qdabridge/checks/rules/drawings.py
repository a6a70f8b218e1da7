"""GRAPH-EDGE: lines of a graph that cannot be drawn."""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.checks.inventory import Inventory, called
from qdabridge.checks.rules.rule import Rule
from qdabridge.findings import Finding
from qdabridge.study.model import same_guid
from qdabridge.study.study import Study


def loose_edges(study: Study, inventory: Inventory) -> Iterator[Finding]:
    """Find edges whose ends are not vertices of their own graph; an empty end is the schema's affair."""
    for graph in study.project.graphs or ():
        own = {same_guid(vertex.guid) for vertex in graph.vertices}
        for edge in graph.edges:
            for end, guid in (("sourceVertex", edge.source_vertex), ("targetVertex", edge.target_vertex)):
                if not guid or same_guid(guid) in own:
                    continue
                elsewhere = inventory.has("vertex", guid)
                yield Finding(
                    "GRAPH-EDGE",
                    "error",
                    f"The {end} of an Edge means a vertex "
                    + ("of another graph" if elsewhere else "that is not in the study")
                    + ", so that the line cannot be drawn.",
                    where=f"{called(edge, graph)}, {end} {guid}",
                    hint="Look at the graph in the program that the study comes from, and draw the line again.",
                )


RULES = (
    Rule(
        code="GRAPH-EDGE",
        severity="error",
        section="REFI-QDA 1.5, 3.5 and 14",
        title="an edge does not lie between two vertices of its graph",
        about="""\
An edge is the line between two vertices. Here one end is no vertex of the same graph: it is nowhere in the study, is
something else, or belongs to another graph. The line cannot be drawn; programs drop it or the whole graph.""",
        find=loose_edges,
    ),
)
