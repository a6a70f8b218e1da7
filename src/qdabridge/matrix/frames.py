"""A matrix as a frame of pandas or polars: a row for each row, a column for each column on paper.

Columns are named in full, ``Access \\ Waiting times``, so that no two have one name; numbers stay numbers, and what is
empty is missing. Neither library is needed unless it is asked for.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from qdabridge.errors import BadRequest
from qdabridge.matrix.grid import MEASURE_HEADINGS, ROW_HEADINGS, Matrix
from qdabridge.study.lookup import PATH_SEPARATOR

if TYPE_CHECKING:
    import pandas
    import polars

_Held: TypeAlias = bool | int | float | date | datetime | str | None


def to_pandas(matrix: Matrix) -> pandas.DataFrame:
    """Return a matrix as a pandas frame whose index is the names of the rows.

    Raises:
        BadRequest: pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise _missing("pandas") from error
    first, *others = _named_columns(matrix)
    return pandas.DataFrame(dict(others), index=pandas.Index(first[1], name=first[0]))


def to_polars(matrix: Matrix) -> polars.DataFrame:
    """Return a matrix as a polars frame whose first column is the names of the rows.

    Raises:
        BadRequest: polars is not installed.
    """
    try:
        import polars
    except ImportError as error:
        raise _missing("polars") from error
    return polars.DataFrame(
        {name: polars.Series(name, _of_one_kind(values)) for name, values in _named_columns(matrix)}
    )


def _missing(library: str) -> BadRequest:
    return BadRequest(f"A frame needs {library}, which is not installed.", todo=f"pip install 'qdabridge[{library}]'")


def _named_columns(matrix: Matrix) -> list[tuple[str, list[_Held]]]:
    """Return the columns with names of which no two are the same."""
    names = [ROW_HEADINGS[matrix.row_kind], *(attribute.name for attribute in matrix.attributes)]
    fields = matrix.fields()
    for field in fields:
        path = PATH_SEPARATOR.join(matrix.columns[field.column].path)
        several = len(fields) > len(matrix.columns) and field.measure is not None
        names.append(f"{path}: {MEASURE_HEADINGS[field.measure].lower()}" if several and field.measure else path)
    rows = range(len(matrix.rows))
    columns: list[list[_Held]] = [[row.label for row in matrix.rows]]
    columns += [[_plain(row.attributes[at]) for row in matrix.rows] for at in range(len(matrix.attributes))]
    columns += [[_plain(matrix.value(row, field)) for row in rows] for field in fields]
    return list(zip(_told_apart(names), columns, strict=True))


def _plain(value: _Held | Decimal) -> _Held:
    return float(value) if isinstance(value, Decimal) else value


def _of_one_kind(values: list[_Held]) -> list[_Held]:
    """Return values that a column of one type can hold: as they are, as numbers, or else as text."""
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) < 2:
        return values
    if kinds <= {int, float}:
        return [float(value) if isinstance(value, int) else value for value in values]
    return [str(value) if value is not None else None for value in values]


def _told_apart(names: list[str]) -> list[str]:
    """Return the names, with a number behind those that others have already."""
    taken: set[str] = set()
    found: list[str] = []
    for name in names:
        unique, number = name, 2
        while unique in taken:
            unique, number = f"{name} ({number})", number + 1
        taken.add(unique)
        found.append(unique)
    return found
