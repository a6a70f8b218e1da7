"""What became of everything but codes and codings between two versions: people, cases, sources, notes, links and so on.

Framework summaries are told as what they are, by case and code; the notes, links and the set that hold them are not
told as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TypeVar

from qdabridge.coders.colors import same_color
from qdabridge.coders.comparing.change import Change, Thing
from qdabridge.coders.comparing.coding import CodingChanges
from qdabridge.coders.comparing.details import Details, Inside, name_of
from qdabridge.coders.comparing.marks import Place, Places
from qdabridge.coders.comparing.pairing import Pair, Pairing
from qdabridge.study.model import Case, Edge, Graph, Link, Note, Set, User, Variable, Vertex, same_guid
from qdabridge.study.passages import Codable
from qdabridge.study.summaries import LINK_NAME, SET_NAME

_Named = TypeVar("_Named", User, Variable, Set, Graph, Case)


def element_changes(pairing: Pairing, coding: CodingChanges, details: Details) -> Iterator[Change]:
    """Give what became of everything but codes and codings, kind by kind."""
    telling = _Telling(pairing, coding, details)
    return chain(
        telling.of_study(),
        telling.of_users(),
        telling.of_sources(),
        telling.of_annotations(),
        telling.of_variables(),
        telling.of_cases(),
        telling.of_notes(),
        telling.of_links(),
        telling.of_sets(),
        telling.of_graphs(),
    )


class _Telling:
    def __init__(self, pairing: Pairing, coding: CodingChanges, details: Details) -> None:
        self._pairing = pairing
        self._coding = coding
        self._details = details
        self._summaries = {**self._summary_names(1), **self._summary_names(0)}

    def of_study(self) -> Iterator[Change]:
        before, after = (look.project for look in self._pairing.looks)
        at = self._details.of("study", before.name, "")
        yield from at.name(before.name, after.name)
        yield from at.text("description", before.description, after.description)
        yield from at.members("memo", before.note_refs, after.note_refs)

    def of_users(self) -> Iterator[Change]:
        for pair in self._pairing.users:
            for at, before, after in self._inside("user", pair):
                yield from at.name(before.name, after.name)
                yield from at.value("initials", before.id, after.id)
            yield from self._come_and_gone("user", pair)

    def of_variables(self) -> Iterator[Change]:
        for pair in self._pairing.variables:
            for at, before, after in self._inside("variable", pair):
                yield from at.name(before.name, after.name)
                yield from at.value("type", before.type_of_variable, after.type_of_variable)
                yield from at.text("description", before.description, after.description)
            yield from self._come_and_gone("variable", pair)

    def of_cases(self) -> Iterator[Change]:
        passages = self._coding.passages_of_cases()
        for pair in self._pairing.cases:
            for at, before, after in self._inside("case", pair):
                yield from at.name(before.name, after.name)
                yield from at.text("description", before.description, after.description)
                yield from at.values(before.variable_values, after.variable_values)
                yield from at.members("source", before.source_refs, after.source_refs)
                yield from at.members("code", before.code_refs, after.code_refs)
                chosen = [{same_guid(ref.target_guid) for ref in each.selection_refs} for each in (before, after)]
                came, went = len(chosen[1] - chosen[0]), len(chosen[0] - chosen[1])
                more, less = passages.get(self._pairing.number(before), (0, 0))
                yield from at.passages(came + more, went + less)
            yield from self._come_and_gone("case", pair)

    def of_sources(self) -> Iterator[Change]:
        for pair in self._pairing.sources:
            if not isinstance(pair.there, Note):
                yield from self._of_source("source", self._name(pair), pair)

    def of_notes(self) -> Iterator[Change]:
        for pair in self._pairing.sources:
            note = pair.there
            if isinstance(note, Note):
                summary = self._summaries.get(same_guid(note.guid))
                yield from self._of_source("summary" if summary else "note", summary or self._name(pair), pair)

    def of_annotations(self) -> Iterator[Change]:
        """What is written about passages in their Descriptions."""
        before, after = self._remarks(0), self._remarks(1)
        for place in dict.fromkeys((*before, *after)):
            (name, old), (name_now, new) = before.get(place, ("", None)), after.get(place, ("", None))
            if old == new or not self._pairing.is_in_both(place.source):
                continue
            if old is None or new is None:
                yield Change("annotation", "added" if old is None else "gone", name or name_now, before=old, after=new)
            else:
                yield from self._details.of("annotation", name, "").text("text", old, new)

    def of_links(self) -> Iterator[Change]:
        for pair in self._pairing.links:
            link = pair.there
            if link.name == LINK_NAME:
                continue
            name = self._link_name(pair)
            at = self._details.of("link", name, link.guid)
            if pair.before is None or pair.after is None:
                yield Change("link", "added" if pair.before is None else "gone", name, link.guid)
                continue
            before, after = pair.before, pair.after
            yield from at.name(before.name, after.name)
            yield from at.value("direction", before.direction, after.direction)
            yield from at.value("colour", same_color(before.color), same_color(after.color))
            for what, ours, theirs in (
                ("from", before.origin_guid, after.origin_guid),
                ("to", before.target_guid, after.target_guid),
            ):
                # A link to what is gone says the same as before; that it is gone is told of the thing itself.
                if self._known_as(0, ours) != self._known_as(1, theirs):
                    ends = self._pairing.target(0, ours), self._pairing.target(1, theirs)
                    yield from at.value(what, self._called(0, ends[0]), self._called(1, ends[1]))
            yield from at.members("memo", before.note_refs, after.note_refs)

    def of_sets(self) -> Iterator[Change]:
        for pair in self._pairing.sets:
            if pair.there.name == SET_NAME:
                continue
            for at, before, after in self._inside("set", pair):
                yield from at.name(before.name, after.name)
                yield from at.text("description", before.description, after.description)
                yield from at.members("code", before.member_codes, after.member_codes)
                yield from at.members("source", before.member_sources, after.member_sources)
                yield from at.members("note", before.member_notes, after.member_notes)
            yield from self._come_and_gone("set", pair)

    def of_graphs(self) -> Iterator[Change]:
        for pair in self._pairing.graphs:
            for at, before, after in self._inside("graph", pair):
                yield from at.name(before.name, after.name)
                if self._drawn(0, before) != self._drawn(1, after):
                    yield from at.replaced("drawing")
            yield from self._come_and_gone("graph", pair)

    # --- what several kinds share -------------------------------------------------------------------------------------

    def _inside(self, thing: Thing, pair: Pair[_Named]) -> Iterator[tuple[Inside, _Named, _Named]]:
        """Give what tells the differences of a thing that is in both versions, and nothing for others."""
        if pair.before is not None and pair.after is not None:
            yield self._details.of(thing, self._name(pair), pair.before.guid), pair.before, pair.after

    def _come_and_gone(self, thing: Thing, pair: Pair[_Named]) -> Iterator[Change]:
        """Tell of a thing that is only in one version."""
        if pair.both is None:
            yield Change(thing, "added" if pair.before is None else "gone", self._name(pair), pair.there.guid)

    def _of_source(self, thing: Thing, name: str, pair: Pair[Codable]) -> Iterator[Change]:
        before, after = pair.before, pair.after
        if before is None or after is None:
            count = self._coding.count_in(self._pairing.number(pair.there))
            yield Change(thing, "added" if before is None else "gone", name, pair.there.guid, count=count)
            return
        at = self._details.of(thing, name, before.guid)
        if thing != "summary":
            yield from at.name(before.name, after.name)
        if self._pairing.is_edited(before):
            texts = self._pairing.texts_of(before)
            yield from at.edited("text", *texts) if texts is not None else at.replaced("file")
        yield from at.text("description", before.description, after.description)
        yield from at.values(before.variable_values, after.variable_values)
        yield from at.members("memo", before.note_refs, after.note_refs)

    def _name(self, pair: Pair[object]) -> str:
        side, there = int(pair.before is None), pair.there
        return name_of(self._pairing, side, there)

    # --- links, remarks, drawings -------------------------------------------------------------------------------------

    def _summary_names(self, side: int) -> dict[str, str]:
        """Return what the notes that hold summaries are about, by their GUIDs."""
        found = {}
        for link in self._pairing.looks[side].project.links or ():
            if link.name == LINK_NAME:
                ends = [self._pairing.target(side, each) for each in (link.origin_guid, link.target_guid)]
                name = " × ".join(name_of(self._pairing, side, each) for each in ends)
                found.update({same_guid(ref.target_guid): name for ref in link.note_refs})
        return found

    def _link_name(self, pair: Pair[Link]) -> str:
        side, link = int(pair.before is None), pair.there
        ends = [self._called(side, self._pairing.target(side, each)) for each in (link.origin_guid, link.target_guid)]
        return f"{ends[0]} → {ends[1]}" + (f" ({link.name})" if link.name else "")

    def _called(self, side: int, thing: object) -> str:
        return name_of(self._pairing, side, thing) or "?"

    def _known_as(self, side: int, guid: str | None) -> int | str:
        """Return what both versions know the thing of a GUID by: its number, or the GUID if only one has it."""
        number = self._pairing.number(self._pairing.target(side, guid))
        return number if self._pairing.is_in_both(number) else same_guid(guid or "")

    def _remarks(self, side: int) -> dict[Place, tuple[str, str]]:
        """Return the Descriptions of passages: place → what to call the place, and the text."""
        look, places = self._pairing.looks[side], Places(self._pairing, side)
        found: dict[Place, tuple[str, str]] = {}
        for each in look.annotations():
            place = places.of(each.passage)
            if each.note is None and each.text and place is not None:
                source = self._pairing.names[side].sources[id(each.passage.source)]
                found.setdefault(place._replace(user=0), (f"{source}, {look.place_of(each.passage)}", each.text))
        return found

    def _drawn(self, side: int, graph: Graph) -> object:
        """Return what is drawn: shapes and lines, with what they stand for as both versions know it."""
        return (
            {self._shape(side, each) for each in graph.vertices},
            {self._line(each) for each in graph.edges},
        )

    def _shape(self, side: int, vertex: Vertex) -> tuple[object, ...]:
        stands_for = self._known_as(side, vertex.represented_guid)
        corners = vertex.first_x, vertex.first_y, vertex.second_x, vertex.second_y
        return same_guid(vertex.guid), stands_for, vertex.name, *corners, vertex.shape, same_color(vertex.color)

    def _line(self, edge: Edge) -> tuple[object, ...]:
        ends = same_guid(edge.source_vertex), same_guid(edge.target_vertex)
        return same_guid(edge.guid), *ends, edge.name, same_color(edge.color), edge.direction, edge.line_style
