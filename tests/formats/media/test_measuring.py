"""What media say of themselves: facts, limits, strangers' files."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fixtures.dialects.pieces import pdf, sound
from fixtures.rules.sound import png
from qdabridge.formats import media
from qdabridge.formats.media import Box, Gauge, Length, Pages, Picture, Unknown
from qdabridge.formats.media.reach import Allowance, Reach, TooFar
from qdabridge.formats.refi.package import open_package
from qdabridge.study.files import BytesEntry, Entry, PathEntry

if not media.available():
    pytest.skip("needs the extra qdabridge[media]", allow_module_level=True)


def box(name: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I4s", 8 + len(content), name) + content


def film(milliseconds: int, brand: bytes = b"isom") -> bytes:
    """An .mp4 as telephones write it: how long it is stands at the end."""
    facts = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, milliseconds) + bytes(80))
    return box(b"ftyp", brand, bytes(4), brand) + box(b"mdat", bytes(200_000)) + box(b"moov", facts)


def mp3(frames: int) -> bytes:
    """Frames of 26 ms at rates that change, without a count of them."""
    rates = (64, 128, 96)
    numbers = {64: 5, 96: 7, 128: 9}
    return b"".join(
        bytes((0xFF, 0xFB, numbers[rate] << 4, 0xC4)) + bytes(144_000 * rate // 44_100 - 4)
        for rate in (rates[number % 3] for number in range(frames))
    )


def entry(content: bytes) -> Entry:
    return BytesEntry(content)


# ---- Facts --------------------------------------------------------------------------------------------------


def test_a_pdf_says_how_many_pages_it_has_and_how_large_they_are() -> None:
    told = Gauge().pages(entry(pdf(["One", "Two", "Three"])), {0, 2, 7, -1})
    assert told == Pages(3, {0: Box(0, 0, 595, 842), 2: Box(0, 0, 595, 842)})


def test_a_page_may_lie_anywhere_be_turned_and_have_a_measure_of_its_own() -> None:
    from pypdf import PdfWriter
    from pypdf.generic import FloatObject, NameObject, RectangleObject

    writer = PdfWriter()
    page = writer.add_blank_page(100, 200)
    page.mediabox = RectangleObject((10, 20, 110, 220))
    page.rotate(90)
    page[NameObject("/UserUnit")] = FloatObject(2)
    out = io.BytesIO()
    writer.write(out)
    assert Gauge().pages(entry(out.getvalue()), {0}) == Pages(1, {0: Box(20, 40, 220, 440, 90)})


def test_a_pdf_with_a_password_is_locked() -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert Gauge().pages(entry(out.getvalue()), {0}) == Unknown("locked")


def test_a_picture_says_how_large_it_is_and_whether_it_is_shown_turned() -> None:
    from PIL import Image

    assert Gauge().picture(entry(png(40, 30))) == Picture(40, 30)
    for format_ in ("JPEG", "PNG"):
        for orientation, turned in ((1, False), (3, False), (6, True), (8, True)):
            exif, out = Image.Exif(), io.BytesIO()
            exif[0x0112] = orientation
            Image.new("L", (40, 30)).save(out, format_, exif=exif)
            assert Gauge().picture(entry(out.getvalue())) == Picture(40, 30, turned), (format_, orientation)


def test_a_picture_of_a_million_by_a_million_pixels_is_measured_and_not_decoded() -> None:
    huge = png(1, 1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 1_000_000, 1_000_000), 1)
    start = huge.index(b"IHDR")
    import zlib

    checksum = struct.pack(">I", zlib.crc32(huge[start : start + 17]))
    huge = huge[: start + 17] + checksum + huge[start + 21 :]
    assert Gauge().picture(entry(huge)) == Picture(1_000_000, 1_000_000)


@pytest.mark.parametrize("brand", [b"isom", b"qt  ", b"M4A "])
def test_a_film_says_how_long_it_is(brand: bytes) -> None:
    assert Gauge().length(entry(film(7_250, brand))) == Length(7_250)


def test_a_recording_says_how_long_it_is_whatever_its_ending() -> None:
    assert Gauge().length(entry(sound())) == Length(5000)
    told = Gauge().length(entry(mp3(400)))
    assert isinstance(told, Length)
    assert not told.exact
    assert told.milliseconds == pytest.approx(400 * 1152 / 44.1, rel=0.05)


@pytest.mark.parametrize("content", [b"", b"\x1aE\xdf\xa3" + bytes(100), b"\0\0\x01\xba" + bytes(100), film(0)])
def test_a_format_that_says_nothing_is_said_to_be_one(content: bytes) -> None:
    assert Gauge().length(entry(content)) == Unknown("format")


# ---- Strangers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", pdf(["One"])[:300], b"%PDF-1.4\n" + b"1 0 obj\n" * 1000])
def test_a_broken_pdf_is_damaged(content: bytes) -> None:
    assert Gauge().pages(entry(content), {0}) == Unknown("damaged")


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", png(2, 2)[:20], b"%PDF-1.4"])
def test_a_broken_picture_is_damaged(content: bytes) -> None:
    assert Gauge().picture(entry(content)) == Unknown("damaged")


def test_a_file_that_takes_too_long_ends_the_measuring_of_this_study_only() -> None:
    gauge = Gauge()
    assert gauge.pages(entry(pdf(["One"] * 30_000)), {0}) == Unknown("effort")
    assert gauge.picture(entry(png(2, 2))) == Unknown("effort")
    assert Gauge().picture(entry(png(2, 2))) == Picture(2, 2)


def test_a_process_that_ended_or_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Gauge().picture(entry(png(2, 2))) == Picture(2, 2)
    assert media._running is not None
    media._running.process.kill()
    media._running.process.wait()
    assert Gauge().picture(entry(png(2, 2))) == Unknown("effort")
    assert Gauge().picture(entry(png(2, 2))) == Picture(2, 2)
    monkeypatch.setattr(media, "_WAITING", 0.05)
    assert media._running is not None
    hanging = media._running.process
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(20)"], stdin=-1, stdout=-1) as asleep:
        media._running.process = asleep
        assert Gauge().picture(entry(png(2, 2))) == Unknown("effort")
        assert asleep.wait() != 0
    hanging.kill()
    hanging.communicate()


def test_where_no_process_can_be_started_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "_running", None)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert Gauge().picture(entry(png(2, 2))) == Unknown("effort")


def test_a_library_in_the_current_folder_is_not_taken_for_the_real_one(tmp_path: Path) -> None:
    (tmp_path / "PIL.py").write_text("open('seen', 'w')\n", encoding="utf-8")
    script = (
        "from qdabridge.formats.media import Gauge\n"
        "from qdabridge.study.files import BytesEntry\n"
        f"print(Gauge().picture(BytesEntry({png(2, 2)!r})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "Picture(width=2, height=2, on_its_side=False)\n"
    assert not (tmp_path / "seen").exists()


def test_damage_in_the_package_is_damage_of_the_file() -> None:
    class Broken:
        size = 1000

        def open(self) -> io.BytesIO:
            raise OSError("the disk is gone")

    assert Gauge().picture(Broken()) == Unknown("damaged")  # type: ignore[arg-type]
    assert Gauge().picture(entry(png(2, 2))) == Picture(2, 2)


# ---- Bytes from anywhere ------------------------------------------------------------------------------------

CONTENT = bytes(range(256)) * 2000


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_bytes_come_from_anywhere_in_a_packed_file(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "study.qdpx", "w", method) as archive:
        archive.writestr("project.qde", "<Project/>")
        archive.writestr("sources/a.mp4", CONTENT)
    package = open_package(tmp_path / "study.qdpx")
    allowance = Allowance(each=len(CONTENT) - 1, together=len(CONTENT))
    with Reach(package.files.entry("sources/a.mp4"), allowance) as reach:
        for offset, length in ((500, 10), (0, 3), (300_000, 70_000), (7, 7), (400_000, 1)):
            assert reach.at(offset, length) == CONTENT[offset : offset + length]
        assert reach.at(len(CONTENT) + 5, 10) == b""
        if method == zipfile.ZIP_STORED:
            assert reach.at(len(CONTENT) - 5, 100) == CONTENT[-5:]
            assert allowance.left == len(CONTENT)
        else:
            with pytest.raises(TooFar):
                reach.at(len(CONTENT) - 5, 5)
            assert allowance.left == len(CONTENT) - 400_001
    package.files.close()


def test_a_file_beside_the_study_is_read_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(CONTENT)
    with Reach(PathEntry(tmp_path / "a.mp4"), Allowance(0, 0)) as reach:
        assert reach.at(1000, 20) == CONTENT[1000:1020]


def test_what_is_shorter_than_it_says_just_ends() -> None:
    class Short(BytesEntry):
        size = 1000

    with Reach(Short(b"abc"), Allowance()) as reach:
        assert reach.at(0, 500) == b"abc"
        assert reach.at(1, 500) == b"bc"


def test_a_large_compressed_film_is_not_unpacked() -> None:
    assert Gauge(Allowance(each=100_000)).length(entry(film(7000))) == Unknown("unpacking")
    assert Gauge(Allowance(together=100_000)).length(entry(film(7000))) == Unknown("unpacking")
