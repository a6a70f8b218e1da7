"""Which selections of a source are one quotation: one passage that somebody marked, however often it was written down.

NVivo, MAXQDA and QualCoder write a selection for each coding of a passage. ATLAS.ti writes a passage of a PDF as an
area and as the words in it, both under one GUID, and where it runs over several pages, as one more area for each page.
Selections are compared by where they are and by their GUIDs; what their codings mean is known to whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct

from qdabridge.study.model import (
    AnyText,
    AudioSelection,
    PDFSelection,
    PictureSelection,
    PlainTextSelection,
    Selection,
    TextDocument,
    TranscriptSelection,
    VideoSelection,
    same_guid,
)
from qdabridge.study.passages import Codable, Reference, places_in


class Quotation(Struct, frozen=True, gc=False):
    """One passage that somebody marked.

    Args:
        source: the source or note that it is in.
        document: the text whose characters the first selection counts; ``None`` where it is not of words.
        selections: everything that stands for it, words before areas, areas in the order of their pages.
        references: the codings, each code once for each person who gave it.
    """

    source: Codable
    document: AnyText | None
    selections: tuple[Selection, ...]
    references: tuple[Reference, ...] = ()

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages of a PDF that it has areas on, from 0."""
        return tuple(sorted({each.page for each in self.selections if isinstance(each, PDFSelection)}))


class Place(NamedTuple):
    """A selection, and the text whose characters it counts if there is one."""

    document: AnyText | None
    selection: Selection


def selections_together(source: Codable) -> Iterator[list[Place]]:
    """Give the selections of a source, those of one quotation together, in the order of the first of each.

    Words stand before areas, areas in the order of their pages. It costs one look at each selection.
    """
    places = [Place(document, selection) for document, selection, _ in places_in(source) if selection is not None]
    if isinstance(source, TextDocument):
        yield from _at_one_place(places, {}).values()
        return
    words = {same_guid(place.selection.guid): place for place in places if place.document is not None}
    words.pop("", None)
    for group in _pages_joined(list(_at_one_place(places, words).values()), words):
        yield sorted(group, key=_words_first)


def _at_one_place(places: Iterable[Place], words: dict[str, Place]) -> dict[object, list[Place]]:
    """Put selections of the same place together, and areas with the words that share their GUID."""
    at: dict[object, list[Place]] = {}
    for place in places:
        # An area with words is where its words are: what surrounds two passages may be the same rectangle.
        twin = words.get(same_guid(place.selection.guid)) if words and place.document is None else None
        at.setdefault(_where(twin or place), []).append(place)
    return at


def _where(place: Place) -> object:
    """Return the same for selections that mark the same place of one source."""
    document, selection = place
    if isinstance(selection, PlainTextSelection):
        return id(document), selection.start_position, selection.end_position
    if isinstance(selection, AudioSelection | VideoSelection):
        return selection.begin, selection.end
    if isinstance(selection, PDFSelection):
        return selection.name or "", selection.page, *_corners(selection)
    if isinstance(selection, PictureSelection):
        return _corners(selection)
    if isinstance(selection, TranscriptSelection) and (selection.from_sync_point or selection.to_sync_point):
        points = selection.from_sync_point or "", selection.to_sync_point or ""
        return id(document), *map(same_guid, points)
    return id(selection)


def _corners(selection: PDFSelection | PictureSelection) -> tuple[int, int, int, int]:
    left, right = sorted((selection.first_x, selection.second_x))
    low, high = sorted((selection.first_y, selection.second_y))
    return left, low, right, high


def _words_first(place: Place) -> tuple[bool, int]:
    return place.document is None, place.selection.page if isinstance(place.selection, PDFSelection) else 0


# --- passages over several pages -------------------------------------------------------------------------------------


def _pages_joined(groups: list[list[Place]], words: dict[str, Place]) -> Iterable[list[Place]]:
    """Join areas with words to the areas without words that continue them, page by page."""
    alone: dict[object, list[int]] = {}
    begun: list[tuple[int, PDFSelection]] = []
    for number, group in enumerate(groups):
        areas = [each.selection for each in group if isinstance(each.selection, PDFSelection)]
        for area in areas[:1]:
            if same_guid(area.guid) in words:
                begun.append((number, max(areas, key=lambda each: each.page)))
            elif (key := _continuing(area, area.page)) is not None:
                alone.setdefault(key, []).append(number)
    following: dict[int, int] = {}
    for number, area in begun:
        page = area.page + 1
        # Where two areas could be the next page, none is known to be.
        while len(numbers := alone.pop(_continuing(area, page), [])) == 1:
            following[numbers[0]] = number
            page += 1
    for number, first in following.items():
        groups[first] += groups[number]
    return (group for number, group in enumerate(groups) if number not in following)


def _continuing(area: PDFSelection, page: int) -> object:
    """Return what the part of a passage on a page is known by; ``None`` where nothing tells it from other passages."""
    if not area.name or not area.creation_date_time:
        return None
    given = {(same_guid(each.code_ref.target_guid), same_guid(each.creating_user or "")) for each in area.codings}
    return area.name, area.creation_date_time, frozenset(given), page
