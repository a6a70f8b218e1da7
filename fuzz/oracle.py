"""Says whether qdabridge behaved on one file: whatever the file is, all ways of using it succeed or end in an error of
ours, and what was read comes back when it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

import qdabridge as qda
from qdabridge.cli import listing
from qdabridge.cli.streams import shown

_Found = TypeVar("_Found")

_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_OUR_FAULT = "fault in qdabridge"


class Fault(Exception):
    """qdabridge did what it must not do."""


def suffix_of(data: bytes) -> str:
    """Return the ending that a file of these bytes is given."""
    if data.startswith(b"PK"):
        return ".qdpx"
    if data.lstrip()[:1] in (b"{", b"["):
        return ".json"
    return ".qdc" if b"CodeBook" in data and b"Project " not in data else ".qde"


def judge(data: bytes, folder: Path) -> str:
    """Use a file in every way, in an empty folder; return in a word what became of it.

    Raises:
        Fault: a rule was broken; anything else that is raised, other than errors of ours, is a fault too.
    """
    path = folder / f"in{suffix_of(data)}"
    path.write_bytes(data)
    found = _allowed(lambda: qda.check(path))
    if found is not None:
        _harmless(found)
    study = _allowed(lambda: qda.read(path))
    if (study is None) != (found is None):
        raise Fault("check and read do not agree whether it can be read")
    if study is None:
        return "refused"
    with study:
        _harmless(study.findings)
        _allowed(lambda: qda.framework_matrix(study))
        if path.suffix != ".json":
            _comes_back(study, folder / f"same{path.suffix}", "same")
        _comes_back(study, folder / "all.json", "standard")
        for profile in ("standard", "nvivo", "maxqda", "atlasti", "qualcoder"):
            target = folder / f"{profile}.qdpx"
            if _allowed(lambda profile=profile, target=target: qda.write(study, target, profile)) is not None:
                with qda.read(target):
                    pass
    return "read"


def _comes_back(study: qda.Study, target: Path, profile: str) -> None:
    told = _allowed(lambda: qda.write(study, target, profile))
    if told is None:
        if target.exists():
            raise Fault(f"{target.name} is there although it was not written")
        return
    _harmless(told)
    lost = [finding for finding in told if finding.kind == "loss" or finding.severity == "error"]
    with qda.read(target) as again:
        if lost or target.suffix == ".qdc" or any(finding.code == "SAME-UNKNOWN" for finding in told):
            return
        if again.project != study.project and (found := _first_difference(study.project, again.project)):
            raise Fault(f"{target.name} is not what was written: {found}")
        left_out = {finding.where for finding in told if finding.code == "EXTRA-ENTRY"}
        if target.suffix == ".qdpx" and len(again.files) != len(study.files) - len(left_out & set(study.files)):
            raise Fault(f"{target.name} has {len(again.files)} files, not {len(study.files)}")


def _allowed(use: Callable[[], _Found]) -> _Found | None:
    """Return what a use gives, or ``None`` where it ends in an error of ours that is the file's fault."""
    try:
        return use()
    except qda.QdabridgeError as error:
        if _OUR_FAULT in str(error):
            raise Fault(str(error)) from error
        if "\n" in shown(str(error)):
            raise Fault(f"the error is not one line: {error}") from error
        return None


def _first_difference(one: object, other: object, at: str = "") -> str:
    """Return where two models differ first; empty where only white space around foreign text does."""
    if type(one) is type(other):
        if isinstance(one, msgspec.Struct):
            pairs = [(name, getattr(one, name), getattr(other, name)) for name in one.__struct_fields__]
            found = (_first_difference(a, b, f"{at}.{name}") for name, a, b in pairs if a != b)
            return next(filter(None, found), "")
        if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
            found = (_first_difference(one[key], other[key], f"{at}.{key}") for key in one if one[key] != other[key])
            return next(filter(None, found), "")
        if isinstance(one, list | tuple) and isinstance(other, list | tuple):
            if _as_text(one) and _as_text(one) == _as_text(other):
                return ""
            if len(one) == len(other):
                found = (
                    _first_difference(a, b, f"{at}.{index}")
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


def _harmless(findings: list[qda.Finding]) -> None:
    """See that what is told of a file cannot steer a terminal, and that one code is not told without end."""
    for line in listing.lines(findings):
        if _STEERS.search(line):
            raise Fault(f"a line would steer the terminal: {line!r}")
    if len(findings) > 5_000:
        raise Fault(f"there are {len(findings)} findings")
