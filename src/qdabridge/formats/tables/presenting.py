"""What the files of this package share: text that every file can hold, values as people read them, groups of columns.

It knows what a matrix is, and none of the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import TypeAlias

from qdabridge.findings import Finding, Findings
from qdabridge.matrix.grid import Cell, Field, Matrix, MatrixKind
from qdabridge.study.values import Value

Shown: TypeAlias = Value | float | None

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_COLOR = re.compile("#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")

TITLES: dict[MatrixKind, str] = {
    "framework": "Framework matrix",
    "co-occurrence": "Codes by codes",
    "crosstab": "Codes by values",
}


class Text:
    """Makes text fit for a file, and remembers what had to be shown by a sign."""

    def __init__(self) -> None:
        self._findings = Findings()

    def fit(self, text: str, where: str = "") -> str:
        """Return a text with line feeds for line ends, and a visible sign for each character that no file holds."""
        fit, signs = _UNWRITABLE.subn(_sign, _LINE_ENDS.sub("\n", text))
        if signs:
            self._findings.add(
                Finding(
                    "CONTROL-CHARACTERS",
                    "warning",
                    "Control characters, which no page or document can hold, are shown by signs such as ␇ or �.",
                    where=where,
                    kind="loss",
                    count=signs,
                )
            )
        return fit

    def findings(self) -> list[Finding]:
        """Return what had to be shown by a sign."""
        return self._findings.all()


def shown(value: Shown) -> str:
    """Return a value as people read it; what is absent is empty.

    >>> shown(True), shown(Decimal("1.50")), shown(4.0), shown(None)
    ('yes', '1.50', '4', '')
    >>> from datetime import UTC
    >>> shown(datetime(2024, 5, 2, 9, 40, tzinfo=UTC))
    '2024-05-02 09:40:00Z'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return value.isoformat(" ").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def is_number(value: Shown) -> bool:
    """Tell whether a value is a number to people."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def color_of(color: str | None) -> str | None:
    """Return a colour if it is written as one, and nothing that only pretends to be."""
    return color if color is not None and _COLOR.fullmatch(color) else None


def by_theme(matrix: Matrix, most: int | None = None) -> Iterator[tuple[str, list[Field]]]:
    """Give the columns on paper theme by theme, at most so many together."""
    for _, group in groupby(matrix.fields(), lambda field: matrix.columns[field.column].theme_guid):
        fields = list(group)
        theme = matrix.columns[fields[0].column].theme
        step = most or len(fields)
        for start in range(0, len(fields), step):
            yield theme, fields[start : start + step]


def cell_at(matrix: Matrix, row: int, field: Field) -> Cell | None:
    """Return the cell whose words stand in a column on paper; ``None`` for figures and where nothing is."""
    return matrix.cells.get((row, field.column)) if field.measure is None else None


def _sign(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
