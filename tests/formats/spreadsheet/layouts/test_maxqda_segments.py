"""MAXQDA's coded segments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import qdabridge as qda
from fixtures.layouts import maxqda
from fixtures.layouts.from_demo import interview_of, interviews
from qdabridge.cli import main
from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.formats.spreadsheet.pieces import Pieces
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from tables import sheet, table
from tablespecimens import of_program, opened, pieces, specimen, told

SEGMENTS = layouts()["maxqda-coded-segments"]
IN_WORDS = [
    name for name in of_program("maxqda") if name.startswith("maxqda-coded-segments") and "recordings" not in name
]
ENGLISH = ["Color", "Document group", "Document name", "Code", "Beginning", "End", "Weight score", "Segment"]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in maxqda.PEOPLE:
        (folder / f"{interview_of(name)}.txt").write_text(interviews()[name], encoding="utf-8", newline="")
    return folder


def read(*rows: list[Any], headings: list[str] = ENGLISH) -> Pieces:
    return SEGMENTS.read(table([headings, *rows]))


@pytest.mark.parametrize("name", IN_WORDS)
def test_every_segment_is_where_it_stands_with_its_code(name: str, tmp_path: Path, texts: Path) -> None:
    with qda.read(specimen(name, tmp_path), sources=texts) as study:
        look = Lookup(study)
        paths = {code.guid: look.names_to(code) for code in walk.codes(study.project)}
        found = {
            (source.name, one.start_position, one.end_position, paths[each.code_ref.target_guid])
            for source in study.project.sources or ()
            for one in source.plain_text_selections
            for each in one.codings
        }
        assert found == {(interview_of(one.case), one.start, one.end, one.code) for one in maxqda.segments()}
        assert not [each for each in study.findings if each.code.startswith("QUOTE-")]


@pytest.mark.parametrize("name", IN_WORDS)
def test_every_row_has_its_document_its_group_and_its_paragraphs(name: str, tmp_path: Path) -> None:
    assert [(one.source, one.folder, one.quote, one.codes, one.paragraphs) for one in pieces(name, tmp_path).coded] == [
        (interview_of(one.case), maxqda.group_of(one.case), one.words, (one.code,), maxqda.paragraphs(one))
        for one in maxqda.segments()
    ]


@pytest.mark.parametrize("name", ["maxqda-coded-segments.german.csv", "maxqda-coded-segments.polish.xlsx"])
def test_who_coded_when_and_the_comment_come_with_it(name: str, tmp_path: Path) -> None:
    found = pieces(name, tmp_path).coded
    assert [(one.coder, one.date) for one in found] == [("NS", maxqda.when(number)) for number in range(len(found))]
    assert [at for at, one in enumerate(found) if one.memo == maxqda.COMMENT] == [maxqda.COMMENTED]
    with qda.read(specimen(name, tmp_path)) as study:
        assert [user.name for user in study.project.users or ()] == ["NS"]
        dates = {
            each.creation_date_time
            for source in study.project.sources or ()
            for one in source.plain_text_selections
            for each in one.codings
        }
        assert "2023-12-27T09:03:00" in dates


def test_documents_are_in_their_groups(tmp_path: Path) -> None:
    with qda.read(specimen("maxqda-coded-segments.english.xlsx", tmp_path)) as study:
        names = {source.guid: source.name for source in study.project.sources or ()}
        assert {
            one.name: [names[ref.target_guid] for ref in one.member_sources] for one in study.project.sets or ()
        } == {
            "Patients": ["01 Dilys", "02 Tel"],
            "Staff": ["03 Agnieszka"],
        }


def test_what_is_not_carried_is_said(tmp_path: Path) -> None:
    assert [
        (each.message, each.where) for each in pieces("maxqda-coded-segments.english.xlsx", tmp_path).found.all()
    ] == [
        ("The weight of a coded segment is not carried.", "Weight score"),
        ("The colours of codes are not carried; the table shows them as the colour of a sign.", "Color"),
    ]


def test_a_weight_that_nobody_changed_is_not_spoken_of() -> None:
    assert told(read([None, "", "Ana", "Access", 1, 1, 0, "I waited."])) == []


def test_pictures_and_recordings_are_coded_as_a_whole_and_it_is_said(tmp_path: Path) -> None:
    with qda.read(specimen("maxqda-coded-segments.recordings.xlsx", tmp_path)) as study:
        assert [(source.name, len(source.codings)) for source in study.project.sources or ()] == [
            ("03 Agnieszka", 1),
            ("Poster", 1),
        ]
        codes = [finding.code for finding in study.findings]
    assert "TABLE-WHOLE-SOURCE" in codes


# --- headings --------------------------------------------------------------------------------------------------------


def test_in_another_language_it_is_said_which_column_was_taken_for_what(tmp_path: Path) -> None:
    (odd,) = [
        each for each in pieces("maxqda-coded-segments.finnish.xlsx", tmp_path).found.all() if each.code == "TABLE-ODD"
    ]
    assert "Segmentti = words, Asiakirjan nimi = document, Koodi = code, Asiakirjaryhmä = group" in odd.where


def test_dates_and_coders_are_told_by_their_shape_too() -> None:
    rows = [["Boja", "Jméno", "Kód", "Text", "Kdo", "Kdy", "Kdo naposled", "Kdy naposled"]]
    rows += [
        ["●", f"Rozhovor {number % 3}", "A > B" if number % 2 else "A", "Long words that somebody said once." * 2,
         "Eva", f"2024-03-0{number} 10:00", "Jan", f"2024-04-0{number} 10:00"]
        for number in range(1, 7)
    ]  # fmt: skip
    file = table(rows)
    assert recognised(file)[0] is SEGMENTS
    assert [(one.coder, one.date, one.codes) for one in SEGMENTS.read(file).coded][:2] == [
        ("Eva", "2024-03-01 10:00", (("A", "B"),)),
        ("Eva", "2024-03-02 10:00", (("A",),)),
    ]


@pytest.mark.parametrize(
    "headings",
    [
        ["color", " DOCUMENT GROUP", "Document name:", "code", "beginning", "end", "weight score ", "Segment "],
        ["Colour", "Grupo de documentos", "Nombre del documento", "Código", "Comienzo", "Fin", "Peso", "Segmento"],
    ],
)
def test_headings_in_other_spellings(headings: list[str]) -> None:
    found = read(["●", "G", "Ana", "A > B", 2, 3, 0, "I waited."], headings=headings)
    assert [(one.source, one.folder, one.codes, one.paragraphs) for one in found.coded] == [
        ("Ana", "G", (("A", "B"),), (2, 3))
    ]


def test_titles_blank_rows_other_order_and_columns_of_ones_own() -> None:
    rows = [
        ["Coded segments of May"],
        [],
        ["Segment", "My notes", "Code", "Document name"],
        ["I waited.", "look!", "Access > Waiting", "Ana"],
        [],
        ["And waited.", None, "Access", "Ana"],
    ]
    file = table(rows)
    assert recognised(file)[0] is SEGMENTS
    found = SEGMENTS.read(file)
    assert [(one.at, one.quote, one.codes) for one in found.coded] == [
        ("row 4", "I waited.", (("Access", "Waiting"),)),
        ("row 6", "And waited.", (("Access",),)),
    ]
    assert [each.where for each in found.found.all()] == ["My notes"]


# --- names -----------------------------------------------------------------------------------------------------------


def test_a_sign_that_does_not_part_the_codes_of_this_table_is_part_of_a_name() -> None:
    found = read(
        ["", "", "Ana", "Access > In\\out", 1, 1, 0, "I waited."],
        ["", "", "Ana", "Access > Costs", 1, 1, 0, "I paid."],
    )
    assert [one.codes for one in found.coded] == [(("Access", "In\\out"),), (("Access", "Costs"),)]
    assert told(found) == [("TABLE-ODD", 1)]


def test_an_arrow_without_spaces_is_part_of_a_name() -> None:
    assert read(["", "", "Ana", "Age >50", 1, 1, 0, "I am old."]).coded[0].codes == (("Age >50",),)


def test_documents_of_one_name_in_two_groups_stay_two() -> None:
    found = read(
        ["", "Coder A", "Ana", "Access", 1, 1, 0, "I waited."],
        ["", "Coder B", "Ana", "Access", 1, 1, 0, "I waited."],
    )
    assert [(one.folder, one.source) for one in found.coded] == [
        ("Coder A", "Coder A - Ana"),
        ("Coder B", "Coder B - Ana"),
    ]
    assert told(found) == [("TABLE-ODD", 1)]


def test_paragraphs_choose_among_places_with_the_same_words(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "Ana.txt").write_text("Yes.\n\nNo.\n\nYes.\n", encoding="utf-8")
    path = tmp_path / "segments.csv"
    path.write_text("Document name;Code;Beginning;End;Segment\nAna;Access;5;5;Yes.\n", encoding="utf-8")
    with qda.read(path, sources=tmp_path / "texts") as study:
        (source,) = study.project.sources or ()
        assert [one.start_position for one in source.plain_text_selections] == [11]


def test_what_is_something_else_is_refused_in_one_sentence() -> None:
    with pytest.raises(CannotRead, match="This cannot be read as MAXQDA coded segments"):
        SEGMENTS.read(table([["Name", "Age"], ["Ana", 3]]))


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(CannotRead, match="Two columns have the name “Code”"):
        read(["Ana", "a", "b", "words"], headings=["Document name", "Code", "Code", "Segment"])


def test_sheets_of_something_else_are_said_to_be_left_out() -> None:
    file = table(sheet([ENGLISH, ["", "", "Ana", "Access", 1, 1, 0, "Yes."]], "One"), sheet([["What"], [1]], "Two"))
    assert [(each.code, each.where) for each in SEGMENTS.read(file).found.all()] == [("TABLE-NOT-CARRIED", "Two")]


_NAMES = (
    st.text("abcdeäéß ", min_size=1, max_size=8).map(str.strip).filter(bool).map(lambda name: " ".join(name.split()))
)


@given(st.lists(st.tuples(_NAMES, st.lists(_NAMES, min_size=1, max_size=4), st.text("xyz .", min_size=1)), min_size=1))
def test_whatever_names_there_are_each_row_keeps_its_path_and_words(rows: list[tuple[str, list[str], str]]) -> None:
    found = read(*(["●", "", name, " > ".join(path), 1, 1, 0, f"“{words}”"] for name, path, words in rows))
    assert [(one.source, one.codes[0], one.quote) for one in found.coded] == [
        (name, tuple(path), f"“{words}”") for name, path, words in rows
    ]


def test_converted_from_the_command_line_nothing_is_wrong(tmp_path: Path, texts: Path) -> None:
    target = tmp_path / "out.qdpx"
    asked = ["convert", str(specimen(IN_WORDS[1], tmp_path)), str(target), "--sources", str(texts)]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    assert "The table was read as “MAXQDA coded segments”" in done.output
    checked = CliRunner().invoke(main, ["check", str(target)])
    assert checked.exit_code == 0
    assert "nothing is wrong" in checked.output


def test_the_table_of_recordings_is_known_by_its_headings(tmp_path: Path) -> None:
    assert recognised(opened("maxqda-coded-segments.recordings.xlsx", tmp_path))[0] is SEGMENTS
