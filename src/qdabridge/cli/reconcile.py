"""`qdabridge reconcile`: what a meeting decided on the coders' disagreements goes into the study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from qdabridge.cli import listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option
from qdabridge.cli.profiles import profile_option

if TYPE_CHECKING:
    from rich.table import Table

    from qdabridge.coders.reconciling import Became, Reconciled, Settled

NOT_UNDERSTOOD = 1
"""The status when there are rows that were not understood."""

_ROWS = 60


@click.command(
    epilog="""\b
Examples:
  qdabridge agree study.qdpx --workbook meet.xlsx            the list to decide in
  qdabridge reconcile study.qdpx meet.xlsx --dry-run         what would be done
  qdabridge reconcile study.qdpx meet.xlsx reconciled.qdpx
  qdabridge agree reconciled.qdpx -c NS -c Consensus         how far NS was from it"""
)
@click.argument("file", metavar="STUDY", type=ANY_PATH)
@click.argument("decisions", metavar="DECISIONS.xlsx", type=ANY_PATH)
@click.argument("target", metavar="[OUT]", required=False, type=ANY_PATH)
@click.option("--name", default="Consensus", show_default=True, help="What the user is called who gets the consensus.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Tell what became of every row as JSON.")
@profile_option("For whom a REFI-QDA file is written, as for `convert`.")
@positions_option
@limits_option
@overwriting.force_option
def reconcile(
    file: Path,
    decisions: Path,
    target: Path | None,
    name: str,
    dry_run: bool,
    as_json: bool,
    profile: str,
    positions: str | None,
    limits: str | None,
    force: bool,
) -> None:
    """Give the coders' consensus a user of its own, from the list that they decided in.

    DECISIONS.xlsx is the workbook of `agree --workbook`, filled in. What was decided, and what all coded alike, becomes
    the coding of a user called Consensus; remarks become notes; the coders' own codings stay. Undecided rows are
    counted and left open. Run it again when more is decided: nothing comes twice. The status is 1 when a row was not
    understood. OUT may be left out of a dry run.
    """
    import qdabridge
    from qdabridge.coders.reconciling import reconcile as reconciled_with
    from qdabridge.formats.registry import format_to_write
    from qdabridge.limits import limits_of

    overwrite = False
    if not dry_run:
        if target is None:
            raise click.UsageError("Name the study to write, OUT, or ask for --dry-run.")
        format_to_write(target)
        overwrite = overwriting.allowed(target, force=force)
    with (
        streams.working(f"Reconciling with {decisions.name} …"),
        qdabridge.read(file, positions=positions, limits=limits) as study,
    ):
        found = reconciled_with(study, decisions, name=name, limits=limits_of(limits))
        findings = [*study.findings, *found.findings]
        if target is not None and not dry_run:
            findings += qdabridge.write(found.study, target, profile, overwrite=overwrite)
    written = None if dry_run else target
    if as_json:
        streams.say_json(_as_json(found, written) | {"findings": [listing.as_json(each) for each in findings]})
    else:
        _tell(found, written)
        streams.say(*listing.lines(findings))
    if found.count("not understood"):
        raise click.exceptions.Exit(NOT_UNDERSTOOD)


def _tell(found: Reconciled, written: Path | None) -> None:
    unclear = [each for each in found.settled if each.became in ("not understood", "not there")]
    if unclear:
        streams.say(_unclear(unclear[:_ROWS]))
        if len(unclear) > _ROWS:
            streams.say(f"… and {len(unclear) - _ROWS:,} more; --json tells of all.")
        streams.say("")
    streams.say(_outcomes(found), "")
    done = "" if written is not None else "Would be done: "
    name = streams.shown(found.user.name or found.user.id or found.user.guid)
    streams.say(f"{done}{name} gets {found.added:,} codings and loses {found.removed:,}.")
    if written is not None:
        streams.say(f"Wrote {streams.shown(str(written))}")


def _outcomes(found: Reconciled) -> Table:
    table = _table("decided", "rows")
    table.columns[1].justify = "right"
    by_coder: dict[str, int] = {}
    for each in found.settled:
        if each.became == "coder":
            by_coder[each.coder] = by_coder.get(each.coder, 0) + 1
    for coder, count in by_coder.items():
        table.add_row(streams.shown(coder), f"{count:,}")
    titles: tuple[tuple[Became, str], ...] = (
        ("all", "both, all that any marked"),
        ("none", "neither"),
        ("new passage", "new passage"),
        ("undecided", "undecided"),
        ("not understood", "not understood"),
        ("not there", "not in the study any more"),
    )
    for became, title in titles:
        if count := found.count(became):
            table.add_row(title, f"{count:,}")
    if found.unlisted:
        table.add_row("not on the list, left open", f"{found.unlisted:,}")
    table.add_row("coded alike, nothing to decide", f"{found.agreed:,}")
    if remarks := sum(bool(each.remark) for each in found.settled):
        table.add_row("with a remark", f"{remarks:,}")
    return table


def _unclear(settled: list[Settled]) -> Table:
    from rich.text import Text

    table = _table("where", "about", "why it was left open")
    for each in settled:
        about = f"{each.code}\n{each.source}, {each.place}" if each.code else ""
        lines = "\n".join(map(streams.shown, about.split("\n")))
        table.add_row(Text(streams.shown(each.where)), Text(lines), Text(streams.shown(each.why)))
    return table


def _table(*headings: str) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _as_json(found: Reconciled, written: Path | None) -> dict[str, Any]:
    import msgspec

    from qdabridge.coders.reconciling import Became

    outcomes: tuple[Became, ...] = get_args(Became)
    return {
        "written": str(written) if written is not None else None,
        "user": {"guid": found.user.guid, "name": found.user.name},
        "counts": {
            **{became: found.count(became) for became in outcomes},
            "unlisted": found.unlisted,
            "agreed": found.agreed,
            "codingsAdded": found.added,
            "codingsRemoved": found.removed,
        },
        "rows": msgspec.to_builtins(found.settled),
    }
