"""How a matrix looks on screen and on paper: widths, heights, colours. Pure sums; nothing is written here.

Widths are in characters of the standard font, heights in points, as spreadsheet programs count them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from qdabridge.formats.spreadsheet.plan import MatrixSheet, Slot
from qdabridge.matrix import Matrix

NEUTRAL = ("DCE3EA", "EAE6DC")
"""Fills of themes without a colour, in turn, so that neighbours can be told apart."""

LINE = 13.0
"""Height of a line of text."""

TALLEST = 409.0
"""The greatest height of a row (Excel specifications and limits)."""

FILTER_BUTTON = 3.0
"""What the button of a filter takes of a column's width."""

_QUOTE_WIDTHS = (30.0, 38.0, 46.0, 56.0, 68.0)
_CITATION = 40
"""About how many characters the quote marks and the source take behind a quote."""

PAGE = 150
"""How many characters fit across a landscape page and can still be read."""

_ID_WIDTH = 38.0
_LINK_WIDTH = 4.7

_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\U0001f300-\U0001faff]"
)
_WORD_BREAK = re.compile(r"[\s/\-–—]+")


def slot_widths(matrix: Matrix, sheet: MatrixSheet, largest: dict[int, tuple[int, int]]) -> list[float]:
    """Return the width of every column of a sheet of the matrix. A theme that leaves a page empty has wider columns.

    ``largest`` is what ``largest_cells`` returns.
    """
    widths = [_slot_width(matrix, slot, largest) for slot in sheet.slots]
    words = [number for number, slot in enumerate(sheet.slots) if slot.kind == "words"]
    spare = PAGE - sum(widths)
    if sheet.is_whole or not words or spare <= 0:
        return widths
    for number in words:
        widths[number] = min(widths[number] + spare / len(words), max(widths[number], _QUOTE_WIDTHS[-1]))
    return widths


def largest_cells(matrix: Matrix) -> dict[int, tuple[int, int]]:
    """Return, for each column with any quotes, about how many characters and lines its largest cell has."""
    found: dict[int, tuple[int, int]] = {}
    for (_, column), cell in matrix.cells.items():
        quotes, summary = cell.quotes, cell.summary.text if cell.summary is not None else ""
        characters = sum(len(quote.text) for quote in quotes) + _CITATION * len(quotes) + len(summary)
        size = characters, 2 * len(quotes) + summary.count("\n") + bool(summary)
        found[column] = max(found.get(column, size), size)
    return found


def text_width(texts: Iterable[str], heading: str, *, least: int, most: int) -> float:
    """Return the width of a column of texts, for the longest of them and for the longest word of its heading."""
    longest_word = max((_length(word) for word in _WORD_BREAK.split(heading)), default=0) + 2
    longest = max((_length(line) for text in texts for line in text.split("\n")), default=0)
    return min(max(least, longest_word + 2, longest + 2), most)


def shown(value: object) -> str:
    """Return a value about as wide as a spreadsheet shows it."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "milliseconds" if value.microsecond else "seconds").replace("+00:00", "Z")
    return "" if value is None else str(value)


def height(texts: Iterable[tuple[str, float]]) -> float:
    """Return how high a row must be to show these texts at these widths, even if no row can be so high."""
    return LINE * max((_lines_needed(text, _characters_in(width)) for text, width in texts), default=1) + 5


def high_enough(texts: Iterable[tuple[str, float]], *, least: float) -> float:
    """Return how high a row of headings is."""
    return min(max(least, height(texts)), TALLEST)


def lines_needed(text: str, width: float) -> int:
    """Return how many lines a text takes in a column."""
    return _lines_needed(text, _characters_in(width))


def fill(color: str | None) -> str | None:
    """Return a colour as ``RRGGBB``; ``None`` where there is none, or none that can be read.

    >>> fill("#fa0"), fill("#12aB99"), fill("red")
    ('FFAA00', '12AB99', None)
    """
    digits = (color or "").strip().removeprefix("#")
    if not re.fullmatch(r"[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}", digits):
        return None
    return "".join(digit * (6 // len(digits)) for digit in digits).upper()


def paler(color: str) -> str:
    """Return a colour mixed with white, for the codes under a coloured theme."""
    return "".join(f"{round(int(color[at : at + 2], 16) * 0.4 + 255 * 0.6):02X}" for at in (0, 2, 4))


def ink(color: str) -> str:
    """Return black or white, whichever is easier to read on a colour (WCAG 2.1, relative luminance)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "000000" if luminance > 0.179 else "FFFFFF"


def _lines_needed(text: str, characters: int) -> int:
    """Return how many lines a text takes where so many characters make a line."""
    if not text.isascii() and (wide := len(_WIDE.findall(text))):
        characters = max(2, characters * len(text) // (len(text) + wide))
    return sum([1 + (len(paragraph) - 1) // characters if paragraph else 1 for paragraph in text.split("\n")])


def _characters_in(width: float) -> int:
    """Return how many characters of running text make a line; words that do not break leave some of it empty."""
    return max(4, int((width - 1.0) * 1.25))


def _slot_width(matrix: Matrix, slot: Slot, largest: dict[int, tuple[int, int]]) -> float:
    match slot.kind:
        case "id":
            return _ID_WIDTH
        case "label":
            # Names are bold.
            return text_width((row.label + row.label[::8] for row in matrix.rows), slot.heading, least=12, most=34)
        case "attribute":
            texts = (shown(row.attributes[slot.number]) for row in matrix.rows)
            return text_width(texts, slot.heading, least=9, most=28)
        case "words":
            return _quote_width(slot.heading, largest.get(slot.number))
        case "link":
            return _LINK_WIDTH
        case "figure":
            return text_width((), slot.heading, least=11, most=24)


def _quote_width(heading: str, size: tuple[int, int] | None) -> float:
    longest_word = max((_length(word) for word in _WORD_BREAK.split(heading)), default=0)
    if size is None:
        return min(max(14.0, longest_word + FILTER_BUTTON), 30.0)
    characters, paragraphs = size
    for width in _QUOTE_WIDTHS:
        # Every paragraph leaves about half of its last line empty.
        if (characters / _characters_in(width) + 0.75 * paragraphs) * LINE <= TALLEST * 0.8:
            return width
    return _QUOTE_WIDTHS[-1]


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))
