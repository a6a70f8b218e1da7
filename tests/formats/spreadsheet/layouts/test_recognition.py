"""Which layout a table has, what is said where none fits, and the page that lists them."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT
from qdabridge.errors import BadRequest, CannotRead
from qdabridge.formats.spreadsheet import layouts
from qdabridge.formats.spreadsheet.layout_table import with_table
from qdabridge.formats.spreadsheet.layouts import Layout, Seen, recognised
from qdabridge.formats.spreadsheet.pieces import Pieces
from qdabridge.formats.spreadsheet.sheets import TableFile
from tables import sheet, table

ALL = list(layouts.layouts().values())


def invented(name: str, score: float) -> Layout:
    return Layout(
        name=name,
        title=f"{name} table",
        program="Invented",
        looks_for="nothing",
        gives="nothing",
        evidence="none",
        recognises=lambda _: Seen(score, f"the look of {name}"),
        read=lambda _: Pieces(),
    )


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> dict[str, Layout]:
    known = {"a": invented("a", 0.8), "b": invented("b", 0.6)}
    monkeypatch.setattr(layouts, "layouts", lambda: known)
    return known


FILE = table(sheet([["What", "is", "this"], [], [1, 2.5, "long " * 20]], "Odd"))


def test_the_layout_that_fits_best_is_taken(two: dict[str, Layout]) -> None:
    assert recognised(FILE) == (two["a"], Seen(0.8, "the look of a"))


def test_a_layout_that_is_asked_for_is_taken_whatever_fits(two: dict[str, Layout]) -> None:
    assert recognised(FILE, "B")[0] is two["b"]


def test_an_unknown_layout_is_answered_with_the_known_ones(two: dict[str, Layout]) -> None:
    with pytest.raises(BadRequest, match=r"no layout “c”.*Use one of a, b"):
        recognised(FILE, "c")


def test_two_that_fit_equally_well_are_both_named(two: dict[str, Layout]) -> None:
    two["c"] = invented("c", 0.8)
    with pytest.raises(CannotRead, match=r"table of two kinds.*--layout a or --layout c"):
        recognised(FILE)


def test_where_none_fits_it_is_said_what_was_looked_for_and_what_is_there(two: dict[str, Layout]) -> None:
    two["a"], two["b"] = invented("a", 0.2), invented("b", 0.0)
    with pytest.raises(CannotRead) as caught:
        recognised(FILE)
    assert str(caught.value) == (
        "table.xlsx: No layout fits this table. Looked for: Invented a table, Invented b table. Found: sheet “Odd”: "
        "What · is · this / 1 · 2.5 · long long long long long long…. Say with --layout what it is, or bring it into "
        "the shape of a plain matrix: participants in the first column, themes in the first row."
    )


@pytest.mark.parametrize("layout", ALL, ids=lambda layout: layout.name)
def test_each_layout_says_what_it_is(layout: Layout) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", layout.name)
    assert all((layout.title, layout.looks_for, layout.gives, layout.evidence))


ODD_FILES = [
    table([]),
    table([[]]),
    table([["only one"]]),
    table([[None, None], [], [1, 2, 3]]),
    table([[True, 1.5], ["", "", ""]]),
    table(sheet([["a"] * 300] * 3, "wide")),
    TableFile(FILE.path, "text", [sheet([["a line"]])], ["a line"], [""]),
    TableFile(FILE.path, "document", [], ["a paragraph", ""], ["Heading 1", ""]),
]


@pytest.mark.parametrize("layout", ALL, ids=lambda layout: layout.name)
@pytest.mark.parametrize("number", range(len(ODD_FILES)))
def test_no_layout_stumbles_over_odd_files(layout: Layout, number: int) -> None:
    seen = layout.recognises(ODD_FILES[number])
    assert 0 <= seen.score <= 1
    try:
        layout.read(ODD_FILES[number])
    except CannotRead as refused:
        assert refused.what


def test_the_page_lists_the_layouts_as_they_are() -> None:
    page = (ROOT / "docs" / "spreadsheets.md").read_text(encoding="utf-8")
    assert with_table(page) == page, "run: python -m qdabridge.formats.spreadsheet.layout_table docs/spreadsheets.md"
