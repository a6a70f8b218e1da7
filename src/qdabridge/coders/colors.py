"""Colours as they are compared: ``#ABC`` and ``#aabbcc`` are one. How each program spells them is not known here."""

from __future__ import annotations

from qdabridge.formats.refi.adapting.codes import spelled_color


def same_color(color: str | None) -> str | None:
    """Return the form in which colours are compared: six small digits; ``None`` stays.

    >>> same_color("#ABC"), same_color("#aabbcc")
    ('#aabbcc', '#aabbcc')
    """
    return None if color is None else spelled_color(color, capital=False)
