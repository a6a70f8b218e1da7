"""Which stretches overlap, and in what part, is what comparing every one with every other says."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qdabridge.study.overlap import Axis, Extent, Stretch, overlaps, shared_parts, united

POSITIONS = st.integers(0, 12)
OWNERS = st.integers(0, 2)


@st.composite
def stretches(draw: st.DrawFn, *, empty: bool = True, areas: bool = False) -> list[Stretch]:
    found = []
    for number in range(draw(st.integers(0, 7))):
        start, end = sorted((draw(POSITIONS), draw(POSITIONS)))
        low, high = sorted((draw(POSITIONS), draw(POSITIONS))) if areas else (0, 1)
        if (empty or start < end) and low < high:
            found.append(Stretch(start, end, low, high, number))
    return found


def owned(given_stretches: list[Stretch], owners: list[int]) -> list[Stretch]:
    return [each._replace(whose=owners[each.whose]) for each in given_stretches]


def places(start: int, end: int) -> set[int]:
    return set(range(start, end))


@given(stretches(areas=True), stretches(areas=True))
def test_the_sweep_finds_the_pairs_that_comparing_all_with_all_finds(left: list[Stretch], right: list[Stretch]) -> None:
    def meet(one: Stretch, other: Stretch) -> bool:
        # An empty stretch is where its start is.
        along = places(one.start, max(one.end, one.start + 1)) & places(other.start, max(other.end, other.start + 1))
        return bool(along) and bool(places(one.low, one.high) & places(other.low, other.high))

    expected = sorted((one, other) for one in left for other in right if meet(one, other))
    assert sorted(overlaps(left, right)) == expected


@given(stretches(empty=False), stretches(empty=False), st.lists(OWNERS, min_size=7, max_size=7))
def test_the_parts_shared_are_the_characters_that_both_have(
    coded: list[Stretch], marks: list[Stretch], owners: list[int]
) -> None:
    marked = owned(marks, owners)
    found = {(number, case): parts for number, case, parts in shared_parts(coded, marked)}
    for one in coded:
        for case in set(owners):
            mine = set().union(*(places(each.start, each.end) for each in marked if each.whose == case))
            shared = places(one.start, one.end) & mine
            if not shared:
                assert (one.whose, case) not in found
                continue
            parts = found[one.whose, case] or ((one.start, one.end),)
            assert set().union(*(places(*part) for part in parts)) == shared
            assert (found[one.whose, case] == ()) == (shared == places(one.start, one.end))
            # In order, and never two that touch.
            assert all(before[1] < after[0] for before, after in pairwise(parts))


@given(stretches(), st.lists(OWNERS, min_size=7, max_size=7))
def test_uniting_keeps_every_place_of_every_owner(given_stretches: list[Stretch], owners: list[int]) -> None:
    marked = owned(given_stretches, owners)

    def held(some: list[Stretch]) -> set[tuple[int, int]]:
        return {(each.whose, place) for each in some for place in places(each.start, each.end)}

    assert held(united(marked)) == held(marked)


def test_areas_of_one_owner_are_not_united_across_a_gap_above_them() -> None:
    upper, lower = Stretch(0, 9, 0, 4, 1), Stretch(0, 9, 6, 9, 1)
    assert united([upper, lower]) == [upper, lower]


def test_an_extent_that_runs_backwards_is_turned_round() -> None:
    assert Extent(Axis(1), 9, 4).stretch(0)[:2] == (4, 9)


def test_thousands_of_passages_said_by_thousands_of_people_are_no_trouble() -> None:
    """Comparing all with all would take 400 million steps: minutes, not seconds."""
    coded = [Stretch(at * 10, at * 10 + 8, 0, 1, at) for at in range(20_000)]
    marked = [Stretch(at * 10, at * 10 + 4, 0, 1, at) for at in range(20_000)]
    began = time.process_time()
    assert sum(1 for _ in shared_parts(coded, marked)) == 20_000
    assert time.process_time() - began < 5
