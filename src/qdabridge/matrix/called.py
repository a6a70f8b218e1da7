"""Which cases, sources and codes people mean by what they call them in a table.

A code may be called by its path, its path inside its theme or its own name, a case by its name; NVivo counts both. One
name may mean several. This module knows nothing of tables: it is asked name by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qdabridge.study.lookup import PATH_SEPARATOR, Lookup
from qdabridge.study.model import Case, Code, same_guid

_EXAMPLES = 3

# NVivo counts the columns and rows of what it exports: “B : Waiting times”, “12 : Ana”.
_COUNTED = re.compile(r"\s*(?:[A-Z]{1,3}|\d+)\s:\s(.*)", re.DOTALL)
_BETWEEN_LEVELS = re.compile(r"\s*[\\>/]\s*")


class Names:
    """The cases, sources and codes of a study by GUID and by whatever people may call them."""

    def __init__(self, look: Lookup) -> None:
        self.look = look
        self._paths: dict[str, list[Code]] = {}
        self._short: dict[str, list[Code]] = {}
        for code in look.themes:
            path = look.names_to(code)
            self._paths.setdefault(_plain(PATH_SEPARATOR.join(path)), []).append(code)
            for name in {_plain(PATH_SEPARATOR.join(path[1:])), _plain(code.name)} - {""}:
                self._short.setdefault(name, []).append(code)
        self._cases: dict[str, list[str]] = {}
        self._sources: dict[str, list[str]] = {}
        for of, known in ((look.cases, self._cases), (look.project.sources or (), self._sources)):
            for each in of:
                if each.name:
                    known.setdefault(_plain(each.name), []).append(same_guid(each.guid))

    def is_code(self, guid: str) -> bool:
        """Tell whether the study has a code with a GUID."""
        return self.look.code(guid) is not None

    def is_row(self, guid: str) -> bool:
        """Tell whether the study has a case or source with a GUID."""
        return (self.look.case(guid) or self.look.source(guid)) is not None

    def codes_called(self, heading: str, theme: str = "") -> list[str]:
        """Return the GUIDs of the codes that a heading below a theme may mean."""
        for said in _readings(heading):
            exact = list(self._paths.get(_plain(said), ()))
            if theme:
                above = next(_readings(theme))
                exact += self._paths.get(_plain(PATH_SEPARATOR.join((above, said))), ())
            found = exact or self._short.get(_plain(said), [])
            if found:
                return [same_guid(code.guid) for code in found]
        return []

    def rows_called(self, label: str) -> list[str]:
        """Return the GUIDs of the cases, or else the sources, that a label may mean."""
        for said in _readings(label):
            # NVivo may put attributes below the name.
            for name in (said, said.partition("\n")[0]):
                if found := self._cases.get(_plain(name)) or self._sources.get(_plain(name)):
                    return found
        return []

    def label_of(self, guid: str) -> str:
        """Return the name of a case or source; its GUID where it has none."""
        of: Case | object = self.look.case(guid) or self.look.source(guid)
        return getattr(of, "name", None) or guid

    def path_of(self, guid: str) -> str:
        """Return the path of a code."""
        code = self.look.code(guid)
        return self.look.path_of(code) if code is not None else guid

    def examples(self) -> tuple[str, str]:
        """Return some names of codes and of rows, to tell what was looked for."""
        rows = [each.name for each in self.look.cases if each.name]
        rows = rows or [each.name for each in self.look.project.sources or () if each.name]
        return _listed(code.name for code in reversed(self.look.themes)), _listed(rows)


def _readings(name: str) -> Iterator[str]:
    """Give a name as it stands, and without the number that NVivo puts before it."""
    yield name
    counted = _COUNTED.fullmatch(name)
    if counted is not None:
        yield counted[1]


def _plain(name: str) -> str:
    return _BETWEEN_LEVELS.sub("\\\\", " ".join(name.split())).casefold()


def _listed(names: Iterable[str]) -> str:
    some = [f"“{name}”" for _, name in zip(range(_EXAMPLES), names, strict=False)]
    return ", ".join(some)
