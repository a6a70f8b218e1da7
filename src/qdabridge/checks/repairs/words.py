"""BOOL-FORM, CODABLE-MISSING, CODE-NOT-CODABLE, WORD-FORM: what codes say of themselves, and the standard's words."""

from __future__ import annotations

import re

from qdabridge.checks.inventory import called, codings_of
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending, forget_spelling, spelling, was_absent
from qdabridge.study import walk
from qdabridge.study.model import Code, Edge, Link, Vertex, same_guid

_TRUE = frozenset({"true", "yes", "y", "t", "on"})
_FALSE = frozenset({"false", "no", "n", "f", "off"})
_DIRECTIONS = ("Associative", "OneWay", "Bidirectional")
_SHAPES = (
    "Person",
    "Oval",
    "Rectangle",
    "RoundedRectangle",
    "Star",
    "LeftTriangle",
    "RightTriangle",
    "UpTriangle",
    "DownTriangle",
    "Note",
)
_LINE_STYLES = ("dotted", "dashed", "solid")


def truth_of(found: str) -> bool | None:
    """Return what a word says that stands for true or false, or None where it is none.

    >>> truth_of("True"), truth_of("no"), truth_of("2")
    (True, False, None)
    """
    word = found.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def mend_codable(mending: Mending) -> None:
    """Spell whether a code may be used as the schema has it; a code that does not say may be used."""
    for code in walk.codes(mending.project):
        if was_absent(code, "isCodable"):
            forget_spelling(code, "isCodable")
            message = "A code did not say whether it may be used for coding; now it says that it may."
            mending.say("CODABLE-MISSING", message, called(code), severity="note")
            continue
        found = spelling(code, "isCodable")
        meant = None if found is None or found.strip() in ("true", "false", "1", "0") else truth_of(found)
        if meant is not None:
            code.is_codable = meant
            forget_spelling(code, "isCodable")
            mending.say("BOOL-FORM", BOOLEAN_MENDED, f"{called(code)}, isCodable {found}", severity="note")


def mend_used(mending: Mending) -> None:
    """Let codes be used that are used."""
    folders: dict[str, list[Code]] = {}
    for code in walk.codes(mending.project):
        if not code.is_codable:
            # Where two share a GUID, either may be meant.
            folders.setdefault(same_guid(code.guid), []).append(code)
    if not folders:
        return
    for source in (*(mending.project.sources or ()), *(mending.project.notes or ())):
        for coding in codings_of(source):
            for code in folders.pop(same_guid(coding.code_ref.target_guid), ()):
                code.is_codable = True
                forget_spelling(code, "isCodable")
                message = "A code was used that said it cannot be used for coding; now it says that it can."
                mending.say("CODE-NOT-CODABLE", message, called(code))


BOOLEAN_MENDED = (
    "A truth value was spelled in another way than true or false; it says the same in the standard's words."
)


def mend_words(mending: Mending) -> None:
    """Spell directions, shapes and styles of lines as the standard does."""
    for link in mending.project.links or ():
        _spell(mending, link, "direction", _DIRECTIONS)
    for graph in mending.project.graphs or ():
        for vertex in graph.vertices:
            _spell(mending, vertex, "shape", _SHAPES)
        for edge in graph.edges:
            _spell(mending, edge, "direction", _DIRECTIONS)
            _spell(mending, edge, "line_style", _LINE_STYLES)


def _spell(mending: Mending, element: Link | Vertex | Edge, field: str, words: tuple[str, ...]) -> None:
    found: str | None = getattr(element, field)
    if found is None or found.strip() in words:
        return
    word = next((word for word in words if word.lower() == re.sub(r"[\s_-]", "", found).lower()), None)
    if word is None and found.strip():
        return
    setattr(element, field, word)
    message = "One of the standard's words was spelled in another way; an empty one was left out."
    mending.say("WORD-FORM", message, f"{called(element)}, {field} {found}", severity="note")


MENDS = (
    Mend(
        code="BOOL-FORM",
        title="a truth value is spelled `True`, `yes`, `off`",
        does="It becomes `true` or `false`.",
        leaves="Anything that is none of true, yes, y, t, on, false, no, n, f, off in any case of letters.",
        step=mend_codable,
    ),
    Mend(
        code="CODABLE-MISSING",
        title="a code does not say whether it may be used",
        does="It may be used.",
        step=mend_codable,
    ),
    Mend(
        code="CODE-NOT-CODABLE",
        title="something is coded with a code that cannot be used for coding",
        does="The code can be used.",
        step=mend_used,
    ),
    Mend(
        code="WORD-FORM",
        title="a direction, shape or style of line is spelled `oneway`, `rounded-rectangle`",
        does="It gets the standard's spelling; an empty one is left out.",
        leaves="Words that the standard does not have.",
        step=mend_words,
    ),
)
