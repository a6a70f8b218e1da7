"""Codes by codes and codes by values: which occur together, and who speaks of what."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews import MIREILLE, case, code, coded, coding, guid, study, text, value, variable
from qdabridge.errors import BadRequest, NotInStudy
from qdabridge.matrix import Matrix, co_occurrence, crosstab
from qdabridge.study.model import AudioSelection, AudioSource, PictureSelection, PictureSource
from qdabridge.study.study import Study

TRUST, FEAR, HOPE = code("Trust"), code("Fear"), code("Hope")
CODES = [TRUST, FEAR, HOPE]
ROLE = variable("Role")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def counts(matrix: Matrix, measure: Any = "count") -> dict[tuple[str, str], Any]:
    return {
        (matrix.rows[row].label, matrix.columns[column].name): cell.figures[measure]
        for (row, column), cell in matrix.cells.items()
    }


def of(*marks: Any, **fields: Any) -> Study:
    return study(text("T", LETTERS, *marks), codes=CODES, **fields)


# --- codes by codes --------------------------------------------------------------------------------------------------


def test_passages_that_overlap_are_counted_by_pairs_both_ways() -> None:
    matrix = co_occurrence(of(coded(0, 9, TRUST), coded(5, 8, FEAR), coded(7, 12, FEAR), coded(12, 14, HOPE)))
    assert (matrix.kind, matrix.row_kind) == ("co-occurrence", "codes")
    assert [row.guid for row in matrix.rows] == [column.guid for column in matrix.columns]
    assert counts(matrix) == {
        ("Trust", "Trust"): 1,
        ("Trust", "Fear"): 2,
        ("Fear", "Trust"): 2,
        ("Fear", "Fear"): 2,
        ("Hope", "Hope"): 1,
    }


def test_one_passage_with_two_codes_is_one_pair_even_of_two_coders() -> None:
    matrix = co_occurrence(of(coded(0, 9, TRUST), coded(0, 9, FEAR, by=MIREILLE), coded(0, 9, TRUST, by=MIREILLE)))
    assert counts(matrix)["Trust", "Fear"] == counts(matrix)["Trust", "Trust"] == 1


def test_passages_that_only_touch_do_not_overlap_but_are_near() -> None:
    some = of(coded(0, 5, TRUST), coded(5, 9, FEAR), coded(11, 12, HOPE))
    assert ("Trust", "Fear") not in counts(co_occurrence(some))
    near = counts(co_occurrence(some, together="near", distance=2))
    assert (near["Trust", "Fear"], near["Fear", "Hope"]) == (1, 1)
    assert ("Trust", "Hope") not in near
    touching = counts(co_occurrence(some, together="near", distance=0))
    assert ("Fear", "Trust") in touching
    assert ("Fear", "Hope") not in touching


def test_codes_in_one_source_are_counted_by_sources_with_those_of_whole_sources() -> None:
    one = text("One", LETTERS, coded(0, 1, TRUST), coded(20, 21, TRUST), codings=(coding(FEAR),))
    two = text("Two", LETTERS, coded(0, 1, TRUST))
    some = study(one, two, codes=CODES)
    assert counts(co_occurrence(some, together="source")) == {
        ("Trust", "Trust"): 2,
        ("Trust", "Fear"): 1,
        ("Fear", "Trust"): 1,
        ("Fear", "Fear"): 1,
    }
    assert ("Trust", "Fear") not in counts(co_occurrence(some))


def test_recordings_overlap_in_time_and_pictures_in_area() -> None:
    call = AudioSource(
        guid=guid("call"),
        audio_selections=[
            AudioSelection(guid=guid("a"), begin=0, end=2000, codings=(coding(TRUST, name="a"),)),
            AudioSelection(guid=guid("b"), begin=1000, end=3000, codings=(coding(FEAR, name="b"),)),
        ],
    )
    photo = PictureSource(
        guid=guid("photo"),
        picture_selections=[
            PictureSelection(guid=guid(name), first_x=x, first_y=0, second_x=x + 9, second_y=9, codings=(coding(of),))
            for name, x, of in (("c", 0, TRUST), ("d", 5, HOPE), ("e", 50, FEAR))
        ],
    )
    found = counts(co_occurrence(study(call, photo, codes=CODES)))
    assert found["Trust", "Fear"] == found["Trust", "Hope"] == 1
    assert ("Fear", "Hope") not in found


def test_percentages_say_how_many_of_a_codes_passages_stand_with_the_other() -> None:
    matrix = co_occurrence(
        of(coded(0, 9, TRUST), coded(5, 8, FEAR), coded(7, 12, FEAR), coded(20, 21, TRUST)), cells=["row %", "column %"]
    )
    assert counts(matrix, "row %")["Trust", "Fear"] == 50.0
    assert counts(matrix, "column %")["Trust", "Fear"] == 100.0
    assert counts(matrix, "row %")["Trust", "Trust"] == 100.0


def test_quotes_are_of_the_rows_code() -> None:
    matrix = co_occurrence(of(coded(0, 3, TRUST), coded(1, 5, FEAR)), cells=["count", "quotes", "words"])
    assert [quote.text for quote in matrix.cells[0, 1].quotes] == ["abc"]
    assert [quote.text for quote in matrix.cells[1, 0].quotes] == ["bcde"]
    assert matrix.cells[1, 0].codings == (guid("coding 1-5 Fear"),)


def test_an_aggregating_theme_occurs_with_what_its_codes_occur_with() -> None:
    theme = code("Feelings", FEAR, HOPE)
    some = study(text("T", LETTERS, coded(0, 3, FEAR), coded(2, 5, TRUST)), codes=[theme, TRUST])
    assert counts(co_occurrence(some, aggregate=True))["Feelings", "Trust"] == 1


def test_codes_by_codes_count_for_chosen_cases_only() -> None:
    ana, ben = (text(name, LETTERS, coded(0, 3, TRUST, FEAR, name=name)) for name in ("Ana", "Ben"))
    people = [case("A", ana, value(ROLE, text_value="Nurse")), case("B", ben)]
    some = study(
        ana, ben, text("Stray", LETTERS, coded(0, 3, TRUST, FEAR)), codes=CODES, cases=people, variables=[ROLE]
    )
    everything = co_occurrence(some)
    assert counts(everything)["Trust", "Fear"] == 3
    assert everything.findings == []
    assert counts(co_occurrence(some, where=["Role=Nurse"]))["Trust", "Fear"] == 1


@pytest.mark.parametrize(
    "choices", [{"together": "page"}, {"together": "near", "distance": -1}, {"cells": ["summary"]}]
)
def test_what_codes_by_codes_cannot_be_is_refused(choices: Any) -> None:
    with pytest.raises(BadRequest):
        co_occurrence(of(), **choices)


SPAN = st.tuples(st.integers(0, 20), st.integers(1, 5), st.sampled_from(CODES))


@given(st.lists(SPAN, max_size=12), st.integers(0, 4))
def test_whatever_is_coded_pairs_are_those_of_every_two_places_compared(
    spans: list[tuple[int, int, Any]], distance: int
) -> None:
    marks = [coded(start, start + size, each, name=f"{n} ") for n, (start, size, each) in enumerate(spans)]
    places: dict[str, set[tuple[int, int]]] = {}
    for start, size, each in spans:
        places.setdefault(each.name, set()).add((start, start + size))
    for together, gap in (("overlap", -1), ("near", distance)):
        expected = {
            (one, other): sum(
                a == b if one == other else b[0] - a[1] <= gap and a[0] - b[1] <= gap for a in mine for b in theirs
            )
            for one, mine in places.items()
            for other, theirs in places.items()
        }
        matrix = co_occurrence(of(*marks), together=together, distance=distance)  # type: ignore[arg-type]
        assert counts(matrix) == {pair: count for pair, count in expected.items() if count}


# --- codes by values -------------------------------------------------------------------------------------------------


def people() -> Study:
    ana = text("Ana", LETTERS, coded(0, 1, TRUST), coded(1, 2, TRUST), coded(2, 3, FEAR))
    ben = text("Ben", LETTERS, coded(0, 1, TRUST))
    cases = [
        case("A", ana, value(ROLE, text_value="Nurse")),
        case("B", ben, value(ROLE, text_value="Carer")),
        case("C"),
    ]
    return study(ana, ben, codes=CODES, cases=cases, variables=[ROLE])


def test_codes_by_values_count_references() -> None:
    matrix = crosstab(people(), "Role")
    assert (matrix.kind, matrix.row_kind, matrix.attributes) == ("crosstab", "codes", [])
    assert matrix.to_rows() == [
        ["", "Role", "Role", "Role"],
        ["Code", "Carer", "Nurse", "(no value)"],
        ["Trust", 1, 2, 0],
        ["Fear", 0, 1, 0],
        ["Hope", 0, 0, 0],
    ]


def test_percentages_of_a_crosstab_are_of_codes_and_of_values() -> None:
    matrix = crosstab(people(), "Role", cells=["count", "row %", "column %"])
    assert counts(matrix, "row %") == {("Trust", "Carer"): 33.33, ("Trust", "Nurse"): 66.67, ("Fear", "Nurse"): 100.0}
    assert counts(matrix, "column %")["Trust", "Nurse"] == 66.67
    assert counts(matrix, "column %")["Fear", "Nurse"] == 33.33


def test_conditions_make_columns_too() -> None:
    matrix = crosstab(people(), ["Role=Nurse", "Role!=Nurse"], cells=["cases"])
    assert [column.path for column in matrix.columns] == [("Groups", "Role = Nurse"), ("Groups", "Role != Nurse")]
    assert counts(matrix, "cases")["Trust", "Role != Nurse"] == 1


def test_a_crosstab_of_no_variable_is_refused() -> None:
    for across in ("cases", "Shoe"):
        with pytest.raises((BadRequest, NotInStudy), match=across):
            crosstab(people(), across)
