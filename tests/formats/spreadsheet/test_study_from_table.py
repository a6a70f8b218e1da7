"""From what a layout read to a study: names become elements, quotes get places, and nothing is lost in silence."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from qdabridge.errors import CannotRead, NotFound
from qdabridge.formats.spreadsheet.pieces import CaseRow, Charted, Coded, CodeRow, Pieces, SourceRow
from qdabridge.formats.spreadsheet.study_from_table import study_from_table
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.study import Study
from qdabridge.study.summaries import summaries_of
from qdabridge.study.values import value_of

WHEN = "2024-09-11T09:40:00Z"
ANA = "I waited … six weeks.\nNobody rang me.\nNobody rang me.\n"


def made(pieces: Pieces, sources: Path | None = None) -> Study:
    return study_from_table(pieces, "table", when=WHEN, sources=sources)


def coded(quote: str | None, *codes: str, source: str = "Ana", **more: Any) -> Coded:
    paths = tuple(tuple(code.split("/")) for code in codes)
    return Coded(at=more.pop("at", "row 2"), source=source, quote=quote, codes=paths, **more)


def quotes(study: Study) -> list[tuple[str, str, str]]:
    """Each coding as source, code and the words it is on."""
    look = Lookup(study)
    names = {code.guid: "/".join(look.names_to(code)) for code in walk.codes(study.project)}
    return [
        (
            source.name or "",
            names[coding.code_ref.target_guid],
            (study.text_of(source) or "")[one.start_position : one.end_position],
        )
        for source in study.project.sources or ()
        for one in source.plain_text_selections
        for coding in one.codings
    ]


def told(study: Study) -> list[str]:
    return [finding.code for finding in study.findings]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "Ana.txt").write_bytes(ANA.encode())
    return folder


# --- quotes ----------------------------------------------------------------------------------------------------------


def test_without_texts_a_text_is_made_of_the_quotes() -> None:
    study = made(Pieces(coded=[coded("I waited.", "Access/Waiting"), coded("No one rang. 😀", "Trust")]))
    assert quotes(study) == [("Ana", "Access/Waiting", "I waited."), ("Ana", "Trust", "No one rang. 😀")]
    assert study.text_of(study.project.sources[0]) == "I waited.\n\nNo one rang. 😀"
    assert told(study) == ["TABLE-TEXT-MADE"]


def test_the_same_quote_again_is_the_same_passage_with_one_more_code() -> None:
    study = made(Pieces(coded=[coded("I waited.", "A"), coded("I waited.", "B"), coded("I waited.", "A", coder="Bo")]))
    (source,) = study.project.sources
    (selection,) = source.plain_text_selections
    assert len(selection.codings) == 3
    assert study.text_of(source) == "I waited."


def test_the_same_words_in_other_paragraphs_are_another_passage() -> None:
    rows = [coded("Yes.", "A", paragraphs=(1, 1)), coded("Yes.", "A", paragraphs=(7, 7))]
    study = made(Pieces(coded=rows))
    assert [one.start_position for one in study.project.sources[0].plain_text_selections] == [0, 6]


def test_quotes_are_located_in_the_texts_at_hand(texts: Path) -> None:
    study = made(
        Pieces(coded=[coded("I waited... six weeks", "Access", coder="Nerys", date="2024-03-01 09:40")]), texts
    )
    assert quotes(study) == [("Ana", "Access", "I waited … six weeks")]
    assert study.text_of(study.project.sources[0]) == ANA
    (coding,) = study.project.sources[0].plain_text_selections[0].codings
    assert coding.creation_date_time == "2024-03-01T09:40:00"
    assert [user.name for user in study.project.users] == ["Nerys"]
    assert told(study) == []


def test_what_is_not_found_is_kept_in_a_text_of_its_own_and_said(texts: Path) -> None:
    rows = [coded("She never said this.", "Access"), coded("Nobody rang me.", "Trust", at="Sheet1, row 3")]
    study = made(Pieces(coded=rows), texts)
    beside = "Ana (quotes without a place)"
    assert quotes(study) == [(beside, "Access", "She never said this."), (beside, "Trust", "Nobody rang me.")]
    missing, several = study.findings
    assert (missing.code, missing.where) == ("QUOTE-NOT-FOUND", "row 2: “She never said this.”")
    assert several.code == "QUOTE-SEVERAL-PLACES"
    assert several.where == "Sheet1, row 3: “Nobody rang me.” (Ana 22–37, Ana 38–53)"


def test_the_paragraph_in_the_table_chooses_the_place(texts: Path) -> None:
    study = made(Pieces(coded=[coded("Nobody rang me.", "Trust", paragraphs=(3, 3))]), texts)
    assert study.project.sources[0].plain_text_selections[0].start_position == 38
    assert told(study) == []


def test_a_quote_that_is_only_similar_is_placed_and_said(texts: Path) -> None:
    (texts / "Bo.txt").write_text("Well, it was in the spring when they finally sent me the letter.", encoding="utf-8")
    study = made(
        Pieces(coded=[coded("it was in spring when they finally sent me the letter", "A", source="Bo")]), texts
    )
    assert quotes(study)[0][2] == "it was in the spring when they finally sent me the letter"
    assert told(study) == ["QUOTE-SIMILAR"]


def test_without_the_name_of_a_source_all_texts_are_looked_at(texts: Path) -> None:
    study = made(Pieces(coded=[coded("six weeks", "Access", source="")]), texts)
    assert quotes(study) == [("Ana", "Access", "six weeks")]


def test_a_source_without_a_text_in_the_folder_is_said(texts: Path) -> None:
    study = made(Pieces(coded=[coded("I did not.", "Access", source="Bo")]), texts)
    assert quotes(study) == [("Bo", "Access", "I did not.")]
    assert told(study) == ["TABLE-SOURCE-MISSING"]


def test_positions_of_the_table_hold_where_the_words_are_there(texts: Path) -> None:
    rows = [coded("Nobody rang me.", "A", start=38, end=53), coded("six weeks", "B", start=0, end=9)]
    study = made(Pieces(coded=rows), texts)
    assert [(one.start_position, one.end_position) for one in study.project.sources[0].plain_text_selections] == [
        (11, 20),
        (38, 53),
    ]


def test_positions_without_the_text_are_said_to_be_lost() -> None:
    study = made(Pieces(coded=[coded("six weeks", "B", start=11, end=20)]))
    assert told(study) == ["TABLE-POSITIONS-LOST", "TABLE-TEXT-MADE"]


def test_a_coding_without_words_is_of_the_whole_source() -> None:
    study = made(Pieces(coded=[coded(None, "Access", source="photo.jpg")]))
    (source,) = study.project.sources
    assert len(source.codings) == 1
    assert told(study) == ["TABLE-WHOLE-SOURCE"]


def test_line_ends_of_a_text_stay_as_they_are_and_word_documents_are_texts_too(tmp_path: Path) -> None:
    from docx import Document

    (tmp_path / "Bo.txt").write_bytes(b"\xff\xfe" + "Yes.\r\nNo, I did.".encode("utf-16-le"))
    document = Document()
    document.add_paragraph("First.")
    document.add_paragraph("I waited 😀 there.")
    document.save(tmp_path / "Cy.docx")
    rows = [coded("No, I did.", "A", source="Bo"), coded("waited 😀", "B", source="CY.docx")]
    study = made(Pieces(coded=rows), tmp_path)
    assert quotes(study) == [("Bo", "A", "No, I did."), ("CY.docx", "B", "waited 😀")]
    assert study.text_of(study.project.sources[0]) == "Yes.\r\nNo, I did."


def test_a_folder_that_is_not_there_or_has_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such folder"):
        made(Pieces(), tmp_path / "nowhere")
    with pytest.raises(CannotRead, match="No text is in this folder"):
        made(Pieces(), tmp_path)


def test_memo_name_and_coder_come_with_the_passage() -> None:
    study = made(Pieces(coded=[coded("I waited.", memo="Long!", name="1:4", coder="Nerys")]))
    (selection,) = study.project.sources[0].plain_text_selections
    assert (selection.description, selection.name, selection.codings) == ("Long!", "1:4", ())
    assert [annotation.text for annotation in Lookup(study).annotations()] == ["Long!"]


# --- codes -----------------------------------------------------------------------------------------------------------


def test_codes_are_a_forest_in_the_order_of_their_rows() -> None:
    rows = [
        CodeRow(at="2", path=("Access", "Waiting"), description="How long.", color="#ff0000", groups=("Care",)),
        CodeRow(at="3", path=("Trust",), is_codable=False),
        CodeRow(at="4", path=("Access",), description="Getting in."),
    ]
    study = made(Pieces(codes=rows))
    access, trust = study.project.code_book.codes
    assert (access.name, access.description, [code.name for code in access.codes]) == (
        "Access",
        "Getting in.",
        ["Waiting"],
    )
    assert (access.codes[0].color, trust.is_codable) == ("#ff0000", False)
    assert [(group.name, len(group.member_codes)) for group in study.project.sets] == [("Care", 1)]


def test_the_same_path_has_the_same_guid_in_every_table() -> None:
    one = made(Pieces(codes=[CodeRow(at="2", path=("Access", "Waiting"))]))
    other = made(Pieces(coded=[coded("I waited.", "Access/Waiting")]))
    assert [code.guid for code in walk.codes(one.project)] == [code.guid for code in walk.codes(other.project)]


# --- cases and values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        ([34, 41.0], "Integer", [34, 41]),
        (["34", "-2"], "Integer", [34, -2]),
        (["007", "12"], "Text", ["007", "12"]),
        ([2.5, 3], "Float", ["2.5", "3"]),
        (["1-5", "20-29"], "Text", ["1-5", "20-29"]),
        (["2024-03-01", date(2024, 3, 2)], "Date", ["2024-03-01", "2024-03-02"]),
        (
            [datetime(2024, 3, 1), datetime(2024, 3, 1, 9, 40)],
            "DateTime",
            ["2024-03-01T00:00:00", "2024-03-01T09:40:00"],
        ),
        (["2024-02-30"], "Text", ["2024-02-30"]),
        ([True, "false"], "Boolean", [True, False]),
        (["Łódź 😀", " é "], "Text", ["Łódź 😀", " é "]),
        ([None, " "], "Text", []),
    ],
)
def test_an_attribute_has_the_type_that_all_its_values_have(cells: list[Any], kind: str, values: list[Any]) -> None:
    rows = [CaseRow(at=str(n), name=f"P{n}", values={"It": cell}) for n, cell in enumerate(cells)]
    study = made(Pieces(attributes=["It"], cases=rows))
    assert study.project.variables[0].type_of_variable == kind
    given = [value for case in study.project.cases for value in case.variable_values]
    fields = ("text_value", "boolean_value", "integer_value", "float_value", "date_value", "date_time_value")
    assert [getattr(value, name) for value in given for name in fields if getattr(value, name) is not None] == values
    assert all(value_of(value) is not None for value in given)


def test_dates_among_other_values_are_said() -> None:
    rows = [
        CaseRow(at="2", name="Ana", values={"Age": date(2024, 5, 1)}),
        CaseRow(at="3", name="Bo", values={"Age": "6-9"}),
    ]
    study = made(Pieces(cases=rows))
    assert told(study) == ["TABLE-DATES-AMONG-VALUES"]
    assert study.project.cases[0].variable_values[0].text_value == "2024-05-01"


def test_a_case_has_its_own_source_and_the_passages_that_are_its() -> None:
    rows = [
        coded("I waited.", "A"),
        coded("I did not.", "A", source="Group", case="Bo"),
        coded("Nor I.", "A", source="Group", case="Cy"),
    ]
    study = made(Pieces(cases=[CaseRow(at="2", name="Ana")], coded=rows))
    ana, bo, cy = study.project.cases
    assert [len(case.source_refs) for case in (ana, bo, cy)] == [1, 0, 0]
    assert [len(case.selection_refs) for case in (ana, bo, cy)] == [0, 1, 1]


def test_two_values_of_one_attribute_are_said() -> None:
    rows = [CaseRow(at="row 2", name="Ana", values={"Age": 34}), CaseRow(at="row 3", name="Ana", values={"Age": 35})]
    study = made(Pieces(cases=rows))
    assert told(study) == ["TABLE-TWO-VALUES"]
    assert study.project.cases[0].variable_values[0].integer_value == 34


def test_sources_have_values_and_folders() -> None:
    study = made(
        Pieces(sources=[SourceRow(at="2", name="Ana", folder="2024", values={"Site": "North"}, memo="By phone.")])
    )
    (source,) = study.project.sources
    assert (source.variable_values[0].text_value, source.description) == ("North", "By phone.")
    assert [(group.name, len(group.member_sources)) for group in study.project.sets] == [("2024", 1)]


# --- summaries -------------------------------------------------------------------------------------------------------


def test_summaries_stand_at_their_case_and_code() -> None:
    rows = [
        Charted(at="B2", case="Ana", code=("Access", "Waiting"), text="Six weeks.\n\nA letter 😀"),
        Charted(at="B3", case="Bo.txt", code=("Trust",), text="None.", of_source=True),
        Charted(at="B4", case="Ana", code=("Access", "Waiting"), text="And more."),
    ]
    study = made(Pieces(charted=rows))
    assert sorted(summary.text for summary in summaries_of(study).values()) == [
        "None.",
        "Six weeks.\n\nA letter 😀\n\nAnd more.",
    ]
    assert [case.name for case in study.project.cases] == ["Ana"]
    assert told(study) == ["TABLE-JOINED"]


def test_the_same_table_gives_the_same_study() -> None:
    def once() -> Study:
        return made(
            Pieces(
                coded=[coded("I waited.", "A", coder="Bo")], charted=[Charted(at="", case="Ana", code=("A",), text="x")]
            )
        )

    assert once().project == once().project


# --- dates -----------------------------------------------------------------------------------------------------------


def dated(*cells: Any) -> tuple[list[str | None], list[str]]:
    study = made(Pieces(coded=[coded(f"Quote {n}.", "A", date=cell) for n, cell in enumerate(cells)]))
    dates = [one.creation_date_time for one in study.project.sources[0].plain_text_selections]
    return dates, [code for code in told(study) if code != "TABLE-TEXT-MADE"]


@pytest.mark.parametrize(
    ("cells", "dates", "codes"),
    [
        (["27.12.2017 09:18:00"], ["2017-12-27T09:18:00"], []),
        (["03/04/2018 9:18 PM", "12/27/2017 12:05 AM"], ["2018-03-04T21:18:00", "2017-12-27T00:05:00"], []),
        (["03/04/2018", "27/12/2017"], ["2018-04-03T00:00:00", "2017-12-27T00:00:00"], []),
        (["03/04/2018"], ["2018-04-03T00:00:00"], ["TABLE-DATE-ORDER"]),
        (
            ["2024-03-01T09:40:11.5+0200", "2024-03-01 09:40Z"],
            ["2024-03-01T09:40:11+02:00", "2024-03-01T09:40:00Z"],
            [],
        ),
        ([datetime(2024, 3, 1, 9, 40, 0, 500), date(2024, 3, 1)], ["2024-03-01T09:40:00", "2024-03-01T00:00:00"], []),
        (["in spring", None, ""], [None, None, None], ["TABLE-DATE"]),
        (["31.02.2024"], [None], ["TABLE-DATE"]),
    ],
)
def test_dates_are_read_in_one_way_for_the_whole_table(cells: list[Any], dates: list[Any], codes: list[str]) -> None:
    assert dated(*cells) == (dates, codes)
