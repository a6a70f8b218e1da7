"""What a framework workbook carries unseen, so that each cell finds its case and code again wherever people moved it.

On every framework sheet the first row and the first column are hidden. Column A holds the GUID of each row's case; row
1 holds the GUID of each column's code, and ``-`` over columns of ours that are no code. A1, where the two meet, says
that this is a framework sheet. The sheet ``_qdabridge`` says what cells hold, and which summaries stood there when the
workbook was made, or last charted. Writer and reader both ask here; how sheets are written and read is not known here.

Where cells hold summaries and quotes, the quotes stand below a line. A cell that holds quotes only begins with that
line (``ROOM_FOR_A_SUMMARY``), because whatever stands in a cell without the line is taken for a summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from msgspec import Struct

from qdabridge.formats.spreadsheet.cell_text import presentable
from qdabridge.matrix.charting import Record
from qdabridge.matrix.grid import QUOTES_LINE, Field, Matrix, Piece
from qdabridge.study.model import same_guid
from qdabridge.study.summaries import CellKey

HIDDEN_SHEET = "_qdabridge"
"""The name of the sheet that is never shown (its state is ``veryHidden``)."""

MARK = "qdabridge framework matrix"
"""What stands in A1 of a framework sheet."""

NO_CODE = "-"
"""What stands in the hidden row over columns of ours that are no code: labels, attributes, figures."""

ID_HEADING = "id"
"""What stands over the hidden column in the last heading row, for a column without a heading cannot be filtered."""

ROOM_FOR_A_SUMMARY = Piece("line", f"{QUOTES_LINE}\n")
"""What a cell begins with that holds quotes and no summary, where cells may hold summaries."""

VERSION = "1"


class HiddenSheet(Struct, frozen=True):
    """What the hidden sheet says.

    Args:
        version: of this layout.
        study: the name of the study.
        sheets: the names that the framework sheets had.
        holds: what cells hold, such as ``summary`` and ``quotes``.
        record: what study and workbook said of each cell when they last met; cells of which neither said anything
            have none.
    """

    version: str
    study: str
    sheets: tuple[str, ...]
    holds: tuple[str, ...]
    record: dict[CellKey, Record]

    def rows(self) -> Iterator[list[str]]:
        """Give the rows of the sheet."""
        yield [MARK, self.version]
        yield ["study", self.study]
        yield ["sheets", *self.sheets]
        yield ["holds", *self.holds]
        for key, record in self.record.items():
            # In one cell: a matrix may have a hundred thousand of these, and cells are what takes time.
            yield [" ".join(["summary", *key, record.study, *(f"{said}*{n}" for said, n in record.stale.items())])]


def column_ids(matrix: Matrix, fields: Iterable[Field]) -> list[str]:
    """Return the hidden first row of a framework sheet: over ids, labels, attributes, and then over each field."""
    before = [MARK, NO_CODE, *(NO_CODE for _ in matrix.attributes)]
    return before + [
        matrix.columns[field.column].guid if field.measure is None and matrix.holds_summaries else NO_CODE
        for field in fields
    ]


def hidden_rows(matrix: Matrix, sheets: Iterable[str]) -> Iterator[list[str]]:
    """Give the rows of the hidden sheet; ``sheets`` are the names of the framework sheets."""
    editable = matrix.holds_summaries
    record = {
        (matrix.rows[row].guid, matrix.columns[column].guid): Record(fingerprint(cell.summary.text))
        for (row, column), cell in matrix.cells.items()
        if editable and cell.summary is not None
    }
    holds = tuple(each for each in matrix.holds if editable or each != "summary")
    yield from HiddenSheet(VERSION, matrix.name, tuple(sheets), holds, record).rows()


def hidden_sheet(rows: Iterable[Sequence[str]]) -> HiddenSheet | None:
    """Return what the rows of the hidden sheet say, passing over what is unknown; ``None`` where it is not ours."""
    version, study = "", ""
    sheets: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    record: dict[CellKey, Record] = {}
    for row in rows:
        match [each for each in row if each]:
            case [said] if said.startswith("summary "):
                _, of, code, in_study, *stale = said.split(" ")
                places = {print_: int(count) for print_, _, count in (each.partition("*") for each in stale)}
                record[same_guid(of), same_guid(code)] = Record(in_study, places)
            case [key, said, *_] if key == MARK:
                version = said
            case ["study", said, *_]:
                study = said
            case ["sheets", *named]:
                sheets = tuple(named)
            case ["holds", *contents]:
                holds = tuple(contents)
    return HiddenSheet(version, study, sheets, holds, record) if version else None


def fingerprint(text: str) -> str:
    """Return the same for texts that a cell cannot tell apart, and otherwise something else."""
    return sha256(normal_form(text).encode()).hexdigest()


def normal_form(text: str) -> str:
    """Return a summary as it is after having been in a cell: one kind of line end, no white space around it."""
    return presentable(text)[0].strip()
