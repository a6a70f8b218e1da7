"""A folder as a bag: BagIt 1.0, with SHA-256 and SHA-512, whose own files name no day and no machine.

What is in the files it does not know. Source: RFC 8493.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote

from msgspec import Struct

from qdabridge.errors import CannotRead

PAYLOAD = "data"
ALGORITHMS = ("sha256", "sha512")
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

_PIECE = 1 << 20
_LINE = re.compile(r"([0-9a-fA-F]+) [ *]?(.+)")
_LARGEST_MANIFEST = 200_000_000

Step = Callable[[int], None]
"""Told how many bytes more have been gone through."""


class Member(Struct, frozen=True):
    """A file of a bag.

    Args:
        path: below the bag's folder, with slashes.
        size: in bytes.
        sums: algorithm → checksum in hexadecimal.
    """

    path: str
    size: int
    sums: dict[str, str]


class Fault(Struct, frozen=True):
    """Something in a bag that is not as its manifests say.

    Args:
        path: the file.
        what: ``changed``, ``missing``, ``not listed``, or ``closed``: a folder that may not be entered.
    """

    path: str
    what: str


def members_of(folder: Path, step: Step) -> Iterator[Member]:
    """Give every file below a folder, measured, in the order of their paths."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield measured_file(path, path.relative_to(folder.parent).as_posix(), step)


def measured_file(file: Path, path: str, step: Step) -> Member:
    """Return what a file measures; ``path`` is what it is called in the bag."""
    sums = {name: hashlib.new(name) for name in ALGORITHMS}
    size = 0
    with file.open("rb") as stream:
        for piece in _pieces(stream):
            for each in sums.values():
                each.update(piece)
            size += len(piece)
            step(len(piece))
    return Member(path, size, {name: each.hexdigest() for name, each in sums.items()})


def finish_bag(folder: Path, said: dict[str, str], beside: dict[str, str], step: Step) -> list[Member]:
    """Make a bag of a folder whose payload lies in ``data``.

    Args:
        folder: the bag.
        said: what ``bag-info.txt`` says; the size of the payload is added.
        beside: name → text of files that stand beside the payload, for whoever opens the folder.
        step: told of the progress.

    Returns:
        The files of the payload.
    """
    payload = list(members_of(folder / PAYLOAD, step))
    total = sum(each.size for each in payload)
    info = {**said, "Payload-Oxum": f"{total}.{len(payload)}"}
    tags = {
        **beside,
        "bagit.txt": DECLARATION,
        "bag-info.txt": "".join(f"{name}: {_on_one_line(value)}\n" for name, value in info.items()),
        **{f"manifest-{name}.txt": _manifest(payload, name) for name in ALGORITHMS},
    }
    for name, text in tags.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    measured = [measured_file(folder / name, name, step) for name in sorted(tags)]
    for name in ALGORITHMS:
        (folder / f"tagmanifest-{name}.txt").write_bytes(_manifest(measured, name).encode("utf-8"))
    return payload


def faults_of(folder: Path, step: Step) -> list[Fault]:
    """Return what in a bag is not as its manifests say; nothing where all is as it was.

    Raises:
        CannotRead: it is no bag, or a manifest cannot be read.
    """
    if not (folder / "bagit.txt").is_file():
        raise CannotRead("This is no deposit: it has no bagit.txt.", where=str(folder), todo="Name the folder itself.")
    listed = {name: _listed(folder, f"manifest-{name}.txt") for name in ALGORITHMS}
    listed = {name: sums for name, sums in listed.items() if sums is not None}
    if not listed:
        raise CannotRead("The deposit has no manifest of checksums.", where=str(folder), todo="Ask for it again.")
    tags = {name: _listed(folder, f"tagmanifest-{name}.txt") for name in ALGORITHMS}
    wanted: dict[str, dict[str, str]] = {}
    for name, sums in (*listed.items(), *((name, sums or {}) for name, sums in tags.items())):
        for path, value in (sums or {}).items():
            wanted.setdefault(path, {})[name] = value
    faults = []
    for path, sums in sorted(wanted.items()):
        file = folder / path
        if not file.is_file() or not file.resolve().is_relative_to(folder.resolve()):
            faults.append(Fault(path, "missing"))
        elif any(measured_file(file, path, step).sums[name] != value for name, value in sums.items()):
            faults.append(Fault(path, "changed"))
    there, closed = set(), list[str]()
    for inside, _, names in os.walk(folder / PAYLOAD, onerror=lambda error: closed.append(str(error.filename))):
        there |= {(Path(inside) / name).relative_to(folder).as_posix() for name in names}
    faults += [Fault(Path(path).relative_to(folder).as_posix(), "closed") for path in sorted(closed)]
    return [*faults, *(Fault(path, "not listed") for path in sorted(there - wanted.keys()))]


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


def _manifest(members: list[Member], algorithm: str) -> str:
    return "".join(f"{each.sums[algorithm]}  {_escaped(each.path)}\n" for each in members)


def _escaped(path: str) -> str:
    """Return a path as manifests have it: line ends and the sign that escapes them are escaped (RFC 8493, 2.1.3)."""
    return re.sub("[%\r\n]", lambda found: quote(found.group()), path)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _listed(folder: Path, name: str) -> dict[str, str] | None:
    """Return what a manifest lists, path → checksum; ``None`` where there is no such manifest."""
    file = folder / name
    if not file.is_file():
        return None
    if file.stat().st_size > _LARGEST_MANIFEST:
        raise CannotRead("A manifest is too large.", where=str(file), todo="Ask where the deposit comes from.")
    found = {}
    try:
        lines = file.read_bytes().decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise CannotRead("A manifest is not UTF-8.", where=str(file), todo="Ask for the deposit again.") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        path = unquote(match.group(2).lstrip("*")) if match else ""
        if match is None or path.startswith("/") or ".." in path.split("/"):
            raise CannotRead("A line of a manifest cannot be understood.", where=f"{file}, line {number}")
        found[path] = match.group(1).lower()
    return found
