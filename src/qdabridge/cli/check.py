"""`qdabridge check`: what is wrong in studies, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qdabridge.cli import endings, listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option

if TYPE_CHECKING:
    from qdabridge.checks.many import Checked
    from qdabridge.findings import Finding

_STANDARD_OUTPUT = Path("-")


@click.command(
    epilog="""\b
Examples:
  qdabridge check study.qdpx
  qdabridge check deposits/                        every study in a folder
  qdabridge check *.qdpx --json > findings.json
  qdabridge check deposits/ --sarif report.sarif   for continuous integration

\b
Exit status: 0 nothing is wrong (there may be warnings and notes), 1 there are
errors, 2 the command was not understood, 3 a file cannot be read at all."""
)
@click.argument("paths", nargs=-1, required=True, type=ANY_PATH, metavar="FILE|FOLDER...")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for programs.")
@click.option(
    "--sarif",
    metavar="FILE",
    type=click.Path(readable=False, path_type=Path, allow_dash=True),
    help="Write it as SARIF 2.1.0 too, for continuous integration; `-` prints that and nothing else.",
)
@positions_option
@limits_option
@click.pass_context
def check(
    ctx: click.Context,
    paths: tuple[Path, ...],
    as_json: bool,
    sarif: Path | None,
    positions: str | None,
    limits: str | None,
) -> None:
    """Find what is wrong in one or more studies.

    Each finding says what is so, where, and what to do: what the standard's schema forbids, what no schema can see,
    and what had to be mended while reading. Of a folder, every study in it is checked. A file that cannot be read does
    not keep the others from being checked.
    """
    if as_json and sarif == _STANDARD_OUTPUT:
        raise click.UsageError("--json and --sarif - both print to standard output; name a file for one of them.")
    in_words = not as_json and sarif != _STANDARD_OUTPUT
    if sarif is not None and sarif != _STANDARD_OUTPUT:
        # Unlike a study, a report is made to be made again; nobody would want to be asked.
        overwriting.allowed(sarif, force=True)
    checked = list(_checked(paths, positions, limits, in_words=in_words))
    if in_words and len(checked) > 1:
        _tell_all(checked)
    if as_json:
        streams.say_json(_as_json(checked))
    if sarif is not None:
        _write_sarif(checked, sarif)
    if any(one.unreadable for one in checked):
        ctx.exit(endings.NOT_READ)
    if any(finding.severity == "error" for one in checked for finding in one.findings):
        ctx.exit(endings.ERRORS_FOUND)


def _checked(paths: Sequence[Path], positions: str | None, limits: str | None, *, in_words: bool) -> Iterator[Checked]:
    """Check files and give what became of each, having told a person as soon as it is known."""
    from qdabridge.checks.many import check_all, studies_in

    files, fruitless = studies_in(paths)
    for folder in fruitless:
        streams.complain(folder.unreadable)
        yield folder
    if len(files) == 1:
        with streams.working(f"Checking {files[0].name} …"):
            (one,) = check_all(files, positions=positions, limits=limits)
        _tell(one, in_words=in_words)
        yield one
        return
    with streams.Progress(len(files)) as progress:
        for one in check_all(files, positions=positions, limits=limits):
            progress.step(one.path.name)
            with progress.aside():
                _tell(one, in_words=in_words)
            yield one


def _tell(one: Checked, *, in_words: bool) -> None:
    if one.unreadable:
        streams.complain(one.unreadable)
    elif in_words:
        streams.say(f"{streams.shown(str(one.path))}: {listing.totals(one.findings)}")
        if one.findings:
            streams.say("", listing.table(one.findings, inside=one.path.name), "")


def _tell_all(checked: Sequence[Checked]) -> None:
    """Say how many files there are of each kind, and what was found in all of them together."""
    everything = _everything(checked)
    unread = sum(bool(one.unreadable) for one in checked)
    wrong = sum(any(finding.severity == "error" for finding in one.findings) for one in checked)
    counted = [(len(checked) - wrong - unread, "without errors"), (wrong, "with errors"), (unread, "not read")]
    told = ", ".join(f"{number:,} {what}" for number, what in counted if number)
    streams.say(f"{len(checked):,} checked: {told}")
    if everything:
        named = [(str(one.path), finding) for one, finding in everything]
        streams.say("", listing.table_of_codes(named), "", listing.totals([finding for _, finding in everything]))


def _everything(checked: Sequence[Checked]) -> list[tuple[Checked, Finding]]:
    return [(one, finding) for one in checked for finding in one.findings]


def _as_json(checked: Sequence[Checked]) -> dict[str, object]:
    """Return one list of all findings, each with its file, beside the files and the totals."""
    everything = _everything(checked)
    return {
        "files": [
            {"file": str(one.path), "read": not one.unreadable, "reason": one.unreadable or None} for one in checked
        ],
        "findings": [{"file": str(one.path), **listing.as_json(finding)} for one, finding in everything],
        "totals": listing.tally(finding for _, finding in everything),
    }


def _write_sarif(checked: Sequence[Checked], target: Path) -> None:
    import json

    from qdabridge.checks import sarif
    from qdabridge.checks.rules import RULES
    from qdabridge.safety import writing

    log = sarif.sarif(checked, RULES)
    if target == _STANDARD_OUTPUT:
        streams.say_json(log)
        return
    with writing(target, overwrite=True) as stream:
        stream.write(json.dumps(log, indent=2).encode() + b"\n")
