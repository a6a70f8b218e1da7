"""A line around something that was found in a text, as a person reads it. It knows nothing of what was found."""

from __future__ import annotations

_BEFORE = 40
_AFTER = 60


def line_around(text: str, start: int, end: int) -> str:
    """Return what was found with some words around it, on one line; where the text goes on it says so.

    >>> line_around("Well, I rang Margaret\\nin Cardiff.", 13, 21)
    'Well, I rang Margaret in Cardiff.'
    >>> line_around("ab " * 40 + "Margaret", 120, 128)
    '… ab ab ab ab ab ab ab ab ab ab ab ab ab Margaret'
    """
    first, last = max(0, start - _BEFORE), min(len(text), end + _AFTER)
    before, after = text[first:start], text[end:last]
    if first:
        # A word that is cut in two says nothing.
        before = before.partition(" ")[2] if " " in before else before
    if last < len(text):
        after = after.rpartition(" ")[0] if " " in after else after
    line = " ".join(f"{before}{text[start:end]}{after}".split())
    return f"{'… ' if first else ''}{line}{' …' if last < len(text) else ''}"
