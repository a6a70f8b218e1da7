"""ENTRY-NAME, TEXT-BOM: files of the package that are named in another way, and marks before the first character.

What is in a file stays, but for the mark. It comes last: until then a file's name may tell what it belongs to.
"""

from __future__ import annotations

import codecs
from pathlib import PurePosixPath

from qdabridge.checks.inventory import called, texts_with_owner
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending, made_guid
from qdabridge.checks.repairs.paths import places, reference_to
from qdabridge.checks.repairs.texts import is_utf8
from qdabridge.checks.rules.entries import is_named_by_guid
from qdabridge.errors import CannotRead
from qdabridge.study.model import FileSource

_FOLDER = "sources"


def mend_names(mending: Mending) -> None:
    """Name files that sources refer to by a GUID and their ending, in the folder of the sources."""
    if mending.form is None or mending.form.format not in ("qdpx", "qde"):
        return
    taken = {name.casefold() for name in mending.files}
    folder = next((name.split("/")[0] for name in mending.files if name.lower().startswith(f"{_FOLDER}/")), _FOLDER)
    renamed: dict[str, str] = {}
    for element, field, inside in places(mending):
        path: str | None = getattr(element, field)
        name = mending.files.find(path) if path else None
        if path is None or name is None or is_named_by_guid(name):
            continue
        if name not in renamed:
            new = _new_name(folder, name)
            if new is None or new.casefold() in taken:
                continue
            taken.add(new.casefold())
            renamed[name] = new
            message = "A file was not named by a GUID; it is now, and lies in the folder of the sources."
            mending.say("ENTRY-NAME", message, f"{called(element, inside)}, {name} → {new}")
        if isinstance(element, FileSource) and element.current_path == path:
            element.current_path = reference_to(renamed[name])
        setattr(element, field, reference_to(renamed[name]))
    if renamed:
        mending.files = mending.files.renamed(renamed)


def mend_marks(mending: Mending) -> None:
    """Take the byte order mark away from texts that are UTF-8; positions do not count it."""
    done: set[str] = set()
    for text, owner in texts_with_owner(mending.project):
        name = mending.files.find(text.plain_text_path) if text.plain_text_path else None
        if name is None or name in done or mending.files.entry(name).size > mending.files.limits.text:
            continue
        done.add(name)
        try:
            with mending.files.open(name) as stream:
                if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
                    continue
            words = mending.files.read(name).removeprefix(codecs.BOM_UTF8)
        except (CannotRead, OSError):
            continue
        # A second one is a character that positions count.
        if is_utf8(words) and not words.startswith(codecs.BOM_UTF8):
            mending.files.put(name, words)
            message = "A text began with a byte order mark; it is left out, and no position counts it."
            mending.say("TEXT-BOM", message, f"{called(text, owner)}, {text.plain_text_path}", severity="note")


def _new_name(folder: str, name: str) -> str | None:
    """Return the name by which the standard knows a file; None where it has no ending to keep."""
    was = PurePosixPath(name)
    if not was.suffix.strip("."):
        return None
    kept = f"{folder}/{was.name}"
    return kept if is_named_by_guid(kept) else f"{folder}/{made_guid('file', name)}{was.suffix}"


MENDS = (
    Mend(
        code="TEXT-BOM",
        title="a text begins with a byte order mark",
        does="The mark is left out; every position stays, since none counts it.",
        leaves="A text that begins with two of them.",
        step=mend_marks,
    ),
    Mend(
        code="ENTRY-NAME",
        title="a file is not named by a GUID",
        does="It is named by a GUID (version 5, the same every time) and its ending, directly in the folder of the "
        "sources, and every path to it says so. What the source is called stays.",
        leaves="A file without an ending.",
        step=mend_names,
    ),
)
