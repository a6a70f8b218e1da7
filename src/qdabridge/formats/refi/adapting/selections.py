"""How many selections there are for one passage: one for each coding, or one for each coder with all codings inside.

Nothing that is coded changes; a selection that takes up another has its comment and notes too, and what pointed to the
other points to it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import msgspec

from qdabridge.formats.refi.adapting.draft import Draft, copied
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    Coding,
    Edge,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Representation,
    Selection,
    TextDocument,
    TranscriptSelection,
    Vertex,
    VideoSelection,
    VideoSource,
    same_guid,
)

_PLACES: dict[type[Selection], tuple[str, ...]] = {
    PlainTextSelection: ("start_position", "end_position"),
    PictureSelection: ("first_x", "first_y", "second_x", "second_y"),
    PDFSelection: ("page", "first_x", "first_y", "second_x", "second_y"),
    AudioSelection: ("begin", "end"),
    VideoSelection: ("begin", "end"),
    TranscriptSelection: ("from_sync_point", "to_sync_point"),
}


def adapt_selections(draft: Draft) -> None:
    """Split or join the selections of every source and note as the profile says."""
    shaping = _Shaping(draft)
    for source in (*(draft.project.sources or ()), *(draft.project.notes or ())):
        if isinstance(source, PictureSource):
            source.picture_selections = shaping.shaped(source.picture_selections)
        elif isinstance(source, PDFSource):
            source.pdf_selections = shaping.shaped(source.pdf_selections)
        elif isinstance(source, AudioSource):
            source.audio_selections = shaping.shaped(source.audio_selections)
        elif isinstance(source, VideoSource):
            source.video_selections = shaping.shaped(source.video_selections)
    for document in draft.documents():
        if isinstance(document, TextDocument):
            document.plain_text_selections = shaping.shaped(document.plain_text_selections)
        else:
            document.transcript_selections = shaping.shaped(document.transcript_selections)
    _point_to_what_took_them_up(draft, shaping.taken_up)
    title = draft.profile.title
    draft.say(
        "SELECTIONS-SPLIT",
        f"{title} has one selection for each coding{'' if draft.profile.selections == 'per coding' else ' person'}; "
        "selections were repeated for the others, and each has the person and date of its coding.",
        shaping.split,
    )
    draft.say(
        "SELECTIONS-JOINED",
        f"{title} has one selection for a passage and the person who coded it; selections of the same passage were "
        "joined, with all their codings; of names and dates those of the first stay.",
        len(shaping.taken_up),
    )


class _Shaping:
    """Counts what was split, and remembers what was taken up by what."""

    def __init__(self, draft: Draft) -> None:
        self.taken_up: dict[str, str] = {}
        self.split = 0
        self._draft = draft

    def shaped(self, selections: Sequence[Selection]) -> list:  # type: ignore[type-arg]
        """Return the selections of one list as the profile wants them, in their order."""
        apart = [part for selection in selections for part in self._parts(selection)]
        return apart if self._draft.profile.selections == "per coding" else self._joined(apart)

    def _parts(self, selection: Selection) -> list[Selection]:
        groups: dict[Hashable, list[Coding]] = {}
        per_coding = self._draft.profile.selections == "per coding"
        for index, coding in enumerate(selection.codings):
            groups.setdefault(index if per_coding else _coder(selection, coding), []).append(coding)
        if len(groups) < 2:
            return [selection]
        first, *others = groups.values()
        parts = [_only(selection, first)]
        for codings in others:
            part = _only(selection, codings)
            part.guid = self._draft.made_guid("selection", selection.guid, codings[0].guid)
            # Notes and comments stay with the first, or they would multiply.
            part.description, part.note_refs = None, ()
            if isinstance(part, PDFSelection) and part.representation is not None:
                part.representation = self._words_alone(part.representation, part.guid)
            parts.append(part)
        self.split += len(others)
        return parts

    def _words_alone(self, representation: Representation, guid: str) -> Representation:
        """Return the words of an area for another selection of it, without what is coded in them."""
        again = copied(representation)
        again.guid = self._draft.made_guid("words", representation.guid, guid)
        again.plain_text_selections, again.codings, again.note_refs, again.variable_values = [], (), (), ()
        return again

    def _joined(self, selections: list[Selection]) -> list[Selection]:
        kept: dict[Hashable, Selection] = {}
        for index, selection in enumerate(selections):
            place = tuple(getattr(selection, field) for field in _PLACES[type(selection)])
            coder = _coder(selection, selection.codings[0]) if selection.codings else None
            # A passage without codings is a comment of its own, not a part of another.
            key = (place, coder) if selection.codings else index
            first = kept.setdefault(key, selection)
            if first is not selection and _says_more(first, selection):
                kept[index] = selection
            elif first is not selection:
                self._take_up(first, selection)
        return list(kept.values())

    def _take_up(self, first: Selection, other: Selection) -> None:
        first.codings += other.codings
        known = {same_guid(ref.target_guid) for ref in first.note_refs}
        first.note_refs += tuple(ref for ref in other.note_refs if same_guid(ref.target_guid) not in known)
        if other.description and other.description != first.description:
            first.description = "\n\n".join(filter(None, (first.description, other.description)))
        first.name = first.name or other.name
        if isinstance(first, PDFSelection) and isinstance(other, PDFSelection):
            first.representation = first.representation or other.representation
        if same_guid(other.guid) != same_guid(first.guid):
            self.taken_up[same_guid(other.guid)] = first.guid


def _coder(selection: Selection, coding: Coding) -> str:
    return same_guid(coding.creating_user or selection.creating_user or "")


def _says_more(first: Selection, other: Selection) -> bool:
    """Tell whether the words of an area of a PDF are others than the first area's, or something is coded in them."""
    words = other.representation if isinstance(other, PDFSelection) else None
    known = first.representation if isinstance(first, PDFSelection) else None
    if words is None or known is None:
        return False
    return bool(
        words.plain_text_content != known.plain_text_content
        or words.plain_text_path != known.plain_text_path
        or words.plain_text_selections
        or words.codings
        or words.note_refs
    )


def _only(selection: Selection, codings: list[Coding]) -> Selection:
    """Return a selection of the same place with some of the codings, made by whoever made those."""
    part = msgspec.structs.replace(selection, codings=tuple(codings))
    coder = codings[0].creating_user
    if coder and same_guid(coder) != same_guid(selection.creating_user or ""):
        part.creating_user = coder
        part.creation_date_time = codings[0].creation_date_time or selection.creation_date_time
        part.modifying_user = part.modified_date_time = None
    return part


def _point_to_what_took_them_up(draft: Draft, taken_up: dict[str, str]) -> None:
    if not taken_up:
        return
    for case in draft.project.cases or ():
        for ref in case.selection_refs:
            ref.target_guid = taken_up.get(same_guid(ref.target_guid), ref.target_guid)
    for link in draft.project.links or ():
        for field in ("origin_guid", "target_guid"):
            guid = getattr(link, field)
            if guid:
                setattr(link, field, taken_up.get(same_guid(guid), guid))
    for graph in draft.project.graphs or ():
        shapes: list[Vertex | Edge] = [*graph.vertices, *graph.edges]
        for shape in shapes:
            if shape.represented_guid:
                shape.represented_guid = taken_up.get(same_guid(shape.represented_guid), shape.represented_guid)
