"""What Taguette's tables share: the name of a tag is its path, with full stops between its levels.

It knows no single layout. Evidence: Taguette's source code.
"""

from __future__ import annotations

import re

from qdabridge.findings import Finding
from qdabridge.formats.spreadsheet.pieces import CodePath, Pieces

# A full stop between words; one in a number, in “e.g.” or before a space is none of these.
_LEVEL = re.compile(r"(?<=[^\W_]{2})\.(?=[^\W_]{2})(?!(?<=\d\.)\d)")


def path_of(tag: str, pieces: Pieces, at: str, parent: str = "") -> CodePath:
    """Return the path of a tag: ``access.costs`` is costs below access, which is said.

    Args:
        tag: the tag as written.
        pieces: takes what is said.
        at: where it stands.
        parent: the tag above it, where the table names it.
    """
    tag = tag.strip()
    if parent and tag.startswith(f"{parent}."):
        path = (*_LEVEL.split(parent), tag[len(parent) + 1 :].strip())
    else:
        path = (*(_LEVEL.split(parent) if parent else ()), *_LEVEL.split(tag))
    path = tuple(filter(None, (part.strip() for part in path)))
    if len(path) > 1:
        pieces.found.add(
            Finding(
                "TABLE-LEVELS",
                "note",
                "A full stop in the name of a tag was taken to stand between a tag and the one below it.",
                f"{at}: {tag}",
                "If it belongs to the name, rename the tag in Taguette and export the table again.",
            )
        )
    return path
