"""Tables of figures on sheets of their own, shaded so that the eye finds where to look.

It knows what figures look like, and nothing of what they measure.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from qdabridge.formats.spreadsheet import look, table
from qdabridge.formats.spreadsheet.cells import At, Cells
from qdabridge.formats.spreadsheet.package import Package, quoted_name
from qdabridge.formats.spreadsheet.sheet import letters
from qdabridge.formats.spreadsheet.styles import PLAIN, QUIET, Style
from qdabridge.formats.spreadsheet.table import TableColumn

ColumnKind: TypeAlias = Literal["name", "text", "count", "figure", "percent"]
Shade: TypeAlias = Literal["none", "graded", "heat"]
FigureValue: TypeAlias = str | int | float | None

_STYLES: dict[ColumnKind, Style] = {
    "name": Style(bold=True),
    "text": PLAIN,
    "count": Style(to_the_right=True, number_format="#,##0"),
    "figure": Style(across=True, number_format="0.000"),
    "percent": Style(across=True, number_format="0.00"),
}
_UNDEFINED = Style(ink=QUIET, across=True)
_TEXT_KINDS = ("name", "text")


class FigureColumn(NamedTuple):
    """A column of a table of figures.

    Args:
        heading: over it.
        kind: what it holds; a text in a column of numbers says why there is none.
        shade: ``graded`` for figures from 0 to 1 where more is better, ``heat`` for numbers that are darker the
            greater they are.
        width: in characters; texts without one are as wide as they need.
    """

    heading: str
    kind: ColumnKind
    shade: Shade = "none"
    width: float = 0


class FigureTable(Struct, frozen=True):
    """A table of figures.

    Args:
        sheet: the name of its sheet.
        about: what it is, for the list of sheets; counted: how much of it there is.
        columns, rows: what it holds; ``None`` for an empty cell.
        frozen: how many columns stay in sight.
        color: of the tab.
    """

    sheet: str
    about: str
    counted: str
    columns: tuple[FigureColumn, ...]
    rows: tuple[tuple[FigureValue, ...], ...]
    frozen: int = 1
    color: str = "8A97A6"


def write_table(package: Package, cells: Cells, of: FigureTable) -> None:
    """Write a table on its sheet."""
    columns = [TableColumn(each.heading, _width(of, number)) for number, each in enumerate(of.columns)]
    setup = table.setup(columns, len(of.rows), frozen=of.frozen, color=of.color)
    if of.rows:
        graded = [_range(of, number) for number, each in enumerate(of.columns) if each.shade == "graded"]
        heat = [_range(of, number) for number, each in enumerate(of.columns) if each.shade == "heat"]
        setup = replace(setup, graded=" ".join(graded), heat=tuple(heat))
    begin = quoted_name(of.sheet)
    with package.sheet(of.sheet, setup) as sheet:
        table.write_headings(sheet, of.sheet, columns, cells)
        for number, row in enumerate(of.rows, 2):
            at = At(str(row[0] or ""), of.sheet, f"{begin}!A{number}")
            written = [_cell(cells, value, column.kind, at) for value, column in zip(row, of.columns, strict=True)]
            texts = [
                (value, column.width)
                for value, column, kind in zip(row, columns, (each.kind for each in of.columns), strict=True)
                if isinstance(value, str) and kind in _TEXT_KINDS
            ]
            sheet.row(number, written, height=min(look.height(texts), look.TALLEST))


def _cell(cells: Cells, value: FigureValue, kind: ColumnKind, at: At) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return cells.text(value, _STYLES[kind] if kind in _TEXT_KINDS else _UNDEFINED, at)
    return cells.number(value, _STYLES[kind])


def _width(of: FigureTable, number: int) -> float:
    column = of.columns[number]
    if column.width:
        return column.width
    if column.kind in _TEXT_KINDS:
        texts = (str(row[number] or "") for row in of.rows)
        return look.text_width((text + text[::8] for text in texts), column.heading, least=12, most=44)
    return look.text_width((), column.heading, least=11, most=15)


def _range(of: FigureTable, number: int) -> str:
    letter = letters(number)
    return f"{letter}2:{letter}{len(of.rows) + 1}"
