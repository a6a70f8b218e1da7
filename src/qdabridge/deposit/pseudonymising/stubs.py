"""What stands in the place of a page or picture that was left out: one as large, so that what is marked stays there.

It knows PDF and PNG, and nothing of studies. Sources: ISO 32000-1, section 7 (syntax) and 9.6.2.2 (the fonts that every
viewer has); PNG (ISO/IEC 15948).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence

from qdabridge.formats.media import Box

WORDS = "Left out: names in it could not be replaced."
"""What a stub says; ASCII, since the fonts that every viewer has know little more."""

A4 = Box(0, 0, 595, 842)

_HEAD = 256
_LARGEST_SIDE = 30_000
_MARGIN = 24
_LETTERS = 0.5
"""How wide a letter of Helvetica is on average, of its height."""


def pdf_stub(pages: Sequence[Box]) -> bytes:
    """Return a PDF with pages of these sizes, each of which says that it was left out."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects.append(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids))
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    for number, box in enumerate(pages):
        width = box.right - box.left
        size = max(4.0, min(14.0, (width - 2 * _MARGIN) / (_LETTERS * len(WORDS))))
        x, y = box.left + _MARGIN, box.top - 2 * _MARGIN
        said = f"BT /F1 {size:.1f} Tf {x:.1f} {y:.1f} Td ({WORDS}) Tj ET".encode("ascii")
        corners = f"{box.left:g} {box.bottom:g} {box.right:g} {box.top:g}".encode("ascii")
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Rotate %d/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
            % (corners, box.turned, 5 + 2 * number)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(said), said))
    return _pdf_of(objects)


def png_stub(width: int, height: int) -> bytes:
    """Return a grey picture of this size, in pixels; with words in it where Pillow is there to draw them."""
    width, height = (max(1, min(side, _LARGEST_SIDE)) for side in (width, height))
    packed = zlib.compressobj(9)
    pixels = b"".join(packed.compress(b"\0" + row) for row in _rows(width, height)) + packed.flush()
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, content)
        for kind, content in (
            # One bit a pixel, from a palette of light grey and black.
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)),
            (b"PLTE", b"\xe4\xe4\xe4\x30\x30\x30"),
            (b"tEXt", b"Comment\0" + WORDS.encode("ascii")),
            (b"IDAT", pixels),
            (b"IEND", b""),
        )
    )


def is_stub(data: bytes) -> bool:
    """Tell whether a file is a stub, by its beginning."""
    return WORDS.encode("ascii") in data[:_HEAD]


def _pdf_of(objects: Sequence[bytes]) -> bytes:
    out = bytearray(f"%PDF-1.4\n% {WORDS}\n".encode("ascii"))
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _rows(width: int, height: int) -> Iterator[bytes]:
    """Give the rows of a picture, a bit a pixel, with the words in its middle where there is room."""
    plain = bytes((width + 7) // 8)
    words = _words_drawn(width, height)
    above = (height - len(words)) // 2
    for number in range(height):
        yield words[number - above] if above <= number < above + len(words) else plain


def _words_drawn(width: int, height: int) -> list[bytes]:
    """Return the rows of the words, as wide as the picture; none where there is no room, or no Pillow."""
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError:
        return []
    font = ImageFont.load_default()
    left, top, right, bottom = ImageDraw.Draw(Image.new("1", (1, 1))).textbbox((0, 0), WORDS, font=font)
    wide, high = int(right - left), int(bottom - top)
    times = min(3, width // (wide + 8), height // (high + 8))
    if times < 1:
        return []
    drawn = Image.new("1", (wide, high))
    ImageDraw.Draw(drawn).text((-left, -top), WORDS, fill=1, font=font)
    line = Image.new("1", (width, high * times))
    line.paste(drawn.resize((wide * times, high * times)), ((width - wide * times) // 2, 0))
    packed = line.tobytes()
    row = (width + 7) // 8
    return [packed[at : at + row] for at in range(0, len(packed), row)]
