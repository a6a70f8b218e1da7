"""`qdabridge repair` mends, lists what it mended, names what needs a person, and never touches the file it reads."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import qdabridge as qda


@pytest.fixture
def odd(study: Path, hostile: Any) -> Path:
    """The study with a colour and a direction of its own, a passage turned round, and an unknown coder."""
    with zipfile.ZipFile(study) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    xml = entries["project.qde"].decode()
    xml = xml.replace('name="Access" isCodable="true"', 'name="Access" isCodable="true" color="rgb(51,204,51)"')
    xml = xml.replace('startPosition="9" endPosition="21"', 'startPosition="21" endPosition="9"')
    xml = xml.replace(
        '<Coding guid="77777777-7777-4777-8777-777777777777"',
        '<Coding guid="77777777-7777-4777-8777-777777777777" creatingUser="88888888-8888-4888-8888-888888888888"',
    )
    path = study.with_name("odd.qdpx")
    path.write_bytes(hostile.package({**entries, "project.qde": xml.encode()}))
    return path


def test_what_can_be_mended_is_mended_and_listed(run: Any, odd: Path, tmp_path: Path) -> None:
    before = odd.read_bytes()
    ended = run("repair", odd, tmp_path / "mended.qdpx")
    assert ended.status == 0
    assert ended.err == ""
    assert "3 mended" in ended.out
    for code in ("COLOR-FORM", "POS-SWAP", "USER-UNKNOWN"):
        assert code in ended.out
    assert "What needs a person" not in ended.out
    assert "Wrote" in ended.out
    assert odd.read_bytes() == before
    assert qda.check(tmp_path / "mended.qdpx") == []


def test_what_needs_a_person_is_named_and_ends_with_1(run: Any, broken: Path, tmp_path: Path) -> None:
    ended = run("repair", broken, tmp_path / "mended.qdpx")
    assert ended.status == 1
    assert "nothing that can be mended without a person" in ended.out
    assert "What needs a person: 1 error" in ended.out
    assert "REF-DANGLING" in ended.out
    assert (tmp_path / "mended.qdpx").exists()


def test_a_sound_study_is_written_as_it_is(run: Any, study: Path, tmp_path: Path) -> None:
    ended = run("repair", study, tmp_path / "mended.qdpx")
    assert ended.status == 0
    assert "nothing is wrong" in ended.out
    assert qda.check(tmp_path / "mended.qdpx") == []


def test_a_dry_run_writes_nothing_and_needs_no_target(run: Any, odd: Path) -> None:
    before = sorted(odd.parent.iterdir())
    ended = run("repair", odd, "--dry-run")
    assert ended.status == 0
    assert "3 would be mended" in ended.out
    assert "Wrote" not in ended.out
    assert sorted(odd.parent.iterdir()) == before


def test_a_dry_run_does_not_touch_the_target(run: Any, odd: Path, study: Path) -> None:
    before = study.read_bytes()
    assert run("repair", odd, study, "--dry-run").status == 0
    assert study.read_bytes() == before


def test_without_a_target_it_asks_for_one(run: Any, odd: Path) -> None:
    ended = run("repair", odd)
    assert ended.status == 2
    assert "--dry-run" in ended.err


def test_the_study_itself_is_replaced_only_by_force(run: Any, odd: Path) -> None:
    before = odd.read_bytes()
    ended = run("repair", odd, odd)
    assert ended.status == 4
    assert "to be mended" in ended.sentence
    assert odd.read_bytes() == before
    assert run("repair", odd, odd, "--force").status == 0
    assert qda.check(odd) == []


def test_an_old_target_is_not_replaced(run: Any, odd: Path, study: Path) -> None:
    before = study.read_bytes()
    assert run("repair", odd, study).status == 4
    assert study.read_bytes() == before


def test_json_lists_what_was_mended_and_what_is_left(run: Any, odd: Path, tmp_path: Path) -> None:
    told = json.loads(run("repair", odd, tmp_path / "mended.qdpx", "--json").out)
    assert {finding["code"] for finding in told["mended"]} == {"COLOR-FORM", "POS-SWAP", "USER-UNKNOWN"}
    assert {finding["kind"] for finding in told["mended"]} == {"mended"}
    assert told["left"] == told["lost"] == []
    assert told["totals"] == {"mended": 3, "error": 0, "warning": 0, "note": 0}
    assert told["written"] == str(tmp_path / "mended.qdpx")


def test_it_may_be_written_for_a_tool(run: Any, odd: Path, tmp_path: Path) -> None:
    assert run("repair", odd, tmp_path / "mended.qdpx", "--for", "maxqda").status == 0
    with qda.read(tmp_path / "mended.qdpx") as mended:
        assert "MAXQDA" in (mended.project.origin or "")


def test_it_may_be_written_in_the_form_it_came_in(run: Any, odd: Path, tmp_path: Path) -> None:
    assert run("repair", odd, tmp_path / "mended.qdpx", "--for", "same").status == 0
    with qda.read(tmp_path / "mended.qdpx") as mended:
        assert mended.project.origin == "a small test"
        assert mended.project.code_book.codes[0].color == "#33cc33"


def test_a_person_may_say_which_encoding_a_text_has(run: Any, study: Path, hostile: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(study) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    path = study.with_name("windows.qdpx")
    path.write_bytes(
        hostile.package(
            {
                **entries,
                "sources/88888888-8888-4888-8888-888888888888.txt": "I waited for the café to open.".encode("cp1252"),
            }
        )
    )
    left = run("repair", path, tmp_path / "left.qdpx")
    assert left.status == 1
    assert "--encoding" in left.out
    assert run("repair", path, tmp_path / "mended.qdpx", "--encoding", "cp1252").status == 0
    assert run("repair", path, "--dry-run", "--encoding", "klingon").status == 2


def test_a_file_that_cannot_be_read_ends_with_3(run: Any, tmp_path: Path) -> None:
    ended = run("repair", tmp_path / "missing.qdpx", tmp_path / "mended.qdpx")
    assert ended.status == 3
    assert "missing.qdpx" in ended.sentence


def test_the_report_has_every_single_mend(run: Any, odd: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert run("repair", odd, "--dry-run", "--report", report).status == 0
    told = json.loads(report.read_text(encoding="utf-8"))
    assert {"code": "COLOR-FORM", "where": "Code “Access”, rgb(51,204,51) → #33cc33"} in told["mended"]
    assert len(told["mended"]) == 3
    assert told["written"] is None


def test_what_writing_settles_is_listed_unless_the_form_is_kept(run: Any, study: Path, hostile: Any) -> None:
    with zipfile.ZipFile(study) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    xml = entries["project.qde"].replace(b"project:1.0", b"project:1.5")
    path = study.with_name("newer.qdpx")
    path.write_bytes(hostile.package({**entries, "project.qde": xml}))
    ended = run("repair", path, "--dry-run")
    assert "1 would be mended" in ended.out
    assert "NS-VERSION" in ended.out
    ended = run("repair", path, "--dry-run", "--for", "same")
    assert "nothing is wrong" in ended.out


def test_a_report_that_cannot_be_written_leaves_nothing_written(run: Any, odd: Path, tmp_path: Path) -> None:
    ended = run("repair", odd, tmp_path / "mended.qdpx", "--report", tmp_path / "nowhere" / "report.json")
    assert ended.status == 4
    assert not (tmp_path / "mended.qdpx").exists()
