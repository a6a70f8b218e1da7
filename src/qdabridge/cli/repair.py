"""`qdabridge repair`: mend what can be mended without guessing, and say what needs a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qdabridge.cli import endings, listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.media import media_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option
from qdabridge.cli.profiles import profile_option

if TYPE_CHECKING:
    from qdabridge.checks.repairs import Repaired
    from qdabridge.findings import Finding


@click.command(
    epilog="""\b
Examples:
  qdabridge repair study.qdpx mended.qdpx
  qdabridge repair study.qdpx --dry-run                what would be mended
  qdabridge repair study.qdpx mended.qdpx --encoding cp1252
                                                       texts are in the encoding of Windows

\b
Exit status: 0 no errors are left, 1 the mended study was written and has
errors that need a person, 2 the command was not understood, 3 the file cannot
be read at all, 4 the mended study could not be written."""
)
@click.argument("file", metavar="IN", type=ANY_PATH)
@click.argument("target", metavar="[OUT]", required=False, type=ANY_PATH)
@profile_option("For whom the mended study is written, as for `convert`.")
@click.option("--dry-run", is_flag=True, help="Say what would be mended, and write nothing; OUT is not needed.")
@click.option(
    "--encoding", metavar="NAME", help="The encoding of texts that are not UTF-8, such as `cp1252` for Windows."
)
@media_option
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every single mend, with what stood there, and what needs a person to this file too, as JSON.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for programs.")
@positions_option
@limits_option
@overwriting.force_option
@click.pass_context
def repair(
    ctx: click.Context,
    file: Path,
    target: Path | None,
    profile: str,
    dry_run: bool,
    encoding: str | None,
    media: Path | None,
    report: Path | None,
    as_json: bool,
    positions: str | None,
    limits: str | None,
    force: bool,
) -> None:
    """Mend what can be mended, and say what needs a person.

    What can mean only one thing is put right, and each mend is listed. What nobody but a person can know is left as
    it is, and named. IN is not changed: the mended study is written to OUT.
    """
    import qdabridge
    from qdabridge.checks.repairs.settled import settled_by_writing
    from qdabridge.findings import has_errors
    from qdabridge.formats.registry import format_to_write
    from qdabridge.limits import limits_of

    if target is None and not dry_run:
        raise click.UsageError("Name the file to write the mended study to, or ask for a --dry-run.")
    overwrite = False
    if target is not None and not dry_run:
        format_to_write(target)
        _refuse_itself(file, target, force=force)
        overwrite = overwriting.allowed(target, force=force)
    replace_report = report is not None and overwriting.allowed(report, force=force)
    with (
        streams.working(f"Mending {file.name} …"),
        qdabridge.read(file, media=media, positions=positions, limits=limits) as study,
    ):
        repaired = qdabridge.repair(study, encoding=encoding)
        written = []
        if target is not None and not dry_run:
            written = qdabridge.write(repaired.study, target, profile, overwrite=overwrite)
        read = [finding for finding in study.findings if finding.kind == "mended"]
        anew = _is_written_anew(target, profile)
        settled = settled_by_writing(study, file, limits_of(limits)) if anew else []
    lost = [finding for finding in written if finding.kind == "loss"]
    done = _without_repeats(
        [*settled, *read, *repaired.mended, *(finding for finding in written if finding.kind == "mended")]
    )
    if report is not None:
        _write_report(report, file, None if dry_run else target, repaired, settled, overwrite=replace_report)
    if as_json:
        streams.say_json(_as_json(file, None if dry_run else target, done, repaired.left, lost))
    else:
        _tell(file, done, repaired.left, lost, would=dry_run)
        if target is not None and not dry_run:
            streams.say(f"Wrote {streams.shown(str(target))}")
    if has_errors(repaired.left):
        ctx.exit(endings.ERRORS_FOUND)


def _is_written_anew(target: Path | None, profile: str) -> bool:
    """Tell whether the XML is written as the standard's, whatever it was."""
    return profile != "same" and (target is None or target.suffix.lower() != ".json")


def _refuse_itself(file: Path, target: Path, *, force: bool) -> None:
    """Refuse to put the mended study in the place of the one it is made of, unless that was asked for.

    Raises:
        CannotWrite: it was not.
    """
    from qdabridge.errors import CannotWrite
    from qdabridge.safety import is_there, same_file

    if not force and is_there(target) and same_file(target, file):
        raise CannotWrite(
            "This is the study that is to be mended.",
            where=str(target),
            todo="Name another file, so that you can compare the two, or use --force.",
        )


def _without_repeats(findings: list[Finding]) -> list[Finding]:
    """Return findings without those whose code and words came before: reading and mending may tell of one thing."""
    return list({(finding.code, finding.message): finding for finding in reversed(findings)}.values())[::-1]


def _tell(file: Path, done: list[Finding], left: list[Finding], lost: list[Finding], *, would: bool) -> None:
    name = streams.shown(str(file))
    if not done and not left:
        streams.say(f"{name}: nothing is wrong")
        return
    if done:
        count = sum(finding.count for finding in done)
        streams.say(f"{name}: {count:,} {'would be mended' if would else 'mended'}", "", listing.table(done), "")
    else:
        streams.say(f"{name}: nothing that can be mended without a person")
    if left:
        streams.say(f"What needs a person: {listing.totals(left)}", "", listing.table(left), "")
    if lost:
        streams.say("What the file that is written cannot hold:", "", listing.table(lost), "")


def _write_report(
    report: Path, file: Path, target: Path | None, repaired: Repaired, settled: list[Finding], *, overwrite: bool
) -> None:
    """Write every mend by itself, what writing anew settles, and what is left, as JSON."""
    import json

    from qdabridge.safety import writing

    told = {
        "file": str(file),
        "written": str(target) if target is not None else None,
        "mended": [each._asdict() for each in repaired.each],
        "settled": [listing.as_json(finding) for finding in settled],
        "left": [listing.as_json(finding) for finding in repaired.left],
    }
    with writing(report, overwrite=overwrite) as stream:
        stream.write(json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n")


def _as_json(
    file: Path, target: Path | None, done: list[Finding], left: list[Finding], lost: list[Finding]
) -> dict[str, object]:
    return {
        "file": str(file),
        "written": str(target) if target is not None else None,
        "mended": [listing.as_json(finding) for finding in done],
        "left": [listing.as_json(finding) for finding in left],
        "lost": [listing.as_json(finding) for finding in lost],
        "totals": {"mended": sum(finding.count for finding in done), **listing.tally(left)},
    }
