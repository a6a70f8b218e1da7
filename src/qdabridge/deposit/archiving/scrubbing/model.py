"""Takes the names of coders and the paths of their machines out of a project, what it has beyond the standard too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import msgspec
from msgspec.structs import fields, replace

from qdabridge.findings import Finding, Findings
from qdabridge.study.files import split_reference
from qdabridge.study.form import Form
from qdabridge.study.model import Element, Extensions, ForeignNode, Project, User

_PATHS = ("path", "current_path", "rich_text_path", "plain_text_path")
_LOCAL = re.compile(
    r"(?:(?:file|absolute):/{0,3})?(?:\b[A-Za-z]:[\\/]|\\\\(?=\w)|/(?:home|Users|Volumes|mnt|media|root|tmp|var)/)(?:(?!\s*--)[^\"'<>|\r\n])*"
)

_HOMES = ("home", "Users")


def without_paths_and_names(project: Project, found: Findings) -> Project:
    """Return a project whose users are Coder A, B … and whose paths lead nowhere but into the package."""
    users = (
        None if project.users is None else [_coder(user, number, found) for number, user in enumerate(project.users)]
    )
    if project.base_path:
        found.add(_path_told("the project"))
    names = _Names(project.users or (), users or ())
    kept: Project = _without_strangers(replace(project, users=users, base_path=None), names, found)
    sources = (
        None if project.sources is None else [_bare(source, source.name or "", found) for source in kept.sources or ()]
    )
    notes = None if project.notes is None else [_bare(note, note.name or "", found) for note in kept.notes or ()]
    return replace(kept, sources=sources, notes=notes)


def form_without_paths(form: Form, found: Findings) -> Form:
    """Return the form in which a study was found, without paths in what stood around it."""
    before, after = (tuple(_bare_words(each) for each in part) for part in (form.before, form.after))
    if (before, after) == (form.before, form.after):
        return form
    found.add(_path_told("around the project"))
    return replace(form, before=before, after=after)


class _Names:
    """What the coders are called instead, in what a tool wrote beyond the standard."""

    def __init__(self, before: Iterable[User], after: Iterable[User]) -> None:
        self._instead = {
            old.name: new.name for old, new in zip(before, after, strict=True) if old.name and new.name is not None
        }
        longest_first = sorted(self._instead, key=len, reverse=True)
        self._pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b") if longest_first else None

    def replaced(self, text: str) -> str:
        """Return a text with the coders' letters in the place of their names."""
        return self._pattern.sub(lambda match: self._instead[match.group()], text) if self._pattern else text


def _without_strangers(value: Any, names: _Names, found: Findings) -> Any:
    """Return an element, and all in it, without paths and names in what it has beyond the standard.

    What does not change is shared with the first.
    """
    if isinstance(value, Extensions):
        return _bare_extensions(value, names, found)
    if isinstance(value, list | tuple):
        changed = [_without_strangers(each, names, found) for each in value]
        same = all(new is old for new, old in zip(changed, value, strict=True))
        return value if same else type(value)(changed)
    if not isinstance(value, Element):
        return value
    changes: dict[str, Any] = {}
    for name in value.__struct_fields__:
        inner = getattr(value, name)
        if inner and isinstance(inner, list | tuple | msgspec.Struct):
            new = _without_strangers(inner, names, found)
            if new is not inner:
                changes[name] = new
    return replace(value, **changes) if changes else value


def _bare_extensions(kept: Extensions, names: _Names, found: Findings) -> Extensions:
    def bare(text: str) -> str:
        return names.replaced(_bare_words(text))

    new = replace(
        kept,
        lexical={name: None if text is None else bare(text) for name, text in kept.lexical.items()},
        attributes={name: bare(text) for name, text in kept.attributes.items()},
        nodes=tuple(ForeignNode(node.at, bare(node.xml)) for node in kept.nodes),
        containers={name: _bare_extensions(each, names, found) for name, each in kept.containers.items()},
    )
    if new == kept:
        return kept
    found.add(_path_told("beyond the standard"))
    return new


def _bare_words(text: str) -> str:
    """Return a text in which only the last name of each path on a machine is left.

    >>> _bare_words("saved as C:\\\\Users\\\\jane\\\\talk.docx"), _bare_words("and/or")
    ('saved as talk.docx', 'and/or')
    """
    return _LOCAL.sub(lambda match: _last_name(match.group()), text)


def _last_name(path: str) -> str:
    """Return the last name of a path; nothing where that is the name of a person's own folder."""
    *folders, last = re.split(r"[\\/]", path.rstrip("\\/ -"))
    return "" if folders and folders[-1] in _HOMES else last


def _coder(user: User, number: int, found: Findings) -> User:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    if user.name or user.id:
        found.add(
            Finding(
                "SCRUBBED-CODER",
                "note",
                "The names of coders were replaced by letters.",
                f"Coder {letters}",
                kind="mended",
            )
        )
    return replace(user, name=f"Coder {letters}", id=None if user.id is None else letters, extensions=None)


def _bare(element: Any, name: str, found: Findings) -> Any:
    """Return an element, and the texts in it, without paths that lead out of the package."""
    changes: dict[str, Any] = {}
    for field in fields(element):
        value = getattr(element, field.name)
        if field.name in _PATHS and isinstance(value, str):
            scheme, path = split_reference(value)
            if field.name == "current_path" or (scheme in ("absolute", "relative") and value != _short(path)):
                changes[field.name] = None if field.name == "current_path" else _short(path)
                found.add(_path_told(name))
        elif isinstance(value, Element) and hasattr(value, "plain_text_path"):
            changes[field.name] = _bare(value, name, found)
        elif field.name == "transcripts":
            changes[field.name] = [_bare(each, name, found) for each in value]
    return msgspec.structs.replace(element, **changes) if changes else element


def _short(path: str) -> str:
    return f"relative:///{PurePosixPath(path).name}"


def _path_told(where: str) -> Finding:
    return Finding(
        "SCRUBBED-PATH",
        "note",
        "A path on somebody's machine was taken out; the name of the file is left.",
        where,
        kind="mended",
    )
