"""Every specimen of a broken rule: what the rule says is mended is mended, and nothing else is touched."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

import qdabridge as qda
from checks.repairs.differences import differences
from fixtures.rules.make import specimens
from fixtures.rules.sound import SoundStudy
from qdabridge.checks.repairs import MENDS
from qdabridge.checks.rules import RULES, Rule

SPECIMENS = specimens()
LARGE = 100_000_000
BY_WRITING = {"SCHEMA", "CODEBOOK-PACKED", "NS-VERSION", "QDE-NAME", "XML-ENCODING"}
"""Rules that are kept by writing the study anew, whatever it says."""
TOUCHED = {
    "SCHEMA": {"Code.color"},
    "REF-DANGLING": {"Code.note_refs"},
    "USER-UNKNOWN": {"Project.users"},
    "REF-BY-FILENAME": {"SourceRef.target_guid"},
    "GUID-DUP": {"Coding.guid"},
    "NAME-MISSING": {"Code.name"},
    "NAME-DUP": {"Code.name"},
    "CODE-NOT-CODABLE": {"Code.is_codable"},
    "TEXT-BOTH": {"TextSource.plain_text_content"},
    "POS-SWAP": {"PlainTextSelection.start_position", "PlainTextSelection.end_position"},
    "NOTE-SOURCE-ANCHOR": {"Note.plain_text_selections", "TextSource.plain_text_selections", "TextSource.note_refs"},
    "RECT-SWAP": {f"PictureSelection.{corner}" for corner in ("first_x", "first_y", "second_x", "second_y")},
    "VAR-TYPE": {"VariableValue.text_value", "VariableValue.integer_value"},
    "VAR-DUP": {"Case.variable_values"},
    "PATH-SCHEME": {"AudioSource.path"},
    "PATH-BACKSLASH": {"AudioSource.path"},
    "ENTRY-NAME": {"AudioSource.path"},
}
"""The fields that the mend of each specimen changes; none where nothing is mended in the model."""


def ids(rule: Rule) -> str:
    return rule.code


def repaired(content: bytes, folder: Path) -> tuple[qda.Repaired, set[str], list[qda.Finding]]:
    """Repair a specimen; return what came of it, the fields that differ, and what a check of the result finds."""
    source, target = folder / "specimen.qdpx", folder / "mended.qdpx"
    source.write_bytes(content)
    with qda.read(source) as study:
        result = qda.repair(study)
        changed = differences(study.project, result.study.project)
        if not any(each.code == "ENTRY-NAME" for each in result.mended):
            assert list(study.files) == list(result.study.files)
        if any(study.files.entry(name).size > LARGE for name in study.files):
            # Two gigabytes of zeros: to write and check them takes most of a minute, and shows nothing more.
            return result, changed, result.left
        contents = [study.files.read(name) for name in study.files]
        if any(each.code == "TEXT-BOM" for each in result.mended):
            contents = [content.removeprefix(codecs.BOM_UTF8) for content in contents]
        assert [result.study.files.read(name) for name in result.study.files] == contents
        qda.write(result.study, target)
    return result, changed, qda.check(target)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.mended], ids=ids)
def test_what_the_rule_says_is_mended_is_mended_and_checks_clean(rule: Rule, tmp_path: Path) -> None:
    result, changed, found = repaired(SPECIMENS[rule.code], tmp_path)
    assert found == []
    assert result.left == []
    assert changed == TOUCHED.get(rule.code, set())
    if rule.code not in BY_WRITING:
        assert {finding.code for finding in result.mended} == {rule.code}
        assert all(finding.kind == "mended" and finding.where for finding in result.mended)


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.mended], ids=ids)
def test_what_needs_a_person_is_named_and_left_as_it_is(rule: Rule, tmp_path: Path) -> None:
    if rule.needs == "media":
        pytest.importorskip("PIL", reason="needs the extra qdabridge[media]")
    result, changed, found = repaired(SPECIMENS[rule.code], tmp_path)
    assert result.mended == []
    assert changed == set()
    assert {finding.code for finding in result.left} == {rule.code}
    assert {finding.code for finding in found} == {rule.code}


def test_a_sound_study_stays_as_it_is(tmp_path: Path) -> None:
    result, changed, found = repaired(SoundStudy().packed(), tmp_path)
    assert (result.mended, result.left, changed, found) == ([], [], set(), [])


@pytest.mark.parametrize("rule", RULES, ids=ids)
def test_repairing_twice_is_repairing_once(rule: Rule, tmp_path: Path) -> None:
    path = tmp_path / "specimen.qdpx"
    path.write_bytes(SPECIMENS[rule.code])
    with qda.read(path) as study:
        once = qda.repair(study)
        twice = qda.repair(once.study)
    assert twice.mended == []
    assert twice.study.project == once.study.project
    assert twice.left == once.left


def test_every_rule_that_says_it_is_mended_has_a_mend() -> None:
    assert {rule.code for rule in RULES if rule.mended} - BY_WRITING <= {mend.code for mend in MENDS}


def test_no_code_is_given_to_two_mends() -> None:
    codes = [mend.code for mend in MENDS]
    assert len(codes) == len(set(codes))
