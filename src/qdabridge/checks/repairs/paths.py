"""PATH-SCHEME, PATH-BACKSLASH, PATH-MISSING: paths to files of the package that are spelled in another way."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from qdabridge.checks.inventory import called, texts_with_owner
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending
from qdabridge.checks.rules.places import names_a_folder
from qdabridge.study.files import split_reference
from qdabridge.study.model import Element, FileSource

_INSIDE = ("internal", "")


def mend_paths(mending: Mending) -> None:
    """Spell paths to files of the package as ``internal://`` and others with slashes; find files by their name."""
    _mend_base(mending)
    by_name: dict[str, set[str]] = {}
    for name in mending.files:
        by_name.setdefault(_folded(name), set()).add(name)
    for element, field, inside in places(mending):
        path: str | None = getattr(element, field)
        if not path:
            continue
        where = f"{called(element, inside)}, {path}"
        scheme, rest = split_reference(path)
        there = mending.files.find(path)
        if there is None and scheme in _INSIDE:
            likely = by_name.get(_folded(rest), set())
            if len(likely) == 1:
                new = reference_to(next(iter(likely)))
                setattr(element, field, new)
                message = "A path led to no file; it leads to the one file of the package whose name is the same now."
                mending.say("PATH-MISSING", message, f"{where} → {new}")
            continue
        if there is not None and not scheme:
            path = reference_to(there)
            mending.say(
                "PATH-SCHEME", "A path to a file of the package did not say so; it begins with internal:// now.", where
            )
        elif there is not None and names_a_folder(path, there):
            path = reference_to(there)
            message = "An internal path named a folder; it has only the name of the file in the folder sources now."
            mending.say("PATH-SCHEME", message, where)
        elif "\\" in path and scheme:
            path = path.replace("\\", "/")
            mending.say("PATH-BACKSLASH", "A path had backslashes between its parts; they are slashes now.", where)
        else:
            continue
        setattr(element, field, path)


def _mend_base(mending: Mending) -> None:
    base = mending.project.base_path or ""
    if "\\" in base:
        mending.project.base_path = base.replace("\\", "/")
        mending.say("PATH-BACKSLASH", "The basePath had backslashes between its parts; they are slashes now.", base)


def places(mending: Mending) -> Iterator[tuple[Element, str, Element | None]]:
    """Give everything that can name a file: the element, the field, and the source that it is in."""
    for source in mending.project.sources or ():
        if isinstance(source, FileSource):
            yield source, "path", None
    for text, owner in texts_with_owner(mending.project):
        yield text, "plain_text_path", owner
        yield text, "rich_text_path", owner


def reference_to(name: str) -> str:
    """Return the path that refers to a file of the package."""
    folder, _, rest = name.partition("/")
    return f"internal://{rest if folder.lower() == 'sources' and rest else name}"


def _folded(name: str) -> str:
    """Return a file's name as it is the same however it is spelled: percent signs, composed letters, case, folder."""
    return unicodedata.normalize("NFC", unquote(PurePosixPath(name.replace("\\", "/")).name)).casefold()


MENDS = (
    Mend(
        code="PATH-SCHEME",
        title="a path does not say whether it is internal, relative or absolute, or names a folder in the package",
        does="A path to a file that is in the package becomes `internal://` and its name.",
        leaves="Paths to files that are not there.",
        step=mend_paths,
    ),
    Mend(
        code="PATH-BACKSLASH",
        title="a path has backslashes",
        does="They become slashes, in the basePath too.",
        step=mend_paths,
    ),
    Mend(
        code="PATH-MISSING",
        title="a source names a file that is not there",
        does="Where exactly one file of the package has that name in another spelling (percent signs, composed "
        "letters, capitals) or in another folder, the path leads to it.",
        leaves="Files that are nowhere in the package: put them into it, or keep them outside and say so in the path.",
        step=mend_paths,
    ),
)
