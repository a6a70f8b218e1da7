"""Going through a whole study in order: every text, every selection, every code.

Iterators over the model, nothing more; what things mean is said in ``lookup``.
"""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.study.model import (
    AnySource,
    AnyText,
    AudioSource,
    Code,
    FileSource,
    PDFSource,
    PictureSource,
    Project,
    Selection,
    TextDocument,
)


def codes(project: Project) -> Iterator[Code]:
    """Give every code, parents before their children, in the order of the codebook."""
    waiting = list(reversed(project.code_book.codes)) if project.code_book else []
    while waiting:
        code = waiting.pop()
        yield code
        waiting.extend(reversed(code.codes))


def texts_of(source: AnySource | TextDocument) -> Iterator[AnyText]:
    """Give the texts of a source that positions can count: its own, its representations, description, transcripts."""
    if isinstance(source, TextDocument):
        yield source
    elif isinstance(source, PictureSource):
        if source.text_description is not None:
            yield source.text_description
    elif isinstance(source, PDFSource):
        for selection in source.pdf_selections:
            if selection.representation is not None:
                yield selection.representation
        if source.representation is not None:
            yield source.representation
    else:
        yield from source.transcripts


def texts(project: Project) -> Iterator[AnyText]:
    """Give every text of the study: of sources and of notes."""
    for source in project.sources or ():
        yield from texts_of(source)
    yield from project.notes or ()


def references(project: Project) -> Iterator[str]:
    """Give every path by which the study refers to a file: of documents, texts and media."""
    for source in project.sources or ():
        if isinstance(source, FileSource) and source.path is not None:
            yield source.path
    for text in texts(project):
        if text.plain_text_path is not None:
            yield text.plain_text_path
        if text.rich_text_path is not None:
            yield text.rich_text_path


def selections_of(source: AnySource | TextDocument) -> Iterator[Selection]:
    """Give every selection of a source, those in its texts too."""
    if isinstance(source, TextDocument):
        yield from source.plain_text_selections
        return
    if isinstance(source, PictureSource):
        yield from source.picture_selections
    elif isinstance(source, PDFSource):
        yield from source.pdf_selections
    elif isinstance(source, AudioSource):
        yield from source.audio_selections
    else:
        yield from source.video_selections
    for text in texts_of(source):
        if isinstance(text, TextDocument):
            yield from text.plain_text_selections
        else:
            yield from text.transcript_selections
