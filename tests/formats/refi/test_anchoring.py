"""A selection beside the passage that it is named after is moved there, said, and written back as it came."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

import qdabridge as qda
from qdabridge.study import walk
from qdabridge.study.model import PlainTextSelection

GUID = "11111111-1111-4111-8111-{:012d}"
FILLER = "Nothing of interest was said here for quite a while. "
QUOTE = "They rang on a Tuesday, Müller and his wife"
TEXT = FILLER * 20 + QUOTE + ". " + FILLER * 20
AT = TEXT.index(QUOTE)
END = AT + len(QUOTE)


def made(
    tmp_path: Path, selections: list[tuple[str, int, int]], *, text: str = TEXT, origin: str = "x", pdf: bool = False
) -> Path:
    marked = "".join(
        f'<PlainTextSelection guid="{GUID.format(number)}" name={quoteattr(name)} startPosition="{start}" '
        f'endPosition="{end}"/>'
        for number, (name, start, end) in enumerate(selections, 1)
    )
    document = f'guid="{GUID.format(0)}" plainTextPath="internal://ana.txt">{marked}'
    source = f"<TextSource {document}</TextSource>"
    if pdf:
        inside = f"<Representation {document}</Representation>"
        source = f'<PDFSource guid="{GUID.format(99)}" path="internal://a.pdf">{inside}</PDFSource>'
    path = tmp_path / "study.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "project.qde",
            f'<Project xmlns="urn:QDA-XML:project:1.0" name="x" origin="{origin}"><Sources>{source}'
            "</Sources></Project>",
        )
        archive.writestr("sources/ana.txt", text.encode())
        archive.writestr("sources/a.pdf", b"%PDF-1.4")
    return path


def first_of(study: qda.Study) -> PlainTextSelection:
    (document,) = walk.texts(study.project)
    assert not isinstance(document, qda.model.Transcript)
    return document.plain_text_selections[0]


def span(study: qda.Study) -> tuple[int, int]:
    selection = first_of(study)
    return selection.start_position, selection.end_position


def positions_in(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return re.findall(rb'(?:start|end)Position="-?\d+"', archive.read("project.qde"))


def codes_of(study: qda.Study) -> list[str]:
    return [finding.code for finding in study.findings]


@pytest.mark.parametrize("distance", [-499, -7, 7, 499])
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(QUOTE, id="as it is"),
        pytest.param(QUOTE.upper(), id="in capitals"),
        pytest.param(QUOTE.replace(" ", "\n "), id="other white space"),
        pytest.param(QUOTE.replace("ü", "u\u0308"), id="decomposed"),
    ],
)
def test_a_selection_is_moved_to_the_passage_of_its_name_and_comes_back_as_it_was(
    tmp_path: Path, name: str, distance: int
) -> None:
    path = made(tmp_path, [(name, AT + distance, END + distance)])
    with qda.read(path) as study:
        assert span(study) == (AT, END)
        assert codes_of(study) == ["NAME-REANCHOR"]
        qda.write(study, tmp_path / "same.qdpx", "same")
        qda.write(study, tmp_path / "standard.qdpx")
        qda.write(study, tmp_path / "study.json")
    assert positions_in(tmp_path / "same.qdpx") == positions_in(path)
    assert positions_in(tmp_path / "standard.qdpx") == [b'startPosition="%d"' % AT, b'endPosition="%d"' % END]
    with qda.read(tmp_path / "study.json") as again:
        qda.write(again, tmp_path / "again.qdpx", "same")
    assert positions_in(tmp_path / "again.qdpx") == positions_in(path)


def test_what_was_moved_by_hand_since_is_written_as_it_is_now(tmp_path: Path) -> None:
    with qda.read(made(tmp_path, [(QUOTE, AT + 7, END + 7)])) as study:
        first_of(study).start_position = 3
        qda.write(study, tmp_path / "same.qdpx", "same")
    assert positions_in(tmp_path / "same.qdpx")[0] == b'startPosition="3"'


def test_a_selection_that_was_counted_otherwise_comes_back_too(tmp_path: Path) -> None:
    text = "\U0001f600" * 30 + TEXT
    path = made(tmp_path, [(QUOTE, AT + 67, END + 67)], text=text, origin="NVivo 14")
    with qda.read(path) as study:
        assert span(study) == (AT + 30, END + 30)
        assert "NAME-REANCHOR" in codes_of(study)
        qda.write(study, tmp_path / "same.qdpx", "same")
    assert positions_in(tmp_path / "same.qdpx") == positions_in(path)


UNTOUCHED = {
    "too far": ([(QUOTE, AT + 520, END + 520)], TEXT),
    "found twice": ([(QUOTE, AT + 7, END + 7)], TEXT[:END] + ". " + TEXT[AT:]),
    "cut": ([(QUOTE[:30] + "…", AT + 7, AT + 37)], TEXT),
    "a title of another length": ([("Tuesday", AT, END)], TEXT),
    "not there": ([(QUOTE[::-1], AT, END)], TEXT),
    "a repeated phrase": ([(FILLER.strip(), 3, 3 + len(FILLER) - 1)], TEXT),
    "right but for white space": ([(QUOTE.replace(" ", "  "), AT, END)], TEXT),
    "outside the text": ([(QUOTE, 10**9, 10**9 + len(QUOTE))], TEXT),
    "positions": ([("53,99", 50, 55)], "53,99" + FILLER),
}


@pytest.mark.parametrize(("selections", "text"), UNTOUCHED.values(), ids=UNTOUCHED)
def test_without_exactly_one_passage_nearby_nothing_is_moved(
    tmp_path: Path, selections: list[tuple[str, int, int]], text: str
) -> None:
    with qda.read(made(tmp_path, selections, text=text)) as study:
        assert span(study) == selections[0][1:]
        assert "NAME-REANCHOR" not in codes_of(study)


@pytest.mark.parametrize("name", [QUOTE, QUOTE[:30] + "…"])
def test_positions_that_drift_over_the_pages_of_a_pdf_are_moved_back(tmp_path: Path, name: str) -> None:
    path = made(tmp_path, [(name, AT + 5, END + 5)], origin="ATLAS.ti Mac 26.0.1", pdf=True)
    with qda.read(path) as study:
        assert span(study) == (AT, END)
        assert "PDF-PAGE-DRIFT" in codes_of(study)
        qda.write(study, tmp_path / "same.qdpx", "same")
    assert positions_in(tmp_path / "same.qdpx") == positions_in(path)


def test_page_breaks_never_push_positions_down(tmp_path: Path) -> None:
    path = made(tmp_path, [(QUOTE, AT - 5, END - 5)], origin="ATLAS.ti Mac 26.0.1", pdf=True)
    with qda.read(path) as study:
        assert span(study) == (AT - 5, END - 5)


def test_fifty_thousand_names_that_quote_nothing_cost_little(tmp_path: Path) -> None:
    titles = [(f"Title {number:06d} of this", number, number + 20) for number in range(50_000)]
    path = made(tmp_path, titles, text=TEXT * 30)
    with qda.read(path) as study:
        assert codes_of(study) == []


def test_a_remark_in_a_note_is_counted_in_the_text_it_is_about(tmp_path: Path) -> None:
    text = "One line\r\nanother line\r\nthe last line"
    note = GUID.format(50)
    path = tmp_path / "study.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "project.qde",
            '<Project xmlns="urn:QDA-XML:project:1.0" name="x.qda" origin="QualCoder 3.8"><Sources>'
            f'<TextSource guid="{GUID.format(0)}" name="ana" plainTextPath="internal://ana.txt">'
            f'<NoteRef targetGUID="{note}"/></TextSource></Sources><Notes>'
            f'<Note guid="{note}"><PlainTextContent>so it ends</PlainTextContent>'
            # Each line end counts one, as QualCoder has it: 2 less than is stored.
            f'<PlainTextSelection guid="{GUID.format(51)}" startPosition="26" endPosition="30"/></Note></Notes>'
            "</Project>",
        )
        archive.writestr("sources/ana.txt", text.encode())
    with qda.read(path) as study:
        (remark,) = qda.Lookup(study).annotations()
        assert qda.Lookup(study).text_of(remark.passage) == "last"
        qda.write(study, tmp_path / "same.qdpx", "same")
    assert positions_in(tmp_path / "same.qdpx") == positions_in(path)
