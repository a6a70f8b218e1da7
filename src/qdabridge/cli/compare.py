"""`qdabridge compare`: what changed between versions of a study."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from itertools import groupby
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

    from qdabridge.coders.comparing import Change, Comparison, Step

STANDARD_OUTPUT = "-"


@click.command(
    epilog="""\b
Examples:
  qdabridge compare before.qdpx after.qdpx
  qdabridge compare march.qdpx june.qdpx final.qdpx --markdown history.md
  qdabridge compare before.qdpx after.qdpx --json | jq '.steps[].changes[] | select(.thing == "code")'"""
)
@click.argument("files", metavar="BEFORE AFTER [LATER]...", nargs=-1, required=True, type=ANY_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for programs.")
@click.option("--markdown", metavar="FILE", help="Write it to a file as Markdown; “-” prints it.")
@positions_option
@limits_option
@overwriting.force_option
def compare(
    files: tuple[Path, ...],
    as_json: bool,
    markdown: str | None,
    positions: str | None,
    limits: str | None,
    force: bool,
) -> None:
    """Tell what changed between versions of a study.

    Codes that are new, gone, renamed, moved, split, merged or defined otherwise; codings, by whom; sources, cases,
    notes and everything else. Of more than two versions it tells each step, and the history of every code.
    """
    import msgspec

    import qdabridge
    from qdabridge.coders.comparing import compare as compared
    from qdabridge.coders.comparing.report import markdown as as_markdown
    from qdabridge.safety import writing

    to_file = markdown is not None and markdown != STANDARD_OUTPUT
    overwrite = overwriting.allowed(Path(markdown), force=force) if markdown is not None and to_file else False
    with streams.working(f"Comparing {len(files)} versions …"), ExitStack() as opened:
        studies = [opened.enter_context(qdabridge.read(file, positions=positions, limits=limits)) for file in files]
        found = compared(*studies, labels=_labels(files))
    if markdown is not None and to_file:
        with writing(Path(markdown), overwrite=overwrite) as stream:
            stream.write(as_markdown(found).encode())
    if as_json:
        streams.say_json(msgspec.to_builtins(found))
    elif markdown == STANDARD_OUTPUT:
        streams.say(as_markdown(found).rstrip("\n"))
    elif markdown is not None:
        streams.say(f"Wrote {shown(markdown)}")
    else:
        _say(found)


def _labels(files: Iterable[Path]) -> list[str]:
    """Return the names of the files, with their folders where two have one name."""
    paths = list(files)
    names = [path.name for path in paths]
    return [path.name if names.count(path.name) == 1 else str(path) for path in paths]


def _say(found: Comparison) -> None:
    for number, step in enumerate(found.steps):
        if number:
            streams.say("")
        _say_step(step)
    if len(found.versions) > 2:
        streams.say("", "The history of the codes", _history(found))
    if found.findings:
        streams.say("", *listing.lines(list(found.findings)))


def _say_step(step: Step) -> None:
    many = len(step.changes)
    said = "nothing changed" if not many else f"{many:,} change" if many == 1 else f"{many:,} changes"
    streams.say(f"{shown(step.before)} → {shown(step.after)}: {said}")
    if many:
        streams.say("", _changes(step.changes))
    if step.codings:
        streams.say("", "Codings by person", _tallies(step))


def _changes(changes: Iterable[Change]) -> Table:
    from rich.text import Text

    table = _empty("", "name", "change")
    for thing, group in groupby(changes, lambda change: change.thing):
        for number, change in enumerate(group):
            row = (thing if not number else "", shown(change.name), shown(change.in_words()))
            table.add_row(*(Text(cell) for cell in row))
    return table


def _tallies(step: Step) -> Table:
    from rich.text import Text

    table = _empty("", "before", "after", "added", "gone", "changed", numbers=True)
    for tally in step.codings:
        numbers = (tally.before, tally.after, tally.added, tally.gone, tally.changed)
        table.add_row(Text(shown(tally.by)), *(f"{number:,}" for number in numbers))
    return table


def _history(found: Comparison) -> Table:
    from rich.text import Text

    table = _empty(*(shown(version.label) for version in found.versions))
    for code in found.codes:
        pasts = (f"{past.path} ({past.codings:,})" if past is not None else "-" for past in code.versions)
        table.add_row(*(Text(shown(past)) for past in pasts))
    return table


def _empty(*columns: str, numbers: bool = False) -> Table:
    from rich.table import Table

    empty = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for place, name in enumerate(columns):
        empty.add_column(name, overflow="fold", justify="right" if numbers and place else "left")
    return empty
