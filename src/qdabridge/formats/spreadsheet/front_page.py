"""The first sheet of a workbook as a page to read: a title, sections of names and texts, a list of the other sheets.

It knows what such a page looks like, and nothing of what is on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet import look
from qdabridge.formats.spreadsheet.cell_text import presentable
from qdabridge.formats.spreadsheet.cells import At, Cells
from qdabridge.formats.spreadsheet.package import quoted_name
from qdabridge.formats.spreadsheet.sheet import ColumnSetup, Setup, Sheet
from qdabridge.formats.spreadsheet.styles import LINK, QUIET, Style

_NAME_WIDTH, _TEXT_WIDTH, _COUNT_WIDTH = 34.0, 92.0, 26.0
_OVER = Style(ink=QUIET, size=11, wrap=False)
_TITLE = Style(bold=True, size=22, ink="1F3247")
_SECTION = Style(bold=True, size=13, ink="1F3247", wrap=False)
_TEXT = Style(size=11)
_KEY = Style(size=11, ink=QUIET)
_SHEET = Style(size=11, ink=LINK, underlined=True, wrap=False)
_COUNT = Style(size=11, ink=QUIET)

SETUP = Setup(
    columns=tuple(ColumnSetup(width) for width in (3.0, _NAME_WIDTH, _TEXT_WIDTH, _COUNT_WIDTH)),
    color="1F3247",
    portrait=True,
)
"""What is to be known of the sheet of such a page."""


class Line(NamedTuple):
    """A line of a section."""

    name: str
    text: str


class Entry(NamedTuple):
    """A sheet as it is listed; ``begins`` is its first cell that people see."""

    name: str
    text: str
    size: str
    begins: str = "A1"


class Page:
    """Writes from the top to the bottom.

    Args:
        cells: makes the cells.
        sheet: set up as ``SETUP`` says.
        name: of the sheet.
    """

    def __init__(self, cells: Cells, sheet: Sheet, name: str) -> None:
        self._cells = cells
        self._sheet = sheet
        self._name = name
        self._row = 1

    def title(self, kind: str, title: str, made: datetime) -> None:
        """Write what the workbook is, its title, and when it was made."""
        self._write([kind], [_OVER], 24)
        height = look.height([(title, (_NAME_WIDTH + _TEXT_WIDTH) * 0.5)]) * 2
        # It reaches over the columns beside it, which are empty, unless it is too long for them.
        reaches = look.lines_needed(title, (_NAME_WIDTH + _TEXT_WIDTH) * 0.5) == 1
        self._write([title or "Untitled study"], [_TITLE._replace(wrap=not reaches)], min(max(34, height), 200))
        self._write([f"Made on {made.day} {made:%B %Y}, {made:%H:%M}"], [_OVER], 20)

    def section(self, title: str, lines: Sequence[Line]) -> None:
        """Write a section; nothing where it has no lines."""
        if not lines:
            return
        self._heading(title)
        for line in lines:
            height = _high([(line.name, _NAME_WIDTH), (line.text, _TEXT_WIDTH)])
            self._write([line.name, line.text], [_KEY, _TEXT], height)

    def sheets(self, title: str, entries: Sequence[Entry]) -> None:
        """Write the list of the other sheets; each name leads there."""
        self._heading(title)
        for entry in entries:
            self._sheet.link(f"B{self._row}", f"{quoted_name(entry.name)}!{entry.begins}")
            height = _high([(entry.text, _TEXT_WIDTH), (entry.size, _COUNT_WIDTH)])
            self._write([entry.name, entry.text, entry.size], [_SHEET, _TEXT, _COUNT], height)

    def _heading(self, title: str) -> None:
        self._row += 1
        self._write([title], [_SECTION], 24)

    def _write(self, texts: list[str], styles: list[Style], height: float) -> None:
        at = At("", f"sheet {self._name}", f"{quoted_name(self._name)}!B{self._row}")
        # What a sheet cannot hold was told where it stands in the study.
        shown = [presentable(text)[0] for text in texts]
        cells = [self._cells.text(text, style, at) for text, style in zip(shown, styles, strict=True)]
        self._sheet.row(self._row, ["", *cells], height=height)
        self._row += 1


def in_words(finding: Finding) -> str:
    """Return what a finding says and where, in one sentence."""
    if not finding.where:
        return finding.message
    place = finding.where
    if finding.count > 1:
        in_all = "" if finding.says_count else f"; {finding.count:,} in all"
        place = f"such as {finding.where}{in_all}"
    return f"{finding.message.rstrip('.')} ({place})."


def counted(number: int, one: str, many: str) -> str:
    """Return a number of things in words.

    >>> counted(1, "case", "cases"), counted(1200, "case", "cases")
    ('1 case', '1,200 cases')
    """
    return f"{number:,} {one if number == 1 else many}"


def _high(texts: list[tuple[str, float]]) -> float:
    """Return how high a line is in which text is a little larger than elsewhere."""
    return min(max(18.0, 1.13 * look.height((text, width * 0.92) for text, width in texts)), look.TALLEST)
