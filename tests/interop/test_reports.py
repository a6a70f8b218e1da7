"""What another program reads in a report is held against what was found; a difference is told."""

from __future__ import annotations

from collections import Counter

from interop.reports import Told, differences_between

MISSING = Told("error", "PATH-MISSING", "studies/a.qdpx", 1)
EMPTY = Told("warning", "POS-EMPTY", "studies/b.qdpx", 1)


def test_the_same_findings_agree() -> None:
    assert differences_between(Counter([MISSING, EMPTY]), Counter([EMPTY, MISSING])) == []


def test_what_is_only_in_one_is_told() -> None:
    (lost,) = differences_between(Counter([MISSING, EMPTY]), Counter([EMPTY]))
    assert lost == "not found: error PATH-MISSING studies/a.qdpx 1"
    assert differences_between(Counter(), Counter([EMPTY])) == ["only found: warning POS-EMPTY studies/b.qdpx 1"]


def test_a_finding_that_is_told_once_too_often_is_a_difference() -> None:
    assert len(differences_between(Counter([EMPTY]), Counter([EMPTY, EMPTY]))) == 1


def test_of_many_differences_the_first_are_told() -> None:
    many = Counter(MISSING._replace(file=f"{number}.qdpx") for number in range(20))
    assert differences_between(many, Counter())[-1] == "and 15 more"
