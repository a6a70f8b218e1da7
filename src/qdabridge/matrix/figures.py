"""Figures of a cell: how many references and sources, how many words, how much of the text, how long, by whom.

What is coded twice, by two people or with two codes of one column, counts once where words, characters and time are
concerned. Percentages of rows and columns are of whole matrices and made elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from qdabridge.matrix.grid import Figure, Matrix, Measure
from qdabridge.matrix.names import Names
from qdabridge.matrix.places import Place
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import AudioSelection, PDFSelection, PDFSource, VideoSelection
from qdabridge.study.overlap import Span
from qdabridge.study.passages import Codable, Reference
from qdabridge.study.text import quoted
from qdabridge.study.walk import texts_of


class Figures:
    """Counts what is in cells; each figure is made only if it was asked for."""

    def __init__(self, look: Lookup, names: Names, measures: Sequence[Measure]) -> None:
        self._look = look
        self._names = names
        of_references = {"row %", "column %"} & set(measures)
        self._measures = dict.fromkeys((*measures, "count") if of_references else measures)
        self._lengths: dict[int, int] = {}
        self._things: dict[int, int] = {}

    def of(self, places: Sequence[Place], *, sources: Iterable[Codable], units: int) -> dict[Measure, Figure]:
        """Return the figures of a cell.

        Args:
            places: what is coded there.
            sources: those that the row is in, of whose text the coverage is a part.
            units: how many cases, or sources where there are none, have something in the cell.
        """
        found: dict[Measure, Figure] = {}
        for measure in self._measures:
            if measure == "count":
                found[measure] = references_in(places)
            elif measure == "sources":
                found[measure] = len(set(self._things_of(places)))
            elif measure == "cases":
                found[measure] = units
            elif measure == "words":
                found[measure] = sum(len(words.split()) for words in self._words(places))
            elif measure == "characters":
                found[measure] = self._characters(places)
            elif measure == "coverage":
                if (whole := sum(map(self._length, {id(each): each for each in sources}.values()))) > 0:
                    found[measure] = round(100 * self._characters(places) / whole, 2)
            elif measure == "seconds":
                found[measure] = self._milliseconds(places) / 1000
            elif measure == "coders":
                found[measure] = ", ".join(self._coders(places))
        return found

    # --- one figure ---------------------------------------------------------------------------------------------------

    def _things_of(self, places: Iterable[Place]) -> Iterable[int]:
        """Give what the places are in; a recording and its transcript are one."""
        for place in places:
            source = place.references[0].source
            if source is None:
                continue
            thing = self._things.get(id(source))
            if thing is None:
                thing = self._things[id(source)] = min(id(source), *map(id, self._look.twins_of(source)), id(source))
            yield thing

    def _coders(self, places: Iterable[Place]) -> list[str]:
        users = chain.from_iterable((each.user for each in place.references) for place in places)
        return list(dict.fromkeys(self._names.coders[id(user)] for user in users if user is not None))

    def _words(self, places: Iterable[Place]) -> Iterable[str]:
        spans, wordy = self._spans(places)
        for reference, parts in spans:
            text = self._look.text(reference.document) if reference.document is not None else None
            for start, end in parts if text is not None else ():
                yield quoted(text or "", start, end)
        yield from wordy

    def _characters(self, places: Iterable[Place]) -> int:
        spans, wordy = self._spans(places)
        return sum(end - start for _, parts in spans for start, end in parts) + sum(map(len, wordy))

    def _spans(self, places: Iterable[Place]) -> tuple[list[tuple[Reference, list[Span]]], list[str]]:
        """Return what is coded of each text, each character once; and the words of areas, which are of no text."""
        by_text: dict[int, tuple[Reference, list[Span]]] = {}
        wordy: list[str] = []
        for place in places:
            lead = next((each for each in place.references if not isinstance(each.selection, PDFSelection)), None)
            if lead is None:
                wordy.append(self._look.words_of(place.references[0]) or "")
            elif lead.document is not None and (span := self._look.span_of(lead)) is not None:
                by_text.setdefault(id(lead.document), (lead, []))[1].extend(lead.parts or (span,))
        return [(reference, united(spans)) for reference, spans in by_text.values()], wordy

    def _milliseconds(self, places: Iterable[Place]) -> int:
        by_thing: dict[int, list[Span]] = {}
        for place in places:
            lead = place.references[0]
            if (time := self._look.time_of(lead)) is not None:
                divided = lead.parts if isinstance(lead.selection, AudioSelection | VideoSelection) else ()
                by_thing.setdefault(id(lead.source), []).extend(divided or (time,))
        return sum(end - begin for spans in by_thing.values() for begin, end in united(spans))

    def _length(self, source: Codable) -> int:
        """Return how many characters of text a source has."""
        length = self._lengths.get(id(source))
        if length is None:
            texts = [source.representation] if isinstance(source, PDFSource) else list(texts_of(source))
            length = sum(len(self._look.text(each) or "") for each in texts if each is not None)
            self._lengths[id(source)] = length
        return length


def add_percentages(matrix: Matrix) -> None:
    """Put into each cell what part of its row and of its column it is, by references, where that is asked for."""
    if not {"row %", "column %"} & set(matrix.measures):
        return
    rows: dict[int, int] = {}
    columns: dict[int, int] = {}
    for (row, column), cell in matrix.cells.items():
        rows[row] = rows.get(row, 0) + int(cell.figures.get("count", 0))
        columns[column] = columns.get(column, 0) + int(cell.figures.get("count", 0))
    for (row, column), cell in matrix.cells.items():
        count = int(cell.figures.get("count", 0))
        cell.figures["row %"] = percent(count, rows[row])
        cell.figures["column %"] = percent(count, columns[column])


def percent(part: int, whole: int) -> float:
    """Return what part of a whole something is, from 0 to 100; of nothing it is 0."""
    return round(100 * part / whole, 2) if whole else 0.0


def references_in(places: Iterable[Place]) -> int:
    """Count the references at some places: each code once for each person, however often it was written down."""
    found = 0
    for place in places:
        references = place.references
        found += 1 if len(references) == 1 else len({(id(each.user), id(each.code)) for each in references})
    return found


def united(spans: Iterable[Span]) -> list[Span]:
    """Return spans joined where they overlap or touch, in order.

    >>> united([(5, 9), (0, 3), (2, 4), (9, 10)])
    [(0, 4), (5, 10)]
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
