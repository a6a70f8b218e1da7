"""Packages as tools and strangers make them are read, or refused with one sentence."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import qdabridge as qda
from qdabridge.formats.refi.package import ZipEntry
from qdabridge.study.text import at_word_edges

TEXT = "I waited \U0001f600 eleven weeks.\r\nNobody rang."
PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="Care" origin="{origin}"><Sources>
<TextSource guid="7db0a6ab-6d86-4b30-9a0f-3d4f6a1d3c11" name="Ana" plainTextPath="{path}">
<PlainTextSelection guid="9e2f5d6e-2a0b-4d53-8d3e-8a5a0e1f7b22" startPosition="{start}" endPosition="{end}"/>
</TextSource></Sources></Project>"""


def project(path: str = "internal://ana.txt", origin: str = "", start: int = 11, end: int = 17) -> bytes:
    return PROJECT.format(path=path, origin=origin, start=start, end=end).encode()


@pytest.fixture
def packed(tmp_path: Path) -> Callable[..., Path]:
    def pack(entries: dict[str, bytes], name: str = "study.qdpx") -> Path:
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, data in entries.items():
                archive.writestr(entry, data)
        return tmp_path / name

    return pack


def only_quote(path: Path) -> str:
    with qda.read(path) as study:
        assert study.project.sources
        source = study.project.sources[0]
        assert isinstance(source, qda.model.TextSource)
        text = study.text_of(source)
        assert text is not None
        selection = source.plain_text_selections[0]
        return text[selection.start_position : selection.end_position]


@pytest.mark.parametrize("qde", ["project.qde", "Project.QDE", "My study.qde"])
@pytest.mark.parametrize("folder", ["sources", "Sources", "SOURCES"])
@pytest.mark.parametrize("reference", ["internal://ana.txt", "internal:///ANA.TXT", "ana.txt"])
def test_names_are_found_whatever_their_case(packed, qde: str, folder: str, reference: str) -> None:
    assert only_quote(packed({qde: project(reference), f"{folder}/ana.txt": TEXT.encode()})) == "eleven"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_not_part_of_the_text(packed, mark: bytes) -> None:
    assert only_quote(packed({"project.qde": project(), "sources/ana.txt": mark + TEXT.encode()})) == "eleven"


def test_nvivo_counts_utf16_units(packed) -> None:
    nvivo = project(origin="NVivo for Windows 12.6", start=12, end=18)
    assert only_quote(packed({"project.qde": nvivo, "Sources/ana.txt": TEXT.encode()})) == "eleven"


def test_a_bare_qde_finds_the_folder_beside_it(tmp_path: Path) -> None:
    (tmp_path / "Sources").mkdir()
    (tmp_path / "Sources" / "ana.txt").write_bytes(TEXT.encode())
    (tmp_path / "care.qde").write_bytes(project())
    assert only_quote(tmp_path / "care.qde") == "eleven"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_bare_qde_is_read_in_whatever_encoding_xml_may_have(tmp_path: Path, encoding: str) -> None:
    declared = "utf-16" if "16" in encoding else "utf-8"
    xml = f'<?xml version="1.0" encoding="{declared}"?><Project xmlns="urn:QDA-XML:project:1.0" name="Őry"/>'
    (tmp_path / "care.qde").write_bytes(xml.encode(encoding))
    with qda.read(tmp_path / "care.qde") as study:
        assert study.project.name == "Őry"


@pytest.mark.parametrize(
    "page",
    [
        b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/x.dtd">',
        b"<!-- saved from somewhere -->\n<HTML><body>",
        b"<head><title>Log in</title>",
        "<!DOCTYPE html>".encode("utf-16"),
    ],
    ids=["XHTML", "behind a comment", "without its beginning", "UTF-16"],
)
def test_a_web_page_is_called_so_whatever_it_begins_with(tmp_path: Path, page: bytes) -> None:
    (tmp_path / "study.qdpx").write_bytes(page)
    with pytest.raises(qda.CannotRead, match="web page"):
        qda.read(tmp_path / "study.qdpx")


def test_what_a_mac_packs_beside_the_project_is_no_second_project(packed, tmp_path: Path) -> None:
    beside = {"._project.qde": b"\0\5\x16\7", "__MACOSX/._project.qde": b"\0\5\x16\7"}
    path = packed({"project.qde": project(), **beside, "sources/ana.txt": TEXT.encode()})
    assert only_quote(path) == "eleven"
    with qda.read(path) as study:
        qda.write(study, tmp_path / "same.qdpx", profile="same")
    with zipfile.ZipFile(tmp_path / "same.qdpx") as archive:
        assert {name: archive.read(name) for name in beside} == beside


@pytest.mark.skipif(sys.platform == "win32", reason="there, Python reads such names by itself")
def test_a_package_of_an_older_windows_program_is_read(packed, tmp_path: Path) -> None:
    path = packed({"project.qde": project(), "sources_": b"", "sources_ana.txt": TEXT.encode()})
    path.write_bytes(path.read_bytes().replace(b"sources_", b"sources\\"))
    assert only_quote(path) == "eleven"
    with qda.read(path) as study:
        qda.write(study, tmp_path / "same.qdpx", profile="same")
    assert only_quote(tmp_path / "same.qdpx") == "eleven"


@pytest.mark.parametrize("name", [b"..\\..\\climb.txt", b"sources\\..\\..\\x", b"\\etc\\climbed", b"C:\\climbing.txt"])
def test_backslashes_lead_out_of_a_package_no_more_than_slashes(packed, name: bytes) -> None:
    path = packed({"project.qde": project(), "_" * len(name): b"out"})
    path.write_bytes(path.read_bytes().replace(b"_" * len(name), name))
    with pytest.raises(qda.CannotRead, match="leads out"):
        qda.read(path)


def test_a_link_in_the_folder_beside_it_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(b"secret")
    study = tmp_path / "study"
    (study / "sources").mkdir(parents=True)
    (study / "sources" / "ana.txt").symlink_to(tmp_path / "secret.txt")
    (study / "care.qde").write_bytes(project())
    with qda.read(study / "care.qde") as found:
        assert list(found.files) == []


def test_the_quotes_of_a_real_nvivo_project_begin_and_end_at_words(nvivo_sample: Path) -> None:
    with qda.read(nvivo_sample) as study:
        assert study.project.sources
        (source,) = study.project.sources
        assert isinstance(source, qda.model.TextSource)
        text = study.text_of(source)
        assert text is not None
        spans = [(found.start_position, found.end_position) for found in source.plain_text_selections]
        assert len(spans) == 97
        assert at_word_edges(text, spans) == 97


def test_positions_of_a_missing_text_stand_as_in_the_file_and_are_said(packed) -> None:
    path = packed({"project.qde": project(origin="NVivo 14", start=12, end=18)})
    with qda.read(path) as study:
        assert [finding.code for finding in study.findings] == ["POSITIONS-UNCONVERTED", "UTF16-POSITIONS"]
        assert study.project.sources
        assert study.project.sources[0].plain_text_selections[0].start_position == 12
        target = path.with_name("same.qdpx")
        qda.write(study, target, "same")
    with zipfile.ZipFile(target) as archive:
        assert b'startPosition="12" endPosition="18"' in archive.read("project.qde")


def test_of_texts_that_share_a_guid_all_are_converted_or_none(packed) -> None:
    one = project(origin="NVivo", start=12, end=18)
    source = one[one.index(b"<TextSource") : one.index(b"</Sources>")]
    both = one.replace(b"</Sources>", source.replace(b"ana.txt", b"gone.txt") + b"</Sources>")
    path = packed({"project.qde": both, "sources/ana.txt": TEXT.encode()})
    target = path.with_name("same.qdpx")
    with qda.read(path) as study:
        starts = [source.plain_text_selections[0].start_position for source in study.project.sources or ()]
        assert starts == [12, 12]
        assert "POSITIONS-UNCONVERTED" in [finding.code for finding in study.findings]
        qda.write(study, target, "same")
        with zipfile.ZipFile(target) as archive:
            assert archive.read("project.qde").count(b'startPosition="12" endPosition="18"') == 2
        # With GUIDs of their own, the one that is there is counted.
        repaired = qda.repair(study).study
        starts = [source.plain_text_selections[0].start_position for source in repaired.project.sources or ()]
        assert starts == [11, 12]
        assert len(repaired.form.uncounted) == 1


def test_a_position_inside_an_emoji_is_mended_said_and_written_back_as_it_was(packed) -> None:
    path = packed({"project.qde": project(origin="NVivo", start=10, end=18), "sources/ana.txt": TEXT.encode()})
    with qda.read(path) as study:
        assert "POSITION-INSIDE-CHARACTER" in [finding.code for finding in study.findings]
        qda.write(study, path.with_name("same.qdpx"), "same")
    with zipfile.ZipFile(path.with_name("same.qdpx")) as archive:
        assert b'startPosition="10" endPosition="18"' in archive.read("project.qde")


def test_bytes_are_read_only_when_asked_for(packed) -> None:
    path = packed({"project.qde": project(), "sources/ana.txt": TEXT.encode(), "sources/film.mp4": b"x" * 1000})
    damaged = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        damaged[archive.getinfo("sources/film.mp4").header_offset + 50] ^= 0xFF
    path.write_bytes(damaged)
    with qda.read(path) as study:
        entry = study.files.entry("sources/film.mp4")
        assert isinstance(entry, ZipEntry)
        assert entry.size == 1000
        with pytest.raises(qda.CannotRead, match=r"film\.mp4 is damaged"), entry.open() as stream:
            stream.read()


def zipped(entries: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"hello", "no zip archive", id="no zip"),
        pytest.param(b"<!DOCTYPE html><html></html>", "web page", id="a web page"),
        pytest.param(zipped([("a.txt", b"")]), "no file ending in .qde", id="no project"),
        pytest.param(zipped([("x/project.qde", project())]), "lies in a folder", id="a project in a folder"),
        pytest.param(zipped([("a.qde", project()), ("b.qde", project())]), "2 projects", id="two projects"),
        pytest.param(zipped([("project.qde", project())])[:-40], "damaged or incomplete", id="cut short"),
        pytest.param(zipped([("project.qde", b"<Project")]), "XML is damaged", id="cut XML"),
        pytest.param(zipped([("project.qde", b"")]), "it is empty", id="empty XML"),
        pytest.param(zipped([("project.qde", b"<a/>")]), "begins with <a>", id="other XML"),
        pytest.param(
            zipped([("project.qde", b'<Project xmlns="urn:x"/>')]), "of the namespace “urn:x”", id="other namespace"
        ),
        pytest.param(
            zipped([("project.qde", b'<!DOCTYPE P [<!ENTITY a "b">]><Project name="&a;"/>')]), "DOCTYPE", id="entities"
        ),
        pytest.param(
            zipped([("project.qde", b'<!DOCTYPE P SYSTEM "file:///etc/passwd"><Project name=""/>')]),
            "DOCTYPE",
            id="an external DTD",
        ),
        pytest.param(zipped([("project.qde", project()), ("../x", b"")]), "leads out", id="a way out"),
        pytest.param(
            zipped(
                [
                    (
                        "project.qde",
                        b'<Project xmlns="urn:QDA-XML:project:1.0" name=""><CodeBook><Codes>'
                        + b'<Code guid="a" name="" isCodable="true">' * 3000,
                    )
                ]
            ),
            "nested more than 250 deep",
            id="too deep",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "study.qdpx"
    path.write_bytes(data)
    with pytest.raises(qda.CannotRead, match=said) as raised:
        qda.read(path)
    assert "\n" not in str(raised.value)
    assert "study.qdpx" in str(raised.value)
    path.unlink()  # nothing holds it open


def test_a_selection_without_readable_positions_is_kept_but_not_used(packed) -> None:
    xml = project().replace(b'startPosition="11"', b'startPosition="eleven"')
    path = packed({"project.qde": xml, "sources/ana.txt": TEXT.encode()})
    with qda.read(path) as study:
        assert study.project.sources
        assert study.project.sources[0].plain_text_selections == []
        assert [(found.code, found.severity) for found in study.findings] == [("UNREADABLE-NUMBER", "error")]
        qda.write(study, path.with_name("same.qdpx"), "same")
    with zipfile.ZipFile(path.with_name("same.qdpx")) as archive:
        assert b'startPosition="eleven"' in archive.read("project.qde")
