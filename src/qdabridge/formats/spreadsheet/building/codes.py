"""A forest of codes from paths: a code above others is there, whether or not a table has a row for it."""

from __future__ import annotations

from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet.building.guids import made
from qdabridge.formats.spreadsheet.pieces import CodePath, CodeRow
from qdabridge.study.model import Code, CodeRef, Set


class Forest:
    """The codes of a study, in the order in which they are met."""

    def __init__(self) -> None:
        self.codes: list[Code] = []
        self._at: dict[CodePath, Code] = {}
        self._groups: dict[str, list[str]] = {}

    def take(self, row: CodeRow, found: Findings) -> None:
        """Take a row of a codebook."""
        code = self.at(row.path)
        if code is None:
            return
        code.color = code.color or row.color or None
        code.is_codable = row.is_codable
        if row.description:
            if code.description and code.description != row.description:
                found.add(Finding("TABLE-JOINED", "warning", "A code has two descriptions, which were joined.", row.at))
                code.description += f"\n\n{row.description}"
            else:
                code.description = row.description
        for group in row.groups:
            members = self._groups.setdefault(group, [])
            if code.guid not in members:
                members.append(code.guid)

    def at(self, path: CodePath) -> Code | None:
        """Return the code of a path, made with all above it where need be; nothing for a path without names."""
        path = tuple(name for name in path if name)
        if not path or path in self._at:
            return self._at.get(path)
        above = self.at(path[:-1])
        code = Code(guid=made("code", *path), name=path[-1])
        (self.codes if above is None else above.codes).append(code)
        self._at[path] = code
        return code

    def groups(self) -> list[Set]:
        """Return the groups of codes as sets."""
        return [
            Set(guid=made("code group", name), name=name, member_codes=tuple(CodeRef(target_guid=g) for g in members))
            for name, members in self._groups.items()
        ]
