"""Every string of the model: whether a name can stand in it, and if none can, why not.

A string that stands in neither table would be forgotten; a test finds it. It knows nothing of how names are found.
"""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from qdabridge.study import model
from qdabridge.study.model import Element, Source

REPLACED: dict[str, str] = {
    "name": "name",
    "id": "initials",
    "description": "description",
    "plain_text_content": "text",
    "text_value": "value of a variable",
    "float_value": "value of a variable",
    "date_value": "value of a variable",
    "date_time_value": "value of a variable",
    "rich_text_path": "path",
    "plain_text_path": "path",
    "path": "path",
    "current_path": "path",
    "base_path": "path",
    "origin": "name of the program",
}
"""Field → what it is called in the log."""

KEPT: dict[str, str] = {
    "guid": "a GUID says nothing, and everything hangs on it",
    "target_guid": "a GUID",
    "origin_guid": "a GUID",
    "represented_guid": "a GUID",
    "source_vertex": "a GUID",
    "target_vertex": "a GUID",
    "from_sync_point": "a GUID",
    "to_sync_point": "a GUID",
    "creating_user": "a GUID",
    "modifying_user": "a GUID",
    "creating_user_guid": "a GUID",
    "modifying_user_guid": "a GUID",
    "creation_date_time": "a date of the work, not of anybody's life",
    "modified_date_time": "a date of the work, not of anybody's life",
    "color": "a colour",
    "direction": "one of three words of the standard",
    "type_of_variable": "one of six words of the standard",
    "shape": "a word of the standard",
    "line_style": "one of three words of the standard",
}
"""Field → why no name can stand there."""

_THINGS: dict[type[Element], str] = {
    model.Project: "the study",
    model.User: "a user",
    model.Code: "a code",
    model.Variable: "a variable",
    model.Case: "a case",
    model.Note: "a note",
    model.Representation: "the text of a PDF",
    model.TextDescription: "the text of a picture",
    model.Transcript: "a transcript",
    model.Link: "a link",
    model.Set: "a set",
    model.Graph: "a graph",
    model.Vertex: "a graph's shape",
    model.Edge: "a graph's line",
}


class Plan(Struct, frozen=True):
    """What of one kind of element is looked at.

    Args:
        strings: its fields that hold text.
        inside: its fields that hold other elements.
        thing: what it is called, with its article.
        is_bare: whether there is nothing to be looked at, as in pointers.
    """

    strings: tuple[str, ...]
    inside: tuple[str, ...]
    thing: str
    is_bare: bool


@cache
def plan_of(kind: type[Element]) -> Plan:
    """Return what of one kind of element is looked at, as its types say."""
    strings: list[str] = []
    inside: list[str] = []
    for field, hint in get_type_hints(kind).items():
        kinds = set(kinds_in(hint))
        if field == "extensions" or field.startswith("__"):
            continue
        if str in kinds:
            if field in REPLACED:
                strings.append(field)
        elif kinds & {int, bool} == set():
            inside.append(field)
    thing = _THINGS.get(kind) or ("a source" if issubclass(kind, Source) else "a selection")
    return Plan(tuple(strings), tuple(inside), thing, is_bare=not strings and not inside)


def kinds_in(hint: Any) -> list[Any]:
    """Return the types that a type is made of: of ``list[Code] | None``, ``Code`` and ``None``."""
    origin = get_origin(hint)
    if origin in (Union, UnionType, list, tuple):
        return [kind for inner in get_args(hint) for kind in kinds_in(inner)]
    return [hint]
