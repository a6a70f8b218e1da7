"""Looking for what is left of a key: names, parts of names, and names that somebody spelled otherwise."""

from __future__ import annotations

import io

import pytest
from docx import Document

from qdabridge.deposit.pseudonymising import pseudonymise
from qdabridge.deposit.pseudonymising.key import Entry, Key
from qdabridge.deposit.pseudonymising.verifying import Left, verify
from qdabridge.study.files import Files
from qdabridge.study.model import Case, Extensions, ForeignNode, Project, SourceRef, TextSource
from qdabridge.study.study import Study

MARGARET = Entry("Margaret", "Rose", "person", row=2)
CARDIFF = Entry("Cardiff", "[city]", "place", row=3)


def study_of(*texts: str, files: dict[str, bytes] | None = None) -> Study:
    sources = [
        TextSource(guid=f"s{number}", name=f"Talk {number}", plain_text_content=text)
        for number, text in enumerate(texts, 1)
    ]
    return Study(Project(name="Calls", sources=sources), Files(files or {}))


def left_of(study: Study, *entries: Entry) -> list[Left]:
    return list(verify(study, Key(entries)).left)


def told(study: Study, *entries: Entry) -> list[tuple[str, str, int]]:
    return [(each.how, each.word, each.count) for each in left_of(study, *entries)]


def test_after_pseudonymising_nothing_is_left() -> None:
    study = study_of("I rang Margaret in Cardiff.", "MARGARET’s Cardiff")
    with pseudonymise(study, Key((MARGARET, CARDIFF))).study as safe:
        assert told(safe, MARGARET, CARDIFF) == []
    assert told(study, MARGARET, CARDIFF) == [("name", "Margaret", 2), ("name", "Cardiff", 2)]


def test_what_is_left_is_told_with_a_line_around_it() -> None:
    [left] = left_of(study_of("I: And?\nP: Well, I rang Margaret\nin the evening."), MARGARET)
    assert (left.row, left.place, left.where) == (2, "text", "Talk 1")
    assert left.context == "I: And? P: Well, I rang Margaret in the evening."


@pytest.mark.parametrize(
    ("find", "written"),
    [
        ("Margaret", "Margret"),
        ("Dilys", "Dylis"),
        ("Gwen", "Gwyn"),
        ("Kathryn", "Cathryn"),
        ("Agnieszka", "Agneiska"),
        ("Sinead", "Sinéad"),
        ("Владимир", "Владимер"),
    ],
)
def test_a_name_that_somebody_spelled_otherwise_comes_near(find: str, written: str) -> None:
    assert told(study_of(f"There {written} was, and {written}'s dog."), Entry(find, "X", row=2)) == [
        ("near", written, 2)
    ]


@pytest.mark.parametrize(
    ("find", "text"),
    [
        ("Mark", "Dark it was, the dark."),
        ("Dilys", "Daily, and daily again"),
        ("Tel", "Ted came."),
        ("Margaret", "Margarine is not a name."),
        ("Ann", "An apple"),
    ],
)
def test_other_words_do_not(find: str, text: str) -> None:
    assert told(study_of(text), Entry(find, "X", row=2)) == []


def test_one_word_of_a_name_of_two_is_told_and_words_of_the_language_are_not() -> None:
    entry = Entry("Fennimore Hall", "[hall]", "place", row=5)
    study = study_of("At Fennimore there is a hall. The Hall is cold.")
    assert told(study, entry) == [("part", "Fennimore", 1)]


def test_what_the_key_puts_in_is_not_left() -> None:
    study = study_of("Bernard S. came. MARGARET S. did.")
    assert told(study, Entry("Bernard Smith", "Bernard S."), Entry("Margaret", "Margaret S.", row=2)) == []


def test_names_that_are_exchanged_are_said_to_be_unknown() -> None:
    key = Key((Entry("Ann", "Beth", row=2), Entry("Beth", "Ann", row=3)))
    with pseudonymise(study_of("Ann saw Beth."), key).study as safe:
        verified = verify(safe, key)
    assert verified.left == ()
    assert [(each.code, each.count) for each in verified.findings] == [("VERIFY-EXCHANGED", 2)]


def test_a_name_is_looked_for_in_its_scope_alone_even_if_that_has_another_name_now() -> None:
    source = TextSource(guid="s1", name="Margaret, first talk", plain_text_content="Margaret")
    other = TextSource(guid="s2", name="Garden", plain_text_content="a Margaret is a flower")
    cases = [Case(guid="c", name="Margaret", source_refs=(SourceRef(target_guid="s1"),))]
    study = Study(Project(name="Calls", sources=[source, other], cases=cases))
    key = Key((Entry("Margaret", "Rose", scope="Margaret, first talk", row=2), Entry("Margaret", "Rose", scope="c")))
    with pseudonymise(study, key).study as safe:
        assert safe.project.sources[0].name == "Rose, first talk"
        verified = verify(safe, key)
    assert [each for each in verified.left if each.how == "name"] == []
    assert verified.findings == ()


def test_a_scope_that_is_not_there_is_told() -> None:
    verified = verify(study_of("Margaret"), Key((Entry("Margaret", "Rose", scope="Talk 9", row=4),)))
    assert [(each.code, each.where) for each in verified.findings] == [("VERIFY-SCOPE", "row 4")]


def test_it_looks_into_word_documents_other_files_and_what_programs_added() -> None:
    document = Document()
    document.add_paragraph("Ask Margret")
    document.core_properties.author = "Margret Jones"
    out = io.BytesIO()
    document.save(out)
    study = study_of("-", files={"sources/a.docx": out.getvalue(), "sources/Margret.html": b"<p>Margret</p>"})
    study.project.extensions = Extensions(nodes=(ForeignNode(0, "<x by='Margret'>Margret</x>"),))
    assert told(study, MARGARET) == [("near", "Margret", 6)]


def test_what_could_not_be_looked_at_is_told() -> None:
    verified = verify(study_of("-", files={"sources/a.pdf": b"%PDF-1.4 \0"}), Key((MARGARET,)))
    assert [each.code for each in verified.findings] == ["KEY-NOT-FOUND", "UNCHANGEABLE"][1:]
