"""From a study to a framework matrix.

It decides which rows and columns there are, and puts every coded reference into its cell, once for all who coded it.
What belongs to a case is known in ``study.lookup``; what a matrix looks like on paper is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeAlias

from qdabridge.errors import BadRequest
from qdabridge.findings import Finding, Findings
from qdabridge.matrix.grid import Attribute, Cell, Column, Matrix, Quote, Row, RowKind
from qdabridge.study.areas import from_the_top
from qdabridge.study.groups import offers
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AudioSelection,
    Case,
    Code,
    Note,
    PDFSelection,
    PDFSource,
    PictureSelection,
    PictureSource,
    User,
    VideoSelection,
)
from qdabridge.study.passages import Codable, Reference
from qdabridge.study.study import Study
from qdabridge.study.values import Value

_NAMES_IN_A_LABEL = 3
_INITIALS = 4
_Position: TypeAlias = tuple[int, int, int, int]


def framework_matrix(
    study: Study,
    *,
    rows: RowKind | None = None,
    codes: Iterable[str] | None = None,
    used_only: bool = False,
    values_from_sets: bool = False,
) -> Matrix:
    """Make the framework matrix of a study: in each cell the quotes that were coded there, with where they come from.

    Args:
        study: the study; keep it open meanwhile, its texts are read.
        rows: ``cases`` or ``sources``; by default cases, and sources where the study has no cases. A nameless case that
            only carries the values of a source is none; a recording and its transcript have one row.
        codes: the codes to show, as GUIDs or as paths such as ``Access \\ Waiting times``, each with the codes inside
            it; by default all, in the order of the codebook. NVivo's codes for its cases are rows, never columns.
        used_only: whether codes that nothing is coded with are left out.
        values_from_sets: whether sets of sources named ``Variable::Value``, as ATLAS.ti has them, make attributes.

    Returns:
        The matrix; its findings say what no row has room for.

    Raises:
        BadRequest: rows of cases were asked for, and there are none.
        NotInStudy: there is no such code.
    """
    look = Lookup(study, values_from_sets=values_from_sets)
    if rows is None:
        rows = "cases" if look.cases else "sources"
    if rows not in ("cases", "sources"):
        raise BadRequest(f"A matrix has rows of cases or of sources, not of “{rows}”.")
    if rows == "cases" and not look.cases:
        raise BadRequest("The study has no cases to make rows of.", todo="Ask for a row for each source instead.")
    matrix = _Building(look, rows, codes, used_only=used_only).matrix
    if not values_from_sets:
        matrix.findings += _offered(study)
    return matrix


def _offered(study: Study) -> list[Finding]:
    """Say that sets could be attributes: studies from ATLAS.ti have no others."""
    found = offers(study.project)
    if not found:
        return []
    return [
        Finding(
            "SET-AS-VARIABLE",
            "note",
            "Sets of sources are named like values of variables; they could be attributes of the rows.",
            where=f"Set “{found[0].group.name}”",
            hint="Ask for values from sets (--values-from-sets) if that is what they mean.",
            count=len(found),
        )
    ]


class _Building:
    """A matrix in the making, with what is looked up again and again meanwhile."""

    def __init__(self, look: Lookup, rows: RowKind, codes: Iterable[str] | None, *, used_only: bool) -> None:
        self._look = look
        self._coders = _short_names(look.project.users or ())
        self._labels = _source_labels(look)
        self._order = {id(source): number for number, source in enumerate(_codable(look))}
        used = {id(reference.code) for reference in look.references() if not look.is_case(reference.code)}
        for case in look.cases:
            used.update(id(look.code(ref.target_guid)) for ref in case.code_refs)
        shown = _shown(look, codes, used, used_only=used_only)
        self._columns = {id(code): number for number, code in enumerate(shown)}
        variables = look.variables
        self._variables = [variable.guid for variable in variables]
        self._findings = Findings()
        self.matrix = Matrix(
            name=look.project.name,
            row_kind=rows,
            attributes=[Attribute(each.guid, each.name, each.type_of_variable) for each in variables],
            columns=[_column(look, code) for code in shown],
        )
        if rows == "cases":
            self._fill_with_cases(look.cases)
        else:
            self._fill_with_sources()
        self.matrix.findings = self._findings.all()

    def _fill_with_cases(self, cases: Sequence[Case]) -> None:
        placed: set[int] = set()
        for number, case in enumerate(cases, 1):
            references = self._shown_in(self._look.references_of(case))
            placed.update(id(reference.coding) for reference in references)
            label = case.name or self._names_of_sources(case) or f"Case {number}"
            self._add_row(case, label, references)
        self._tell_outside(placed)

    def _fill_with_sources(self) -> None:
        shown: set[int] = set()
        for source in _codable(self._look):
            if id(source) in shown:
                continue
            together: tuple[Codable, ...] = (source, *self._look.twins_of(source))
            shown.update(map(id, together))
            references = self._shown_in(chain.from_iterable(map(self._look.references_of, together)))
            # A memo is no data of its own, unless somebody coded it.
            if references or not isinstance(source, Note):
                self._add_row(source, self._labels[id(source)], references)

    def _shown_in(self, references: Iterable[Reference]) -> list[Reference]:
        return [reference for reference in references if id(reference.code) in self._columns]

    def _add_row(self, of: Case | Codable, label: str, references: Sequence[Reference]) -> None:
        values = self._look.values_of(of)
        attributes = tuple(_as_one(values.get(guid, ())) for guid in self._variables)
        self.matrix.rows.append(Row(of.guid, label, attributes))
        row = len(self.matrix.rows) - 1
        by_column: dict[int, list[Reference]] = {}
        for reference in references:
            by_column.setdefault(self._columns[id(reference.code)], []).append(reference)
        for column in sorted(by_column):
            self.matrix.cells[row, column] = Cell(quotes=self._quotes(by_column[column]))

    # --- quotes -----------------------------------------------------------------------------------------------------

    def _quotes(self, references: Sequence[Reference]) -> list[Quote]:
        """Return a quote for each place, in order; what several people coded at one place is one quote."""
        together: dict[object, list[Reference]] = {}
        for reference in references:
            together.setdefault(self._place(reference), []).append(reference)
        ordered = sorted(together.values(), key=lambda group: min(map(self._position, group)))
        return [self._quote(group) for group in ordered]

    def _quote(self, group: list[Reference]) -> Quote:
        first = next((each for each in group if not isinstance(each.selection, PDFSelection)), group[0])
        look, source = self._look, first.source
        words = look.words_of(first)
        place = look.place_of(first)
        areas = [each.selection for each in group if isinstance(each.selection, PDFSelection)]
        if areas and first.selection is not areas[0]:
            place = _pages({area.page for area in areas})
        quote = Quote(
            text=words or "",
            source=self._labels[id(source)] if source is not None else "",
            place=place,
            lines=look.lines_of(first),
            coders=tuple(dict.fromkeys(self._coders[id(each.user)] for each in group if each.user is not None)),
            codings=tuple(each.coding.guid for each in group if each.coding is not None),
            source_guid=source.guid if source is not None else "",
            caption="" if words else _caption(first),
        )
        if words is None and look.span_of(first) is not None:
            self._tell_missing_text(quote)
        return quote

    def _place(self, reference: Reference) -> object:
        """Return the same for references to the same place."""
        selection = reference.selection
        if selection is None:
            return id(reference.source), None
        if isinstance(reference.source, PDFSource | PictureSource):
            return id(self._look.lead_of(reference))
        measured = self._look.span_of(reference) or self._look.time_of(reference) or id(selection)
        return id(reference.document or reference.source), measured, reference.parts

    def _position(self, reference: Reference) -> _Position:
        """Where a reference comes among others: by source, the whole of it first, then by place."""
        source = self._order.get(id(reference.source), -1)
        selection = reference.selection
        if isinstance(selection, PDFSelection):
            top = selection.first_y, selection.second_y
            down = min(top) if from_the_top(self._look.tool) else -max(top)
            return source, 1 + selection.page, down, selection.first_x
        if isinstance(selection, PictureSelection):
            return source, 1, selection.first_y, selection.first_x
        if reference.parts:
            return source, 1, reference.parts[0][0], 0
        if isinstance(selection, AudioSelection | VideoSelection):
            return source, 1, selection.begin, selection.end
        span = self._look.span_of(reference)
        return (source, 1, *span) if span is not None else (source, 0, 0, 0)

    # --- rows and findings ------------------------------------------------------------------------------------------

    def _names_of_sources(self, case: Case) -> str:
        """Return what to call a case without a name."""
        names = [self._labels[id(source)] for source in self._look.sources_of(case)]
        more = ", …" if len(names) > _NAMES_IN_A_LABEL else ""
        return ", ".join(names[:_NAMES_IN_A_LABEL]) + more

    def _tell_outside(self, placed: set[int]) -> None:
        outside = [
            reference for reference in self._shown_in(self._look.references()) if id(reference.coding) not in placed
        ]
        if outside:
            source = outside[0].source
            self._findings.add(
                Finding(
                    "OUTSIDE-CASES",
                    "warning",
                    "Coded passages that belong to no case are in no row.",
                    where=self._labels[id(source)],
                    hint="Ask for a row for each source to see them, or code them to a case.",
                    kind="loss",
                    count=len(outside),
                )
            )

    def _tell_missing_text(self, quote: Quote) -> None:
        self._findings.add(
            Finding(
                "TEXT-MISSING",
                "warning",
                "The study does not hold the text of a coded passage; its cell says only where it is.",
                where=quote.source,
                hint="Export the project again with its files.",
                kind="loss",
            )
        )


def _codable(look: Lookup) -> Iterable[Codable]:
    return chain(look.project.sources or (), look.project.notes or ())


# --- columns ---------------------------------------------------------------------------------------------------------


def _shown(look: Lookup, codes: Iterable[str] | None, used: set[int], *, used_only: bool) -> list[Code]:
    """Return the codes that get a column. A folder gets one only if something is coded with it all the same."""
    chosen: Iterable[Code] = look.themes
    if codes is not None:
        themes = {id(code) for code in look.themes}
        inside = chain.from_iterable(_with_codes_inside(_named(look, each)) for each in codes)
        chosen = {id(code): code for code in inside if id(code) in themes}.values()
    return [code for code in chosen if id(code) in used or (code.is_codable and not used_only)]


def _named(look: Lookup, name: str) -> Code:
    return look.code(name) or look.code_at(name)


def _with_codes_inside(code: Code) -> list[Code]:
    found, waiting = [], [code]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(reversed(found[-1].codes))
    return found


def _column(look: Lookup, code: Code) -> Column:
    theme = code
    while (above := look.parent(theme)) is not None:
        theme = above
    return Column(code.guid, look.names_to(code), code.color, theme.guid, theme.color)


# --- names -----------------------------------------------------------------------------------------------------------


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


def _caption(reference: Reference) -> str:
    """Return what the coder called a place without words; numbers, which some tools put there, say nothing."""
    selection, source = reference.selection, reference.source
    if selection is None:
        return ""
    for said in (selection.name, selection.description):
        if said and any(map(str.isalpha, said)) and (source is None or said != source.name):
            return said.strip()
    return ""


def _pages(pages: Iterable[int]) -> str:
    """Return the pages that a quote is on; they follow each other."""
    first, last = min(pages) + 1, max(pages) + 1
    return f"p. {first}" if first == last else f"p. {first}–{last}"


def _as_one(values: tuple[Value, ...]) -> Value | None:
    """Return one value for a cell: typed where there is one, several as text."""
    if len(values) < 2:
        return values[0] if values else None
    return "; ".join(map(str, values))
