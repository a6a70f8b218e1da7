"""Where the consensus codes: places in a study, made from what coders marked or from a passage written in a cell.

It makes selections and puts nothing anywhere; which row asks for what is known in ``__init__``, what becomes of the
selections in ``consensus``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from qdabridge.coders.agreement.counting import merged
from qdabridge.coders.agreement.disagreements import Agreed, Did, Disagreement
from qdabridge.coders.reconciling.deciding import Unclear
from qdabridge.coders.reconciling.new_passages import area_of, time_of, words_at
from qdabridge.formats.refi.adapting.draft import copied
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AnyText,
    AudioSelection,
    AudioSource,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PlainTextSelection,
    Selection,
    TextDocument,
    TranscriptSelection,
    VideoSelection,
    same_guid,
)
from qdabridge.study.overlap import Span
from qdabridge.study.passages import Codable, Reference

Spot: TypeAlias = Disagreement | Agreed
"""A place of the list, or one that all coded alike."""

_AREAS = (PDFSelection, PictureSelection)
_WHOLE = "whole source"
_FAR = 1 << 62


class Place(NamedTuple):
    """A place to be coded: a source, the text in it if it is one, and a selection that nobody coded yet.

    Without a selection it is the whole source. ``key`` says where in the text or source it is.
    """

    source: Codable
    document: AnyText | None
    selection: Selection | None
    key: str


def key_of(selection: Selection | None) -> str:
    """Return what tells places in one text or source from each other."""
    match selection:
        case None:
            return _WHOLE
        case PlainTextSelection():
            return f"text {selection.start_position} {selection.end_position}"
        case PictureSelection() | PDFSelection():
            page = selection.page if isinstance(selection, PDFSelection) else 0
            (left, right), (low, high) = (
                sorted((selection.first_x, selection.second_x)),
                sorted((selection.first_y, selection.second_y)),
            )
            return f"area {page} {left} {low} {right} {high}"
        case AudioSelection() | VideoSelection():
            return f"time {selection.begin} {selection.end}"
        case TranscriptSelection():
            first, last = selection.from_sync_point or "", selection.to_sync_point or ""
            return f"lines {same_guid(first)} {same_guid(last)}"
    raise AssertionError(type(selection))


class Places:
    """Finds places in one study.

    Args:
        look: the look-up of the study that is being reconciled.
    """

    def __init__(self, look: Lookup) -> None:
        self._look = look
        self._references: dict[tuple[str, str, str], list[Reference]] = {}
        for reference in look.references():
            if reference.coding is not None and reference.source is not None:
                key = (
                    same_guid(reference.code.guid),
                    same_guid(reference.source.guid),
                    same_guid(reference.coding.guid),
                )
                self._references.setdefault(key, []).append(reference)

    def of_coder(self, spot: Spot, did: Did) -> list[Place]:
        """Return what one coder marked, place by place."""
        return _each_once(_as_marked(reference) for reference in self._coded(spot, [did]))

    def of_all(self, spot: Disagreement) -> list[Place]:
        """Return all that any coder marked; passages and stretches that overlap or touch as one."""
        references = self._coded(spot, spot.did)
        marked = _each_once(map(_as_marked, references))
        if any(place.selection is None for place in marked):
            return [place for place in marked if place.selection is None]
        spans = [_span_of(place.selection) for place in marked]
        if any(span is None for span in spans):
            # Areas, and lines of a transcript, whose ends are where somebody tied text to time.
            return marked
        first = marked[0]
        joined = merged((span for span in spans if span is not None), _FAR)
        return [self._with_limits(first, *span) for span in joined]

    def new(self, spot: Disagreement, words: str) -> list[Place]:
        """Return a passage as somebody wrote it into a cell.

        Raises:
            Unclear: it cannot be found, or not without doubt.
        """
        source, document = self._home(spot)
        if " ".join(words.casefold().split()) == _WHOLE:
            return [Place(source, None, None, _WHOLE)]
        return [_place(source, document, self._passage(spot, words, source, document))]

    def at(self, spot: Disagreement) -> Place | None:
        """Return the whole stretch of a disagreement, to be remarked upon; ``None`` where no selection can hold it."""
        source, document = self._home(spot)
        if all(did.whole_source for did in spot.did if did.codings):
            return None
        if isinstance(document, TextDocument):
            return _place(source, document, _text(spot.start, spot.end))
        marked = self.of_all(spot)
        return next((place for place in marked if place.selection is not None), None)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _coded(self, spot: Spot, did: Iterable[Did]) -> list[Reference]:
        code, source = same_guid(spot.code_guid), same_guid(spot.source_guid)
        return [
            reference
            for each in did
            for coding in each.codings
            for reference in self._references.get((code, source, same_guid(coding)), ())
            if _is_meant(reference.selection, spot, each)
        ]

    def _home(self, spot: Disagreement) -> tuple[Codable, AnyText | None]:
        """Return the source of a disagreement, and the text if it is in one."""
        source = self._coded(spot, spot.did)[0].source
        assert source is not None
        if spot.axis != "text":
            return source, None
        wanted = same_guid(spot.document_guid)
        return source, next((text for text in walk.texts_of(source) if same_guid(text.guid) == wanted), None)

    def _passage(self, spot: Disagreement, words: str, source: Codable, document: AnyText | None) -> Selection:
        if spot.axis == "time":
            begin, end = time_of(words)
            if isinstance(source, AudioSource):
                return AudioSelection(guid="", begin=begin, end=end)
            return VideoSelection(guid="", begin=begin, end=end)
        if spot.axis == "area":
            page, *corners = area_of(words)
            return _area(source, spot.page if page is None else page, corners)
        if not isinstance(document, TextDocument):
            raise Unclear("a new passage in a transcript without times can only be coded in the program itself")
        text = self._look.text(document)
        if text is None:
            raise Unclear("the text is not in the study, so the new passage cannot be found in it")
        return _text(*words_at(text, words, (spot.start, spot.end)))

    def _with_limits(self, place: Place, start: int, end: int) -> Place:
        match place.selection:
            case PlainTextSelection():
                return _place(place.source, place.document, _text(start, end))
            case AudioSelection():
                return _place(place.source, None, AudioSelection(guid="", begin=start, end=end))
            case _:
                return _place(place.source, None, VideoSelection(guid="", begin=start, end=end))


def _is_meant(selection: Selection | None, spot: Spot, did: Did) -> bool:
    if did.whole_source or selection is None:
        return did.whole_source and selection is None
    # A tool may write one coding as words and as an area; each stands on the list for itself.
    return isinstance(selection, _AREAS) == (spot.axis == "area")


def _as_marked(reference: Reference) -> Place:
    """Return the place of a reference, as a selection of its own that holds nothing of whoever made the other."""
    assert reference.source is not None
    if reference.selection is None:
        return Place(reference.source, None, None, _WHOLE)
    bare = copied(reference.selection)
    for field in ("extensions", "name", "modifying_user", "modified_date_time", "description"):
        setattr(bare, field, None)
    bare.guid, bare.codings, bare.note_refs = "", (), ()
    if isinstance(bare, PDFSelection) and bare.representation is not None:
        bare.representation = replace(
            bare.representation, guid="", codings=(), note_refs=(), plain_text_selections=[], extensions=None
        )
    return _place(reference.source, reference.document, bare)


def _place(source: Codable, document: AnyText | None, selection: Selection) -> Place:
    return Place(source, document, selection, key_of(selection))


def _each_once(places: Iterable[Place]) -> list[Place]:
    return list({(id(place.source), id(place.document), place.key): place for place in places}.values())


def _span_of(selection: Selection | None) -> Span | None:
    match selection:
        case PlainTextSelection():
            return selection.start_position, selection.end_position
        case AudioSelection() | VideoSelection():
            return selection.begin, selection.end
    return None


def _text(start: int, end: int) -> PlainTextSelection:
    return PlainTextSelection(guid="", start_position=start, end_position=end)


def _area(source: Codable, page: int, corners: Sequence[int]) -> Selection:
    first_x, first_y, second_x, second_y = corners
    if isinstance(source, PDFSource):
        return PDFSelection(guid="", page=page, first_x=first_x, first_y=first_y, second_x=second_x, second_y=second_y)
    return PictureSelection(guid="", first_x=first_x, first_y=first_y, second_x=second_x, second_y=second_y)
