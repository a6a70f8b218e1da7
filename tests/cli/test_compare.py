"""`compare` as a person and a program use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def later(study: Path, tmp_path: Path, hostile: Any) -> Path:
    """The small study with another name for a code, and the coding by nobody gone."""
    import zipfile

    with zipfile.ZipFile(study) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    project = entries["project.qde"].decode().replace('name="Waiting times"', 'name="Queues"')
    entries["project.qde"] = project.encode()
    path = tmp_path / "later.qdpx"
    path.write_bytes(hostile.package(entries))
    return path


def test_a_table_names_what_changed(run: Any, study: Path, later: Path) -> None:
    ended = run("compare", study, later)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("study.qdpx → later.qdpx: 1 change\n")
    assert "code  Access \\ Waiting times  renamed: now “Queues”" in ended.out


def test_nothing_changed_is_said_so(run: Any, study: Path) -> None:
    ended = run("compare", study, study)
    assert "nothing changed" in ended.out


def test_json_has_the_changes_and_the_evidence(run: Any, study: Path, later: Path) -> None:
    found = json.loads(run("compare", study, later, "--json").out)
    assert [version["label"] for version in found["versions"]] == ["study.qdpx", "later.qdpx"]
    (change,) = found["steps"][0]["changes"]
    assert (change["thing"], change["how"], change["before"], change["after"]) == (
        "code",
        "renamed",
        "Waiting times",
        "Queues",
    )
    assert found["steps"][0]["codings"][0] == {
        "by": "(not named)", "before": 1, "after": 1, "added": 0, "gone": 0, "changed": 0,
    }  # fmt: skip


def test_three_versions_have_a_history(run: Any, study: Path, later: Path) -> None:
    ended = run("compare", study, later, study)
    assert "The history of the codes" in ended.out
    assert "Access \\ Queues (1)" in ended.out


def test_markdown_goes_to_a_file_or_is_printed(run: Any, study: Path, later: Path, tmp_path: Path) -> None:
    target = tmp_path / "changes.md"
    assert run("compare", study, later, "--markdown", target).out == f"Wrote {target}\n"
    assert run("compare", study, later, "--markdown", "-").out == target.read_text(encoding="utf-8")
    assert run("compare", study, later, "--markdown", target).status == 4
    assert run("compare", study, later, "--markdown", target, "--force").status == 0


def test_one_version_is_refused_in_one_sentence(run: Any, study: Path) -> None:
    ended = run("compare", study)
    assert ended.status == 2
    assert "Two versions" in ended.sentence


def test_studies_that_have_nothing_in_common_are_refused_in_one_sentence(
    run: Any, study: Path, tmp_path: Path, hostile: Any
) -> None:
    project = (
        '<Project xmlns="urn:QDA-XML:project:1.0" name="Another"><CodeBook><Codes>'
        '<Code guid="aaaaaaaa-1111-4111-8111-111111111111" name="Elsewhere" isCodable="true"/>'
        "</Codes></CodeBook></Project>"
    )
    other = tmp_path / "other.qdpx"
    other.write_bytes(hostile.package({"project.qde": project.encode()}))
    ended = run("compare", study, other)
    assert ended.status == 2
    assert "no code and no source in common" in ended.sentence
