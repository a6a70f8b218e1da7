"""Takes zips apart and puts them together again, for changing what is in them."""

from __future__ import annotations

import io
import random
import warnings
import zipfile
import zlib

_LARGEST = 1_000_000


def unpacked(data: bytes) -> list[tuple[str, bytes]]:
    """Return the names and contents of a zip's smaller entries; nothing where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [(info.filename, archive.read(info)) for info in archive.infolist() if info.file_size < _LARGEST]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return []


def packed(entries: list[tuple[str, bytes]], dice: random.Random) -> bytes:
    """Return a zip, compressed or not."""
    buffer = io.BytesIO()
    method = zipfile.ZIP_STORED if dice.random() < 0.3 else zipfile.ZIP_DEFLATED
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for name, content in entries:
                archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, method)
    return buffer.getvalue()
