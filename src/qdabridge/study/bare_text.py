"""A text reduced to its letters and digits, and the way back: what stays the same when programs change how text looks.

White space, quote marks, dashes, ellipses and all other signs are gone, letters are small and without accents. It knows
nothing of quotes or studies.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

_RUN = re.compile(r"[^\W_]+")
_ACCENTS = "Mn"


class BareText:
    """The letters and digits of a text, and where each stands in it.

    >>> bare = BareText("“Don’t  wait” – café.")
    >>> bare.text, bare.span(0, 4)
    ('dontwaitcafe', (1, 6))
    """

    def __init__(self, text: str) -> None:
        self.source = text
        pieces: list[str] = []
        # Each run of letters and digits: where it begins here, and there.
        self._here: list[int] = []
        self._there: list[int] = []
        length = 0
        for match in _RUN.finditer(text):
            run, start = match[0], match.start()
            folded = run.lower() if run.isascii() else run.translate(_FOLDED)
            if len(folded) == len(run):
                self._here.append(length)
                self._there.append(start)
                pieces.append(folded)
                length += len(folded)
                continue
            for offset, character in enumerate(run):
                folded = character.translate(_FOLDED)
                # A character that becomes two, such as a ligature, stands where it stood with both.
                for each in folded:
                    self._here.append(length)
                    self._there.append(start + offset)
                    pieces.append(each)
                    length += 1
        self.text = "".join(pieces)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the letters stands in the text: from its first to behind its last."""
        return self._position(start), self._position(end - 1) + 1

    def _position(self, at: int) -> int:
        run = bisect_right(self._here, at) - 1
        return self._there[run] + at - self._here[run]


def bare(text: str) -> str:
    """Return the letters and digits of a text, small and without accents.

    >>> bare("It’s the ﬁrst — “no”!")
    'itsthefirstno'
    """
    return "".join(_RUN.findall(text)).translate(_FOLDED)


def words(text: str) -> list[str]:
    """Return the words of a text, small and without accents.

    >>> words("I didn’t, no.")
    ['i', 'didn', 't', 'no']
    """
    return _RUN.findall(text.translate(_FOLDED))


class _Folding(dict[int, str]):
    """What each character becomes, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if unicodedata.category(character) == _ACCENTS:
            self[code] = ""
            return ""
        parts = unicodedata.normalize("NFKD", character)
        base = "".join(each for each in parts if unicodedata.category(each) != _ACCENTS)
        # Of scripts that are taken to pieces otherwise, such as Hangul, the character stays as it is.
        folded = (base if base.isascii() and base else character).lower()
        self[code] = folded if base and folded.isalnum() else character
        return self[code]


_FOLDED = _Folding()
