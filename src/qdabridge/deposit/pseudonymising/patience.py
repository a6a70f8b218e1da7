"""Searching with somebody's regular expression, and giving up where it would take for ever.

Python's expressions stop for nothing but a signal; so the time is held in the main thread, where the system has timers.
Elsewhere (Windows, other threads) only the look at the expression in ``key`` stands against it. It knows no studies.
"""

from __future__ import annotations

import re
import signal
import threading
from types import FrameType

from qdabridge.deposit.pseudonymising.key import Entry
from qdabridge.errors import BadRequest

LONGEST = 5.0
"""Seconds that one search may take; a usual expression goes through 30 MB in less."""


class Patient:
    """The regular expression of an entry, searched for as long as is reasonable.

    Args:
        entry: an entry whose ``match`` is ``regex``.
    """

    def __init__(self, entry: Entry) -> None:
        self._pattern = re.compile(entry.find)
        self._row = entry.row
        self._has_timer = hasattr(signal, "setitimer")

    def search(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """Return where the expression matches first.

        Raises:
            BadRequest: it takes longer than is reasonable.
        """
        if not self._has_timer or threading.current_thread() is not threading.main_thread():
            return self._pattern.search(text, start, end)
        before = signal.signal(signal.SIGALRM, self._give_up)
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        try:
            return self._pattern.search(text, start, end)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _give_up(self, _: int, __: FrameType | None) -> None:
        raise BadRequest(
            "A regular expression of the key takes too long on a text of the study; nothing was written.",
            where=f"row {self._row}",
            todo="Write it more simply: without alternatives that begin alike inside a “+” or “*”.",
        )
