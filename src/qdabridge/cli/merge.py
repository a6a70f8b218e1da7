"""`qdabridge merge`: several copies of one study as one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qdabridge.cli import listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.media import media_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option
from qdabridge.cli.profiles import profile_option
from qdabridge.safety import is_there

if TYPE_CHECKING:
    from rich.table import Table

    from qdabridge.coders.merging import Merged
    from qdabridge.findings import Finding


@click.command(
    epilog="""\b
Examples:
  qdabridge merge ns.qdpx mp.qdpx all.qdpx
  qdabridge merge ns.qdpx mp.qdpx --dry-run            what would come from where
  qdabridge merge ns.qdpx mp.qdpx all.qdpx --prefer mp.qdpx
                                                       where they differ, mp is right
  qdabridge merge ns.qdpx mp.qdpx all.qdpx --report differences.json
                                                       every difference, one by one"""
)
@click.argument("files", metavar="COPY COPY... OUT", nargs=-1, required=True, type=ANY_PATH)
@click.option("--dry-run", is_flag=True, help="Say what would come from where, and write nothing; leave out OUT.")
@click.option(
    "--prefer",
    metavar="COPY",
    help="The copy whose word counts where copies differ, and whose order is kept; the first one without it.",
)
@profile_option("For whom the merged study is written, as for `convert`.")
@media_option
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every difference and every lost passage to this file too, as JSON.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for programs.")
@positions_option
@limits_option
@overwriting.force_option
def merge(
    files: tuple[Path, ...],
    dry_run: bool,
    prefer: str | None,
    profile: str,
    media: Path | None,
    report: Path | None,
    as_json: bool,
    positions: str | None,
    limits: str | None,
    force: bool,
) -> None:
    """Join copies of one study that several people worked on.

    What several copies have is there once, what only one has is there; where they differ, the first is kept and the
    difference is listed. The copies are not changed.
    """
    import qdabridge

    copies, target = _split(files, dry_run=dry_run)
    overwrite = target is not None and _allowed(target, force=force)
    replace_report = report is not None and overwriting.allowed(report, force=force)
    with ExitStack() as stack, streams.working(f"Merging {', '.join(copy.name for copy in copies)} …"):
        studies = [
            stack.enter_context(qdabridge.read(copy, media=media, positions=positions, limits=limits))
            for copy in copies
        ]
        labels = _labels(copies)
        merged = qdabridge.merge(*studies, labels=labels, prefer=_preferred(prefer, copies, labels))
        written = [] if target is None else qdabridge.write(merged.study, target, profile, overwrite=overwrite)
        findings = _once([*(each for study in studies for each in study.findings), *merged.findings, *written])
    told = _as_json(copies, target, merged, findings)
    if report is not None:
        _write_report(report, told, overwrite=replace_report)
    if as_json:
        streams.say_json(told)
        return
    streams.say(_table(merged))
    if findings:
        streams.say("", listing.table(findings), "")
    else:
        streams.say("", "Nothing differs.", "")
    if target is not None:
        streams.say(f"Wrote {streams.shown(str(target))}")


def _split(files: Sequence[Path], *, dry_run: bool) -> tuple[list[Path], Path | None]:
    """Return the copies, and the target; where nothing is written, a last file that is not there is the target."""
    if dry_run:
        copies = list(files[:-1] if len(files) > 2 and not is_there(files[-1]) else files)
        target = None
    else:
        copies, target = list(files[:-1]), files[-1]
    if len(copies) < 2:
        raise click.UsageError("Name two copies or more, and last the file to write the merged study to.")
    return copies, target


def _allowed(target: Path, *, force: bool) -> bool:
    from qdabridge.formats.registry import format_to_write

    # What cannot be written is said at once, not after minutes of reading.
    format_to_write(target)
    return overwriting.allowed(target, force=force)


def _labels(copies: Sequence[Path]) -> list[str]:
    """Return what the copies are called: the names of their files as far as those tell them apart."""
    for names in ([copy.stem for copy in copies], [copy.name for copy in copies], [str(copy) for copy in copies]):
        if len(set(names)) == len(names):
            return names
    return [f"{number}: {copy}" for number, copy in enumerate(copies, 1)]


def _preferred(prefer: str | None, copies: Sequence[Path], labels: Sequence[str]) -> str | None:
    """Return the label of a copy that may be named by its path, its name or its label."""
    if prefer is None:
        return None
    for copy, label in zip(copies, labels, strict=True):
        if prefer in (label, copy.name, str(copy)) or Path(prefer) == copy:
            return label
    return prefer


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with those that say the same as one: all copies may come out of one program."""
    from qdabridge.findings import Findings

    found = Findings()
    for finding in findings:
        found.add(finding)
    return found.all()


def _table(merged: Merged) -> Table:
    """Return what there is of each kind, what came from where, and how much it is now."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column("")
    for number, label in enumerate(merged.labels):
        leads = " (leads)" if number == merged.leading else ""
        table.add_column(streams.shown(label) + leads, justify="right", overflow="fold")
    table.add_column("merged", justify="right")
    for row in merged.rows:
        cells = []
        for number, (found, new) in enumerate(zip(row.found, row.new, strict=True)):
            cells.append(f"{found:,}" if number == merged.leading or not new else f"{found:,}, {new:,} new")
        table.add_row(row.kind, *cells, f"{row.total:,}")
    return table


def _as_json(
    copies: Sequence[Path], target: Path | None, merged: Merged, findings: Sequence[Finding]
) -> dict[str, object]:
    import msgspec

    return {
        "copies": [{"file": str(copy), "name": name} for copy, name in zip(copies, merged.labels, strict=True)],
        "leading": merged.labels[merged.leading],
        "written": None if target is None else str(target),
        "rows": msgspec.to_builtins(merged.rows),
        "conflicts": msgspec.to_builtins(merged.conflicts),
        "lost": msgspec.to_builtins(merged.lost),
        "findings": [listing.as_json(each) for each in findings],
    }


def _write_report(report: Path, told: dict[str, object], *, overwrite: bool) -> None:
    import json

    from qdabridge.safety import writing

    with writing(report, overwrite=overwrite) as stream:
        stream.write(json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n")
