"""The figures are those of the packages that the field uses, and of the examples in its books."""

from __future__ import annotations

import random
import warnings
from statistics import quantiles
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qdabridge.coders.agreement.bootstrap import Draws, Interval
from qdabridge.coders.agreement.counting import Counts, Rectangle, count, count_all, count_areas, merged, nothing, total
from qdabridge.coders.agreement.measures import (
    MEASURES,
    Undefined,
    ac1,
    alpha,
    brennan_prediger,
    figures,
    holsti,
    kappa,
    percent,
)
from qdabridge.coders.agreement.tables import seven
from qdabridge.coders.agreement.unitizing import Continuum, Unitized, edges, labelled, segments

EXAMPLE = Counts((800, 150, 50), (120, 130))
"""A thousand characters: 50 coded by both, 150 by one, 800 by neither."""


def counts_of(ratings: list[list[int]]) -> Counts:
    """The counts of ratings, a list of 0 and 1 for each coder."""
    together = [sum(unit) for unit in zip(*ratings, strict=True)]
    return Counts(tuple(together.count(n) for n in range(len(ratings) + 1)), tuple(map(sum, ratings)))


def random_ratings(coders: int, seed: int) -> list[list[int]]:
    chance = random.Random(seed)
    rate = chance.uniform(0.05, 0.95)
    truth = [chance.random() < rate for _ in range(chance.randint(20, 300))]
    ratings = [
        [int(each if chance.random() < 0.8 else chance.random() < rate) for each in truth] for _ in range(coders)
    ]
    # Both values have to be there for the packages to have something to say.
    return [[0, 1, *row] for row in ratings]


def test_the_example_of_nvivos_handbook_agrees_in_85_percent() -> None:
    told = seven(EXAMPLE)
    assert told is not None
    assert percent(EXAMPLE) == 0.85
    assert (told.agreement, told.both, told.neither, told.disagreement) == (85, 5, 80, 15)
    assert (told.a_only, told.b_only) == (7, 8)


def test_kappa_is_the_one_worked_out_by_hand() -> None:
    # EF = (120·130 + 880·870) / 1000 = 781.2; (850 - 781.2) / (1000 - 781.2)
    assert kappa(EXAMPLE) == pytest.approx(68.8 / 218.8, abs=1e-15)
    assert holsti(EXAMPLE) == 2 * 50 / 250


@pytest.mark.parametrize("seed", range(12))
def test_kappa_is_that_of_scikit_learn(seed: int) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    one, other = random_ratings(2, seed)
    assert kappa(counts_of([one, other])) == pytest.approx(metrics.cohen_kappa_score(one, other), abs=1e-9)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("coders", [2, 3, 5])
def test_alpha_is_that_of_krippendorff(coders: int, seed: int) -> None:
    package = pytest.importorskip("krippendorff", reason="krippendorff is not installed")
    ratings = random_ratings(coders, seed)
    expected = package.alpha(reliability_data=ratings, level_of_measurement="nominal")
    assert alpha(counts_of(ratings)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("coders", [2, 3, 4])
def test_ac1_brennan_prediger_and_percent_are_those_of_irrcac(coders: int, seed: int) -> None:
    pytest.importorskip("irrCAC", reason="irrCAC is not installed")
    import pandas
    from irrCAC.raw import CAC

    ratings = random_ratings(coders, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package = CAC(pandas.DataFrame(ratings).T, digits=15)
        gwet, prediger = package.gwet()["est"], package.bp()["est"]
    found = counts_of(ratings)
    assert ac1(found) == pytest.approx(gwet["coefficient_value"], abs=1e-9)
    assert brennan_prediger(found) == pytest.approx(prediger["coefficient_value"], abs=1e-9)
    assert percent(found) == pytest.approx(gwet["pa"], abs=1e-9)


@pytest.mark.parametrize("counts", [Counts((9, 0, 0), (0, 0)), Counts((0, 0, 9), (9, 9))])
def test_kappa_of_nothing_and_of_everything_is_undefined_and_says_what_nvivo_prints(counts: Counts) -> None:
    found = kappa(counts)
    assert isinstance(found, Undefined)
    assert found.nvivo == 1
    assert isinstance(alpha(counts), Undefined)
    assert percent(counts) == 1


def test_kappa_is_nought_where_one_coder_coded_nothing() -> None:
    assert kappa(Counts((90, 10, 0), (10, 0))) == 0


def test_no_figure_is_made_of_no_units() -> None:
    for coders in (2, 3):
        assert all(isinstance(each.of(nothing(coders)), Undefined) for each in MEASURES)


def test_what_is_for_two_is_undefined_for_three() -> None:
    found = counts_of(random_ratings(3, 1))
    undefined = {each.name for each in MEASURES if isinstance(each.of(found), Undefined)}
    assert undefined == {"kappa", "holsti"}


@given(st.integers(2, 4).flatmap(lambda coders: st.lists(st.tuples(*[st.booleans()] * coders), max_size=12)))
def test_all_figures_at_once_are_those_of_the_measures_one_by_one(units: list[tuple[bool, ...]]) -> None:
    ratings = [list(map(int, row)) for row in zip(*units, strict=True)]
    counts = counts_of(ratings) if units else nothing(2)
    assert figures(counts) == tuple(each.of(counts) for each in MEASURES)


# --- intervals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("large", [1, 10**9])
@pytest.mark.parametrize("coders", [2, 3])
def test_intervals_are_those_of_drawing_the_sources_one_by_one(coders: int, large: int) -> None:
    rows = [counts_of(random_ratings(coders, seed)) for seed in range(6)]
    rows = [Counts(tuple(large * n for n in row.marks), tuple(large * n for n in row.coded)) for row in rows]
    sizes = [row.size for row in rows]
    draws = Draws(sizes, 200, 7)
    found = draws.intervals(draws.sums(enumerate(rows), coders), 1, lambda counts: [alpha(counts)])
    chance = random.Random(7)
    values = [alpha(total(chance.choices(rows, k=6), coders)) for _ in range(200)]
    expected = quantiles([each for each in values if isinstance(each, float)], n=40, method="inclusive")
    assert isinstance(found[0], Interval)
    assert (found[0].low, found[0].high) == (pytest.approx(expected[0]), pytest.approx(expected[-1]))


# --- counting --------------------------------------------------------------------------------------------------------

SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=8)


@given(st.lists(SPANS, min_size=2, max_size=4), st.integers(0, 50))
def test_counting_intervals_is_counting_characters(marks: list[list[tuple[int, int]]], size: int) -> None:
    ratings = [[int(any(s <= n < e for s, e in spans)) for n in range(size)] for spans in marks]
    assert count([merged(spans, size) for spans in marks], size) == counts_of(ratings) if size else True


@given(st.lists(st.lists(SPANS, min_size=3, max_size=3), max_size=4), st.integers(1, 50))
def test_counting_many_codes_in_one_sweep_is_counting_each(codes: list[list[list[tuple[int, int]]]], size: int) -> None:
    marks = [(code, coder, spans) for code, by in enumerate(codes) for coder, spans in enumerate(by)]
    expected = {code: count([merged(spans, size) for spans in by], size) for code, by in enumerate(codes)}
    assert count_all(marks, size, 3) == expected


AREAS = st.lists(st.tuples(*[st.integers(0, 12)] * 4), max_size=4)


@given(st.lists(AREAS, min_size=2, max_size=3))
def test_counting_areas_is_counting_squares(marks: list[list[tuple[int, int, int, int]]]) -> None:
    page = Rectangle(1, 2, 11, 9)
    squares = [(x, y) for x in range(1, 11) for y in range(2, 9)]
    ratings = [[int(any(a <= x < c and b <= y < d for a, b, c, d in those)) for x, y in squares] for those in marks]
    assert count_areas([[Rectangle(*each) for each in those] for those in marks], page) == counts_of(ratings)


@given(st.lists(SPANS, min_size=2, max_size=2), st.integers(1, 50))
def test_no_figure_is_above_one_and_equal_coding_is_perfect(marks: Any, size: int) -> None:
    spans = [merged(each, size) for each in marks]
    for each in MEASURES:
        figure = each.of(count(spans, size))
        assert isinstance(figure, Undefined) or -1 <= figure <= 1
        same = each.of(count([spans[0], spans[0]], size))
        assert isinstance(same, Undefined) or same == 1


# --- segments --------------------------------------------------------------------------------------------------------


Cut = list[tuple[int, int, int]]
CODES = "ab01234567"


def cut(rows: list[tuple[int, int, int | str]], size: int) -> Cut:
    """Passages as one coder marked them, cut into segments; labels have a bit for each of ``CODES``."""
    marks = [(number, [row[:2] for row in rows if str(row[2]) == code]) for number, code in enumerate(CODES)]
    return segments(edges(marks, size), labelled(dict(enumerate(CODES))))


def unitized(given: list[Cut], size: int) -> Unitized:
    continuum = Continuum(len(given))
    continuum.add(given, size)
    return continuum.alphas()


def coder(*rows: tuple[int, int, int]) -> Cut:
    """Segments as the book numbers them: from 1, the last unit inclusive."""
    return cut([(first - 1, last, value) for first, last, value in rows], 60)


def test_the_alphas_of_segments_are_those_of_krippendorffs_own_example() -> None:
    # Krippendorff (2019), Content analysis, figure 12.11: 0.510, 0.413 and 0.724; the book rounds on the way.
    alex = coder((1, 7, 1), (8, 13, 2), (31, 32, 5), (33, 37, 6), (38, 44, 6), (45, 60, 7))
    paul = coder((1, 7, 1), (8, 13, 3), (14, 21, 5), (33, 44, 6))
    suzan = coder((1, 7, 1), (8, 13, 4), (14, 21, 5), (33, 37, 6), (38, 41, 6), (42, 44, 6))
    found = unitized([alex, paul, suzan], 60)
    assert found.u == pytest.approx(0.510, abs=5e-4)
    assert found.binary == pytest.approx(0.413, abs=1e-3)
    assert found.cu == pytest.approx(0.724, abs=5e-4)


@given(SPANS, SPANS)
def test_segments_of_one_character_give_the_alpha_of_characters(one: Any, other: Any) -> None:
    # Where no segment is longer than a unit, unitizing is nothing else than judging units.
    size = 60
    marked = [{n for s, e in spans for n in range(max(s, 0), min(e, size))} for spans in (one, other)]
    assume(any(marked))
    single = [[(n, n + 1, 1) for n in sorted(each)] for each in marked]
    found = unitized(single, size).binary
    expected = alpha(count([merged(spans, size) for spans in (one, other)], size))
    assert isinstance(found, Undefined) == isinstance(expected, Undefined)
    if isinstance(found, float):
        assert found == pytest.approx(expected, abs=1e-12)


def test_several_codes_on_one_passage_are_a_value_of_their_own() -> None:
    assert cut([(0, 10, "a"), (5, 8, "b")], 20) == [(0, 5, 0b01), (5, 8, 0b11), (8, 10, 0b01)]


def test_segments_that_only_touch_stay_two_and_those_that_overlap_are_one() -> None:
    assert len(cut([(0, 5, "a"), (5, 9, "a")], 20)) == 2
    assert cut([(0, 5, "a"), (3, 9, "a")], 20) == [(0, 9, 0b01)]
