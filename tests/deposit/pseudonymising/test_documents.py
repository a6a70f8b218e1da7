"""Word documents: names go wherever they stand, and formatting, pictures and everything else stay."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise

import pytest
from docx import Document
from docx.shared import RGBColor
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from qdabridge.deposit.pseudonymising.documents import document_replaced, pictures_in, texts_in
from qdabridge.deposit.pseudonymising.finding import Matcher
from qdabridge.deposit.pseudonymising.key import Entry, Key
from qdabridge.errors import CannotRead

KEY = Key(
    (
        Entry("Margaret", "Rose", "person"),
        Entry("Cardiff", "[city]", "place"),
        Entry("Page", "Hill", "person"),
        Entry("Georgia", "Ann", "person"),
    )
)
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def replaced(data: bytes) -> bytes:
    return document_replaced(data, Matcher(KEY))


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(data: bytes, name: str, change: object) -> bytes:
    found = parts(data)
    found[name] = change(found.get(name, b""))  # type: ignore[operator]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for called, part in found.items():
            archive.writestr(called, part)
    return out.getvalue()


def paragraphs(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


def test_a_name_over_several_runs_goes_and_the_runs_keep_their_formatting() -> None:
    document = Document()
    paragraph = document.add_paragraph("I asked ")
    paragraph.add_run("Marg").bold = True
    paragraph.add_run("ar").italic = True
    last = paragraph.add_run("et in Cardiff.")
    last.font.color.rgb = RGBColor(1, 2, 3)
    found = Document(io.BytesIO(replaced(saved(document)))).paragraphs[0]
    assert [(run.text, run.bold, run.italic) for run in found.runs] == [
        ("I asked ", None, None),
        ("Rose", True, None),
        ("", None, True),
        (" in [city].", None, None),
    ]
    assert found.runs[3].font.color.rgb == RGBColor(1, 2, 3)


def test_headers_footers_tables_and_properties_are_not_forgotten() -> None:
    document = Document()
    document.add_paragraph("Nobody.")
    document.sections[0].header.paragraphs[0].text = "Interview with MARGARET"
    document.sections[0].footer.paragraphs[0].text = "Margaret's interview, Cardiff"
    document.add_table(1, 1).cell(0, 0).text = "Margaret"
    document.core_properties.author = "Margaret"
    document.core_properties.title = "Talking to Margaret"
    document.core_properties.keywords = "Cardiff"
    data = replaced(saved(document))
    assert b"argaret" not in b"".join(parts(data).values())
    assert b"MARGARET" not in b"".join(parts(data).values())
    again = Document(io.BytesIO(data))
    assert again.sections[0].header.paragraphs[0].text == "Interview with ROSE"
    assert again.core_properties.title == "Talking to Rose"


def test_tracked_changes_are_read_as_before_and_after() -> None:
    document = Document()
    document.add_paragraph("HERE")
    xml = (
        '<w:r><w:t>Mar</w:t></w:r><w:del w:author="Margaret" w:id="1"><w:r><w:delText>tin</w:delText></w:r></w:del>'
        '<w:ins w:author="Margaret" w:id="2"><w:r><w:t>garet</w:t></w:r></w:ins><w:r><w:t> said.</w:t></w:r>'
        '<w:del w:author="x" w:id="3"><w:r><w:delText> Margaret left.</w:delText></w:r></w:del>'
    )
    data = with_part(
        saved(document), "word/document.xml", lambda part: part.replace(b"<w:r><w:t>HERE</w:t></w:r>", xml.encode())
    )
    said = " ".join(text for _, text in texts_in(replaced(data)))
    assert "argaret" not in said
    assert "Rose said." in said


def test_comments_links_bookmarks_and_descriptions_are_not_forgotten() -> None:
    document = Document()
    document.add_paragraph("HERE")
    xml = (
        '<w:bookmarkStart w:id="0" w:name="Margaret"/><w:bookmarkEnd w:id="0"/>'
        '<w:fldSimple w:instr=" AUTHOR Margaret "><w:r><w:t>x</w:t></w:r></w:fldSimple>'
        '<w:sdt><w:sdtPr><w:alias w:val="Margaret"/><w:tag w:val="Cardiff"/></w:sdtPr></w:sdt>'
    )
    data = with_part(
        saved(document), "word/document.xml", lambda part: part.replace(b"<w:r><w:t>HERE</w:t></w:r>", xml.encode())
    )
    comments = f'<w:comments xmlns:w="{WORDS}"><w:comment w:id="0" w:author="margaretcardiff" w:initials="Margaret">'
    comments += "<w:p><w:r><w:t>Ask Margaret</w:t></w:r></w:p></w:comment></w:comments>"
    data = with_part(data, "word/comments.xml", lambda _: comments.encode())
    links = b'<Relationship Id="rId99" TargetMode="External" Type="x/hyperlink" Target="mailto:margaret@cardiff.org"/>'
    data = with_part(
        data,
        "word/_rels/document.xml.rels",
        lambda part: part.replace(b"</Relationships>", links + b"</Relationships>"),
    )
    data = with_part(data, "customXml/item1.xml", lambda _: b"<a who='Margaret'>Margaret</a>")
    new = parts(replaced(data))
    assert b"argaret" not in b"".join(part for name, part in new.items() if name != "word/comments.xml")
    assert b"Margaret" not in new["word/comments.xml"]
    assert b"mailto:Rose@[city].org" in new["word/_rels/document.xml.rels"].replace(b"rose", b"Rose")


def test_words_of_the_format_are_no_names() -> None:
    document = Document()
    run = document.add_paragraph("Page one").add_run()
    run.add_break()
    run.font.name = "Georgia"
    data = with_part(
        saved(document), "word/document.xml", lambda part: part.replace(b"<w:br/>", b'<w:br w:type="page"/>')
    )
    new = parts(replaced(data))["word/document.xml"]
    assert b'w:type="page"' in new
    assert b'w:ascii="Georgia"' in new
    assert b"Hill one" in new


def test_pictures_stay_and_are_named_and_a_picture_of_the_page_goes() -> None:
    data = with_part(saved(Document()), "word/media/Margaret 1.png", lambda _: b"\x89PNG")
    rel = b'<Relationship Id="rId98" Type="x/image" Target="media/Margaret 1.png"/></Relationships>'
    data = with_part(data, "word/_rels/document.xml.rels", lambda part: part.replace(b"</Relationships>", rel))
    data = with_part(data, "docProps/thumbnail.jpeg", lambda _: b"jpeg")
    new = replaced(data)
    assert pictures_in(new) == ["word/media/Rose_1.png"] or pictures_in(new) == ["word/media/Rose 1.png"]
    assert pictures_in(new)[0].removeprefix("word/").encode() in parts(new)["word/_rels/document.xml.rels"]
    assert "docProps/thumbnail.jpeg" not in parts(new)
    assert b"thumbnail" not in parts(new)["_rels/.rels"]


def test_a_document_inside_a_document_is_looked_at_too() -> None:
    inner = Document()
    inner.add_paragraph("Margaret")
    data = with_part(saved(Document()), "word/embeddings/one.docx", lambda _: saved(inner))
    assert paragraphs(parts(replaced(data))["word/embeddings/one.docx"]) == ["Rose"]


def test_nothing_changes_where_nobody_is_named_and_the_same_bytes_come_twice() -> None:
    document = Document()
    document.add_paragraph("Nobody at all.")
    data = with_part(saved(document), "docProps/thumbnail.jpeg", lambda _: b"jpeg")
    once = replaced(data)
    assert replaced(once) == once
    document.add_paragraph("Margaret")
    assert replaced(saved(document)) == replaced(saved(document))


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 damaged", b"no zip"],
)
def test_a_damaged_document_is_said(data: bytes) -> None:
    with pytest.raises(CannotRead):
        replaced(data)


def test_xml_that_hides_something_is_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(CannotRead, match="DOCTYPE"):
        replaced(with_part(saved(Document()), "customXml/item1.xml", lambda _: bomb))
    deep = b"<a>" * 2000 + b"</a>" * 2000
    with pytest.raises(CannotRead):
        replaced(with_part(saved(Document()), "customXml/item1.xml", lambda _: deep))


words = st.lists(st.sampled_from(["Margaret", "MARGARET", "Cardiff", "in", "nobody", "Page's", "Marg"]), min_size=1)


@given(words, st.lists(st.integers(0, 60), max_size=6))
def test_however_a_text_is_cut_into_runs_it_reads_the_same(said: list[str], cuts: list[int]) -> None:
    text = " ".join(said)
    edges = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    runs = "".join(f'<w:r><w:t xml:space="preserve">{text[a:b]}</w:t></w:r>' for a, b in pairwise(edges))
    xml = f'<w:document xmlns:w="{WORDS}"><w:body><w:p>{runs}</w:p></w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
        archive.writestr("word/document.xml", xml)
    root = etree.fromstring(parts(replaced(out.getvalue()))["word/document.xml"])
    assert "".join(root.itertext()) == Matcher(KEY).text(text)


def of_paragraph(runs: str) -> bytes:
    xml = f'<w:document xmlns:w="{WORDS}"><w:body><w:p>{runs}</w:p></w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
        archive.writestr("word/document.xml", xml)
    return out.getvalue()


def run(text: str, kind: str = "t") -> str:
    return f'<w:r><w:{kind} xml:space="preserve">{text}</w:{kind}></w:r>'


def deleted(text: str) -> str:
    return f'<w:del w:id="1" w:author="A">{run(text, "delText")}</w:del>'


def inserted(text: str) -> str:
    return f'<w:ins w:id="2" w:author="A">{run(text)}</w:ins>'


EXCHANGED = Key((Entry("Ann", "Beth"), Entry("Beth", "Ann"), Entry("Margaret", "Margaret S.")))


@pytest.mark.parametrize(
    ("runs", "reads"),
    [
        (run("Ann saw ") + deleted("Beth") + inserted("Ann") + run(" today"), "Beth saw AnnBeth today"),
        (run("Margaret ") + deleted("x") + inserted("y"), "Margaret S. xy"),
        (run("An") + deleted("x") + run("n came"), "Bethx came"),
        (run("Marg") + inserted("ar") + run("et") + deleted(" and Ann"), "Margaret S. and Beth"),
    ],
)
def test_with_tracked_changes_each_name_is_replaced_once(runs: str, reads: str) -> None:
    matcher = Matcher(EXCHANGED)
    root = etree.fromstring(parts(document_replaced(of_paragraph(runs), matcher))["word/document.xml"])
    assert "".join(root.itertext()) == reads


def test_each_name_is_counted_once() -> None:
    matcher = Matcher(KEY)
    document_replaced(of_paragraph(run("Margaret and Mar") + run("garet") + deleted(" Cardiff")), matcher)
    assert {entry.find: count for entry, count in matcher.counts.items()} == {"Margaret": 2, "Cardiff": 1}


def test_a_doctype_in_another_encoding_is_refused_too() -> None:
    bomb = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")
    with pytest.raises(CannotRead, match="DOCTYPE"):
        replaced(with_part(saved(Document()), "customXml/item1.xml", lambda _: bomb))


def test_documents_in_documents_in_documents_without_end_are_refused_in_words() -> None:
    data = saved(Document())
    for _ in range(7):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("word/embeddings/inside.docx", data)
        data = out.getvalue()
    with pytest.raises(CannotRead, match="deeper than anybody"):
        replaced(data)
    with pytest.raises(CannotRead, match="deeper than anybody"):
        list(texts_in(data))
