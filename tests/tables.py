"""Tables in memory and on disk, in a few words: ``table([["", "Access"], ["Ana", "She waited."]])``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from qdabridge.formats.spreadsheet.sheets import Sheet, TableFile, trimmed


def sheet(rows: Iterable[Sequence[Any]], name: str = "", merged: tuple[tuple[int, int, int, int], ...] = ()) -> Sheet:
    return Sheet(name, [trimmed(row) for row in rows], merged)


def table(
    *rows_or_sheets: Iterable[Sequence[Any]] | Sheet, path: str = "table.xlsx", kind: str = "workbook"
) -> TableFile:
    sheets = [each if isinstance(each, Sheet) else sheet(each) for each in rows_or_sheets]
    return TableFile(Path(path), kind, sheets)


def workbook(path: Path, rows: Iterable[Sequence[Any]], name: str = "Sheet1", merge: Sequence[str] = ()) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(list(row))
    for cells in merge:
        book.active.merge_cells(cells)
    book.save(path)
    return path
