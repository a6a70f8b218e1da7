"""Putting right what can be put right without guessing, and naming what needs a person.

``repair`` works on a copy of a study. A mend has a module here and a place in ``MENDS``; what is mended while reading,
or by writing alone, is told in docs/repairs.md beside these.
"""

from __future__ import annotations

from typing import NamedTuple

from qdabridge.checks.repairs import (
    colours,
    dates,
    files,
    guids,
    names,
    passages,
    paths,
    people,
    references,
    remarks,
    texts,
    unread,
    values,
    words,
)
from qdabridge.checks.repairs.left import left_in
from qdabridge.checks.repairs.mend import Mend, Step
from qdabridge.checks.repairs.mending import Mending, MendMade
from qdabridge.errors import BadRequest
from qdabridge.findings import Finding
from qdabridge.pause import garbage_collection_paused
from qdabridge.safety import MAX_DEPTH
from qdabridge.study.counts import code_levels
from qdabridge.study.study import Study

__all__ = ["MENDS", "Mend", "MendMade", "Repaired", "Step", "repair"]

MENDS: tuple[Mend, ...] = (
    # What is found by one step may be needed by the next: files, then the words in them, then what counts the words.
    *unread.MENDS,
    *paths.MENDS,
    *texts.MENDS,
    *people.MENDS,
    references.BY_FILENAME,
    *guids.MENDS,
    texts.COUNTED,
    *references.MENDS,
    *remarks.MENDS,
    *passages.MENDS,
    *values.MENDS,
    *names.MENDS,
    *words.MENDS,
    *colours.MENDS,
    *dates.MENDS,
    *files.MENDS,
)
"""All mends, in the order in which they are made."""


class Repaired(NamedTuple):
    """What came of mending a study.

    Args:
        study: the mended copy; it uses the files of the study it was made from, so write it before that is closed.
        mended: what was put right, each kind of fault as one finding with a count.
        each: every single mend, in the order in which they were made.
        left: what is wrong still and needs a person, errors first.
    """

    study: Study
    mended: list[Finding]
    each: list[MendMade]
    left: list[Finding]


def repair(study: Study, *, encoding: str | None = None) -> Repaired:
    """Mend a copy of a study: everything that can mean only one thing; nothing that is sound is touched.

    Args:
        study: what to mend; it is not changed.
        encoding: the encoding of texts that are not UTF-8, such as ``cp1252``, for whoever knows it.

    Raises:
        BadRequest: there is no such encoding, or codes are nested deeper than any file can hold.
    """
    if code_levels(study.project) > MAX_DEPTH:
        raise BadRequest("Codes are nested too deep to be mended.", todo="Flatten the code tree.")
    with garbage_collection_paused():
        mending = Mending(study, texts.encoding_named(encoding) if encoding is not None else None)
        for step in dict.fromkeys(mend.step for mend in MENDS):
            step(mending)
        mended = mending.study()
        return Repaired(mended, mending.findings.all(), mending.each, left_in(mended))
