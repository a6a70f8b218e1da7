"""A matrix as a frame of pandas or polars: numbers stay numbers, and no two columns have one name."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qdabridge.errors import BadRequest
from qdabridge.matrix import Attribute, Cell, Column, Matrix, Quote, Row

MATRIX = Matrix(
    name="Waiting",
    row_kind="cases",
    holds=("quotes", "count"),
    attributes=[Attribute("1", "Age", "Integer"), Attribute("2", "Score", "Float"), Attribute("3", "Age", "Text")],
    columns=[Column("a", ("Access", "Waiting"), None, "t", None), Column("b", ("Trust",), None, "b", None)],
    rows=[Row("A", "Ana", (42, Decimal("1.5"), date(2024, 5, 2))), Row("B", "Ben", (None, None, "spring"))],
    cells={(0, 0): Cell([Quote("No.", "T", "l. 1")], figures={"count": 1})},
)
NAMES = ["Age", "Score", "Age (2)", "Access \\ Waiting", "Access \\ Waiting: references", "Trust", "Trust: references"]


def test_a_pandas_frame_has_the_rows_names_as_its_index() -> None:
    pytest.importorskip("pandas")
    frame = MATRIX.to_pandas()
    assert list(frame.columns) == NAMES
    assert (frame.index.name, list(frame.index)) == ("Case", ["Ana", "Ben"])
    assert frame["Access \\ Waiting: references"].sum() == 1
    assert frame["Access \\ Waiting"].isna().tolist() == [False, True]
    assert frame["Score"].dtype == float


def test_a_polars_frame_has_the_rows_names_as_its_first_column() -> None:
    pytest.importorskip("polars")
    frame = MATRIX.to_polars()
    assert frame.columns == ["Case", *NAMES]
    assert frame["Age"].to_list() == [42, None]
    assert frame["Age (2)"].to_list() == ["2024-05-02", "spring"]
    assert frame["Trust: references"].sum() == 0


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_library_that_is_not_installed_is_named_with_what_to_do(monkeypatch: Any, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(BadRequest, match=rf"pip install 'qdabridge\[{library}\]'"):
        getattr(MATRIX, f"to_{library}")()
