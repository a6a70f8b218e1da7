"""Codebook, codings and cases come out with every name and value intact."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from docx import Document

import qdabridge as qda
from conftest import ROOT
from qdabridge.errors import BadRequest
from qdabridge.formats.exports import write_cases, write_codebook, write_codings
from qdabridge.formats.exports.codings import COLUMNS
from qdabridge.study.lookup import Lookup

DEMO = ROOT / "fixtures/demo/demo.qdpx"
HARD = ["007", "1-5", "2024-03-01", "Zoë Őry", "😀 pain", "a\nb", "1e5"]


def hard_study() -> qda.Study:
    m = qda.model
    variable = m.Variable(guid="V", name="Code no.", type_of_variable="Text")
    cases = [
        m.Case(
            guid=f"C{number}",
            name=text,
            variable_values=(m.VariableValue(variable_ref=m.VariableRef(target_guid="V"), text_value=text),),
        )
        for number, text in enumerate([*HARD, "=1+1"])
    ]
    codes = [m.Code(guid=f"K{number}", name=text, is_codable=True) for number, text in enumerate([*HARD, "=1+1"])]
    return qda.Study(qda.Project(name="Hard", cases=cases, variables=[variable], code_book=m.CodeBook(codes=codes)))


def text_of(path: Path) -> str:
    if path.suffix == ".xlsx":
        return "\n".join(str(cell.value) for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row)
    if path.suffix == ".docx":
        return "\n".join(cell.text for row in Document(str(path)).tables[0].rows for cell in row.cells)
    return path.read_text(encoding="utf-8")


def separated(path: Path, separator: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream, delimiter=separator))


def test_a_workbook_keeps_every_name_and_value_as_text(tmp_path: Path) -> None:
    write_cases(hard_study(), tmp_path / "c.xlsx", classification="Person")
    rows = list(openpyxl.load_workbook(tmp_path / "c.xlsx")["Cases"].iter_rows())
    assert [cell.value for cell in rows[0]] == ["Person", "Code no."]
    assert [[cell.value for cell in row] for row in rows[1:]] == [[text, text] for text in [*HARD, "=1+1"]]
    assert {cell.data_type for row in rows[1:] for cell in row} <= {"s", "inlineStr"}


@pytest.mark.parametrize(("suffix", "separator"), [(".csv", ","), (".txt", "\t")])
def test_separated_cases_are_intact_and_formulas_are_said_to_be_text(
    tmp_path: Path, suffix: str, separator: str
) -> None:
    path = tmp_path / f"c{suffix}"
    told = write_cases(hard_study(), path)
    assert separated(path, separator)[1:] == [[text, text] for text in [*HARD, "'=1+1"]]
    assert [each.code for each in told] == ["FORMULA-AS-TEXT"]


def test_codings_have_the_agreed_columns_and_every_reference(tmp_path: Path) -> None:
    with qda.read(DEMO) as study:
        write_codings(study, tmp_path / "c.csv")
        write_codings(study, tmp_path / "c.jsonl")
        look = Lookup(study)
        expected = [look.text_of(each) for each in look.references() if not look.is_case(each.code)]
    heading, *rows = separated(tmp_path / "c.csv")
    assert tuple(heading[: len(COLUMNS)]) == COLUMNS
    lines = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len(lines) == len(expected)
    assert {each["text"] for each in lines if each["text"]} <= set(expected)


def test_parquet_has_the_same_rows_and_numbers_as_numbers(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    with qda.read(DEMO) as study:
        write_codings(study, tmp_path / "c.parquet")
        write_codings(study, tmp_path / "c.jsonl")
        write_codings(study, tmp_path / "p.parquet", presence=True)
    lines = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text(encoding="utf-8").splitlines()]
    packed = polars.read_parquet(tmp_path / "c.parquet")
    assert packed.select("case", "start", "text").to_dicts() == [
        {name: line[name] for name in ("case", "start", "text")} for line in lines
    ]
    assert packed.schema["start"] == polars.Int64
    assert {*polars.read_parquet(tmp_path / "p.parquet").to_series(-1)} <= {0, 1}


def test_parquet_of_nothing_still_has_its_columns(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    write_codings(qda.Study(qda.Project(name="Nothing")), tmp_path / "c.parquet")
    assert tuple(polars.read_parquet(tmp_path / "c.parquet").columns) == COLUMNS


def test_presence_has_a_column_of_0_and_1_for_each_code(tmp_path: Path) -> None:
    with qda.read(DEMO) as study:
        write_codings(study, tmp_path / "p.csv", presence=True)
        codes = [Lookup(study).path_of(code) for code in Lookup(study).themes]
    heading, *rows = separated(tmp_path / "p.csv")
    assert heading[-len(codes) :] == codes
    assert all(set(row[-len(codes) :]) <= {"0", "1"} and "1" in row[-len(codes) :] for row in rows)


@pytest.mark.parametrize("layout", ["plain", "nvivo", "maxqda", "atlasti"])
@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".docx", ".md"])
def test_every_layout_of_the_codebook_is_written_in_every_format(tmp_path: Path, layout: str, suffix: str) -> None:
    path = tmp_path / f"b{suffix}"
    write_codebook(hard_study(), path, layout=layout)
    shown = text_of(path)
    assert all(name in shown for name in HARD if "\n" not in name)


def test_the_codebook_comes_back_from_qdc(tmp_path: Path) -> None:
    write_codebook(hard_study(), tmp_path / "b.qdc")
    with qda.read(tmp_path / "b.qdc") as study:
        assert [code.name for code in Lookup(study).codes] == [*HARD, "=1+1"]


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="cannot be written"):
        write_cases(hard_study(), tmp_path / "c.pdf")
