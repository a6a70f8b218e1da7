"""The sheet with all of each text that its cell does not hold, in pieces that cells hold and people can read."""

from __future__ import annotations

from qdabridge.formats.spreadsheet import cell_text, look, table
from qdabridge.formats.spreadsheet.cells import CONTINUED_SHEET, Cells
from qdabridge.formats.spreadsheet.package import Package
from qdabridge.formats.spreadsheet.styles import LINK, PLAIN, Style
from qdabridge.formats.spreadsheet.table import TableColumn

_COLUMNS = [TableColumn("Row", 24), TableColumn("Column", 36), TableColumn("Part", 10), TableColumn("Text", 110)]
_LINK = Style(ink=LINK, underlined=True)
_LONGEST_NAME = 255


def write_continued(package: Package, cells: Cells) -> None:
    """Write the sheet, if there is anything to be on it; each piece leads back to its cell and on to its quotes."""
    continued = cells.continued
    if not continued:
        return
    rows = sum(len(each.pieces) for each in continued)
    with package.sheet(CONTINUED_SHEET, table.setup(_COLUMNS, rows)) as sheet:
        table.write_headings(sheet, CONTINUED_SHEET, _COLUMNS, cells)
        line = 1
        for at, pieces in continued:
            for number, piece in enumerate(pieces, 1):
                line += 1
                column = ", ".join(filter(None, (at.column, at.part)))
                texts = _short(at.row), _short(column), f"{number} of {len(pieces)}", piece
                height = look.height((text, each.width) for text, each in zip(texts, _COLUMNS, strict=True))
                looks = _LINK, PLAIN, _LINK if at.quotes else PLAIN, PLAIN
                written = [cells.said(text, style) for text, style in zip(texts, looks, strict=True)]
                sheet.row(line, written, height=min(height, look.TALLEST))
                sheet.link(f"A{line}", at.place)
                if at.quotes:
                    sheet.link(f"C{line}", at.quotes)


def _short(text: str) -> str:
    shown = cell_text.presentable(text)[0]
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[:_LONGEST_NAME]}…"
