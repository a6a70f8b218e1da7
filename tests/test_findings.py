"""Findings that say the same of different places become one."""

from __future__ import annotations

from qdabridge.findings import Finding, Findings


def collected(*findings: Finding) -> list[Finding]:
    all_of_them = Findings()
    for finding in findings:
        all_of_them.add(finding)
    return all_of_them.all()


def test_one_finding_stays_as_it_is() -> None:
    finding = Finding("A-B", "note", "It is so.", where="here")
    assert collected(finding) == [finding]


def test_the_first_three_places_are_kept_and_all_are_counted() -> None:
    (finding,) = collected(*(Finding("A-B", "note", "It is so.", where=f"line {line}") for line in range(9)))
    assert (finding.where, finding.count) == ("line 0", 9)
    assert finding.places == ("line 0", "line 1", "line 2")


def test_one_place_is_not_told_twice() -> None:
    (finding,) = collected(*[Finding("A-B", "note", "It is so.", where="here")] * 3)
    assert (finding.count, finding.places) == (3, ())


def test_places_survive_being_collected_again() -> None:
    first = collected(*(Finding("A-B", "note", "It is so.", where=f"line {line}") for line in range(2)))
    (finding,) = collected(*first, Finding("A-B", "note", "It is so.", where="line 7"))
    assert (finding.count, finding.places) == (3, ("line 0", "line 1", "line 7"))


def test_what_is_said_differently_stays_apart() -> None:
    assert len(collected(Finding("A-B", "note", "It is so."), Finding("A-B", "note", "It is not so."))) == 2


def test_a_finding_that_says_how_many_there_are_is_the_same_when_it_is_told_twice() -> None:
    told = Finding("A-B", "note", "1,200 of 1,300 passages are so.", count=1_200, where="here")
    assert told.says_count
    assert collected(told, told) == [told]
    assert not Finding("A-B", "note", "12 passages are so.", count=1).says_count
