"""A framework matrix has a row for each case, a column for each code, and in each cell what was said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qdabridge as qda
from interviews import MIREILLE, case, code, coded, coding, guid, study, text, value, variable
from qdabridge.errors import BadRequest, NotInStudy
from qdabridge.matrix import Cell, Matrix, Quote, framework_matrix
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    Case,
    Code,
    Note,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Representation,
    SyncPoint,
    TextSource,
    Transcript,
    TranscriptSelection,
    User,
)
from qdabridge.study.study import Study
from strategies import studies

WAITING = code("Waiting times", color="#fc0")
TRAVEL = code("Travel")
ACCESS = code("Access", WAITING, TRAVEL, color="#1b6ca8")
TRUST = code("Trust")
WORDS = "I waited six weeks.\nI trusted her."


def ana(**fields: Any) -> TextSource:
    return text("Ana", WORDS, coded(0, 19, WAITING), coded(20, 34, TRUST), **fields)


def texts(matrix: Matrix) -> dict[tuple[str, str], str]:
    return {
        (matrix.rows[row].label, matrix.columns[column].heading): cell.text()
        for (row, column), cell in matrix.cells.items()
    }


def quotes(matrix: Matrix) -> list[Quote]:
    return [quote for _, cell in sorted(matrix.cells.items()) for quote in cell.quotes]


# --- rows and columns ------------------------------------------------------------------------------------------------


def test_a_study_with_cases_has_a_row_for_each_case() -> None:
    interview = ana()
    matrix = framework_matrix(study(interview, codes=[ACCESS, TRUST], cases=[case("Ana B.", interview), case("Ben")]))
    assert matrix.row_kind == "cases"
    assert [(row.label, row.guid) for row in matrix.rows] == [
        ("Ana B.", guid("case Ana B.")),
        ("Ben", guid("case Ben")),
    ]
    assert texts(matrix) == {
        ("Ana B.", "Waiting times"): "“I waited six weeks.” [Ana, l. 1, NS]",
        ("Ana B.", "Trust"): "“I trusted her.” [Ana, l. 2, NS]",
    }


def test_a_study_without_cases_has_a_row_for_each_source() -> None:
    matrix = framework_matrix(study(ana(), text("Ben", "No."), codes=[ACCESS, TRUST]))
    assert matrix.row_kind == "sources"
    assert [row.label for row in matrix.rows] == ["Ana", "Ben"]
    assert texts(matrix)["Ana", "Trust"] == "“I trusted her.” [Ana, l. 2, NS]"


def test_rows_of_sources_can_be_had_although_there_are_cases() -> None:
    interview = ana()
    matrix = framework_matrix(study(interview, codes=[TRUST], cases=[case("A", interview)]), rows="sources")
    assert [row.label for row in matrix.rows] == ["Ana"]


def test_rows_of_cases_cannot_be_had_where_there_are_none() -> None:
    with pytest.raises(BadRequest, match="no cases"):
        framework_matrix(study(ana(), codes=[TRUST]), rows="cases")


def test_rows_of_another_kind_are_refused() -> None:
    with pytest.raises(BadRequest, match="codes"):
        framework_matrix(study(), rows="codes")  # type: ignore[arg-type]


def test_a_memo_that_somebody_coded_has_a_row_among_the_sources_and_others_have_none() -> None:
    memo = Note(guid=guid("memo"), name="Why?", plain_text_content="Odd.", plain_text_selections=[coded(0, 4, TRUST)])
    other = Note(guid=guid("other"), name="To do", plain_text_content="Call.")
    matrix = framework_matrix(study(ana(), codes=[TRUST], notes=[memo, other]))
    assert [row.label for row in matrix.rows] == ["Ana", "Why?"]


def test_what_has_no_name_can_still_be_told_apart() -> None:
    one, two = ana(), text("", "No.", coded(0, 3, TRUST))
    two.name = None
    matrix = framework_matrix(study(one, two, codes=[TRUST], cases=[case(None, one, two), Case(guid="c")]))
    assert [row.label for row in matrix.rows] == ["Ana, Source 2", "Case 2"]
    assert [row.label for row in framework_matrix(study(one, two, codes=[TRUST])).rows] == ["Ana", "Source 2"]


def test_every_code_has_a_column_in_the_order_of_the_codebook_under_its_theme() -> None:
    deep = code("Health", code("Body", code("Pain")))
    matrix = framework_matrix(study(ana(), codes=[ACCESS, TRUST, deep]))
    assert [(column.theme, column.heading, column.name) for column in matrix.columns] == [
        ("Access", "Access", "Access"),
        ("Access", "Waiting times", "Waiting times"),
        ("Access", "Travel", "Travel"),
        ("Trust", "Trust", "Trust"),
        ("Health", "Health", "Health"),
        ("Health", "Body", "Body"),
        ("Health", "Body \\ Pain", "Pain"),
    ]
    waiting = matrix.columns[1]
    assert (waiting.guid, waiting.path, waiting.color) == (WAITING.guid, ("Access", "Waiting times"), "#fc0")
    assert (waiting.theme_guid, waiting.theme_color) == (ACCESS.guid, "#1b6ca8")


def test_codes_that_nothing_is_coded_with_are_left_out_on_request() -> None:
    matrix = framework_matrix(study(ana(), codes=[ACCESS, TRUST]), used_only=True)
    assert [column.name for column in matrix.columns] == ["Waiting times", "Trust"]


def test_a_folder_of_codes_has_no_column_unless_something_is_coded_with_it() -> None:
    folder = code("Access", WAITING, codable=False)
    assert [each.name for each in framework_matrix(study(ana(), codes=[folder])).columns] == ["Waiting times"]
    coded_folder = text("Ben", "No.", coded(0, 3, folder))
    names = [each.name for each in framework_matrix(study(coded_folder, codes=[folder])).columns]
    assert names == ["Access", "Waiting times"]


def test_codes_can_be_chosen_by_path_or_guid_in_any_order_with_what_is_inside_them() -> None:
    matrix = framework_matrix(study(ana(), codes=[ACCESS, TRUST]), codes=[TRUST.guid.upper(), "Access", WAITING.guid])
    assert [column.name for column in matrix.columns] == ["Trust", "Access", "Waiting times", "Travel"]
    assert set(texts(matrix)) == {("Ana", "Trust"), ("Ana", "Waiting times")}


def test_a_code_that_is_not_there_cannot_be_chosen() -> None:
    with pytest.raises(NotInStudy, match="Trust"):
        framework_matrix(study(codes=[TRUST]), codes=["Trusty"])


def test_nvivos_codes_for_cases_are_rows_and_never_columns() -> None:
    person = Case(guid=guid("Ana"), name="Ana")
    twin = Code(guid=guid("Ana"), name="Ana")
    group = text("Group", "Ana: yes. Ben: no.", coded(0, 9, person), coded(5, 18, TRUST))
    matrix = framework_matrix(study(group, codes=[TRUST, code("Cases", twin, codable=False)], cases=[person]))
    assert [column.name for column in matrix.columns] == ["Trust"]
    assert texts(matrix) == {("Ana", "Trust"): "“yes.” [Group, l. 1, NS]"}


# --- attributes ------------------------------------------------------------------------------------------------------


def test_attributes_come_typed_and_in_the_order_of_the_variables() -> None:
    age, role, met = variable("Age", "Integer"), variable("Role"), variable("Met", "Date")
    interview = ana(variable_values=(value(met, date_value="2024-05-02"),))
    person = case("A", interview, value(role, text_value="Nurse"), value(role, text_value="Carer"))
    matrix = framework_matrix(
        study(
            interview,
            codes=[TRUST],
            cases=[person, case("B", value(age, integer_value=42))],
            variables=[age, role, met],
        )
    )
    assert [attribute.name for attribute in matrix.attributes] == ["Age", "Role", "Met"]
    assert [row.attributes for row in matrix.rows] == [(None, "Nurse; Carer", date(2024, 5, 2)), (42, None, None)]


# --- quotes ----------------------------------------------------------------------------------------------------------


def test_a_quote_knows_the_codings_it_came_from() -> None:
    waited, trusted = quotes(framework_matrix(study(ana(), codes=[ACCESS, TRUST])))
    assert waited == Quote(
        text="I waited six weeks.",
        source="Ana",
        place="l. 1",
        lines=(1, 1),
        coders=("NS",),
        codings=(guid("coding 0-19 Waiting times"),),
        source_guid=guid("Ana"),
    )
    assert trusted.codings == (guid("coding 20-34 Trust"),)


def test_what_two_people_coded_alike_is_one_quote_with_both_names() -> None:
    ana = text(
        "Ana",
        WORDS,
        coded(0, 19, WAITING, name="a"),
        coded(0, 19, WAITING, by=MIREILLE, name="b"),
        coded(0, 8, WAITING),
    )
    first, second = quotes(framework_matrix(study(ana, codes=[ACCESS])))
    assert first.cited() == "“I waited” [Ana, l. 1, NS]"
    assert second.cited() == "“I waited six weeks.” [Ana, l. 1, NS, MP]"
    assert len(second.codings) == 2


def test_the_same_words_in_two_places_are_two_quotes() -> None:
    ana = text("Ana", "No. No.", coded(0, 3, TRUST), coded(4, 7, TRUST))
    assert [quote.text for quote in quotes(framework_matrix(study(ana, codes=[TRUST])))] == ["No.", "No."]


def test_quotes_come_in_the_order_of_sources_and_places() -> None:
    first = text("First", WORDS, coded(20, 34, TRUST), coded(0, 5, TRUST))
    second = text("Second", WORDS, coded(0, 3, TRUST), codings=(coding(TRUST, name="whole"),))
    matrix = framework_matrix(study(first, second, codes=[TRUST], cases=[case("A", second, first)]))
    assert [(quote.source, quote.place, quote.text) for quote in quotes(matrix)] == [
        ("First", "l. 1", "I wai"),
        ("First", "l. 2", "I trusted her."),
        ("Second", "whole source", ""),
        ("Second", "l. 1", "I w"),
    ]


def test_several_quotes_are_paragraphs_with_a_blank_line_between() -> None:
    matrix = framework_matrix(study(text("Ana", WORDS, coded(0, 8, TRUST), coded(20, 33, TRUST)), codes=[TRUST]))
    assert matrix.cells[0, 0].text() == "“I waited” [Ana, l. 1, NS]\n\n“I trusted her” [Ana, l. 2, NS]"


def test_white_space_around_a_quote_is_kept_but_not_shown() -> None:
    (quote,) = quotes(framework_matrix(study(text("Ana", "\r\nNo.\r\n", coded(0, 7, TRUST)), codes=[TRUST])))
    assert quote.text == "\r\nNo.\r\n"
    assert quote.cited() == "“No.” [Ana, l. 1–2, NS]"


def test_a_pdf_quote_that_stands_there_twice_under_one_guid_is_one_quote_with_its_page() -> None:
    """ATLAS.ti writes an area and the words in it, both coded, with one GUID."""
    words = PlainTextSelection(
        guid=guid("twin"), start_position=0, end_position=7, codings=(coding(TRUST, name="of the words"),)
    )
    area = PDFSelection(
        guid=guid("twin").upper(),
        page=3,
        first_x=0,
        first_y=9,
        second_x=9,
        second_y=0,
        codings=(coding(TRUST, name="of the area"),),
    )
    leaflet = PDFSource(
        guid=guid("pdf"),
        name="Leaflet",
        pdf_selections=[area],
        representation=Representation(guid=guid("r"), plain_text_content="Come in.", plain_text_selections=[words]),
    )
    (quote,) = quotes(framework_matrix(study(leaflet, codes=[TRUST])))
    assert quote.cited() == "“Come in” [Leaflet, p. 4, NS]"
    assert set(quote.codings) == {guid("coding of the words"), guid("coding of the area")}


def test_places_without_words_say_where_they_are_and_what_they_were_called() -> None:
    def corner(name: str | None, x: int, description: str | None = None) -> PictureSelection:
        return PictureSelection(
            guid=guid(f"{x}"),
            name=name,
            description=description,
            first_x=x,
            first_y=0,
            second_x=x + 9,
            second_y=9,
            codings=(coding(TRUST, name=str(x)),),
        )

    photo = PictureSource(
        guid=guid("photo"),
        name="Photo",
        picture_selections=[corner("9 × 9", 0), corner("The bench", 20), corner("", 40, "A queue\n")],
    )
    assert [quote.cited() for quote in quotes(framework_matrix(study(photo, codes=[TRUST])))] == [
        "[Photo, area 0,0–9,9, NS]",
        "The bench [Photo, area 20,0–29,9, NS]",
        "A queue [Photo, area 40,0–49,9, NS]",
    ]


def test_recordings_are_quoted_by_time() -> None:
    transcript = Transcript(
        guid=guid("t"),
        plain_text_content="Hello?\nYes.",
        sync_points=[
            SyncPoint(guid=guid("p"), position=0, time_stamp=0),
            SyncPoint(guid=guid("q"), position=6, time_stamp=61_000),
        ],
        transcript_selections=[
            TranscriptSelection(
                guid=guid("e"), from_sync_point=guid("p"), to_sync_point=guid("q"), codings=(coding(TRUST, name="t"),)
            )
        ],
    )
    call = AudioSource(
        guid=guid("call"),
        name="Call",
        audio_selections=[AudioSelection(guid=guid("s"), begin=5000, end=9000, codings=(coding(TRUST, name="a"),))],
        transcripts=[transcript],
    )
    assert [quote.cited() for quote in quotes(framework_matrix(study(call, codes=[TRUST])))] == [
        "“Hello?” [Call, 0:00–1:01, NS]",
        "[Call, 0:05–0:09, NS]",
    ]


def test_a_code_given_to_a_case_itself_says_so() -> None:
    matrix = framework_matrix(study(codes=[TRUST], cases=[case("Ana", TRUST)]), used_only=True)
    assert texts(matrix) == {("Ana", "Trust"): "[the case itself]"}


@pytest.mark.parametrize(
    ("users", "short"),
    [
        ([User(guid="a", name="Nerys Stanway"), User(guid="b", name="Mireille Pagès")], ["NS", "MP"]),
        ([User(guid="a", name="Nerys Stanway"), User(guid="b", name="Nora Smith")], ["Nerys Stanway", "Nora Smith"]),
        ([User(guid="a", name="Gergo"), User(guid="b", id="fs", name="Flora")], ["Gergo", "fs"]),
        ([User(guid="a"), User(guid="b", id="coder-seven")], ["a", "coder-seven"]),
    ],
)
def test_coders_are_named_as_short_as_can_be(users: list[User], short: list[str]) -> None:
    ana = text("Ana", "No. No.", *(coded(4 * at, 4 * at + 3, TRUST, by=user) for at, user in enumerate(users)))
    matrix = framework_matrix(study(ana, codes=[TRUST], users=users))
    assert [quote.coders for quote in quotes(matrix)] == [(name,) for name in short]


# --- what a matrix cannot take in ------------------------------------------------------------------------------------


def test_passages_that_belong_to_no_case_are_told() -> None:
    one, two = ana(), text("Ben", "No. No.", coded(0, 3, TRUST), coded(4, 7, WAITING))
    matrix = framework_matrix(study(one, two, codes=[ACCESS, TRUST], cases=[case("A", one)]))
    (finding,) = matrix.findings
    assert (finding.code, finding.count, finding.where, finding.kind) == ("OUTSIDE-CASES", 2, "Ben", "loss")
    assert finding.message.startswith(f"2 of {2 + len(quotes(matrix))} coded passages ")


def test_of_how_many_is_not_said_where_only_some_coding_counts() -> None:
    one, two = ana(), text("Ben", "No. No.", coded(0, 3, TRUST), coded(4, 7, WAITING))
    matrix = framework_matrix(study(one, two, codes=[ACCESS, TRUST], cases=[case("A", one)]), coders=["NS"])
    assert matrix.findings[0].message.startswith("2 coded passages belong to no case")


def test_a_matrix_that_takes_in_everything_finds_nothing() -> None:
    one = ana()
    assert framework_matrix(study(one, codes=[ACCESS, TRUST], cases=[case("A", one)])).findings == []


def test_a_text_that_is_not_there_is_told_and_the_place_and_the_selections_name_are_shown() -> None:
    gone = TextSource(
        guid=guid("Ana"),
        name="Ana",
        plain_text_path="internal://gone.txt",
        plain_text_selections=[coded(0, 8, TRUST)],
    )
    gone.plain_text_selections[0].name = "I waited"
    matrix = framework_matrix(study(gone, codes=[TRUST]))
    assert texts(matrix) == {("Ana", "Trust"): "I waited [Ana, characters 0–8, NS]"}
    assert [finding.code for finding in matrix.findings] == ["TEXT-MISSING"]


# --- as plain rows ---------------------------------------------------------------------------------------------------


def test_as_plain_rows_it_has_two_headings() -> None:
    age = variable("Age", "Integer")
    interview = ana()
    matrix = framework_matrix(
        study(interview, codes=[ACCESS], cases=[case("A", interview, value(age, integer_value=42))], variables=[age])
    )
    assert matrix.to_rows() == [
        ["", "", "Access", "Access", "Access"],
        ["Case", "Age", "Access", "Waiting times", "Travel"],
        ["A", 42, None, "“I waited six weeks.” [Ana, l. 1, NS]", None],
    ]


def test_a_cell_without_quotes_is_an_empty_text() -> None:
    assert Cell().text() == ""


# --- whatever the study ----------------------------------------------------------------------------------------------


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(studies())
def test_whatever_the_study_its_rows_of_sources_hold_each_coding_once(some: Study) -> None:
    matrix = framework_matrix(some, rows="sources")
    shown = {column.guid for column in matrix.columns}
    expected = [each.coding.guid for each in Lookup(some).references() if each.coding and each.code.guid in shown]
    assert sorted(coding for quote in quotes(matrix) for coding in quote.codings) == sorted(expected)
    for row in matrix.to_rows():
        assert len(row) == 1 + len(matrix.attributes) + len(matrix.columns)


SOURCES = range(4)
PASSAGE = st.tuples(st.sampled_from(SOURCES), st.integers(0, 9), st.integers(1, 9), st.sampled_from([WAITING, TRUST]))


@given(st.lists(PASSAGE, max_size=12), st.lists(st.sets(st.sampled_from(SOURCES)), min_size=1, max_size=4))
def test_with_rows_of_cases_every_coding_is_in_the_rows_it_belongs_to_or_told_of(
    passages: list[tuple[int, int, int, Code]], belongings: list[set[int]]
) -> None:
    marks = [
        (source, coded(start, start + length, each, name=str(number)))
        for number, (source, start, length, each) in enumerate(passages)
    ]
    sources = [text(f"S{at}", "abcdefghijklmnopqrst", *(mark for of, mark in marks if of == at)) for at in SOURCES]
    cases = [case(f"C{at}", *(sources[of] for of in sorted(mine))) for at, mine in enumerate(belongings)]
    matrix = framework_matrix(study(*sources, codes=[ACCESS, TRUST], cases=cases))
    for row, mine in enumerate(belongings):
        expected = sorted(mark.codings[0].guid for of, mark in marks if of in mine)
        cells = [cell for (at, _), cell in matrix.cells.items() if at == row]
        assert sorted(coding for cell in cells for quote in cell.quotes for coding in quote.codings) == expected
    outside = [of for of, _ in marks if not any(of in mine for mine in belongings)]
    assert sum(finding.count for finding in matrix.findings) == len(outside)


def test_a_real_nvivo_file_keeps_all_its_quotes(nvivo_sample: Any) -> None:
    with qda.read(nvivo_sample) as real:
        matrix = qda.framework_matrix(real)
    assert (len(matrix.rows), len(matrix.columns)) == (1, 60)
    assert sum(len(quote.codings) for quote in quotes(matrix)) == 97
    assert all(quote.text for quote in quotes(matrix))
    assert {coder for quote in quotes(matrix) for coder in quote.coders} <= {"Gergo", "floriansipos"}
