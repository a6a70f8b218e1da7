"""Writes a PDF anew without what it says of the people who made it, in a process of its own.

Run as a program; it imports nothing of qdabridge. The PDF comes on standard input, and the new one goes to standard
output; how it went is the status. Sources: ISO 32000-1, 14.3 (metadata), 14.5 (page-piece dictionaries) and 12.5.6.2
(who wrote a remark).
"""

from __future__ import annotations

import contextlib
import io
import logging
import signal
import sys
from typing import Any, NoReturn

REWRITTEN, AS_IT_WAS, ENCRYPTED, CANNOT_BE_OPENED, TOO_MUCH = 0, 10, 11, 12, 13
"""The statuses; with the first the new PDF is on standard output."""

SECONDS = 30.0
"""Of computing for one PDF, where the system can count them."""

MEMORY = 1 << 30
"""Bytes that this process may use, where the system can count them."""


class TooLong(BaseException):
    """The file took more computing than it may; not an ``Exception``, which libraries catch."""


def main() -> int:
    """Read, write, and return how it went."""
    _limit()
    # What the libraries say of a strange file is for their own makers.
    logging.disable()
    out = sys.stdout.buffer
    try:
        # What the libraries print would stand before the PDF.
        with contextlib.redirect_stdout(io.StringIO()):
            new = _rewritten(sys.stdin.buffer.read())
    except (TooLong, MemoryError, RecursionError):
        return TOO_MUCH
    except Exception:  # noqa: BLE001 - the library raises whatever a strange file leads it to
        return CANNOT_BE_OPENED
    if isinstance(new, int):
        return new
    out.write(new)
    out.flush()
    return REWRITTEN


def _rewritten(data: bytes) -> bytes | int:
    from pypdf import PdfReader, PdfWriter

    reader: Any = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        return ENCRYPTED
    writer = PdfWriter(clone_from=reader)
    # Of a damaged tree the library finds some pages, or none, and says nothing.
    if not 0 < len(writer.pages) == reader.root_object["/Pages"]["/Count"]:
        return CANNOT_BE_OPENED
    taken = bool(reader.metadata)
    writer.metadata = None
    taken = _take(writer.root_object, "/Metadata", "/PieceInfo") or taken
    for page in writer.pages:
        taken = _take(page, "/Metadata", "/PieceInfo") or taken
        for remark in _inside(page, "/Annots"):
            found = remark.get_object()
            # In a form field the same key is the name of the field.
            if found.get("/Subtype") != "/Widget":
                taken = _take(found, "/T") or taken
        for thing in dict(_inside(_inside(page, "/Resources"), "/XObject")).values():
            taken = _take(thing.get_object(), "/Metadata", "/PieceInfo") or taken
    if not taken:
        return AS_IT_WAS
    # What nothing refers to any more would still be written: the metadata that were just taken out.
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _inside(thing: Any, key: str) -> Any:
    if key not in thing:
        return ()
    # What is looked up by brackets is followed to where it stands; by ``get`` it is not.
    return thing[key]


def _take(thing: Any, *keys: str) -> bool:
    from pypdf.generic import NameObject

    there = [key for key in keys if key in thing]
    for key in there:
        del thing[NameObject(key)]
    return bool(there)


def _limit() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        limit = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, most))
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, _interrupt)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)


def _interrupt(*_: object) -> NoReturn:
    raise TooLong


if __name__ == "__main__":
    sys.exit(main())
