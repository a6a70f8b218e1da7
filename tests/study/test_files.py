"""References find their files, however they are written, and never lead out of the study."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdabridge.errors import NotInStudy
from qdabridge.study.files import Files

FILES = {"project-notes.json": b"{}", "Sources/Abc.TXT": b"text", "Sources/p.png": b"png"}


@pytest.mark.parametrize(
    "reference",
    [
        "internal://Abc.TXT",
        "internal:///Abc.TXT",
        "INTERNAL://abc.txt",
        "Abc.TXT",
        "abc.txt",
        "internal:\\\\abc.txt",
        "./Abc.TXT",
        "internal://./abc.txt",
    ],
)
def test_a_file_is_found_by_any_spelling_that_tools_use(reference: str) -> None:
    assert Files(FILES).find(reference) == "Sources/Abc.TXT"


def test_the_exact_spelling_wins_over_another_case() -> None:
    files = Files({"sources/a.txt": b"1", "sources/A.txt": b"2"})
    assert files.find("internal://A.txt") == "sources/A.txt"
    assert files.find("internal://a.txt") == "sources/a.txt"


@pytest.mark.parametrize(("packed", "written"), [("Zoe\u0301.txt", "ZOÉ.txt"), ("Zoé.txt", "zoe\u0301.txt")])
def test_accents_may_be_spelled_in_one_character_or_in_two(packed: str, written: str) -> None:
    assert Files({f"Sources/{packed}": b""}).find(f"internal://{written}") == f"Sources/{packed}"


@pytest.mark.parametrize(
    "reference",
    ["internal://missing.txt", "relative:///Abc.TXT", "absolute:///etc/passwd", "internal://../../etc/passwd", ""],
)
def test_what_is_not_inside_is_not_found(reference: str) -> None:
    files = Files(FILES)
    assert files.find(reference) is None
    assert files.locate(reference) is None


def test_media_outside_are_found_only_inside_the_folder_that_the_user_names(tmp_path: Path) -> None:
    media = tmp_path / "media"
    (media / "AR").mkdir(parents=True)
    (media / "AR" / "john.mp4").write_bytes(b"film")
    (media / "group.mp4").write_bytes(b"group")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (media / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert Files().locate("relative:///AR/john.mp4") is None
    files = Files(media=media)
    for reference, expected in {
        "relative:///AR/john.mp4": b"film",
        "relative://AR\\john.mp4": b"film",
        "absolute:///C:/somewhere/group.mp4": b"group",
    }.items():
        entry = files.locate(reference)
        assert entry is not None
        with entry.open() as stream:
            assert stream.read() == expected
    for reference in ["relative:///../secret.txt", "relative:///link.txt", "absolute:///etc/passwd", "relative:///AR"]:
        assert files.locate(reference) is None, reference


def test_a_file_that_is_not_there_is_said_by_name() -> None:
    with pytest.raises(NotInStudy, match="no file “x”"):
        Files().read("x")


def test_other_files_in_their_place_leave_the_media_folder_and_are_closed_by_what_brought_them(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"film")
    closed: list[str] = []
    files = Files(FILES, media=tmp_path, closing=lambda: closed.append("old"))
    others = files.replaced_by({"sources/b.txt": files.entry("Sources/Abc.TXT")}, closing=lambda: closed.append("new"))
    assert list(others) == ["sources/b.txt"]
    assert others.locate("relative://film.mp4") is not None
    others.close()
    assert closed == ["new"]
