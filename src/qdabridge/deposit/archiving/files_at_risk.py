"""Which formats of files archives take: by their ending and first bytes, and what to do about the others.

After the lists of preferred and accepted formats of QDR, DANS, FSD, ADP and the UK Data Service.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

from msgspec import Struct

Standing = Literal["preferred", "accepted", "at risk", "proprietary", "unknown"]


class Format(Struct, frozen=True):
    """A format of files, as archives see it.

    Args:
        name: what it is, for people.
        media_type: its media type.
        standing: whether archives take it.
        advice: what to do about it; empty where nothing.
    """

    name: str
    media_type: str
    standing: Standing
    advice: str = ""


_OPEN_TEXT = "Give the archive the text too; qdabridge has put it beside the file."
_FORMATS: dict[str, Format] = {
    ".txt": Format("plain text, UTF-8", "text/plain", "preferred"),
    ".csv": Format("table, comma-separated", "text/csv", "preferred"),
    ".json": Format("JSON", "application/json", "preferred"),
    ".xml": Format("XML", "application/xml", "preferred"),
    ".md": Format("Markdown", "text/markdown", "preferred"),
    ".toml": Format("TOML", "application/toml", "accepted"),
    ".html": Format("web page", "text/html", "accepted"),
    ".htm": Format("web page", "text/html", "accepted"),
    ".qdpx": Format("REFI-QDA project", "application/zip", "accepted"),
    ".qdc": Format("REFI-QDA codebook", "application/xml", "accepted"),
    ".xlsx": Format("Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "accepted"),
    ".docx": Format(
        "Word document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "accepted",
        _OPEN_TEXT,
    ),
    ".odt": Format("OpenDocument text", "application/vnd.oasis.opendocument.text", "preferred"),
    ".rtf": Format("rich text", "application/rtf", "accepted", _OPEN_TEXT),
    ".doc": Format("old Word document", "application/msword", "at risk", "Save it as .docx or .odt."),
    ".pdf": Format("PDF", "application/pdf", "accepted", "PDF/A is preferred; it cannot be told here whether it is."),
    ".tif": Format("TIFF picture", "image/tiff", "preferred"),
    ".tiff": Format("TIFF picture", "image/tiff", "preferred"),
    ".png": Format("PNG picture", "image/png", "preferred"),
    ".jpg": Format("JPEG picture", "image/jpeg", "accepted"),
    ".jpeg": Format("JPEG picture", "image/jpeg", "accepted"),
    ".gif": Format("GIF picture", "image/gif", "at risk", "Save it as PNG."),
    ".bmp": Format("Windows bitmap", "image/bmp", "at risk", "Save it as PNG."),
    ".heic": Format("HEIC picture", "image/heic", "at risk", "Save it as PNG or TIFF."),
    ".webp": Format("WebP picture", "image/webp", "at risk", "Save it as PNG."),
    ".svg": Format("SVG drawing", "image/svg+xml", "preferred"),
    ".wav": Format("WAV recording", "audio/wav", "preferred"),
    ".flac": Format("FLAC recording", "audio/flac", "preferred"),
    ".mp3": Format("MP3 recording", "audio/mpeg", "accepted"),
    ".m4a": Format("AAC recording", "audio/mp4", "accepted"),
    ".ogg": Format("Ogg recording", "audio/ogg", "accepted"),
    ".wma": Format("Windows Media recording", "audio/x-ms-wma", "at risk", "Convert it to FLAC or WAV."),
    ".amr": Format("telephone recording", "audio/amr", "at risk", "Convert it to FLAC or WAV."),
    ".mp4": Format("MP4 film", "video/mp4", "preferred"),
    ".mkv": Format("Matroska film", "video/x-matroska", "accepted"),
    ".mov": Format("QuickTime film", "video/quicktime", "at risk", "Convert it to MP4 (H.264)."),
    ".avi": Format("AVI film", "video/x-msvideo", "at risk", "Convert it to MP4 (H.264)."),
    ".wmv": Format("Windows Media film", "video/x-ms-wmv", "at risk", "Convert it to MP4 (H.264)."),
    **{
        ending: Format(
            f"project of {program}", "application/octet-stream", "proprietary", "Export it as REFI-QDA (.qdpx) too."
        )
        for ending, program in {
            ".nvp": "NVivo",
            ".nvpx": "NVivo",
            ".mx22": "MAXQDA",
            ".mx24": "MAXQDA",
            ".mex": "MAXQDA",
            ".atlproj": "ATLAS.ti",
            ".hpr7": "ATLAS.ti",
            ".qda": "QualCoder",
            ".f4a": "f4analyse",
        }.items()
    },
    ".sav": Format("SPSS data", "application/x-spss-sav", "proprietary", "Export it as .csv too."),
}

_UNKNOWN = Format(
    "unknown", "application/octet-stream", "unknown", "Ask the archive, or save it in a format it prefers."
)

_MARKS: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    (b"%PDF-", (".pdf",)),
    (b"\x89PNG\r\n\x1a\n", (".png",)),
    (b"\xff\xd8\xff", (".jpg", ".jpeg")),
    (b"GIF8", (".gif",)),
    (b"II*\0", (".tif", ".tiff")),
    (b"MM\0*", (".tif", ".tiff")),
    (b"\xd0\xcf\x11\xe0", (".doc", ".xls", ".ppt")),
    (b"{\\rtf", (".rtf",)),
    (b"fLaC", (".flac",)),
    (b"PK\x03\x04", (".docx", ".odt", ".xlsx", ".pptx", ".qdpx", ".zip")),
)
"""First bytes that cannot be mistaken, and the endings that go with them; the first is what it is taken for."""


def format_of(name: str, head: bytes = b"") -> Format:
    """Return the format of a file; by its first bytes where they say something else than its ending."""
    ending = PurePosixPath(name).suffix.lower()
    for mark, endings in _MARKS:
        if head.startswith(mark) and ending not in endings:
            return _FORMATS.get(endings[0], _UNKNOWN)
    return _FORMATS.get(ending, _UNKNOWN)
