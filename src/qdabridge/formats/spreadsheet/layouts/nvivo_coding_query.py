"""NVivo's matrix coding query and crosstab: figures where rows and columns meet, both counted as in a framework matrix.

The export does not say what is counted, nor what the rows and columns are. Evidence: real exports as Excel and CSV.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _nvivo as nvivo
from qdabridge.formats.spreadsheet.layouts._nvivo import Column, Grid, Line
from qdabridge.formats.spreadsheet.pieces import CaseRow, CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import TableFile

_COMPARED = re.compile(r"\S\s?[=<>≠]{1,2}\s?\S")


def _recognises(file: TableFile) -> Seen:
    fitting = [grid for grid in nvivo.grids(file) if _has_figures(grid)]
    if not fitting:
        return NOTHING
    return Seen(0.9, "rows and columns that NVivo counted (“A : …”, “1 : …”) and nothing but figures in the cells")


def _read(file: TableFile) -> Pieces:
    found = nvivo.grids(file)
    if not found:
        raise does_not_fit(LAYOUT, file)
    pieces = Pieces()
    for grid in found:
        _read_grid(grid, pieces)
    pieces.lost(
        "The table says how much is coded and not what; its figures are not carried.",
        found[0].sheet.name or file.path.name,
        "If the passages matter, export the project as REFI-QDA (.qdpx) from NVivo.",
    )
    return pieces


def _read_grid(grid: Grid, pieces: Pieces) -> None:
    columns_are_values, rows_are_values = _are_values(grid.columns), _are_values(grid.lines)
    same = {column.name for column in grid.columns} & {line.name for line in grid.lines}
    if columns_are_values or rows_are_values:
        for each in [*(grid.columns if columns_are_values else ()), *(grid.lines if rows_are_values else ())]:
            pieces.lost(
                "A row or column is a value of an attribute, and the table does not say whose.",
                f"{nvivo.place_of(each, grid)}: {each.name}",
            )
    else:
        rows = "codes, as some of them are columns too" if same else "cases"
        pieces.odd(
            f"The table does not say what its rows and columns are; the columns were taken as codes and the rows as "
            f"{rows}.",
            grid.sheet.name or grid.sheet.place(grid.heading),
        )
    if not columns_are_values:
        _take_codes(grid.columns, grid, pieces)
    # Beside values stand codes, whichever way the query was turned.
    if not rows_are_values and (columns_are_values or same):
        _take_codes(grid.lines, grid, pieces)
    elif not rows_are_values:
        names = nvivo.cases_of(grid.lines, grid, pieces)
        for line, name in zip(grid.lines, names, strict=True):
            pieces.cases.append(CaseRow(at=nvivo.place_of(line, grid), name=name))


def _take_codes(counted: Sequence[Column | Line], grid: Grid, pieces: Pieces) -> None:
    for each, name in zip(counted, nvivo.codes_of(counted, grid, pieces), strict=True):
        pieces.codes.append(CodeRow(at=nvivo.place_of(each, grid), path=(name,)))


def _are_values(counted: Sequence[Column | Line]) -> bool:
    """Tell whether rows or columns are such as “Person:Group = Staff” or “Age > 50”."""
    return all(_COMPARED.search(each.name) for each in counted)


def _has_figures(grid: Grid) -> bool:
    cells = [cell for cell in grid.cells() if not (isinstance(cell, str) and not cell.strip())]
    return bool(cells) and all(map(nvivo.is_figure, cells))


LAYOUT = Layout(
    name="nvivo-coding-query",
    title="matrix coding query",
    program="NVivo",
    looks_for="rows and columns that are counted (“A : Access”, “1 : Ana”) and figures in the cells",
    gives="codes, cases",
    evidence="real exports as Excel and CSV; crosstabs as NVivo's help tells of them",
    recognises=_recognises,
    read=_read,
)
