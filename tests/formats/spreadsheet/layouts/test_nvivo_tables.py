"""NVivo's codebook and coding comparison, and all specimens of NVivo: known by themselves, and a sound study each."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qdabridge as qda
from fixtures.layouts import from_demo, nvivo
from fixtures.layouts.make import SPECIMENS
from qdabridge.cli import main
from qdabridge.errors import CannotRead
from qdabridge.formats.exports import write_codebook
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.formats.spreadsheet.sheets import TableFile
from qdabridge.formats.spreadsheet.study_from_table import study_from_table
from qdabridge.study.lookup import Lookup
from tables import sheet, table
from tablespecimens import of_program, opened, pieces, specimen, told

CODEBOOK = layouts()["nvivo-codebook"]
COMPARISON = layouts()["nvivo-coding-comparison"]


@pytest.mark.parametrize("name", of_program("nvivo"))
def test_every_specimen_is_known_as_what_it_is(tmp_path: Path, name: str) -> None:
    assert recognised(opened(name, tmp_path))[0].name == name.split(".")[0]


@pytest.mark.parametrize("name", of_program("nvivo"))
def test_every_specimen_gives_a_study_in_which_nothing_is_wrong(tmp_path: Path, name: str) -> None:
    with qda.read(specimen(name, tmp_path)) as study:
        qda.write(study, tmp_path / "study.qdpx")
    assert qda.check(tmp_path / "study.qdpx") == []


@pytest.mark.parametrize("name", of_program("nvivo"))
def test_a_specimen_is_the_same_bytes_each_time(name: str) -> None:
    assert SPECIMENS[name]() == SPECIMENS[name]()


def test_the_command_says_what_it_read_and_what_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, study = specimen("nvivo-coded-text.mac.txt", tmp_path), tmp_path / "study.qdpx"
    with pytest.raises(SystemExit) as ended:
        main.main(["convert", str(table), str(study)], prog_name="qdabridge")
    said = capsys.readouterr()
    assert ended.value.code == 0
    assert "The table was read as “NVivo coded text of a code”" in said.out + said.err
    assert "The coverage of sources and references is not carried" in said.out + said.err
    with pytest.raises(SystemExit) as ended:
        main.main(["check", str(study)], prog_name="qdabridge")
    assert ended.value.code == 0
    assert "nothing is wrong" in capsys.readouterr().out


# fmt: off
ODD_CELLS = st.sampled_from([
    None, "", "\n", " ", 0, 1, 2.5, -1, float("inf"), True,
    date(2024, 3, 1), datetime(2024, 3, 1, 9, 40), time(9, 40),
    "A : Access", "B : Access", "C :", "AA : x = y", "1 : Ana", "2 : Ana\nAge = 34\n= 5\nno sign", "3 :",
    "Folder", "Name", "Description", "References", "Code", "File", "Kappa", "Agreement (%)", "Person",
    "Codes", "Codes\\\\Old", "Old\\\\\\", "\\", "Access\\Waiting", "100", "98,5 %", "Unassigned",
    "x" * 400, "_x000D_\n",
])
ODD_LINES = st.sampled_from([
    "", " ", "Journeys", "I waited.", "<>", "§", "\\\\ - § 1 x", "Files\\\\", "<Files\\\\Ana>",
    "<Files\\\\Ana> - § 2 references coded [1% Coverage]", "<\\\\> - § 1 reference coded [1% Coverage]",
    "2 references coded  [4% Coverage]", "Reference 1 - 1% Coverage", "References 2-1 - 1% Coverage",
    "Reference 9 - 1%", "Page 1 : (1,2) - (3,4)", "0:01 - 0:02",
])
# fmt: on
NVIVO = [layout for name, layout in layouts().items() if name.startswith("nvivo-")]


@given(st.lists(st.lists(ODD_CELLS, max_size=10), max_size=6))
def test_no_layout_of_nvivo_stumbles_over_odd_cells(rows: list[list[Any]]) -> None:
    file = table(rows)
    for layout in NVIVO:
        assert 0 <= layout.recognises(file).score <= 1
        try:
            read = layout.read(file)
        except CannotRead:
            continue
        study_from_table(read, "odd", when="2024-09-11T09:40:00Z")


@given(st.lists(ODD_LINES, max_size=12))
def test_no_order_of_lines_makes_the_coded_text_stumble(lines: list[str]) -> None:
    layout = layouts()["nvivo-coded-text"]
    file = TableFile(Path("Trust.txt"), "text", [], lines, [""] * len(lines))
    assert 0 <= layout.recognises(file).score <= 1
    try:
        read = layout.read(file)
    except CannotRead:
        return
    study_from_table(read, "odd", when="2024-09-11T09:40:00Z")


@pytest.mark.parametrize("sign", [" ", "\\", "(", "[", "-", "§ 1 ", "A : ", "1,", "= ", "\u00a0"])
def test_long_lines_and_cells_take_no_time(sign: str) -> None:
    long = sign * (32_000 // len(sign))
    begun = perf_counter()
    for start in ("", "<Files\\\\", "§ 1 x", "1 : Ana\n", "A : ", "Reference 1 - ", "Ana = "):
        text = start + long
        file = TableFile(Path("x.txt"), "text", [sheet([["", text], [text, text]])], [text, text], ["", ""])
        for layout in NVIVO:
            layout.recognises(file)
            with suppress(CannotRead):
                layout.read(file)
    assert perf_counter() - begun < 2


# --- codebook --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", ["windows", "counts", "german"])
def test_a_codebook_gives_the_tree_with_its_descriptions(tmp_path: Path, variant: str) -> None:
    with qda.read(specimen(f"nvivo-codebook.{variant}.xlsx", tmp_path)) as study:
        look = Lookup(study)
        read = {look.names_to(code): code.description for code in look.codes}
    assert [(path, read[path]) for path, _ in from_demo.codes()] == list(from_demo.codes())


def test_a_folder_of_codes_is_a_set_and_no_code(tmp_path: Path) -> None:
    with qda.read(specimen("nvivo-codebook.windows.xlsx", tmp_path)) as study:
        look = Lookup(study)
        (folder,) = study.project.sets or ()
        assert folder.name == "Second round"
        assert [look.code(each.target_guid).name for each in folder.member_codes] == ["Weather", "Wind"]  # type: ignore[union-attr]
        assert not any(code.name == "Second round" for code in look.codes)


def test_how_much_is_coded_is_said_not_to_be_carried(tmp_path: Path) -> None:
    assert told(pieces("nvivo-codebook.counts.xlsx", tmp_path)) == [("TABLE-NOT-CARRIED", 1)]


def test_codes_of_one_name_in_two_folders_stay_two_codes() -> None:
    rows = [["Folder", "Name", "Description"], ["Codes", "Trust", "a"], ["Codes\\\\Old", "Trust", "b"]]
    read = CODEBOOK.read(table(rows))
    assert [(row.path, row.description) for row in read.codes] == [
        (("Trust",), "a"),
        (("Old",), ""),
        (("Old", "Trust"), "b"),
    ]
    assert told(read) == [("TABLE-ODD", 1)]


@pytest.mark.parametrize(
    "headings",
    [
        [" folder ", "NAME:", "Description"],
        ["Dossier", "Nom", "Description"],
        ["Carpeta", "Nombre", "Descripción"],
        ["Kansio", "Nimi", "Kuvaus"],
    ],
)
def test_headings_in_other_spellings_and_languages(headings: list[str]) -> None:
    rows = [headings, ["Codes", "Access", "Getting in."], ["Codes", "Access\\Waiting", None]]
    file = table(sheet(rows, "Codebook"))
    assert recognised(file)[0] is CODEBOOK
    read = CODEBOOK.read(file)
    assert [(row.path, row.description) for row in read.codes] == [
        (("Access",), "Getting in."),
        (("Access", "Waiting"), ""),
    ]


def test_other_order_blank_rows_and_columns_of_ones_own() -> None:
    rows = [
        ["Codebook of May"],
        [],
        ["Description", "Notes", "Name", "Folder"],
        ["What.", "mine", "Access", "Codes"],
        [],
    ]
    read = CODEBOOK.read(table(rows))
    assert [(row.path, row.description) for row in read.codes] == [(("Access",), "What.")]
    assert [each.where for each in read.found.all()] == ["row 3: Notes"]


def test_the_codebook_in_word_has_a_table_for_each_folder_and_no_levels() -> None:
    heading = ["Name", "Description", "Files", "References"]
    file = table(sheet([heading, ["Access", "Getting in.", "3", "9"]]), sheet([heading, ["Weather", "", "1", "1"]]))
    assert recognised(file)[0] is CODEBOOK
    read = CODEBOOK.read(file)
    assert [row.path for row in read.codes] == [("Access",), ("Weather",)]
    assert ("TABLE-ODD", 1) in told(read)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".docx"])
def test_a_codebook_written_for_nvivo_is_read_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"codebook{suffix}"
    with qda.read(specimen("nvivo-codebook.windows.xlsx", tmp_path)) as study:
        before = {Lookup(study).names_to(code): code.description for code in Lookup(study).codes}
        write_codebook(study, path, layout="nvivo")
    with qda.read(path) as study:
        assert study.findings[0].message.startswith("The table was read as “NVivo codebook”")
        assert {Lookup(study).names_to(code): code.description for code in Lookup(study).codes} == before


def test_two_columns_of_a_name_and_a_description_are_no_codebook_of_nvivo() -> None:
    file = table([["Name", "Description"], ["Access", "Getting in."]])
    assert CODEBOOK.recognises(file).score == 0
    with pytest.raises(CannotRead, match="This cannot be read as NVivo codebook"):
        CODEBOOK.read(file)


# --- coding comparison -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", ["windows", "german"])
def test_a_comparison_gives_codes_and_sources_in_folders(tmp_path: Path, variant: str) -> None:
    read = pieces(f"nvivo-coding-comparison.{variant}.xlsx", tmp_path)
    assert [row.path for row in read.codes] == [nvivo.CODE, ("Waiting for a place",)]
    assert [(row.name, row.folder) for row in read.sources] == [
        (case["Interview"], "Interviews") for case in from_demo.cases()
    ]
    assert told(read) == [("TABLE-NOT-CARRIED", 1)]


def test_figures_that_do_not_add_up_make_no_comparison() -> None:
    heading = ["Koodi", "Tiedosto", "K", "a", "b", "c", "d", "e", "f"]
    sound = ["Access", "Ana", 0.8, "98,5 %", "4,25 %", "94,25 %", "1,5 %", "1,25 %", "0,25 %"]
    assert recognised(table([heading, sound]))[0] is COMPARISON
    wrong = [*sound[:4], "14,25 %", *sound[5:]]
    assert COMPARISON.recognises(table([heading, wrong])).score == 0
    with pytest.raises(CannotRead, match="This cannot be read as NVivo coding comparison"):
        COMPARISON.read(table([heading, wrong]))


def test_a_row_without_a_code_is_said_to_be_left_out() -> None:
    heading = ["Node", "Source", "Kappa", "Agreement (%)"]
    read = COMPARISON.read(table([heading, ["Access", "Internals\\\\Round 1\\\\Ana", 1, 100], ["", "Average", 1, 100]]))
    assert [(row.name, row.folder) for row in read.sources] == [("Ana", "Round 1")]
    assert told(read) == [("TABLE-NOT-CARRIED", 1), ("TABLE-NOT-CARRIED", 1)]
