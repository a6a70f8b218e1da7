"""SARIF says what was found, where, and what was looked for, in the way that other programs understand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdabridge.checks.many import Checked
from qdabridge.checks.rules import RULES
from qdabridge.checks.sarif import sarif
from qdabridge.findings import Finding

HERE = Path("/studies")
DANGLING = Finding("REF-DANGLING", "error", "A code is not in the study.", where="a.qdpx: Coding 1", hint="Export it.")


def run_of(*checked: Checked) -> dict[str, Any]:
    log = json.loads(json.dumps(sarif(checked, RULES, folder=HERE)))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def result_of(finding: Finding, name: str = "a.qdpx") -> dict[str, Any]:
    (result,) = run_of(Checked(HERE / name, [finding]))["results"]
    return result


def test_a_finding_is_a_result_with_its_rule_its_words_and_its_file() -> None:
    run = run_of(Checked(HERE / "deposits" / "a.qdpx", [DANGLING]))
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "REF-DANGLING"
    assert result["level"] == "error"
    assert result["message"]["text"] == "A code is not in the study. Export it."
    (location,) = result["locations"]
    assert location["physicalLocation"] == {"artifactLocation": {"uri": "deposits/a.qdpx"}}
    assert location["logicalLocations"] == [{"fullyQualifiedName": "a.qdpx: Coding 1"}]


def test_every_rule_is_described_whether_it_was_broken_or_not() -> None:
    rules = run_of()["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in RULES]
    for rule in rules:
        assert rule["shortDescription"]["text"].endswith(".")
        assert not re.search(r"[`*\n]", rule["fullDescription"]["text"])
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert re.fullmatch(r"([A-Z][a-z0-9]*)+", rule["name"])


def test_what_only_a_reader_says_is_described_by_what_it_says() -> None:
    stranger = Finding("SOMETHING-READ", "note", "It was read so.")
    run = run_of(Checked(HERE / "a.qdpx", [stranger, stranger]))
    rules = run["tool"]["driver"]["rules"]
    assert [result["ruleIndex"] for result in run["results"]] == [len(RULES)] * 2
    assert rules[len(RULES) :] == [
        {
            "id": "SOMETHING-READ",
            "shortDescription": {"text": "It was read so."},
            "defaultConfiguration": {"level": "note"},
        }
    ]


def test_many_places_are_one_result_with_a_count_and_the_first_places() -> None:
    many = Finding(
        "POS-EMPTY", "warning", "It marks nothing.", where="one", count=5_000, places=("one", "two", "three")
    )
    result = result_of(many)
    assert result["occurrenceCount"] == 5_000
    assert [place["message"]["text"] for place in result["locations"]] == ["one"]
    assert [place["message"]["text"] for place in result["relatedLocations"]] == ["two", "three"]
    assert "occurrenceCount" not in result_of(DANGLING)


@pytest.mark.parametrize(("name", "line"), [("a.qde", 7), ("a.qdc", 7), ("a.qdpx", None)])
def test_a_line_is_told_where_a_person_can_open_the_file(name: str, line: int | None) -> None:
    where = f"{name}: line 7, /Project/Cases" if line else f"{name}: project.qde: line 7, /Project/Cases"
    (location,) = result_of(Finding("SCHEMA", "error", "It is not allowed.", where=where), name)["locations"]
    assert location["physicalLocation"].get("region") == ({"startLine": line} if line else None)


def test_a_file_that_was_not_read_makes_the_run_no_success() -> None:
    run = run_of(Checked(HERE / "sound.qdpx", []), Checked(HERE / "bad.qdpx", [], "bad.qdpx: The archive is damaged."))
    (invocation,) = run["invocations"]
    (told,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False
    assert told["message"]["text"] == "bad.qdpx: The archive is damaged."
    assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "bad.qdpx"
    assert run_of(Checked(HERE / "a.qdpx", [DANGLING]))["invocations"][0]["executionSuccessful"] is True


def test_every_file_that_was_looked_at_is_named_and_so_is_one_without_findings() -> None:
    run = run_of(Checked(HERE / "a.qdpx", [DANGLING]), Checked(HERE / "sound.qdpx", []))
    assert [artifact["location"]["uri"] for artifact in run["artifacts"]] == ["a.qdpx", "sound.qdpx"]


def test_a_file_elsewhere_is_named_as_a_whole_and_no_name_of_a_folder_is_told_otherwise() -> None:
    assert "file:///elsewhere/a.qdpx" in json.dumps(sarif([Checked(Path("/elsewhere/a.qdpx"), [DANGLING])], RULES))
    assert "/studies" not in json.dumps(sarif([Checked(HERE / "a.qdpx", [DANGLING])], RULES, folder=HERE))


@given(st.text(st.characters(exclude_characters="/\\\0:", exclude_categories=("Cs",)), min_size=1))
def test_any_name_of_a_file_is_a_uri(name: str) -> None:
    (artifact,) = run_of(Checked(HERE / f"x{name}.qdpx", []))["artifacts"]
    uri = artifact["location"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9._~%/-]+", uri)
    assert unquote(uri) == f"x{name}.qdpx"


def test_a_finding_is_known_again_by_its_fingerprint_and_another_is_not() -> None:
    same, other = result_of(DANGLING), result_of(Finding("REF-DANGLING", "error", DANGLING.message, where="elsewhere"))
    assert same["partialFingerprints"] == result_of(DANGLING)["partialFingerprints"]
    assert same["partialFingerprints"] != other["partialFingerprints"]
