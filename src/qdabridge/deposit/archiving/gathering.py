"""Brings what lies outside a study, such as films in the media folder that somebody named, into it.

A deposit has to be whole: no archive can follow a path to somebody's disk. It knows nothing of deposits.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TypeVar

from msgspec.structs import replace

from qdabridge.findings import Finding, Findings
from qdabridge.formats.json.inlining import with_texts
from qdabridge.formats.json.names import SafeNames
from qdabridge.study import walk
from qdabridge.study.files import split_reference
from qdabridge.study.model import AnySource, Element, Note
from qdabridge.study.study import Study

_Pathed = TypeVar("_Pathed", bound=Element)
_Source = TypeVar("_Source", bound=AnySource | Note)
_PATHS = ("path", "plain_text_path", "rich_text_path")


def gathered(study: Study) -> tuple[Study, list[Finding]]:
    """Return a study with the files that lie outside it among its own, and what was found or not found.

    The first study is not changed; close it last.
    """
    found, files, names, moved = Findings(), study.files.copied(), SafeNames(), dict[str, str]()
    for name in study.files:
        names.name_for(name)
    for reference in dict.fromkeys(walk.references(study.project)):
        if study.files.find(reference) is not None:
            continue
        entry = study.files.locate(reference)
        called = PurePosixPath(split_reference(reference)[1]).name
        if entry is None:
            found.add(_missing(called))
            continue
        name = names.name_for(called)
        files.put(f"sources/{name}", entry)
        moved[reference] = f"internal://{name}"
        found.add(_brought(name))
    if not moved:
        return study, found.all()
    project = replace(
        study.project,
        sources=None if study.project.sources is None else [_pointed(each, moved) for each in study.project.sources],
        notes=None if study.project.notes is None else [_pointed(each, moved) for each in study.project.notes],
    )
    return Study(project, files, study.findings, study.form), found.all()


def _pointed(source: _Source, moved: dict[str, str]) -> _Source:
    """Return a source or note whose paths lead to where its files are now."""

    return _with_paths(with_texts(source, lambda document: _with_paths(document, moved)), moved)


def _with_paths(element: _Pathed, moved: dict[str, str]) -> _Pathed:
    given = {name: getattr(element, name, None) for name in _PATHS}
    changes = {name: moved[path] for name, path in given.items() if path in moved}
    return replace(element, **changes) if changes else element


def _brought(name: str) -> Finding:
    return Finding(
        "DEPOSIT-BROUGHT-IN",
        "note",
        "A file that lay outside the study was taken into the deposit.",
        name,
        kind="mended",
    )


def _missing(name: str) -> Finding:
    return Finding(
        "DEPOSIT-FILE-MISSING",
        "warning",
        "A file that a source is made of is neither in the study nor in a folder that was named, so the deposit is "
        "without it.",
        name,
        "Name the folder it lies in with --media.",
    )
