"""NVivo's framework matrix: cases down, codes across, both counted, a summary in each cell.

Seen in an export of NVivo 12: one sheet, ``A : Access`` over the columns, ``1 : Ana`` before the rows, a line feed at
the end of every cell and nothing else in an empty one, names without what is above them. How row header attributes come
out was not seen; they are read below the name in the row's header and as columns of their own.
"""

from __future__ import annotations

import re

from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _nvivo as nvivo
from qdabridge.formats.spreadsheet.layouts._nvivo import Grid, Line
from qdabridge.formats.spreadsheet.pieces import CaseRow, Charted, CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import Cell, TableFile, text_of

_LONGEST_VALUE = 120
_SIGN = re.compile("([=:])")


def _recognises(file: TableFile) -> Seen:
    fitting = [grid for grid in nvivo.grids(file) if _has_words(grid)]
    if not fitting:
        return NOTHING
    first = fitting[0]
    heading = text_of(first.sheet.at(first.heading, first.columns[0].number))
    row = text_of(first.sheet.at(first.lines[0].number, 0)).strip().split("\n")[0]
    seen = (
        f"rows and columns that NVivo counted (“{nvivo.shown(heading)}”, “{nvivo.shown(row)}”) and words in the cells"
    )
    # A sheet of values is counted in the same way, but no cell of it ends with a line feed.
    return Seen(0.9 if _has_ends(first) else 0.7, seen)


def _read(file: TableFile) -> Pieces:
    found = nvivo.grids(file)
    if not found:
        raise does_not_fit(LAYOUT, file)
    pieces = Pieces()
    for sheet in file.sheets:
        grid = next((grid for grid in found if grid.sheet is sheet), None)
        if grid is not None:
            _read_grid(grid, pieces)
        elif sheet.rows:
            pieces.lost("A sheet that is no framework matrix was left out.", sheet.name)
    return pieces


def _read_grid(grid: Grid, pieces: Pieces) -> None:
    codes = nvivo.codes_of(grid.columns, grid, pieces)
    for column, code in zip(grid.columns, codes, strict=True):
        pieces.codes.append(CodeRow(at=nvivo.place_of(column, grid), path=(code,)))
    pieces.attributes += [name for name in grid.others.values() if name not in pieces.attributes]
    for line, case in zip(grid.lines, nvivo.cases_of(grid.lines, grid, pieces), strict=True):
        pieces.cases.append(_case(case, line, grid, pieces))
        for column, code in zip(grid.columns, codes, strict=True):
            if text := nvivo.words_of(grid.sheet.at(line.number, column.number)):
                at = grid.sheet.place(line.number, column.number)
                pieces.charted.append(Charted(at=at, case=case, code=(code,), text=text))
    _say_what_is_not_counted(grid, pieces)


def _case(name: str, line: Line, grid: Grid, pieces: Pieces) -> CaseRow:
    """Return a case with the values in its header and in the columns that have no letter."""
    values: dict[str, Cell] = {}
    remarks = []
    for below in line.below:
        attribute, sign, value = _SIGN.split(below, 1) if _SIGN.search(below) else (below, "", "")
        if sign and attribute.strip():
            _put(values, attribute.strip(), value.strip(), grid.sheet.place(line.number, 0), pieces)
            continue
        remarks.append(below)
        pieces.odd(
            "The header of a row has words below the name that are no attribute; they became the description of the "
            "case.",
            f"{grid.sheet.place(line.number, 0)}: {nvivo.shown(below)}",
        )
    for at, attribute in grid.others.items():
        cell = grid.sheet.at(line.number, at)
        # Numbers and dates stay what they are; words lose the line feed that all cells end with.
        said = nvivo.words_of(cell).strip() if isinstance(cell, str) else cell
        _put(values, attribute, said, grid.sheet.place(line.number, at), pieces)
    return CaseRow(at=grid.sheet.place(line.number), name=name, values=values, description="\n".join(remarks))


def _put(values: dict[str, Cell], attribute: str, value: Cell, at: str, pieces: Pieces) -> None:
    if value is None or value == "":
        return
    if nvivo.is_unassigned(value):
        nvivo.say_unassigned(pieces, at)
    elif (before := values.setdefault(attribute, value)) != value:
        pieces.found.add(
            Finding(
                "TABLE-TWO-VALUES",
                "warning",
                "A case has two values of one attribute; the first was taken.",
                f"{at}: {attribute}, “{text_of(before)}” and “{text_of(value)}”",
                "Give each case one row, or one value.",
                kind="loss",
            )
        )


def _say_what_is_not_counted(grid: Grid, pieces: Pieces) -> None:
    lines = {line.number for line in grid.lines}
    columns = {0, *(column.number for column in grid.columns), *grid.others}
    for number, row in enumerate(grid.sheet.rows):
        if number != grid.heading and number not in lines and any(map(nvivo.words_of, row)):
            pieces.lost("A row without a number was left out.", grid.sheet.place(number))
        elif number in lines and any(nvivo.words_of(cell) for at, cell in enumerate(row) if at not in columns):
            pieces.lost("A cell below no heading was left out.", grid.sheet.place(number))


def _has_words(grid: Grid) -> bool:
    """Tell whether the cells are summaries, be they all empty, rather than figures."""
    cells = list(grid.cells())
    return not cells or any(not nvivo.is_figure(cell) for cell in cells)


def _has_ends(grid: Grid) -> bool:
    """Tell whether cells end as those of a framework matrix do, or hold more than a value can be."""
    return any(isinstance(cell, str) and (cell.endswith("\n") or len(cell) > _LONGEST_VALUE) for cell in grid.cells())


LAYOUT = Layout(
    name="nvivo-matrix",
    title="framework matrix",
    program="NVivo",
    looks_for="rows and columns that are counted (“A : Access”, “1 : Ana”) and words in the cells",
    gives="cases with row header attributes, codes, summaries",
    evidence="a real export of NVivo 12 without row header attributes; these are read in both places where they may be",
    recognises=_recognises,
    read=_read,
)
