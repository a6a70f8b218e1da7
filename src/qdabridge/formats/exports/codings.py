"""Every coded reference as a row, or every coded passage as a row with a 0/1 column for each code.

Rows are made source by source and given on at once; they are never all in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from qdabridge.findings import Finding
from qdabridge.formats.exports.codings_losses import said_of_codings
from qdabridge.formats.exports.table_file import Row, check_ending, each_once, write_table
from qdabridge.formats.tables.presenting import Shown
from qdabridge.matrix.filters import date_of
from qdabridge.matrix.names import Names, values_in_order
from qdabridge.matrix.places import Place
from qdabridge.matrix.quoting import QuotesWanted, Quoting
from qdabridge.study.lookup import Lookup
from qdabridge.study.passages import Reference
from qdabridge.study.study import Study

ENDINGS = (".csv", ".xlsx", ".jsonl", ".parquet")
COLUMNS = ("case", "source", "theme", "code", "coder", "date", "start", "end", "line", "text", "memo")
_PRESENCE_COLUMNS = tuple(each for each in COLUMNS if each not in ("theme", "code"))
_COUNT = "codes"
_NO_PLACE = (0, 0, 0, 0)


def write_codings(study: Study, path: Path, *, presence: bool = False, overwrite: bool = False) -> list[Finding]:
    """Write what is coded. Positions are code points from 0, milliseconds in recordings; the end is exclusive.

    Args:
        study: whose codings; keep it open.
        path: the target; .csv, .xlsx, .jsonl, or .parquet where polars is installed.
        presence: a row for each passage and coder with 0 or 1 for each code, and before these how many are 1, instead
            of a row for each reference.
        overwrite: whether an existing target may be replaced.

    Returns:
        What the table does not hold of the study, and what was changed to stand in it.

    Raises:
        BadRequest: the path has another ending, or a sheet has no room for so many rows.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    check_ending(path, ENDINGS)
    rows = _Rows(Lookup(study))
    headings = rows.presence_headings() if presence else rows.headings()
    made = rows.by_passage() if presence else rows.by_reference()
    told = write_table(path, "Codings", headings, made, overwrite=overwrite)
    return [*told, *rows.findings()]


class _Rows:
    """Makes the rows; remembers only which cases each coding belongs to."""

    def __init__(self, look: Lookup) -> None:
        self._look = look
        self._quoting = Quoting(look, Names(look), QuotesWanted())
        names = Names(look)
        self._cases = [names.of_case(case, number) for number, case in enumerate(look.cases, 1)]
        self._values = [values_in_order(look, case) for case in look.cases]
        self._belongs: dict[int, tuple[int, ...]] = {}
        self._with_row: set[int] = set()
        for number, case in enumerate(look.cases):
            for reference in look.references_of(case):
                if reference.coding is not None:
                    key = id(reference.coding)
                    self._belongs[key] = (*self._belongs.get(key, ()), number)

    def headings(self) -> list[str]:
        return each_once([*COLUMNS, *(each.name for each in self._look.variables)])

    def presence_headings(self) -> list[str]:
        """Return the headings. The count stands before the codes, so that they can be told from the attributes."""
        fixed, attributes = (*_PRESENCE_COLUMNS, _COUNT), [each.name for each in self._look.variables]
        names = each_once([*fixed, *attributes, *map(self._look.path_of, self._look.themes)])
        behind = len(fixed) + len(attributes)
        return [*_PRESENCE_COLUMNS, *names[len(fixed) : behind], _COUNT, *names[behind:]]

    def findings(self) -> list[Finding]:
        """Return what the rows, once they are made, do not hold."""
        return [*self._quoting.findings(), *said_of_codings(self._look, self._with_row, self._cases)]

    def by_reference(self) -> Iterator[Row]:
        look = self._look
        for passage in self._passages():
            by_code: dict[int, list[Reference]] = {}
            for reference in passage:
                by_code.setdefault(id(reference.code), []).append(reference)
            for group in by_code.values():
                case, source, rest = self._common(group)
                path = look.names_to(group[0].code)
                self._with_row.add(id(group[0].code))
                yield (case, source, path[0], look.path_of(group[0].code), *rest)
        for number, case_ in enumerate(look.cases):
            for reference in look.references_of(case_):
                if reference.coding is None:
                    path, empty = look.names_to(reference.code), (None,) * 7
                    self._with_row |= {id(case_), id(reference.code)}
                    yield (
                        self._cases[number], None, path[0], look.path_of(reference.code), *empty, *self._values[number]
                    )  # fmt: skip

    def by_passage(self) -> Iterator[Row]:
        self._with_row.update(map(id, self._look.themes))
        for passage in self._passages():
            case, source, rest = self._common(passage)
            yield (case, source, *rest, *self._flags(passage))
        for number, case_ in enumerate(self._look.cases):
            whole = [each for each in self._look.references_of(case_) if each.coding is None]
            if whole:
                self._with_row.add(id(case_))
                yield (self._cases[number], None, *(None,) * 7, *self._values[number], *self._flags(whole))

    def _flags(self, references: list[Reference]) -> Iterator[int]:
        """Give how many codes there are, and then for each code of the study whether it is among them."""
        codes = {id(each.code) for each in references}
        yield len(codes)
        yield from (int(id(code) in codes) for code in self._look.themes)

    def _passages(self) -> Iterator[list[Reference]]:
        """Give what one person coded at one place, source by source."""
        look = self._look
        for _, group in groupby(look.references(), lambda each: id(each.source)):
            together: dict[tuple[int, int], list[Reference]] = {}
            for reference in group:
                if not look.is_case(reference.code):
                    key = id(look.lead_of(reference)), id(reference.user)
                    together.setdefault(key, []).append(reference)
            yield from together.values()

    def _common(self, group: list[Reference]) -> tuple[Shown, Shown, Row]:
        """Return the case, the source, and all that comes after the codes."""
        first = group[0]
        quote = self._quoting.quotes([Place(_NO_PLACE, group)])[0]
        spans = (self._look.span_of(each) or self._look.time_of(each) for each in group)
        start, end = next((span for span in spans if span is not None), (None, None))
        numbers = list(dict.fromkeys(n for each in group for n in self._belongs.get(id(each.coding), ())))
        self._with_row |= {id(first.source), *(id(self._look.cases[number]) for number in numbers)}
        return (
            "; ".join(self._cases[number] for number in numbers),
            quote.source,
            (
                (first.user.name or first.user.id or first.user.guid) if first.user is not None else None,
                date_of(first),
                start,
                end,
                quote.lines[0] if quote.lines is not None else None,
                quote.text,
                quote.memo,
                *self._attributes(numbers),
            ),
        )

    def _attributes(self, numbers: list[int]) -> tuple[Shown, ...]:
        """The values of the cases; those of several cases as text."""
        if len(numbers) == 1:
            return self._values[numbers[0]]
        several = zip(*(self._values[number] for number in numbers), strict=True) if numbers else ()
        joined = tuple("; ".join(dict.fromkeys(str(each) for each in values if each is not None)) for values in several)
        return joined or (None,) * len(self._look.variables)
