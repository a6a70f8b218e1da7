"""What is meant by what stands in a study: by GUID, by path, by case."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews import MIREILLE, NERYS, case, code, coded, coding, guid, study, text, value, variable
from qdabridge.errors import NotInStudy
from qdabridge.study.files import BytesEntry, Files
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AudioSelection,
    AudioSource,
    Case,
    Code,
    Coding,
    Extensions,
    Note,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    PlainTextSelection,
    Project,
    Representation,
    SelectionRef,
    SourceRef,
    SyncPoint,
    TextSource,
    Transcript,
    TranscriptSelection,
    VariableRef,
    VariableValue,
    VideoSelection,
    VideoSource,
)
from qdabridge.study.passages import Reference
from qdabridge.study.study import Study
from qdabridge.study.text import at_word_edges
from qdabridge.study.values import value_of

WAITING = code("Waiting times")
ACCESS = code("Access", WAITING)
TRUST = code("Trust")


def said(look: Lookup, references: list[Reference]) -> list[tuple[str, str]]:
    return [(reference.code.name, look.text_of(reference)) for reference in references]


# --- by GUID ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelled", [str.upper, str.lower, "{{{}}}".format, lambda plain: f"{{{plain.upper()}}}"])
def test_a_guid_is_found_however_it_is_spelled(spelled: Any) -> None:
    ana = text("Ana", "I waited.", coded(0, 1, WAITING))
    age = variable("Age")
    look = Lookup(study(ana, codes=[ACCESS], cases=[case("Ana", ana)], variables=[age]))
    assert look.user(spelled(NERYS.guid)) is NERYS
    assert look.code(spelled(WAITING.guid)) is WAITING
    assert look.variable(spelled(age.guid)) is age
    assert look.source(spelled(ana.guid)) is ana
    assert look.case(spelled(guid("case Ana"))) is look.project.cases[0]
    assert look.selection(spelled(guid("selection 0-1"))) is ana.plain_text_selections[0]


def test_what_is_not_there_is_none() -> None:
    look = Lookup(Study(Project(name="empty")))
    for find in (look.user, look.code, look.variable, look.case, look.source, look.note, look.selection):
        assert find(guid("nobody")) is None
    assert list(look.references()) == []


def test_one_guid_may_mean_a_case_a_code_and_a_note_at_once() -> None:
    ana = Code(guid=guid("Ana"), name="Ana")
    person = Case(guid=guid("Ana"), name="Ana")
    note = Note(guid=guid("Ana"))
    look = Lookup(study(codes=[ana], cases=[person], notes=[note]))
    assert (look.code(guid("Ana")), look.case(guid("Ana")), look.note(guid("Ana"))) == (ana, person, note)


def test_of_an_area_and_its_words_under_one_guid_the_words_are_given() -> None:
    words = PlainTextSelection(guid=guid("twin"), start_position=0, end_position=4)
    area = PDFSelection(guid=guid("twin"), page=0, first_x=0, first_y=0, second_x=9, second_y=9)
    leaflet = PDFSource(
        guid=guid("pdf"),
        pdf_selections=[area],
        representation=Representation(guid=guid("r"), plain_text_content="Come in", plain_text_selections=[words]),
    )
    assert Lookup(study(leaflet)).selection(guid("twin")) is words


# --- codes -----------------------------------------------------------------------------------------------------------


def test_a_code_is_found_at_its_path() -> None:
    look = Lookup(study(codes=[ACCESS, TRUST]))
    assert look.path_of(WAITING) == "Access \\ Waiting times"
    assert look.names_to(WAITING) == ("Access", "Waiting times")
    assert look.parent(WAITING) is ACCESS
    assert look.parent(ACCESS) is None
    for path in ("Access \\ Waiting times", "Access\\Waiting times", ("Access", "Waiting times")):
        assert look.code_at(path) is WAITING


def test_a_name_with_a_backslash_is_found_as_it_stands() -> None:
    either = code("yes\\no")
    assert Lookup(study(codes=[either])).code_at("yes\\no") is either


def test_a_path_that_is_not_there_gets_the_nearest_as_an_answer() -> None:
    with pytest.raises(NotInStudy, match=r"Did you mean “Access \\ Waiting times”\?"):
        Lookup(study(codes=[ACCESS])).code_at("Acess \\ Waiting times")


def test_codes_come_in_the_order_of_the_codebook() -> None:
    assert [each.name for each in Lookup(study(codes=[ACCESS, TRUST])).codes] == ["Access", "Waiting times", "Trust"]


def test_a_very_deep_codebook_is_no_trouble() -> None:
    deepest = innermost = code("0")
    for level in range(1, 5_000):
        deepest = code(str(level), deepest)
    look = Lookup(study(codes=[deepest]))
    assert len(look.names_to(innermost)) == 5_000


def test_codes_that_are_really_cases_are_no_themes() -> None:
    ana = Case(guid=guid("Ana"), name="Ana")
    twin = Code(guid=guid("Ana").upper(), name="Ana")
    folder = code("Cases", code("People", twin, codable=False), codable=False)
    look = Lookup(study(codes=[ACCESS, folder], cases=[ana]))
    assert [each.name for each in look.themes] == ["Access", "Waiting times"]
    assert look.is_case(twin)
    assert not look.is_case(ACCESS)


def test_a_folder_that_also_holds_an_idea_is_a_theme() -> None:
    ana = Case(guid=guid("Ana"), name="Ana")
    mixed = code("People", Code(guid=guid("Ana"), name="Ana"), TRUST, codable=False)
    assert [each.name for each in Lookup(study(codes=[mixed], cases=[ana])).themes] == ["People", "Trust"]


# --- references ------------------------------------------------------------------------------------------------------


def coded_everywhere() -> tuple[Study, dict[str, str]]:
    """A study coded in every kind of place, and what each coding stands for."""
    label = {}

    def marks(what: str) -> tuple[Coding, ...]:
        label[guid(f"coding {what}")] = what
        return (coding(TRUST, name=what),)

    def words(what: str, start: int, end: int) -> PlainTextSelection:
        return PlainTextSelection(guid=guid(what), start_position=start, end_position=end, codings=marks(what))

    ana = text("Ana", "I waited.", words("I waited", 0, 8), codings=marks("whole source"))
    photo = PictureSource(
        guid=guid("photo"),
        codings=marks("whole source of a photo"),
        picture_selections=[
            PictureSelection(
                guid=guid("a"), first_x=10, first_y=20, second_x=200, second_y=300, codings=marks("area 10,20–200,300")
            )
        ],
    )
    area = PDFSelection(
        guid=guid("b"),
        page=1,
        first_x=10,
        first_y=20,
        second_x=200,
        second_y=300,
        codings=marks("p. 2, area 10,20–200,300"),
    )
    read = PDFSelection(
        guid=guid("c"),
        page=0,
        first_x=0,
        first_y=0,
        second_x=9,
        second_y=9,
        codings=marks("what the area says"),
        representation=Representation(guid=guid("r1"), plain_text_content="what the area says"),
    )
    leaflet = PDFSource(
        guid=guid("leaflet"),
        pdf_selections=[area, read],
        representation=Representation(
            guid=guid("r2"), plain_text_content="Come in, sit down.", plain_text_selections=[words("sit down", 9, 17)]
        ),
    )
    call = AudioSource(
        guid=guid("call"),
        audio_selections=[AudioSelection(guid=guid("d"), begin=12_000, end=34_900, codings=marks("0:12–0:34"))],
        transcripts=[
            Transcript(
                guid=guid("t"),
                plain_text_content="Hello? 😀\r\nYes.",
                sync_points=[
                    SyncPoint(guid=guid("p0"), time_stamp=0, position=0),
                    SyncPoint(guid=guid("p1"), time_stamp=900, position=10),
                ],
                transcript_selections=[
                    TranscriptSelection(
                        guid=guid("e"),
                        from_sync_point=guid("p0").upper(),
                        to_sync_point=guid("p1"),
                        codings=marks("Hello? 😀\r\n"),
                    ),
                    TranscriptSelection(guid=guid("f"), from_sync_point=guid("p1"), codings=marks("Yes.")),
                ],
            )
        ],
    )
    film = VideoSource(
        guid=guid("film"),
        video_selections=[
            VideoSelection(guid=guid("g"), begin=3_600_000, end=3_661_000, codings=marks("1:00:00–1:01:01")),
            VideoSelection(guid=guid("h"), begin=61_200, end=61_700, codings=marks("1:01.2–1:01.7")),
        ],
    )
    memo = Note(guid=guid("memo"), plain_text_content="Odd. Why?", plain_text_selections=[words("Why?", 5, 9)])
    return study(ana, photo, leaflet, call, film, codes=[TRUST], notes=[memo]), label


def test_every_kind_of_place_is_a_reference_and_says_what_stands_there() -> None:
    whole, label = coded_everywhere()
    look = Lookup(whole)
    told = {label[each.coding.guid]: look.text_of(each) for each in look.references() if each.coding}
    assert told == {what: what.removesuffix(" of a photo") for what in label.values()}


def test_a_selection_says_the_same_as_its_reference() -> None:
    look = Lookup(coded_everywhere()[0])
    for reference in look.references():
        if reference.selection is not None:
            assert look.text_of(reference.selection) == look.text_of(reference)


def test_references_know_their_source_their_text_and_their_coder() -> None:
    look = Lookup(coded_everywhere()[0])
    of_leaflet = look.references_of(look.source(guid("leaflet")))
    assert [reference.document.guid if reference.document else None for reference in of_leaflet] == [
        None,
        None,
        guid("r2"),
    ]
    assert {reference.source.guid for reference in of_leaflet if reference.source} == {guid("leaflet")}
    assert {reference.user.name for reference in of_leaflet if reference.user} == {"Nerys Stanway"}


def test_where_a_coding_names_nobody_whoever_marked_the_passage_coded_it() -> None:
    passage = coded(0, 8, TRUST, by=None)
    passage.creating_user = MIREILLE.guid
    look = Lookup(study(text("Ana", "I waited.", passage), codes=[TRUST]))
    assert [reference.user for reference in look.references()] == [MIREILLE]


def test_references_of_a_code_are_those_coded_with_it_and_not_with_codes_inside_it() -> None:
    ana = text("Ana", "I waited.", coded(0, 1, ACCESS), coded(2, 8, WAITING, TRUST))
    look = Lookup(study(ana, codes=[ACCESS, TRUST]))
    assert said(look, look.references_of(ACCESS)) == [("Access", "I")]
    assert said(look, look.references_of(WAITING)) == [("Waiting times", "waited")]


def test_a_coding_whose_code_is_gone_is_left_out() -> None:
    look = Lookup(study(text("Ana", "I waited.", coded(0, 1, code("gone")), coded(2, 8, TRUST)), codes=[TRUST]))
    assert said(look, list(look.references())) == [("Trust", "waited")]


def test_words_keep_emoji_and_line_ends_as_they_are() -> None:
    words = "Só 👩‍👩‍👧 esperei.\r\nE\u0301 assim."
    look = Lookup(study(text("Ana", words, coded(3, len(words), TRUST)), codes=[TRUST]))
    assert look.words_of(*look.references()) == "👩‍👩‍👧 esperei.\r\nE\u0301 assim."


@given(st.text(max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_the_words_of_a_passage_are_its_code_points(words: str, one: int, other: int) -> None:
    start, end = sorted((one, other))
    look = Lookup(study(text("Ana", words, coded(start, end, TRUST)), codes=[TRUST]))
    assert [look.words_of(each) for each in look.references()] == [words[start:end]]


def test_a_passage_says_which_lines_it_is_on() -> None:
    words = "one\r\ntwo\r\nthree\r\n"
    look = Lookup(study(text("Ana", words, coded(0, 3, TRUST), coded(5, len(words), TRUST)), codes=[TRUST]))
    first, second = look.references()
    assert (look.lines_of(first), look.place_of(first)) == ((1, 1), "l. 1")
    assert (look.lines_of(second), look.place_of(second)) == ((2, 3), "l. 2–3")


@pytest.mark.parametrize("held", [None, b"caf\xe9"])
def test_a_text_that_is_not_there_or_not_utf8_leaves_the_place(held: bytes | None) -> None:
    ana = TextSource(guid=guid("Ana"), plain_text_path="internal://ana.txt", plain_text_selections=[coded(3, 9, TRUST)])
    look = Lookup(study(ana, codes=[TRUST], files=Files({"sources/ana.txt": held} if held else {})))
    (reference,) = look.references()
    assert look.words_of(reference) is None
    assert look.lines_of(reference) is None
    assert look.text_of(reference) == "characters 3–9"


def test_each_text_is_read_once_and_only_a_few_are_kept() -> None:
    opened: list[str] = []

    class Counted(BytesEntry):
        def open(self) -> Any:
            opened.append("opened")
            return super().open()

    sources = [
        TextSource(guid=guid(str(n)), plain_text_path=f"internal://{n}.txt", plain_text_selections=[coded(0, 2, TRUST)])
        for n in range(12)
    ]
    files = Files({f"sources/{n}.txt": Counted(b"x" * 1_000_000) for n in range(12)})
    look = Lookup(study(*sources, codes=[TRUST], files=files))
    for reference in look.references():
        assert look.words_of(reference) == "xx"
        assert look.place_of(reference) == "l. 1"
    assert len(opened) == 12
    assert sum(len(held.text or "") for held in look._texts.values()) <= 4_000_000


def test_an_unknown_selection_is_told() -> None:
    with pytest.raises(NotInStudy, match="no selection"):
        Lookup(study()).text_of(coded(0, 1, TRUST))


# --- what belongs to a case ------------------------------------------------------------------------------------------


def test_what_is_in_its_sources_belongs_to_a_case() -> None:
    ana, ben = text("Ana", "I waited.", coded(2, 8, WAITING)), text("Ben", "No.", coded(0, 2, TRUST))
    person = case("Ana", ana)
    look = Lookup(study(ana, ben, codes=[ACCESS, TRUST], cases=[person, case("Ben", ben)]))
    assert said(look, look.references_of(person)) == [("Waiting times", "waited")]
    assert look.sources_of(person) == [ana]


def test_a_note_can_belong_to_a_case() -> None:
    memo = Note(guid=guid("memo"), plain_text_content="Why?", plain_text_selections=[coded(0, 4, TRUST)])
    person = Case(guid=guid("p"), source_refs=(SourceRef(target_guid=memo.guid),))
    look = Lookup(study(codes=[TRUST], cases=[person], notes=[memo]))
    assert said(look, look.references_of(person)) == [("Trust", "Why?")]


def test_a_selection_named_by_a_case_belongs_to_it_and_so_does_what_overlaps_it() -> None:
    turn = coded(10, 20, WAITING)
    group = text("Group", "Ana: yes. Ben: waited. Eve: no.", turn, coded(0, 16, TRUST), coded(23, 31, TRUST))
    ben = case("Ben", turn)
    look = Lookup(study(group, codes=[ACCESS, TRUST], cases=[ben]))
    assert said(look, look.references_of(ben)) == [("Waiting times", "Ben: waite"), ("Trust", "Ben: w")]


def nvivo_group(*selections: PlainTextSelection, words: str = "Ana: yes. Ben: no. Ana: well.") -> Lookup:
    """A group as NVivo writes it: each person is a case, and a code with the same GUID."""
    people = [Case(guid=guid(name), name=name) for name in ("Ana", "Ben")]
    twins = [Code(guid=guid(name), name=name) for name in ("Ana", "Ben")]
    return Lookup(study(text("Group", words, *selections), codes=[TRUST, *twins], cases=people))


ANA = Case(guid=guid("Ana"), name="Ana")


def test_what_is_coded_with_the_twin_of_a_case_says_whose_words_they_are() -> None:
    look = nvivo_group(coded(0, 9, ANA), coded(19, 29, ANA), coded(5, 25, TRUST))
    ana, ben = look.project.cases
    (reference,) = look.references_of(ana)
    assert reference.parts == ((5, 9), (19, 25))
    assert look.words_of(reference) == "yes. […] Ana: w"
    assert look.references_of(ben) == []
    assert look.sources_of(ben) == []


def test_two_coders_who_mark_the_same_turn_make_one_part() -> None:
    look = nvivo_group(coded(0, 9, ANA), coded(0, 12, ANA, by=MIREILLE), coded(5, 25, TRUST))
    (reference,) = look.references_of(look.project.cases[0])
    assert reference.parts == ((5, 12),)


def test_a_passage_wholly_inside_a_turn_is_given_as_it_is() -> None:
    look = nvivo_group(coded(0, 9, ANA), coded(5, 9, TRUST))
    (reference,) = look.references_of(look.project.cases[0])
    assert (reference.parts, look.words_of(reference)) == ((), "yes.")


def test_line_ends_between_two_turns_of_one_person_are_kept_and_nothing_is_marked_as_left_out() -> None:
    words = "I waited.\r\nAnd waited."
    look = nvivo_group(coded(0, 9, ANA), coded(11, 22, ANA), coded(2, 22, TRUST), words=words)
    (reference,) = look.references_of(look.project.cases[0])
    assert look.words_of(reference) == "waited.\r\nAnd waited."
    assert look.lines_of(reference) == (1, 2)


def test_a_source_coded_as_a_whole_with_the_twin_belongs_to_the_case_as_a_whole() -> None:
    interview = text("Interview", "I waited.", coded(2, 8, TRUST), codings=(coding(ANA),))
    look = Lookup(study(interview, codes=[TRUST, Code(guid=ANA.guid, name="Ana")], cases=[ANA]))
    assert said(look, look.references_of(ANA)) == [("Trust", "waited")]


def test_a_code_of_the_whole_source_is_everybodys_in_it() -> None:
    look = nvivo_group(coded(0, 9, ANA))
    look.project.sources[0].codings = (coding(TRUST),)
    ana, ben = look.project.cases
    assert said(look, look.references_of(ana)) == [("Trust", "whole source")]
    assert look.references_of(ben) == []


def test_a_twin_may_be_missing_from_the_codebook() -> None:
    group = text("Group", "Ana: yes. Ben: no.", coded(0, 9, ANA), coded(5, 9, TRUST))
    look = Lookup(study(group, codes=[TRUST], cases=[ANA]))
    assert said(look, look.references_of(ANA)) == [("Trust", "yes.")]


def test_codes_given_to_a_case_itself_are_references_without_a_source() -> None:
    person = case("Ana", TRUST)
    look = Lookup(study(codes=[TRUST], cases=[person]))
    (reference,) = look.references_of(person)
    assert (reference.code, reference.source, reference.coding) == (TRUST, None, None)
    assert look.text_of(reference) == "the case itself"


def test_a_source_named_twice_over_gives_its_references_once() -> None:
    passage = coded(2, 8, TRUST)
    ana = text("Ana", "I waited.", passage)
    person = case("Ana", ana, ana, passage)
    look = Lookup(study(ana, codes=[TRUST], cases=[person]))
    assert len(look.references_of(person)) == 1


def test_areas_overlap_on_the_same_page_only() -> None:
    def area(name: str, page: int, x: int, y: int, of: Code) -> PDFSelection:
        return PDFSelection(
            guid=guid(name),
            page=page,
            first_x=x,
            first_y=y + 10,
            second_x=x + 10,
            second_y=y,
            codings=(coding(of, name=name),),
        )

    mine = area("mine", 1, 0, 0, WAITING)
    others = [area("beside", 1, 5, 5, TRUST), area("above", 1, 5, 40, TRUST), area("next page", 2, 5, 5, TRUST)]
    leaflet = PDFSource(guid=guid("leaflet"), pdf_selections=[mine, *others])
    person = Case(guid=guid("p"), selection_refs=(SelectionRef(target_guid=mine.guid),))
    look = Lookup(study(leaflet, codes=[ACCESS, TRUST], cases=[person]))
    assert [each.selection.guid for each in look.references_of(person) if each.selection] == [
        guid("mine"),
        guid("beside"),
    ]


def test_stretches_of_sound_are_narrowed_to_what_a_person_said() -> None:
    turn = AudioSelection(guid=guid("turn"), begin=10_000, end=20_000)
    long = AudioSelection(guid=guid("long"), begin=5_000, end=12_000, codings=(coding(TRUST),))
    call = AudioSource(guid=guid("call"), audio_selections=[turn, long])
    person = Case(guid=guid("p"), selection_refs=(SelectionRef(target_guid=turn.guid),))
    look = Lookup(study(call, codes=[TRUST], cases=[person]))
    assert said(look, look.references_of(person)) == [("Trust", "0:10–0:12")]


def test_a_transcript_passage_that_cannot_be_measured_still_belongs_to_the_case_that_names_it() -> None:
    passage = TranscriptSelection(guid=guid("e"), codings=(coding(TRUST),))
    other = TranscriptSelection(guid=guid("f"), codings=(coding(TRUST, name="other"),))
    transcript = Transcript(guid=guid("t"), plain_text_content="Yes.", transcript_selections=[passage, other])
    person = Case(guid=guid("p"), selection_refs=(SelectionRef(target_guid=passage.guid),))
    look = Lookup(study(AudioSource(guid=guid("call"), transcripts=[transcript]), codes=[TRUST], cases=[person]))
    assert [each.selection for each in look.references_of(person)] == [passage]


def test_a_case_that_names_the_file_of_a_source_means_the_source() -> None:
    """QualCoder writes the GUID in the file's name where the source's own belongs."""
    ana = TextSource(
        guid=guid("Ana"),
        plain_text_content="I waited.",
        plain_text_path=f"internal://{guid('file')}.txt",
        plain_text_selections=[coded(2, 8, TRUST)],
    )
    person = Case(guid=guid("p"), source_refs=(SourceRef(target_guid=guid("file").upper()),))
    look = Lookup(study(ana, codes=[TRUST], cases=[person]))
    assert said(look, look.references_of(person)) == [("Trust", "waited")]


SPAN = st.tuples(st.integers(0, 19), st.integers(1, 8)).map(lambda pair: (pair[0], min(20, sum(pair))))


@given(st.lists(SPAN, max_size=6), st.lists(SPAN, max_size=6), st.lists(SPAN, max_size=6))
def test_the_words_of_a_case_are_exactly_the_characters_coded_with_both(
    anas: list[tuple[int, int]], bens: list[tuple[int, int]], passages: list[tuple[int, int]]
) -> None:
    words = "abcdefghijklmnopqrst"
    ben = Case(guid=guid("Ben"), name="Ben")
    look = nvivo_group(
        *(coded(*span, ANA) for span in anas),
        *(coded(*span, ben) for span in bens),
        *(coded(*span, TRUST) for span in passages),
        words=words,
    )
    for person, marks in zip(look.project.cases, (anas, bens), strict=True):
        mine = {at for start, end in marks for at in range(start, end)}
        expected = ["".join(words[at] for at in range(start, end) if at in mine) for start, end in passages]
        found = [(look.words_of(each) or "").replace(" […] ", "") for each in look.references_of(person)]
        assert found == [each for each in expected if each]


# --- values ----------------------------------------------------------------------------------------------------------

AGE = variable("Age", "Integer")
ROLE = variable("Role")


@pytest.mark.parametrize(
    ("fields", "typed"),
    [
        ({"text_value": ""}, ""),
        ({"text_value": " nurse "}, " nurse "),
        ({"boolean_value": False}, False),
        ({"integer_value": 2**70}, 2**70),
        ({"float_value": "+1.50"}, Decimal("1.50")),
        ({"float_value": "NaN"}, "NaN"),
        ({"float_value": "1,5"}, "1,5"),
        ({"float_value": "1e5"}, "1e5"),
        ({"date_value": "2024-02-29"}, date(2024, 2, 29)),
        ({"date_value": "2024-02-29+02:00"}, date(2024, 2, 29)),
        ({"date_value": "2023-02-29"}, "2023-02-29"),
        ({"date_value": "20240229"}, "20240229"),
        ({"date_time_value": "2024-02-29T10:00:00.25Z"}, datetime(2024, 2, 29, 10, 0, 0, 250_000, UTC)),
        ({"date_time_value": "2024-02-29T10:00:00"}, datetime(2024, 2, 29, 10)),
        ({"date_time_value": "2024-02-29"}, "2024-02-29"),
        ({"extensions": Extensions(lexical={"IntegerValue": "thirty"})}, "thirty"),
        ({}, None),
    ],
)
def test_a_value_is_typed_and_stays_as_written_where_it_does_not_fit(fields: dict[str, Any], typed: Any) -> None:
    found = value_of(value(AGE, **fields))
    assert found == typed
    assert type(found) is type(typed)


def test_the_value_of_a_case_goes_before_that_of_its_source() -> None:
    ana = text("Ana", "", variable_values=(value(AGE, integer_value=1), value(ROLE, text_value="nurse")))
    again = text("Ana again", "", variable_values=(value(ROLE, text_value="nurse"), value(ROLE, text_value="carer")))
    person = case("Ana", ana, again, value(AGE, integer_value=42))
    look = Lookup(study(ana, again, cases=[person], variables=[AGE, ROLE]))
    assert look.values_of(person) == {AGE.guid: (42,), ROLE.guid: ("nurse", "carer")}
    assert look.values_of(ana) == {AGE.guid: (1,), ROLE.guid: ("nurse",)}


def test_a_value_of_an_unknown_variable_is_left_out() -> None:
    stray = VariableValue(variable_ref=VariableRef(target_guid=guid("gone")), text_value="x")
    person = case("Ana", stray)
    assert Lookup(study(cases=[person], variables=[AGE])).values_of(person) == {}


# --- a real file -----------------------------------------------------------------------------------------------------


def test_in_a_real_nvivo_file_every_quote_begins_and_ends_at_a_word(nvivo_sample: Any) -> None:
    import qdabridge as qda

    with qda.read(nvivo_sample) as real:
        look = Lookup(real)
        references = list(look.references())
        (source,) = real.project.sources or ()
        spans = [span for each in references if (span := look.span_of(each)) is not None]
        assert len(spans) == 97
        assert at_word_edges(look.text(source) or "", spans) == 97
        assert len(look.themes) == 60
        assert {reference.user.name for reference in references if reference.user} <= {"Gergo", "floriansipos"}
