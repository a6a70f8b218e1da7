"""What each tool makes of the standard: one small file a tool, found by being here.

A dialect says how to know the tool's files, how the tool counts and packs, and what it writes oddly. It knows nothing
of zip files or XML. ``docs/dialects.md`` is made from these files (``dialect_table``).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from functools import cache

from msgspec import Struct

from qdabridge.formats.refi.profile import Profile
from qdabridge.study.model import Project
from qdabridge.study.text import STANDARD, Counting


class Dialect(Struct, frozen=True):
    """How one tool reads and writes REFI-QDA.

    Args:
        name: how the dialect is called in commands and files, such as ``nvivo``.
        title: the tool's name for people.
        origin: a regular expression that the project's ``origin`` matches, case aside; empty where it says nothing.
        namespace: a regular expression for the whole of a root namespace that no other tool is known to write.
        shape: tells a project of the tool by how it is made; asked only where neither of the two above says anything.
        shape_is: what ``shape`` looks at, in words.
        counting: how the tool counts positions in text, as far as is known; the texts may prove otherwise.
        pages_drift: whether positions in the text of a PDF count page breaks that the text does not have.
        facts: what the tool writes that the standard would not make one expect, one sentence each.
        evidence: how sure all this is, and why.
        profiles: the forms in which a study can be written for this tool.
    """

    name: str
    title: str
    origin: str = ""
    namespace: str = ""
    shape: Callable[[Project], bool] | None = None
    shape_is: str = ""
    counting: Counting = STANDARD
    pages_drift: bool = False
    facts: tuple[str, ...] = ()
    evidence: str = ""
    profiles: tuple[Profile, ...] = ()


@cache
def dialects() -> dict[str, Dialect]:
    """Return every dialect by name."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        dialect: Dialect = importlib.import_module(f"{__name__}.{module.name}").DIALECT
        found[dialect.name] = dialect
    return found


def recognised(origin: str | None, namespace: str = "", project: Project | None = None) -> Dialect:
    """Return the dialect of the tool that a project comes from; the standard's where none is known.

    Args:
        origin: what the file says of itself; where it names a tool, nothing else counts.
        namespace: of the root element.
        project: looked at where the file does not say where it is from.
    """
    standard = dialects()["standard"]
    known = (standard, *dialects().values())
    for dialect in known:
        if dialect.origin and re.search(dialect.origin, origin or "", re.IGNORECASE):
            return dialect
    if origin:
        return standard
    for dialect in known:
        if dialect.namespace and re.fullmatch(dialect.namespace, namespace):
            return dialect
    for dialect in known:
        if project is not None and dialect.shape is not None and dialect.shape(project):
            return dialect
    return standard
