"""The tables that qdabridge writes, made by other hands: the codings and the codebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qdabridge as qda
from fixtures.layouts import from_demo, ours
from fixtures.layouts.from_demo import interview_of, interviews
from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.formats.spreadsheet.pieces import Pieces
from qdabridge.formats.spreadsheet.study_from_table import study_from_table
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from tables import sheet, table
from tablespecimens import of_program, opened, pieces, specimen, told

CODINGS = layouts()["qdabridge-codings"]
CODEBOOK = layouts()["qdabridge-codebook"]
OF_CODINGS = [name for name in of_program("qdabridge") if "codings" in name]
IN_LONG_FORM = [name for name in OF_CODINGS if "presence" not in name]
CODEBOOKS = [name for name in of_program("qdabridge") if "codebook" in name]
HEADINGS = ["case", "source", "theme", "code", "coder", "date", "start", "end", "line", "text", "memo"]


def row(case: str = "Ana", code: str = "Access", text: str = "Yes.", *values: Any) -> list[Any]:
    return [case, "talk", code.split(" \\ ")[0], code, "", None, 0, 4, 1, text, "", *values]


def codings(*rows: list[Any], attributes: tuple[str, ...] = ()) -> Pieces:
    return CODINGS.read(table([[*HEADINGS, *attributes], *rows]))


@pytest.mark.parametrize("name", of_program("qdabridge"))
def test_each_table_is_known_for_what_it_is(name: str, tmp_path: Path) -> None:
    assert recognised(opened(name, tmp_path))[0].name == name.split(".")[0]


@pytest.mark.parametrize("name", of_program("qdabridge"))
def test_each_table_gives_a_study_in_which_nothing_is_wrong(name: str, tmp_path: Path) -> None:
    with qda.read(specimen(name, tmp_path)) as study:
        qda.write(study, tmp_path / "study.qdpx")
    assert qda.check(tmp_path / "study.qdpx") == []


@pytest.mark.parametrize("name", OF_CODINGS)
def test_every_reference_is_where_it_was(name: str, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for person in ours.PEOPLE:
        (texts / f"{interview_of(person)}.txt").write_text(interviews()[person], encoding="utf-8", newline="")
    with qda.read(specimen(name, tmp_path), sources=texts) as study:
        look = Lookup(study)
        paths = {code.guid: look.names_to(code) for code in walk.codes(study.project)}
        found = {
            (source.name, one.start_position, one.end_position, paths[each.code_ref.target_guid])
            for source in study.project.sources or ()
            for one in source.plain_text_selections
            for each in one.codings
        }
        cases = {case.name: look.values_of(case) for case in study.project.cases or ()}
        assert [user.name for user in study.project.users or ()] == ["NS"]
        assert set(cases) == set(ours.PEOPLE)
    assert found == {(interview_of(one.case), one.start, one.end, one.code) for one in ours.codings()}


@pytest.mark.parametrize("name", IN_LONG_FORM)
def test_the_apostrophe_before_a_formula_is_no_part_of_the_words(name: str, tmp_path: Path) -> None:
    assert pieces(name, tmp_path).coded[0].memo == "- see Tel"


def test_same_words_in_two_places_stay_in_their_places(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "talk.txt").write_text("Yes. Yes.", encoding="utf-8")
    path = tmp_path / "codings.csv"
    lines = [",".join(HEADINGS), "Ana,talk,Access,Access,,,5,9,1,Yes.,"]
    path.write_text("\n".join(lines), encoding="utf-8")
    with qda.read(path, sources=tmp_path / "texts") as study:
        (source,) = study.project.sources or ()
        assert [(one.start_position, one.end_position) for one in source.plain_text_selections] == [(5, 9)]


def test_a_reference_of_two_cases_belongs_to_both() -> None:
    found = codings(row("Ana", "Access", "Yes.", 34), row("Bea; Ana", "Trust", "No.", "40; 34"), attributes=("Age",))
    assert [(one.case, one.quote) for one in found.coded] == [("Ana", "Yes."), ("Bea", "No."), ("Ana", "No.")]
    assert [(one.name, one.values) for one in found.cases] == [("Ana", {"Age": 34}), ("Bea", {}), ("Ana", {})]
    assert told(found) == [("TABLE-ODD", 1)]


def test_an_attribute_with_the_name_of_a_column_has_it_again() -> None:
    assert codings(row("Ana", "Access", "Yes.", 1), attributes=("case (2)",)).attributes == ["case"]


def test_attributes_that_differ_in_capitals_from_a_column_are_attributes() -> None:
    assert codings(row("Ana", "Access", "Yes.", 1), attributes=("Date",)).attributes == ["Date"]


def test_a_theme_may_hold_the_sign_between_names() -> None:
    one = row("Ana", "A \\ B \\ C")
    one[2] = "A \\ B"
    assert codings(one).coded[0].codes == (("A \\ B", "C"),)


def test_a_case_coded_as_a_whole_has_its_code() -> None:
    found = codings(["Ana", None, "Access", "Access"], [None, None, "Access", "Access"])
    assert {(one.name, one.codes) for one in found.cases} == {("Ana", ()), ("Ana", (("Access",),))}
    assert found.coded == []
    assert told(found) == [("TABLE-NOT-CARRIED", 1)]
    with study_from_table(found, "t", when="2024-09-11T09:40:00Z") as study:
        look = Lookup(study)
        assert [(look.cases[0].name, each.code.name) for each in look.references_of(look.cases[0])] == [
            ("Ana", "Access")
        ]


# --- with 0 and 1 ----------------------------------------------------------------------------------------------------

IN_PRESENCE = [each for each in HEADINGS if each not in ("theme", "code")]
PASSAGE = ["Ana", "talk", "", None, 0, 4, 1, "Yes.", ""]


def presence(*rows: list[Any], headings: tuple[str, ...]) -> Pieces:
    return CODINGS.read(table([[*IN_PRESENCE, *headings], *rows]))


def test_columns_behind_the_count_are_codes_and_those_before_it_attributes() -> None:
    headings = ("Moved", "codes", "Access", "Access \\ Costs", "Trust")
    found = presence([*PASSAGE, 1, 2, 1, "1", 0], [*PASSAGE, 1, 1, 0, 0, True], headings=headings)
    assert found.attributes == ["Moved"]
    assert [one.codes for one in found.coded] == [(("Access",), ("Access", "Costs")), (("Trust",),)]
    assert [one.path for one in found.codes] == [("Access",), ("Access", "Costs"), ("Trust",)]
    assert told(found) == []


def test_codes_and_attributes_with_names_of_other_columns_have_them_again() -> None:
    headings = ("Access", "codes (2)", "codes", "case (2)", "Access (2)", "codes (3)", "Round (2)")
    found = presence([*PASSAGE, "good", 7, 4, 1, 1, 1, 1], headings=headings)
    assert found.attributes == ["Access", "codes"]
    assert found.coded[0].codes == (("case",), ("Access",), ("codes",), ("Round (2)",))


def test_what_is_neither_0_nor_1_is_taken_as_0_and_said() -> None:
    found = presence([*PASSAGE, 1, "x", None], headings=("codes", "Access", "Trust"))
    assert [one.codes for one in found.coded] == [()]
    assert [(each.code, each.where) for each in found.found.all()] == [("TABLE-ODD", "K2")]


def test_without_the_count_it_is_not_ours() -> None:
    assert CODINGS.recognises(table([[*IN_PRESENCE, "Access"], [*PASSAGE, 1]])).score == 0


def test_a_passage_of_a_recording_is_said_to_have_lost_its_times() -> None:
    one = row()
    one[9] = None
    found = codings(one)
    assert [(each.quote, each.start) for each in found.coded] == [(None, None)]
    assert told(found) == [("TABLE-NOT-CARRIED", 1)]


def test_headings_in_another_order_are_not_ours() -> None:
    file = table([["source", "case", *HEADINGS[2:]], ["talk", "Ana"]])
    assert CODINGS.recognises(file).score == 0
    with pytest.raises(CannotRead, match="This cannot be read as qdabridge table of codings"):
        CODINGS.read(file)


def test_two_attributes_of_one_name_are_refused() -> None:
    with pytest.raises(CannotRead, match="Two columns have the name “Age”"):
        codings(row("Ana", "Access", "Yes.", 1, 2), attributes=("Age", "Age"))


def test_other_sheets_and_columns_without_a_heading_are_said_to_be_left_out() -> None:
    file = table(sheet([HEADINGS, [*row(), "stray"]], "Codings"), sheet([[1]], "Mine"))
    assert [each.where for each in CODINGS.read(file).found.all()] == ["Codings!L1", "Mine"]


# --- codebook --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CODEBOOKS)
def test_the_codebook_gives_the_tree_with_descriptions_and_colours(name: str, tmp_path: Path) -> None:
    found = pieces(name, tmp_path)
    assert [(one.path, one.description) for one in found.codes] == list(from_demo.codes())
    assert {one.color for one in found.codes} == {"#1B6CA8"}
    assert told(found) == [("TABLE-NOT-CARRIED", 1)]


@given(st.lists(st.text("ab \\", min_size=1, max_size=6).map(lambda name: f"x{name}x"), min_size=1, max_size=4))
def test_levels_tell_the_signs_in_names_from_those_between(names: list[str]) -> None:
    rows = [[" \\ ".join(names[: level + 1]), name, level + 1, "what it is"] for level, name in enumerate(names)]
    found = CODEBOOK.read(table([["code", "name", "level", "description"], *rows]))
    assert [one.path for one in found.codes] == [tuple(names[: level + 1]) for level in range(len(names))]


def test_other_columns_and_rows_without_a_code_are_said_to_be_left_out() -> None:
    rows = [["code", "name", "level", "description", "mine"], ["", "", "", "of nothing"], ["A", "A", 1, "", "look!"]]
    assert [each.where for each in CODEBOOK.read(table(rows)).found.all()] == ["mine", "row 2"]


# --- anything --------------------------------------------------------------------------------------------------------

_CELLS = st.sampled_from(
    [None, "", "Ana", "Ana; Bea", "; ", " \\ ", "A \\ B", -1, 3, 10**12, "9" * 20, 2.5, True, "'=x"]
)


@given(st.lists(st.lists(_CELLS, max_size=14), max_size=6))
def test_no_cell_makes_them_stumble(rows: list[list[Any]]) -> None:
    for layout, headings in ((CODINGS, [*HEADINGS, "Age"]), (CODEBOOK, ["code", "name", "level", "description"])):
        study_from_table(layout.read(table([headings, *rows])), "odd", when="2024-09-11T09:40:00Z").close()
