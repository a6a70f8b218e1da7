"""All layouts together: none takes the tables of another, and none stumbles over tables of strangers."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.layouts.make import SPECIMENS, specimens
from qdabridge.errors import CannotRead, QdabridgeError
from qdabridge.formats.spreadsheet.layouts import Layout, layouts, recognised
from qdabridge.formats.spreadsheet.sheets import Sheet, TableFile, open_table, trimmed
from qdabridge.formats.spreadsheet.study_from_table import study_from_table
from tables import table
from tablespecimens import opened

ALL = list(layouts().values())
CLEARLY = 0.05
WHEN = "2024-09-11T09:40:00Z"

each_layout = pytest.mark.parametrize("layout", ALL, ids=lambda layout: layout.name)
quickly = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_each_layout_has_a_specimen() -> None:
    assert {name.split(".")[0] for name in SPECIMENS} == set(layouts()) - {"plain-matrix"}


def test_the_same_bytes_come_each_time() -> None:
    assert specimens() == specimens()


@pytest.mark.parametrize("name", SPECIMENS)
def test_each_specimen_is_known_as_its_own_layout_and_clearly_as_no_other(name: str, tmp_path: Path) -> None:
    file = opened(name, tmp_path)
    own = name.split(".")[0]
    scores = {layout.name: layout.recognises(file).score for layout in ALL}
    assert recognised(file)[0].name == own
    assert {other for other, score in scores.items() if score > scores[own] - CLEARLY} == {own}


@pytest.mark.parametrize("name", SPECIMENS)
def test_each_specimen_is_read_as_any_other_layout_or_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    file = opened(name, tmp_path)
    for layout in ALL:
        try:
            layout.read(file)
        except CannotRead as refused:
            assert refused.what


# --- tables of strangers ---------------------------------------------------------------------------------------------

_WORDS = sorted(
    {
        text
        for name, made in specimens().items()
        if name.endswith(".csv") and b"\0" not in made
        for row in list(csv.reader(io.StringIO(made.decode("utf-8", "replace"))))[:3]
        for cell in row
        for text in cell.split(";")
        if 0 < len(text) < 60
    }
    | {"Code", "Memo", "tag", "id", "Access>>Costs", "● Access\nGr=3", "GS=1", "A : Access", "1 : Ana", "¶ 4", "1:2"}
    | {"Totals", "Number of Codes", "Code Group 1", "Color", "Segment", "Excerpt Copy", "Code: Access Applied", "Kappa"}
    | {"<Files\\\\Ana> - § 1 reference coded [1.00% Coverage]", "Reference 1 - 1.00% Coverage", "Name\\\\Other\\Third"}
)
_CELLS: st.SearchStrategy[Any] = (
    st.sampled_from(_WORDS)
    | st.text(max_size=12)
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.sampled_from(
        ["", " ", "\n", "\ufeff", "\u200b", "_x000D_\n", "😀", "a\u0301", "x" * 4_000, "0" * 30, "²", "٣", "1e999"]
    )
)
_ROWS = st.lists(st.lists(_CELLS, max_size=8).map(trimmed), max_size=12)
_MERGED = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 3), st.integers(0, 3)).map(
        lambda at: (at[0], at[1], at[0] + at[2], at[1] + at[3])
    ),
    max_size=2,
)
_SHEETS = st.lists(
    st.builds(
        lambda name, rows, merged: Sheet(name, rows, tuple(merged)),
        st.sampled_from(["", "Sheet1", "Codebook", "Code Co-occurrence Table", "highlights"]) | st.text(max_size=5),
        _ROWS,
        _MERGED,
    ),
    max_size=3,
)
_TEXTS = st.lists(st.sampled_from(_WORDS) | st.text(max_size=20), max_size=12)


def file_of(sheets: list[Sheet], lines: list[str], kind: str, ending: str) -> TableFile:
    return TableFile(Path(f"strange{ending}"), kind, sheets, lines, [""] * len(lines))


_FILES = st.builds(
    file_of,
    _SHEETS,
    _TEXTS,
    st.sampled_from(["workbook", "text", "document"]),
    st.sampled_from([".xlsx", ".csv", ".txt", ".docx"]),
)


def read_and_made(layout: Layout, file: TableFile) -> None:
    """Recognise a file, read it whatever that said, and make a study of what was read."""
    seen = layout.recognises(file)
    assert 0 <= seen.score <= 1
    assert seen.saw or not seen.score
    try:
        study = study_from_table(layout.read(file), "strange", when=WHEN)
    except QdabridgeError as refused:
        assert str(refused)
        return
    study.close()


@each_layout
@quickly
@given(file=_FILES)
def test_whatever_stands_in_a_table_nothing_but_a_sentence_is_raised(layout: Layout, file: TableFile) -> None:
    read_and_made(layout, file)


@each_layout
@quickly
@given(data=st.data())
def test_a_specimen_with_cells_changed_raises_nothing_but_a_sentence(layout: Layout, data: st.DataObject) -> None:
    of_layout = [name for name in _OPENED if name.startswith(f"{layout.name}.")] or list(_OPENED)
    file = _OPENED[data.draw(st.sampled_from(of_layout))]
    sheets = []
    for sheet in file.sheets:
        rows = [list(row) for row in sheet.rows[:30]]
        for _ in range(data.draw(st.integers(1, 6)) if rows else 0):
            row = data.draw(st.integers(0, len(rows) - 1))
            if rows[row]:
                rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(_CELLS)
        if rows and data.draw(st.booleans()):
            del rows[data.draw(st.integers(0, len(rows) - 1))]
        sheets.append(Sheet(sheet.name, [trimmed(row) for row in rows], sheet.merged))
    read_and_made(layout, TableFile(file.path, file.kind, sheets, file.lines[:30], file.styles[:30]))


@each_layout
def test_rows_that_end_before_the_columns_of_their_headings_raise_nothing_but_a_sentence(layout: Layout) -> None:
    for file in _OPENED.values():
        for width in range(9):
            sheets = [
                Sheet(
                    sheet.name,
                    [row if at < 3 else trimmed(list(row[:width])) for at, row in enumerate(sheet.rows[:12])],
                )
                for sheet in file.sheets
            ]
            read_and_made(layout, TableFile(file.path, file.kind, sheets, file.lines[:12], file.styles[:12]))


@each_layout
@quickly
@given(data=st.data())
def test_the_headings_of_one_table_over_the_rows_of_another_raise_nothing_but_a_sentence(
    layout: Layout, data: st.DataObject
) -> None:
    """As somebody makes them who pastes."""
    above, below = (_OPENED[data.draw(st.sampled_from(list(_OPENED)))] for _ in range(2))
    if not above.sheets or not below.sheets:
        return
    count, from_row = data.draw(st.integers(0, 5)), data.draw(st.integers(0, 5))
    rows = [*above.sheets[0].rows[:count], *below.sheets[0].rows[from_row : from_row + 20]]
    from_column = data.draw(st.integers(0, 3))
    shifted = [*rows[:count], *(trimmed(list(row[from_column:])) for row in rows[count:])]
    sheet = Sheet(above.sheets[0].name, shifted)
    read_and_made(layout, TableFile(above.path, above.kind, [sheet], above.lines[:12], above.styles[:12]))


@quickly
@given(file=_FILES)
def test_what_a_strange_table_is_or_is_not_is_told_in_a_sentence(file: TableFile) -> None:
    try:
        layout, seen = recognised(file)
    except QdabridgeError as refused:
        assert str(refused)
        return
    assert seen.saw
    assert layout in ALL


@pytest.fixture(scope="module", autouse=True)
def _specimens(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("specimens")
    for name, content in specimens().items():
        (folder / name).write_bytes(content)
        _OPENED[name] = open_table(folder / name)


_OPENED: dict[str, TableFile] = {}


@each_layout
def test_wide_and_long_tables_are_answered_at_once(layout: Layout) -> None:
    for file in (
        table([["word"] * 16_384] * 3),
        table([["a word", "b, c; d"]] * 20_000),
        table([["1 : a"] * 40] * 400),
    ):
        layout.recognises(file)
