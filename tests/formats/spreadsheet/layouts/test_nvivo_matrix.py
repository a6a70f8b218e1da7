"""NVivo's framework matrix and matrix coding query, which have the same headings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qdabridge as qda
from fixtures.layouts import from_demo, nvivo
from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.study.lookup import Lookup
from qdabridge.study.summaries import summaries_of
from qdabridge.study.values import value_of
from tables import table
from tablespecimens import opened, pieces, specimen, told

MATRIX = layouts()["nvivo-matrix"]
QUERY = layouts()["nvivo-coding-query"]
LONG = "She waited six weeks for a letter that never came, and rang twice."


def summaries(study: qda.Study) -> dict[tuple[str, str], str]:
    look = Lookup(study)
    cases, codes = {case.guid: case.name for case in look.cases}, {code.guid: code.name for code in look.codes}
    return {(cases[case] or "", codes[code]): said.text for (case, code), said in summaries_of(study).items()}


def values(study: qda.Study) -> dict[str, dict[str, object]]:
    names = {variable.guid: variable.name for variable in study.project.variables or ()}
    return {
        case.name or "": {names[each.variable_ref.target_guid]: value_of(each) for each in case.variable_values}
        for case in study.project.cases or ()
    }


# --- the matrix ------------------------------------------------------------------------------------------------------


def test_of_1300_cells_the_1255_that_hold_a_line_feed_are_empty(tmp_path: Path) -> None:
    file = opened("nvivo-matrix.windows.xlsx", tmp_path)
    below = [cell for row in file.sheets[0].rows[1:] for cell in row[1:]]
    assert (len(below), below.count("\n")) == (1_300, 1_255)
    read = MATRIX.read(file)
    assert len(read.charted) == 45
    assert {(row.case, row.code[0]): row.text for row in read.charted} == nvivo.matrix_cells()
    assert [row.name for row in read.cases] == nvivo.MATRIX_CASES
    assert [row.path for row in read.codes] == [(name,) for name in nvivo.matrix_codes()]
    assert told(read) == []


def test_the_study_of_a_matrix_has_its_cases_codes_and_summaries(tmp_path: Path) -> None:
    with qda.read(specimen("nvivo-matrix.windows.xlsx", tmp_path)) as study:
        assert summaries(study) == nvivo.matrix_cells()
        assert [case.name for case in study.project.cases or ()] == nvivo.MATRIX_CASES
        assert study.findings[0].message == (
            "The table was read as “NVivo framework matrix”: it has rows and columns that NVivo counted (“A : "
            "Journeys”, “1 : 1”) and words in the cells."
        )


@pytest.mark.parametrize("where", ["attributes-in-headers", "attributes-as-columns"])
def test_row_header_attributes_are_read_wherever_they_stand(tmp_path: Path, where: str) -> None:
    with qda.read(specimen(f"nvivo-matrix.{where}.xlsx", tmp_path)) as study:
        assert summaries(study) == nvivo.small_cells()
        assert [each.name for each in study.project.variables or ()] == list(nvivo.ATTRIBUTES)
        expected = {
            case["Name"]: {name: case[name] for name in nvivo.ATTRIBUTES if case[name]} for case in from_demo.cases()
        }
        assert {
            case: {name: str(value) for name, value in of.items()} for case, of in values(study).items()
        } == expected
        assert [each.type_of_variable for each in study.project.variables or ()] == ["Text", "Integer", "Text"]
        assert [each.code for each in study.findings] == ["TABLE-READ-AS", "TABLE-UNASSIGNED"]


def test_one_name_over_two_columns_is_two_codes_told_apart_by_their_letters(tmp_path: Path) -> None:
    read = pieces("nvivo-matrix.one-name-twice.csv", tmp_path)
    assert [row.path for row in read.codes] == [("Journeys (A)",), ("Hands and eyes",), ("Journeys (C)",)]
    assert sum(row.code == ("Journeys (C)",) for row in read.charted) == 10
    assert told(read) == [("TABLE-ODD", 2)]


def test_one_name_before_two_rows_is_two_cases_told_apart_by_their_numbers() -> None:
    read = MATRIX.read(table([["", "A : Access"], ["1 : Ana", LONG], ["2 : Ana", "No.\n"], ["3 : Bo", "\n"]]))
    assert [row.name for row in read.cases] == ["Ana (1)", "Ana (2)", "Bo"]
    assert [(row.case, row.text) for row in read.charted] == [("Ana (1)", LONG), ("Ana (2)", "No.")]
    assert told(read) == [("TABLE-ODD", 2)]


def test_blank_lines_inside_a_cell_stay_and_line_ends_of_windows_go() -> None:
    file = table([["", "A : Access"], ["1 : Ana", "one_x000D_\n_x000D_\ntwo_x000D_\n"], ["2 : Bo", "_x000D_\n"]])
    assert [row.text for row in MATRIX.read(file).charted] == ["one\n\ntwo"]


def test_blank_rows_and_titles_above_and_columns_beyond_z_make_no_difference() -> None:
    letters = [chr(65 + at) for at in range(26)] + ["AA", "AB"]
    rows = [["Export of 3 May"], [], ["", *(f"{letter} : Code {letter}" for letter in letters)]]
    read = MATRIX.read(table([*rows, ["1 : Ana", *["\n"] * 27, LONG + "\n"]]))
    assert [row.path[0] for row in read.codes][-1] == "Code AB"
    assert [row.code for row in read.charted] == [("Code AB",)]
    assert told(read) == [("TABLE-NOT-CARRIED", 1)]


def test_what_stands_below_a_name_and_is_no_attribute_becomes_the_description() -> None:
    read = MATRIX.read(table([["", "A : Access"], ["1 : Ana\nAge Group: 30-39\nspoke in Welsh", LONG]]))
    (case,) = read.cases
    assert (case.name, case.values, case.description) == ("Ana", {"Age Group": "30-39"}, "spoke in Welsh")
    assert told(read) == [("TABLE-ODD", 1)]


def test_a_case_with_two_values_of_an_attribute_keeps_the_first_and_it_is_said() -> None:
    read = MATRIX.read(table([["", "Age", "A : Access"], ["1 : Ana\nAge = 34", 35, LONG]]))
    assert read.cases[0].values == {"Age": "34"}
    assert told(read) == [("TABLE-TWO-VALUES", 1)]


def test_rows_cells_and_sheets_that_belong_to_nothing_are_said_to_be_left_out() -> None:
    matrix = [["", "A : Access"], ["1 : Ana", LONG, "beside"], ["Total", "12"]]
    read = MATRIX.read(table(matrix, [["Notes"]]))
    assert [each.name for each in read.cases] == ["Ana"]
    assert [(each.code, each.where) for each in read.found.all()] == [
        ("TABLE-NOT-CARRIED", "row 2"),
        ("TABLE-NOT-CARRIED", "row 3"),
        ("TABLE-NOT-CARRIED", ""),
    ]


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_"), max_size=30),
                 min_size=3, max_size=3),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_whatever_is_in_the_cells_comes_out_of_them(cells: list[list[str]]) -> None:
    rows = [["", "A : one", "B : two", "C : three"]]
    rows += [[f"{number} : Case {number}", *(text + "\n" for text in row)] for number, row in enumerate(cells, 1)]
    read = MATRIX.read(table(rows))
    assert [row.text for row in read.charted] == [text for row in cells for text in row if text.strip()]
    assert len(read.cases) == len(cells)


def test_a_matrix_without_counts_is_none() -> None:
    file = table([["", "Access"], ["Ana", LONG]])
    assert MATRIX.recognises(file).score == 0
    with pytest.raises(CannotRead, match="This cannot be read as NVivo framework matrix"):
        MATRIX.read(file)


# --- words or figures ------------------------------------------------------------------------------------------------

COUNTED = ["", "A : Access", "B : Trust"]


@pytest.mark.parametrize(
    ("cells", "layout"),
    [
        ([3, 0], "nvivo-coding-query"),
        (["3", "0"], "nvivo-coding-query"),
        (["12.5%", "0 %"], "nvivo-coding-query"),
        (["12,5 %", "1.024"], "nvivo-coding-query"),
        (["Yes", "No"], "nvivo-coding-query"),
        (["0:01:12.5", "0:00:00"], "nvivo-coding-query"),
        (["\n", "\n"], "nvivo-matrix"),
        (["3\n", "\n"], "nvivo-matrix"),
        (["She said 3.\n", "12\n"], "nvivo-matrix"),
        ([LONG, None], "nvivo-matrix"),
        ([LONG, 4], "nvivo-matrix"),
    ],
)
def test_words_make_a_matrix_and_figures_a_query(cells: list[object], layout: str) -> None:
    assert recognised(table([COUNTED, ["1 : Ana", *cells]]))[0].name == layout


# --- the query -------------------------------------------------------------------------------------------------------


def test_a_query_gives_codes_and_cases_and_says_that_figures_are_not_carried(tmp_path: Path) -> None:
    with qda.read(specimen("nvivo-coding-query.windows.xlsx", tmp_path)) as study:
        assert [case.name for case in study.project.cases or ()] == sorted(case["Name"] for case in from_demo.cases())
        assert [code.name for code in study.project.code_book.codes] == list(nvivo.SMALL_CODES)  # type: ignore[union-attr]
        assert [(each.code, each.kind) for each in study.findings] == [
            ("TABLE-READ-AS", "problem"),
            ("TABLE-ODD", "problem"),
            ("TABLE-NOT-CARRIED", "loss"),
        ]


def test_one_name_over_two_columns_of_a_query_is_two_codes(tmp_path: Path) -> None:
    read = pieces("nvivo-coding-query.one-name-twice.csv", tmp_path)
    assert [row.path[0] for row in read.codes] == [
        "Journeys (A)", "Waiting for a place", "Hands and eyes", "Journeys (D)",
    ]  # fmt: skip


def test_values_in_a_query_are_not_taken_for_codes_or_cases(tmp_path: Path) -> None:
    read = pieces("nvivo-coding-query.crosstab.xlsx", tmp_path)
    assert [row.path[0] for row in read.codes] == list(nvivo.SMALL_CODES)
    assert read.cases == []
    assert told(read) == [("TABLE-NOT-CARRIED", 2), ("TABLE-NOT-CARRIED", 1)]


def test_codes_by_codes_give_no_cases() -> None:
    read = QUERY.read(table([["", "A : Access", "B : Trust"], ["1 : Access", 3, 1], ["2 : Trust", 1, 2]]))
    assert {row.path for row in read.codes} == {("Access",), ("Trust",)}
    assert read.cases == []
