"""Joining sources and notes: their texts, what is marked in them, their files.

Where a text was edited in one copy, the one that was there first stays, and what the other copy marked in its own is
carried over, or said to be lost. Who is who and which code is which has been settled before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qdabridge.checks.inventory import called
from qdabridge.coders.merging import told
from qdabridge.coders.merging.fields import join_authored, join_fields, join_values
from qdabridge.coders.merging.identity import Identity
from qdabridge.coders.merging.joint import Arrival, kind_of
from qdabridge.coders.merging.passages import join_codings, join_selections
from qdabridge.errors import CannotRead
from qdabridge.formats.refi.adapting.draft import elements_in
from qdabridge.study import walk
from qdabridge.study.model import (
    AnyText,
    AudioSource,
    Coding,
    Element,
    FileSource,
    Note,
    PDFSelection,
    PDFSource,
    PictureSource,
    PlainTextSelection,
    Selection,
    SyncPoint,
    TextDocument,
    Transcript,
    VideoSource,
    same_guid,
)
from qdabridge.study.moving import Moving
from qdabridge.study.passages import Codable
from qdabridge.study.study import Study
from qdabridge.study.text import quoted

_OF_A_SOURCE = ("creating_user",)
_BETWEEN = " … "
"""What stands between the pieces in which two texts differ."""


def join_sources(arrival: Arrival, identity: Identity) -> None:
    """Take the sources and notes of a copy into those that are there."""
    for field in ("sources", "notes"):
        theirs: Sequence[Any] | None = getattr(arrival.project, field)
        if theirs is None:
            continue
        ours = getattr(arrival.joint.project, field)
        if ours is None:
            ours = []
            setattr(arrival.joint.project, field, ours)
        for source in theirs:
            there = arrival.joint.members.get(identity.number(source))
            if there is None:
                _add_source(arrival, source)
                ours.append(source)
                arrival.joint.members[identity.number(source)] = source
            else:
                _Joining(arrival, identity, there, source).join()


# --- a source that is new --------------------------------------------------------------------------------------------


def _add_source(arrival: Arrival, source: Codable) -> None:
    """Bring a source with its files; it has its GUID already, what is in it gets one."""
    for element in elements_in(source):
        if element is not source:
            _settle_inside(arrival, element, source.guid)
    _repoint_sync_points(arrival, source)
    for text in [source, *walk.texts_of(source)]:
        _bring(arrival, text)
    arrival.joint.came_from(source, arrival.copy)


def _settle_inside(arrival: Arrival, element: Element, where: str) -> None:
    if isinstance(element, Selection | Coding | TextDocument | Transcript | SyncPoint):
        arrival.settle(element, f"{where} {kind_of(element)}")


def _repoint_sync_points(arrival: Arrival, source: Codable) -> None:
    for transcript in source.transcripts if isinstance(source, AudioSource | VideoSource) else ():
        _follow_sync_points(arrival, transcript)


def _follow_sync_points(arrival: Arrival, transcript: Transcript) -> None:
    for selection in transcript.transcript_selections:
        for field in ("from_sync_point", "to_sync_point"):
            guid = getattr(selection, field)
            if guid:
                setattr(selection, field, arrival.now(("sync point",), guid))


def _bring(arrival: Arrival, element: Element) -> None:
    for field in ("path", "plain_text_path", "rich_text_path"):
        if (reference := getattr(element, field, None)) is not None:
            setattr(element, field, arrival.joint.packing.bring(arrival.look.study.files, reference))


# --- a source that is there ----------------------------------------------------------------------------------------


class _Joining:
    """One source of a copy that is being joined with one that is there."""

    def __init__(self, arrival: Arrival, identity: Identity, ours: Codable, theirs: Codable) -> None:
        self.arrival = arrival
        self.identity = identity
        self.ours = ours
        self.theirs = theirs
        self.study = Study(arrival.joint.project, arrival.joint.packing.files)

    def join(self) -> None:
        ours, theirs, arrival = self.ours, self.theirs, self.arrival
        join_authored(arrival, ours, theirs, *_OF_A_SOURCE)
        join_values(arrival, ours, theirs)
        join_codings(arrival, ours, theirs, ours.guid)
        if isinstance(ours, TextDocument) and isinstance(theirs, TextDocument):
            self._join_text(ours, theirs)
            return
        assert isinstance(ours, FileSource)
        assert isinstance(theirs, FileSource)
        self._join_file(ours, theirs)
        if isinstance(ours, PictureSource) and isinstance(theirs, PictureSource):
            join_selections(arrival, ours.picture_selections, theirs.picture_selections, ours.guid)
            ours.text_description = self._join_part(ours.text_description, theirs.text_description)
        elif isinstance(ours, PDFSource) and isinstance(theirs, PDFSource):
            self._join_areas(ours, theirs)
            ours.representation = self._join_part(ours.representation, theirs.representation)
        elif isinstance(ours, AudioSource) and isinstance(theirs, AudioSource):
            join_selections(arrival, ours.audio_selections, theirs.audio_selections, ours.guid)
            self._join_transcripts(ours.transcripts, theirs.transcripts)
        elif isinstance(ours, VideoSource) and isinstance(theirs, VideoSource):
            join_selections(arrival, ours.video_selections, theirs.video_selections, ours.guid)
            self._join_transcripts(ours.transcripts, theirs.transcripts)

    def _join_file(self, ours: FileSource, theirs: FileSource) -> None:
        """Take the file of a copy where ours is not there."""
        files, there = self.arrival.look.study.files, self.arrival.joint.packing.files
        if ours.path is None or (there.locate(ours.path) is None and theirs.path and files.find(theirs.path)):
            ours.path = self.arrival.joint.packing.bring(files, theirs.path)
        elif theirs.path and not self.arrival.joint.packing.same(files, theirs.path, ours.path):
            self.arrival.joint.conflict("file", called(ours), ours, "path", ours.path, self.arrival, theirs.path)
        ours.current_path = ours.current_path or theirs.current_path

    def _join_areas(self, ours: PDFSource, theirs: PDFSource) -> None:
        before = {id(each) for each in ours.pdf_selections}
        same = join_selections(self.arrival, ours.pdf_selections, theirs.pdf_selections, ours.guid)
        for one, other in same:
            assert isinstance(one, PDFSelection)
            assert isinstance(other, PDFSelection)
            one.representation = self._join_part(one.representation, other.representation)
        for area in ours.pdf_selections:
            if id(area) not in before and area.representation is not None:
                self._add_part(area.representation)

    def _join_part(self, ours: Any, theirs: Any) -> Any:
        """Join the text of a picture, PDF or area; return what there is of it."""
        if theirs is None:
            return ours
        if ours is None:
            self._add_part(theirs)
            return theirs
        self.arrival.is_now(theirs, ours)
        join_authored(self.arrival, ours, theirs, *_OF_A_SOURCE)
        join_values(self.arrival, ours, theirs)
        join_codings(self.arrival, ours, theirs, ours.guid)
        self._join_text(ours, theirs)
        return ours

    def _add_part(self, theirs: TextDocument | Transcript) -> None:
        for element in elements_in(theirs):
            _settle_inside(self.arrival, element, self.ours.guid)
        _bring(self.arrival, theirs)
        self.arrival.joint.came_from(theirs, self.arrival.copy)

    # Texts ------------------------------------------------------------------------

    def _join_text(self, ours: TextDocument, theirs: TextDocument) -> None:
        moving = self._join_words(ours, theirs)
        selections = self._carried(theirs.plain_text_selections, moving)
        join_selections(self.arrival, ours.plain_text_selections, selections, ours.guid)

    def _join_words(self, ours: Any, theirs: Any) -> Moving | None:
        """Keep the text that is there; return the way to it from that of the copy where they differ."""
        words, text = self._words(ours), self.arrival.text(theirs)
        packing, files = self.arrival.joint.packing, self.arrival.look.study.files
        if words is None and text is not None:
            ours.plain_text_path = packing.bring(files, theirs.plain_text_path)
            ours.plain_text_content = theirs.plain_text_content
            self.arrival.joint.came_from(ours, self.arrival.copy, "text")
        if words is None or text is None or words == text:
            if ours.rich_text_path is None:
                ours.rich_text_path = packing.bring(files, theirs.rich_text_path)
            return None
        moving = self.arrival.moving[id(theirs)] = self.identity.edited(text, words)
        ends = [_line_ends(text), _line_ends(words)]
        if _in_lines(text) == _in_lines(words) and ends[0] != ends[1]:
            # The differences themselves are nothing that a person could see.
            said = ends
        else:
            said = [_BETWEEN.join(pieces) for pieces in zip(*moving.differences(), strict=True)]
        self.arrival.joint.conflict("text", called(ours, self.ours), ours, "text", said[1], self.arrival, said[0])
        return moving

    def _words(self, document: AnyText) -> str | None:
        try:
            return self.study.text_of(document)
        except CannotRead:
            return None

    def _carried(self, selections: Sequence[PlainTextSelection], moving: Moving | None) -> list[PlainTextSelection]:
        """Return the selections with their positions in the text that was kept; those that are lost are told."""
        kept = []
        for selection in selections:
            anchor = self.arrival.look.anchors.get(id(selection)) if isinstance(self.theirs, Note) else None
            way = moving if anchor is None else self.arrival.moving.get(id(anchor[1]))
            if way is None:
                kept.append(selection)
                continue
            span = way.span(selection.start_position, selection.end_position)
            words = quoted(way.old, selection.start_position, selection.end_position)
            if span is None:
                self.arrival.lose(selection)
                self.arrival.joint.lost.append(self._lost(selection, words))
                continue
            if span != (selection.start_position, selection.end_position):
                self.arrival.joint.findings.add(told.carried(called(self.ours), self.arrival.label))
            selection.start_position, selection.end_position = span
            kept.append(selection)
        return kept

    def _lost(self, selection: PlainTextSelection, words: str) -> told.Lost:
        codes = tuple(self.arrival.codes_on(selection))
        return told.Lost(called(self.ours), self.arrival.label, words, selection.guid, codes)

    # Transcripts ------------------------------------------------------------------

    def _join_transcripts(self, ours: list[Transcript], theirs: Sequence[Transcript]) -> None:
        by_guid = {same_guid(each.guid): each for each in ours}
        pairs = {id(each): by_guid[same_guid(each.guid)] for each in theirs if same_guid(each.guid) in by_guid}
        free = [each for each in ours if all(each is not pair for pair in pairs.values())]
        for each in theirs:
            if id(each) not in pairs:
                text = self.arrival.text(each)
                same = [one for one in free if text and self._words(one) == text]
                if len(same) == 1:
                    pairs[id(each)] = same[0]
                    free.remove(same[0])
        for each in theirs:
            if id(each) in pairs:
                self._join_transcript(pairs[id(each)], each)
            else:
                self._add_part(each)
                _follow_sync_points(self.arrival, each)
                ours.append(each)

    def _join_transcript(self, ours: Transcript, theirs: Transcript) -> None:
        arrival = self.arrival
        arrival.is_now(theirs, ours)
        join_authored(arrival, ours, theirs, *_OF_A_SOURCE)
        moving = self._join_words(ours, theirs)
        there: dict[tuple[int | None, int | None], list[SyncPoint]] = {}
        for point in reversed(ours.sync_points):
            there.setdefault((point.time_stamp, point.position), []).append(point)
        for point in theirs.sync_points:
            if moving is not None and point.position is not None:
                point.position = moving.position(point.position)
            waiting = there.get((point.time_stamp, point.position), [])
            same = next((each for each in waiting if same_guid(each.guid) == same_guid(point.guid)), None)
            same = same or (waiting[-1] if waiting else None)
            if same is None:
                arrival.settle(point, f"{ours.guid} {point.time_stamp} {point.position}")
                ours.sync_points.append(point)
            else:
                waiting.remove(same)
                arrival.is_now(point, same)
                join_fields(arrival, same, point)
        _follow_sync_points(arrival, theirs)
        self._follow_spelling(ours, theirs)
        join_selections(arrival, ours.transcript_selections, theirs.transcript_selections, ours.guid)

    def _follow_spelling(self, ours: Transcript, theirs: Transcript) -> None:
        """Write sync points as ours are written, so that places can be compared."""
        spelled = {same_guid(point.guid): point.guid for point in ours.sync_points}
        for selection in theirs.transcript_selections:
            for field in ("from_sync_point", "to_sync_point"):
                guid = getattr(selection, field)
                if guid:
                    setattr(selection, field, spelled.get(same_guid(guid), guid))


def _in_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line_ends(text: str) -> str:
    """Return in words how the lines of a text end."""
    both = text.count("\r\n")
    ends = {"CR LF": both, "CR": text.count("\r") - both, "LF": text.count("\n") - both}
    return f"line ends: {' and '.join(end for end, times in ends.items() if times)}"
