"""Files of the package: what lies outside is brought in, each is named after the GUID of what it belongs to.

Tools find a source by its path, and some by the file's name; both agree when the name is the GUID.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from qdabridge.formats.refi.adapting.draft import Draft
from qdabridge.study.files import Entry, Files, split_reference
from qdabridge.study.model import Authored

_LARGEST = 2_147_483_647


def bring_inside(draft: Draft) -> None:
    """Put media into the package that lie in the folder the user named, as far as the standard allows their size."""
    outside = False
    for element, field in draft.referring():
        reference = getattr(element, field)
        if not reference or draft.name_of(reference) is not None:
            continue
        entry = draft.original.files.locate(reference)
        if entry is not None and entry.size <= _LARGEST:
            wanted = PurePosixPath(split_reference(reference)[1]).name or "file"
            setattr(element, field, draft.add_file(wanted, entry))
        elif split_reference(reference)[0] == "relative":
            outside = True
    if not outside:
        # A folder on somebody's machine says nothing to others, and may say whose machine it was.
        draft.say(
            "BASE-PATH-LEFT",
            "The project said in which folder on somebody's machine its media lie; nothing needs it here, so it was "
            "left out.",
            int(bool(draft.project.base_path)),
        )
        draft.project.base_path = None


def name_by_guid(draft: Draft) -> None:
    """Name each file after the element that refers to it first; others that refer to it follow."""
    named: dict[str, str] = {}
    files: dict[str, Entry] = {}
    folded: set[str] = set()
    for element, field in draft.referring():
        reference = getattr(element, field)
        name = draft.name_of(reference)
        if name is None:
            continue
        if name not in named:
            assert isinstance(element, Authored)
            wanted = f"{element.guid}{PurePosixPath(name).suffix.lower()}"
            number = 1
            while wanted.casefold() in folded:
                number += 1
                wanted = f"{element.guid}-{number}{PurePosixPath(name).suffix.lower()}"
            folded.add(wanted.casefold())
            named[name] = wanted
            files[f"sources/{wanted}"] = draft.files.entry(name)
        setattr(element, field, f"internal://{named[name]}")
    for name in draft.files:
        if name not in named:
            files.setdefault(name, draft.files.entry(name))
    draft.files = Files(files)
