"""`qdabridge pseudonymise`: pseudonyms in the place of names, a proposal for the key, and a look for what is left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qdabridge.cli import listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.media import media_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option
from qdabridge.cli.profiles import profile_option
from qdabridge.safety import same_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.table import Table

    from qdabridge.deposit.pseudonymising import Done, Key
    from qdabridge.deposit.pseudonymising.verifying import Left
    from qdabridge.findings import Finding
    from qdabridge.study.study import Study

LEFT = 1
"""The status when a name of the key is still there."""

_ROWS = 40
_HOW = {"name": "still there", "part": "part of a name", "near": "nearly a name"}


@click.command(
    epilog="""\b
Examples:
  qdabridge pseudonymise study.qdpx --scan key.xlsx     propose a key, to be filled in
  qdabridge pseudonymise study.qdpx key.xlsx safe.qdpx
  qdabridge pseudonymise study.qdpx key.xlsx safe.qdpx --drop-unchangeable
  qdabridge pseudonymise safe.qdpx key.xlsx --verify    is any of them left?"""
)
@click.argument("file", metavar="STUDY", type=ANY_PATH)
@click.argument("key", metavar="[KEY]", required=False, type=ANY_PATH)
@click.argument("target", metavar="[OUT]", required=False, type=ANY_PATH)
@click.option("--scan", metavar="FILE", type=ANY_PATH, help="Write a proposal for a key to this table.")
@click.option("--verify", is_flag=True, help="Look for what is left of the key in STUDY, near misses too.")
@click.option(
    "--drop-unchangeable", is_flag=True, help="Leave out pages, pictures and recordings; what is coded stays."
)
@click.option("--log", metavar="FILE", type=ANY_PATH, help="Where the log goes; beside OUT without it.")
@click.option("--by", metavar="NAME", default="", help="Who does it, for the log.")
@click.option("--dry-run", is_flag=True, help="Show what would be replaced, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Tell what was replaced as JSON.")
@profile_option("For whom a REFI-QDA file is written, as for `convert`.")
@media_option
@positions_option
@limits_option
@overwriting.force_option
def pseudonymise(
    file: Path,
    key: Path | None,
    target: Path | None,
    scan: Path | None,
    verify: bool,
    drop_unchangeable: bool,
    log: Path | None,
    by: str,
    dry_run: bool,
    as_json: bool,
    profile: str,
    media: Path | None,
    positions: str | None,
    limits: str | None,
    force: bool,
) -> None:
    """Put pseudonyms in the place of names, everywhere in a study.

    KEY is a table with the columns find and replace, and if wanted kind, scope and match. Positions move with the
    texts: every quote afterwards is the old one with the names replaced. What cannot be changed is listed. STUDY is not
    changed; beside OUT goes a log that never says an original. The status is 1 when --verify finds that a name is left.
    """
    reading = {"media": media, "positions": positions, "limits": limits}
    if (scan is not None) + verify + dry_run > 1:
        raise click.UsageError("Ask for --scan, --verify or --dry-run, one at a time.")
    if scan is not None:
        if key is not None:
            raise click.UsageError("With --scan name the study alone: it proposes a key, and replaces nothing.")
        _refuse_the_study(file, scan)
        _scan(file, scan, reading, as_json=as_json, overwrite=overwriting.allowed(scan, force=force))
        return
    if key is None or (target is None and not (dry_run or verify)):
        raise click.UsageError("Name the key and the study to write, or ask for --scan, --verify or --dry-run.")
    from qdabridge.deposit.pseudonymising import read_key

    names = read_key(key)
    if verify:
        if target is not None:
            raise click.UsageError("With --verify name the study and the key alone: nothing is written.")
        _verify(file, names, reading, as_json=as_json)
        return
    written: Callable[[Study, Sequence[Done]], list[Finding]] = _nothing_written
    if target is not None and not dry_run:
        _refuse_the_study(file, target)
        log = log or target.with_name(f"{target.stem}-pseudonymisation-log.csv")
        if any(same_file(log, other) for other in (key, file, target)):
            raise click.UsageError("The log needs a file of its own.")
        written = _writing(target, profile, log, by, force=force)
    done, findings = _replaced(file, names, reading, written, drop_unchangeable=drop_unchangeable)
    if as_json:
        streams.say_json(_as_json(done, findings, None if dry_run else target))
        return
    streams.say(_table(done), *listing.lines(findings))
    if target is not None and not dry_run:
        streams.say(f"Wrote {streams.shown(str(target))}, and the log {streams.shown(str(log))}")


def _refuse_the_study(file: Path, target: Path) -> None:
    """Refuse to write over the study itself: without it, what the names were cannot be told."""
    if same_file(file, target):
        raise click.UsageError("STUDY is never overwritten, not with --force either. Name another file to write.")


def _replaced(
    file: Path,
    names: Key,
    reading: dict[str, Any],
    written: Callable[[Study, Sequence[Done]], list[Finding]],
    *,
    drop_unchangeable: bool,
) -> tuple[tuple[Done, ...], list[Finding]]:
    """Replace the names, have the result written, and return what was done and found."""
    import qdabridge
    from qdabridge.deposit.pseudonymising.telling import without_names
    from qdabridge.deposit.pseudonymising.unchangeable import unchangeable, without_unchangeable

    with streams.working(f"Pseudonymising {file.name} …"), qdabridge.read(file, **reading) as study:
        made = qdabridge.pseudonymise(study, names)
        with made.study:
            result, findings = made.study, [*without_names(study.findings, names), *made.findings]
            if drop_unchangeable:
                result, dropped = without_unchangeable(result, made.untouched)
                findings += [*dropped, *unchangeable(result, ())]
            else:
                findings += unchangeable(result, made.untouched)
            findings += written(result, made.done)
    return made.done, findings


def _nothing_written(_: Study, __: Sequence[Done]) -> list[Finding]:
    return []


def _writing(
    target: Path, profile: str, log: Path, by: str, *, force: bool
) -> Callable[[Study, Sequence[Done]], list[Finding]]:
    """Return what writes the result and the log; what cannot be written is refused before anything is read."""
    import qdabridge
    from qdabridge.deposit.pseudonymising.log import check_log, write_log
    from qdabridge.formats.registry import format_to_write

    format_to_write(target)
    check_log(log)
    overwrite, overwrite_log = (overwriting.allowed(path, force=force) for path in (target, log))

    def write(study: Study, done: Sequence[Done]) -> list[Finding]:
        findings = qdabridge.write(study, target, profile, overwrite=overwrite)
        write_log(log, done, by=by, overwrite=overwrite_log)
        return findings

    return write


def _scan(file: Path, target: Path, reading: dict[str, Any], *, as_json: bool, overwrite: bool) -> None:
    import qdabridge
    from qdabridge.deposit.pseudonymising.proposed_key import write_proposed
    from qdabridge.deposit.pseudonymising.scanning import scan

    with streams.working(f"Looking through {file.name} …"), qdabridge.read(file, **reading) as study:
        scanned = scan(study)
    write_proposed(scanned, target, overwrite=overwrite)
    if as_json:
        findings = [listing.as_json(each) for each in scanned.findings]
        streams.say_json({"target": str(target), "proposals": len(scanned.proposals), "findings": findings})
        return
    named = f" Names by the model {scanned.model} are among them." if scanned.model else ""
    streams.say(
        *listing.lines(scanned.findings),
        f"Wrote {streams.shown(str(target))}: {len(scanned.proposals):,} proposals.{named} Fill in the column replace; "
        "rows without one are left alone.",
        "Whoever has this file can undo the pseudonyms: keep it away from the study.",
    )


def _verify(file: Path, key: Key, reading: dict[str, Any], *, as_json: bool) -> None:
    import qdabridge
    from qdabridge.deposit.pseudonymising.verifying import verify

    with streams.working(f"Looking through {file.name} …"), qdabridge.read(file, **reading) as study:
        verified = verify(study, key)
    if as_json:
        import msgspec

        left = [msgspec.to_builtins(each) for each in verified.left]
        streams.say_json({"left": left, "findings": [listing.as_json(each) for each in verified.findings]})
    else:
        streams.say(
            *([_table_of_left(verified.left)] if verified.left else ["Nothing of the key is left."]),
            *listing.lines(verified.findings),
        )
    if any(each.how == "name" for each in verified.left):
        raise click.exceptions.Exit(LEFT)


def _table_of_left(left: Sequence[Left]) -> Table:
    """Return what is left, names first."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for heading in ("row", "found", "what it is", "count", "where"):
        table.add_column(heading, overflow="fold", justify="right" if heading in ("row", "count") else "left")
    for each in left[:_ROWS]:
        where = f"{each.place}, {each.where}" if each.where else each.place
        table.add_row(
            str(each.row or ""),
            streams.shown(each.word),
            _HOW[each.how],
            f"{each.count:,}",
            streams.shown(f"{where}: {each.context}"),
        )
    if left[_ROWS:]:
        more = len(left) - _ROWS
        table.add_row("", "…", f"and {more:,} more; --json has all", "", "")
    return table


def _table(done: tuple[Done, ...]) -> Table:
    """Return how often each pseudonym was put where, the most frequent first."""
    from rich.table import Table

    table = Table("kind", "pseudonym", "place", "count", box=None, pad_edge=False)
    counts: dict[tuple[str, str, str], int] = {}
    for each in done:
        key = (each.kind, each.replace, each.place)
        counts[key] = counts.get(key, 0) + each.count
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    for (kind, pseudonym, place), count in ordered[:_ROWS]:
        table.add_row(kind, streams.shown(pseudonym), streams.shown(place), str(count))
    if len(ordered) > _ROWS:
        table.add_row("…", "", f"and {len(ordered) - _ROWS} more", str(sum(count for _, count in ordered[_ROWS:])))
    return table


def _as_json(done: tuple[Done, ...], findings: list[Finding], written: Path | None) -> dict[str, Any]:
    import msgspec

    return {
        "target": None if written is None else str(written),
        "replaced": [msgspec.to_builtins(each) for each in done],
        "findings": [listing.as_json(each) for each in findings],
    }
