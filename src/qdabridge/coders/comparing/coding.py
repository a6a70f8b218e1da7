"""What became of codings between two versions, and what that says of codes: split, merged, the same under a new GUID.

A code counts as split or merged only where codings show it: at the same places, by the same people, at least half of
them stood with the one code before and stand with the other after. It knows codings and codes, and nothing of what is
written about them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct

from qdabridge.coders.comparing.change import Change, Share
from qdabridge.coders.comparing.marks import Mark, Marks, Place
from qdabridge.coders.comparing.pairing import Pairing
from qdabridge.study.model import same_guid

ENOUGH = 0.5
"""The part of the codings that has to be shared before codes count as split, merged or the same."""

_PLACES_TOLD = 3


class Tally(Struct, frozen=True, rename="camel"):
    """The codings of one person: how many there were and are, how many came, went, and changed meanwhile."""

    by: str
    before: int
    after: int
    added: int
    gone: int
    changed: int


class CodingChanges:
    """The differences in coding of two versions.

    Args:
        pairing: both versions; codes that turn out to be one are united in it.
    """

    def __init__(self, pairing: Pairing) -> None:
        self._pairing = pairing
        self.new_guids = dict(self._united())
        """What codes with a new GUID and name have in common with the earlier ones, by their number."""
        self._before, self._after = Marks(pairing, 0), Marks(pairing, 1)
        self._codes = {pairing.number(pair.there): pair for pair in pairing.codes}
        self._sources = {pairing.number(pair.there): pair for pair in pairing.sources}
        self._places = self._before.places_with(), self._after.places_with()
        self._lost = self._before.references.keys() - self._after.references.keys()
        self._gained = self._after.references.keys() - self._before.references.keys()
        self.splits = dict(self._find_splits())
        """The codes that each code was split into, by its number: the number of the other → the evidence."""
        self.mergers = dict(self._find_mergers())
        """The codes that were merged into each code, by its number: the number of the other → the evidence."""
        self._explain()

    def count(self, number: int) -> int:
        """Return how many codings a code has, or had where it is gone; what stands twice counts once."""
        after = self._places[1].get(number)
        return len(after if after is not None else self._places[0].get(number, ()))

    def counts(self, number: int) -> tuple[int, int]:
        """Return how many codings a code had and has."""
        return len(self._places[0].get(number, ())), len(self._places[1].get(number, ()))

    def count_in(self, source: int) -> int:
        """Return how many codings a source has, or had where it is gone, by its number."""
        marks = self._after if self._sources[source].after is not None else self._before
        return sum(mark.place.source == source for mark in marks.references)

    def changes(self) -> list[Change]:
        """Return what became of codings of codes and in sources that are in both versions, by code and person."""
        grouped: dict[tuple[int, str, int, int], list[tuple[int, Mark]]] = {}
        for how, before, after in self._paired_by_guid():
            other = {"recoded": after.code, "changed": after.place.user}.get(how, 0)
            grouped.setdefault((before.code, how, before.place.user, other), []).append((1, after))
        for side, how, marks in ((1, "added", self._gained), (0, "gone", self._lost)):
            for mark in self._in_order(side, marks):
                if self._stays(mark):
                    grouped.setdefault((mark.code, how, mark.place.user, 0), []).append((side, mark))
        order = {number: place for place, number in enumerate(self._codes)}
        return [self._told(*key, grouped[key]) for key in sorted(grouped, key=lambda key: order[key[0]])]

    def passages_of_cases(self) -> dict[int, tuple[int, int]]:
        """Return how many passages came to and went from each case, by its number, where NVivo codes with cases."""
        found = {}
        for case in {**self._before.of_cases, **self._after.of_cases}:
            before, after = self._before.of_cases.get(case, set()), self._after.of_cases.get(case, set())
            if before != after:
                found[case] = (len(after - before), len(before - after))
        return found

    def tallies(self) -> tuple[Tally, ...]:
        """Return what each person's coding comes to, with what a change of codes explains."""
        gained = self._after.references.keys() - self._before.references.keys()
        lost = self._before.references.keys() - self._after.references.keys()
        pairs = list(self._pairs_by_guid(lost, gained))
        had, have = (Counter(mark.place.user for mark in each.references) for each in (self._before, self._after))
        came, went = (Counter(mark.place.user for mark in marks) for marks in (gained, lost))
        came.subtract(after.place.user for _, _, after in pairs)
        went.subtract(before.place.user for _, before, _ in pairs)
        changed = Counter(before.place.user for how, before, _ in pairs if how != "same")
        return tuple(
            Tally(self._coder(user) or "(not named)", had[user], have[user], came[user], went[user], changed[user])
            for user in dict.fromkeys((*had, *have))
        )

    # --- codes that are one -------------------------------------------------------------------------------------------

    def _united(self) -> Iterator[tuple[int, Share]]:
        """Take a code that is gone and one that is new for one where each has the other's codings and no third has."""
        pairing = self._pairing
        gone = {pairing.number(pair.before): pair.before for pair in pairing.codes if pair.before and not pair.after}
        new = {pairing.number(pair.after): pair.after for pair in pairing.codes if pair.after and not pair.before}
        if not gone or not new:
            return
        places = Marks(pairing, 0).places_with(), Marks(pairing, 1).places_with()
        likely: list[tuple[int, int, int]] = []
        for old in gone:
            for other in new:
                ours, theirs = places[0].get(old, set()), places[1].get(other, set())
                if ours and theirs and (both := len(ours & theirs)) >= ENOUGH * max(len(ours), len(theirs)):
                    likely.append((old, other, both))
        times = Counter(number for old, other, _ in likely for number in (old, other))
        for old, other, both in likely:
            if times[old] == times[other] == 1 and (before := gone[old]) and (after := new[other]):
                share = Share(pairing.looks[1].path_of(after), both, len(places[0][old]))
                pairing.unite(before, after)
                yield old, share

    # --- splits and mergers -------------------------------------------------------------------------------------------

    def _find_splits(self) -> Iterator[tuple[int, dict[int, Share]]]:
        """A new code that has taken over places of an earlier one, which lost them, was split off it."""
        taken: dict[int, dict[int, Share]] = {}
        lost_at = _codes_by_place(self._lost)
        for new, pair in self._codes.items():
            theirs = self._places[1].get(new, set())
            if pair.before is not None or not theirs:
                continue
            for old, shared in Counter(chain.from_iterable(lost_at.get(each, ()) for each in theirs)).most_common(1):
                if shared >= ENOUGH * len(theirs):
                    share = Share(self._pairing.path(pair), shared, len(theirs))
                    taken.setdefault(old, {})[new] = share
        for old, shares in taken.items():
            # A code that is gone into one other is no split.
            if self._codes[old].after is not None or len(shares) > 1:
                yield old, shares

    def _find_mergers(self) -> Iterator[tuple[int, dict[int, Share]]]:
        """A code that is gone, and whose places another code has gained, was merged into that."""
        found: dict[int, dict[int, Share]] = {}
        gained_at = _codes_by_place(self._gained)
        for old, pair in self._codes.items():
            ours = self._places[0].get(old, set())
            if pair.after is not None or not ours or old in self.splits:
                continue
            gained = Counter(chain.from_iterable(gained_at.get(each, ()) for each in ours))
            for new, newly in gained.most_common(1):
                already = len(ours & self._places[0].get(new, set()))
                # Places that had both codes before prove nothing, but they are the other's now.
                if newly >= ENOUGH * (len(ours) - already):
                    share = Share(self._pairing.path(pair), newly + already, len(ours))
                    found.setdefault(new, {})[old] = share
        yield from found.items()

    def _explain(self) -> None:
        """Take away the codings that are told with their code."""
        pairs = [(old, new) for old, shares in self.splits.items() for new in shares]
        pairs += [(old, new) for new, shares in self.mergers.items() for old in shares]
        for old, new in pairs:
            both = self._places[0].get(old, set()) & self._places[1].get(new, set())
            self._lost -= {Mark(old, place) for place in both}
            self._gained -= {Mark(new, place) for place in both}

    # --- single codings -----------------------------------------------------------------------------------------------

    def _paired_by_guid(self) -> Iterator[tuple[str, Mark, Mark]]:
        """Give the codings that are there and are not as they were, and take them out of what came and went."""
        for how, before, after in list(self._pairs_by_guid(self._lost, self._gained)):
            self._lost.discard(before)
            self._gained.discard(after)
            told = self._pairing.is_in_both(before.code) or self._pairing.is_in_both(after.code)
            if how != "same" and told and self._pairing.is_in_both(before.place.source):
                yield how, before, after

    def _pairs_by_guid(self, lost: Iterable[Mark], gained: Iterable[Mark]) -> Iterator[tuple[str, Mark, Mark]]:
        theirs = _by_guid(self._after, gained)
        for guid, before in _by_guid(self._before, lost).items():
            after = theirs.get(guid)
            if after is not None and before.place.source == after.place.source:
                yield self._how(before, after), before, after

    def _how(self, before: Mark, after: Mark) -> str:
        if before.code != after.code:
            return "recoded"
        if before.place.user != after.place.user:
            return "changed"
        source = self._sources[after.place.source].before
        # In a text that was edited the limits of a passage follow its words, each program in its way.
        return "same" if source is not None and self._pairing.is_edited(source) else "moved"

    def _stays(self, mark: Mark) -> bool:
        """Tell whether the code and the source of a coding are in both versions; else it comes and goes with them."""
        return self._pairing.is_in_both(mark.code) and self._pairing.is_in_both(mark.place.source)

    def _in_order(self, side: int, marks: Iterable[Mark]) -> list[Mark]:
        wanted = set(marks)
        return [mark for mark in (self._before, self._after)[side].references if mark in wanted]

    def _told(self, code: int, how: str, user: int, other: int, marks: list[tuple[int, Mark]]) -> Change:
        after = None
        if how == "recoded":
            after = self._pairing.path(self._codes[other])
        elif how == "changed":
            after = self._coder(other) or "nobody who is named"
        return Change(
            "coding",
            how,  # type: ignore[arg-type]  # one of the words above
            self._pairing.path(self._codes[code]),
            after=after,
            by=self._coder(user),
            count=len(marks),
            places=tuple(self._place(side, mark) for side, mark in marks[:_PLACES_TOLD]),
        )

    def _coder(self, number: int) -> str:
        for pair in self._pairing.users:
            if number and self._pairing.number(pair.there) == number:
                return self._pairing.coder(0, pair.before) if pair.before else self._pairing.coder(1, pair.after)
        return ""

    def _place(self, side: int, mark: Mark) -> str:
        reference = (self._before, self._after)[side].references[mark]
        source = self._pairing.names[side].sources[id(reference.source)]
        return f"{source}, {self._pairing.looks[side].place_of(reference)}"


def _codes_by_place(marks: Iterable[Mark]) -> dict[Place, list[int]]:
    found: dict[Place, list[int]] = {}
    for mark in marks:
        found.setdefault(mark.place, []).append(mark.code)
    return found


def _by_guid(marks: Marks, chosen: Iterable[Mark]) -> dict[str, Mark]:
    """Return codings by their GUID, those left out that share one."""
    found: dict[str, Mark] = {}
    several: set[str] = set()
    wanted = set(chosen)
    for mark, reference in marks.references.items():
        coding = reference.coding
        if coding is None or mark not in wanted:
            continue
        guid = same_guid(coding.guid)
        if guid in found:
            several.add(guid)
        found[guid] = mark
    return {guid: mark for guid, mark in found.items() if guid not in several}
