"""`qdabridge matrix` makes what is asked for, in the file that is asked for, or says in a sentence why not."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import qdabridge as qda
from conftest import ROOT
from interviews import code, coded, guid, study, text
from qdabridge.study.model import Set, SourceRef


@pytest.mark.parametrize("asked", [False, True])
def test_atlastis_groups_of_documents_are_attributes_if_asked_for(run: Any, tmp_path: Path, asked: bool) -> None:
    trust = code("Trust")
    ana = text("Ana", "I trusted her.", coded(2, 9, trust))
    carers = Set(guid=guid("carers"), name="Role::Carer", member_sources=(SourceRef(target_guid=ana.guid),))
    qda.write(study(ana, codes=[trust], sets=[carers]), tmp_path / "study.json")
    flags = ["--values-from-sets"] if asked else []
    ended = run("matrix", tmp_path / "study.json", tmp_path / "matrix.xlsx", *flags)
    assert ended.status == 0
    sheets = load_workbook(tmp_path / "matrix.xlsx").worksheets
    cells = [cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row]
    assert (("Role" in cells), ("Carer" in cells)) == (asked, asked)
    assert ("--values-from-sets" in ended.out) != asked


DEMO = ROOT / "fixtures" / "demo" / "demo.qdpx"


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.parametrize("suffix", ["csv", "html", "md", "docx", "json"])
def test_the_ending_of_the_target_says_how_it_is_written(run: Any, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"matrix.{suffix}"
    ended = run("matrix", DEMO, target, "--theme", "Access")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(f"Wrote {target}\n")
    assert target.stat().st_size > 1000


def test_cases_codes_and_cells_are_chosen(run: Any, tmp_path: Path) -> None:
    target = tmp_path / "m.csv"
    chosen = ["--where", "Age>70", "--theme", "Access", "--leaves", "--aggregate", "--cells", "count,row %"]
    assert run("matrix", DEMO, target, *chosen).status == 0
    heading, *rows = rows_of(target)
    assert [row[0] for row in rows] == ["Dilys", "Bernard"]
    assert heading[-1] == "Access \\ Kit and signal \\ Other people's hands: % of row"
    for row in rows:
        shares = [float(value) for name, value in zip(heading, row, strict=True) if name.endswith("% of row") and value]
        assert sum(shares) == pytest.approx(100, abs=0.1)


def test_conditions_make_rows_and_columns(run: Any, tmp_path: Path) -> None:
    target = tmp_path / "m.csv"
    assert run("matrix", DEMO, target, "--rows", "Age>60", "--rows", "Age<=60", "--cells", "cases").status == 0
    assert [row[0] for row in rows_of(target)[1:]] == ["Age > 60", "Age <= 60"]
    assert run("matrix", DEMO, target, "--across", "Age>60", "--across", "Age<=60", "--force").status == 0
    assert rows_of(target)[0] == ["Code", "Groups \\ Age > 60", "Groups \\ Age <= 60"]
    assert run("matrix", DEMO, target, "--across", "Role", "--force").status == 0
    assert rows_of(target)[0][1] == "Role \\ Booking clerk"


def test_codes_by_codes_are_made_and_are_the_same_both_ways(run: Any, tmp_path: Path) -> None:
    target = tmp_path / "m.csv"
    near = ["--together", "near", "--distance", "500"]
    assert run("matrix", DEMO, target, "--across", "codes", "--leaves", *near).status == 0
    heading, *rows = rows_of(target)
    assert heading[1:] == [row[0] for row in rows]
    grid = [[int(value) for value in row[1:]] for row in rows]
    assert grid == [list(column) for column in zip(*grid, strict=True)]
    assert sum(map(sum, grid)) > sum(grid[at][at] for at in range(len(grid)))


def test_quotes_are_worded_as_asked(run: Any, tmp_path: Path) -> None:
    target = tmp_path / "m.csv"
    worded = ["--reference", "({case}, {lines})", "--shorten", "40", "--context", "20", "--merge", "--order", "date"]
    ended = run("matrix", DEMO, target, "--case", "Dilys", "--coder", "NS", "--since", "2024-09-01", *worded)
    assert ended.status == 0
    assert "[…]” " in rows_of(target)[1][11]
    assert re.search(r"” .*\(Dilys, \d+\)", rows_of(target)[1][11], re.DOTALL)
    assert "were shortened as asked" in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--across", "codes", "--rows", "cases"], "With --across the rows are codes. Leave out --rows, or --across."),
        (["--distance", "9"], "--together and --distance are about codes by codes. Add --across codes."),
        (["--where", "Shoe=9"], "The study has no variable “Shoe”. It has "),
        (["--cells", "votes"], "A cell cannot hold “votes”. It can hold summary, quotes, count"),
        (["--reference", "{code}"], "“{code}”: A reference has no field “code”. Its fields are {case}, "),
        (["--rows", "people"], "The study has no variable “people”. A matrix is of cases, sources, users, or "),
        (["--across", "codes", "--cells", "summary"], "Summaries are of cases and codes; other matrices have none."),
        (["--since", "May"], "“May” is no date. Write it like 2024-05-31"),
        (["--theme", "Acess"], "The study has no code “Acess”. Did you mean “Access”?"),
    ],
)
def test_what_does_not_fit_together_is_said_in_a_sentence(run: Any, tmp_path: Path, words: Any, said: str) -> None:
    ended = run("matrix", DEMO, tmp_path / "m.csv", *words)
    assert ended.status == 2
    assert ended.sentence.startswith(said)
    assert list(tmp_path.iterdir()) == []


def test_an_ending_that_nothing_writes_is_refused_before_anything_is_read(run: Any, tmp_path: Path) -> None:
    ended = run("matrix", tmp_path / "missing.qdpx", tmp_path / "m.pdf")
    assert ended.status == 2
    assert ".xlsx, .csv, .html, .htm, .md, .docx, .json" in ended.sentence
