"""Which files of a study are texts that can stand in the JSON, in the documents that refer to them.

A file is inlined where its bytes can be had back from the text: it is UTF-8, and no document that refers to it has a
text of its own besides. Everything else is stored beside the JSON. The study itself is never changed; documents are
copied. This module knows nothing of JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from qdabridge.findings import Finding, Findings
from qdabridge.study import walk
from qdabridge.study.model import AnySource, AnyText, Note, PDFSource, PictureSource, TextDocument
from qdabridge.study.study import Study
from qdabridge.study.text import StoredText, decode

LONGEST = 64 << 20
"""Bytes of a text that is inlined; the longest interviews have a thousandth of this."""

MOST_SHARED = 10
"""Documents that may share one file that is inlined, each with a copy; tools let two share one."""

_Inlinable = TypeVar("_Inlinable", bound=AnySource | Note)


class Inlining:
    """Tells of each document what text to inline, and afterwards of each file whether it stands in a document."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._findings = Findings()
        self._names: dict[str, str | None] = {}
        self._candidates: dict[str, int] = {}
        self._paths: dict[str, dict[str, None]] = {}
        self._marked: dict[str, bool] = {}
        unfit: set[str] = set()
        for document in walk.texts(study.project):
            name = self._name(document)
            if name is None:
                continue
            self._candidates[name] = self._candidates.get(name, 0) + 1
            if document.plain_text_content is not None:
                unfit.add(name)
        for name in unfit:
            del self._candidates[name]
        self._refuse_too_large()

    def text_for(self, document: AnyText) -> str | None:
        """Return the text to inline in a document, or ``None`` where its file is stored beside or is not there."""
        name = self._name(document)
        if name is None or name not in self._candidates:
            return None
        assert document.plain_text_path is not None
        stored = self._decoded(name)
        if stored is None:
            del self._candidates[name]
            return None
        self._marked[name] = stored.byte_order_mark
        self._paths.setdefault(name, {})[document.plain_text_path] = None
        return stored.text

    def paths_of(self, name: str) -> tuple[str, ...]:
        """Return the plainTextPath, as written, of the documents that hold a file's text; none where none does."""
        return tuple(self._paths.get(name, ()))

    def has_byte_order_mark(self, name: str) -> bool:
        """Tell whether a file that was inlined begins with a byte order mark."""
        return self._marked[name]

    def findings(self) -> list[Finding]:
        """Return what was noticed."""
        return self._findings.all()

    def _name(self, document: AnyText) -> str | None:
        path = document.plain_text_path
        if path is None:
            return None
        if path not in self._names:
            self._names[path] = self._study.files.find(path)
        return self._names[path]

    def _decoded(self, name: str) -> StoredText | None:
        try:
            return decode(self._study.files.read(name))
        except UnicodeDecodeError:
            self._tell_beside(name, "A text is not UTF-8; it is stored beside the JSON as it is.")
            return None

    def _refuse_too_large(self) -> None:
        for name, sharing in list(self._candidates.items()):
            if self._study.files.entry(name).size > LONGEST or sharing > MOST_SHARED:
                del self._candidates[name]
                self._tell_beside(
                    name, "A text is too long, or shared by too many documents, to be inlined; it is stored beside."
                )

    def _tell_beside(self, name: str, message: str) -> None:
        self._findings.add(Finding("JSON-TEXT-BESIDE", "note", message, where=name))


def with_texts(source: _Inlinable, changed: Callable[[AnyText], AnyText]) -> _Inlinable:
    """Return a copy of a source or note in which each text is what ``changed`` makes of it; the source stays.

    The copy shares with the source whatever did not change.
    """
    if isinstance(source, TextDocument):
        return changed(source)  # type: ignore[return-value]
    if isinstance(source, PictureSource):
        if source.text_description is None:
            return source
        return replace(source, text_description=changed(source.text_description))
    if isinstance(source, PDFSource):
        selections = source.pdf_selections
        if any(selection.representation for selection in selections):
            selections = [
                replace(selection, representation=changed(selection.representation))
                if selection.representation
                else selection
                for selection in selections
            ]
        representation = changed(source.representation) if source.representation else None
        return replace(source, pdf_selections=selections, representation=representation)
    return replace(source, transcripts=[changed(transcript) for transcript in source.transcripts])
