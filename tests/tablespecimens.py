"""Specimens of tables as their programs write them, opened and read in a word or two."""

from __future__ import annotations

from pathlib import Path

from fixtures.layouts.make import SPECIMENS
from qdabridge.formats.spreadsheet.layouts import layouts
from qdabridge.formats.spreadsheet.pieces import Pieces
from qdabridge.formats.spreadsheet.sheets import TableFile, open_table


def of_program(program: str) -> list[str]:
    """Return the names of the specimens of a program, such as ``nvivo``."""
    return [name for name in SPECIMENS if name.startswith(f"{program}-")]


def specimen(name: str, folder: Path) -> Path:
    """Write a specimen and return where it is."""
    path = folder / name
    path.write_bytes(SPECIMENS[name]())
    return path


def opened(name: str, folder: Path) -> TableFile:
    return open_table(specimen(name, folder))


def pieces(name: str, folder: Path) -> Pieces:
    """Return what the layout that a specimen is named after reads from it."""
    return layouts()[name.split(".")[0]].read(opened(name, folder))


def told(pieces: Pieces) -> list[tuple[str, int]]:
    """Return the findings of reading: code and how many times."""
    return [(finding.code, finding.count) for finding in pieces.found.all()]
