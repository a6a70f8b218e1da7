"""ENTRY-NAME, ENTRY-ENDING, ENTRY-TYPE, ENTRY-TOO-LARGE, ENTRY-UNREFERENCED: the files in a package.

Whether a source's file is there at all is looked at in ``paths``; what is in a picture, PDF or recording in ``media``.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from qdabridge.archives import ZIP_FAULTS
from qdabridge.checks.inventory import Inventory, called, texts_with_owner
from qdabridge.checks.kinds import LOOKED_AT, ending_of, fits, is_picture, kind_by_content, kind_by_ending
from qdabridge.checks.rules.rule import Rule
from qdabridge.errors import CannotRead
from qdabridge.findings import Finding
from qdabridge.study.files import Entry, split_reference
from qdabridge.study.model import FileSource, PDFSource, PictureSource, Project
from qdabridge.study.study import Study

MOST_BYTES = 2_147_483_647
"""What the standard allows an internal file (8.5)."""

_NAMED_BY_GUID = re.compile(r"sources/\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?\.[^/.]+", re.IGNORECASE)
_RECORDINGS = ("sound or film",)
_NO_RECORDINGS = frozenset(
    {"txt", "rtf", "doc", "docx", "odt", "pdf", "jpg", "jpeg", "png", "gif", "tif", "tiff", "html"}
)
_LARGEST_DOCUMENT = 1 << 26
"""How many bytes of a document are looked through."""
_LISTED, _MOST_PARTS = b"PK\x01\x02", 20_000
"""What stands before each part in the list of an archive, and how many parts documents have at most."""
_SYSTEMS_OWN = re.compile(
    # What systems and archivers leave, NVivo's mark of a folder, and settings of the program beside the project.
    r"(?:.*/)?\.[^/]*|__MACOSX/.*|(?:.*/)?(?:thumbs\.db|desktop\.ini)|[^/]+\.(?:json|xml|ini)",
    re.IGNORECASE,
)


class _Use(NamedTuple):
    """A file in the package, and what refers to it: the name in the package, the endings that the standard allows.

    Sound and film are exchanged as they are (9.1.6): of them ``wanted`` is ``_RECORDINGS``.
    """

    name: str
    where: str
    wanted: tuple[str, ...]


def misnamed(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find files that are not named as the standard wants, too large, not what their ending says, or nobody's."""
    packed = study.form is not None and study.form.format in ("qdpx", "qde")
    used: set[str] = set()
    for use in _uses(study):
        # What is fine for one source may have the wrong ending for another.
        if use.wanted and not _ends_as_wanted(use):
            yield _ending(use)
        if use.name in used:
            continue
        used.add(use.name)
        if packed and not is_named_by_guid(use.name):
            yield _name(use)
        yield from _content(study, use)
    used.update(_formerly(study))
    for name in study.files:
        if study.files.entry(name).size > MOST_BYTES:
            yield _too_large(name, study.files.entry(name).size)
        if name not in used and not _SYSTEMS_OWN.fullmatch(name):
            yield _unreferenced(name)


def is_named_by_guid(name: str) -> bool:
    """Tell whether a file of the package is named as the standard wants: in the folder sources, a GUID, an ending."""
    return _NAMED_BY_GUID.fullmatch(name) is not None


def _uses(study: Study) -> Iterator[_Use]:
    for where, reference, wanted in _references(study.project):
        name = study.files.find(reference)
        if name is not None:
            yield _Use(name, f"{where}, {reference}", wanted)


def _references(project: Project) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for source in project.sources or ():
        if isinstance(source, FileSource) and source.path is not None:
            yield called(source), source.path, _wanted(source)
    for text, owner in texts_with_owner(project):
        if text.plain_text_path is not None:
            yield called(text, owner), text.plain_text_path, ("txt",)
        if text.rich_text_path is not None:
            yield called(text, owner), text.rich_text_path, ("docx",)


def _wanted(source: FileSource) -> tuple[str, ...]:
    if isinstance(source, PDFSource):
        return ("pdf",)
    return ("jpg", "jpeg", "png") if isinstance(source, PictureSource) else _RECORDINGS


def _ends_as_wanted(use: _Use) -> bool:
    ending = ending_of(use.name)
    return ending not in _NO_RECORDINGS if use.wanted == _RECORDINGS else ending in use.wanted


def _formerly(study: Study) -> Iterator[str]:
    """Give files that are only named as what a source once was."""
    for source in study.project.sources or ():
        was = source.current_path if isinstance(source, FileSource) else None
        if was is not None and split_reference(was)[0] == "internal":
            name = study.files.find(was)
            if name is not None:
                yield name


def _content(study: Study, use: _Use) -> Iterator[Finding]:
    expected = kind_by_ending(use.name)
    if expected is None:
        return
    try:
        with study.files.open(use.name) as stream:
            head = stream.read(LOOKED_AT)
    except (CannotRead, OSError) as error:
        yield _damaged(use, error)
        return
    found = kind_by_content(head)
    if not head:
        yield _empty(use)
    elif not fits(expected, found):
        yield _picture_of_another_kind(use, found) if is_picture(expected) and is_picture(found) else _other(use, found)
    elif ending_of(use.name) == "docx" and not _is_word_document(study.files.entry(use.name)):
        yield _other(use, "damaged zip archive, or one of something else")


def _is_word_document(entry: Entry) -> bool:
    """Tell whether a file has the parts of a Word document; one that is very large is taken for one."""
    if entry.size > _LARGEST_DOCUMENT:
        return True
    try:
        with entry.open() as stream:
            packed = stream.read()
        # Of what has more parts than any document a list is not even made.
        if packed.count(_LISTED) > _MOST_PARTS:
            return False
        with zipfile.ZipFile(io.BytesIO(packed)) as parts:
            return any(name.startswith("word/") for name in parts.namelist())
    except (*ZIP_FAULTS, CannotRead, OSError):
        return False


def _name(use: _Use) -> Finding:
    if not use.name.lower().startswith("sources/"):
        return Finding(
            "ENTRY-NAME",
            "warning",
            "The file of a source does not lie in the folder sources, where programs look for it.",
            where=use.where,
            hint="qdabridge repair puts it there.",
        )
    return Finding(
        "ENTRY-NAME",
        "warning",
        "The file of a source is not named by a GUID and an ending, directly in the folder sources.",
        where=use.where,
        hint="Most programs read it all the same; qdabridge repair names it so.",
    )


def _ending(use: _Use) -> Finding:
    return Finding(
        "ENTRY-ENDING",
        "warning",
        "The file of a source has an ending that the standard does not have for this type of source.",
        where=f"{use.where}, where {_listed(use.wanted)} is wanted",
        hint="Save it as .txt, .docx, .pdf, .jpg or .png in the program it comes from, and export the study again."
        if use.wanted != _RECORDINGS
        else "Look at the source in the program it comes from, put the recording there, and export the study again.",
    )


def _listed(wanted: tuple[str, ...]) -> str:
    return wanted[0] if wanted == _RECORDINGS else f".{' or .'.join(wanted)}"


def _other(use: _Use, found: str | None) -> Finding:
    return Finding(
        "ENTRY-TYPE",
        "error",
        "The file of a source is not what its ending says, so that programs cannot open it.",
        where=f"{use.where}: {_a(found) if found else 'something else'}",
        hint="Look at the source in the program it comes from, put the right file there, and export the study again.",
    )


def _picture_of_another_kind(use: _Use, found: str | None) -> Finding:
    return Finding(
        "ENTRY-TYPE",
        "warning",
        "A picture is of another format than its ending says; some programs do not show it.",
        where=f"{use.where}: {_a(found or 'picture')}",
        hint="Save the picture in the format of its ending, and export the study again.",
    )


def _empty(use: _Use) -> Finding:
    return Finding(
        "ENTRY-TYPE",
        "error",
        "The file of a source is empty.",
        where=use.where,
        hint="Look at the source in the program it comes from, put its file there again, and export the study again.",
    )


def _damaged(use: _Use, error: CannotRead | OSError) -> Finding:
    return Finding(
        "ENTRY-TYPE",
        "error",
        "The file of a source cannot be read.",
        where=f"{use.where}: {error.what if isinstance(error, CannotRead) else error.strerror or error}",
        hint="Copy or download the study again; if it is still so, export it again.",
    )


def _a(kind: str) -> str:
    return f"{'an' if kind.startswith('RTF') else 'a'} {kind}"


def _too_large(name: str, size: int) -> Finding:
    return Finding(
        "ENTRY-TOO-LARGE",
        "error",
        "A file in the package is over 2,147,483,647 bytes, the most that the standard allows.",
        where=f"{name}, {size:,} bytes",
        hint="Keep the recording outside the package (relative://), or make it smaller.",
    )


def _unreferenced(name: str) -> Finding:
    return Finding(
        "ENTRY-UNREFERENCED",
        "warning",
        "A file in the package belongs to no source or note, so that other programs leave it out.",
        where=name,
        hint="If it is a source of the study, add it in the program that the study comes from; otherwise take it out.",
    )


RULES = (
    Rule(
        code="ENTRY-UNREFERENCED",
        severity="warning",
        section="REFI-QDA 1.5, 8.1",
        title="a file in the package belongs to nothing",
        about="""\
The sources folder holds the internal sources of the project; this file is named by no source, note or transcript.
Whoever reads the package leaves it out, and the next export is without it. Marks of the system (`.root`, `.DS_Store`)
and settings of a program beside the project are let pass.""",
        find=misnamed,
    ),
    Rule(
        code="ENTRY-NAME",
        severity="warning",
        section="REFI-QDA 1.5, 8.1, 8.3 and 8.4",
        title="a file is not named by a GUID",
        about="""\
Internal files have a unique GUID as their name and keep their ending, and lie in the sources folder with no folder
inside it, so that names cannot clash or be spoiled by another system's letters. Most programs follow the path
whatever it says; names with accents or other scripts are what breaks. That the folder is called `Sources` (NVivo) is
let pass. Only looked for in packages, not in JSON.""",
        mended="It gets such a name, and what refers to it follows.",
        find=misnamed,
    ),
    Rule(
        code="ENTRY-ENDING",
        severity="warning",
        section="REFI-QDA 1.5, 9.1.2, 9.1.3, 9.1.4, 9.1.5 and 9.1.6",
        title="a file has an ending that the standard does not have for it",
        about="""\
Plain text has to be a `.txt`, styled text a `.docx`, a PDF a `.pdf`, a picture a `.jpg`, `.jpeg` or `.png`; sound and
film are exchanged as they are, but no text, document or picture is one of them. Programs go by the ending: what they
do not know they leave out. Save the source in one of these formats.""",
        find=misnamed,
    ),
    Rule(
        code="ENTRY-TYPE",
        severity="error",
        section="REFI-QDA 1.5, 8.3 and 9.1.1",
        title="a file is not what its ending says",
        about="""\
The extensions are the original file extensions. Here the first bytes of a file are not those of what its ending says,
such as a log-in page that was saved as a PDF, or a `.docx` that is no Word document or was cut off; or it is empty,
or damaged in the package. An error, since nobody can open it; a warning for a picture in another picture's format,
which most programs show all the same. Of sound and film only what is certainly something else is told.""",
        find=misnamed,
    ),
    Rule(
        code="ENTRY-TOO-LARGE",
        severity="error",
        section="REFI-QDA 1.5, 8.5",
        title="a file is larger than the standard allows",
        about="""\
The most for an internal file is 2,147,483,647 bytes, which is what many programs can count. A film that is larger
belongs beside the package, with a `relative://` path, or has to be made smaller.""",
        find=misnamed,
    ),
)
