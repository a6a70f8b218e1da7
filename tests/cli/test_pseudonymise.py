"""`qdabridge pseudonymise`: as a person uses it, and what it says when something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import qdabridge as qda
from conftest import ROOT

DEMO = ROOT / "fixtures" / "demo" / "demo.qdpx"
KEY = "find,replace,kind,scope,match\nDilys,Rose,person,,\nNerys Stanway,Coder A,person,,\n"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.csv"
    path.write_text(KEY, encoding="utf-8")
    return path


def test_names_go_a_log_is_beside_it_and_nothing_is_left(run, tmp_path: Path, key: Path) -> None:
    ended = run("pseudonymise", DEMO, key, tmp_path / "safe.qdpx", "--by", "Me")
    assert ended.status == 0
    assert "Rose" in ended.out
    assert "Dilys" not in ended.out + ended.err
    assert "Dilys" not in (tmp_path / "safe-pseudonymisation-log.csv").read_text(encoding="utf-8-sig")
    with qda.read(tmp_path / "safe.qdpx") as safe:
        assert next(case.name for case in safe.project.cases or ()) == "Rose"
    again = run("pseudonymise", tmp_path / "safe.qdpx", key, "--verify")
    assert again.status == 0
    assert "still there" not in again.out
    assert "part of a name" in again.out  # Nerys, without Stanway
    before = run("pseudonymise", DEMO, key, "--verify")
    assert before.status == 1
    assert "still there" in before.out


def test_a_dry_run_writes_nothing(run, tmp_path: Path, key: Path) -> None:
    ended = run("pseudonymise", DEMO, key, "--dry-run", "--json")
    assert ended.status == 0
    told = json.loads(ended.out)
    assert told["target"] is None
    assert {each["replace"] for each in told["replaced"]} == {"Rose", "Coder A"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key.csv"]


def test_a_proposal_is_written_and_kept_from_others(run, tmp_path: Path) -> None:
    ended = run("pseudonymise", DEMO, "--scan", tmp_path / "key.xlsx")
    assert ended.status == 0
    assert "keep it away" in ended.out
    assert (tmp_path / "key.xlsx").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n", "no key"),
        (b"find,replace\n,x\n", "nothing to be found"),
        (b'find,replace,match\n"(a",x,regex\n', "regular expression is wrong"),
        (b'find,replace,match\n"(a+)+",x,regex\n', "for ever"),
        (b"find,replace\nMargr\xe9t,x\n", "not UTF-8"),
        (b"find,replace,scope\nDilys,x,Nobody\n", "Nobody"),
    ],
)
def test_a_bad_key_is_said_in_one_sentence_and_nothing_is_written(
    run, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "key.csv").write_bytes(content)
    ended = run("pseudonymise", DEMO, tmp_path / "key.csv", tmp_path / "safe.qdpx")
    assert ended.status in (2, 3)
    assert said in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert not (tmp_path / "safe.qdpx").exists()


def test_it_asks_for_what_is_missing(run, key: Path) -> None:
    assert run("pseudonymise", DEMO).status == 2
    assert run("pseudonymise", DEMO, key).status == 2


def test_the_key_is_never_overwritten_by_the_log_and_a_scan_replaces_nothing(run, tmp_path: Path, key: Path) -> None:
    before = key.read_bytes()
    ended = run("pseudonymise", DEMO, key, tmp_path / "safe.qdpx", "--log", key, "--force")
    assert (ended.status, key.read_bytes()) == (2, before)
    assert run("pseudonymise", DEMO, key, "--scan", tmp_path / "new.xlsx").status == 2
