"""What the commands write: the target is there and whole, or it is as it was and one sentence says why."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from qdabridge.cli import streams

TARGETS = ["out.json", "out.qdpx", "out.qde", "out.qdc", "out.xlsx"]


def command(study: Path, target: Path) -> tuple[object, ...]:
    """Return the words that make a target out of a study."""
    return ("matrix" if target.suffix == ".xlsx" else "convert", study, target)


def listing(folder: Path) -> dict[str, bytes]:
    """Return every file in a folder with its bytes, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def target_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_is_written_and_named(run: Any, study: Path, target_folder: Path, name: str) -> None:
    target = target_folder / name
    ended = run(*command(study, target))
    assert ended.status == 0, ended.err
    assert str(target) in ended.out
    assert target.stat().st_size > 0
    assert [path for path in target_folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_that_exists_is_left_as_it_is(run: Any, study: Path, target_folder: Path, name: str) -> None:
    target = target_folder / name
    target.write_bytes(b"somebody's work")
    ended = run(*command(study, target))
    assert ended.status == 4
    assert name in ended.sentence
    assert "--force" in ended.sentence
    assert listing(target_folder) == {name: b"somebody's work"}


@pytest.mark.parametrize("name", TARGETS)
def test_force_overwrites(run: Any, study: Path, target_folder: Path, name: str) -> None:
    target = target_folder / name
    target.write_bytes(b"somebody's work")
    ended = run(*command(study, target), "--force")
    assert ended.status == 0, ended.err
    assert target.read_bytes() != b"somebody's work"


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("n\n", 4), ("\n", 4)])
def test_a_person_is_asked_before_a_target_is_overwritten(
    run: Any, study: Path, target_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, answer: str, status: int
) -> None:
    monkeypatch.setattr(streams, "someone_is_there", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    target = target_folder / name
    target.write_bytes(b"somebody's work")
    ended = run(*command(study, target))
    assert ended.status == status
    assert "Overwrite it?" in ended.out + ended.err
    assert (target.read_bytes() == b"somebody's work") == (status == 4)


@pytest.mark.parametrize("name", TARGETS)
def test_a_missing_folder_is_told(run: Any, study: Path, target_folder: Path, name: str) -> None:
    ended = run(*command(study, target_folder / "none" / name))
    assert ended.status == 4
    assert "none" in ended.sentence
    assert listing(target_folder) == {}


@pytest.mark.parametrize("name", TARGETS)
def test_a_folder_that_may_not_be_written_to_is_told(
    run: Any, study: Path, target_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if os.name == "posix" and os.geteuid() != 0:
        target_folder.chmod(0o500)
    else:
        refuse_new_files(monkeypatch, OSError(errno.EROFS, "Read-only file system"))
    ended = run(*command(study, target_folder / name))
    target_folder.chmod(0o700)
    assert ended.status == 4
    assert str(target_folder) in ended.sentence
    assert listing(target_folder) == {}


@pytest.mark.parametrize("name", TARGETS)
def test_a_full_disk_leaves_the_old_target_byte_for_byte(
    run: Any, study: Path, target_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    target = target_folder / name
    target.write_bytes(b"somebody's work")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ended = run(*command(study, target), "--force")
    assert ended.status == 4
    assert "no space left" in ended.sentence.lower()
    assert listing(target_folder) == {name: b"somebody's work"}


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_that_is_a_folder_is_told(run: Any, study: Path, target_folder: Path, name: str) -> None:
    (target_folder / name).mkdir()
    for force in ([], ["--force"]):
        ended = run(*command(study, target_folder / name), *force)
        assert ended.status == 4
        assert name in ended.sentence
    assert (target_folder / name).is_dir()


def test_an_ending_that_nobody_knows_is_a_matter_of_usage(run: Any, study: Path, target_folder: Path) -> None:
    for words in (("convert", study, target_folder / "study.odt"), ("matrix", study, target_folder / "study.odt")):
        ended = run(*words)
        assert ended.status == 2
        assert "study.odt" in ended.sentence
    assert listing(target_folder) == {}


def test_quotes_are_for_json_alone(run: Any, study: Path, target_folder: Path) -> None:
    ended = run("convert", study, target_folder / "out.qdpx", "--quotes")
    assert ended.status == 2
    assert "--quotes" in ended.err
    assert listing(target_folder) == {}


def test_json_has_the_quotes_when_they_are_asked_for(run: Any, study: Path, target_folder: Path) -> None:
    run("convert", study, target_folder / "plain.json")
    run("convert", study, target_folder / "quoted.json", "--quotes")
    plain, quoted = ((target_folder / f"{name}.json").read_text(encoding="utf-8") for name in ("plain", "quoted"))
    assert '"😀 four hours"' not in plain
    assert '"😀 four hours"' in quoted


def test_a_study_that_went_to_json_and_back_is_the_same(run: Any, study: Path, target_folder: Path) -> None:
    assert run("convert", study, target_folder / "study.json").status == 0
    assert run("convert", target_folder / "study.json", target_folder / "again.qdpx", "--for", "same").status == 0
    before, after = (json.loads(run("info", path, "--json").out) for path in (study, target_folder / "again.qdpx"))
    assert after["counts"] == before["counts"]
    assert run("check", target_folder / "again.qdpx").status == 0


def test_what_was_mended_is_told_after_converting(run: Any, study: Path, target_folder: Path, hostile: Any) -> None:
    from zipfile import ZipFile

    with ZipFile(study) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries["project.qde"] = entries["project.qde"].replace(b"a small test", b"NVivo for Windows 12.6")
    study.write_bytes(hostile.package(entries))
    ended = run("convert", study, target_folder / "out.json")
    assert ended.status == 0
    assert "mended" in ended.out
    assert "UTF-16" in ended.out


def test_a_media_folder_that_is_not_there_is_a_matter_of_usage(run: Any, study: Path, target_folder: Path) -> None:
    ended = run("convert", study, target_folder / "out.json", "--media", target_folder / "none")
    assert ended.status == 2
    assert listing(target_folder) == {}


def refuse_new_files(monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    """Play a folder that takes no new file, for the administrator, who may write everywhere."""
    import tempfile

    def refuse(*_: object, **__: object) -> Any:
        raise error

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
