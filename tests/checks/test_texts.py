"""Where the words of a text are said to be."""

from __future__ import annotations

import pytest

from checks.studies import ANA, TEXT, found, project, study
from qdabridge.checks.rules.texts import misplaced
from qdabridge.study.model import TextSource


def of_interview(**fields: object) -> list[tuple[str, str]]:
    changed = project()
    for name, value in fields.items():
        setattr(changed.sources[0], name, value)
    return [(finding.code, finding.severity) for finding in found(misplaced, study(changed))]


def test_a_text_is_in_one_place() -> None:
    assert found(misplaced, study()) == []


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ({}, "error"),
        ({"plain_text_selections": []}, "warning"),
        ({"plain_text_selections": [], "description": "Not transcribed yet"}, None),
        ({"plain_text_selections": [], "rich_text_path": "internal://ana.docx"}, "warning"),
        ({"rich_text_path": "internal://ana.docx"}, "error"),
        ({"plain_text_content": ""}, None),
    ],
)
def test_a_text_that_is_nowhere_matters_as_much_as_what_is_marked_in_it(
    fields: dict[str, object], severity: str | None
) -> None:
    told = of_interview(plain_text_path=None, **fields)
    assert told == ([("TEXT-MISSING", severity)] if severity else [])


@pytest.mark.parametrize(
    ("content", "path", "severity"),
    [
        (TEXT, f"internal://{ANA}", "note"),
        ("I waited four days.", f"internal://{ANA}", "warning"),
        ("I waited four days.", "internal://gone.txt", "note"),
    ],
)
def test_a_text_in_two_places_matters_where_they_differ(content: str, path: str, severity: str) -> None:
    assert of_interview(plain_text_content=content, plain_text_path=path) == [("TEXT-BOTH", severity)]


def test_a_byte_order_mark_is_no_difference() -> None:
    changed = project()
    changed.sources[0].plain_text_content = TEXT
    files = {f"sources/{ANA}": b"\xef\xbb\xbf" + TEXT.encode()}
    assert [finding.severity for finding in found(misplaced, study(changed, files))] == ["note"]


def test_a_file_that_cannot_be_read_is_told_elsewhere() -> None:
    changed = project()
    changed.sources = [TextSource(guid="T", plain_text_path=f"internal://{ANA}", plain_text_content="Córdoba")]
    findings = found(misplaced, study(changed, {f"sources/{ANA}": "Córdoba".encode("latin-1")}))
    assert [finding.severity for finding in findings] == ["note"]
