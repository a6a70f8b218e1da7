"""What a team wrote into a workbook goes into the study, whatever they did to rows, columns and ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

import qdabridge as qda
from frameworks import (
    ANA,
    ANA_TALK,
    BEA,
    LONG_WAIT,
    TRUST,
    WAITING,
    WHEN,
    cell,
    clinic,
    export,
    heading_row,
    opened,
    said,
    saying,
)
from interviews import NERYS, case, code, study
from qdabridge.formats.spreadsheet import hidden_ids, write_matrix
from qdabridge.formats.spreadsheet.charting_back import charting_of
from qdabridge.formats.spreadsheet.remembering import remember
from qdabridge.matrix import framework_matrix
from qdabridge.matrix.charting import BOTH_CHANGED, NO_RECORD, TWO_PLACES, Charting
from qdabridge.study.study import Study
from qdabridge.study.summaries import summaries_of

ALL, THEME = "Framework (all)", "Access"
SHEET = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"


@pytest.fixture
def charted_study() -> Study:
    return saying((ANA, WAITING, LONG_WAIT), (BEA, TRUST, "Trusts them."))


@pytest.fixture
def book(charted_study: Study, tmp_path: Path) -> Path:
    return export(charted_study, tmp_path / "matrix.xlsx")


def outcomes(charting: Charting) -> list[tuple[str, str, str, str]]:
    return [(each.outcome, each.case, each.code, each.matrix[0]) for each in charting.decisions]


def into(charting: Charting, whole: Study) -> dict[tuple[str, str], str]:
    return said(charting.into(whole, by=NERYS, when=WHEN))


def test_a_workbook_that_nobody_touched_has_nothing_to_say(charted_study: Study, book: Path) -> None:
    charting = charting_of(charted_study, book)
    assert (charting.decisions, charting.strays, charting.findings, charting.same) == ([], [], [], 2)
    assert charting.into(charted_study, by=NERYS, when=WHEN) is charted_study


def test_a_workbook_is_charted_with_one_call(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        cell(found[ALL], "Ana", "Travel").value = "No bus."
    charted = qda.chart(charted_study, book, coder="Rhian", when=WHEN)
    assert said(charted.study)["Ana", "Travel"] == "No bus."
    (decision,) = charted.charting.changes
    summary = summaries_of(charted.study)[decision.key]
    assert (summary.author, summary.modified) == ("Rhian", WHEN)
    again = qda.chart(charted.study, str(book))
    assert again.study is charted.study and again.charting.decisions == []


def test_one_call_decides_conflicts_only_when_told(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        cell(found[ALL], "Bea", "Trust").value = "Never trusted them."
    meanwhile = saying((BEA, TRUST, "Trusts a little."), into=charted_study)
    left = qda.chart(meanwhile, book)
    assert left.study is meanwhile and [each.why for each in left.charting.conflicts] == [BOTH_CHANGED]
    assert said(qda.chart(meanwhile, book, prefer="ours").study)["Bea", "Trust"] == "Trusts a little."
    assert said(qda.chart(meanwhile, book, prefer="theirs").study)["Bea", "Trust"] == "Never trusted them."


def test_summaries_are_added_changed_and_removed(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        sheet = found[ALL]
        cell(sheet, "Ana", "Waiting times").value = "Waited for weeks.\nThen 😀 came."
        cell(sheet, "Ana", "Travel").value = "No bus."
        cell(sheet, "Bea", "Trust").value = None
    charting = charting_of(charted_study, book)
    assert sorted(outcomes(charting)) == [
        ("added", "Ana", "Access \\ Travel", "No bus."),
        ("changed", "Ana", "Access \\ Waiting times", "Waited for weeks.\nThen 😀 came."),
        ("removed", "Bea", "Trust", ""),
    ]
    assert into(charting, charted_study) == {
        ("Ana", "Waiting times"): "Waited for weeks.\nThen 😀 came.",
        ("Ana", "Travel"): "No bus.",
    }


def test_charting_the_same_workbook_again_finds_nothing_to_do(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        cell(found[ALL], "Bea", "Waiting times").value = "Never waited."
        cell(found[ALL], "Bea", "Trust").value = None
    once = charting_of(charted_study, book).into(charted_study, by=NERYS, when=WHEN)
    again = charting_of(once, book)
    assert again.decisions == []
    assert again.into(once, by=NERYS, when="2025-01-01T00:00:00Z") is once


def test_the_summary_stands_above_the_line_and_quotes_below_it(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        there = cell(found[ALL], "Ana", "Travel")
        assert there.value.startswith("— quotes —\n“The bus”")
        there.value = f"No bus.\n\n{there.value}"
    assert outcomes(charting_of(charted_study, book)) == [("added", "Ana", "Access \\ Travel", "No bus.")]


def test_rows_sorted_and_columns_moved_and_inserted_do_not_matter(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        sheet = found[ALL]
        cell(sheet, "Bea", "Travel").value = "Walks."
        rows = [[each.value for each in line] for line in sheet.iter_rows()]
        top, body = rows[:3], sorted(rows[3:], key=lambda row: row[1], reverse=True)
        mixed = [[line[0], line[1], None, *reversed(line[2:])] for line in (*top, *body)]
        mixed[2][2], mixed[3][2] = "Remarks", "Ask her again"
        for number, line in enumerate(mixed, 1):
            for column, value in enumerate(line, 1):
                sheet.cell(number, column).value = value
        sheet.insert_rows(1, 2)
        sheet.insert_cols(1)
        sheet.column_dimensions["D"].hidden = True
        sheet.title = "What we found"
    charting = charting_of(charted_study, book)
    assert outcomes(charting) == [("added", "Bea", "Access \\ Travel", "Walks.")]
    assert [(each.kind, each.name, each.cells) for each in charting.strays] == [("column", "Remarks", 1)]


def test_rows_and_columns_that_were_deleted_take_nothing_away(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        del found[THEME]
        found[ALL].delete_cols(3, 2)
        found[ALL].delete_rows(cell(found[ALL], "Bea", "Trust").row)
    assert charting_of(charted_study, book).decisions == []


def test_a_renamed_case_and_code_keep_their_ids(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        there = cell(found[ALL], "Bea", "Trust")
        there.value = "New words."
        found[ALL].cell(there.row, 2).value = "Beatrice"
        heading_row(found[ALL])[there.column - 1].value = "Confidence"
    assert outcomes(charting_of(charted_study, book)) == [("changed", "Bea", "Trust", "New words.")]


# --- conflicts -------------------------------------------------------------------------------------------------------


def test_what_was_changed_in_the_study_only_stays(charted_study: Study, book: Path) -> None:
    newer = saying((ANA, WAITING, "Newer."), (ANA, TRUST, "New."), (BEA, TRUST, ""), into=charted_study)
    charting = charting_of(newer, book)
    assert (charting.decisions, charting.newer) == ([], 3)


@pytest.mark.parametrize(
    ("prefer", "words"),
    [(None, "Newer."), ("ours", "Newer."), ("theirs", "In Excel.")],
    ids=["unasked", "ours", "theirs"],
)
def test_a_summary_changed_on_both_sides_is_decided_by_people(
    charted_study: Study, book: Path, prefer: Any, words: str
) -> None:
    with opened(book) as found:
        cell(found[ALL], "Ana", "Waiting times").value = "In Excel."
    newer = saying((ANA, WAITING, "Newer."), into=charted_study)
    charting = charting_of(newer, book, prefer=prefer)
    assert into(charting, newer)["Ana", "Waiting times"] == words
    conflicts = [(each.study, each.matrix, each.why) for each in charting.conflicts]
    assert conflicts == ([("Newer.", ("In Excel.",), BOTH_CHANGED)] if prefer is None else [])
    assert charting.kept == (prefer == "ours")


@pytest.mark.parametrize(("in_study", "in_matrix"), [("", "In Excel."), ("Newer.", None)])
def test_taking_away_on_one_side_what_the_other_changed_is_a_conflict(
    charted_study: Study, book: Path, in_study: str, in_matrix: str | None
) -> None:
    with opened(book) as found:
        cell(found[ALL], "Ana", "Waiting times").value = in_matrix
    newer = saying((ANA, WAITING, in_study), into=charted_study)
    assert [each.outcome for each in charting_of(newer, book).decisions] == ["conflict"]


def test_the_same_change_on_both_sides_is_no_conflict(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        cell(found[ALL], "Ana", "Waiting times").value = "Agreed. \r\n"
    assert charting_of(saying((ANA, WAITING, "Agreed."), into=charted_study), book).decisions == []


def test_a_cell_changed_on_one_of_its_two_sheets_is_taken(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        cell(found[THEME], "Ana", "Waiting times").value = "On the theme's sheet."
    charting = charting_of(charted_study, book)
    assert [each.where for each in charting.decisions] == [("Access!D4",)]
    assert into(charting, charted_study)["Ana", "Waiting times"] == "On the theme's sheet."


def test_a_cell_changed_differently_on_two_sheets_is_a_conflict_whoever_is_right(
    charted_study: Study, book: Path
) -> None:
    with opened(book) as found:
        cell(found[ALL], "Ana", "Waiting times").value = "One."
        cell(found[THEME], "Ana", "Waiting times").value = "Two."
    for prefer in (None, "theirs"):
        (conflict,) = charting_of(charted_study, book, prefer=prefer).conflicts  # type: ignore[arg-type]
        assert (conflict.matrix, conflict.why) == (("One.", "Two."), TWO_PLACES)
    assert charting_of(charted_study, book, prefer="ours").decisions == []


# --- going on in the same workbook -----------------------------------------------------------------------------------


def charted_and_noted(whole: Study, book: Path, **more: Any) -> Study:
    charting = charting_of(whole, book, **more)
    new = charting.into(whole, by=NERYS, when=WHEN)
    remember(book, charting)
    return new


def test_a_workbook_can_be_charted_written_in_and_charted_again(charted_study: Study, book: Path) -> None:
    whole = charted_study
    for words in ("One.", "Two.", None, "Four."):
        with opened(book) as found:
            cell(found[ALL], "Ana", "Travel").value = words
        assert [each.outcome for each in charting_of(whole, book).decisions] != ["conflict"]
        whole = charted_and_noted(whole, book)
        assert said(whole).get(("Ana", "Travel"), None) == words
        assert charting_of(whole, book).decisions == []


def test_without_noting_a_second_change_is_a_conflict(charted_study: Study, book: Path) -> None:
    whole = charted_study
    for words in ("One.", "Two."):
        with opened(book) as found:
            cell(found[ALL], "Ana", "Travel").value = words
        charting = charting_of(whole, book)
        whole = charting.into(whole, by=NERYS, when=WHEN)
    assert [each.outcome for each in charting.decisions] == ["conflict"]


def test_noting_leaves_conflicts_and_what_is_newer_in_the_study_open(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        cell(found[ALL], "Ana", "Waiting times").value = "In Excel."
        cell(found[ALL], "Bea", "Travel").value = "Walks."
    newer = saying((ANA, WAITING, "Newer."), (BEA, TRUST, "Newer, too."), into=charted_study)
    charted = charted_and_noted(newer, book)
    again = charting_of(charted, book)
    assert ([each.outcome for each in again.decisions], again.newer) == (["conflict"], 1)
    ours = charted_and_noted(charted, book, prefer="ours")
    assert charting_of(ours, book).decisions == []


def test_noting_leaves_everything_else_in_the_workbook_as_it_is(charted_study: Study, book: Path) -> None:
    from zipfile import ZipFile

    with opened(book) as found:
        cell(found[ALL], "Ana", "Travel").value = "No bus."
    with ZipFile(book) as old:
        before = {name: old.read(name) for name in old.namelist()}
    charted_and_noted(charted_study, book)
    with ZipFile(book) as new:
        after = {name: new.read(name) for name in new.namelist()}
    assert list(before) == list(after)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet3.xml"]
    with opened(book) as found:
        assert found[hidden_ids.HIDDEN_SHEET].sheet_state == "veryHidden"


def test_a_workbook_without_the_hidden_sheet_cannot_be_noted_in(tmp_path: Path) -> None:
    path = nvivos(tmp_path / "a.xlsx", ["", "Trust"], ["Ana", "x"])
    with pytest.raises(qda.BadRequest, match="no hidden sheet"):
        charted_and_noted(clinic(), path)


# --- without ids -----------------------------------------------------------------------------------------------------


def without_ids(book: Path) -> None:
    with opened(book) as found:
        for sheet in (found[ALL], found[THEME]):
            sheet.delete_rows(1)
            sheet.delete_cols(1)


def test_where_ids_were_deleted_names_say_what_is_what(charted_study: Study, book: Path) -> None:
    without_ids(book)
    with opened(book) as found:
        cell(found[ALL], "Bea", "Travel").value = "Walks."
    charting = charting_of(charted_study, book)
    assert outcomes(charting) == [("added", "Bea", "Access \\ Travel", "Walks.")]
    assert [(each.code, each.count) for each in charting.findings] == [("CHART-BY-NAME", 2)]


def test_without_the_hidden_sheet_a_difference_is_a_conflict_and_an_empty_cell_nothing(
    charted_study: Study, book: Path
) -> None:
    with opened(book) as found:
        del found[hidden_ids.HIDDEN_SHEET]
        del found[THEME]
        cell(found[ALL], "Ana", "Waiting times").value = "Other."
        cell(found[ALL], "Bea", "Trust").value = None
        cell(found[ALL], "Bea", "Travel").value = "Walks."
    charting = charting_of(charted_study, book)
    assert [(each.outcome, each.case, each.why) for each in charting.decisions] == [
        ("conflict", "Ana", NO_RECORD),
        ("added", "Bea", ""),
    ]


def nvivos(path: Path, *rows: list[str]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_framework_matrix_that_nvivo_exported_is_charted(tmp_path: Path) -> None:
    path = nvivos(
        tmp_path / "nvivo.xlsx",
        ["", "A : Waiting times", "B : Trust"],
        ["1 : Ana", "Waited.\n", "\n"],
        ["2 : Bea", "\n", "Trusts them.\n\nAlways did.\n"],
    )
    whole = clinic()
    assert into(charting_of(whole, path), whole) == {
        ("Ana", "Waiting times"): "Waited.",
        ("Bea", "Trust"): "Trusts them.\n\nAlways did.",
    }


def test_a_name_that_two_codes_have_is_left_out_unless_its_path_says_which(tmp_path: Path) -> None:
    ana = case("Ana")
    twice = study(codes=[code("Access", code("a Other")), code("Care", code("b Other"))], cases=[ana])
    for theme in twice.project.code_book.codes:  # type: ignore[union-attr]
        theme.codes[0].name = "Other"
    leaf = charting_of(twice, nvivos(tmp_path / "a.xlsx", ["", "Other", "Access"], ["Ana", "x", "y"]))
    assert [(each.code, each.matrix) for each in leaf.decisions] == [("Access", ("y",))]
    assert [(each.name, each.why) for each in leaf.strays] == [("Other", "Its name may mean any of 2 codes.")]
    path = charting_of(twice, nvivos(tmp_path / "b.xlsx", ["", "Care > Other"], ["Ana", "x"]))
    assert [(each.code, each.matrix) for each in path.decisions] == [("Care \\ Other", ("x",))]
    over = nvivos(
        tmp_path / "c.xlsx", ["", "Access", "", "Care"], ["", "Access", "Other", "Other"], ["Ana", "", "x", "y"]
    )
    themes = charting_of(twice, over)
    assert [(each.code, each.matrix) for each in themes.decisions] == [
        ("Access \\ Other", ("x",)),
        ("Care \\ Other", ("y",)),
    ]


def test_a_row_that_somebody_added_is_found_by_its_name_or_listed(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        sheet = found[ALL]
        sheet.append([None, "Cleo", "Never asked."])
        sheet.delete_rows(cell(sheet, "Bea", "Trust").row)
        sheet.append([None, "Bea", None, None, "Walks."])
    charting = charting_of(charted_study, book)
    assert outcomes(charting)[0][:2] == ("added", "Bea")
    assert [(each.kind, each.name, each.cells) for each in charting.strays] == [("row", "Cleo", 1)]


def test_a_code_that_the_study_has_no_more_is_listed(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        cell(found[ALL], "Ana", "Trust").value = "Trusts nobody."
    charted_study.project.code_book.codes.pop()  # type: ignore[union-attr]
    charting = charting_of(charted_study, book)
    assert charting.decisions == []
    assert [(each.where, each.name, each.cells) for each in charting.strays] == [
        ("Framework (all), column F", "Trust", 2)
    ]


def test_sources_may_have_the_rows(tmp_path: Path) -> None:
    whole = study(ANA_TALK, codes=[TRUST])
    path = export(whole, tmp_path / "matrix.xlsx")
    with opened(path) as found:
        cell(found[ALL], "Ana, first talk", "Trust").value = "Trusts nobody."
    assert into(charting_of(whole, path), whole) == {("Ana, first talk", "Trust"): "Trusts nobody."}


# --- what cells can hold ---------------------------------------------------------------------------------------------


def test_numbers_dates_and_words_that_look_like_formulas_are_summaries_too(charted_study: Study, book: Path) -> None:
    from datetime import date

    with opened(book) as found:
        sheet = found[ALL]
        cell(sheet, "Ana", "Trust").value = 5
        cell(sheet, "Bea", "Travel").value = date(2024, 9, 11)
        there = cell(sheet, "Bea", "Waiting times")
        there.value, there.data_type = "=1+1 is two", "s"
    assert {each.matrix[0] for each in charting_of(charted_study, book).decisions} == {"5", "2024-09-11", "=1+1 is two"}


def test_a_formula_without_a_result_takes_nothing_away_and_is_listed(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        cell(found[ALL], "Ana", "Waiting times").value = "=A1&A2"
        there = cell(found[ALL], "Bea", "Trust")
        there.value, there.data_type = "#N/A", "e"
    charting = charting_of(charted_study, book)
    assert charting.decisions == []
    assert [(each.kind, each.where) for each in charting.strays] == [
        ("cell", "Framework (all)!F5"),
        ("cell", "Framework (all)!D4"),
    ]


def test_where_a_link_leads_is_no_summary(charted_study: Study, book: Path) -> None:
    with opened(book) as found:
        cell(found[ALL], "Bea", "Travel").value = "'Quotes 2'!A9"
        cell(found[ALL], "Ana", "Travel").value = "Quotes!A9 is what she said!"
    charting = charting_of(charted_study, book)
    assert outcomes(charting) == [("added", "Ana", "Access \\ Travel", "Quotes!A9 is what she said!")]
    assert [(each.kind, each.name) for each in charting.strays] == [("cell", "'Quotes 2'!A9")]


def test_a_summary_that_goes_on_elsewhere_stays_as_the_study_has_it(tmp_path: Path) -> None:
    whole = saying((ANA, WAITING, "Waited. " * 5_000), (BEA, TRUST, "Trusts them."))
    path = tmp_path / "matrix.xlsx"
    write_matrix(framework_matrix(whole, cells=("summary", "quotes")), path)
    charting = charting_of(whole, path)
    assert charting.decisions == []
    assert {(each.kind, each.why) for each in charting.strays} == {
        ("cell", "Its summary is longer than a cell; what the study says stays.")
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=60))
def test_what_is_written_into_a_cell_is_what_is_charted(tmp_path: Path, words: str) -> None:
    whole = clinic()
    path = export(whole, tmp_path / "matrix.xlsx")
    with opened(path) as found:
        there = cell(found[ALL], "Bea", "Travel")
        there.value, there.data_type = hidden_ids.normal_form(words).replace("_x", "_x005F_x"), "s"
    assert into(charting_of(whole, path), whole).get(("Bea", "Travel"), "") == words.strip()


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_matrix_of_quotes_is_nothing_to_chart(tmp_path: Path) -> None:
    path = export(clinic(), tmp_path / "matrix.xlsx", cells=("quotes",))
    with pytest.raises(qda.BadRequest, match="hold no summaries"):
        charting_of(clinic(), path)


def test_a_workbook_of_another_study_is_refused(book: Path) -> None:
    with pytest.raises(qda.BadRequest, match="made from another study “Waiting for care”"):
        charting_of(study(codes=[code("Pain")], cases=[case("Zoe")]), book)


def test_a_workbook_without_a_matrix_says_what_was_looked_for(tmp_path: Path) -> None:
    path = nvivos(tmp_path / "other.xlsx", ["Shopping", "Price"], ["Bread", "2"])
    with pytest.raises(qda.BadRequest, match=r"codes such as “Trust”.* sources such as “Ana”, “Bea”"):
        charting_of(clinic(), path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old format"),
        (b"Case;Trust\nAna;yes\n", "no Excel workbook"),
        (b"PK\x03\x04" + b"\0" * 40, "damaged"),
    ],
    ids=["encrypted", "xls", "csv", "cut"],
)
def test_what_is_no_workbook_is_said_in_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "matrix.xlsx"
    path.write_bytes(content)
    with pytest.raises(qda.CannotRead, match=words):
        charting_of(clinic(), path)


def test_every_place_at_which_a_workbook_may_be_cut_off_is_survived(book: Path, tmp_path: Path) -> None:
    whole = book.read_bytes()
    for number, length in enumerate(range(100, len(whole), len(whole) // 12)):
        path = tmp_path / f"cut{number}.xlsx"
        path.write_bytes(whole[:length])
        with pytest.raises(qda.CannotRead):
            charting_of(clinic(), path)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"),
        ("xl/worksheets/sheet1.xml", SHEET + b"<row r='x'><c r='!'><v>1</v></c></row></sheetData></worksheet>"),
        ("xl/worksheets/sheet1.xml", SHEET + b"<row r='1'><c r='A1' t='s'><v>9</v></c></row></sheetData></worksheet>"),
        ("xl/workbook.xml", b"<nothing/>"),
    ],
    ids=["cut", "odd places", "no such text", "no sheets"],
)
def test_a_damaged_part_is_said_in_a_sentence(
    charted_study: Study, book: Path, tmp_path: Path, part: str, content: bytes
) -> None:
    with pytest.raises(qda.CannotRead, match="damaged"):
        charting_of(charted_study, with_part(book, tmp_path / "bad.xlsx", part, content))


def test_a_doctype_is_refused(charted_study: Study, book: Path, tmp_path: Path) -> None:
    bad = with_part(
        book, tmp_path / "bad.xlsx", "xl/workbook.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><workbook>&b;</workbook>"
    )
    with pytest.raises(qda.CannotRead, match="DOCTYPE"):
        charting_of(charted_study, bad)


def test_what_would_fill_the_memory_is_refused(charted_study: Study, book: Path, tmp_path: Path) -> None:
    row = b"<row r='%d'><c r='XFD%d'><v>1</v></c></row>"
    sheet = SHEET + b"".join(row % (number, number) for number in range(1, 6_000)) + b"</sheetData></worksheet>"
    without_mark = nvivos(tmp_path / "x.xlsx", ["", "Trust"], ["Ana", "x"])
    wide = with_part(without_mark, tmp_path / "wide.xlsx", "xl/worksheets/sheet1.xml", sheet)
    with pytest.raises(qda.TooLarge, match="20,000,000 cells"):
        charting_of(charted_study, wide)
    zeros = with_part(book, tmp_path / "zeros.xlsx", "xl/media/x.xml", b" " * 30_000_000)
    with pytest.raises(qda.TooLarge):
        charting_of(charted_study, zeros)


def with_part(book: Path, path: Path, part: str, content: bytes) -> Path:
    """Write a copy of a workbook with another part in the place of one of its own."""
    from zipfile import ZIP_DEFLATED, ZipFile

    with ZipFile(book) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name in {*old.namelist(), part}:
            new.writestr(name, content if name == part else old.read(name))
    return path
