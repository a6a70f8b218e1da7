"""Pointers that have their GUID elsewhere than the schema has it are read, said, and written back as they came."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import qdabridge as qda
from formats.refi.canonical import canonical
from qdabridge.formats.refi.grammar import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE
from qdabridge.formats.refi.xml_reader import read_xml
from qdabridge.formats.refi.xml_writer import write_xml
from qdabridge.study import walk

GUID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
FORMS = {
    "guid": f'<MemberSource guid="{GUID}"/>',
    "targetGUID": f'<MemberSource targetGUID="{GUID}"/>',
    "text": f"<MemberSource>{GUID}</MemberSource>",
    "text with white space": f"<MemberSource>\n  {GUID}\n</MemberSource>",
    "prefixed": f'<p:MemberSource guid="{GUID}"/>',
}


def project(member: str, namespace: str = PROJECT_NAMESPACE) -> bytes:
    return (
        f'<Project xmlns="{namespace}" xmlns:p="{namespace}" name="x"><Sources><TextSource guid="{GUID}"/></Sources>'
        f'<Sets><Set guid="{OTHER}" name="s">{member}</Set></Sets></Project>'
    ).encode()


def codebook(member: str, namespace: str = CODEBOOK_NAMESPACE) -> bytes:
    declared = f' xmlns="{namespace}"' if namespace else ""
    return (
        f'<CodeBook{declared}><Codes><Code guid="{GUID}" name="c" isCodable="true"/></Codes>'
        f'<Sets><Set guid="{OTHER}" name="s">{member}</Set></Sets></CodeBook>'
    ).encode()


def written(tmp_path: Path, xml: bytes, ending: str, profile: str) -> tuple[qda.Study, bytes]:
    path = tmp_path / f"came{ending}"
    path.write_bytes(xml)
    target = tmp_path / f"{profile}{ending}"
    with qda.read(path) as study:
        qda.write(study, target, profile)
    return study, target.read_bytes()


@pytest.mark.parametrize("member", FORMS.values(), ids=FORMS)
def test_a_member_is_found_wherever_its_guid_stands_and_comes_back_as_it_was(tmp_path: Path, member: str) -> None:
    xml = project(member)
    study, same = written(tmp_path, xml, ".qde", "same")
    assert study.project.sets
    assert [found.target_guid for found in study.project.sets[0].member_sources] == [GUID]
    assert canonical(same) == canonical(xml)
    unusual = "targetGUID" not in member
    assert [finding.code for finding in study.findings] == ["REF-ATTR"] * unusual


@pytest.mark.parametrize("member", FORMS.values(), ids=FORMS)
def test_the_standard_form_has_the_guid_where_the_schema_has_it(tmp_path: Path, member: str) -> None:
    _, standard = written(tmp_path, project(member), ".qde", "standard")
    assert f'<MemberSource targetGUID="{GUID}"/>'.encode() in standard


@pytest.mark.parametrize("namespace", [CODEBOOK_NAMESPACE, "urn:QDA-XML:codebook:0:4", "urn:QDA-XML:codebook:1:0", ""])
@pytest.mark.parametrize(
    "member", [f'<MemberCode guid="{GUID}"/>', f'<MemberCode targetGUID="{GUID}"/>', f"<MemberCode>{GUID}</MemberCode>"]
)
def test_a_codebook_says_it_in_any_way_and_any_version(tmp_path: Path, member: str, namespace: str) -> None:
    xml = codebook(member, namespace)
    study, same = written(tmp_path, xml, ".qdc", "same")
    assert study.project.sets
    assert [found.target_guid for found in study.project.sets[0].member_codes] == [GUID]
    assert canonical(same) == canonical(xml)
    _, standard = written(tmp_path, xml, ".qdc", "standard")
    assert f'<MemberCode guid="{GUID}"/>'.encode() in standard
    assert f'xmlns="{CODEBOOK_NAMESPACE}"'.encode() in standard


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:project:0:10", "urn:QDA-XML:project:1.0"])
def test_a_draft_of_the_standard_is_read_as_the_standard(tmp_path: Path, namespace: str) -> None:
    study, _ = written(tmp_path, project(FORMS["guid"], namespace), ".qde", "standard")
    assert ("NS-VERSION" in [finding.code for finding in study.findings]) == (namespace != PROJECT_NAMESPACE)


def test_a_pointer_that_was_changed_is_written_with_its_new_target(tmp_path: Path) -> None:
    path = tmp_path / "came.qde"
    path.write_bytes(project(FORMS["text"]))
    with qda.read(path) as study:
        assert study.project.sets
        study.project.sets[0].member_sources[0].target_guid = OTHER
        qda.write(study, tmp_path / "same.qde", "same")
    assert f'<MemberSource targetGUID="{OTHER}"'.encode() in (tmp_path / "same.qde").read_bytes()


@pytest.mark.parametrize("member", ["<MemberSource/>", "<MemberSource>two words</MemberSource>"])
def test_a_pointer_to_nowhere_is_said_and_comes_back(tmp_path: Path, member: str) -> None:
    xml = project(member)
    study, same = written(tmp_path, xml, ".qde", "same")
    assert "REQUIRED-MISSING" in [finding.code for finding in study.findings]
    assert canonical(same) == canonical(xml)


def test_strange_content_of_a_pointer_stays_with_it(tmp_path: Path) -> None:
    xml = project(f'<MemberSource>two words</MemberSource><MemberSource targetGUID="{GUID}"/>')
    _, same = written(tmp_path, xml, ".qde", "same")
    assert canonical(same) == canonical(xml)


def test_all_codings_of_the_large_example_survive_and_every_violation_is_named(shared: Path, tmp_path: Path) -> None:
    example = shared / "reference" / "standard" / "annex-a3-complex.qde"
    assert example.read_bytes().count(b"<Coding") == 66
    with qda.read(example) as study:
        assert codings_of(study) == 66
        told = " ".join(finding.message for finding in study.findings)
        qda.write(study, tmp_path / "standard.qde")
    for violation in ("project:0:10", "MemberSource", "MemberNote", "SyncPoint", "creatingUser"):
        assert violation in told
    with qda.read(tmp_path / "standard.qde") as again:
        assert codings_of(again) == 66


def codings_of(study: qda.Study) -> int:
    sources = study.project.sources or []
    return sum(
        len(source.codings) + sum(len(selection.codings) for selection in walk.selections_of(source))
        for source in sources
    )


def test_a_pointer_survives_json(tmp_path: Path) -> None:
    xml = project(FORMS["text"])
    path = tmp_path / "came.qde"
    path.write_bytes(xml)
    with qda.read(path) as study:
        qda.write(study, tmp_path / "study.json")
    with qda.read(tmp_path / "study.json") as again:
        qda.write(again, tmp_path / "same.qde", "same")
    assert canonical((tmp_path / "same.qde").read_bytes()) == canonical(xml)


def test_writing_twice_changes_nothing() -> None:
    xml = project(FORMS["guid"])
    for _ in range(2):
        document = read_xml(lambda xml=xml: io.BytesIO(xml), "x")  # type: ignore[misc]
        out = io.BytesIO()
        write_xml(document.root, out, namespace=document.namespace, prefix=document.prefix)
        xml = out.getvalue()
    assert canonical(xml) == canonical(project(FORMS["guid"]))
