"""A workbook in the making: what every one of its sheets needs to be written.

It holds state only because a workbook is written sheet after sheet.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet.cells import Cells
from qdabridge.formats.spreadsheet.package import Package
from qdabridge.formats.spreadsheet.plan import Plan
from qdabridge.formats.spreadsheet.sheet import MOST_LINKS
from qdabridge.matrix import Matrix


class Workbook(NamedTuple):
    """What the sheets of one workbook share; ``largest`` is what ``look.largest_cells`` returns."""

    matrix: Matrix
    plan: Plan
    largest: dict[int, tuple[int, int]]
    package: Package
    cells: Cells
    findings: Findings
    made: datetime


def links_left_out(sheet: str, count: int) -> Finding:
    """Return what is told of a sheet that has more links than Excel takes."""
    return Finding(
        "LINKS-LEFT-OUT",
        "note",
        f"A sheet holds at most {MOST_LINKS:,} links; the cells that follow have none.",
        where=sheet,
        hint="The sheets of single themes have links of their own.",
        count=count,
    )
