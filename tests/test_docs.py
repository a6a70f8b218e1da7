"""Every finding that the program can make has its place in the documentation, and none is there that it cannot make."""

from __future__ import annotations

import re

from conftest import ROOT


def test_every_code_is_documented_and_every_documented_code_exists() -> None:
    made = set()
    for path in (ROOT / "src" / "qdabridge").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        made |= set(re.findall(r'"([A-Z][A-Z0-9]+(?:-[A-Z0-9]+)+)"', source))
        made |= set(re.findall(r'Finding\(\s*"([A-Z][A-Z0-9-]+)"', source))
    made -= {"REFI-QDA", "UTF-8", "UTF-16"}
    documented = set(re.findall(r"^\| `([A-Z0-9-]+)` \|", (ROOT / "docs" / "findings.md").read_text(), re.MULTILINE))
    documented |= set(re.findall(r"^\| `([A-Z0-9-]+)` \|", (ROOT / "docs" / "repairs.md").read_text(), re.MULTILINE))
    documented |= set(re.findall(r"^## ([A-Z0-9-]+)$", (ROOT / "docs" / "checks.md").read_text(), re.MULTILINE))
    assert made == documented
