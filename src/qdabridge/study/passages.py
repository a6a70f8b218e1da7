"""Coded references, and what stands where they are: the words, the lines, the time.

It reads texts when they are needed and keeps only a few in memory. What belongs to which case, and which codes are
really cases, is not known here: see ``lookup``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct

from qdabridge.errors import CannotRead
from qdabridge.study.model import (
    AnySource,
    AnyText,
    AudioSelection,
    AudioSource,
    Code,
    Coding,
    Note,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Selection,
    SyncPoint,
    TextDocument,
    Transcript,
    TranscriptSelection,
    User,
    VideoSelection,
    same_guid,
)
from qdabridge.study.overlap import Span
from qdabridge.study.study import Study
from qdabridge.study.text import Lines, quoted

ELISION = " […] "
"""What stands in a quote for words that are left out because they do not belong to the case."""

Codable: TypeAlias = AnySource | Note

_CHARACTERS_IN_MEMORY = 4_000_000


class Reference(Struct, frozen=True, gc=False):
    """One place that is coded with one code by one person.

    Args:
        code: the code.
        coding: the element that applies it; ``None`` where a case itself is coded, which has no source either.
        source: the source or note that it is in.
        document: the text whose characters the selection counts: the source itself, a note, a representation, a
            transcript; ``None`` for areas and stretches.
        selection: the place; ``None`` where the whole source is coded.
        user: who coded; where the coding does not say, who made the selection.
        parts: the parts of the place that belong to the case that was asked for, where that is less than the whole:
            code points in text, milliseconds in sound and film; end exclusive.
    """

    code: Code
    coding: Coding | None = None
    source: Codable | None = None
    document: AnyText | None = None
    selection: Selection | None = None
    user: User | None = None
    parts: tuple[Span, ...] = ()


def places_in(source: Codable) -> Iterator[tuple[AnyText | None, Selection | None, tuple[Coding, ...]]]:
    """Give all that can be coded in a source: its text, the selection (none: all of it), the codings there are."""
    if isinstance(source, TextDocument):
        yield from _places_in_text(source)
        return
    yield None, None, source.codings
    if isinstance(source, PictureSource):
        for area in source.picture_selections:
            yield None, area, area.codings
        if source.text_description is not None:
            yield from _places_in_text(source.text_description)
    elif isinstance(source, PDFSource):
        for part in source.pdf_selections:
            yield None, part, part.codings
            if part.representation is not None:
                yield from _places_in_text(part.representation)
        if source.representation is not None:
            yield from _places_in_text(source.representation)
    else:
        stretches: Sequence[Selection] = (
            source.audio_selections if isinstance(source, AudioSource) else source.video_selections
        )
        for stretch in stretches:
            yield None, stretch, stretch.codings
        for transcript in source.transcripts:
            for passage in transcript.transcript_selections:
                yield transcript, passage, passage.codings


class Passages:
    """What a study says at each reference. Go through references source by source: only a few texts are kept."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._texts: dict[int, _HeldText] = {}
        self._room = _CHARACTERS_IN_MEMORY
        self._points: dict[int, dict[str, SyncPoint]] = {}

    def text(self, document: AnyText) -> str | None:
        """Return the text of a document, or ``None`` where the study does not hold it or it is not UTF-8."""
        return self._held(document).text

    def words_of(self, reference: Reference) -> str | None:
        """Return the words of a reference, exactly as stored; ``None`` where it has none or its text is not there.

        Words between the parts that belong to a case give way to ``[…]``. Whole sources are not quoted.
        """
        selection, document = reference.selection, reference.document
        if isinstance(selection, PDFSelection):
            # The area's own text, where the tool kept it.
            return self.text(selection.representation) if selection.representation is not None else None
        span = self.span_of(reference)
        if document is None or span is None:
            return None
        text = self._held(document).text
        if text is None:
            return None
        if not reference.parts:
            return quoted(text, *span)
        words = [quoted(text, *reference.parts[0])]
        for (_, left), (start, end) in pairwise(reference.parts):
            between = quoted(text, left, start)
            words += [ELISION if between.strip() else between, quoted(text, start, end)]
        return "".join(words)

    def span_of(self, reference: Reference) -> Span | None:
        """Return where the words of a reference begin and end (code points, end exclusive), if they are in a text."""
        selection = reference.selection
        if isinstance(selection, PlainTextSelection):
            return selection.start_position, selection.end_position
        if isinstance(selection, TranscriptSelection) and isinstance(reference.document, Transcript):
            return self.span_in_transcript(selection, reference.document)
        return None

    def lines_of(self, reference: Reference) -> Span | None:
        """Return the first and the last line of a reference, counted from 1, if it is in a text that is there."""
        span = self.span_of(reference)
        if span is None or reference.document is None:
            return None
        lines = self._held(reference.document).lines
        if lines is None:
            return None
        return lines.span_of(*_ends(reference.parts, span))

    def time_of(self, reference: Reference) -> Span | None:
        """Return the stretch of sound or film that a reference is (milliseconds), if it is one."""
        selection = reference.selection
        if isinstance(selection, AudioSelection | VideoSelection):
            return _ends(reference.parts, (selection.begin, selection.end))
        if isinstance(selection, TranscriptSelection) and isinstance(reference.document, Transcript):
            first, last = self._sync_points(selection, reference.document)
            if first and last and first.time_stamp is not None and last.time_stamp is not None:
                return first.time_stamp, last.time_stamp
        return None

    def place_of(self, reference: Reference) -> str:
        """Return where in its source a reference is, for people: ``l. 12–15``, ``0:12–0:34``, ``whole source``."""
        selection = reference.selection
        if selection is None:
            return "the case itself" if reference.source is None else "whole source"
        if isinstance(selection, PDFSelection):
            return f"p. {selection.page + 1}, {_area(selection)}"
        if isinstance(selection, PictureSelection):
            return _area(selection)
        if (time := self.time_of(reference)) is not None:
            return clock(*time)
        if (lines := self.lines_of(reference)) is not None:
            first, last = lines
            return f"l. {first}" if first == last else f"l. {first}–{last}"
        if (span := self.span_of(reference)) is not None:
            return "characters {}–{}".format(*_ends(reference.parts, span))
        return "place not known"

    def span_in_transcript(self, selection: TranscriptSelection, transcript: Transcript) -> Span | None:
        """Return the words between two sync points; one that is not named is the transcript's beginning or end."""
        first, last = self._sync_points(selection, transcript)
        start = first.position if first else None
        end = last.position if last else None
        if start is None and end is None:
            return None
        if end is None:
            end = self._held(transcript).size
        return start or 0, end

    def _held(self, document: AnyText) -> _HeldText:
        held = self._texts.get(id(document))
        if held is not None:
            return held
        try:
            text = self.study.text_of(document)
        except CannotRead:
            text = None
        held = self._texts[id(document)] = _HeldText(text)
        self._room -= held.size
        while self._room < 0 and len(self._texts) > 1:
            # The oldest goes first: references come text by text.
            self._room += self._texts.pop(next(iter(self._texts))).size
        return held

    def _sync_points(
        self, selection: TranscriptSelection, transcript: Transcript
    ) -> tuple[SyncPoint | None, SyncPoint | None]:
        points = self._points.get(id(transcript))
        if points is None:
            points = self._points[id(transcript)] = {}
            for point in transcript.sync_points:
                points.setdefault(same_guid(point.guid), point)
        return (
            points.get(same_guid(selection.from_sync_point or "")),
            points.get(same_guid(selection.to_sync_point or "")),
        )


def clock(begin: int, end: int) -> str:
    """Return a stretch of time as people read it; tenths of seconds only where it would be empty without."""
    first, last = _hours(begin // 1000), _hours(end // 1000)
    if first == last:
        first, last = (f"{text}.{time % 1000 // 100}" for text, time in ((first, begin), (last, end)))
    return first if first == last else f"{first}–{last}"


def _places_in_text(document: TextDocument) -> Iterator[tuple[AnyText | None, Selection | None, tuple[Coding, ...]]]:
    yield document, None, document.codings
    for selection in document.plain_text_selections:
        yield document, selection, selection.codings


class _HeldText:
    """A text in memory, with its lines once somebody asks for them."""

    __slots__ = ("_lines", "size", "text")

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.size = len(text or "")
        self._lines: Lines | None = None

    @property
    def lines(self) -> Lines | None:
        if self._lines is None and self.text is not None:
            self._lines = Lines(self.text)
        return self._lines


def _ends(parts: tuple[Span, ...], span: Span) -> Span:
    return (parts[0][0], parts[-1][1]) if parts else span


def _area(selection: PDFSelection | PictureSelection) -> str:
    return f"area {selection.first_x},{selection.first_y}–{selection.second_x},{selection.second_y}"


def _hours(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
