"""What stands behind the rows and columns of a matrix: every code of the study and how much it is used, every case.

Codes are counted for themselves, without the codes inside them.
"""

from __future__ import annotations

from collections.abc import Iterable

from qdabridge.matrix.grid import CaseEntry, CodebookEntry
from qdabridge.matrix.names import Names, values_in_order
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Code, PDFSource, PictureSource
from qdabridge.study.passages import Codable, places_in


class Usage:
    """How often each code is used, and in how many sources; one visit to each place of the study."""

    def __init__(self, look: Lookup) -> None:
        self._look = look
        self.references: dict[int, int] = {}
        """How many references each code has, by the code's identity; codes that are not used are absent."""
        self.files: dict[int, int] = {}
        """In how many sources and notes each code is used, by the code's identity."""
        for source in (*(look.project.sources or ()), *(look.project.notes or ())):
            several_for_one = isinstance(source, PDFSource | PictureSource)
            for key, count in (self._each_once(source) if several_for_one else self._as_written(source)).items():
                self.references[key] = self.references.get(key, 0) + count
                self.files[key] = self.files.get(key, 0) + 1
        for case in look.cases:
            for ref in case.code_refs:
                if (code := look.code(ref.target_guid)) is not None:
                    self.references[id(code)] = self.references.get(id(code), 0) + 1

    def of(self, code: Code) -> int:
        """Return how many references a code has."""
        return self.references.get(id(code), 0)

    def _as_written(self, source: Codable) -> dict[int, int]:
        by_guid: dict[str, int] = {}
        for _, _, codings in places_in(source):
            for coding in codings:
                guid = coding.code_ref.target_guid
                by_guid[guid] = by_guid.get(guid, 0) + 1
        found: dict[int, int] = {}
        for guid, count in by_guid.items():
            if (code := self._look.code(guid)) is not None:
                found[id(code)] = found.get(id(code), 0) + count
        return found

    def _each_once(self, source: Codable) -> dict[int, int]:
        """Count where one passage may stand there as an area and as its words."""
        known: set[tuple[int, int, int]] = set()
        found: dict[int, int] = {}
        for reference in self._look.references_of(source):
            lead = self._look.lead_of(reference)
            key = id(lead), id(reference.user), id(reference.code)
            if key not in known:
                known.add(key)
                found[id(reference.code)] = found.get(id(reference.code), 0) + 1
        return found


def codebook_of(look: Lookup, usage: Usage) -> list[CodebookEntry]:
    """Return every code that stands for an idea, in the order of the codebook."""
    return [_entry(look, usage, code) for code in look.themes]


def cases_of(look: Lookup, names: Names) -> list[CaseEntry]:
    """Return every case, in the order of the study."""
    return [
        CaseEntry(
            guid=case.guid,
            label=names.of_case(case, number),
            description=case.description or "",
            attributes=values_in_order(look, case),
            sources=tuple(names.sources[id(source)] for source in look.sources_of(case)),
            references=len(look.references_of(case)),
        )
        for number, case in enumerate(look.cases, 1)
    ]


def used(look: Lookup, usage: Usage, also: Iterable[str]) -> set[int]:
    """Return the codes, by identity, that something is coded with or that are named otherwise, by GUID."""
    named = {id(code) for guid in also if (code := look.code(guid)) is not None}
    return usage.references.keys() | named


def _entry(look: Lookup, usage: Usage, code: Code) -> CodebookEntry:
    path = look.names_to(code)
    return CodebookEntry(
        guid=code.guid,
        path=path,
        level=len(path),
        description=code.description or "",
        color=code.color,
        is_codable=code.is_codable,
        files=usage.files.get(id(code), 0),
        references=usage.of(code),
    )
