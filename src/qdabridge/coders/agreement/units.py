"""What is counted: characters, sentences, paragraphs, whole sources, cells of the framework, time, or area.

Takes what was gathered and gives, for each code and source, how many units each coder marked. A sentence or paragraph
counts as marked where any of its letters is, a source or a case where anything in it is. How figures are made of the
counts is not known here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from qdabridge.coders.agreement.counting import Counts, Rectangle, count, count_areas, merged, nothing
from qdabridge.coders.agreement.extents import Extents
from qdabridge.coders.agreement.people import Chosen
from qdabridge.coders.agreement.spans import Axis, AxisKind, Gathered, Mark
from qdabridge.coders.matching import match_cases
from qdabridge.findings import Finding, Findings
from qdabridge.study.overlap import Span

Unit: TypeAlias = Literal["characters", "sentences", "paragraphs", "sources", "cells", "seconds", "area"]

UNITS: tuple[Unit, ...] = get_args(Unit)

SCALE: dict[Unit, int] = {"seconds": 1000}
"""How many of what is counted make one unit, where that is not one: time is counted in milliseconds."""

_AXES: dict[Unit, AxisKind] = {
    "characters": "text",
    "sentences": "text",
    "paragraphs": "text",
    "seconds": "time",
    "area": "area",
}
# A full stop, what may close a quotation behind it, and white space that no small letter follows; or the end of a line.
_SENTENCE_END = re.compile(r"(?:[.!?…]+[\"'”’»)\]]*(?=\s+[^\sa-zà-öø-ÿ])|[。！？]+[」』”’]*|[\r\n]+)")
_ABBREVIATION = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|Nr|No|vs|etc|e\.g|i\.e|cf|z\.B|bzw)|\b[A-Z])\.$")
_LINE = re.compile(r"[^\r\n]+")


class Field(Struct, frozen=True, rename="camel"):
    """What is looked through for every code: a source, or a case where cells of the framework are counted.

    Args:
        guid: of the source or case, as the first copy has it.
        name: what it is called there.
        size: how many units it has.
    """

    guid: str
    name: str
    size: int


class Tally(Struct):
    """How many units each coder marked.

    Args:
        unit: what was counted.
        fields: counts name them by number.
        counts: (code, field) → counts, where anybody marked anything.
        unseen: how many references of the coders are at places that have no such units.
        findings: sizes that could not be known.
    """

    unit: Unit
    fields: list[Field]
    counts: dict[tuple[int, int], Counts]
    unseen: int = 0
    findings: list[Finding] = []


def tally(gathered: Gathered, chosen: Chosen, unit: Unit, *, aggregate: bool = False) -> Tally:
    """Count.

    Args:
        gathered: what everybody coded.
        chosen: who the coders are.
        unit: what is counted.
        aggregate: whether a code counts for what is coded with the codes inside it as well, as NVivo's aggregate does.
    """
    above = _above(gathered) if aggregate else {}
    if unit == "cells":
        return _cells(gathered, chosen, above)
    found = _Marks(gathered, chosen, above)
    if unit == "sources":
        return _whole_sources(gathered, chosen, found)
    return _along_axes(gathered, chosen, unit, found)


def sentences(text: str) -> list[Span]:
    """Return where the sentences of a text are; a line ends one, a full stop behind an abbreviation does not.

    >>> [ "Dr. Ames came. I waited."[start:end] for start, end in sentences("Dr. Ames came. I waited.")]
    ['Dr. Ames came.', 'I waited.']
    """
    found: list[Span] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.group()[0] == "." and len(match.group()) == 1 and _ABBREVIATION.search(text, start, match.end()):
            continue
        found.append((start, match.end()))
        start = match.end()
    found.append((start, len(text)))
    return [span for each in found if (span := _trimmed(text, *each)) is not None]


def paragraphs(text: str) -> list[Span]:
    """Return where the paragraphs of a text are: its lines, without those that are empty."""
    spans = (_trimmed(text, *match.span()) for match in _LINE.finditer(text))
    return [span for span in spans if span is not None]


def _trimmed(text: str, start: int, end: int) -> Span | None:
    words = text[start:end]
    inside = words.strip()
    if not inside:
        return None
    start += len(words) - len(words.lstrip())
    return start, start + len(inside)


# --- marks by coder --------------------------------------------------------------------------------------------------


class _Marks:
    """What was gathered, by coder rather than by person."""

    def __init__(self, gathered: Gathered, chosen: Chosen, above: dict[int, list[int]]) -> None:
        self._coders = len(chosen.coders)
        self.marks: dict[tuple[int, int], dict[int, list[list[Mark]]]] = {}
        self.whole: dict[tuple[int, int], set[int]] = {}
        for (code, source), by_axis in gathered.marks.items():
            for axis, by_person in by_axis.items():
                for person, marks in by_person.items():
                    coder = chosen.of_person.get(person)
                    if coder is not None:
                        for each in (code, *above.get(code, ())):
                            self._at(each, source, axis)[coder].extend(marks)
        for (code, source), people in gathered.whole.items():
            coders = {chosen.of_person[person] for person in people if person in chosen.of_person}
            for each in (code, *above.get(code, ())):
                if coders:
                    self.whole.setdefault((each, source), set()).update(coders)

    def _at(self, code: int, source: int, axis: int) -> list[list[Mark]]:
        by_axis = self.marks.setdefault((code, source), {})
        if axis not in by_axis:
            by_axis[axis] = [[] for _ in range(self._coders)]
        return by_axis[axis]

    def coded(self) -> Iterable[tuple[int, int]]:
        """Return each code and source of which anything was marked."""
        return dict.fromkeys((*self.marks, *self.whole))


def _above(gathered: Gathered) -> dict[int, list[int]]:
    """Return the numbers of the codes that each code is inside of."""
    numbers = {id(each): number for number, one in enumerate(gathered.codes) for each in one.each}
    found: dict[int, list[int]] = {}
    for number, together in enumerate(gathered.codes):
        look, code = gathered.looks[0], together.each[0]
        parents: list[int] = []
        while code is not None and (code := look.parent(code)) is not None:
            if id(code) in numbers:
                parents.append(numbers[id(code)])
        found[number] = parents
    return found


# --- characters, sentences, paragraphs, time, area -------------------------------------------------------------------


def _along_axes(gathered: Gathered, chosen: Chosen, unit: Unit, found: _Marks) -> Tally:
    kind, coders = _AXES[unit], len(chosen.coders)
    findings = Findings()
    extents = Extents(gathered, findings)
    axes: dict[int, list[int]] = {}
    for number, axis in enumerate(gathered.axes):
        if axis.kind == kind:
            axes.setdefault(axis.source, []).append(number)
    counted: dict[tuple[int, int], Counts] = {}
    fields: list[Field] = []
    by_source: dict[int, list[int]] = {}
    for code, source in found.coded():
        by_source.setdefault(source, []).append(code)
    for source, numbers in axes.items():
        # One text at a time: only a few are kept in memory.
        measured = [_measured(gathered, gathered.axes[number], unit, extents) for number in numbers]
        spare = extents.rest_of(source) if unit == "area" else 0
        size = sum(each.size for each in measured) + spare
        field = len(fields)
        fields.append(Field(gathered.sources[source].first.guid, gathered.name_of(source), size))
        for code in by_source.get(source, ()):
            marks = found.marks.get((code, source), {})
            whole = found.whole.get((code, source), set())
            if not whole and not any(number in marks for number in numbers):
                continue
            total = nothing(coders)
            for number, each in zip(numbers, measured, strict=True):
                total += each.counted(marks.get(number) or [[] for _ in range(coders)], whole)
            if spare:
                total += _everything(spare, whole, coders)
            counted[code, field] = total
    return Tally(unit, fields, counted, _unseen(gathered, chosen, kind), findings.all())


class _Measured(Struct):
    """An axis cut into units."""

    size: int
    counted: Callable[[Sequence[Sequence[Mark]], set[int]], Counts]


def _measured(gathered: Gathered, axis: Axis, unit: Unit, extents: Extents) -> _Measured:
    if unit == "area":
        page = extents.page(axis)
        size = (page.right - page.left) * (page.high - page.low)
        return _Measured(size, lambda marks, whole: count_areas(_rectangles(marks, whole, page), page))
    if unit in ("characters", "seconds"):
        length = extents.length(axis)
        return _Measured(length, lambda marks, whole: count(_intervals(marks, whole, length), length))
    text = gathered.text_of(axis) or ""
    spans = sentences(text) if unit == "sentences" else paragraphs(text)
    starts, ends = [start for start, _ in spans], [end for _, end in spans]

    def in_spans(marks: Sequence[Sequence[Mark]], whole: set[int]) -> Counts:
        # A mark covers the spans from the first that ends behind its beginning to the last that begins before its end.
        covered = [
            [
                Mark(bisect_right(ends, each.start), bisect_left(starts, each.end), 0, 1, "")
                for each in those
                if each.start < each.end
            ]
            for those in marks
        ]
        return count(_intervals(covered, whole, len(spans)), len(spans))

    return _Measured(len(spans), in_spans)


def _intervals(marks: Sequence[Sequence[Mark]], whole: set[int], size: int) -> list[list[Span]]:
    return [
        [(0, size)] if coder in whole and size else merged(((each.start, each.end) for each in those), size)
        for coder, those in enumerate(marks)
    ]


def _rectangles(marks: Sequence[Sequence[Mark]], whole: set[int], page: Rectangle) -> list[list[Rectangle]]:
    return [
        [page] if coder in whole else [Rectangle(each.start, each.low, each.end, each.high) for each in those]
        for coder, those in enumerate(marks)
    ]


def _everything(size: int, whole: set[int], coders: int) -> Counts:
    """Return the counts of what is marked by those who coded all of the source."""
    marks = [0] * (coders + 1)
    marks[len(whole)] = size
    return Counts(tuple(marks), tuple(size if coder in whole else 0 for coder in range(coders)))


def _unseen(gathered: Gathered, chosen: Chosen, kind: AxisKind) -> int:
    """Return how many places the coders marked that are on no axis of the kind, each once for each coder."""
    number = dict.fromkeys(get_args(AxisKind), 0)
    twice = 0
    for by_axis in gathered.marks.values():
        for axis, by_person in by_axis.items():
            # The same coding may stand in several copies.
            marks = {
                (chosen.of_person[person], each._replace(coding=""))
                for person, those in by_person.items()
                if person in chosen.of_person
                for each in those
            }
            number[gathered.axes[axis].kind] += len(marks)
            # Words of a transcript stand on the axis of the recording as well.
            twice += sum(each.timed for _, each in marks)
    del number[kind]
    return sum(number.values()) - twice


# --- whole sources and cells of the framework ------------------------------------------------------------------------


def _whole_sources(gathered: Gathered, chosen: Chosen, found: _Marks) -> Tally:
    fields = [Field(each.first.guid, gathered.name_of(n), 1) for n, each in enumerate(gathered.sources)]
    counted = {}
    for key in found.coded():
        coders = set(found.whole.get(key, ()))
        for by_coder in found.marks.get(key, {}).values():
            coders |= {coder for coder, marks in enumerate(by_coder) if marks}
        counted[key] = _everything(1, coders, len(chosen.coders))
    return Tally("sources", fields, counted)


def _cells(gathered: Gathered, chosen: Chosen, above: dict[int, list[int]]) -> Tally:
    """Count cells: was anything of a case coded with a code, however often and wherever."""
    cases = match_cases(gathered.looks).everywhere
    people = {(each.copy, id(each.user)): number for number, each in enumerate(gathered.people)}
    codes = {id(each): number for number, one in enumerate(gathered.codes) for each in one.each}
    marked: dict[tuple[int, int], set[int]] = {}
    for field, together in enumerate(cases):
        for copy, (look, case) in enumerate(zip(gathered.looks, together.each, strict=True)):
            for reference in look.references_of(case) if case is not None else ():
                code = codes.get(id(reference.code))
                person = people.get((copy, id(reference.user)))
                coder = chosen.of_person.get(person) if person is not None else None
                if code is not None and coder is not None:
                    for each in (code, *above.get(code, ())):
                        marked.setdefault((each, field), set()).add(coder)
    fields = [Field(each.first.guid, each.first.name or f"Case {n}", 1) for n, each in enumerate(cases, 1)]
    counted = {key: _everything(1, coders, len(chosen.coders)) for key, coders in marked.items()}
    return Tally("cells", fields, counted)
