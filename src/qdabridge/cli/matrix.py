"""`qdabridge matrix`: a framework matrix in Excel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qdabridge.cli import listing, overwriting, streams
from qdabridge.cli.positions import positions_option
from qdabridge.errors import BadRequest

if TYPE_CHECKING:
    from qdabridge.matrix import RowKind


@click.command(
    epilog="""\b
Examples:
  qdabridge matrix study.qdpx matrix.xlsx
  qdabridge matrix study.qdpx interviews.xlsx --rows sources"""
)
@click.argument("file", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.xlsx", type=click.Path(path_type=Path))
@click.option(
    "--rows",
    type=click.Choice(["cases", "sources"]),
    help="What has a row. Without it: cases, and sources where the study has no cases.",
)
@click.option(
    "--values-from-sets",
    is_flag=True,
    help="Take sets of sources named “Variable::Value”, as ATLAS.ti has them, for attributes.",
)
@positions_option
@overwriting.force_option
def matrix(
    file: Path, target: Path, rows: RowKind | None, values_from_sets: bool, positions: str | None, force: bool
) -> None:
    """Make a framework matrix in Excel.

    A row for each case with its attributes, a column for each code under its theme, and in each cell the passages coded
    there, each with its source and line.
    """
    import qdabridge
    from qdabridge.formats.spreadsheet import write_matrix

    if target.suffix.lower() != ".xlsx":
        raise BadRequest("A matrix is an Excel workbook.", where=str(target), todo="Give it a name that ends in .xlsx.")
    overwrite = overwriting.allowed(target, force=force)
    with streams.working(f"Making a matrix of {file.name} …"), qdabridge.read(file, positions=positions) as study:
        made = qdabridge.framework_matrix(study, rows=rows, values_from_sets=values_from_sets)
        told = write_matrix(made, target, overwrite=overwrite)
        findings = [*study.findings, *told]
    streams.say(f"Wrote {streams.shown(str(target))}", *listing.lines(findings))
