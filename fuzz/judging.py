"""What every use of qdabridge must keep to, whatever the file is: errors of ours in one line, findings that are
harmless, and models that are the same where they ought to be.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import msgspec

import qdabridge as qda
from qdabridge.cli import listing
from qdabridge.cli.streams import shown

_Found = TypeVar("_Found")

_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_OUR_FAULT = "fault in qdabridge"
_MOST_FINDINGS = 5_000


class Fault(Exception):
    """qdabridge did what it must not do."""


def allowed(use: Callable[[], _Found]) -> _Found | None:
    """Return what a use gives, or ``None`` where it ends in an error of ours that is the file's fault."""
    try:
        return use()
    except qda.QdabridgeError as error:
        if _OUR_FAULT in str(error):
            raise Fault(str(error)) from error
        if "\n" in shown(str(error)):
            raise Fault(f"the error is not one line: {error}") from error
        return None


def differs(one: object, other: object, at: str = "") -> str:
    """Return where two models differ first; empty where only white space around foreign text does, or nothing."""
    if one == other:
        return ""
    if type(one) is type(other):
        if isinstance(one, msgspec.Struct):
            pairs = [(name, getattr(one, name), getattr(other, name)) for name in one.__struct_fields__]
            found = (differs(a, b, f"{at}.{name}") for name, a, b in pairs if a != b)
            return next(filter(None, found), "")
        if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
            found = (differs(one[key], other[key], f"{at}.{key}") for key in one if one[key] != other[key])
            return next(filter(None, found), "")
        if isinstance(one, list | tuple) and isinstance(other, list | tuple):
            if _as_text(one) and _as_text(one) == _as_text(other):
                return ""
            if len(one) == len(other):
                found = (
                    differs(a, b, f"{at}.{index}")
                    for index, (a, b) in enumerate(zip(one, other, strict=True))
                    if a != b
                )
                return next(filter(None, found), "")
    return f"{at}: {one!r:.300} / {other!r:.300}"


def _as_text(nodes: object) -> str:
    """Return foreign nodes as one text without white space: the parser may bring a text in several pieces."""
    found = nodes if isinstance(nodes, list | tuple) else ()
    if not all(isinstance(node, qda.model.ForeignNode) for node in found):
        return ""
    return "".join("".join(node.xml.split()) for node in found)


def harmless(findings: list[qda.Finding]) -> None:
    """See that what is told of a file cannot steer a terminal, and that one code is not told without end."""
    for line in listing.lines(findings):
        if _STEERS.search(line):
            raise Fault(f"a line would steer the terminal: {line!r}")
    if len(findings) > _MOST_FINDINGS:
        raise Fault(f"there are {len(findings)} findings")
