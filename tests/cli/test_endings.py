"""However a command ends, there is an exit status and at most one sentence."""

from __future__ import annotations

import errno
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import qdabridge
from qdabridge.cli import endings

LAUNCH = [sys.executable, "-c", "from qdabridge.cli import main; main(prog_name='qdabridge')"]


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make reading a study raise an exception."""

    def raises(error: BaseException) -> None:
        def read(*_: object, **__: object) -> Any:
            raise error

        monkeypatch.setattr(qdabridge, "read", read)

    return raises


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (qdabridge.CannotRead("It is torn."), 3),
        (qdabridge.NotFound("It is gone."), 3),
        (qdabridge.TooLarge("It is too big."), 3),
        (qdabridge.CannotWrite("It is full."), 4),
        (qdabridge.TargetExists("It is there."), 4),
        (qdabridge.BadRequest("It makes no sense."), 2),
        (qdabridge.NotInStudy("It is not there."), 2),
    ],
)
def test_an_error_of_ours_is_its_sentence_and_its_status(run: Any, reading: Any, error: Exception, status: int) -> None:
    reading(error)
    ended = run("info", "study.qdpx")
    assert (ended.status, ended.sentence, ended.out) == (status, str(error), "")


def test_a_sentence_with_line_breaks_stays_one_line_and_steers_nothing(run: Any, reading: Any) -> None:
    reading(qdabridge.CannotRead("bad\nname\x1b[2J", where="a\u202eb"))
    assert run("info", "study.qdpx").sentence == "a\\u202eb: bad\\nname\\x1b[2J"


def test_a_fault_of_ours_is_an_apology_and_how_to_see_more(run: Any, reading: Any, monkeypatch: Any) -> None:
    monkeypatch.delenv("QDABRIDGE_DEBUG", raising=False)
    reading(ZeroDivisionError("division by zero"))
    ended = run("info", "study.qdpx")
    assert ended.status == 70
    assert "ZeroDivisionError: division by zero" in ended.sentence
    assert "QDABRIDGE_DEBUG=1" in ended.sentence


@pytest.mark.parametrize(("error", "status"), [(ZeroDivisionError("no"), 70), (qdabridge.CannotRead("no"), 3)])
def test_the_traceback_is_there_for_those_who_ask(
    run: Any, reading: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    monkeypatch.setenv("QDABRIDGE_DEBUG", "1")
    reading(error)
    ended = run("info", "study.qdpx")
    assert ended.status == status
    assert "Traceback (most recent call last)" in ended.err
    assert ended.err.splitlines()[-1].startswith("qdabridge: ")


def test_an_exception_that_quotes_a_whole_interview_is_cut_short(run: Any, reading: Any) -> None:
    reading(ValueError("I waited. " * 1000))
    assert len(run("info", "study.qdpx").sentence) < 600


def test_stopping_ends_with_130_and_no_traceback(run: Any, reading: Any) -> None:
    reading(KeyboardInterrupt())
    ended = run("info", "study.qdpx")
    assert (ended.status, ended.sentence) == (130, "Stopped.")


@pytest.mark.skipif(sys.platform == "win32", reason="programs are ended otherwise there")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_run_that_the_system_ends_leaves_nothing_half_written(name: str, study: Path) -> None:
    """The run ends itself in the middle of writing, so that no time has to be guessed."""
    code = (
        "import os, signal, sys\n"
        "from qdabridge.cli import main\n"
        f"os.fsync = lambda _: os.kill(os.getpid(), signal.{name})\n"
        "main(sys.argv[1:])"
    )
    before = sorted(study.parent.iterdir())
    target = study.parent / "out.qdpx"
    words = [sys.executable, "-c", code, "convert", study, target]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (130, "qdabridge: Stopped.\n")
    assert sorted(study.parent.iterdir()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="programs are ended otherwise there")
def test_a_terminal_that_is_closed_leaves_nothing_half_written(study: Path) -> None:
    """Its reader is gone when it is told to stop, as a shell that closes its window has it, and both signals come."""
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from qdabridge.cli import main\n"
        "unlink = Path.unlink\n"
        "def once_more(self, **options):\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    unlink(self, **options)\n"
        "def gone(_):\n"
        "    Path.unlink = once_more\n"
        "    os.close(2)\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "os.fsync = gone\n"
        "main(sys.argv[1:])"
    )
    before = sorted(study.parent.iterdir())
    words = [sys.executable, "-c", code, "convert", study, study.parent / "out.qdpx"]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 130
    assert sorted(study.parent.iterdir()) == before


def test_output_that_does_not_fit_ends_with_4(run: Any, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    ended = run("info", study)
    assert ended.status == 4
    assert "no space left" in ended.sentence


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full on this system")
def test_a_full_disk_behind_the_output_ends_with_4(study: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run([*LAUNCH, "info", study], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 4
    assert ended.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_a_reader_that_has_seen_enough_is_no_error(study: Path) -> None:
    with subprocess.Popen([*LAUNCH, "info", study], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ended:
        assert ended.stdout and ended.stderr
        ended.stdout.close()
        assert ended.stderr.read() == b""
    assert ended.returncode == endings.NOBODY_READS


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
@pytest.mark.parametrize("words", [["info"], ["info", "--json"], ["check"]])
def test_no_terminal_is_too_old(study: Path, encoding: str, words: list[str]) -> None:
    name = study.parent / "Őszi 😀 interjú.qdpx"
    study.rename(name)
    environment = {"PYTHONIOENCODING": encoding, "PYTHONPATH": ":".join(sys.path), "PATH": ""}
    ended = subprocess.run([*LAUNCH, *words, name], capture_output=True, check=False, env=environment)
    assert (ended.returncode, ended.stderr) == (0, b"")
    ended.stdout.decode(encoding)


def test_a_sentence_with_curly_quotes_reaches_a_terminal_without_them(tmp_path: Path) -> None:
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONPATH": ":".join(sys.path), "PATH": ""}
    target = tmp_path / "study.docx"
    ended = subprocess.run(
        [*LAUNCH, "convert", tmp_path / "a.qdpx", target], capture_output=True, check=False, env=environment
    )
    assert ended.returncode == 2
    assert b'".docx"' in ended.stderr
