"""`qdabridge convert`: the whole study in another format."""

from __future__ import annotations

from pathlib import Path

import click

from qdabridge.cli import listing, overwriting, streams


@click.command(
    epilog="""\b
Examples:
  qdabridge convert study.qdpx study.json              everything, as JSON
  qdabridge convert study.qdpx study.json --quotes     and each quote's text
  qdabridge convert study.json study.qdpx              and back
  qdabridge convert study.qdpx copy.qdpx --for same    as the first tool had it
  qdabridge convert study.qdpx codebook.qdc            the code book alone"""
)
@click.argument("file", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--for",
    "profile",
    metavar="PROFILE",
    default="standard",
    show_default=True,
    help="For whom a REFI-QDA file is written: `standard`, or `same` for the form in which the study was found.",
)
@click.option("--quotes", is_flag=True, help="JSON: add to each selection the text it marks, for people to read.")
@click.option(
    "--media",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where to look for recordings that are outside the file. Nothing outside is touched without it.",
)
@overwriting.force_option
def convert(file: Path, target: Path, profile: str, quotes: bool, media: Path | None, force: bool) -> None:
    """Write a study in another format.

    The endings of IN and OUT say the formats: .qdpx and .qde (REFI-QDA projects), .qdc (a REFI-QDA code book), .json.
    What was mended while reading and what OUT cannot hold is said at the end.
    """
    import qdabridge
    from qdabridge.formats.registry import format_to_write

    # What cannot be written is said at once, not after minutes of reading.
    format_to_write(target)
    options = {"quotes": True} if quotes else {}
    if quotes and target.suffix.lower() != ".json":
        raise click.UsageError(f"--quotes is for .json files, and {streams.shown(target.name)} is none.")
    overwrite = overwriting.allowed(target, force=force)
    with streams.working(f"Converting {file.name} …"), qdabridge.read(file, media=media) as study:
        losses = qdabridge.write(study, target, profile, overwrite=overwrite, **options)
        findings = [*study.findings, *losses]
    streams.say(f"Wrote {streams.shown(_written(target))}", *listing.lines(findings))


def _written(target: Path) -> str:
    """Return what was written, with the folder that a target may have got beside it."""
    from qdabridge.formats.json.layout import folder_of

    places = {".json": [folder_of(target)], ".qde": [target.with_name("sources"), target.with_name("Sources")]}
    folder = next((place for place in places.get(target.suffix.lower(), []) if place.is_dir()), None)
    return f"{target} and, beside it, the folder {folder.name}" if folder else str(target)
