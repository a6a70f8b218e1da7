"""Takes out of pictures what cameras and programs write into them; not a pixel changes.

Sources: JPEG (ITU-T T.81, annex B), Exif 2.3 for the orientation, PNG (ISO/IEC 15948, chunks).
"""

from __future__ import annotations

import struct

from qdabridge.errors import CannotRead

_TELLING = {0xE1, 0xED, 0xFE}
"""Markers of segments that tell: APP1 (Exif, XMP), APP13 (IPTC), comments."""

_ALONE = {0x01, *range(0xD0, 0xD8)}
_SCAN, _END = 0xDA, 0xD9
_CHUNKS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_ORIENTATION = 0x0112


def jpeg_without_marks(data: bytes) -> bytes:
    """Return a JPEG without Exif, XMP, IPTC and comments; how it is turned stays.

    Raises:
        CannotRead: it is damaged.
    """
    out = bytearray(data[:2])
    at, turned = 2, 1
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise CannotRead("It is a damaged JPEG picture.")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _ALONE:
            out += data[at : at + 2]
            at += 2
            continue
        if marker in (_SCAN, _END):
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > len(data):
            raise CannotRead("It is a damaged JPEG picture.")
        segment = data[at : at + 2 + length]
        if marker in _TELLING:
            turned = _orientation(segment[4:]) or turned
        else:
            out += segment
        at += 2 + length
    if turned != 1:
        out[2:2] = _turning(turned)
    return bytes(out + data[at:])


def png_without_marks(data: bytes) -> bytes:
    """Return a PNG without Exif, texts and the time of its last change.

    Raises:
        CannotRead: it is damaged.
    """
    out = bytearray(data[:8])
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            raise CannotRead("It is a damaged PNG picture.")
        if kind not in _CHUNKS:
            out += data[at : at + 12 + length]
        at += 12 + length
        if kind == b"IEND":
            return bytes(out)
    raise CannotRead("It is a damaged PNG picture.")


def _orientation(exif: bytes) -> int | None:
    """Return how an Exif block says that the picture is turned, 1 to 8."""
    if not exif.startswith(b"Exif\0\0"):
        return None
    tiff = exif[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return None
        start = struct.unpack_from(f"{order}I", tiff, 4)[0]
        for number in range(struct.unpack_from(f"{order}H", tiff, start)[0]):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if tag == _ORIENTATION and 1 <= value <= 8:
                return int(value)
    except struct.error:
        return None
    return None


def _turning(turned: int) -> bytes:
    """Return an Exif segment that says how the picture is turned, and nothing else."""
    exif = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)
    return b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
