"""Takes author, title, programs and times out of the properties of a PDF, and authors of remarks; its pages stay.

A stranger's PDF may lead a library anywhere, so pypdf reads it in a process of its own (``pdf_rewriting``), which has
so much time and memory and no more.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from qdabridge.deposit.archiving.scrubbing.pdf_rewriting import (
    AS_IT_WAS,
    CANNOT_BE_OPENED,
    ENCRYPTED,
    REWRITTEN,
)
from qdabridge.errors import CannotRead

_WAITING = 120.0
"""Seconds by the clock after which the process is ended; it counts its own computing."""

_MAY_NAME = (b"/Info", b"/Metadata", b"/Annots", b"/PieceInfo", b"/XRef")
_WHY = {ENCRYPTED: "It is an encrypted PDF.", CANNOT_BE_OPENED: "It is a PDF that cannot be opened."}


def without_properties(data: bytes) -> bytes | None:
    """Return a PDF without its document information, XMP metadata and authors of remarks; ``None`` where it has none.

    Raises:
        CannotRead: it is damaged or encrypted, takes too long, or pypdf is not installed.
    """
    if not any(each in data for each in _MAY_NAME):
        return None
    if find_spec("pypdf") is None:
        raise CannotRead("Looking into PDFs needs qdabridge[pdf].")
    program = Path(__file__).with_name("pdf_rewriting.py")
    try:
        done = subprocess.run(
            # -P: a file in the current folder must not be taken for a library.
            [sys.executable, "-P", str(program)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_WAITING,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise CannotRead("It is a PDF that takes too long to look into.") from error
    if done.returncode == REWRITTEN:
        return done.stdout
    if done.returncode == AS_IT_WAS:
        return None
    raise CannotRead(_WHY.get(done.returncode, "It is a PDF that takes too long to look into."))
