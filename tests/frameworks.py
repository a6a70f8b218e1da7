"""A small study with summaries, its workbook, and what teams do to workbooks, in a few words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from interviews import NERYS, case, code, coded, study, text
from qdabridge.formats.spreadsheet import hidden_ids
from qdabridge.matrix import framework_matrix
from qdabridge.study.model import Case, Code
from qdabridge.study.study import Study
from qdabridge.study.summaries import summaries_of
from qdabridge.study.summary_writing import chart

WAITING = code("Waiting times")
TRAVEL = code("Travel")
TRUST = code("Trust")
ANA_TALK = text(
    "Ana, first talk", "I waited 😀 long.\nThe bus never came.", coded(2, 8, WAITING), coded(17, 24, TRAVEL)
)
BEA_TALK = text("Bea, first talk", "I trust them.", coded(2, 7, TRUST))
ANA, BEA = case("Ana", ANA_TALK), case("Bea", BEA_TALK)
WHEN = "2024-09-11T09:40:00Z"
LONG_WAIT = "Waited long; 😀 in the end."


def clinic(**more: Any) -> Study:
    return study(ANA_TALK, BEA_TALK, codes=[code("Access", WAITING, TRAVEL), TRUST], cases=[ANA, BEA], **more)


def saying(*summaries: tuple[Case, Code, str], into: Study | None = None) -> Study:
    """A study, the clinic where none is given, in which something is said of some cases and codes."""
    changes = {(of.guid, under.guid): words for of, under, words in summaries}
    return chart(into or clinic(), changes, by=NERYS, when=WHEN)


def said(of: Study) -> dict[tuple[str, str], str]:
    """What a study says: (case, code) → summary, by names."""
    names = {each.guid: each.name or "" for each in (ANA, BEA, WAITING, TRAVEL, TRUST, ANA_TALK, BEA_TALK)}
    return {(names[row], names[under]): summary.text for (row, under), summary in summaries_of(of).items()}


def export(of: Study, path: Path, *, cells: tuple[str, ...] = ("summary", "quotes"), **choices: Any) -> Path:
    """Write the workbook of a study in two sheets, all of it and the first theme."""
    matrix = framework_matrix(of, cells=cells, **choices)
    book = Workbook()
    book.remove(book.active)
    themes = {"Framework (all)": matrix.fields(), "Access": matrix.fields()[:3]}
    for name, fields in themes.items():
        sheet = book.create_sheet(name)
        sheet.append(hidden_ids.column_ids(matrix, fields))
        sheet.append([None, None, *(matrix.columns[field.column].theme for field in fields)])
        sheet.append([hidden_ids.ID_HEADING, "Case", *(field.heading for field in fields)])
        for number, row in enumerate(matrix.rows):
            sheet.append([row.guid, row.label, *(cell_text(matrix, number, field) for field in fields)])
    hidden = book.create_sheet(hidden_ids.HIDDEN_SHEET)
    hidden.sheet_state = "veryHidden"
    for values in hidden_ids.hidden_rows(matrix, themes):
        hidden.append(values)
    book.save(path)
    return path


def cell_text(matrix: Any, row: int, field: Any) -> str | None:
    cell = matrix.cells.get((row, field.column))
    if cell is None:
        return None
    room = hidden_ids.ROOM_FOR_A_SUMMARY.text if cell.quotes and not (cell.summary and cell.summary.text) else ""
    return room + matrix.text_of(row, cell)


@contextmanager
def opened(path: Path) -> Iterator[Workbook]:
    """A workbook that is saved when the block ends."""
    book = load_workbook(path, rich_text=False)
    yield book
    book.save(path)


def cell(sheet: Any, of: str, under: str) -> Any:
    """The cell of a case and a code by what stands beside and over it, wherever that is now."""
    column = next(each.column for each in heading_row(sheet) if each.value == under)
    row = next(each.row for line in sheet.iter_rows() for each in line if each.value == of)
    return sheet.cell(row, column)


def heading_row(sheet: Any) -> Any:
    """The row of the codes' names; themes, which stand above it, may be called the same."""
    return [
        line
        for line in sheet.iter_rows(max_row=min(6, sheet.max_row))
        if any(each.value in ("Waiting times", "Travel", "Trust") for each in line)
    ][-1]
