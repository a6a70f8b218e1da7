"""The layouts in which tables come: one small file a layout, found by being here.

A layout says how to know its tables and how to read them into pieces (``pieces``). It is given rows and knows neither
files nor the model. ``docs/spreadsheets.md`` has a table made from these files (``layout_table``).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from qdabridge.errors import BadRequest, CannotRead
from qdabridge.formats.spreadsheet.pieces import Pieces
from qdabridge.formats.spreadsheet.sheets import Sheet, TableFile


class Seen(Struct, frozen=True):
    """How well a table fits a layout.

    Args:
        score: 0 not at all; up to 0.4 by a general shape that many tables have; up to 0.7 by a shape of its own; above
            by headings or words that no other layout has. 1 where there is no doubt.
        saw: what was seen, in words that complete “it has …”: ``the headings Document name, Code and Segment``.
    """

    score: float
    saw: str = ""


NOTHING = Seen(0.0)
"""The table does not fit."""


class Layout(Struct, frozen=True):
    """One layout of one program.

    Args:
        name: how it is called in commands, such as ``nvivo-matrix``: small letters, program first.
        title: what it is, for people: ``framework matrix``.
        program: whose it is: ``NVivo``; empty for tables made by hand.
        looks_for: what a table of it has, in words that complete “It looks for …”.
        gives: what a study gets from it, in words: ``cases, codes, summaries``.
        evidence: how sure this is, and why.
        recognises: tells how well a file fits. Quick: it looks at the first rows, not at all. It never raises.
        read: reads the file. It is called too where the file was not recognised and somebody asked for this layout;
            where that cannot be, it raises ``CannotRead`` (see ``does_not_fit``).
    """

    name: str
    title: str
    program: str
    looks_for: str
    gives: str
    evidence: str
    recognises: Callable[[TableFile], Seen]
    read: Callable[[TableFile], Pieces]

    def called(self) -> str:
        """Return the program and the title: ``NVivo framework matrix``."""
        return f"{self.program} {self.title}".strip()


@cache
def layouts() -> dict[str, Layout]:
    """Return every layout by name, in the order of the files, each of which has a ``LAYOUT`` or several ``LAYOUTS``."""
    found: dict[str, Layout] = {}
    for module in pkgutil.iter_modules(__path__):
        # A package beside the layouts, or a file that begins with an underscore, is something they share.
        if module.ispkg or module.name.startswith("_"):
            continue
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        for layout in getattr(loaded, "LAYOUTS", ()) or (loaded.LAYOUT,):
            found[layout.name] = layout
    return found


_LEAST = 0.3
_ROWS_LOOKED_AT = 500
_ROWS_SHOWN = 3
_CELLS_SHOWN = 6
_LONGEST_CELL = 30


def recognised(file: TableFile, forced: str | None = None) -> tuple[Layout, Seen]:
    """Return the layout that a file fits best, and what was seen of it.

    Args:
        file: the file.
        forced: the name of a layout that somebody asked for; then nothing is recognised.

    Raises:
        BadRequest: there is no layout of that name.
        CannotRead: no layout fits, or two fit equally well; the message says what was looked for and what is there.
    """
    if forced is not None:
        return _asked_for(forced), Seen(1.0, "that name in what was asked for")
    seen = sorted(
        ((layout.recognises(file), layout) for layout in layouts().values()),
        key=lambda pair: -pair[0].score,
    )
    best, layout = seen[0]
    if best.score < _LEAST:
        raise CannotRead(
            f"No layout fits this table. Looked for: {', '.join(each.called() for each in layouts().values())}. "
            f"Found: {first_rows(file)}.",
            where=str(file.path),
            todo="Say with --layout what it is, or bring it into the shape of a plain matrix: participants in the "
            "first column, themes in the first row.",
        )
    second = seen[1] if len(seen) > 1 else None
    if second is not None and second[0].score == best.score:
        raise CannotRead(
            f"This may be a table of two kinds: {layout.called()} (it has {best.saw}) or {second[1].called()} (it has "
            f"{second[0].saw}).",
            where=str(file.path),
            todo=f"Say which: --layout {layout.name} or --layout {second[1].name}.",
        )
    return layout, best


def beginning(file: TableFile) -> TableFile:
    """Return a file with the first rows and lines of it only: enough to recognise it by, however long it is."""
    sheets = [Sheet(each.name, each.rows[:_ROWS_LOOKED_AT], each.merged) for each in file.sheets]
    return replace(file, sheets=sheets, lines=file.lines[:_ROWS_LOOKED_AT], styles=file.styles[:_ROWS_LOOKED_AT])


def does_not_fit(layout: Layout, file: TableFile) -> CannotRead:
    """Return the error for a file that was to be read as a layout that it has not."""
    return CannotRead(
        f"This cannot be read as {layout.called()}, which has {layout.looks_for}. Found: {first_rows(file)}.",
        where=str(file.path),
        todo="Leave out --layout, or name another.",
    )


def first_rows(file: TableFile) -> str:
    """Return the beginning of a file in words, for messages: the first rows of each of its first sheets."""
    shown = [_beginning(sheet) for sheet in file.sheets[:2]]
    if not any(sheet.rows for sheet in file.sheets) and file.lines:
        shown = [
            " / ".join(f"“{_short(line)}”" for line in [line for line in file.lines if line.strip()][:_ROWS_SHOWN])
        ]
    more = len(file.sheets) - 2
    return "; ".join(filter(None, [*shown, f"and {more} more sheets" if more > 0 else ""])) or "nothing at all"


def _beginning(sheet: Sheet) -> str:
    rows = [row for row in sheet.rows if any(cell not in (None, "") for cell in row)][:_ROWS_SHOWN]
    told = " / ".join(
        " · ".join(_short(cell) for cell in row[:_CELLS_SHOWN]) + (" · …" if len(row) > _CELLS_SHOWN else "")
        for row in rows
    )
    name = f"sheet “{sheet.name}”: " if sheet.name else ""
    return f"{name}{told or 'no rows'}"


def _short(cell: object) -> str:
    text = " ".join(str("" if cell is None else cell).split())
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"


def _asked_for(name: str) -> Layout:
    known, asked = layouts(), name.strip().lower()
    found = known.get(asked)
    if found is None:
        near = [each for each in known if asked and each.startswith(asked)] or get_close_matches(asked, known)
        raise BadRequest(
            f"There is no layout “{name}”.",
            where="layout",
            todo=f"Did you mean {' or '.join(near)}?" if near else f"Use one of {', '.join(known)}.",
        )
    return found
