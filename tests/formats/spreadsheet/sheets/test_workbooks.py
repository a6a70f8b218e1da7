"""Workbooks, OpenDocument and Word: every cell as it was, and what is wrong with a file in one sentence."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from qdabridge.errors import BadRequest, CannotRead, TooLarge
from qdabridge.formats.spreadsheet.sheets import open_table
from tables import workbook


def codes_of(path: Path) -> list[str]:
    return [finding.code for finding in open_table(path).found]


def test_each_cell_has_its_kind_and_ends_are_cut_off(tmp_path: Path) -> None:
    rows = [["Name", "Age", "When", "Yes"], [], ["Ana 😀", 34, datetime(2024, 3, 1, 9, 40), True, "", None]]
    path = workbook(tmp_path / "t.xlsx", rows)
    assert open_table(path).sheets[0].rows == [
        ("Name", "Age", "When", "Yes"),
        (),
        ("Ana 😀", 34, datetime(2024, 3, 1, 9, 40), True),
    ]


def test_a_number_that_is_shown_with_zeros_is_what_is_shown(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"], book.active["A2"] = 7, 12.5
    book.active["A1"].number_format = book.active["A2"].number_format = "000"
    book.save(tmp_path / "t.xlsx")
    assert open_table(tmp_path / "t.xlsx").sheets[0].rows == [("007",), (12.5,)]


def test_rich_text_and_escaped_characters_are_plain_text(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = CellRichText("She ", TextBlock(InlineFont(b=True), "waited"), ".\n")
    book.active["A2"] = "one_x000D_\ntwo"
    book.save(tmp_path / "t.xlsx")
    assert open_table(tmp_path / "t.xlsx").sheets[0].rows == [("She waited.\n",), ("one\ntwo",)]


def test_hidden_sheets_come_last(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title, book.active.sheet_state = "Lists", "hidden"
    book.active["A1"] = "x"
    book.create_sheet("Table")["A1"] = "y"
    book.active = 1
    book.save(tmp_path / "t.xlsx")
    assert [sheet.name for sheet in open_table(tmp_path / "t.xlsx").sheets] == ["Table", "Lists"]


def test_merged_cells_are_known_and_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["", "Access", "", "Trust"], ["", "a", "b", "c"]], merge=["B1:C1"])
    file = open_table(path)
    assert file.sheets[0].merged == ((0, 1, 0, 2),)
    assert file.sheets[0].rows[0] == (None, "Access", None, "Trust")
    assert [finding.code for finding in file.found] == ["TABLE-MERGED"]


def test_a_protected_sheet_is_read_and_said(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "Code"
    book.active.protection.enable()
    book.save(tmp_path / "t.xlsx")
    assert codes_of(tmp_path / "t.xlsx") == ["TABLE-PROTECTED"]


def test_macros_are_said_and_not_run(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsm", [["Code"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"not a program")
    assert codes_of(path) == ["TABLE-MACROS"]


def test_errors_and_formulas_without_a_result_are_said_with_their_places(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"], book.active["B2"], book.active["C3"] = "Code", "=1+1", "#REF!"
    book.save(tmp_path / "t.xlsx")
    file = open_table(tmp_path / "t.xlsx")
    assert {finding.code: finding.where for finding in file.found} == {
        "TABLE-CELL-ERROR": "Sheet!C3",
        "TABLE-FORMULA-EMPTY": "Sheet!B2",
    }
    assert file.sheets[0].at(1, 1) is None


def test_a_formula_with_a_result_is_its_result(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["Code", 1]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[part] = parts[part].replace(b"<v>1</v>", b"<f>40+2</f><v>42</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    file = open_table(path)
    assert file.sheets[0].rows == [("Code", 42)]
    assert not file.found


def test_a_cell_that_is_full_is_said_to_be_cut_off(tmp_path: Path) -> None:
    assert codes_of(workbook(tmp_path / "t.xlsx", [["Quote"], ["a" * 32_767]])) == ["TABLE-CELL-FULL"]


def test_sixteen_thousand_columns_are_refused_in_words(tmp_path: Path) -> None:
    book = Workbook()
    book.active.cell(1, 1, "Name")
    book.active.cell(1, 16_384, "far away")
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(TooLarge, match=r"column XFD, the 16,384th.*Delete what stands far to the right"):
        open_table(tmp_path / "t.xlsx")


def test_sixteen_thousand_empty_columns_are_nothing(tmp_path: Path) -> None:
    book = Workbook()
    book.active.cell(1, 1, "Name")
    book.active.cell(1, 16_384).number_format = "0.0"
    book.save(tmp_path / "t.xlsx")
    assert open_table(tmp_path / "t.xlsx").sheets[0].rows == [("Name",)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Excel 97"),
        (b"PK\x03\x04 and then nothing", "damaged"),
    ],
)
def test_what_cannot_be_opened_is_said_with_what_to_do(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)
    with pytest.raises(CannotRead, match=sentence) as caught:
        open_table(path)
    assert caught.value.todo


def test_a_workbook_that_lost_a_sheet_is_damaged(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["Code"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-40]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(CannotRead, match="damaged"):
        open_table(path)


def test_a_word_document_has_its_tables_as_sheets_and_its_paragraphs_as_lines(tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_heading("Access", 1)
    document.add_paragraph("I waited 😀.")
    table = document.add_table(2, 3)
    for column, text in enumerate(("Name", "Description", "Files")):
        table.cell(0, column).text = text
    table.cell(1, 0).merge(table.cell(1, 1)).text = "Access"
    table.cell(1, 2).text = "3"
    document.save(tmp_path / "t.docx")
    file = open_table(tmp_path / "t.docx")
    assert file.kind == "document"
    assert list(zip(file.styles, file.lines, strict=True))[:2] == [("Heading 1", "Access"), ("", "I waited 😀.")]
    assert file.sheets[0].rows == [("Name", "Description", "Files"), ("Access", None, "3")]


def test_a_cell_of_a_word_table_reaches_over_no_more_columns_than_a_table_may_have(tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    table = document.add_table(1, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Access"
    table.cell(0, 0)._tc.tcPr.gridSpan.val = 900_000_000
    document.save(tmp_path / "t.docx")
    assert open_table(tmp_path / "t.docx").sheets[0].rows == [("Access",)]


def ods(path: Path, *rows: str, mimetype: str = "application/vnd.oasis.opendocument.spreadsheet") -> Path:
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.3" '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Matrix">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def text_cell(text: str, more: str = "") -> str:
    lines = "".join(f"<text:p>{line}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string"{more}>{lines}</table:table-cell>'


EMPTY_END = (
    '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
    '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
    'table:number-columns-repeated="16384"/></table:table-row>'
)


def test_an_opendocument_spreadsheet_is_read_without_unfolding_its_empty_end(tmp_path: Path) -> None:
    pytest.importorskip("odfdo")
    path = ods(
        tmp_path / "t.ods",
        f"<table:table-row>{text_cell('Name')}{text_cell('Age')}</table:table-row>",
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>',
        f"<table:table-row>{text_cell('Ana' + chr(10) + '😀')}"
        '<table:table-cell office:value-type="float" office:value="34"><text:p>34</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2024-03-01"><text:p>1.3.24</text:p>'
        f"</table:table-cell>{EMPTY_END}",
    )
    file = open_table(path)
    assert file.sheets[0].name == "Matrix"
    rows = file.sheets[0].rows
    assert rows[:3] == [("Name", "Age"), (), ()]
    assert rows[3][:2] == ("Ana\n😀", 34)
    assert str(rows[3][2])[:10] == "2024-03-01"
    assert len(rows) == 4


def test_merged_cells_of_an_opendocument_spreadsheet_are_known_too(tmp_path: Path) -> None:
    pytest.importorskip("odfdo")
    wide = text_cell("Access", ' table:number-columns-spanned="2" table:number-rows-spanned="1"')
    path = ods(
        tmp_path / "t.ods",
        f"<table:table-row>{text_cell('')}{wide}<table:covered-table-cell/>{text_cell('Trust')}</table:table-row>",
    )
    file = open_table(path)
    assert file.sheets[0].rows == [(None, "Access", None, "Trust")]
    assert file.sheets[0].merged == ((0, 1, 0, 2),)
    assert [finding.code for finding in file.found] == ["TABLE-MERGED"]


def test_cells_repeated_by_the_million_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("odfdo")
    many = text_cell("a", ' table:number-columns-repeated="9999"')
    path = ods(tmp_path / "t.ods", f'<table:table-row table:number-rows-repeated="1000000">{many}</table:table-row>')
    with pytest.raises(TooLarge, match="cells"):
        open_table(path)


def test_an_opendocument_text_is_no_spreadsheet(tmp_path: Path) -> None:
    pytest.importorskip("odfdo")
    with pytest.raises(CannotRead, match="no spreadsheet"):
        open_table(ods(tmp_path / "t.odt", mimetype="application/vnd.oasis.opendocument.text"))


def test_without_odfdo_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "odfdo", None)
    with pytest.raises(BadRequest, match=r"qdabridge\[ods\]"):
        open_table(ods(tmp_path / "t.ods", f"<table:table-row>{text_cell('Name')}</table:table-row>"))


def test_the_name_of_a_file_makes_no_difference(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["Code"]]).rename(tmp_path / "t.csv")
    assert open_table(path).kind == "workbook"
