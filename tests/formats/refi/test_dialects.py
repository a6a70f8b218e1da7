"""Which tool wrote a file is known from what it says, or from how it is made; what is known is written down once."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT
from qdabridge.formats.refi.dialect_table import page
from qdabridge.formats.refi.dialects import dialects, recognised
from qdabridge.study import model
from qdabridge.study.model import PlainTextSelection, Project, TextSource

GUID = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("NVivo for Windows 12.6", "nvivo"),
        ("NVivo 14", "nvivo"),
        ("MAXQDA 24 (Release 24.7.0)", "maxqda"),
        ("ATLAS.ti 8.4.0 573 , macOS Version 10.14.3 (Build 18D109)", "atlasti"),
        ("ATLAS.ti Win 23.4.0", "atlasti"),
        ("QualCoder 3.8.2", "qualcoder"),
        ("Qualcoder-1.4", "qualcoder"),
        ("Quirkos 2.5", "quirkos"),
        ("Transana 3.22b2-QDE-Win", "transana"),
        ("Taguette 1.4", "taguette"),
        ("qc", "qc"),
        ("eQc", "eqc"),
        ("QualiLab", "qualilab"),
        ("Magnolia 1.6.0", "magnolia"),
        ("qdabridge 0.1.0", "standard"),
        ("Some other program", "standard"),
        (None, "standard"),
    ],
)
def test_a_tool_is_known_by_the_origin_it_names(origin: str | None, name: str) -> None:
    assert recognised(origin).name == name


def test_no_two_dialects_claim_one_origin() -> None:
    for origin in ("NVivo", "MAXQDA", "ATLAS.ti", "QualCoder", "Quirkos", "Transana", "Taguette", "qc", "eQc"):
        claims = [known.name for known in dialects().values() if re.search(known.origin or "$^", origin, re.IGNORECASE)]
        assert len(claims) == 1, claims


def test_a_namespace_that_one_tool_uses_tells_it() -> None:
    assert recognised(None, "urn:QDA-XML:project:0:10").name == "transana"
    assert recognised(None, "urn:QDA-XML:codebook:1:0").name == "nvivo"


def named(name: str) -> Project:
    selection = PlainTextSelection(guid=GUID, name=name, start_position=12, end_position=34)
    return Project(name="x", sources=[TextSource(guid=GUID, plain_text_selections=[selection])])


SHAPES = {
    "nvivo": Project(
        name="x",
        code_book=model.CodeBook(codes=[model.Code(guid=GUID.upper(), name="Ana")]),
        cases=[model.Case(guid=GUID, name="Ana")],
    ),
    "maxqda": named("12,34"),
    "qc": named("line:7"),
    "atlasti": Project(name="x", users=[model.User(guid="{c32a2bd5-537f-4838-8b17-df9efbafdf4b}", name="ATLAS.ti")]),
    "qualcoder": Project(name="care.qda"),
    "standard": named("eleven weeks"),
}


@pytest.mark.parametrize(("name", "project"), SHAPES.items(), ids=SHAPES)
def test_where_a_file_says_nothing_its_shape_tells(name: str, project: Project) -> None:
    assert recognised(None, "", project).name == name
    assert recognised("", "", project).name == name


@pytest.mark.parametrize(("name", "project"), SHAPES.items(), ids=SHAPES)
def test_a_shape_does_not_speak_against_what_the_file_says(name: str, project: Project) -> None:
    assert recognised("Some other program", "urn:QDA-XML:project:0:10", project).name == "standard"


def test_every_shape_is_also_said_in_words() -> None:
    for dialect in dialects().values():
        assert (dialect.shape is None) == (dialect.shape_is == ""), dialect.name


def test_every_dialect_says_what_it_is_and_how_sure_that_is() -> None:
    for dialect in dialects().values():
        assert dialect.facts, dialect.name
        assert dialect.evidence, dialect.name
        assert all(fact.endswith(".") for fact in dialect.facts), dialect.name


def test_the_page_of_dialects_is_what_the_program_does() -> None:
    assert (ROOT / "docs" / "dialects.md").read_text(encoding="utf-8") == page(), (
        "stale: run python -m qdabridge.formats.refi.dialect_table docs/dialects.md"
    )
