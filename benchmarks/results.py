"""The table of a benchmark session: its rows, what they say of their targets, and how they are shown.

Knows nothing of how a figure is come by.
"""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Literal

HEADINGS = ("selections", "what", "figure", "spread", "target", "", "cpu", "seconds", "against s", "MB")

Verdict = Literal["ok", "over", ""]


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        title: what was measured.
        selections: in a study of how many selections; None where no study was needed.
        figure: a ratio (unit "×") or an amount of memory (unit "MB"); None when `note` says why there is none.
        target, aim: at most this much is promised, and wished for.
        cpu: the ratio of the processor time of the two, which others on the machine disturb less.
        spread: the least and the greatest of the ratios whose median is the figure.
        seconds, against: medians of what was measured and of what it was compared with.
        megabytes: the peak memory of the process.
    """

    title: str
    selections: int | None
    figure: float | None = None
    unit: str = "×"
    target: float | None = None
    aim: float | None = None
    spread: tuple[float, float] | None = None
    cpu: float | None = None
    seconds: float | None = None
    against: float | None = None
    megabytes: float | None = None
    note: str = ""

    @classmethod
    def of_pairs(
        cls,
        title: str,
        selections: int | None,
        ratios: Sequence[float],
        seconds: float,
        against: float,
    ) -> Row:
        """The row of a measurement made in pairs."""
        return cls(
            title,
            selections,
            median(ratios),
            spread=(min(ratios), max(ratios)),
            seconds=seconds,
            against=against,
        )

    def with_target(self, target: float | None, aim: float | None = None) -> Row:
        """The same row, held to a target."""
        return replace(self, target=target, aim=aim)

    @property
    def verdict(self) -> Verdict:
        """Whether the target was met; empty when there is no target or no figure."""
        if self.target is None or self.figure is None:
            return ""
        return "ok" if self.figure <= self.target else "over"

    def cells(self) -> tuple[str, ...]:
        """The row as it is shown, one string for each of `HEADINGS`."""
        return (
            "" if self.selections is None else f"{self.selections:,}",
            self.title,
            self.note or self._amount(self.figure),
            "" if self.spread is None else "{:.2f}–{:.2f}".format(*self.spread),
            self._amount(self.target) + ("" if self.aim is None else f" (aim {self.aim:g})"),
            self.verdict,
            "" if self.cpu is None else f"{self.cpu:.2f} ×",
            _seconds(self.seconds),
            _seconds(self.against),
            "" if self.megabytes is None else f"{self.megabytes:,.0f}",
        )

    def _amount(self, number: float | None) -> str:
        if number is None:
            return ""
        return f"{number:,.0f} MB" if self.unit == "MB" else f"{number:.2f} ×"


def machine() -> dict[str, str]:
    """What the figures depend on, and nothing that names the machine."""
    from lxml import etree

    facts = {
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "Python": platform.python_version(),
        "lxml": _version("lxml"),
        "libxml2": ".".join(map(str, etree.LIBXML_VERSION)),
        "msgspec": _version("msgspec"),
        "qdabridge": _version("qdabridge"),
        "system": platform.system(),
        "cores": str(os.cpu_count()),
    }
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        facts["memory"] = f"{memory / (1 << 30):.0f} GB"
    return facts


def show(rows: Sequence[Row]) -> None:
    """Print the table for a person."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=_line_of_machine(), title_justify="left")
    for number, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="left" if number in (1, 5) else "right")
    for previous, row in zip((None, *rows), rows, strict=False):
        if previous is not None and previous.selections != row.selections:
            table.add_section()
        colour = {"ok": "green", "over": "red", "": ""}[row.verdict]
        cells = list(row.cells())
        if colour:
            cells[5] = f"[{colour}]{cells[5]}[/{colour}]"
        table.add_row(*cells)
    console = Console()
    if not console.is_terminal:
        console.width = 150
    console.print(table)


def write_markdown(path: Path, rows: Sequence[Row]) -> None:
    """Write the table to `path`, replacing the last one."""
    lines = [
        "# The last benchmark table",
        "",
        "Written by `python -m benchmarks.measure`; README.md says what the columns mean.",
        "",
        _line_of_machine(),
        "",
        _markdown(HEADINGS),
        _markdown([":--" if number in (1, 5) else "--:" for number in range(len(HEADINGS))]),
        *(_markdown(row.cells()) for row in rows),
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def _markdown(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _line_of_machine() -> str:
    facts = machine()
    date = facts.pop("date")
    return f"{date}: " + ", ".join(f"{name} {value}" for name, value in facts.items())


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.4f}" if seconds < 0.1 else f"{seconds:.2f}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
