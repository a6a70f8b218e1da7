"""Which column of MAXQDA's coded segments is which, where its headings are in no language known.

In all languages seen, the document stands right before the code, the beginning right before the end, and who coded
right before when. What tells a column is what stands in it: paths, whole numbers, dates, long texts. It knows no words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from statistics import mean

from qdabridge.formats.spreadsheet.layouts import _maxqda as maxqda
from qdabridge.formats.spreadsheet.sheets import Cell, Sheet, text_of
from qdabridge.formats.spreadsheet.sheets.columns import WITHIN, Headed

_ROWS = 300
_LEAST_COLUMNS = 4
_MOST_COLUMNS = 60
_LONG = 25
_LONGEST_NAME = 300
_MOST = 0.8
_SOME = 0.3
_DATE = re.compile(r"\d{1,4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,4}(?:\D.*)?", re.DOTALL)
_WHOLE = re.compile(r"[0-9]{1,7}")


def told_by_shape(sheet: Sheet, known: Headed | None) -> Headed | None:
    """Return a table with the columns that its headings do not tell, or nothing where it holds no coded segments.

    Args:
        sheet: the sheet.
        known: what the headings told, if any of them did; those columns are as they say.
    """
    row = _heading(sheet) if known is None else known.row
    if row is None:
        return None
    columns = _Columns(sheet, row, dict(known.columns) if known is not None else {})
    columns.tell()
    if not columns.are_coded_segments():
        return None
    headings = {text_of(cell).strip(): at for at, cell in enumerate(sheet.rows[row]) if text_of(cell).strip()}
    others = {heading: at for heading, at in headings.items() if at not in columns.told.values()}
    return Headed(sheet, row, columns.told, others)


def _heading(sheet: Sheet) -> int | None:
    for number, row in enumerate(sheet.rows[:WITHIN]):
        if sum(isinstance(cell, str) and bool(cell.strip()) for cell in row) >= _LEAST_COLUMNS:
            return number
    return None


class _Columns:
    """The columns of a table, and which of them are told already."""

    def __init__(self, sheet: Sheet, heading: int, told: dict[str, int]) -> None:
        self.told = told
        rows = [row for row in sheet.rows[heading + 1 : heading + 1 + _ROWS] if row]
        self._count = len(rows)
        width = min(max(map(len, rows), default=0), len(sheet.rows[heading]), _MOST_COLUMNS)
        self._cells: list[list[str]] = [
            [text_of(row[column]).strip() if column < len(row) else "" for row in rows] for column in range(width)
        ]
        self._dates = {
            column for column in range(width) if _are_dates(row[column] for row in rows if column < len(row))
        }

    def are_coded_segments(self) -> bool:
        """Tell whether the three columns are there without which it is none, and one that other tables have not."""
        return all(field in self.told for field in ("quote", "document", "code")) and (
            "color" in self.told or ("start" in self.told and "end" in self.told)
        )

    def tell(self) -> None:
        """Tell the columns, the surest first."""
        self._take("color", (at for at in self._free() if self._share(at, maxqda.has_bullet) >= _MOST))
        if "start" not in self.told:
            pair = next((at for at in self._free() if self._are_beginning_and_end(at)), None)
            if pair is not None:
                self.told["start"], self.told["end"] = pair, pair + 1
        if not ("color" in self.told or "start" in self.told):
            return
        self._take("quote", self._longest_texts())
        self._take("code", self._codes())
        if "code" not in self.told:
            return
        self._take("document", self._before(self.told["code"], full=True))
        if "document" in self.told:
            self._take("group", (at for at in self._before(self.told["document"]) if self._is_group(at)))
        self._tell_dates()

    def _longest_texts(self) -> Sequence[int]:
        lengths = {column: mean([*map(len, self._filled(column)), 0]) for column in self._texts()}
        longest = max(lengths, key=lambda column: lengths[column], default=None)
        return [longest] if longest is not None and lengths[longest] >= _LONG else []

    def _codes(self) -> Sequence[int]:
        """Return the column with paths; where there is none, the texts right before the beginning of each segment."""
        paths = [at for at in self._texts() if self._share(at, maxqda.is_path) >= _SOME and at]
        if paths:
            # Documents may stand below groups, too; they come before the codes.
            return paths[-1:]
        return self._before(self.told["start"], full=True) if "start" in self.told else []

    def _tell_dates(self) -> None:
        """Take the earlier of two dates as that of coding, and the texts right before it as who did.

        Dates written as words cannot be compared here; of these, the one on the left is taken.
        """
        dates = sorted(self._dates & set(self._free()), key=lambda column: self._first_day(column))
        self._take("created", dates[:1])
        self._take("modified", dates[1:2])
        for field, of in (("coder", "created"), ("editor", "modified")):
            if of in self.told:
                self._take(field, self._before(self.told[of]))

    # --- what is in a column -----------------------------------------------------------------------------------------

    def _take(self, field: str, columns: Iterable[int]) -> None:
        if field not in self.told and (column := next(iter(columns), None)) is not None:
            self.told[field] = column

    def _free(self) -> list[int]:
        return [column for column in range(len(self._cells)) if column not in self.told.values()]

    def _filled(self, column: int) -> list[str]:
        return [cell for cell in self._cells[column] if cell]

    def _texts(self) -> list[int]:
        return [
            column
            for column in self._free()
            if column not in self._dates
            and self._filled(column)
            and self._share(column, lambda cell: not _WHOLE.fullmatch(cell)) >= _MOST
        ]

    def _before(self, column: int, *, full: bool = False) -> Sequence[int]:
        """Return the column on the left, if it holds names: in all rows, or in some."""
        left = column - 1
        if left not in self._texts() or any(len(cell) > _LONGEST_NAME for cell in self._filled(left)):
            return []
        return [left] if not full or len(self._filled(left)) >= _MOST * self._count else []

    def _is_group(self, column: int) -> bool:
        """Tell whether each document is in one of the groups."""
        if self.told["document"] >= len(self._cells):
            return False
        pairs = set(zip(self._cells[self.told["document"]], self._cells[column], strict=True))
        documents = {document for document, _ in pairs}
        return len(pairs) == len(documents)

    def _are_beginning_and_end(self, column: int) -> bool:
        if column + 1 not in self._free():
            return False
        pairs = list(zip(self._cells[column], self._cells[column + 1], strict=True))
        whole = [(int(a), int(b)) for a, b in pairs if _WHOLE.fullmatch(a) and _WHOLE.fullmatch(b)]
        return bool(whole) and len(whole) >= _MOST * len(pairs) and all(0 < first <= last for first, last in whole)

    def _share(self, column: int, fits: Callable[[str], object]) -> float:
        filled = self._filled(column)
        return sum(bool(fits(cell)) for cell in filled) / len(filled) if filled else 0.0

    def _first_day(self, column: int) -> str:
        """Return the first of the dates that are dates and not words; empty where all are words."""
        return min((cell for cell in self._filled(column) if cell[:4].isdecimal()), default="")


def _are_dates(cells: Iterable[Cell]) -> bool:
    filled = [cell for cell in cells if text_of(cell).strip()]
    fitting = sum(isinstance(cell, date) or _DATE.fullmatch(text_of(cell).strip()) is not None for cell in filled)
    return bool(filled) and fitting >= _MOST * len(filled)
