"""The texts of a folder are found by the names that tables have for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdabridge.findings import Findings
from qdabridge.formats.spreadsheet.building.source_texts import SourceTexts
from qdabridge.limits import DEFAULT


@pytest.fixture
def texts(tmp_path: Path) -> SourceTexts:
    for name in ("Ana.txt", "Bo.v2.txt", "notes.md", "Cy.pdf.txt"):
        (tmp_path / name).write_text(f"This is {name}.", encoding="utf-8")
    return SourceTexts(tmp_path, DEFAULT, Findings())


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Ana", "Ana.txt"),
        ("ana.TXT", "Ana.txt"),
        (" Ana ", "Ana.txt"),
        ("Ana.docx", "Ana.txt"),
        ("Ana.pdf ", "Ana.txt"),
        ("Bo.v2", "Bo.v2.txt"),
        ("Bo.v2.mp3", "Bo.v2.txt"),
        ("notes", "notes.md"),
        ("Cy.pdf", "Cy.pdf.txt"),
    ],
)
def test_a_source_has_its_text_whatever_ending_the_table_gives_it(texts: SourceTexts, name: str, file: str) -> None:
    assert texts.has(name)
    assert texts[name] == f"This is {file}."


@pytest.mark.parametrize("name", ["", ".txt", "Bo", "Ana.v2", "Ana.", "other.docx"])
def test_another_name_has_none(texts: SourceTexts, name: str) -> None:
    assert not texts.has(name)
    with pytest.raises(KeyError):
        texts[name]
