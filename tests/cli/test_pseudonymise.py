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


def test_the_study_itself_is_never_overwritten(run, tmp_path: Path, key: Path) -> None:
    study, table = tmp_path / "study.qdpx", tmp_path / "codings.csv"
    study.write_bytes(DEMO.read_bytes())
    run("codings", DEMO, table)
    before = study.read_bytes(), table.read_bytes()
    assert run("pseudonymise", study, key, study, "--force").status == 2
    assert run("pseudonymise", table, "--scan", table, "--force").status == 2
    assert (study.read_bytes(), table.read_bytes()) == before


@pytest.mark.parametrize("other", ["--dry-run", "--verify"])
def test_a_scan_is_not_written_where_nothing_is_to_be(run, tmp_path: Path, other: str) -> None:
    assert run("pseudonymise", DEMO, "--scan", tmp_path / "key.csv", other).status == 2
    assert not (tmp_path / "key.csv").exists()


def test_what_is_left_is_a_table_for_people_and_json_for_programs(run, key: Path) -> None:
    ended = run("pseudonymise", DEMO, key, "--verify")
    assert ended.status == 1
    assert "still there" in ended.out
    told = json.loads(run("pseudonymise", DEMO, key, "--verify", "--json").out)
    assert {(each["how"], each["word"]) for each in told["left"]} >= {("name", "Dilys"), ("part", "Nerys")}
    assert {each["code"] for each in told["findings"]} == {"UNCHANGEABLE"}


def test_nothing_is_written_while_verifying(run, tmp_path: Path, key: Path) -> None:
    assert run("pseudonymise", DEMO, key, tmp_path / "out.qdpx", "--verify").status == 2
    assert not (tmp_path / "out.qdpx").exists()


def test_a_proposal_that_is_filled_in_is_taken_as_the_key(run, tmp_path: Path) -> None:
    path = tmp_path / "key.csv"
    ended = run("pseudonymise", DEMO, "--scan", path, "--json")
    assert json.loads(ended.out)["proposals"] > 30
    path.write_text(path.read_text("utf-8-sig").replace("\nDilys,,", "\nDilys,Rose,"), "utf-8")
    ended = run("pseudonymise", DEMO, path, tmp_path / "safe.qdpx")
    assert ended.status == 0
    assert "has no replacement" in ended.out
    with qda.read(tmp_path / "safe.qdpx") as safe:
        assert "01 Rose" in [source.name for source in safe.project.sources or ()]


def test_what_cannot_be_changed_is_told_or_left_out(run, tmp_path: Path, key: Path) -> None:
    kept = run("pseudonymise", DEMO, key, tmp_path / "kept.qdpx")
    assert kept.out.count("cannot be changed") == 3
    left = run("pseudonymise", DEMO, key, tmp_path / "left.qdpx", "--drop-unchangeable")
    assert "left out" in left.out
    assert "cannot be changed, and" not in left.out
    with qda.read(tmp_path / "left.qdpx") as safe, qda.read(DEMO) as study:
        assert len(list(qda.Lookup(safe).references())) == len(list(qda.Lookup(study).references()))
        assert not [name for name in safe.files if name.endswith(".wav")]


def test_a_log_that_cannot_be_written_stops_it_before_anything_is(run, tmp_path: Path, key: Path) -> None:
    for log in (tmp_path / "log.pdf", tmp_path / "nowhere" / "log.csv"):
        assert run("pseudonymise", DEMO, key, tmp_path / "safe.qdpx", "--log", log).status in (2, 4)
        assert not (tmp_path / "safe.qdpx").exists()


def test_what_reading_found_is_told_without_names(run, tmp_path: Path, key: Path) -> None:
    with qda.read(DEMO) as study:
        study.project.cases[0].variable_values[0].text_value = "x"
        study.project.sources[0].plain_text_path = "internal://gone.txt"
        qda.write(study, tmp_path / "odd.qdpx", "same")
    for words in ((), ("--json",)):
        ended = run("pseudonymise", tmp_path / "odd.qdpx", key, "--dry-run", *words)
        assert "Dilys" not in ended.out + ended.err
