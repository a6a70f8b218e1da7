"""A write that fails leaves everything as it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from qdabridge.errors import CannotRead, CannotWrite, NotFound, TargetExists
from qdabridge.safety import readable, same_file, writing, writing_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_name_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    with writing(target, overwrite=False) as stream:
        stream.write(b"new")
        assert not target.exists()
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["a.txt"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError), writing(target, overwrite=True) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_a_full_disk_is_said_in_words(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    with pytest.raises(CannotWrite, match=r"no space left.*Free some space"), writing(target, overwrite=True):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert target.read_bytes() == b"old"


def test_an_existing_target_is_not_touched_unasked(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    with pytest.raises(TargetExists), writing(target, overwrite=False):
        pass
    assert target.read_bytes() == b"old"
    with writing(target, overwrite=True) as stream:
        stream.write(b"new")
    assert target.read_bytes() == b"new"


def test_the_permissions_of_the_old_file_stay(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    target.chmod(0o640)
    with writing(target, overwrite=True) as stream:
        stream.write(b"new")
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_missing_folder_and_a_folder_as_target_are_said(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="does not exist"), writing(tmp_path / "no" / "a", overwrite=False):
        pass
    with pytest.raises(CannotWrite, match="is a folder"), writing(tmp_path, overwrite=True):
        pass


def test_a_folder_takes_its_name_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "files"
    with writing_folder(target, overwrite=False) as folder:
        (folder / "a").write_bytes(b"1")
        assert not target.exists()
    with pytest.raises(TargetExists), writing_folder(target, overwrite=False):
        pass
    with pytest.raises(RuntimeError), writing_folder(target, overwrite=True) as folder:
        (folder / "b").write_bytes(b"2")
        raise RuntimeError
    assert [path.name for path in target.iterdir()] == ["a"]
    with writing_folder(target, overwrite=True) as folder:
        (folder / "c").write_bytes(b"3")
    assert [path.name for path in target.iterdir()] == ["c"]
    assert names(tmp_path) == ["files"]


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(NotFound, match="no such file"):
        readable(tmp_path / "missing")
    with pytest.raises(CannotRead, match="folder"):
        readable(tmp_path)
    with pytest.raises(CannotRead, match="empty"):
        readable(tmp_path / "empty")
    with pytest.raises(CannotRead):
        readable(tmp_path / ("x" * 5000))


@pytest.mark.parametrize("after", [0, 1])
def test_a_folder_that_is_being_replaced_is_there_whenever_somebody_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Stopped right after the old one was moved away, or right after that was to be answered by the new one."""
    target = tmp_path / "deposit"
    target.mkdir()
    (target / "old.txt").write_text("old", "utf-8")
    rename, calls = Path.replace, []

    def stopped(self: Path, to: Path) -> Path:
        calls.append(to)
        if len(calls) == 2 and after:
            raise KeyboardInterrupt
        moved = rename(self, to)
        if len(calls) == 1 and not after:
            raise KeyboardInterrupt
        return moved

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt), writing_folder(target, overwrite=True) as folder:
        (folder / "new.txt").write_text("new", "utf-8")
    assert names(tmp_path) == ["deposit"]
    assert names(target) == ["old.txt"]


def test_an_old_folder_that_cannot_be_put_back_is_not_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "deposit"
    target.mkdir()
    (target / "old.txt").write_text("old", "utf-8")
    rename, calls = Path.replace, []

    def once(self: Path, to: Path) -> Path:
        calls.append(to)
        if len(calls) > 1:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, to)

    monkeypatch.setattr(Path, "replace", once)
    with pytest.raises(CannotWrite), writing_folder(target, overwrite=True):
        pass
    (left,) = tmp_path.iterdir()
    assert (left / "deposit" / "old.txt").read_text("utf-8") == "old"


def test_one_file_is_one_by_any_of_its_names(tmp_path: Path) -> None:
    file, other = tmp_path / "study.qdpx", tmp_path / "other.qdpx"
    file.write_bytes(b"1")
    (tmp_path / "folder").mkdir()
    assert same_file(file, tmp_path / "folder" / ".." / "study.qdpx")
    assert not same_file(file, other)
    link, loop = tmp_path / "link.qdpx", tmp_path / "loop.qdpx"
    link.symlink_to(file)
    loop.symlink_to(loop)
    assert same_file(link, file)
    assert not same_file(loop, file)
