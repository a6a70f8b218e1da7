"""Workbooks that qdabridge wrote, read as rows: long texts are whole again, and moments have their time zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from qdabridge.formats.exports.table_file import write_table
from qdabridge.formats.spreadsheet.sheets import open_table
from tables import workbook

LONG = "\n\n".join(f"Paragraph {number}. " + "She waited and waited. " * 40 for number in range(80)) + "\n the end 😀"


def test_a_text_that_no_cell_holds_is_whole_again(tmp_path: Path) -> None:
    told = write_table(tmp_path / "t.xlsx", "T", ["a", "b"], [("one", LONG), (LONG[::-1], "two")], overwrite=False)
    assert [(each.code, each.count) for each in told] == [("CELL-CONTINUED", 2)]
    file = open_table(tmp_path / "t.xlsx")
    assert [(sheet.name, sheet.rows) for sheet in file.sheets] == [
        ("T", [("a", "b"), ("one", LONG), (LONG[::-1], "two")])
    ]


def test_the_same_text_in_two_cells_is_whole_in_both(tmp_path: Path) -> None:
    write_table(tmp_path / "t.xlsx", "T", ["a"], [(LONG,), ("x",), (LONG,)], overwrite=False)
    assert open_table(tmp_path / "t.xlsx").sheets[0].rows[1:] == [(LONG,), ("x",), (LONG,)]


def test_where_somebody_changed_the_other_sheet_a_cell_stays_as_it_is(tmp_path: Path) -> None:
    write_table(tmp_path / "t.xlsx", "T", ["a"], [(LONG,)], overwrite=False)
    book = load_workbook(tmp_path / "t.xlsx")
    book["Continued"].delete_rows(2)
    book.save(tmp_path / "t.xlsx")
    (cell,) = open_table(tmp_path / "t.xlsx").sheets[0].rows[1]
    assert str(cell).endswith("… continues on sheet ‘Continued’, row 2")


def test_a_sheet_that_is_merely_called_so_is_a_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["a"], ["x\n\n… continues on sheet ‘Continued’, row 2"]], "Continued")
    assert len(open_table(path).sheets[0].rows) == 2


@pytest.mark.parametrize("row", ["0", "1", "9999999"])
def test_a_row_that_is_not_there_is_not_looked_for(tmp_path: Path, row: str) -> None:
    write_table(tmp_path / "t.xlsx", "T", ["a"], [(LONG,)], overwrite=False)
    book = load_workbook(tmp_path / "t.xlsx")
    said = f"x\n\n… continues on sheet ‘Continued’, row {row}"
    book["T"]["A2"] = said
    book.save(tmp_path / "t.xlsx")
    assert open_table(tmp_path / "t.xlsx").sheets[0].rows[1] == (said,)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab _x0D😀\n"), min_size=1, max_size=40), min_size=1, max_size=3))
def test_whatever_is_in_it_a_long_text_is_whole_again(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    path = tmp_path_factory.mktemp("long") / "t.xlsx"
    rows = [(word * (40_000 // len(word)),) for word in words]
    write_table(path, "T", ["a"], rows, overwrite=False)
    assert open_table(path).sheets[0].rows[1:] == rows


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=3, minutes=30)), None])
def test_a_moment_keeps_its_time_zone(tmp_path: Path, zone: timezone | None) -> None:
    moment = datetime(2024, 3, 1, 9, 40, 5, tzinfo=zone)
    write_table(tmp_path / "t.xlsx", "T", ["a"], [(moment,)], overwrite=False)
    (read,) = open_table(tmp_path / "t.xlsx").sheets[0].rows[1]
    assert isinstance(read, datetime)
    assert (read, read.tzinfo) == (moment, zone)
