"""NVivo's codebook: a row for each code with its folder, path and description, and perhaps how much is coded with it.

Seen in a real workbook: the sheet ``Codebook``, the headings ``Folder``, ``Name``, ``Description``, folders parted by
two backslashes and codes by one. The Word form, a table for each folder without that column, was not seen.
"""

from __future__ import annotations

import re

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _nvivo as nvivo
from qdabridge.formats.spreadsheet.pieces import CodePath, CodeRow, Pieces
from qdabridge.formats.spreadsheet.sheets import Sheet, TableFile, text_of
from qdabridge.formats.spreadsheet.sheets.columns import Headed, headed

_KNOWN = {
    "folder": ("Folder", "Ordner", "Folder kodów", "Pasta", "Carpeta", "Dossier"),
    "name": ("Name", "Nazwa", "Nome", "Nombre", "Nom"),
    "description": ("Description", "Beschreibung", "Opis", "Descrição", "Descripción"),
    "files": ("Files", "Sources", "Dateien", "Quellen", "Pliki", "Arquivos", "Fontes", "Archivos", "Recursos",
              "Fichiers"),
    "references": ("References", "Referenzen", "Verweise", "Odwołania", "Referências", "Referencias", "Références"),
    "color": ("Color", "Colour", "Farbe", "Kolor", "Cor", "Couleur"),
}  # fmt: skip
_COLOR = re.compile("#[0-9A-Fa-f]{6}")
_SHEET = "codebook"
_COLUMNS = 3
_ROWS_LOOKED_AT = 500
_NAMES = "\\"
_ROOT = re.compile(r"[^\\]+(?:\\\\[^\\]+)*")


def _recognises(file: TableFile) -> Seen:
    table = next(iter(_by_headings(file)), None)
    if table is not None:
        cells = table.sheet.rows[table.row]
        there = [text_of(cells[at]).strip() for name, at in sorted(table.columns.items(), key=lambda pair: pair[1])]
        return Seen(0.95 if "folder" in table.columns else 0.8, f"the headings {', '.join(there)}")
    if _by_shape(file):
        return Seen(0.6, "folders in the first column, paths of codes parted by backslashes in the second")
    return NOTHING


def _read(file: TableFile) -> Pieces:
    tables = _by_headings(file) or _by_shape(file)
    if not tables:
        raise does_not_fit(LAYOUT, file)
    pieces = Pieces()
    rows = [row for table in tables for row in _rows(table, pieces)]
    homes: dict[CodePath, set[str]] = {}
    for row, folder in rows:
        homes.setdefault(row.path, set()).add(folder)
    for row, folder in rows:
        if len(homes[row.path]) > 1 and folder:
            pieces.odd(
                "Codes in different folders have the same name; the folder was put above the code as one that nothing "
                "is coded with.",
                f"{row.at}: {_NAMES.join(row.path)}",
            )
            pieces.codes.append(CodeRow(at=row.at, path=(folder,), is_codable=False))
            row.path = (folder, *row.path)
        elif folder:
            row.groups = (folder,)
        pieces.codes.append(row)
    _say_what_is_lost(tables, pieces)
    return pieces


def _rows(table: Headed, pieces: Pieces) -> list[tuple[CodeRow, str]]:
    """Return the codes of a table, each with its folder below the root of all codes."""
    rows = []
    for record in table.records():
        folders, path = nvivo.split_path(record.text("name"))
        if not path:
            pieces.lost("A row without the name of a code was left out.", record.at)
            continue
        folder, _ = nvivo.split_source(f"{record.text('folder')}\\\\") if record.text("folder") else ("", "")
        color = record.text("color")
        row = CodeRow(
            at=record.at,
            path=path,
            description=nvivo.words_of(record.cell("description")).strip(),
            color=color if _COLOR.fullmatch(color) else "",
        )
        rows.append((row, folder or "\\\\".join(folders[1:])))
    return rows


def _say_what_is_lost(tables: list[Headed], pieces: Pieces) -> None:
    for table in tables:
        where = table.sheet.place(table.row)
        if table.columns.keys() & {"files", "references"}:
            pieces.lost(
                "How many files and passages are coded with each code is not carried; it is counted from the passages.",
                where,
            )
        for heading in table.others:
            pieces.lost("A column of the codebook is not carried.", f"{where}: {heading}")
    if "folder" not in tables[0].columns and not any(len(row.path) > 1 for row in pieces.codes):
        pieces.odd(
            "No code stands below another here. In Word, NVivo shows that by indents, which a table does not have.",
            tables[0].sheet.name,
            "If there are codes below others, export the codebook as Excel.",
        )


# --- knowing one -----------------------------------------------------------------------------------------------------


def _by_headings(file: TableFile) -> list[Headed]:
    tables = [headed(sheet, _KNOWN, ["folder", "name", "description"]) for sheet in file.sheets]
    if not any(tables):
        tables = [headed(sheet, _KNOWN, ["name", "description", "references"]) for sheet in file.sheets]
    return [table for table in tables if table is not None]


def _by_shape(file: TableFile) -> list[Headed]:
    """Return the tables that look like a codebook under headings of another language."""
    return [
        Headed(sheet, 0, {"folder": 0, "name": 1, "description": 2}, {}) for sheet in file.sheets if _has_shape(sheet)
    ]


def _has_shape(sheet: Sheet) -> bool:
    if not sheet.rows or len(sheet.rows[0]) != _COLUMNS:
        return False
    first = sheet.rows[:_ROWS_LOOKED_AT]
    rows = [[text_of(cell).strip() for cell in row[:2]] for row in first[1:] if len(row) > 1]
    if not rows or not all(isinstance(cell, str) for row in first for cell in row[:2]):
        return False
    roots = {folder.split("\\\\")[0] for folder, _ in rows}
    has_paths = any("\\" in name or "\\\\" in folder for folder, name in rows)
    return (
        len(roots) == 1
        and all(_ROOT.fullmatch(folder) and name for folder, name in rows)
        and (has_paths or sheet.name.casefold() == _SHEET)
    )


LAYOUT = Layout(
    name="nvivo-codebook",
    title="codebook",
    program="NVivo",
    looks_for="the headings Folder, Name and Description, or such columns in another language",
    gives="codes with descriptions, folders of codes as sets",
    evidence="a real workbook; the columns with counts and the Word form as described",
    recognises=_recognises,
    read=_read,
)
