"""What is read and written as it came is the same XML and the same bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import qdabridge as qda
from formats.refi.canonical import canonical
from formats.refi.documents import KITCHEN_SINK, documents
from qdabridge.formats.refi.xml_reader import read_xml
from qdabridge.formats.refi.xml_writer import write_xml


def written_again(xml: bytes) -> bytes:
    document = read_xml(lambda: io.BytesIO(xml), "test.qde")
    out = io.BytesIO()
    write_xml(
        document.root,
        out,
        namespace=document.namespace,
        prefix=document.prefix,
        before=document.before,
        after=document.after,
    )
    return out.getvalue()


def test_every_element_and_awkward_legal_values_come_back_as_they_were() -> None:
    assert canonical(written_again(KITCHEN_SINK)) == canonical(KITCHEN_SINK)
    assert not read_xml(lambda: io.BytesIO(KITCHEN_SINK), "x").findings


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_any_valid_document_comes_back_as_it_was(xml: bytes) -> None:
    again = written_again(xml)
    assert canonical(again) == canonical(xml)
    assert written_again(again) == again


@pytest.mark.parametrize("name", ["annex-a1-codebook.qdc", "annex-a2-simple.qde"])
def test_the_examples_of_the_standard_come_back_as_they_were(shared: Path, name: str) -> None:
    xml = (shared / "reference" / "standard" / name).read_bytes()
    assert canonical(written_again(xml)) == canonical(xml)
    assert not read_xml(lambda: io.BytesIO(xml), "x").findings


def test_the_large_example_loses_nothing_though_it_is_of_an_older_version(shared: Path) -> None:
    xml = (shared / "reference" / "standard" / "annex-a3-complex.qde").read_bytes()
    document = read_xml(lambda: io.BytesIO(xml), "a3.qde")
    assert {finding.code for finding in document.findings} == {
        "NS-VERSION",
        "ORDER",
        "REF-ATTR",
        "UNKNOWN-NODE",
    }
    again = written_again(xml)
    for element in (b"<Coding ", b"guid=", b"SyncPoint", b"<NoteRef"):
        assert again.count(element) >= xml.count(element), element


def test_a_real_nvivo_project_comes_back_as_it_was(nvivo_sample: Path, tmp_path: Path) -> None:
    target = tmp_path / "same.qdpx"
    with qda.read(nvivo_sample) as study:
        assert qda.write(study, target, "same") == []
    with zipfile.ZipFile(nvivo_sample) as before, zipfile.ZipFile(target) as after:
        assert after.testzip() is None
        assert after.namelist() == before.namelist()
        assert canonical(after.read("project.qde")) == canonical(before.read("project.qde"))
        for name in before.namelist()[1:]:
            assert after.read(name) == before.read(name)
            assert after.getinfo(name).compress_size == before.getinfo(name).compress_size


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param('<q:Project xmlns:q="urn:QDA-XML:project:1.0" name="x"><q:Users/></q:Project>', id="prefixed"),
        pytest.param(
            '<q:Project xmlns:q="urn:QDA-XML:project:1.0" xmlns="urn:QDA-XML:project:1.0" name="x">'
            "<CodeBook><q:Codes/></CodeBook><q:Description>d</q:Description></q:Project>",
            id="two prefixes of one namespace",
        ),
        pytest.param(
            '<Project xmlns="urn:QDA-XML:project:1.0" name="x">'
            '<p:Users xmlns:p="urn:QDA-XML:project:1.0"><p:User guid="a"/><User guid="b"/></p:Users></Project>',
            id="a prefix declared inside",
        ),
        pytest.param(
            '<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Users xmlns:z="urn:z" z:a="1">'
            '<User guid="a" xmlns:y="urn:y" y:b="2" z:c="3"/></Users>'
            '<Description xmlns:w="urn:w" w:d="4">text</Description></Project>',
            id="foreign attributes",
        ),
        pytest.param(
            '<Project xmlns="urn:QDA-XML:project:1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" name="x" i:schemaLocation="a b"><Users>'
            '<User guid="a" xsi:type="UserType"/><User guid="b" i:type="UserType"/></Users></Project>',
            id="two prefixes of the namespace of an attribute",
        ),
        pytest.param(
            '<Project xmlns="urn:QDA-XML:project:1.0" xmlns:y="urn:y" name="x"><Users><User guid="a" xmlns:z="urn:y" '
            'z:a="1" y:b="2"/><User guid="b" y:a="3"/></Users><Description xmlns:w="urn:y" w:d="4">t</Description>'
            "</Project>",
            id="a second prefix of an attribute's namespace, declared inside",
        ),
        pytest.param(
            '<?one two?><Project xmlns="urn:QDA-XML:project:1.0" name="x"><?in side?><Users><?a b?>'
            '<User guid="a"><?within it?></User><?c d?></Users><?end?></Project><?after all?>',
            id="processing instructions",
        ),
        pytest.param(
            '<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Users/><Cases/>'
            '<Extra xmlns="urn:other"><Deep a="1">t</Deep></Extra><Sources/></Project>',
            id="a foreign element",
        ),
        pytest.param('<Project xmlns="urn:QDA-XML:project:1.0"><Codes/></Project>', id="a name missing"),
        pytest.param('<Project name="no namespace at all"/>', id="no namespace"),
    ],
)
def test_unusual_dress_is_kept(xml: str) -> None:
    assert canonical(written_again(xml.encode())) == canonical(xml.encode())


def test_comments_stay_where_they_were() -> None:
    project = '<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Users><!-- b --><User guid="g"/></Users></Project>'
    xml = "<!-- a -->" + project
    again = written_again(xml.encode()).decode()
    assert again.index("<!-- a -->") < again.index("<Project") < again.index("<!-- b -->") < again.index("<User ")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "utf-8"])
def test_the_declared_encoding_is_obeyed(encoding: str) -> None:
    declared = "" if encoding.startswith("utf-8") else f' encoding="{encoding}"'
    xml = f'<?xml version="1.0"{declared}?><Project xmlns="urn:QDA-XML:project:1.0" name="Café"/>'.encode(encoding)
    document = read_xml(lambda: io.BytesIO(xml), "x")
    assert document.root.name == "Café"
