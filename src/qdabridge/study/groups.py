"""Values that a study keeps in the names of its sets.

ATLAS.ti has no cases and no variables: what is known of a participant is a group of documents named
``Variable::Value`` (which is what it makes of imported cases) or, as people type it, ``variable: value``. Whether such
a group is meant so cannot be known, so these are offers.
"""

from __future__ import annotations

import re
from uuid import UUID, uuid5

from msgspec import Struct

from qdabridge.study.model import Project, Set, SourceRef, Variable

_NAMED = re.compile(r"\s*(?P<variable>[^:]*[^:\s])\s*(?:::|:\s)\s*(?P<value>\S(?:.*\S)?)\s*", re.DOTALL)
_SPACE = UUID("7a4fb5a1-7f4e-5d0b-9d3b-5f6d0a2c9e41")


class Offer(Struct, frozen=True, gc=False):
    """A value that the name of a set gives to its sources.

    Args:
        variable: the study's variable of that name, or one that the study does not have, of the type Text.
        value: what the name says after the colon.
        group: the set.
    """

    variable: Variable
    value: str
    group: Set

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """Whose value it is."""
        return self.group.member_sources


def offers(project: Project) -> list[Offer]:
    """Return the values that sets of sources offer by their names, in the order of the sets.

    >>> carers = Set(guid="S", name="Role::Carer", member_sources=(SourceRef(target_guid="A"),))
    >>> [(each.variable.name, each.value) for each in offers(Project(name="", sets=[carers]))]
    [('Role', 'Carer')]
    """
    variables = {each.name.casefold(): each for each in reversed(project.variables or ())}
    found = []
    for group in project.sets or ():
        named = _NAMED.fullmatch(group.name)
        if named is None or not group.member_sources or group.member_codes or group.member_notes:
            continue
        name = named["variable"]
        guid = str(uuid5(_SPACE, name.casefold()))
        variable = variables.setdefault(name.casefold(), Variable(guid=guid, name=name, type_of_variable="Text"))
        found.append(Offer(variable, named["value"], group))
    return found
