"""A framework matrix in a workbook is what a researcher reads, and exactly what was said."""

from __future__ import annotations

import contextlib
import gc
import itertools
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

import qdabridge as qda
from qdabridge.errors import BadRequest, CannotWrite, TargetExists
from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet import write_matrix
from qdabridge.formats.spreadsheet.cell_text import LIMIT, presentable
from qdabridge.matrix import Attribute, Cell, Column, Matrix, Quote, Row
from qdabridge.matrix.grid import Mark
from qdabridge.study.study import Study
from strategies import studies

SHEET = "Framework (all)"
LONG = "A long answer 😀. " * 300


def column(*path: str, color: str | None = None, theme_color: str | None = None) -> Column:
    return Column("/".join(path), path, color, path[0], theme_color)


def quote(text: str, source: str = "Ana", place: str = "l. 1") -> Quote:
    return Quote(text, source, place, coders=("NS",))


def matrix(
    *rows: Row, columns: tuple[Column, ...] = (), cells: dict[tuple[int, int], Any] | None = None, **fields: Any
) -> Matrix:
    filled = {key: Cell(quotes=[quote(text) for text in texts]) for key, texts in (cells or {}).items()}
    return Matrix(
        **(
            {"name": "Waiting", "row_kind": "cases", "rows": list(rows), "columns": list(columns), "cells": filled}
            | fields
        )
    )


def written(some: Matrix, path: Path) -> Workbook:
    write_matrix(some, path, overwrite=True)
    return load_workbook(path)


def grid(some: Matrix, path: Path) -> list[list[Any]]:
    """What people see of the matrix, without the columns that lead to quotes."""
    rows = list(written(some, path)[SHEET].iter_rows(min_row=2, min_col=2, values_only=True))
    shown = [at for at, heading in enumerate(rows[1]) if heading != "Quotes"]
    return [[row[at] for at in shown] for row in rows]


def continued(book: Workbook) -> list[tuple[Any, ...]]:
    """The rows of the sheet with what cells do not hold, without those of single quotes."""
    rows = list(book["Continued"].iter_rows(min_row=2, values_only=True))
    return [row for row in rows if not str(row[1]).endswith(", quote")]


ACCESS = (column("Access", "Waiting times"), column("Access", "Travel"), column("Trust"))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "matrix.xlsx"


# --- what stands where -----------------------------------------------------------------------------------------------


def test_themes_stand_over_codes_and_quotes_in_their_cells(target: Path) -> None:
    some = matrix(
        Row("1", "Ana B.", (42,)),
        Row("2", "Ben", (None,)),
        columns=ACCESS,
        cells={(0, 0): ["I waited.", "For weeks."], (1, 2): ["No."]},
        attributes=[Attribute("a", "Age", "Integer")],
    )
    assert grid(some, target) == [
        [None, "Attributes", "Access", None, None],
        ["Case", "Age", "Waiting times", "Travel", "Trust"],
        ["Ana B.", 42, "“I waited.” [Ana, l. 1, NS]\n\n“For weeks.” [Ana, l. 1, NS]", None, None],
        ["Ben", None, None, None, "“No.” [Ana, l. 1, NS]"],
    ]


def test_a_theme_spans_its_codes_and_headings_stay_in_sight(target: Path) -> None:
    some = matrix(
        Row("1", "Ana", (1, 2)),
        columns=ACCESS,
        attributes=[Attribute("a", "Age", "Integer"), Attribute("b", "Role", "Text")],
    )
    sheet = written(some, target)[SHEET]
    # The theme reaches over cells that are empty. Merged cells would keep people from moving a column.
    assert not sheet.merged_cells.ranges
    assert [cell.value for cell in sheet[2]][4:] == ["Access", None, None, None, None, None]
    assert not sheet["E2"].alignment.wrap_text
    assert {sheet.cell(2, column).fill.start_color.rgb for column in range(5, 9)} == {sheet["E2"].fill.start_color.rgb}
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:J4"
    assert sheet.print_title_rows == "$2:$3"
    assert sheet.print_title_cols == "$B:$B"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)


def test_rows_of_sources_are_headed_so(target: Path) -> None:
    assert grid(matrix(Row("1", "Ana"), row_kind="sources"), target) == [[None], ["Source"], ["Ana"]]


def test_an_empty_matrix_is_an_empty_table(target: Path) -> None:
    assert grid(matrix(), target) == [[None], ["Case"]]


def test_headings_wear_the_colours_of_the_codes_with_readable_ink(target: Path) -> None:
    some = matrix(
        columns=(
            column("Access", "Waiting", color="#fc0", theme_color="#1B6CA8"),
            column("Access", "Travel", theme_color="#1B6CA8"),
            column("Trust", color="not a colour"),
        )
    )
    sheet = written(some, target)[SHEET]

    def look(address: str) -> tuple[str, str]:
        return sheet[address].fill.start_color.rgb[-6:], sheet[address].font.color.rgb[-6:]

    assert look("C2") == ("1B6CA8", "FFFFFF")
    assert look("C3") == ("FFCC00", "000000")
    assert look("E3")[1] == "000000"
    assert sheet["G3"].fill.fill_type == "solid"


def test_text_wraps_from_the_top_and_columns_are_neither_narrow_nor_endless(target: Path) -> None:
    some = matrix(Row("1", "Ana"), columns=ACCESS, cells={(0, 0): [LONG], (0, 1): ["No."]})
    sheet = written(some, target)[SHEET]
    assert sheet["C4"].alignment.wrap_text
    assert sheet["C4"].alignment.vertical == "top"
    widths = {letter: sheet.column_dimensions[letter].width for letter in "BCEG"}
    assert all(9 <= width <= 70 for width in widths.values())
    assert widths["C"] > widths["E"] > widths["G"]


def test_a_row_is_high_enough_for_its_longest_cell(target: Path) -> None:
    some = matrix(Row("1", "Ana"), Row("2", "Ben"), columns=ACCESS, cells={(0, 0): ["word " * 100], (1, 0): ["No."]})
    sheet = written(some, target)[SHEET]
    width = sheet.column_dimensions["C"].width
    assert sheet.row_dimensions[4].height > 500 / (width * 1.3) * 12.5
    assert sheet.row_dimensions[5].height < 30


def test_a_row_that_cannot_be_high_enough_is_told(target: Path) -> None:
    some = matrix(Row("1", "Ana"), columns=ACCESS, cells={(0, 0): [LONG * 2]})
    (finding,) = write_matrix(some, target)
    assert (finding.code, finding.severity, finding.where) == ("TALL-ROWS", "note", "Ana")
    assert load_workbook(target)[SHEET].row_dimensions[4].height <= 409


def test_what_the_matrix_could_not_take_in_is_told_again(target: Path) -> None:
    told = Finding("OUTSIDE-CASES", "warning", "Some belong to no case.")
    assert write_matrix(matrix(findings=[told]), target) == [told]


def test_the_workbook_is_named_after_the_study_and_after_nobody(target: Path) -> None:
    properties = written(matrix(name="Waiting <for> care\x07"), target).properties
    assert properties.title == "Waiting <for> care␇"
    assert properties.creator == "qdabridge"
    assert properties.lastModifiedBy is None


# --- attributes ------------------------------------------------------------------------------------------------------


def stored(value: Any, target: Path) -> Any:
    """The cell of an attribute with that value."""
    some = matrix(Row("1", "Ana", (value,)), attributes=[Attribute("a", "It", "Text")])
    return written(some, target)[SHEET]["C4"]


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (42, "n", 42),
        (-3, "n", -3),
        (Decimal("27.25"), "n", 27.25),
        (10**14, "n", 10**14),
        (True, "b", True),
        (False, "b", False),
        ("42", "s", "42"),
        ("", "n", None),
        (None, "n", None),
        (2**60, "s", str(2**60)),
        (Decimal("0.12345678901234567"), "s", "0.12345678901234567"),
        (date(1899, 12, 31), "s", "1899-12-31"),
        ("#N/A", "s", "#N/A"),
        ("TRUE", "s", "TRUE"),
    ],
)
def test_values_keep_their_type_where_a_spreadsheet_can_hold_them_exactly(
    value: Any, kind: str, expected: Any, target: Path
) -> None:
    cell = stored(value, target)
    assert (cell.data_type, cell.value) == (kind, expected)


def test_dates_are_dates(target: Path) -> None:
    cell = stored(date(2024, 2, 29), target)
    assert (cell.is_date, cell.value, cell.number_format) == (True, datetime(2024, 2, 29), "yyyy-mm-dd")


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (None, ""),
        (UTC, '"Z"'),
        (timezone(timedelta(hours=5, minutes=30)), '" +05:30"'),
        (timezone(-timedelta(hours=3)), '" -03:00"'),
    ],
)
def test_a_moment_keeps_its_clock_and_shows_its_time_zone(zone: Any, shown: str, target: Path) -> None:
    cell = stored(datetime(2024, 2, 29, 10, 15, tzinfo=zone), target)
    assert cell.value == datetime(2024, 2, 29, 10, 15)
    assert cell.number_format == f"yyyy-mm-dd hh:mm:ss{shown}"


# --- any text --------------------------------------------------------------------------------------------------------


def unescaped(text: str) -> str:
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


TRICKY = st.sampled_from(
    ["=1+1", "+1", "-1", "@x", "\t=1", "#N/A", "#REF!", " a ", "\n", "_x000D_", "<a>&", "'=1", "😀", "שלום", "]]>"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters()) | TRICKY, min_size=1, max_size=30))
def test_any_text_reads_back_with_the_same_characters(texts: list[str], target: Path) -> None:
    some = matrix(
        *(Row(str(at), text, (text,)) for at, text in enumerate(texts)),
        columns=(column("Trust"),),
        cells={(at, 0): [text] for at, text in enumerate(texts)},
        attributes=[Attribute("a", "It", "Text")],
    )
    for row, text in zip(list(written(some, target)[SHEET].iter_rows(min_row=4, min_col=2)), texts, strict=True):
        shown = presentable(text)[0]
        assert [cell.data_type for cell in row[:3] if cell.value is not None] == ["s"] * (3 if text else 1)
        assert unescaped(row[0].value or "") == shown
        assert unescaped(row[1].value or "") == shown
        assert unescaped(row[2].value) == presentable(quote(text).cited())[0]


FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", '=HYPERLINK("http://x")', "=cmd|'/c calc'!A1"]


def with_formulas() -> Matrix:
    """A matrix that says formulas wherever text can stand."""
    return matrix(
        *(Row(formula, formula, (formula,)) for formula in FORMULAS),
        columns=tuple(column(formula, formula) for formula in FORMULAS),
        cells={(0, 0): ["=1+1"]},
        attributes=[Attribute("a", "=1+1", "Text")],
        name="=1+1",
    )


def test_text_that_begins_like_a_formula_stays_text(target: Path) -> None:
    for sheet in written(with_formulas(), target):
        for cell in itertools.chain.from_iterable(sheet.iter_rows()):
            if isinstance(cell.value, str) and cell.value[0] in "=+-@\t\n":
                assert (cell.data_type, cell.quotePrefix) == ("s", True), (sheet.title, cell.coordinate)
    with zipfile.ZipFile(target) as archive:
        for name in archive.namelist():
            assert not re.search(rb"<f[ />]", archive.read(name)), name


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_computes_nothing_and_shows_every_character(target: Path, tmp_path: Path) -> None:
    some = with_formulas()
    some.cells[1, 1] = Cell(quotes=[quote("שלום 😀 _x000D_ end")])
    write_matrix(some, target)
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"),
            *(
                "--convert-to",
                "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2",
                "--outdir",
                str(tmp_path),
                str(target),
            ),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    told = (tmp_path / f"matrix-{SHEET}.csv").read_text(encoding="utf-8")
    for formula in FORMULAS:
        assert formula.strip().replace('"', '""') in told
    assert "“שלום 😀 _x000D_ end” [Ana, l. 1, NS]" in told
    assert "Err:" not in told
    assert "#NAME?" not in told


def test_control_characters_are_shown_by_signs_and_told(target: Path) -> None:
    some = matrix(Row("1", "Ana\x00"), columns=(column("Trust"),), cells={(0, 0): ["bell\x07 half\ud83d"]})
    (finding,) = write_matrix(some, target)
    assert (finding.code, finding.count, finding.where) == ("CONTROL-CHARACTERS", 3, "Ana\x00")
    assert load_workbook(target)[SHEET]["C4"].value == "“bell␇ half�” [Ana, l. 1, NS]"


def test_right_to_left_text_is_read_from_the_right(target: Path) -> None:
    some = matrix(
        Row("1", "Ana"),
        columns=(column("Trust"), column("Access")),
        cells={(0, 0): ["חיכיתי שלושה חודשים לתור"], (0, 1): ["I said שלום and left, and nobody came."]},
    )
    sheet = written(some, target)[SHEET]
    assert (sheet["C4"].alignment.readingOrder, sheet["C4"].alignment.horizontal) == (2, "right")
    assert not sheet["E4"].alignment.readingOrder
    assert not sheet.sheet_view.rightToLeft


# --- more than a cell holds ------------------------------------------------------------------------------------------


def overlong() -> Matrix:
    return matrix(
        Row("1", "Ana"),
        Row("2", "Ben"),
        columns=ACCESS,
        cells={(0, 0): ["x"], (1, 1): [f"{LONG}{at}" for at in range(9)]},
    )


def test_a_cell_over_the_limit_loses_nothing(target: Path) -> None:
    some = overlong()
    book = written(some, target)
    whole = some.cells[1, 1].text()
    rows = continued(book)
    assert "".join(row[3] for row in rows) == whole
    assert {row[:2] for row in rows} == {("Ben", "Travel")}
    assert [row[2] for row in rows] == [f"{number} of {len(rows)}" for number in range(1, len(rows) + 1)]
    cell = book[SHEET]["E5"]
    kept, tail = cell.value.rsplit("\n\n", 1)
    assert tail == "… continues on sheet ‘Continued’, row 2"
    assert whole.startswith(kept)
    assert kept.endswith("NS]")
    assert len(cell.value.encode("utf-16-le")) // 2 <= LIMIT
    # A link would make LibreOffice show the whole cell on one line.
    assert cell.hyperlink is None
    assert book["Continued"]["A2"].hyperlink.location == f"'{SHEET}'!E5"
    assert book[SHEET]["F5"].hyperlink.location == "'Continued'!A2"


def test_the_sheet_with_long_texts_can_be_read(target: Path) -> None:
    sheet = written(overlong(), target)["Continued"]
    assert sheet.freeze_panes == "A2"
    for row in range(2, sheet.max_row + 1):
        assert sheet[f"D{row}"].alignment.wrap_text
        needed = len(sheet[f"D{row}"].value) / (110 * 1.3) * 12.5
        assert sheet.row_dimensions[row].height >= min(needed, 409)


def test_a_cell_over_the_limit_is_told(target: Path) -> None:
    found = {finding.code: finding for finding in write_matrix(overlong(), target)}
    assert found["CELL-CONTINUED"].where == "Ben, Travel"
    assert "32,767" in found["CELL-CONTINUED"].message


def test_each_long_cell_says_where_its_own_text_begins(target: Path) -> None:
    some = matrix(
        Row("1", "Ana"),
        columns=ACCESS,
        cells={(0, at): [f"{LONG}{at}.{number}" for number in range(9)] for at in (0, 1)},
    )
    book = written(some, target)
    for letter in "CE":
        row = int(book[SHEET][f"{letter}4"].value.rsplit(" ", 1)[1])
        assert book["Continued"][f"C{row}"].value.startswith("1 of ")
        assert book[SHEET][f"{letter}4"].value.startswith(book["Continued"][f"D{row}"].value[:1000])


def test_one_quote_over_the_limit_is_cut_and_whole_on_the_other_sheet(target: Path) -> None:
    some = matrix(Row("1", "Ana"), columns=ACCESS, cells={(0, 0): ["😀" * 40_000]})
    book = written(some, target)
    assert "".join(row[3] for row in continued(book)) == some.cells[0, 0].text()
    rows = list(book["Continued"].iter_rows(min_row=2, values_only=True))
    assert all(len(row[3].encode("utf-16-le")) // 2 <= LIMIT for row in rows)


def test_a_cell_just_at_the_limit_stays_whole(target: Path) -> None:
    short = LIMIT - len(quote("").cited()) - len("“” ")
    book = written(matrix(Row("1", "A"), columns=ACCESS, cells={(0, 0): ["x" * short]}), target)
    assert "Continued" not in book.sheetnames
    assert len(book[SHEET]["C4"].value) == LIMIT


def test_a_label_or_value_over_the_limit_loses_nothing_either(target: Path) -> None:
    some = matrix(Row("1", "L" * 40_000, ("V" * 40_000,)), attributes=[Attribute("a", "It", "Text")])
    rows = list(written(some, target)["Continued"].iter_rows(min_row=2, values_only=True))
    told = "".join(row[3] for row in rows)
    assert (told.count("L"), told.count("V")) == (40_000, 40_000)


@pytest.mark.parametrize(("rows", "columns", "told"), [(1, 8_192, "16,386 columns"), (1_048_574, 1, "1,048,577 rows")])
def test_more_than_a_sheet_has_is_refused_in_words(rows: int, columns: int, told: str, target: Path) -> None:
    some = matrix(*[Row("1", "Ana")] * rows, columns=(column("Trust"),) * columns)
    with pytest.raises(BadRequest, match=told):
        write_matrix(some, target)
    assert not target.exists()


# --- writing ---------------------------------------------------------------------------------------------------------


def test_an_existing_workbook_is_kept_unless_it_may_be_overwritten(target: Path) -> None:
    target.write_bytes(b"old")
    with pytest.raises(TargetExists):
        write_matrix(matrix(), target)
    assert target.read_bytes() == b"old"
    write_matrix(matrix(), target, overwrite=True)
    assert load_workbook(target).sheetnames == ["About", SHEET, "_qdabridge"]


def full_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("where", ["zipfile.ZipFile.writestr", "qdabridge.formats.spreadsheet.cell_text.escaped"])
def test_when_writing_fails_the_old_workbook_is_as_it_was_and_nothing_is_left_behind(
    where: str, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target.write_bytes(b"old")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    with monkeypatch.context() as broken:
        broken.setattr(where, full_disk)
        with pytest.raises(CannotWrite, match="no space left"):
            write_matrix(overlong(), target, overwrite=True)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [target.name, "temporary"]
    assert list(temporary.iterdir()) == []
    # Nothing that Python would complain of when it is forgotten.
    gc.collect()


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        write_matrix(matrix(), tmp_path / "nowhere" / "matrix.xlsx")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(some=studies())
def test_the_matrix_of_any_study_can_be_written_and_read(some: Study, target: Path) -> None:
    made = qda.framework_matrix(some)
    shown = grid(made, target)
    assert len(shown) == 2 + len(made.rows)
    if made.rows:
        assert len(shown[0]) == 1 + len(made.attributes) + len(made.columns)


# --- a real file -----------------------------------------------------------------------------------------------------


def test_every_quote_of_a_real_nvivo_file_is_in_the_workbook(nvivo_sample: Path, target: Path) -> None:
    with qda.read(nvivo_sample) as real, contextlib.closing(real):
        some = qda.framework_matrix(real)
    sheet = written(some, target)[SHEET]
    told = "\n".join(str(cell.value) for cell in next(sheet.iter_rows(min_row=4)) if cell.value)
    for cell in some.cells.values():
        for each in cell.quotes:
            assert presentable(each.text.strip())[0] in told
    assert sheet.max_column == 2 + 2 * 60


def test_what_two_people_coded_alike_has_a_row_for_each_with_its_own_date(target: Path) -> None:
    both = Quote(
        "I waited.",
        "Ana",
        "l. 1",
        coders=("NS", "MP"),
        codings=("c1", "c2"),
        marks=(Mark("NS", "2024-09-04T08:30:00Z", ("c1",)), Mark("MP", "2024-09-05T10:00:00Z", ("c2",))),
    )
    some = matrix(Row("a", "Ana"), Row("b", "Bea"), columns=ACCESS)
    some.cells.update({(0, 0): Cell(quotes=[both, quote("Alone.")]), (1, 1): Cell(quotes=[quote("Later.")])})
    book = written(some, target)
    headings, *rows = book["Quotes"].iter_rows(values_only=True)
    told = [tuple(row[headings.index(name)] for name in ("Coder", "Date", "Quote", "Codings")) for row in rows]
    assert told == [
        ("NS", datetime(2024, 9, 4, 8, 30), "I waited.", "c1"),
        ("MP", datetime(2024, 9, 5, 10), "I waited.", "c2"),
        ("NS", None, "Alone.", None),
        ("NS", None, "Later.", None),
    ]
    links = {cell.hyperlink.location for row in book[SHEET].iter_rows() for cell in row if cell.hyperlink}
    assert any("Quotes" in place and place.endswith("!A5") for place in links), links
