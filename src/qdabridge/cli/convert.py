"""`qdabridge convert`: the whole study in another format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qdabridge.cli import listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.media import media_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option
from qdabridge.cli.profiles import profile_option

if TYPE_CHECKING:
    from qdabridge.findings import Finding


@click.command(
    epilog="""\b
Examples:
  qdabridge convert study.qdpx study.json              everything, as JSON
  qdabridge convert study.qdpx study.json --quotes     and each quote's text
  qdabridge convert study.json study.qdpx              and back
  qdabridge convert study.qdpx atlas.qdpx --for atlasti --report loss.json
                                                       for ATLAS.ti, and what it will not have
  qdabridge convert study.qdpx copy.qdpx --for same    as the first tool had it
  qdabridge convert study.qdpx codebook.qdc            the code book alone
  qdabridge convert matrix.xlsx study.qdpx --sources transcripts
                                                       a matrix of quotes, each located in its transcript
  qdabridge convert journeys.txt study.qdpx --sources transcripts
                                                       what NVivo exports of a code
  qdabridge convert matrix.csv study.qdpx --layout plain-matrix
                                                       a table that is taken for something else"""
)
@click.argument("file", metavar="IN", type=ANY_PATH)
@click.argument("target", metavar="OUT", type=ANY_PATH)
@profile_option(
    "For whom a REFI-QDA file is written: `standard`, `nvivo`, `nvivo-mac`, `maxqda`, `atlasti`, `qualcoder`, or "
    "`same` for the form in which the study was found."
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what was changed and what is lost to this file too, as JSON.",
)
@click.option("--strict", is_flag=True, help="Write nothing if anything would be lost.")
@click.option("--quotes", is_flag=True, help="JSON: add to each selection the text it marks, for people to read.")
@media_option
@click.option(
    "--layout",
    metavar="LAYOUT",
    help="Tables: which layout IN has, such as `plain-matrix`; recognised without it.",
)
@click.option(
    "--sources",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Tables: the folder with the texts of the sources (.txt, .docx), in which each quote is located.",
)
@positions_option
@limits_option
@overwriting.force_option
def convert(
    file: Path,
    target: Path,
    profile: str,
    report: Path | None,
    strict: bool,
    quotes: bool,
    media: Path | None,
    layout: str | None,
    sources: Path | None,
    positions: str | None,
    limits: str | None,
    force: bool,
) -> None:
    """Write a study in another format.

    The endings of IN and OUT say the formats: .qdpx and .qde (REFI-QDA projects), .qdc (a REFI-QDA code book), .json.
    IN may also be a table (.xlsx, .csv, .txt, .docx, .ods): what NVivo, MAXQDA, ATLAS.ti and others export, or a matrix
    made by hand. docs/spreadsheets.md lists them.
    What was mended while reading, what was changed for the tool, and what it will not have is said at the end.
    """
    import qdabridge
    from qdabridge.formats.registry import format_to_write

    # What cannot be written is said at once, not after minutes of reading.
    format_to_write(target)
    options = {"quotes": True} if quotes else {}
    if quotes and target.suffix.lower() != ".json":
        raise click.UsageError(f"--quotes is for .json files, and {streams.shown(target.name)} is none.")
    overwrite = overwriting.allowed(target, force=force)
    replace_report = report is not None and overwriting.allowed(report, force=force)
    with (
        streams.working(f"Converting {file.name} …"),
        qdabridge.read(file, media=media, positions=positions, limits=limits, layout=layout, sources=sources) as study,
    ):
        losses = qdabridge.losses(study, profile, suffix=target.suffix) if strict else []
        found = [] if losses else qdabridge.write(study, target, profile, overwrite=overwrite, **options)
        findings = [*study.findings, *found]
    if report is not None:
        _write_report(report, losses or found, target, written=not losses, overwrite=replace_report)
    if losses:
        _refuse(losses, target)
    streams.say(f"Wrote {streams.shown(_written(target))}", *listing.lines(findings))


def _refuse(losses: list[Finding], target: Path) -> None:
    """Say what would be lost, and end without having written anything.

    Raises:
        CannotWrite: always.
    """
    from qdabridge.errors import CannotWrite

    streams.say("This would be lost:", *listing.lines(losses))
    raise CannotWrite(
        f"{len(losses)} kind{'s' if len(losses) > 1 else ''} of things would be lost, so nothing was written.",
        where=str(target),
        todo="Leave out --strict to write it all the same.",
    )


def _write_report(report: Path, findings: list[Finding], target: Path, *, written: bool, overwrite: bool) -> None:
    """Write what was found as JSON: the losses, and the changes apart from them."""
    import json

    from qdabridge.safety import writing

    told = {
        "target": str(target),
        "written": written,
        "losses": [listing.as_json(finding) for finding in findings if finding.kind == "loss"],
        "changes": [listing.as_json(finding) for finding in findings if finding.kind != "loss"],
    }
    with writing(report, overwrite=overwrite) as stream:
        stream.write(json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n")


def _written(target: Path) -> str:
    """Return what was written, with the folder that a target may have got beside it."""
    from qdabridge.formats.json.layout import folder_of

    places = {".json": [folder_of(target)], ".qde": [target.with_name("sources"), target.with_name("Sources")]}
    folder = next((place for place in places.get(target.suffix.lower(), []) if place.is_dir()), None)
    return f"{target} and, beside it, the folder {folder.name}" if folder else str(target)
