"""`qdabridge check` says what is wrong, and its exit status says whether anything is."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any


def test_a_sound_study_ends_with_0(run: Any, study: Path) -> None:
    ended = run("check", study)
    assert ended.status == 0
    assert str(study) in ended.out
    assert ended.err == ""


def test_errors_end_with_1_and_are_told(run: Any, broken: Path) -> None:
    ended = run("check", broken)
    assert ended.status == 1
    assert "1 error" in ended.out
    assert "what, where, what to do" in ended.out
    assert ended.err == ""


def test_a_file_that_cannot_be_read_ends_with_3(run: Any, tmp_path: Path) -> None:
    ended = run("check", tmp_path / "missing.qdpx")
    assert ended.status == 3
    assert "missing.qdpx" in ended.sentence


def test_an_unreadable_file_does_not_keep_the_others_from_being_checked(run: Any, study: Path, broken: Path) -> None:
    ended = run("check", study.parent / "missing.qdpx", study, broken)
    assert ended.status == 3
    assert "missing.qdpx" in ended.sentence
    assert str(study) in ended.out
    assert str(broken) in ended.out


def test_json_lists_all_findings_with_their_files(run: Any, study: Path, broken: Path) -> None:
    ended = run("check", "--json", study, broken, study.parent / "missing.qdpx")
    told = json.loads(ended.out)
    assert ended.status == 3
    assert [file["read"] for file in told["files"]] == [True, True, False]
    assert "missing.qdpx" in told["files"][2]["reason"]
    assert told["totals"]["error"] >= 1
    errors = [finding for finding in told["findings"] if finding["severity"] == "error"]
    assert {finding["file"] for finding in errors} == {str(broken)}
    assert set(errors[0]) == {"file", "code", "severity", "message", "where", "hint", "kind", "count"}


def test_json_of_a_sound_study_says_so(run: Any, study: Path) -> None:
    ended = run("check", "--json", study)
    assert ended.status == 0
    assert json.loads(ended.out)["totals"]["error"] == 0


def test_a_finding_cannot_steer_the_terminal(run: Any, broken: Path, hostile: ModuleType) -> None:
    broken.write_bytes(hostile.names_that_steer_a_terminal())
    ended = run("check", broken)
    assert not {"\x9b", "\u202e", "\u2028", "\x1b"} & set(ended.out)
