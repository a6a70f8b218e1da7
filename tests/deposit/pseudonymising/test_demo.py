"""The demo study with a key of forty entries and a name in every place: nothing of the originals is left."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import qdabridge as qda
from conftest import ROOT
from qdabridge.deposit.pseudonymising import Entry, Key, Matcher, Pseudonymised, pseudonymise
from qdabridge.formats.refi.adapting.draft import copied
from qdabridge.study import model, walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Extensions, ForeignNode
from qdabridge.study.study import Study

DEMO = ROOT / "fixtures" / "demo" / "demo.qdpx"

PEOPLE = {
    "Dilys": "Enfys",
    "Tel": "Bob",
    "Agnieszka": "Krystyna",
    "Aggie": "Krysia",
    "Ravi": "Amit",
    "Naomi": "Esther",
    "Gwen": "Mair",
    "Colm": "Donal",
    "Nahla": "Samira",
    "Bernard": "Wilfred",
    "Kirsty": "Fiona",
    "Nerys Stanway": "Coder A",
    "Nerys": "Coder A",
    "Mireille Pagès": "Coder B",
    "Mireille": "Coder B",
    "Arthur": "Stanley",
    "Penny": "Wendy",
    "Jean": "Elsie",
    "Terence": "Clifford",
    "Joyce": "Edna",
    "Maureen": "Doreen",
    "Brennan": "Doyle",
    "Hanratty": "Keane",
    "Joe": "Pat",
    "Zaid": "Omar",
    "Marguerite Østergård-Øyen": "Rose Jones",
    "Østergård": "Jones",
    "Œdipe": "Rex",
    "Þórdís": "Helga",
    "Σωκράτης": "Πλάτων",
    "Владимир": "Борис",
    "張偉": "李雷",
}
PLACES = {
    "Marlwick": "[town]",
    "Thrawle": "[village]",
    "Fennimore Hall": "[hall]",
    "Fennimore": "[hall]",
    "Staithe": "[street]",
    "Zürich": "[city]",
}
KEY = Key(
    (
        *(Entry(find, new, "person") for find, new in PEOPLE.items()),
        *(Entry(find, new, "place") for find, new in PLACES.items()),
        Entry(r"\b01632\s?96\d{4}\b", "[telephone]", "other", match="regex"),
        Entry("Quarryman", "[role]", "role", match="exact"),
    )
)
"""Forty entries; those that the demo study does not have are put into it."""

STRANGERS = ("Marguerite Østergård-Øyen", "Œdipe", "Þórdís", "Σωκράτης", "Владимир", "張偉", "Zürich", "01632 960123")


def test_the_key_has_forty_entries() -> None:
    assert len(KEY.entries) == 40


@pytest.fixture(scope="module")
def study() -> Iterator[Study]:
    """The demo study with a stranger's name in every place that has a string of its own."""
    with qda.read(DEMO) as demo:
        project = copied(demo.project)
        files = demo.files.copied()
        _plant(project)
        for number, name in enumerate(list(files)):
            if name.endswith(".txt"):
                stored = files.read(name).decode()
                files.put(name, f"{stored}\n{STRANGERS[number % len(STRANGERS)]}".encode())
        files.put("sources/Þórdís & Zürich.txt", "Σωκράτης, ΣΩΚΡΆΤΗΣ".encode("utf-16"))
        yield Study(project, files, form=demo.form)


def _plant(project: model.Project) -> None:
    name = iter(STRANGERS * 1_000)
    for element in (*walk.codes(project), *(project.users or ()), *(project.variables or ()), *(project.cases or ())):
        element.name = f"{element.name} {next(name)}"
        if not isinstance(element, model.User):
            element.description = f"{element.description or ''} {next(name).upper()}"
    for source in (*(project.sources or ()), *(project.notes or ())):
        source.name = f"{source.name} {unicodedata.normalize('NFD', next(name))}"
        source.description = next(name).replace(" ", "\n")
        source.extensions = Extensions(
            attributes={"{urn:other}by": next(name)}, nodes=(ForeignNode(0, f"<!-- {next(name)} -->"),)
        )
        for selection in walk.selections_of(source):
            selection.description = f"{next(name)}'s"
        if isinstance(source, model.FileSource):
            source.current_path = f"absolute:///home/{next(name)}/x"
    for case in project.cases or ():
        for value in case.variable_values:
            if value.text_value is not None:
                value.text_value += f", {next(name)}"
    project.name, project.base_path, project.description = next(name), f"/home/{next(name)}", next(name)
    project.sets = [model.Set(guid=_guid(1), name=next(name), description=next(name))]
    project.links = [model.Link(guid=_guid(2), name=next(name), origin_guid=_guid(1), target_guid=_guid(1))]
    shape = model.Vertex(guid=_guid(3), name=next(name), first_x=0, first_y=0)
    line = model.Edge(guid=_guid(4), name=next(name), source_vertex=_guid(3), target_vertex=_guid(3))
    project.graphs = [model.Graph(guid=_guid(5), name=next(name), vertices=[shape], edges=[line])]


def _guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


@pytest.fixture(scope="module")
def done(study: Study) -> Iterator[Pseudonymised]:
    result = pseudonymise(study, KEY)
    with result.study:
        yield result


@pytest.fixture(scope="module", params=["standard", "same"])
def written(request: pytest.FixtureRequest, done: Pseudonymised, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pseudonymised") / "out.qdpx"
    qda.write(done.study, target, request.param)
    return target


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of every member, of members that are packages themselves too."""
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            stored = archive.read(info)
            yield info.filename, stored
            if zipfile.is_zipfile(io.BytesIO(stored)):
                with zipfile.ZipFile(io.BytesIO(stored)) as inner:
                    yield from ((name, inner.read(name)) for name in inner.namelist())


def test_no_original_is_left_in_the_bytes_of_the_result(written: Path, done: Pseudonymised) -> None:
    unchangeable = {each.file for each in done.untouched}
    assert {name.rpartition(".")[2] for name in unchangeable} == {"png", "pdf", "wav"}
    looked_at = 0
    for name, stored in members(written):
        haystacks = [name]
        if name not in unchangeable:
            haystacks += [stored.decode(codec, "ignore") for codec in ("utf-8", "utf-16-le", "utf-16-be")]
            looked_at += 1
        for haystack in haystacks:
            for form in ("NFC", "NFD"):
                said = unicodedata.normalize(form, haystack).casefold()
                for find in (*PEOPLE, *PLACES, "01632"):
                    wanted = unicodedata.normalize(form, find).casefold()
                    # “Tel” and “Joe” stand in other words; they are looked for as words below.
                    assert len(find) < 4 or find == "Jean" or wanted not in said, (name, find)
    assert looked_at > 15


def test_no_original_is_left_as_a_word_anywhere(written: Path) -> None:
    matcher = Matcher(KEY)
    with qda.read(written) as after:
        said = "\n".join(after.text_of(text) or "" for text in walk.texts(after.project))
        with zipfile.ZipFile(written) as archive:
            said += archive.read("project.qde").decode()
        assert [said[each.start : each.end] for each in matcher.found(said)] == []


def test_the_result_is_valid(done: Pseudonymised, tmp_path: Path) -> None:
    qda.write(done.study, tmp_path / "out.qdpx")
    assert [each for each in qda.check(tmp_path / "out.qdpx") if each.severity == "error"] == []


def test_every_quote_is_the_old_one_with_its_names_replaced(study: Study, done: Pseudonymised) -> None:
    matcher, compared, changed = Matcher(KEY), 0, 0
    pairs = zip(walk.texts(study.project), walk.texts(done.study.project), strict=True)
    for old, new in pairs:
        if isinstance(old, model.Transcript) or isinstance(new, model.Transcript):
            continue
        text, new_text = study.text_of(old) or "", done.study.text_of(new) or ""
        replacing = matcher.replaced(text)
        assert new_text == replacing.new
        for one, other in zip(old.plain_text_selections, new.plain_text_selections, strict=True):
            start, end = replacing.grown(one.start_position, one.end_position)
            quote = new_text[other.start_position : other.end_position]
            assert quote == matcher.text(text[start:end])
            compared += 1
            changed += quote != text[start:end]
    assert compared > 300 and changed > 30


def test_what_belongs_to_whom_is_unchanged(study: Study, done: Pseudonymised) -> None:
    def codings(of: Study) -> list[tuple[str, str, str]]:
        return [
            (each.code.guid, each.coding.guid if each.coding else "", each.user.guid if each.user else "")
            for each in Lookup(of).references()
        ]

    assert codings(done.study) == codings(study)


@pytest.mark.parametrize("unit", ["sources", "paragraphs"])
def test_the_agreement_between_the_coders_is_unchanged(study: Study, done: Pseudonymised, unit: str) -> None:
    before, after = (qda.agree(each, unit=unit, draws=0) for each in (study, done.study))
    assert after.tables.whole == before.tables.whole
    one, other = ([(line.guid, line.counts) for line in each.tables.by_code] for each in (before, after))
    assert one == other
    assert len(qda.disagreements(done.study)) == len(qda.disagreements(study))


def test_the_agreement_in_characters_is_unchanged_where_pseudonyms_are_as_long(study: Study) -> None:
    key = Key(tuple(Entry(find, "X" * len(find)) for find in ("Dilys", "Ravi", "Marlwick", "Arthur", "Naomi")))
    with pseudonymise(study, key).study as after:
        assert qda.agree(after, draws=0).tables.whole == qda.agree(study, draws=0).tables.whole
