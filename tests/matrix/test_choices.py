"""What is in a matrix is chosen: which rows, which columns, whose coding, and what each cell holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from interviews import MIREILLE, NERYS, case, code, coded, coding, guid, study, text, value, variable
from qdabridge.errors import BadRequest, NotInStudy
from qdabridge.matrix import Matrix, Wording, crosstab, framework_matrix
from qdabridge.matrix.wording import shortened
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    CodeRef,
    Note,
    NoteRef,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Set,
    SourceRef,
)
from qdabridge.study.study import Study
from qdabridge.study.summary_writing import chart

LONG_WAIT = code("Long waits")
WAITING = code("Waiting times", LONG_WAIT)
TRAVEL = code("Travel")
ACCESS = code("Access", WAITING, TRAVEL)
TRUST = code("Trust")
AGE, ROLE, MET = variable("Age", "Integer"), variable("Role"), variable("Met", "Date")
WORDS = "I waited six weeks.\nI trusted her."


def at(selection: PlainTextSelection, when: str) -> PlainTextSelection:
    """The same selection, coded at that time."""
    codings = tuple(replace(each, creation_date_time=when) for each in selection.codings)
    return replace(selection, codings=codings)


def two_people(**fields: Any) -> Study:
    ana = text("Ana", WORDS, coded(0, 19, WAITING), coded(20, 34, TRUST))
    ben = text("Ben", WORDS, coded(0, 8, LONG_WAIT, by=MIREILLE), coded(20, 34, TRUST, by=None))
    cases = [
        case("A", ana, value(AGE, integer_value=42), value(ROLE, text_value="Manager")),
        case("B", ben, value(AGE, integer_value=61), value(ROLE, text_value="Nurse"), value(ROLE, text_value="Carer")),
        case("C", value(MET, date_value="2024-05-02")),
    ]
    return study(ana, ben, codes=[ACCESS, TRUST], cases=cases, variables=[AGE, ROLE, MET], **fields)


def rows(matrix: Matrix) -> list[str]:
    return [row.label for row in matrix.rows]


def columns(matrix: Matrix) -> list[str]:
    return [column.name for column in matrix.columns]


def figures(matrix: Matrix, measure: Any) -> dict[tuple[str, str], Any]:
    return {
        (matrix.rows[row].label, matrix.columns[column].name): cell.figures[measure]
        for (row, column), cell in matrix.cells.items()
        if measure in cell.figures
    }


# --- rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ("Role=Manager", ["A"]),
        ("role = manager", ["A"]),
        ("Role=Carer", ["B"]),
        ("Role!=Manager", ["B", "C"]),
        ("Age>42", ["B"]),
        ("Age>=42.0", ["A", "B"]),
        ("Age<61", ["A"]),
        ("Age<=9", []),
        ("Age=042", ["A"]),
        ("Met>=2024-05-02", ["C"]),
        ("Met<2024-05-02", []),
        ("Met=2024-05-02", ["C"]),
    ],
)
def test_cases_are_chosen_by_their_values(condition: str, left: list[str]) -> None:
    assert rows(framework_matrix(two_people(), where=[condition])) == left


def test_several_conditions_all_have_to_hold() -> None:
    matrix = framework_matrix(two_people(), where=["Age>40", "Role!=Manager"])
    assert rows(matrix) == ["B"]
    assert matrix.filters == ["Age > 40", "Role != Manager"]


def test_text_that_looks_like_a_number_is_compared_as_one() -> None:
    shoe = variable("Shoe")
    some = study(text("T", ""), cases=[case("A", value(shoe, text_value="9")), case("B", value(shoe, text_value="40"))])
    some.project.variables = [shoe]
    assert rows(framework_matrix(some, where=["Shoe>9"])) == ["B"]


@pytest.mark.parametrize(
    ("condition", "error", "said"),
    [
        ("Role", BadRequest, "no condition"),
        ("Role>Manager", BadRequest, "neither a number nor a date"),
        ("Shoe=9", NotInStudy, "It has Age, Role, Met."),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused_in_words(condition: str, error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        framework_matrix(two_people(), where=[condition])


def test_a_source_has_the_values_of_its_cases_when_rows_are_sources() -> None:
    assert rows(framework_matrix(two_people(), rows="sources", where=["Role=Manager"])) == ["Ana"]


def test_cases_are_chosen_by_name_and_guid() -> None:
    assert rows(framework_matrix(two_people(), only=["C", guid("case A").upper()])) == ["A", "C"]
    with pytest.raises(NotInStudy, match="no case “Zoe”"):
        framework_matrix(two_people(), only=["Zoe"])


def test_a_variable_has_a_row_for_each_value_with_all_who_have_it() -> None:
    matrix = framework_matrix(two_people(), rows="Role", cells=["count", "cases"])
    assert (matrix.row_kind, rows(matrix), matrix.attributes) == (
        "values",
        ["Carer", "Manager", "Nurse", "(no value)"],
        [],
    )
    assert figures(matrix, "count")["Carer", "Trust"] == figures(matrix, "count")["Nurse", "Trust"] == 1


def test_numbers_as_rows_come_by_size() -> None:
    cases = [case(str(number), value(AGE, integer_value=number)) for number in (9, 100, 20)]
    assert rows(framework_matrix(study(cases=cases, variables=[AGE]), rows="Age")) == ["9", "20", "100"]


def test_conditions_make_a_row_each() -> None:
    matrix = framework_matrix(two_people(), rows=["Age>50", "Age<=50"], cells="count")
    assert rows(matrix) == ["Age > 50", "Age <= 50"]
    assert figures(matrix, "count") == {
        ("Age > 50", "Long waits"): 1,
        ("Age > 50", "Trust"): 1,
        ("Age <= 50", "Waiting times"): 1,
        ("Age <= 50", "Trust"): 1,
    }


def test_a_passage_that_two_cases_share_stands_once_in_the_row_of_both() -> None:
    group = text("Group", WORDS, coded(0, 8, TRUST))
    both = [case(name, group, value(ROLE, text_value="Carer")) for name in "AB"]
    matrix = framework_matrix(
        study(group, codes=[TRUST], cases=both, variables=[ROLE]), rows="Role", cells=["count", "cases", "quotes"]
    )
    assert figures(matrix, "count") == {("Carer", "Trust"): 1}
    assert figures(matrix, "cases") == {("Carer", "Trust"): 2}
    assert len(matrix.cells[0, 0].quotes) == 1


def test_rows_of_coders_hold_what_each_coded_and_what_nobody_signed() -> None:
    matrix = framework_matrix(two_people(), rows="users", cells=["count"])
    assert rows(matrix) == ["Nerys Stanway", "Mireille Pagès", "(not named)"]
    assert figures(matrix, "count") == {
        ("Nerys Stanway", "Waiting times"): 1,
        ("Nerys Stanway", "Trust"): 1,
        ("Mireille Pagès", "Long waits"): 1,
        ("(not named)", "Trust"): 1,
    }


def test_rows_of_coders_hold_also_what_belongs_to_no_case_unless_cases_were_chosen() -> None:
    some = two_people()
    assert some.project.sources is not None
    some.project.sources.append(text("Stray", "No.", coded(0, 3, TRUST)))
    assert figures(framework_matrix(some, rows="users", cells="count"), "count")["Nerys Stanway", "Trust"] == 2
    chosen = framework_matrix(some, rows="users", cells="count", where=["Role=Manager"])
    assert figures(chosen, "count")["Nerys Stanway", "Trust"] == 1


def test_rows_of_nothing_known_are_refused_with_what_there_is() -> None:
    with pytest.raises(BadRequest, match=r"cases, sources, users.*\(Age, Role, Met\)"):
        framework_matrix(two_people(), rows="people")


# --- whose coding ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("called", ["Mireille Pagès", "mireille pagès", "MP", MIREILLE.guid.upper()])
def test_coding_is_chosen_by_coder(called: str) -> None:
    matrix = framework_matrix(two_people(), coders=[called], cells="count")
    assert figures(matrix, "count") == {("B", "Long waits"): 1}
    assert matrix.filters == ["Coded by MP"]


def test_a_coder_who_is_not_there_is_refused() -> None:
    with pytest.raises(NotInStudy, match="It has Nerys Stanway, Mireille Pagès"):
        framework_matrix(two_people(), coders=["Zoe"])


@pytest.mark.parametrize(
    ("since", "until", "left"),
    [
        ("2024-05-02", None, {2, 3}),
        (None, "2024-05-02", {1, 2}),
        ("2024-05-02", "2024-05-02", {2}),
        ("2024-05-02T12:00:00Z", None, {3}),
        ("2024-05-02T11:59:00+02:00", None, {2, 3}),
    ],
)
def test_coding_is_chosen_by_day_and_both_days_count(since: str | None, until: str | None, left: set[int]) -> None:
    moments = ["2024-05-01T23:59:59Z", "2024-05-02T10:00:00Z", "2024-05-03T00:00:00Z"]
    marks = [at(coded(0, number, TRUST), moment) for number, moment in enumerate(moments, 1)]
    matrix = framework_matrix(study(text("T", "abc", *marks), codes=[TRUST]), since=since, until=until)
    assert {len(quote.text) for cell in matrix.cells.values() for quote in cell.quotes} == left


def test_coding_without_a_date_is_left_out_of_a_time_and_told() -> None:
    matrix = framework_matrix(two_people(), since="2024-01-01")
    assert matrix.cells == {}
    assert [(each.code, each.count) for each in matrix.findings] == [("CODING-UNDATED", 4)]


@pytest.mark.parametrize("written", ["yesterday", "2024-02-31", "31.5.2024"])
def test_a_day_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(BadRequest, match="no date"):
        framework_matrix(two_people(), until=written)


# --- columns ---------------------------------------------------------------------------------------------------------


def test_codes_are_chosen_alone_by_set_or_as_leaves() -> None:
    some = two_people(
        sets=[Set(guid=guid("set"), name="Chapter 3", member_codes=(CodeRef(target_guid=TRUST.guid.upper()),))]
    )
    assert columns(framework_matrix(some, only_codes=["Access \\ Waiting times"])) == ["Waiting times"]
    assert columns(framework_matrix(some, code_set="Chapter 3")) == ["Trust"]
    assert columns(framework_matrix(some, leaves=True)) == ["Long waits", "Travel", "Trust"]
    assert columns(framework_matrix(some, codes="Access", leaves=True)) == ["Long waits", "Travel"]
    with pytest.raises(NotInStudy, match="Sets with codes are Chapter 3"):
        framework_matrix(some, code_set="Chapter 4")


def test_a_code_can_hold_what_is_coded_with_the_codes_inside_it() -> None:
    matrix = framework_matrix(two_people(), aggregate=True, cells=["quotes", "count"])
    assert figures(matrix, "count") == {
        ("A", "Access"): 1,
        ("A", "Waiting times"): 1,
        ("A", "Trust"): 1,
        ("B", "Access"): 1,
        ("B", "Waiting times"): 1,
        ("B", "Long waits"): 1,
        ("B", "Trust"): 1,
    }
    (quote,) = matrix.cells[1, 0].quotes
    assert quote.codes == (LONG_WAIT.guid,)
    assert matrix.cells[1, 2].quotes[0].codes == ()
    assert [column.aggregates for column in matrix.columns] == [True, True, False, False, False]


def test_what_is_coded_with_a_code_and_one_inside_it_stands_once_where_they_are_together() -> None:
    both = text("T", WORDS, coded(0, 8, WAITING, LONG_WAIT))
    matrix = framework_matrix(study(both, codes=[ACCESS]), aggregate=True)
    assert [len(cell.quotes) for cell in matrix.cells.values()] == [1, 1, 1]


def test_a_folder_has_a_column_where_it_holds_what_is_inside_it() -> None:
    folder = code("Folder", TRUST, codable=False)
    some = study(text("T", WORDS, coded(0, 8, TRUST)), codes=[folder, code("Empty", code("Nothing"), codable=False)])
    assert columns(framework_matrix(some, aggregate=True)) == ["Folder", "Trust", "Nothing"]
    assert columns(framework_matrix(some, aggregate=True, used_only=True)) == ["Folder", "Trust"]


# --- figures ---------------------------------------------------------------------------------------------------------


def test_figures_count_what_is_coded_twice_once() -> None:
    twice = text("T", "one two three four", coded(0, 7, TRUST), coded(4, 13, TRUST, by=MIREILLE), coded(0, 7, WAITING))
    other = text("U", "one two")
    some = study(twice, other, codes=[ACCESS, TRUST], cases=[case("A", twice, other)])
    asked = ["count", "sources", "cases", "words", "characters", "coverage", "coders", "seconds"]
    cell = framework_matrix(some, cells=asked).cells[0, 4]
    assert cell.figures == {
        "count": 2,
        "sources": 1,
        "cases": 1,
        "words": 3,
        "characters": 13,
        "coverage": 52.0,
        "coders": "NS, MP",
        "seconds": 0.0,
    }


def test_seconds_are_those_of_recordings_and_have_no_coverage() -> None:
    stretches = [
        AudioSelection(guid=guid(str(at)), begin=at, end=at + 2000, codings=(coding(TRUST, name=str(at)),))
        for at in (0, 1000, 9000)
    ]
    call = AudioSource(guid=guid("call"), name="Call", audio_selections=stretches)
    cell = framework_matrix(study(call, codes=[TRUST]), cells=["seconds", "coverage", "words"]).cells[0, 0]
    assert cell.figures == {"seconds": 5.0, "words": 0}


def test_percentages_are_of_the_references_of_the_row_and_of_the_column() -> None:
    ana = text("Ana", WORDS, coded(0, 1, TRUST), coded(1, 2, TRUST), coded(2, 3, TRUST), coded(3, 4, TRAVEL))
    ben = text("Ben", WORDS, coded(0, 1, TRUST))
    matrix = framework_matrix(study(ana, ben, codes=[ACCESS, TRUST]), cells=["row %", "Column%"])
    assert figures(matrix, "row %") == {("Ana", "Travel"): 25.0, ("Ana", "Trust"): 75.0, ("Ben", "Trust"): 100.0}
    assert figures(matrix, "column %") == {("Ana", "Travel"): 100.0, ("Ana", "Trust"): 75.0, ("Ben", "Trust"): 25.0}


def test_figures_have_columns_of_their_own_and_nothing_is_nought() -> None:
    matrix = framework_matrix(two_people(), codes="Trust", only="A", cells=["quotes", "count", "coders"])
    assert matrix.to_rows() == [
        ["", "", "", "", "Trust", "Trust", "Trust"],
        ["Case", "Age", "Role", "Met", "Trust", "Trust: references", "Trust: coders"],
        ["A", 42, "Manager", None, "“I trusted her.” [Ana, l. 2, NS]", 1, "NS"],
    ]
    empty = framework_matrix(two_people(), codes="Trust", only="C", cells=["count"])
    assert empty.to_rows()[1:] == [["Case", "Age", "Role", "Met", "Trust"], ["C", None, None, date(2024, 5, 2), 0]]


def test_every_cell_knows_its_codings_even_where_it_shows_only_a_number() -> None:
    matrix = framework_matrix(two_people(), cells=["count"])
    assert matrix.cells[0, 4].codings == (guid("coding 20-34 Trust"),)
    assert matrix.cells[0, 4].quotes == []


@pytest.mark.parametrize(("cells", "said"), [(["votes"], "cannot hold “votes”"), ([], "hold nothing")])
def test_cells_that_cannot_be_are_refused(cells: list[str], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        framework_matrix(two_people(), cells=cells)


def test_a_choice_that_is_none_is_a_fault_of_the_program() -> None:
    with pytest.raises(TypeError, match="colour"):
        framework_matrix(two_people(), colour="red")  # type: ignore[call-arg]


# --- summaries -------------------------------------------------------------------------------------------------------


def charted() -> Study:
    return chart(
        two_people(),
        {(guid("case A"), TRUST.guid): "She trusts one nurse.", (guid("case C"), TRAVEL.guid): "Not yet asked."},
        by=NERYS,
        when="2024-09-11T09:40:00Z",
    )


def test_a_cell_holds_the_summary_before_its_quotes() -> None:
    matrix = framework_matrix(charted(), cells=["summary", "quotes"])
    assert matrix.holds_summaries
    assert matrix.cells[0, 4].text() == "She trusts one nurse.\n— quotes —\n“I trusted her.” [Ana, l. 2, NS]"
    assert matrix.cells[2, 3].text() == "Not yet asked."
    summary = matrix.cells[2, 3].summary
    assert summary is not None
    assert (summary.author, summary.modified) == ("Nerys Stanway", "2024-09-11T09:40:00Z")
    assert list(matrix.cells) == sorted(matrix.cells)


def test_quotes_alone_show_no_summaries() -> None:
    assert all(cell.summary is None for cell in framework_matrix(charted()).cells.values())


def test_a_code_with_a_summary_is_used() -> None:
    assert "Travel" in columns(framework_matrix(charted(), cells="summary", used_only=True))
    assert "Travel" not in columns(framework_matrix(charted(), used_only=True))


def test_summaries_that_have_no_row_are_told() -> None:
    findings = framework_matrix(charted(), rows="sources", cells=["summary"]).findings
    assert [(each.code, each.count, each.where) for each in findings] == [("SUMMARY-OUTSIDE", 2, "A")]


# --- quotes ----------------------------------------------------------------------------------------------------------


def quoted(*marks: PlainTextSelection, words: str = "one two three four five six", **choices: Any) -> list[str]:
    matrix = framework_matrix(study(text("T", words, *marks), codes=[TRUST]), reference="[{lines}]", **choices)
    return [quote.cited(matrix.wording) for cell in matrix.cells.values() for quote in cell.quotes]


def test_passages_that_overlap_or_touch_become_one_quote_if_asked_for() -> None:
    marks = [coded(0, 7, TRUST), coded(4, 13, TRUST, by=MIREILLE), coded(14, 18, TRUST), coded(24, 27, TRUST)]
    assert quoted(*marks, merge=True) == ["“one two three four” [1]", "“six” [1]"]
    assert len(quoted(*marks)) == 4


def test_a_merged_quote_keeps_every_coding_and_coder() -> None:
    some = study(text("T", "one two", coded(0, 5, TRUST), coded(3, 7, TRUST, by=MIREILLE)), codes=[TRUST])
    (quote,) = framework_matrix(some, merge=True).cells[0, 0].quotes
    assert (quote.text, quote.coders, len(quote.codings)) == ("one two", ("NS", "MP"), 2)


def test_stretches_of_a_recording_are_merged_too() -> None:
    stretches = [
        AudioSelection(guid=guid(str(at)), begin=at, end=at + 2000, codings=(coding(TRUST, name=str(at)),))
        for at in (0, 1000, 9000)
    ]
    call = AudioSource(guid=guid("call"), name="Call", audio_selections=stretches)
    cell = framework_matrix(study(call, codes=[TRUST]), merge=True).cells[0, 0]
    assert [quote.time for quote in cell.quotes] == [(0, 3000), (9000, 11000)]


def test_quotes_come_by_date_if_asked_for_and_those_without_one_last() -> None:
    marks = [coded(0, 3, TRUST), at(coded(4, 7, TRUST), "2024-05-02T00:00:00Z"), at(coded(8, 13, TRUST), "2024-05-01")]
    assert quoted(*marks, order="date") == ["“three” [1]", "“two” [1]", "“one” [1]"]


def test_context_is_whole_words_and_stands_outside_the_quotation_marks() -> None:
    assert quoted(coded(8, 13, TRUST), context=6) == ["(… two) “three” (four …) [1]"]
    assert quoted(coded(0, 3, TRUST), context=100) == ["“one” (two three four five six …) [1]"]


def test_a_quote_is_never_shortened_in_silence_and_stays_whole_behind_it() -> None:
    some = study(text("T", "one two three four", coded(0, 18, TRUST), coded(0, 3, TRUST)), codes=[TRUST])
    matrix = framework_matrix(some, shorten=9)
    assert matrix.to_rows()[2][1] == "“one” [T, l. 1, NS]\n\n“one two […]” [T, l. 1, NS]"
    assert matrix.cells[0, 0].quotes[1].text == "one two three four"
    (finding,) = matrix.findings
    assert (finding.code, finding.count) == ("QUOTE-SHORTENED", 1)
    assert finding.message.startswith("1 of 2 quotes were shortened")


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.integers(1, 70))
def test_a_shortened_text_is_a_beginning_of_the_text_and_says_so(words: str, most: int) -> None:
    short = shortened(words, most)
    if len(words) <= most:
        assert short == words
    else:
        kept, space, sign = short.rpartition(" ")
        assert (space, sign) == (" ", "[…]")
        assert words.startswith(kept)
        assert len(kept) <= most


def test_an_emoji_and_an_accent_are_not_cut_in_two() -> None:
    assert shortened("a 👩\u200d⚕\ufe0f said", 4) == "a […]"
    assert shortened("cafe\u0301s", 4) == "caf […]"


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("[{source}, {place}, {coders}]", "[T, l. 1, NS]"),
        ("({case}, l. {lines}; {date})", "(T, l. 1; 2024-05-02)"),
        ("({case}, p. {page}; {time}; {date})", "(T; 2024-05-02)"),
        ("{source}:{lines}", "T:1"),
        ("{{{source}}}", "{T}"),
        ("Q {page}", ""),
        ("", ""),
    ],
)
def test_a_reference_is_what_the_template_says_without_what_is_not_there(template: str, shown: str) -> None:
    mark = at(coded(0, 3, TRUST), "2024-05-02T10:00:00Z")
    matrix = framework_matrix(study(text("T", "one", mark), codes=[TRUST]), reference=template)
    assert matrix.to_rows()[2][1] == f"“one” {shown}".strip()


@pytest.mark.parametrize("template", ["{code}", "{source", "{}", "{source!r}", "{lines:>9}", "{source.name}", "}"])
def test_a_template_that_cannot_be_is_refused(template: str) -> None:
    with pytest.raises(BadRequest, match=r"template|field"):
        Wording(reference=template)


def test_a_quote_knows_its_date_page_time_and_memo() -> None:
    remark = Note(guid=guid("remark"), plain_text_content="Is this irony?")
    mark = at(coded(0, 3, TRUST), "2024-05-02T10:00:00Z")
    mark = replace(mark, note_refs=(NoteRef(target_guid=remark.guid),), description="Said quietly.")
    (quote,) = framework_matrix(study(text("T", "one", mark), codes=[TRUST], notes=[remark])).cells[0, 0].quotes
    assert (quote.date, quote.page, quote.time) == ("2024-05-02T10:00:00Z", None, None)
    assert quote.memo == "Said quietly.\n\nIs this irony?"


def test_what_is_a_caption_is_not_a_memo_as_well() -> None:
    corner = PictureSelection(
        guid=guid("c"), description="A queue", first_x=0, first_y=0, second_x=9, second_y=9, codings=(coding(TRUST),)
    )
    photo = PictureSource(guid=guid("photo"), name="Photo", picture_selections=[corner])
    (quote,) = framework_matrix(study(photo, codes=[TRUST])).cells[0, 0].quotes
    assert (quote.caption, quote.memo) == ("A queue", "")


# --- what stands behind it -------------------------------------------------------------------------------------------


def test_a_matrix_knows_the_whole_codebook_and_all_cases() -> None:
    matrix = framework_matrix(two_people(), codes="Trust", only="A")
    assert [(each.path, each.level, each.files, each.references) for each in matrix.codebook] == [
        (("Access",), 1, 0, 0),
        (("Access", "Waiting times"), 2, 1, 1),
        (("Access", "Waiting times", "Long waits"), 3, 1, 1),
        (("Access", "Travel"), 2, 0, 0),
        (("Trust",), 1, 2, 2),
    ]
    assert [(each.label, each.sources, each.references) for each in matrix.cases] == [
        ("A", ("Ana",), 2),
        ("B", ("Ben",), 2),
        ("C", (), 0),
    ]


# --- what was asked for in vain --------------------------------------------------------------------------------------


def aged(*ages: int | None) -> Study:
    """A study of one case for each age; ``None`` is a case of whom it is not known."""
    age = variable("Age", "Integer")
    talks = [text(f"T{number}", "No. No.", coded(0, 3, TRUST)) for number in range(len(ages))]
    cases = [
        case(f"C{number}", talk, *([value(age, integer_value=years)] if years is not None else []))
        for number, (talk, years) in enumerate(zip(talks, ages, strict=True))
    ]
    return study(*talks, codes=[TRUST], cases=cases, variables=[age])


def findings(matrix: Matrix) -> list[tuple[str, str, str]]:
    return [(each.code, each.message, each.where) for each in matrix.findings]


def test_conditions_that_no_case_meets_are_named() -> None:
    matrix = framework_matrix(aged(20, 40), where=["Age>50", "Age<90"])
    assert matrix.rows == []
    assert findings(matrix) == [
        ("NO-ROWS", "No case is as was asked for, so the matrix is empty.", "Age > 50 and Age < 90")
    ]


def test_who_meets_none_of_the_conditions_that_make_rows_is_told() -> None:
    found = framework_matrix(aged(20, 60, None, None), rows=["Age>50", "Age<=50"])
    assert [row.label for row in found.rows] == ["Age > 50", "Age <= 50"]
    assert findings(found) == [("NO-CONDITION", "2 of 4 cases meet none of the conditions that were asked for.", "C2")]
    assert findings(crosstab(aged(20, None), ["Age>0"]))[0][1].startswith("1 of 2 cases meets none")
    assert findings(framework_matrix(aged(20, 60), rows=["Age>50", "Age<=50"])) == []


def test_a_time_in_which_nothing_was_coded_is_told() -> None:
    dated = aged(20)
    for selection in dated.project.sources[0].plain_text_selections:
        selection.codings[0].creation_date_time = "2024-05-02T10:00:00Z"
    found = framework_matrix(dated, until="2020-01-01")
    assert [(each.code, each.where) for each in found.findings] == [("NOTHING-CODED", "Coded on or before 2020-01-01")]


def test_a_set_without_codes_makes_no_columns_and_says_so() -> None:
    some = aged(20)
    some.project.sets = [Set(guid=guid("set"), name="Talks", member_sources=(SourceRef(target_guid=guid("T0")),))]
    with pytest.raises(BadRequest, match="set “Talks” has no codes"):
        framework_matrix(some, code_set="Talks")
