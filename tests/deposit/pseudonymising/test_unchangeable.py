"""What cannot be changed is named; left out, a page or picture as large takes its place, and all codings stay."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Inches
from PIL import Image
from pypdf import PdfReader, PdfWriter

import qdabridge as qda
from conftest import ROOT
from qdabridge.deposit.pseudonymising import pseudonymise
from qdabridge.deposit.pseudonymising.key import Entry, Key
from qdabridge.deposit.pseudonymising.stubs import A4, is_stub, pdf_stub, png_stub
from qdabridge.deposit.pseudonymising.unchangeable import unchangeable, without_unchangeable
from qdabridge.errors import BadRequest
from qdabridge.findings import Finding
from qdabridge.formats.media import Box
from qdabridge.study import model
from qdabridge.study.files import Files
from qdabridge.study.model import Project
from qdabridge.study.study import Study

DEMO = ROOT / "fixtures" / "demo" / "demo.qdpx"
KEY = Key((Entry("Dilys", "Rose", "person"),))


def picture(kind: str, width: int = 300, height: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, kind)
    return out.getvalue()


def pages(*sizes: tuple[float, float]) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for width, height in sizes:
        writer.add_blank_page(width, height)
    writer.write(out)
    return out.getvalue()


def word(*pictures: bytes) -> bytes:
    document, out = Document(), io.BytesIO()
    document.add_paragraph("Dilys")
    for each in pictures:
        document.add_picture(io.BytesIO(each), width=Inches(2))
    document.save(out)
    return out.getvalue()


def left_out(files: dict[str, bytes], *sources: model.AnySource) -> tuple[Study, list[Finding]]:
    made = pseudonymise(Study(Project(name="x", sources=list(sources)), Files(files)), KEY)
    return without_unchangeable(made.study, made.untouched)


def told(files: dict[str, bytes], *sources: model.AnySource) -> list[tuple[str, int]]:
    made = pseudonymise(Study(Project(name="x", sources=list(sources)), Files(files)), KEY)
    return [(each.message.partition(" ")[0], each.count) for each in unchangeable(made.study, made.untouched)]


def test_each_kind_of_file_is_told_once_with_how_many_there_are() -> None:
    files = {f"sources/{number}.mp4": b"\0\0\0 ftyp" for number in range(40)}
    files |= {"sources/a.pdf": pages((10, 10)), "sources/b.doc": b"\xd0\xcf\0", "sources/c": picture("PNG")}
    assert told(files) == [("Films", 40), ("PDF", 1), ("Formatted", 1), ("Pictures", 1)]


def test_what_lies_outside_the_study_is_told() -> None:
    film = model.VideoSource(guid="v", name="Film", path="absolute:///films/dilys.mp4")
    assert told({}, film) == [("Files", 1)]


def test_a_text_that_is_not_utf8_is_told_and_not_left_out_with_all_its_codings() -> None:
    source = model.TextSource(guid="s", name="Talk", plain_text_path="internal://a.txt")
    files = {"sources/a.txt": b"Margr\xe9t"}
    assert told(files, source) == [("Texts", 1)]
    with pytest.raises(BadRequest, match=r"Talk: A text is not UTF-8.*repair --encoding"):
        left_out(files, source)


def test_pages_are_left_out_and_as_many_as_large_take_their_place() -> None:
    area = model.PDFSelection(guid="p", page=2, first_x=10, first_y=20, second_x=90, second_y=40)
    source = model.PDFSource(guid="s", name="Letter", path="internal://a.pdf", pdf_selections=[area])
    study, findings = left_out({"sources/a.pdf": pages((595, 842), (300, 200), (100, 50))}, source)
    assert [(each.code, each.kind, each.where) for each in findings] == [("LEFT-OUT", "loss", "sources/a.pdf")]
    [left] = study.project.sources or ()
    assert isinstance(left, model.PDFSource)
    assert (left.path, left.pdf_selections) == ("internal://a.pdf", [area])
    assert "Left out" in (left.description or "")
    reader = PdfReader(io.BytesIO(study.files.read("sources/a.pdf")), strict=True)
    assert [tuple(page.mediabox[2:]) for page in reader.pages] == [(595, 842), (300, 200), (100, 50)]
    assert "Left out" in reader.pages[1].extract_text()


@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("JPEG", "jpg")])
def test_a_picture_is_left_out_and_a_grey_one_as_large_takes_its_place(kind: str, ending: str) -> None:
    source = model.PictureSource(guid="s", name="Map", path=f"internal://a.{ending}", current_path="/home/dilys/a")
    study, _ = left_out({f"sources/a.{ending}": picture(kind), "sources/b.txt": b"-"}, source)
    [left] = study.project.sources or ()
    assert isinstance(left, model.PictureSource)
    assert (left.path, left.current_path) == ("internal://a.png", None)
    assert sorted(study.files) == ["sources/a.png", "sources/b.txt"]
    grey = Image.open(io.BytesIO(study.files.read("sources/a.png")))
    assert grey.size == (300, 200)
    assert grey.convert("L").getextrema()[1] == 0xE4


def test_no_other_picture_loses_its_place_to_a_grey_one() -> None:
    sources = [model.PictureSource(guid=each, name=each, path=f"internal://{each}") for each in ("a.jpg", "a.png")]
    study, _ = left_out({"sources/a.jpg": picture("JPEG"), "sources/a.png": picture("PNG", 90, 80)}, *sources)
    paths = [each.path for each in study.project.sources or () if isinstance(each, model.PictureSource)]
    assert paths == ["internal://a-2.png", "internal://a.png"]
    assert Image.open(io.BytesIO(study.files.read("sources/a.png"))).size == (90, 80)


def test_a_damaged_pdf_has_as_many_pages_as_something_is_marked_on() -> None:
    area = model.PDFSelection(guid="p", page=3, first_x=1, first_y=2, second_x=9, second_y=4)
    source = model.PDFSource(guid="s", name="Letter", path="internal://a.pdf", pdf_selections=[area])
    study, _ = left_out({"sources/a.pdf": b"%PDF-1.7 \0 damaged"}, source)
    assert len(PdfReader(io.BytesIO(study.files.read("sources/a.pdf"))).pages) == 4


def test_formatted_texts_are_left_out_where_the_plain_text_stays() -> None:
    source = model.TextSource(guid="s", plain_text_content="Dilys", rich_text_path="internal://a.rtf")
    study, _ = left_out({"sources/a.rtf": b"{\\rtf1 Dilys}"}, source)
    [left] = study.project.sources or ()
    assert isinstance(left, model.TextSource)
    assert (left.rich_text_path, left.plain_text_content, list(study.files)) == (None, "Rose", [])


def test_pictures_inside_word_documents_are_left_out_and_the_words_stay() -> None:
    source = model.TextSource(guid="s", plain_text_content="Dilys", rich_text_path="internal://a.docx")
    files = {"sources/a.docx": word(picture("JPEG"), picture("PNG"))}
    assert told(files, source) == [("Pictures", 2)]
    study, findings = left_out(files, source)
    assert [each.code for each in findings] == ["LEFT-OUT"]
    document = Document(io.BytesIO(study.files.read("sources/a.docx")))
    assert document.paragraphs[0].text == "Rose"
    assert len(document.inline_shapes) == 2
    related = [each.target_part.blob for each in document.part.rels.values() if "image" in each.reltype]
    assert len(related) == 2
    assert all(is_stub(each) for each in related)
    with zipfile.ZipFile(io.BytesIO(study.files.read("sources/a.docx"))) as archive:
        assert not [name for name in archive.namelist() if name.endswith((".jpg", ".jpeg"))]
    assert unchangeable(study, ()) == []


def test_of_the_demo_study_texts_transcripts_and_all_codings_stay(tmp_path: Path) -> None:
    with qda.read(DEMO) as study:
        made = pseudonymise(study, KEY)
        assert [each.message.split()[0] for each in unchangeable(made.study, made.untouched)] == [
            "Pictures",
            "PDF",
            "Recordings",
        ]
        left, findings = without_unchangeable(made.study, made.untouched)
        assert [(each.code, each.count) for each in findings] == [("LEFT-OUT", 3)]
        qda.write(left, tmp_path / "safe.qdpx")
        before, after = qda.Lookup(study), qda.Lookup(left)
        assert len(list(before.references())) == len(list(after.references()))
    # Of the recording nothing is left but where it was.
    assert [(each.code, each.severity) for each in qda.check(tmp_path / "safe.qdpx")] == [("PATH-MISSING", "note")]
    with qda.read(tmp_path / "safe.qdpx") as safe:
        assert {Path(name).suffix for name in safe.files} == {".txt", ".png", ".pdf"}
        again = pseudonymise(safe, KEY)
        assert unchangeable(again.study, again.untouched) == []


def test_stubs_are_small_however_large_what_they_stand_for_was() -> None:
    assert len(png_stub(12_000, 9_000)) < 20_000
    assert len(pdf_stub([A4] * 300)) < 100_000
    assert Image.open(io.BytesIO(png_stub(1, 1))).size == (1, 1)
    turned = PdfReader(io.BytesIO(pdf_stub([Box(0, 0, 300, 200, 90)])), strict=True).pages[0]
    assert turned.rotation == 90
