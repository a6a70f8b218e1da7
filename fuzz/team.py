"""A small study that two people coded, and the workbooks that go out to its team: a matrix to write summaries in, and
the list for the meeting. What comes back in changed workbooks is judged against this study.
"""

from __future__ import annotations

import io
import tempfile
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import qdabridge as qda
from qdabridge.coders.agreement import DoubleCoding
from qdabridge.coders.agreement.workbook import write_workbook
from qdabridge.formats.spreadsheet.matrix_workbook import write_matrix
from qdabridge.formats.spreadsheet.meeting_sheet import FIRST_ROW, MEETING_SHEET
from qdabridge.study.model import (
    Case,
    Code,
    CodeBook,
    CodeRef,
    Coding,
    PlainTextSelection,
    Project,
    SourceRef,
    TextSource,
    User,
    Variable,
    VariableRef,
    VariableValue,
)
from qdabridge.study.study import Study
from qdabridge.study.summary_writing import chart

_WHEN = "2024-09-11T09:40:00Z"
_DECISIONS = ("NS", "LT", "both", "neither", "", "3-20", "I waited – months")


@cache
def team_study() -> Study:
    """Return the study: two interviews, three codes of which one is inside another, and a summary."""
    nerys, lotte = _user("Nerys Stanway", "NS"), _user("Lotte Teixeira", "LT")
    wait, fear, help_ = _code("Waiting"), _code("Fear 😨"), _code("Help")
    wait.codes.append(fear)
    ana = _text("Ana", "I waited for months. Nobody rang 😀 me.\nThen my sister\tcame, and it was better.")
    ben = _text("Ben", "They were kind.\n\nI was afraid all the same; I waited, too.")
    _mark(ana, 2, 19, (wait, nerys), (wait, lotte))
    _mark(ana, 21, 37, (fear, nerys))
    _mark(ana, 47, 76, (help_, nerys), (help_, lotte))
    _mark(ben, 5, 14, (help_, lotte))
    _mark(ben, 17, 40, (fear, nerys), (fear, lotte), (wait, lotte))
    age = Variable(guid=_guid("age"), name="Age", type_of_variable="Integer")
    study = Study(
        Project(
            name="Waiting for care",
            users=[nerys, lotte],
            code_book=CodeBook(codes=[wait, help_]),
            variables=[age],
            cases=[
                Case(
                    guid=_guid(f"case {each.name}"),
                    name=each.name,
                    variable_values=(
                        VariableValue(variable_ref=VariableRef(target_guid=age.guid), integer_value=30 + number),
                    ),
                    source_refs=(SourceRef(target_guid=each.guid),),
                )
                for number, each in enumerate((ana, ben))
            ],
            sources=[ana, ben],
        )
    )
    cell = qda.model.same_guid(_guid("case Ana")), qda.model.same_guid(wait.guid)
    return chart(study, {cell: "Waited for months.\nNobody rang."}, by=nerys, when=_WHEN)


def workbooks() -> dict[str, bytes]:
    """Return the workbooks of the study, by the names of their files."""
    with tempfile.TemporaryDirectory() as inside:
        matrix, plain, meeting = (Path(inside) / f"{name}.xlsx" for name in ("matrix", "plain", "meeting"))
        write_matrix(qda.framework_matrix(team_study(), cells=["summary", "quotes"]), matrix)
        write_matrix(qda.framework_matrix(team_study(), cells=["summary"]), plain)
        coded = DoubleCoding(team_study(), draws=0, single_sources=True)
        write_workbook(coded.agreement(), coded.disagreements(), meeting, title="Waiting for care")
        return {
            "team-matrix.xlsx": matrix.read_bytes(),
            "team-matrix-by-hand.xlsx": _by_hand(),
            "team-summaries.xlsx": plain.read_bytes(),
            "team-meeting.xlsx": meeting.read_bytes(),
            "team-decided.xlsx": _decided(meeting),
        }


def tables() -> dict[str, bytes]:
    """Return tables that nobody but people made: a matrix of quotes, as text in several ways."""
    rows = [["Participant", "Age", "Waiting", "Fear", "Help"],
            ["Ana", "30", "I waited for months.\nNobody rang", "", "my sister came [Ana, l. 2]"],
            ["Ben", "31.5", "“waited, too”", "I was afraid; …", "They were kind."]]  # fmt: skip
    quoted = [["".join(('"', cell.replace('"', '""'), '"')) for cell in row] for row in rows]
    return {
        "hand.csv": "\r\n".join(",".join(row) for row in quoted).encode(),
        "hand-semicolons.csv": "\n".join(";".join(row) for row in quoted).encode("cp1252"),
        "hand-tabs.csv": ("\ufeff" + "\n".join("\t".join(row) for row in quoted)).encode("utf-16-le"),
    }


def _by_hand() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (
        ("", "Waiting", "Waiting / Fear 😨", "Help"),
        ("Ana", "She waited.", None, 3),
        ("Ben", "=1+1", "", True),
    ):
        sheet.append(row)
    sheet.merge_cells("B2:C2")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _decided(path: Path) -> bytes:
    """Fill the columns in which the meeting decides."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = book[MEETING_SHEET]
    columns = {cell.value: cell.column for cell in sheet[1] if cell.value}
    for row in range(FIRST_ROW, sheet.max_row + 1):
        for number, key in enumerate(("decision", "passage", "remark")):
            if key in columns:
                sheet.cell(row, columns[key]).value = _DECISIONS[(row + 4 * number) % len(_DECISIONS)]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _guid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"fuzzing {name}"))


def _user(name: str, letters: str) -> User:
    return User(guid=_guid(name), name=name, id=letters)


def _code(name: str) -> Code:
    return Code(guid=_guid(name), name=name, is_codable=True)


def _text(name: str, words: str) -> TextSource:
    return TextSource(guid=_guid(name), name=name, plain_text_content=words, plain_text_selections=[])


def _mark(source: TextSource, start: int, end: int, *coded: tuple[Code, User]) -> None:
    at = f"{source.name} {start}"
    source.plain_text_selections.append(
        PlainTextSelection(
            guid=_guid(at),
            start_position=start,
            end_position=end,
            codings=tuple(
                Coding(
                    guid=_guid(f"{at} {code.name} {by.name}"),
                    creating_user=by.guid,
                    creation_date_time=_WHEN,
                    code_ref=CodeRef(target_guid=code.guid),
                )
                for code, by in coded
            ),
        )
    )
