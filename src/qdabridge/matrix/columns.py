"""Which codes have a column in a matrix, and in which columns a reference belongs.

It knows the codebook, and nothing of rows, cells or paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct

from qdabridge.errors import BadRequest, NotInStudy
from qdabridge.matrix.grid import Column
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Code, Set, same_guid
from qdabridge.study.passages import Reference


class ColumnsWanted(Struct, frozen=True):
    """Which codes are to have a column; what is not said leaves all.

    Args:
        codes: GUIDs or paths, each with the codes inside it.
        only_codes: GUIDs or paths of codes without what is inside them.
        code_set: the name or GUID of a set; its codes.
        leaves: whether only codes without codes inside them have one.
        used_only: whether codes that nothing is coded with are left out.
        aggregate: whether a code's column holds what is coded with the codes inside it as well.
    """

    codes: tuple[str, ...] | None = None
    only_codes: tuple[str, ...] | None = None
    code_set: str | None = None
    leaves: bool = False
    used_only: bool = False
    aggregate: bool = False


class Columns:
    """The codes that have a column, in order.

    Args:
        used: the codes, by identity, that something is coded with.

    Raises:
        NotInStudy: there is no such code or set.
        BadRequest: the set has no codes.
    """

    def __init__(self, look: Lookup, wanted: ColumnsWanted, used: set[int]) -> None:
        self.codes = _shown(look, wanted, used)
        self.columns = [_column(look, code, aggregate=wanted.aggregate) for code in self.codes]
        numbers = {id(code): number for number, code in enumerate(self.codes)}
        self._of_code: dict[int, tuple[int, ...]] = {}
        for code in look.themes:
            chain_up = _with_codes_above(look, code) if wanted.aggregate else (code,)
            if found := tuple(numbers[id(each)] for each in chain_up if id(each) in numbers):
                self._of_code[id(code)] = found

    def shown(self, references: Iterable[Reference]) -> list[Reference]:
        """Return the references that belong in a column."""
        of_code = self._of_code
        return [reference for reference in references if id(reference.code) in of_code]

    def sorted_in(self, references: Iterable[Reference]) -> list[tuple[int, list[Reference]]]:
        """Return the references of each column that has any, by the number of the column."""
        found: dict[int, list[Reference]] = {}
        of_code = self._of_code
        for reference in references:
            for number in of_code.get(id(reference.code), ()):
                if (there := found.get(number)) is None:
                    found[number] = [reference]
                else:
                    there.append(reference)
        return sorted(found.items())


def _shown(look: Lookup, wanted: ColumnsWanted, used: set[int]) -> list[Code]:
    """Return the codes that get a column. A folder gets one only if something is coded with it all the same."""
    if wanted.aggregate:
        used = {id(above) for code in look.themes if id(code) in used for above in _with_codes_above(look, code)}
    found = (code for code in _chosen(look, wanted) if not (wanted.leaves and code.codes))
    return [code for code in found if id(code) in used or (code.is_codable and not wanted.used_only)]


def _chosen(look: Lookup, wanted: ColumnsWanted) -> Iterable[Code]:
    if wanted.codes is None and wanted.only_codes is None and wanted.code_set is None:
        return look.themes
    whole = chain.from_iterable(_with_codes_inside(_named(look, each)) for each in wanted.codes or ())
    alone = (_named(look, each) for each in wanted.only_codes or ())
    members = _members(look, _set(look, wanted.code_set)) if wanted.code_set is not None else ()
    themes = {id(code) for code in look.themes}
    return {id(code): code for code in chain(whole, alone, members) if id(code) in themes}.values()


def _named(look: Lookup, name: str) -> Code:
    return look.code(name) or look.code_at(name)


def _with_codes_inside(code: Code) -> list[Code]:
    found, waiting = [], [code]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(reversed(found[-1].codes))
    return found


def _with_codes_above(look: Lookup, code: Code) -> Iterator[Code]:
    above: Code | None = code
    while above is not None:
        yield above
        above = look.parent(above)


def _set(look: Lookup, name: str) -> Set:
    sets = look.project.sets or ()
    called = [group for group in sets if group.name == name or same_guid(group.guid) == same_guid(name)]
    for group in called:
        if group.member_codes:
            return group
    named = [group.name for group in sets if group.member_codes]
    todo = f"Sets with codes are {', '.join(named)}." if named else "None of its sets has codes."
    if called:
        raise BadRequest(f"The set “{name}” has no codes, so there are no columns.", todo=todo)
    raise NotInStudy(f"The study has no set “{name}”.", todo=todo)


def _members(look: Lookup, group: Set) -> Iterator[Code]:
    codes = (look.code(ref.target_guid) for ref in group.member_codes)
    return (code for code in codes if code is not None)


def _column(look: Lookup, code: Code, *, aggregate: bool) -> Column:
    *_, theme = _with_codes_above(look, code)
    path = look.names_to(code)
    return Column(code.guid, path, code.color, theme.guid, theme.color, aggregate and bool(code.codes))
