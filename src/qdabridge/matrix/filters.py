"""What is left out of a matrix on purpose: rows by the values of variables, references by who coded them and when.

A condition is written as people say it, ``Role=Manager``, ``Age>50``, ``Met>=2024-05-01``. This module knows values and
references, and nothing of rows and columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any, TypeAlias

from msgspec import Struct

from qdabridge.errors import BadRequest, NotInStudy
from qdabridge.findings import Finding, Findings
from qdabridge.matrix.names import Names
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import User, Variable, same_guid
from qdabridge.study.passages import Reference
from qdabridge.study.values import Value

_CONDITION = re.compile(r"\s*(?P<name>.+?)\s*(?P<sign>!=|>=|<=|=|>|<)\s*(?P<value>.*?)\s*", re.DOTALL)
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le}

_Ordered: TypeAlias = Decimal | str


class Condition(Struct, frozen=True):
    """What a value of a variable has to be; ``wanted`` is as it was written."""

    variable: Variable
    sign: str
    wanted: str

    def in_words(self) -> str:
        """Return the condition as people write it."""
        return f"{self.variable.name} {self.sign} {self.wanted}"

    def holds_of(self, values: Mapping[str, Sequence[Value]]) -> bool:
        """Tell whether it is so of what has these values, by the GUID of the variable.

        Of several values one is enough; ``!=`` is so where none is equal, and so of what has no value at all.
        """
        given = values.get(self.variable.guid, ())
        if self.sign in ("=", "!="):
            return any(_equal(value, self.wanted) for value in given) == (self.sign == "=")
        return any(_in_order(value, self.sign, self.wanted) for value in given)


def condition(look: Lookup, written: str) -> Condition:
    """Return the condition that a person wrote.

    Raises:
        BadRequest: it is not written as one, or compares what has no order.
        NotInStudy: there is no such variable.
    """
    found = _CONDITION.fullmatch(written)
    if found is None:
        raise BadRequest(f"“{written}” is no condition.", todo="Write one like “Role=Manager” or “Age>50”.")
    sign, wanted = found["sign"], found["value"]
    if sign in _COMPARED and _ordered(wanted) is None:
        raise BadRequest(
            f"“{wanted}” is neither a number nor a date, so nothing is more or less than it.",
            where=f"“{written}”",
            todo="Write dates like 2024-05-31, or use = or !=.",
        )
    return Condition(variable_called(look, found["name"]), sign, wanted)


def variable_called(look: Lookup, name: str) -> Variable:
    """Return the variable of a name or GUID; upper and lower case are the same.

    Raises:
        NotInStudy: there is none.
    """
    wanted = name.strip().casefold()
    exact = [each for each in look.variables if each.name == name]
    for variable in (*exact, *look.variables):
        if variable.name.strip().casefold() == wanted or same_guid(variable.guid) == same_guid(name):
            return variable
    names = [each.name for each in look.variables]
    todo = f"It has {', '.join(names)}." if names else "It has no variables."
    raise NotInStudy(f"The study has no variable “{name}”.", todo=todo)


class Filter:
    """Which references count: by coder and by date.

    Args:
        coders: names, short names or GUIDs of users; ``None`` for everybody, those who are not named too.
        since, until: the first and the last day, or moment, of coding, in the form of ISO 8601; a moment without a
            zone is of UTC.

    Raises:
        BadRequest: a day is not written as one.
        NotInStudy: there is no such user.
    """

    def __init__(
        self,
        look: Lookup,
        names: Names,
        *,
        coders: Iterable[str] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> None:
        self._users = None if coders is None else {id(_user(look, names, each)): None for each in coders}
        self._people = [names.coders[each] for each in self._users or ()]
        self._since, self._until = _bound(since), _bound(until)
        self._findings = Findings()

    @property
    def is_open(self) -> bool:
        """Whether everything counts."""
        return self._users is None and self._since is None and self._until is None

    def of(self, references: Iterable[Reference]) -> list[Reference]:
        """Return the references that count."""
        if self.is_open:
            return list(references)
        return [reference for reference in references if self._counts(reference)]

    def in_words(self) -> list[str]:
        """Return what counts, a sentence each."""
        said = [] if self._users is None else [f"Coded by {', '.join(self._people)}"]
        said += [f"Coded on or after {self._since}"] if self._since is not None else []
        return [*said, *([f"Coded on or before {self._until}"] if self._until is not None else [])]

    def findings(self) -> list[Finding]:
        """Return what was left out because it cannot be known whether it counts."""
        return self._findings.all()

    def _counts(self, reference: Reference) -> bool:
        if self._users is not None and id(reference.user) not in self._users:
            return False
        if self._since is None and self._until is None:
            return True
        written = date_of(reference)
        moment = _moment(written) if written is not None else None
        if written is None or moment is None:
            self._tell_undated(reference)
            return False
        after = self._since is None or _on_scale(written, moment, self._since) >= self._since
        return after and (self._until is None or _on_scale(written, moment, self._until) <= self._until)

    def _tell_undated(self, reference: Reference) -> None:
        self._findings.add(
            Finding(
                "CODING-UNDATED",
                "warning",
                "Coded references that do not say when they were made are left out of a matrix of a time.",
                where=reference.source.name or "" if reference.source is not None else "",
                hint="Leave out the dates to see them.",
                kind="loss",
            )
        )


def date_of(reference: Reference) -> str | None:
    """Return when a reference was coded, as the study has it; where the coding does not say, when it was marked."""
    if reference.coding is not None and reference.coding.creation_date_time:
        return reference.coding.creation_date_time
    return (reference.selection.creation_date_time or None) if reference.selection is not None else None


# --- values ----------------------------------------------------------------------------------------------------------


def _equal(value: Value, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted.casefold() in (_TRUE if value else _FALSE)
    if str(value).strip().casefold() == wanted.casefold():
        return True
    ours, theirs = _ordered(value), _ordered(wanted)
    return ours is not None and ours == theirs


def _in_order(value: Value, sign: str, wanted: str) -> bool:
    ours, theirs = _ordered(value), _ordered(wanted)
    if ours is None or theirs is None or type(ours) is not type(theirs):
        return False
    return _COMPARED[sign](ours, theirs)


def _ordered(value: Value) -> _Ordered | None:
    """Return a value as something that has an order: a number, or a date as text of which the greater is later."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = value.strip()
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    return text if _DAY.fullmatch(text) else None


# --- people and moments ----------------------------------------------------------------------------------------------


def _user(look: Lookup, names: Names, wanted: str) -> User:
    said = wanted.strip().casefold()
    users = look.project.users or ()
    for user in users:
        called = (user.name, user.id, names.coders[id(user)])
        if same_guid(user.guid) == same_guid(wanted) or said in {each.strip().casefold() for each in called if each}:
            return user
    people = [user.name or names.coders[id(user)] for user in users]
    todo = f"It has {', '.join(people)}." if people else "It names nobody."
    raise NotInStudy(f"The study has no coder “{wanted}”.", todo=todo)


def _bound(written: str | None) -> date | datetime | None:
    if written is None:
        return None
    try:
        if _DAY.fullmatch(written.strip()):
            return date.fromisoformat(written.strip())
    except ValueError:
        moment = None
    else:
        moment = _moment(written)
    if moment is None:
        raise BadRequest(f"“{written}” is no date.", todo="Write it like 2024-05-31, or 2024-05-31T14:00:00Z.")
    return moment


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _on_scale(written: str, moment: datetime, bound: date | datetime) -> date | datetime:
    """Return a moment as what it is compared with: a day is that on the coder's own calendar."""
    return moment if isinstance(bound, datetime) else date.fromisoformat(written.strip()[:10])
