"""One passage that somebody marked is one quotation, however often the tool wrote it down."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews import MIREILLE, NERYS, case, code, coded, coding, guid, study, text
from qdabridge.matrix import framework_matrix
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    Case,
    Code,
    CodeRef,
    Coding,
    Note,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Representation,
    TextSource,
    Transcript,
    TranscriptSelection,
)
from qdabridge.study.quotations import Quotation

WAITING = code("Waiting times")
TRUST = code("Trust")
WORDS = "I waited six weeks.\nI trusted her."
PAGES = "Come in and\fsit down.\fThank you."
MADE = "2024-05-02T10:00:00Z"


def of(*sources: Any, **more: Any) -> tuple[Lookup, list[Quotation]]:
    look = Lookup(study(*sources, codes=[WAITING, TRUST], **more))
    return look, list(look.quotations())


def told(quotation: Quotation) -> list[tuple[str, str]]:
    return [(each.code.name, each.user.name or "") for each in quotation.references if each.user]


# --- texts -----------------------------------------------------------------------------------------------------------


def test_nvivos_selections_for_each_coding_of_one_passage_are_one_quotation() -> None:
    ana = text("Ana", WORDS, coded(0, 8, WAITING, name="a"), coded(20, 34, TRUST), coded(0, 8, TRUST, name="b"))
    look, (first, second) = of(ana)
    assert [each.guid for each in first.selections] == [guid("selection a"), guid("selection b")]
    assert told(first) == [("Waiting times", "Nerys Stanway"), ("Trust", "Nerys Stanway")]
    assert (look.text_of(first), look.text_of(second)) == ("I waited", "I trusted her.")


def test_what_two_people_coded_alike_is_one_quotation_with_both_codings() -> None:
    ana = text("Ana", WORDS, coded(0, 8, TRUST, name="a"), coded(0, 8, TRUST, by=MIREILLE, name="b"))
    _, (only,) = of(ana)
    assert told(only) == [("Trust", "Nerys Stanway"), ("Trust", "Mireille Pagès")]


def test_a_code_that_one_person_gave_twice_counts_once() -> None:
    ana = text("Ana", WORDS, coded(0, 8, TRUST, name="a"), coded(0, 8, TRUST, name="b"))
    _, (only,) = of(ana)
    assert (len(only.selections), told(only)) == (2, [("Trust", "Nerys Stanway")])


def test_atlastis_one_selection_with_the_codings_of_several_people_is_one_quotation() -> None:
    passage = coded(0, 8, TRUST, WAITING)
    passage.codings = (*passage.codings, coding(TRUST, by=MIREILLE, name="hers"))
    _, (only,) = of(text("Ana", WORDS, passage))
    assert told(only) == [
        ("Trust", "Nerys Stanway"),
        ("Waiting times", "Nerys Stanway"),
        ("Trust", "Mireille Pagès"),
    ]


def test_the_same_stretch_of_two_texts_is_two_quotations() -> None:
    _, found = of(text("Ana", WORDS, coded(0, 8, TRUST)), text("Ben", WORDS, coded(0, 8, TRUST, name="b")))
    assert [quotation.source.guid for quotation in found] == [guid("Ana"), guid("Ben")]


def test_a_passage_that_only_says_whose_words_it_is_is_no_quotation() -> None:
    """NVivo codes a person's turns with the case."""
    person = Case(guid=guid("Ana"), name="Ana")
    twin = Code(guid=guid("Ana"), name="Ana")
    turn, both = coded(0, 19, person), coded(20, 34, person, TRUST)
    look = Lookup(study(text("Group", WORDS, turn, both), codes=[TRUST, twin], cases=[person]))
    assert [told(each) for each in look.quotations()] == [[("Trust", "Nerys Stanway")]]


def test_a_turn_that_a_case_names_is_no_quotation_unless_it_is_coded() -> None:
    turn, marked = coded(0, 19), coded(20, 34, TRUST)
    look, found = of(text("Group", WORDS, turn, marked), cases=[case("Ana", turn, marked)])
    assert [look.text_of(each) for each in found] == ["I trusted her."]


def test_a_passage_that_was_marked_and_never_coded_is_a_quotation() -> None:
    """ATLAS.ti calls it a free quotation."""
    look, (only,) = of(text("Ana", WORDS, coded(0, 8)))
    assert (look.text_of(only), only.references) == ("I waited", ())


def test_a_passage_that_only_holds_a_remark_is_no_quotation() -> None:
    """MAXQDA writes remarks as selections without coding."""
    remark = PlainTextSelection(guid=guid("r"), start_position=0, end_position=8, description="How long?")
    assert of(text("Ana", WORDS, remark))[1] == []


def test_whole_sources_are_no_quotations() -> None:
    assert of(text("Ana", WORDS, codings=(coding(TRUST),)))[1] == []


def test_a_memo_that_was_coded_has_quotations_too() -> None:
    memo = Note(guid=guid("memo"), plain_text_content="Why?", plain_text_selections=[coded(0, 3, TRUST)])
    look, (only,) = of(notes=[memo])
    assert (look.text_of(only), only.source) == ("Why", memo)


# --- PDFs ------------------------------------------------------------------------------------------------------------


def area(name: str, page: int, *codes: Code, called: str | None = "Come in", y: int = 0, **more: Any) -> PDFSelection:
    return PDFSelection(
        guid=guid(name),
        name=called,
        creation_date_time=MADE,
        page=page,
        first_x=0,
        first_y=y,
        second_x=9,
        second_y=y + 9,
        codings=tuple(coding(each, name=f"{name} {page} {each.name}") for each in codes),
        **more,
    )


def words(name: str, start: int, end: int, *codes: Code) -> PlainTextSelection:
    return PlainTextSelection(
        guid=guid(name).upper(),
        start_position=start,
        end_position=end,
        codings=tuple(coding(each, name=f"{name} words {each.name}") for each in codes),
    )


def leaflet(*areas: PDFSelection, said: tuple[PlainTextSelection, ...] = ()) -> PDFSource:
    representation = Representation(
        guid=guid("representation"), plain_text_content=PAGES, plain_text_selections=list(said)
    )
    return PDFSource(guid=guid("pdf"), name="Leaflet", pdf_selections=list(areas), representation=representation)


def test_atlastis_area_and_words_under_one_guid_are_one_quotation_of_words() -> None:
    pdf = leaflet(area("q", 0, TRUST), said=(words("q", 0, 7, TRUST),))
    look, (only,) = of(pdf)
    assert [type(each).__name__ for each in only.selections] == ["PlainTextSelection", "PDFSelection"]
    assert (look.text_of(only), told(only), only.pages) == ("Come in", [("Trust", "Nerys Stanway")], (0,))
    assert only.document is pdf.representation


def test_an_area_and_words_with_guids_of_their_own_are_two_quotations() -> None:
    _, found = of(leaflet(area("a", 0, TRUST), said=(words("b", 0, 7, TRUST),)))
    assert len(found) == 2


def test_atlastis_quotation_over_three_pages_is_one() -> None:
    whole = leaflet(
        area("p3", 2, TRUST, WAITING),
        area("q", 0, TRUST, WAITING),
        area("p2", 1, WAITING, TRUST),
        said=(words("q", 0, len(PAGES), TRUST, WAITING),),
    )
    look, (only,) = of(whole)
    assert (only.pages, len(only.selections), look.text_of(only)) == ((0, 1, 2), 4, PAGES)
    assert sorted(name for name, _ in told(only)) == ["Trust", "Waiting times"]


@pytest.mark.parametrize(
    "second",
    [
        area("p2", 2, TRUST),
        area("p2", 1, WAITING),
        area("p2", 1, TRUST, called="Sit down"),
        area("p2", 0, TRUST, y=40),
    ],
    ids=["a page between", "another code", "another name", "the same page"],
)
def test_an_area_that_does_not_continue_a_passage_stays_apart(second: PDFSelection) -> None:
    _, found = of(leaflet(area("q", 0, TRUST), second, said=(words("q", 0, 7, TRUST),)))
    assert [quotation.pages for quotation in found] == [(0,), (second.page,)]


def test_passages_found_by_a_search_on_each_page_stay_apart() -> None:
    """They have one name, one date and one code too, but each has its own words."""
    pdf = leaflet(area("a", 0, TRUST), area("b", 1, TRUST), said=(words("a", 0, 4, TRUST), words("b", 12, 15, TRUST)))
    assert [quotation.pages for quotation in of(pdf)[1]] == [(0,), (1,)]


def test_areas_of_which_two_could_be_the_next_page_stay_apart() -> None:
    pdf = leaflet(
        area("q", 0, TRUST),
        area("x", 1, TRUST),
        area("y", 1, TRUST, y=50),
        said=(words("q", 0, 7, TRUST),),
    )
    assert len(of(pdf)[1]) == 3


def test_areas_without_words_stay_apart_although_they_follow_each_other() -> None:
    assert len(of(leaflet(area("a", 0, TRUST), area("b", 1, TRUST)))[1]) == 2


def test_two_passages_in_the_same_rectangle_stay_apart() -> None:
    """Both cover parts of the same lines, so what surrounds them is the same."""
    pdf = leaflet(area("a", 0, TRUST), area("b", 0, TRUST), said=(words("a", 0, 7, TRUST), words("b", 5, 11, TRUST)))
    look, found = of(pdf)
    assert [look.text_of(quotation) for quotation in found] == ["Come in", "in and"]


def test_maxqdas_areas_for_each_coding_of_one_place_are_one_quotation() -> None:
    turned = PDFSelection(
        guid=guid("b"), page=0, first_x=9, first_y=9, second_x=0, second_y=0, codings=(coding(WAITING, name="b"),)
    )
    _, (only,) = of(leaflet(area("a", 0, TRUST, called=None), turned))
    assert [name for name, _ in told(only)] == ["Trust", "Waiting times"]


def test_a_matrix_quotes_a_passage_over_two_pages_once() -> None:
    pdf = leaflet(area("q", 0, TRUST), area("p2", 1, TRUST), said=(words("q", 8, 20, TRUST),))
    matrix = framework_matrix(study(pdf, codes=[TRUST]))
    (cell,) = matrix.cells.values()
    assert [quote.cited() for quote in cell.quotes] == ["“and\fsit down” [Leaflet, p. 1–2, NS]"]
    assert len(cell.quotes[0].codings) == 3


def test_references_of_one_quotation_have_one_lead() -> None:
    pdf = leaflet(area("q", 0, TRUST), area("p2", 1, TRUST), said=(words("q", 8, 20, TRUST),))
    look, _ = of(pdf)
    assert {look.lead_of(each).guid for each in look.references() if look.lead_of(each)} == {guid("q").upper()}


# --- pictures and recordings -----------------------------------------------------------------------------------------


def test_one_stretch_of_a_recording_and_one_area_of_a_picture_are_one_quotation_each() -> None:
    stretches = [
        AudioSelection(guid=guid(f"s{each.name}"), begin=0, end=900, codings=(coding(each, name=f"s{each.name}"),))
        for each in (TRUST, WAITING)
    ]
    spoken = [
        TranscriptSelection(guid=guid(f"t{n}"), from_sync_point=point, codings=(coding(TRUST, name=f"t{n}"),))
        for n, point in enumerate((guid("p"), guid("p").upper()))
    ]
    nowhere = [TranscriptSelection(guid=guid(f"n{n}"), codings=(coding(TRUST, name=f"n{n}"),)) for n in range(2)]
    call = AudioSource(
        guid=guid("call"),
        audio_selections=stretches,
        transcripts=[Transcript(guid=guid("t"), transcript_selections=[*spoken, *nowhere])],
    )
    corners = [(0, 9, 5, 1), (5, 1, 0, 9)]
    photo = PictureSource(
        guid=guid("photo"),
        picture_selections=[
            PictureSelection(guid=guid(f"c{n}"), first_x=x, first_y=y, second_x=u, second_y=v)
            for n, (x, y, u, v) in enumerate(corners)
        ],
    )
    _, found = of(call, photo)
    assert [len(quotation.selections) for quotation in found] == [2, 2, 1, 1, 2]


# --- everything ------------------------------------------------------------------------------------------------------

SPANS = st.lists(st.tuples(st.integers(0, 9), st.integers(10, 19)), max_size=12)


@given(SPANS)
def test_every_passage_is_in_exactly_one_quotation(spans: list[tuple[int, int]]) -> None:
    passages = [coded(*span, TRUST, name=str(number)) for number, span in enumerate(spans)]
    _, found = of(text("Ana", "x" * 20, *passages))
    in_quotations = [id(selection) for quotation in found for selection in quotation.selections]
    assert sorted(in_quotations) == sorted(map(id, passages))
    assert len(found) == len(set(spans))


def test_fifty_thousand_passages_are_no_trouble() -> None:
    """Ten times as many have to be a matter of seconds."""
    half = [
        PlainTextSelection(
            guid=str(number),
            start_position=number % 20_000,
            end_position=number % 20_000 + 5,
            codings=(Coding(guid=f"c{number}", creating_user=NERYS.guid, code_ref=CodeRef(target_guid=TRUST.guid)),),
        )
        for number in range(25_000)
    ]
    areas = [
        PDFSelection(
            guid=f"q{number}",
            name=f"{number % 7}",
            creation_date_time=MADE,
            page=number,
            first_x=0,
            first_y=0,
            second_x=9,
            second_y=9,
        )
        for number in range(12_500)
    ]
    said = [PlainTextSelection(guid=f"q{n}", start_position=n, end_position=n + 1) for n in range(0, 25_000, 2)]
    pdf = leaflet(*areas, said=tuple(said))
    ana = TextSource(guid=guid("Ana"), plain_text_content="x" * 20_010, plain_text_selections=half)
    look = Lookup(study(ana, pdf, codes=[TRUST]))
    began = time.process_time()
    found = list(look.quotations())
    assert time.process_time() - began < 5
    assert len(found) == 20_000 + 12_500 + 6_250
