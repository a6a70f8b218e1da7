"""What each person coded, gathered once from one study or from several copies of it: marks by code, source and axis.

An axis is what marks can be compared on: a text, a recording, a page, a picture. Who of the people is a coder, in which
units is counted, and how far they agree is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from qdabridge.coders.matching import (
    Matching,
    Together,
    Unmatched,
    match_codes,
    match_sources,
    match_texts,
)
from qdabridge.errors import BadRequest
from qdabridge.pause import garbage_collection_paused
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AnyText,
    AudioSource,
    Code,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Selection,
    TranscriptSelection,
    User,
    VideoSource,
    same_guid,
)
from qdabridge.study.passages import Codable, Reference

AxisKind: TypeAlias = Literal["text", "time", "area"]


class Person(NamedTuple):
    """Somebody in one of the copies; without a user, whoever is not named there."""

    copy: int
    user: User | None


class Mark(NamedTuple):
    """One coded place: an interval of its axis, for areas also its extent across; and the GUID of the coding.

    ``timed`` are words of a transcript whose time is known: the same coding stands on the recording's axis as well.
    """

    start: int
    end: int
    low: int
    high: int
    coding: str
    timed: bool = False


class Axis(Struct, frozen=True, gc=False):
    """What marks can be compared on.

    Args:
        source: the number of the source.
        kind: ``text`` (in code points), ``time`` (milliseconds) or ``area`` (pixels, or points of a page).
        document: the text, in the first copy that has it.
        page: of a PDF, from 0.
    """

    source: int
    kind: AxisKind
    document: AnyText | None = None
    page: int = 0


class Gathered(Struct):
    """All that was coded.

    Args:
        looks: the look-ups of the copies.
        codes, sources: what all copies have; marks name them by number.
        axes: marks name them by number.
        marks: (code, source) → axis → person → places.
        whole: (code, source) → person → GUID of the coding of the whole source.
        people: marks name them by number; those who coded, in the order in which they are met.
        references: how many each person has.
        unmatched_sources, unmatched_codes: what copies do not have in common.
        unplaced: how many references are at no place that can be measured.
    """

    looks: Sequence[Lookup]
    codes: list[Together[Code]]
    sources: list[Together[Codable]]
    axes: list[Axis]
    marks: dict[tuple[int, int], dict[int, dict[int, list[Mark]]]]
    whole: dict[tuple[int, int], dict[int, str]]
    people: list[Person]
    references: list[int]
    unmatched_sources: tuple[Unmatched, ...] = ()
    unmatched_codes: tuple[Unmatched, ...] = ()
    unplaced: int = 0
    _lengths: dict[int, int | None] = {}

    def path_of(self, code: int) -> str:
        """Return the path of a code, in the first copy."""
        together = self.codes[code]
        copy = next(number for number, each in enumerate(together.each) if each is not None)
        return self.looks[copy].path_of(together.first)

    def name_of(self, source: int) -> str:
        """Return what a source is called, in the first copy."""
        found = self.sources[source].first
        return found.name or f"Source {source + 1}"

    def text_of(self, axis: Axis) -> str | None:
        """Return the characters of a text; ``None`` where no copy holds them."""
        if axis.document is None:
            return None
        return self.looks[self._copy_of(axis)].text(axis.document)

    def length_of(self, axis: Axis) -> int | None:
        """Return how many characters a text has, counted once; ``None`` where no copy holds them."""
        key = id(axis.document)
        if key not in self._lengths:
            text = self.text_of(axis)
            self._lengths[key] = len(text) if text is not None else None
        return self._lengths[key]

    def look_of(self, axis: Axis) -> Lookup:
        """Return the look-up of the copy that an axis was taken from."""
        return self.looks[self._copy_of(axis)]

    def _copy_of(self, axis: Axis) -> int:
        return next(number for number, each in enumerate(self.sources[axis.source].each) if each is not None)


def gather(looks: Sequence[Lookup]) -> Gathered:
    """Gather what was coded, one pass over the references of each copy.

    Raises:
        BadRequest: the copies have no source in common, or no code.
    """
    sources = match_sources(looks)
    codes = match_codes(looks)
    _need_something(looks, sources, codes)
    with garbage_collection_paused():
        return _Gathering(looks, sources, codes).gathered()


def _need_something(looks: Sequence[Lookup], sources: Matching[Codable], codes: Matching[Code]) -> None:
    if len(looks) < 2:
        return
    if not sources.everywhere:
        edited = list(dict.fromkeys(each.name for each in sources.unmatched if each.why == "content differs"))
        if edited:
            more = f" and {len(edited) - 1:,} more" if len(edited) > 1 else ""
            raise BadRequest(
                f"The content of “{edited[0]}”{more} is not the same in every copy, so positions cannot be compared.",
                todo="Compare copies of one study whose texts were not edited, or merge the copies first: that carries "
                "coding over.",
            )
        raise BadRequest(
            "The studies have no source in common.",
            todo="Sources are matched by GUID and content; compare two copies of one study.",
        )
    if not codes.everywhere:
        raise BadRequest(
            "The studies have no code in common.", todo="Codes are matched by GUID, then by path; compare two copies."
        )


class _Gathering:
    def __init__(self, looks: Sequence[Lookup], sources: Matching[Codable], codes: Matching[Code]) -> None:
        self._looks = looks
        self._source_numbers = _numbers(sources.everywhere)
        self._code_numbers = self._themes(codes)
        self._documents: dict[int, int] = {}
        self._pages: dict[tuple[int, int], int] = {}
        self._lists: dict[tuple[int, int, int], list[Mark]] = {}
        unmatched = list(sources.unmatched)
        self._found = Gathered(
            looks, list(codes.everywhere), list(sources.everywhere), [], {}, {}, [], [], (), codes.unmatched
        )
        for number, together in enumerate(sources.everywhere):
            unmatched += self._add_axes(number, together)
        self._found.unmatched_sources = tuple(unmatched)

    def gathered(self) -> Gathered:
        """Go through the references of all copies."""
        codes, sources = self._code_numbers, self._source_numbers
        for copy, look in enumerate(self._looks):
            people: dict[int, int] = {}
            before = None
            for reference in look.references():
                code = codes.get(id(reference.code))
                source = sources.get(id(reference.source))
                if code is None or source is None:
                    continue
                if source != before:
                    # References come source by source, and a small dictionary is faster.
                    self._lists.clear()
                    before = source
                person = people.get(id(reference.user))
                if person is None:
                    person = people[id(reference.user)] = len(self._found.people)
                    self._found.people.append(Person(copy, reference.user))
                    self._found.references.append(0)
                self._found.references[person] += 1
                coding = reference.coding.guid if reference.coding is not None else ""
                if isinstance(reference.selection, PlainTextSelection):
                    self._add_words(code, source, person, reference.document, reference.selection, coding)
                else:
                    self._add(copy, code, source, person, reference, coding)
        return self._found

    def _themes(self, codes: Matching[Code]) -> dict[int, int]:
        themes = {id(code) for look in self._looks for code in look.themes}
        numbers = _numbers(codes.everywhere)
        return {key: number for key, number in numbers.items() if key in themes}

    def _add_axes(self, number: int, together: Together[Codable]) -> Iterator[Unmatched]:
        texts = match_texts(self._looks, together)
        for text in texts.everywhere:
            for each in text.each:
                self._documents[id(each)] = len(self._found.axes)
            self._found.axes.append(Axis(number, "text", text.each[0]))
        if isinstance(together.first, AudioSource | VideoSource):
            self._axis_of(number, "time")
        elif isinstance(together.first, PictureSource | PDFSource):
            self._axis_of(number, "area")
        yield from texts.unmatched

    def _add_words(
        self, code: int, source: int, person: int, document: AnyText | None, where: PlainTextSelection, coding: str
    ) -> None:
        """Add what most references are."""
        axis = self._documents.get(id(document))
        if axis is None:
            self._found.unplaced += 1
            return
        mark = _mark(where.start_position, where.end_position, coding)
        marks = self._lists.get((code, axis, person))
        if marks is None:
            marks = self._marks(code, source, axis, person)
        marks.append(mark)

    def _add(self, copy: int, code: int, source: int, person: int, reference: Reference, coding: str) -> None:
        selection = reference.selection
        if selection is None:
            self._found.whole.setdefault((code, source), {}).setdefault(person, coding)
            return
        placed = False
        for axis, mark in self._placed(copy, source, reference, selection, coding):
            self._marks(code, source, axis, person).append(mark)
            placed = True
        self._found.unplaced += not placed

    def _marks(self, code: int, source: int, axis: int, person: int) -> list[Mark]:
        """Return the list that marks are to be added to."""
        by_axis = self._found.marks.setdefault((code, source), {})
        return self._lists.setdefault((code, axis, person), by_axis.setdefault(axis, {}).setdefault(person, []))

    def _placed(
        self, copy: int, source: int, reference: Reference, selection: Selection, coding: str
    ) -> Iterator[tuple[int, Mark]]:
        """Give the axes that a selection is on, other than one of plain text, and where."""
        if isinstance(selection, PDFSelection | PictureSelection):
            page = selection.page if isinstance(selection, PDFSelection) else 0
            low, high = sorted((selection.first_y, selection.second_y))
            left, right = sorted((selection.first_x, selection.second_x))
            yield self._axis_of(source, "area", page), Mark(left, right, low, high, coding)
        else:
            look = self._looks[copy]
            axis = self._documents.get(id(reference.document))
            time = look.time_of(reference)
            if isinstance(selection, TranscriptSelection) and axis is not None and (span := look.span_of(reference)):
                yield axis, _mark(*span, coding)._replace(timed=time is not None)
            # Coding a line of a transcript is coding the time it takes, in NVivo too.
            if time is not None:
                yield self._axis_of(source, "time"), _mark(*time, coding)

    def _axis_of(self, source: int, kind: AxisKind, page: int = 0) -> int:
        key = (source, page)
        if key not in self._pages:
            self._pages[key] = len(self._found.axes)
            self._found.axes.append(Axis(source, kind, None, page))
        return self._pages[key]


def _numbers(together: Sequence[Together[Any]]) -> dict[int, int]:
    return {id(each): number for number, one in enumerate(together) for each in one.each}


def _mark(start: int, end: int, coding: str) -> Mark:
    return Mark(start, end, 0, 1, coding) if start <= end else Mark(end, start, 0, 1, coding)


def person_key(person: Person) -> str:
    """Return what tells a person from others over all copies: the GUID of the user."""
    return same_guid(person.user.guid) if person.user is not None else f"copy {person.copy}"
