"""Dates as programs write them into tables, in one way for a whole table: whether the day or the month comes first is
learnt from all of its dates.

Seen in real files: ``27.12.2017 09:18:00`` (MAXQDA), ``12/27/2017 9:18 AM`` (Windows in English), ISO 8601.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet.sheets import Cell

_TIME = (
    r"(?:[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-/.](?P<a>\d{1,2})[-/.](?P<b>\d{1,2})" + _TIME + _ZONE)
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})(?P<by>[-/.])\s?(?P<b>\d{1,2})(?P=by)\s?(?P<year>\d{4})" + _TIME)


class Moments:
    """Understands the dates of one table.

    Args:
        cells: all of them.
        found: takes what is odd about them.
    """

    def __init__(self, cells: Iterable[Cell], found: Findings) -> None:
        self._found = found
        firsts, seconds, uncertain = 0, 0, ""
        american = False
        for cell in cells:
            match = _YEAR_LAST.fullmatch(cell.strip()) if isinstance(cell, str) else None
            if match is None or match["by"] == ".":
                continue
            firsts, seconds = max(firsts, int(match["a"])), max(seconds, int(match["b"]))
            american = american or match["half"] is not None
            uncertain = uncertain or match[0]
        self._month_first = seconds > 12 or (american and firsts <= 12)
        if uncertain and firsts <= 12 and seconds <= 12:
            order = "month before day" if self._month_first else "day before month"
            found.add(
                Finding(
                    "TABLE-DATE-ORDER",
                    "warning",
                    f"Nothing tells whether dates have the day or the month first; they were read as {order}.",
                    uncertain,
                    "If that is wrong, write the dates as 2024-03-01 and read the table again.",
                )
            )

    def of(self, cell: Cell, where: str) -> str | None:
        """Return a date and time as REFI-QDA has it; ``None`` where there is none, or none that is understood."""
        if isinstance(cell, datetime):
            return cell.isoformat(timespec="seconds")
        if isinstance(cell, date):
            return f"{cell.isoformat()}T00:00:00"
        if cell is None or not str(cell).strip():
            return None
        moment = self._understood(str(cell).strip())
        if moment is None:
            self._found.add(
                Finding(
                    "TABLE-DATE",
                    "warning",
                    "A date was not understood and was left out.",
                    f"{where}: {cell}",
                    "Write it as 2024-03-01 09:40 and read the table again.",
                    kind="loss",
                )
            )
        return moment

    def _understood(self, written: str) -> str | None:
        if match := _YEAR_FIRST.fullmatch(written):
            month, day = int(match["a"]), int(match["b"])
        elif match := _YEAR_LAST.fullmatch(written):
            month_first = self._month_first and match["by"] != "."
            month, day = (int(match["a"]), int(match["b"])) if month_first else (int(match["b"]), int(match["a"]))
        else:
            return None
        hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
        if match["half"]:
            hour = hour % 12 + (12 if match["half"][0] in "Pp" else 0)
        try:
            moment = datetime(int(match["year"]), month, day, hour, minute, second)
        except ValueError:
            return None
        zone = match.groupdict().get("zone") or ""
        return moment.isoformat() + (zone if zone in ("", "Z") or ":" in zone else f"{zone[:3]}:{zone[3:]}")
