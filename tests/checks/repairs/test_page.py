"""The page of repairs is what the program does, and every mend is described."""

from __future__ import annotations

import importlib

from conftest import ROOT
from qdabridge.checks.repairs import MENDS
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.repair_table import page
from qdabridge.checks.rules import RULES


def test_the_page_of_repairs_is_what_the_program_does() -> None:
    assert (ROOT / "docs" / "repairs.md").read_text(encoding="utf-8") == page(), (
        "stale: run python -m qdabridge.checks.repairs.repair_table docs/repairs.md"
    )


def test_every_rule_has_its_place_on_the_page() -> None:
    for rule in RULES:
        assert f"`{rule.code}`" in page() or f"[{rule.code}]" in page(), rule.code


def test_every_mend_says_what_it_does() -> None:
    for mend in MENDS:
        assert mend.does.endswith("."), mend.code
        assert not mend.leaves or mend.leaves.endswith("."), mend.code
        assert not mend.title.endswith("."), mend.code


def test_every_module_of_mends_is_used() -> None:
    folder = ROOT / "src/qdabridge/checks/repairs"
    found: set[Mend] = set()
    for path in folder.glob("*.py"):
        if path.stem != "__init__":
            module = importlib.import_module(f"qdabridge.checks.repairs.{path.stem}")
            found |= {each for each in vars(module).values() if isinstance(each, Mend)}
            if path.stem != "repair_table":
                found |= set(getattr(module, "MENDS", ()))
    assert found == set(MENDS)
