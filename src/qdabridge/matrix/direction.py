"""Which way text runs: from left to right, or, as Hebrew and Arabic do, from right to left.

It knows letters and names, and no file.
"""

from __future__ import annotations

import re

from qdabridge.matrix.grid import Matrix

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SAMPLE = 4_000
_NAMES = 100


def is_right_to_left(text: str) -> bool:
    """Tell whether a text is mainly in Hebrew, Arabic or another script that runs from right to left.

    >>> is_right_to_left("حافلة (GP)"), is_right_to_left("the bus (حافلة)"), is_right_to_left("12")
    (True, False, False)
    """
    if text.isascii():
        return False
    sample = text[:_SAMPLE]
    count = _total(_RIGHT_TO_LEFT, sample)
    # Letters are counted only where they could be outnumbered: that is the dearer half.
    return 4 * count > len(sample) and 2 * count > _total(_LETTERS, sample)


def runs_right_to_left(matrix: Matrix) -> bool:
    """Tell whether cases and codes are named in a script that runs from right to left, as the first column has to."""
    rows = [row.label for row in matrix.rows[:_NAMES]]
    return is_right_to_left(" ".join(rows + [column.heading for column in matrix.columns[:_NAMES]]))


def _total(pattern: re.Pattern[str], text: str) -> int:
    return sum(map(len, pattern.findall(text)))
