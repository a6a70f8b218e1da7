"""The agreement of coders as what a workbook takes: sections of an overview, tables, and the list for the meeting.

How a workbook is written is known in ``formats/spreadsheet``; here is decided what stands where, and in which
words. A row of the list is made in ``points``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from qdabridge.coders.agreement import Agreement
from qdabridge.coders.agreement.bootstrap import Interval
from qdabridge.coders.agreement.disagreements import Disagreement
from qdabridge.coders.agreement.measures import MEASURES, Figure
from qdabridge.coders.agreement.points import LETTERS, parties_of, point_of
from qdabridge.coders.agreement.tables import Line, Seven
from qdabridge.coders.agreement.units import SCALE
from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet.agreement_sheets import FigureColumn, FigureTable, FigureValue
from qdabridge.formats.spreadsheet.agreement_workbook import AgreementBook, Section, write_agreement

_MOST_ON_THE_MAP = 1000
"""How many sources have a column on the map; more can neither be seen nor compared."""

_NAMED = 30
_SEVEN = (
    ("agreement", "Agreement %", "none"),
    ("both", "A and B %", "none"),
    ("neither", "Not A and not B %", "none"),
    ("disagreement", "Disagreement %", "heat"),
    ("a_only", "A and not B %", "heat"),
    ("b_only", "B and not A %", "heat"),
)


def write_workbook(
    found: Agreement,
    listed: Sequence[Disagreement],
    path: Path,
    *,
    title: str = "",
    overwrite: bool = False,
    made: datetime | None = None,
) -> list[Finding]:
    """Write the agreement of coders as .xlsx: an overview, the list for the meeting, and tables of figures.

    Args:
        found: the figures.
        listed: the disagreements.
        path: the target; it takes its name only when it is complete.
        title: the name of the study.
        overwrite: whether an existing target may be replaced.
        made: the date and time that the workbook says; by default now.

    Returns:
        What a workbook cannot hold or show.

    Raises:
        BadRequest: there is more than a workbook has room for.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    return write_agreement(laid_out(found, listed, title), path, overwrite=overwrite, made=made)


def laid_out(found: Agreement, listed: Sequence[Disagreement], title: str) -> AgreementBook:
    """Return all that is in the workbook."""
    return AgreementBook(
        title,
        (Section("Who and what", tuple(_who(found))), Section("How far they agree", tuple(_figures(found)))),
        (Section("Left out", tuple(_left_out(found))),),
        tuple(_tables(found)),
        parties_of(found.coders, title),
        tuple(map(point_of, listed)),
        found.findings,
    )


# --- the overview ----------------------------------------------------------------------------------------------------


def _who(found: Agreement) -> Iterator[tuple[str, str]]:
    for letter, coder in zip(LETTERS, found.coders, strict=False):
        people = ", ".join(name for name in coder.people if name != coder.name)
        references = f"{coder.references:,} coded references"
        yield f"Coder {letter}", f"{coder.name} ({people}), {references}" if people else f"{coder.name}, {references}"
    what = "cases" if found.unit == "cells" else "sources"
    yield "Compared", f"{len(found.tables.codes):,} codes in {len(found.tables.fields):,} {what}"
    size = sum(each.size for each in found.tables.fields) / SCALE.get(found.unit, 1)
    yield "Counted in", found.unit if found.unit in ("cells", "sources") else f"{found.unit}, {size:,.0f} in all"


def _figures(found: Agreement) -> Iterator[tuple[str, str]]:
    whole = found.tables.whole
    for measure in MEASURES:
        pooled = whole.pooled[measure.name]
        said = [_in_words(pooled)]
        interval = whole.intervals.get(measure.name)
        if isinstance(interval, Interval):
            said[0] += f" (with 95 % between {interval.low:.3f} and {interval.high:.3f})"
        said.append(f"mean of codes {_in_words(whole.means_of_codes[measure.name].value)}")
        mean = whole.means.get(measure.name)
        if mean is not None:
            said.append(f"mean of code and source {_in_words(mean.value)}, weighted by size {_in_words(mean.weighted)}")
            if measure.name == "kappa" and mean.nvivo is not None and mean.undefined:
                said.append(
                    f"as NVivo’s table would give it {mean.nvivo:.3f}, with {mean.undefined:,} empty pairs as 1"
                )
        yield measure.title[:1].upper() + measure.title[1:], "; ".join(said)
    for each in found.pairs:
        yield each.name, f"agreement {_in_words(each.pooled['percent'])}, kappa {_in_words(each.pooled['kappa'])}"


def _in_words(figure: Figure) -> str:
    return f"{figure:.3f}" if isinstance(figure, float) else f"none ({figure.undefined})"


def _left_out(found: Agreement) -> Iterator[tuple[str, str]]:
    left = found.left_out
    if left.single_sources:
        name = "Coded by some only, counted" if left.single_sources_counted else "Coded by some only, left out"
        yield name, _whose(left.single_sources)
    if left.single_codes:
        name = "Used by some only, counted" if left.single_codes_counted else "Used by some only, left out"
        yield name, _whose(left.single_codes)
    if left.unused_codes:
        yield "Used by nobody", f"{left.unused_codes:,} codes are in no figure"
    if left.elsewhere:
        yield (
            "Other units",
            f"{left.elsewhere:,} codings are not made of {found.unit}; the list for the meeting has them",
        )
    if left.unplaced:
        yield "No place", f"{left.unplaced:,} codings are at places that cannot be measured"
    for what, unmatched in (("Sources", left.sources), ("Codes", left.codes)):
        if unmatched:
            yield f"{what} not compared", _some([f"{each.name} ({each.why})" for each in unmatched])


def _whose(single: dict[str, tuple[str, ...]]) -> str:
    return _some([f"{name} ({', '.join(who)})" for name, who in single.items()])


def _some(named: Sequence[str]) -> str:
    more = f" and {len(named) - _NAMED:,} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more


# --- tables of figures -----------------------------------------------------------------------------------------------


def _tables(found: Agreement) -> Iterator[FigureTable]:
    made, field = found.tables, "Case" if found.unit == "cells" else "Source"
    two = len(found.coders) == 2
    codes = {each.guid: each for each in made.codes}
    if made.by_theme:
        rows = tuple((line.name, *_line_values(line, two)) for line in made.by_theme)
        columns = (FigureColumn("Theme", "name"), *_line_columns(two, "codes"))
        yield FigureTable("Themes", "Figures of each theme", f"{len(rows):,}", columns, rows, color="44546A")
    rows = tuple((line.name, codes[line.guid].theme, *_line_values(line, two)) for line in made.by_code)
    columns = (FigureColumn("Code", "name"), FigureColumn("Theme", "text"), *_line_columns(two, "sources"))
    yield FigureTable("Codes", "Figures of each code", f"{len(rows):,}", columns, rows, color="44546A")
    if len(made.fields) <= _MOST_ON_THE_MAP:
        yield _map(found, field, two)
    columns = (FigureColumn("Code", "name"), FigureColumn(field, "name"), *_row_columns(two))
    rows = tuple(
        (made.codes[row.code].path, made.fields[row.field].name, *_row_values(row.figures, row.seven, two))
        for row in made.rows
    )
    about = f"Each code in each {field.lower()} that anybody used it in" + (", in NVivo’s columns" if two else "")
    yield FigureTable(f"Codes in {field.lower()}s", about, f"{len(rows):,}", columns, rows, 2, "44546A")
    rows = tuple((line.name, *_line_values(line, two)) for line in made.by_field)
    columns = (FigureColumn(field, "name"), *_line_columns(two, "codes"))
    yield FigureTable(f"{field}s", f"Figures of each {field.lower()}", f"{len(rows):,}", columns, rows, color="44546A")


def _map(found: Agreement, field: str, two: bool) -> FigureTable:
    """Return the sheet on which codes are crossed with sources, each cell shaded by its figure."""
    made, measure = found.tables, _shaded(two)
    at = {(row.code, row.field): _value(row.figures[measure]) for row in made.rows}
    rows = tuple(
        (code.path, *(at.get((row, column)) for column in range(len(made.fields))))
        for row, code in enumerate(made.codes)
    )
    columns = (
        FigureColumn("Code", "name"),
        *(FigureColumn(each.name, "figure", "graded") for each in made.fields),
    )
    about = f"{measure.capitalize()} of each code in each {field.lower()}; empty where nobody used it"
    return FigureTable("Map", about, f"{len(rows):,} × {len(made.fields):,}", columns, rows, color="44546A")


def _line_columns(two: bool, means_of: str) -> Iterator[FigureColumn]:
    yield FigureColumn("Coded by", "text", width=16)
    yield from _figure_columns(two)
    yield FigureColumn("Kappa from" if two else "Alpha from", "figure")
    yield FigureColumn("Kappa to" if two else "Alpha to", "figure")
    yield FigureColumn("Mean kappa" if two else "Mean alpha", "figure", "graded")
    yield FigureColumn("Mean of", "count")
    yield from _seven_columns(two)


def _line_values(line: Line, two: bool) -> Iterator[FigureValue]:
    measure = _shaded(two)
    yield ", ".join(line.coded_by)
    yield from _figure_values(line.pooled, two)
    interval = line.intervals.get(measure)
    yield from (interval.low, interval.high) if isinstance(interval, Interval) else (None, None)
    mean = line.means.get(measure)
    yield _value(mean.value) if mean is not None else None
    yield mean.defined if mean is not None else None
    yield from _seven_values(line.seven, two)


def _row_columns(two: bool) -> Iterator[FigureColumn]:
    yield from _figure_columns(two)
    yield from _seven_columns(two)


def _row_values(figures: dict[str, Figure], seven: Seven | None, two: bool) -> Iterator[FigureValue]:
    yield from _figure_values(figures, two)
    yield from _seven_values(seven, two)


def _shaded(two: bool) -> str:
    return "kappa" if two else "alpha"


def _measures(two: bool) -> list[tuple[str, str]]:
    return [
        (each.name, each.title[:1].upper() + each.title[1:])
        for each in sorted(MEASURES, key=lambda each: each.name == "percent")
        if two or each.name not in ("kappa", "holsti")
    ]


def _figure_columns(two: bool) -> Iterator[FigureColumn]:
    for name, title in _measures(two):
        if not (two and name == "percent"):
            # One of them is enough to see where to look. AC1 and its like are near 1 whatever the coders do.
            yield FigureColumn(title, "figure", "graded" if name == _shaded(two) else "none")


def _figure_values(figures: dict[str, Figure], two: bool) -> Iterator[FigureValue]:
    for name, _ in _measures(two):
        if not (two and name == "percent"):
            yield _value(figures[name])


def _seven_columns(two: bool) -> Iterator[FigureColumn]:
    if two:
        for _, heading, shade in _SEVEN:
            yield FigureColumn(heading, "percent", "heat" if shade == "heat" else "none")


def _seven_values(seven: Seven | None, two: bool) -> Iterator[FigureValue]:
    if two:
        yield from (getattr(seven, name) if seven is not None else None for name, _, _ in _SEVEN)


def _value(figure: Figure) -> FigureValue:
    if isinstance(figure, float):
        return figure
    return f"– (NVivo: {figure.nvivo:.0f})" if figure.nvivo is not None else "–"
