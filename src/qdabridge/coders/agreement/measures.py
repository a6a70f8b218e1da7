"""The measures of agreement, as functions of counts: percent, kappa, Brennan and Prediger, Holsti, AC1, alpha.

Every unit is one of two things to a coder, marked or not. Whole numbers are divided once, at the end, so that figures
are as exact as a float can be. Where a measure would divide nothing by nothing it is ``Undefined``. It knows nothing of
codes, sources and texts.

Sources: Cohen (1960), Educational and Psychological Measurement 20; Brennan and Prediger (1981), same journal, 41;
Holsti (1969), Content analysis for the social sciences and humanities; Gwet (2008), British Journal of Mathematical and
Statistical Psychology 61; Krippendorff (2019), Content analysis, 4th edition, chapter 12.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from qdabridge.coders.agreement.counting import Counts


class Undefined(Struct, frozen=True):
    """There is no figure.

    Args:
        undefined: why, in a few words.
        nvivo: what NVivo prints in such a case, where it prints something: its kappa is then 1.
    """

    undefined: str
    nvivo: float | None = None


Figure: TypeAlias = float | Undefined

NOBODY = Undefined("nothing coded")
NO_UNITS = Undefined("nothing to compare")
TWO_ONLY = Undefined("for two coders only")


class Measure(Struct, frozen=True):
    """A measure: its name in JSON, its name for people, and the function."""

    name: str
    title: str
    of: Callable[[Counts], Figure]


def percent(counts: Counts) -> Figure:
    """Return the share of units on which the coders agree, as a fraction; the mean of all pairs where they are more."""
    if not counts.size:
        return NO_UNITS
    agreeing, all_pairs = _pairs(counts)
    return agreeing / all_pairs


def kappa(counts: Counts) -> Figure:
    """Return Cohen's kappa, as NVivo has it; undefined where both coders marked everything, or both nothing."""
    if len(counts.coded) != 2:
        return TWO_ONLY
    size = counts.size
    if not size:
        return NO_UNITS
    one, other = counts.coded
    by_chance = one * other + (size - one) * (size - other)
    if by_chance == size * size:
        return Undefined("both coded all of it" if one else "neither coded anything", nvivo=1.0)
    return ((counts.both + counts.neither) * size - by_chance) / (size * size - by_chance)


def brennan_prediger(counts: Counts) -> Figure:
    """Return the kappa of Brennan and Prediger for two categories, marked and not: what chance gives is one half."""
    if not counts.size:
        return NO_UNITS
    agreeing, all_pairs = _pairs(counts)
    return (2 * agreeing - all_pairs) / all_pairs


def holsti(counts: Counts) -> Figure:
    """Return Holsti's 2A / (N1 + N2) of the units that were marked: units nobody marked do not count as agreement."""
    if len(counts.coded) != 2:
        return TWO_ONLY
    marked = sum(counts.coded)
    return 2 * counts.both / marked if marked else NOBODY


def ac1(counts: Counts) -> Figure:
    """Return Gwet's first-order agreement coefficient."""
    if not counts.size:
        return NO_UNITS
    agreeing, all_pairs = _pairs(counts)
    marked = sum(counts.coded)
    judged = counts.size * len(counts.coded)
    # Chance is 2 p (1 - p), p the share of judgements that say “marked”: at most one half.
    square = judged * judged
    by_chance = 2 * marked * (judged - marked)
    return (agreeing * square - by_chance * all_pairs) / ((square - by_chance) * all_pairs)


def alpha(counts: Counts) -> Figure:
    """Return Krippendorff's alpha, nominal, of units each of which is marked or not; no judgement is missing."""
    if not counts.size:
        return NO_UNITS
    coders = len(counts.coded)
    marked = sum(counts.coded)
    judged = counts.size * coders
    if not marked or marked == judged:
        return Undefined("all coded all of it" if marked else "nothing coded")
    differing = sum(times * number * (coders - number) for number, times in enumerate(counts.marks))
    return 1 - (judged - 1) * differing / ((coders - 1) * marked * (judged - marked))


MEASURES: tuple[Measure, ...] = (
    Measure("percent", "agreement", percent),
    Measure("kappa", "kappa", kappa),
    Measure("alpha", "alpha", alpha),
    Measure("ac1", "AC1", ac1),
    Measure("brennanPrediger", "B & P", brennan_prediger),
    Measure("holsti", "Holsti", holsti),
)
"""All measures, in the order in which they are told."""


def figures(counts: Counts) -> tuple[Figure, ...]:
    """Return the figures of all measures, in their order; for two coders in one go, since it is done so often."""
    if len(counts.coded) == 2:
        neither, single, both = counts.marks
        one, other = counts.coded
        size, marked = neither + single + both, one + other
        unmarked = 2 * size - marked
        # Where the coders left something and marked something, no measure is undefined.
        if marked and unmarked:
            return _of_two(neither + both, both, size, one, other, marked, unmarked)
    return tuple([each.of(counts) for each in MEASURES])


def _of_two(
    agreeing: int, both: int, size: int, one: int, other: int, marked: int, unmarked: int
) -> tuple[float, float, float, float, float, float]:
    """The formulas above for two coders, with what can be cancelled out left out: the figures are the same."""
    square = size * size
    by_chance = one * other + (size - one) * (size - other)
    mixed = marked * unmarked
    return (
        agreeing / size,
        (agreeing * size - by_chance) / (square - by_chance),
        1 - (2 * size - 1) * (size - agreeing) / mixed,
        (2 * agreeing * square - mixed * size) / ((2 * square - mixed) * size),
        (2 * agreeing - size) / size,
        2 * both / marked,
    )


def _pairs(counts: Counts) -> tuple[int, int]:
    """Return how many pairs of judgements on the same unit agree, and how many pairs there are."""
    coders = len(counts.coded)
    agreeing = sum(
        times * (number * (number - 1) + (coders - number) * (coders - number - 1))
        for number, times in enumerate(counts.marks)
    )
    return agreeing, counts.size * coders * (coders - 1)
