"""Lines of JSON: names are the headings, and every value is as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.json import encode

from qdabridge.errors import CannotRead, TooLarge
from qdabridge.formats.spreadsheet.sheets import open_table, trimmed
from qdabridge.limits import Limits


def lines(folder: Path, *written: str) -> Path:
    path = folder / "table.jsonl"
    path.write_text("".join(f"{line}\n" for line in written), encoding="utf-8", newline="")
    return path


def test_each_object_is_a_row_and_its_names_are_the_headings(tmp_path: Path) -> None:
    file = open_table(lines(tmp_path, '{"case": "Ana", "age": 41}', "", '{"age": 7.5, "case": "Bo", "moved": true}'))
    assert file.sheets[0].rows == [("case", "age", "moved"), ("Ana", 41), ("Bo", 7.5, True)]


def test_the_ends_of_lines_that_only_unicode_knows_end_no_line(tmp_path: Path) -> None:
    file = open_table(lines(tmp_path, '{"text": "one\u2028two\u0085three\x0c"}'.replace("\x0c", "\\f")))
    assert file.sheets[0].rows[1] == ("one\u2028two\u0085three\x0c",)


def test_a_file_from_windows_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"case": "Zo\xc3\xab"}\r\n{"case": null}\r\n')
    assert open_table(path).sheets[0].rows == [("case",), ("Zoë",)]


@pytest.mark.parametrize("line", ["[1]", "{", '"a"', "Ana", '{"a": 1} {"a": 2}'])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(CannotRead, match=r"line 2: Each line of such a file is a JSON object, and this one is none"):
        open_table(lines(tmp_path, '{"a": 1}', line))


@pytest.mark.parametrize("value", ["[1]", '{"b": 1}'])
def test_more_than_one_value_in_a_cell_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(CannotRead, match=r"line 1: A table has one value in each cell"):
        open_table(lines(tmp_path, f'{{"a": {value}}}'))


def test_far_too_deep_is_no_object_and_nothing_worse(tmp_path: Path) -> None:
    with pytest.raises(CannotRead):
        open_table(lines(tmp_path, '{"a": ' + "[" * 100_000))


def test_a_table_that_merely_begins_with_a_brace_is_none(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("{Name},Access\nAna,I waited.\n", encoding="utf-8")
    assert open_table(path).sheets[0].rows == [("{Name}", "Access"), ("Ana", "I waited.")]


def test_beyond_the_limit_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        open_table(lines(tmp_path, '{"a": "long"}'), Limits(workbook=5))


_VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8"))


@given(st.lists(st.tuples(_VALUES, _VALUES, st.text("ab", min_size=1)), min_size=1, max_size=5))
def test_every_value_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]]) -> None:
    path = tmp_path_factory.mktemp("lines") / "table.jsonl"
    path.write_bytes(b"".join(encode(dict(zip("abc", row, strict=True))) + b"\n" for row in rows))
    assert open_table(path).sheets[0].rows == [("a", "b", "c"), *map(trimmed, rows)]
