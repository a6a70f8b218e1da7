"""The sheets around a matrix: what each is for, and how they lead to each other."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText
from openpyxl.worksheet.worksheet import Worksheet

import qdabridge as qda
from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet import hidden_ids, write_matrix
from qdabridge.formats.spreadsheet.sheet import MOST_LINKS, letters
from qdabridge.formats.spreadsheet.sheet_names import LONGEST, SheetNames
from qdabridge.matrix import (
    QUOTES_LINE,
    Attribute,
    CaseEntry,
    Cell,
    CodebookEntry,
    Column,
    Matrix,
    Quote,
    Row,
    Summary,
)

ALL = "Framework (all)"
DEMO = Path(__file__).parents[3] / "fixtures" / "demo" / "demo.qdpx"
MADE = datetime(2026, 3, 5, 14, 7, tzinfo=UTC)


def column(*path: str, color: str | None = None) -> Column:
    return Column("/".join(path), path, color, path[0], None)


def quote(text: str, **more: Any) -> Quote:
    return Quote(text, "Interview 1", "l. 4–6", coders=("NS", "MP"), codings=("g1", "g2"), **more)


WAITING, TRAVEL, TRUST, HOPE = (
    column("Access", "Waiting", color="#9FC5E8"),
    column("Access", "Travel"),
    column("Staff", "Trust"),
    column("Hope"),
)


def clinic(**fields: Any) -> Matrix:
    """Two cases, three codes in two themes, and a code on its own."""
    return Matrix(
        **(
            {
                "name": "Clinic",
                "row_kind": "cases",
                "attributes": [Attribute("a", "Age", "Integer")],
                "columns": [WAITING, TRAVEL, TRUST, HOPE],
                "rows": [Row("case-1", "Ana", (42,)), Row("case-2", "Ben", (7,))],
                "cells": {
                    (0, 0): Cell(
                        quotes=[quote("Six weeks.", memo="Angry.", date="2024-05-01T10:00:00Z"), quote("More.")]
                    ),
                    (1, 0): Cell(quotes=[quote("Never.")]),
                    (1, 2): Cell(quotes=[quote("Yes.")]),
                },
            }
            | fields
        )
    )


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "matrix.xlsx"


def written(matrix: Matrix, path: Path, **how: Any) -> Workbook:
    write_matrix(matrix, path, made=MADE, **how)
    return load_workbook(path)


def links(sheet: Worksheet) -> dict[str, str]:
    return {cell.coordinate: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}


def row_of(sheet: Worksheet, number: int) -> dict[str, Any]:
    """A row of a table, by heading."""
    headings = [cell.value for cell in sheet[1]]
    return dict(zip(headings, [cell.value for cell in sheet[number]], strict=True))


# --- which sheets there are ------------------------------------------------------------------------------------------


def test_each_theme_has_a_sheet_and_codes_on_their_own_share_one(target: Path) -> None:
    book = written(clinic(), target)
    assert book.sheetnames == ["About", ALL, "Access", "Staff", "Codes without a theme", "Quotes", "_qdabridge"]
    assert [cell.value for cell in book["Access"][3]] == ["id", "Case", "Age", "Waiting", "Quotes", "Travel", "Quotes"]
    assert book["Access"]["D4"].value == book[ALL]["D4"].value
    assert book["_qdabridge"].sheet_state == "veryHidden"
    assert book.active.title == "About"


@pytest.mark.parametrize("columns", [[WAITING, TRAVEL], [HOPE, column("Fear")], []])
def test_there_are_no_sheets_of_themes_where_there_is_nothing_to_part(columns: list[Column], target: Path) -> None:
    book = written(clinic(columns=columns, cells={}), target)
    assert book.sheetnames == ["About", ALL, "_qdabridge"]


@given(
    st.lists(st.text(max_size=50) | st.sampled_from(["Quotes", "quotes", "a/b", "'", "x" * 40, "😀" * 20]), max_size=20)
)
def test_names_of_sheets_are_valid_and_each_its_own(wanted: list[str]) -> None:
    names = SheetNames()
    taken = [names.take(each) for each in wanted]
    assert len({name.casefold() for name in taken}) == len(taken)
    for name in taken:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= LONGEST
        assert not set(name) & set("[]:*?/\\\n\x00")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_themes_called_like_our_own_sheets_or_alike_get_other_names(target: Path) -> None:
    long = "What people say about waiting for a place in the hall"
    columns = [column(theme, code) for theme in ("Quotes", "a/b", "A:B", long, f"{long} now") for code in "xy"]
    names = written(clinic(columns=columns), target).sheetnames
    assert names[2:7] == [
        "Quotes (2)",
        "a b",
        "A B (2)",
        "What people say about waiting…",
        "What people say about waiti (2)",
    ]


# --- the front sheet -------------------------------------------------------------------------------------------------


def test_the_front_sheet_says_what_it_is_and_what_was_left_out(target: Path) -> None:
    told = Finding("OUTSIDE-CASES", "warning", "Some belong to no case.", where="Leaflet", kind="loss", count=3)
    sheet = written(clinic(filters=["Role = Manager"], findings=[told]), target)["About"]
    said = [" | ".join(str(cell.value) for cell in row if cell.value) for row in sheet.iter_rows()]
    for line in (
        "Clinic",
        "Made on 5 March 2026, 14:07",
        "Rows | 2 cases",
        "Columns | 4 codes in 3 themes",
        "Quotes | 4 quotes, for 8 coded references",
        "Filters | Role = Manager",
        f"{ALL} | The whole matrix | 2 cases × 4",
        "Not in the matrix | Some belong to no case (such as Leaflet; 3 in all).",
    ):
        assert line in said


def test_the_front_sheet_leads_to_every_sheet(target: Path) -> None:
    book = written(clinic(), target)
    assert [*links(book["About"]).values()] == [
        f"'{ALL}'!B4",
        "'Access'!B4",
        "'Staff'!B4",
        "'Codes without a theme'!B4",
        "'Quotes'!A1",
    ]


def test_where_nothing_was_filtered_the_front_sheet_says_so(target: Path) -> None:
    sheet = written(clinic(), target)["About"]
    assert any(str(cell.value).startswith("None: all rows") for cell in sheet["C"])


# --- the matrix ------------------------------------------------------------------------------------------------------


def test_ids_stand_unseen_before_rows_and_over_codes(target: Path) -> None:
    sheet = written(clinic(holds=("summary", "quotes")), target)["Access"]
    assert [cell.value for cell in sheet[1]] == [hidden_ids.MARK, "-", "-", "Access/Waiting", "-", "Access/Travel", "-"]
    assert [sheet["A4"].value, sheet["A5"].value] == ["case-1", "case-2"]
    assert sheet.row_dimensions[1].hidden
    assert sheet.column_dimensions["A"].hidden
    assert sheet.auto_filter.ref == "A3:G5"


def test_references_are_italic_and_names_bold(target: Path) -> None:
    write_matrix(clinic(), target)
    sheet = load_workbook(target, rich_text=True)[ALL]
    text = sheet["D4"].value
    assert isinstance(text, CellRichText)
    italic = [str(piece) for piece in text if not isinstance(piece, str) and piece.font.i]
    assert italic == ["[Interview 1, l. 4–6, NS, MP]"] * 2
    assert sheet["B4"].font.bold


def test_the_summary_comes_first_and_every_cell_with_quotes_has_room_for_one(target: Path) -> None:
    matrix = clinic(holds=("summary", "quotes"))
    matrix.cells[0, 0].summary = Summary("Waits long.\nStill polite.")
    matrix.cells[0, 1] = Cell(summary=Summary("By bus."))
    sheet = written(matrix, target)[ALL]
    assert sheet["D4"].value.startswith(f"Waits long.\nStill polite.\n{QUOTES_LINE}\n“Six weeks.”")
    assert sheet["F4"].value == "By bus."
    assert sheet["D5"].value.startswith(f"{QUOTES_LINE}\n“Never.”")


def test_empty_cells_wrap_what_people_write_into_them_and_rows_may_grow(target: Path) -> None:
    write_matrix(clinic(holds=("summary", "quotes")), target)
    sheet = load_workbook(target)[ALL]
    assert sheet.column_dimensions["F"].alignment.wrap_text
    with zipfile.ZipFile(target) as archive:
        assert b"customHeight" not in archive.read("xl/worksheets/sheet1.xml")


def test_the_number_beside_a_cell_leads_to_its_quotes_and_they_lead_back(target: Path) -> None:
    book = written(clinic(), target)
    assert links(book[ALL]) == {"E4": "'Quotes'!A2", "E5": "'Quotes'!A4", "I5": "'Quotes'!A5"}
    assert links(book["Access"]) == {"E4": "'Quotes'!A2", "E5": "'Quotes'!A4"}
    assert book[ALL]["E4"].value == 2
    assert links(book["Quotes"]) == {"A2": f"'{ALL}'!D4", "A3": f"'{ALL}'!D4", "A4": f"'{ALL}'!D5", "A5": f"'{ALL}'!H5"}


def test_where_references_are_counted_the_count_leads_to_the_quotes(target: Path) -> None:
    matrix = clinic(holds=("quotes", "count"))
    for cell in matrix.cells.values():
        cell.figures["count"] = 2 * len(cell.quotes)
    sheet = written(matrix, target)[ALL]
    assert [cell.value for cell in sheet[3]][:6] == ["id", "Case", "Age", "Waiting", "Waiting: references", "Travel"]
    assert (sheet["E4"].value, sheet["E4"].hyperlink.location) == (4, "'Quotes'!A2")
    assert sheet["G4"].value == 0


def test_every_other_row_is_tinted_by_a_rule_so_that_it_stays_so_when_sorted(target: Path) -> None:
    sheet = written(clinic(), target)[ALL]
    (rules,) = sheet.conditional_formatting
    assert str(rules.sqref) == "B4:K5"
    assert rules.rules[0].formula == ["MOD(ROW(),2)=1"]
    assert not sheet["D5"].fill.fill_type


def test_figures_alone_are_coloured_by_how_great_they_are(target: Path) -> None:
    matrix = clinic(
        kind="crosstab", row_kind="codes", holds=("count",), attributes=[], rows=[Row("c", "Trust", color="#123456")]
    )
    matrix.cells = {(0, 0): Cell(figures={"count": 3})}
    book = written(matrix, target)
    assert book.sheetnames == ["About", "Crosstab", "_qdabridge"]
    sheet = book["Crosstab"]
    assert [cell.value for cell in sheet[4]] == ["c", "Trust", 3, 0, 0, 0]
    assert sheet["B4"].fill.start_color.rgb == "FF123456"
    assert {rule.type for each in sheet.conditional_formatting for rule in each.rules} == {"colorScale", "expression"}


def test_a_study_in_a_script_from_right_to_left_begins_on_the_right(target: Path) -> None:
    matrix = clinic(rows=[Row("1", "אנה", (1,))], columns=[column("גישה", "המתנה")], cells={})
    assert written(matrix, target)[ALL].sheet_view.rightToLeft


def test_links_that_a_sheet_has_no_room_for_are_told(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_LINKS < 65_530
    monkeypatch.setattr("qdabridge.formats.spreadsheet.sheet.MOST_LINKS", 2)
    monkeypatch.setattr("qdabridge.formats.spreadsheet.quotes_sheet.MOST_LINKS", 3)
    found = write_matrix(clinic(), target)
    assert [(each.code, each.count, each.places) for each in found] == [("LINKS-LEFT-OUT", 2, (ALL, "Quotes"))]
    # All quotes of a cell share one link.
    assert links(load_workbook(target)["Quotes"])["A3"] == f"'{ALL}'!D4"


# --- quotes ----------------------------------------------------------------------------------------------------------


def test_a_quote_has_a_row_with_all_that_is_known_of_it(target: Path) -> None:
    sheet = written(clinic(), target)["Quotes"]
    assert row_of(sheet, 2) == {
        "No.": 1,
        "Case": "Ana",
        "Age": 42,
        "Source": "Interview 1",
        "Where": "l. 4–6",
        "Theme": "Access",
        "Code": "Waiting",
        "Coder": "NS, MP",
        "Date": datetime(2024, 5, 1, 10),
        "Quote": "Six weeks.",
        "Memo": "Angry.",
        "Codings": "g1\ng2",
    }
    assert sheet.auto_filter.ref == "A1:L5"
    assert sheet.freeze_panes == "C2"
    assert sheet.column_dimensions["L"].hidden


def test_under_a_code_that_aggregates_a_quote_names_the_code_inside_it(target: Path) -> None:
    entry = CodebookEntry("inside", ("Access", "Waiting", "At home"), 3, "", None, True, 1, 1)
    matrix = clinic(cells={(0, 0): Cell(quotes=[quote("Six weeks.", codes=("inside",))])}, codebook=[entry])
    assert row_of(written(matrix, target)["Quotes"], 2)["Code"] == "Waiting \\ At home"


def test_a_place_without_words_is_quoted_by_what_it_was_called(target: Path) -> None:
    matrix = clinic(cells={(0, 0): Cell(quotes=[quote("", caption="The blue door")])})
    assert row_of(written(matrix, target)["Quotes"], 2)["Quote"] == "The blue door"


def test_a_matrix_without_quotes_has_no_sheet_of_them(target: Path) -> None:
    book = written(clinic(holds=("summary",), cells={(0, 0): Cell(summary=Summary("Long."))}), target)
    assert "Quotes" not in book.sheetnames
    assert "Quotes" not in [cell.value for cell in book[ALL][3]]


@pytest.mark.parametrize("on_a_sheet", [2, 3, 4, 7, 8])
def test_more_quotes_than_a_sheet_has_rows_go_on_on_the_next_and_that_is_told(on_a_sheet: int, target: Path) -> None:
    cells = {(row, 0): Cell(quotes=[quote(f"{row}.{n}") for n in range(3)]) for row in (0, 1)}
    found = write_matrix(clinic(cells=cells), target, rows_on_a_sheet=on_a_sheet)
    book = load_workbook(target)
    sheets = [sheet for sheet in book if sheet.title.startswith("Quotes")]
    assert all(sheet.max_row <= on_a_sheet for sheet in sheets)
    rows = [row_of(sheet, number) for sheet in sheets for number in range(2, sheet.max_row + 1)]
    assert [row["Quote"] for row in rows] == ["0.0", "0.1", "0.2", "1.0", "1.1", "1.2"]
    assert [row["No."] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [each.code for each in found] == ["QUOTES-SPLIT"] * (len(sheets) > 1)
    for address, first in (("E4", "0.0"), ("E5", "1.0")):
        name, place = book[ALL][address].hyperlink.location.replace("'", "").split("!")
        assert row_of(book[name], int(place[1:]))["Quote"] == first


# --- codebook and cases ----------------------------------------------------------------------------------------------


def test_the_codebook_has_every_code_with_its_colour_and_leads_to_its_column(target: Path) -> None:
    entries = [
        CodebookEntry("t", ("Access",), 1, "All about it.", "#1B6CA8", False, 0, 0),
        CodebookEntry("Access/Waiting", ("Access", "Waiting"), 2, "", None, True, 3, 12),
    ]
    sheet = written(clinic(codebook=entries), target)["Codebook"]
    assert [cell.value for cell in sheet[1]] == [
        "Colour",
        "Code",
        "Level",
        "Files",
        "References",
        "Description",
        "Path",
    ]
    assert [cell.value for cell in sheet[2]] == [None, "Access", 1, 0, 0, "All about it.", "Access"]
    assert [cell.value for cell in sheet[3]] == [None, "Waiting", 2, 3, 12, None, "Access \\ Waiting"]
    assert sheet["A2"].fill.start_color.rgb == "FF1B6CA8"
    assert sheet["B3"].alignment.indent > sheet["B2"].alignment.indent
    assert links(sheet) == {"E3": f"'{ALL}'!D3"}


def test_every_case_is_listed_and_leads_to_its_row(target: Path) -> None:
    entries = [
        CaseEntry("case-2", "Ben", "Left early.", (7,), ("Interview 2", "Diary"), 4),
        CaseEntry("case-9", "Cleo", "", (None,), (), 0),
    ]
    matrix = clinic(cases=entries, case_attributes=[Attribute("a", "Age", "Integer")])
    sheet = written(matrix, target)["Cases"]
    assert [cell.value for cell in sheet[1]] == ["Case", "Age", "References", "Sources", "Description"]
    assert [cell.value for cell in sheet[2]] == ["Ben", 7, 4, "Interview 2; Diary", "Left early."]
    assert links(sheet) == {"C2": f"'{ALL}'!B5"}


# --- the file --------------------------------------------------------------------------------------------------------


def test_the_same_matrix_of_the_same_moment_is_the_same_file(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_matrix(clinic(), tmp_path / name, made=MADE)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_columns_are_named_as_in_a_spreadsheet() -> None:
    assert [letters(number) for number in (0, 25, 26, 51, 52, 701, 702, 16_383)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD")
    ]


def test_every_link_of_the_demo_study_leads_to_what_it_says(target: Path) -> None:
    with qda.read(DEMO) as study:
        matrix = qda.framework_matrix(study)
    book = written(matrix, target)
    for sheet in book:
        for location in links(sheet).values():
            name, address = location[1:].rsplit("'!", 1)
            assert name in book.sheetnames
            assert address == "A1" or book[name][address].value is not None
    quotes = book["Quotes"]
    for address, location in links(quotes).items():
        text = quotes.cell(quotes[address].row, [cell.value for cell in quotes[1]].index("Quote") + 1).value
        name, home = location[1:].rsplit("'!", 1)
        assert (text or "") in book[name][home].value


def test_a_theme_of_signs_alone_still_gets_a_sheet_that_has_a_name() -> None:
    names = SheetNames()
    assert [names.take("'?'"), names.take("''"), names.take("*")] == ["Sheet", "Sheet (2)", "Sheet (3)"]
