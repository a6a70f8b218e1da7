"""The tables of agreement: per code and source, per code, source and theme, and the whole; pooled, and as means.

Pooled figures come from adding the counts up; means are of the figures of all pairs of code and source, those where
nobody coded anything too, and may be weighted by size. A mean is of the defined figures only, and says how many were
not. Made of a tally; how it was counted is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import mul
from typing import NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from qdabridge.coders.agreement.bootstrap import Drawn, Draws, Range, together
from qdabridge.coders.agreement.counting import Counts, nothing, total
from qdabridge.coders.agreement.measures import MEASURES, Figure, Undefined, figures
from qdabridge.coders.agreement.units import Field, Tally

_Any = TypeVar("_Any")

_NAMES = tuple(each.name for each in MEASURES)


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
    if len(counts.coded) != 2:
        return None
    neither, single, both = counts.marks
    size = neither + single + both
    if not size:
        return None
    one, other = counts.coded
    return Seven(
        100 * (neither + both) / size,
        100 * both / size,
        100 * neither / size,
        100 * single / size,
        100 * (one - both) / size,
        100 * (other - both) / size,
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
        places = sorted(
            (code_places[code], field_places[field], code, field)
            for code, field in tally.counts
            if code in code_places and field in field_places
        )
        self._rows = [_row(place, at, tally.counts[code, field]) for place, at, code, field in places]

    def tables(self) -> Tables:
        """Return all of them."""
        by_code: list[list[Row]] = [[] for _ in self._codes]
        by_field: list[list[Row]] = [[] for _ in self._fields]
        for row in self._rows:
            by_code[row.code].append(row)
            by_field[row.field].append(row)
        parts = [self._of_code(rows) for rows in by_code]
        codes = [self._line(each.path, each.guid, part) for each, part in zip(self._codes, parts, strict=True)]
        fields = [
            self._line(each.name, each.guid, self._part(rows, len(codes), [each]))
            for each, rows in zip(self._fields, by_field, strict=True)
        ]
        by_theme: dict[str, list[int]] = {}
        for place, entry in enumerate(self._codes):
            by_theme.setdefault(entry.theme, []).append(place)
        themes = {
            theme: _joined([parts[place] for place in places], len(self._coders)) for theme, places in by_theme.items()
        }
        return Tables(
            tuple(self._codes),
            tuple(self._fields),
            tuple(self._rows),
            tuple(codes),
            tuple(fields),
            tuple(
                self._over_codes(theme, part, [codes[place] for place in by_theme[theme]])
                for theme, part in themes.items()
            ),
            self._over_codes("all codes", _joined(list(themes.values()), len(self._coders)), codes),
        )

    def _of_code(self, rows: Sequence[Row]) -> _Part:
        drawn = None
        if self._draws is not None:
            drawn = self._draws.sums([(row.field, row.counts) for row in rows], len(self._coders))
        return self._part(rows, 1, self._fields, drawn)

    def _part(self, rows: Sequence[Row], codes: int, fields: Sequence[Field], drawn: Drawn | None = None) -> _Part:
        counts = total([row.counts for row in rows], len(self._coders))
        sums = []
        # Where a row is a single unit, a case or a source, a mean of rows says nothing.
        if any(each.size != 1 for each in self._fields):
            sizes = [self._fields[row.field].size for row in rows]
            sums = [_sum([row.figures[each.name] for row in rows], sizes) for each in MEASURES]
        size = codes * sum(each.size for each in fields)
        return _Part(codes, codes * len(fields), len(rows), size, counts, sums, drawn)

    def _over_codes(self, name: str, part: _Part, codes: Sequence[Line]) -> Line:
        """Make a line of several codes, with the means of what was pooled for each."""
        sizes = [line.counts.size for line in codes]
        means = {each.name: _mean(_sum([line.pooled[each.name] for line in codes], sizes)) for each in MEASURES}
        return replace(self._line(name, "", part), means_of_codes=means)

    def _line(self, name: str, guid: str, part: _Part) -> Line:
        rest = part.size - part.counts.size
        counts = part.counts + nothing(len(self._coders), rest)
        return Line(
            name,
            guid,
            tuple(coder for coder, number in zip(self._coders, counts.coded, strict=True) if number),
            counts,
            _by_name(figures(counts)),
            self._means(part, rest),
            {},
            self._intervals(part),
            seven(counts),
        )

    def _means(self, part: _Part, rest: int) -> dict[str, Mean]:
        """Return the means; pairs of code and source where nobody coded anything, with ``rest`` units, are in them."""
        if not part.sums:
            return {}
        sums = part.sums
        pairs = part.pairs - part.rows
        if pairs:
            empty = figures(nothing(len(self._coders), 1))
            sums = [_added((each, _sum([figure], [rest], pairs))) for each, figure in zip(sums, empty, strict=True)]
        return _by_name([_mean(each) for each in sums])

    def _intervals(self, part: _Part) -> dict[str, Range]:
        if self._draws is None or part.drawn is None:
            return {}
        return _by_name(self._draws.intervals(part.drawn, part.codes, figures))


class _Sum(NamedTuple):
    """Figures of pairs of code and source added up, and what is needed to make a mean of them.

    Args:
        defined: of how many pairs the figure is defined.
        values, weighted: the sum of the defined figures, and the same weighted by size.
        weights: how many units the pairs have of which it is defined.
        undefined: of how many pairs it is not.
        printed, printed_weighted: what NVivo prints for these, added up.
        printed_weights: how many units they have.
        unprinted: for how many of them it prints nothing that is known.
    """

    defined: int = 0
    values: float = 0.0
    weighted: float = 0.0
    weights: int = 0
    undefined: int = 0
    printed: float = 0.0
    printed_weighted: float = 0.0
    printed_weights: int = 0
    unprinted: int = 0


class _Part(NamedTuple):
    """What a line is made of.

    Args:
        codes: how many codes it is of.
        pairs: of code and source.
        rows: how many of these pairs have a row, because somebody coded something.
        size: how many units all pairs have.
        counts: those of the rows, added up.
        sums: of the figures of the rows, in the order of the measures; none where no means are wanted.
        drawn: sums of the counts for every draw, where intervals are wanted.
    """

    codes: int
    pairs: int
    rows: int
    size: int
    counts: Counts
    sums: list[_Sum]
    drawn: Drawn | None


def _joined(parts: Sequence[_Part], coders: int) -> _Part:
    """Return several codes, or themes, as one part."""
    return _Part(
        sum(each.codes for each in parts),
        sum(each.pairs for each in parts),
        sum(each.rows for each in parts),
        sum(each.size for each in parts),
        total([each.counts for each in parts], coders),
        [_added(those) for those in zip(*(each.sums for each in parts), strict=True)],
        together([each.drawn for each in parts if each.drawn is not None]),
    )


def _row(code: int, field: int, counts: Counts) -> Row:
    return Row(code, field, counts, _by_name(figures(counts)), seven(counts))


def _by_name(each: Sequence[_Any]) -> dict[str, _Any]:
    return dict(zip(_NAMES, each, strict=True))


def _sum(found: Sequence[Figure], sizes: Sequence[int], pairs: int = 1) -> _Sum:
    """Add figures up, each of so many pairs of code and source, which have so many units together."""
    values = [each for each in found if isinstance(each, float)]
    if len(values) == len(found):
        return _Sum(len(values) * pairs, sum(values) * pairs, sum(map(mul, values, sizes)), sum(sizes))
    weights = [size for each, size in zip(found, sizes, strict=True) if isinstance(each, float)]
    others = [(each.nvivo, size) for each, size in zip(found, sizes, strict=True) if isinstance(each, Undefined)]
    printed = [(nvivo, size) for nvivo, size in others if nvivo is not None]
    return _Sum(
        len(values) * pairs,
        sum(values) * pairs,
        sum(map(mul, values, weights)),
        sum(weights),
        len(others) * pairs,
        sum(nvivo for nvivo, _ in printed) * pairs,
        sum(nvivo * size for nvivo, size in printed),
        sum(size for _, size in printed),
        len(others) - len(printed),
    )


def _added(sums: Iterable[_Sum]) -> _Sum:
    return _Sum(*map(sum, zip(*sums, strict=True)))


def _mean(of: _Sum) -> Mean:
    none = Undefined("none is defined")
    every = of.defined + of.undefined
    weights = of.weights + of.printed_weights
    has_nvivo = of.undefined and not of.unprinted
    return Mean(
        of.values / of.defined if of.defined else none,
        of.weighted / of.weights if of.weights else none,
        of.defined,
        of.undefined,
        (of.values + of.printed) / every if has_nvivo else None,
        (of.weighted + of.printed_weighted) / weights if has_nvivo and weights else None,
    )
