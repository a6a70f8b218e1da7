"""Room for deep nesting: a codebook of hundreds of levels is read and written, one of a million is refused."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

_Result = TypeVar("_Result")

_ROOM = 4_000
"""Twice what the deepest .qde that is read needs in JSON; a few hundred kilobytes of stack."""


def with_room_for_nesting(task: Callable[[], _Result]) -> _Result:
    """Return what the task returns; where it needs more nesting than is usual, try again with more room for it.

    Raises:
        RecursionError: that was not enough either.
    """
    try:
        return task()
    except RecursionError:
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(max(usual, _ROOM))
        try:
            return task()
        finally:
            sys.setrecursionlimit(usual)
