"""The tables of agreement: per code and source, per code, source and theme, and the whole; pooled, and as means.

Pooled figures come from adding the counts up; means are of the figures of all pairs of code and source, those where
nobody coded anything too, and may be weighted by size. A mean is of the defined figures only, and says how many were
not. Made of a tally; how it was counted is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from qdabridge.coders.agreement.bootstrap import Draws, Range
from qdabridge.coders.agreement.counting import Counts, nothing, total
from qdabridge.coders.agreement.measures import MEASURES, Figure, Undefined
from qdabridge.coders.agreement.units import Field, Tally


class Seven(Struct, frozen=True, rename="camel"):
    """NVivo's columns beside kappa, for two coders, in percent."""

    agreement: float
    both: float
    neither: float
    disagreement: float
    a_only: float
    b_only: float


class Mean(Struct, frozen=True, rename="camel"):
    """The mean of the figures of pairs of code and source.

    Args:
        value: of those that are defined.
        weighted: the same, each weighted by the size of its source.
        defined: how many are.
        undefined: how many are not.
        nvivo: the mean if the undefined count as what NVivo prints, as averaging NVivo's table in a spreadsheet gives.
        nvivo_weighted: the same, weighted by size.
    """

    value: Figure
    weighted: Figure
    defined: int
    undefined: int
    nvivo: float | None = None
    nvivo_weighted: float | None = None


class Row(Struct, frozen=True, rename="camel"):
    """One code in one source (or case).

    Args:
        code, field: their numbers in ``Tables.codes`` and ``Tables.fields``.
        counts: how many units were marked by whom.
        figures: measure → figure.
        seven: NVivo's columns; ``None`` where there are more than two coders.
    """

    code: int
    field: int
    counts: Counts
    figures: dict[str, Figure]
    seven: Seven | None


class Line(Struct, frozen=True, rename="camel"):
    """Several rows together: of a code, a source, a theme, a pair of coders, or the whole.

    Args:
        name: the path of a code or theme, the name of a source, or the coders.
        guid: of the code or source; empty where it is neither.
        coded_by: the names of the coders who coded anything here.
        counts: the counts of all rows added up.
        pooled: measure → figure of these counts.
        means: measure → mean of the figures of the rows; empty where a row is a single unit, a case or a source.
        means_of_codes: measure → mean of the pooled figures of the codes, for a theme and the whole.
        intervals: measure → where the pooled figure lies with 95 percent, by drawing sources; empty if not asked for.
        seven: NVivo's columns of the counts; ``None`` where there are more than two coders.
    """

    name: str
    guid: str
    coded_by: tuple[str, ...]
    counts: Counts
    pooled: dict[str, Figure]
    means: dict[str, Mean]
    means_of_codes: dict[str, Mean]
    intervals: dict[str, Range]
    seven: Seven | None


class CodeEntry(Struct, frozen=True, rename="camel"):
    """A code that was counted."""

    guid: str
    path: str
    theme: str


class Tables(Struct, frozen=True, rename="camel"):
    """All tables."""

    codes: tuple[CodeEntry, ...]
    fields: tuple[Field, ...]
    rows: tuple[Row, ...]
    by_code: tuple[Line, ...]
    by_field: tuple[Line, ...]
    by_theme: tuple[Line, ...]
    whole: Line


def seven(counts: Counts) -> Seven | None:
    """Return NVivo's columns; ``None`` where there are not two coders.

    >>> seven(Counts((800, 150, 50), (120, 130))).agreement
    85.0
    """
    size = counts.size
    if len(counts.coded) != 2 or not size:
        return None
    agreeing = counts.both + counts.neither
    return Seven(
        100 * agreeing / size,
        100 * counts.both / size,
        100 * counts.neither / size,
        100 * (size - agreeing) / size,
        100 * counts.a_only / size,
        100 * counts.b_only / size,
    )


def tables(
    tally: Tally,
    codes: Sequence[tuple[int, CodeEntry]],
    fields: Sequence[int],
    coders: Sequence[str],
    draws: int,
    seed: int,
) -> Tables:
    """Make the tables.

    Args:
        tally: the counts.
        codes: the codes that count: their number in the tally, and what they are.
        fields: the numbers of the fields that count.
        coders: the names of the coders.
        draws: how many times the sources are drawn for intervals; none for no intervals.
        seed: of the drawing.
    """
    return _Making(tally, codes, fields, coders, draws, seed).tables()


class _Making:
    def __init__(
        self,
        tally: Tally,
        codes: Sequence[tuple[int, CodeEntry]],
        fields: Sequence[int],
        coders: Sequence[str],
        draws: int,
        seed: int,
    ) -> None:
        self._codes = [entry for _, entry in codes]
        self._fields = [tally.fields[number] for number in fields]
        self._coders = coders
        self._draws = Draws([each.size for each in self._fields], draws, seed) if draws else None
        code_places = {number: place for place, (number, _) in enumerate(codes)}
        field_places = {number: place for place, number in enumerate(fields)}
        self._rows = sorted(
            (
                _row(code_places[code], field_places[field], counts)
                for (code, field), counts in tally.counts.items()
                if code in code_places and field in field_places
            ),
            key=lambda row: (row.code, row.field),
        )

    def tables(self) -> Tables:
        """Return all of them."""
        by_code: list[list[Row]] = [[] for _ in self._codes]
        by_field: list[list[Row]] = [[] for _ in self._fields]
        by_theme: dict[str, list[int]] = {}
        for row in self._rows:
            by_code[row.code].append(row)
            by_field[row.field].append(row)
        for place, entry in enumerate(self._codes):
            by_theme.setdefault(entry.theme, []).append(place)
        number = len(self._codes)
        codes = tuple(self._line(each.path, each.guid, by_code[place], 1) for place, each in enumerate(self._codes))
        return Tables(
            tuple(self._codes),
            tuple(self._fields),
            tuple(self._rows),
            codes,
            tuple(
                self._line(each.name, each.guid, rows, number, place)
                for place, (each, rows) in enumerate(zip(self._fields, by_field, strict=True))
            ),
            tuple(
                self._over_codes(theme, [row for place in places for row in by_code[place]], [codes[n] for n in places])
                for theme, places in by_theme.items()
            ),
            self._over_codes("all codes", self._rows, codes),
        )

    def _over_codes(self, name: str, rows: Sequence[Row], codes: Sequence[Line]) -> Line:
        """Make a line of several codes, with the means of what was pooled for each."""
        figures = {each.name: [(line.pooled[each.name], 1, line.counts.size) for line in codes] for each in MEASURES}
        means = {measure: _mean(groups) for measure, groups in figures.items()}
        return replace(self._line(name, "", rows, len(codes)), means_of_codes=means)

    def _line(self, name: str, guid: str, rows: Sequence[Row], codes: int, field: int | None = None) -> Line:
        """Make a line of some codes in all fields, or in one."""
        fields = self._fields if field is None else [self._fields[field]]
        size = codes * sum(each.size for each in fields)
        coders = len(self._coders)
        counts = total((row.counts for row in rows), coders)
        rest = _Rest(codes * len(fields) - len(rows), size - counts.size)
        counts += nothing(coders, rest.size)
        return Line(
            name,
            guid,
            tuple(coder for coder, number in zip(self._coders, counts.coded, strict=True) if number),
            counts,
            {each.name: each.of(counts) for each in MEASURES},
            self._means(rows, rest),
            {},
            self._intervals(rows, codes) if field is None else {},
            seven(counts),
        )

    def _means(self, rows: Sequence[Row], rest: _Rest) -> dict[str, Mean]:
        if all(each.size == 1 for each in self._fields):
            return {}
        found = {}
        for each in MEASURES:
            groups = [(row.figures[each.name], 1, row.counts.size) for row in rows]
            if rest.pairs:
                groups.append((each.of(nothing(len(self._coders), 1)), rest.pairs, rest.size))
            found[each.name] = _mean(groups)
        return found

    def _intervals(self, rows: Sequence[Row], codes: int) -> dict[str, Range]:
        if self._draws is None:
            return {}
        by_field: dict[int, list[Counts]] = {}
        for row in rows:
            by_field.setdefault(row.field, []).append(row.counts)
        coders = len(self._coders)
        counts = [(field, total(those, coders)) for field, those in by_field.items()]
        ranges = self._draws.intervals(counts, coders, [each.of for each in MEASURES], codes)
        return {each.name: found for each, found in zip(MEASURES, ranges, strict=True)}


class _Rest(NamedTuple):
    """The pairs of code and source where nobody coded anything: how many, and how many units they have."""

    pairs: int
    size: int


def _row(code: int, field: int, counts: Counts) -> Row:
    return Row(code, field, counts, {each.name: each.of(counts) for each in MEASURES}, seven(counts))


def _mean(groups: Iterable[tuple[Figure, int, int]]) -> Mean:
    """Return the mean of figures, each of so many pairs of code and source, which have so many units together."""
    values = weights = weighted = 0.0
    defined = undefined = 0
    printed = printed_weighted = printed_weights = 0.0
    prints = True
    for figure, pairs, size in groups:
        if isinstance(figure, Undefined):
            undefined += pairs
            shown = figure.nvivo
        else:
            defined += pairs
            values += figure * pairs
            weighted += figure * size
            weights += size
            shown = figure
        if shown is None:
            prints = False
        else:
            printed += shown * pairs
            printed_weighted += shown * size
            printed_weights += size
    none = Undefined("none is defined")
    has_nvivo = prints and undefined and defined + undefined
    return Mean(
        values / defined if defined else none,
        weighted / weights if weights else none,
        defined,
        undefined,
        printed / (defined + undefined) if has_nvivo else None,
        printed_weighted / printed_weights if has_nvivo and printed_weights else None,
    )
