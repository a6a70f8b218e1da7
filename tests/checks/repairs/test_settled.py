"""What a check finds wrong with the form of a file is told as settled when the study is written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

import qdabridge as qda
from checks.repairs.test_specimens import BY_WRITING, SPECIMENS
from fixtures.hostile.make import package
from qdabridge.checks.repairs.settled import settled_by_writing


def settled(content: bytes, folder: Path) -> list[qda.Finding]:
    path = folder / "study.qdpx"
    path.write_bytes(content)
    with qda.read(path) as study:
        return settled_by_writing(study, path)


@pytest.fixture
def study_without_a_code() -> bytes:
    """A study with an empty container, which writing leaves out, and a coding without a code, which it cannot."""
    xml = (
        '<Project xmlns="urn:QDA-XML:project:1.0" name="One"><Sources><TextSource '
        'guid="55555555-5555-4555-8555-555555555555"><PlainTextContent>I waited.</PlainTextContent><PlainTextSelection '
        'guid="66666666-6666-4666-8666-666666666666" startPosition="0" endPosition="1"><Coding '
        'guid="77777777-7777-4777-8777-777777777777"/></PlainTextSelection></TextSource></Sources><Sets/></Project>'
    )
    return package({"project.qde": xml.encode()})


@pytest.mark.parametrize("code", sorted(BY_WRITING - {"SCHEMA"}))
def test_what_writing_settles_is_told(code: str, tmp_path: Path) -> None:
    (finding,) = settled(SPECIMENS[code], tmp_path)
    assert (finding.code, finding.kind, finding.hint) == (code, "mended", "")
    assert finding.where


def test_what_a_mend_of_its_own_puts_right_is_not_told_twice(tmp_path: Path) -> None:
    assert settled(SPECIMENS["SCHEMA"], tmp_path) == []


def test_of_a_study_whose_form_is_right_nothing_is_told(tmp_path: Path) -> None:
    assert settled(SPECIMENS["POS-SWAP"], tmp_path) == []


def test_what_writing_does_not_settle_is_not_told(tmp_path: Path, study_without_a_code: bytes) -> None:
    (finding,) = settled(study_without_a_code, tmp_path)
    assert (finding.code, finding.count) == ("SCHEMA", 1)
    assert "Sets" in finding.where


def test_json_has_no_such_form(tmp_path: Path) -> None:
    path = tmp_path / "study.json"
    qda.write(qda.Study(qda.Project(name="One")), path)
    with qda.read(path) as study:
        assert settled_by_writing(study, path) == []


def test_json_of_a_study_that_was_a_package_has_none_either(tmp_path: Path) -> None:
    packed, path = tmp_path / "study.qdpx", tmp_path / "study.json"
    packed.write_bytes(SPECIMENS["QDE-NAME"])
    with qda.read(packed) as study:
        qda.write(study, path)
    with qda.read(path) as study:
        assert study.form is not None
        assert settled_by_writing(study, path) == []
