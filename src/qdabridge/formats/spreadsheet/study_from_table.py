"""A study from what a layout read out of a table.

Names become codes, cases, sources and people with GUIDs that follow from the names; the same table gives the same
study. What a study cannot carry is told. It knows pieces and the model, and no layout.
"""

from __future__ import annotations

from pathlib import Path

from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet.building.codes import Forest
from qdabridge.formats.spreadsheet.building.guids import made
from qdabridge.formats.spreadsheet.building.moments import Moments
from qdabridge.formats.spreadsheet.building.passages import Passages
from qdabridge.formats.spreadsheet.building.source_texts import SourceTexts
from qdabridge.formats.spreadsheet.building.values import Attributes
from qdabridge.formats.spreadsheet.pieces import CaseRow, Pieces
from qdabridge.limits import DEFAULT, Limits
from qdabridge.study.files import Files
from qdabridge.study.model import Case, CodeBook, CodeRef, Project, Set, SourceRef, same_guid
from qdabridge.study.study import Study
from qdabridge.study.summaries import CellKey
from qdabridge.study.summary_writing import chart
from qdabridge.study.text import StoredText


def study_from_table(
    pieces: Pieces, name: str, *, when: str, sources: Path | None = None, limits: Limits = DEFAULT
) -> Study:
    """Make a study of pieces.

    Args:
        pieces: what a layout read.
        name: what the study is called.
        when: the date and time of the table, as ``2024-09-11T09:40:00Z``.
        sources: a folder with the texts of the sources, in which the quotes are located.
        limits: how large a text may be.

    Raises:
        CannotRead: a text in the folder is damaged, or none is there.
        TooLarge: a text is beyond the limits.
    """
    building = _Building(pieces, name, sources, limits)
    return building.study(when)


class _Building:
    """A study in the making."""

    def __init__(self, pieces: Pieces, name: str, sources: Path | None, limits: Limits) -> None:
        self._pieces = pieces
        self._name = name
        self._limits = limits
        self._found = pieces.found
        self._forest = Forest()
        self._attributes = Attributes(pieces.attributes, [*pieces.cases, *pieces.sources], self._found)
        self._passages = Passages(
            self._forest,
            Moments((row.date for row in pieces.coded), self._found),
            SourceTexts(sources, limits, self._found) if sources is not None else None,
            name,
            self._found,
        )

    def study(self, when: str) -> Study:
        """Return the study."""
        pieces = self._pieces
        for code in pieces.codes:
            self._forest.take(code, self._found)
        for source in pieces.sources:
            self._passages.source(source.name)
        self._passages.take(pieces.coded)
        summaries = self._summaries()
        cases = self._cases()
        folders = self._sources()
        texts = self._passages.finished()
        files = {}
        for each in texts:
            each.source.plain_text_path = f"internal://{each.source.guid}.txt"
            files[f"sources/{each.source.guid}.txt"] = StoredText(each.text).encoded()
        project = Project(
            name=self._name,
            creation_date_time=when,
            users=self._passages.users(),
            code_book=CodeBook(codes=self._forest.codes),
            variables=self._attributes.variables,
            cases=cases,
            sources=[each.source for each in texts],
            sets=[*folders, *self._forest.groups()],
        )
        study = chart(Study(project, Files(files, limits=self._limits)), summaries, by=None, when=when)
        study.findings = self._found.all()
        return study

    def _cases(self) -> list[Case]:
        """Return the cases: those with rows, then those that passages or summaries name."""
        rows: dict[str, list[CaseRow]] = {row.name: [] for row in self._pieces.cases}
        for row in self._pieces.cases:
            rows[row.name].append(row)
        named = [*(row.case for row in self._pieces.charted if not row.of_source)]
        named += [row.case for row in self._pieces.coded if row.case]
        for name in named:
            rows.setdefault(name, [])
        return [self._case(name, of_case) for name, of_case in rows.items()]

    def _case(self, name: str, rows: list[CaseRow]) -> Case:
        joined = CaseRow(at="", name=name, values={})
        for row in rows:
            for attribute, cell in row.values.items():
                if cell is None or cell == "":
                    continue
                if joined.values.setdefault(attribute, cell) != cell:
                    self._found.add(
                        Finding(
                            "TABLE-TWO-VALUES",
                            "warning",
                            "A case has two values of one attribute; the first was taken.",
                            f"{row.at}: {name}, {attribute}",
                            "Give each case one row, or one value.",
                            kind="loss",
                        )
                    )
        sources, selections = self._passages.of_case(name)
        own = [each for row in rows for each in row.sources]
        if self._passages.knows(name):
            own.append(name)
        refs = [SourceRef(target_guid=self._passages.source(each).source.guid) for each in dict.fromkeys(own)]
        descriptions = dict.fromkeys(row.description for row in rows if row.description)
        codes = [self._forest.at(path) for path in dict.fromkeys(path for row in rows for path in row.codes)]
        return Case(
            guid=made("case", name),
            name=name,
            description="\n\n".join(descriptions) or None,
            variable_values=self._attributes.of(joined),
            code_refs=tuple(CodeRef(target_guid=code.guid) for code in codes if code is not None),
            source_refs=tuple({ref.target_guid: ref for ref in [*refs, *sources]}.values()),
            selection_refs=tuple(selections),
        )

    def _sources(self) -> list[Set]:
        """Give the sources what the table says of them, and return their folders as sets."""
        folders: dict[str, dict[str, None]] = {}
        for row in self._pieces.sources:
            source = self._passages.source(row.name).source
            source.variable_values = self._attributes.of(row)
            source.description = row.memo or None
            if row.folder:
                folders.setdefault(row.folder, {})[source.guid] = None
        for coded in self._pieces.coded:
            if coded.folder:
                folders.setdefault(coded.folder, {})[self._passages.source(coded.source).source.guid] = None
        return [
            Set(
                guid=made("folder", name),
                name=name,
                member_sources=tuple(SourceRef(target_guid=guid) for guid in members),
            )
            for name, members in folders.items()
        ]

    def _summaries(self) -> dict[CellKey, str]:
        """Return what each cell says; the codes and sources of summaries are there afterwards."""
        summaries: dict[CellKey, str] = {}
        for row in self._pieces.charted:
            code = self._forest.at(row.code)
            if code is None:
                continue
            of = self._passages.source(row.case).source.guid if row.of_source else made("case", row.case)
            key = same_guid(of), same_guid(code.guid)
            if key in summaries:
                self._found.add(
                    Finding(
                        "TABLE-JOINED",
                        "warning",
                        "Two cells are about one case and one code; their texts were joined.",
                        f"{row.at}: {row.case}, {' / '.join(row.code)}",
                        "If they are two cases, give them different names.",
                    )
                )
                summaries[key] += f"\n\n{row.text}"
            else:
                summaries[key] = row.text
        return summaries
