"""ATLAS.ti's quotations, codebooks, lists of codes and tables of figures."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import qdabridge as qda
from fixtures.layouts import atlasti
from fixtures.layouts.from_demo import codes, interviews
from qdabridge.cli import main
from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.formats.spreadsheet.pieces import Pieces
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from tables import sheet, table
from tablespecimens import of_program, opened, pieces, specimen, told

QUOTATIONS = [name for name in of_program("atlasti") if name.startswith("atlasti-quotations")]
CODEBOOKS = [name for name in of_program("atlasti") if name.startswith("atlasti-codebook")]
LISTS = [name for name in of_program("atlasti") if name.startswith("atlasti-code-list")]
PATHS = [path for path, _ in codes()]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in atlasti.DOCUMENTS:
        (folder / f"{name}.txt").write_text(interviews()[name], encoding="utf-8", newline="")
    return folder


def read_as(name: str, rows: list[list[object]]) -> Pieces:
    return layouts()[name].read(table(rows))


@pytest.mark.parametrize("name", of_program("atlasti"))
def test_each_table_is_known_for_what_it_is(name: str, tmp_path: Path) -> None:
    assert recognised(opened(name, tmp_path))[0].name == name.split(".")[0]


# --- quotations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUOTATIONS)
def test_every_quotation_has_its_words_its_document_and_its_codes(name: str, tmp_path: Path) -> None:
    read = pieces(name, tmp_path).coded
    assert len(read) == len(atlasti.quotations())
    lossy = "unreadable" in name
    for one, of in zip(read, atlasti.quotations(), strict=True):
        assert one.source == of.document
        assert one.codes == tuple(tuple(code.split(": ")) for code in of.codes)
        assert one.paragraphs == of.paragraphs
        assert one.memo == of.comment
        assert one.quote == (of.words.encode("cp1252", "replace").decode("cp1252") if lossy else of.words)
        assert one.name == ""


@pytest.mark.parametrize("name", QUOTATIONS)
def test_the_study_has_each_quotation_where_it_stands(name: str, tmp_path: Path, texts: Path) -> None:
    with qda.read(specimen(name, tmp_path), sources=texts) as study:
        look = Lookup(study)
        paths = {code.guid: look.names_to(code) for code in walk.codes(study.project)}
        found = {
            (source.name, one.start_position, one.end_position, paths[coding.code_ref.target_guid])
            for source in study.project.sources or ()
            for one in source.plain_text_selections
            for coding in one.codings
        }
        assert found == {
            (of.document, of.start, of.end, tuple(code.split(": "))) for of in atlasti.quotations() for code in of.codes
        }
        assert {source.name for source in study.project.sources or ()} == set(atlasti.DOCUMENTS)


def test_dates_coders_comments_and_document_groups_are_kept(tmp_path: Path) -> None:
    with qda.read(specimen("atlasti-quotations.excel.xlsx", tmp_path)) as study:
        assert [user.name for user in study.project.users or ()] == ["Nerys Stanway", "Mireille Pagès"]
        groups = {each.name: len(each.member_sources) for each in study.project.sets or ()}
        assert groups == {"Patients": 2, "Staff": 1, "Autumn 2023": 1}
        selections = [one for source in study.project.sources or () for one in source.plain_text_selections]
        assert {one.creation_date_time for one in selections} >= {"2024-09-04T08:00:00", "2024-09-16T08:12:00"}
        said = [of.comment for of in atlasti.quotations() if of.comment]
        assert [one.description for one in selections if one.description] == said


def test_what_a_study_cannot_carry_is_named(tmp_path: Path) -> None:
    read = pieces("atlasti-quotations.excel.xlsx", tmp_path)
    lost = [finding.message for finding in read.found.all() if finding.kind == "loss"]
    assert lost == [
        "When a quotation was last changed is not carried.",
        "Who last changed a quotation is not carried.",
        "How many links a quotation has is not carried.",
    ]
    assert told(read)[-1][0] == "TABLE-LEVELS"


def test_the_codebook_on_the_second_sheet_tells_which_commas_belong_to_names(tmp_path: Path) -> None:
    read = pieces("atlasti-quotations.sheet-of-codes.xlsx", tmp_path)
    assert [row.path for row in read.codes] == PATHS
    assert {path for one in read.coded for path in one.codes} <= set(PATHS)
    assert "TABLE-ODD" not in [code for code, _ in told(read)]


HEADINGS = ["Document", "Text Content", "Codes", "Reference"]


def test_codes_with_commas_and_nothing_to_tell_them_by_are_said_to_be_doubtful() -> None:
    read = read_as(
        "atlasti-quotations",
        [HEADINGS, ["Ana", "I waited.", "Costs, time, Trust", "¶ 1"], ["Ana", "Six weeks.", "Trust", "¶ 2"]],
    )
    assert read.coded[0].codes == (("Costs",), ("time",), ("Trust",))
    assert [finding.code for finding in read.found.all()] == ["TABLE-ODD"]


def test_a_name_that_stands_alone_elsewhere_is_taken_whole() -> None:
    read = read_as(
        "atlasti-quotations",
        [
            HEADINGS,
            ["Ana", "I waited.", "Costs, time, Trust"],
            ["Ana", "Ten.", "Trust"],
            ["Ana", "Six.", "Costs, time"],
        ],
    )
    # “Costs, time” alone might be two codes as well, so that it is said.
    assert "TABLE-ODD" in [finding.code for finding in read.found.all()]


@pytest.mark.parametrize(
    ("reference", "paragraphs", "lost"),
    [
        ("¶ 4", (4, 4), 0),
        ("¶ 4 – ¶ 6", (4, 6), 0),
        ("7 - 9", (7, 9), 0),
        ("p. 3", None, 1),
        ("0:00:12", None, 1),
        ("", None, 0),
    ],
)
def test_places_are_paragraphs_or_said_to_be_none(reference: str, paragraphs: object, lost: int) -> None:
    read = read_as("atlasti-quotations", [HEADINGS, ["Ana", "I waited.", "Access", reference]])
    assert read.coded[0].paragraphs == paragraphs
    assert len(read.found.all()) == lost


def test_a_quotation_of_a_picture_codes_its_whole_document() -> None:
    read = read_as("atlasti-quotations", [HEADINGS, ["Map", "", "Access", ""]])
    assert read.coded[0].quote is None


def test_a_name_that_is_the_beginning_of_the_quotation_is_none() -> None:
    headings = [*HEADINGS, "Name"]
    rows = [
        ["Ana", "I waited for six weeks.", "Access", "", "I waited for…"],
        ["Ana", "Why?", "Access", "", "A question"],
    ]
    assert [one.name for one in read_as("atlasti-quotations", [headings, *rows]).coded] == ["", "A question"]


def test_two_quotations_of_the_same_words_stay_two() -> None:
    rows = [["Ana", "Yes.", "Access", "", "1:1"], ["Ana", "Yes.", "Trust", "", "1:2"]]
    read = read_as("atlasti-quotations", [[*HEADINGS, "ID"], *rows])
    assert [one.number for one in read.coded] == ["1:1", "1:2"]


WAYS: list[Callable[[str], str]] = [str.upper, str.title, str.strip, "{} ".format, " {}:".format]


@given(st.randoms(use_true_random=False))
def test_headings_may_stand_in_any_order_and_be_written_in_any_way(choose: random.Random) -> None:
    order = list(range(4))
    choose.shuffle(order)
    headings = [choose.choice(WAYS)(HEADINGS[at]) for at in order]
    row = ["Ana", "I waited for six weeks.", "Access", "¶ 4"]
    file = table([["Quotations 2024"], [], headings, [row[at] for at in order]])
    assert recognised(file)[0].name == "atlasti-quotations"
    (one,) = layouts()["atlasti-quotations"].read(file).coded
    assert (one.source, one.quote, one.codes, one.paragraphs) == ("Ana", row[1], (("Access",),), (4, 4))


def test_the_numbers_of_documents_are_no_part_of_their_names() -> None:
    read = read_as("atlasti-quotations", [HEADINGS, ["D 3: Ana, first visit", "I waited.", "Access"]])
    assert read.coded[0].source == "Ana, first visit"


# --- codebooks and lists of codes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*CODEBOOKS, *LISTS])
def test_every_code_is_on_its_level_with_its_comment(name: str, tmp_path: Path) -> None:
    read = pieces(name, tmp_path)
    assert [row.path for row in read.codes] == PATHS
    if name != "atlasti-code-list.other-language.xlsx":
        assert [row.description for row in read.codes] == [text for _, text in codes()]


def test_a_list_of_codes_without_figures_is_known_by_its_groups() -> None:
    layout, _ = recognised(
        file := table([["Code", "Comment", "Code Groups"], ["Access", "Getting there.", "One\nTwo"]])
    )
    assert layout.name == "atlasti-code-list"
    assert [(row.description, row.groups) for row in layout.read(file).codes] == [("Getting there.", ("One", "Two"))]


@pytest.mark.parametrize("headings", [["Code", "Comment"], ["Code", "Groundedness"]])
def test_a_code_that_excel_took_for_a_number_is_one(headings: list[object]) -> None:
    file = table([headings, ["Access", ""], [2024, ""], [2024.5, ""]])
    layout, _ = recognised(file)
    assert [row.path for row in layout.read(file).codes] == [("Access",), ("2024",), ("2024.5",)]


@pytest.mark.parametrize("name", [*CODEBOOKS[:3], LISTS[0]])
def test_code_groups_become_sets(name: str, tmp_path: Path) -> None:
    with qda.read(specimen(name, tmp_path)) as study:
        names = {code.guid: code.name for code in walk.codes(study.project)}
        sets = {one.name: {names[each.target_guid] for each in one.member_codes} for one in study.project.sets or ()}
        assert sets == {name: set(members) for name, members in atlasti.GROUPS.items()}


def test_a_codebook_and_the_quotations_have_the_same_codes_with_the_same_guids(tmp_path: Path) -> None:
    with qda.read(specimen(CODEBOOKS[0], tmp_path)) as book, qda.read(specimen(QUOTATIONS[0], tmp_path)) as quotes:
        assert {code.guid for code in walk.codes(quotes.project)} < {code.guid for code in walk.codes(book.project)}


def test_a_codebook_may_be_asked_for_without_headings_that_are_known() -> None:
    read = read_as("atlasti-codebook", [["Koodi", "Selite"], ["Access", "Getting there."]])
    assert [(row.path, row.description) for row in read.codes] == [(("Access",), "Getting there.")]


@pytest.mark.parametrize(
    "name", ["atlasti-quotations", "atlasti-codebook", "atlasti-code-list", "atlasti-code-document"]
)
def test_what_is_something_else_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(CannotRead, match=r"This cannot be read as ATLAS\.ti"):
        read_as(name, [[1, 2.5], [3]])


# --- tables of figures -----------------------------------------------------------------------------------------------


def test_a_table_of_codes_and_documents_gives_both_and_says_that_its_figures_are_lost(tmp_path: Path) -> None:
    read = pieces("atlasti-code-document.excel.xlsx", tmp_path)
    assert [row.path for row in read.codes] == [path for path in PATHS if len(path) == 3]
    assert [row.name for row in read.sources] == list(atlasti.DOCUMENTS)
    assert any("how often a code is in a document and not where" in finding.message for finding in read.found.all())


def test_codes_may_stand_across_and_groups_are_said_to_be_left_out(tmp_path: Path) -> None:
    read = pieces("atlasti-code-document.groups.csv", tmp_path)
    assert [row.path for row in read.codes] == [("Access", "Travel and place", "Journeys")]
    assert [row.name for row in read.sources] == ["Agnieszka"]
    assert told(read).count(("TABLE-NOT-CARRIED", 1)) == 3


def test_codes_that_occur_together_are_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "together.xlsx"
    path.write_bytes(atlasti.co_occurrence())
    with pytest.raises(CannotRead, match="how often they do and neither in which quotations nor in which documents"):
        qda.read(path)


def test_a_table_without_bullets_and_numbers_is_said_to_be_doubtful() -> None:
    read = read_as("atlasti-code-document", [["", "Ana\nGr=4"], ["Access\nGr=2", 1]])
    assert [row.path for row in read.codes] == [("Access",)]
    assert any(finding.code == "TABLE-ODD" for finding in read.found.all())


# --- the command -----------------------------------------------------------------------------------------------------


def test_converted_from_the_command_line_nothing_is_wrong(tmp_path: Path, texts: Path) -> None:
    source, target = specimen(QUOTATIONS[0], tmp_path), tmp_path / "out.qdpx"
    done = CliRunner().invoke(main, ["convert", str(source), str(target), "--sources", str(texts)])
    assert done.exit_code == 0, done.output
    assert "ATLAS.ti list of quotations" in " ".join(done.output.split())
    assert CliRunner().invoke(main, ["check", str(target)]).exit_code == 0


def test_a_sheet_beside_the_quotations_is_said_to_be_left_out() -> None:
    rows = [HEADINGS, ["Ana", "I waited.", "Access", "¶ 1"]]
    read = layouts()["atlasti-quotations"].read(table(sheet(rows, "Quotations"), sheet([["Exported today"]], "Info")))
    assert [finding.where for finding in read.found.all()] == ["Info"]
