"""What a file is by its first bytes, and what it should be by the ending of its name.

Only what cannot be mistaken is known; recordings are one kind, because players go by what is in them and not by their
ending. Nothing is opened here.
"""

from __future__ import annotations

import re

LOOKED_AT = 1024
"""How many of the first bytes tell; readers of PDFs look for their mark as far."""

_BY_MARK = (
    ("PNG picture", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("JPEG picture", re.compile(rb"\xff\xd8\xff")),
    ("GIF picture", re.compile(rb"GIF8[79]a")),
    ("TIFF picture", re.compile(rb"II\*\0|MM\0\*")),
    ("WebP picture", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    ("HEIC picture", re.compile(rb".{4}ftyp(?:hei|hev|mif1|avif)", re.DOTALL)),
    ("zip archive", re.compile(rb"PK\x03\x04")),
    ("document of older Office programs", re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    ("RTF document", re.compile(rb"\{\\rtf")),
    ("web page", re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)\b", re.IGNORECASE)),
    (
        "recording",
        re.compile(
            rb"RIFF.{4}(?:WAVE|AVI )|FORM.{4}AIF[FC]|.{4}(?:ftyp|moov|mdat)|OggS|fLaC|ID3|\x1aE\xdf\xa3|FLV\x01|caff"
            rb"|#!AMR|\x30\x26\xb2\x75\x8e\x66\xcf\x11|\0\0\x01[\xb3\xba]",
            re.DOTALL,
        ),
    ),
    ("PDF", re.compile(rb".*?%PDF-", re.DOTALL)),
)

_RECORDINGS = (
    *("3gp", "aac", "aif", "aiff", "amr", "asf", "avi", "flac", "m4a", "m4b", "m4v", "mkv", "mov", "mp2", "mp3", "mp4"),
    *("mpeg", "mpg", "oga", "ogg", "ogv", "opus", "wav", "webm", "wma", "wmv"),
)
_BY_ENDING = {
    "pdf": "PDF",
    "png": "PNG picture",
    "jpg": "JPEG picture",
    "jpeg": "JPEG picture",
    "gif": "GIF picture",
    "tif": "TIFF picture",
    "tiff": "TIFF picture",
    "webp": "WebP picture",
    "heic": "HEIC picture",
    "docx": "zip archive",
    "odt": "zip archive",
    "doc": "document of older Office programs",
    "rtf": "RTF document",
    **dict.fromkeys(_RECORDINGS, "recording"),
}


def kind_by_content(head: bytes) -> str | None:
    """Return what a file is by its first bytes, or ``None`` where they do not tell.

    >>> kind_by_content(b"%PDF-1.4"), kind_by_content(b"I waited."), kind_by_content(b"RIFF\\x24\\0\\0\\0WAVEfmt ")
    ('PDF', None, 'recording')
    """
    return next((kind for kind, mark in _BY_MARK if mark.match(head)), None)


def kind_by_ending(name: str) -> str | None:
    """Return what a file should be by the ending of its name, or ``None`` where that says nothing certain.

    >>> kind_by_ending("sources/LEAFLET.PDF"), kind_by_ending("notes.txt")
    ('PDF', None)
    """
    return _BY_ENDING.get(ending_of(name))


def ending_of(name: str) -> str:
    """Return the ending of a file's name in lower case, without the point; empty where it has none.

    >>> ending_of("sources/Leaflet.PDF"), ending_of("sources.d/leaflet")
    ('pdf', '')
    """
    return name.rpartition("/")[2].rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""


def fits(expected: str, found: str | None) -> bool:
    """Tell whether what is found can be what is expected; a recording may be of a kind that is not known here."""
    return found == expected or (found is None and expected == "recording")


def is_picture(kind: str | None) -> bool:
    """Tell whether a kind is one of pictures."""
    return kind is not None and kind.endswith(" picture")
