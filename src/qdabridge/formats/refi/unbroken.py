"""Watches XML on its way to a parser for what libxml2 would hold as a whole before anybody is asked: a text or an
attribute without end, or a tag with more attributes than elements have anywhere. Knows nothing of what the XML means.
"""

from __future__ import annotations

import re

from qdabridge.limits import Limits

_LONG = 1 << 20
"""Bytes up to which nobody needs to look closer."""

_SHARE = 5
"""One element may have this part of all that the standard does not have; libxml2 needs more time for many in one."""

_ATTRIBUTE = re.compile(rb"""\s[^\s<>="']+\s*=\s*["']""")


class Unbroken:
    """Adds up what comes after the last ``<``."""

    def __init__(self, limits: Limits, where: str) -> None:
        self._limits = limits
        self._where = where
        self._length = 0
        self._attributes = 0

    def take(self, piece: bytes) -> None:
        """Look at the next bytes.

        Raises:
            TooLarge: the text or the tag that they belong to is beyond the limits.
        """
        last = piece.rfind(b"<")
        if last >= 0:
            self._length = self._attributes = 0
        self._length += len(piece) - max(last, 0)
        if self._length > self._limits.text:
            raise self._limits.refused("text", "A text in the XML is too large", self._where)
        if self._length > _LONG:
            self._attributes += len(_ATTRIBUTE.findall(piece, max(last, 0)))
            most = self._limits.strangers // _SHARE
            if self._attributes > most:
                raise self._limits.refused(
                    "strangers", f"An element in the XML has more than {most:,} attributes", self._where
                )
