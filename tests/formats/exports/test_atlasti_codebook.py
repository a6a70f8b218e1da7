"""The codebook for ATLAS.ti, taken in again: the same codes, descriptions and groups."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import qdabridge as qda
from conftest import ROOT
from qdabridge.formats.exports import write_codebook
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup

DEMO = ROOT / "fixtures/demo/demo.qdpx"


def book(study: qda.Study) -> list[tuple[tuple[str, ...], str]]:
    look = Lookup(study)
    return [(tuple(look.names_to(code)), code.description or "") for code in walk.codes(study.project)]


def groups(study: qda.Study) -> dict[str | None, set[tuple[str, ...]]]:
    look = Lookup(study)
    return {
        one.name: {tuple(look.names_to(code)) for ref in one.member_codes if (code := look.code(ref.target_guid))}
        for one in study.project.sets or ()
        if one.member_codes
    }


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_codes_descriptions_and_groups_come_back(tmp_path: Path, ending: str) -> None:
    with qda.read(DEMO) as study:
        told = write_codebook(study, tmp_path / f"book{ending}", layout="atlasti")
        with qda.read(tmp_path / f"book{ending}") as again:
            assert book(again) == book(study)
            assert groups(again) == groups(study)
            assert "ATLAS.ti codebook" in again.findings[-1].message or any(
                "ATLAS.ti codebook" in each.message for each in again.findings
            )
    assert {each.code for each in told} == {"CODEBOOK-COLOR", "CODEBOOK-HEADING"}


def test_a_code_in_two_groups_has_two_columns(tmp_path: Path) -> None:
    m = qda.model
    codes = [m.Code(guid="A", name="Access"), m.Code(guid="B", name="Trust")]
    sets = [m.Set(guid=f"S{name}", name=name, member_codes=(m.CodeRef(target_guid="B"),)) for name in ("One", "Two")]
    study = qda.Study(qda.Project(name="Book", code_book=m.CodeBook(codes=codes), sets=sets))
    write_codebook(study, tmp_path / "book.csv", layout="atlasti")
    with (tmp_path / "book.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["Code", "Code Definition", "Code Group 1", "Code Group 2"],
            ["Access", "", "", ""],
            ["Trust", "", "One", "Two"],
        ]


def test_names_that_will_not_come_back_are_said(tmp_path: Path) -> None:
    m = qda.model
    codes = [
        m.Code(guid="A", name="Access", codes=[m.Code(guid="B", name="Costs")]),
        m.Code(guid="C", name="Access: Costs"),
    ]
    study = qda.Study(qda.Project(name="Book", code_book=m.CodeBook(codes=codes)))
    told = write_codebook(study, tmp_path / "book.csv", layout="atlasti")
    assert [each.code for each in told if each.code != "CODEBOOK-HEADING"] == ["CODEBOOK-COLON", "CODEBOOK-NAME-TWICE"]
