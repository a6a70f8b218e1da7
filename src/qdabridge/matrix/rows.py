"""Which rows a matrix has, and which references belong to each: of cases, sources, coders, or the values of a variable.

It decides about rows only; which codes have columns and what stands in a cell is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from msgspec import Struct

from qdabridge.errors import BadRequest, NotInStudy
from qdabridge.findings import Finding
from qdabridge.matrix.filters import Condition, condition, variable_called
from qdabridge.matrix.grid import Row, RowKind
from qdabridge.matrix.names import Names, things, values_in_order
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Case, Note, Variable, same_guid
from qdabridge.study.passages import Codable, Reference
from qdabridge.study.values import Value

NO_VALUE = "(no value)"
"""The row of cases or sources that have no value of the variable."""

NOBODY = "(not named)"
"""The row of references that do not say who coded them."""

_KINDS: tuple[RowKind, ...] = ("cases", "sources", "users")


class RowsWanted(Struct, frozen=True):
    """What is to have a row.

    Args:
        rows: ``cases``, ``sources``, ``users``, the name of a variable, or conditions such as ``Age>50``, a row for
            each; ``None`` for cases, and for sources where there are none.
        where: conditions that a case or source has to meet, all of them.
        only: names or GUIDs of the cases or sources that count; ``None`` for all.
    """

    rows: str | tuple[str, ...] | None = None
    where: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None


class Unit(Struct, frozen=True):
    """A case, or a source with what is the same thing, and what belongs to it."""

    of: Case | Codable
    label: str
    references: Sequence[Reference]
    sources: tuple[Codable, ...]


class Group(Struct, frozen=True):
    """A row with all that belongs to it; ``units`` says how many cases or sources that is."""

    row: Row
    references: Sequence[Reference]
    sources: tuple[Codable, ...]
    units: tuple[Unit, ...] = ()


class Rows:
    """The rows of a matrix.

    Raises:
        BadRequest: rows of cases were asked for, and there are none; or a condition is not written as one.
        NotInStudy: there is no such variable, case or source.
    """

    def __init__(self, look: Lookup, names: Names, wanted: RowsWanted) -> None:
        self._look = look
        self._names = names
        self._conditions = [condition(look, each) for each in wanted.where]
        self.of_cases = _of_cases(look, wanted.rows)
        """Whether what belongs together is known by cases, rather than by sources."""
        self.kind, self._split = self._kind(wanted.rows)
        self._only = self._chosen(wanted.only)

    @property
    def variable(self) -> Variable | None:
        """The variable of whose values the rows are."""
        return self._split if isinstance(self._split, Variable) else None

    @property
    def has_attributes(self) -> bool:
        """Whether a row is a thing that has values of variables."""
        return self.kind in ("cases", "sources")

    @property
    def is_filtered(self) -> bool:
        """Whether cases or sources were left out on purpose."""
        return bool(self._conditions) or self._only is not None

    def groups(self) -> Iterator[Group]:
        """Give every row, with what belongs to it."""
        if self.kind == "users":
            yield from self._by_user()
        elif self._split is not None:
            yield from self._by_value(self._split)
        else:
            for unit in self.units():
                yield Group(
                    Row(unit.of.guid, unit.label, values_in_order(self._look, unit.of)),
                    unit.references,
                    unit.sources,
                    (unit,),
                )

    def units(self) -> Iterator[Unit]:
        """Give every case or source that counts."""
        for unit in self._all_units():
            if (self._only is None or id(unit.of) in self._only) and self._meets(unit):
                yield unit

    def in_words(self) -> list[str]:
        """Return which rows there are, a sentence each, where they are not all."""
        said = [each.in_words() for each in self._conditions]
        if self._only is not None:
            said.append(f"Only {len(self._only)} of the {'cases' if self.of_cases else 'sources'}")
        return said

    def references(self) -> list[Reference]:
        """Return all references that count, those that belong to no case too, unless cases were left out."""
        return _each_once(self.units()) if self.is_filtered else list(self._look.references())

    def outside(self) -> list[Reference]:
        """Return the references that belong to no case, where rows are of cases."""
        if not self.of_cases or (self.kind == "users" and not self.is_filtered):
            return []
        placed = {id(reference.coding) for case in self._look.cases for reference in self._look.references_of(case)}
        return [
            reference
            for reference in self._look.references()
            if id(reference.coding) not in placed and not self._look.is_case(reference.code)
        ]

    def findings(self) -> list[Finding]:
        """Return what is worth telling: cases known by their name alone, and what was asked for in vain."""
        return [*self._by_name(), *self._in_vain()]

    def _by_name(self) -> list[Finding]:
        pairs = self._look.sources_by_name if self.of_cases else []
        if not pairs:
            return []
        return [
            Finding(
                "CASE-BY-NAME",
                "note",
                "Nothing but its name says what belongs to a case, so it has the one source that is called like it.",
                where=pairs[0][0].name or "",
                hint="If that is not so, ask for a row for each source.",
                count=len(pairs),
            )
        ]

    def _in_vain(self) -> list[Finding]:
        """Return which conditions nothing meets, and how much meets none of those that make rows."""
        what = "case" if self.of_cases else "source"
        units = list(self.units())
        if self.is_filtered and not units:
            return [
                Finding(
                    "NO-ROWS",
                    "warning",
                    f"No {what} is as was asked for, so the matrix is empty.",
                    where=" and ".join(each.in_words() for each in self._conditions),
                    hint="Make it without the conditions to see which values there are.",
                )
            ]
        if not isinstance(self._split, Sequence):
            return []
        values = [self._values_of(unit) for unit in units]
        none = [
            unit for unit, own in zip(units, values, strict=True) if not any(each.holds_of(own) for each in self._split)
        ]
        if not none:
            return []
        return [
            Finding(
                "NO-CONDITION",
                "note",
                f"{len(none):,} of {len(units):,} {what}s {'meets' if len(none) == 1 else 'meet'} "
                "none of the conditions that were asked for.",
                where=none[0].label,
                hint="Ask for one more condition to see them; who has no value meets none.",
                kind="loss",
                count=len(none),
            )
        ]

    # --- what is asked for --------------------------------------------------------------------------------------------

    def _kind(self, rows: str | tuple[str, ...] | None) -> tuple[RowKind, Sequence[Condition] | Variable | None]:
        if rows is None:
            return ("cases" if self.of_cases else "sources"), None
        if isinstance(rows, tuple):
            if len(rows) != 1:
                return "values", [condition(self._look, each) for each in rows]
            rows = rows[0]
        for kind in _KINDS:
            if rows == kind:
                return kind, None
        try:
            return "values", variable_called(self._look, rows)
        except NotInStudy as error:
            if any(sign in rows for sign in "=<>"):
                return "values", [condition(self._look, rows)]
            names = ", ".join(each.name for each in self._look.variables)
            raise BadRequest(
                f"The study has no variable “{rows}”.",
                todo=f"A matrix is of {', '.join(_KINDS)}, or of the values of a variable{names and f' ({names})'}.",
            ) from error

    def _chosen(self, only: tuple[str, ...] | None) -> dict[int, Case | Codable] | None:
        if only is None:
            return None
        found: dict[int, Case | Codable] = {}
        units = list(self._all_units())
        for wanted in only:
            there = [each for each in units if each.label == wanted or same_guid(each.of.guid) == same_guid(wanted)]
            if not there:
                what = "case" if self.of_cases else "source"
                raise NotInStudy(f"The study has no {what} “{wanted}”.", todo=f"Name a {what} as the matrix names it.")
            found.update((id(each.of), each.of) for each in there)
        return found

    # --- cases and sources --------------------------------------------------------------------------------------------

    def _all_units(self) -> Iterator[Unit]:
        look = self._look
        if self.of_cases:
            for number, case in enumerate(look.cases, 1):
                label = self._names.of_case(case, number)
                yield Unit(case, label, look.references_of(case), tuple(look.sources_of(case)))
            return
        for together in things(look):
            source = together[0]
            references = list(chain.from_iterable(map(look.references_of, together)))
            # A memo is no data of its own, unless somebody coded it.
            if references or not isinstance(source, Note):
                yield Unit(source, self._names.sources[id(source)], references, together)

    def _meets(self, unit: Unit) -> bool:
        if not self._conditions:
            return True
        values = self._values_of(unit)
        return all(each.holds_of(values) for each in self._conditions)

    def _values_of(self, unit: Unit) -> Mapping[str, tuple[Value, ...]]:
        """The values that conditions ask about: a source has those of its cases too, where it has none itself."""
        own = self._look.values_of(unit.of)
        if isinstance(unit.of, Case):
            return own
        theirs: dict[str, tuple[Value, ...]] = {}
        for case in chain.from_iterable(self._cases_in.get(id(each), ()) for each in unit.sources):
            for guid, values in self._look.values_of(case).items():
                theirs[guid] = theirs.get(guid, ()) + values
        return theirs | own

    @cached_property
    def _cases_in(self) -> dict[int, list[Case]]:
        found: dict[int, list[Case]] = {}
        for case in self._look.cases:
            for source in self._look.sources_of(case):
                found.setdefault(id(source), []).append(case)
        return found

    # --- other rows ---------------------------------------------------------------------------------------------------

    def _by_value(self, split: Sequence[Condition] | Variable) -> Iterator[Group]:
        units = list(self.units())
        if isinstance(split, Variable):
            yield from self._of_each_value(split, units)
            return
        for each in split:
            yield _together(each.in_words(), [unit for unit in units if each.holds_of(self._values_of(unit))])

    def _of_each_value(self, variable: Variable, units: Iterable[Unit]) -> Iterator[Group]:
        having: dict[Value, list[Unit]] = {}
        without: list[Unit] = []
        for unit in units:
            values = self._values_of(unit).get(variable.guid, ())
            for value in dict.fromkeys(values):
                having.setdefault(value, []).append(unit)
            if not values:
                without.append(unit)
        for value in sorted(having, key=_by_kind_and_size):
            yield _together(str(value), having[value])
        if without:
            yield _together(NO_VALUE, without)

    def _by_user(self) -> Iterator[Group]:
        by_user: dict[int, list[Reference]] = {}
        for reference in self.references():
            by_user.setdefault(id(reference.user), []).append(reference)
        for user in self._look.project.users or ():
            theirs = by_user.get(id(user), ())
            yield Group(Row(user.guid, user.name or self._names.coders[id(user)]), theirs, _sources(theirs))
        if nobodys := by_user.get(id(None)):
            yield Group(Row("", NOBODY), nobodys, _sources(nobodys))


def _of_cases(look: Lookup, rows: str | tuple[str, ...] | None) -> bool:
    if rows == "sources" or rows == ("sources",):
        return False
    if rows in ("cases", ("cases",)) and not look.cases:
        raise BadRequest("The study has no cases to make rows of.", todo="Ask for a row for each source instead.")
    return bool(look.cases)


def _together(label: str, units: Sequence[Unit]) -> Group:
    sources = {id(source): source for unit in units for source in unit.sources}
    return Group(Row("", label), _each_once(units), tuple(sources.values()), tuple(units))


def _each_once(units: Iterable[Unit]) -> list[Reference]:
    """Return the references of several cases; one that is several cases' in the same part stands once."""
    found: dict[object, Reference] = {}
    for unit in units:
        for reference in unit.references:
            key = (id(reference.coding), reference.parts) if reference.coding is not None else (id(unit), id(reference))
            found.setdefault(key, reference)
    return list(found.values())


def _sources(references: Iterable[Reference]) -> tuple[Codable, ...]:
    found = {id(each.source): each.source for each in references if each.source is not None}
    return tuple(found.values())


def _by_kind_and_size(value: Value) -> tuple[str, object]:
    """Order values: numbers by size, dates by time, words by the alphabet; what cannot be compared apart."""
    if isinstance(value, str):
        return "words", value.casefold()
    return ("number", value) if isinstance(value, int) or hasattr(value, "quantize") else (type(value).__name__, value)
