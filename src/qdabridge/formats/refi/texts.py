"""The texts of a study while it is being read: several steps look at them, and each is fetched once.

Knows nothing of positions; what does not fit in the memory set aside is fetched again.
"""

from __future__ import annotations

from qdabridge.study.model import AnyText
from qdabridge.study.study import Study
from qdabridge.study.text import StoredText

_KEPT = 16_000_000
"""How many characters are kept at most."""


class Texts:
    """Gives the text of a document, and keeps it for the next time."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._kept: dict[str, StoredText] = {}
        self._room = _KEPT

    def of(self, document: AnyText) -> StoredText | None:
        """Return the text as stored, or ``None`` where the study does not hold it.

        Raises:
            CannotRead: the file is there and is not UTF-8.
        """
        path = document.plain_text_path
        if path is not None and path in self._kept:
            return self._kept[path]
        stored = self._study.stored_text(document)
        # A path that leads to no file may stand beside different texts inline.
        if stored is not None and path is not None and document.plain_text_content is None:
            self._room -= len(stored.text)
            if self._room >= 0:
                self._kept[path] = stored
        return stored
