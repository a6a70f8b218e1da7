"""What people and sources are called in a matrix: short names for coders, and a name for what has none.

It knows nothing of rows and cells.
"""

from __future__ import annotations

from collections.abc import Sequence

from qdabridge.matrix.grid import Attribute
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Case, User, Variable
from qdabridge.study.passages import Codable
from qdabridge.study.values import Value

_NAMES_IN_A_LABEL = 3
_INITIALS = 4


class Names:
    """The names of everything in a study, each made once."""

    def __init__(self, look: Lookup) -> None:
        self._look = look
        self.coders = _short_names(look.project.users or ())
        """The short name of each user, by the user's identity."""
        self.sources = _source_labels(look)
        """The name of each source and note, by its identity."""

    def of_case(self, case: Case, number: int) -> str:
        """Return what to call a case: its name, the names of its sources, or its number."""
        return case.name or self._of_sources(case) or f"Case {number}"

    def _of_sources(self, case: Case) -> str:
        names = [self.sources[id(source)] for source in self._look.sources_of(case)]
        more = ", …" if len(names) > _NAMES_IN_A_LABEL else ""
        return ", ".join(names[:_NAMES_IN_A_LABEL]) + more


def attributes_of(variables: Sequence[Variable]) -> list[Attribute]:
    """Return the variables as columns of a matrix."""
    return [Attribute(each.guid, each.name, each.type_of_variable) for each in variables]


def values_in_order(look: Lookup, of: Case | Codable) -> tuple[Value | None, ...]:
    """Return the values of a case or source in the order of the variables, one for each."""
    values = look.values_of(of)
    return tuple(_as_one(values.get(variable.guid, ())) for variable in look.variables)


def things(look: Lookup) -> list[tuple[Codable, ...]]:
    """Return the sources and notes, each with what is the same thing: a recording and its transcript stand together."""
    shown: set[int] = set()
    found: list[tuple[Codable, ...]] = []
    for source in (*(look.project.sources or ()), *(look.project.notes or ())):
        if id(source) not in shown:
            together: tuple[Codable, ...] = (source, *look.twins_of(source))
            shown.update(map(id, together))
            found.append(together)
    return found


def _as_one(values: tuple[Value, ...]) -> Value | None:
    """Return one value for a cell: typed where there is one, several as text."""
    if len(values) < 2:
        return values[0] if values else None
    return "; ".join(map(str, values))


def _short_names(users: Sequence[User]) -> dict[int, str]:
    """Return a short name for each user, by identity: initials, and the whole name where initials are not enough."""
    short = {id(user): _initials(user) for user in users}
    taken = list(short.values())
    return {
        id(user): short[id(user)] if taken.count(short[id(user)]) == 1 else user.name or user.id or user.guid
        for user in users
    }


def _initials(user: User) -> str:
    if user.id and len(user.id) <= _INITIALS:
        return user.id
    words = (user.name or "").split()
    if len(words) < 2:
        return user.name or user.id or user.guid
    return "".join(word[0] for word in words[:_INITIALS]).upper()


def _source_labels(look: Lookup) -> dict[int, str]:
    sources = {id(each): each.name or f"Source {number}" for number, each in enumerate(look.project.sources or (), 1)}
    notes = {id(each): each.name or f"Note {number}" for number, each in enumerate(look.project.notes or (), 1)}
    return sources | notes
