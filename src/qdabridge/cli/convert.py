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
    type=click.Choice(["standard", "same"]),
    default="standard",
    show_default=True,
    help="Write to the standard, or the same as the file was found.",
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

    overwrite = overwriting.allowed(target, force=force)
    with streams.working(f"Converting {file.name} …"), qdabridge.read(file, media=media) as study:
        losses = qdabridge.write(study, target, profile, overwrite=overwrite)
        findings = [*study.findings, *losses]
    streams.say(f"Wrote {streams.shown(str(target))}", *listing.lines(findings))
