"""`qdabridge agree`: how far coders agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qdabridge.cli import listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option
from qdabridge.cli.several_names import SeveralNames
from qdabridge.cli.streams import shown

if TYPE_CHECKING:
    from rich.table import Table

    from qdabridge.coders.agreement import Agreement, Disagreement
    from qdabridge.coders.agreement.bootstrap import Range
    from qdabridge.coders.agreement.measures import Figure
    from qdabridge.coders.agreement.tables import Seven
    from qdabridge.coders.matching import Unmatched

_UNITS = ("characters", "sentences", "paragraphs", "sources", "cells", "seconds", "area")
_NAMED = 6
"""How many names stand in a line before the rest becomes a number."""


@click.command(
    epilog="""\b
Examples:
  qdabridge agree study.qdpx                         all who coded
  qdabridge agree study.qdpx --coders NS MP          these two
  qdabridge agree ns.qdpx mp.qdpx                    two copies of one study
  qdabridge agree study.qdpx --unit cells            who found what in which case
  qdabridge agree study.qdpx --workbook meet.xlsx    with the list for the meeting
  qdabridge agree study.qdpx --by rows --json        every figure, for programs"""
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=ANY_PATH)
@click.option(
    "--coders",
    "-c",
    cls=SeveralNames,
    multiple=True,
    metavar="NAME...",
    help="The coders, by name, initials or GUID: two or more. `NS+LT` are two who count as one.",
)
@click.option("--unit", type=click.Choice(_UNITS), default="characters", show_default=True, help="What is counted.")
@click.option(
    "--by",
    type=click.Choice(["codes", "sources", "rows"]),
    default="codes",
    show_default=True,
    help="What has a line: each code, each source (or case), or each code in each source.",
)
@click.option("--code", "codes", multiple=True, metavar="PATH", help="Only this code and those inside it.")
@click.option("--only", multiple=True, metavar="NAME", help="Only this source (or case, where cells are counted).")
@click.option(
    "--single-sources", is_flag=True, help="Count sources too in which only some of the coders coded anything."
)
@click.option("--no-single-codes", is_flag=True, help="Leave out codes that only some of the coders used.")
@click.option("--aggregate", is_flag=True, help="Let a code count for the codes inside it, as NVivo's aggregate does.")
@click.option(
    "--overlap",
    type=click.FloatRange(1, 100),
    default=90,
    show_default=True,
    metavar="PERCENT",
    help="How much of two passages must be shared for them to be the same, for the agreement of segments.",
)
@click.option(
    "--draws",
    type=click.IntRange(0, 100_000),
    default=1000,
    show_default=True,
    help="How many times sources are drawn for the 95 % intervals; 0 for none.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Of the drawing; the same seed, the same intervals."
)
@click.option(
    "--workbook",
    metavar="OUT.xlsx",
    type=ANY_PATH,
    help="Write everything as an Excel workbook, with the list for the meeting to decide in.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, with the list of disagreements.")
@positions_option
@limits_option
@overwriting.force_option
def agree(
    files: tuple[Path, ...],
    coders: tuple[str, ...],
    unit: str,
    by: str,
    codes: tuple[str, ...],
    only: tuple[str, ...],
    single_sources: bool,
    no_single_codes: bool,
    aggregate: bool,
    overlap: float,
    draws: int,
    seed: int,
    workbook: Path | None,
    as_json: bool,
    positions: str | None,
    limits: str | None,
    force: bool,
) -> None:
    """Say how far coders agree, and what they coded differently.

    FILE is one study that all have coded, or several copies of one study, each coded by somebody else. Figures are for
    the whole, for each theme, and for each code or source: percent agreement, Cohen's kappa, Krippendorff's alpha, and
    more.
    """
    import qdabridge
    from qdabridge.coders.agreement import DoubleCoding

    overwrite = _allowed(workbook, force=force) if workbook is not None else False
    with ExitStack() as stack, streams.working(f"Comparing coders of {', '.join(file.name for file in files)} …"):
        studies = [stack.enter_context(qdabridge.read(file, positions=positions, limits=limits)) for file in files]
        coded = DoubleCoding(
            *studies,
            coders=coders or None,
            labels=_labels(files),
            unit=unit,  # type: ignore[arg-type]
            codes=codes or None,
            only=only or None,
            single_sources=single_sources,
            single_codes=not no_single_codes,
            aggregate=aggregate,
            overlap=overlap / 100,
            draws=draws,
            seed=seed,
        )
        found = coded.agreement()
        listed = coded.disagreements() if as_json or workbook is not None else ()
        findings = [*(finding for study in studies for finding in study.findings), *found.findings]
        if workbook is not None:
            from qdabridge.coders.agreement.workbook import write_workbook

            title = studies[0].project.name
            findings += write_workbook(found, listed, workbook, title=title, overwrite=overwrite)
    if as_json:
        streams.say_json(_as_json(files, found, listed))
        return
    streams.say(*_head(found), "", _whole(found), "", _lines(found, by))
    streams.say("", *_beside(found))
    if workbook is not None:
        streams.say(f"Wrote {shown(str(workbook))}")
    if findings:
        streams.say("", *listing.lines(findings))


def _allowed(workbook: Path, *, force: bool) -> bool:
    """Tell whether the workbook may be overwritten; one that Excel could not open is refused."""
    if workbook.suffix.lower() != ".xlsx":
        raise click.UsageError(f"The workbook is written as .xlsx; call it {workbook.stem}.xlsx.")
    return overwriting.allowed(workbook, force=force)


def _labels(files: Sequence[Path]) -> list[str]:
    """Return what the copies are called: the names of their files, as far as those tell them apart."""
    stems = [file.stem for file in files]
    return stems if len(set(stems)) == len(stems) else [str(file) for file in files]


def _as_json(files: Sequence[Path], found: Agreement, listed: Sequence[Disagreement]) -> dict[str, object]:
    import msgspec

    told = msgspec.to_builtins(found)
    assert isinstance(told, dict)
    return {
        "files": [str(file) for file in files],
        **told,
        "disagreements": msgspec.to_builtins(listed),
        "findings": [listing.as_json(each) for each in found.findings],
    }


# --- tables ----------------------------------------------------------------------------------------------------------


def _head(found: Agreement) -> list[str]:
    """Return who was compared, and on what."""
    from qdabridge.coders.agreement.units import SCALE

    what = "case" if found.unit == "cells" else "source"
    size = sum(each.size for each in found.tables.fields) / SCALE.get(found.unit, 1)
    sides = []
    for letter, coder in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", found.coders, strict=False):
        people = ", ".join(name for name in coder.people if name != coder.name)
        sides.append(f"{letter}: {coder.name}" + (f" ({people})" if people else ""))
    return [
        shown(", ".join(sides)),
        f"{_counted(len(found.tables.codes), 'code')} in {_counted(len(found.tables.fields), what)}"
        f"{_sized(found.unit, size)}",
    ]


def _sized(unit: str, size: float) -> str:
    if unit in ("cells", "sources"):
        return ", each coded or not"
    return f", {size:,.0f} {'square points and pixels' if unit == 'area' else unit}"


def _whole(found: Agreement) -> Table:
    """Return the figures of the whole, and beside them what else may be called so."""
    from qdabridge.coders.agreement.measures import MEASURES

    whole = found.tables.whole
    pairs = ["mean of pairs", "weighted", "defined"] if whole.means else []
    table = _table("all codes", "pooled", "95 % interval", "mean of codes", *pairs)
    for each in MEASURES:
        told = [_interval(whole.intervals.get(each.name)), _figure(whole.means_of_codes[each.name].value)]
        mean = whole.means.get(each.name)
        if mean is not None:
            share = f"{mean.defined:,} of {mean.defined + mean.undefined:,}"
            told += [_figure(mean.value), _figure(mean.weighted), share]
        table.add_row(each.title, _figure(whole.pooled[each.name]), *told)
    mean = whole.means.get("kappa")
    if mean is not None and mean.nvivo is not None and mean.nvivo_weighted is not None:
        told = [f"{mean.nvivo:.3f}", f"{mean.nvivo_weighted:.3f}", f"{mean.undefined:,} as 1"]
        table.add_row("kappa as NVivo", "", "", "", *told)
    return table


def _lines(found: Agreement, by: str) -> Table:
    """Return a line for each theme and what is in it, each source, or each row; NVivo's columns for two coders."""
    two = len(found.coders) == 2
    columns = ["kappa", "agree %", "A and B", "neither", "differ", "A only", "B only"] if two else ["agree %"]
    first = {"codes": "code", "sources": "case" if found.unit == "cells" else "source", "rows": "code, source"}[by]
    table = _table(first, *columns, "alpha", *([] if two else ["AC1", "B & P"]))
    if by == "rows":
        for row in found.tables.rows:
            name = f"{found.tables.codes[row.code].path}, {found.tables.fields[row.field].name}"
            table.add_row(*_cells(name, row.figures, row.seven))
        return table
    if by == "sources":
        for line in found.tables.by_field:
            table.add_row(*_cells(line.name, line.pooled, line.seven))
        return table
    for theme in found.tables.by_theme:
        table.add_row(*_cells(theme.name, theme.pooled, theme.seven), style="bold")
        for code, line in zip(found.tables.codes, found.tables.by_code, strict=True):
            if code.theme == theme.name:
                name = "  " + (code.path.removeprefix(theme.name + " \\ "))
                table.add_row(*_cells(name, line.pooled, line.seven))
    return table


def _cells(name: str, figures: dict[str, Figure], seven: Seven | None) -> list[str]:
    if seven is None:
        agreeing = figures["percent"]
        rest = [_figure(figures[each]) for each in ("alpha", "ac1", "brennanPrediger")]
        return [shown(name), f"{100 * agreeing:.1f}" if isinstance(agreeing, float) else "–", *rest]
    shares = (seven.agreement, seven.both, seven.neither, seven.disagreement, seven.a_only, seven.b_only)
    return [shown(name), _figure(figures["kappa"]), *(f"{share:.1f}" for share in shares), _figure(figures["alpha"])]


def _beside(found: Agreement) -> Iterable[str | Table]:
    """Return what is not in the tables of units: pairs of coders, segments, alphas, and what was left out."""
    from qdabridge.coders.agreement.measures import MEASURES

    if found.pairs:
        pairs = _table("coders", *(each.title for each in MEASURES))
        for line in found.pairs:
            pairs.add_row(shown(line.name), *(_figure(line.pooled[each.name]) for each in MEASURES))
        yield pairs
        yield ""
    if found.unitizing or found.segments:
        yield _by_theme(found)
        yield ""
    yield from _left_out(found)
    yield "--workbook and --json list every place that was coded differently, with its words."


def _by_theme(found: Agreement) -> Table:
    """Return the agreement on passages, by theme."""
    alpha_names = ["uα", "|uα", "cuα", "Cuα"] if found.unitizing else []
    table = _table("passages", *(["found", "MAXQDA's kappa"] if found.segments else []), *alpha_names)
    alphas = {each.name: each for each in found.unitizing}
    segments = {each.name: each for each in found.segments}
    for name in dict.fromkeys((*segments, *alphas)):
        cells = [shown(name)]
        if found.segments:
            each = segments[name]
            share = f" ({100 * each.share:.0f} %)" if isinstance(each.share, float) else ""
            cells += [f"{sum(each.found):,} of {sum(each.marked):,}{share}", _figure(each.kappa)]
        alpha = alphas.get(name)
        if alpha is not None:
            across = _figure(alpha.across) if alpha.across is not None else ""
            cells += [_figure(alpha.u), _figure(alpha.binary), _figure(alpha.cu), across]
        table.add_row(*cells)
    return table


def _left_out(found: Agreement) -> Iterable[str]:
    """Return what does not count, a sentence each."""
    left = found.left_out
    what = "cases" if found.unit == "cells" else "sources"
    if left.single_sources:
        done = "counted all the same" if left.single_sources_counted else "left out (--single-sources counts them)"
        yield f"Coded by some only, {done}: {_whose(left.single_sources, what)}."
    if left.single_codes:
        done = "counted (--no-single-codes leaves them out)" if left.single_codes_counted else "left out"
        yield f"Used by some only, {done}: {_whose(left.single_codes, 'codes')}."
    if left.unused_codes:
        yield f"Used by nobody here and left out: {_counted(left.unused_codes, 'code')}."
    if left.elsewhere:
        other = (
            "Other units (--unit) count them" if found.unit != "characters" else "--unit seconds or area counts them"
        )
        yield f"Not made of {found.unit}: {_counted(left.elsewhere, 'coding')}. {other}."
    if left.unplaced:
        yield f"At places that cannot be measured: {_counted(left.unplaced, 'coding')}."
    yield from _unmatched("sources", left.sources)
    yield from _unmatched("codes", left.codes)


def _whose(single: dict[str, tuple[str, ...]], what: str) -> str:
    named = [f"{name} ({', '.join(who)})" for name, who in single.items()]
    more = f" and {len(named) - _NAMED:,} more {what}" if len(named) > _NAMED else ""
    return shown(", ".join(named[:_NAMED]) + more)


def _unmatched(what: str, unmatched: Sequence[Unmatched]) -> Iterable[str]:
    for why, words in (
        ("not there", "not in every copy"),
        ("content differs", "not of the same content in every copy"),
        ("several", "possibly several things"),
    ):
        names = list(dict.fromkeys(each.name for each in unmatched if each.why == why))
        if names:
            more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
            yield shown(f"Not compared, {what} that are {words}: {', '.join(names[:_NAMED])}{more}.")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


# --- cells -----------------------------------------------------------------------------------------------------------


def _figure(figure: Figure) -> str:
    """Return a figure for a table; one that is undefined as a dash, with what NVivo would print."""
    if isinstance(figure, float):
        return f"{figure:.3f}"
    return f"– (NVivo: {figure.nvivo:.0f})" if figure.nvivo is not None else "–"


def _interval(found: Range | None) -> str:
    from qdabridge.coders.agreement.bootstrap import Interval

    return f"{found.low:.3f}–{found.high:.3f}" if isinstance(found, Interval) else ""


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for place, name in enumerate(columns):
        table.add_column(name, justify="right" if place else "left", overflow="fold")
    return table
