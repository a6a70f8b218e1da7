"""The house stays as it was planned: imports run downwards only, and importing it costs nothing."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from conftest import ROOT

SOURCE = ROOT / "src" / "qdabridge"
FLOORS = [
    {"cli"},
    {"deposit"},
    {"coders"},
    {"checks"},
    {"formats"},
    {"matrix"},
    {"study", "safety", "archives", "shipped", "pause"},
    {"limits"},
    {"errors", "findings"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.parent != SOURCE or not path.stem.startswith("__"))


def imported_rooms(path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("qdabridge.")}
    return rooms & set(LEVEL)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_run_downwards(path) -> None:
    room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    for other in imported_rooms(path) - {room}:
        assert LEVEL[other] > LEVEL[room], f"{room} imports {other}"


def test_a_study_knows_no_format() -> None:
    for path in (SOURCE / "study").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for stranger in ("lxml", "zipfile", "openpyxl", "click", "rich", "xmlschema"):
            assert f"import {stranger}" not in text, path
            assert f"from {stranger}" not in text, path


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, qdabridge; "
        "print([name for name in ('lxml', 'xmlschema', 'openpyxl', 'rich', 'msgspec', 'click', 'zipfile') "
        "if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
