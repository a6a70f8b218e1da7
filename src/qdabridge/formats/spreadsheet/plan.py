"""Which sheets the workbook of a matrix has, what stands in which of their columns, and where every quote will be.

All of it is known before the first row is written, so that sheets can lead to each other. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from qdabridge.formats.spreadsheet.cells import CONTINUED_SHEET
from qdabridge.formats.spreadsheet.hidden_ids import HIDDEN_SHEET, ID_HEADING
from qdabridge.formats.spreadsheet.package import quoted_name
from qdabridge.formats.spreadsheet.sheet import MOST_ROWS, letters
from qdabridge.formats.spreadsheet.sheet_names import SheetNames
from qdabridge.matrix import Column, Field, Matrix
from qdabridge.matrix.grid import ROW_HEADINGS, Measure

ABOUT_SHEET = "About"
MATRIX_SHEET = "Framework (all)"
CO_OCCURRENCE_SHEET = "Co-occurrence"
CROSSTAB_SHEET = "Crosstab"
QUOTES_SHEET = "Quotes"
CODEBOOK_SHEET = "Codebook"
CASES_SHEET = "Cases"
SINGLE_CODES_SHEET = "Codes without a theme"
LINKS_HEADING = "Quotes"

_FIXED_NAMES = (QUOTES_SHEET, CODEBOOK_SHEET, CASES_SHEET, CONTINUED_SHEET, HIDDEN_SHEET)

IDS_ROW, THEMES_ROW, CODES_ROW = 1, 2, 3
FIRST_ROW = 4
"""The row of the first case on a sheet of the matrix."""
FIRST_QUOTE = 2
"""The row of the first quote on a sheet of quotes."""
LABEL_COLUMN = 1
"""The column of the cases' names, counted from 0; before it, hidden, their ids."""

_ALL_SHEETS = {"framework": MATRIX_SHEET, "co-occurrence": CO_OCCURRENCE_SHEET, "crosstab": CROSSTAB_SHEET}

SlotKind = Literal["id", "label", "attribute", "words", "figure", "link"]


class Slot(NamedTuple):
    """One column of a sheet of the matrix.

    Args:
        kind: what stands in it; ``link`` is the number of quotes of the column before it, which leads to them.
        number: which attribute or column of the matrix it belongs to, from 0.
        heading: what stands over it, below the theme.
        field: of words and figures.
    """

    kind: SlotKind
    number: int = 0
    heading: str = ""
    field: Field | None = None

    @property
    def measure(self) -> Measure | None:
        """What a figure counts."""
        return self.field.measure if self.field is not None else None


class MatrixSheet(NamedTuple):
    """A sheet with the whole matrix, or with one theme; ``columns`` are numbers of columns of the matrix."""

    name: str
    columns: Sequence[int]
    slots: list[Slot]
    is_whole: bool


class QuotePlace(NamedTuple):
    """Where the quotes of a cell begin: on which of the sheets of quotes, from 0, and in which row."""

    sheet: int
    row: int


class Plan:
    """What the workbook of a matrix will be.

    Args:
        matrix: the matrix.
        most_rows: how many rows a sheet has.
    """

    def __init__(self, matrix: Matrix, *, most_rows: int = MOST_ROWS) -> None:
        self.matrix = matrix
        names = SheetNames()
        for name in (ABOUT_SHEET, _ALL_SHEETS[matrix.kind], *_FIXED_NAMES):
            names.take(name)
        whole = range(len(matrix.columns))
        self.whole = MatrixSheet(_ALL_SHEETS[matrix.kind], whole, self._slots(whole), is_whole=True)
        self.themes = [
            MatrixSheet(names.take(name), columns, self._slots(columns), is_whole=False)
            for name, columns in _by_theme(matrix)
        ]
        self.quotes_at: dict[tuple[int, int], QuotePlace] = {}
        """Where the quotes of each cell begin."""
        sheets = self._place_quotes(most_rows)
        self.quotes_sheets = [QUOTES_SHEET, *(names.take(f"{QUOTES_SHEET} {n}") for n in range(2, sheets + 1))][:sheets]
        """The names of the sheets with quotes; none where a matrix holds no quotes."""

    @property
    def has_link_columns(self) -> bool:
        """Whether there are columns of their own that lead to the quotes."""
        return "quotes" in self.matrix.holds and "count" not in self.matrix.holds

    def place_of_row(self, row: int) -> str:
        """Return where a row of the matrix begins, for a link."""
        return f"{quoted_name(self.whole.name)}!{letters(LABEL_COLUMN)}{FIRST_ROW + row}"

    def place_of_column(self, column: int) -> str:
        """Return where a column of the matrix begins, for a link."""
        return f"{quoted_name(self.whole.name)}!{letters(self._column_at[column])}{CODES_ROW}"

    def place_of_cell(self, row: int, column: int) -> str:
        """Return where a cell of the matrix is, for a link."""
        return f"{quoted_name(self.whole.name)}!{letters(self._column_at[column])}{FIRST_ROW + row}"

    def place_of_quotes(self, row: int, column: int) -> str | None:
        """Return where the quotes of a cell begin, for a link; ``None`` where it has none."""
        found = self.quotes_at.get((row, column))
        return f"{quoted_name(self.quotes_sheets[found.sheet])}!A{found.row}" if found is not None else None

    @cached_property
    def row_of_guid(self) -> dict[str, int]:
        """The number of the row of each case or source, by GUID as the study has it."""
        return {row.guid: number for number, row in enumerate(self.matrix.rows) if row.guid}

    @cached_property
    def column_of_guid(self) -> dict[str, int]:
        """The number of the column of each code, by GUID as the study has it."""
        return {column.guid: number for number, column in enumerate(self.matrix.columns) if column.guid}

    @cached_property
    def _column_at(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for at, slot in enumerate(self.whole.slots):
            if slot.kind in ("words", "figure"):
                found.setdefault(slot.number, at)
        return found

    def _slots(self, columns: Iterable[int]) -> list[Slot]:
        matrix = self.matrix
        slots = [Slot("id", 0, ID_HEADING), Slot("label", 0, ROW_HEADINGS[matrix.row_kind])]
        slots += [Slot("attribute", number, each.name) for number, each in enumerate(matrix.attributes)]
        shown = set(columns)
        for field in matrix.fields():
            if field.column not in shown:
                continue
            kind: SlotKind = "words" if field.measure is None else "figure"
            slots.append(Slot(kind, field.column, field.heading, field))
            if kind == "words" and self.has_link_columns:
                slots.append(Slot("link", field.column, LINKS_HEADING))
        return slots

    def _place_quotes(self, most_rows: int) -> int:
        """Find where quotes will be, in the order of rows and columns; return on how many sheets they are."""
        sheet, row = 0, FIRST_QUOTE
        for key in sorted(key for key, cell in self.matrix.cells.items() if cell.quotes):
            self.quotes_at[key] = QuotePlace(sheet, row)
            row += sum(len(quote.marks) or 1 for quote in self.matrix.cells[key].quotes)
            while row > most_rows:
                sheet, row = sheet + 1, row - most_rows + FIRST_QUOTE - 1
        return sheet + (row > FIRST_QUOTE)


def _by_theme(matrix: Matrix) -> list[tuple[str, list[int]]]:
    """Return the sheets for themes, each with its columns; none where there is but one, or nothing is in themes."""
    if matrix.kind != "framework":
        return []
    by_theme: dict[str, list[int]] = {}
    for number, column in enumerate(matrix.columns):
        by_theme.setdefault(column.theme_guid, []).append(number)
    themes: list[tuple[str, list[int]]] = []
    single: list[int] = []
    for columns in by_theme.values():
        first = matrix.columns[columns[0]]
        if len(columns) == 1 and _is_theme(first):
            single += columns
        else:
            themes.append((first.theme, columns))
    if single and themes:
        themes.append((SINGLE_CODES_SHEET, single))
    return themes if len(themes) > 1 else []


def _is_theme(column: Column) -> bool:
    return len(column.path) == 1
