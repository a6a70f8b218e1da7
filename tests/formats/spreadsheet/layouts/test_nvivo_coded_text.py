"""What NVivo exports of a code: the quotes come to their places, whatever the program, its language and the format."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qdabridge as qda
from fixtures.layouts import from_demo, nvivo
from qdabridge.errors import CannotRead
from qdabridge.formats.spreadsheet.layouts import layouts, recognised
from qdabridge.formats.spreadsheet.pieces import Coded
from qdabridge.formats.spreadsheet.sheets import TableFile
from qdabridge.study.lookup import Lookup
from tablespecimens import of_program, opened, pieces, specimen, told

LAYOUT = layouts()["nvivo-coded-text"]
TEXTS = [name for name in of_program("nvivo") if name.startswith("nvivo-coded-text.") and ".pdf" not in name]
STEMS = {case["Name"]: case["Interview"] for case in from_demo.cases()}
OTHER = ("Access", "Appointments", "Waiting for a place")
HEAD = "<Files\\\\Ana> - § 1 reference coded  [4.31% Coverage]"


def lines(*said: str, name: str = "Trust.txt", styles: tuple[str, ...] = ()) -> TableFile:
    listed = "\n".join(said).split("\n")
    kind = "document" if styles else "text"
    return TableFile(Path(name), kind, [], listed, list(styles) or [""] * len(listed))


def read(*said: str, name: str = "Trust.txt") -> list[tuple[str, str | None]]:
    """Return source and quote of each reference."""
    return [(row.source, row.quote) for row in LAYOUT.read(lines(*said, name=name)).coded]


@pytest.fixture
def interviews(tmp_path: Path) -> Path:
    """The interviews of the demo study, named as the sources are."""
    folder = tmp_path / "interviews"
    folder.mkdir()
    for case, text in from_demo.interviews().items():
        (folder / f"{STEMS[case]}.txt").write_bytes(text.encode())
    return folder


@pytest.mark.parametrize("name", TEXTS)
def test_every_quote_comes_to_the_place_that_was_coded(tmp_path: Path, interviews: Path, name: str) -> None:
    codes = [nvivo.CODE, OTHER] if name.endswith(".docx") else [nvivo.CODE]
    # Without a title, the file is named after the code.
    untitled = Path(name).stem if "real-files" in name else ""
    expected = {
        (STEMS[each.case], untitled or each.code[-1], each.start, each.end)
        for each in from_demo.coded()
        if each.code in codes
    }
    with qda.read(specimen(name, tmp_path), sources=interviews) as study:
        names = {code.guid: code.name for code in Lookup(study).codes}
        assert expected == {
            (source.name, names[coding.code_ref.target_guid], one.start_position, one.end_position)
            for source in study.project.sources or ()
            for one in source.plain_text_selections  # type: ignore[union-attr]
            for coding in one.codings
        }
        assert [each.code for each in study.findings] == ["TABLE-READ-AS", "TABLE-NOT-CARRIED"]


@pytest.mark.parametrize("name", TEXTS)
def test_every_variant_is_known_by_itself(tmp_path: Path, name: str) -> None:
    layout, seen = recognised(opened(name, tmp_path))
    assert layout is LAYOUT
    assert seen.score > 0.9


@pytest.mark.parametrize(
    ("variant", "code", "folder"),
    [
        ("windows.txt", ("Journeys",), "Interviews"),
        ("mac.txt", ("Journeys",), "Interviews"),
        ("real-files.txt", ("nvivo-coded-text.real-files",), "Round 1\\\\Coast and town"),
    ],
)
def test_code_and_folder_are_read(tmp_path: Path, variant: str, code: tuple[str, ...], folder: str) -> None:
    read = pieces(f"nvivo-coded-text.{variant}", tmp_path)
    assert {row.codes for row in read.coded} == {(code,)}
    assert {row.folder for row in read.coded} == {folder}


def test_a_word_document_may_hold_several_codes(tmp_path: Path) -> None:
    read = pieces("nvivo-coded-text.windows.docx", tmp_path)
    assert [row.path for row in read.codes] == [("Journeys",), OTHER]
    assert [len([row for row in read.coded if row.codes == (path,)]) for path in (("Journeys",), OTHER)] == [9, 5]


def test_a_region_of_a_page_is_no_quote_and_what_is_lost_is_said(tmp_path: Path) -> None:
    read = pieces("nvivo-coded-text.pdf.txt", tmp_path)
    assert read.coded == [
        Coded(at="line 3", source="How to breathe", folder="Leaflets", codes=(("nvivo-coded-text.pdf",),)),
        Coded(
            at="line 7",
            source="How to breathe",
            folder="Leaflets",
            quote="Blow out as if through a straw.",
            codes=(("nvivo-coded-text.pdf",),),
        ),
    ]
    assert [each.where for each in read.found.all()] == [
        "line 3: How to breathe, Page 1 : (136,153) - (502,293)",
        "line 7: How to breathe",
        "nvivo-coded-text.pdf.txt",
    ]
    with qda.read(specimen("nvivo-coded-text.pdf.txt", tmp_path)) as study:
        assert "TABLE-WHOLE-SOURCE" in [each.code for each in study.findings]
        assert len(study.project.sources[0].codings) == 1  # type: ignore[index]


def test_a_time_is_no_quote_unless_words_stand_beside_it() -> None:
    alone = read(HEAD, "", "Reference 1 - 1.00% Coverage", "", "0:00:05.0 - 0:00:12.3")
    within = read(HEAD, "", "Reference 1 - 1.00% Coverage", "", "[0:00:05 - 0:00:12]", "I waited.")
    assert alone == [("Ana", None)]
    assert within == [("Ana", "[0:00:05 - 0:00:12]\nI waited.")]


def test_blank_lines_inside_a_quote_stay_and_those_around_it_go() -> None:
    said = read(HEAD, "", "Reference 1 - 1.00% Coverage", "", "", " One.", "", "Two. ", "", "  ", "")
    assert said == [("Ana", " One.\n\nTwo. ")]


def test_words_that_look_like_a_heading_out_of_turn_are_words() -> None:
    said = read(
        HEAD.replace("§ 1 reference", "§ 2 references"), "", "Reference 1 - 1.00% Coverage", "",
        "I wrote:", "Reference 1 - 5% Coverage", "Interview 2 - 50% done", "",
        "Reference 2 - 1.00% Coverage", "", "Two.",
    )  # fmt: skip
    assert said == [("Ana", "I wrote:\nReference 1 - 5% Coverage\nInterview 2 - 50% done"), ("Ana", "Two.")]


@pytest.mark.parametrize(
    ("head", "reference"),
    [
        ("<Fichiers\\\\Ana> - § 1 référence encodée [4,31 % de couverture]", "Référence 1 - 4,31 % de couverture"),
        ("<Archivos\\\\Ana> - § 1 referencia codificada [Cobertura 4,31%]", "Referencia 1 - Cobertura 4,31%"),
        ("<Files\\\\Ana> - § 1 reference coded", "Reference 1 - 4.31% Coverage"),
        ("Ana - § 1 reference coded [ 4.31% Coverage]", "Reference 1 - 4.31% Coverage"),
        ("<Ana>  -  §1 reference coded  [4.31 % Coverage]", "Reference 1 \u2013 4.31\u00a0% Coverage"),
    ],
)
def test_headings_are_known_by_their_shape(head: str, reference: str) -> None:
    file = lines(head, "", reference, "", "I waited.")
    assert LAYOUT.recognises(file).score > 0.9
    assert [(row.source, row.quote) for row in LAYOUT.read(file).coded] == [("Ana", "I waited.")]


def test_sources_of_one_name_in_different_folders_stay_apart() -> None:
    heads = [
        HEAD.replace("Files\\\\Ana", path)
        for path in ("Files\\\\North\\\\Ana", "Files\\\\South\\\\Ana", "Memos\\\\Ana")
    ]
    said = [each for head in heads for each in (head, "Reference 1 - 1% Coverage", "I waited.")]
    read = LAYOUT.read(lines(*said))
    assert [row.source for row in read.coded] == ["North\\\\Ana", "South\\\\Ana", "Memos\\\\Ana"]
    assert told(read)[0] == ("TABLE-ODD", 3)


def test_a_heading_that_promises_more_than_there_is_is_told() -> None:
    read = LAYOUT.read(lines(HEAD.replace("§ 1 reference", "§ 3 references"), "Reference 2 - 1% Coverage", "I waited."))
    assert [(each.code, each.where) for each in read.found.all()] == [
        ("TABLE-ODD", "line 1: Ana, 1 of 3"),
        ("TABLE-NOT-CARRIED", "Trust.txt"),
    ]


def test_what_stands_between_title_and_references_is_said_to_be_left_out() -> None:
    said = ("Trust", "", "What people rely on.", "", HEAD, "as of May", "Reference 1 - 1% Coverage", "", "I waited.")
    read = LAYOUT.read(lines(*said))
    assert [row.path for row in read.codes] == [("Trust",)]
    assert [each.where for each in read.found.all()] == ["line 3: What people rely on.", "Trust.txt"]
    assert read.found.all()[0].count == 2


def test_the_path_of_a_code_in_the_title_is_its_path() -> None:
    said = ("Nodes\\\\Round 1\\\\Access\\Waiting", HEAD, "Reference 1 - 1% Coverage", "I waited.")
    assert LAYOUT.read(lines(*said)).codes[0].path == ("Access", "Waiting")


def test_a_text_that_only_mentions_such_a_heading_is_none() -> None:
    for said in (
        ["I read <Files\\\\Ana> once."],
        [HEAD, "", "and nothing below"],
        ["Ana: well - § 1 of the act [see 4%]"],
    ):
        assert LAYOUT.recognises(lines(*said)).score == 0
        with pytest.raises(CannotRead, match="This cannot be read as NVivo coded text"):
            LAYOUT.read(lines(*said))


word = st.text(st.characters(categories=["L", "N", "P", "So"], exclude_characters="<>[]§%"), min_size=1, max_size=20)
passage = st.lists(word, min_size=1, max_size=4).map("\n".join)


@given(st.lists(st.lists(passage, min_size=1, max_size=4), min_size=1, max_size=4))
def test_all_that_was_exported_is_read(sources: list[list[str]]) -> None:
    said = ["Trust", ""]
    for number, quotes in enumerate(sources):
        said += [f"<Files\\\\Talk {number}> - § {len(quotes)} references coded  [4.31% Coverage]", ""]
        for at, quote in enumerate(quotes, 1):
            said += [f"Reference {at} - 0.71% Coverage", "", quote, ""]
    expected = [(f"Talk {number}", quote) for number, quotes in enumerate(sources) for quote in quotes]
    assert read(*said) == expected
