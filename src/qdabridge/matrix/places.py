"""Which references are of one place, and in which order places come.

It knows where references are, and nothing of what is written there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from msgspec.structs import replace

from qdabridge.matrix.filters import date_of
from qdabridge.study.areas import from_the_top
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AudioSelection,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Selection,
    VideoSelection,
)
from qdabridge.study.passages import Reference

Order: TypeAlias = Literal["position", "date"]
_Position: TypeAlias = tuple[int, int, int, int]

_LATER_THAN_ALL = "~"


class Place(NamedTuple):
    """A place, by where it comes among others, with what was coded there."""

    position: _Position
    references: list[Reference]


class Places:
    """Puts references of one place together."""

    def __init__(self, look: Lookup) -> None:
        self._look = look
        codable = (*(look.project.sources or ()), *(look.project.notes or ()))
        self._order = {id(source): number for number, source in enumerate(codable)}

    def together(self, references: Iterable[Reference]) -> list[Place]:
        """Return the places that are coded, by source and position."""
        found: dict[object, Place] = {}
        for reference in references:
            selection = reference.selection
            if type(selection) is PlainTextSelection and reference.document is reference.source:
                # By far the most: a passage of a text.
                start, end = selection.start_position, selection.end_position
                key: object = (id(reference.source), start, end, reference.parts)
                if (place := found.get(key)) is not None:
                    place.references.append(reference)
                    continue
                first = reference.parts[0][0] if reference.parts else start
                end = 0 if reference.parts else end
                found[key] = Place((self._order.get(id(reference.source), -1), 1, first, end), [reference])
                continue
            key, position = self._key(reference), self._position(reference)
            known = found.get(key)
            if known is None:
                found[key] = Place(position, [reference])
            else:
                found[key] = Place(min(known.position, position), [*known.references, reference])
        return sorted(found.values(), key=_by_position)

    def _key(self, reference: Reference) -> object:
        """Return the same for references to the same place."""
        selection = reference.selection
        if selection is None:
            return id(reference.source), None
        if isinstance(reference.source, PDFSource | PictureSource):
            return id(self._look.lead_of(reference))
        measured = self._look.span_of(reference) or self._look.time_of(reference) or id(selection)
        return id(reference.document or reference.source), measured, reference.parts

    def _position(self, reference: Reference) -> _Position:
        """Where a reference comes among others: by source, the whole of it first, then by place."""
        source = self._order.get(id(reference.source), -1)
        selection = reference.selection
        if isinstance(selection, PDFSelection):
            top = selection.first_y, selection.second_y
            down = min(top) if from_the_top(self._look.tool) else -max(top)
            return source, 1 + selection.page, down, selection.first_x
        if isinstance(selection, PictureSelection):
            return source, 1, selection.first_y, selection.first_x
        if reference.parts:
            return source, 1, reference.parts[0][0], 0
        if isinstance(selection, AudioSelection | VideoSelection):
            return source, 1, selection.begin, selection.end
        span = self._look.span_of(reference)
        return (source, 1, *span) if span is not None else (source, 0, 0, 0)


def by_date(places: Iterable[Place]) -> list[Place]:
    """Return places in the order in which they were coded first; those of which it is not known come last."""
    return sorted(places, key=lambda place: (first_date(place.references) or _LATER_THAN_ALL, place.position))


def first_date(references: Iterable[Reference]) -> str | None:
    """Return when the first of some references was coded, as the study has it."""
    return min((date for each in references if (date := date_of(each)) is not None), default=None)


def merged(places: Sequence[Place], text_between: Callable[[Reference, int, int], str]) -> list[Place]:
    """Join places of one text or recording that overlap or touch; in a text, white space between them does not matter.

    Args:
        places: by position.
        text_between: returns the words from one position to another in the text of a reference.
    """
    found: list[Place] = []
    for place in places:
        joined = _joined(found[-1], place, text_between) if found else None
        if joined is None:
            found.append(place)
        else:
            found[-1] = joined
    return found


def _joined(left: Place, right: Place, text_between: Callable[[Reference, int, int], str]) -> Place | None:
    one, other = left.references[0], right.references[0]
    ends, others = _ends(one), _ends(other)
    if ends is None or others is None or one.source is not other.source or one.document is not other.document:
        return None
    if type(one.selection) is not type(other.selection):
        return None
    gap = "" if others[0] <= ends[1] else "?"
    if gap and one.document is not None:
        gap = text_between(one, ends[1], others[0])
    if gap.strip():
        return None
    start, end = min(ends[0], others[0]), max(ends[1], others[1])
    both = [*left.references, *right.references]
    return Place(left.position, [_widened(both[0], start, end), *both[1:]])


def _ends(reference: Reference) -> tuple[int, int] | None:
    selection = reference.selection
    if reference.parts:
        return None
    if isinstance(selection, PlainTextSelection):
        return selection.start_position, selection.end_position
    if isinstance(selection, AudioSelection | VideoSelection):
        return selection.begin, selection.end
    return None


def _widened(reference: Reference, start: int, end: int) -> Reference:
    selection = reference.selection
    wide: Selection | None = selection
    if isinstance(selection, PlainTextSelection):
        wide = replace(selection, start_position=start, end_position=end)
    elif isinstance(selection, AudioSelection | VideoSelection):
        wide = replace(selection, begin=start, end=end)
    return replace(reference, selection=wide)


def _by_position(place: Place) -> _Position:
    return place.position
