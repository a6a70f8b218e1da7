"""What NVivo's tables share: counted headings (``A : Access``, ``1 : Ana``), paths of folders and names, and values.

It reads cells and rows, and knows no single layout. Evidence: exports of NVivo 12 and its help pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet.pieces import CodePath, Pieces
from qdabridge.formats.spreadsheet.sheets import Cell, Sheet, TableFile, text_of
from qdabridge.formats.spreadsheet.sheets.columns import WITHIN

_LETTERED = re.compile(r"\s*([A-Z]{1,3})\s:(?:\s(.*)|)", re.DOTALL)
_NUMBERED = re.compile(r"\s*([0-9]{1,7})\s:(?:\s(.*)|)", re.DOTALL)
_BETWEEN_FOLDERS = re.compile(r"\\\\")
_BETWEEN_NAMES = re.compile(r"\\")
_LINE_END_IN_XML = re.compile(r"_x000[dD]_\n?")
_FIGURE = re.compile(
    r"[-+]?[0-9]+(?:[.,'’\u00a0\u202f ][0-9]+)*[\u00a0\u202f ]?%?|"
    r"[0-9]+:[0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]+)?|yes|no|true|false",
    re.IGNORECASE,
)
_UNASSIGNED = "unassigned"


class Column(Struct, frozen=True):
    """A counted column: ``A : Access`` at column 1."""

    number: int
    counted: str
    name: str


class Line(Struct, frozen=True):
    """A counted row: ``1 : Ana`` in row 1; ``below`` are further lines in the same cell."""

    number: int
    counted: str
    name: str
    below: tuple[str, ...] = ()


class Grid(Struct, frozen=True):
    """A sheet of rows and columns that NVivo counted.

    Args:
        sheet: the sheet.
        heading: the row of the headings.
        columns: the counted columns.
        lines: the counted rows.
        others: column → heading, where the heading has no letter, such as an attribute.
    """

    sheet: Sheet
    heading: int
    columns: list[Column]
    lines: list[Line]
    others: dict[int, str]

    def cells(self) -> Iterator[Cell]:
        """Give the cells below the lettered headings that are not empty, row by row."""
        for line in self.lines:
            for column in self.columns:
                cell = self.sheet.at(line.number, column.number)
                if cell is not None and cell != "":
                    yield cell


def grids(file: TableFile) -> list[Grid]:
    """Return the sheets of a file that NVivo counted."""
    return [grid for sheet in file.sheets if (grid := grid_of(sheet)) is not None]


def grid_of(sheet: Sheet) -> Grid | None:
    """Return a sheet as NVivo counted it; nothing where it is not counted."""
    for number in range(min(WITHIN, len(sheet.rows))):
        columns = _columns(sheet, number)
        if columns:
            lines = _lines(sheet, number)
            if not lines:
                return None
            lettered = {column.number for column in columns}
            others = {
                at: text_of(cell).strip()
                for at, cell in enumerate(sheet.rows[number])
                if at and at not in lettered and text_of(cell).strip()
            }
            return Grid(sheet, number, columns, lines, others)
    return None


def without_count(heading: str) -> str:
    """Return a heading without the letter or number that NVivo puts before it.

    >>> without_count("B : Waiting"), without_count("12 : Ana"), without_count("Age")
    ('Waiting', 'Ana', 'Age')
    """
    found = _LETTERED.fullmatch(heading) or _NUMBERED.fullmatch(heading)
    return (found[2] or "").strip() if found else heading


def words_of(cell: Cell) -> str:
    """Return the words of a cell, without the line feed that NVivo ends each cell with; empty if there is no more.

    >>> words_of("\\n"), words_of("one\\n\\ntwo\\n"), words_of("one_x000D_\\ntwo")
    ('', 'one\\n\\ntwo', 'one\\ntwo')
    """
    text = _LINE_END_IN_XML.sub("\n", text_of(cell)).replace("\r\n", "\n").removesuffix("\n")
    return text if text.strip() else ""


def shown(text: str, most: int = 40) -> str:
    """Return a text as it is told to people: on one line, the beginning where it is long.

    >>> shown("12 :\\nAna"), shown("one two three", 8)
    ('12 : Ana', 'one two…')
    """
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def is_figure(cell: Cell) -> bool:
    """Tell whether a cell holds what a query counts: a number, a share, a duration, yes or no.

    >>> is_figure(3), is_figure("4.31%"), is_figure("0:01:12.5"), is_figure("No"), is_figure("12\\n"), is_figure("Well")
    (True, True, True, True, False, False)
    """
    if isinstance(cell, str):
        return _FIGURE.fullmatch(cell.strip(" \t")) is not None
    return cell is not None


def is_unassigned(cell: Cell) -> bool:
    """Tell whether a cell says, in NVivo's words, that there is no value."""
    return isinstance(cell, str) and cell.strip().casefold() == _UNASSIGNED


def say_unassigned(pieces: Pieces, where: str) -> None:
    """Say that a cell was taken as empty because NVivo has “Unassigned” there."""
    pieces.found.add(
        Finding(
            "TABLE-UNASSIGNED",
            "note",
            "NVivo shows that there is no value by the word “Unassigned”; such a cell was taken as empty.",
            where,
        )
    )


def split_path(written: str) -> tuple[tuple[str, ...], CodePath]:
    """Return the folders and the names in them. Folders are parted by two backslashes, names by one.

    >>> split_path("Codes\\\\\\\\Round 1\\\\\\\\Access\\\\Waiting")
    (('Codes', 'Round 1'), ('Access', 'Waiting'))
    >>> split_path("Access")
    ((), ('Access',))
    """
    *folders, last = _BETWEEN_FOLDERS.split(written.strip())
    names = tuple(name.strip() for name in _BETWEEN_NAMES.split(last) if name.strip())
    return tuple(folder.strip() for folder in folders if folder.strip()), names


def split_source(written: str) -> tuple[str, str]:
    """Return the folder of a source, without the root that all files are in, and its name.

    >>> split_source("Files\\\\\\\\Round 1\\\\\\\\Coast\\\\\\\\Ana"), split_source("Ana")
    (('Round 1\\\\\\\\Coast', 'Ana'), ('', 'Ana'))
    """
    *folders, name = _BETWEEN_FOLDERS.split(written.strip())
    return "\\\\".join(folder.strip() for folder in folders[1:]), name.strip()


def twice(names: Iterable[str]) -> set[str]:
    """Return the names that are there more than once.

    >>> twice(["Ana", "Bo", "Ana"])
    {'Ana'}
    """
    return {name for name, times in Counter(names).items() if times > 1}


def codes_of(columns: Sequence[Column | Line], grid: Grid, pieces: Pieces) -> list[str]:
    """Return what the codes in headings are called; those of one name have their letter or number too."""
    return _told_apart(
        columns,
        "Two codes have the same name, and NVivo does not say below which code each stands; the letter or number that "
        "NVivo counts them by was added to their names.",
        grid,
        pieces,
    )


def cases_of(lines: Sequence[Line], grid: Grid, pieces: Pieces) -> list[str]:
    """Return what the cases before the rows are called; those of one name have the number of the row too."""
    return _told_apart(
        lines,
        "Two cases have the same name, and NVivo does not say in which folder each is; the number of the row was added "
        "to their names.",
        grid,
        pieces,
    )


def place_of(counted: Column | Line, grid: Grid) -> str:
    """Return where a counted heading stands, for people."""
    if isinstance(counted, Column):
        return grid.sheet.place(grid.heading, counted.number)
    return grid.sheet.place(counted.number)


def _told_apart(items: Sequence[Column | Line], said: str, grid: Grid, pieces: Pieces) -> list[str]:
    doubled = twice(item.name for item in items)
    for item in items:
        if item.name in doubled:
            pieces.odd(said, f"{place_of(item, grid)}: {item.name}", "Rename them there or here.")
    return [
        f"{item.name} ({item.counted})".strip() if item.name in doubled or not item.name else item.name
        for item in items
    ]


# --- counted grids ---------------------------------------------------------------------------------------------------


def _columns(sheet: Sheet, row: int) -> list[Column]:
    """Return the lettered columns of a row, nothing where a letter comes twice."""
    found = []
    for at, cell in enumerate(sheet.rows[row]):
        match = _LETTERED.fullmatch(cell) if at and isinstance(cell, str) else None
        if match is not None:
            found.append(Column(at, match[1], " ".join((match[2] or "").split())))
    return found if _each_once([column.counted for column in found]) else []


def _lines(sheet: Sheet, heading: int) -> list[Line]:
    """Return the numbered rows below the headings, nothing where a number comes twice."""
    found = []
    for number in range(heading + 1, len(sheet.rows)):
        match = _NUMBERED.fullmatch(words_of(sheet.at(number, 0)))
        if match is not None:
            name, *below = [line.strip() for line in (match[2] or "").strip().split("\n")]
            found.append(Line(number, match[1], name, tuple(filter(None, below))))
    return found if _each_once([line.counted for line in found]) else []


def _each_once(marks: list[str]) -> bool:
    """Tell whether marks may be a count. Rows may have been deleted or sorted since, but none has come twice."""
    return bool(marks) and len(set(marks)) == len(marks)
