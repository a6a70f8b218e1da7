"""ATLAS.ti's codebook: code, comment, and a column for each code group, by their places and in any language.

Seen in real files: ``Code;Comment;Code Group 1;Code Group 2`` and the same in Portuguese below a title line. ATLAS.ti
takes in what it gives out.
"""

from __future__ import annotations

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _atlasti as atlasti
from qdabridge.formats.spreadsheet.pieces import CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import Row, Sheet, TableFile, text_of

_LONGEST_NAME = 300


def _recognises(file: TableFile) -> Seen:
    if atlasti.has_quotations(file):
        return NOTHING
    best = NOTHING
    for sheet in file.sheets:
        found = atlasti.codebook_row(sheet)
        if found is not None and found[1] > best.score and _has_names(sheet, found[0]):
            headings = " and ".join(text_of(cell).strip() for cell in sheet.rows[found[0]][:3:2] or ())
            best = Seen(found[1], f"a code, its comment and its groups in columns ({headings})")
    return best


def _read(file: TableFile) -> Pieces:
    pieces = Pieces()
    read = False
    for sheet in file.sheets:
        found = atlasti.codebook_row(sheet)
        row = found[0] if found is not None else _first_row_of_two(sheet)
        if row is not None and _has_names(sheet, row):
            _read_sheet(sheet, row, pieces)
            read = True
        elif sheet.rows:
            pieces.lost("A sheet that is no codebook was left out.", sheet.name)
    if not read:
        raise does_not_fit(LAYOUT, file)
    return pieces


def _read_sheet(sheet: Sheet, headings: int, pieces: Pieces) -> None:
    for number in range(headings + 1, len(sheet.rows)):
        row = sheet.rows[number]
        name = atlasti.code_name(row[0]) if row else ""
        if not name:
            if any(text_of(cell).strip() for cell in row):
                pieces.lost("A row without a code in its first column was left out.", sheet.place(number))
            continue
        groups = (" ".join(text_of(cell).split()) for cell in row[2:])
        pieces.codes.append(
            CodeRow(
                at=sheet.place(number),
                path=atlasti.path_of(name, pieces, sheet.place(number)),
                description=text_of(sheet.at(number, 1)).strip(),
                groups=tuple(dict.fromkeys(filter(None, groups))),
            )
        )


def _first_row_of_two(sheet: Sheet) -> int | None:
    """Return the first row with headings over both columns, for a table that somebody says is a codebook."""
    return next((number for number, row in enumerate(sheet.rows) if _is_heading(row)), None)


def _is_heading(row: Row) -> bool:
    return len(row) > 1 and all(isinstance(cell, str) and cell.strip() for cell in row[:2])


def _has_names(sheet: Sheet, headings: int) -> bool:
    """Tell whether the first column has names below its heading: short, and not all numbers."""
    names = [row[0] for row in sheet.rows[headings + 1 :] if row and text_of(row[0]).strip()]
    return any(isinstance(name, str) for name in names) and all(len(text_of(name)) <= _LONGEST_NAME for name in names)


LAYOUT = Layout(
    name="atlasti-codebook",
    title="codebook",
    program="ATLAS.ti",
    looks_for="a code, its comment, and code groups that are counted (“Code Group 1”), in this order, in any language",
    gives="codes with comments and code groups",
    evidence="real files in English and Portuguese",
    recognises=_recognises,
    read=_read,
)
