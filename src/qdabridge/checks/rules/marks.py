"""TEXT-BOM, TEXT-ENCODING: the bytes of texts: what stands before the first character, and whether they are UTF-8.

Texts in which something is marked are read in ``passages``, which says whether they can be; here the others are.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from qdabridge.checks.inventory import Inventory, called, texts_with_owner
from qdabridge.checks.rules.rule import Rule
from qdabridge.checks.rules.texts import is_marked
from qdabridge.errors import CannotRead
from qdabridge.findings import Finding
from qdabridge.study.files import Entry
from qdabridge.study.study import Study

_PIECE = 1 << 20


def in_bytes(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find texts whose file begins with a byte order mark, and unmarked texts that are not UTF-8."""
    texts = list(texts_with_owner(study.project))
    marked = {text.plain_text_path for text, _ in texts if is_marked(text)}
    looked_at: set[str] = set()
    for text, owner in texts:
        path = text.plain_text_path
        entry = None if path is None or path in looked_at else study.files.locate(path)
        if path is None or entry is None:
            continue
        looked_at.add(path)
        where = f"{called(text, owner)}, {path}"
        try:
            if _begins(entry) == codecs.BOM_UTF8:
                yield _mark(where)
            if path not in marked and not _is_utf_8(entry, study.files.limits.text):
                yield _other_encoding(where)
        except (CannotRead, OSError) as error:
            if path not in marked:
                yield _damaged(f"{where}: {error.what if isinstance(error, CannotRead) else error.strerror or error}")


def _begins(entry: Entry) -> bytes:
    with entry.open() as stream:
        return stream.read(len(codecs.BOM_UTF8))


def _is_utf_8(entry: Entry, most: int) -> bool:
    """Tell whether a file is UTF-8, as far as texts are read at all."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with entry.open() as stream:
            while most > 0 and (piece := stream.read(min(_PIECE, most))):
                decoder.decode(piece)
                most -= len(piece)
            if most > 0:
                decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _mark(where: str) -> Finding:
    return Finding(
        "TEXT-BOM",
        "note",
        "A text begins with a byte order mark, which is not counted here; some programs count it.",
        where=where,
        hint="Where a program marks passages one character too late, qdabridge repair takes the mark out.",
    )


def _other_encoding(where: str) -> Finding:
    return Finding(
        "TEXT-ENCODING",
        "warning",
        "A text in which nothing is marked is not UTF-8, so that programs show other characters than were written.",
        where=where,
        hint="Save it as UTF-8 text and put it back.",
    )


def _damaged(where: str) -> Finding:
    return Finding(
        "TEXT-ENCODING",
        "error",
        "A text in which nothing is marked cannot be read.",
        where=where,
        hint="Copy or download the study again; if it is still so, export it again.",
    )


RULES = (
    Rule(
        code="TEXT-BOM",
        severity="note",
        section="REFI-QDA 1.5, 9.1.2 and 10.2",
        title="a text begins with a byte order mark",
        about="""\
A text is UTF-8, and its first character has the number 0. The standard does not say whether a byte order mark is a
character; NVivo for Windows and QualCoder write one and do not count it, nor is it counted here. Programs that read
the mark as a character show every passage one place too late.""",
        mended="The mark is left out.",
        find=in_bytes,
    ),
)
