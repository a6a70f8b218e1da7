"""In which order interviews come: as in the file, by name, by date, or by the value of a variable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeAlias

from qdabridge.errors import BadRequest, NotInStudy
from qdabridge.matrix.filters import variable_called
from qdabridge.matrix.rows import Unit
from qdabridge.study.lookup import Lookup
from qdabridge.study.values import Value

_DIGITS = re.compile(r"(\d+)")

_Key: TypeAlias = tuple[int, object]


def ordered(look: Lookup, units: Sequence[Unit], coded: Sequence[int], order: str) -> tuple[list[int], list[int]]:
    """Return the numbers of the units in their order, and of those that come last because nothing says where."""
    if order == "file":
        return list(coded), []
    if order == "name":
        return sorted(coded, key=lambda number: _as_people_count(units[number].label)), []
    if order == "date":
        keys = {number: _first_day(units[number]) for number in coded}
    else:
        try:
            variable = variable_called(look, order)
        except NotInStudy as error:
            raise BadRequest(
                f"Interviews cannot be ordered by “{order}”.",
                todo=f"Order them by file, name, date, or a variable: {_named(look)}.",
            ) from error
        keys = {number: _first_value(look.values_of(units[number].of).get(variable.guid, ())) for number in coded}
    placed = {number: key for number, key in keys.items() if key is not None}
    last = [number for number in coded if number not in placed]
    return [*sorted(placed, key=placed.__getitem__), *last], last


def _named(look: Lookup) -> str:
    return ", ".join(each.name for each in look.variables) or "it has none"


def _first_day(unit: Unit) -> _Key | None:
    moments = [_moment(source.creation_date_time) for source in unit.sources if source.creation_date_time]
    known = [each for each in moments if each is not None]
    return (0, min(known)) if known else None


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _first_value(values: Sequence[Value]) -> _Key | None:
    keys = [_key(value) for value in values]
    return min(keys) if keys else None


def _key(value: Value) -> _Key:
    """Numbers by size, days and moments in time, words as people order them; kinds apart."""
    if isinstance(value, int | Decimal):
        return 0, value
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return 1, moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return 2, _as_people_count(value)


def _as_people_count(name: str) -> tuple[tuple[bool, int, str], ...]:
    """Order names so that 2 comes before 10.

    >>> sorted(["P10", "P2", "p1"], key=_as_people_count)
    ['p1', 'P2', 'P10']
    """
    parts = _DIGITS.split(name.casefold())
    return tuple((not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts if part)
