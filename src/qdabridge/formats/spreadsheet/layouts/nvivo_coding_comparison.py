"""NVivo's coding comparison: kappa and agreement for each code and source.

There are no passages in it, only how far two groups of coders agree. Evidence: NVivo's help pages; translated headings
are known by their figures, of which two pairs make a third and the two sums a hundred.
"""

from __future__ import annotations

import re

from qdabridge.formats.spreadsheet.layouts import NOTHING, Layout, Seen, does_not_fit
from qdabridge.formats.spreadsheet.layouts import _nvivo as nvivo
from qdabridge.formats.spreadsheet.pieces import CodeRow, Pieces, SourceRow
from qdabridge.formats.spreadsheet.sheets import Cell, Row, Sheet, TableFile, text_of
from qdabridge.formats.spreadsheet.sheets.columns import WITHIN, Headed, headed

_KNOWN = {
    "code": ("Code", "Node", "Knoten"),
    "source": ("File", "Source", "Datei", "Quelle", "File Name"),
    "folder": ("File Folder", "Source Folder", "Folder"),
    "size": ("File Size", "Source Size", "Size"),
    "kappa": ("Kappa", "Kappa Coefficient"),
    "agreement": ("Agreement (%)", "Agreement"),
    "both": ("A and B (%)", "A and B"),
    "neither": ("Not A and Not B (%)", "Not A and Not B"),
    "disagreement": ("Disagreement (%)", "Disagreement"),
    "only a": ("A and Not B (%)", "A and Not B"),
    "only b": ("B and Not A (%)", "B and Not A", "Not A and B (%)", "Not A and B"),
}
_FIGURES = ("agreement", "both", "neither", "disagreement", "only a", "only b")
_NUMBER = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*%?")
_ROUNDING = 0.0011
_ROWS_LOOKED_AT = 5


def _recognises(file: TableFile) -> Seen:
    if _by_headings(file):
        return Seen(0.95, "the headings Kappa and Agreement, with codes and sources")
    if _by_figures(file):
        return Seen(0.65, "codes, sources, and six shares that make a hundred as those of a comparison do")
    return NOTHING


def _read(file: TableFile) -> Pieces:
    tables = _by_headings(file) or _by_figures(file)
    if not tables:
        raise does_not_fit(LAYOUT, file)
    pieces = Pieces()
    for table in tables:
        for record in table.records():
            _, path = nvivo.split_path(record.text("code"))
            folder, source = nvivo.split_source(record.text("source"))
            if not path or not source:
                pieces.lost("A row without a code and a source was left out.", record.at)
                continue
            if written := record.text("folder"):
                folder, _ = nvivo.split_source(f"{written}\\\\")
            pieces.codes.append(CodeRow(at=record.at, path=path))
            pieces.sources.append(SourceRow(at=record.at, name=source, folder=folder))
        pieces.lost(
            "Kappa and agreement are not carried; they are measured from the passages.",
            table.sheet.place(table.row),
            "Export the project as REFI-QDA (.qdpx) from NVivo, and let qdabridge agree measure it.",
        )
    pieces.codes = list({row.path: row for row in reversed(pieces.codes)}.values())[::-1]
    pieces.sources = list({row.name: row for row in reversed(pieces.sources)}.values())[::-1]
    return pieces


def _by_headings(file: TableFile) -> list[Headed]:
    tables = (headed(sheet, _KNOWN, ("code", "source", "kappa", "agreement")) for sheet in file.sheets)
    return [table for table in tables if table is not None]


def _by_figures(file: TableFile) -> list[Headed]:
    return [table for sheet in file.sheets if (table := _of_figures(sheet)) is not None]


def _of_figures(sheet: Sheet) -> Headed | None:
    """Return a table whose headings are not known, by six columns in NVivo's order that add up."""
    for heading in range(min(WITHIN, len(sheet.rows))):
        rows = [row for row in sheet.rows[heading + 1 : heading + 1 + _ROWS_LOOKED_AT] if row]
        width = len(sheet.rows[heading])
        if not rows or width < len(_FIGURES) + 2:
            continue
        for first in range(2, width - len(_FIGURES) + 1):
            if all(_adds_up(row[first : first + len(_FIGURES)]) for row in rows):
                columns = {"code": 0, "source": 1} | {name: first + at for at, name in enumerate(_FIGURES)}
                if any("\\\\" in text_of(row[2]) for row in rows) or (first > 3 and isinstance(rows[0][2], str)):
                    columns["folder"] = 2
                return Headed(sheet, heading, columns, {})
    return None


def _adds_up(cells: Row) -> bool:
    numbers = [number for cell in cells if (number := _number(cell)) is not None]
    if len(numbers) < len(_FIGURES):
        return False
    agreement, both, neither, disagreement, only_a, only_b = numbers
    whole = 100.0 if agreement + disagreement > 2 else 1.0
    return (
        abs(agreement + disagreement - whole) <= _ROUNDING * whole
        and abs(both + neither - agreement) <= _ROUNDING * whole
        and abs(only_a + only_b - disagreement) <= _ROUNDING * whole
    )


def _number(cell: Cell) -> float | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    match = _NUMBER.fullmatch(cell.strip()) if isinstance(cell, str) else None
    return float(match[1].replace(",", ".")) if match else None


LAYOUT = Layout(
    name="nvivo-coding-comparison",
    title="coding comparison",
    program="NVivo",
    looks_for="the headings Kappa and Agreement (%) beside codes and sources, or shares that add up like them",
    gives="codes, sources in folders",
    evidence="NVivo's help pages; no real export was seen",
    recognises=_recognises,
    read=_read,
)
