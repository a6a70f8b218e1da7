"""`qdabridge info`: what is in a study, where it came from and how it was read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qdabridge.cli import listing, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option
from qdabridge.cli.streams import shown

if TYPE_CHECKING:
    from rich.table import Table

    from qdabridge.study.counts import Counts, Meant
    from qdabridge.study.form import Form
    from qdabridge.study.model import Project
    from qdabridge.study.study import Study


_KINDS = {
    "TextSource": ("text", "texts"),
    "PictureSource": ("picture", "pictures"),
    "PDFSource": ("PDF", "PDFs"),
    "AudioSource": ("audio recording", "audio recordings"),
    "VideoSource": ("film", "films"),
}


@click.command(
    epilog="""\b
Examples:
  qdabridge info study.qdpx
  qdabridge info study.qdpx --json | jq .counts.codes
  qdabridge info study.qdpx --positions utf16"""
)
@click.argument("file", type=ANY_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for programs.")
@positions_option
@limits_option
def info(file: Path, as_json: bool, positions: str | None, limits: str | None) -> None:
    """Tell what is in a study and how it was read.

    FILE is a .qdpx, .qde, .qdc or .json. It shows which program wrote it, how the positions of its codings were
    counted, how much there is of everything, and what was noticed while reading.
    """
    import qdabridge
    from qdabridge.study.counts import counts, meant

    with streams.working(f"Reading {file.name} …"):
        study = qdabridge.read(file, positions=positions, limits=limits)
    with study:
        counted, understood = counts(study.project), meant(qdabridge.Lookup(study))
        if as_json:
            streams.say_json(_as_json(file, study, counted, understood))
            return
        streams.say(_origin(file, study), "", _contents(study.project, counted, understood))
        if study.findings:
            streams.say("", f"Noticed while reading: {listing.totals(study.findings)}", listing.table(study.findings))


def _as_json(file: Path, study: Study, counted: Counts, understood: Meant) -> dict[str, object]:
    import msgspec

    form = study.form
    return {
        "name": study.project.name,
        "origin": study.project.origin,
        "format": _format(file, study),
        "positions": form.counting.described() if form else None,
        "positionsDecided": _decision(form) if form else None,
        "counts": msgspec.to_builtins(counted),
        "meant": msgspec.to_builtins(understood),
        "findings": [listing.as_json(finding) for finding in study.findings],
    }


def _decision(form: Form) -> dict[str, object]:
    """Return how it was decided in which way positions are counted, and how sure that is."""
    return {
        "by": form.decision.by,
        "counting": form.counting.in_words(),
        "selectionsThatTell": form.decision.selections,
        "named": form.decision.names,
        "fitting": form.decision.fitting,
        "expected": form.decision.expected.in_words(),
        "expectedFitting": form.decision.expected_fitting,
        "nextBest": form.decision.next_best.in_words() if form.decision.next_best else None,
        "nextFitting": form.decision.next_fitting,
    }


def _origin(file: Path, study: Study) -> Table:
    """Return where the study came from and how it was read."""
    rows = [
        ("study", study.project.name),
        ("file", str(file)),
        ("written by", study.project.origin or "the file does not say"),
    ]
    if study.form:
        rows.append(("format", f".{_format(file, study)}, as {_tool(study.form.tool)} has it"))
        counting, decision = study.form.counting, study.form.decision
        rows.append(("positions", f"counted in {counting.described()}: {decision.described(counting)}"))
    return _table((name, shown(value)) for name, value in rows)


def _format(file: Path, study: Study) -> str:
    """Return what kind of file it is; its first bytes may have said otherwise than its name."""
    if study.form is None or file.suffix.lower() == ".json":
        return "json"
    return study.form.format


def _tool(name: str) -> str:
    """Return what people call the tool that a dialect is named after."""
    from qdabridge.formats.refi.dialects import dialects

    known = dialects().get(name)
    return known.title if known else name


def _contents(project: Project, counted: Counts, understood: Meant) -> Table:
    """Return how much there is of everything, and beside it what is meant by that where it is something else."""
    from qdabridge.study.counts import code_levels, sources_by_kind

    levels = code_levels(project)
    kinds = [_KINDS[kind.__name__][count != 1] for kind, count in sources_by_kind(project).items()]
    numbers = sources_by_kind(project).values()
    remarks = {
        "codes": [f"in {levels} levels"] if levels > 1 else [],
        "cases": [],
        "sources": [f"{number:,} {kind}" for number, kind in zip(numbers, kinds, strict=True)],
        "selections": [],
        "codings": [],
    }
    if understood.themes != counted.codes:
        remarks["codes"].append(f"{understood.themes:,} without those for cases")
    if understood.cases != counted.cases:
        remarks["cases"].append(f"{counted.cases - understood.cases:,} only with the values of a source")
    if understood.sources != counted.sources:
        remarks["sources"].append(f"{understood.sources:,} with recordings and their transcripts as one")
    if understood.quotations != counted.selections:
        remarks["selections"].append(_of(understood.quotations, "quotation"))
    if understood.annotations:
        remarks["selections"].append(_of(understood.annotations, "annotation"))
    if understood.codings != counted.codings:
        remarks["codings"].append(f"{understood.codings:,} without repetitions and cases")
    return _table(
        (name, f"{getattr(counted, name):>9,}", ", ".join(remarks.get(name, ()))) for name in counted.__struct_fields__
    )


def _of(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _table(rows: Iterable[tuple[str, ...]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, show_edge=False, padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*(Text(cell, style="" if place else "dim") for place, cell in enumerate(row)))
    return table
