"""`qdabridge codebook`: the codebook for another program, or for paper."""

from __future__ import annotations

from pathlib import Path

import click

from qdabridge.cli import listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option


@click.command(
    epilog="""\b
Examples:
  qdabridge codebook study.qdpx codebook.docx
  qdabridge codebook study.qdpx codes.xlsx --layout maxqda"""
)
@click.argument("file", metavar="IN", type=ANY_PATH)
@click.argument("target", metavar="OUT", type=ANY_PATH)
@click.option(
    "--layout",
    type=click.Choice(["plain", "nvivo", "maxqda", "atlasti"]),
    default="plain",
    show_default=True,
    help="Whose columns it has.",
)
@positions_option
@limits_option
@overwriting.force_option
def codebook(file: Path, target: Path, layout: str, positions: str | None, limits: str | None, force: bool) -> None:
    """Write the codebook for another program, or for paper.

    The ending of OUT says in which form: .qdc, .xlsx, .csv, .docx or .md."""
    import qdabridge
    from qdabridge.formats.exports.codebook import ENDINGS, write_codebook
    from qdabridge.formats.exports.table_file import check_ending

    check_ending(target, ENDINGS)
    overwrite = overwriting.allowed(target, force=force)
    with (
        streams.working(f"Writing {target.name} …"),
        qdabridge.read(file, positions=positions, limits=limits) as study,
    ):
        told = write_codebook(study, target, layout=layout, overwrite=overwrite)
        findings = [*study.findings, *told]
    streams.say(f"Wrote {streams.shown(str(target))}", *listing.lines(findings))
