"""Every rule has its specimen, its page and its place; a specimen breaks its own rule and no other."""

from __future__ import annotations

import importlib
import re
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT
from fixtures.rules.make import specimens, write_all
from fixtures.rules.sound import SoundStudy
from qdabridge.checks import check, rule_table
from qdabridge.checks.rules import RULES, Rule

SPECIMENS = specimens()
BY_CODE = {rule.code: rule for rule in RULES}


def ids(rule: Rule) -> str:
    return rule.code


def test_every_rule_has_a_specimen_and_every_specimen_a_rule() -> None:
    assert set(SPECIMENS) == set(BY_CODE)


def test_the_sound_study_breaks_no_rule(tmp_path: Path) -> None:
    path = tmp_path / "sound.qdpx"
    path.write_bytes(SoundStudy().packed())
    assert check(path) == []


@pytest.mark.parametrize("rule", RULES, ids=ids)
def test_check_names_the_rule_that_a_specimen_breaks_and_nothing_else(rule: Rule, tmp_path: Path) -> None:
    if rule.needs == "media":
        pytest.importorskip("PIL", reason="needs the extra qdabridge[media]")
    path = tmp_path / "specimen.qdpx"
    path.write_bytes(SPECIMENS[rule.code])
    findings = check(path)
    assert {finding.code for finding in findings} == {rule.code}
    order = ["error", "warning", "note"]
    assert min(order.index(finding.severity) for finding in findings) >= order.index(rule.severity)
    for finding in findings:
        assert finding.message.endswith(".")
        assert finding.where.startswith("specimen.qdpx")
        assert finding.hint


def test_specimens_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    assert specimens() == SPECIMENS
    written = write_all(tmp_path)
    assert len(written) == len(SPECIMENS) + 1
    assert zipfile.is_zipfile(written[0])


def test_no_code_is_given_to_two_rules() -> None:
    assert len(BY_CODE) == len(RULES)
    assert all(re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", code) for code in BY_CODE)


def test_every_code_that_the_rules_give_is_a_rule() -> None:
    folder = ROOT / "src" / "qdabridge" / "checks"
    sources = [folder / "schema.py", *(folder / "rules").glob("*.py")]
    given = {
        code for path in sources for code in re.findall(r'Finding\(\s*"([A-Z-]+)"', path.read_text(encoding="utf-8"))
    }
    # These say what could not be looked at, and nothing of the study.
    assert given - {"RULE-SKIPPED", "TEXT-LIMIT"} <= set(BY_CODE)
    assert len(given) >= 30


def test_every_module_of_rules_is_used() -> None:
    modules = {path.stem for path in (ROOT / "src/qdabridge/checks/rules").glob("*.py")} - {"__init__", "rule"}
    own = [getattr(importlib.import_module(f"qdabridge.checks.rules.{module}"), "RULES", ()) for module in modules]
    assert sum(map(len, own)) == len(RULES)
    assert {rule for rules in own for rule in rules} == set(RULES)


def test_the_page_is_what_the_rules_say() -> None:
    stands = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert stands == rule_table.page(), "stale: run python -m qdabridge.checks.rule_table docs/checks.md"


@pytest.mark.parametrize("rule", RULES, ids=ids)
def test_a_rule_says_where_it_comes_from_and_what_to_do(rule: Rule) -> None:
    assert re.search(r"REFI-QDA 1\.5, \d|: ", rule.section)
    assert rule.title[0] == rule.title[0].lower() or rule.title.split()[0].isupper() or rule.title.startswith("A GUID")
    assert not rule.title.endswith(".")
    assert rule.about.strip().endswith(".")


def test_the_sections_that_rules_name_are_in_the_standard(shared: Path) -> None:
    text = (shared / "reference" / "standard" / "REFI-QDA-1-5.txt").read_text(encoding="utf-8")
    sections = set(re.findall(r"^ *(\d+(?:\.\d+)*) +[A-Z]", text, re.MULTILINE))
    for rule in RULES:
        if rule.section.startswith("REFI-QDA 1.5, "):
            named = re.findall(r"\d+(?:\.\d+)*", rule.section.removeprefix("REFI-QDA 1.5, "))
            assert set(named) <= sections, rule.code
