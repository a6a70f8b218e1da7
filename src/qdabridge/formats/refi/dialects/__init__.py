"""What each tool makes of the standard: one small file a tool, found by being here.

A dialect says how to know the tool's files and how the tool counts and packs. It knows nothing of zip files or XML.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache

from msgspec import Struct

from qdabridge.study.text import STANDARD, Counting


class Dialect(Struct, frozen=True):
    """How one tool reads and writes REFI-QDA.

    Args:
        name: how the dialect is called in commands and files, such as ``nvivo``.
        title: the tool's name for people.
        origin: a regular expression that the project's ``origin`` matches, case aside; empty where it says nothing.
        counting: how the tool counts positions in text.
        writes: whether a study can be written for this tool.
        project_entry, sources_folder: names in the package when writing.
    """

    name: str
    title: str
    origin: str = ""
    counting: Counting = STANDARD
    writes: bool = False
    project_entry: str = "project.qde"
    sources_folder: str = "sources"


@cache
def dialects() -> dict[str, Dialect]:
    """Return every dialect by name."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        dialect: Dialect = importlib.import_module(f"{__name__}.{module.name}").DIALECT
        found[dialect.name] = dialect
    return found


def recognised(origin: str | None) -> Dialect:
    """Return the dialect of the tool that a project says it comes from; the standard's where none is known."""
    standard = dialects()["standard"]
    for dialect in (standard, *dialects().values()):
        if dialect.origin and re.search(dialect.origin, origin or "", re.IGNORECASE):
            return dialect
    return standard
