"""What is counted: characters, sentences, paragraphs, whole sources, cells of the framework, time, or area.

Takes what was gathered and gives, for each code and source, how many units each coder marked. A sentence or paragraph
counts as marked where any of its letters is, a source or a case where anything in it is. How figures are made of the
counts is not known here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from qdabridge.coders.agreement.counting import Counts, Rectangle, Stretched, count_all, count_areas, nothing
from qdabridge.coders.agreement.extents import Extents
from qdabridge.coders.agreement.people import Chosen
from qdabridge.coders.agreement.spans import AxisKind, Gathered, Mark
from qdabridge.coders.matching import match_cases
from qdabridge.findings import Finding, Findings
from qdabridge.study.model import Transcript
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
    """What was gathered, by coder rather than by person: what each source has to be looked through for."""

    def __init__(self, gathered: Gathered, chosen: Chosen, above: dict[int, list[int]]) -> None:
        self.on_axis: dict[int, list[tuple[int, int, list[Mark]]]] = {}
        """Axis → code, coder and marks."""
        self.whole: dict[int, dict[int, set[int]]] = {}
        """Source → code → those who coded all of it."""
        for (code, _), by_axis in gathered.marks.items():
            for axis, by_person in by_axis.items():
                for person, marks in by_person.items():
                    coder = chosen.of_person.get(person)
                    if coder is not None:
                        for each in (code, *above.get(code, ())):
                            self.on_axis.setdefault(axis, []).append((each, coder, marks))
        for (code, source), people in gathered.whole.items():
            coders = {chosen.of_person[person] for person in people if person in chosen.of_person}
            for each in (code, *above.get(code, ())):
                if coders:
                    self.whole.setdefault(source, {}).setdefault(each, set()).update(coders)

    def codes(self, source: int, axes: Iterable[int]) -> dict[int, set[int]]:
        """Return each code that was used in a source, on some of its axes or for all of it, and who coded all of it."""
        whole = self.whole.get(source, {})
        used = dict.fromkeys(code for axis in axes for code, _, _ in self.on_axis.get(axis, ()))
        return {code: whole.get(code, set()) for code in (*used, *(code for code in whole if code not in used))}


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
    cut = _Axes(gathered, unit, coders, extents)
    axes: dict[int, list[int]] = {}
    for number, axis in enumerate(gathered.axes):
        if axis.kind == kind:
            axes.setdefault(axis.source, []).append(number)
    counted: dict[tuple[int, int], Counts] = {}
    fields: list[Field] = []
    for source, numbers in axes.items():
        whole = found.codes(source, numbers)
        field, size = len(fields), 0
        sums: dict[int, Counts] = {}
        for number in numbers:
            # One text at a time: only a few are kept in memory.
            units, counts = cut.counted(number, found.on_axis.get(number, ()), whole)
            nowhere = nothing(coders, units)
            for code in whole:
                before, here = sums.get(code), counts.get(code, nowhere)
                sums[code] = here if before is None else before + here
            size += units
        spare = extents.rest_of(source) if unit == "area" else 0
        for code, everywhere in whole.items():
            counted[code, field] = sums[code] + _everything(spare, everywhere, coders) if spare else sums[code]
        fields.append(Field(gathered.sources[source].first.guid, gathered.name_of(source), size + spare))
    return Tally(unit, fields, counted, _unseen(gathered, chosen, kind), findings.all())


_Coded: TypeAlias = Sequence[tuple[int, int, list[Mark]]]
"""A code, the number of a coder, and the marks that the coder made with it."""


class _Axes:
    """Axes cut into units."""

    def __init__(self, gathered: Gathered, unit: Unit, coders: int, extents: Extents) -> None:
        self._gathered = gathered
        self._unit = unit
        self._coders = coders
        self._extents = extents

    def counted(self, number: int, coded: _Coded, whole: dict[int, set[int]]) -> tuple[int, dict[int, Counts]]:
        """Return how many units an axis has, and how they were marked with each code; unused codes may be absent.

        Args:
            number: of the axis.
            coded: what was marked.
            whole: of each code, who coded all of the source with it.
        """
        axis = self._gathered.axes[number]
        if self._unit == "area":
            return self._areas(self._extents.page(axis), coded, whole)
        if self._unit in ("characters", "seconds"):
            size = self._extents.length(axis)
            marks: list[tuple[int, int, Sequence[Stretched]]] = list(coded)
        else:
            spans = self._spans(self._gathered.text_of(axis) or "")
            size = len(spans)
            starts, ends = [start for start, _ in spans], [end for _, end in spans]
            marks = [(code, coder, _touched(those, starts, ends)) for code, coder, those in coded]
        marks += [(code, coder, [(0, size)]) for code, coders in whole.items() for coder in coders]
        return size, count_all(marks, size, self._coders)

    def _spans(self, text: str) -> list[Span]:
        return sentences(text) if self._unit == "sentences" else paragraphs(text)

    def _areas(self, page: Rectangle, coded: _Coded, whole: dict[int, set[int]]) -> tuple[int, dict[int, Counts]]:
        marked: dict[int, list[list[Rectangle]]] = {code: [[] for _ in range(self._coders)] for code in whole}
        for code, coder, those in coded:
            marked[code][coder] += [Rectangle(each.start, each.low, each.end, each.high) for each in those]
        for code, coders in whole.items():
            for coder in coders:
                marked[code][coder] = [page]
        size = (page.right - page.left) * (page.high - page.low)
        return size, {code: count_areas(those, page) for code, those in marked.items()}


def _touched(marks: Sequence[Mark], starts: Sequence[int], ends: Sequence[int]) -> list[Span]:
    """Return for each mark the spans from the first that ends behind its beginning to the last before its end."""
    return [(bisect_right(ends, each.start), bisect_left(starts, each.end)) for each in marks if each.start < each.end]


def _everything(size: int, whole: set[int], coders: int) -> Counts:
    """Return the counts of what is marked by those who coded all of the source."""
    marks = [0] * (coders + 1)
    marks[len(whole)] = size
    return Counts(tuple(marks), tuple(size if coder in whole else 0 for coder in range(coders)))


def _unseen(gathered: Gathered, chosen: Chosen, kind: AxisKind) -> int:
    """Return how many places the coders marked that are on no axis of the kind, each once for each coder."""
    unseen = twice = 0
    for by_axis in gathered.marks.values():
        for number, by_person in by_axis.items():
            axis = gathered.axes[number]
            seen = axis.kind == kind
            if seen and not isinstance(axis.document, Transcript):
                continue
            # The same coding may stand in several copies.
            marks = {
                (chosen.of_person[person], each._replace(coding=""))
                for person, those in by_person.items()
                if person in chosen.of_person
                for each in those
                if each.timed or not seen
            }
            if not seen:
                unseen += len(marks)
            # Words of a transcript stand on the axis of the recording as well.
            twice += sum(each.timed for _, each in marks)
    return unseen - twice


# --- whole sources and cells of the framework ------------------------------------------------------------------------


def _whole_sources(gathered: Gathered, chosen: Chosen, found: _Marks) -> Tally:
    fields = [Field(each.first.guid, gathered.name_of(n), 1) for n, each in enumerate(gathered.sources)]
    marked: dict[tuple[int, int], set[int]] = {}
    for axis, coded in found.on_axis.items():
        for code, coder, marks in coded:
            if marks:
                marked.setdefault((code, gathered.axes[axis].source), set()).add(coder)
    for source, by_code in found.whole.items():
        for code, coders in by_code.items():
            marked.setdefault((code, source), set()).update(coders)
    counted = {key: _everything(1, coders, len(chosen.coders)) for key, coders in marked.items()}
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
