"""Joining what two copies say of one thing, field by field: what one lacks the other fills, what differs is a conflict.

Every rule here gives the same whatever is joined first, and nothing new where both say the same. It knows nothing of
where in the study the thing is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from msgspec.structs import replace

from qdabridge.checks.inventory import called
from qdabridge.coders.colors import same_color
from qdabridge.coders.merging.joint import Arrival
from qdabridge.coders.merging.told import Field
from qdabridge.study.model import Authored, Coding, Element, Extensions, Pointer, same_guid
from qdabridge.study.values import value_of

_Pointing = TypeVar("_Pointing", bound=Pointer)

_TOLD: dict[str, Field] = {"name": "name", "id": "name", "description": "description", "color": "color"}
_PEOPLE = ("creating_user", "creating_user_guid")


def join_fields(arrival: Arrival, ours: Any, theirs: Any, *fields: str, what: str = "") -> None:
    """Fill what is not there from a copy; what differs stays as it is, and is a conflict."""
    for field in fields:
        one, other = getattr(ours, field), getattr(theirs, field)
        if other is None or one == other or (other == "" and one is not None):
            continue
        if field in _PEOPLE and one and same_guid(one) == same_guid(other):
            continue
        if field == "color" and one and same_color(one) == same_color(other):
            continue
        if one is None or one == "":
            setattr(ours, field, other)
            arrival.joint.came_from(ours, arrival.copy, field)
            continue
        arrival.joint.conflict(
            _TOLD.get(field, "other"), what or called(ours), ours, field, _said(one), arrival, _said(other)
        )
    _join_extensions(arrival, ours, theirs, what)


def join_authored(arrival: Arrival, ours: Authored, theirs: Authored, *fields: str, what: str = "") -> None:
    """Join what all sources, selections and transcripts have."""
    join_fields(arrival, ours, theirs, "name", "description", *fields, what=what)
    join_dates(ours, theirs)
    ours.note_refs = joined_pointers(ours.note_refs, theirs.note_refs)


def join_dates(ours: Any, theirs: Any) -> None:
    """Keep the earlier date of creation, and the later of a change with who made it."""
    ours.creation_date_time = _chosen(ours.creation_date_time, theirs.creation_date_time, later=False)
    if isinstance(ours, Coding):
        return
    last = _chosen(ours.modified_date_time, theirs.modified_date_time, later=True)
    by = "modifying_user" if isinstance(ours, Authored) else "modifying_user_guid"
    if last != ours.modified_date_time or (getattr(ours, by) is None and last == theirs.modified_date_time):
        ours.modified_date_time = last
        setattr(ours, by, getattr(theirs, by))


def joined_pointers(ours: tuple[_Pointing, ...], theirs: Iterable[_Pointing]) -> tuple[_Pointing, ...]:
    """Return the pointers of both, each target once."""
    there = {same_guid(each.target_guid) for each in ours}
    new = {same_guid(each.target_guid): each for each in theirs if same_guid(each.target_guid) not in there}
    return (*ours, *new.values()) if new else ours


def join_values(arrival: Arrival, ours: Any, theirs: Any) -> None:
    """Join the values of variables that a case or source has."""
    there = {same_guid(each.variable_ref.target_guid): each for each in ours.variable_values}
    for value in theirs.variable_values:
        known = there.get(same_guid(value.variable_ref.target_guid))
        if known is None:
            ours.variable_values = (*ours.variable_values, value)
            arrival.joint.came_from(value, arrival.copy)
            continue
        one, other = value_of(known), value_of(value)
        if one is None and other is not None:
            ours.variable_values = tuple(value if each is known else each for each in ours.variable_values)
            arrival.joint.came_from(value, arrival.copy)
        elif other is not None and one != other:
            guid = same_guid(value.variable_ref.target_guid)
            variables = arrival.joint.project.variables or ()
            name = next((each.name for each in variables if same_guid(each.guid) == guid), guid)
            arrival.joint.conflict("value", called(ours), known, name, str(one), arrival, str(other))


def _join_extensions(arrival: Arrival, ours: Element, theirs: Element, what: str) -> None:
    """Take what is beyond the standard where we have nothing of the kind; spellings belong to what was spelled."""
    beyond = theirs.extensions
    if beyond is None or not (beyond.attributes or beyond.nodes):
        return
    own = ours.extensions
    if own is None or not (own.attributes or own.nodes):
        kept = own or Extensions()
        ours.extensions = replace(
            kept,
            attributes=beyond.attributes,
            attribute_prefixes=beyond.attribute_prefixes,
            nodes=beyond.nodes,
            namespaces=kept.namespaces | beyond.namespaces,
        )
        arrival.joint.came_from(ours, arrival.copy, "extensions")
    elif (own.attributes, own.nodes) != (beyond.attributes, beyond.nodes):
        arrival.joint.conflict(
            "other", what or called(ours), ours, "extensions", _beyond(own), arrival, _beyond(beyond)
        )


def _beyond(extensions: Extensions) -> str:
    return " ".join([*(f"{name}={value}" for name, value in extensions.attributes.items())]) or "elements of a program"


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _chosen(ours: str | None, theirs: str | None, *, later: bool) -> str | None:
    if theirs is None or ours is None:
        return ours if theirs is None else theirs
    one, other = _moment(ours), _moment(theirs)
    if one is None or other is None:
        return ours if one is not None or other is None else theirs
    return theirs if (other > one if later else other < one) else ours


def _moment(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
