"""Codebooks as QualCoder takes them in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qdabridge as qda
from fixtures.layouts.from_demo import codes
from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.formats.spreadsheet.sheets import open_table
from qdabridge.study import walk
from tables import table
from tablespecimens import of_program, opened, pieces, specimen, told

LAYOUT = layouts()["qualcoder-codebook"]


@pytest.mark.parametrize("name", of_program("qualcoder"))
def test_categories_and_codes_are_there_with_their_memos(name: str, tmp_path: Path) -> None:
    assert recognised(opened(name, tmp_path))[0] is LAYOUT
    read = pieces(name, tmp_path)
    leaves = [(path, text) for path, text in codes() if len(path) == 3]
    loose = [(("Loose end",), "")] if name.endswith(".txt") else []
    assert [(row.path, row.description) for row in read.codes if row.is_codable] == leaves + loose
    assert {row.path for row in read.codes if not row.is_codable} == {path for path, _ in codes() if len(path) < 3}
    assert not told(read)


def test_categories_cannot_be_coded_with(tmp_path: Path) -> None:
    with qda.read(specimen("qualcoder-codebook.text.txt", tmp_path)) as study:
        codable = {code.name: code.is_codable for code in walk.codes(study.project)}
        assert codable["Access"] is False
        assert codable["Journeys"] is True


def test_a_name_that_is_category_and_code_can_be_coded_with() -> None:
    read = LAYOUT.read(table([["Access>>Costs", ""], ["Access", "Getting there."]]))
    assert {row.path: row.is_codable for row in read.codes}[("Access",)] is True


def test_commas_in_memos_are_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text("Access>>Costs\tbus, train, taxi\nAccess>>Time\tdays, weeks, years\n", encoding="utf-8")
    read = LAYOUT.read(open_table(path))
    assert [row.description for row in read.codes if row.is_codable] == ["bus, train, taxi", "days, weeks, years"]


def test_mail_with_quoted_lines_is_no_codebook() -> None:
    file = table([[">> I waited"], [">> six weeks"], ["So did I."]], kind="text", path="mail.txt")
    assert LAYOUT.recognises(file).score == 0


@pytest.mark.parametrize("rows", [[[]], [["x" * 500]]])
def test_what_has_no_names_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(CannotRead, match="This cannot be read as QualCoder codebook"):
        LAYOUT.read(table(rows))


_NAME = st.text("abc ÄŁ😀-.", min_size=1, max_size=8).map(str.strip).filter(bool)


@given(st.lists(st.lists(_NAME, min_size=1, max_size=4).map(tuple), min_size=1, max_size=8, unique=True))
def test_every_path_comes_back(paths: list[tuple[str, ...]]) -> None:
    read = LAYOUT.read(table([[">>".join(path), f"memo {at}"] for at, path in enumerate(paths)]))
    assert [row.path for row in read.codes if row.description] == paths
    assert {row.path for row in read.codes if row.is_codable} == set(paths)
