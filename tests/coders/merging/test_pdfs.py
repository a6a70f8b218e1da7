"""Copies of a study with PDFs: their areas, and the text of the PDF and of each area, which may be edited."""

from __future__ import annotations

from collections.abc import Callable

from interviews import MIREILLE, NERYS, code, coded, coding, guid, study
from qdabridge.coders.merging import Merged, merge
from qdabridge.study.files import Files
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import PDFSelection, PDFSource, Representation, User
from qdabridge.study.study import Study

WAITING, PHONE = code("Waiting"), code("Phone")
WORDS = "Waiting takes four hours. Nobody rings. The leaflet says otherwise on every page."
MENDED = "Please note: waiting takes four hours. Nobody rings. The leaflet says otherwise on every page."
PAGE = "The leaflet says otherwise."


def leaflet(
    words: str | None, *passages: str, by: User = NERYS, areas: tuple[PDFSelection, ...] = (), name: str = "Leaflet"
) -> Study:
    """A study of one PDF whose text is coded wherever these passages stand in it."""
    source = PDFSource(guid=guid(name), name=name, path="internal://leaflet.pdf", pdf_selections=list(areas))
    if words is not None:
        source.representation = Representation(
            guid=guid("text of the leaflet"),
            plain_text_content=words,
            plain_text_selections=[
                coded(words.index(each), words.index(each) + len(each), WAITING, by=by, name=f"{each} {by.name}")
                for each in passages
            ],
        )
    files = Files()
    files.put("leaflet.pdf", b"%PDF-1.7 leaflet")
    return study(source, codes=[WAITING, PHONE], files=files)


def area(left: int, words: str | None = None, *, by: User = NERYS, passage: str = "") -> PDFSelection:
    made = PDFSelection(
        guid=guid(f"area {left} {by.name}"),
        page=0,
        first_x=left,
        first_y=10,
        second_x=left + 50,
        second_y=40,
        creating_user=by.guid,
        codings=(coding(PHONE, by, f"area {left} {by.name}"),),
    )
    if words is not None:
        made.representation = Representation(guid=guid(f"text of area {left}"), plain_text_content=words)
        if passage:
            start = words.index(passage)
            marked = coded(start, start + len(passage), WAITING, by=by, name=f"{passage} in area, {by.name}")
            made.representation.plain_text_selections.append(marked)
    return made


def pdf_of(merged: Merged) -> PDFSource:
    (source,) = merged.study.project.sources or ()
    assert isinstance(source, PDFSource)
    return source


def said(merged: Merged) -> set[tuple[str, str]]:
    """What is coded, by words and coder."""
    look = Lookup(merged.study)
    return {(look.words_of(each) or "area", each.user.name or "") for each in look.references() if each.user}


def either_way(one: Callable[[], Study], other: Callable[[], Study]) -> tuple[Merged, Merged]:
    return merge(one(), other()), merge(other(), one())


def test_what_two_people_coded_in_the_text_of_a_pdf_is_there_for_both() -> None:
    for merged in either_way(
        lambda: leaflet(WORDS, "four hours", "Nobody rings"),
        lambda: leaflet(WORDS, "four hours", by=MIREILLE),
    ):
        assert said(merged) == {
            ("four hours", "Nerys Stanway"),
            ("Nobody rings", "Nerys Stanway"),
            ("four hours", "Mireille Pagès"),
        }
        assert merged.conflicts == ()


def test_the_text_of_a_pdf_that_was_edited_is_a_conflict_and_its_passages_are_carried_over() -> None:
    for merged, kept in zip(
        either_way(
            lambda: leaflet(WORDS, "four hours"),
            lambda: leaflet(MENDED, "Nobody rings", "Please note", by=MIREILLE),
        ),
        (WORDS, MENDED),
        strict=True,
    ):
        representation = pdf_of(merged).representation
        assert representation is not None and representation.plain_text_content == kept
        assert [each.field for each in merged.conflicts] == ["text"]
        assert {("four hours", "Nerys Stanway"), ("Nobody rings", "Mireille Pagès")} <= said(merged)
        # What only one text has is lost where the other stays, and that is said.
        lost = [each.words for each in merged.lost]
        assert lost == (["Please note"] if kept == WORDS else [])
        assert (("Please note", "Mireille Pagès") in said(merged)) == (kept == MENDED)


def test_a_pdf_that_got_its_text_in_one_copy_has_it_afterwards() -> None:
    for merged in either_way(lambda: leaflet(None), lambda: leaflet(WORDS, "four hours")):
        representation = pdf_of(merged).representation
        assert representation is not None and representation.plain_text_content == WORDS
        assert said(merged) == {("four hours", "Nerys Stanway")}
        assert merged.conflicts == ()


def test_areas_of_a_page_are_joined_with_their_words() -> None:
    for merged in either_way(
        lambda: leaflet(WORDS, areas=(area(10, PAGE, passage="leaflet"), area(80))),
        lambda: leaflet(WORDS, areas=(area(10, PAGE, by=MIREILLE, passage="otherwise"),)),
    ):
        assert [(each.first_x, each.creating_user) for each in pdf_of(merged).pdf_selections].count(
            (10, NERYS.guid)
        ) == 1
        assert len({each.guid for each in pdf_of(merged).pdf_selections}) == 3
        texts = [each.representation for each in pdf_of(merged).pdf_selections if each.representation is not None]
        assert len({each.guid for each in texts}) == len(texts) == 2
        marked = {selection.guid for each in texts for selection in each.plain_text_selections}
        assert len(marked) == 2
        assert merged.conflicts == ()


def test_the_words_of_one_area_that_were_edited_are_a_conflict() -> None:
    one = leaflet(WORDS, areas=(area(10, PAGE, passage="otherwise"),))
    other = leaflet(WORDS, areas=(area(10, "Here: " + PAGE, passage="leaflet"),))
    merged = merge(one, other)
    (kept,) = pdf_of(merged).pdf_selections
    assert kept.representation is not None and kept.representation.plain_text_content == PAGE
    look = Lookup(merged.study)
    marked = kept.representation.plain_text_selections
    assert {PAGE[each.start_position : each.end_position] for each in marked} == {"otherwise", "leaflet"}
    assert [each.field for each in merged.conflicts] == ["text"]
    assert len(list(look.references())) == 3


def test_a_pdf_merged_with_itself_is_unchanged() -> None:
    one = leaflet(WORDS, "four hours", areas=(area(10, PAGE, passage="leaflet"), area(80)))
    merged = merge(one, one)
    assert merged.study.project == one.project
    assert (merged.conflicts, merged.lost) == ((), ())
