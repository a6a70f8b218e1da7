"""The schema is asked while the file is read; the answer is the same, and nobody waits for one that is not wanted."""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path

import pytest

import qdabridge as qda
from checks.studies import study
from qdabridge.checks import meanwhile
from qdabridge.checks.meanwhile import asked_meanwhile
from qdabridge.limits import DEFAULT


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "study.qdpx"
    qda.write(study(), path)
    return path


def with_xml(path: Path, xml: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", xml)
    return path


def xml_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("project.qde")


@pytest.mark.parametrize("piece", [1, 100, 1 << 22])
def test_the_answer_does_not_depend_on_the_pieces(sound: Path, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meanwhile, "_PIECE", piece)
    with asked_meanwhile(sound, DEFAULT) as follows_the_schema:
        assert follows_the_schema() is True
    with_xml(sound, xml_of(sound).replace(b'isCodable="true"', b'isCodable="perhaps"'))
    with asked_meanwhile(sound, DEFAULT) as follows_the_schema:
        assert follows_the_schema() is False


def test_the_answer_may_be_asked_for_twice(sound: Path) -> None:
    with asked_meanwhile(sound, DEFAULT) as follows_the_schema:
        assert follows_the_schema() is follows_the_schema() is True


def test_what_goes_wrong_is_raised_where_the_answer_is_wanted(sound: Path) -> None:
    damaged = with_xml(sound, xml_of(sound)[:-20])
    with asked_meanwhile(damaged, DEFAULT) as follows_the_schema, pytest.raises(qda.CannotRead, match="damaged"):
        follows_the_schema()
    with asked_meanwhile(damaged, DEFAULT):
        pass  # nobody asks


def test_asking_is_given_up_when_reading_failed(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb of 64 MB is refused by the reader at once; the schema must not go on to its end."""
    monkeypatch.setattr(meanwhile, "_PIECE", 1 << 20)
    read: list[int] = []
    reads = meanwhile._InLargePieces.read
    may_go_on = threading.Event()

    def slowly(self: meanwhile._InLargePieces, size: int = -1, /) -> bytes:
        if read:
            may_go_on.wait(10)
        piece = reads(self, size)
        read.append(len(piece))
        return piece

    monkeypatch.setattr(meanwhile._InLargePieces, "read", slowly)
    head, _, tail = xml_of(sound).partition(b"<Users>")
    bomb = with_xml(sound, head + b" " * (1 << 26) + b"<Users>" + tail)

    def refuse() -> None:
        try:
            raise qda.TooLarge("This is a bomb.")
        finally:
            may_go_on.set()

    with pytest.raises(qda.TooLarge), asked_meanwhile(bomb, DEFAULT):
        refuse()
    assert sum(read) < 1 << 23


def test_no_thread_is_left(sound: Path) -> None:
    before = threading.active_count()
    qda.check(sound)
    with pytest.raises(qda.CannotRead):
        qda.check(with_xml(sound, b"<Project"))
    assert threading.active_count() == before
