"""Rich text beside plain text: made where the tool wants one, left out where it does not look at it.

A .docx that is made has a paragraph for each line and the same characters, so that positions hold in both.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import PurePosixPath

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study.files import BytesEntry
from qdabridge.study.model import Note, PDFSource

_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def adapt_rich_texts(draft: Draft) -> None:
    """Make, keep or leave out the rich form of every text."""
    _leave_what_is_not_rich(draft)
    if draft.profile.rich_text == "made":
        _make(draft)
    elif draft.profile.rich_text == "left":
        _leave(draft)


def docx_of(text: str) -> bytes:
    """Return a Word document with one paragraph for each line of a text; the same text gives the same bytes.

    Characters that XML cannot hold become U+FFFD, one for one.
    """
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.author = properties.comments = properties.title = ""
    properties.created = properties.modified = datetime(*_LONG_AGO)
    lines = _IMPOSSIBLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    if lines and not lines[-1]:
        # The last line end ends a paragraph and does not begin another.
        lines.pop()
    for line in lines:
        document.add_paragraph(line)
    packed = io.BytesIO()
    document.save(packed)
    return _without_time(packed)


def _without_time(packed: io.BytesIO) -> bytes:
    """Pack a zip anew so that it does not say when it was made."""
    again = io.BytesIO()
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return again.getvalue()


def _leave_what_is_not_rich(draft: Draft) -> None:
    """Some programs give a .txt as rich text, and others then fail to import the whole source."""
    for document in draft.documents():
        reference = document.rich_text_path
        if reference and PurePosixPath(reference).suffix.lower() == ".txt" and document.plain_text_path:
            document.rich_text_path = None


def _make(draft: Draft) -> None:
    made = 0
    representations = {
        id(source.representation) for source in draft.project.sources or () if isinstance(source, PDFSource)
    }
    for document in draft.documents():
        if document.rich_text_path or not document.plain_text_path or id(document) in representations:
            continue
        text = draft.text_of(document)
        if text is None:
            continue
        document.rich_text_path = draft.add_file(f"{document.guid}.docx", BytesEntry(docx_of(text)))
        made += not isinstance(document, Note)
    draft.say(
        "RICH-TEXT-MADE",
        f"{draft.profile.title} shows a Word document for each text; they were made from the plain texts.",
        made,
    )


def _leave(draft: Draft) -> None:
    left: set[str] = set()
    for document in draft.documents():
        if not document.rich_text_path or not document.plain_text_path:
            continue
        name = draft.name_of(document.rich_text_path)
        if name is not None:
            left.add(name)
        document.rich_text_path = None
    draft.leave_files(left)
    draft.lose(
        "RICH-TEXT-LEFT",
        f"{draft.profile.title} reads plain text only; formatted texts were left out, their words are there.",
        len(left),
        hint="Keep the original for its formatting.",
    )
