"""Proposing a key: what names somebody is found with little else, and the proposal is a key once it is filled in."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import openpyxl
import pytest
from docx import Document
from PIL import Image
from pypdf import PdfWriter

import qdabridge as qda
from conftest import ROOT
from qdabridge.deposit.pseudonymising import read_key
from qdabridge.deposit.pseudonymising.proposed_key import HEADINGS, write_proposed
from qdabridge.deposit.pseudonymising.scanning import Proposal, scan
from qdabridge.errors import BadRequest, CannotRead
from qdabridge.study.files import Files
from qdabridge.study.model import Case, Project, TextSource, User
from qdabridge.study.study import Study

DEMO = ROOT / "fixtures" / "demo" / "demo.qdpx"
TEXT = """I: And then?
P: Well, I rang Margaret in Cardiff, and Margaret said yes. She lives at CF10 1AA.
Her mail is m.jones@example.org, the telephone +44 29 2018 0180, and her number 943 476 5919.
She was born on 3 May 1951. Look at www.example.org or C:\\Users\\mjones\\notes.txt.
Apples are good. The apples came on Monday."""


def study_of(text: str, files: dict[str, bytes] | None = None) -> Study:
    source = TextSource(guid="s", name="Interview one", plain_text_content=text)
    people = {"users": [User(guid="u", name="Nerys")], "cases": [Case(guid="c", name="P1")]}
    return Study(Project(name="Calls", sources=[source], **people), Files(files or {}))


def proposed(text: str, files: dict[str, bytes] | None = None) -> dict[str, Proposal]:
    return {each.find: each for each in scan(study_of(text, files)).proposals}


def names(text: str) -> set[str]:
    return {each.find for each in scan(study_of(text)).proposals if each.looks == "name"}


def test_a_scan_finds_what_names_somebody_and_little_else() -> None:
    found = {find: (each.looks, each.kind, each.count) for find, each in proposed(TEXT).items()}
    assert found == {
        "Nerys": ("name of a user", "person", 1),
        "P1": ("name of a case", "person", 1),
        "Margaret": ("name", "person", 2),
        "Cardiff": ("name", "place", 1),
        "m.jones@example.org": ("e-mail address", "person", 1),
        "+44 29 2018 0180": ("telephone number", "person", 1),
        "943 476 5919": ("NHS number", "person", 1),
        "3 May 1951": ("date of birth", "person", 1),
        "CF10 1AA": ("postcode", "place", 1),
        "www.example.org": ("web address", "other", 1),
        "mjones": ("user name in a path", "person", 1),
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("and Margaret Smith came", "Margaret Smith"),
        ("I rang Margaret's son", "Margaret"),
        ("Margaret: Yes.\nInterviewer: And?", "Margaret"),
        ("So Margaret said. So I went.", "Margaret"),
        ("“Margaret's late.”", "Margaret"),
        ("with Łukasz and Ő", "Łukasz"),
        ("и Владимир пришёл", "Владимир"),
        ("dear O'Brien", "O'Brien"),
        ("near Stoke upon Trent we", "Stoke upon Trent"),
        ("with Ludwig van der Berg we", "Ludwig van der Berg"),
        ("she likes Will and will go", "Will"),
        ("MARGARET: Yes.\nthen Margaret left", "Margaret"),
        ("at the Coast Breathing Service we met", "Coast Breathing Service"),
    ],
)
def test_names_are_known_by_their_capitals(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "Apples are good. I like apples.",
        "NS: Yeah. Okay. Perhaps. (laughs) Sorry.".replace("NS", "I"),
        "on Monday in February",
        "The NHS and the GP, on TV",
        "I'm here and I've been there",
        "well, thank God I'm here",
        "",
    ],
)
def test_words_of_the_language_are_none(text: str) -> None:
    assert names(text) == set()


def test_of_the_demo_study_people_and_places_are_found_and_little_else() -> None:
    with qda.read(DEMO) as study:
        found = [each.find for each in scan(study).proposals]
    assert set(found) >= {"Dilys", "Nerys Stanway", "Sinéad", "Maureen", "Fennimore Hall", "Upper Thrawle", "Marlwick"}
    assert len(found) < 60


def test_each_has_a_line_around_it_and_what_is_certain_a_pseudonym() -> None:
    found = proposed(TEXT)
    line = "I: And then? P: Well, I rang Margaret in Cardiff, and Margaret said yes. She lives at CF10 …"
    assert found["Margaret"].context == f"text, Interview one: {line}"
    assert (found["943 476 5919"].replace, found["Margaret"].replace) == ("[NHS number]", "")


def test_authors_and_positions_in_files_are_found() -> None:
    picture, pages, word = Image.new("RGB", (4, 4)), PdfWriter(), Document()
    exif = Image.Exif()
    exif[0x013B] = "Gwilym"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 28.0, 53.8), 3: "W", 4: (3.0, 10.0, 44.8)})
    outs = [io.BytesIO() for _ in range(3)]
    picture.save(outs[0], "JPEG", exif=exif)
    pages.add_blank_page(10, 10)
    pages.add_metadata({"/Author": "Þórdís (Óla)"})
    pages.write(outs[1])
    word.core_properties.author = "Bronwen"
    word.save(outs[2])
    named = zip(("sources/a.jpg", "sources/b.pdf", "sources/c.docx"), outs, strict=True)
    scanned = scan(study_of("-", {name: out.getvalue() for name, out in named}))
    authors = {each.find: each.looks for each in scanned.proposals}
    assert authors["Gwilym"] == authors["Þórdís (Óla)"] == "author of a file"
    assert authors["Bronwen"] == "author of a document"
    assert ("sources/a.jpg", "place", "51.48161, -3.17911") in [(p.file, p.what, p.says) for p in scanned.properties]
    assert [(each.code, each.count) for each in scanned.findings] == [("SCAN-PROPERTIES", 3)]


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_proposal_is_a_key_once_it_is_filled_in(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"key{ending}"
    scanned = scan(study_of(TEXT))
    write_proposed(scanned, path)
    if ending == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book["Key"]
        assert [cell.value for cell in sheet[1]] == list(HEADINGS)
        for row in sheet.iter_rows(min_row=2):
            if row[0].value == "Margaret":
                row[1].value = "Rose"
        book.save(path)
    else:
        path.write_text(path.read_text("utf-8-sig").replace("Margaret,,", "Margaret,Rose,", 1), "utf-8")
    key = read_key(path)
    filled = {entry.find: (entry.replace, entry.kind, entry.match) for entry in key.entries}
    assert filled["Margaret"] == ("Rose", "person", "word")
    assert filled["+44 29 2018 0180"] == ("[telephone number]", "person", "word")
    assert filled.keys() == {"Margaret", *(each.find for each in scanned.proposals if each.replace)}
    assert [each.code for each in key.findings] == ["KEY-UNFILLED"]


def test_the_workbook_says_what_is_to_be_done_for_every_column(tmp_path: Path) -> None:
    write_proposed(scan(study_of(TEXT)), tmp_path / "key.xlsx")
    book = openpyxl.load_workbook(tmp_path / "key.xlsx")
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == ["Key", "How to"]
    said = ", ".join(str(row[0].value) for row in book["How to"].iter_rows())
    assert all(heading in said for heading in HEADINGS)


def test_initials_of_a_coder_are_told_from_names_of_users_of_programs() -> None:
    text = "see @nerys_s."
    project = Project(
        name="x",
        users=[User(guid="u", name="Nerys Stanway", id="NS")],
        sources=[TextSource(guid="s", name="y", plain_text_content=text)],
    )
    looks = {each.find: each.looks for each in scan(Study(project)).proposals}
    assert (looks["NS"], looks["@nerys_s"]) == ("initials of a user", "user name")


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_nobody_but_its_owner_can_read_it(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"key{ending}"
    for _ in range(2):
        write_proposed(scan(study_of(TEXT)), path, overwrite=True)
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o644)


def test_one_with_nothing_filled_in_is_no_key(tmp_path: Path) -> None:
    write_proposed(scan(study_of("and Margaret")), tmp_path / "key.xlsx")
    with pytest.raises(CannotRead, match="no row with both"):
        read_key(tmp_path / "key.xlsx")


def test_text_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    source = TextSource(guid="s", name="=HYPERLINK(1)", plain_text_content="and Margaret")
    write_proposed(scan(Study(Project(name="x", sources=[source]))), tmp_path / "key.xlsx")
    for row in openpyxl.load_workbook(tmp_path / "key.xlsx")["Key"].iter_rows():
        assert all(cell.data_type != "f" for cell in row)


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="written as"):
        write_proposed(scan(study_of(TEXT)), tmp_path / "key.docx")


def test_a_model_that_is_installed_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def language(text: str) -> SimpleNamespace:
        at = text.find("nahla")
        ents = [SimpleNamespace(text="nahla", label_="PER", start_char=at, end_char=at + 5)] if at >= 0 else []
        return SimpleNamespace(ents=ents)

    language.pipe_names = ["ner"]  # type: ignore[attr-defined]
    loaded = []
    spacy = ModuleType("spacy")
    stop_words = {"en": {"and", "then"}, "de": {"und"}}
    spacy.util = SimpleNamespace(  # type: ignore[attr-defined]
        get_installed_models=lambda: ["de_core_news_lg", "en_core_web_sm", "en_core_web_md", "xx_ent_wiki_sm"],
        get_lang_class=lambda name: SimpleNamespace(Defaults=SimpleNamespace(stop_words=stop_words[name])),
    )
    spacy.load = lambda name, exclude: loaded.append(name) or language  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spacy", spacy)
    source = TextSource(guid="s", name="Talk", plain_text_path="internal://a.txt")
    study = Study(Project(name="x", sources=[source]), Files({"sources/a.txt": b"and then nahla and then nahla"}))
    scanned = scan(study)
    assert (loaded, scanned.model) == (["en_core_web_md"], "en_core_web_md")
    assert [(each.find, each.kind) for each in scanned.proposals] == [("nahla", "person")]


def test_a_model_that_cannot_be_loaded_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str, exclude: list[str]) -> object:
        raise OSError("[E053] Could not read meta.json")

    spacy = ModuleType("spacy")
    spacy.util = SimpleNamespace(  # type: ignore[attr-defined]
        get_installed_models=lambda: ["en_core_web_sm"],
        get_lang_class=lambda name: SimpleNamespace(Defaults=SimpleNamespace(stop_words=set())),
    )
    spacy.load = load  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spacy", spacy)
    assert not scan(study_of(TEXT)).model
