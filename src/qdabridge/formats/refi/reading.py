"""Reads a study from .qdpx, .qde or .qdc: the package, the XML, then the positions.

Each of the three has a module of its own; this one puts them together and says in what form the study was found.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qdabridge.findings import Finding
from qdabridge.formats.refi.dialects import recognised
from qdabridge.formats.refi.grammar import CodebookFile
from qdabridge.formats.refi.package import Package, open_package
from qdabridge.formats.refi.positions import to_codepoints
from qdabridge.formats.refi.xml_builder import XmlDocument
from qdabridge.formats.refi.xml_reader import read_xml
from qdabridge.study.form import Form
from qdabridge.study.model import CodeBook, Project
from qdabridge.study.study import Study
from qdabridge.study.text import STANDARD


def read(path: Path, *, media: Path | None = None) -> Study:
    """Read a study from .qdpx, .qde (with a sources folder beside it) or .qdc.

    Args:
        path: the file.
        media: a folder in which media that lie outside the package may be looked for.

    Raises:
        CannotRead: the file is missing, damaged, or no study.
    """
    package = open_package(path, media=media)
    try:
        with _no_garbage_collection():
            document = read_xml(package.open_project, _where(path, package))
            return _study(document, package, path)
    except BaseException:
        package.files.close()
        raise


def _where(path: Path, package: Package) -> str:
    return path.name if package.project_entry == path.name else f"{path.name}: {package.project_entry}"


def _study(document: XmlDocument, package: Package, path: Path) -> Study:
    root = document.root
    if isinstance(root, CodebookFile):
        project = Project(
            name=path.stem,
            origin=root.origin,
            code_book=CodeBook(codes=root.codes),
            sets=root.sets,
            extensions=root.extensions,
        )
        kind = "qdc"
    else:
        project = root
        kind = "qde" if package.project_entry == path.name else "qdpx"
    dialect = recognised(project.origin)
    study = Study(project, package.files, document.findings)
    converted = to_codepoints(study, dialect.counting, _where(path, package))
    study.findings += converted.findings
    if dialect.counting != STANDARD and kind != "qdc":
        study.findings.append(
            Finding(
                "UTF16-POSITIONS" if dialect.counting.unit == "utf16" else "CRLF-AS-1",
                "note",
                f"{dialect.title} counts positions in {dialect.counting.described()}; "
                "they were brought to code points.",
                where=_where(path, package),
                kind="mended",
            )
        )
    study.form = Form(
        format=kind,
        tool=dialect.name,
        counting=dialect.counting,
        uncounted=converted.uncounted,
        project_entry=package.project_entry,
        project_index=package.project_index,
        namespace=document.namespace,
        prefix=document.prefix,
        before=document.before,
        after=document.after,
    )
    return study


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep the collector from walking a growing heap again and again: that is most of the cost of a million objects."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
