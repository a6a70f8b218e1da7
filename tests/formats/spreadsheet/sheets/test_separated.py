"""CSV and other text: the encoding and the separator are found, and every cell is as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdabridge.errors import CannotRead, TooLarge
from qdabridge.formats.spreadsheet.sheets import open_table
from qdabridge.limits import Limits

ROWS = [
    ("Dokumentname", "Code", "Segment"),
    ("Łucja 😀", "Zugang > Wege", 'Sie sagte: "Ja, später; vielleicht"\nund ging.'),
]


def written(path: Path, rows: list[tuple[str, ...]], separator: str, encoding: str) -> Path:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(rows)
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_same_rows_come_from_every_separator_and_encoding(tmp_path: Path, separator: str, encoding: str) -> None:
    file = open_table(written(tmp_path / "table.csv", ROWS, separator, encoding))
    assert file.sheets[0].rows == ROWS
    assert file.separator == separator
    assert not file.found


def test_what_is_no_unicode_is_read_as_windows_1252_and_this_is_said(tmp_path: Path) -> None:
    rows = [("Code", "Mémo"), ("Accès", "Elle n’a pas attendu – non.")]
    file = open_table(written(tmp_path / "table.csv", rows, ";", "cp1252"))
    assert file.sheets[0].rows == rows
    assert [finding.code for finding in file.found] == ["TABLE-ENCODING"]


def test_the_separator_that_the_first_line_names_is_taken_and_the_line_left_out(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("sep=;\nCode;Memo, or not\nAccess;a, b, c\n", encoding="utf-8")
    assert open_table(path).sheets[0].rows == [("Code", "Memo, or not"), ("Access", "a, b, c")]


def test_prose_is_lines_and_not_a_table_of_clauses(tmp_path: Path) -> None:
    path = tmp_path / "coded.txt"
    lines = [
        "<Files\\\\Ana> - § 1 reference coded  [4.31% Coverage]",
        "",
        "Reference 1 - 4.31% Coverage",
        "",
        "Yes, I did.",
    ]
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode("utf-16"))
    file = open_table(path)
    assert file.lines == lines
    assert file.separator == ""
    assert file.sheets[0].rows[4] == ("Yes, I did.",)


def test_a_tab_at_the_end_of_each_line_makes_no_column(tmp_path: Path) -> None:
    path = tmp_path / "cases.txt"
    path.write_bytes(b"Participant\tGender\tAge\t\r\nP11\tF\t20-29\t\r\nP12\tM\t007\t\r\n")
    rows = open_table(path).sheets[0].rows
    assert rows == [("Participant", "Gender", "Age"), ("P11", "F", "20-29"), ("P12", "M", "007")]


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("Code\nAccess\n", encoding="utf-8")
    assert open_table(path).sheets[0].rows == [("Code",), ("Access",)]


def test_a_cell_may_be_longer_than_the_csv_module_allows_at_first(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    file = open_table(written(tmp_path / "t.csv", [("Code", "Quote"), ("Access", "word " * 50_000)], ",", "utf-8"))
    assert len(str(file.sheets[0].rows[1][1])) == 250_000
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"{\\rtf1 a table}", "a rich text file"),
        (b"\xef\xbb\xbf<!DOCTYPE html><table>", "a web page"),
        (b"<html><table></table></html>", "a web page"),
        (b"a,b\0c,d", "no text"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(CannotRead, match=kind):
        open_table(path)


def test_a_table_without_anything_in_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b",,\r\n,,\r\n")
    with pytest.raises(CannotRead, match="no cell has anything in it"):
        open_table(path)


def test_a_table_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\n" * 100)
    with pytest.raises(TooLarge, match="workbook"):
        open_table(path, Limits(workbook=100))


CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff"), min_size=1).filter(
    # An apostrophe before a formula is no part of a cell.
    lambda cell: not (cell.startswith("'") and cell[1:].lstrip()[:1] in tuple("=+-@"))
)


@pytest.mark.parametrize(
    ("stored", "cell"),
    [("'=1+1", "=1+1"), ("' -no", " -no"), ("'@x", "@x"), ("'tis", "'tis"), ("''=1", "''=1"), ("=1", "=1"), ("'", "'")],
)
def test_an_apostrophe_before_a_formula_is_no_part_of_a_cell(tmp_path: Path, stored: str, cell: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"code,memo\n{stored},x\n", encoding="utf-8")
    assert open_table(path).sheets[0].rows == [("code", "memo"), (cell, "x")]


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=4, max_size=8),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_quoted_cells_come_back_whatever_is_in_them(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], separator: str
) -> None:
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    file = open_table(path)
    assert file.separator == separator
    assert file.sheets[0].rows == rows
