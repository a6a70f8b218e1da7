"""The elements of a study by GUID, codes by path, and which codes are themes.

It knows what tools make of codes and variables; what belongs to a case is known in ``belonging``, and all look-ups
together are ``lookup.Lookup``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import TypeVar

from qdabridge.errors import NotInStudy
from qdabridge.study import groups, media, walk
from qdabridge.study.model import (
    AnySource,
    Case,
    Code,
    Coding,
    Note,
    PDFSelection,
    Selection,
    User,
    Variable,
    same_guid,
)
from qdabridge.study.passages import Codable, Passages
from qdabridge.study.study import Study

PATH_SEPARATOR = " \\ "
"""What stands between the levels of a code path, as in ``Access \\ Waiting times``."""

_Identified = TypeVar("_Identified", User, Code, Variable, Case, Note, AnySource)


class Elements(Passages):
    """Look-ups by GUID and by path; for its arguments see ``lookup.Lookup``."""

    def __init__(self, study: Study, *, values_from_sets: bool = False) -> None:
        super().__init__(study)
        self.project = study.project
        self.tool = study.form.tool if study.form is not None else "standard"
        self._values_from_sets = values_from_sets
        self._meant: dict[str, Code | None] = {}
        self._people: dict[str, User | None] = {}

    # --- by GUID: a dictionary for each kind, because tools give one GUID to elements of different kinds --------------

    def user(self, guid: str) -> User | None:
        """Return the user with a GUID."""
        return self._users.get(same_guid(guid))

    def code(self, guid: str) -> Code | None:
        """Return the code with a GUID."""
        return self._codes.get(same_guid(guid))

    def variable(self, guid: str) -> Variable | None:
        """Return the variable with a GUID."""
        return self._variables.get(same_guid(guid))

    def case(self, guid: str) -> Case | None:
        """Return the case with a GUID."""
        return self._cases.get(same_guid(guid))

    def source(self, guid: str) -> AnySource | None:
        """Return the source with a GUID."""
        return self._sources.get(same_guid(guid))

    def note(self, guid: str) -> Note | None:
        """Return the note with a GUID."""
        return self._notes.get(same_guid(guid))

    def selection(self, guid: str) -> Selection | None:
        """Return the selection with a GUID; where an area of a PDF and its words share one, the words."""
        return self._selections.get(same_guid(guid))

    # --- codes --------------------------------------------------------------------------------------------------------

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """All codes, parents before their children, in the order of the codebook."""
        return tuple(walk.codes(self.project))

    @cached_property
    def themes(self) -> tuple[Code, ...]:
        """The codes that stand for ideas: all but those that NVivo makes of its cases, and folders of only those."""
        set_aside = {id(code) for code in self.codes if self.is_case(code)}
        # Children come after their parents, so backwards every folder is met when all it holds is known.
        for code in reversed(self.codes):
            if code.codes and not code.is_codable and all(id(child) in set_aside for child in code.codes):
                set_aside.add(id(code))
        return tuple(code for code in self.codes if id(code) not in set_aside)

    def is_case(self, code: Code) -> bool:
        """Tell whether a code is NVivo's twin of a case: coding with it says whose words they are."""
        return same_guid(code.guid) in self._cases

    def parent(self, code: Code) -> Code | None:
        """Return the code that a code is inside of."""
        return self._parents.get(id(code))

    def names_to(self, code: Code) -> tuple[str, ...]:
        """Return the names from the theme down to the code."""
        names = [code.name]
        above = self.parent(code)
        while above is not None:
            names.append(above.name)
            above = self.parent(above)
        return tuple(reversed(names))

    def path_of(self, code: Code) -> str:
        """Return the path of a code, such as ``Access \\ Waiting times``."""
        return PATH_SEPARATOR.join(self.names_to(code))

    def code_at(self, path: str | Sequence[str]) -> Code:
        """Return the code at a path, given as ``Access \\ Waiting times`` or as names; the first where several are.

        Raises:
            NotInStudy: there is no such code.
        """
        exact = path if isinstance(path, str) else PATH_SEPARATOR.join(path)
        loose = PATH_SEPARATOR.join(step.strip() for step in exact.split("\\"))
        code = self._paths.get(exact) or self._paths.get(loose)
        if code is None:
            from difflib import get_close_matches

            near = get_close_matches(loose, self._paths, 1)
            hint = f"Did you mean “{near[0]}”?" if near else "A path is written “Access \\ Waiting times”."
            raise NotInStudy(f"The study has no code “{exact}”.", todo=hint)
        return code

    # --- variables and sources ----------------------------------------------------------------------------------------

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The variables of the study, and those that names of sets speak of, if they are asked for."""
        offered = {same_guid(each.variable.guid): each.variable for each in self._offered}
        own = {same_guid(each.guid) for each in self.project.variables or ()}
        return (*(self.project.variables or ()), *(each for guid, each in offered.items() if guid not in own))

    def twins_of(self, source: Codable) -> tuple[AnySource, ...]:
        """Return the other sources that are the same thing: a recording and the text that is its transcript."""
        return tuple(each for each in self._one_thing.get(id(source), ()) if each is not source)

    # --- indexes ------------------------------------------------------------------------------------------------------

    @cached_property
    def _users(self) -> dict[str, User]:
        return _by_guid(self.project.users or ())

    @cached_property
    def _codes(self) -> dict[str, Code]:
        return _by_guid(self.codes)

    @cached_property
    def _variables(self) -> dict[str, Variable]:
        return _by_guid(self.variables)

    @cached_property
    def _cases(self) -> dict[str, Case]:
        return _by_guid(self.project.cases or ())

    @cached_property
    def _sources(self) -> dict[str, AnySource]:
        return _by_guid(self.project.sources or ())

    @cached_property
    def _notes(self) -> dict[str, Note]:
        return _by_guid(self.project.notes or ())

    @cached_property
    def _selections(self) -> dict[str, Selection]:
        found: dict[str, Selection] = {}
        for source in self._codable():
            for selection in walk.selections_of(source):
                key = same_guid(selection.guid)
                if key not in found or isinstance(found[key], PDFSelection):
                    found[key] = selection
        return found

    @cached_property
    def _one_thing(self) -> dict[int, list[AnySource]]:
        return {id(source): group for group in media.one_thing(self.project.sources or ()) for source in group}

    @cached_property
    def _offered(self) -> list[groups.Offer]:
        return groups.offers(self.project) if self._values_from_sets else []

    @cached_property
    def _parents(self) -> dict[int, Code]:
        return {id(child): code for code in self.codes for child in code.codes}

    @cached_property
    def _paths(self) -> dict[str, Code]:
        found: dict[str, Code] = {}
        for code in self.codes:
            found.setdefault(self.path_of(code), code)
        return found

    # --- inside -------------------------------------------------------------------------------------------------------

    def _codable(self) -> Iterator[Codable]:
        return chain(self.project.sources or (), self.project.notes or ())

    def _code_meant(self, guid: str) -> Code | None:
        # As written first: the same few spellings recur a million times.
        try:
            return self._meant[guid]
        except KeyError:
            return self._meant.setdefault(guid, self.code(guid))

    def _user_meant(self, coding: Coding, selection: Selection | None) -> User | None:
        guid = coding.creating_user or (selection.creating_user if selection is not None else None)
        if not guid:
            return None
        try:
            return self._people[guid]
        except KeyError:
            return self._people.setdefault(guid, self.user(guid))


# --- small things ----------------------------------------------------------------------------------------------------


def _by_guid(elements: Iterable[_Identified]) -> dict[str, _Identified]:
    """Return the elements by GUID; the first has it where two share one."""
    found: dict[str, _Identified] = {}
    for element in elements:
        found.setdefault(same_guid(element.guid), element)
    return found
