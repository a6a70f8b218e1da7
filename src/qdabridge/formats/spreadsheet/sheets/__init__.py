"""Any table file as plain rows: Excel, OpenDocument, CSV and other separated text, lines of JSON, Word, Markdown, text.

What is in the rows it does not know; that is the layouts' part.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from qdabridge.findings import Finding
from qdabridge.limits import DEFAULT, Limits

Cell: TypeAlias = str | int | float | bool | date | datetime | time | None
"""What a cell holds. Text files hold only text; an empty cell is ``None`` or ``""``, as the file has it."""

Row: TypeAlias = tuple[Cell, ...]

SUFFIXES = (".xlsx", ".xlsm", ".ods", ".csv", ".tsv", ".tab", ".txt", ".jsonl", ".docx", ".md")
"""The endings of files that may hold a table."""


class Sheet(Struct, frozen=True):
    """One table, row by row from the very first; rows may differ in length, and empty cells at their ends are cut off.

    Args:
        name: the sheet's name; empty in text files.
        rows: its cells. Rows without anything in them are kept as ``()``, so that row 7 is ``rows[6]``.
        merged: its merged cells: first row and column, last row and column, from 0. Each has its value at the upper
            left and ``None`` elsewhere.
    """

    name: str
    rows: list[Row]
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def at(self, row: int, column: int) -> Cell:
        """Return a cell, counted from 0; ``None`` where the row does not reach so far."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else None

    def place(self, row: int, column: int | None = None) -> str:
        """Return where a row or cell (counted from 0) is, as people find it: ``Sheet1, row 7`` or ``Sheet1!B7``."""
        if column is None:
            return f"{self.name}, row {row + 1}" if self.name else f"row {row + 1}"
        address = f"{letters(column)}{row + 1}"
        return f"{self.name}!{address}" if self.name else address


class TableFile(Struct, frozen=True):
    """A table file that has been opened, and is closed again.

    Args:
        path: where it was; for its name, not for reading it again.
        kind: ``workbook`` (Excel, OpenDocument), ``text`` (CSV and any other text), ``lines`` (JSON) or ``document``
            (Word, Markdown).
        sheets: its tables in order, hidden ones too. A text file is one sheet, of one column if it has no separator.
        lines: the lines of a text file, or what stands outside the tables of a document, without the ends of lines.
        styles: for each of the lines of a Word document, the name of its paragraph style, empty for the usual one.
        separator: the separator of a text file; empty where there is none.
        encoding: the encoding of a text file, such as ``UTF-16``.
        found: what is to be said of the file whatever is in it, such as cells that hold an error.
    """

    path: Path
    kind: str
    sheets: list[Sheet]
    lines: list[str] = []
    styles: list[str] = []
    separator: str = ""
    encoding: str = ""
    found: list[Finding] = []

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet with a name, case aside."""
        return next((each for each in self.sheets if each.name.casefold() == name.casefold()), None)


def open_table(path: Path, limits: Limits = DEFAULT) -> TableFile:
    """Open a table file and read all its rows.

    Formulas give the values that they had when the file was saved; nothing is computed, and no macro runs.

    Raises:
        CannotRead: it is none of these files, or encrypted, damaged or empty.
        TooLarge: it is beyond the limits.
    """
    from qdabridge.formats.spreadsheet.sheets import opening

    return opening.opened(path, limits)


def said_of_merged(name: str) -> Finding:
    """Return the finding for a sheet with merged cells."""
    return Finding(
        "TABLE-MERGED",
        "note",
        "The sheet has merged cells; what they say counts where each begins, at its upper left.",
        name,
        "If something has come to the wrong place, undo the merging, fill the cells, and read it again.",
    )


def trimmed(cells: Iterable[Cell]) -> Row:
    """Return a row without the empty cells at its end.

    >>> trimmed(["a", "", None])
    ('a',)
    """
    row = list(cells)
    while row and (row[-1] is None or row[-1] == ""):
        row.pop()
    return tuple(row)


def text_of(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a point, dates as ISO 8601, truth as Excel shows it.

    >>> text_of(2002.0), text_of(date(2024, 3, 1)), text_of(True), text_of(None)
    ('2002', '2024-03-01', 'TRUE', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def letters(column: int) -> str:
    """Return the letters of a column counted from 0: A, B, …, Z, AA.

    >>> letters(0), letters(25), letters(26), letters(16_383)
    ('A', 'Z', 'AA', 'XFD')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
