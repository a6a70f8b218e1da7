"""The log: what kinds of names, how often, where, by whom and when, and never an original."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import qdabridge
from qdabridge.deposit.pseudonymising import pseudonymise
from qdabridge.deposit.pseudonymising.key import Entry, Key
from qdabridge.deposit.pseudonymising.log import check_log, write_log
from qdabridge.errors import BadRequest, TargetExists
from qdabridge.study.model import Case, Project, TextSource
from qdabridge.study.study import Study

KEY = Key((Entry("Margaret", "Rose", "person", row=2), Entry("Cardiff", "[city]", "place", row=3)))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def written(path: Path, by: str = "") -> Path:
    text = "Margaret lives in Cardiff, Margaret does."
    sources = [TextSource(guid="s", name="Margaret, at home", plain_text_content=text)]
    cases = [Case(guid="c", name="Margaret", description="of Cardiff")]
    write_log(path, pseudonymise(Study(Project(name="Calls", sources=sources, cases=cases)), KEY).done, by=by)
    return path


def test_it_says_how_often_where_by_whom_and_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    rows = rows_of(written(tmp_path / "log.csv", by="Nerys"))
    told = {(row["kind"], row["pseudonym"], row["place"], row["where"], row["count"]) for row in rows}
    assert told >= {
        ("person", "Rose", "text", "Rose, at home", "2"),
        ("place", "[city]", "text", "Rose, at home", "1"),
        ("person", "Rose", "name of a case", "Rose", "1"),
        ("place", "[city]", "description of a case", "Rose", "1"),
    }
    assert {(row["when"], row["by"], row["with"]) for row in rows} == {
        ("2023-11-14", "Nerys", f"qdabridge {qdabridge.__version__}")
    }


def test_it_never_says_an_original(tmp_path: Path) -> None:
    said = written(tmp_path / "log.csv").read_text(encoding="utf-8-sig").casefold()
    assert "margaret" not in said
    assert "cardiff" not in said


def test_an_old_log_is_not_lost(tmp_path: Path) -> None:
    written(tmp_path / "log.csv")
    with pytest.raises(TargetExists):
        written(tmp_path / "log.csv")


def test_a_log_that_is_no_table_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadRequest):
        check_log(tmp_path / "log.pdf")
