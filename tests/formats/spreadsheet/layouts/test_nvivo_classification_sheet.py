"""NVivo's classification sheet, read and written: names, values and types come through both ways."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

import qdabridge as qda
from conftest import ROOT
from fixtures.layouts import from_demo
from qdabridge.errors import CannotRead
from qdabridge.formats.exports import write_cases
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.formats.spreadsheet.sheets import open_table
from qdabridge.study.lookup import Lookup
from qdabridge.study.values import Value
from tables import sheet, table
from tablespecimens import opened, pieces, specimen, told

LAYOUT = layouts()["nvivo-classification-sheet"]
DEMO = ROOT / "fixtures/demo/demo.qdpx"
HARD = ["007", "1-5", "2024-03-01", "Zoë Őry", "😀 pain", "=1+1", "-3", "1e5", "+44 20", "'quoted'"]


def values(study: qda.Study) -> dict[str, dict[str, tuple[Value, ...]]]:
    look = Lookup(study)
    names = {variable.guid: variable.name for variable in look.variables}
    return {
        case.name or "": {names[guid]: found for guid, found in look.values_of(case).items()} for case in look.cases
    }


@pytest.mark.parametrize("variant", ["windows.xlsx", "mac.txt", "exported.xlsx"])
def test_every_case_has_its_values(tmp_path: Path, variant: str) -> None:
    read = pieces(f"nvivo-classification-sheet.{variant}", tmp_path)
    names = [name for name in from_demo.cases()[0] if name not in ("Name", "Interview")]
    assert [row.name for row in read.cases] == [case["Name"] for case in from_demo.cases()]
    assert read.attributes[: len(names)] == names
    for row, case in zip(read.cases, from_demo.cases(), strict=True):
        said = {name: str(row.values[name]) for name in names if name in row.values}
        expected = {name: case[name] for name in names if case[name]}
        assert said.keys() == expected.keys()
        assert all(said[name] in (expected[name], expected[name].rstrip("0")) for name in said)


def test_the_study_has_types_and_years_without_a_point(tmp_path: Path) -> None:
    with qda.read(specimen("nvivo-classification-sheet.windows.xlsx", tmp_path)) as study:
        types = {each.name: each.type_of_variable for each in study.project.variables or ()}
        assert (types["Group"], types["Age"], types["Interviewed on"]) == ("Text", "Integer", "Date")
        assert (types["Length in minutes"], types["After the move"], types["Diagnosed in"]) == (
            "Float", "Boolean", "Integer",
        )  # fmt: skip
        assert values(study)["Dilys"]["Diagnosed in"] == (2002,)
        assert [each.code for each in study.findings] == ["TABLE-READ-AS", "TABLE-NOT-CARRIED"]


def test_unassigned_is_no_value_and_it_is_said(tmp_path: Path) -> None:
    read = pieces("nvivo-classification-sheet.exported.xlsx", tmp_path)
    assert "Age" not in next(row for row in read.cases if row.name == "Gwen").values
    assert told(read) == [("TABLE-UNASSIGNED", 2)]


def test_not_applicable_is_a_value() -> None:
    read = LAYOUT.read(table([["Person", "Age"], ["Ana", "Not Applicable"], ["Bo", "unassigned"]]))
    assert [row.values for row in read.cases] == [{"Age": "Not Applicable"}, {}]


def test_hierarchical_names_are_cases_or_files_by_their_own_names() -> None:
    rows = [["Person", "Age"], ["Cases\\\\Interviews\\Ana", 34], ["Cases\\\\Interviews\\Bo", 34]]
    read = LAYOUT.read(table(rows))
    assert [row.name for row in read.cases] == ["Ana", "Bo"]
    files = LAYOUT.read(table([["File", "Year"], ["Files\\\\Round 1\\\\Talk", 2002.0], ["Files\\\\Other", 2003.0]]))
    assert [(row.name, row.folder) for row in files.sources] == [("Talk", "Round 1"), ("Other", "")]
    assert files.cases == []


def test_two_of_one_name_in_different_folders_keep_their_paths() -> None:
    rows = [["Person", "Age"], ["Cases\\\\North\\Ana", 34], ["Cases\\\\South\\Ana", 35], ["Cases\\\\South\\Bo", 34]]
    assert [row.name for row in LAYOUT.read(table(rows)).cases] == ["North\\Ana", "South\\Ana", "Bo"]


VALUES = [["Participant", "Gender", "Age"], ["P1", "F", "20-29"], ["P2", "F", "30-39"], ["P3", "M", "20-29"]]


@pytest.mark.parametrize("first", ["Participant", "Any word", "Fall "])
def test_values_that_come_again_below_a_first_cell_with_a_word_are_a_sheet_of_values(first: str) -> None:
    assert recognised(table([[first, *VALUES[0][1:]], *VALUES[1:]]))[0] is LAYOUT


def test_other_tables_are_not_taken_for_a_sheet_of_values() -> None:
    long = "She waited six weeks for a letter that never came, and rang twice."
    matrices = [
        [["Participant", "Access", "Trust"], ["P1", long, "no"], ["P2", "", "no"]],
        [["", "Access", "Trust"], ["Ana", "yes", "no"], ["Bo", "no", "no"]],
        [["Participant", "Access"], ["P1", "waited"], ["P2", "rang twice"]],
        [["Participant", "Code"], ["P1", "Access"], ["P1", "Trust"], ["P2", "Access"]],
    ]
    assert [recognised(table(rows))[0].name for rows in matrices] == ["plain-matrix"] * 4
    merged = sheet([["Name", "Care", None], ["", "Bus", "Cost"], ["Ana", "no", "no"]], merged=((0, 1, 0, 2),))
    assert recognised(table(merged))[0].name == "plain-matrix"


def test_nothing_is_lost_in_silence() -> None:
    read = LAYOUT.read(table([["Person", "Age"], ["Ana", 34, "beside"], ["", 12]], [["Notes"]]))
    assert [each.where for each in read.found.all()] == ["", "A1: Person", "row 2", "row 3"]
    assert {each.code for each in read.found.all()} == {"TABLE-NOT-CARRIED"}


def test_two_attributes_of_one_name_are_refused() -> None:
    with pytest.raises(CannotRead, match=r"Two columns have the name “age” \(B and C\)"):
        LAYOUT.read(table([["Person", "Age", "age "], ["Ana", 1, 2]]))


# --- writing ---------------------------------------------------------------------------------------------------------


def hard_study() -> qda.Study:
    m = qda.model
    variables = [m.Variable(guid="V", name="Code no.", type_of_variable="Text")]
    cases = [
        m.Case(
            guid=f"C{number}",
            name=f"{text} {number}",
            variable_values=(m.VariableValue(variable_ref=m.VariableRef(target_guid="V"), text_value=text),),
        )
        for number, text in enumerate([*HARD, HARD[0]])
    ]
    return qda.Study(qda.Project(name="Hard", cases=cases, variables=variables))


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".txt"])
def test_hard_names_and_values_come_back_as_they_were(tmp_path: Path, suffix: str) -> None:
    written = tmp_path / f"cases{suffix}"
    write_cases(hard_study(), written, classification="Person")
    with qda.read(written, layout=LAYOUT.name) as study:
        assert values(study) == values(hard_study())


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".txt"])
def test_the_demo_study_comes_back_with_its_types(tmp_path: Path, suffix: str) -> None:
    written = tmp_path / f"cases{suffix}"
    with qda.read(DEMO) as study:
        losses = write_cases(study, written)
        before = values(study)
        types = {each.name: each.type_of_variable for each in study.project.variables or ()}
    assert [(each.code, each.count, each.kind) for each in losses] == [
        ("CASES-DESCRIPTIONS", 10, "loss"),
        ("CASES-TIME-ZONE", 10, "loss"),
    ]
    assert recognised(open_table(written))[0] is LAYOUT
    with qda.read(written) as study:
        after = values(study)
        read = {each.name: each.type_of_variable for each in study.project.variables or ()}
    moment = "Recording began"
    assert {name: kind for name, kind in read.items() if name != moment} == {
        name: kind for name, kind in types.items() if name != moment
    }
    for case, of in before.items():
        assert {name: value for name, value in after[case].items() if name != moment} == {
            name: value for name, value in of.items() if name != moment
        }
        assert str(after[case][moment][0]) == str(of[moment][0]).removesuffix("+00:00")


def test_the_first_cell_is_the_classification_even_if_an_attribute_has_its_name(tmp_path: Path) -> None:
    m = qda.model
    variables = [
        m.Variable(guid=f"V{at}", name=name, type_of_variable="Text") for at, name in enumerate(["Case", "Age", "Age"])
    ]
    study = qda.Study(qda.Project(name="x", cases=[m.Case(guid="C", name="Ana")], variables=variables))
    told = write_cases(study, tmp_path / "c.xlsx")
    (row, *_) = load_workbook(tmp_path / "c.xlsx")["Cases"].iter_rows(values_only=True)
    assert row == ("Case", "Case", "Age", "Age (2)")
    assert [each.code for each in told] == ["CASES-ATTRIBUTE-TWICE"]


def test_what_nvivo_cannot_tell_apart_or_hold_is_said(tmp_path: Path) -> None:
    m = qda.model
    reference = m.VariableRef(target_guid="V")
    several = tuple(m.VariableValue(variable_ref=reference, text_value=text) for text in ("nurse", "manager"))
    cases = [m.Case(guid="C1", name="Ana", variable_values=several), m.Case(guid="C2", name="Ana", description="again")]
    variables = [m.Variable(guid="V", name="Role", type_of_variable="Text")]
    told = write_cases(qda.Study(qda.Project(name="x", cases=cases, variables=variables)), tmp_path / "c.csv")
    assert [(each.code, each.where) for each in told] == [
        ("CASES-SEVERAL-VALUES", "Ana: Role"),
        ("CASES-NAME-TWICE", "Ana"),
        ("CASES-DESCRIPTIONS", "Ana"),
    ]
    assert "nurse; manager" in (tmp_path / "c.csv").read_text(encoding="utf-8-sig")


def test_a_sheet_of_the_mac_has_a_tab_at_the_end_of_each_line_and_no_column_for_it(tmp_path: Path) -> None:
    file = opened("nvivo-classification-sheet.mac.txt", tmp_path)
    assert file.lines[0].endswith("\t")
    assert LAYOUT.read(file).attributes[-1] == "Wants the summary"
