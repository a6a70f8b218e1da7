"""Tables in Markdown: each is a sheet, and every cell is as it was before the signs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdabridge.errors import TooLarge
from qdabridge.formats.exports.codebook import _write_markdown
from qdabridge.formats.spreadsheet.sheets import TableFile, open_table
from qdabridge.limits import Limits


def read(folder: Path, text: str, name: str = "table.md") -> TableFile:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return open_table(path)


def test_cells_stand_between_bars(tmp_path: Path) -> None:
    file = read(tmp_path, "| Code | Memo |\n| --- | :-: |\n| Access |  |\n|Costs|\tHigh.  |\n")
    assert file.sheets[0].rows == [("Code", "Memo"), ("Access",), ("Costs", "High.")]


def test_signs_in_cells_are_what_they_stand_for(tmp_path: Path) -> None:
    written = r"| a \| b | C:\data\\ | one<br>two<br/>three | &lt;br&gt; &amp;lt; | \*not bold\* |"
    file = read(tmp_path, f"| 1 | 2 | 3 | 4 | 5 |\n|---|---|---|---|---|\n{written}\n")
    assert file.sheets[0].rows[1] == ("a | b", "C:\\data\\", "one\ntwo\nthree", "<br> &lt;", "*not bold*")


def test_each_table_is_a_sheet_and_the_words_around_are_lines(tmp_path: Path) -> None:
    file = read(tmp_path, "# Codes\r\n\r\n| a |\r\n| - |\r\n| 1 |\r\n\r\nAnd\r\n\r\n| b |\r\n| - |\r\n")
    assert [sheet.rows for sheet in file.sheets] == [[("a",), ("1",)], [("b",)]]
    assert [line for line in file.lines if line] == ["# Codes", "And"]


def test_words_without_a_table_are_read_as_before(tmp_path: Path) -> None:
    file = read(tmp_path, "# Ana\n\nI waited | and waited.\n")
    assert file.kind == "text"
    assert file.lines == ["# Ana", "", "I waited | and waited."]


def test_what_the_file_is_called_makes_no_difference(tmp_path: Path) -> None:
    assert read(tmp_path, "| Code | Memo |\n| --- | --- |\n| Access | x |\n", "table.txt").kind == "document"


def test_bars_without_a_line_of_dashes_are_separated_text(tmp_path: Path) -> None:
    file = read(tmp_path, "| Code | Memo |\n| Access | x |\n", "table.csv")
    assert file.separator == "|"


def test_beyond_the_limit_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.md"
    path.write_text("| Code |\n| --- |\n", encoding="utf-8")
    with pytest.raises(TooLarge):
        open_table(path, Limits(workbook=5))


_CELL = st.text(st.sampled_from("a |\\<>&\n*_`;b") | st.characters(codec="utf-8", exclude_categories=["Cc", "Zs"]))


@given(st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=4))
def test_what_the_codebook_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("book") / "book.md"
    _write_markdown(path, ["one", "two"], [(f"<{a}>", f"<{b}>") for a, b in rows], overwrite=False)
    assert open_table(path).sheets[0].rows[1:] == [(f"<{a}>", f"<{b}>") for a, b in rows]
