"""REF-BY-FILENAME, REF-DANGLING, REF-EMPTY: pointers that mean something else than they say, or nothing.

What a coding, a value or a link means is never changed; it may only be pointed to by a list it belongs in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from qdabridge.checks.inventory import called
from qdabridge.checks.repairs.aims import aims_of
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    Case,
    CodeRef,
    Edge,
    Element,
    FileSource,
    Note,
    NoteRef,
    Pointer,
    Project,
    SelectionRef,
    Set,
    Source,
    SourceRef,
    same_guid,
)

_LISTS = ("note_refs", "code_refs", "source_refs", "selection_refs", "member_codes", "member_sources", "member_notes")
_KIND: dict[type[Pointer], str] = {
    CodeRef: "code",
    SourceRef: "source",
    SelectionRef: "selection",
    NoteRef: "note",
}
_HOME: dict[type[Element], dict[str, tuple[str, type[Pointer]]]] = {
    Set: {
        "code": ("member_codes", CodeRef),
        "source": ("member_sources", SourceRef),
        "note": ("member_notes", NoteRef),
    },
    Case: {
        "code": ("code_refs", CodeRef),
        "source": ("source_refs", SourceRef),
        "selection": ("selection_refs", SelectionRef),
        "area of a PDF": ("selection_refs", SelectionRef),
    },
}
"""Which list of what things of a kind belong in."""


def files_named(project: Project) -> Counter[str]:
    """Return what the files of sources are named, without their endings, and how many sources have each."""
    return Counter(stem for source in project.sources or () for stem in _stems(source))


def mend_files_named(mending: Mending) -> None:
    """Point at a source where a case names the source's file; two sources of one file are left to a person."""
    look = Lookup(mending.study())
    stems = files_named(mending.project)
    for case in mending.project.cases or ():
        for ref in case.source_refs:
            guid = ref.target_guid
            if not guid or mending.inventory.kinds_of(guid) or stems[same_guid(guid)] != 1:
                continue
            source = look.source_meant(guid)
            if source is not None and not isinstance(source, Note):
                ref.target_guid = source.guid
                message = "A case named a source's file instead of the source; now it points to the source."
                mending.say("REF-BY-FILENAME", message, f"{called(case)}, {called(source)}")


def mend_pointers(mending: Mending) -> None:
    """Put pointers into the list of the kind that they mean, and leave out those that mean nothing."""
    _mend_lists(mending)
    _mend_empty(mending)


def _mend_lists(mending: Mending) -> None:
    files = frozenset(files_named(mending.project))
    for element in mending.elements():
        for field in _LISTS:
            refs: tuple[Pointer, ...] = getattr(element, field, ())
            if refs and not all(_is_right(mending, ref) for ref in refs):
                _mend_list(mending, element, field, refs, files if field == "source_refs" else frozenset())


def _mend_empty(mending: Mending) -> None:
    """Leave out GUIDs that are empty where none is required: ends of links and passages, what shapes stand for."""
    for element in mending.elements():
        if isinstance(element, Pointer | Project):
            continue
        for aim in aims_of(element):
            required = isinstance(element, Edge) and aim.field != "represented_guid"
            if aim.kinds != ("user",) and aim.guid is not None and not aim.guid.strip() and not required:
                aim.point_at(None)
                message = "A GUID that need not be there was empty; it was left out."
                mending.say("REF-EMPTY", message, called(element), severity="note")


def _is_right(mending: Mending, ref: Pointer) -> bool:
    return bool(ref.target_guid) and mending.inventory.has(_KIND[type(ref)], ref.target_guid)


def _mend_list(mending: Mending, element: Element, field: str, refs: Iterable[Pointer], files: frozenset[str]) -> None:
    """Mend one list; what names one of the files stays, since it is understood though not clear."""
    kept: list[Pointer] = []
    moved: list[tuple[str, Pointer]] = []
    for ref in refs:
        guid, where = ref.target_guid, f"{called(element)}, {type(ref).__name__} {ref.target_guid}"
        kinds = mending.inventory.kinds_of(guid) if guid.strip() else []
        homes = {home for kind, home in _HOME.get(type(element), {}).items() if kind in kinds}
        if _is_right(mending, ref):
            kept.append(ref)
        elif not guid.strip():
            mending.say("REF-EMPTY", "A pointer without a GUID was left out of a list.", where, severity="note")
        elif len(homes) == 1:
            home, of = next(iter(homes))
            moved.append((home, of(target_guid=guid)))
            mending.say(
                "REF-DANGLING", "A pointer stood in the list of another kind than it means; it was put right.", where
            )
        elif not kinds and same_guid(guid) not in files:
            message = "A pointer in a list meant nothing that is in the study; it was left out."
            mending.say("REF-DANGLING", message, where, hint="What was meant, the program that it comes from can say.")
        else:
            kept.append(ref)
    setattr(element, field, tuple(kept))
    for home, ref in moved:
        there: tuple[Any, ...] = getattr(element, home)
        if same_guid(ref.target_guid) not in {same_guid(other.target_guid) for other in there}:
            setattr(element, home, (*there, ref))


def _stems(source: Source) -> set[str]:
    """Return what the files of a source are named, without their endings."""
    paths = (
        (source.path,)
        if isinstance(source, FileSource)
        else (getattr(source, "plain_text_path", None), getattr(source, "rich_text_path", None))
    )
    return {same_guid(PurePosixPath(path.replace("\\", "/")).stem) for path in paths if path}


BY_FILENAME = Mend(
    code="REF-BY-FILENAME",
    title="a case names a source by the GUID in its file's name",
    does="The case points to the source.",
    leaves="A file that two sources share.",
    step=mend_files_named,
)
"""Made before GUIDs are: the name of a file may be none, and means the file all the same."""

MENDS = (
    Mend(
        code="REF-DANGLING",
        title="a GUID points to something that is not in the study, or cannot be meant",
        does="In a list (of notes, of a case, of a set), a pointer to nothing is left out, and one to another kind of "
        "thing is put into the list of that kind.",
        leaves="Everything else: the code of a coding, the variable of a value, the ends of a link.",
        step=mend_pointers,
    ),
    Mend(
        code="REF-EMPTY",
        title="a pointer has an empty GUID, or none",
        does="It is left out where it need not be there.",
        leaves="A coding without a code, a value without a variable, an edge without an end.",
        step=mend_pointers,
    ),
)
