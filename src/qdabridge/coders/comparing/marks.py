"""What is coded in a version of a study, place by place, in a form that can be held against another version.

Places in a text that was edited are carried over to the later text where words of them are left. What the differences
mean is not known here.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from qdabridge.coders.comparing.pairing import Pairing
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    TranscriptSelection,
    VideoSelection,
    VideoSource,
    same_guid,
)
from qdabridge.study.passages import Reference

Where: TypeAlias = tuple[object, ...]
"""A place in a source: the text or the page, and the positions; the same in both versions."""


class Place(NamedTuple):
    """A place of which something is coded by somebody: the numbers of the source and the person, and where it is."""

    source: int
    user: int
    where: Where


class Mark(NamedTuple):
    """One coding as it is compared: the same place by the same person with the same code is the same."""

    code: int
    place: Place


class Places:
    """Says where references are.

    Args:
        pairing: both versions.
        side: which of them, 0 or 1.
    """

    def __init__(self, pairing: Pairing, side: int) -> None:
        self._pairing = pairing
        self._side = side

    def of(self, reference: Reference) -> Place | None:
        """Return where a reference is; ``None`` where it is in no source."""
        if reference.source is None:
            return None
        source, user = self._pairing.number(reference.source), self._pairing.number(reference.user)
        return Place(source, user, self._where(reference))

    def _where(self, reference: Reference) -> Where:
        look = self._pairing.looks[self._side]
        selection = look.lead_of(reference)
        if selection is None:
            return ("whole",)
        if isinstance(selection, PlainTextSelection | TranscriptSelection):
            span = look.span_of(reference if selection is reference.selection else _with(reference, selection))
            if span is None:
                return "selection", same_guid(selection.guid)
            return (*self._text(reference), *self._carried(reference, span))
        if isinstance(selection, PDFSelection | PictureSelection):
            page = selection.page if isinstance(selection, PDFSelection) else 0
            return "area", page, selection.first_x, selection.first_y, selection.second_x, selection.second_y
        if isinstance(selection, AudioSelection | VideoSelection):
            return "time", selection.begin, selection.end
        return "selection", same_guid(selection.guid)

    def _text(self, reference: Reference) -> tuple[object, ...]:
        """Which of the texts of its source a reference counts."""
        source, document = reference.source, reference.document
        if isinstance(source, AudioSource | VideoSource):
            return "transcript", next((n for n, each in enumerate(source.transcripts) if each is document), -1)
        if document is None or document is source:
            return ("text",)
        if isinstance(source, PDFSource) and document is not source.representation:
            return "text of area", same_guid(document.guid)
        return ("text",) if isinstance(source, PDFSource | PictureSource) else ("text", same_guid(document.guid))

    def _carried(self, reference: Reference, span: tuple[int, int]) -> tuple[object, ...]:
        source = reference.source
        if self._side == 1 or source is None or reference.document is not source or not self._pairing.is_edited(source):
            return span
        carried = self._pairing.carried(source)
        now = carried.span(*span) if carried is not None else span
        # Places whose words are gone are no place of the later text, and each is its own.
        return now if now is not None else ("gone", *span)


class Marks:
    """All codings of one version; what stands twice, once.

    Args:
        pairing: both versions.
        side: which of them, 0 or 1.
    """

    def __init__(self, pairing: Pairing, side: int) -> None:
        places = Places(pairing, side)
        self.references: dict[Mark, Reference] = {}
        """The first reference of each."""
        self.of_cases: dict[int, set[Place]] = {}
        """What NVivo codes with a case: the places, by the number of the case."""
        look = pairing.looks[side]
        for reference in look.references():
            place = places.of(reference)
            if place is None:
                continue
            if look.is_case(reference.code):
                case = pairing.number(look.case(reference.code.guid))
                self.of_cases.setdefault(case, set()).add(place._replace(user=0))
            elif number := pairing.number(reference.code):
                self.references.setdefault(Mark(number, place), reference)

    def places_with(self) -> dict[int, set[Place]]:
        """Return the places of each code, by its number."""
        found: dict[int, set[Place]] = {}
        for mark in self.references:
            found.setdefault(mark.code, set()).add(mark.place)
        return found


def _with(reference: Reference, selection: PlainTextSelection | TranscriptSelection) -> Reference:
    from msgspec.structs import replace

    return replace(reference, selection=selection)
