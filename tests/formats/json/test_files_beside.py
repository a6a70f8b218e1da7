"""The folder beside the JSON: what is in it, that nothing leads out of it, and that a failure changes nothing."""

from __future__ import annotations

import errno
import io
import json
import os
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qdabridge as qda
from qdabridge.formats.json import read, write
from qdabridge.formats.json.names import SafeNames, leads_nowhere_else, safe_name, same_name, stays_inside
from qdabridge.formats.json.writer import Beside, write_json
from qdabridge.study.files import Entry, Files
from qdabridge.study.model import Project, TextSource
from qdabridge.study.study import Study


def study_of(files: dict[str, Entry | bytes], *, name: str = "Clinic", text: str | None = None) -> Study:
    sources = [TextSource(guid="a", plain_text_path=text)] if text else None
    return Study(Project(name=name, sources=sources), Files(files))


def listing(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Breaking:
    """A file that begins well and then cannot be read, or has nowhere to be written."""

    size = 1 << 20

    def __init__(self, error: Exception) -> None:
        self._error = error

    def open(self) -> BinaryIO:
        return _BreakingStream(self._error)


class _BreakingStream(io.BytesIO):
    def __init__(self, error: Exception) -> None:
        super().__init__(b"begins well")
        self._error = error

    def read(self, size: int | None = -1) -> bytes:
        if found := super().read(size):
            return found
        raise self._error


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_files_other_than_texts_lie_in_the_folder_in_the_order_of_the_package(tmp_path: Path) -> None:
    files: dict[str, Entry | bytes] = {"sources/z.docx": b"docx", "ana.txt": b"text", "sources/a.mp4": b"film"}
    write(study_of(files, text="ana.txt"), tmp_path / "clinic.json")
    assert listing(tmp_path / "clinic.files") == {"z.docx": b"docx", "a.mp4": b"film"}
    listed = json.loads((tmp_path / "clinic.json").read_text())["files"]
    assert listed[0] == {"type": "stored", "name": "sources/z.docx", "storedAs": "z.docx"}
    with read(tmp_path / "clinic.json") as back:
        assert [(name, back.files.read(name)) for name in back.files] == list(files.items())


def test_the_folder_and_the_files_in_it_may_be_called_otherwise(tmp_path: Path) -> None:
    files: dict[str, Entry | bytes] = {"sources/z.docx": b"docx", "sources/b.docx": b"other"}
    names = {"sources/z.docx": "Ana.docx", "sources/b.docx": "../ana.docx"}
    beside = Beside("sources", names)
    _, stored = write_json(study_of(files), tmp_path / "clinic.json", overwrite=False, quotes=False, beside=beside)
    assert stored == {"sources/z.docx": "Ana.docx", "sources/b.docx": "ana (2).docx"}
    assert listing(tmp_path / "sources") == {"Ana.docx": b"docx", "ana (2).docx": b"other"}
    with read(tmp_path / "clinic.json") as back:
        assert [(name, back.files.read(name)) for name in back.files] == list(files.items())


@pytest.mark.parametrize("folder", ["..", "../elsewhere", "/etc", "a/b", "NUL"])
def test_the_folder_never_leads_elsewhere(tmp_path: Path, folder: str) -> None:
    write(study_of({"sources/z.docx": b"docx"}), tmp_path / "clinic.json")
    told = json.loads((tmp_path / "clinic.json").read_text()) | {"folder": folder}
    (tmp_path / "clinic.json").write_text(json.dumps(told))
    with pytest.raises(qda.CannotRead, match="plain name of a folder"):
        read(tmp_path / "clinic.json")


def test_a_study_without_other_files_makes_no_folder(tmp_path: Path) -> None:
    write(study_of({"ana.txt": b"text"}, text="ana.txt"), tmp_path / "clinic.json")
    assert [path.name for path in tmp_path.iterdir()] == ["clinic.json"]


def test_the_json_and_its_folder_can_be_renamed_together(tmp_path: Path) -> None:
    write(study_of({"sources/film.mp4": b"film"}), tmp_path / "clinic.json")
    (tmp_path / "clinic.json").rename(tmp_path / "ward.v2.json")
    (tmp_path / "clinic.files").rename(tmp_path / "ward.v2.files")
    with read(tmp_path / "ward.v2.json") as back:
        assert back.files.read("sources/film.mp4") == b"film"


def test_a_study_can_be_written_over_the_json_it_was_read_from(tmp_path: Path) -> None:
    write(study_of({"sources/film.mp4": b"film"}), tmp_path / "clinic.json")
    with read(tmp_path / "clinic.json") as study:
        study.project.name = "Ward"
        write(study, tmp_path / "clinic.json", overwrite=True)
        assert study.files.read("sources/film.mp4") == b"film"
    with read(tmp_path / "clinic.json") as back:
        assert (back.project.name, back.files.read("sources/film.mp4")) == ("Ward", b"film")


def test_a_file_missing_from_the_folder_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    write(study_of({"a.mp4": b"a", "b.mp4": b"b", "c.mp4": b"c"}), tmp_path / "clinic.json")
    (tmp_path / "clinic.files" / "a.mp4").unlink()
    (tmp_path / "clinic.files" / "b.mp4").unlink()
    with read(tmp_path / "clinic.json") as back:
        assert list(back.files) == ["c.mp4"]
        [finding] = back.findings
    assert (finding.code, finding.severity, finding.count) == ("JSON-FILE-MISSING", "error", 2)
    assert finding.where == "clinic.files/a.mp4"


def test_media_outside_the_study_are_found_in_the_folder_that_the_user_names(tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "f.mp4").write_bytes(b"film")
    write(study_of({"ana.docx": b"docx"}), tmp_path / "clinic.json")
    with read(tmp_path / "clinic.json", media=tmp_path / "films") as back:
        found = back.files.locate("absolute:///D:/f.mp4")
    assert found is not None
    assert found.size == 4


# --- names -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.text(min_size=1), max_size=20))
def test_every_name_gets_a_name_of_its_own_that_is_safe_everywhere(names: list[str]) -> None:
    safe = SafeNames()
    given_names = [safe.name_for(name) for name in names]
    assert len({same_name(name) for name in given_names}) == len(names)
    for name in given_names:
        assert leads_nowhere_else(name)
        assert len(name.encode()) < 200
        assert Path(name).name == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sources/film.mp4", "film.mp4"),
        ("a\\b\\film.mp4", "film.mp4"),
        ("sources/..", "file"),
        ("sources/aux.txt", "_aux.txt"),
        ("COM¹", "_COM¹"),
        ("nul .txt", "_nul .txt"),
        ("12:30?.wav", "12_30_.wav"),
        ("ends badly. ", "ends badly"),
        ("exe\u202etxt.gpj", "exe_txt.gpj"),
        ("line\nend", "line_end"),
        (".root", ".root"),
        ("sources/", "sources"),
        ("é" * 200 + ".docx", "é" * 57 + ".docx"),
        ("日本.mp4", "日本.mp4"),
    ],
)
def test_a_name_keeps_what_every_system_can_hold(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def test_names_that_differ_in_case_only_are_told_apart_on_every_system() -> None:
    names = SafeNames()
    given_names = [
        names.name_for(name) for name in ("a.TXT", "b/A.txt", "A (2).txt", "caf\u00e9", "cafe\u0301", ".root", ".Root")
    ]
    assert given_names == ["a.TXT", "A (2).txt", "A (2) (2).txt", "caf\u00e9", "cafe\u0301 (2)", ".root", ".Root (2)"]


def test_ten_thousand_files_of_one_name_take_no_time() -> None:
    names = SafeNames()
    assert [names.name_for("film.mp4") for _ in range(10_000)][-1] == "film (10000).mp4"


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "..",
        ".",
        "",
        "/etc/passwd",
        "..\\secret",
        "C:secret",
        "C:\\secret",
        "sub/file",
        "film.mp4:stream",
        "CON",
        "nul.txt",
        "film.mp4 ",
        "film.mp4.",
        "a\0b",
    ],
)
def test_a_stored_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "clinic.files").mkdir()
    with pytest.raises(qda.CannotRead, match=r"clinic\.json: files\[0\]\.storedAs: "):
        read(edited(tmp_path, [{"type": "stored", "name": "sources/film.mp4", "storedAs": name}]))


@pytest.mark.parametrize("name", ["../film", "/film", "sources/../../film", "C:/film", "a\\..\\film", "", "a\0"])
def test_a_name_that_leads_out_of_the_package_is_refused(name: str, tmp_path: Path) -> None:
    assert not stays_inside(name)
    with pytest.raises(qda.CannotRead, match=r"clinic\.json: files\[0\]\.name: "):
        read(edited(tmp_path, [{"type": "stored", "name": name, "storedAs": "film"}]))
    with pytest.raises(qda.CannotWrite, match=r"leads out of the study"):
        write(study_of({name: b""}), tmp_path / "other.json")


def test_the_place_of_the_project_in_the_package_may_not_lead_out_of_it_either(tmp_path: Path) -> None:
    path = edited(tmp_path, [], form={"projectEntry": "../../project.qde"})
    with pytest.raises(qda.CannotRead, match=r"clinic\.json: form\.projectEntry: "):
        read(path)


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    path = edited(tmp_path, [{"type": "stored", "name": "film", "storedAs": "film.mp4"}])
    (tmp_path / "clinic.files").mkdir()
    linked(tmp_path / "clinic.files" / "film.mp4", tmp_path / "secret")
    with pytest.raises(qda.CannotRead, match=r"is a link"):
        read(path)


def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "film.mp4").write_bytes(b"secret")
    path = edited(tmp_path, [{"type": "stored", "name": "film", "storedAs": "film.mp4"}])
    linked(tmp_path / "clinic.files", tmp_path / "private")
    with pytest.raises(qda.CannotRead, match=r"lies behind one"):
        read(path)


def test_a_study_in_a_linked_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    linked(tmp_path / "link", tmp_path / "real")
    write(study_of({"film.mp4": b"film"}), tmp_path / "link" / "clinic.json")
    with read(tmp_path / "link" / "clinic.json") as back:
        assert back.files.read("film.mp4") == b"film"


def linked(link: Path, target: Path) -> None:
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("this system does not let us make links")


def edited(folder: Path, files: list[dict[str, Any]], *, form: dict[str, Any] | None = None) -> Path:
    path = folder / "clinic.json"
    study = {"format": "qdabridge-study", "version": 1, "form": form, "project": {"name": "Clinic"}, "files": files}
    path.write_text(json.dumps(study))
    return path


# --- nothing half-written --------------------------------------------------------------------------------------------


def test_what_exists_is_left_unless_overwriting_is_allowed(tmp_path: Path) -> None:
    write(study_of({"film.mp4": b"old"}), tmp_path / "clinic.json")
    before = listing(tmp_path)
    with pytest.raises(qda.TargetExists):
        write(study_of({"film.mp4": b"new"}), tmp_path / "clinic.json")
    (tmp_path / "clinic.json").rename(tmp_path / "away.json")
    with pytest.raises(qda.TargetExists):
        write(study_of({"film.mp4": b"new"}), tmp_path / "clinic.json")
    (tmp_path / "away.json").rename(tmp_path / "clinic.json")
    assert listing(tmp_path) == before


def test_overwriting_replaces_json_and_folder_together(tmp_path: Path) -> None:
    write(study_of({"old.mp4": b"old"}), tmp_path / "clinic.json")
    write(study_of({"new.mp4": b"new"}), tmp_path / "clinic.json", overwrite=True)
    assert listing(tmp_path / "clinic.files") == {"new.mp4": b"new"}


def test_overwriting_with_a_study_without_files_takes_the_old_folder_away(tmp_path: Path) -> None:
    write(study_of({"old.mp4": b"old"}), tmp_path / "clinic.json")
    (tmp_path / "clinic.files" / ".DS_Store").write_bytes(b"of the system")
    write(study_of({}), tmp_path / "clinic.json", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["clinic.json"]


@pytest.mark.parametrize("files", [{"new.mp4": b"new"}, {}])
def test_a_folder_with_something_of_the_users_is_never_replaced(
    files: dict[str, Entry | bytes], tmp_path: Path
) -> None:
    write(study_of({"old.mp4": b"old"}), tmp_path / "clinic.json")
    (tmp_path / "clinic.files" / "thesis.docx").write_bytes(b"years of work")
    (tmp_path / "clinic.files" / "more").mkdir()
    if files:
        old = listing(tmp_path)
        with pytest.raises(qda.TargetExists, match=r"holds something that is not of the study"):
            write(study_of(files), tmp_path / "clinic.json", overwrite=True)
        assert listing(tmp_path) == old
    else:
        write(study_of(files), tmp_path / "clinic.json", overwrite=True)
        assert (tmp_path / "clinic.files" / "thesis.docx").read_bytes() == b"years of work"


def test_a_folder_beside_something_that_is_no_study_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "clinic.json").write_text('{"files": [{"type": "stored", "name": "a", "storedAs": "a.mp4"}]}')
    (tmp_path / "clinic.files").mkdir()
    (tmp_path / "clinic.files" / "a.mp4").write_bytes(b"the user's")
    with pytest.raises(qda.TargetExists):
        write(study_of({"a.mp4": b"new"}), tmp_path / "clinic.json", overwrite=True)
    assert (tmp_path / "clinic.files" / "a.mp4").read_bytes() == b"the user's"


@pytest.mark.parametrize("overwrite", [True, False])
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), qda.CannotWrite),
        (qda.CannotRead("The entry is damaged."), qda.CannotRead),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_a_failure_while_copying_leaves_everything_as_it_was(
    error: Any, kind: type[BaseException], overwrite: bool, tmp_path: Path
) -> None:
    if overwrite:
        write(study_of({"old.mp4": b"old"}), tmp_path / "clinic.json")
    before = listing(tmp_path)
    with pytest.raises(kind):
        write(study_of({"a.mp4": b"good", "b.mp4": Breaking(error)}), tmp_path / "clinic.json", overwrite=overwrite)
    assert listing(tmp_path) == before
    assert {path.name for path in tmp_path.iterdir()} == ({"clinic.json", "clinic.files"} if overwrite else set())


def test_a_file_of_the_study_that_has_gone_is_told_by_name(tmp_path: Path) -> None:
    write(study_of({"a.mp4": b"film"}), tmp_path / "clinic.json")
    with read(tmp_path / "clinic.json") as study:
        (tmp_path / "clinic.files" / "a.mp4").unlink()
        with pytest.raises(qda.CannotRead, match=r"a\.mp4"):
            write(study, tmp_path / "other.json")
    assert not (tmp_path / "other.json").exists()


def test_a_large_file_is_copied_a_piece_at_a_time(tmp_path: Path) -> None:
    asked: list[int] = []

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            asked.append(size or -1)
            return super().read(size)

    class Film:
        size = 5 << 20

        def open(self) -> BinaryIO:
            return Watched(b"x" * self.size)

    write(study_of({"film.mp4": Film()}), tmp_path / "clinic.json")
    assert (tmp_path / "clinic.files" / "film.mp4").stat().st_size == Film.size
    assert 0 < max(asked) <= 1 << 20
    assert min(asked) > 0
