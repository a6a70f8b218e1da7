"""What is decided about a summary follows from what each side said when they last met, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from frameworks import ANA, WAITING, clinic
from qdabridge.matrix.called import Names
from qdabridge.matrix.charting import Charting, Record, Side, decide
from qdabridge.matrix.placing import Proposal, above_the_line, address
from qdabridge.study.lookup import Lookup
from qdabridge.study.summaries import Summary

NAMES = Names(Lookup(clinic()))
KEY = (ANA.guid, WAITING.guid)
TEXTS = st.sampled_from(["", "one", "two", "three"])


def decided(study: str, places: list[str], before: Record | None, prefer: Side | None = None) -> Charting:
    summaries = {KEY: Summary(study)} if study else {}
    proposals = [Proposal(KEY, text, f"Sheet!{n}") for n, text in enumerate(places)]
    recorded = None if before is None else {KEY: before}
    return decide(summaries, proposals, NAMES, recorded=recorded, fingerprint=str, prefer=prefer)


def after(study: str, charting: Charting) -> str:
    """What the study says once the changes are in it."""
    return charting.changes[0].matrix[0] if charting.changes else study


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), TEXTS)
def test_what_changed_in_the_study_meanwhile_is_never_overwritten_unasked(
    study: str, places: list[str], before: str
) -> None:
    charting = decided(study, places, Record(before))
    if study != before:
        assert after(study, charting) == study
    assert after(study, decided(study, places, Record(before), "ours")) in {study, *places}
    if study != before:
        assert after(study, decided(study, places, Record(before), "ours")) == study


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), TEXTS)
def test_nothing_that_was_written_is_passed_over_in_silence(study: str, places: list[str], before: str) -> None:
    charting = decided(study, places, Record(before))
    told = {text for each in charting.decisions for text in each.matrix}
    assert {text for text in places if text not in (before, study)} <= told


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), TEXTS, st.sampled_from([None, "ours", "theirs"]))
def test_charting_again_with_what_was_noted_gives_nothing_new(
    study: str, places: list[str], before: str, prefer: Side | None
) -> None:
    first = decided(study, places, Record(before), prefer)
    again = decided(after(study, first), places, first.record.get(KEY, Record("")), prefer)
    assert again.changes == []
    assert len(again.conflicts) == len(first.conflicts)


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), st.sampled_from([None, "ours", "theirs"]))
def test_charting_a_matrix_without_memory_again_gives_nothing_new(
    study: str, places: list[str], prefer: Side | None
) -> None:
    """Two sheets that differ never take turns: which of them is right, nobody knows."""
    first = decided(study, places, None, prefer)
    again = decided(after(study, first), places, None, prefer)
    assert again.changes == []
    assert len(again.conflicts) == len(first.conflicts)


def test_a_study_from_before_it_was_charted_is_not_what_an_empty_place_agrees_with() -> None:
    """Charted once from one of two sheets, and then the old study is named again: the matrix must not forget."""
    first = decided("", ["one", ""], Record(""))
    noted = first.record[KEY]
    assert after("", first) == "one"
    again = decided("", ["one", ""], noted)
    assert (again.newer, again.same, again.changes) == (1, 0, [])
    assert again.record[KEY] == noted
    assert [(each.code, each.count) for each in again.findings] == [("CHART-GONE", 1)]
    assert decided("two", ["one", ""], noted).findings == []


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3), TEXTS)
def test_what_the_study_does_not_say_any_more_is_counted_or_told(study: str, places: list[str], before: str) -> None:
    """Whatever was charted and is not in the study now, no chart goes over it in silence."""
    noted = decided(before, places, Record(before)).record.get(KEY)
    again = decided(study, places, noted) if noted is not None else None
    if again is not None and study != noted.study and noted.study in places and study not in places:
        assert again.newer or again.decisions


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
def test_where_nobody_knows_what_was_before_only_an_empty_place_in_the_study_is_filled(
    study: str, places: list[str]
) -> None:
    charting = decided(study, places, None)
    if study:
        assert charting.changes == []
    else:
        assert [each.outcome for each in charting.changes] == (["added"] if len({*places} - {""}) == 1 else [])


def test_a_place_that_nobody_brought_up_to_date_says_nothing_until_one_more_says_the_same() -> None:
    before = Record("new", {"old": 1})
    assert decided("new", ["new", "old"], before).decisions == []
    assert decided("new", ["old"], before).decisions == []
    assert [each.matrix for each in decided("new", ["old", "old"], before).changes] == [("old",)]


def test_only_what_stands_above_the_line_is_the_summary() -> None:
    assert above_the_line("Mine.\n— quotes —\n“theirs”") == "Mine."
    assert above_the_line("— quotes —\n“theirs”") == ""
    assert above_the_line("Mine.\n - Quotes -  \n“theirs”") == "Mine."
    assert above_the_line(" Of — quotes — I say nothing. ") == "Of — quotes — I say nothing."


def test_addresses_are_those_of_a_spreadsheet() -> None:
    assert [address(1, column) for column in (1, 26, 27, 702, 703, 16_384)] == [
        "A1", "Z1", "AA1", "ZZ1", "AAA1", "XFD1",
    ]  # fmt: skip
