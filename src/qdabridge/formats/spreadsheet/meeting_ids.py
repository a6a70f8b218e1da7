"""What a workbook with a list for the meeting carries unseen, so that decisions find their passages again.

On the list the first row and the first column are hidden. Column A holds the id of each disagreement, row 1 says which
columns are decided in. The sheet ``_qdabridge`` says who was compared, and holds what the drop-down lists offer. Writer
and reader both ask here; how sheets are written and read is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from qdabridge.formats.spreadsheet.hidden_ids import HIDDEN_SHEET

__all__ = ["HIDDEN_SHEET", "KEYS", "MARK", "NO_KEY", "Key", "MeetingCoder", "Parties", "choices_at", "parties_said"]

MARK = "qdabridge list for the meeting"
"""What stands in A1 of the list, and on the hidden sheet."""

Key: TypeAlias = Literal["decision", "passage", "remark"]

KEYS: tuple[Key, ...] = ("decision", "passage", "remark")
"""What stands in row 1 over the columns that people write in."""

NO_KEY = "-"

VERSION = "1"

_BEFORE_CHOICES = 1


class MeetingCoder(Struct, frozen=True):
    """One side of the comparison.

    Args:
        letter: A, B, and so on.
        name: short.
        guids: of the people who count as this coder; empty strings for those who are not named.
    """

    letter: str
    name: str
    guids: tuple[str, ...]


class Parties(Struct, frozen=True):
    """Who was compared in which study.

    Args:
        study: the name of the study.
        coders: the sides, in order.
        choices: what the drop-down list offers.
    """

    study: str
    coders: tuple[MeetingCoder, ...]
    choices: tuple[str, ...] = ()

    def rows(self) -> Iterator[list[str]]:
        """Give the rows of the hidden sheet."""
        yield [MARK, VERSION]
        for choice in self.choices:
            yield ["choice", choice]
        yield ["study", self.study]
        for coder in self.coders:
            yield ["coder", coder.letter, coder.name, *coder.guids]


def choices_at(parties: Parties) -> str:
    """Return the range of the hidden sheet in which the choices stand."""
    first = _BEFORE_CHOICES + 1
    return f"'{HIDDEN_SHEET}'!$B${first}:$B${_BEFORE_CHOICES + len(parties.choices)}"


def parties_said(rows: Iterable[Sequence[str]]) -> Parties | None:
    """Return what the rows of the hidden sheet say, passing over what is unknown; ``None`` where it is not ours."""
    study, ours = "", False
    choices: list[str] = []
    coders: list[MeetingCoder] = []
    for row in rows:
        match list(row):
            case [key, *_] if key == MARK:
                ours = True
            case ["choice", said, *_]:
                choices.append(said)
            case ["study", said, *_]:
                study = said
            case ["coder", letter, name, *guids]:
                coders.append(MeetingCoder(letter, name, tuple(each for each in guids if each)))
    return Parties(study, tuple(coders), tuple(choices)) if ours and coders else None
