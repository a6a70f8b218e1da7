"""How XML Schema spells whole numbers and booleans, and how they are spelled usually.

Knows only single values. Source: XML Schema 1.0 part 2, sections 3.2.2 (boolean) and 3.3.13 (integer).
"""

from __future__ import annotations

import re

_UNUSUAL_INTEGER = re.compile(r"[ \t\r\n]*[+-]?[0-9]{1,4000}[ \t\r\n]*")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def read_integer(text: str) -> int | None:
    """Return the whole number that a text spells, or None.

    >>> read_integer("+007"), read_integer("7.5"), read_integer("1_000")
    (7, None, None)
    """
    if (text.isascii() and text.isdigit() and len(text) < 20) or _UNUSUAL_INTEGER.fullmatch(text):
        return int(text)
    return None


def read_boolean(text: str) -> bool | None:
    """Return the truth value that a text spells, or None.

    >>> read_boolean("1"), read_boolean(" false "), read_boolean("yes")
    (True, False, None)
    """
    return _BOOLEANS.get(text) if text in _BOOLEANS else _BOOLEANS.get(text.strip(" \t\r\n"))
