"""What is wanted at one place of the list: what the consensus codes there, and what it remarks."""

from __future__ import annotations

from msgspec import Struct

from qdabridge.coders.reconciling.places import Place, Spot
from qdabridge.study.model import Code


class Wanted(Struct, frozen=True):
    """What is wanted at one place of the list.

    Args:
        spot: the place.
        code: the code.
        coded: where the consensus codes; ``None`` where nothing was decided, and what stands there stays.
        remark: what the note says; empty for no note.
        title: what the note is called.
        at: what the remark is about where nothing is coded; ``None`` for the whole source.
    """

    spot: Spot
    code: Code
    coded: tuple[Place, ...] | None
    remark: str = ""
    title: str = ""
    at: Place | None = None
