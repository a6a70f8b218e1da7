"""The hook that pre-commit is offered runs a command that exists, on the files that it can read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from qdabridge.formats import refi

ROOT = Path(__file__).resolve().parents[2]
HOOK = dict(re.findall(r"^(?:- |  )(\w+): '?(.*?)'?$", (ROOT / ".pre-commit-hooks.yaml").read_text(), re.MULTILINE))


def test_the_hook_says_what_a_person_runs(run: Any, study: Path, broken: Path) -> None:
    program, *words = HOOK["entry"].split()
    assert program == "qdabridge"
    assert run(*words, study).status == 0
    assert run(*words, study, broken).status == 1


@pytest.mark.parametrize("suffix", refi.SUFFIXES)
def test_every_ending_of_refi_qda_is_looked_at_in_any_case(suffix: str) -> None:
    assert re.search(HOOK["files"], f"data/study{suffix}")
    assert re.search(HOOK["files"], f"STUDY{suffix.upper()}")
    assert not re.search(HOOK["files"], f"study{suffix}.txt")


def test_the_page_of_commands_tells_of_the_hook() -> None:
    assert f"- id: {HOOK['id']}" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
