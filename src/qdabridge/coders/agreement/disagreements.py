"""The list for the meeting: every passage that the coders coded differently, with its words and what each did.

One entry for what hangs together: passages with one code that overlap, whoever marked them. Passages that coincide are
no disagreement. An entry keeps its ``id`` as long as what the coders did there stays as it is, so that decisions taken
on paper find their place again. How the list is written down is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Literal, TypeAlias

from msgspec import Struct

from qdabridge.coders.agreement.counting import Rectangle, count, count_areas, merged
from qdabridge.coders.agreement.people import Chosen
from qdabridge.coders.agreement.spans import Axis, AxisKind, Gathered, Mark
from qdabridge.study.annotations import NO_CODE
from qdabridge.study.model import (
    AudioSelection,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PlainTextSelection,
    Selection,
    same_guid,
)
from qdabridge.study.overlap import Span, Stretch, overlaps
from qdabridge.study.passages import ELISION, Reference

Kind: TypeAlias = Literal["not all coded it", "other limits"]

CONTEXT = 200
"""How many characters before and after a passage are given along, at most; whole words."""

_LONGEST = 3000
_FAR = 1 << 62


class Did(Struct, frozen=True, rename="camel"):
    """What one coder did at a place.

    Args:
        coder: the coder's short name.
        places: what the coder marked, in order, overlapping passages as one: code points or milliseconds; of areas,
            from left to right, and ``areas`` has the corners.
        text: the words, those of several passages with ``[…]`` between them; ``None`` where it is no text.
        codings: the GUIDs of the codings; empty where the coder did not code it.
        whole_source: whether the coder coded the source as a whole.
        areas: left, lower, right and upper edge as the study has them.
    """

    coder: str
    places: tuple[Span, ...] = ()
    text: str | None = None
    codings: tuple[str, ...] = ()
    whole_source: bool = False
    areas: tuple[tuple[int, int, int, int], ...] = ()


class Disagreement(Struct, frozen=True, rename="camel"):
    """A place that the coders coded differently with one code.

    Args:
        id: the same as long as the coders' codings there are the same.
        kind: whether somebody did not code it at all, or all did within other limits.
        code, code_guid: its path and GUID.
        source, source_guid: the name of the source or note, and its GUID.
        document_guid: of the text, where positions are of one; for most sources the source itself.
        axis: what positions count: ``text`` code points, ``time`` milliseconds, ``area`` points or pixels.
        page: of an area of a PDF, from 0.
        start, end: of all that anybody marked there; end exclusive.
        place: where that is, for people, such as ``l. 12–15``.
        text: the words from start to end; in the middle of very long ones stands ``[…]``. ``None`` where it is no text.
        before, after: what stands around them.
        shared: how much of what was marked all have marked, from 0 to 1.
        same_words: whether the coders differ by white space and punctuation only.
        did: what each coder did, in the order of the coders.
    """

    id: str
    kind: Kind
    code: str
    code_guid: str
    source: str
    source_guid: str
    document_guid: str
    axis: AxisKind
    page: int
    start: int
    end: int
    place: str
    text: str | None
    before: str
    after: str
    shared: float
    same_words: bool
    did: tuple[Did, ...]


class Agreed(Struct, frozen=True):
    """A place that all coders coded alike.

    Args:
        id: as that of a disagreement.
        code_guid, source_guid, document_guid, axis, page, start, end: as those of a disagreement.
        did: what the first coder did, and so all.
    """

    id: str
    code_guid: str
    source_guid: str
    document_guid: str
    axis: AxisKind
    page: int
    start: int
    end: int
    did: Did


def disagreements(gathered: Gathered, chosen: Chosen, codes: set[int], sources: set[int]) -> list[Disagreement]:
    """Return every disagreement on some codes in some sources, in the order of the sources and places."""
    found = []
    for at, here_coded in _axis_by_axis(gathered, chosen, codes, sources):
        here = [each for code in here_coded for each in at.disagreements(code)]
        found += sorted(here, key=lambda each: (each.start, each.end, each.code))
    return found


def agreed(gathered: Gathered, chosen: Chosen, codes: set[int], sources: set[int]) -> list[Agreed]:
    """Return every place that all coders coded alike with some codes in some sources, in the order of the sources."""
    return [
        each
        for at, here_coded in _axis_by_axis(gathered, chosen, codes, sources)
        for code in here_coded
        for each in at.agreed(code)
    ]


def _axis_by_axis(
    gathered: Gathered, chosen: Chosen, codes: set[int], sources: set[int]
) -> Iterator[tuple[_At, list[int]]]:
    """Give what can be compared on, with the codes that were used there; one text at a time, for few are in memory."""
    by_source: dict[int, list[int]] = {}
    for code, source in dict.fromkeys((*gathered.marks, *gathered.whole)):
        if code in codes and source in sources:
            by_source.setdefault(source, []).append(code)
    axes: dict[int, list[int]] = {}
    for number, each in enumerate(gathered.axes):
        axes.setdefault(each.source, []).append(number)
    for source in sorted(by_source):
        for axis in axes.get(source, ()):
            yield _At(gathered, chosen, axis), by_source[source]


class _At:
    """What was coded alike and what was not, on one axis."""

    def __init__(self, gathered: Gathered, chosen: Chosen, axis: int) -> None:
        self._gathered = gathered
        self._chosen = chosen
        self._number = axis
        self._axis: Axis = gathered.axes[axis]
        self._text = gathered.text_of(self._axis)
        self._size = len(self._text) if self._text is not None else _FAR

    def disagreements(self, code: int) -> Iterator[Disagreement]:
        """Give the disagreements on a code."""
        for group, whole in self._groups(code):
            made = self._made(code, group, whole)
            if made is not None:
                yield made

    def agreed(self, code: int) -> Iterator[Agreed]:
        """Give the places that all coded alike with a code."""
        axis = self._axis
        for group, whole in self._groups(code):
            did = self._all_did(group, whole)
            if _alike(did) and did[0].codings:
                source = self._gathered.sources[axis.source].first
                document = axis.document if axis.document is not None else source
                yield Agreed(
                    self._id(code, did),
                    self._gathered.codes[code].first.guid,
                    source.guid,
                    document.guid,
                    axis.kind,
                    axis.page,
                    *_ends(did),
                    did[0],
                )

    def _groups(self, code: int) -> Iterator[tuple[Sequence[tuple[int, Mark]], dict[int, str]]]:
        """Give what hangs together: marks, and who coded the whole source."""
        key = (code, self._axis.source)
        marks: list[tuple[int, Mark]] = []
        for person, those in self._gathered.marks.get(key, {}).get(self._number, {}).items():
            coder = self._chosen.of_person.get(person)
            if coder is not None:
                # Words of a transcript are compared as the time that they take: the other coder may have marked that.
                once = (self._clipped(each) for each in those if not each.timed)
                marks += [(coder, clipped) for clipped in once if clipped is not None]
        whole: dict[int, str] = {}
        if self._counts_wholes():
            for person, coding in self._gathered.whole.get(key, {}).items():
                if person in self._chosen.of_person:
                    whole.setdefault(self._chosen.of_person[person], coding)
        for group in [marks] if whole else _hanging_together(marks):
            if group or whole:
                yield group, whole

    def _counts_wholes(self) -> bool:
        """Tell whether a coding of the whole source is listed here: once for each source, at its first axis."""
        first = next(n for n, axis in enumerate(self._gathered.axes) if axis.source == self._axis.source)
        return first == self._number

    def _clipped(self, mark: Mark) -> Mark | None:
        if self._axis.kind == "area":
            return mark if mark.start < mark.end and mark.low < mark.high else None
        start, end = max(mark.start, 0), min(mark.end, self._size)
        return mark._replace(start=start, end=end) if start < end else None

    def _made(self, code: int, group: Sequence[tuple[int, Mark]], whole: dict[int, str]) -> Disagreement | None:
        did = self._all_did(group, whole)
        if _alike(did):
            return None
        start, end = _ends(did)
        together, axis = self._gathered.codes[code], self._axis
        source = self._gathered.sources[axis.source].first
        document = axis.document if axis.document is not None else source
        coded = [bool(each.codings) for each in did]
        return Disagreement(
            self._id(code, did),
            "other limits" if all(coded) else "not all coded it",
            self._gathered.path_of(code),
            together.first.guid,
            self._gathered.name_of(axis.source),
            source.guid,
            document.guid,
            axis.kind,
            axis.page,
            start,
            end,
            self._place(start, end, did),
            self._words(start, end),
            self._around(start, -1),
            self._around(end, 1),
            _shared(did, axis.kind),
            axis.kind == "text" and all(coded) and self._same_words(did),
            tuple(did),
        )

    def _all_did(self, group: Sequence[tuple[int, Mark]], whole: dict[int, str]) -> list[Did]:
        everything = self._size if self._size != _FAR else max((mark.end for _, mark in group), default=0)
        return [self._did(coder, group, whole, everything) for coder in range(len(self._chosen.coders))]

    def _did(self, coder: int, group: Sequence[tuple[int, Mark]], whole: dict[int, str], size: int) -> Did:
        marks = sorted(mark for who, mark in group if who == coder)
        name = self._chosen.coders[coder].name
        codings = dict.fromkeys(mark.coding for mark in marks)
        if coder in whole:
            codings = {whole[coder]: None, **codings}
        if not codings:
            return Did(name)
        spans = [(0, size)] if coder in whole and size else merged(((m.start, m.end) for m in marks), _FAR)
        words = [word for span in spans if (word := self._words(*span)) is not None]
        areas = tuple(sorted({(m.start, m.low, m.end, m.high) for m in marks})) if self._axis.kind == "area" else ()
        text = ELISION.join(words) if words else None
        return Did(name, tuple(spans), text, tuple(codings), coder in whole, areas)

    def _id(self, code: int, did: Sequence[Did]) -> str:
        axis = self._axis
        document = axis.document.guid if axis.document is not None else ""
        parts = [
            self._gathered.codes[code].first.guid,
            self._gathered.sources[axis.source].first.guid,
            document,
        ]
        said = [same_guid(each) for each in parts] + [axis.kind, str(axis.page)]
        for each, coder in zip(did, self._chosen.coders, strict=True):
            who = ",".join(sorted(map(same_guid, coder.guids))) or coder.name
            said.append(f"{who} {each.whole_source} {each.places} {each.areas}")
        return sha256("\n".join(said).encode()).hexdigest()[:16]

    # --- words --------------------------------------------------------------------------------------------------------

    def _words(self, start: int, end: int) -> str | None:
        if self._text is None:
            return None
        if end - start <= _LONGEST:
            return self._text[start:end]
        half = _LONGEST // 2
        return self._text[start : start + half].rstrip() + ELISION + self._text[end - half : end].lstrip()

    def _around(self, position: int, way: int) -> str:
        if self._text is None:
            return ""
        if way > 0:
            after = self._text[position : position + CONTEXT]
            cut = len(self._text) > position + CONTEXT and " " in after
            return after[: after.rindex(" ")] if cut else after
        before = self._text[max(position - CONTEXT, 0) : position]
        return before[before.index(" ") + 1 :] if position > CONTEXT and " " in before else before

    def _same_words(self, did: Sequence[Did]) -> bool:
        assert self._text is not None
        return len({self._core(each.places) for each in did}) == 1

    def _core(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """Return the passages without what is no letter or number at their ends."""
        text = self._text or ""
        found = []
        for start, end in spans:
            while start < end and not text[start].isalnum():
                start += 1
            while end > start and not text[end - 1].isalnum():
                end -= 1
            found.append((start, end))
        return tuple(found)

    def _place(self, start: int, end: int, did: Sequence[Did]) -> str:
        if all(each.whole_source for each in did if each.codings):
            return "whole source"
        source, axis = self._gathered.sources[self._axis.source].first, self._axis
        areas = [area for each in did for area in each.areas]
        selection: Selection
        if axis.kind == "text":
            selection = PlainTextSelection(guid="", start_position=start, end_position=end)
        elif axis.kind == "time" or not areas:
            selection = AudioSelection(guid="", begin=start, end=end)
        else:
            left, low, right, high = (
                extreme(area[side] for area in areas) for side, extreme in enumerate((min, min, max, max))
            )
            if isinstance(source, PDFSource):
                selection = PDFSelection(
                    guid="", page=axis.page, first_x=left, first_y=low, second_x=right, second_y=high
                )
            else:
                selection = PictureSelection(guid="", first_x=left, first_y=low, second_x=right, second_y=high)
        reference = Reference(NO_CODE, None, source, axis.document, selection)
        return self._gathered.look_of(axis).place_of(reference)


def _alike(did: Sequence[Did]) -> bool:
    outlines = [each.areas or each.places for each in did]
    if all(each == outlines[0] for each in outlines) and len({each.whole_source for each in did}) == 1:
        return True
    return all(each.whole_source for each in did)


def _ends(did: Sequence[Did]) -> Span:
    start = min((each.places[0][0] for each in did if each.places), default=0)
    return start, max((span[1] for each in did for span in each.places), default=0)


def _hanging_together(marks: Sequence[tuple[int, Mark]]) -> Iterator[list[tuple[int, Mark]]]:
    """Give the marks that overlap, directly or through others, together; those that only touch do not."""
    if any(mark.high - mark.low != 1 for _, mark in marks):
        yield from _areas_together(marks)
        return
    group: list[tuple[int, Mark]] = []
    end = 0
    for coder, mark in sorted(marks, key=lambda each: (each[1].start, each[1].end)):
        if group and mark.start >= end:
            yield group
            group, end = [], 0
        group.append((coder, mark))
        end = max(end, mark.end)
    if group:
        yield group


def _areas_together(marks: Sequence[tuple[int, Mark]]) -> Iterator[list[tuple[int, Mark]]]:
    stretches = [Stretch(mark.start, mark.end, mark.low, mark.high, number) for number, (_, mark) in enumerate(marks)]
    leader = list(range(len(marks)))

    def lead(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for one, other in overlaps(stretches, stretches):
        leader[lead(other.whose)] = lead(one.whose)
    groups: dict[int, list[tuple[int, Mark]]] = {}
    for number, each in enumerate(marks):
        groups.setdefault(lead(number), []).append(each)
    yield from groups.values()


def _shared(did: Sequence[Did], kind: AxisKind) -> float:
    """Return how much of what anybody marked all have marked."""
    if not all(each.codings for each in did):
        return 0.0
    if kind == "area" and all(each.areas for each in did):
        corners = [area for each in did for area in each.areas]
        page = Rectangle(
            min(a[0] for a in corners),
            min(a[1] for a in corners),
            max(a[2] for a in corners),
            max(a[3] for a in corners),
        )
        counts = count_areas([[Rectangle(*area) for area in each.areas] for each in did], page)
    else:
        counts = count([each.places for each in did], max((s[1] for each in did for s in each.places), default=0))
    marked = counts.size - counts.neither
    return counts.both / marked if marked else 0.0
