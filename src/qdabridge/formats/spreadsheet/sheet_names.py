"""Names of sheets that every spreadsheet program takes, whatever the themes of a study are called.

At most 31 UTF-16 units, none of ``[ ] : * ? / \\``, no apostrophe at either end, not “History”, and no two that differ
in upper and lower case only (Excel). It knows nothing of matrices.
"""

from __future__ import annotations

import re

from qdabridge.formats.spreadsheet.cell_text import presentable

LONGEST = 31

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\t\n]+")
_RESERVED = frozenset({"history"})


class SheetNames:
    """Gives each sheet of one workbook a name of its own."""

    def __init__(self) -> None:
        self._taken = set(_RESERVED)

    def take(self, wanted: str) -> str:
        """Return a name as near as can be to the one wanted; it is taken from now on.

        >>> names = SheetNames()
        >>> names.take("Access/Travel"), names.take("access Travel"), names.take("'?'")
        ('Access Travel', 'access Travel (2)', 'Sheet')
        """
        whole = " ".join(_FORBIDDEN.sub(" ", presentable(wanted)[0]).split()).strip("' ") or "Sheet"
        name, number = _cut(whole, LONGEST), 1
        while name.casefold() in self._taken:
            number += 1
            tail = f" ({number})"
            name = _cut(whole, LONGEST - len(tail), mark="") + tail
        self._taken.add(name.casefold())
        return name


def _cut(name: str, most: int, *, mark: str = "…") -> str:
    """Return a name of at most so many UTF-16 units."""
    if _units(name) <= most:
        return name
    kept = name[:most]
    while _units(kept) > most - len(mark):
        kept = kept[:-1]
    return kept.rstrip(" '") + mark


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
