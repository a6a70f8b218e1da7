"""Tables that people already have, read as a study: opened (``sheets``), recognised and read (``layouts``), built.

It is a format that is read only: what is written as a table is a matrix, a codebook, codings or cases, each with a
command of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from qdabridge.errors import BadRequest
from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet.hidden_ids import HIDDEN_SHEET
from qdabridge.formats.spreadsheet.meeting_sheet import MEETING_SHEET
from qdabridge.formats.spreadsheet.sheets import SUFFIXES as SUFFIXES
from qdabridge.formats.spreadsheet.sheets import TableFile, open_table
from qdabridge.limits import DEFAULT, Limits
from qdabridge.study.study import Study

NAME = "tables"


def read(
    path: Path,
    *,
    media: Path | None = None,
    limits: Limits = DEFAULT,
    layout: str | None = None,
    sources: Path | None = None,
) -> Study:
    """Read a study from a table.

    Args:
        path: the table.
        media: makes no difference, tables refer to no media.
        limits: how large it may be.
        layout: the name of its layout; recognised from the table without it.
        sources: a folder with the texts of the sources; quotes are located in them.

    Raises:
        BadRequest: there is no such layout, or it is a workbook that qdabridge made.
        CannotRead: the table is damaged, or no layout fits it.
        TooLarge: it is beyond the limits.
    """
    from qdabridge.formats.spreadsheet.layouts import recognised
    from qdabridge.formats.spreadsheet.study_from_table import study_from_table

    file = open_table(path, limits)
    if layout is None:
        _refuse_ours(file)
    chosen, seen = recognised(file, layout)
    pieces = chosen.read(file)
    when = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    study = study_from_table(pieces, path.stem, when=when, sources=sources, limits=limits)
    read_as = Finding(
        "TABLE-READ-AS",
        "note",
        f"The table was read as “{chosen.called()}”: it has {seen.saw}.",
        path.name,
        "If it is something else, say so with --layout.",
    )
    study.findings = [read_as, *file.found, *study.findings]
    return study


def _refuse_ours(file: TableFile) -> None:
    if file.sheet(MEETING_SHEET) is not None and file.sheet(HIDDEN_SHEET) is not None:
        raise BadRequest(
            "This is a list of disagreements that qdabridge made for a meeting.",
            where=str(file.path),
            todo="Bring what was decided in it into that study: qdabridge reconcile STUDY WORKBOOK OUT.",
        )
    if file.sheet(HIDDEN_SHEET) is not None:
        raise BadRequest(
            "This is a framework workbook that qdabridge made from a study.",
            where=str(file.path),
            todo="Chart it into that study: qdabridge chart STUDY WORKBOOK OUT.",
        )
