"""Places that a table itself says are believed where the text has these words there, whatever its line ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from qdabridge.formats.spreadsheet.pieces import Coded, Pieces
from qdabridge.formats.spreadsheet.study_from_table import study_from_table

TALK = "I waited.\r\nNobody rang.\r\n\r\nI waited.\r\nNobody rang."


def place(folder: Path, quote: str, start: int, end: int) -> tuple[str, int, int]:
    (folder / "talk.txt").write_bytes(TALK.encode())
    one = Coded(at="row 2", source="talk", quote=quote, codes=(("Access",),), start=start, end=end)
    with study_from_table(Pieces(coded=[one]), "t", when="2024-09-11T09:40:00Z", sources=folder) as study:
        ((source, found),) = [(each, one) for each in study.project.sources or () for one in each.plain_text_selections]
        return source.name or "", found.start_position, found.end_position


@pytest.mark.parametrize("between", ["\r\n", "\n", "\r", " "])
def test_words_that_stand_there_twice_are_where_the_table_says(tmp_path: Path, between: str) -> None:
    at = TALK.rindex("I waited.")
    assert place(tmp_path, f"I waited.{between}Nobody rang.", at, len(TALK)) == ("talk", at, len(TALK))


def test_a_place_with_other_words_is_not_believed(tmp_path: Path) -> None:
    assert place(tmp_path, "Nobody rang.\r\n\r\nI", 0, 17) == ("talk", 11, 28)
