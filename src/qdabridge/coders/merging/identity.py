"""Which things of several copies are one thing, numbered: sources, codes and people as every comparison matches them.

Cases, variables and sets are matched here: by GUID, and then by name where only one has it. A text that was edited in
one copy is still one source. What has no partner has a number of its own. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

from qdabridge.coders.matching import Matching, Unmatched, match_codes, match_sources, match_users
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Case, FileSource, Note, Variable, same_guid
from qdabridge.study.moving import Moving
from qdabridge.study.passages import Codable

_SIMILAR = 0.5
"""How much of a text has to be in another for the one to be an edited version of the other."""

_Thing = TypeVar("_Thing")


class Identity:
    """The numbers of all things of all copies: of one kind, the same number is the same thing.

    Args:
        looks: the look-ups of the copies; the first leads.

    Attributes:
        several: what could be the same as several things, and was taken for none of them.
    """

    def __init__(self, looks: Sequence[Lookup]) -> None:
        self.several: list[Unmatched] = []
        self._moving: dict[tuple[int, int], Moving] = {}
        self._numbers: dict[int, int] = {}
        self._next = 0
        self._number_matched(match_users(looks))
        self._number_codes(looks)
        sources = match_sources(looks)
        groups = [part for each in sources.together for part in _notes_apart(each.each)]
        self._number_groups(self._with_edited(looks, groups))
        self._tell_several(sources)
        self._number_by(looks, lambda look: look.project.variables, _variable_key, _variable_key_with_guid)
        self._number_by(looks, lambda look: look.project.cases, self._case_key, _nothing)
        self._number_by(looks, lambda look: look.project.sets, lambda _, each: each.name or None, _nothing)

    def number(self, thing: object) -> int:
        """Return the number of something that stands in one of the copies."""
        return self._numbers[id(thing)]

    def edited(self, old: str, new: str) -> Moving:
        """Return the way from one text to another; each is found once."""
        key = (hash(old), hash(new))
        if key not in self._moving:
            self._moving[key] = Moving(old, new)
        return self._moving[key]

    # --- codes --------------------------------------------------------------------------------------------------------

    def _number_codes(self, looks: Sequence[Lookup]) -> None:
        """Number codes by GUID and path; then those that have one name inside what is one code."""
        matching = match_codes(looks)
        self._tell_several(matching)
        groups = [list(each.each) for each in matching.together]
        while True:
            of = {id(code): number for number, group in enumerate(groups) for code in group if code is not None}
            homes: dict[tuple[int | None, str], set[int]] = {}
            for look in looks:
                for code in look.codes:
                    parent = look.parent(code)
                    key = (of[id(parent)] if parent is not None else None, code.name)
                    homes.setdefault(key, set()).add(of[id(code)])
            pair = next((sorted(those) for those in homes.values() if _apart(groups, those)), None)
            if pair is None:
                break
            for other in pair[1:]:
                groups[pair[0]] = [
                    one if one is not None else another
                    for one, another in zip(groups[pair[0]], groups[other], strict=True)
                ]
            groups = [group for number, group in enumerate(groups) if number not in pair[1:]]
        self._number_groups(groups)

    # --- sources ------------------------------------------------------------------------------------------------------

    def _with_edited(self, looks: Sequence[Lookup], groups: list[list[Codable | None]]) -> list[list[Codable | None]]:
        """Join sources that have one GUID and are of one kind, where the one is an edited version of the other."""
        by_guid: dict[str, list[Codable | None]] = {}
        joined: list[list[Codable | None]] = []
        for group in groups:
            copy, source = next((copy, each) for copy, each in enumerate(group) if each is not None)
            before = by_guid.get(same_guid(source.guid))
            if before is None or not _apart([before, group], {0, 1}):
                joined.append(group)
                by_guid.setdefault(same_guid(source.guid), group)
                continue
            first, lead = next((copy, each) for copy, each in enumerate(before) if each is not None)
            if type(lead) is type(source) and self._is_edited(looks[copy], source, looks[first], lead):
                before[:] = [one if one is not None else other for one, other in zip(before, group, strict=True)]
            else:
                joined.append(group)
        return joined

    def _is_edited(self, look: Lookup, source: Codable, lead_look: Lookup, lead: Codable) -> bool:
        if isinstance(source, FileSource) or isinstance(lead, FileSource):
            # Programs pack pictures and recordings anew; a name that stays says that it is the same.
            return bool(source.name) and source.name == lead.name
        text, lead_text = look.text(source), lead_look.text(lead)
        return not text or not lead_text or self.edited(text, lead_text).share >= _SIMILAR

    # --- the rest -----------------------------------------------------------------------------------------------------

    def _case_key(self, look: Lookup, case: Case) -> Hashable:
        if not look.is_carrier(case):
            return case.name or None
        source = look.source(case.source_refs[0].target_guid)
        return None if source is None else self.number(source)

    def _number_by(
        self,
        looks: Sequence[Lookup],
        things_of: Callable[[Lookup], Iterable[Any] | None],
        key_of: Callable[[Lookup, Any], Hashable],
        beside_guid: Callable[[Any], Hashable],
    ) -> None:
        """Number things by GUID, and what stands beside it; then by a key that only one thing has in each copy."""
        by_guid: dict[tuple[str, Hashable], int] = {}
        by_key: dict[Hashable, set[int]] = {}
        for look in looks:
            things = list(things_of(look) or ())
            keys = [key_of(look, each) for each in things]
            taken = set()
            for each in things:
                number = by_guid.get((same_guid(each.guid), beside_guid(each)))
                if number is not None and number not in taken:
                    taken.add(number)
                    self._numbers[id(each)] = number
            for each, key in zip(things, keys, strict=True):
                if id(each) not in self._numbers:
                    free = by_key.get(key, set()) - taken if key is not None else set()
                    alone = len(free) == 1 and keys.count(key) == 1
                    self._numbers[id(each)] = number = free.pop() if alone else self._new_number()
                    taken.add(number)
            for each, key in zip(things, keys, strict=True):
                by_guid.setdefault((same_guid(each.guid), beside_guid(each)), self._numbers[id(each)])
                if key is not None:
                    by_key.setdefault(key, set()).add(self._numbers[id(each)])

    def _number_matched(self, matching: Matching[Any]) -> None:
        self._tell_several(matching)
        self._number_groups([list(each.each) for each in matching.together])

    def _number_groups(self, groups: Iterable[Iterable[object | None]]) -> None:
        for group in groups:
            number = self._new_number()
            self._numbers.update((id(each), number) for each in group if each is not None)

    def _tell_several(self, matching: Matching[Any]) -> None:
        self.several += (each for each in matching.unmatched if each.why == "several")

    def _new_number(self) -> int:
        self._next += 1
        return self._next


def _apart(groups: Sequence[Sequence[object | None]], which: Iterable[int]) -> bool:
    """Tell whether there are several groups and no copy has a thing in two of them."""
    those = [groups[number] for number in which]
    return len(those) > 1 and all(sum(each is not None for each in row) <= 1 for row in zip(*those, strict=True))


def _notes_apart(group: Sequence[Codable | None]) -> list[list[Codable | None]]:
    """Return a group of the same content in parts: two memos may say the same by chance, and are two by their names."""
    parts: list[list[Codable | None]] = []
    for copy, each in enumerate(group):
        if each is None:
            continue
        for part in parts:
            lead = next(one for one in part if one is not None)
            if not isinstance(each, Note) or same_guid(lead.guid) == same_guid(each.guid) or lead.name == each.name:
                part[copy] = each
                break
        else:
            parts.append([each if number == copy else None for number in range(len(group))])
    return parts


def _variable_key(_: Lookup, variable: Variable) -> Hashable:
    return (variable.name, variable.type_of_variable)


def _variable_key_with_guid(variable: Variable) -> Hashable:
    # Values of one type cannot stand in a variable of another.
    return variable.type_of_variable


def _nothing(_: object) -> Hashable:
    return None
