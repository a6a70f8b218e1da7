"""What a tool will not have is said before and after, counted; strict converting writes nothing then."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import qdabridge as qda
from conftest import ROOT
from qdabridge.cli import main
from qdabridge.formats.refi.adapting.losses import COUNTED
from qdabridge.formats.refi.dialects import dialects

DEMO = ROOT / "fixtures" / "demo" / "demo.qdpx"
m = qda.model

SAID = {
    "standard": [],
    "nvivo": [(1, "graphs"), (4, "pdf-passages")],
    "nvivo-mac": [(1, "graphs"), (4, "pdf-passages")],
    "maxqda": [],
    "atlasti": [(3, "case-passages"), (6, "loose-shapes")],
    "qualcoder": [
        (1, "links"),
        (1, "graphs"),
        (6, "set-members"),
        (1, "wordless-case-members"),
        (1, "coding-notes"),
        (2, "pdf-areas"),
        (2, "transcript-passages"),
    ],
}


@pytest.mark.parametrize("profile", SAID)
def test_what_the_demo_study_loses_is_said_before_and_after(tmp_path: Path, profile: str) -> None:
    with qda.read(DEMO) as study:
        before = qda.losses(study, profile)
        assert list(tmp_path.iterdir()) == []
        after = [found for found in qda.write(study, tmp_path / "out.qdpx", profile) if found.kind == "loss"]
    assert before == after
    assert [(found.count, found.where) for found in after] == SAID[profile]


def test_a_loss_names_the_tool_and_begins_with_how_many() -> None:
    with qda.read(DEMO) as study:
        messages = [found.message for found in qda.losses(study, "qualcoder")]
    assert messages[0] == "1 link: QualCoder does not import them."
    assert messages[2] == "6 codes and notes in sets: QualCoder imports only the sources in sets."
    assert all("QualCoder" in message for message in messages)


def test_large_numbers_are_counted_whole() -> None:
    links = [m.Link(guid=f"22222222-2222-4222-8222-{number:012d}") for number in range(1200)]
    (found,) = qda.losses(qda.Study(qda.Project(name="Care", links=links)), "qualcoder")
    assert (found.count, found.message) == (1200, "1,200 links: QualCoder does not import them.")


def test_a_study_that_has_nothing_to_lose_loses_nothing() -> None:
    for profile in SAID:
        assert qda.losses(qda.Study(qda.Project(name="Care")), profile) == []


def test_formats_that_hold_everything_lose_nothing() -> None:
    with qda.read(DEMO) as study:
        assert qda.losses(study, suffix=".json") == []
        (found,) = [one for one in qda.losses(study, "qualcoder", suffix=".qdc") if one.code == "CODEBOOK-ONLY"]
        assert "1 links" in found.message
        with pytest.raises(qda.BadRequest, match="no profile"):
            qda.losses(study, "word")
        with pytest.raises(qda.BadRequest, match="not clear"):
            qda.losses(study, suffix=".doc")


def test_every_tool_drops_only_what_can_be_counted() -> None:
    dropped = {what for dialect in dialects().values() for profile in dialect.profiles for what, _ in profile.drops}
    assert dropped == set(COUNTED)


# --- on the command line ---------------------------------------------------------------------------------------------


def run(*words: object) -> Any:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_strict_converting_writes_nothing_and_leaves_the_old_target(tmp_path: Path) -> None:
    target = tmp_path / "out.qdpx"
    target.write_bytes(b"old")
    ended = run("convert", DEMO, target, "--for", "qualcoder", "--strict", "--force")
    assert ended.exit_code == 4
    assert "1 graph: QualCoder does not import them." in ended.output
    assert "7 kinds of things would be lost, so nothing was written." in ended.output
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.qdpx"]


def test_strict_converting_writes_what_loses_nothing(tmp_path: Path) -> None:
    for name, profile in (("a.qdpx", "maxqda"), ("b.qdpx", "standard"), ("c.json", "standard")):
        ended = run("convert", DEMO, tmp_path / name, "--for", profile, "--strict")
        assert ended.exit_code == 0, ended.output
        assert (tmp_path / name).exists()


@pytest.mark.parametrize("strict", [True, False])
def test_the_report_has_every_loss(tmp_path: Path, strict: bool) -> None:
    words = ["convert", DEMO, tmp_path / "out.qdpx", "--for", "qualcoder", "--report", tmp_path / "loss.json"]
    ended = run(*words, *(["--strict"] if strict else []))
    assert ended.exit_code == (4 if strict else 0)
    told = json.loads((tmp_path / "loss.json").read_text(encoding="utf-8"))
    assert told["written"] is not strict
    assert [(loss["count"], loss["where"]) for loss in told["losses"]] == SAID["qualcoder"]
    assert [change["code"] for change in told["changes"]] == (
        []
        if strict
        else ["MEMO-IN-PLACE", "PDF-AREA-TURNED", "VALUES-AT-SOURCES", "CASE-AS-CODE", "VARIABLE-RETYPED", "DATE-MADE"]
    )
    assert (tmp_path / "out.qdpx").exists() is not strict


def test_a_report_that_exists_is_not_overwritten_without_asking(tmp_path: Path) -> None:
    report = tmp_path / "loss.json"
    report.write_text("old")
    assert run("convert", DEMO, tmp_path / "a.qdpx", "--report", report).exit_code == 4
    assert report.read_text() == "old"
    assert run("convert", DEMO, tmp_path / "b.qdpx", "--report", report, "--force").exit_code == 0
    assert json.loads(report.read_text())["losses"] == []


def test_a_number_is_not_said_twice(tmp_path: Path) -> None:
    ended = run("convert", DEMO, tmp_path / "out.qdpx", "--for", "qualcoder")
    (line,) = [line for line in ended.output.splitlines() if "codes and notes in sets" in line]
    assert not re.search(r"\(6 ×\)", line)
