"""Codes in one cell, with signs between them that stand in names, too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdabridge.formats.spreadsheet.layouts._atlasti_joined import Joined

NAMES = ["Access", "Costs, time and place", "Trust", "Costs", "time and place, again", "Seeing, being seen, hearing"]


def test_known_names_are_taken_longest_first() -> None:
    joined = Joined([("Costs, time and place, Trust", None)], NAMES)
    assert joined.names("Costs, time and place, Trust") == (("Costs, time and place", "Trust"), True)


def test_the_number_of_names_tells_what_belongs_together() -> None:
    joined = Joined([("Access, Trust", 2), ("Access, Seeing, being seen", 2)])
    assert joined.names("Access, Seeing, being seen", 2) == (("Access", "Seeing, being seen"), True)


def test_what_two_readings_fit_is_said_to_be_unsure() -> None:
    joined = Joined([("Access, time, Trust", 2)])
    assert joined.names("Access, time, Trust", 2)[1] is False


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        ([("A, B", 1), ("C, D", 1), ("E; F", 2)], ";"),
        ([("A, B", 2)], ","),
        ([("A, b\nC", 2), ("D; e", 1)], "\n"),
        ([("A; B", None), ("C, d", None)], ";"),
        ([], ","),
    ],
)
def test_the_separator_is_what_fits_the_table(cells: list[tuple[str, int | None]], separator: str) -> None:
    assert Joined(cells).separator == separator


def test_a_number_that_cannot_be_is_passed_over() -> None:
    assert Joined([("Access, Trust", 7)], NAMES).names("Access, Trust", 7)[0] == ("Access", "Trust")


def test_cells_of_a_thousand_commas_are_divided_at_once() -> None:
    cell = ", ".join(f"name {number}" for number in range(1_000))
    assert len(Joined([(cell, 500)]).names(cell, 500)[0]) == 1_000


@given(
    st.lists(st.lists(st.sampled_from(NAMES), max_size=5, unique=True), max_size=8), st.sampled_from([", ", "; ", "\n"])
)
def test_with_a_codebook_every_cell_gives_its_codes(cells: list[list[str]], between: str) -> None:
    joined = Joined([(between.join(names), len(names)) for names in cells], NAMES)
    for names in cells:
        found, sure = joined.names(between.join(names), len(names))
        assert not sure or found == tuple(names) or between == ", "
        assert between.join(found) == between.join(names)


@given(st.lists(st.tuples(st.text(",; \nab"), st.none() | st.integers(0, 9)), max_size=8))
def test_whatever_is_in_the_cells_no_word_is_lost(cells: list[tuple[str, int | None]]) -> None:
    joined = Joined(cells)
    for cell, count in cells:
        names, _ = joined.names(cell, count)
        kept = [part for name in names for part in name.replace(joined.separator, " ").split()]
        assert kept == cell.replace(joined.separator, " ").split()
