"""Finding the heading row of a table, and its columns by their headings, in whatever language and order.

Headings are compared without case and without white space, colons and byte order marks around them. What a heading
means it is told; it knows no layout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.sheets import Cell, Row, Sheet, TableFile, letters, text_of

WITHIN = 10
"""How many rows from the top are looked at for headings: titles and notes may stand above them."""


class Headed(Struct, frozen=True):
    """A table with a row of headings.

    Args:
        sheet: the sheet.
        row: the row of the headings, from 0.
        columns: field → its column, from 0; where two columns have headings of one field, the first.
        others: heading as written → its column, where no field knows the heading; without empty headings.
        twice: headings that stand over more than one column, as written.
    """

    sheet: Sheet
    row: int
    columns: dict[str, int]
    others: dict[str, int]
    twice: tuple[str, ...] = ()

    def records(self) -> Iterator[Record]:
        """Give the rows below the headings that have anything in them."""
        for number in range(self.row + 1, len(self.sheet.rows)):
            cells = self.sheet.rows[number]
            if any(cell is not None and cell != "" for cell in cells):
                yield Record(self, number, cells)


class Record(Struct, frozen=True):
    """One row of a headed table."""

    headed: Headed
    number: int
    cells: Row

    def cell(self, field: str) -> Cell:
        """Return the cell of a field; ``None`` where the table has no such column."""
        column = self.headed.columns.get(field)
        return self.cells[column] if column is not None and column < len(self.cells) else None

    def text(self, field: str) -> str:
        """Return the cell of a field as text, without white space around it; empty where there is nothing."""
        return text_of(self.cell(field)).strip()

    def other(self, heading: str) -> Cell:
        """Return the cell under a heading that no field knows."""
        column = self.headed.others[heading]
        return self.cells[column] if column < len(self.cells) else None

    @property
    def at(self) -> str:
        """Where the row is, for people."""
        return self.headed.sheet.place(self.number)


def headed(sheet: Sheet, known: Mapping[str, Collection[str]], needs: Collection[str]) -> Headed | None:
    """Return the first of the upper rows that has the headings needed; ``None`` where there is none.

    Args:
        sheet: the sheet.
        known: field → the headings that it has in real files, in any language.
        needs: the fields without which it is not the row.

    >>> table = Sheet("", [("Table 1",), ("Kod", "Fragment "), ("Access", "I waited.")])
    >>> headed(table, {"code": ["Code", "Kod"], "quote": ["Segment", "Fragment"]}, ["code", "quote"]).columns
    {'code': 0, 'quote': 1}
    """
    meaning = {folded(heading): name for name, headings in known.items() for heading in headings}
    for number, cells in enumerate(sheet.rows[:WITHIN]):
        columns: dict[str, int] = {}
        others: dict[str, int] = {}
        seen: dict[str, int] = {}
        for column, cell in enumerate(cells):
            if not isinstance(cell, str) or not (heading := folded(cell)):
                continue
            seen[heading] = seen.get(heading, 0) + 1
            if (name := meaning.get(heading)) is not None:
                columns.setdefault(name, column)
            else:
                others.setdefault(cell.strip(), column)
        if all(name in columns for name in needs):
            twice = [text_of(cell).strip() for cell in cells if seen.get(folded(text_of(cell)), 0) > 1]
            return Headed(sheet, number, columns, others, tuple(dict.fromkeys(twice)))
    return None


def refuse_twice(table: Headed, file: TableFile) -> None:
    """See that no heading stands over two columns.

    Raises:
        CannotRead: one does.
    """
    if table.twice:
        name = table.twice[0]
        cells = table.sheet.rows[table.row]
        at = [letters(column) for column, cell in enumerate(cells) if folded(text_of(cell)) == folded(name)]
        raise two_columns(name, at, file, table.sheet)


def two_columns(name: str, at: list[str], file: TableFile, sheet: Sheet) -> CannotRead:
    """Return the error for two columns, given by their letters, with one name."""
    return CannotRead(
        f"Two columns have the name “{name}” ({' and '.join(at)}).",
        where=f"{file.path}: {sheet.name}" if sheet.name else str(file.path),
        todo="Give each column a name of its own.",
    )


def folded(heading: str) -> str:
    """Return a heading as headings are compared.

    >>> folded(" Creation  Date: ")
    'creation date'
    """
    return " ".join(heading.replace("\ufeff", "").split()).rstrip(":").rstrip().casefold()
