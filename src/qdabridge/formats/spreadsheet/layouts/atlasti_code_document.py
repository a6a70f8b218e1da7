"""ATLAS.ti's table of codes and documents: figures where they meet, ``Gr=`` and ``GS=`` below the names, totals around.

It says how often and neither where nor by whom, so that a study gets the codes and the documents. The table of codes
that occur together looks the same with codes on both sides; it is refused, with the reason. Evidence: a real table of
co-occurrence; how ATLAS.ti's manual shows that of documents.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, beginning, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _atlasti as atlasti
from qdabridge.formats.spreadsheet.pieces import CodeRow, Pieces, SourceRow
from qdabridge.formats.spreadsheet.sheets import Cell, Sheet, TableFile
from qdabridge.formats.spreadsheet.sheets.columns import WITHIN, folded

_TOTALS = frozenset({"total", "totals", "totais", "totales", "summe", "summen", "gesamt", "totaux", "sum"})
_CO_OCCURRENCE = ("co-occurrence", "cooccurrence", "coocorrência", "coocurrencia", "kookkurrenz")
_ENOUGH = 0.5


class _Side(Struct, frozen=True):
    """The names along one side of a table, each with its place; totals are left out."""

    cells: list[tuple[str, Cell]]

    def share_with_figures(self) -> float:
        """Return how many of the names have ``Gr=`` or ``GS=`` behind them, of 1."""
        return _share(bool(atlasti.figures(cell)) for _, cell in self.cells)

    def share_with_bullets(self) -> float:
        """Return how many of the names have the bullet of a code before them, of 1."""
        return _share(atlasti.has_bullet(cell) for _, cell in self.cells)

    def share_with_numbers(self) -> float:
        """Return how many of the names have the number of a document before them, of 1."""
        return _share(atlasti.document_name(cell) != atlasti.code_name(cell) for _, cell in self.cells)

    def names(self) -> set[str]:
        """Return the names without what stands around them."""
        return {folded(atlasti.code_name(cell)) for _, cell in self.cells}


class _Grid(Struct, frozen=True):
    """The names to the left and above the figures of one sheet."""

    sheet: Sheet
    left: _Side
    above: _Side

    def is_co_occurrence(self) -> bool:
        """Tell whether codes stand on both sides."""
        said = any(word in self.sheet.name.casefold() for word in _CO_OCCURRENCE)
        bullets = min(self.left.share_with_bullets(), self.above.share_with_bullets()) >= _ENOUGH
        both = self.left.names() & self.above.names()
        return said or bullets or len(both) >= max(2, _ENOUGH * min(len(self.left.cells), len(self.above.cells)))


def _recognises(file: TableFile) -> Seen:
    found = _grids(beginning(file))
    if not found:
        return NOTHING
    what = "codes on both sides" if found[0].is_co_occurrence() else "codes on one side and documents on the other"
    return Seen(0.88, f"names with “Gr=” or “GS=” behind them, {what}")


def _read(file: TableFile) -> Pieces:
    found = _grids(file)
    if not found:
        raise does_not_fit(LAYOUT, file)
    together = next((grid for grid in found if grid.is_co_occurrence()), None)
    if together is not None:
        raise CannotRead(
            "This is ATLAS.ti's table of codes that occur together, which says how often they do and neither in which "
            "quotations nor in which documents, so that no study can be made of it.",
            where=f"{file.path}: {together.sheet.name}" if together.sheet.name else str(file.path),
            todo="Export the quotations (Quotation Manager, export to Excel) and convert that; qdabridge matrix counts "
            "codes in cases again.",
        )
    pieces = Pieces()
    for sheet in file.sheets:
        grid = next((grid for grid in found if grid.sheet is sheet), None)
        if grid is not None:
            _read_grid(grid, pieces)
        elif sheet.rows:
            pieces.lost("A sheet that is no table of codes and documents was left out.", sheet.name)
    return pieces


def _read_grid(grid: _Grid, pieces: Pieces) -> None:
    codes, documents = _codes_and_documents(grid, pieces)
    for at, cell in codes.cells:
        name = atlasti.code_name(cell)
        if "gs" in atlasti.figures(cell):
            pieces.lost("A group of codes is named without the codes in it, and was left out.", f"{at}: {name}")
        elif name:
            pieces.codes.append(CodeRow(at=at, path=atlasti.path_of(name, pieces, at)))
    for at, cell in documents.cells:
        name = atlasti.document_name(cell)
        if "gs" in atlasti.figures(cell):
            pieces.lost("A group of documents is named without the documents in it, and was left out.", f"{at}: {name}")
        elif name:
            pieces.sources.append(SourceRow(at=at, name=name))
    pieces.lost(
        "The table says how often a code is in a document and not where; its figures are not carried.",
        grid.sheet.name or "the table",
        "If the passages matter, export the quotations, or the project as REFI-QDA (.qdpx), from ATLAS.ti.",
    )


def _codes_and_documents(grid: _Grid, pieces: Pieces) -> tuple[_Side, _Side]:
    """Return which side has the codes, by their bullets, or by the numbers of documents, or as ATLAS.ti begins with."""
    left, above = grid.left, grid.above
    bullets = left.share_with_bullets() - above.share_with_bullets()
    numbers = above.share_with_numbers() - left.share_with_numbers()
    if not bullets and not numbers:
        pieces.odd(
            "Nothing tells on which side the codes are; the rows were taken as codes and the columns as documents.",
            grid.sheet.name or "the table",
        )
    return (above, left) if (bullets or numbers) < 0 else (left, above)


def _grids(file: TableFile) -> list[_Grid]:
    return [grid for sheet in file.sheets if (grid := _grid(sheet)) is not None]


def _grid(sheet: Sheet) -> _Grid | None:
    """Return the names around the figures, where enough of those on one side have figures behind them."""
    for number, row in enumerate(sheet.rows[:WITHIN]):
        above = _side((sheet.place(number, at), cell) for at, cell in enumerate(row) if at)
        if not above.cells:
            continue
        below = range(number + 1, len(sheet.rows))
        left = _side((sheet.place(at, 0), sheet.at(at, 0)) for at in below)
        sides = [side for side in (left, above) if side.share_with_figures() >= _ENOUGH]
        return _Grid(sheet, left, above) if left.cells and sides else None
    return None


def _side(cells: Iterable[tuple[str, Cell]]) -> _Side:
    return _Side(
        [(at, cell) for at, cell in cells if isinstance(cell, str) and cell.strip() and folded(cell) not in _TOTALS]
    )


def _share(marks: Iterable[bool]) -> float:
    found = list(marks)
    return sum(found) / len(found) if found else 0.0


LAYOUT = Layout(
    name="atlasti-code-document",
    title="table of codes and documents",
    program="ATLAS.ti",
    looks_for="“Gr=” or “GS=” behind the names of codes and documents, and figures where they meet",
    gives="codes, sources",
    evidence="a real table of co-occurrence, which is refused with the reason; of documents as the manual shows it",
    recognises=_recognises,
    read=_read,
)
