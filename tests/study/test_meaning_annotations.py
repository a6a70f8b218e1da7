"""What people wrote about passages, codes, sources and cases is found wherever their tool keeps it."""

from __future__ import annotations

from typing import Any

import pytest

from interviews import MIREILLE, NERYS, code, coded, coding, guid, study, text
from qdabridge.study.annotations import Annotation
from qdabridge.study.files import Files
from qdabridge.study.form import Form
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    Case,
    Code,
    Link,
    Note,
    NoteRef,
    PDFSelection,
    PDFSource,
    PlainTextSelection,
    Representation,
    Set,
    TextSource,
)

TRUST = code("Trust")
WORDS = "I waited six weeks.\nI trusted her."


def look_at(*sources: Any, tool: str = "standard", **more: Any) -> Lookup:
    whole = study(*sources, **({"codes": [TRUST]} | more))
    whole.form = Form(tool=tool)
    return Lookup(whole)


def note(name: str, words: str | None, *selections: PlainTextSelection, **more: Any) -> Note:
    return Note(
        guid=guid(f"note {name}"), name=name, plain_text_content=words, plain_text_selections=list(selections), **more
    )


def refers_to(*notes: Note) -> tuple[NoteRef, ...]:
    return tuple(NoteRef(target_guid=each.guid.upper()) for each in notes)


def link(origin: Any, target: Any) -> Link:
    return Link(guid=guid("link"), origin_guid=origin.guid, target_guid=target.guid.upper())


def told(look: Lookup) -> list[tuple[str | None, str, str | None]]:
    """What was written, about which words, and by whom."""
    return [(each.text, look.text_of(each.passage), each.user.name if each.user else None) for each in all_of(look)]


def all_of(look: Lookup) -> list[Annotation]:
    return list(look.annotations())


# --- passages --------------------------------------------------------------------------------------------------------


def test_nvivos_annotation_is_a_note_that_a_link_leads_from_to_a_passage_without_coding() -> None:
    passage = coded(2, 8)
    remark = note("", "How long?", creating_user=MIREILLE.guid)
    ana = text("Ana", WORDS, passage, coded(20, 34, TRUST))
    look = look_at(ana, tool="nvivo", notes=[remark], links=[link(remark, passage)])
    assert told(look) == [("How long?", "waited", "Mireille Pagès")]
    (only,) = all_of(look)
    assert (only.note, only.passage.source, only.passage.selection) == (remark, ana, passage)
    assert look.place_of(only.passage) == "l. 1"
    assert [look.text_of(each) for each in look.quotations()] == ["I trusted her."]


def test_a_link_that_was_drawn_from_the_passage_to_the_note_says_the_same() -> None:
    passage, remark = coded(2, 8), note("", "How long?")
    look = look_at(text("Ana", WORDS, passage), notes=[remark], links=[link(passage, remark)])
    assert told(look) == [("How long?", "waited", None)]


def test_the_text_of_an_annotation_may_be_in_a_file() -> None:
    passage, remark = coded(2, 8), note("", None, plain_text_path="internal://remark.txt")
    files = Files({"sources/remark.txt": b"How long?"})
    look = look_at(text("Ana", WORDS, passage), notes=[remark], links=[link(remark, passage)], files=files)
    assert [each.text for each in look.annotations()] == ["How long?"]


def test_maxqdas_annotation_is_a_passage_without_coding_that_has_a_description() -> None:
    remark = PlainTextSelection(
        guid=guid("remark"),
        name="2,8",
        start_position=2,
        end_position=8,
        description="How long?",
        creating_user=NERYS.guid,
    )
    look = look_at(text("Ana", WORDS, remark), tool="maxqda")
    assert told(look) == [("How long?", "waited", "Nerys Stanway")]
    assert all_of(look)[0].note is None


def test_atlastis_comment_on_a_quotation_is_an_annotation_and_the_quotation_stays_one() -> None:
    passage = coded(2, 8, TRUST)
    passage.description = "How long?"
    look = look_at(text("Ana", WORDS, passage), tool="atlasti")
    assert told(look) == [("How long?", "waited", None)]
    assert len(list(look.quotations())) == 1


def test_nvivos_empty_descriptions_say_nothing() -> None:
    passage = coded(2, 8, TRUST)
    passage.description = " "
    assert all_of(look_at(text("Ana", WORDS, passage), tool="nvivo")) == []


def test_what_stands_at_an_area_and_at_its_words_was_written_once() -> None:
    """ATLAS.ti writes a passage of a PDF twice, under one GUID."""
    said = PlainTextSelection(guid=guid("q"), start_position=0, end_position=4, description="Who?")
    area = PDFSelection(
        guid=guid("q"), page=0, first_x=0, first_y=0, second_x=9, second_y=9, description="Who?", creating_user=""
    )
    representation = Representation(guid=guid("r"), plain_text_content="Come in", plain_text_selections=[said])
    look = look_at(PDFSource(guid=guid("pdf"), pdf_selections=[area], representation=representation), tool="atlasti")
    assert [each.text for each in look.annotations()] == ["Who?"]


def test_two_people_may_have_written_the_same_about_one_passage() -> None:
    remarks = [
        PlainTextSelection(
            guid=guid(user.guid), start_position=0, end_position=4, description="Who?", creating_user=user.guid
        )
        for user in (NERYS, MIREILLE)
    ]
    assert len(all_of(look_at(text("Ana", WORDS, *remarks)))) == 2


@pytest.mark.parametrize("tool", ["qualcoder", "quirkos"])
def test_a_note_that_a_source_refers_to_counts_the_text_of_the_source(tool: str) -> None:
    # The passage would be inside the note's own text too.
    remark = note(
        "Annotation", "How long did she wait, and where?", coded(2, 8), modifying_user=NERYS.guid, creating_user=""
    )
    ana = text("Ana", WORDS, note_refs=refers_to(remark))
    look = look_at(ana, tool=tool, notes=[remark])
    assert told(look) == [("How long did she wait, and where?", "waited", "Nerys Stanway")]
    (only,) = all_of(look)
    assert (only.note, only.passage.source, only.passage.document) == (remark, ana, ana)
    assert look.text_of(remark.plain_text_selections[0]) == "waited"
    assert list(look.quotations()) == []


def test_a_note_of_another_tool_is_believed_to_count_the_source_where_it_reaches_beyond_itself() -> None:
    remark = note("n", "Who?", coded(20, 34))
    look = look_at(text("Ana", WORDS, note_refs=refers_to(remark)), notes=[remark])
    assert told(look) == [("Who?", "I trusted her.", None)]


def test_a_passage_inside_a_note_stays_in_the_note() -> None:
    memo = note("n", "Who says so?", coded(0, 3))
    look = look_at(text("Ana", WORDS, note_refs=refers_to(memo)), notes=[memo])
    assert told(look) == []
    assert [look.text_of(each) for each in look.quotations()] == ["Who"]


def test_a_coded_passage_of_a_note_stays_in_the_note_whatever_the_tool() -> None:
    memo = note("n", "Who says so?", coded(0, 3, TRUST))
    look = look_at(text("Ana", WORDS, note_refs=refers_to(memo)), tool="qualcoder", notes=[memo])
    assert [look.text_of(each) for each in look.quotations()] == ["Who"]
    assert told(look) == []


def test_what_else_was_written_about_a_passage_that_a_note_counts_in_a_source_is_about_the_source_too() -> None:
    passage = coded(2, 8)
    passage.description = "Ask her."
    remark = note("n", "How long?", passage)
    look = look_at(text("Ana", WORDS, note_refs=refers_to(remark)), tool="qualcoder", notes=[remark])
    assert told(look) == [("How long?", "waited", None), ("Ask her.", "waited", None)]


def test_a_note_on_a_pdf_counts_the_words_of_the_pdf() -> None:
    remark = note("n", "Who?", coded(5, 7))
    representation = Representation(guid=guid("r"), plain_text_content="Come in")
    pdf = PDFSource(guid=guid("pdf"), representation=representation, note_refs=refers_to(remark))
    assert told(look_at(pdf, tool="qualcoder", notes=[remark])) == [("Who?", "in", None)]


def test_a_source_without_words_cannot_be_counted_in() -> None:
    remark = note("n", "Who?", coded(5, 7))
    pdf = PDFSource(guid=guid("pdf"), note_refs=refers_to(remark))
    assert told(look_at(pdf, tool="qualcoder", notes=[remark])) == []


def test_notes_on_selections_and_codings_say_what_they_are_about() -> None:
    on_passage, on_coding, on_whole = note("a", "Odd."), note("b", "Or hope?"), note("c", "All of it?")
    passage = coded(2, 8, TRUST)
    passage.note_refs = refers_to(on_passage, on_passage)
    passage.codings[0].note_refs = refers_to(on_coding)
    whole = coding(TRUST, by=MIREILLE)
    whole.note_refs = refers_to(on_whole)
    look = look_at(text("Ana", WORDS, passage, codings=(whole,)), notes=[on_passage, on_coding, on_whole])
    assert told(look) == [
        ("All of it?", "whole source", "Mireille Pagès"),
        ("Odd.", "waited", None),
        ("Or hope?", "waited", "Nerys Stanway"),
    ]
    assert [each.passage.code.name for each in look.annotations()] == ["Trust", "", "Trust"]
    assert len(list(look.quotations())) == 1


def test_a_note_that_is_gone_says_nothing() -> None:
    passage = coded(2, 8, TRUST)
    passage.note_refs = (NoteRef(target_guid=guid("gone")),)
    assert told(look_at(text("Ana", WORDS, passage, note_refs=(NoteRef(target_guid=guid("gone")),)))) == []


def test_a_note_whose_text_is_not_there_is_still_an_annotation() -> None:
    passage, remark = coded(2, 8), note("", None, plain_text_path="internal://gone.txt")
    look = look_at(text("Ana", WORDS, passage), notes=[remark], links=[link(remark, passage)])
    assert told(look) == [(None, "waited", None)]


# --- memos -----------------------------------------------------------------------------------------------------------


def memos(look: Lookup, element: Any) -> list[str | None]:
    return [each.text for each in look.memos_of(element)]


def test_what_refers_to_a_note_has_it_as_its_memo() -> None:
    one, two = note("a", "On trust."), note("b", "On Ana.", creating_user=MIREILLE.guid)
    about = Code(guid=guid("about"), name="About", note_refs=refers_to(one))
    ana = text("Ana", WORDS, note_refs=refers_to(two, two))
    look = look_at(ana, codes=[about], notes=[one, two], note_refs=refers_to(one, two))
    assert (memos(look, about), memos(look, ana)) == (["On trust."], ["On Ana."])
    assert memos(look, look.project) == ["On trust.", "On Ana."]
    (memo,) = look.memos_of(ana)
    assert (memo.user, memo.note) == (MIREILLE, two)


def test_nvivos_memo_is_linked_with_what_it_is_about() -> None:
    of_ana, of_trust = note("a", "On Ana."), note("b", "On trust.")
    ana = text("Ana", WORDS)
    look = look_at(ana, tool="nvivo", notes=[of_ana, of_trust], links=[link(of_ana, ana), link(TRUST, of_trust)])
    assert (memos(look, ana), memos(look, TRUST)) == (["On Ana."], ["On trust."])
    assert look.memos_of(of_ana) == []


def test_nvivos_case_has_the_memos_of_its_code() -> None:
    person, of_person = Case(guid=guid("Ana"), name="Ana"), note("a", "On Ana.")
    twin = Code(guid=guid("Ana"), name="Ana", note_refs=refers_to(of_person))
    look = look_at(codes=[twin], cases=[person], notes=[of_person], links=[link(of_person, person)])
    assert memos(look, person) == ["On Ana."]


def test_a_link_between_two_notes_is_no_memo() -> None:
    one, two = note("a", "One."), note("b", "Two.")
    look = look_at(notes=[one, two], links=[link(one, two)])
    assert memos(look, one) == memos(look, two) == []


@pytest.mark.parametrize(
    ("tool", "expected"), [("maxqda", ["What it is."]), ("qualcoder", ["What it is."]), ("nvivo", []), ("standard", [])]
)
def test_a_description_is_a_memo_where_the_tool_keeps_memos_there(tool: str, expected: list[str]) -> None:
    about = Code(guid=guid("about"), name="About", description="What it is.")
    ana = TextSource(guid=guid("Ana"), plain_text_content=WORDS, description="What it is.", creating_user=NERYS.guid)
    group = Set(guid=guid("set"), name="Interviews", description="What it is.")
    look = look_at(ana, tool=tool, codes=[about], sets=[group])
    for element in (about, ana, group):
        assert memos(look, element) == expected
    assert [each.user for each in look.memos_of(ana)] == [NERYS for _ in expected]


def test_qualcoders_remark_on_a_passage_is_no_memo_of_the_source() -> None:
    remark, memo = note("n", "Who?", coded(2, 8)), note("m", "On Ana.")
    ana = text("Ana", WORDS, note_refs=refers_to(remark, memo))
    assert memos(look_at(ana, tool="qualcoder", notes=[remark, memo]), ana) == ["On Ana."]


def test_a_note_without_a_text_is_read_from_its_description() -> None:
    memo = note("m", None, description="On Ana.")
    ana = text("Ana", WORDS, note_refs=refers_to(memo))
    assert memos(look_at(ana, notes=[memo]), ana) == ["On Ana."]
