"""`qdabridge matrix`: a framework matrix in Excel."""

from __future__ import annotations

from pathlib import Path

import click

from qdabridge.cli import listing, overwriting, streams


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
@overwriting.force_option
def matrix(file: Path, target: Path, rows: str | None, force: bool) -> None:
    """Make a framework matrix in Excel.

    A row for each case with its attributes, a column for each code under its theme, and in each cell the passages coded
    there, each with its source and line.
    """
    import qdabridge
    from qdabridge.formats.spreadsheet import write_matrix

    overwrite = overwriting.allowed(target, force=force)
    with streams.working(f"Reading {file.name} …"), qdabridge.read(file) as study:
        made = qdabridge.framework_matrix(study, rows=rows)
        findings = [*study.findings, *made.findings]
    streams.say(f"Wrote {streams.shown(str(target))}", *listing.lines(findings))
