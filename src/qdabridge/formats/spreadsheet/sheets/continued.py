"""Texts too long for a cell, as our own workbooks have them: the cell says in which row of another sheet they stand.

``continued_sheet`` beside this package writes it. What a layout gets is the whole text in its cell, and no such sheet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qdabridge.formats.spreadsheet.cells import CONTINUED_SHEET
from qdabridge.formats.spreadsheet.sheets import Cell, Sheet, text_of, trimmed

_HEADINGS = ("Row", "Column", "Part", "Text")
_SAYS_SO = re.compile(rf"\n\n… continues on sheet ‘{CONTINUED_SHEET}’, row (\d{{1,7}})\Z")
_PART = re.compile(r"(\d{1,7}) of (\d{1,7})")


def with_whole_texts(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the sheets with the texts whole. Where a text is not where its cell says, the cell stays as it is."""
    pieces = next((each for each in sheets if each.name == CONTINUED_SHEET and _has_headings(each)), None)
    if pieces is None:
        return list(sheets)
    return [
        Sheet(sheet.name, [trimmed(_whole(cell, pieces) for cell in row) for row in sheet.rows], sheet.merged)
        for sheet in sheets
        if sheet is not pieces
    ]


def _has_headings(sheet: Sheet) -> bool:
    return any(tuple(text_of(cell) for cell in row) == _HEADINGS for row in sheet.rows[:1])


def _whole(cell: Cell, pieces: Sheet) -> Cell:
    said = _SAYS_SO.search(cell) if isinstance(cell, str) else None
    if said is None:
        return cell
    first = int(said[1]) - 1
    part = _PART.fullmatch(text_of(pieces.at(first, 2)))
    if part is None or part[1] != "1" or not 0 < int(part[2]) <= len(pieces.rows) - first:
        return cell
    text = "".join(text_of(pieces.at(row, 3)) for row in range(first, first + int(part[2])))
    # Somebody may have sorted the other sheet: then the text would be another one's.
    return text if text.startswith(str(cell)[: said.start()]) else cell
