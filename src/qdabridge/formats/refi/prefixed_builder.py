"""Builds the model where one namespace has several prefixes, so that each name gets back the one it had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qdabridge.formats.refi.xml_builder import Builder
from qdabridge.limits import DEFAULT, Limits
from qdabridge.study.model import Extensions


class PrefixedBuilder(Builder):
    """Does the same where one namespace has several prefixes and the callbacks do not tell which was used.

    Args:
        where: what to call the file in messages.
        prefixes: the prefix of the root and of each element that has another, by the order of start tags from 1.
        attributes: in the same order, the prefixes of foreign attributes whose namespace has several.
    """

    def __init__(
        self,
        where: str,
        prefixes: Mapping[int, str],
        attributes: Mapping[int, dict[str, str]],
        limits: Limits = DEFAULT,
    ) -> None:
        super().__init__(where, limits)
        self._prefixes = prefixes
        self._attributes = attributes
        self._ordinal = 0
        self._watchful = True

    def start(self, tag: str, attributes: dict[str, Any], nsmap: Mapping[str, str]) -> None:
        """Take a start tag, counting it."""
        self._ordinal += 1
        super().start(tag, attributes, nsmap)
        if self._ordinal == 1:
            self.document.prefix = self._prefixes[1]
            # The root is dressed by hand: its declarations are what all others rest on.
            if self._open is not None and 1 in self._attributes:
                self._open.extensions().attribute_prefixes = self._attributes[1]

    def _dress(
        self, odd: Extensions | None, attributes: Mapping[str, str], nsmap: Mapping[str, str]
    ) -> Extensions | None:
        odd = super()._dress(odd, attributes, nsmap)
        prefix = self._prefixes.get(self._ordinal)
        if prefix is not None:
            odd = odd or Extensions()
            odd.prefix = prefix
        if odd is not None and self._ordinal in self._attributes:
            odd.attribute_prefixes = self._attributes[self._ordinal]
        return odd
