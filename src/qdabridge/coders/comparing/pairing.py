"""Which things of two versions of a study are one: a number that what is one thing has in both.

People, codes, cases and sources are matched as everywhere (``coders.matching``); a text that was edited is known by its
GUID; variables, sets and links by GUID and then by name. What differs between them is not known here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Generic, TypeVar

from msgspec import Struct

from qdabridge.coders.matching import match_cases, match_codes, match_sources, match_users
from qdabridge.matrix.names import Names
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    Code,
    Graph,
    Link,
    Set,
    TextDocument,
    User,
    Variable,
    same_guid,
)
from qdabridge.study.moving import Moving
from qdabridge.study.passages import Codable
from qdabridge.study.study import Study

_Thing = TypeVar("_Thing")
_Part = TypeVar("_Part", covariant=True)
_Named = TypeVar("_Named", Variable, Set, Graph, Link)


class Pair(Struct, Generic[_Part], frozen=True):
    """One thing before and after; one of them is ``None`` where it is only in the other version."""

    before: _Part | None
    after: _Part | None

    @property
    def there(self) -> _Part:
        """The thing in the earlier version that has it."""
        if self.before is not None:
            return self.before
        assert self.after is not None
        return self.after

    @property
    def both(self) -> tuple[_Part, _Part] | None:
        """The thing in both versions, if both have it."""
        return (self.before, self.after) if self.before is not None and self.after is not None else None


class Pairing:
    """Two versions of a study with what is one thing in both.

    Args:
        before, after: keep them open meanwhile.
    """

    def __init__(self, before: Study, after: Study) -> None:
        self.looks = (Lookup(before), Lookup(after))
        self.names = (Names(self.looks[0]), Names(self.looks[1]))
        self._numbers: dict[int, int] = {}
        self._texts: dict[int, Moving | None] = {}
        self.users = self._numbered(_pairs(match_users(self.looks).together))
        self.cases = self._numbered(_pairs(match_cases(self.looks).together))
        same: list[Pair[Codable]] = _pairs(match_sources(self.looks).together)
        matched = {id(pair) for pair in same}
        self.sources = self._numbered(_with_edited(same))
        self._edited = {
            self.number(pair.before): pair for pair in self.sources if pair.both is not None and id(pair) not in matched
        }
        self.codes = self._numbered(self._themes(_pairs(match_codes(self.looks).together)))
        first, second = before.project, after.project
        self.variables = self._numbered(_by_guid_and_name(self.looks[0].variables, self.looks[1].variables))
        self.sets = self._numbered(_by_guid_and_name(first.sets or (), second.sets or ()))
        self.graphs = self._numbered(_by_guid_and_name(first.graphs or (), second.graphs or ()))
        self.links = self._numbered(_by_guid_and_name(first.links or (), second.links or (), self._ends_of))

    def number(self, thing: object) -> int:
        """Return what a thing is known by in both versions; 0 for ``None`` and for what is no part of the study."""
        return self._numbers.get(id(thing), 0)

    def unite(self, before: Code, after: Code) -> None:
        """Take two codes that were not matched for one."""
        self._numbers[id(after)] = self._numbers[id(before)]
        self.__dict__.pop("_in_both", None)
        self.codes = [
            Pair(before, after) if pair.before is before else pair for pair in self.codes if pair.after is not after
        ]

    def is_in_both(self, number: int) -> bool:
        """Tell whether a thing is in both versions."""
        return number in self._in_both

    def is_edited(self, source: Codable) -> bool:
        """Tell whether a source has another text or file in the other version."""
        return self.number(source) in self._edited

    def texts_of(self, source: Codable) -> tuple[str, str] | None:
        """Return the earlier and the later text of an edited source; ``None`` where it is not a text or not there."""
        pair = self._edited[self.number(source)]
        if not isinstance(pair.before, TextDocument) or not isinstance(pair.after, TextDocument):
            return None
        before, after = self.looks[0].text(pair.before), self.looks[1].text(pair.after)
        return (before, after) if before is not None and after is not None else None

    def carried(self, source: Codable) -> Moving | None:
        """Return the way of passages from the earlier text of an edited source to the later."""
        number = self.number(source)
        if number not in self._texts:
            texts = self.texts_of(source)
            self._texts[number] = Moving(*texts) if texts is not None else None
        return self._texts[number]

    def coder(self, side: int, user: User | None) -> str:
        """Return what to call a coder."""
        return self.names[side].coders.get(id(user), "") if user is not None else ""

    def path(self, pair: Pair[Code]) -> str:
        """Return the path of a code, in the earlier version if it is there."""
        if pair.before is not None:
            return self.looks[0].path_of(pair.before)
        return self.looks[1].path_of(pair.after) if pair.after is not None else ""

    def target(self, side: int, guid: str | None) -> object | None:
        """Return the code, case, source, note or set that a GUID means."""
        if not guid:
            return None
        look = self.looks[side]
        return (
            look.code(guid)
            or look.case(guid)
            or look.source(guid)
            or look.note(guid)
            or self._sets[side].get(same_guid(guid))
        )

    @cached_property
    def _in_both(self) -> frozenset[int]:
        lists: tuple[Sequence[Pair[object]], ...] = (
            self.users,
            self.cases,
            self.sources,
            self.codes,
            self.variables,
            self.sets,
            self.links,
            self.graphs,
        )
        return frozenset(self.number(pair.before) for pairs in lists for pair in pairs if pair.both is not None)

    @cached_property
    def _sets(self) -> tuple[dict[str, Set], dict[str, Set]]:
        first, second = ({same_guid(each.guid): each for each in look.project.sets or ()} for look in self.looks)
        return first, second

    def _numbered(self, pairs: Iterable[Pair[_Thing]]) -> list[Pair[_Thing]]:
        pairs = list(pairs)
        for pair in pairs:
            number = len(self._numbers) + 1
            for each in (pair.before, pair.after):
                if each is not None:
                    self._numbers[id(each)] = number
        return pairs

    def _themes(self, pairs: Iterable[Pair[Code]]) -> list[Pair[Code]]:
        """The codes that stand for ideas; NVivo's codes of cases are cases."""
        themes = {id(code) for look in self.looks for code in look.themes}
        return [pair for pair in pairs if id(pair.before) in themes or id(pair.after) in themes]

    def _ends_of(self, side: int, link: Link) -> str:
        ends = (self.number(self.target(side, each)) for each in (link.origin_guid, link.target_guid))
        return " ".join(map(str, (*ends, link.name or "")))


def _pairs(together: Iterable[object]) -> list[Pair]:  # type: ignore[type-arg]
    return [Pair(*each.each) for each in together]  # type: ignore[attr-defined]


# --- matching --------------------------------------------------------------------------------------------------------


def _with_edited(pairs: Sequence[Pair[Codable]]) -> list[Pair[Codable]]:
    """Put together what has one GUID and one kind, and different content."""
    waiting = {same_guid(pair.after.guid): pair for pair in pairs if pair.before is None and pair.after is not None}
    found: list[Pair[Codable]] = []
    for pair in pairs:
        if pair.before is not None and pair.after is None:
            edited = waiting.get(same_guid(pair.before.guid))
            if edited is not None and type(edited.after) is type(pair.before):
                del waiting[same_guid(pair.before.guid)]
                found.append(Pair(pair.before, edited.after))
                continue
        if pair.before is not None:
            found.append(pair)
    return [*found, *waiting.values()]


def _by_guid_and_name(
    before: Iterable[_Named], after: Iterable[_Named], key: Callable[[int, _Named], str] | None = None
) -> list[Pair[_Named]]:
    """Match what has one GUID, and then what alone has its name, or its key, in either version."""
    ours, theirs = list(before), list(after)
    by_guid = {same_guid(each.guid): each for each in reversed(theirs)}
    partner: dict[int, _Named] = {}
    taken: set[int] = set()
    for each in ours:
        other = by_guid.get(same_guid(each.guid))
        if other is not None and id(other) not in taken:
            partner[id(each)] = other
            taken.add(id(other))
    rest = [each for each in ours if id(each) not in partner], [each for each in theirs if id(each) not in taken]
    keys = [[key(side, each) if key else each.name or "" for each in those] for side, those in enumerate(rest)]
    counts = [Counter(those) for those in keys]
    by_key = dict(zip(keys[1], rest[1], strict=True))
    for each, own in zip(rest[0], keys[0], strict=True):
        if own and counts[0][own] == counts[1][own] == 1:
            partner[id(each)] = by_key[own]
            taken.add(id(by_key[own]))
    pairs: list[Pair[_Named]] = [Pair(each, partner.get(id(each))) for each in ours]
    pairs += [Pair(None, each) for each in theirs if id(each) not in taken]
    return pairs
