"""`qdabridge codings`: every coded reference as a row of a table."""

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
  qdabridge codings study.qdpx codings.csv
  qdabridge codings study.qdpx passages.xlsx --presence"""
)
@click.argument("file", metavar="IN", type=ANY_PATH)
@click.argument("target", metavar="OUT", type=ANY_PATH)
@click.option("--presence", is_flag=True, help="A row for each passage, with 0 or 1 for each code.")
@positions_option
@limits_option
@overwriting.force_option
def codings(file: Path, target: Path, presence: bool, positions: str | None, limits: str | None, force: bool) -> None:
    """Write a row for each coded reference, to count and compute with.

    The ending of OUT says in which form: .csv, .xlsx, .jsonl or .parquet."""
    import qdabridge
    from qdabridge.formats.exports.codings import ENDINGS, write_codings
    from qdabridge.formats.exports.table_file import check_ending

    check_ending(target, ENDINGS)
    overwrite = overwriting.allowed(target, force=force)
    with (
        streams.working(f"Writing {target.name} …"),
        qdabridge.read(file, positions=positions, limits=limits) as study,
    ):
        told = write_codings(study, target, presence=presence, overwrite=overwrite)
        findings = [*study.findings, *told]
    streams.say(f"Wrote {streams.shown(str(target))}", *listing.lines(findings))
