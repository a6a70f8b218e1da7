"""MAXQDA's summary table, code system and codes with memos; each of its specimens is known, and a sound study."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import qdabridge as qda
from fixtures.layouts import from_demo, maxqda
from fixtures.layouts.from_demo import interview_of
from qdabridge.cli import main
from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.formats.spreadsheet.pieces import Pieces
from qdabridge.formats.spreadsheet.study_from_table import study_from_table
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import same_guid
from qdabridge.study.summaries import summaries_of
from tables import sheet, table
from tablespecimens import of_program, opened, pieces, specimen, told

SUMMARIES = layouts()["maxqda-summary-table"]
SYSTEM = layouts()["maxqda-code-system"]
MEMOS = layouts()["maxqda-codes-memos"]
MAXQDA = [layout for name, layout in layouts().items() if name.startswith("maxqda-")]
LONG = "She waited for a place from March until the leaves came down."


@pytest.mark.parametrize("name", of_program("maxqda"))
def test_every_specimen_is_known_as_what_it_is(name: str, tmp_path: Path) -> None:
    assert recognised(opened(name, tmp_path))[0].name == name.split(".")[0]


@pytest.mark.parametrize("name", of_program("maxqda"))
def test_every_specimen_gives_a_study_in_which_nothing_is_wrong(name: str, tmp_path: Path) -> None:
    with qda.read(specimen(name, tmp_path)) as study:
        qda.write(study, tmp_path / "study.qdpx")
    assert qda.check(tmp_path / "study.qdpx") == []


# --- summary table ---------------------------------------------------------------------------------------------------


def summary_table(*rows: list[Any]) -> Pieces:
    return SUMMARIES.read(table(list(rows)))


@pytest.mark.parametrize("variant", ["english", "german"])
def test_summaries_stand_where_documents_and_codes_meet(variant: str, tmp_path: Path) -> None:
    paths = [code[-1:] if variant == "english" else code for code in maxqda.SUMMARISED]
    with qda.read(specimen(f"maxqda-summary-table.{variant}.xlsx", tmp_path)) as study:
        look = Lookup(study)
        sources = {same_guid(source.guid): source.name for source in study.project.sources or ()}
        found = {
            (sources[of], look.names_to(code)): summary.text
            for (of, guid), summary in summaries_of(study).items()
            if (code := look.code(guid)) is not None
        }
    assert found == {
        (interview_of(case), paths[maxqda.SUMMARISED.index(code)]): words
        for (case, code), words in maxqda.summaries().items()
    }


@pytest.mark.parametrize("variant", ["english", "german"])
def test_variables_are_values_of_the_documents(variant: str, tmp_path: Path) -> None:
    read = pieces(f"maxqda-summary-table.{variant}.xlsx", tmp_path)
    assert read.attributes == list(maxqda.VARIABLES)
    assert [(row.name, tuple(row.values.values())) for row in read.sources] == [
        (interview_of(case), tuple(each[name] for name in maxqda.VARIABLES))
        for case in maxqda.PEOPLE
        for each in from_demo.cases()
        if each["Name"] == case
    ]


def test_a_column_taken_as_a_variable_is_said(tmp_path: Path) -> None:
    assert told(pieces("maxqda-summary-table.english.xlsx", tmp_path)) == [("TABLE-ATTRIBUTES", 3)]
    assert told(pieces("maxqda-summary-table.german.xlsx", tmp_path)) == []


def test_documents_in_groups_keep_them(tmp_path: Path) -> None:
    read = pieces("maxqda-summary-table.english.xlsx", tmp_path)
    assert [row.folder for row in read.sources] == ["Patients", "Patients", "Staff"]


def test_a_code_that_nobody_summarised_is_a_code() -> None:
    read = summary_table(["Document", "Access", "Trust"], ["Ana", LONG])
    assert [row.path for row in read.codes] == [("Access",), ("Trust",)]
    assert read.attributes == []


def test_two_columns_of_one_name_are_told_apart_by_their_letters() -> None:
    read = summary_table(["Document", "Costs", "Costs"], ["Ana", LONG, f"{LONG} Again."])
    assert [row.path for row in read.codes] == [("Costs (B)",), ("Costs (C)",)]
    assert told(read) == [("TABLE-ODD", 2)]


def test_lines_below_a_name_without_a_value_are_said_to_be_left_out() -> None:
    read = summary_table(["Document", "Access"], ["Ana\nAge = 34\nGender: \nsomething", LONG])
    assert [(row.name, row.values) for row in read.sources] == [("Ana", {"Age": "34"})]
    assert [each.where for each in read.found.all()] == ["A2: something"]


def test_summaries_without_a_document_and_columns_without_a_heading_are_said_to_be_left_out() -> None:
    read = summary_table(["Document", "Access", None, "Trust"], ["Ana", LONG, "stray", LONG], [None, LONG])
    assert [row.case for row in read.charted] == ["Ana", "Ana"]
    assert [each.where for each in read.found.all()] == ["row 3", "C1"]


@pytest.mark.parametrize("over", ["Document", "Dokument", "Nazwa dokumentu", "Documento", "document name:"])
def test_what_stands_over_the_documents_tells_it(over: str) -> None:
    assert recognised(table([[over, "Access", "Trust"], ["Ana", LONG, LONG]]))[0] is SUMMARIES


def test_a_table_of_figures_or_short_values_is_none() -> None:
    assert SUMMARIES.recognises(table([["Document", "Access"], ["Ana", 3]])).score == 0
    assert SUMMARIES.recognises(table([["Document", "Gender"], ["Ana", "Woman"]])).score == 0


@pytest.mark.parametrize("second", ["Code", "Comment", "Memo", "Preview", "Vorschau", "Segment"])
def test_a_list_with_documents_in_its_first_column_is_none(second: str) -> None:
    assert SUMMARIES.recognises(table([["Document", second, "x"], ["Ana", LONG, LONG]])).score == 0


def test_a_matrix_made_by_hand_stays_one() -> None:
    assert recognised(table([["Participant", "Access", "Trust"], ["Ana", LONG, LONG]]))[0].name == "plain-matrix"


# --- code system -----------------------------------------------------------------------------------------------------


def system(*rows: list[Any]) -> Pieces:
    return SYSTEM.read(table(list(rows)))


@pytest.mark.parametrize("variant", ["english", "german"])
def test_the_code_system_gives_the_tree_with_its_memos_and_no_root(variant: str, tmp_path: Path) -> None:
    read = pieces(f"maxqda-code-system.{variant}.xlsx", tmp_path)
    assert [(row.path, row.description) for row in read.codes] == list(from_demo.codes())
    assert told(read) == [("TABLE-NOT-CARRIED", 1)]


def test_without_a_root_the_codes_begin_in_the_first_column() -> None:
    read = system(["Code System", None, "Memo", "#"], ["Access", None, "Getting in.", 3], [None, "Costs", None, 1])
    assert [(row.path, row.description) for row in read.codes] == [
        (("Access",), "Getting in."),
        (("Access", "Costs"), ""),
    ]


def test_in_another_language_the_root_is_told_by_the_total() -> None:
    heading = ["Koodijärjestelmä", None, None, "Muistio", "#"]
    rows = [["Koodit", None, None, None, 4], [None, "Access", None, "In.", 3], [None, None, "Costs", None, 1]]
    file = table([heading, *rows])
    assert recognised(file)[0] is SYSTEM
    assert [(row.path, row.description) for row in SYSTEM.read(file).codes] == [
        (("Access",), "In."),
        (("Access", "Costs"), ""),
    ]


def test_one_code_with_all_others_below_it_is_no_root() -> None:
    read = system(["Code System", None, "Memo", "#"], ["Access", None, None, 2], [None, "Costs", None, 2])
    assert [row.path for row in read.codes] == [("Access",), ("Access", "Costs")]


def test_a_level_that_was_left_out_is_said() -> None:
    read = system(["Code System", None, None, "Memo", "#"], ["Access", None, None, "", 1], [None, None, "Costs", "", 1])
    assert [row.path for row in read.codes] == [("Access",), ("Access", "Costs")]
    assert ("TABLE-ODD", 1) in told(read)


def test_what_else_stands_in_the_rows_is_said_to_be_left_out() -> None:
    read = system(
        ["Code System", None, "Memo", "Mine", "#"],
        ["Code System", None, "about all", None, 1],
        [None, "Access", "", "look!", 1],
        [None, None, "a memo of nothing"],
    )
    assert [row.path for row in read.codes] == [("Access",)]
    assert {each.message: each.where for each in read.found.all()} == {
        "A column of the code system was left out.": "D1: Mine",
        "How many segments are coded with each code is not carried; it is counted from the segments.": "E1: #",
        "The memo of the whole code system is not carried.": "row 2",
        "A row without a code was left out.": "row 4",
    }


def test_two_words_in_one_row_of_levels_make_no_code_system() -> None:
    rows = [["Code System", None, "Memo", "#"], ["Access", "Costs", "", 1]]
    assert SYSTEM.recognises(table(rows)).score == 0
    with pytest.raises(CannotRead, match="This cannot be read as MAXQDA code system"):
        system(*rows)


# --- codes and memos -------------------------------------------------------------------------------------------------


def memos(*rows: list[Any]) -> Pieces:
    return MEMOS.read(table([["Code", "Memo"], *rows]))


def test_codes_and_memos_give_the_tree_with_its_memos(tmp_path: Path) -> None:
    read = pieces("maxqda-codes-memos.excel.xlsx", tmp_path)
    assert [(row.path, row.description.replace(".\n", ". ")) for row in read.codes] == list(from_demo.codes())
    assert told(read) == []


def test_with_backslashes_and_without_rows_for_codes_above(tmp_path: Path) -> None:
    with qda.read(specimen("maxqda-codes-memos.backslashes.xlsx", tmp_path)) as study:
        look = Lookup(study)
        assert {look.names_to(code) for code in look.codes} == {path for path, _ in from_demo.codes()}


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("Access > Costs", ("Access", "Costs")),
        ("Access>Costs", ("Access", "Costs")),
        ("Access\\Costs", ("Access", "Costs")),
        (" Access >  Costs > ", ("Access", "Costs")),
        ("Access", ("Access",)),
    ],
)
def test_both_signs_that_maxqda_takes_part_a_code_from_those_above(written: str, path: tuple[str, ...]) -> None:
    assert [row.path for row in memos([written, ""]).codes] == [path]


def test_what_is_twice_or_has_no_name_is_said() -> None:
    read = memos(["Access", "one"], ["Access", "two"], [None, "of nothing"])
    assert [row.description for row in read.codes] == ["one", "two"]
    assert [(each.code, each.where) for each in read.found.all()] == [
        ("TABLE-ODD", "row 3: Access"),
        ("TABLE-NOT-CARRIED", "row 4"),
    ]


def test_other_columns_and_sheets_are_said_to_be_left_out_where_somebody_asks_for_it() -> None:
    file = table(sheet([["Code", "Memo", "Mine"], ["Access", "", "look!"]], "One"), sheet([[1, 2]], "Two"))
    assert MEMOS.recognises(file).score == 0
    assert [each.where for each in MEMOS.read(file).found.all()] == ["Two", "Mine"]


def test_converted_from_the_command_line_nothing_is_wrong(tmp_path: Path) -> None:
    target = tmp_path / "out.qdpx"
    done = CliRunner().invoke(main, ["convert", str(specimen("maxqda-codes-memos.excel.xlsx", tmp_path)), str(target)])
    assert done.exit_code == 0, done.output
    assert "The table was read as “MAXQDA codes and memos”" in done.output
    assert CliRunner().invoke(main, ["check", str(target)]).exit_code == 0


# --- anything --------------------------------------------------------------------------------------------------------

# fmt: off
ODD_CELLS = st.sampled_from([
    None, "", "\n", " ", ">", "\\", " > ", "●", "#", 0, 1, -1, 2.5, float("inf"), True,
    date(2024, 3, 1), datetime(2024, 3, 1, 9, 40), time(9, 40), "27.12.2017 09:18:00",
    "Color", "Document", "Document name", "Document group", "Code", "Beginning", "End", "Segment", "Weight score",
    "Memo",
    "Code System", "Kod", "Fragment", "Nazwa dokumentu", "Access > Costs", "Access\\Costs", "> Costs", "Ana",
    "Patients > Ana", "Ana\nAge: 34\n: 5\n=", LONG, "x" * 400, "_x000D_\n",
])
# fmt: on


@given(st.lists(st.lists(ODD_CELLS, max_size=10), max_size=6))
def test_no_layout_of_maxqda_stumbles_over_odd_cells(rows: list[list[Any]]) -> None:
    file = table(rows)
    for layout in MAXQDA:
        assert 0 <= layout.recognises(file).score <= 1
        try:
            read = layout.read(file)
        except CannotRead:
            continue
        study_from_table(read, "odd", when="2024-09-11T09:40:00Z").close()


@pytest.mark.parametrize("sign", [" ", "\\", ">", " > ", "●", ":", "= ", "\n", "1.", "\u00a0"])
def test_long_cells_take_no_time(sign: str) -> None:
    long = sign * (32_000 // len(sign))
    begun = perf_counter()
    for rows in (
        [["Document name", "Code", "Segment"], [long, long, long]],
        [["Document", "Access"], [f"Ana\n{long}", LONG]],
        [["Code", "Memo"], [f"a{long}b", long]],
        [["Code System", None, "Memo", "#"], [f"a{long}", None, long, long]],
        [["a", "b", "c", "d"], ["●", f"x{long}", f"a{long}b", f"{long}c"]],
    ):
        for layout in MAXQDA:
            layout.recognises(table(rows))
            with suppress(CannotRead):
                layout.read(table(rows))
    assert perf_counter() - begun < 2
