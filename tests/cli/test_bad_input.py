"""Whatever is wrong with a file: one sentence, the right exit status, no traceback, nothing half-written."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SECRET_FILES = [
    "entity-bomb.qde", "outer-entity.qde", "outer-dtd.qde", "climbing-path.qdpx", "absolute-path.qdpx",
    "relative-path.qdpx", "climbing-entry.qdpx", "climbing-path.qde",
]  # fmt: skip
UNREADABLE_FILES = [
    "empty.qdpx", "not-a-zip.qdpx", "web-page.qdpx", "web-page.qde", "without-a-project.qdpx", "empty-zip.qdpx",
    "two-projects.qdpx", "truncated.qdpx", "damaged-entry.qdpx", "malformed.qdpx", "malformed.qde",
    "half-a-project.qde", "empty-project.qdpx", "foreign-namespace.qdpx", "foreign-namespace.qde", "not-json.json",
    "other-json.json", "binary.qde",
]  # fmt: skip


@pytest.fixture
def bad(tmp_path: Path, hostile: ModuleType) -> Path:
    """A folder with every hostile file, and a secret in the folder above it."""
    hostile.write_all(tmp_path / "bad")
    return tmp_path / "bad"


def commands_that_read(path: Path, target: Path) -> list[tuple[object, ...]]:
    return [
        ("info", path),
        ("info", path, "--json"),
        ("check", path),
        ("convert", path, target / "out.json", "--quotes"),
        ("convert", path, target / "out.qdpx", "--for", "same"),
        ("matrix", path, target / "out.xlsx"),
    ]


def test_the_lists_here_are_those_of_the_script(hostile: ModuleType, tmp_path: Path) -> None:
    assert set(UNREADABLE_FILES) == set(hostile.unreadable())
    assert set(SECRET_FILES) == set(hostile.harmful(tmp_path))


@pytest.mark.parametrize("name", UNREADABLE_FILES)
def test_a_file_that_is_no_study_gets_one_sentence_from_every_command(run: Any, bad: Path, name: str) -> None:
    target = bad.parent / "target"
    target.mkdir()
    for words in commands_that_read(bad / name, target):
        ended = run(*words)
        assert ended.status == 3, words
        assert name in ended.sentence, words
        assert ended.out == "", words
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: None], ids=["a folder", "missing"])
def test_a_folder_or_nothing_at_all_gets_one_sentence(run: Any, tmp_path: Path, make: Any) -> None:
    path = tmp_path / "study.qdpx"
    make(path)
    for words in commands_that_read(path, tmp_path):
        ended = run(*words)
        assert ended.status == 3, words
        assert "study.qdpx" in ended.sentence
    assert not (tmp_path / "out.json").exists()


def test_a_file_that_may_not_be_read_gets_one_sentence(run: Any, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name == "posix" and os.geteuid() != 0:
        study.chmod(0)
    else:
        # The administrator may read everything, so the refusal has to be played.
        def refuse(self: Path, *_: object, **__: object) -> Any:
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(Path, "open", refuse)
        monkeypatch.setattr(os, "access", lambda *_, **__: False)
    for words in commands_that_read(study, study.parent):
        ended = run(*words)
        assert ended.status == 3, words
        assert "permission" in ended.sentence.lower()


def test_a_file_in_a_folder_that_nobody_may_enter_gets_one_sentence(
    run: Any, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = study.parent / "closed"
    closed.mkdir()
    if os.name == "posix" and os.geteuid() != 0:
        closed.chmod(0)
    else:
        look = Path.stat

        def refuse(self: Path, **options: Any) -> Any:
            if closed in self.parents:
                raise PermissionError(13, "Permission denied", str(self))
            return look(self, **options)

        monkeypatch.setattr(Path, "stat", refuse)
    for name in ("study.qdpx", "study.zip"):
        for words in commands_that_read(closed / name, study.parent):
            ended = run(*words)
            assert ended.status == 3, words
            assert "permission denied" in ended.sentence
    for words, status in ((("convert", study, closed / "out.qdpx"), 4), (("archive", study, closed / "deposit"), 4),
                          (("archive", "--verify", closed / "deposit"), 3)):  # fmt: skip
        ended = run(*words)
        assert ended.status == status, words
        assert "permission denied" in ended.sentence
    closed.chmod(0o700)


def test_a_name_longer_than_any_system_has_gets_one_sentence(run: Any, study: Path) -> None:
    long = study.parent / ("x" * 400)
    for words in commands_that_read(long.with_suffix(".qdpx"), study.parent):
        ended = run(*words)
        assert ended.status == 3, words
        assert "too long" in ended.sentence
    for words in (("convert", study, f"{long}.qdpx"), ("convert", study, f"{long}.json", "--force"),
                  ("matrix", study, f"{long}.xlsx"), ("demo", long),
                  ("archive", study, long), ("archive", study, f"{long}.zip")):  # fmt: skip
        ended = run(*words)
        assert ended.status == 4, words
        assert "too long" in ended.sentence
    for words in (("archive", "--verify", long), ("archive", "--verify", f"{long}.zip"),
                  ("archive", study, "deposit", "--about", long)):  # fmt: skip
        ended = run(*words)
        assert ended.status == 3, words
        assert "too long" in ended.sentence
    assert run("merge", study, study, long, "--dry-run").status == 0


@pytest.mark.parametrize("name", SECRET_FILES)
def test_no_study_reaches_a_file_outside_it(run: Any, bad: Path, hostile: ModuleType, name: str) -> None:
    """It may be refused or read; what stands in the folder above must not come out either way."""
    target = bad.parent / "target"
    target.mkdir()
    for words in commands_that_read(bad / name, target):
        ended = run(*words)
        assert ended.status in (0, 1, 3), ended.err
        assert hostile.SECRET not in ended.out + ended.err
        if ended.status == 3:
            assert name in ended.sentence
    written = [path for path in bad.parent.rglob("*") if path.is_file() and path.name != "secret.txt"]
    for path in written:
        assert hostile.SECRET.encode() not in contents(path), path
    assert not (bad.parent / "climbed.txt").exists()


def test_the_secret_is_found_where_a_media_folder_allows_it(run: Any, bad: Path, hostile: ModuleType) -> None:
    """The control of the test above: the same file, and the user names the folder."""
    target = bad.parent / "target"
    target.mkdir()
    ended = run("convert", bad / "absolute-path.qdpx", target / "out.json", "--quotes", "--media", bad.parent)
    assert ended.status == 0, ended.err
    assert hostile.SECRET in (target / "out.json").read_text(encoding="utf-8")


def contents(path: Path) -> bytes:
    """Return the bytes of a file, and unpacked those of a zip archive."""
    import zipfile

    data = path.read_bytes()
    if path.parent.name != "bad" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return data + b"".join(archive.read(name) for name in archive.namelist())
    return data
