"""`qdabridge cases`: the cases and their values as a classification sheet."""

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
  qdabridge cases study.qdpx cases.xlsx
  qdabridge cases study.qdpx people.txt --classification Person"""
)
@click.argument("file", metavar="IN", type=ANY_PATH)
@click.argument("target", metavar="OUT", type=ANY_PATH)
@click.option("--classification", metavar="NAME", default="Case", show_default=True, help="What NVivo is to call it.")
@positions_option
@limits_option
@overwriting.force_option
def cases(
    file: Path, target: Path, classification: str, positions: str | None, limits: str | None, force: bool
) -> None:
    """Write the cases and their values as a classification sheet.

    It is what NVivo imports; the ending of OUT says in which form: .xlsx, .csv, or .txt with tabs."""
    import qdabridge
    from qdabridge.formats.exports.cases import ENDINGS, write_cases
    from qdabridge.formats.exports.table_file import check_ending

    check_ending(target, ENDINGS)
    overwrite = overwriting.allowed(target, force=force)
    with (
        streams.working(f"Writing {target.name} …"),
        qdabridge.read(file, positions=positions, limits=limits) as study,
    ):
        told = write_cases(study, target, classification=classification, overwrite=overwrite)
        findings = [*study.findings, *told]
    streams.say(f"Wrote {streams.shown(str(target))}", *listing.lines(findings))
