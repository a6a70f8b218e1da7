"""Taguette's highlights and codebooks."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import qdabridge as qda
from fixtures.layouts import others
from fixtures.layouts.from_demo import codes, interviews
from qdabridge.cli import main
from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.formats.spreadsheet.pieces import Pieces
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from tables import table
from tablespecimens import of_program, opened, pieces, specimen, told

HIGHLIGHTS = [name for name in of_program("taguette") if "highlights" in name]
CODEBOOKS = [name for name in of_program("taguette") if "codebook" in name]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in others.DOCUMENTS:
        (folder / f"{name}.txt").write_text(interviews()[name], encoding="utf-8", newline="")
    return folder


def highlights(*rows: list[object]) -> Pieces:
    return layouts()["taguette-highlights"].read(table([["id", "document", "tag", "content"], *rows]))


@pytest.mark.parametrize("name", of_program("taguette"))
def test_each_table_is_known_for_what_it_is(name: str, tmp_path: Path) -> None:
    assert recognised(opened(name, tmp_path))[0].name == name.split(".")[0]


@pytest.mark.parametrize("name", HIGHLIGHTS)
def test_every_highlight_is_where_it_stands_with_all_its_tags(name: str, tmp_path: Path, texts: Path) -> None:
    with qda.read(specimen(name, tmp_path), sources=texts) as study:
        look = Lookup(study)
        paths = {code.guid: look.names_to(code) for code in walk.codes(study.project)}
        found = [
            (
                source.name,
                one.start_position,
                one.end_position,
                {paths[each.code_ref.target_guid] for each in one.codings},
            )
            for source in study.project.sources or ()
            for one in source.plain_text_selections
        ]
        assert found == [(one.document, one.start, one.end, set(one.tags)) for one in others.highlights()]


@pytest.mark.parametrize("name", HIGHLIGHTS)
def test_rows_of_one_highlight_are_one_passage(name: str, tmp_path: Path) -> None:
    read = pieces(name, tmp_path)
    assert [(one.number, one.quote, one.codes) for one in read.coded] == [
        (str(one.number), one.words, one.tags) for one in others.highlights()
    ]
    assert [code for code, _ in told(read)] == ["TABLE-LEVELS"]


def test_two_highlights_of_the_same_words_stay_two() -> None:
    read = highlights(["1", "Ana", "access", "Yes."], ["2", "Ana", "trust", "Yes."])
    assert [one.codes for one in read.coded] == [(("access",),), (("trust",),)]


def test_two_highlights_of_the_same_words_are_two_passages_of_the_text_made_of_them(tmp_path: Path) -> None:
    path = tmp_path / "highlights.csv"
    path.write_text("id,document,tag,content\r\n1,Ana,access,Yes.\r\n2,Ana,trust,Yes.\r\n", encoding="utf-8")
    with qda.read(path) as study:
        (source,) = study.project.sources or ()
        assert [one.start_position for one in source.plain_text_selections] == [0, 6]


def test_sorted_by_tag_the_rows_of_a_highlight_are_still_one() -> None:
    read = highlights(["1", "Ana", "a", "Yes."], ["2", "Ana", "a", "No."], ["1", "Ana", "b", "Yes."])
    assert [one.codes for one in read.coded] == [(("a",), ("b",)), (("a",),)]


@pytest.mark.parametrize(
    ("tag", "path"),
    [
        ("access.costs", ("access", "costs")),
        ("Dr. Smith", ("Dr. Smith",)),
        ("version 1.2", ("version 1.2",)),
        ("e.g. costs", ("e.g. costs",)),
        ("Zugänge.Übergänge.Orte", ("Zugänge", "Übergänge", "Orte")),
        ("...", ("...",)),
    ],
)
def test_full_stops_between_words_are_levels(tag: str, path: tuple[str, ...]) -> None:
    assert highlights(["1", "Ana", tag, "Yes."]).coded[0].codes == (path,)


def test_a_column_that_somebody_added_is_said_to_be_left_out() -> None:
    file = table([["id", "document", "tag", "content", "mine"], [1, "Ana", "access", "Yes.", "look!"]])
    read = layouts()["taguette-highlights"].read(file)
    assert [(finding.code, finding.where) for finding in read.found.all()] == [("TABLE-NOT-CARRIED", "mine")]


@pytest.mark.parametrize("name", CODEBOOKS)
def test_every_tag_has_its_place_and_its_description(name: str, tmp_path: Path) -> None:
    read = pieces(name, tmp_path)
    assert [(row.path, row.description) for row in read.codes] == list(codes())


def test_a_codebook_and_the_highlights_have_the_same_codes_with_the_same_guids(tmp_path: Path) -> None:
    with qda.read(specimen(CODEBOOKS[0], tmp_path)) as book, qda.read(specimen(HIGHLIGHTS[0], tmp_path)) as found:
        assert {code.guid for code in walk.codes(found.project)} < {code.guid for code in walk.codes(book.project)}


def test_the_tag_above_is_told_by_its_column_where_there_is_one() -> None:
    rows = [["tag", "parent", "description"], ["Dr. Smith", "people", ""], ["v1.2.draft", "v1.2", ""]]
    read = layouts()["taguette-codebook"].read(table(rows))
    assert [row.path for row in read.codes] == [("people", "Dr. Smith"), ("v1.2", "draft")]


@pytest.mark.parametrize("name", ["taguette-highlights", "taguette-codebook"])
def test_what_is_something_else_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(CannotRead, match=r"This cannot be read as Taguette"):
        layouts()[name].read(table([["Name", "Age"], ["Ana", 3]]))


def test_converted_from_the_command_line_nothing_is_wrong(tmp_path: Path, texts: Path) -> None:
    target = tmp_path / "out.qdpx"
    asked = ["convert", str(specimen(HIGHLIGHTS[0], tmp_path)), str(target), "--sources", str(texts)]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    assert CliRunner().invoke(main, ["check", str(target)]).exit_code == 0
