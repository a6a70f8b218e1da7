"""A matrix as CSV, web page, Markdown, Word document and JSON: everything is there, and nothing does any harm."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qdabridge.errors import BadRequest, CannotWrite, TargetExists
from qdabridge.formats.tables import WRITERS, write_matrix
from qdabridge.matrix import Attribute, Cell, Column, Matrix, Quote, Row, Summary

SUFFIXES = (".csv", ".html", ".md", ".docx", ".json")
WAITING = Column("w", ("Access", "Waiting"), "#fc0", "a", "#1b6ca8")
TRAVEL = Column("t", ("Access", "Travel"), "red; x", "a", "#1b6ca8")
TRUST = Column("u", ("Trust",), None, "u", None)


def quote(text: str, **fields: Any) -> Quote:
    return Quote(text, "Talk 1", "l. 3", coders=("NS",), **fields)


def matrix(**fields: Any) -> Matrix:
    given: dict[str, Any] = {
        "name": "Waiting for care",
        "row_kind": "cases",
        "holds": ("summary", "quotes", "count"),
        "attributes": [Attribute("1", "Age", "Integer"), Attribute("2", "Met", "Date")],
        "columns": [WAITING, TRAVEL, TRUST],
        "rows": [Row("A", "Ana", (42, date(2024, 5, 2))), Row("B", "Ben", (Decimal("1.50"), None))],
        "cells": {
            (0, 0): Cell([quote("No.\nNever."), quote("Yes.")], Summary("She waits."), {"count": 2}, ("c1", "c2")),
            (1, 2): Cell(summary=Summary("Two\n\nparagraphs.")),
        },
        "filters": ["Age > 40"],
    }
    return Matrix(**(given | fields))


def named(text: str) -> Matrix:
    """A matrix in which this text stands wherever text can stand."""
    return matrix(
        name=text,
        attributes=[Attribute("1", text, "Text")],
        columns=[Column("w", (text, text), None, "a", None), Column("x", (text,), None, "x", None)],
        rows=[Row("A", text, (text,))],
        cells={(0, 0): Cell([quote(text)], Summary(text), {"count": 1})},
        filters=[text],
    )


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Matrix, str], Path]:
    def write(some: Matrix, suffix: str) -> Path:
        path = tmp_path / f"matrix{suffix}"
        write_matrix(some, path, overwrite=True)
        return path

    return write


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


# --- all of them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_target_that_exists_stays_unless_asked(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"matrix{suffix}"
    target.write_text("old")
    with pytest.raises(TargetExists):
        write_matrix(matrix(), target)
    assert target.read_text() == "old"
    write_matrix(matrix(), target, overwrite=True)
    assert target.stat().st_size > 100


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_matrix_of_nothing_is_written_too(written: Any, suffix: str) -> None:
    assert written(Matrix(name="", row_kind="sources"), suffix).stat().st_size > 0


@pytest.mark.parametrize("suffix", [".csv", ".html", ".md", ".json"])
def test_the_same_matrix_is_the_same_file(written: Any, suffix: str) -> None:
    assert written(matrix(), suffix).read_bytes() == written(matrix(), suffix).read_bytes()


def test_an_ending_that_nothing_writes_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=re.escape(", ".join(WRITERS))):
        write_matrix(matrix(), tmp_path / "matrix.pdf")


@pytest.mark.parametrize("suffix", [".csv", ".html", ".md", ".docx"])
def test_control_characters_are_shown_by_signs_and_told(tmp_path: Path, suffix: str) -> None:
    told = write_matrix(named("bell\x07 half\ud83d"), tmp_path / f"m{suffix}")
    assert [each.code for each in told] == ["CONTROL-CHARACTERS"]
    if suffix != ".docx":
        assert "bell␇ half�" in (tmp_path / f"m{suffix}").read_text(encoding="utf-8")


# --- CSV -------------------------------------------------------------------------------------------------------------


def test_csv_has_one_heading_row_with_whole_paths_and_plain_numbers(written: Any) -> None:
    assert lines(written(matrix(), ".csv")) == [
        [
            "Case",
            "Age",
            "Met",
            "Access \\ Waiting",
            "Access \\ Waiting: references",
            "Access \\ Travel",
            "Access \\ Travel: references",
            "Trust",
            "Trust: references",
        ],
        [
            "Ana",
            "42",
            "2024-05-02",
            "She waits.\n— quotes —\n“No.\nNever.” [Talk 1, l. 3, NS]\n\n“Yes.” [Talk 1, l. 3, NS]",
            "2",
            "",
            "0",
            "",
            "0",
        ],
        ["Ben", "1.50", "", "", "0", "", "0", "Two\n\nparagraphs.", ""],
    ]


def test_csv_is_what_excel_takes_for_utf8(written: Any) -> None:
    raw = written(matrix(), ".csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\r\nAna," in raw


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=cmd|'/c calc'!A0"])
def test_csv_says_of_what_looks_like_a_formula_that_it_is_text(tmp_path: Path, text: str) -> None:
    told = write_matrix(named(text), tmp_path / "m.csv")
    assert [each.code for each in told] == ["FORMULA-AS-TEXT"]
    for line in lines(tmp_path / "m.csv"):
        assert not any(re.match(r"\s*[=+@-]", cell) for cell in line)


def test_csv_leaves_negative_numbers_alone(written: Any) -> None:
    some = matrix(rows=[Row("A", "Ana", (-5, None))], cells={})
    assert lines(written(some, ".csv"))[1][1] == "-5"


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=30))
def test_csv_holds_any_text(tmp_path: Path, text: str) -> None:
    write_matrix(named(text), tmp_path / "m.csv", overwrite=True)
    label = lines(tmp_path / "m.csv")[1][0]
    assert label.removeprefix("'") == re.sub("[\u2028\u2029\x85]", "\n", text).removeprefix("'")


# --- web page --------------------------------------------------------------------------------------------------------


class Seen(HTMLParser):
    """The elements of a page, its texts, and whether every element is closed in order."""

    VOID = frozenset({"meta", "hr", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


def test_a_page_has_themes_over_codes_and_a_row_for_each_case(written: Any) -> None:
    page = Seen(written(matrix(holds=("quotes",)), ".html").read_text(encoding="utf-8"))
    assert page.open == []
    spans = [(attrs.get("colspan"), attrs.get("rowspan")) for tag, attrs in page.tags if tag == "th"]
    assert spans == [
        (None, "2"),
        (None, "2"),
        (None, "2"),
        ("2", None),
        (None, "2"),
        (None, None),
        (None, None),
        (None, None),
        (None, None),
    ]
    assert page.count("tr") == 4
    assert "Age > 40" in page.words


def test_a_page_has_a_paragraph_for_the_summary_and_for_each_quote(written: Any) -> None:
    page = written(matrix(), ".html").read_text(encoding="utf-8")
    assert '<p class="summary" dir="auto">She waits.</p><hr title="— quotes —">' in page
    assert '<p dir="auto">“No.\nNever.” <cite>[Talk 1, l. 3, NS]</cite></p>' in page
    assert '<td class="number" data-heading="Access \\ Waiting: references">2</td>' in page


def test_a_page_that_is_too_wide_for_paper_is_printed_row_by_row(written: Any) -> None:
    columns = [Column(str(at), ("Access", f"Code {at}"), None, "a", None) for at in range(9)]
    assert '<table class="wide">' in written(matrix(columns=columns, cells={}), ".html").read_text(encoding="utf-8")
    assert "<table>" in written(matrix(), ".html").read_text(encoding="utf-8")


def test_a_page_shows_colours_only_where_they_are_colours(written: Any) -> None:
    page = written(matrix(), ".html").read_text(encoding="utf-8")
    assert "border-bottom-color: #fc0" in page
    assert "red; x" not in page


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><b>", "&lt;"])
def test_a_page_takes_no_name_and_no_quote_for_html(written: Any, text: str) -> None:
    page = Seen(written(named(text), ".html").read_text(encoding="utf-8"))
    harmless = {"html", "head", "meta", "title", "style", "body", "h1", "p", "ul", "li", "div"}
    assert {tag for tag, _ in page.tags} <= harmless | {"table", "thead", "tbody", "tr", "th", "td", "cite", "hr"}
    assert sum(text in words for words in page.words) >= 8
    assert page.open == []


def test_a_page_loads_nothing(written: Any) -> None:
    page = written(matrix(), ".html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|url\(|@import|<script|<link| src=", page)


# --- Markdown --------------------------------------------------------------------------------------------------------


def test_markdown_is_one_table_that_people_can_read(written: Any) -> None:
    assert written(matrix(columns=[WAITING, TRUST], cells={(0, 0): matrix().cells[0, 0]}), ".md").read_text() == (
        "# Framework matrix: Waiting for care\n"
        "\n"
        "- Age \\> 40\n"
        "\n"
        "| Case | Age | Met | Access \\\\ Waiting | Access \\\\ Waiting: references | Trust | Trust: references |\n"
        "| --- | --- | --- | --- | ---: | --- | ---: |\n"
        "| **Ana** | 42 | 2024-05-02 | She waits.<br>— quotes —<br>“No.<br>Never.” *\\[Talk 1, l. 3, NS\\]*<br><br>"
        "“Yes.” *\\[Talk 1, l. 3, NS\\]* | 2 |  | 0 |\n"
        "| **Ben** | 1.50 |  |  | 0 |  | 0 |\n"
    )


@pytest.mark.parametrize(
    "text", ["a | b", "`code`", "<b>", "[x](javascript:1)", "*a*", "# a", "~~a~~", "$x$", "![a](b)"]
)
def test_markdown_takes_no_sign_of_a_text_for_its_own(written: Any, text: str) -> None:
    page = written(named(text), ".md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {len(re.findall(r"\|", rows[1]))}
    escaped = re.sub(r"([\\`*_{}\[\]<>#|~$!&])", r"\\\1", text)
    assert page.count(escaped) >= 8
    assert text not in page.replace(escaped, "")


# --- Word ------------------------------------------------------------------------------------------------------------


def test_a_document_has_a_table_for_each_theme_with_headings_that_repeat(written: Any) -> None:
    from docx import Document

    document = Document(str(written(matrix(), ".docx")))
    headings = [each.text for each in document.paragraphs if each.style.name.startswith("Heading")]
    assert headings == ["Framework matrix: Waiting for care", "Attributes", "Access", "Trust"]
    _, access, trust = document.tables
    assert [cell.text for cell in access.rows[0].cells] == [
        "Case",
        "Waiting",
        "Waiting: references",
        "Travel",
        "Travel: references",
    ]
    assert [each.text for each in access.rows[1].cells[1].paragraphs] == [
        "She waits.\n— quotes —\n“No.\nNever.” [Talk 1, l. 3, NS]",
        "“Yes.” [Talk 1, l. 3, NS]",
    ]
    assert [each.text for each in trust.rows[2].cells[1].paragraphs] == ["Two", "paragraphs."]
    assert access.rows[1].cells[0].paragraphs[0].runs[0].bold
    assert [run.text for run in access.rows[1].cells[1].paragraphs[1].runs if run.italic] == ["[Talk 1, l. 3, NS]"]
    assert all(table.rows[0]._tr.xpath("w:trPr/w:tblHeader") for table in document.tables)
    assert document.sections[0].page_width > document.sections[0].page_height


def test_a_theme_with_many_codes_has_several_tables(written: Any) -> None:
    from docx import Document

    columns = [Column(str(at), ("Access", f"Code {at}"), None, "a", None) for at in range(12)]
    document = Document(str(written(matrix(columns=columns, cells={}, attributes=[], holds=("quotes",)), ".docx")))
    assert [len(table.columns) for table in document.tables] == [6, 6, 3]


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_tables_of_attributes_do_not_grow_together(written: Any) -> None:
    from docx import Document

    attributes = [Attribute(str(number), f"v{number}", "Text") for number in range(7)]
    row = Row("1", "Ana", tuple(str(number) for number in range(7)))
    some = matrix(attributes=attributes, rows=[row], cells={}, columns=[])
    body = Document(str(written(some, ".docx"))).element.body
    kinds = [child.tag.rpartition("}")[2] for child in body]
    assert kinds.count("tbl") == 2
    assert ("tbl", "tbl") not in set(itertools.pairwise(kinds))


def test_right_to_left_text_reads_right_in_a_document(written: Any) -> None:
    from docx import Document
    from docx.enum.table import WD_TABLE_DIRECTION

    said = Cell([quote("انتظرت طويلا في العيادة"), quote("I waited.")])
    some = matrix(
        name="دراسة",
        attributes=[],
        rows=[Row("1", "مريم")],
        columns=[Column("2", ("الوصول", "وقت الانتظار"), None, "3", None)],
        cells={(0, 0): said},
        holds=("quotes",),
    )
    document = Document(str(written(some, ".docx")))
    (table,) = document.tables
    assert table.table_direction == WD_TABLE_DIRECTION.RTL
    label, cell = table.rows[1].cells
    assert [turned(each) for each in (*label.paragraphs, *cell.paragraphs)] == [True, True, False]
    assert (label.paragraphs[0].runs[0].font.rtl, label.paragraphs[0].runs[0].font.cs_bold) == (True, True)
    assert turned(document.paragraphs[-1])


def turned(paragraph: Any) -> bool:
    return bool(paragraph._p.xpath("./w:pPr/w:bidi"))


def test_a_page_of_names_from_right_to_left_has_its_first_column_on_the_right(written: Any) -> None:
    rows = [Row("1", "מרים", ("חולה",)), Row("2", "דוד", ("רופא",))]
    columns = [Column("2", ("זמן המתנה",), None, "2", None)]
    some = matrix(rows=rows, columns=columns, cells={}, attributes=[Attribute("1", "תפקיד", "Text")])
    assert '<div class="scroll" dir="rtl"><table><thead>' in written(some, ".html").read_text(encoding="utf-8")
    assert 'dir="rtl"' not in written(matrix(), ".html").read_text(encoding="utf-8")


def test_json_holds_everything_with_typed_values(written: Any) -> None:
    made = json.loads(written(matrix(), ".json").read_text(encoding="utf-8"))
    assert (made["format"], made["version"], made["kind"], made["holds"]) == (
        "qdabridge matrix",
        1,
        "framework",
        ["summary", "quotes", "count"],
    )
    assert made["rows"][1]["attributes"] == [1.5, None]
    assert made["rows"][0]["attributes"] == [42, "2024-05-02"]
    first, second = made["cells"]
    assert (first["row"], first["column"], second["row"], second["column"]) == (0, 0, 1, 2)
    assert first["text"] == matrix().cells[0, 0].text()
    assert first["cell"]["codings"] == ["c1", "c2"]
    assert first["cell"]["quotes"][0]["text"] == "No.\nNever."
    assert first["cell"]["summary"]["text"] == "She waits."


def test_json_of_half_a_character_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="half a character"):
        write_matrix(named("\ud83d"), tmp_path / "m.json")
    assert list(tmp_path.iterdir()) == []
