"""Texts, positions, selections and files of a study whose names were replaced."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from qdabridge.deposit.pseudonymising import Entry, Key, Matcher, Pseudonymised, pseudonymise
from qdabridge.errors import BadRequest
from qdabridge.study.files import Files
from qdabridge.study.form import Form
from qdabridge.study.model import (
    AudioSource,
    Case,
    Code,
    CodeBook,
    CodeRef,
    Coding,
    Link,
    Note,
    NoteRef,
    PDFSource,
    PlainTextSelection,
    Project,
    Representation,
    SelectionRef,
    SourceRef,
    SyncPoint,
    TextSource,
    Transcript,
    TranscriptSelection,
)
from qdabridge.study.study import Study

ROSE = Entry("Margaret", "Rose", "person", row=2)
JONES = Entry("Margaret Smith", "Rose Jones", "person", row=3)
TEXT = "I asked Margaret Smith twice. MARGARET laughed."


def marked(start: int, end: int, name: str | None = None, **more: Any) -> PlainTextSelection:
    return PlainTextSelection(guid=f"S{start}-{end}", start_position=start, end_position=end, name=name, **more)


def source(text: str, *selections: PlainTextSelection, guid: str = "T", **more: Any) -> TextSource:
    return TextSource(guid=guid, plain_text_content=text, plain_text_selections=list(selections), **more)


def done(*sources: Any, key: tuple[Entry, ...] = (ROSE, JONES), files: dict[str, bytes] | None = None, **more: Any):
    return pseudonymise(Study(Project(name="P", sources=list(sources), **more), Files(files or {})), Key(key))


def first_of(result: Pseudonymised) -> Any:
    assert result.study.project.sources
    return result.study.project.sources[0]


def quotes(result: Pseudonymised) -> list[str]:
    after = first_of(result)
    text = result.study.text_of(after) or ""
    return [text[each.start_position : each.end_position] for each in after.plain_text_selections]


def test_every_quote_is_the_old_one_with_its_names_replaced() -> None:
    result = done(source(TEXT, marked(0, 7), marked(2, 22), marked(30, 47), marked(23, 28)))
    assert quotes(result) == ["I asked", "asked Rose Jones", "ROSE laughed.", "twice"]


def test_a_selection_that_cuts_a_name_grows_to_cover_it_whole() -> None:
    result = done(source(TEXT, marked(0, 12), marked(17, 28), marked(10, 11)))
    assert quotes(result) == ["I asked Rose Jones", "Rose Jones twice", "Rose Jones"]


@pytest.mark.parametrize(
    ("name", "after"),
    [
        (TEXT[:22], "I asked Rose Jones"),
        (TEXT[:12], "I asked Rose Jones"),
        (TEXT[:12] + "…", "I asked Rose Jones…"),
        (TEXT[:10] + "...", "I asked Rose Jones..."),
        ("What Margaret heard", "What Rose heard"),
        ("", ""),
        (None, None),
    ],
)
def test_a_selection_name_that_was_a_slice_stays_one(name: str | None, after: str | None) -> None:
    assert first_of(done(source(TEXT, marked(0, 22, name)))).plain_text_selections[0].name == after


def test_a_selection_name_on_one_line_stays_that() -> None:
    text = "I asked\n  Margaret\nSmith twice."
    result = done(source(text, marked(0, 24, "I asked Margaret Smith"), marked(0, 24, "I asked Marg…")))
    assert [each.name for each in first_of(result).plain_text_selections] == [
        "I asked Rose Jones",
        "I asked Rose Jones…",
    ]


def test_a_text_in_a_file_keeps_its_byte_order_mark_and_its_line_ends() -> None:
    text = TextSource(guid="T", plain_text_path="internal://a.txt", plain_text_selections=[marked(3, 11)])
    result = done(text, files={"sources/a.txt": "\ufeffA\r\nMargaret".encode()})
    assert result.study.files.read("sources/a.txt") == "\ufeffA\r\nRose".encode()
    assert quotes(result) == ["Rose"]


def test_two_that_share_a_file_move_alike() -> None:
    both = [
        TextSource(guid=guid, plain_text_path="internal://a.txt", plain_text_selections=[marked(9, 14)])
        for guid in "AB"
    ]
    result = done(*both, files={"sources/a.txt": b"Margaret spoke."})
    spans = [each.plain_text_selections[0] for each in result.study.project.sources or ()]  # type: ignore[union-attr]
    assert [(each.start_position, each.end_position) for each in spans] == [(5, 10), (5, 10)]
    assert sum(each.count for each in result.done if each.place == "text") == 1


def test_names_of_files_change_with_all_that_refers_to_them() -> None:
    text = TextSource(guid="T", plain_text_path="internal://margaret_smith.txt")
    other = TextSource(guid="U", plain_text_path="internal://Margaret-Smith.txt")
    files = {"sources/margaret_smith.txt": b"Hello.", "sources/Margaret-Smith.txt": b"Bye.", "sources/x.txt": b"x"}
    result = done(text, other, files=files)
    assert list(result.study.files) == ["sources/Rose Jones.txt", "sources/Rose Jones-2.txt", "sources/x.txt"]
    assert [result.study.text_of(each) for each in result.study.project.sources or ()] == ["Hello.", "Bye."]  # type: ignore[arg-type]


def test_a_pseudonym_makes_no_folder() -> None:
    key = (Entry("Cardiff", "../town/[city]"),)
    text = TextSource(guid="T", plain_text_path="internal://Cardiff.txt")
    result = done(text, key=key, files={"sources/Cardiff.txt": b"Hello."})
    assert list(result.study.files) == ["sources/..-town-[city].txt"]
    assert result.study.text_of(first_of(result)) == "Hello."


def test_the_name_of_the_project_file_changes() -> None:
    study = Study(Project(name="P"), form=Form(project_entry="Margaret Smith.qde"))
    after = pseudonymise(study, Key((ROSE, JONES))).study
    assert after.form is not None and after.form.project_entry == "Rose Jones.qde"


def test_files_that_nothing_refers_to_are_looked_into() -> None:
    result = done(files={"sources/notes.csv": b"who\nMargaret\n", "sources/u.txt": "Margaret".encode("utf-16")})
    assert result.study.files.read("sources/notes.csv") == b"who\nRose\n"
    assert result.study.files.read("sources/u.txt").decode("utf-16") == "Rose"


def test_what_cannot_be_changed_is_named() -> None:
    pdf = PDFSource(guid="P", path="internal://a.pdf")
    bad = TextSource(guid="T", plain_text_path="internal://b.txt")
    files = {"sources/a.pdf": b"%PDF-1.7 Margaret", "sources/b.txt": b"Margar\xe9t", "sources/c.png": b"\x89PNG\0"}
    result = done(pdf, bad, files=files)
    assert sorted(result.untouched) == [
        ("sources/a.pdf", "not text", ("P",)),
        ("sources/b.txt", "not UTF-8", ("T",)),
        ("sources/c.png", "not text", ()),
    ]


def test_a_text_outside_the_package_is_told_and_its_positions_stay(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Margaret spoke.")
    text = TextSource(guid="T", name="A", plain_text_path="relative://a.txt", plain_text_selections=[marked(9, 14)])
    study = Study(Project(name="P", sources=[text]), Files(media=tmp_path))
    result = pseudonymise(study, Key((ROSE,)))
    assert first_of(result).plain_text_selections[0].start_position == 9
    assert [each.code for each in result.findings if each.severity == "warning"] == ["PSEUDONYM-TEXT-OUTSIDE"]


def test_the_text_of_a_pdf_moves_its_selections() -> None:
    words = Representation(guid="R", plain_text_content=TEXT, plain_text_selections=[marked(2, 22)])
    after = first_of(done(PDFSource(guid="P", representation=words))).representation
    assert after.plain_text_content[after.plain_text_selections[0].start_position :].startswith("asked Rose Jones")


def transcript(*stretches: tuple[str, str]) -> AudioSource:
    points = [SyncPoint(guid=f"P{at}", position=at, time_stamp=at * 100) for at in (0, 12, 30, 47)]
    selections = [
        TranscriptSelection(guid=f"S{number}", from_sync_point=begin, to_sync_point=end)
        for number, (begin, end) in enumerate(stretches)
    ]
    words = Transcript(guid="W", plain_text_content=TEXT, sync_points=points, transcript_selections=selections)
    return AudioSource(guid="A", transcripts=[words])


def stretches(result: Pseudonymised) -> list[str]:
    after = first_of(result).transcripts[0]
    at = {point.guid: point.position for point in after.sync_points}
    return [
        after.plain_text_content[at[each.from_sync_point] : at[each.to_sync_point]]
        for each in after.transcript_selections
    ]


def test_sync_points_move_with_the_text() -> None:
    after = first_of(done(transcript())).transcripts[0]
    assert [(point.position, point.time_stamp) for point in after.sync_points] == [
        (0, 0),
        (8, 1200),
        (26, 3000),
        (39, 4700),
    ]


def test_a_stretch_of_a_transcript_that_cuts_a_name_grows() -> None:
    assert stretches(done(transcript(("P0", "P12")))) == ["I asked Rose Jones"]
    assert stretches(done(transcript(("P12", "P30")))) == ["Rose Jones twice. "]


def test_two_stretches_that_meet_inside_a_name_both_grow() -> None:
    result = done(transcript(("P0", "P12"), ("P12", "P30")))
    assert stretches(result) == ["I asked Rose Jones", "Rose Jones twice. "]
    points = first_of(result).transcripts[0].sync_points
    assert [point.position for point in points] == [0, 8, 18, 26, 39]
    assert len({point.guid for point in points}) == 5


def test_a_remark_that_stands_in_a_note_and_counts_the_source_moves_with_the_source() -> None:
    note = Note(guid="N", plain_text_content="Really?", plain_text_selections=[marked(30, 47)])
    text = source(TEXT, note_refs=(NoteRef(target_guid="N"),))
    result = done(text, notes=[note])
    assert result.study.project.notes
    moved = result.study.project.notes[0].plain_text_selections[0]
    assert (result.study.text_of(first_of(result)) or "")[moved.start_position : moved.end_position] == "ROSE laughed."


def test_an_entry_for_one_source_holds_in_it_its_notes_and_its_files_only() -> None:
    key = (Entry("Ana", "Rose", scope="01"), Entry("Ana", "Lily", scope="02"), Entry("Ana", "[name]"))
    first = source("Ana", guid="A", name="01", note_refs=(NoteRef(target_guid="N"),))
    second = TextSource(guid="B", name="02", plain_text_path="internal://ana.txt")
    notes = [Note(guid="N", plain_text_content="Ana"), Note(guid="M", name="Ana")]
    result = done(first, second, key=key, notes=notes, files={"sources/ana.txt": b"Ana"})
    project = result.study.project
    assert [result.study.text_of(each) for each in project.sources or ()] == ["Rose", "Lily"]  # type: ignore[arg-type]
    assert list(result.study.files) == ["sources/Lily.txt"]
    assert [each.plain_text_content or each.name for each in project.notes or ()] == ["Rose", "[name]"]


def test_an_entry_for_a_case_holds_in_its_sources_and_its_passages() -> None:
    key = (Entry("Ana", "Rose", scope="Case A"), Entry("Ana", "Lily", scope="case b"))
    group = source("Ana and Ana", marked(0, 4), marked(4, 11), guid="G")
    own = source("Ana", guid="A")
    cases = [
        Case(guid="CA", name="Case A", description="Ana", source_refs=(SourceRef(target_guid="A"),),
             selection_refs=(SelectionRef(target_guid="S0-4"),)),
        Case(guid="CB", name="Case B", selection_refs=(SelectionRef(target_guid="S4-11"),)),
    ]  # fmt: skip
    result = done(group, own, key=key, cases=cases)
    assert [each.plain_text_content for each in result.study.project.sources or ()] == ["Rose and Lily", "Rose"]  # type: ignore[union-attr]
    assert result.study.project.cases and result.study.project.cases[0].description == "Rose"


def test_the_formatted_form_of_a_source_has_the_names_of_all_its_cases_replaced() -> None:
    key = (Entry("Ana", "Rose", scope="Case A"),)
    text = source("Ana and Ana", marked(0, 4), rich_text_path="internal://t.html")
    cases = [Case(guid="CA", name="Case A", selection_refs=(SelectionRef(target_guid="S0-4"),))]
    result = done(text, key=key, cases=cases, files={"sources/t.html": b"<b>Ana</b> and Ana"})
    assert first_of(result).plain_text_content == "Rose and Ana"
    assert result.study.files.read("sources/t.html") == b"<b>Rose</b> and Rose"
    assert [(each.code, each.where) for each in result.findings] == [("PSEUDONYM-SCOPE-WHOLE", "sources/t.html")]


def test_word_documents_are_replaced_by_what_knows_them_and_counted() -> None:
    stored = io.BytesIO()
    document = Document()
    document.add_paragraph("Margaret, MARGARET")
    document.save(stored)
    text = source("x", name="Margaret", rich_text_path="internal://Margaret.docx")
    result = done(text, files={"sources/Margaret.docx": stored.getvalue()})
    found = Document(io.BytesIO(result.study.files.read("sources/Rose.docx")))
    assert [paragraph.text for paragraph in found.paragraphs] == ["Rose, ROSE"]
    told = [(each.place, each.where, each.count) for each in result.done]
    assert ("Word document", "sources/Rose.docx", 2) in told
    assert result.untouched == ()


def test_a_note_that_is_linked_with_a_case_is_the_case_s() -> None:
    cases = [Case(guid="C", name="Case A")]
    notes = [Note(guid="N", plain_text_content="Ana")]
    links = [Link(guid="L", name="Ana", origin_guid="C", target_guid="N")]
    project = done(key=(Entry("Ana", "Rose", scope="Case A"),), cases=cases, notes=notes, links=links).study.project
    assert project.notes and project.notes[0].plain_text_content == "Rose"
    assert project.links and project.links[0].name == "Rose"


def test_a_scope_that_the_study_does_not_have_is_refused() -> None:
    with pytest.raises(BadRequest, match="scope “03”: The study has no source and no case"):
        done(key=(Entry("Ana", "Rose", scope="03"),))


def test_what_was_done_is_told_place_by_place_without_the_name() -> None:
    code = Code(guid="C", name="Margaret's chair")
    coding = Coding(guid="K", code_ref=CodeRef(target_guid="C"))
    text = source(TEXT, marked(30, 47, TEXT[30:47], codings=(coding,)), name="Margaret, 1")
    result = done(text, code_book=CodeBook(codes=[code]))
    told = {(each.kind, each.replace, each.row, each.place, each.where): each.count for each in result.done}
    assert told == {
        ("person", "Rose", 2, "name of a code", "Rose's chair"): 1,
        ("person", "Rose", 2, "name of a source", "Rose, 1"): 1,
        ("person", "Rose Jones", 3, "text", "Rose, 1"): 1,
        ("person", "Rose", 2, "text", "Rose, 1"): 1,
        ("person", "Rose", 2, "name of a selection", "Rose, 1"): 1,
    }
    assert "argaret" not in repr(result.done) + repr(result.findings)


def test_the_study_that_was_given_is_as_it_was() -> None:
    text = source(TEXT, marked(30, 47, TEXT[30:47]))
    study = Study(Project(name="P", sources=[text]))
    pseudonymise(study, Key((ROSE,)))
    assert text.plain_text_content == TEXT
    assert (text.plain_text_selections[0].start_position, text.plain_text_selections[0].name) == (30, TEXT[30:47])


NAMES = ["Margaret", "MARGARET", "Margaret\r\nSmith", "Margaret Smith's", "Smith"]
ODDITIES = ["👩\u200d👩\u200d👧", "é", "e\u0301", "was", "\u00ad"]
WORDS = st.lists(st.sampled_from(NAMES + ODDITIES) | st.text(max_size=4), max_size=15).map(" ".join)


@settings(deadline=None)
@given(WORDS, st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120)), max_size=8))
def test_any_selection_of_any_text_keeps_its_quote_grown_and_replaced(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(min(pair), max(pair)) for pair in ((a % (len(text) + 1), b % (len(text) + 1)) for a, b in spans)]
    study = Study(Project(name="P", sources=[source(text, *(marked(*span, text[slice(*span)]) for span in inside))]))
    result = pseudonymise(study, Key((ROSE, JONES, Entry("Smith", "Jones"))))
    after = first_of(result)
    new = result.study.text_of(after) or ""
    assert "margaret" not in new.casefold() and "smith" not in new.casefold()
    replacing = Matcher(Key((ROSE, JONES, Entry("Smith", "Jones")))).replaced(text)
    for each, span in zip(after.plain_text_selections, inside, strict=True):
        grown = replacing.grown(*span)
        alone = Matcher(Key((ROSE, JONES, Entry("Smith", "Jones")))).text(text[slice(*grown)])
        quote = new[each.start_position : each.end_position]
        assert quote == alone
        assert each.name == quote or not text[slice(*span)]
