"""Values of attributes: which type an attribute has, and each of its values as that.

A type other than text is given only where every value is of it and can be written back as it stood: ``007`` stays text.
Source: REFI-QDA 1.5, section 13.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from itertools import chain

from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet.building.guids import made
from qdabridge.formats.spreadsheet.pieces import CaseRow, SourceRow
from qdabridge.formats.spreadsheet.sheets import Cell, text_of
from qdabridge.study.model import Variable, VariableRef, VariableValue
from qdabridge.study.values import fits

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUE = {"true": True, "false": False}


class Attributes:
    """The attributes of cases and sources, with their types.

    Args:
        names: those that are named, in order; others that rows have a value of come after them.
        rows: all rows that have values.
        found: takes what is odd about them.
    """

    def __init__(self, names: Iterable[str], rows: Iterable[CaseRow | SourceRow], found: Findings) -> None:
        columns: dict[str, list[Cell]] = {name: [] for name in names}
        for name, cell in chain.from_iterable(row.values.items() for row in rows):
            column = columns.setdefault(name, [])
            if not _is_empty(cell):
                column.append(cell)
        self.variables = [
            Variable(guid=made("variable", name), name=name, type_of_variable=_type_of(cells))
            for name, cells in columns.items()
        ]
        self._types = {variable.name: variable.type_of_variable for variable in self.variables}
        for name, cells in columns.items():
            if self._types[name] == "Text" and any(isinstance(cell, date) for cell in cells):
                found.add(
                    Finding(
                        "TABLE-DATES-AMONG-VALUES",
                        "warning",
                        "An attribute has dates among other values; Excel may have made them, as of “1-5”.",
                        name,
                        "Look at the column, and write such values as text, with an apostrophe before them.",
                    )
                )

    def of(self, row: CaseRow | SourceRow) -> tuple[VariableValue, ...]:
        """Return the values of a row."""
        return tuple(self._value(name, cell) for name, cell in row.values.items() if not _is_empty(cell))

    def _value(self, name: str, cell: Cell) -> VariableValue:
        value = VariableValue(variable_ref=VariableRef(target_guid=made("variable", name)))
        written = text_of(cell).strip()
        match self._types[name]:
            case "Boolean":
                value.boolean_value = _TRUE[written.lower()]
            case "Integer":
                value.integer_value = int(written)
            case "Float":
                value.float_value = written
            case "Date":
                value.date_value = written
            case "DateTime":
                value.date_time_value = cell.isoformat() if isinstance(cell, datetime) else f"{written}T00:00:00"
            case _:
                value.text_value = text_of(cell)
        return value


def _type_of(cells: list[Cell]) -> str:
    kinds = {_kind(cell) for cell in cells}
    if not kinds:
        return "Text"
    for mixture, kind in (({"Integer", "Float"}, "Float"), ({"Date", "DateTime"}, "DateTime")):
        if kinds == mixture:
            return kind
    return kinds.pop() if len(kinds) == 1 else "Text"


def _kind(cell: Cell) -> str:
    written = text_of(cell).strip()
    if isinstance(cell, datetime) and len(written) > len("2024-03-01"):
        return "DateTime"
    if written.lower() in _TRUE:
        return "Boolean"
    if _INTEGER.fullmatch(written):
        return "Integer"
    if _FLOAT.fullmatch(written):
        return "Float"
    if _DAY.fullmatch(written) and fits("Date", written):
        return "Date"
    return "Text"


def _is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
