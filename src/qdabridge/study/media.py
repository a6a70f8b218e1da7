"""What kind of thing a source really is, and which sources are one thing written down several times.

It goes by the names of files; none is opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from qdabridge.study.files import split_reference
from qdabridge.study.model import (
    AnySource,
    AudioSource,
    PDFSource,
    PictureSource,
    TextSource,
    Transcript,
    VideoSource,
)

Kind: TypeAlias = Literal["text", "picture", "PDF", "audio", "video"]

_SOUND = frozenset({".m4a", ".mp3", ".wav", ".aac", ".flac", ".ogg", ".opus", ".wma", ".aif", ".aiff"})


def kind_of(source: AnySource) -> Kind:
    """Return what a source is: ``text``, ``picture``, ``PDF``, ``audio`` or ``video``.

    MAXQDA writes sound recordings as VideoSources; the ending of the file tells them.

    >>> kind_of(VideoSource(guid="V", path="internal://walk.M4A")), kind_of(VideoSource(guid="V", path="walk.mp4"))
    ('audio', 'video')
    """
    if isinstance(source, VideoSource):
        path = source.path or source.current_path or ""
        return "audio" if PurePosixPath(split_reference(path)[1]).suffix.lower() in _SOUND else "video"
    if isinstance(source, AudioSource):
        return "audio"
    if isinstance(source, PDFSource):
        return "PDF"
    return "picture" if isinstance(source, PictureSource) else "text"


def one_thing(sources: Iterable[AnySource]) -> list[list[AnySource]]:
    """Return the sources that are one thing together: a recording and the texts whose file is its transcript's.

    ATLAS.ti writes the transcript of a recording once more, as a text that carries the codings. Each group is in the
    order of the study and has two sources or more.
    """
    in_order = list(sources)
    recordings: dict[str, int] = {}
    leads: dict[int, int] = {}
    for number, source in enumerate(in_order):
        if isinstance(source, AudioSource | VideoSource):
            files = [file for transcript in source.transcripts for file in _files_of(transcript)]
            # Two recordings with one transcript, such as two cameras, are one thing as well.
            leads[number] = min((recordings[file] for file in files if file in recordings), default=number)
            for file in files:
                recordings.setdefault(file, leads[number])
    groups: dict[int, list[AnySource]] = {}
    for number, source in enumerate(in_order):
        lead = leads.get(number)
        if isinstance(source, TextSource):
            lead = next((recordings[file] for file in _files_of(source) if file in recordings), None)
        if lead is not None:
            groups.setdefault(lead, []).append(source)
    return [group for group in groups.values() if len(group) > 1]


def _files_of(text: TextSource | Transcript) -> list[str]:
    paths = (text.plain_text_path, text.rich_text_path)
    return [split_reference(path)[1].casefold() for path in paths if path]
