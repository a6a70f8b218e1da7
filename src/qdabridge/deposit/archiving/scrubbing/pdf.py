"""Takes author, title, programs and times out of the properties of a PDF; its pages stay."""

from __future__ import annotations

import io

from qdabridge.errors import CannotRead


def without_properties(data: bytes) -> bytes | None:
    """Return a PDF without its document information and XMP metadata; ``None`` where it has neither.

    Raises:
        CannotRead: it is damaged or encrypted, or pypdf is not installed.
    """
    if b"/Info" not in data and b"/Metadata" not in data and b"/XRef" not in data:
        return None
    try:
        from pypdf import PdfReader, PdfWriter
        from pypdf.generic import NameObject
    except ImportError:
        raise CannotRead("Looking into PDFs needs qdabridge[pdf].") from None
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise CannotRead("It is an encrypted PDF.")
        if not reader.metadata and "/Metadata" not in reader.root_object:
            return None
        writer = PdfWriter(clone_from=reader)
        writer.metadata = None
        if "/Metadata" in writer.root_object:
            del writer.root_object[NameObject("/Metadata")]
        out = io.BytesIO()
        writer.write(out)
    except CannotRead:
        raise
    except Exception as error:
        raise CannotRead("It is a PDF that cannot be opened.") from error
    return out.getvalue()
