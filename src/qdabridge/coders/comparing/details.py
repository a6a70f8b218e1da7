"""Differences inside one thing that both versions have: its texts, values and members.

What is only in one version is told where it came or went, and not again as a member of something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qdabridge.coders.comparing.change import Change, Thing
from qdabridge.coders.comparing.pairing import Pairing
from qdabridge.coders.comparing.words import difference
from qdabridge.study.model import (
    Case,
    Code,
    Graph,
    Note,
    Pointer,
    Set,
    Source,
    User,
    Variable,
    VariableValue,
    same_guid,
)
from qdabridge.study.values import value_of


class Details:
    """Tells what differs inside things.

    Args:
        pairing: both versions.
    """

    def __init__(self, pairing: Pairing) -> None:
        self.pairing = pairing

    def of(self, thing: Thing, name: str, guid: str) -> Inside:
        """Return what tells the differences of one thing."""
        return Inside(self.pairing, thing, name, guid)


class Inside:
    """Tells what differs inside one thing; see ``Details.of``."""

    def __init__(self, pairing: Pairing, thing: Thing, name: str, guid: str) -> None:
        self._pairing = pairing
        self._thing: Thing = thing
        self._name = name
        self._guid = guid

    def name(self, before: str | None, after: str | None) -> Iterator[Change]:
        """Tell of another name."""
        if (before or "") != (after or ""):
            yield Change(self._thing, "renamed", self._name, self._guid, before=before or "", after=after or "")

    def value(self, what: str, before: str | None, after: str | None) -> Iterator[Change]:
        """Tell of another value; an empty one is none."""
        if (before or "") != (after or ""):
            yield self._changed(what, before or None, after or None)

    def text(self, what: str, before: str | None, after: str | None) -> Iterator[Change]:
        """Tell of another text, word by word where both have one; an empty one is none."""
        if (before or "") == (after or ""):
            return
        words = difference(before, after) if before and after else ()
        yield Change(
            self._thing,
            "changed",
            self._name,
            self._guid,
            what=what,
            before=before or None,
            after=after or None,
            words=words,
        )

    def edited(self, what: str, before: str, after: str) -> Iterator[Change]:
        """Tell of a long text that was edited, without the whole of it."""
        yield Change(self._thing, "changed", self._name, self._guid, what=what, words=difference(before, after))

    def replaced(self, what: str) -> Iterator[Change]:
        """Tell of another content that has no words to compare."""
        yield self._changed(what, None, None)

    def members(self, what: str, before: Iterable[Pointer], after: Iterable[Pointer]) -> Iterator[Change]:
        """Tell of members, one change for each that came or went, if it is in both versions itself."""
        ours, theirs = self._by_number(0, before), self._by_number(1, after)
        for number in ours.keys() - theirs.keys():
            yield self._changed(what, ours[number], None)
        for number in theirs.keys() - ours.keys():
            yield self._changed(what, None, theirs[number])

    def passages(self, came: int, went: int) -> Iterator[Change]:
        """Tell of how many passages came and went."""
        if came or went:
            before, after = f"{went} gone" if went else None, f"{came} new" if came else None
            yield Change(self._thing, "changed", self._name, self._guid, "passages", before, after, count=came + went)

    def values(self, before: Iterable[VariableValue], after: Iterable[VariableValue]) -> Iterator[Change]:
        """Tell of values of the variables that both versions have."""
        ours, theirs = self._by_variable(0, before), self._by_variable(1, after)
        for pair in self._pairing.variables:
            if pair.before is not None and pair.after is not None:
                number = self._pairing.number(pair.before)
                yield from self.value(pair.before.name, ours.get(number), theirs.get(number))

    def _changed(self, what: str, before: str | None, after: str | None) -> Change:
        return Change(self._thing, "changed", self._name, self._guid, what=what, before=before, after=after)

    def _by_number(self, side: int, pointers: Iterable[Pointer]) -> dict[int, str]:
        """Return the names of what pointers mean, by its number, if it is in both versions."""
        found: dict[int, str] = {}
        for pointer in pointers:
            target = self._pairing.target(side, pointer.target_guid)
            number = self._pairing.number(target)
            if number and self._pairing.is_in_both(number):
                found[number] = name_of(self._pairing, side, target)
        return found

    def _by_variable(self, side: int, values: Iterable[VariableValue]) -> dict[int, str]:
        found: dict[int, list[str]] = {}
        for each in values:
            variable = self._pairing.looks[side].variable(each.variable_ref.target_guid)
            value = value_of(each)
            if variable is not None and value is not None and str(value):
                found.setdefault(self._pairing.number(variable), []).append(str(value))
        return {number: "; ".join(sorted(those)) for number, those in found.items()}


def name_of(pairing: Pairing, side: int, thing: object) -> str:
    """Return what to call a thing of one of the versions."""
    if isinstance(thing, Code):
        return pairing.looks[side].path_of(thing)
    if isinstance(thing, Case):
        number = next((n for n, each in enumerate(pairing.looks[side].cases, 1) if each is thing), 0)
        return pairing.names[side].of_case(thing, number)
    if isinstance(thing, Source | Note):
        return pairing.names[side].sources.get(id(thing), thing.name or thing.guid)
    if isinstance(thing, Set | User | Variable | Graph):
        return thing.name or same_guid(thing.guid)
    return ""
