"""Reads a study from .qdpx, .qde or .qdc: the package, the XML, then the positions.

Each step has a module of its own; this one puts them together and says in what form the study was found.
"""

from __future__ import annotations

from pathlib import Path

from qdabridge.findings import Finding
from qdabridge.formats.refi.anchoring import anchor_by_name, anchor_in_sources
from qdabridge.formats.refi.detection import ENOUGH, Found, decide
from qdabridge.formats.refi.dialects import Dialect, recognised
from qdabridge.formats.refi.grammar import CodebookFile
from qdabridge.formats.refi.package import Package, open_package
from qdabridge.formats.refi.positions import to_codepoints
from qdabridge.formats.refi.texts import Texts
from qdabridge.formats.refi.xml_builder import XmlDocument
from qdabridge.formats.refi.xml_reader import read_xml
from qdabridge.limits import DEFAULT, Limits
from qdabridge.pause import garbage_collection_paused
from qdabridge.study.form import Form
from qdabridge.study.model import CodeBook, Project
from qdabridge.study.study import Study
from qdabridge.study.text import Counting


def read(
    path: Path, *, media: Path | None = None, positions: Counting | None = None, limits: Limits = DEFAULT
) -> Study:
    """Read a study from .qdpx, .qde (with a sources folder beside it) or .qdc.

    Args:
        path: the file.
        media: a folder in which media that lie outside the package may be looked for.
        positions: how the file counts positions in text; found from the file without it.
        limits: how large it may be.

    Raises:
        CannotRead: the file is missing, damaged, or no study.
        TooLarge: it is beyond the limits.
    """
    package = open_package(path, media=media, limits=limits)
    try:
        with garbage_collection_paused():
            document = read_xml(package.open_project, _where(path, package), limits)
            return _study(document, package, path, positions)
    except BaseException:
        package.files.close()
        raise


def _where(path: Path, package: Package) -> str:
    return path.name if package.project_entry == path.name else f"{path.name}: {package.project_entry}"


def _study(document: XmlDocument, package: Package, path: Path, asked: Counting | None) -> Study:
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
    where = _where(path, package)
    dialect = recognised(project.origin, document.namespace, project)
    study = Study(project, package.files, document.findings)
    texts = Texts(study)
    found = decide(project, texts, dialect.counting, asked)
    converted = to_codepoints(project, texts, found.counting, where)
    study.findings += converted.findings
    if kind != "qdc":
        study.findings += _told(found, dialect, where)
    study.findings += anchor_by_name(project, texts, found.counting, where, pages_drift=dialect.pages_drift)
    study.form = Form(
        format=kind,
        tool=dialect.name,
        counting=found.counting,
        decision=found.decision,
        uncounted=converted.uncounted,
        project_entry=package.project_entry,
        project_index=package.project_index,
        namespace=document.namespace,
        prefix=document.prefix,
        before=document.before,
        after=document.after,
    )
    anchor_in_sources(study, texts)
    return study


_COUNTED = {
    "unit": ("UTF16-POSITIONS", "note", "UTF-16 units, in which an emoji is two"),
    "crlf": ("CRLF-AS-1", "note", "line ends, in which CR LF is one"),
    "bom": ("BOM-POSITIONS", "warning", "the byte order mark at the beginning of a text"),
    "inclusive": ("END-INCLUSIVE", "warning", "the last character of a passage as its end"),
}


def _told(found: Found, dialect: Dialect, where: str) -> list[Finding]:
    """Say how positions are counted where that is not the standard's way, and how that was found."""
    counting, decision = found.counting, found.decision
    counted = {
        "unit": counting.unit == "utf16",
        "crlf": counting.crlf == 1 and "crlf" in found.differs,
        "bom": counting.bom and "bom" in found.differs,
        "inclusive": counting.inclusive,
    }
    findings = [
        Finding(
            code,
            "note" if severity == "note" else "warning",
            f"Positions in the file count {counted_are}; they were brought to code points, the end exclusive.",
            where=where,
            kind="mended",
        )
        for name, (code, severity, counted_are) in _COUNTED.items()
        if counted[name]
    ]
    fit = f"{decision.fitting:,} of {decision.selections:,} selections that tell"
    if decision.by == "selections" and counting != decision.expected:
        findings.append(
            Finding(
                "POSITIONS-FOUND",
                "warning",
                f"{'The standard counts' if dialect.name == 'standard' else dialect.title + ' is known to count'} "
                f"positions in {decision.expected.described()}, and "
                f"{decision.expected_fitting:,} of {decision.selections:,} selections that tell fit that; "
                f"{decision.fitting:,} fit {counting.described()}, so that was used.",
                where=where,
                hint=f"Look at a few quotes; --positions {decision.expected.in_words()} reads them the other way.",
            )
        )
    elif decision.by == "selections" and decision.fitting * 2 < decision.selections and decision.selections >= ENOUGH:
        findings.append(
            Finding(
                "POSITIONS-DOUBTFUL",
                "warning",
                f"Only {fit} begin and end at the edges of words or are what they are named after, in whatever way "
                "positions are counted.",
                where=where,
                hint="Look at a few quotes; if they are cut in words, the texts may not be those that were coded.",
            )
        )
    return findings
