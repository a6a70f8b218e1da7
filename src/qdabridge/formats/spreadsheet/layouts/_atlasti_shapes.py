"""Which column of a list of quotations is which, where its headings are in no language known or are not readable.

What tells is what stands in the columns: numbers such as ``3:10``, paragraphs such as ``¶ 4``, dates, long texts, names
that recur, and lists of names as long as a figure beside them. It knows no words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from statistics import mean

from qdabridge.formats.spreadsheet.layouts import _atlasti as atlasti
from qdabridge.formats.spreadsheet.sheets import Cell, Sheet, text_of
from qdabridge.formats.spreadsheet.sheets.columns import WITHIN, Headed

_ROWS = 300
_LEAST_COLUMNS = 4
_LONG = 25
_MOST = 0.8
_RECURS = 0.7
_ID = re.compile(r"\d{1,5}:\d{1,6}")
# Where the encoding was lost, so was the sign of a paragraph.
_PARAGRAPH = re.compile(r"[¶?]\s*\d{1,7}(?:\s*[-–—]\s*(?:[¶?]\s*)?\d{1,7})?")
_DATE = re.compile(r"\d{1,4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,4}(?:\D.*)?", re.DOTALL)
_WHOLE = re.compile(r"\d{1,6}")
_BETWEEN = re.compile(r"\n|;|,")


def told_by_shape(sheet: Sheet, known: Headed | None) -> Headed | None:
    """Return a table with the columns that its headings do not tell, or nothing where it is no list of quotations.

    Args:
        sheet: the sheet.
        known: what the headings told, if any of them did; those columns are as they say.
    """
    row = _heading(sheet) if known is None else known.row
    if row is None:
        return None
    columns = _Columns(sheet, row, dict(known.columns) if known is not None else {})
    columns.tell()
    if not columns.is_list_of_quotations():
        return None
    others = {} if known is None else {name: at for name, at in known.others.items() if at not in columns.told.values()}
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
        self._rows = [row for row in sheet.rows[heading + 1 : heading + 1 + _ROWS] if row]
        # A heading may tell of columns that no row reaches.
        width = max([*map(len, self._rows), *(column + 1 for column in told.values())], default=0)
        self._cells: list[list[Cell]] = [
            [row[column] if column < len(row) else None for row in self._rows] for column in range(width)
        ]

    def is_list_of_quotations(self) -> bool:
        """Tell whether the three columns are there without which it is none, and one that other tables have not."""
        return all(field in self.told for field in ("quote", "document", "codes")) and self._is_atlasti()

    def tell(self) -> None:
        """Tell the columns, the surest first."""
        self._take("reference", lambda column: self._most(column, _PARAGRAPH))
        self._take("number", lambda column: self._most(column, _ID))
        if not self._is_atlasti():
            return
        dates = [column for column in self._free() if self._are_dates(column)]
        for field, column in zip(("created", "modified"), dates, strict=False):
            self.told.setdefault(field, column)
        figures = [column for column in self._free() if self._most(column, _WHOLE)]
        texts = [column for column in self._free() if column not in figures and column not in dates]
        self._tell_quote(texts)
        self._tell_codes(texts, figures)
        self._tell_document(texts)
        self._tell_name_and_comment(texts)

    def _tell_quote(self, texts: list[int]) -> None:
        lengths = {column: mean([*map(len, self._filled(column)), 0]) for column in texts}
        longest = max(lengths, key=lambda column: lengths[column], default=None)
        if longest is not None and lengths[longest] >= _LONG:
            self.told.setdefault("quote", longest)

    def _tell_codes(self, texts: list[int], figures: list[int]) -> None:
        """Take the column of which the cells have as many names as a figure beside them says, or line ends."""
        if "codes" in self.told:
            return
        free = [column for column in texts if column in self._free()]
        for column in free:
            counts = next((figure for figure in figures if self._counts(figure, column)), None)
            if counts is not None:
                self.told["codes"] = column
                self.told.setdefault("count", counts)
                return
        listed = [column for column in free if any(_BETWEEN.search(cell) for cell in self._filled(column))]
        listed = [column for column in listed if self._parts_recur(column)]
        if len(listed) == 1:
            self.told["codes"] = listed[0]

    def _tell_document(self, texts: list[int]) -> None:
        """Take the column that is filled in all rows and has the fewest different names."""
        found = [
            column
            for column in texts
            if column in self._free()
            and len(self._filled(column)) == len(self._rows)
            and not any("\n" in cell for cell in self._filled(column))
            and (len(set(self._filled(column))) <= _RECURS * len(self._rows) or len(self._rows) < _LEAST_COLUMNS)
        ]
        if found:
            self.told.setdefault("document", min(found, key=lambda column: len(set(self._filled(column)))))

    def _is_atlasti(self) -> bool:
        return "reference" in self.told or ("number" in self.told and self._most(self.told["number"], _ID))

    def _tell_name_and_comment(self, texts: list[int]) -> None:
        """Take what is how quotations begin as their names, and the one column of texts that is left as comments."""
        if "quote" not in self.told:
            return
        left = [column for column in texts if column in self._free() and self._filled(column)]
        names = [column for column in left if self._begins_quotations(column)]
        if names:
            self.told.setdefault("name", names[0])
        comments = [column for column in left if column not in names]
        if len(comments) == 1:
            self.told.setdefault("comment", comments[0])

    def _begins_quotations(self, column: int) -> bool:
        pairs = [
            (text_of(name).strip(), text_of(quote))
            for name, quote in zip(self._cells[column], self._cells[self.told["quote"]], strict=True)
        ]
        pairs = [(name, quote) for name, quote in pairs if name]
        return bool(pairs) and sum(atlasti.begins(quote, name) for name, quote in pairs) >= _MOST * len(pairs)

    # --- what is in a column -----------------------------------------------------------------------------------------

    def _take(self, field: str, fits: Callable[[int], bool]) -> None:
        if field not in self.told and (column := next(filter(fits, self._free()), None)) is not None:
            self.told[field] = column

    def _free(self) -> list[int]:
        return [column for column in range(len(self._cells)) if column not in self.told.values()]

    def _filled(self, column: int) -> list[str]:
        return [text for cell in self._cells[column] if (text := text_of(cell).strip())]

    def _most(self, column: int, pattern: re.Pattern[str]) -> bool:
        filled = self._filled(column)
        return bool(filled) and sum(pattern.fullmatch(cell) is not None for cell in filled) >= _MOST * len(filled)

    def _are_dates(self, column: int) -> bool:
        cells = [cell for cell in self._cells[column] if text_of(cell).strip()]
        fitting = sum(isinstance(cell, date) or _DATE.fullmatch(text_of(cell).strip()) is not None for cell in cells)
        return bool(cells) and fitting >= _MOST * len(cells)

    def _counts(self, figures: int, texts: int) -> bool:
        """Tell whether figures say how many names there are: never more than parts, zero where there is nothing."""
        pairs = [
            (int(figure), len(list(filter(str.strip, _BETWEEN.split(names)))))
            for figure, names in zip(map(text_of, self._cells[figures]), map(text_of, self._cells[texts]), strict=True)
            if _WHOLE.fullmatch(figure)
        ]
        several = {figure for figure, _ in pairs if figure > 1}
        return (
            bool(several)
            and len(pairs) >= _MOST * len(self._rows)
            and all(figure <= parts and bool(figure) == bool(parts) for figure, parts in pairs)
            and sum(figure == parts for figure, parts in pairs) >= len(pairs) / 2
        )

    def _parts_recur(self, column: int) -> bool:
        parts = [atlasti.code_name(part) for cell in self._filled(column) for part in _BETWEEN.split(cell)]
        parts = [part for part in parts if part]
        return bool(parts) and len(set(parts)) <= _RECURS * len(parts)
