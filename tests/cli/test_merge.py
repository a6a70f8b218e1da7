"""`qdabridge merge` as people run it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import qdabridge as qda
from conftest import ROOT
from copies import code_named, only_by

Run = Any


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two coders' copies of the demo study; they do not agree on the name of one code."""
    paths = tmp_path / "ns.qdpx", tmp_path / "mp.qdpx"
    with qda.read(ROOT / "fixtures" / "demo" / "demo.qdpx") as demo:
        for path, person in zip(paths, ("NS", "MP"), strict=True):
            copy = only_by(demo, person)
            if person == "MP":
                code_named(copy.project, "Hidden work").name = "Unseen work"
            qda.write(copy, path)
    return paths


def test_a_dry_run_says_what_comes_from_where_and_writes_nothing(run: Run, two: tuple[Path, Path]) -> None:
    before = sorted(two[0].parent.iterdir())
    ended = run("merge", *two, "--dry-run")
    assert ended.status == 0, ended.err
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["ns", "(leads)", "mp", "merged"] in lines
    assert ["codings", "207", "189,", "189", "new", "396"] in lines
    assert "“Hidden work” (ns)" in " ".join(ended.out.split())
    assert sorted(two[0].parent.iterdir()) == before
    assert run("merge", *two, two[0].parent / "out.qdpx", "--dry-run").out == ended.out


def test_the_merged_study_is_written_and_valid(run: Run, two: tuple[Path, Path], tmp_path: Path) -> None:
    target = tmp_path / "all.qdpx"
    ended = run("merge", *two, target)
    assert ended.status == 0, ended.err
    assert f"Wrote {target}" in ended.out
    assert run("check", target).status == 0
    assert run("merge", *two, target).status == 4


def test_the_preferred_copy_is_right(run: Run, two: tuple[Path, Path], tmp_path: Path) -> None:
    target = tmp_path / "all.qdpx"
    assert run("merge", *two, target, "--prefer", two[1]).status == 0
    with qda.read(target) as merged:
        assert code_named(merged.project, "Unseen work")


def test_json_and_the_report_list_every_difference(run: Run, two: tuple[Path, Path], tmp_path: Path) -> None:
    report = tmp_path / "differences.json"
    told = json.loads(run("merge", *two, "--dry-run", "--json", "--report", report).out)
    assert told == json.loads(report.read_text(encoding="utf-8"))
    assert told["written"] is None
    (conflict,) = told["conflicts"]
    assert (conflict["keptFrom"], conflict["kept"], conflict["otherFrom"], conflict["other"]) == (
        "ns",
        "Hidden work",
        "mp",
        "Unseen work",
    )


def test_too_few_files_and_unknown_preferences_are_said_in_one_sentence(
    run: Run, two: tuple[Path, Path], tmp_path: Path
) -> None:
    assert run("merge", two[0], tmp_path / "all.qdpx").status == 2
    ended = run("merge", *two, tmp_path / "all.qdpx", "--prefer", "me.qdpx")
    assert ended.status == 2
    assert ended.sentence == "There is no copy “me.qdpx” to prefer. Choose one of: ns, mp."
    assert not (tmp_path / "all.qdpx").exists()


def test_a_copy_that_cannot_be_read_is_named(run: Run, two: tuple[Path, Path], tmp_path: Path) -> None:
    ended = run("merge", two[0], tmp_path / "gone.qdpx", tmp_path / "all.qdpx")
    assert ended.status == 3
    assert "gone.qdpx" in ended.sentence
