"""The workbook of coders' agreement: what can be read off it, and what a spreadsheet program must find in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

import qdabridge as qda
from interviews import MIREILLE, NERYS, code, coded, guid, study, text
from meetings import list_of
from qdabridge.coders.agreement import agree
from qdabridge.errors import TargetExists
from qdabridge.formats.spreadsheet.decisions_reading import read_meeting
from qdabridge.formats.spreadsheet.meeting_ids import HIDDEN_SHEET
from qdabridge.formats.spreadsheet.meeting_sheet import FIRST_ROW, MEETING_SHEET
from qdabridge.shipped import shipped
from qdabridge.study.model import User

WAITING, TRUST = code("=Waiting"), code("Trust")
WORDS = "Hello.\n\nI waited four hours. Then Dr Őry saw me 😀 and I went home.\n\nGoodbye."


def mp(start: int, end: int, *codes: Any) -> Any:
    return coded(start, end, *codes, by=MIREILLE, name="MP")


@pytest.fixture
def book(tmp_path: Path) -> Any:
    ana = text("Ana", WORDS, coded(8, 28, WAITING), mp(17, 40, WAITING), mp(50, 60, TRUST))
    return load_workbook(list_of(tmp_path / "book.xlsx", study(ana, codes=[WAITING, TRUST])), rich_text=True)


def table(book: Any, sheet: str) -> list[dict[str, Any]]:
    headings, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_every_sheet_is_there_and_ids_are_out_of_sight(book: Any) -> None:
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("Overview", "visible"),
        (MEETING_SHEET, "visible"),
        (HIDDEN_SHEET, "veryHidden"),
        ("Themes", "visible"),
        ("Codes", "visible"),
        ("Map", "visible"),
        ("Codes in sources", "visible"),
        ("Sources", "visible"),
    ]
    sheet = book[MEETING_SHEET]
    assert sheet.row_dimensions[1].hidden
    assert sheet.column_dimensions["A"].hidden
    assert sheet.freeze_panes == f"C{FIRST_ROW}"


def test_a_passage_stands_in_its_context_and_shows_who_coded_what(book: Any) -> None:
    passage = book[MEETING_SHEET][f"G{FIRST_ROW}"].value
    assert [(str(part.font.u), part.font.color.rgb, part.text) for part in passage] == [
        ("None", "FF5F6B7A", "Hello.\n"),
        ("single", "FF0B5CAD", "I waited "),
        ("None", "FF111820", "four hours."),
        ("double", "FFB0500A", " Then Dr Őry"),
        ("None", "FF5F6B7A", " saw me 😀 and I went home.\nGoodbye. …"),
    ]
    row = [cell.value for cell in book[MEETING_SHEET][FIRST_ROW]]
    assert row[1:6] == [1, "Ana", "l. 3", "=Waiting", "other limits"]
    assert row[7:9] == ["I waited four hours.", "four hours. Then Dr Őry"]
    other = [cell.value for cell in book[MEETING_SHEET][FIRST_ROW + 1]]
    assert (other[5], other[7:9]) == ("only MP", ["not coded", "coded it"])


def test_the_drop_down_offers_what_can_be_decided(book: Any) -> None:
    sheet = book[MEETING_SHEET]
    (offered,) = sheet.data_validations.dataValidation
    assert (str(offered.sqref), offered.type) == (f"J{FIRST_ROW}:J{FIRST_ROW + 1}", "list")
    name, cells = offered.formula1.split("!")
    values = [cell.value for (cell,) in book[name.strip("'")][cells.replace("$", "")]]
    assert values == ["A: NS", "B: MP", "both", "neither", "new passage"]
    assert {sheet.cell(FIRST_ROW, column).number_format for column in (10, 11, 12)} == {"@"}


def test_the_tables_hold_the_figures_of_agree(tmp_path: Path) -> None:
    file = tmp_path / "demo.qdpx"
    file.write_bytes(shipped("demo.qdpx").read_bytes())
    with qda.read(file) as demo:
        found = agree(demo, draws=0)
        made = load_workbook(list_of(tmp_path / "book.xlsx", demo, single_sources=False))
    whole = found.tables
    assert [row["Kappa"] for row in table(made, "Codes")] == [line.pooled["kappa"] for line in whole.by_code]
    assert [row["Disagreement %"] for row in table(made, "Sources")] == [
        line.seven.disagreement for line in whole.by_field if line.seven is not None
    ]
    in_sources = table(made, "Codes in sources")
    assert [(row["Kappa"], row["A and not B %"]) for row in in_sources] == [
        (row.figures["kappa"], row.seven.a_only) for row in whole.rows if row.seven is not None
    ]
    on_map = {
        (row["Code"], source): value
        for row in table(made, "Map")
        for source, value in row.items()
        if source != "Code" and value is not None
    }
    assert on_map == {(row["Code"], row["Source"]): row["Kappa"] for row in in_sources}
    said = [cell.value for row in made["Overview"].iter_rows() for cell in row if cell.value]
    assert any(str(each).startswith(f"{whole.whole.pooled['kappa']:.3f}; mean of codes") for each in said)


def test_figures_are_shaded(tmp_path: Path, book: Any) -> None:
    for sheet in ("Codes", "Map", "Codes in sources"):
        rules = [rule.type for ranges in book[sheet].conditional_formatting for rule in ranges.rules]
        assert "colorScale" in rules


def test_what_looks_like_a_formula_is_text(book: Any) -> None:
    for sheet in book:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_parts_of_a_sheet_stand_in_the_order_that_excel_wants(tmp_path: Path, book: Any) -> None:
    with ZipFile(tmp_path / "book.xlsx") as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    order = ("</sheetData>", "<autoFilter", "<conditionalFormatting", "<dataValidations", "<pageMargins")
    places = [xml.index(each) for each in order]
    assert places == sorted(places)
    (told,) = re.findall(' error="([^"]*)"', xml)
    assert len(told) < 225


def test_three_coders_have_alpha_and_all_instead_of_both(tmp_path: Path) -> None:
    lena = User(guid=guid("Lena"), name="Lena Tiwari")
    ana = text("Ana", WORDS, coded(8, 28, TRUST), mp(8, 28, TRUST), coded(8, 20, TRUST, by=lena, name="LT"))
    path = list_of(tmp_path / "book.xlsx", study(ana, codes=[TRUST], users=[NERYS, MIREILLE, lena]))
    made = load_workbook(path)
    assert "Kappa" not in table(made, "Codes")[0]
    assert "Alpha" in table(made, "Codes")[0]
    assert read_meeting(path).parties.choices == ("A: NS", "B: MP", "C: LT", "all", "none", "new passage")


def test_where_all_agree_there_is_an_empty_list(tmp_path: Path) -> None:
    ana = text("Ana", WORDS, coded(8, 28, TRUST), mp(8, 28, TRUST))
    path = list_of(tmp_path / "book.xlsx", study(ana, codes=[TRUST]))
    assert load_workbook(path)[MEETING_SHEET].max_row == FIRST_ROW - 1
    assert read_meeting(path).rows == ()


def test_a_target_is_not_overwritten_unasked(tmp_path: Path) -> None:
    from qdabridge.coders.agreement import disagreements
    from qdabridge.coders.agreement.workbook import write_workbook

    of = study(text("Ana", WORDS, coded(8, 28, TRUST), mp(8, 20, TRUST)), codes=[TRUST])
    path = tmp_path / "book.xlsx"
    path.write_text("mine")
    with pytest.raises(TargetExists):
        write_workbook(agree(of), disagreements(of), path)
    assert path.read_text() == "mine"
