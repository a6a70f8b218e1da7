"""Moves a qualitative study between NVivo and other REFI-QDA tools, framework matrices in spreadsheets, and plain JSON.

>>> import qdabridge as qda
>>> ana = qda.model.Case(guid="7f3b6d0e-4c2a-4d8e-9b1f-0a5c6e7d8f90", name="Ana")
>>> study = qda.Study(qda.Project(name="Waiting for care", cases=[ana]))
>>> study.project.cases[0].name
'Ana'

``read`` takes in a study, ``write`` gives one out, ``check`` says what is wrong with a file, ``repair`` mends a study.
``framework_matrix`` makes the grid of cases by codes, ``co_occurrence`` and ``crosstab`` those of codes by codes and by
values; ``chart`` takes in the summaries that people wrote. ``agree``, ``reconcile``, ``merge``, ``compare`` and
``saturation`` are about the work of several coders and of several versions. Everything that can go wrong is a
``QdabridgeError`` (see ``errors``); everything worth telling is a ``Finding``.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from qdabridge import errors
    from qdabridge.checks.repairs import Repaired, repair
    from qdabridge.coders.agreement import Agreement, agree, disagreements
    from qdabridge.coders.comparing import Comparison, compare
    from qdabridge.coders.merging import Merged, merge
    from qdabridge.coders.reconciling import Reconciled, reconcile
    from qdabridge.coders.saturation import Saturation, saturation
    from qdabridge.deposit.archiving import Archived, archive
    from qdabridge.deposit.pseudonymising import Pseudonymised, pseudonymise
    from qdabridge.errors import (
        BadRequest,
        CannotRead,
        CannotWrite,
        NotFound,
        NotInStudy,
        QdabridgeError,
        TargetExists,
        TooLarge,
    )
    from qdabridge.findings import Finding
    from qdabridge.formats.exports import write_cases, write_codebook, write_codings
    from qdabridge.formats.spreadsheet.charting_back import Charted, chart
    from qdabridge.limits import Limits
    from qdabridge.matrix import Matrix, co_occurrence, crosstab, framework_matrix
    from qdabridge.study import model
    from qdabridge.study.files import Files
    from qdabridge.study.lookup import Lookup
    from qdabridge.study.model import Project
    from qdabridge.study.study import Study
    from qdabridge.study.text import Counting

__all__ = [
    "Agreement",
    "Archived",
    "BadRequest",
    "CannotRead",
    "CannotWrite",
    "Charted",
    "Comparison",
    "Files",
    "Finding",
    "Limits",
    "Lookup",
    "Matrix",
    "Merged",
    "NotFound",
    "NotInStudy",
    "Project",
    "Pseudonymised",
    "QdabridgeError",
    "Reconciled",
    "Repaired",
    "Saturation",
    "Study",
    "TargetExists",
    "TooLarge",
    "__version__",
    "agree",
    "archive",
    "chart",
    "check",
    "co_occurrence",
    "compare",
    "crosstab",
    "disagreements",
    "errors",
    "framework_matrix",
    "losses",
    "merge",
    "model",
    "pseudonymise",
    "read",
    "reconcile",
    "repair",
    "saturation",
    "write",
    "write_cases",
    "write_codebook",
    "write_codings",
]

_HOMES = {
    "Agreement": "qdabridge.coders.agreement",
    "Archived": "qdabridge.deposit.archiving",
    "Charted": "qdabridge.formats.spreadsheet.charting_back",
    "Comparison": "qdabridge.coders.comparing",
    "Files": "qdabridge.study.files",
    "Finding": "qdabridge.findings",
    "Limits": "qdabridge.limits",
    "Lookup": "qdabridge.study.lookup",
    "Matrix": "qdabridge.matrix",
    "Merged": "qdabridge.coders.merging",
    "Project": "qdabridge.study.model",
    "Pseudonymised": "qdabridge.deposit.pseudonymising",
    "Reconciled": "qdabridge.coders.reconciling",
    "Repaired": "qdabridge.checks.repairs",
    "Saturation": "qdabridge.coders.saturation",
    "Study": "qdabridge.study.study",
    "agree": "qdabridge.coders.agreement",
    "archive": "qdabridge.deposit.archiving",
    "chart": "qdabridge.formats.spreadsheet.charting_back",
    "co_occurrence": "qdabridge.matrix",
    "compare": "qdabridge.coders.comparing",
    "crosstab": "qdabridge.matrix",
    "disagreements": "qdabridge.coders.agreement",
    "framework_matrix": "qdabridge.matrix",
    "merge": "qdabridge.coders.merging",
    "pseudonymise": "qdabridge.deposit.pseudonymising",
    "reconcile": "qdabridge.coders.reconciling",
    "repair": "qdabridge.checks.repairs",
    "saturation": "qdabridge.coders.saturation",
    "write_cases": "qdabridge.formats.exports",
    "write_codebook": "qdabridge.formats.exports",
    "write_codings": "qdabridge.formats.exports",
}
_MODULES = {"errors": "qdabridge.errors", "model": "qdabridge.study.model"}


def read(
    path: str | os.PathLike[str],
    *,
    media: str | os.PathLike[str] | None = None,
    positions: str | Counting | None = None,
    limits: str | Limits | None = None,
    layout: str | None = None,
    sources: str | os.PathLike[str] | None = None,
) -> Study:
    """Read a study from a .qdpx, .qde, .qdc or .json file, or from a table (.xlsx, .csv, .ods …) that a tool made.

    Args:
        path: the file.
        media: a folder in which media that lie outside the package may be looked for; nothing outside the package and
            this folder is ever opened.
        positions: how a REFI-QDA file counts positions in text, such as ``"utf16"`` or ``"codepoints,crlf=1"`` (see
            ``study.text.counting_of``); found from the file without it.
        limits: how large it may be, where the usual limits are too low, such as ``"text=500MB"`` (see ``limits``).
        layout: for a table, which layout it has, such as ``"plain-matrix"``; recognised without it.
        sources: for a table, a folder with the texts of the sources, in which its quotes are located.

    Returns:
        The study with ``.project``, ``.files`` and ``.findings``; use it as a context manager.

    Raises:
        CannotRead: the file is missing, damaged, or no study; the message says what to do.
        TooLarge: the file is beyond a limit that protects the machine; the message names it.
        BadRequest: ``positions``, ``limits`` or ``layout`` are not understood, or are not for this format.
    """
    from qdabridge.formats.registry import read_study

    folder = Path(media) if media is not None else None
    texts = Path(sources) if sources is not None else None
    return read_study(Path(path), media=folder, positions=positions, limits=limits, layout=layout, sources=texts)


def write(
    study: Study, path: str | os.PathLike[str], profile: str = "standard", *, overwrite: bool = False, **options: Any
) -> list[Finding]:
    """Write a study; the ending of the path says in which format.

    Args:
        study: what to write; it is not changed.
        path: the target; it takes its name only when it is complete.
        profile: for REFI-QDA, ``standard``; the tool that is to read it: ``nvivo``, ``nvivo-mac``, ``maxqda``,
            ``atlasti``, ``qualcoder``; or ``same`` for the form the study was read from.
        overwrite: whether an existing target may be replaced.
        options: what the format offers besides, such as ``quotes=True`` for JSON.

    Returns:
        What the target cannot hold, and what was changed to fit it.

    Raises:
        BadRequest: the ending or the profile is not known.
        CannotWrite: the target could not be written; an old one is as it was.
    """
    from inspect import signature

    from qdabridge.errors import BadRequest
    from qdabridge.formats.registry import format_to_write

    target = Path(path)
    writer = format_to_write(target).write
    unknown = options.keys() - signature(writer).parameters.keys()
    if unknown:
        raise BadRequest(f"A {target.suffix} cannot be written with the option “{min(unknown)}”.", where=str(target))
    return writer(study, target, profile, overwrite=overwrite, **options)


def losses(study: Study, profile: str = "standard", *, suffix: str = ".qdpx") -> list[Finding]:
    """Say what would be lost if a study were written, without writing anything.

    Args:
        study: what would be written.
        profile: for REFI-QDA, as for ``write``.
        suffix: the ending of the file that would be written; formats other than REFI-QDA hold everything.

    Raises:
        BadRequest: the ending or the profile is not known.
    """
    from qdabridge.formats import refi
    from qdabridge.formats.registry import format_to_write

    if format_to_write(Path(f"study{suffix}")).SUFFIXES != refi.SUFFIXES:
        return []
    return refi.losses(study, profile, suffix=suffix)


def check(
    path: str | os.PathLike[str],
    *,
    positions: str | Counting | None = None,
    limits: str | Limits | None = None,
) -> list[Finding]:
    """Say what is wrong with a file: against the schema, and beyond it.

    Args:
        path: the file.
        positions: how it counts positions in text, as for ``read``.
        limits: how large it may be, as for ``read``.

    Raises:
        CannotRead: it cannot be read at all.
    """
    from qdabridge import checks

    return checks.check(Path(path), positions=positions, limits=limits)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import qdabridge`` costs nothing."""
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in __all__:
        return getattr(import_module("qdabridge.errors"), name)
    raise AttributeError(f"module 'qdabridge' has no attribute '{name}'")
