"""Codes by codes: which stand at one place, near each other, or in one source.

What is counted are pairs of places, one of each code: a place with both codes is one pair. On the diagonal stands how
many places a code has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal, TypeAlias, Unpack, get_args

from qdabridge.errors import BadRequest
from qdabridge.matrix.building import Choices, Making
from qdabridge.matrix.figures import percent
from qdabridge.matrix.grid import Cell, Matrix, Row
from qdabridge.matrix.places import Place
from qdabridge.pause import garbage_collection_paused
from qdabridge.study.lookup import PATH_SEPARATOR, Lookup
from qdabridge.study.model import PDFSelection, PictureSelection
from qdabridge.study.overlap import Stretch, overlaps
from qdabridge.study.passages import Reference
from qdabridge.study.study import Study

Nearness: TypeAlias = Literal["overlap", "near", "source"]

USUAL_DISTANCE = 200
"""How many characters may lie between places that are near each other, if nothing else is said."""

_Axis: TypeAlias = tuple[str, int, int]
_Pairs: TypeAlias = dict[tuple[int, int], tuple[int, list[int]]]


def co_occurrence(
    study: Study,
    *,
    together: Nearness = "overlap",
    distance: int = USUAL_DISTANCE,
    **choices: Unpack[Choices],
) -> Matrix:
    """Make a matrix of codes by codes.

    >>> from qdabridge.study.model import Code, CodeBook, Project
    >>> codes = CodeBook(codes=[Code(guid="7a1f", name="Trust"), Code(guid="7a20", name="Waiting")])
    >>> co_occurrence(Study(Project(name="Clinic", code_book=codes))).to_rows()[1:]
    [['Code', 'Trust', 'Waiting'], ['Trust', 0, 0], ['Waiting', 0, 0]]

    Args:
        study: the study; keep it open meanwhile.
        together: what counts: places that ``overlap``; that are ``near``, in a text with at most so many characters
            between them, elsewhere only if they overlap; or that are in the same ``source``, where sources are counted
            instead of places. Codings of whole sources count only for the last.
        distance: how many characters may lie between what is near.
        **choices: see ``Choices``; by default cells hold the number of pairs. Quotes and all figures but ``count`` are
            of the passages of the row's code; ``row %`` says how many of those stand with the column's code, and
            ``column %`` how many of the column's stand with the row's.

    Raises:
        BadRequest: something is asked for that does not fit together.
        NotInStudy: there is no such code, set, variable or coder.
    """
    if together not in get_args(Nearness):
        raise BadRequest(f"Codes do not occur together by “{together}”.", todo="Say overlap, near or source.")
    if distance < 0:
        raise BadRequest("Nothing is nearer than no characters away.")
    with garbage_collection_paused():
        making = Making(study, "users", {"cells": ("count",), **choices})
        making.refuse_summaries()
        return _Crossing(making, together, distance).matrix


class _Crossing:
    """A matrix of codes by codes in the making."""

    def __init__(self, making: Making, together: Nearness, distance: int) -> None:
        self._making = making
        references = making.columns.shown(making.filter.of(making.rows.references()))
        self._places = making.places.together(references)
        self._columns = [self._columns_of(place) for place in self._places]
        if together == "source":
            pairs = self._in_one_source()
        else:
            pairs = self._at_one_place(distance if together == "near" else None)
        self.matrix = making.finished()
        self.matrix.kind = "co-occurrence"
        self.matrix.row_kind = "codes"
        self.matrix.attributes = []
        self.matrix.rows = [
            Row(each.guid, PATH_SEPARATOR.join(each.path), color=each.color) for each in self.matrix.columns
        ]
        self._fill(pairs)

    def _columns_of(self, place: Place) -> frozenset[int]:
        return frozenset(number for number, _ in self._making.columns.sorted_in(place.references))

    # --- pairs --------------------------------------------------------------------------------------------------------

    def _at_one_place(self, distance: int | None) -> _Pairs:
        """Count pairs of places; with each go the places of the first code of the pair."""
        counts: dict[tuple[int, int], int] = {}
        seen: dict[tuple[int, int], dict[int, None]] = {}
        own = ((number, number) for number in range(len(self._places)))
        for one, other in chain(own, self._neighbours(distance)):
            for first in self._columns[one]:
                for second in self._columns[other]:
                    # A code with itself: its places are counted, not which of them overlap.
                    if first == second and one != other:
                        continue
                    counts[first, second] = counts.get((first, second), 0) + 1
                    seen.setdefault((first, second), {})[one] = None
        return {pair: (count, list(seen[pair])) for pair, count in counts.items()}

    def _neighbours(self, distance: int | None) -> Iterator[tuple[int, int]]:
        """Give every two different places that overlap or are near, each the one way and the other."""
        axes: dict[_Axis, list[Stretch]] = {}
        for number, place in enumerate(self._places):
            for axis, stretch in _stretches(self._making.look, place, number):
                axes.setdefault(axis, []).append(stretch)
        given: set[tuple[int, int]] = set()
        for axis, stretches in axes.items():
            wide = stretches
            if distance is not None and axis[0] == "text":
                wide = [_wider(each, distance) for each in stretches]
            for one, other in overlaps(wide, stretches):
                pair = one.whose, other.whose
                if one.whose != other.whose and pair not in given:
                    given.add(pair)
                    yield pair

    def _in_one_source(self) -> _Pairs:
        """Count sources; with each go the places of the first code that are in them."""
        things: dict[int, dict[int, list[int]]] = {}
        for number, place in enumerate(self._places):
            source = place.references[0].source
            if source is not None:
                thing = min(map(id, (source, *self._making.look.twins_of(source))))
                for column in self._columns[number]:
                    things.setdefault(thing, {}).setdefault(column, []).append(number)
        found: _Pairs = {}
        for by_column in things.values():
            for first, places in by_column.items():
                for second in by_column:
                    count, before = found.get((first, second), (0, []))
                    found[first, second] = count + 1, [*before, *places]
        return found

    # --- cells --------------------------------------------------------------------------------------------------------

    def _fill(self, pairs: _Pairs) -> None:
        measures = self.matrix.measures
        for first, second in sorted(pairs):
            count, numbers = pairs[first, second]
            cell = self._cell(numbers, first)
            if "count" in measures:
                cell.figures["count"] = count
            if "row %" in measures:
                cell.figures["row %"] = percent(len(numbers), len(pairs[first, first][1]))
            if "column %" in measures:
                cell.figures["column %"] = percent(len(pairs[second, first][1]), len(pairs[second, second][1]))
            self.matrix.cells[first, second] = cell

    def _cell(self, numbers: Iterable[int], column: int) -> Cell:
        """Return the cell of some places of a code."""
        making = self._making
        references = [
            reference
            for number in sorted(numbers)
            for at, of_column in making.columns.sorted_in(self._places[number].references)
            if at == column
            for reference in of_column
        ]
        sources = {id(each.source): each.source for each in references if each.source is not None}
        return making.cell(references, making.inside(column), sources.values(), len(sources))


def _stretches(look: Lookup, place: Place, number: int) -> Iterator[tuple[_Axis, Stretch]]:
    """Give where a place lies; what is written down twice, as words and as areas, lies in both."""
    for reference in place.references:
        yield from _stretches_of(look, reference, number)


def _stretches_of(look: Lookup, reference: Reference, number: int) -> Iterator[tuple[_Axis, Stretch]]:
    selection = reference.selection
    if isinstance(selection, PDFSelection | PictureSelection):
        page = selection.page if isinstance(selection, PDFSelection) else 0
        low, high = sorted((selection.first_y, selection.second_y))
        left, right = sorted((selection.first_x, selection.second_x))
        yield ("area", id(reference.source), page), Stretch(left, right, low, max(high, low + 1), number)
        return
    span = look.span_of(reference)
    axis = ("text", id(reference.document), 0) if span is not None else ("time", id(reference.source), 0)
    span = span or look.time_of(reference)
    for start, end in (reference.parts or (span,)) if span is not None else ():
        yield axis, Stretch(min(start, end), max(start, end), 0, 1, number)


def _wider(stretch: Stretch, distance: int) -> Stretch:
    # What ends where another begins does not overlap it, but is no character away.
    return stretch._replace(start=stretch.start - distance - 1, end=stretch.end + distance + 1)
