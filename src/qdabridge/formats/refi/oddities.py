"""What is odd about the XML of a file, told while it is read, and how much of it is borne.

It says what was found, in words for people; what becomes of it is the builder's part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from qdabridge.findings import Finding, Findings
from qdabridge.limits import Limits

_XML_ITSELF = ("{http://www.w3.org/2001/XMLSchema-instance}", "{http://www.w3.org/XML/1998/namespace}")
"""Attributes that any XML may have."""

_TOLD_BY_NAME = 50
"""How many names that the standard does not have are told one by one."""


class Oddities:
    """Collects what is odd in one file.

    Args:
        where: what to call the file in messages.
        limits: how much that the standard does not have is borne.

    Attributes:
        findings: what was odd so far.
    """

    def __init__(self, where: str, limits: Limits) -> None:
        self.findings = Findings()
        self._where = where
        self._limits = limits
        self._strangers = 0
        self._named: set[str] = set()

    def count(self, more: int = 0) -> None:
        """Count something that the standard does not have, and ``more`` that it brings with it.

        Raises:
            TooLarge: it is beyond the limit.
        """
        self._strangers += 1 + more
        if self._strangers > self._limits.strangers:
            raise self._limits.refused(
                "strangers", "The XML holds too much that the standard does not have", self._where
            )

    def namespace(self, found: str, expected: str) -> None:
        """Say that the root is in the namespace of another version."""
        self.findings.add(
            Finding(
                "NS-VERSION",
                "warning",
                f"The file uses the namespace “{found}” of another version of the standard; it is read as "
                f"version 1.0 ({expected}).",
                where=self._where,
            )
        )

    def text(self) -> None:
        """Say that there is text between elements."""
        self.findings.add(
            Finding(
                "UNKNOWN-NODE",
                "warning",
                "There is text where the standard has none; it is kept and written back, but not used.",
                where=self._where,
            )
        )

    def attributes(self, element: str, foreign: Collection[str], known: Mapping[str, object]) -> None:
        """Say which attributes of an element the standard does not have; ``known`` are all that it has."""
        for name in foreign:
            if not name.startswith(_XML_ITSELF):
                called = self._one_of_few(name)
                self.findings.add(
                    Finding(
                        "UNKNOWN-NODE",
                        "warning",
                        f"A {element} has an attribute {called}, which the standard does not have there; it is kept "
                        "and written back, but not used.",
                        where=self._place(element, known),
                    )
                )

    def element(self, name: str, known: Mapping[str, object], *, readable: bool) -> None:
        """Say that an element is kept aside: the standard has none here, or it has no position that can be read."""
        local = self._one_of_few(name)
        self.findings.add(
            Finding(
                "UNKNOWN-NODE" if readable else "UNREADABLE-NUMBER",
                "warning" if readable else "error",
                f"The standard has no {local} here; it is kept and written back, but not used."
                if readable
                else f"A {local} has no position that can be read; it is kept and written back, but not used.",
                where=self._place(local, known),
            )
        )

    def elsewhere(self, element: str, pointer: str, how: str) -> None:
        """Say that a pointer has its GUID elsewhere than in the attribute ``pointer``."""
        self.findings.add(
            Finding(
                "REF-ATTR",
                "warning",
                f"A {element} has the GUID that it points to {how}, where the standard has {pointer}; it is read as "
                "that.",
                where=self._where,
                kind="mended",
            )
        )

    def order(self, element: str) -> None:
        """Say that an element stands before one that it should follow."""
        self.findings.add(
            Finding(
                "ORDER",
                "note",
                f"{element} does not stand where the schema has it; the standard's order is used when writing.",
                where=self._where,
                kind="mended",
            )
        )

    def unreadable(self, name: str, known: Mapping[str, object]) -> None:
        """Say that a number or truth value cannot be read; ``known`` is what else its element has."""
        self.findings.add(
            Finding(
                "UNREADABLE-VALUE",
                "warning",
                f"A value of {name} cannot be read as what it should be; it is kept and written back, but not used.",
                where=f"{self._where}: {known.get('guid', '')}".rstrip(": "),
            )
        )

    def missing(self, element: str, name: str, known: Mapping[str, object]) -> None:
        """Say that an element lacks what the standard requires."""
        self.findings.add(
            Finding(
                "REQUIRED-MISSING",
                "error",
                f"A {element} has no {name}, which the standard requires.",
                where=self._place(element, known),
            )
        )

    def _place(self, element: str, known: Mapping[str, object]) -> str:
        return f"{self._where}: {element} {known.get('guid', '')}".rstrip()

    def _one_of_few(self, name: str) -> str:
        """Return a name to be told, or, where many have been told, a word for all others."""
        if name in self._named or len(self._named) < _TOLD_BY_NAME:
            self._named.add(name)
            return name
        return "of another name"
