"""A study in the hand: the project, the files behind its sources, and what was noticed while reading it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding
from qdabridge.study.files import Files
from qdabridge.study.form import Form
from qdabridge.study.model import AnyText, Project
from qdabridge.study.text import StoredText, decode


class Study:
    """A project, its files and the findings of reading it.

    It may hold an open archive, so use it as a context manager or call ``close``.

    Args:
        project: the model.
        files: where documents and media come from; none by default.
        findings: what was noticed while reading.
        form: how the study was written down where it came from; ``None`` for a study made in memory.
    """

    def __init__(
        self,
        project: Project,
        files: Files | None = None,
        findings: Iterable[Finding] = (),
        form: Form | None = None,
    ) -> None:
        self.project = project
        self.files = files if files is not None else Files()
        self.findings = list(findings)
        self.form = form

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the archive behind the files, if there is one."""
        self.files.close()

    def stored_text(self, document: AnyText) -> StoredText | None:
        """Return the text of a document or transcript as stored, or ``None`` where the study does not hold it.

        Raises:
            CannotRead: the file is there and is not UTF-8.
            TooLarge: the file is larger than the limit for texts.
        """
        reference = document.plain_text_path
        if reference is not None:
            entry = self.files.locate(reference)
            if entry is not None:
                limits = self.files.limits
                if entry.size > limits.text:
                    raise limits.refused("text", f"The text {reference} is too large", document.name or document.guid)
                try:
                    with entry.open() as stream:
                        data = stream.read()
                    return decode(data)
                except OSError as error:
                    raise CannotRead(
                        f"The text {reference} cannot be read ({(error.strerror or str(error)).lower()}).",
                        where=document.name or document.guid,
                        todo="Look after the file and its permissions.",
                    ) from None
                except UnicodeDecodeError as error:
                    raise CannotRead(
                        f"The text is not UTF-8 (byte {error.start} of {reference}).",
                        where=document.name or document.guid,
                        todo="Save it as UTF-8 text and put it back.",
                    ) from None
        if document.plain_text_content is not None:
            return StoredText(document.plain_text_content)
        return None

    def text_of(self, document: AnyText) -> str | None:
        """Return the characters that positions in a document count, or ``None`` where the study does not hold them."""
        stored = self.stored_text(document)
        return None if stored is None else stored.text
