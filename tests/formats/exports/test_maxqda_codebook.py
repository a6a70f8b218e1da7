"""The codebook for MAXQDA: what it takes in, and taken in again the same codes and descriptions."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qdabridge as qda
from conftest import ROOT
from qdabridge.findings import Finding
from qdabridge.formats.exports import write_codebook
from qdabridge.formats.exports.maxqda_codebook import rows_for_maxqda
from qdabridge.matrix.codebook import Usage, codebook_of
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup

DEMO = ROOT / "fixtures/demo/demo.qdpx"
m = qda.model


def study(*codes: m.Code, sets: list[m.Set] | None = None) -> qda.Study:
    return qda.Study(qda.Project(name="Book", code_book=m.CodeBook(codes=list(codes)), sets=sets))


def rows(of: qda.Study) -> tuple[list[str], list[Finding]]:
    look = Lookup(of)
    _, written, told = rows_for_maxqda(of.project, codebook_of(look, Usage(look)))
    return [str(row[0]) for row in written], told


def test_the_workbook_is_what_maxqda_takes_in(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    access = m.Code(guid="A", name="Access", description="Getting in.", codes=[m.Code(guid="B", name="Costs")])
    assert write_codebook(study(access), tmp_path / "book.xlsx", layout="maxqda") == []
    book = load_workbook(tmp_path / "book.xlsx")
    assert [[cell or "" for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)] == [
        ["Code", "Memo"],
        ["Access", "Getting in."],
        ["Access > Costs", ""],
    ]


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_codes_and_descriptions_come_back(tmp_path: Path, ending: str) -> None:
    with qda.read(DEMO) as demo:
        told = write_codebook(demo, tmp_path / f"book{ending}", layout="maxqda")
        with qda.read(tmp_path / f"book{ending}") as again:
            assert book(again) == book(demo)
            assert any("MAXQDA codes and memos" in each.message for each in again.findings)
    codes = {each.code for each in told}
    assert codes - {"CODEBOOK-NOT-EXCEL"} == {"CODEBOOK-COLOR", "CODEBOOK-HEADING", "CODEBOOK-GROUPS"}
    assert ("CODEBOOK-NOT-EXCEL" in codes) == (ending != ".xlsx")


def book(of: qda.Study) -> list[tuple[tuple[str, ...], str]]:
    look = Lookup(of)
    return [(tuple(look.names_to(code)), code.description or "") for code in walk.codes(of.project)]


def test_a_name_of_63_characters_is_whole_and_one_of_64_is_cut_and_it_is_said_once() -> None:
    inner = m.Code(guid="C", name="inner")
    written, told = rows(study(m.Code(guid="A", name="a" * 63), m.Code(guid="B", name="b" * 64, codes=[inner])))
    assert written == ["a" * 63, "b" * 63, "b" * 63 + " > inner"]
    assert [(each.code, each.kind, each.where, each.count) for each in told] == [
        ("CODEBOOK-NAME-CUT", "loss", "b" * 64, 1)
    ]


def test_an_emoji_is_not_cut_in_half() -> None:
    written, _ = rows(study(m.Code(guid="A", name="a" * 62 + "😀😀")))
    assert written == ["a" * 62]


def test_two_names_that_are_one_when_cut_are_said() -> None:
    _, told = rows(study(m.Code(guid="A", name="a" * 63 + "1"), m.Code(guid="B", name="a" * 63 + "2")))
    assert [(each.code, each.count) for each in told] == [("CODEBOOK-NAME-CUT", 2), ("CODEBOOK-NAME-TWICE", 1)]


def test_the_signs_between_codes_are_others_in_names_and_it_is_said() -> None:
    written, told = rows(study(m.Code(guid="A", name="Cost > benefit"), m.Code(guid="B", name="in\\out")))
    assert written == ["Cost › benefit", "in/out"]
    assert [(each.code, each.count) for each in told] == [("CODEBOOK-SIGN", 2)]


def test_sets_of_codes_are_said_not_to_be_in_it() -> None:
    sets = [
        m.Set(guid="S", name="Paper", member_codes=(m.CodeRef(target_guid="A"),)),
        m.Set(guid="T", name="People", member_sources=(m.SourceRef(target_guid="X"),)),
    ]
    _, told = rows(study(m.Code(guid="A", name="Access"), sets=sets))
    assert [(each.code, each.where) for each in told] == [("CODEBOOK-GROUPS", "Paper")]


def test_as_anything_but_excel_it_is_said_that_maxqda_does_not_take_it_in(tmp_path: Path) -> None:
    told = write_codebook(study(m.Code(guid="A", name="Access")), tmp_path / "book.csv", layout="maxqda")
    assert [each.code for each in told] == ["CODEBOOK-NOT-EXCEL"]
    with (tmp_path / "book.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [["Code", "Memo"], ["Access", ""]]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=80), max_size=6))
def test_no_name_makes_another_level_or_is_longer_than_maxqda_takes(names: list[str]) -> None:
    written, _ = rows(study(*(m.Code(guid=f"{number:X}", name=name) for number, name in enumerate(names))))
    assert len(written) == len(names)
    for name in written:
        assert ">" not in name
        assert "\\" not in name
        assert len(name.encode("utf-16-le")) <= 2 * 63
