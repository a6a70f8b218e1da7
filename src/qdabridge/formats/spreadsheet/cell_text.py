"""What text a spreadsheet cell can hold, and how text that does not fit is brought into it.

Cells hold at most 32,767 UTF-16 units (Excel specifications and limits), no control characters but tab and line feed
(XML 1.0, section 2.2), and understand ``_x000D_`` as an escaped character (ECMA-376, ST_Xstring). This module knows
nothing of matrices or of openpyxl.
"""

from __future__ import annotations

import re

LIMIT = 32_767
"""How many UTF-16 units a cell holds; an emoji counts two."""

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c]")
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ANY_TO_CHANGE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = "_x005F_"
_ESCAPE_LENGTH = len(_ESCAPED) - 1
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")

# Never cut before one of these: combining marks, joiners, variation selectors, skin tones.
_CLINGING = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u200d\u20d0-\u20ff\ufe00-\ufe0f"
    "\ufe20-\ufe2f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
_COMFORTABLE = 3_000
_LOOK_BACK = 2_000


def presentable(text: str) -> tuple[str, int]:
    """Return the text as a cell can hold it, and how many characters had to be shown by a sign.

    Line ends of any kind become line feeds. A control character is shown by its picture (``␇``); half of a surrogate
    pair and what is no character by ``�``.

    >>> presentable("one\\r\\ntwo\\x07")
    ('one\\ntwo␇', 1)
    """
    if not _ANY_TO_CHANGE.search(text):
        return text, 0
    return _UNWRITABLE.subn(_sign, _LINE_ENDS.sub("\n", text))


def escaped(text: str) -> str:
    """Return the text so that a spreadsheet program reads a literal ``_x000D_`` as just that."""
    return _ESCAPE.sub(_ESCAPED, text) if "_x" in text else text


def looks_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet program might take the text for a formula when somebody edits or imports it."""
    return text.startswith(_FORMULA_STARTS)


def fits(text: str) -> bool:
    """Tell whether a cell holds the whole text."""
    return len(text) * (1 + _ESCAPE_LENGTH) <= LIMIT or _units(text) <= LIMIT


def beginning(text: str, tail: str) -> str:
    """Return as much of the text as a cell holds together with the tail, and the tail; cut at a good place."""
    return text[: _good_cut(text, 0, LIMIT - _units(tail))].rstrip() + tail


def pieces(text: str) -> list[str]:
    """Return the text in pieces that cells hold, and that people can read; joined they are the text.

    >>> pieces("short")
    ['short']
    """
    found: list[str] = []
    start = 0
    while start < len(text):
        end = _end_of_paragraph(text, start)
        if not fits(text[start:end]):
            end = _good_cut(text, start, LIMIT)
        found.append(text[start:end])
        start = end
    return found


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def _units(text: str) -> int:
    """Return how many UTF-16 units the text takes in a file, escapes included."""
    units = len(text) if text.isascii() else len(text) + len(_ASTRAL.findall(text))
    return units + _ESCAPE_LENGTH * len(_ESCAPE.findall(text)) if "_x" in text else units


def _end_of_paragraph(text: str, start: int) -> int:
    """Return where to end a piece of a comfortable length, behind a blank line; the end of the text at last."""
    if len(text) - start <= _COMFORTABLE:
        return len(text)
    before = text.rfind("\n\n", start, start + _COMFORTABLE)
    if before > start:
        return before + 2
    after = text.find("\n\n", start + _COMFORTABLE - 1)
    return len(text) if after < 0 else after + 2


def _good_cut(text: str, start: int, units: int) -> int:
    """Return where to cut so that at most so many units lie before: behind a blank line, a line or a word, at best."""
    end = min(len(text), start + units)
    most = 1 + _ESCAPE_LENGTH if "_x" in text else 2
    while (excess := _units(text[start:end]) - units) > 0:
        # No character counts more than the most, so this never leaves out one too many, and is soon there.
        end -= max(1, excess // most)
    if end == len(text):
        return end
    for separator in ("\n\n", "\n", " "):
        found = text.rfind(separator, max(start, end - _LOOK_BACK), end)
        if found > start:
            return found + len(separator)
    cut = end
    while cut > max(start + 1, end - _LOOK_BACK) and (_CLINGING.match(text[cut]) or text[cut - 1] == "\u200d"):
        cut -= 1
    return cut if cut > max(start, end - _LOOK_BACK) else end
