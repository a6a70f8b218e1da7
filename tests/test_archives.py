"""Archives are looked at before they are unpacked."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

import qdabridge as qda
from fixtures.hostile.strangers import TEXT
from fixtures.hostile.zips import Entry, archive, zeros
from qdabridge.archives import Checksum, open_archive, packed_bytes, refuse_bomb
from qdabridge.deposit.office_documents import parts_of_document
from qdabridge.limits import DEFAULT, Limits


@pytest.fixture
def packed(tmp_path: Path):
    def pack(*entries: Entry, **said: int) -> Path:
        path = tmp_path / "a.zip"
        path.write_bytes(archive(entries, **said))  # type: ignore[arg-type]
        return path

    return pack


def workbook(path: Path, sheet: bytes = b"<sheet/>") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
        made.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def test_what_is_large_for_good_reason_is_opened(packed) -> None:
    film = Entry(b"film.mp4", method=0, packed=b"x" * 5_000_000, size=5_000_000)
    silence = Entry(b"silence.wav", packed=zeros(150_000_000), size=150_000_000)
    with open_archive(packed(film, silence), DEFAULT) as opened:
        assert [info.file_size for info in opened.infolist()] == [5_000_000, 150_000_000]


def test_small_things_may_be_packed_as_well_as_they_can(packed) -> None:
    with open_archive(packed(Entry(b"a", bytes(3_000_000))), DEFAULT) as opened:
        assert opened.infolist()[0].file_size > 900 * opened.infolist()[0].compress_size


def test_many_texts_that_are_packed_to_nothing_are_refused_together(packed) -> None:
    texts = [Entry(b"%d.txt" % number, packed=zeros(20_000_000), size=20_000_000) for number in range(2)]
    open_archive(packed(texts[0]), DEFAULT).close()
    with pytest.raises(qda.TooLarge, match=r"“ratio” is 100.*--limit ratio=1000"):
        open_archive(packed(*texts), DEFAULT)
    open_archive(packed(*texts), Limits(ratio=2_000)).close()


def lying(size: int, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A document whose part unpacks to 200 MB of blanks and says that it is of another size, its checksum fitting."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
        made.writestr("a.xml", b" " * 200_000_000, method)
        info = made.infolist()[-1]
        info.file_size, info.CRC = size, zlib.crc32(b" " * size)
    return out.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_part_that_holds_more_than_it_says_is_never_unpacked_as_a_whole(tmp_path: Path, method: int) -> None:
    data = lying(1_000, method)
    (tmp_path / "book.xlsx").write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(qda.CannotRead, match="damaged"):
            parts_of_document(data)
        with pytest.raises(qda.CannotRead, match="damaged" if method == zipfile.ZIP_DEFLATED else "method"):
            refuse_bomb(tmp_path / "book.xlsx", DEFAULT)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_ratio_that_somebody_allows_is_allowed(packed) -> None:
    path = packed(Entry(b"a", packed=zeros(300_000_000), size=300_000_000))
    with pytest.raises(qda.TooLarge, match="“ratio” is 100"):
        open_archive(path, DEFAULT)
    open_archive(path, Limits(ratio=2_000)).close()


def test_as_many_entries_as_allowed_are_opened_and_not_one_more(packed) -> None:
    entries = [Entry(b"%d" % index, b"") for index in range(50)]
    open_archive(packed(*entries), Limits(entries=50)).close()
    with pytest.raises(qda.TooLarge, match="“entries” is 49"):
        open_archive(packed(*entries), Limits(entries=49))


def test_entries_are_counted_in_zip64_too(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as many:
        for index in range(66_000):
            many.writestr(zipfile.ZipInfo(f"{index}"), b"")
    with pytest.raises(qda.TooLarge, match="“entries”"):
        open_archive(path, Limits(entries=65_999))
    open_archive(path, Limits(entries=66_000)).close()


def test_an_archive_behind_something_else_is_opened_as_zipfile_does(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"MZ" + bytes(10_000) + archive([Entry(b"a.txt", TEXT)], comment=b"c" * 500))
    with open_archive(path, DEFAULT) as opened:
        assert opened.read("a.txt") == TEXT


@pytest.mark.parametrize("comment", [b"", b"PK\5\6", b"x" * 65_535])
def test_comments_do_not_confuse_it(tmp_path: Path, comment: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(archive([Entry(b"a.txt", TEXT)], comment=comment))
    try:
        open_archive(path, DEFAULT).close()
    except qda.CannotRead:
        with pytest.raises(zipfile.BadZipFile):
            zipfile.ZipFile(path)


def test_a_workbook_is_looked_through_before_it_is_opened(tmp_path: Path) -> None:
    refuse_bomb(workbook(tmp_path / "good.xlsx"), DEFAULT)
    with pytest.raises(qda.TooLarge, match="“ratio”"):
        refuse_bomb(workbook(tmp_path / "bomb.xlsx", bytes(5_000_000)), DEFAULT)
    with pytest.raises(qda.TooLarge, match="“workbook” is 10 bytes"):
        refuse_bomb(tmp_path / "good.xlsx", Limits(workbook=10))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", ["", "<!-- " + "x" * 1_048_560 + " -->"])
def test_a_workbook_whose_xml_has_a_doctype_is_refused(tmp_path: Path, encoding: str, before: str) -> None:
    xml = f'{before}<!DOCTYPE sheet [<!ENTITY a "b">]><sheet>&a;</sheet>'.encode(encoding)
    with pytest.raises(qda.CannotRead, match="DOCTYPE"):
        refuse_bomb(workbook(tmp_path / "a.xlsx", xml), DEFAULT)


def test_a_workbook_that_is_none_gets_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\3\4" + bytes(100))
    with pytest.raises(qda.CannotRead, match="damaged"):
        refuse_bomb(path, DEFAULT)


def test_openpyxl_s_own_workbooks_pass(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in range(2_000):
        book.active.append([f"row {row}", "the same words again"] * 5)
    buffer = io.BytesIO()
    book.save(buffer)
    path = tmp_path / "a.xlsx"
    path.write_bytes(buffer.getvalue())
    refuse_bomb(path, DEFAULT)


@pytest.mark.parametrize("size", range((1 << 20) - 3, (1 << 20) + 400, 7))
def test_an_entry_of_silence_holds_what_it_says_at_every_size(tmp_path: Path, size: int) -> None:
    """What zlib has taken in may come out only when it is asked again with nothing more to take in."""
    path = tmp_path / "silence.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("call.wav", bytes(size))
    with zipfile.ZipFile(path) as made:
        info = made.infolist()[0]
        checksum = Checksum(info.compress_type, info.file_size)
        for piece in packed_bytes(made, info):
            checksum.take(piece)
        assert checksum.agrees(info.CRC)
        less = Checksum(info.compress_type, info.file_size - 1)
        with pytest.raises(zipfile.BadZipFile):
            for piece in packed_bytes(made, info):
                less.take(piece)
