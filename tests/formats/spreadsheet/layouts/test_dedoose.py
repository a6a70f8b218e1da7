"""Dedoose's excerpts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import qdabridge as qda
from fixtures.layouts import dedoose
from fixtures.layouts.from_demo import cases, interview_of, interviews
from qdabridge.cli import main
from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.formats.spreadsheet.pieces import Pieces
from qdabridge.formats.spreadsheet.study_from_table import study_from_table
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from tables import sheet, table
from tablespecimens import of_program, opened, pieces, specimen, told

EXCERPTS = layouts()["dedoose-excerpts"]
FULL = ["dedoose-excerpts.excel.xlsx", "dedoose-excerpts.csv.csv"]
HEADINGS = ["Media Title", "Excerpt Range", "Excerpt Date", "Excerpt Copy", "Code: A\\B Applied", "Code: A Applied"]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in dedoose.PEOPLE:
        (folder / f"{interview_of(name)}.txt").write_text(interviews()[name], encoding="utf-8", newline="")
    return folder


def read(*rows: list[Any], headings: list[str] = HEADINGS) -> Pieces:
    return EXCERPTS.read(table([headings, *rows]))


@pytest.mark.parametrize("name", of_program("dedoose"))
def test_every_specimen_is_known_as_what_it_is(name: str, tmp_path: Path) -> None:
    assert recognised(opened(name, tmp_path))[0] is EXCERPTS


@pytest.mark.parametrize("name", FULL)
def test_every_excerpt_is_where_it_stands_with_all_its_codes(name: str, tmp_path: Path, texts: Path) -> None:
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
        assert found == [(one.medium, one.start, one.end, set(one.codes)) for one in dedoose.excerpts()]
        assert not [each for each in study.findings if each.code.startswith("QUOTE-")]


@pytest.mark.parametrize("name", FULL)
def test_coders_and_dates_with_the_month_first(name: str, tmp_path: Path) -> None:
    assert [(one.coder, one.date) for one in pieces(name, tmp_path).coded] == [
        ("NS", date(*dedoose.day(number))) for number in range(len(dedoose.excerpts()))
    ]


@pytest.mark.parametrize("name", FULL)
def test_descriptors_are_attributes_of_the_sources(name: str, tmp_path: Path) -> None:
    found = pieces(name, tmp_path)
    assert found.attributes == list(dedoose.DESCRIPTORS)
    assert [(row.name, tuple(map(str, row.values.values()))) for row in found.sources] == [
        (f"{case['Interview']}.txt", tuple(case[name] for name in dedoose.DESCRIPTORS))
        for case in cases()
        if case["Name"] in dedoose.PEOPLE
    ]


@pytest.mark.parametrize("name", FULL)
def test_weights_and_who_added_a_medium_are_said_not_to_be_carried(name: str, tmp_path: Path) -> None:
    path = "\\".join(dedoose.excerpts()[dedoose.WEIGHTED].codes[0])
    assert [(each.message, each.where, each.count) for each in pieces(name, tmp_path).found.all()] == [
        ("The weight of a code is not carried.", f"Code: {path} Weight", 1),
        ("Who added a medium, and when, is not carried.", "Resource Creator", 2),
    ]


def test_without_columns_of_codes_the_names_in_one_cell_are_taken_and_it_is_said(tmp_path: Path) -> None:
    found = pieces("dedoose-excerpts.combined.csv", tmp_path)
    assert [one.codes for one in found.coded] == [((one.codes[0][-1].replace(",", ""),),) for one in dedoose.excerpts()]
    assert told(found) == [("TABLE-ODD", len(dedoose.excerpts()))]


def test_every_specimen_gives_a_study_in_which_nothing_is_wrong(tmp_path: Path) -> None:
    for name in of_program("dedoose"):
        with qda.read(specimen(name, tmp_path)) as study:
            qda.write(study, tmp_path / f"{name}.qdpx")
        assert qda.check(tmp_path / f"{name}.qdpx") == []


@pytest.mark.parametrize("said", [True, "True", "TRUE", "true", 1, 1.0])
def test_true_is_written_in_many_ways(said: object) -> None:
    assert read(["Ana", "", None, "Yes.", said, False]).coded[0].codes == (("A", "B"),)


@pytest.mark.parametrize("said", [False, "False", 0, None, "", "0"])
def test_what_is_not_true_is_no_code(said: object) -> None:
    found = read(["Ana", "", None, "Yes.", said, said])
    assert found.coded[0].codes == ()
    assert [row.path for row in found.codes] == [("A", "B"), ("A",)]


def test_a_day_beyond_twelve_in_front_makes_all_dates_what_they_look_like() -> None:
    found = read(["Ana", "", "2/1/2024", "Yes.", True], ["Ana", "", "13/1/2024", "No.", True])
    assert [one.date for one in found.coded] == ["2/1/2024", "13/1/2024"]


def test_a_range_that_is_no_range_of_characters_is_said_not_to_be_carried() -> None:
    found = read(["Ana", "Page 2: 10-20", None, "Yes.", True], ["Ana", "00:01 - 00:12", None, "No.", True])
    assert [(one.start, one.end) for one in found.coded] == [(None, None)] * 2
    assert told(found) == [("TABLE-NOT-CARRIED", 2)]


def test_a_range_that_does_not_hold_the_words_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "Ana.txt").write_text("Well, I waited.", encoding="utf-8")
    path = tmp_path / "excerpts.csv"
    path.write_text(
        "Media Title,Excerpt Range,Excerpt Copy,Code: A Applied\nAna,0-9,I waited.,True\n", encoding="utf-8"
    )
    with qda.read(path, sources=tmp_path / "texts") as study:
        (source,) = study.project.sources or ()
        assert [(one.start_position, one.end_position) for one in source.plain_text_selections] == [(6, 15)]


def test_a_field_with_several_values_for_one_medium_is_said_to_be_left_out() -> None:
    headings = ["Media Title", "Excerpt Copy", "Code: A Applied", "Age", "Site"]
    found = read(["Ana", "Yes.", True, 34, "N"], ["Ana", "No.", True, 35, "N"], headings=headings)
    assert [row.values for row in found.sources] == [{"Site": "N"}]
    assert [each.where for each in found.found.all()] == ["Age"]


def test_the_order_of_columns_does_not_matter() -> None:
    headings = ["Code: A\\B Applied", "excerpt copy", "Site", "MEDIA TITLE"]
    file = table([["Excerpts of May"], [], headings, ["True", "Yes.", "N", "Ana"]])
    assert recognised(file)[0] is EXCERPTS
    assert [(one.source, one.quote, one.codes) for one in EXCERPTS.read(file).coded] == [("Ana", "Yes.", (("A", "B"),))]


def test_what_is_something_else_is_refused_and_other_sheets_are_said_to_be_left_out() -> None:
    with pytest.raises(CannotRead, match="This cannot be read as Dedoose excerpts"):
        EXCERPTS.read(table([["Name", "Age"], ["Ana", 3]]))
    file = table(sheet([HEADINGS, ["Ana", "", None, "Yes.", True]], "One"), sheet([["x"], [1]], "Two"))
    assert [each.where for each in EXCERPTS.read(file).found.all()] == ["Two"]


_NAMES = st.text("abcä ,", min_size=1, max_size=8).map(lambda name: " ".join(name.split())).filter(bool)


@given(st.lists(st.lists(_NAMES, min_size=1, max_size=3).map(tuple), min_size=1, max_size=6, unique=True), st.data())
def test_whatever_the_codes_are_called_those_that_are_applied_are_on_it(
    paths: list[tuple[str, ...]], data: st.DataObject
) -> None:
    applied = [data.draw(st.booleans()) for _ in paths]
    headings = ["Media Title", "Excerpt Copy", *("Code: {} Applied".format("\\".join(path)) for path in paths)]
    found = read(["Ana", "Yes.", *map(str, applied)], headings=headings)
    assert found.coded[0].codes == tuple(path for path, on in zip(paths, applied, strict=True) if on)


# fmt: off
ODD_CELLS = st.sampled_from([
    None, "", " ", "\\", 0, 1, True, False, float("inf"), date(2024, 3, 1), "13/13/2024", "2/30/2024", "1-0", "0-99999",
    "Media Title", "Excerpt Copy", "Excerpt Range", "Excerpt Date", "Codes Applied Combined", "Code: A Applied",
    "Code: \\ Applied", "Code: A Weight", "Code:  Applied", "Ana", "Age", "a, b,,", "x" * 400,
])
# fmt: on


@given(st.lists(st.lists(ODD_CELLS, max_size=9), max_size=5))
def test_nothing_makes_it_stumble(rows: list[list[Any]]) -> None:
    file = table([["Media Title", "Excerpt Copy", "Code: A Applied"], *rows] if len(rows) % 2 else rows)
    assert 0 <= EXCERPTS.recognises(file).score <= 1
    try:
        found = EXCERPTS.read(file)
    except CannotRead:
        return
    study_from_table(found, "odd", when="2024-09-11T09:40:00Z").close()


@pytest.mark.parametrize("sign", [" ", "\\", "1/", "-", ", ", "\u00a0"])
def test_long_headings_and_cells_take_no_time(sign: str) -> None:
    long = sign * (32_000 // len(sign))
    begun = perf_counter()
    read(
        ["Ana", f"1{long}2", f"1{long}x", long, long],
        headings=["Media Title", "Excerpt Range", "Excerpt Date", "Excerpt Copy", f"Code: a{long}x"],
    )
    read(["Ana", "Yes.", f"a{long}b"], headings=["Media Title", "Excerpt Copy", "Codes Applied Combined"])
    assert perf_counter() - begun < 2


def test_converted_from_the_command_line_nothing_is_wrong(tmp_path: Path, texts: Path) -> None:
    target = tmp_path / "out.qdpx"
    asked = ["convert", str(specimen(FULL[0], tmp_path)), str(target), "--sources", str(texts)]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    assert CliRunner().invoke(main, ["check", str(target)]).exit_code == 0
