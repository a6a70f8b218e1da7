"""A deposit is whole: what lies outside the study is brought in, or said to be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

import qdabridge as qda
from qdabridge.deposit.archiving import archive
from qdabridge.deposit.archiving.gathering import gathered
from qdabridge.deposit.archiving.keys import refuse_key, refuse_keys
from qdabridge.errors import BadRequest, TargetExists
from qdabridge.study.files import Files
from qdabridge.study.model import Note, Project, TextSource, VideoSource
from qdabridge.study.study import Study

FILM = b"\0\0\0\x18ftypmp42 not much of a film"
GUID = "55555555-5555-4555-8555-555555555555"


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "film.mp4").write_bytes(FILM)
    return folder


def study_with_film(media: Path | None) -> Study:
    film = VideoSource(guid=GUID, name="Film", path="absolute:///C:/Users/jane/film.mp4")
    inside = {"sources/film.mp4": b"another film of this name"}
    return Study(Project(name="Clinic", sources=[film]), Files(inside, media=media))


def test_a_film_in_the_media_folder_becomes_a_file_of_the_study(media: Path) -> None:
    first = study_with_film(media)
    study, found = gathered(first)
    (film,) = study.project.sources or ()
    assert isinstance(film, VideoSource)
    assert film.path == "internal://film (2).mp4"
    assert study.files.read("sources/film (2).mp4") == FILM
    assert study.files.read("sources/film.mp4") == b"another film of this name"
    assert [each.code for each in found] == ["DEPOSIT-BROUGHT-IN"]
    assert "sources/film (2).mp4" not in first.files


def test_a_film_that_is_nowhere_is_named_and_its_folders_are_not() -> None:
    study, found = gathered(study_with_film(None))
    assert [(each.code, each.where) for each in found] == [("DEPOSIT-FILE-MISSING", "film.mp4")]
    assert study.project == study_with_film(None).project


def test_texts_and_notes_that_lie_outside_come_too(media: Path) -> None:
    (media / "talk.txt").write_text("I waited.", encoding="utf-8")
    talk = TextSource(guid=GUID, plain_text_path="relative://talk.txt")
    note = Note(guid=GUID, plain_text_path="relative://talk.txt")
    study, _ = gathered(Study(Project(name="Clinic", sources=[talk], notes=[note]), Files(media=media)))
    (source,), (memo,) = study.project.sources or (), study.project.notes or ()
    assert isinstance(source, TextSource)
    assert study.text_of(source) == study.text_of(memo) == "I waited."
    assert len(study.files) == 1


def test_an_empty_folder_may_become_a_deposit_and_a_full_one_never(tmp_path: Path) -> None:
    study = Study(Project(name="Clinic"))
    empty, full = tmp_path / "empty", tmp_path / "full"
    empty.mkdir()
    archive(study, empty)
    assert (empty / "bagit.txt").is_file()
    full.mkdir()
    (full / "thesis.docx").write_bytes(b"four years of work")
    for overwrite in (False, True):
        with pytest.raises(TargetExists) as refused:
            archive(study, full, overwrite=overwrite)
        assert "is not empty" in str(refused.value)
        assert (full / "thesis.docx").read_bytes() == b"four years of work"


def test_an_older_deposit_is_replaced_when_that_is_asked_for(tmp_path: Path) -> None:
    archive(Study(Project(name="Clinic")), tmp_path / "deposit")
    with pytest.raises(TargetExists):
        archive(Study(Project(name="Ward")), tmp_path / "deposit")
    archive(Study(Project(name="Ward")), tmp_path / "deposit", overwrite=True)
    with qda.read(tmp_path / "deposit" / "data" / "study.json") as study:
        assert study.project.name == "Ward"


def workbook() -> bytes:
    import io

    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(["Find", "Replace", "Kind"])
    book.active.append(["Margaret", "Rose", "person"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("sources/names.csv", b"find,replace\r\nMargaret,Rose\r\n"),
        ("sources/names.txt", "\ufefffind;replace;kind\nMargaret;Rose;person\n".encode()),
        ("sources/names.dat", "find\treplace\nMargaret\tRose\n".encode("utf-16")),
        ("sources/names.xlsx", workbook()),
        ("sources/renamed", workbook()),
    ],
)
def test_a_key_stops_the_archive_whatever_it_is_called(name: str, data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadRequest) as refused:
        archive(Study(Project(name="Clinic"), Files({name: data})), tmp_path / "deposit")
    assert name in str(refused.value)
    assert "Margaret" not in str(refused.value)
    assert not (tmp_path / "deposit").exists()


def test_a_log_that_is_a_key_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "log.csv"
    key.write_text("find,replace\nMargaret,Rose\n", encoding="utf-8")
    with pytest.raises(BadRequest):
        refuse_key(key)


def test_an_interview_about_finding_and_replacing_is_no_key() -> None:
    said = b"We find and replace, find, replace, all day long.\n"
    refuse_keys(
        Study(Project(name="Clinic"), Files({"sources/talk.txt": said, "sources/p.jpg": bytes(range(256)) * 9}))
    )
