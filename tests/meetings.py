"""A list for the meeting as a script fills it: every column found by what the hidden first row says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from qdabridge.coders.agreement import DoubleCoding
from qdabridge.coders.agreement.workbook import write_workbook
from qdabridge.formats.spreadsheet.meeting_sheet import FIRST_ROW, MEETING_SHEET
from qdabridge.study.study import Study

Decide = Callable[[dict[str, Any]], dict[str, str] | None]


def list_of(path: Path, *studies: Study, **choices: Any) -> Path:
    """Write the workbook of coders' agreement."""
    coded = DoubleCoding(*studies, **{"draws": 0, "single_sources": True, **choices})
    title = studies[0].project.name
    write_workbook(coded.agreement(), coded.disagreements(), path, title=title, overwrite=True)
    return path


def fill(path: Path, decide: Decide) -> Path:
    """Let a function write into each row: it is given what stands under the headings, and gives texts by key."""
    book = load_workbook(path)
    sheet = book[MEETING_SHEET]
    columns = {cell.value: cell.column for cell in sheet[1] if cell.value}
    headings = [cell.value for cell in sheet[FIRST_ROW - 1]]
    for row in range(FIRST_ROW, sheet.max_row + 1):
        there = dict(zip(headings, (cell.value for cell in sheet[row]), strict=True))
        for key, text in (decide(there) or {}).items():
            sheet.cell(row, columns[key]).value = text
    book.save(path)
    return path


def all_decided(decision: str, **more: str) -> Decide:
    """Decide the same everywhere."""
    return lambda _: {"decision": decision} | more
