"""What a stranger or an unlucky folder can do to reading and writing: nothing, or one sentence."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

import qdabridge as qda
from conftest import ROOT
from formats.refi.canonical import canonical
from qdabridge.study.files import Files
from qdabridge.study.form import Form

G = "7db0a6ab-6d86-4b30-9a0f-3d4f6a1d3c{:02x}"
NS = "urn:QDA-XML:project:1.0"
TEXT = f'<TextSource guid="{G.format(1)}" plainTextPath="internal://a.txt"/>'


def project(inside: str = "", *, origin: str = "", more: str = "") -> str:
    return f'<Project xmlns="{NS}" name="Care" origin="{origin}"{more}>{inside}</Project>'


def sources(inside: str) -> str:
    return f"<Sources>{inside}</Sources>"


@pytest.fixture
def packed(tmp_path: Path) -> Callable[..., Path]:
    def pack(xml: str, files: dict[str, bytes] | None = None) -> Path:
        path = tmp_path / "in" / "study.qdpx"
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("project.qde", xml)
            for name, data in (files or {}).items():
                archive.writestr(name, data)
        return path

    return pack


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def written(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("project.qde")


def valid(xml: bytes) -> None:
    etree.XMLSchema(etree.parse(ROOT / "schemas" / "Project.xsd")).assertValid(etree.fromstring(xml))


def codes(findings: list[qda.Finding]) -> set[str]:
    return {finding.code for finding in findings}


# --- names and folders -----------------------------------------------------------------------------------------------


def test_only_the_sources_folder_of_a_package_is_laid_beside_a_bare_project(packed, out: Path) -> None:
    files = {"./sources/a.txt": b"a", ".ssh/keys": b"k", "root.txt": b"r", "media/c.txt": b"c"}
    (out / "mine.txt").write_bytes(b"mine")
    with qda.read(packed(project(sources(TEXT)), files)) as study:
        findings = qda.write(study, out / "o.qde", "same", overwrite=True)
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*")) == [
        "mine.txt",
        "o.qde",
        "sources",
        "sources/a.txt",
    ]
    assert {found.where for found in findings if found.code == "EXTRA-ENTRY"} == {
        ".ssh/keys",
        "root.txt",
        "media/c.txt",
    }


def test_writing_never_goes_through_a_link_in_an_old_folder(packed, tmp_path: Path, out: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_bytes(b"precious")
    (out / "sources").mkdir()
    (out / "sources" / "sub").symlink_to(tmp_path / "outside")
    with qda.read(packed(project(), {"sources/sub/a.txt": b"evil"})) as study, pytest.raises(qda.CannotWrite):
        qda.write(study, out / "o.qde", "same", overwrite=True)
    assert (tmp_path / "outside" / "a.txt").read_bytes() == b"precious"
    assert sorted(path.name for path in out.iterdir()) == ["sources"]


def test_a_sources_folder_that_is_a_link_is_not_followed(tmp_path: Path, out: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.txt").write_bytes(b"secret")
    (out / "sources").symlink_to(tmp_path / "secret")
    (out / "care.qde").write_text(project(sources(TEXT)))
    with qda.read(out / "care.qde") as study:
        assert list(study.files) == []


def test_a_file_called_sources_is_not_replaced(packed, out: Path) -> None:
    (out / "sources").write_bytes(b"mine")
    with qda.read(packed(project(), {"sources/a.txt": b"a"})) as study, pytest.raises(qda.CannotWrite):
        qda.write(study, out / "o.qde", overwrite=True)
    assert (out / "sources").read_bytes() == b"mine"
    assert not (out / "o.qde").exists()


def test_names_that_some_systems_cannot_have_are_changed_and_followed(packed, out: Path) -> None:
    source = f'<TextSource guid="{G.format(1)}" plainTextPath="internal://Interview 10:30.txt"/>'
    with qda.read(packed(project(sources(source)), {"sources/Interview 10:30.txt": b"hello"})) as study:
        qda.write(study, out / "o.qdpx")
    with qda.read(out / "o.qdpx") as again:
        assert again.project.sources
        assert again.text_of(again.project.sources[0]) == "hello"
        assert list(again.files) == ["sources/Interview 10_30.txt"]


def test_files_of_one_name_from_several_folders_all_get_a_place(packed, out: Path) -> None:
    files = {f"sources/{folder}/a.txt": folder.encode() for folder in "xyz"}
    with qda.read(packed(project(), files)) as study:
        qda.write(study, out / "o.qdpx")
    with qda.read(out / "o.qdpx") as again:
        assert {again.files.read(name) for name in again.files} == {b"x", b"y", b"z"}


def test_a_text_that_a_source_refers_to_is_kept_wherever_it_lies(packed, out: Path) -> None:
    source = f'<TextSource guid="{G.format(1)}" plainTextPath="interview.txt"/>'
    with qda.read(packed(project(sources(source)), {"interview.txt": b"hello"})) as study:
        assert qda.write(study, out / "o.qdpx") == []
    with qda.read(out / "o.qdpx") as again:
        assert again.project.sources
        assert again.text_of(again.project.sources[0]) == "hello"


def test_a_damaged_entry_is_not_passed_on(packed, out: Path) -> None:
    path = packed(project(), {"sources/film.mp4": b"film" * 100})
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("sources/film.mp4").header_offset + 60
    damaged = bytearray(path.read_bytes())
    damaged[offset] ^= 0xFF
    path.write_bytes(damaged)
    with qda.read(path) as study, pytest.raises(qda.CannotRead, match=r"film\.mp4 is damaged"):
        qda.write(study, out / "o.qdpx")
    assert list(out.iterdir()) == []


def test_a_closed_study_says_so(packed, out: Path) -> None:
    with qda.read(packed(project(), {"sources/a.txt": b"a"})) as study:
        pass
    with pytest.raises(qda.BadRequest, match="has been closed"):
        qda.write(study, out / "o.qdpx")


@pytest.mark.parametrize("name", ["x" * 300 + ".qdpx", "a\0b.qdpx"])
def test_impossible_names_are_said(name: str, out: Path) -> None:
    with pytest.raises(qda.CannotWrite) as raised:
        qda.write(qda.Study(qda.Project(name="p")), out / name)
    assert "\n" not in str(raised.value)


def test_a_source_that_has_gone_is_blamed_itself(out: Path, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.txt").write_bytes(b"a")
    (tmp_path / "care.qde").write_text(project(sources(TEXT)))
    with qda.read(tmp_path / "care.qde") as study:
        (tmp_path / "sources" / "a.txt").unlink()
        with pytest.raises(qda.CannotRead, match=r"a\.txt: A file of the study cannot be read"):
            qda.write(study, out / "o.qdpx")


def test_an_option_that_a_format_does_not_have_is_said(out: Path) -> None:
    with pytest.raises(qda.BadRequest, match="quotes"):
        qda.write(qda.Study(qda.Project(name="p")), out / "o.qdpx", quotes=True)


# --- XML -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param(project("<Description>one<?x y?>two<!-- c -->three</Description>"), id="nodes inside text"),
        pytest.param(
            project(
                f'<Notes><Note guid="{G.format(1)}"><NoteRef targetGUID="{G.format(2)}"><?a b?></NoteRef>'
                "</Note></Notes>"
            ),
            id="a node in an empty element",
        ),
        pytest.param(
            f'<q:Project xmlns:q="{NS}" name="p"><q:Users xmlns="urn:x"><q:User guid="{G.format(1)}"/></q:Users>'
            "</q:Project>",
            id="another default namespace inside",
        ),
        pytest.param(project(origin="a --- b-"), id="hyphens in the origin"),
    ],
)
def test_valid_files_stay_valid_and_come_back(packed, out: Path, xml: str) -> None:
    with qda.read(packed(xml)) as study:
        qda.write(study, out / "same.qdpx", "same")
        qda.write(study, out / "standard.qdpx")
    assert canonical(written(out / "same.qdpx")) == canonical(xml.encode())
    valid(written(out / "same.qdpx"))
    valid(written(out / "standard.qdpx"))
    with qda.read(out / "standard.qdpx") as again:
        assert len(again.project.users or ()) == xml.count("User ")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("<IntegerValue>None</IntegerValue>", "UNREADABLE-VALUE"),
        ("<BooleanValue>none</BooleanValue>", "UNREADABLE-VALUE"),
        ("<IntegerValue>3.5</IntegerValue>", "UNREADABLE-VALUE"),
    ],
)
def test_values_that_cannot_be_read_are_said_and_written_back(packed, out: Path, value: str, code: str) -> None:
    variable = f'<VariableValue><VariableRef targetGUID="{G.format(9)}"/>{value}</VariableValue>'
    xml = project(f'<Cases><Case guid="{G.format(1)}">{variable}</Case></Cases>')
    with qda.read(packed(xml)) as study:
        assert code in codes(study.findings)
        qda.write(study, out / "same.qdpx", "same")
    assert canonical(written(out / "same.qdpx")) == canonical(xml.encode())


@pytest.mark.parametrize(
    "xml",
    [
        '<Project xmlns="urn:QDA-XML:a}b" name="x"/>',
        f'<Project xmlns="{NS}" name="x"><q:Users/></Project>',
        '<?xml version="1.0" encoding="EBCDIC-XX"?><Project name="x"/>',
    ],
)
def test_strange_xml_is_refused_with_one_sentence(packed, xml: str) -> None:
    with pytest.raises(qda.CannotRead) as raised:
        qda.read(packed(xml))
    assert "\n" not in str(raised.value)


def test_white_space_that_xml_does_not_know_is_text(packed) -> None:
    with qda.read(packed(project("<Users/>\u00a0<Cases/>"))) as study:
        assert "UNKNOWN-NODE" in codes(study.findings)


def test_many_strangers_cost_no_more_than_each(packed, out: Path) -> None:
    xml = project("<Users>" + "<!-- c -->" * 20_000 + f'<User guid="{G.format(1)}"/></Users>')
    with qda.read(packed(xml)) as study:
        qda.write(study, out / "same.qdpx", "same")
    assert written(out / "same.qdpx").count(b"<!-- c -->") == 20_000


# --- positions, codebooks, forms -------------------------------------------------------------------------------------


def test_positions_that_could_not_be_counted_are_an_error_in_whatever_is_written(packed, out: Path) -> None:
    selection = f'<PlainTextSelection guid="{G.format(2)}" startPosition="2" endPosition="4"/>'
    xml = project(sources(TEXT.replace("/>", f">{selection}</TextSource>")), origin="NVivo 14")
    with qda.read(packed(xml)) as study:
        findings = qda.write(study, out / "o.qdpx")
    assert ("POSITIONS-UNCONVERTED", "error") in {(found.code, found.severity) for found in findings}


def test_positions_cannot_be_counted_back_without_the_text(packed, out: Path) -> None:
    selection = f'<PlainTextSelection guid="{G.format(2)}" startPosition="2" endPosition="4"/>'
    xml = project(sources(TEXT.replace("/>", f">{selection}</TextSource>")), origin="NVivo 14")
    with qda.read(packed(xml, {"sources/a.txt": "\U0001f600abc".encode()})) as study:
        gone = qda.Study(study.project, Files(), form=study.form)
        assert "POSITIONS-UNCONVERTED" in codes(qda.write(gone, out / "o.qdpx", "same"))


def test_a_codebook_of_a_study_without_codes_is_refused(out: Path) -> None:
    with pytest.raises(qda.BadRequest, match="no codes"):
        qda.write(qda.Study(qda.Project(name="p")), out / "o.qdc")


@pytest.mark.parametrize(
    "form",
    [
        Form(namespace=NS, prefix="a b"),
        Form(namespace="urn:somebody-else"),
        Form(namespace=NS, project_entry="sources/a.txt"),
        Form(namespace=NS, project_entry="foo"),
    ],
)
def test_a_form_that_no_file_had_is_refused(form: Form, out: Path) -> None:
    study = qda.Study(qda.Project(name="p"), Files({"sources/a.txt": b"a"}), form=form)
    with pytest.raises(qda.BadRequest):
        qda.write(study, out / "o.qdpx", "same")
    assert list(out.iterdir()) == []


def test_strangers_out_of_somebody_s_json_are_one_node_each(out: Path) -> None:
    m = qda.model
    node = m.ForeignNode(at=0, xml="<!-- a --><evil/>")
    study = qda.Study(qda.Project(name="p", description="d", extensions=m.Extensions(nodes=(node,))))
    study.form = Form(namespace=NS, before=("<evil",))
    assert "FOREIGN-LEFT" in codes(qda.write(study, out / "same.qdpx", "same"))
    assert "FOREIGN-LEFT" in codes(qda.write(study, out / "standard.qdpx"))
    for name in ("same.qdpx", "standard.qdpx"):
        assert b"evil" not in written(out / name)


def test_codes_nested_deeper_than_we_read_are_not_written(out: Path) -> None:
    code = qda.model.Code(guid=G.format(0), name="c")
    for _ in range(300):
        code = qda.model.Code(guid=G.format(0), name="c", codes=[code])
    book = qda.model.CodeBook(codes=[code])
    with pytest.raises(qda.CannotWrite, match="too deep"):
        qda.write(qda.Study(qda.Project(name="p", code_book=book)), out / "o.qdpx")
