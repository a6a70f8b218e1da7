"""`qdabridge matrix`: a framework matrix, codes by codes, or codes by values; in Excel and six other formats."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qdabridge.cli import listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option
from qdabridge.errors import BadRequest

if TYPE_CHECKING:
    from qdabridge.matrix import Matrix
    from qdabridge.study.study import Study

CODES = "codes"


@click.command(
    epilog="""\b
Examples:
  qdabridge matrix study.qdpx matrix.xlsx
  qdabridge matrix study.qdpx interviews.xlsx --rows sources
  qdabridge matrix study.qdpx staff.docx --where "Group=Staff" --theme Access
  qdabridge matrix study.qdpx charting.xlsx --cells summary,quotes --shorten 300
  qdabridge matrix study.qdpx counts.csv --rows Role --cells count,coverage --aggregate
  qdabridge matrix study.qdpx codes.html --across codes
  qdabridge matrix study.qdpx roles.xlsx --across Role --cells "count,column %\""""
)
@click.argument("file", metavar="IN", type=ANY_PATH)
@click.argument("target", metavar="OUT", type=ANY_PATH)
@click.option(
    "--rows",
    multiple=True,
    metavar="WHAT",
    help="What has a row: cases, sources, users, the name of a variable (a row for each value), or a condition such as "
    "“Age>50”; several conditions make several rows. Without it: cases, and sources where the study has no cases.",
)
@click.option(
    "--across",
    multiple=True,
    metavar="WHAT",
    help="Make rows of the codes, and columns of: codes (which codes occur together), a variable, or conditions.",
)
@click.option("--theme", multiple=True, metavar="PATH", help="Only this code and the codes inside it. Repeatable.")
@click.option("--codes", multiple=True, metavar="PATH", help="Only this code, not those inside it. Repeatable.")
@click.option("--set", "code_set", metavar="NAME", help="Only the codes of this set.")
@click.option("--leaves", is_flag=True, help="Only codes that have no codes inside them.")
@click.option("--used", is_flag=True, help="Only codes that something is coded with.")
@click.option("--aggregate", is_flag=True, help="Count for a code what is coded with the codes inside it, too.")
@click.option(
    "--where", multiple=True, metavar="CONDITION", help="Only cases of which it is so: “Role=Manager”, “Age>50”."
)
@click.option("--case", "only", multiple=True, metavar="NAME", help="Only this case or source. Repeatable.")
@click.option("--coder", multiple=True, metavar="NAME", help="Only what this person coded. Repeatable.")
@click.option("--since", metavar="DATE", help="Only what was coded on this day or later.")
@click.option("--until", metavar="DATE", help="Only what was coded on this day or earlier.")
@click.option(
    "--cells",
    metavar="LIST",
    help="What cells hold: summary, quotes, count, sources, cases, words, characters, coverage, seconds, coders, "
    "row %, column %; several with commas. Without it: quotes; with --across: count.",
)
@click.option(
    "--reference",
    metavar="TEMPLATE",
    help="What stands behind a quote: “[{source}, {place}, {coders}]” or other fields: case, lines, page, time, date.",
)
@click.option("--order", type=click.Choice(["position", "date"]), help="The order of quotes. Without it: position.")
@click.option("--merge", is_flag=True, help="Make one quote of passages that overlap or touch.")
@click.option("--context", metavar="N", type=click.IntRange(min=0), help="Show up to N characters before and after.")
@click.option("--shorten", metavar="N", type=click.IntRange(min=1), help="Show at most N characters of a quote.")
@click.option(
    "--together",
    type=click.Choice(["overlap", "near", "source"]),
    help="With --across codes, what counts: passages that overlap, that are near, or that are in one source.",
)
@click.option("--distance", metavar="N", type=click.IntRange(min=0), help="With --together near: at most N characters.")
@click.option(
    "--values-from-sets",
    is_flag=True,
    help="Take sets of sources named “Variable::Value”, as ATLAS.ti has them, for attributes.",
)
@positions_option
@limits_option
@overwriting.force_option
def matrix(file: Path, target: Path, positions: str | None, limits: str | None, force: bool, **asked: Any) -> None:
    """Make a framework matrix: in Excel, or as a page, document or table.

    The ending of OUT says which: .xlsx, .csv, .html, .md, .docx or .json.

    A row for each case with its attributes, a column for each code under its theme, and in each cell the passages coded
    there, each with its source and line; or the team's summaries, or figures.
    """
    import qdabridge
    from qdabridge.formats.tables import writer_for

    writer = writer_for(target)
    overwrite = overwriting.allowed(target, force=force)
    with (
        streams.working(f"Making a matrix of {file.name} …"),
        qdabridge.read(file, positions=positions, limits=limits) as study,
    ):
        told = writer.write_matrix(_made(study, asked), target, overwrite=overwrite)
        findings = [*study.findings, *told]
    streams.say(f"Wrote {streams.shown(str(target))}", *listing.lines(findings))


def _made(study: Study, asked: dict[str, Any]) -> Matrix:
    """Make the matrix that was asked for."""
    from qdabridge.matrix import co_occurrence, crosstab, framework_matrix

    rows, across, choices = asked["rows"], asked["across"], _choices(asked)
    crossing = {name: asked[name] for name in ("together", "distance") if asked[name] is not None}
    if across and rows:
        raise BadRequest("With --across the rows are codes.", todo="Leave out --rows, or --across.")
    if crossing and across != (CODES,):
        raise BadRequest("--together and --distance are about codes by codes.", todo="Add --across codes.")
    if across == (CODES,):
        return co_occurrence(study, **crossing, **choices)
    if across:
        return crosstab(study, _one_or_several(across), **choices)
    return framework_matrix(study, rows=_one_or_several(rows) if rows else None, **choices)


def _choices(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what was chosen, in the library's words; what nobody asked for is left to the library."""
    chosen = {
        "codes": asked["theme"],
        "only_codes": asked["codes"],
        "code_set": asked["code_set"],
        "leaves": asked["leaves"],
        "used_only": asked["used"],
        "aggregate": asked["aggregate"],
        "values_from_sets": asked["values_from_sets"],
        "where": asked["where"],
        "only": asked["only"],
        "coders": asked["coder"],
        "since": asked["since"],
        "until": asked["until"],
        "cells": asked["cells"].split(",") if asked["cells"] is not None else None,
        "reference": asked["reference"],
        "shorten": asked["shorten"],
        "order": asked["order"],
        "merge": asked["merge"],
        "context": asked["context"],
    }
    return {name: value for name, value in chosen.items() if value not in (None, (), False)}


def _one_or_several(names: Iterable[str]) -> str | tuple[str, ...]:
    several = tuple(names)
    return several[0] if len(several) == 1 else several
