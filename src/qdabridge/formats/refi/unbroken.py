"""Watches XML on its way to a parser for what libxml2 would hold as a whole before anybody is asked: a text or an
attribute without end, or a tag with more attributes than elements have anywhere. Knows nothing of what the XML means.
"""

from __future__ import annotations

import re

from qdabridge.errors import CannotRead
from qdabridge.limits import Limits

_LONG = 1 << 20
"""Bytes up to which nobody needs to look closer."""

_SHARE = 5
"""One element may have this part of all that the standard does not have; libxml2 needs more time for many in one."""

_MANY_NAMESPACES = 2_000
"""Declared in one tag; libxml2 compares each with all before it. A tool may well declare one in every element."""

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
            CannotRead: a tag declares very many namespaces.
            TooLarge: the text or the tag that they belong to is beyond the limits.
        """
        if piece.count(b"xmlns") > _MANY_NAMESPACES:
            self._refuse_namespaces(piece)
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

    def _refuse_namespaces(self, piece: bytes) -> None:
        if max(tag.count(b"xmlns") for tag in piece.split(b"<")) > _MANY_NAMESPACES:
            raise CannotRead(
                f"An element in the XML declares more than {_MANY_NAMESPACES:,} namespaces, which no program needs.",
                where=self._where,
                todo="Ask whoever sent the file where it comes from.",
            )
