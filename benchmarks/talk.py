"""Interviews of invented words, and quotes from them as programs hand them on, so that it is known where each stands.

Words are as common as words are: few often, most seldom. It knows nothing of qdabridge.
"""

from __future__ import annotations

import random
import re
import unicodedata
from functools import lru_cache
from itertools import accumulate

LETTERS = "etaoinshrdlucmfwypvbgkéüßł"
WORDS = 3_000
_INSTEAD = {
    "“": ['"', "«", "„", "“", "''"],
    "”": ['"', "»", "“", "”", "''"],
    "’": ["'", "‘", "`", "’", "´"],
    "–": ["-", "--", "—", "–", "\u2212"],
    "…": ["...", "…", ". . ."],
}
_WHITE = [" ", "  ", "\n", "\r\n", "\u00a0", "\t", " \n ", "\u2009", "\u2028"]
_SIGNS = re.compile(r"\s+|[“”’–…]")


class Talk:
    """A source of texts and passages; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.choose = random.Random(seed)
        self.vocabulary = [
            "".join(self.choose.choices(LETTERS, k=self.choose.randint(2, 9))) for _ in range(WORDS)
        ]  # fmt: skip
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(WORDS)))

    def sentence(self) -> str:
        """Return a sentence with signs between its words, now and then."""
        chosen = self.choose.choices(self.vocabulary, cum_weights=self._weights, k=self.choose.randint(4, 22))
        signs = [",", " –", "’s", "…", " 😀", " “ja”"]
        said = " ".join(
            word + (self.choose.choice(signs) if self.choose.random() < 0.15 else "") for word in chosen
        )  # fmt: skip
        return said.capitalize() + self.choose.choice(".?!")

    def text(self, length: int) -> str:
        """Return paragraphs of together at least this many characters."""
        paragraphs: list[str] = []
        written = 0
        while written < length:
            paragraphs.append(" ".join(self.sentence() for _ in range(self.choose.randint(1, 6))))
            written += len(paragraphs[-1]) + 1
        return "\n".join(paragraphs)

    def passage(self, text: str, least: int = 5, most: int = 40) -> tuple[int, int]:
        """Return where a passage of whole words stands: from its first letter to the signs behind its last word."""
        edges = _edges(text)
        words = self.choose.randint(least, most)
        first = self.choose.randrange(len(edges) - words)
        return edges[first][0], edges[first + words - 1][1]

    def changed(self, quote: str) -> str:
        """Return a quote with other white space, quote marks, dashes and ellipses, and its accents written apart."""
        other = _SIGNS.sub(lambda sign: self.choose.choice(_INSTEAD.get(sign[0], _WHITE)), quote)
        return unicodedata.normalize("NFD", other) if self.choose.random() < 0.2 else other

    def with_other_words(self, quote: str) -> str:
        """Return a quote in which one word in twenty, and at least one, is another, or is left out, or stands twice."""
        words = quote.split()
        for _ in range(max(1, len(words) // 20)):
            at = self.choose.randrange(len(words))
            way = self.choose.randrange(3)
            words[at : at + 1] = ([], [words[at], words[at]], [self.choose.choice(self.vocabulary)])[way]
            words = words or quote.split()
        return " ".join(words)

    def with_words_left_out(self, quote: str) -> str:
        """Return a quote of which the middle is an ellipsis."""
        words = quote.split()
        third = len(words) // 3
        gap = self.choose.choice(["…", "...", "[…]", "(...)"])
        return " ".join([*words[:third], gap, *words[2 * third :]])


@lru_cache(maxsize=1)
def _edges(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\w\S*", text)]
