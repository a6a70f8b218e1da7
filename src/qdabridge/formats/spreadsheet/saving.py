"""Saving a write-only workbook, and leaving it when something goes wrong, without noise and without litter.

openpyxl writes each sheet to a temporary file and the package from those. When a disk is full it leaves them open, and
Python complains on the terminal when they are forgotten. This module knows openpyxl, and nothing of what is in a sheet.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from lxml.etree import SerialisationError
from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter


@contextmanager
def saving(book: Workbook, stream: BinaryIO) -> Iterator[None]:
    """Save a workbook when the block that fills it ends well; else close what is open and remove what was written.

    Raises:
        OSError: there is no room for the sheets, or for the workbook.
    """
    try:
        yield
        _save(book, stream)
    except SerialisationError as error:
        _abandon(book)
        raise _in_the_systems_words(error) from error
    except BaseException:
        _abandon(book)
        raise


def _save(book: Workbook, stream: BinaryIO) -> None:
    archive = ZipFile(stream, "w", ZIP_DEFLATED)
    try:
        ExcelWriter(book, archive).save()
    except BaseException:
        # While the stream is still open: an archive that is forgotten later tries to finish itself.
        with suppress(Exception):
            archive.close()
        raise


def _abandon(book: Workbook) -> None:
    for sheet in book.worksheets:
        writer = sheet._writer
        for leave in (sheet.close, *((writer.close, writer.cleanup) if writer is not None else ())):
            with suppress(Exception):
                leave()


def _in_the_systems_words(error: SerialisationError) -> OSError:
    """libxml2 names errors of the system such as ENOSPC in its message, but does not raise them as such."""
    folder = tempfile.gettempdir()
    if "ENOSPC" in str(error):
        return OSError(errno.ENOSPC, f"no space left in the folder for temporary files, {folder}")
    return OSError(errno.EIO, f"the folder for temporary files, {folder}, cannot be written to: {error}")
