"""`qdabridge check`: what is wrong in a study, where, and what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qdabridge.cli import endings, listing, streams
from qdabridge.cli.positions import positions_option
from qdabridge.errors import CannotRead

if TYPE_CHECKING:
    from qdabridge.findings import Finding


@click.command(
    epilog="""\b
Examples:
  qdabridge check study.qdpx
  qdabridge check *.qdpx --json > findings.json

\b
Exit status: 0 nothing is wrong (there may be warnings and notes), 1 there are
errors, 2 the command was not understood, 3 a file cannot be read at all."""
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for programs.")
@positions_option
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool, positions: str | None) -> None:
    """Find what is wrong in one or more studies.

    Each finding says what is so, where, and what to do: what the standard's schema forbids, what no schema can see,
    and what had to be mended while reading. A file that cannot be read does not keep the others from being checked.
    """
    from qdabridge.findings import has_errors

    found: dict[Path, list[Finding]] = {}
    unreadable: dict[Path, CannotRead] = {}
    for file in files:
        try:
            found[file] = _check(file, positions)
        except CannotRead as error:
            unreadable[file] = error
            streams.complain(str(error))
        else:
            if not as_json:
                _tell(file, found[file])
    if as_json:
        streams.say_json(_as_json(files, found, unreadable))
    if unreadable:
        ctx.exit(endings.NOT_READ)
    if any(has_errors(findings) for findings in found.values()):
        ctx.exit(endings.ERRORS_FOUND)


def _check(file: Path, positions: str | None) -> list[Finding]:
    import qdabridge

    with streams.working(f"Checking {file.name} …"):
        return qdabridge.check(file, positions=positions)


def _tell(file: Path, findings: list[Finding]) -> None:
    streams.say(f"{streams.shown(str(file))}: {listing.totals(findings)}")
    if findings:
        streams.say("", listing.table(findings), "")


def _as_json(
    files: tuple[Path, ...], found: dict[Path, list[Finding]], unreadable: dict[Path, CannotRead]
) -> dict[str, object]:
    """Return one list of all findings, each with its file, beside the files and the totals."""
    everything = [(file, finding) for file, findings in found.items() for finding in findings]
    return {
        "files": [
            {"file": str(file), "read": file in found, "reason": str(unreadable[file]) if file in unreadable else None}
            for file in files
        ],
        "findings": [{"file": str(file), **listing.as_json(finding)} for file, finding in everything],
        "totals": listing.tally(finding for _, finding in everything),
    }
