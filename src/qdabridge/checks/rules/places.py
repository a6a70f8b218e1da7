"""PATH-SCHEME, PATH-BACKSLASH, PATH-BASE, PATH-ABSENT, PATH-PRIVATE: how the study says where its files are.

Whether there is a file is not looked at here: see ``paths``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qdabridge.checks.inventory import Inventory, called, texts_with_owner
from qdabridge.checks.rules.rule import Rule
from qdabridge.findings import Finding
from qdabridge.study.files import split_reference
from qdabridge.study.model import Element, FileSource, Project
from qdabridge.study.study import Study

_HOME = re.compile(
    r"""
    (?:
        (?:^|/)(?:users|documents\ and\ settings)
        # A study may have a folder called Home; those of people are at the top of a disk, a server or a mount.
        | ^(?:file:)?(?:\.\./)*/*(?:[^/]+/|(?:media|mnt|net|volumes)/[^/]+/)?homes?
    )/
    # These belong to nobody in particular.
    (?!(?:all\ users|default|default\ user|guest|public|shared)(?:/|$))[^/]+
    | ^/?root/
    """,
    re.IGNORECASE | re.VERBOSE,
)

_HOME_ON_A_SERVER = re.compile(r"(?:(?:absolute|file):/{4,}|//)[^/]+/[^/]+/homes?/[^/]+/", re.IGNORECASE)
"""A server, what it shares, and the home folders in that."""


class _Place(NamedTuple):
    """A path, and the attribute that holds it."""

    element: Element
    attribute: str
    path: str
    inside: Element | None = None

    @property
    def where(self) -> str:
        return f"{called(self.element, self.inside)}, {self.attribute} {self.path}"


def misspelled(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find paths that other programs cannot follow, sources without a path, and paths that tell who somebody is."""
    project = study.project
    for place in _places(project):
        scheme, path = split_reference(place.path)
        if place.attribute not in ("currentPath", "basePath") and place.path:
            if not scheme:
                yield _without_scheme(place)
            if names_a_folder(place.path, study.files.find(place.path)):
                yield _with_a_folder(place)
            if "\\" in place.path:
                yield _backslash(place)
            if scheme == "relative" and not project.base_path:
                yield _without_base(place)
        if place.attribute == "basePath" and "\\" in place.path and _is_needed(project):
            yield _backslash(place)
        # A folder called home beside the study is nobody's; one that is climbed up to may well be.
        elsewhere = scheme not in ("internal", "relative") or path.startswith("../")
        if elsewhere and (_HOME.search(path) or _HOME_ON_A_SERVER.match(place.path.replace("\\", "/"))):
            yield _private(place)
    for source in project.sources or ():
        if isinstance(source, FileSource) and source.path is None:
            yield Finding(
                "PATH-ABSENT",
                "error",
                "A picture, PDF or recording says no path at which its file is.",
                where=called(source),
                hint="Export the study again from the program it comes from, with its sources.",
            )


def names_a_folder(path: str, found: str | None) -> bool:
    """Tell whether an internal path names a folder, and a file that lies directly in the folder sources is meant."""
    scheme, inside = split_reference(path)
    if scheme != "internal" or "/" not in inside.strip("/") or found is None:
        return False
    return found.lower().startswith("sources/") and found.count("/") == 1


def _places(project: Project) -> Iterator[_Place]:
    if project.base_path:
        yield _Place(project, "basePath", project.base_path)
    for source in project.sources or ():
        if isinstance(source, FileSource):
            if source.path is not None:
                yield _Place(source, "path", source.path)
            if source.current_path is not None:
                yield _Place(source, "currentPath", source.current_path)
    for text, owner in texts_with_owner(project):
        if text.plain_text_path is not None:
            yield _Place(text, "plainTextPath", text.plain_text_path, owner)
        if text.rich_text_path is not None:
            yield _Place(text, "richTextPath", text.rich_text_path, owner)


def _is_needed(project: Project) -> bool:
    """Tell whether any file is looked for below the basePath."""
    return any(split_reference(place.path)[0] == "relative" for place in _places(project) if place.attribute == "path")


def _without_scheme(place: _Place) -> Finding:
    return Finding(
        "PATH-SCHEME",
        "warning",
        "A path does not begin with internal://, relative:// or absolute://; it is taken for one in the package.",
        where=place.where,
        hint="Write the study anew; the standard's form says which it is.",
    )


def _with_a_folder(place: _Place) -> Finding:
    return Finding(
        "PATH-SCHEME",
        "warning",
        "An internal path names a folder, where the standard has the name of a file in the folder sources.",
        where=place.where,
        hint="Programs look for it in a folder inside sources; write the study anew.",
    )


def _backslash(place: _Place) -> Finding:
    return Finding(
        "PATH-BACKSLASH",
        "warning",
        "A path has backslashes between its parts, where the standard wants slashes.",
        where=place.where,
        hint="Programs for other systems than Windows do not find the file; write the study anew.",
    )


def _without_base(place: _Place) -> Finding:
    return Finding(
        "PATH-BASE",
        "warning",
        "A path is relative to the basePath of the project, and the project has none.",
        where=place.where,
        hint="Whoever reads the study has to say where the file is: pass the files on in one folder, and name it.",
    )


def _private(place: _Place) -> Finding:
    return Finding(
        "PATH-PRIVATE",
        "warning",
        "A path lies in somebody's home folder and tells their user name.",
        where=place.where,
        hint="Take it out before the study is archived or passed on to strangers.",
    )


RULES = (
    Rule(
        code="PATH-ABSENT",
        severity="error",
        section="REFI-QDA 1.5, 8.3, 9.1.4 and 9.1.5",
        title="a picture, PDF or recording says no path",
        about="""\
The path of a source says under which name its file is found; the schema lets it be absent. Nobody can show what was
coded.""",
        find=misspelled,
    ),
    Rule(
        code="PATH-SCHEME",
        severity="warning",
        section="REFI-QDA 1.5, 8.3",
        title="a path does not say whether it is internal, relative or absolute, or names a folder in the package",
        about="""\
Files are named by `internal://`, `relative://` or `absolute://`; this path begins with none of them. It is taken for
a name in the package's sources folder, and other programs may look elsewhere. After `internal://` stands the name of
a file in that folder; where a folder is named too, programs look for that folder inside it.""",
        mended="A path to a file that is in the package becomes `internal://` and its name. Others need a person.",
        find=misspelled,
    ),
    Rule(
        code="PATH-BACKSLASH",
        severity="warning",
        section="REFI-QDA 1.5, 8.3",
        title="a path has backslashes",
        about="""\
The forward slash is the delimiter between the parts of a path, of the basePath too. With backslashes, programs for
other systems than Windows take the whole path for the name of one file.""",
        mended="They become slashes.",
        find=misspelled,
    ),
    Rule(
        code="PATH-BASE",
        severity="warning",
        section="REFI-QDA 1.5, 8.3",
        title="a relative path, and the project has no basePath",
        about="""\
A path that begins with `relative://` is relative to the basePath of the project, and the project names none, or an
empty one. Who receives the study has to search for the recordings.""",
        find=misspelled,
    ),
    Rule(
        code="PATH-PRIVATE",
        severity="warning",
        section="REFI-QDA 1.5, 8.3; data protection",
        title="a path tells the name of somebody's home folder",
        about="""\
A basePath, currentPath or absolute path leads into `C:/Users/…`, `/Users/…`, `/home/…`, on a server too, or `/root`.
The folder is named after a person, who need not be meant to be known to whoever receives the study. Folders that are
nobody's, such as `/Users/Shared`, and a folder called Home further down are let pass. The standard allows a
currentPath so that the original name of a file is known; nobody needs it to read the study.""",
        find=misspelled,
    ),
)
