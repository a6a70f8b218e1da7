"""What was replaced how often and where, as it is counted on the way."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from qdabridge.deposit.pseudonymising.finding import Match
from qdabridge.deposit.pseudonymising.key import Entry


class Done(Struct, frozen=True):
    """How often one pseudonym was put into one place; what the log is made of.

    Args:
        kind: what was named: ``person``, ``place`` …
        replace: the pseudonym, as it stands in the key.
        row: the row of the key.
        place: what kind of place it is: ``text``, ``Word document``, ``name of a case``, ``name of a file`` …
        where: which one: the name that the source, case, code … has now, or the file's.
        count: how many times.
    """

    kind: str
    replace: str
    row: int
    place: str
    where: str
    count: int


class Tally:
    """Counts what is replaced."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Entry, str, str], int] = {}

    def add(self, entry: Entry, place: str, where: str, count: int = 1) -> None:
        """Count a replacement."""
        key = (entry, place, where)
        self._counts[key] = self._counts.get(key, 0) + count

    def add_all(self, matches: Iterable[Match], place: str, where: str) -> None:
        """Count what was found in one place."""
        for match in matches:
            self.add(match.entry, place, where)

    def done(self) -> tuple[Done, ...]:
        """Return what was counted, by place and in the order in which it was met."""
        return tuple(
            Done(entry.kind, entry.replace, entry.row, place, where, count)
            for (entry, place, where), count in self._counts.items()
        )

    def used(self) -> set[Entry]:
        """Return the entries of the key that something was replaced by."""
        return {entry for entry, _, _ in self._counts}
