"""Matrices made by hand, as people make them."""

from __future__ import annotations

import pytest

from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.formats.spreadsheet.pieces import Pieces
from tables import sheet, table

LAYOUT = layouts()["plain-matrix"]
LONG = "She waited six weeks for a letter that never came, and rang twice."
OTHER = "No wait at all: her cousin works there and put her name on the list."


def told(pieces: Pieces) -> list[str]:
    return [finding.code for finding in pieces.found.all()]


def cells(pieces: Pieces) -> dict[tuple[str, tuple[str, ...]], str]:
    return {(row.case, row.code): row.text for row in pieces.charted}


def paths(pieces: Pieces) -> list[tuple[str, ...]]:
    return [code.path for code in pieces.codes]


def test_one_row_of_headings_gives_codes_of_the_first_level() -> None:
    file = table([["", "Access", "Trust"], ["Ana", LONG, ""], ["Bo", None, OTHER + "\n"]])
    pieces = LAYOUT.read(file)
    assert LAYOUT.recognises(file).score > 0.3
    assert paths(pieces) == [("Access",), ("Trust",)]
    assert [case.name for case in pieces.cases] == ["Ana", "Bo"]
    assert cells(pieces) == {("Ana", ("Access",)): LONG, ("Bo", ("Trust",)): OTHER}
    assert pieces.charted[1].at == "C3"


def test_headings_with_the_codes_above_them_give_levels_and_attributes_before_them() -> None:
    """As qdabridge itself writes a matrix as a table."""
    rows = [
        ["Case", "Role", "Access \\ Waiting \\ Letters", "Access \\ Costs", "Trust"],
        ["Ana", "School cook, retired", "Short.", "", LONG],
        ["Bo", "Driver", "", "“I paid” [Bo, l. 3, NS]", ""],
    ]
    pieces = LAYOUT.read(table(rows))
    assert paths(pieces) == [("Access", "Waiting", "Letters"), ("Access", "Costs"), ("Trust",)]
    assert [case.values for case in pieces.cases] == [{"Role": "School cook, retired"}, {"Role": "Driver"}]
    (odd,) = [finding for finding in pieces.found.all() if finding.code == "TABLE-ODD"]
    assert "nothing is coded with them" in odd.message


TWO_ROWS = [
    ["", "Access", None, "Trust"],
    ["Participant", "Waiting", "Costs", "In doctors"],
    ["Ana", LONG, "The bus.", ""],
    ["Bo", "", "", OTHER],
]


@pytest.mark.parametrize("merged", [(), ((0, 1, 0, 2),)])
@pytest.mark.parametrize("corner", [("", "Participant"), ("Participant", ""), ("", "")])
def test_two_rows_of_headings_give_themes_with_codes(
    merged: tuple[tuple[int, int, int, int], ...], corner: tuple[str, str]
) -> None:
    rows = [[name, *row[1:]] for name, row in zip(corner, TWO_ROWS, strict=False)] + TWO_ROWS[2:]
    pieces = LAYOUT.read(table(sheet(rows, merged=merged)))
    assert paths(pieces) == [("Access", "Waiting"), ("Access", "Costs"), ("Trust", "In doctors")]
    assert [case.name for case in pieces.cases] == ["Ana", "Bo"]
    assert cells(pieces)["Ana", ("Access", "Costs")] == "The bus."


def test_a_theme_that_is_merged_does_not_reach_beyond_its_cells() -> None:
    rows = [["", "Access", None, None], ["Name", "Waiting", "Costs", "Other"], ["Ana", LONG, LONG, LONG]]
    pieces = LAYOUT.read(table(sheet(rows, merged=((0, 1, 0, 2),))))
    assert paths(pieces) == [("Access", "Waiting"), ("Access", "Costs"), ("Other",)]


def test_titles_and_blank_rows_above_are_no_headings() -> None:
    pieces = LAYOUT.read(table([["Interviews 2024"], [], ["", "Access"], ["Ana", LONG], [], ["Bo", OTHER]]))
    assert paths(pieces) == [("Access",)]
    assert [case.name for case in pieces.cases] == ["Ana", "Bo"]


def test_numbers_and_short_values_before_the_texts_are_attributes() -> None:
    rows = [
        ["ID", "Age", "Gender", "Access", "Status", "Score"],
        ["007", 34, "f", LONG, "ok", 2.5],
        ["008", 41, "m", "", "not", 3],
    ]
    pieces = LAYOUT.read(table(rows))
    assert pieces.attributes == ["Age", "Gender", "Score"]
    assert paths(pieces) == [("Access",), ("Status",)]
    assert pieces.cases[0].name == "007"
    assert pieces.cases[0].values == {"Age": 34, "Gender": "f", "Score": 2.5}
    assert told(pieces) == ["TABLE-ATTRIBUTES"]
    assert pieces.found.all()[0].count == 3


def test_a_matrix_of_short_words_alone_has_no_attributes() -> None:
    pieces = LAYOUT.read(table([["", "Access", "Trust"], ["Ana", "yes", "no"], ["Bo", "no", "yes"]]))
    assert not pieces.attributes
    assert len(pieces.charted) == 4


def test_a_sheet_for_each_theme_gives_a_theme_each() -> None:
    file = table(
        sheet([["", "Waiting"], ["Ana", LONG]], "Access"),
        sheet([["", "In doctors"], ["Ana", OTHER]], "Trust"),
        sheet([["Notes on the coding"]], "Notes"),
    )
    pieces = LAYOUT.read(file)
    assert paths(pieces) == [("Access", "Waiting"), ("Trust", "In doctors")]
    assert told(pieces) == ["TABLE-NOT-CARRIED"]


def test_rows_below_a_merged_name_are_of_that_name() -> None:
    rows = [["", "Access"], ["Ana", "Once."], [None, "Twice."], ["Bo", "Never."]]
    pieces = LAYOUT.read(table(sheet(rows, merged=((1, 0, 2, 0),))))
    assert [(row.case, row.text) for row in pieces.charted] == [("Ana", "Once."), ("Ana", "Twice."), ("Bo", "Never.")]


def test_what_has_no_name_is_said_to_be_left_out() -> None:
    pieces = LAYOUT.read(table([["", "Access", None], ["Ana", LONG, "beside"], ["", "of nobody"]]))
    assert [finding.where for finding in pieces.found.all()] == ["C1", "row 3"]
    assert set(told(pieces)) == {"TABLE-NOT-CARRIED"}


def test_two_columns_of_one_name_are_refused() -> None:
    rows = [["", "Access", "Trust", "access "], ["Ana", LONG, LONG, LONG]]
    with pytest.raises(CannotRead, match=r"Two columns have the name “access” \(B and D\)"):
        LAYOUT.read(table(rows))


def test_one_name_under_two_themes_is_two_codes() -> None:
    rows = [["", "Access", "Trust"], ["Name", "Other", "Other"], ["Ana", LONG, OTHER]]
    pieces = LAYOUT.read(table(rows))
    assert paths(pieces) == [("Access", "Other"), ("Trust", "Other")]


def test_an_empty_first_column_is_refused_in_words() -> None:
    file = table(sheet([[None, "Participant", "Access"], [None, "Ana", LONG]], "Matrix"))
    assert LAYOUT.recognises(file).score > 0.3
    with pytest.raises(CannotRead, match="The first column is empty, and a matrix has the names of its participants"):
        LAYOUT.read(file)


def test_a_text_is_no_matrix() -> None:
    assert LAYOUT.recognises(table([["I waited."], ["Six weeks."]])).score == 0


def test_any_two_columns_of_words_are_not_taken_for_a_matrix() -> None:
    file = table([["Datum", "Notiz"], ["Montag", "Milch kaufen"], ["Dienstag", "Brot"]])
    with pytest.raises(CannotRead, match="No layout fits this table"):
        recognised(file)
    assert told(LAYOUT.read(file)) == ["TABLE-ODD"]


@pytest.mark.parametrize("corner", ["", None, "Participant", "ID", "Fälle "])
def test_two_columns_are_a_matrix_where_the_first_has_names(corner: str | None) -> None:
    file = table([[corner, "Access"], ["Ana", "She waited."]])
    assert recognised(file)[0] is LAYOUT
    assert told(LAYOUT.read(file)) == []


def test_a_table_of_short_words_is_read_and_said_to_be_doubtful() -> None:
    file = table([["Tag", "Was", "Wo"], ["Montag", "Milch", "Markt"]])
    assert recognised(file)[0] is LAYOUT
    assert told(LAYOUT.read(file)) == ["TABLE-ODD"]


def test_long_texts_in_several_columns_are_a_matrix_whatever_is_over_the_names() -> None:
    file = table([["Wer", "Zugang", "Vertrauen"], ["Ana", LONG, OTHER]])
    assert recognised(file)[0] is LAYOUT
    assert told(LAYOUT.read(file)) == []
