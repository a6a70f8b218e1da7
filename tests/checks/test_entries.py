"""The files of a package: their names, endings, sizes and first bytes, and the bytes of texts."""

from __future__ import annotations

from pathlib import Path

import pytest

import qdabridge as qda
from checks.studies import ANA, CALL, LEAFLET, TEXT, found, project, study
from fixtures.dialects.make import SPECIMENS as DIALECTS
from fixtures.dialects.pieces import docx, pdf, sound
from fixtures.rules.sound import png
from qdabridge.checks.kinds import kind_by_content
from qdabridge.checks.rules import entries, marks
from qdabridge.findings import Finding
from qdabridge.study.files import Files
from qdabridge.study.form import Form
from qdabridge.study.model import PictureSource, Project, TextSource, VideoSource
from qdabridge.study.study import Study

STEM = "00000000-0000-4000-8000-00000000ffff"
SOUND = {f"sources/{ANA}": TEXT.encode(), f"sources/{LEAFLET}": pdf(["Come in"]), f"sources/{CALL}": sound()}


def packed(files: dict[str, bytes], of: Project | None = None) -> Study:
    return Study(of or project(), Files(files), form=Form())


def codes_of(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def with_picture(name: str, content: bytes) -> Study:
    changed = project()
    changed.sources.append(PictureSource(guid="P", name="Photo", path=f"internal://{name}"))
    return packed({**SOUND, f"sources/{name}": content}, changed)


def test_files_as_the_standard_wants_them_are_in_order() -> None:
    assert found(entries.misnamed, packed(SOUND)) == []
    assert found(entries.misnamed, packed({name.replace("sources", "Sources"): SOUND[name] for name in SOUND})) == []


@pytest.mark.parametrize(
    "name", ["call.wav", f"media/{CALL}", CALL.removesuffix(".wav"), f"{CALL}.wav", "ffff-1.wav", "Anruf für Ana.wav"]
)
def test_a_file_that_is_not_named_by_a_guid_is_told(name: str) -> None:
    changed = project()
    changed.sources[2].path = f"internal://{name}"
    there = {**SOUND, f"sources/{name}": SOUND[f"sources/{CALL}"]}
    del there[f"sources/{CALL}"]
    (finding,) = found(entries.misnamed, packed(there, changed))
    assert (finding.code, finding.where) == ("ENTRY-NAME", f"AudioSource “Call”, internal://{name}")


@pytest.mark.parametrize("stem", [STEM, STEM.upper(), f"{{{STEM}}}", "87203153-4918-7428-3374-281121618640"])
def test_every_spelling_of_a_guid_is_one(stem: str) -> None:
    assert found(entries.misnamed, with_picture(f"{stem}.png", png(2, 2))) == []


@pytest.mark.parametrize("folder", ["media/", "sources/sources/", ""])
def test_a_file_outside_the_folder_sources_is_told_as_such(folder: str) -> None:
    changed = project()
    changed.sources[2].path = f"internal://{folder}{CALL}"
    there = {**SOUND, f"{folder}{CALL}": SOUND[f"sources/{CALL}"]}
    del there[f"sources/{CALL}"]
    (finding,) = found(entries.misnamed, packed(there, changed))
    assert finding.code == "ENTRY-NAME"
    assert ("does not lie in the folder sources" in finding.message) == (folder != "sources/sources/")


def test_each_source_is_held_against_the_ending_of_its_file_even_where_several_share_it() -> None:
    changed = project()
    changed.sources[0].rich_text_path = changed.sources[0].plain_text_path
    changed.sources.append(VideoSource(guid="V", name="Film", path=f"internal://{LEAFLET}"))
    film, text = found(entries.misnamed, packed(SOUND, changed))
    assert (text.code, film.code) == ("ENTRY-ENDING", "ENTRY-ENDING")
    assert text.where.endswith(", where .docx is wanted")
    assert film.where.endswith(", where sound or film is wanted")


@pytest.mark.parametrize("cut", [False, True])
def test_a_word_document_has_the_parts_of_one(cut: bool) -> None:
    changed = project()
    changed.sources[0].rich_text_path = f"internal://{STEM}.docx"
    whole = docx("I waited four hours.")
    content = whole[: len(whole) // 2] if cut else whole.replace(b"word/", b"text/")
    (finding,) = found(entries.misnamed, packed({**SOUND, f"sources/{STEM}.docx": content}, changed))
    assert (finding.code, finding.severity) == ("ENTRY-TYPE", "error")
    assert found(entries.misnamed, packed({**SOUND, f"sources/{STEM}.docx": whole}, changed)) == []


def test_names_are_free_where_there_is_no_package() -> None:
    changed = project()
    changed.sources[0].plain_text_path = "internal://ana.txt"
    there = {**SOUND, "sources/ana.txt": TEXT.encode()}
    del there[f"sources/{ANA}"]
    assert found(entries.misnamed, study(changed, there)) == []


@pytest.mark.parametrize(
    ("name", "severity"), [("notes.txt", "warning"), ("sources/old.pdf", "warning"), ("Sources/x/y.mp4", "warning")]
)
def test_a_file_that_belongs_to_nothing_is_told(name: str, severity: str) -> None:
    (finding,) = found(entries.misnamed, packed({**SOUND, name: b"I was forgotten."}))
    assert (finding.code, finding.severity, finding.where) == ("ENTRY-UNREFERENCED", severity, name)


@pytest.mark.parametrize(
    "name", ["sources/.root", "__MACOSX/sources/._a", "sources/Thumbs.db", "magnolia-settings.json", ".DS_Store"]
)
def test_what_systems_and_programs_leave_for_themselves_is_let_pass(name: str) -> None:
    assert found(entries.misnamed, packed({**SOUND, name: b"."})) == []


def test_a_file_that_is_named_only_as_what_a_source_was_belongs_to_it() -> None:
    changed = project()
    changed.sources[2].current_path = "internal://before.wav"
    assert found(entries.misnamed, packed({**SOUND, "sources/before.wav": sound()}, changed)) == []


@pytest.mark.parametrize("ending", ["gif", "tif", "bmp"])
def test_a_picture_has_to_be_jpeg_or_png(ending: str) -> None:
    content = {"gif": b"GIF89a", "tif": b"II*\0", "bmp": b"BM"}[ending]
    (finding,) = found(entries.misnamed, with_picture(f"{STEM}.{ending}", content))
    assert finding.code == "ENTRY-ENDING"
    assert finding.where.endswith(", where .jpg or .jpeg or .png is wanted")


def test_a_formatted_text_has_to_be_a_docx() -> None:
    changed = project()
    changed.sources.append(TextSource(guid="T", rich_text_path=f"internal://{STEM}.rtf"))
    findings = found(entries.misnamed, packed({**SOUND, f"sources/{STEM}.rtf": b"{\\rtf1 I waited.}"}, changed))
    assert codes_of(findings) == ["ENTRY-ENDING"]


@pytest.mark.parametrize(
    ("ending", "content", "severity", "told"),
    [
        ("jpg", png(2, 2), "warning", "a PNG picture"),
        ("png", b"\xff\xd8\xff\xe0", "warning", "a JPEG picture"),
        ("png", b"%PDF-1.4", "error", "a PDF"),
        ("png", b"<html><body>Log in", "error", "a web page"),
        ("jpeg", b"not a picture", "error", "something else"),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_told(ending: str, content: bytes, severity: str, told: str) -> None:
    (finding,) = found(entries.misnamed, with_picture(f"{STEM}.{ending}", content))
    assert (finding.code, finding.severity) == ("ENTRY-TYPE", severity)
    assert finding.where == f"PictureSource “Photo”, internal://{STEM}.{ending}: {told}"


def test_an_empty_picture_is_told() -> None:
    (finding,) = found(entries.misnamed, with_picture(f"{STEM}.png", b""))
    assert (finding.severity, finding.message) == ("error", "The file of a source is empty.")


@pytest.mark.parametrize("content", [b"a format of tomorrow", sound(), b"\0\0\0\x18ftypmp42", b"\xff\xfb\x90\xc4"])
def test_a_recording_may_be_of_any_kind_whatever_its_ending(content: bytes) -> None:
    changed = project()
    changed.sources.append(VideoSource(guid="V", path=f"internal://{STEM}.mp4"))
    assert found(entries.misnamed, packed({**SOUND, f"sources/{STEM}.mp4": content}, changed)) == []
    broken = found(entries.misnamed, packed({**SOUND, f"sources/{STEM}.mp4": b"<!DOCTYPE html>"}, changed))
    assert codes_of(broken) == ["ENTRY-TYPE"]


def test_a_file_of_as_many_bytes_as_the_standard_allows_is_not_too_large() -> None:
    class Large:
        def __init__(self, size: int) -> None:
            self.size = size

        def open(self) -> None:
            raise AssertionError("nobody needs to look into it")

    for size, expected in ((2_147_483_647, []), (2_147_483_648, ["ENTRY-TOO-LARGE"])):
        here = packed(SOUND)
        here.files.put("sources/.root", Large(size))  # type: ignore[arg-type]
        assert codes_of(found(entries.misnamed, here)) == expected


def test_a_file_that_two_sources_use_is_told_once() -> None:
    changed = with_picture(f"{STEM}.jpg", png(2, 2))
    changed.project.sources.append(changed.project.sources[-1])
    assert codes_of(found(entries.misnamed, changed)) == ["ENTRY-TYPE"]


def test_a_document_is_known_by_its_first_bytes() -> None:
    assert kind_by_content(docx("I waited.")) == "zip archive"
    assert kind_by_content(b"\n\n%PDF-1.7") == "PDF"
    assert kind_by_content(b"") is None


@pytest.mark.parametrize("name", [name for name in DIALECTS if name.endswith(".qdpx")])
def test_no_dialect_gives_a_false_alarm(name: str, tmp_path: Path) -> None:
    """What each tool writes is in order, but for the byte order marks that some write."""
    path = tmp_path / name
    path.write_bytes(DIALECTS[name]())
    own = {rule.code for rule in (*entries.RULES, *marks.RULES)} | {
        "PDF-PAGE",
        "PDF-AREA",
        "MEDIA-TIME",
        "MEDIA-UNREAD",
    }
    marked = name in ("nvivo-windows.qdpx", "qualcoder.qdpx", "qualcoder-older.qdpx")
    assert {finding.code for finding in qda.check(path)} & own == ({"TEXT-BOM"} if marked else set())


# ---- Texts --------------------------------------------------------------------------------------------------


def text(content: bytes) -> Study:
    changed = project()
    changed.sources[0].plain_text_selections = []
    return packed({**SOUND, f"sources/{ANA}": content}, changed)


def test_a_byte_order_mark_is_noted() -> None:
    (finding,) = found(marks.in_bytes, text(b"\xef\xbb\xbfI waited."))
    assert (finding.code, finding.severity) == ("TEXT-BOM", "note")


@pytest.mark.parametrize("content", [b"", "I waited. 😀".encode(), ("é" * 700_000).encode(), b"\xef\xbb"])
def test_only_bytes_that_are_no_utf_8_are_told_of_a_text_in_which_nothing_is_marked(content: bytes) -> None:
    expected = ["TEXT-ENCODING"] if content == b"\xef\xbb" else []
    assert codes_of(found(marks.in_bytes, text(content))) == expected


def test_a_text_in_which_something_is_marked_is_left_to_the_rule_for_passages() -> None:
    assert found(marks.in_bytes, packed({**SOUND, f"sources/{ANA}": "Córdoba".encode("latin-1")})) == []
