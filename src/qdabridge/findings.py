"""One shape for everything worth telling about a study: what is wrong, what was mended, what a target cannot hold.

Readers, checks and writers all return findings. This module knows nothing of formats, files or terminals.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Severity = Literal["error", "warning", "note"]
Kind = Literal["problem", "mended", "loss"]

_ORDER: dict[str, int] = {"error": 0, "warning": 1, "note": 2}


class Finding(Struct, frozen=True, omit_defaults=True):
    """One thing worth telling.

    Args:
        code: stable name of the rule, such as ``UTF16-POSITIONS``; documented, never reused for something else.
        severity: ``error`` (data is wrong or lost), ``warning`` (somebody should look), ``note`` (good to know).
        message: what is so, in one sentence in the user's words.
        where: a path that a person can follow: the source's name, a line, a GUID; of the first where it is many.
        hint: what to do about it.
        kind: ``problem`` (it is so in the file), ``mended`` (it was so and has been put right while reading),
            ``loss`` (the target cannot hold it).
        count: how many times it is so.
        places: the first few places, ``where`` among them, where it is so in more than one.
    """

    code: str
    severity: Severity
    message: str
    where: str = ""
    hint: str = ""
    kind: Kind = "problem"
    count: int = 1
    places: tuple[str, ...] = ()

    @property
    def says_count(self) -> bool:
        """Whether the message begins with how many times it is so: ``10 of 396 passages …``."""
        return self.message.startswith(f"{self.count:,} ")


PLACES_KEPT = 3
"""How many places of a finding are remembered: enough to see what they have in common."""


class Findings:
    """Collects findings and counts those that say the same of different places, however many there are."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], Finding] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self._places: dict[tuple[str, str], list[str]] = {}

    def add(self, finding: Finding) -> None:
        """Take a finding; one with the same code and message as before only adds to its count and its first places.

        One whose message says how many there are is the same finding again.
        """
        key = (finding.code, finding.message)
        if key in self._first and finding.says_count:
            # Told twice it is not twice as many.
            return
        self._first.setdefault(key, finding)
        self._counts[key] = self._counts.get(key, 0) + finding.count
        places = self._places.setdefault(key, [])
        if len(places) < PLACES_KEPT:
            new = [place for place in finding.places or (finding.where,) if place and place not in places]
            places += new[: PLACES_KEPT - len(places)]

    def all(self) -> list[Finding]:
        """Return what was collected, in the order in which each was first met."""
        return [
            replace(finding, count=self._counts[key], places=tuple(places) if len(places) > 1 else ())
            for (key, finding), places in zip(self._first.items(), self._places.values(), strict=True)
        ]


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether any finding is an error."""
    return any(finding.severity == "error" for finding in findings)


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, errors first, otherwise in the order in which they were made."""
    return sorted(findings, key=lambda finding: _ORDER[finding.severity])
