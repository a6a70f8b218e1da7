"""A PDF loses the people who made it, and nothing else; a strange one is told and left."""

from __future__ import annotations

import io
import subprocess
import zlib
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from qdabridge.deposit.archiving.scrubbing import scrubbed
from qdabridge.deposit.archiving.scrubbing.pdf import without_properties
from qdabridge.errors import CannotRead
from qdabridge.study.files import Files
from qdabridge.study.model import Project
from qdabridge.study.study import Study

XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>Jane Roe</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def made(*, author: bool = True, xmp: bool = True, remark: bool = True, password: str = "") -> bytes:
    writer = PdfWriter()
    for words in ("I waited.", "Nobody came."):
        page = writer.add_blank_page(200, 300)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
        )
        shown = StreamObject()
        shown.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(shown)
    if author:
        writer.add_metadata({"/Author": "Jane Roe", "/Title": "Talk of Jane Roe"})
    else:
        writer.metadata = None
    if xmp:
        writer.xmp_metadata = XMP
    if remark:
        said = FreeText(text="So true", rect=(10, 10, 90, 40))
        said[NameObject("/T")] = TextStringObject("Jane Roe")
        writer.add_annotation(1, said)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def texts(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


@pytest.mark.parametrize("only", ["author", "xmp", "remark"])
def test_wherever_an_author_stands_it_goes_and_the_pages_stay(only: str) -> None:
    before = made(author=only == "author", xmp=only == "xmp", remark=only == "remark")
    after = without_properties(before)
    assert b"Jane" in before
    assert after is not None
    assert b"Jane" not in after
    assert texts(after) == texts(before) == ["I waited.", "Nobody came."]
    old, new = (PdfReader(io.BytesIO(each)) for each in (before, after))
    assert [page.mediabox for page in new.pages] == [page.mediabox for page in old.pages]
    assert not new.metadata
    assert new.xmp_metadata is None


def test_a_remark_keeps_what_it_says() -> None:
    remarks: Any = PdfReader(io.BytesIO(without_properties(made()) or b"")).pages[1]["/Annots"]
    assert [remark.get_object()["/Contents"] for remark in remarks] == ["So true"]


def test_a_picture_in_a_pdf_loses_its_metadata_and_an_indirect_list_of_remarks_is_followed() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(made(author=False, xmp=False)))
    page = writer.pages[1]
    xmp, picture = StreamObject(), StreamObject()
    xmp.set_data(XMP)
    picture[NameObject("/Metadata")] = writer._add_object(xmp)
    things = DictionaryObject({NameObject("/Im1"): writer._add_object(picture)})
    page["/Resources"][NameObject("/XObject")] = writer._add_object(things)  # type: ignore[index]
    page[NameObject("/Annots")] = writer._add_object(page["/Annots"])
    out = io.BytesIO()
    writer.write(out)
    after = without_properties(out.getvalue())
    assert out.getvalue().count(b"Jane") == 2
    assert after is not None
    assert b"Jane" not in after
    assert texts(after) == ["I waited.", "Nobody came."]


def test_the_same_pdf_gives_the_same_bytes_and_has_nothing_left_to_take() -> None:
    before = made()
    after = without_properties(before)
    assert after == without_properties(before)
    assert without_properties(after or b"") is None


def test_the_author_is_gone_out_of_a_study_and_that_is_said() -> None:
    study, found = scrubbed(Study(Project(name="Clinic"), Files({"sources/t.pdf": made()})))
    assert [(each.code, each.where) for each in found] == [("SCRUBBED-FILE", "sources/t.pdf")]
    assert b"Jane" not in study.files.read("sources/t.pdf")


def test_a_pdf_that_names_nobody_stays_byte_for_byte() -> None:
    before = made(author=False, xmp=False, remark=False)
    study, found = scrubbed(Study(Project(name="Clinic"), Files({"sources/t.pdf": before})))
    assert study.files.read("sources/t.pdf") == before
    assert found == []


def test_an_encrypted_pdf_says_so() -> None:
    with pytest.raises(CannotRead, match="encrypted"):
        without_properties(made(password="secret"))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n/Info",
        b"%PDF-1.7\n/Info" + b"\0" * 5000 + b"startxref\n99999999\n%%EOF",
        made()[:700],
        made().replace(b"/Kids", b"/Kinds"),
    ],
)
def test_a_damaged_pdf_stays_and_says_so(data: bytes) -> None:
    study, found = scrubbed(Study(Project(name="Clinic"), Files({"sources/t.pdf": data})))
    assert study.files.read("sources/t.pdf") == data
    assert [each.code for each in found] == ["SCRUB-NOT-DONE"]


def test_a_pdf_that_unfolds_into_gigabytes_stays_and_says_so() -> None:
    packed = zlib.compress(zlib.compress(b"0 " * (1 << 26), 9), 9)
    head = b"%PDF-1.5\n1 0 obj\n<</Type/XRef/Size 9/Root 2 0 R/Info 3 0 R/W[1 4 2]/Filter[/FlateDecode/FlateDecode]"
    data = head + b"/Length %d>>\nstream\n" % len(packed) + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    with pytest.raises(CannotRead):
        without_properties(data)


def test_a_pdf_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: Any, **how: Any) -> None:
        raise subprocess.TimeoutExpired("python", how["timeout"])

    monkeypatch.setattr(subprocess, "run", never)
    with pytest.raises(CannotRead, match="takes too long"):
        without_properties(made())
