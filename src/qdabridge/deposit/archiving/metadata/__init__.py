"""What an archive asks about a study, and the answers as archives and repositories take them in.

``questions`` writes the form and reads it again, ``ddi`` and ``datacite`` write what was answered in the words of each
standard. Nothing is invented: what was not answered is missing there, and listed.
"""

from __future__ import annotations

from qdabridge.deposit.archiving.metadata.answers import (
    Answers,
    Extent,
    Funding,
    Person,
    findings_on,
    read_answers,
    unanswered,
)
from qdabridge.deposit.archiving.metadata.datacite import datacite
from qdabridge.deposit.archiving.metadata.ddi import ddi_codebook
from qdabridge.deposit.archiving.metadata.form import form_for

__all__ = [
    "Answers",
    "Extent",
    "Funding",
    "Person",
    "datacite",
    "ddi_codebook",
    "findings_on",
    "form_for",
    "read_answers",
    "unanswered",
]
