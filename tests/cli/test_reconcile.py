"""`qdabridge agree --workbook` and `qdabridge reconcile`: from the list for the meeting to the consensus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from meetings import all_decided, fill
from qdabridge.shipped import shipped


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    path = tmp_path / "demo.qdpx"
    path.write_bytes(shipped("demo.qdpx").read_bytes())
    return path


@pytest.fixture
def book(run: Any, demo: Path, tmp_path: Path) -> Path:
    path = tmp_path / "meeting.xlsx"
    ended = run("agree", demo, "--draws", 0, "--workbook", path)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines()[-1] == f"Wrote {path}"
    return path


def test_the_workbook_goes_out_and_the_consensus_comes_in(run: Any, demo: Path, book: Path, tmp_path: Path) -> None:
    fill(book, lambda row: {"decision": "A: NS"} if row["No."] <= 100 else None)
    out = tmp_path / "out.qdpx"
    ended = run("reconcile", demo, book, out)
    assert (ended.status, ended.err) == (0, "")
    counts = dict(line.rsplit(maxsplit=1) for line in ended.out.splitlines()[1:4])
    assert counts == {"NS": "100", "undecided": "47", "coded alike, nothing to decide": "93"}
    assert ended.out.splitlines()[-1] == f"Wrote {out}"
    twice = run("reconcile", out, book, tmp_path / "twice.qdpx")
    assert "Consensus gets 0 codings and loses 0." in twice.out
    assert run("check", out).status == 0


def test_a_dry_run_writes_nothing(run: Any, demo: Path, book: Path, tmp_path: Path) -> None:
    fill(book, all_decided("both"))
    before = sorted(tmp_path.iterdir())
    ended = run("reconcile", demo, book, "--dry-run")
    assert ended.status == 0
    assert "Would be done: Consensus gets 243 codings and loses 0." in ended.out
    assert sorted(tmp_path.iterdir()) == before


def test_rows_that_are_not_understood_are_listed_and_the_status_says_so(run: Any, demo: Path, book: Path) -> None:
    fill(book, lambda row: {"decision": "perhaps"} if row["No."] == 1 else None)
    ended = run("reconcile", demo, book, "--dry-run")
    assert ended.status == 1
    assert "“perhaps” is no decision" in " ".join(ended.out.split())
    assert max(map(len, ended.out.splitlines()[:6])) <= 100


def test_json_tells_of_every_row(run: Any, demo: Path, book: Path) -> None:
    fill(book, lambda row: {"passage": row["Passage in its context"][:3], "remark": "?"} if row["No."] == 1 else None)
    told = json.loads(run("reconcile", demo, book, "--dry-run", "--json").out)
    assert told["counts"]["undecided"] == 146
    assert (told["written"], len(told["rows"]), told["user"]["name"]) == (None, 147, "Consensus")
    assert {"became", "code", "source", "place", "remark", "where", "why", "id"} <= set(told["rows"][0])


def test_what_cannot_be_is_one_sentence(run: Any, demo: Path, book: Path, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.qdpx"
    stranger = run("reconcile", study, book, out)
    assert stranger.status == 2
    assert "The list compares NS, who is not in this study. The study has Ana." in stranger.sentence
    assert run("reconcile", demo, demo, out).status == 3
    assert run("reconcile", demo, tmp_path / "no.xlsx", out).status == 3
    assert run("reconcile", demo, book).status == 2
    assert run("agree", demo, "--workbook", tmp_path / "book.csv").status == 2
    assert run("agree", demo, "--draws", 0, "--workbook", book).status == 4
    assert not out.exists()
