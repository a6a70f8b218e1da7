"""What the files of a deposit are called: like the sources they are, so that people find them with their eyes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from qdabridge.formats.json.names import SafeNames
from qdabridge.study import walk
from qdabridge.study.files import split_reference
from qdabridge.study.model import AnySource, AnyText, AudioSource, FileSource, TextDocument, VideoSource
from qdabridge.study.study import Study

_ENDINGS = (".txt", ".docx", ".doc", ".rtf", ".odt", ".pdf", ".md", ".html")


class TextPlace(Struct, frozen=True):
    """Where the text of a source goes.

    Args:
        name: of the file.
        source: whose text it is.
        document: the text itself: the source, its transcript, or the text of a PDF or picture.
    """

    name: str
    source: AnySource
    document: AnyText


class Naming:
    """Gives names to all files of the sources of one study.

    Attributes:
        originals: a file's name in the package → its name in the deposit; texts, which the JSON holds, are not there.
        texts: where the text of each source goes, in the order of the study.
        sources: a file's name in the package → the name of its source.
    """

    def __init__(self, study: Study) -> None:
        self._safe = SafeNames()
        self.originals: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self.texts: list[TextPlace] = []
        plain = {
            study.files.find(document.plain_text_path)
            for document in walk.texts(study.project)
            if document.plain_text_path is not None
        }
        for source in study.project.sources or ():
            base = _base(source.name or source.guid)
            for reference in _files_of(source):
                found = study.files.find(reference)
                if found is None or found in self.originals:
                    continue
                ending = PurePosixPath(found).suffix or PurePosixPath(split_reference(reference)[1]).suffix
                self.sources[found] = source.name or source.guid
                # What is plain text by its name is told from the text that is made of it.
                name = f"{base} (as it came){ending}" if found in plain or ending.lower() == ".txt" else base + ending
                self.originals[found] = self._name_for(name)
            self.texts += [
                TextPlace(self._name_for(f"{base}{suffix}.txt"), source, document)
                for suffix, document in _texts_of(source)
            ]
        for name in study.files:
            if name not in self.originals:
                self.originals[name] = self._name_for(PurePosixPath(name).name)

    def _name_for(self, wanted: str) -> str:
        # Programs that read bags do not agree on how a percent sign stands in a manifest.
        return self._safe.name_for(wanted.replace("%", "_"))

    def beside(self, name: str, ending: str) -> str:
        """Return a new name for something made of a file: ``Ana.docx`` → ``Ana.html``."""
        return self._name_for(f"{PurePosixPath(name).stem}{ending}")


def _base(name: str) -> str:
    """Return the name of a source without the ending that many programs leave on it."""
    suffix = PurePosixPath(name).suffix
    return name[: -len(suffix)] if suffix.lower() in _ENDINGS else name


def _files_of(source: AnySource) -> Iterator[str]:
    for reference in (
        getattr(source, "path", None),
        getattr(source, "rich_text_path", None),
        *(getattr(document, "rich_text_path", None) for document in walk.texts_of(source)),
    ):
        if reference:
            yield reference


def _texts_of(source: AnySource) -> Iterator[tuple[str, AnyText]]:
    """Give the texts that a source is or has, and what tells them apart in a name."""
    if isinstance(source, AudioSource | VideoSource):
        for number, transcript in enumerate(source.transcripts, 1):
            yield f" (transcript {number})" if len(source.transcripts) > 1 else " (transcript)", transcript
    elif isinstance(source, TextDocument):
        yield "", source
    elif isinstance(source, FileSource):
        document = getattr(source, "representation", None) or getattr(source, "text_description", None)
        if document is not None:
            yield " (text)", document
