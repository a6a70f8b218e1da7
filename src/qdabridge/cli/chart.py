"""`qdabridge chart`: summaries that people wrote into a framework matrix go into the study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qdabridge.cli import listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option
from qdabridge.cli.profiles import profile_option

if TYPE_CHECKING:
    from rich.table import Table

    from qdabridge.matrix.charting import Charting, Decision, Side
    from qdabridge.matrix.placing import Stray

CONFLICTS_LEFT = 1
"""The status when there are conflicts that nobody has decided."""

_COLOURS = {"added": "green", "changed": "cyan", "removed": "yellow", "conflict": "bold red"}
_MOST = 300
_ROWS = 60


@click.command(
    epilog="""\b
Examples:
  qdabridge matrix study.qdpx matrix.xlsx --cells summary,quotes
                                                     a matrix to write in
  qdabridge chart study.qdpx matrix.xlsx --dry-run   what would be charted
  qdabridge chart study.qdpx matrix.xlsx charted.qdpx --coder "Nerys Stanway"
  qdabridge chart study.qdpx matrix.xlsx charted.qdpx --update
                                                     and the team goes on in the matrix
  qdabridge chart charted.qdpx matrix.xlsx charted-2.qdpx --update
                                                     the next time: from the study charted into
  qdabridge chart study.qdpx matrix.xlsx charted.qdpx --theirs
                                                     the matrix is right in conflicts"""
)
@click.argument("file", metavar="STUDY", type=ANY_PATH)
@click.argument("matrix", metavar="MATRIX.xlsx", type=ANY_PATH)
@click.argument("target", metavar="[OUT]", required=False, type=ANY_PATH)
@click.option("--ours", "prefer", flag_value="ours", help="In conflicts, keep what the study says.")
@click.option("--theirs", "prefer", flag_value="theirs", help="In conflicts, take what the matrix says.")
@click.option("--coder", metavar="NAME", help="Who wrote the summaries: a user of the study, or a new one.")
@click.option("--update", is_flag=True, help="Note in MATRIX.xlsx what was charted, so that the team can go on in it.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Tell what was done as JSON, with whole texts.")
@profile_option("For whom a REFI-QDA file is written, as for `convert`.")
@positions_option
@limits_option
@overwriting.force_option
def chart(
    file: Path,
    matrix: Path,
    target: Path | None,
    prefer: Side | None,
    coder: str | None,
    update: bool,
    dry_run: bool,
    as_json: bool,
    profile: str,
    positions: str | None,
    limits: str | None,
    force: bool,
) -> None:
    """Chart summaries from a framework matrix into the study.

    Rows and columns may be sorted, hidden and moved, and others inserted: every cell finds its case and code again.
    What was changed in the study meanwhile is never overwritten unasked: conflicts are shown side by side, the study
    stays as it is there, and the status is 1. OUT is the study with the summaries; it may be left out of a dry run.
    """
    import qdabridge
    from qdabridge.formats.registry import format_to_write
    from qdabridge.formats.spreadsheet.charting_back import NO_RECORD, charting_of
    from qdabridge.formats.spreadsheet.remembering import remember
    from qdabridge.limits import limits_of
    from qdabridge.study.summary_writing import now, user_called

    overwrite = False
    if not dry_run:
        if target is None:
            raise click.UsageError("Name the study to write, OUT, or ask for --dry-run.")
        format_to_write(target)
        overwrite = overwriting.allowed(target, force=force)
    with (
        streams.working(f"Charting {matrix.name} …"),
        qdabridge.read(file, positions=positions, limits=limits) as study,
    ):
        charting = charting_of(study, matrix, prefer=prefer, limits=limits_of(limits))
        findings = [*study.findings, *charting.findings]
        if update and any(each.code == NO_RECORD for each in charting.findings):
            raise click.UsageError("--update is for workbooks that qdabridge made, and this one has no hidden sheet.")
        if target is not None and not dry_run:
            by = user_called(study, coder) if coder else None
            charted = charting.into(study, by=by, when=now())
            findings += qdabridge.write(charted, target, profile, overwrite=overwrite)
            if update:
                remember(matrix, charting, limits=limits_of(limits))
    written = None if dry_run else target
    if as_json:
        streams.say_json(_as_json(charting, written) | {"findings": [listing.as_json(each) for each in findings]})
    else:
        _tell(charting, written)
        if written is not None and update:
            streams.say(f"Noted in {streams.shown(str(matrix))} what was charted")
        streams.say(*listing.lines(findings))
    if charting.conflicts:
        raise click.exceptions.Exit(CONFLICTS_LEFT)


def _tell(charting: Charting, written: Path | None) -> None:
    for of, table in ((charting.changes, _changes), (charting.conflicts, _conflicts)):
        if of:
            streams.say(table(of[:_ROWS]), *_more(len(of)), "")
    if charting.strays:
        together = _together(charting.strays)
        streams.say("Left out:", _strays(together[:_ROWS]), *_more(len(together)), "")
    streams.say(_in_total(charting, done=written is not None))
    if charting.conflicts:
        streams.say("Decide conflicts with --ours (the study is right) or --theirs (the matrix is right).")
        if any(len(each.matrix) > 1 for each in charting.conflicts):
            streams.say("Where the matrix says different things in different places, make them the same there.")
    if written is not None:
        streams.say(f"Wrote {streams.shown(str(written))}")


def _changes(decisions: list[Decision]) -> Table:
    from rich.text import Text

    table = _table("", "case", "code", "summary", "where")
    for each in decisions:
        said = _excerpt(each.matrix[0]) if each.matrix[0] else f"(was: {_excerpt(each.study)})"
        outcome = Text(each.outcome, style=_COLOURS[each.outcome])
        table.add_row(outcome, *map(Text, (streams.shown(each.case), streams.shown(each.code), said, each.where[0])))
    return table


def _conflicts(decisions: list[Decision]) -> Table:
    from rich.text import Text

    table = _table("", "case, code", "the study says", "the matrix says")
    for each in decisions:
        outcome = Text(each.outcome, style=_COLOURS[each.outcome])
        of = f"{streams.shown(each.case)}\n{streams.shown(each.code)}\n{each.why}"
        says = "\n".join(
            f"{_excerpt(text) or '(nothing)'} [{streams.shown(where)}]"
            for text, where in zip(each.matrix, each.where, strict=True)
        )
        table.add_row(outcome, Text(of), Text(_excerpt(each.study) or "(nothing)"), Text(says))
    return table


def _strays(together: list[list[Stray]]) -> Table:
    from rich.text import Text

    table = _table("where", "name", "cells", "why")
    for first, *others in together:
        where = f"{first.where} …" if others else first.where
        cells = first.cells + sum(each.cells for each in others)
        table.add_row(*map(Text, (streams.shown(where), _excerpt(first.name, 60), f"{cells:,}", first.why)))
    return table


def _together(strays: list[Stray]) -> list[list[Stray]]:
    """Return what was left out; cells of one sheet that were left out for one reason have one line together."""
    found: dict[tuple[str, str], list[Stray]] = {}
    for each in strays:
        place = each.where.rpartition("!")[0] if each.kind == "cell" else each.where
        found.setdefault((place, each.why), []).append(each)
    return list(found.values())


def _table(*headings: str) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _more(count: int) -> list[str]:
    return [f"… and {count - _ROWS:,} more; --json tells of all."] if count > _ROWS else []


def _excerpt(text: str, most: int = _MOST) -> str:
    """Return a text on one line, the end of a long one left out and said."""
    line = streams.shown(" ".join(text.split()))
    return line if len(line) <= most else f"{line[:most].rstrip()} … ({len(line) - most:,} more characters)"


def _in_total(charting: Charting, *, done: bool) -> str:
    counts = _counts(charting)
    said = [f"{counts[each]:,} {each}" for each in ("added", "changed", "removed") if counts[each]]
    if counts["conflicts"]:
        said.append(
            f"{counts['conflicts']:,} conflict{'s' if counts['conflicts'] > 1 else ''} left as the study has it"
        )
    if counts["kept"]:
        said.append(f"{counts['kept']:,} decided for the study")
    if counts["newer"]:
        said.append(f"{counts['newer']:,} newer in the study")
    if counts["same"]:
        said.append(f"{counts['same']:,} the same")
    if not charting.decisions:
        said.insert(0, "nothing to do")
    total = ", ".join(said)
    return f"{'' if done or not charting.changes else 'Would be done: '}{total}."


def _counts(charting: Charting) -> dict[str, int]:
    outcomes = [each.outcome for each in charting.decisions]
    return {
        "added": outcomes.count("added"),
        "changed": outcomes.count("changed"),
        "removed": outcomes.count("removed"),
        "conflicts": outcomes.count("conflict"),
        "kept": charting.kept,
        "newer": charting.newer,
        "same": charting.same,
        "leftOut": sum(each.cells for each in charting.strays),
    }


def _as_json(charting: Charting, written: Path | None) -> dict[str, Any]:
    return {
        "written": str(written) if written is not None else None,
        "counts": _counts(charting),
        "summaries": [
            {
                "outcome": each.outcome,
                "case": each.case,
                "code": each.code,
                "caseGUID": each.key[0],
                "codeGUID": each.key[1],
                "study": each.study,
                "matrix": list(each.matrix),
                "where": list(each.where),
                "why": each.why,
            }
            for each in charting.decisions
        ],
        "leftOut": [
            {"kind": each.kind, "where": each.where, "name": each.name, "why": each.why, "cells": each.cells}
            for each in charting.strays
        ],
    }
