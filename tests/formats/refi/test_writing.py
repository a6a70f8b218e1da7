"""What is written is valid, complete, and says what it left."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree

import qdabridge as qda
from conftest import ROOT
from formats.refi.canonical import canonical
from qdabridge.study.files import Files

GUID = "7db0a6ab-6d86-4b30-9a0f-3d4f6a1d3c{:02x}"


def small_study() -> qda.Study:
    m = qda.model
    coding = m.Coding(guid=GUID.format(5), code_ref=m.CodeRef(target_guid=GUID.format(1)))
    selection = m.PlainTextSelection(guid=GUID.format(4), start_position=9, end_position=10, codings=(coding,))
    source = m.TextSource(
        guid=GUID.format(3),
        name="Ana",
        plain_text_path="internal://ana.txt",
        plain_text_selections=[selection],
    )
    project = qda.Project(
        name="Care",
        code_book=m.CodeBook(codes=[m.Code(guid=GUID.format(1), name="Access", is_codable=True)]),
        sources=[source],
        notes=[m.Note(guid=GUID.format(6), plain_text_content="a\rb")],
        sets=[m.Set(guid=GUID.format(7), name="s", member_codes=(m.CodeRef(target_guid=GUID.format(1)),))],
    )
    return qda.Study(project, Files({"Sources/ana.txt": "I waited \U0001f600 weeks".encode(), "readme.md": b"hello"}))


def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(ROOT / "schemas" / f"{name}.xsd"))


def test_the_standard_form_is_valid_and_flat(tmp_path: Path) -> None:
    findings = qda.write(small_study(), tmp_path / "care.qdpx")
    assert [(found.code, found.kind, found.where) for found in findings] == [("EXTRA-ENTRY", "loss", "readme.md")]
    with zipfile.ZipFile(tmp_path / "care.qdpx") as archive:
        assert archive.namelist() == ["project.qde", "sources/ana.txt"]
        root = etree.fromstring(archive.read("project.qde"))
    schema("Project").assertValid(root)
    assert root.get("origin") == f"qdabridge {qda.__version__}"


def test_a_study_written_and_read_is_the_same_study(tmp_path: Path) -> None:
    study = small_study()
    qda.write(study, tmp_path / "care.qdpx")
    with qda.read(tmp_path / "care.qdpx") as again:
        again.project.origin = study.project.origin
        again.project.extensions = None
        assert again.project == study.project
        assert again.findings == []


def test_the_same_study_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.qdpx", "b.qdpx"):
        qda.write(small_study(), tmp_path / name)
    assert (tmp_path / "a.qdpx").read_bytes() == (tmp_path / "b.qdpx").read_bytes()


def test_where_a_study_came_from_is_kept_in_a_comment(nvivo_sample: Path, tmp_path: Path) -> None:
    with qda.read(nvivo_sample) as study:
        qda.write(study, tmp_path / "standard.qdpx")
        assert study.project.origin == "NVivo for Windows 12.6"
    with qda.read(tmp_path / "standard.qdpx") as again:
        assert again.form is not None
        assert "NVivo for Windows 12.6" in again.form.before[0]
        assert again.form.tool == "standard"
        assert again.form.counting.unit == "codepoint"


def test_quotes_are_the_same_in_the_standard_form(nvivo_sample: Path, tmp_path: Path) -> None:
    def quotes(study: qda.Study) -> list[str]:
        assert study.project.sources
        (source,) = study.project.sources
        assert isinstance(source, qda.model.TextSource)
        text = study.text_of(source)
        assert text is not None
        return [text[found.start_position : found.end_position] for found in source.plain_text_selections]

    with qda.read(nvivo_sample) as study:
        qda.write(study, tmp_path / "standard.qdpx")
        with qda.read(tmp_path / "standard.qdpx") as again:
            assert quotes(again) == quotes(study)
            assert again.files.read(next(iter(again.files))) == study.files.read(next(iter(study.files)))


def test_a_bare_project_has_its_sources_beside_it(tmp_path: Path) -> None:
    qda.write(small_study(), tmp_path / "care.qde")
    assert (tmp_path / "sources" / "ana.txt").read_bytes() == "I waited \U0001f600 weeks".encode()
    with qda.read(tmp_path / "care.qde") as again:
        assert again.project.sources == small_study().project.sources


def test_a_codebook_is_valid_and_says_what_it_left(tmp_path: Path) -> None:
    findings = qda.write(small_study(), tmp_path / "care.qdc")
    assert [found.code for found in findings] == ["CODEBOOK-ONLY"]
    assert "1 sources, 1 selections, 1 codings, 1 notes" in findings[0].message
    schema("Codebook").assertValid(etree.parse(tmp_path / "care.qdc"))
    with qda.read(tmp_path / "care.qdc") as again:
        assert again.project.code_book == small_study().project.code_book
        assert again.project.sets == small_study().project.sets
        assert again.project.name == "care"


def test_the_standard_s_codebook_comes_back_as_it_was(shared: Path, tmp_path: Path) -> None:
    original = shared / "reference" / "standard" / "annex-a1-codebook.qdc"
    with qda.read(original) as study:
        assert study.project.code_book
        assert [code.name for code in study.project.code_book.codes] == [
            "Topics",
            "Economy",
            "Health care",
            "Values",
            "Conservatives",
            "Liberals",
        ]
        qda.write(study, tmp_path / "same.qdc", "same")
    assert canonical((tmp_path / "same.qdc").read_bytes()) == canonical(original.read_bytes())


def test_characters_that_xml_cannot_hold_are_replaced_and_said(tmp_path: Path) -> None:
    study = small_study()
    study.project.description = "a\x00b\x1b"
    findings = qda.write(study, tmp_path / "care.qdpx")
    assert [(found.code, found.count) for found in findings if found.kind == "loss"][1:] == [("XML-CHARACTER", 2)]
    with qda.read(tmp_path / "care.qdpx") as again:
        assert again.project.description == "a\ufffdb\ufffd"


def test_same_without_a_form_is_the_standard_and_says_so(tmp_path: Path) -> None:
    assert "SAME-UNKNOWN" in [found.code for found in qda.write(small_study(), tmp_path / "care.qdpx", "same")]


def test_an_unknown_profile_or_ending_is_refused_with_the_choices(tmp_path: Path) -> None:
    with pytest.raises(qda.BadRequest, match=r"Choose one of: standard, atlasti, maxqda, nvivo, .*same"):
        qda.write(small_study(), tmp_path / "care.qdpx", "word")
    with pytest.raises(qda.BadRequest, match=r"\.qdpx, \.qde, \.qdc, \.json"):
        qda.write(small_study(), tmp_path / "care.doc")


def test_a_failing_write_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "care.qdpx"
    target.write_bytes(b"old")
    study = small_study()

    class Broken:
        size = 3

        def open(self) -> None:
            raise OSError(28, "No space left on device")

    study.files.put("sources/film.mp4", Broken())  # type: ignore[arg-type]
    with pytest.raises(qda.CannotWrite, match="no space left"):
        qda.write(study, target, overwrite=True)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["care.qdpx"]


def test_what_else_is_in_a_sources_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mine.txt").write_bytes(b"mine")
    with pytest.raises(qda.TargetExists):
        qda.write(small_study(), tmp_path / "care.qde")
    assert [path.name for path in tmp_path.iterdir()] == ["sources"]
    qda.write(small_study(), tmp_path / "care.qde", overwrite=True)
    assert (tmp_path / "sources" / "mine.txt").read_bytes() == b"mine"
    assert (tmp_path / "sources" / "ana.txt").exists()


def test_strangers_are_left_out_of_the_standard_form_and_counted(tmp_path: Path) -> None:
    xml = f"""<?style sheet?><Project xmlns="urn:QDA-XML:project:1.0" xmlns:x="urn:x" name="Care" x:y="1"><Users/>
    <!-- kept --><Odd/><CodeBook><Codes/></CodeBook><Sources><TextSource guid="{GUID.format(3)}" x:z="2">
    <PlainTextSelection guid="{GUID.format(4)}" startPosition="one" endPosition="2"/></TextSource></Sources>
    <Notes><Note guid="{GUID.format(6)}"><VariableValue><VariableRef targetGUID="{GUID.format(7)}"/>
    <BooleanValue>perhaps</BooleanValue></VariableValue></Note></Notes></Project>"""
    (tmp_path / "odd.qde").write_text(xml)
    with qda.read(tmp_path / "odd.qde") as study:
        findings = qda.write(study, tmp_path / "standard.qdpx")
        qda.write(study, tmp_path / "same.qde", "same")
    assert [(found.code, found.kind, found.count) for found in findings] == [
        ("FOREIGN-LEFT", "loss", 2),
        ("FOREIGN-LEFT", "loss", 2),
        ("VALUE-LEFT", "loss", 1),
    ]
    with zipfile.ZipFile(tmp_path / "standard.qdpx") as archive:
        written = archive.read("project.qde")
    schema("Project").assertValid(etree.fromstring(written))
    assert b"<?style sheet?>" in written
    assert b"<!-- kept -->" in written
    assert canonical((tmp_path / "same.qde").read_bytes()) == canonical(xml.encode())
