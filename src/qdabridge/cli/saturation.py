"""`qdabridge saturation`: how many codes each interview adds, and when that is enough."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qdabridge.cli import listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option
from qdabridge.cli.streams import shown

if TYPE_CHECKING:
    from rich.table import Table

    from qdabridge.coders.saturation import Curve, Saturation


@click.command(
    epilog="""\b
Examples:
  qdabridge saturation study.qdpx
  qdabridge saturation study.qdpx --by source --order date
  qdabridge saturation study.qdpx --order "Interviewed on" --base 6 --run 3 --threshold 0
  qdabridge saturation study.qdpx --plot curve.svg"""
)
@click.argument("file", metavar="STUDY", type=ANY_PATH)
@click.option(
    "--by",
    type=click.Choice(["case", "source"]),
    help="What counts as an interview. Without it: cases, and sources where the study has no cases.",
)
@click.option(
    "--order",
    metavar="WHAT",
    default="file",
    show_default=True,
    help="In which order they come: file, name, date (when the source came into the study), or the name of a variable.",
)
@click.option(
    "--base", type=click.IntRange(min=1), default=4, show_default=True, help="How many of the first to start from."
)
@click.option(
    "--run", type=click.IntRange(min=1), default=2, show_default=True, help="How many are looked at together."
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 100),
    default=5,
    show_default=True,
    metavar="PERCENT",
    help="How much of the codes of the base a run may add and yet say nothing new.",
)
@click.option("--code", "codes", multiple=True, metavar="PATH", help="Only this code and those inside it. Repeatable.")
@click.option(
    "--level", type=click.IntRange(min=1), help="Count codes as the code above them on this level; 1 is themes."
)
@click.option("--coder", "coders", multiple=True, metavar="NAME", help="Only what this person coded. Repeatable.")
@click.option("--where", multiple=True, metavar="CONDITION", help="Only cases of which it is so: “Role=Manager”.")
@click.option("--plot", metavar="FILE", type=ANY_PATH, help="Draw the curve: .svg, .pdf or .png.")
@click.option("--plot-theme", metavar="NAME", help="With --plot: the curve of this theme instead of the whole.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for programs.")
@positions_option
@limits_option
@overwriting.force_option
def saturation(
    file: Path,
    by: str | None,
    order: str,
    base: int,
    run: int,
    threshold: float,
    codes: tuple[str, ...],
    level: int | None,
    coders: tuple[str, ...],
    where: tuple[str, ...],
    plot: Path | None,
    plot_theme: str | None,
    as_json: bool,
    positions: str | None,
    limits: str | None,
    force: bool,
) -> None:
    """Say how many new codes each interview adds, and when saturation is reached.

    It goes by base size, run length and new information threshold (Guest, Namey and Chen 2020), for all codes and for
    each theme.
    """
    import msgspec
    from msgspec.structs import replace

    import qdabridge
    from qdabridge.coders.saturation import saturation as counted
    from qdabridge.coders.saturation.plot import checked_ending, write_plot
    from qdabridge.errors import BadRequest

    if plot_theme is not None and plot is None:
        raise BadRequest("--plot-theme says of what the picture is.", todo="Add --plot FILE.")
    if plot is not None:
        checked_ending(plot)
    overwrite = overwriting.allowed(plot, force=force) if plot is not None else False
    with (
        streams.working(f"Counting codes in {file.name} …"),
        qdabridge.read(file, positions=positions, limits=limits) as study,
    ):
        found = counted(
            study,
            by=by,
            order=order,
            base=base,
            run=run,
            threshold=threshold / 100,
            codes=codes or None,
            level=level,
            coders=coders or None,
            where=where,
        )
    if plot is not None:
        told = write_plot(found, plot, theme=plot_theme, overwrite=overwrite)
        found = replace(found, findings=(*found.findings, *told))
    if as_json:
        streams.say_json(msgspec.to_builtins(found))
        return
    _say(found)
    if plot is not None:
        streams.say("", f"Wrote {shown(str(plot))}")


def _say(found: Saturation) -> None:
    streams.say(_steps(found), "", shown(found.sentence()))
    if len(found.themes) > 1:
        streams.say("", _themes(found))
    streams.say("", "With other choices", _variants(found))
    if found.findings:
        streams.say("", *listing.lines(found.findings))


def _steps(found: Saturation) -> Table:
    from rich.text import Text

    table = _empty(
        ("", 1), (found.by, 0), ("codes", 1), ("new", 1), ("in all", 1), ("in any order", 1), ("run adds", 1)
    )
    shares = {run.last: run for run in found.whole.runs}
    for number, step in enumerate(found.whole.steps, 1):
        run = shares.get(number)
        table.add_row(
            str(number),
            Text(shown(step.name)),
            str(step.codes),
            str(len(step.new)),
            str(step.total),
            f"{step.expected:.1f}",
            f"{100 * run.share:.1f} %" if run is not None else "",
        )
    return table


def _themes(found: Saturation) -> Table:
    from rich.text import Text

    table = _empty(("theme", 0), ("codes", 1), ("in the base", 1), ("saturation", 0))
    for curve in found.themes:
        table.add_row(Text(shown(curve.theme)), str(curve.steps[-1].total), str(curve.base_codes), _outcome(curve))
    return table


def _outcome(curve: Curve) -> str:
    words = {"too few": "too few to say", "empty base": "no code in the base", "not reached": "not reached"}
    return curve.notation or words[curve.outcome]


def _variants(found: Saturation) -> Table:
    bases = list(dict.fromkeys(variant.base for variant in found.variants))
    table = _empty(("threshold", 1), ("run", 1), *((f"base {base}", 1) for base in bases))
    rows: dict[tuple[float, int], list[str]] = {}
    for variant in found.variants:
        rows.setdefault((variant.threshold, variant.run), []).append(variant.notation or "-")
    for (threshold, run), notations in rows.items():
        table.add_row(f"{100 * threshold:g} %", str(run), *notations)
    return table


def _empty(*columns: tuple[str, int]) -> Table:
    """Return a table with these columns; those with 1 hold numbers."""
    from rich.table import Table

    empty = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for name, number in columns:
        empty.add_column(shown(name), justify="right" if number else "left", overflow="fold")
    return empty
