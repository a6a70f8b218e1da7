"""Joining people, variables and the tree of codes: each code stands where the first copy that has it has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qdabridge.coders.merging.fields import join_fields, joined_pointers
from qdabridge.coders.merging.identity import Identity
from qdabridge.coders.merging.joint import Arrival
from qdabridge.study.elements import PATH_SEPARATOR
from qdabridge.study.model import Code, CodeBook


def join_users(arrival: Arrival, identity: Identity) -> None:
    """Take the people of a copy into those that are there."""
    join_flat(arrival, identity, "users", "name", "id")


def join_variables(arrival: Arrival, identity: Identity) -> None:
    """Take the variables of a copy into those that are there."""
    join_flat(arrival, identity, "variables", "name", "description")


def join_flat(arrival: Arrival, identity: Identity, container: str, *fields: str) -> None:
    """Take the things of one container into those that are there; only fields are joined."""
    theirs: Sequence[Any] | None = getattr(arrival.project, container)
    if theirs is None:
        return
    if getattr(arrival.joint.project, container) is None:
        setattr(arrival.joint.project, container, [])
    ours: list[Any] = getattr(arrival.joint.project, container)
    for each in theirs:
        there = arrival.joint.members.get(identity.number(each))
        if there is None:
            ours.append(each)
            arrival.joint.members[identity.number(each)] = each
            arrival.joint.came_from(each, arrival.copy)
        else:
            join_fields(arrival, there, each, *fields)


def join_codes(arrival: Arrival, identity: Identity) -> None:
    """Take the codes of a copy into the tree that is there."""
    book = arrival.project.code_book
    if book is None:
        return
    if arrival.joint.project.code_book is None:
        arrival.joint.project.code_book = CodeBook()
    joint_book = arrival.joint.project.code_book
    join_fields(arrival, joint_book, book, what="Code book")
    parents = _parents(joint_book)
    numbers = arrival.joint.members
    waiting: list[tuple[Code, Code | None]] = [(code, None) for code in reversed(book.codes)]
    while waiting:
        code, parent = waiting.pop()
        inside = list(code.codes)
        ours = numbers.get(identity.number(code))
        if ours is None:
            code.codes = []
            (joint_book if parent is None else parent).codes.append(code)
            if parent is not None:
                parents[id(code)] = parent
            numbers[identity.number(code)] = ours = code
            arrival.joint.came_from(code, arrival.copy)
        else:
            _join_code(arrival, ours, code, parents, parent)
        waiting.extend((each, ours) for each in reversed(inside))


def path_of(code: Code, parents: dict[int, Code]) -> str:
    """Return the path of a code in a tree."""
    names = [code.name]
    above = parents.get(id(code))
    while above is not None:
        names.append(above.name)
        above = parents.get(id(above))
    return PATH_SEPARATOR.join(reversed(names))


def _join_code(arrival: Arrival, ours: Code, theirs: Code, parents: dict[int, Code], parent: Code | None) -> None:
    what = f"Code “{path_of(ours, parents)}”"
    join_fields(arrival, ours, theirs, "name", "description", "color", what=what)
    ours.note_refs = joined_pointers(ours.note_refs, theirs.note_refs)
    if ours.is_codable != theirs.is_codable:
        # A code that is used has to be one that may be used, whoever comes first.
        said = tuple("may be used" if each.is_codable else "may not be used" for each in (ours, theirs))
        arrival.joint.conflict("other", what, ours, "is_codable", said[0], arrival, said[1])
        ours.is_codable = True
    above = parents.get(id(ours))
    if above is not parent:
        stands, elsewhere = (_inside(each, parents) for each in (above, parent))
        arrival.joint.conflict("place", what, ours, "place", stands, arrival, elsewhere)


def _inside(parent: Code | None, parents: dict[int, Code]) -> str:
    return f"in {path_of(parent, parents)}" if parent is not None else "at the top"


def _parents(book: CodeBook) -> dict[int, Code]:
    found: dict[int, Code] = {}
    waiting = list(book.codes)
    while waiting:
        code = waiting.pop()
        found.update((id(child), code) for child in code.codes)
        waiting.extend(code.codes)
    return found
