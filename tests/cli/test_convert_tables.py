"""`qdabridge convert` with a table: a study comes out, and what went wrong is one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import qdabridge
from conftest import ROOT
from meetings import list_of
from qdabridge.study.summaries import summaries_of
from tables import workbook

LONG = "She waited six weeks for a letter that never came, and rang twice 😀."
ROWS = [
    ["Name", "Age", "Access"],
    ["Ana", 34, LONG],
    ["007", 41, "=1+1 is what she said, and no more than that, all day."],
]


def test_a_matrix_becomes_a_study_and_it_is_said_how_it_was_read(run, tmp_path: Path) -> None:
    table = workbook(tmp_path / "matrix.xlsx", [ROWS[0], ROWS[1]], "Framework")
    ended = run("convert", table, tmp_path / "study.qdpx")
    assert ended.status == 0
    assert "The table was read as “matrix made by hand”" in ended.err + ended.out
    with qdabridge.read(tmp_path / "study.qdpx") as study:
        assert [summary.text for summary in summaries_of(study).values()] == [LONG]
        assert study.project.cases[0].variable_values[0].integer_value == 34
    assert not qdabridge.check(tmp_path / "study.qdpx")


def test_the_same_matrix_gives_the_same_study_as_csv(run, tmp_path: Path) -> None:
    table = workbook(tmp_path / "matrix.xlsx", ROWS[:2])
    text = tmp_path / "matrix.csv"
    text.write_bytes(f'Name;Age;Access\r\nAna;34;"{LONG}"\r\n'.encode("utf-16"))
    for source in (table, text):
        assert run("convert", source, source.with_suffix(f"{source.suffix}.json")).status == 0
    one, other = (
        json.loads((tmp_path / f"matrix{suffix}.json").read_text(encoding="utf-8"))["project"]
        for suffix in (".xlsx", ".csv")
    )
    for project in (one, other):
        del project["creationDateTime"], project["modifiedDateTime"]
        for note in project["notes"]:
            del note["creationDateTime"], note["modifiedDateTime"]
    assert [code["name"] for code in one["codeBook"]["codes"]] == ["Access"]
    # Numbers in a text are text in a cell: there the short values are what makes a column an attribute.
    assert one == other


def test_a_table_that_is_not_known_is_refused_with_what_is_in_it(run, tmp_path: Path) -> None:
    table = workbook(tmp_path / "odd.xlsx", [["only one column"], ["and nothing beside it"]])
    ended = run("convert", table, tmp_path / "study.qdpx")
    assert ended.status == 3
    assert "No layout fits this table." in ended.sentence
    assert "only one column / and nothing beside it" in ended.sentence
    assert not (tmp_path / "study.qdpx").exists()


def test_an_unknown_layout_is_answered_with_the_known_ones(run, tmp_path: Path) -> None:
    ended = run("convert", workbook(tmp_path / "m.xlsx", ROWS), tmp_path / "s.qdpx", "--layout", "excel")
    assert ended.status == 2
    assert "plain-matrix" in ended.sentence


def test_a_layout_is_for_tables_only(run, tmp_path: Path, study: Path) -> None:
    ended = run("convert", study, tmp_path / "s.json", "--layout", "plain-matrix")
    assert ended.status == 2
    assert "for tables" in ended.sentence


def test_positions_are_no_matter_of_tables(run, tmp_path: Path) -> None:
    ended = run("convert", workbook(tmp_path / "m.xlsx", ROWS), tmp_path / "s.qdpx", "--positions", "utf16")
    assert ended.status == 2
    assert "Positions in tables" in ended.sentence


def test_a_workbook_of_ours_is_charted_and_not_converted(run, tmp_path: Path, study: Path) -> None:
    ours = tmp_path / "matrix.xlsx"
    assert run("matrix", study, ours).status == 0
    ended = run("convert", ours, tmp_path / "s.qdpx")
    assert ended.status == 2
    assert "qdabridge chart" in ended.sentence


def test_a_list_for_the_meeting_is_reconciled_and_not_converted(run, tmp_path: Path) -> None:
    with qdabridge.read(ROOT / "fixtures" / "demo" / "demo.qdpx") as demo:
        table = list_of(tmp_path / "meet.xlsx", demo)
    ended = run("convert", table, tmp_path / "back.qdpx")
    assert ended.status == 2
    assert "qdabridge reconcile STUDY" in ended.sentence


def test_a_study_is_not_written_as_a_workbook_by_convert(run, tmp_path: Path, study: Path) -> None:
    ended = run("convert", study, tmp_path / "s.xlsx")
    assert ended.status == 2
    assert "qdabridge matrix" in ended.sentence
