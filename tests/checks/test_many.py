"""Many files are checked as one is: in order, on every core, and none keeps the others from being checked."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

import qdabridge as qda
from benchmarks.generate import generate
from checks.studies import coding, project, study
from qdabridge.checks import check, many
from qdabridge.checks.many import check_all, studies_in
from qdabridge.findings import Finding

NOT_POSIX = sys.platform == "win32"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.qdpx"
    qda.write(study(), path)
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A study in which three things are coded with a code that is not there."""
    path = tmp_path / "wrong.qdpx"
    changed = project()
    changed.sources[0].codings = tuple(coding(1000 + number, 0xDEAD) for number in range(3))
    qda.write(study(changed), path)
    return path


def touched(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"something")


# ---- Which files ---------------------------------------------------------------------------------------------


def test_of_a_folder_every_study_is_found_in_the_order_of_names(tmp_path: Path) -> None:
    touched(tmp_path, "b.qdpx", "a/z.QDE", "a/b/c.qdc", "notes.txt", "film.mp4")
    files, fruitless = studies_in([tmp_path])
    assert [path.relative_to(tmp_path).as_posix() for path in files] == ["b.qdpx", "a/z.QDE", "a/b/c.qdc"]
    assert fruitless == []


def test_what_is_hidden_is_passed_over(tmp_path: Path) -> None:
    touched(tmp_path, "a.qdpx", "._a.qdpx", ".cache/b.qdpx")
    assert studies_in([tmp_path])[0] == [tmp_path / "a.qdpx"]


def test_only_json_that_says_that_it_is_a_study_is_taken_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "something else"}')
    qda.write(study(), tmp_path / "study.json")
    assert studies_in([tmp_path])[0] == [tmp_path / "study.json"]


def test_a_file_that_is_named_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    touched(tmp_path, "package.json", ".hidden.qdpx", "notes.txt")
    named = [tmp_path / name for name in ("package.json", ".hidden.qdpx", "notes.txt", "missing.qdpx")]
    assert studies_in(named)[0] == named


def test_a_file_that_is_meant_twice_is_checked_once(tmp_path: Path) -> None:
    touched(tmp_path, "a.qdpx")
    assert studies_in([tmp_path / "a.qdpx", tmp_path])[0] == [tmp_path / "a.qdpx"]


def test_a_folder_without_studies_is_told(tmp_path: Path) -> None:
    files, (told,) = studies_in([tmp_path])
    assert files == []
    assert told.path == tmp_path
    assert told.unreadable.startswith(f"{tmp_path}: There is no study in this folder.")


@pytest.mark.skipif(NOT_POSIX or os.geteuid() == 0, reason="whoever may read everything is never refused")
def test_a_folder_that_cannot_be_looked_into_is_told_and_the_others_are_found(tmp_path: Path) -> None:
    touched(tmp_path, "a.qdpx", "closed/b.qdpx")
    (tmp_path / "closed").chmod(0)
    try:
        files, (told,) = studies_in([tmp_path])
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert files == [tmp_path / "a.qdpx"]
    assert "closed" in told.unreadable


@pytest.mark.skipif(NOT_POSIX, reason="links need a right of their own there")
def test_links_that_lead_round_in_a_circle_are_not_followed(tmp_path: Path) -> None:
    touched(tmp_path, "a.qdpx")
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    assert studies_in([tmp_path])[0] == [tmp_path / "a.qdpx"]


# ---- What becomes of them ------------------------------------------------------------------------------------


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_found_is_what_is_found_in_each_alone_and_in_their_order(
    sound: Path, wrong: Path, processes: int
) -> None:
    again = wrong.with_name("again.qdpx")
    again.write_bytes(wrong.read_bytes())
    paths = [wrong, sound.with_name("missing.qdpx"), sound, again]
    checked = list(check_all(paths, processes=processes))
    assert [one.path for one in checked] == paths
    assert [one.findings for one in checked] == [check(wrong), [], check(sound), check(again)]
    assert [bool(one.unreadable) for one in checked] == [False, True, False, False]
    assert "missing.qdpx: There is no such file." in checked[1].unreadable


@pytest.mark.parametrize("processes", [1, 2])
def test_a_way_of_counting_that_nobody_understands_is_said(sound: Path, processes: int) -> None:
    with pytest.raises(qda.BadRequest, match="furlongs"):
        list(check_all([sound, sound], positions="furlongs", processes=processes))


def test_few_small_files_are_not_worth_a_process(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_pool", lambda _: pytest.fail("a process was started"))
    assert [one.path for one in check_all([sound] * 3)] == [sound] * 3


def test_many_files_use_every_core(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    make = many._pool
    monkeypatch.setattr(many.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setattr(many, "_pool", lambda processes: asked.append(processes) or make(processes))
    assert len(list(check_all([sound] * many._MANY))) == many._MANY
    assert asked == [2]


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="what is replaced must be inherited")
def test_a_file_that_ends_the_process_is_told_and_the_others_are_checked(
    sound: Path, wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = sound.with_name("deadly.qdpx")

    def check_or_die(path: Path, **options: str | None) -> list[Finding]:
        if path == deadly:
            os._exit(9)
        return check(path, **options)

    forked = multiprocessing.get_context("fork")
    monkeypatch.setattr(many, "check", check_or_die)
    monkeypatch.setattr(many, "_pool", lambda processes: ProcessPoolExecutor(processes, mp_context=forked))
    checked = list(check_all([wrong, deadly, sound, wrong], processes=2))
    assert [one.path for one in checked] == [wrong, deadly, sound, wrong]
    assert [one.findings for one in checked] == [check(wrong), [], check(sound), check(wrong)]
    assert [bool(one.unreadable) for one in checked] == [False, True, False, False]
    assert "ended while it checked this file" in checked[1].unreadable


def test_nothing_is_left_running_when_nobody_wants_to_know_the_rest(sound: Path) -> None:
    before = set(multiprocessing.active_children())
    running = check_all([sound] * 30, processes=2)
    next(running)
    running.close()
    deadline = time.monotonic() + 10
    while set(multiprocessing.active_children()) - before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert set(multiprocessing.active_children()) == before


@pytest.mark.skipif(NOT_POSIX, reason="Ctrl-C is sent in another way there")
@pytest.mark.parametrize("to_all", [True, False], ids=["at the keyboard", "to the program alone"])
def test_ctrl_c_ends_all_at_once_with_one_sentence(tmp_path: Path, to_all: bool) -> None:
    generate(tmp_path / "0.qdpx", 3_000)
    for number in range(1, 60):
        (tmp_path / f"{number}.qdpx").hardlink_to(tmp_path / "0.qdpx")
    program = subprocess.Popen(
        [sys.executable, "-m", "qdabridge", "check", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdout is not None
    program.stdout.readline()
    if to_all:
        os.killpg(program.pid, signal.SIGINT)
    else:
        program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=20)
    assert (program.returncode, err) == (130, "qdabridge: Stopped.\n")
    assert len(out.splitlines()) < 59
