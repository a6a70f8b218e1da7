"""From a study to a matrix: rows and columns are brought together, and every coded reference is put into its cell.

What has a row and what a column, what counts, how a quote is taken and what is counted is each known in a module of its
own. What a matrix looks like on paper is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict, Unpack, get_args

from msgspec import Struct, convert

from qdabridge.errors import BadRequest
from qdabridge.findings import Finding
from qdabridge.matrix.codebook import Usage, cases_of, codebook_of, used
from qdabridge.matrix.columns import Columns, ColumnsWanted
from qdabridge.matrix.figures import Figures, add_percentages
from qdabridge.matrix.filters import Filter
from qdabridge.matrix.grid import Cell, Content, Matrix, Measure
from qdabridge.matrix.names import Names, attributes_of
from qdabridge.matrix.places import Order, Places
from qdabridge.matrix.quoting import QuotesWanted, Quoting
from qdabridge.matrix.rows import Group, Rows, RowsWanted
from qdabridge.matrix.wording import DEFAULT_REFERENCE, Wording
from qdabridge.pause import garbage_collection_paused
from qdabridge.study.groups import offers
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Code, same_guid
from qdabridge.study.passages import Codable, Reference
from qdabridge.study.study import Study
from qdabridge.study.summaries import CellKey, Summary, summaries_of

CONTENTS: tuple[str, ...] = ("summary", "quotes", *get_args(Measure))


class Choices(TypedDict, total=False):
    """What can be chosen for every matrix; all of it can be left out.

    Args:
        codes: GUIDs of codes, or paths such as ``Access \\ Waiting times``, each with the codes inside it; by default
            all, in the order of the codebook. NVivo's codes for its cases are rows, never columns.
        only_codes: the same without the codes inside them.
        code_set: the name of a set of codes.
        leaves: only codes that have no codes inside them.
        used_only: whether codes that nothing is coded with are left out.
        aggregate: whether a code counts for what is coded with the codes inside it as well, as NVivo's aggregate does.
        values_from_sets: whether sets of sources named ``Variable::Value``, as ATLAS.ti has them, make attributes.
        where: conditions for cases or sources, such as ``Role=Manager`` or ``Age>50``; all have to hold.
        only: names or GUIDs of cases, or of sources where rows are of sources.
        coders: names, initials or GUIDs of those whose coding counts.
        since, until: the first and last day of coding that counts, such as ``2024-05-31``.
        cells: what each cell holds: ``summary``, ``quotes``, and figures: ``count`` of references, ``sources``,
            ``cases``, ``words``, ``characters``, ``coverage`` of the text in percent, ``seconds``, ``coders``,
            ``row %`` and ``column %``, which are of the references.
        reference: the template of what stands behind a quote, such as ``[{source}, {place}, {coders}]``.
        shorten: how many characters of a quote a cell shows; the quote itself stays whole.
        order: of quotes, by ``position`` or by ``date`` of coding.
        merge: whether passages that overlap or touch become one quote.
        context: how many characters before and after a passage are given along.
    """

    codes: Iterable[str] | None
    only_codes: Iterable[str] | None
    code_set: str | None
    leaves: bool
    used_only: bool
    aggregate: bool
    values_from_sets: bool
    where: Iterable[str]
    only: Iterable[str] | None
    coders: Iterable[str] | None
    since: str | None
    until: str | None
    cells: Iterable[str]
    reference: str
    shorten: int | None
    order: Order
    merge: bool
    context: int


def framework_matrix(study: Study, *, rows: str | Iterable[str] | None = None, **choices: Unpack[Choices]) -> Matrix:
    """Make the framework matrix of a study: in each cell what was coded there, with where it comes from.

    Args:
        study: the study; keep it open meanwhile, its texts are read.
        rows: ``cases``, ``sources``, ``users``, the name of a variable for a row of each value, or several conditions
            such as ``Age>50`` for a row of each; by default cases, and sources where the study has no cases. A nameless
            case that only carries the values of a source is none; a recording and its transcript have one row.
        **choices: see ``Choices``; by default cells hold the quotes of every code.

    Returns:
        The matrix; its findings say what no row has room for.

    Raises:
        BadRequest: rows of cases were asked for, and there are none; or something else that does not fit together.
        NotInStudy: there is no such code, set, variable, coder, case or source.
    """
    with garbage_collection_paused():
        making = Making(study, rows if rows is None or isinstance(rows, str) else tuple(rows), choices)
        making.fill()
        return making.finished()


class Making:
    """A matrix in the making, with what is looked up again and again meanwhile."""

    def __init__(self, study: Study, rows: str | tuple[str, ...] | None, choices: Choices) -> None:
        wanted = _wanted(choices)
        self.look = look = Lookup(study, values_from_sets=choices.get("values_from_sets", False))
        self.wanted = wanted
        self.names = Names(look)
        self.rows = Rows(look, self.names, RowsWanted(rows, wanted.where, wanted.only))
        self._summaries: dict[CellKey, Summary] = summaries_of(study) if "summary" in wanted.holds else {}
        self._usage = Usage(look)
        codes_used = used(look, self._usage, (code for _, code in self._summaries))
        self.columns = Columns(look, wanted.columns, codes_used)
        self.filter = Filter(look, self.names, coders=wanted.coders, since=wanted.since, until=wanted.until)
        self.places = Places(look)
        self.quoting = Quoting(look, self.names, wanted.quotes)
        self.matrix = Matrix(
            name=look.project.name,
            row_kind=self.rows.kind,
            holds=wanted.holds,
            wording=wanted.wording,
            attributes=attributes_of(look.variables) if self.rows.has_attributes else [],
            columns=self.columns.columns,
            filters=[*self.rows.in_words(), *self.filter.in_words()],
            codebook=codebook_of(look, self._usage),
            cases=cases_of(look, self.names),
            case_attributes=attributes_of(look.variables),
        )
        self._figures = Figures(look, self.names, self.matrix.measures)
        self._values_from_sets = choices.get("values_from_sets", False)

    def fill(self) -> None:
        """Make rows and cells."""
        for group in self.rows.groups():
            self.matrix.rows.append(group.row)
            row = len(self.matrix.rows) - 1
            for column, references in self.columns.sorted_in(self.filter.of(group.references)):
                self.matrix.cells[row, column] = self.cell(
                    references, self.inside(column), group.sources, self._units(group, references)
                )
        self._add_summaries()
        add_percentages(self.matrix)

    def cell(
        self,
        references: Sequence[Reference],
        inside: Code | None,
        sources: Iterable[Codable],
        units: int,
    ) -> Cell:
        """Return the cell of some references.

        Args:
            references: what is in the cell.
            inside: the code of the column, where the codes inside it count as well.
            sources: those that the row is in.
            units: how many cases or sources they are of.
        """
        places = self.places.together(references)
        return Cell(
            quotes=self.quoting.quotes(places, inside) if "quotes" in self.wanted.holds else [],
            figures=self._figures.of(places, sources=sources, units=units) if self.matrix.measures else {},
            codings=tuple([each.coding.guid for each in references if each.coding is not None]),
        )

    def inside(self, column: int) -> Code | None:
        """Return the code of a column, where the codes inside it count as well."""
        return self.columns.codes[column] if self.matrix.columns[column].aggregates else None

    def refuse_summaries(self) -> None:
        """Refuse cells of summaries where rows and columns are not cases and codes.

        Raises:
            BadRequest: they were asked for.
        """
        if "summary" in self.wanted.holds:
            raise BadRequest("Summaries are of cases and codes; other matrices have none.", todo="Ask for quotes.")

    def finished(self) -> Matrix:
        """Return the matrix with all that was found."""
        self.matrix.findings = [
            *self.rows.findings(),
            *self._nothing_coded(),
            *self._outside(),
            *self.quoting.findings(),
            *self.filter.findings(),
            *_shortened(self.matrix),
            *([] if self._values_from_sets else _offered(self.look.study)),
        ]
        return self.matrix

    # --- cells --------------------------------------------------------------------------------------------------------

    def _units(self, group: Group, references: Sequence[Reference]) -> int:
        """Count the cases or sources of a row that have something in a cell."""
        if "cases" not in self.matrix.measures or len(group.units) < 2:
            return 1
        here = {id(each.coding) for each in references}
        return sum(any(id(each.coding) in here for each in unit.references) for unit in group.units)

    def _add_summaries(self) -> None:
        if not self._summaries:
            return
        rows = {same_guid(row.guid): number for number, row in enumerate(self.matrix.rows) if row.guid}
        columns = {same_guid(column.guid): number for number, column in enumerate(self.matrix.columns)}
        for (of, code), summary in self._summaries.items():
            if of in rows and code in columns:
                self.matrix.cells.setdefault((rows[of], columns[code]), Cell()).summary = summary
        self.matrix.cells = {place: self.matrix.cells[place] for place in sorted(self.matrix.cells)}

    # --- findings -----------------------------------------------------------------------------------------------------

    def _nothing_coded(self) -> list[Finding]:
        """Say that no coding is of the coders and dates that were asked for."""
        if self.filter.is_open or not self.matrix.rows or any(cell.codings for cell in self.matrix.cells.values()):
            return []
        if self.filter.findings():
            # That says why.
            return []
        return [
            Finding(
                "NOTHING-CODED",
                "warning",
                "Nothing was coded as was asked for, so no cell has a quote or a count.",
                where="; ".join(self.filter.in_words()),
                hint="Ask for other coders or dates.",
            )
        ]

    def _outside(self) -> list[Finding]:
        outside = self.columns.shown(self.filter.of(self.rows.outside()))
        found = []
        if outside:
            source = outside[0].source
            count = f"{len(outside):,}{self._of_all()}"
            found.append(
                Finding(
                    "OUTSIDE-CASES",
                    "warning",
                    f"{count} coded passages belong to no case and are in no row.",
                    where=self.names.sources[id(source)],
                    hint="Ask for a row for each source to see them, or code them to a case.",
                    kind="loss",
                    count=len(outside),
                )
            )
        return found + self._summaries_outside()

    def _of_all(self) -> str:
        """Return out of how many passages some are, unless a choice of coders or dates makes that a riddle."""
        if not self.filter.is_open:
            return ""
        everywhere = (each for each in self.look.references() if not self.look.is_case(each.code))
        return f" of {len(self.columns.shown(everywhere)):,}"

    def _summaries_outside(self) -> list[Finding]:
        """Say which summaries have no row, unless rows were left out on purpose."""
        if not self._summaries or self.rows.is_filtered:
            return []
        rows = {same_guid(row.guid) for row in self.matrix.rows}
        columns = {same_guid(column.guid) for column in self.matrix.columns}
        outside = [key for key in self._summaries if key[0] not in rows and key[1] in columns]
        if not outside:
            return []
        of = self.look.case(outside[0][0]) or self.look.source(outside[0][0])
        return [
            Finding(
                "SUMMARY-OUTSIDE",
                "warning",
                "Summaries of cases or sources that have no row are not shown.",
                where=(of.name or of.guid) if of is not None else "",
                hint="Ask for rows of cases, or of sources, whichever they were written for.",
                kind="loss",
                count=len(outside),
            )
        ]


# --- what is wanted --------------------------------------------------------------------------------------------------


class Wanted(Struct, frozen=True):
    """The choices, sorted by whom they concern."""

    columns: ColumnsWanted
    quotes: QuotesWanted
    wording: Wording
    holds: tuple[Content, ...]
    where: tuple[str, ...]
    only: tuple[str, ...] | None
    coders: tuple[str, ...] | None
    since: str | None
    until: str | None


def _wanted(choices: Choices) -> Wanted:
    for name in choices:
        if name not in Choices.__annotations__:
            raise TypeError(f"A matrix has no choice named {name!r}.")
    return Wanted(
        columns=ColumnsWanted(
            codes=_several(choices.get("codes")),
            only_codes=_several(choices.get("only_codes")),
            code_set=choices.get("code_set"),
            leaves=choices.get("leaves", False),
            used_only=choices.get("used_only", False),
            aggregate=choices.get("aggregate", False),
        ),
        quotes=QuotesWanted(choices.get("order", "position"), choices.get("merge", False), choices.get("context", 0)),
        wording=Wording(choices.get("reference", DEFAULT_REFERENCE), choices.get("shorten")),
        holds=contents(choices.get("cells", ("quotes",))),
        where=_several(choices.get("where")) or (),
        only=_several(choices.get("only")),
        coders=_several(choices.get("coders")),
        since=choices.get("since"),
        until=choices.get("until"),
    )


def contents(asked: Iterable[str]) -> tuple[Content, ...]:
    """Return what cells are to hold, each once.

    Raises:
        BadRequest: one of them is nothing that a cell can hold, or there are none.
    """
    found: dict[str, None] = {}
    for each in (asked,) if isinstance(asked, str) else asked:
        name = " %".join(each.strip().lower().split("%", 1)).replace("  ", " ").strip()
        if name not in CONTENTS:
            raise BadRequest(f"A cell cannot hold “{each.strip()}”.", todo=f"It can hold {', '.join(CONTENTS)}.")
        found[name] = None
    if not found:
        raise BadRequest("Cells that hold nothing make no matrix.", todo=f"They can hold {', '.join(CONTENTS)}.")
    return convert(tuple(found), tuple[Content, ...])


def _several(names: Iterable[str] | None) -> tuple[str, ...] | None:
    """Return names as a tuple; one alone may come as it is."""
    if names is None:
        return None
    return (names,) if isinstance(names, str) else tuple(names)


# --- findings --------------------------------------------------------------------------------------------------------


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


def _shortened(matrix: Matrix) -> list[Finding]:
    """Say how many quotes a cell does not show whole."""
    most = matrix.wording.shorten
    if most is None:
        return []
    quotes = [quote for cell in matrix.cells.values() for quote in cell.quotes]
    long = [quote for quote in quotes if len(quote.text.strip()) > most]
    if not long:
        return []
    return [
        Finding(
            "QUOTE-SHORTENED",
            "note",
            f"{len(long):,} of {len(quotes):,} quotes were shortened as asked; […] stands where words were left out.",
            where=long[0].source,
            hint="Ask for more characters, or do not shorten, to see them whole.",
            count=len(long),
        )
    ]
