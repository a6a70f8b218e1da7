"""A study written for a tool is in that tool's form, is valid, and is read back as the same study."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

import qdabridge as qda
from conftest import ROOT, SHARED
from formats.refi.documents import KITCHEN_SINK, documents
from qdabridge.formats.media import Gauge
from qdabridge.formats.refi import adapting
from qdabridge.formats.refi.adapting.comments import split_comment
from qdabridge.formats.refi.adapting.pdf import page_heights
from qdabridge.formats.refi.adapting.richtext import docx_of
from qdabridge.formats.refi.adapting.texts import with_line_ends
from qdabridge.formats.refi.proof import Measured, read_back
from qdabridge.formats.refi.verdict import KINDS
from qdabridge.formats.refi.writing import profiles
from qdabridge.safety import writing as writing_safely
from qdabridge.study.counts import counts
from qdabridge.study.files import BytesEntry, Files

m = qda.model
TOOLS = ("atlasti", "maxqda", "nvivo", "nvivo-mac", "qualcoder")
ALL = ("standard", *TOOLS)
TEXT = "I waited \U0001f600 weeks.\r\nThen Dr Őry saw me.\r\nAfterwards I went home.\r\n"
ANA, BEN = "11111111-1111-4111-8111-111111111111", "{AAAAAAAA-1111-4111-8111-111111111112}"


def guid(number: int) -> str:
    return f"22222222-2222-4222-8222-{number:012d}"


def coding(number: int, code: int, user: str = ANA) -> qda.model.Coding:
    return m.Coding(guid=guid(number), creating_user=user, code_ref=m.CodeRef(target_guid=guid(code)))


def passage(number: int, quote: str, *codings: qda.model.Coding, **fields: object) -> qda.model.PlainTextSelection:
    start = TEXT.index(quote)
    return m.PlainTextSelection(
        guid=guid(number), start_position=start, end_position=start + len(quote), codings=codings, **fields
    )


def one_text(*passages: qda.model.PlainTextSelection, **more: object) -> qda.Study:
    source = m.TextSource(
        guid=guid(1), name="Ana.txt", plain_text_path="internal://ana.txt", plain_text_selections=list(passages)
    )
    codes = [
        m.Code(guid=guid(10), name="Access", codes=[m.Code(guid=guid(11), name="Time")]),
        m.Code(guid=guid(12), name="time", color="#aB3", is_codable=False),
    ]
    project = qda.Project(
        name="Care",
        users=[m.User(guid=ANA, name="Ana"), m.User(guid=BEN, name="Ben")],
        code_book=m.CodeBook(codes=codes),
        sources=[source],
        **more,
    )
    return qda.Study(project, Files({"sources/ana.txt": TEXT.encode()}))


def written(study: qda.Study, folder: Path, profile: str) -> qda.Study:
    qda.write(study, folder / f"{profile}.qdpx", profile, overwrite=True)
    return qda.read(folder / f"{profile}.qdpx")


def first_text(study: qda.Study) -> qda.model.TextSource:
    assert study.project.sources
    source = study.project.sources[0]
    assert isinstance(source, m.TextSource)
    return source


def found(study: qda.Study, folder: Path, profile: str, code: str) -> list[int]:
    findings = qda.write(study, folder / "found.qdpx", profile, overwrite=True)
    return [finding.count for finding in findings if finding.code == code]


def schema() -> etree.XMLSchema:
    official = SHARED / "reference" / "standard" / "Project.xsd"
    return etree.XMLSchema(etree.parse(official if official.is_file() else ROOT / "schemas" / "Project.xsd"))


def xml_of(path: Path) -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("project.qde"))


def quotes(study: qda.Study) -> list[tuple[str, str]]:
    """What is coded with what, codes that stand for cases and folders aside, line ends aside."""
    look = qda.Lookup(study)
    themes = {id(code) for code in look.themes}
    return sorted(
        (reference.code.name, (look.words_of(reference) or look.place_of(reference)).replace("\r\n", "\n"))
        for reference in look.references()
        if id(reference.code) in themes
    )


def spelled(value: object) -> str:
    """A value as it is written, whatever its type."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value).lower() if isinstance(value, bool) else str(value)


# --- whole studies ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo() -> Iterator[qda.Study]:
    with qda.read(ROOT / "fixtures" / "demo" / "demo.qdpx") as study:
        yield study


@pytest.mark.parametrize("profile", ALL)
def test_the_demo_study_comes_back_the_same(demo: qda.Study, tmp_path: Path, profile: str) -> None:
    before = deepcopy(demo.project)
    with written(demo, tmp_path, profile) as again:
        assert quotes(again) == quotes(demo)
        was, now = qda.Lookup(demo), qda.Lookup(again)
        assert [code.name for code in now.themes] == [code.name for code in was.themes]
        for case in demo.project.cases or ():
            twin = now.case(case.guid)
            assert twin is not None
            assert twin.name == case.name
            # Types may have changed; what is said may not.
            said = [spelled(value) for values in was.values_of(case).values() for value in values]
            assert [spelled(value) for values in now.values_of(twin).values() for value in values] == said
            assert said
        assert [finding for finding in again.findings if finding.severity == "error"] == []
    assert demo.project == before


@pytest.mark.parametrize("profile", ALL)
def test_every_profile_writes_a_valid_file(demo: qda.Study, tmp_path: Path, profile: str) -> None:
    findings = qda.write(demo, tmp_path / "out.qdpx", profile)
    schema().assertValid(xml_of(tmp_path / "out.qdpx"))
    assert "SCHEMA-INVALID" not in {finding.code for finding in findings}
    with zipfile.ZipFile(tmp_path / "out.qdpx") as archive:
        assert archive.namelist()[0] == "project.qde"
        assert all(name.startswith("sources/") for name in archive.namelist()[1:])
        assert archive.testzip() is None


@pytest.mark.parametrize("profile", ALL)
def test_the_real_sample_has_the_same_97_quotes(nvivo_sample: Path, tmp_path: Path, profile: str) -> None:
    with qda.read(nvivo_sample) as study, written(study, tmp_path, profile) as again:
        assert len(quotes(study)) == 97
        assert quotes(again) == quotes(study)
        schema().assertValid(xml_of(tmp_path / f"{profile}.qdpx"))


@pytest.mark.parametrize("profile", TOOLS)
def test_the_same_study_gives_the_same_bytes_for_a_tool(tmp_path: Path, profile: str) -> None:
    for name in ("a", "b"):
        qda.write(one_text(passage(2, "waited", coding(3, 10))), tmp_path / f"{name}.qdpx", profile)
    assert (tmp_path / "a.qdpx").read_bytes() == (tmp_path / "b.qdpx").read_bytes()


@pytest.mark.parametrize("profile", TOOLS)
def test_the_tool_is_recognised_by_the_origin(tmp_path: Path, profile: str) -> None:
    with written(one_text(), tmp_path, profile) as again:
        assert again.form is not None
        assert again.form.tool == profile.removesuffix("-mac")


@pytest.mark.parametrize("profile", TOOLS)
def test_whatever_the_schema_allows_can_be_written_for_a_tool(
    tmp_path_factory: pytest.TempPathFactory, profile: str
) -> None:
    folder = tmp_path_factory.mktemp("any")

    # What fails is large and slow to make smaller; as it is, it can be looked at too.
    unshrunk = (Phase.explicit, Phase.reuse, Phase.generate)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=unshrunk)
    @given(documents())
    def written_and_read(document: bytes) -> None:
        (folder / "any.qde").write_bytes(document)
        with qda.read(folder / "any.qde") as study:
            before = deepcopy(study.project)
            findings = qda.write(study, folder / "out.qdpx", profile, overwrite=True)
            assert study.project == before
            assert [one for one in findings if one.kind == "loss"] == qda.losses(study, profile)
            if "SCHEMA-INVALID" not in {one.code for one in findings}:
                assert counts(study.project).cases <= counts(qda.read(folder / "out.qdpx").project).cases
        if profile == "atlasti":
            guids = [str(found.get("guid")) for found in xml_of(folder / "out.qdpx").iter() if found.get("guid")]
            assert len(guids) == len(set(guids))

    written_and_read()


def test_the_document_with_everything_can_be_written_for_every_tool(tmp_path: Path) -> None:
    (tmp_path / "all.qde").write_bytes(KITCHEN_SINK)
    with qda.read(tmp_path / "all.qde") as study:
        for profile in TOOLS:
            with written(study, tmp_path, profile) as again:
                assert counts(again.project).codings >= counts(study.project).codings - 1


# --- texts and positions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "text", "start"),
    [
        ("nvivo", b"\xef\xbb\xbf" + TEXT.encode(), TEXT.index("Őry") + 1),
        ("nvivo-mac", TEXT.replace("\r\n", "\n").encode(), TEXT.index("Őry")),
        ("maxqda", TEXT.replace("\r\n", "\n").encode(), TEXT.index("Őry") - 1),
        ("qualcoder", TEXT.replace("\r\n", "\n").encode(), TEXT.index("Őry") - 1),
    ],
)
def test_positions_are_counted_as_the_tool_counts(tmp_path: Path, profile: str, text: bytes, start: int) -> None:
    with written(one_text(passage(2, "Őry", coding(3, 10))), tmp_path, profile) as again:
        (selection,) = xml_of(tmp_path / f"{profile}.qdpx").iter("{*}PlainTextSelection")
        assert (selection.get("startPosition"), selection.get("endPosition")) == (str(start), str(start + 3))
        name = again.files.find(first_text(again).plain_text_path or "")
        assert name is not None
        assert again.files.read(name) == text
        assert quotes(again) == [("Access", "Őry")]


@given(st.text(alphabet="ab\r\n\U0001f600", max_size=30), st.data())
def test_a_passage_keeps_its_words_whatever_the_line_ends(text: str, data: st.DataObject) -> None:
    # A passage that begins or ends between CR and LF has no words of its own there.
    places = [place for place in range(len(text) + 1) if text[place - 1 : place + 1] != "\r\n" or place == 0]
    start, end = sorted((data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))))
    plain = text[start:end].replace("\r\n", "\n").replace("\r", "\n")
    for line_ends, words in (("lf", plain), ("crlf", plain.replace("\n", "\r\n"))):
        changed, moved = with_line_ends(text, line_ends)
        assert changed[moved(start) : moved(end)] == words


@pytest.mark.parametrize(
    ("text", "profile", "told"),
    [
        (TEXT, "nvivo", []),
        (TEXT, "maxqda", [1]),
        (TEXT.replace("\r\n", "\n"), "nvivo", [1]),
        (TEXT.replace("\r\n", "\n"), "maxqda", []),
        (TEXT.replace("\r\n", "\r"), "qualcoder", [1]),
        (TEXT.replace("\r\n", "\r"), "standard", []),
    ],
)
def test_lines_that_end_otherwise_afterwards_are_told(tmp_path: Path, text: str, profile: str, told: list[int]) -> None:
    study = one_text()
    study.files.put("sources/ana.txt", text.encode())
    assert found(study, tmp_path, profile, "LINE-ENDS") == told


def test_a_folder_of_media_that_is_left_out_is_told(tmp_path: Path) -> None:
    for base_path, told in (("E:/Media/", [1]), ("", []), (None, [])):
        study = one_text(base_path=base_path)
        assert found(study, tmp_path, "maxqda", "BASE-PATH-LEFT") == told
        assert found(study, tmp_path, "standard", "BASE-PATH-LEFT") == []


def test_passages_behind_an_emoji_are_counted_where_the_counting_is_not_known(tmp_path: Path) -> None:
    study = one_text(passage(2, "waited", coding(3, 10)), passage(4, "Őry", coding(5, 10)))
    assert found(study, tmp_path, "maxqda", "WIDE-CHARACTERS") == [1]
    assert found(study, tmp_path, "qualcoder", "WIDE-CHARACTERS") == []


def test_a_word_document_has_the_characters_of_the_text() -> None:
    from docx import Document

    text = "one\ttwo\r\n\r\n  <three> \U0001f600 \x07\nend"
    paragraphs = Document(io.BytesIO(docx_of(text))).paragraphs
    assert "\n".join(each.text for each in paragraphs) == text.replace("\r\n", "\n").replace("\x07", "\ufffd")
    assert docx_of(text) == docx_of(text)


def test_word_documents_are_made_for_nvivo_and_left_out_for_maxqda(tmp_path: Path) -> None:
    study = one_text()
    first_text(study).rich_text_path = "internal://ana.docx"
    study.files.put("sources/ana.docx", docx_of("made elsewhere"))
    for profile, names in {
        "nvivo": {f"sources/{guid(1)}.docx", f"sources/{guid(1)}.txt"},
        "maxqda": {f"sources/{guid(1)}.txt"},
        "qualcoder": {f"sources/{guid(1)}.docx", f"sources/{guid(1)}.txt"},
    }.items():
        with written(study, tmp_path, profile) as again:
            assert set(again.files) == names
    assert found(study, tmp_path, "nvivo", "RICH-TEXT-MADE") == []
    assert found(one_text(), tmp_path, "nvivo", "RICH-TEXT-MADE") == [1]
    assert found(study, tmp_path, "maxqda", "RICH-TEXT-LEFT") == [1]


def test_a_text_inside_the_xml_becomes_a_file(tmp_path: Path) -> None:
    study = one_text(passage(2, "Őry", coding(3, 10)))
    first_text(study).plain_text_path, first_text(study).plain_text_content = None, TEXT
    with written(study, tmp_path, "qualcoder") as again:
        assert first_text(again).plain_text_path == f"internal://{guid(1)}.txt"
        assert quotes(again) == [("Access", "Őry")]


# --- selections and comments -----------------------------------------------------------------------------------------


def test_nvivo_has_a_selection_for_each_coding(tmp_path: Path) -> None:
    study = one_text(passage(2, "waited", coding(3, 10), coding(4, 11), coding(5, 11, BEN), description="why?"))
    with written(study, tmp_path, "nvivo") as again:
        selections = first_text(again).plain_text_selections
        assert [len(each.codings) for each in selections] == [1, 1, 1]
        assert [each.description for each in selections] == ["why?", None, None]
        assert len({each.guid for each in selections}) == 3
    assert found(study, tmp_path, "nvivo", "SELECTIONS-SPLIT") == [2]


def test_others_have_a_selection_for_each_passage_and_coder(tmp_path: Path) -> None:
    study = one_text(
        passage(2, "waited", coding(3, 10), description="why?"),
        passage(4, "waited", coding(5, 11), coding(6, 11, BEN), description="indeed"),
        passage(7, "waited", description="a comment alone"),
        passage(8, "weeks", coding(9, 10)),
        links=[m.Link(guid=guid(20), direction="OneWay", origin_guid=guid(4), target_guid=guid(8))],
        cases=[m.Case(guid=guid(21), name="Ana", selection_refs=(m.SelectionRef(target_guid=guid(4)),))],
    )
    with written(study, tmp_path, "maxqda") as again:
        selections = first_text(again).plain_text_selections
        assert [len(each.codings) for each in selections] == [2, 1, 0, 1]
        assert selections[0].description == "why?\n\nindeed"
        assert [qda.Lookup(again).user(each.creating_user or ANA).name for each in selections[:2]] == ["Ana", "Ben"]
        assert again.project.links
        assert again.project.links[0].origin_guid == guid(2).upper()
        assert again.project.cases
        assert again.project.cases[0].selection_refs[0].target_guid == guid(2).upper()


def area(number: int, code: int, words: str | None, *passages: qda.model.PlainTextSelection) -> qda.model.PDFSelection:
    made = m.PDFSelection(
        guid=guid(number), page=0, first_x=1, first_y=2, second_x=30, second_y=40, codings=(coding(number + 1, code),)
    )
    if words is not None:
        made.representation = m.Representation(
            guid=guid(number + 2), plain_text_content=words, plain_text_selections=list(passages)
        )
    return made


def with_areas(*areas: qda.model.PDFSelection) -> qda.Study:
    study = one_text()
    source = m.PDFSource(guid=guid(60), name="leaflet", path="internal://leaflet.pdf", pdf_selections=list(areas))
    assert study.project.sources is not None
    study.project.sources.append(source)
    study.files.put("sources/leaflet.pdf", b"%PDF-1.7")
    return study


@pytest.mark.parametrize("profile", ["maxqda", "atlasti"])
def test_what_is_coded_in_the_words_of_an_area_outlives_the_joining_of_areas(tmp_path: Path, profile: str) -> None:
    study = with_areas(
        area(30, 10, TEXT, passage(33, "waited", coding(34, 10))),
        area(40, 11, TEXT, passage(43, "weeks", coding(44, 11))),
    )
    before = quotes(study)
    assert ("Time", "weeks") in before
    with written(study, tmp_path, profile) as again:
        assert quotes(again) == before
    assert found(study, tmp_path, profile, "SELECTIONS-JOINED") == []


@pytest.mark.parametrize("profile", ["maxqda", "atlasti"])
def test_areas_that_are_joined_keep_their_words(tmp_path: Path, profile: str) -> None:
    for words in ((None, TEXT), (TEXT, None), (TEXT, TEXT)):
        study = with_areas(area(30, 10, words[0]), area(40, 11, words[1]))
        with written(study, tmp_path, profile) as again:
            assert [quote for _, quote in quotes(again)] == [TEXT.replace("\r\n", "\n")] * 2
        assert found(study, tmp_path, profile, "SELECTIONS-JOINED") == [1]


def test_areas_of_other_words_stay_two(tmp_path: Path) -> None:
    study = with_areas(area(30, 10, "I waited."), area(40, 11, "He waited."))
    with written(study, tmp_path, "maxqda") as again:
        assert [quote for _, quote in quotes(again)] == ["I waited.", "He waited."]


def test_a_long_comment_goes_on_in_a_note_for_maxqda(tmp_path: Path) -> None:
    comment = "word \U0001f600 " * 100
    study = one_text(passage(2, "waited", coding(3, 10), description=comment))
    with written(study, tmp_path, "maxqda") as again:
        (selection,) = first_text(again).plain_text_selections
        assert selection.description is not None
        assert len(selection.description.encode("utf-16-le")) // 2 <= 511
        (note,) = again.project.notes or ()
        assert selection.description + (note.plain_text_content or "") == comment
        assert [ref.target_guid for ref in selection.note_refs] == [note.guid]
    assert found(study, tmp_path, "maxqda", "COMMENT-CONTINUED") == [1]


@given(st.text(alphabet="ab \U0001f600\n", max_size=40), st.integers(2, 20))
def test_a_comment_in_two_parts_is_the_whole_comment(comment: str, limit: int) -> None:
    head, rest = split_comment(comment, limit)
    assert head + rest == comment
    assert len(head.encode("utf-16-le")) // 2 <= limit
    assert (not rest) == (len(comment.encode("utf-16-le")) // 2 <= limit)


def test_a_comment_without_coding_is_a_linked_note_for_nvivo(tmp_path: Path) -> None:
    study = one_text(passage(2, "waited", description="why?\nnobody says"))
    with written(study, tmp_path, "nvivo") as again:
        (link,), (note,) = again.project.links or (), again.project.notes or ()
        assert (link.origin_guid, link.target_guid) == (note.guid, guid(2))
        assert note.name == ""
        assert again.text_of(note) == "why?\r\nnobody says"
        assert first_text(again).plain_text_selections[0].description is None


# --- cases and variables ---------------------------------------------------------------------------------------------


def with_cases() -> qda.Study:
    def value(variable: int, **given: object) -> qda.model.VariableValue:
        return m.VariableValue(variable_ref=m.VariableRef(target_guid=guid(variable)), **given)

    cases = [
        m.Case(
            guid=guid(30),
            name="Ana",
            source_refs=(m.SourceRef(target_guid=guid(1)),),
            variable_values=(value(40, integer_value=45), value(41, boolean_value=True)),
        ),
        m.Case(
            guid=guid(31),
            name="Her mother",
            selection_refs=(m.SelectionRef(target_guid=guid(2)),),
            variable_values=(value(40, integer_value=80),),
        ),
    ]
    variables = [
        m.Variable(guid=guid(40), name="Age", type_of_variable="Integer"),
        m.Variable(guid=guid(41), name="Waits", type_of_variable="Boolean"),
    ]
    return one_text(passage(2, "waited", coding(3, 10)), cases=cases, variables=variables)


def test_a_case_is_a_code_with_the_same_guid_for_nvivo(tmp_path: Path) -> None:
    with written(with_cases(), tmp_path, "nvivo") as again:
        look = qda.Lookup(again)
        ana, mother = again.project.cases or ()
        assert [look.is_case(code) for code in look.codes if code.name in ("Ana", "Her mother")] == [True, True]
        assert [code.name for code in look.themes] == ["Access", "Time", "time"]
        spans = {
            (each.codings[0].code_ref.target_guid, each.start_position, each.end_position)
            for each in first_text(again).plain_text_selections
        }
        assert (ana.guid, 0, len(TEXT)) in spans
        assert (mother.guid, 2, 8) in spans
        assert [each.code.name for each in look.references_of(mother)] == ["Access"]


@pytest.mark.parametrize(("profile", "lost"), [("maxqda", [1]), ("qualcoder", [])])
def test_values_of_a_case_stand_at_its_sources(tmp_path: Path, profile: str, lost: list[int]) -> None:
    with written(with_cases(), tmp_path, profile) as again:
        (source,) = again.project.sources or ()
        assert len(source.variable_values) == 2
        assert len(again.project.cases or ()) == 2
    # QualCoder takes them from the case as well.
    assert found(with_cases(), tmp_path, profile, "VALUES-WITHOUT-SOURCE") == lost


def test_a_case_is_a_set_of_its_sources_for_atlas_ti(tmp_path: Path) -> None:
    study = with_cases()
    first_text(study).variable_values = (
        m.VariableValue(variable_ref=m.VariableRef(target_guid=guid(40)), integer_value=1),
        m.VariableValue(variable_ref=m.VariableRef(target_guid=guid(42)), float_value="1.5"),
    )
    assert study.project.variables
    study.project.variables.append(m.Variable(guid=guid(42), name="Weight", type_of_variable="Float"))
    with written(study, tmp_path, "atlasti") as again:
        (group,) = again.project.sets or ()
        assert group.name == "Ana"
        assert [ref.target_guid for ref in group.member_sources] == [guid(1).upper()]
        *_, bearer = again.project.cases or ()
        assert bearer.name is None
        assert [value.text_value for value in bearer.variable_values] == ["1.5"]
        assert {variable.type_of_variable for variable in again.project.variables or ()} == {"Text"}


def test_values_are_numbers_or_text_for_qualcoder(tmp_path: Path) -> None:
    with written(with_cases(), tmp_path, "qualcoder") as again:
        assert [variable.type_of_variable for variable in again.project.variables or ()] == ["Float", "Text"]
        assert again.project.cases
        first, second = again.project.cases[0].variable_values
        assert (first.float_value, second.text_value) == ("45", "true")


def test_a_variable_whose_values_do_not_fit_becomes_text(tmp_path: Path) -> None:
    study = with_cases()
    assert study.project.cases
    value = study.project.cases[0].variable_values[0]
    value.integer_value, value.text_value = None, "about 45"
    with written(study, tmp_path, "maxqda") as again:
        assert [variable.type_of_variable for variable in again.project.variables or ()] == ["Text", "Boolean"]
        assert again.project.cases
        assert [case.variable_values[0].text_value for case in again.project.cases] == ["about 45", "80"]


# --- codes, names, people, GUIDs -------------------------------------------------------------------------------------


def test_a_code_that_is_used_says_that_it_may_be(tmp_path: Path) -> None:
    study = one_text(passage(2, "waited", coding(3, 12)))
    with written(study, tmp_path, "qualcoder") as again:
        assert all(code.is_codable for code in qda.Lookup(again).codes)
    with written(study, tmp_path, "nvivo") as again:
        assert [code.is_codable for code in qda.Lookup(again).codes] == [True, True, False]


def test_names_differ_where_the_tool_needs_it(tmp_path: Path) -> None:
    study = one_text()
    other = m.TextSource(guid=guid(50), name="ana", plain_text_path="internal://ana.txt")
    assert study.project.sources
    study.project.sources += [other, m.TextSource(guid=guid(51), plain_text_path="internal://ana.txt")]
    with written(study, tmp_path, "maxqda") as again:
        assert [source.name for source in again.project.sources or ()] == ["Ana", "ana (2)", "Source 3"]
        assert [code.name for code in qda.Lookup(again).codes] == ["Access", "Time", "time"]
    with written(study, tmp_path, "atlasti") as again:
        assert [source.name for source in again.project.sources or ()] == ["Ana.txt", "ana", "Source 3"]
        assert [code.name for code in qda.Lookup(again).codes] == ["Access", "Time", "time (2)"]


@pytest.mark.parametrize(
    ("profile", "color", "user"), [("atlasti", "#AABB33", "AAAAAAAA"), ("nvivo", "#aabb33", "aaaaaaaa")]
)
def test_guids_and_colours_have_one_spelling(tmp_path: Path, profile: str, color: str, user: str) -> None:
    study = one_text(passage(2, "waited", coding(3, 10, BEN.strip("{}").lower())))
    with written(study, tmp_path, profile) as again:
        assert [code.color for code in qda.Lookup(again).codes] == [None, None, color]
        assert again.project.users
        assert again.project.users[1].guid.startswith(user)
        (selection,) = first_text(again).plain_text_selections
        assert selection.codings[0].creating_user == again.project.users[1].guid


def test_no_two_elements_have_one_guid_for_atlas_ti_and_pointers_follow(tmp_path: Path) -> None:
    study = one_text(
        passage(2, "waited", coding(3, 11)),
        cases=[m.Case(guid=guid(11), name="Ana", code_refs=(m.CodeRef(target_guid=guid(10)),))],
        links=[m.Link(guid=guid(2), origin_guid=guid(2), target_guid="plugin")],
        sets=[m.Set(guid="no guid", name="s", member_codes=(m.CodeRef(target_guid=guid(11)),))],
    )
    with written(study, tmp_path, "atlasti") as again:
        guids = [str(each.get("guid")) for each in xml_of(tmp_path / "atlasti.qdpx").iter() if each.get("guid")]
        assert len(guids) == len(set(guids))
        schema().assertValid(xml_of(tmp_path / "atlasti.qdpx"))
        look = qda.Lookup(again)
        (selection,) = first_text(again).plain_text_selections
        assert look.code(selection.codings[0].code_ref.target_guid) is look.codes[1]
        assert again.project.cases
        # The case cannot keep the GUID by which the coding said what belongs to it.
        assert [ref.target_guid for ref in again.project.cases[0].selection_refs] == [selection.guid]
        assert again.project.links
        assert again.project.links[0].origin_guid == selection.guid
    assert found(study, tmp_path, "atlasti", "GUID-CHANGED") == [3]


def test_everything_has_a_coder_and_a_date_for_qualcoder(tmp_path: Path) -> None:
    study = one_text(
        passage(2, "waited", coding(3, 10, BEN)),
        notes=[m.Note(guid=guid(60), plain_text_content="a memo")],
        creation_date_time="2024-03-01T10:00:00Z",
    )
    with written(study, tmp_path, "qualcoder") as again:
        assert again.project.users
        (selection,) = first_text(again).plain_text_selections
        assert selection.creating_user == again.project.users[1].guid
        (note,) = again.project.notes or ()
        assert (note.creation_date_time, note.name) == ("2024-03-01T10:00:00Z", "Note 1")
        assert note.plain_text_path == f"internal://{guid(60)}.txt"
        assert again.text_of(note) == "a memo"
    assert found(study, tmp_path, "qualcoder", "DATE-MADE") == [3]


# --- PDFs and recordings ---------------------------------------------------------------------------------------------


def pdf_study() -> qda.Study:
    area = m.PDFSelection(
        guid=guid(2), page=0, first_x=10, first_y=700, second_x=90, second_y=742, codings=(coding(3, 10),)
    )
    text = m.Representation(guid=guid(4), plain_text_content=TEXT)
    pdf = m.PDFSource(
        guid=guid(1), name="Leaflet", path="internal://leaflet.pdf", pdf_selections=[area], representation=text
    )
    study = one_text()
    study.project.sources = [pdf]
    study.files.put("sources/leaflet.pdf", PDF)
    return study


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n"
    b"%%EOF\n"
)


def written_area(path: Path) -> list[str | None]:
    (area,) = xml_of(path).iter("{*}PDFSelection")
    return [area.get(name) for name in ("firstX", "firstY", "secondX", "secondY")]


def test_areas_are_measured_from_the_top_for_qualcoder(tmp_path: Path) -> None:
    pytest.importorskip("pypdf", reason="the height of pages is read by pypdf, which is an extra")
    assert page_heights(BytesEntry(PDF), {0, 1}, Gauge()) == {0: 842.0}
    qda.write(pdf_study(), tmp_path / "top.qdpx", "qualcoder")
    assert written_area(tmp_path / "top.qdpx") == ["10", "100", "90", "142"]
    qda.write(pdf_study(), tmp_path / "bottom.qdpx", "maxqda")
    assert written_area(tmp_path / "bottom.qdpx") == ["10", "700", "90", "742"]


def test_areas_that_are_measured_from_the_top_are_turned_over_once(tmp_path: Path) -> None:
    pytest.importorskip("pypdf", reason="the height of pages is read by pypdf, which is an extra")
    qda.write(pdf_study(), tmp_path / "top.qdpx", "qualcoder")
    with qda.read(tmp_path / "top.qdpx") as study:
        for profile, place in {
            "standard": ["700", "742"],
            "maxqda": ["700", "742"],
            "qualcoder": ["100", "142"],
        }.items():
            qda.write(study, tmp_path / f"{profile}.qdpx", profile)
            assert written_area(tmp_path / f"{profile}.qdpx")[1::2] == place
            assert found(study, tmp_path, profile, "PDF-AREA-TURNED") == [1] * (profile != "qualcoder")
        study.files.put(next(name for name in study.files if name.endswith(".pdf")), b"no PDF at all")
        assert found(study, tmp_path, "standard", "PDF-AREA-UNPLACED") == [1]


def test_an_empty_user_is_none_in_a_valid_file(tmp_path: Path) -> None:
    study = one_text(passage(2, "waited", coding(3, 10, ""), creating_user=""), creating_user_guid="")
    for profile in ALL:
        qda.write(study, tmp_path / f"{profile}.qdpx", profile)
        schema().assertValid(xml_of(tmp_path / f"{profile}.qdpx"))


def test_nvivo_s_case_is_no_theme_for_atlas_ti_but_a_group(tmp_path: Path) -> None:
    with written(with_cases(), tmp_path, "nvivo") as for_nvivo, written(for_nvivo, tmp_path, "atlasti") as again:
        # One whose passages are coded stays a code: there is no other way to say whose they are.
        assert [code.name for code in qda.Lookup(again).codes] == ["Access", "Time", "time (2)", "Cases", "Her mother"]
        assert [group.name for group in again.project.sets or ()] == ["Ana"]


def test_areas_of_a_pdf_that_cannot_be_read_are_said_to_be_elsewhere(tmp_path: Path) -> None:
    study = pdf_study()
    study.files.put("sources/leaflet.pdf", b"no PDF at all")
    assert found(study, tmp_path, "qualcoder", "PDF-AREA-UNPLACED") == [1]
    assert written_area(tmp_path / "found.qdpx") == ["10", "700", "90", "742"]


def test_a_passage_of_a_pdf_is_there_once_for_atlas_ti(tmp_path: Path) -> None:
    study = pdf_study()
    (pdf,) = study.project.sources or ()
    assert isinstance(pdf, m.PDFSource)
    assert pdf.representation
    pdf.representation.plain_text_selections = [passage(2, "waited", coding(5, 11))]
    with written(study, tmp_path, "atlasti") as again:
        (pdf,) = again.project.sources or ()
        assert isinstance(pdf, m.PDFSource)
        assert pdf.representation
        assert pdf.pdf_selections == []
        assert quotes(again) == [("Access", "waited"), ("Time", "waited")]
    assert found(study, tmp_path, "atlasti", "PDF-AREA-LEFT") == [1]


def test_a_transcript_is_a_source_with_the_codings_for_atlas_ti(tmp_path: Path) -> None:
    points = [m.SyncPoint(guid=guid(70 + n), time_stamp=n * 1000, position=n * 8) for n in range(3)]
    points.append(m.SyncPoint(guid=guid(79), position=3))
    spoken = m.TranscriptSelection(
        guid=guid(5), from_sync_point=guid(70), to_sync_point=guid(71), codings=(coding(6, 10),)
    )
    transcript = m.Transcript(
        guid=guid(4), plain_text_path="internal://ana.txt", sync_points=points, transcript_selections=[spoken]
    )
    study = one_text()
    study.project.sources = [m.AudioSource(guid=guid(1), name="Ana", path="internal://a.mp3", transcripts=[transcript])]
    study.files.put("sources/a.mp3", b"sound")
    with written(study, tmp_path, "atlasti") as again:
        audio, text = again.project.sources or ()
        assert isinstance(audio, m.AudioSource)
        assert isinstance(text, m.TextSource)
        assert text.plain_text_path == audio.transcripts[0].plain_text_path
        assert quotes(again) == [("Access", "I waited")]
        assert len(audio.transcripts[0].sync_points) == 3
    assert found(study, tmp_path, "atlasti", "SYNC-POINT-LEFT") == [1]


def test_media_in_the_folder_that_was_named_are_brought_inside(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "Ana.MP3").write_bytes(b"sound")
    study = one_text(base_path="/home/ana")
    study.project.sources = [m.AudioSource(guid=guid(1), name="Ana", path="absolute:///home/ana/Ana.MP3")]
    study.files = Files(media=tmp_path / "media")
    with written(study, tmp_path, "nvivo") as again:
        assert again.project.base_path is None
        assert again.files.read(f"sources/{guid(1)}.mp3") == b"sound"


# --- proof -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ALL)
def test_a_study_that_was_invalid_is_written_and_said_to_be(tmp_path: Path, profile: str) -> None:
    study = one_text(creation_date_time="last spring")
    findings = qda.write(study, tmp_path / "out.qdpx", profile)
    (told,) = [finding for finding in findings if finding.code == "SCHEMA-INVALID"]
    assert "last spring" in told.message
    assert "urn:" not in told.message


@pytest.mark.parametrize("suffix", [".qdpx", ".qde"])
def test_a_fault_of_ours_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    target = tmp_path / f"out{suffix}"
    target.write_bytes(b"old")

    def spoiled(study: qda.Study, profile: object) -> object:
        copy = deepcopy(study.project)
        copy.creation_date_time = "nonsense"
        return qda_adapted(study, profile)._replace(study=qda.Study(copy, study.files))  # type: ignore[arg-type]

    qda_adapted: Callable[..., object] = adapting.adapted
    monkeypatch.setattr(adapting, "adapted", spoiled)
    with pytest.raises(qda.CannotWrite, match="fault in qdabridge"):
        qda.write(one_text(), target, "maxqda", overwrite=True)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_what_is_missing_when_read_back_is_noticed() -> None:
    project = one_text(passage(2, "waited", coding(3, 10))).project
    xml = b"<Project><Users><User /><User /></Users><Code /><Code /><Code /><TextSource /><PlainTextSelection />"
    read_back(io.BytesIO(xml + b"<q:Coding >"), counts(project))
    with pytest.raises(qda.CannotWrite, match="of 1 codings, 0 are there"):
        read_back(io.BytesIO(xml), counts(project))


@given(st.integers(0, 300))
def test_nothing_is_missed_or_counted_twice_where_pieces_meet(offset: int) -> None:
    project = qda.Project(name="", users=[m.User(guid=guid(n)) for n in range(1000)])
    xml = b" " * ((1 << 20) - 500 - offset) + b"<User />" * 1000
    read_back(io.BytesIO(xml), counts(project))
    with pytest.raises(qda.CannotWrite):
        read_back(io.BytesIO(xml[:-8]), counts(project))


def test_a_disk_that_fills_up_while_the_schema_is_asked_is_told(tmp_path: Path) -> None:
    class Full(io.RawIOBase):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    with (
        pytest.raises(qda.CannotWrite, match="no space left"),
        writing_safely(tmp_path / "out", overwrite=False),
        Measured(Full(), KINDS["Project"]) as stream,  # type: ignore[arg-type]
    ):
        for _ in range(20):
            stream.write(b"<Project>")


def test_every_profile_stands_in_a_dialect_and_has_a_name_of_its_own() -> None:
    assert profiles() == ("standard", *TOOLS, "same")
