"""What is wrong with a study: what its schema forbids, what no schema can see, and what was mended while reading.

``check`` puts these together for a file. Which rules there are is said in ``rules``, how the schema is asked in
``schema``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import BinaryIO, cast

from msgspec.structs import replace

from qdabridge.findings import Finding, Findings, by_severity
from qdabridge.study.study import Study
from qdabridge.study.text import Counting

_SAID_BY_THE_SCHEMA = frozenset({"NS-VERSION", "ORDER", "REF-ATTR", "REQUIRED-MISSING", "UNREADABLE-VALUE"})
"""What the reader says of things that the schema says too, and more exactly."""


def check(path: Path, *, positions: str | Counting | None = None) -> list[Finding]:
    """Say what is wrong with a file, errors first; what is so in many places is one finding with a count.

    A .qdpx, .qde or .qdc is measured by the schema as it stands; a study of another format, such as JSON, as it would
    be written to one.

    Args:
        path: the file.
        positions: how it counts positions in text; found from the file without it.

    Raises:
        CannotRead: the file cannot be read at all.
    """
    from qdabridge.checks import rules
    from qdabridge.formats.refi import SUFFIXES
    from qdabridge.formats.registry import format_to_read, read_counted

    found = format_to_read(path)
    collected = Findings()
    with found.read(path) if positions is None else read_counted(path, positions) as study:
        by_schema = _of_file(path) if found.SUFFIXES == SUFFIXES else _of_study(study, path)
        for finding in study.findings:
            if not (by_schema and finding.code in _SAID_BY_THE_SCHEMA):
                collected.add(finding)
        for finding in by_schema:
            collected.add(finding)
        beyond = Findings()
        for finding in rules.findings_of(study):
            beyond.add(finding)
    placed = [replace(finding, where=f"{path.name}: {finding.where}") for finding in beyond.all()]
    return by_severity([*collected.all(), *placed])


def _of_file(path: Path) -> list[Finding]:
    """Return what the schema says of the XML in a file."""
    from qdabridge.checks.schema import explain, is_valid
    from qdabridge.formats.refi.package import open_package

    package = open_package(path)
    inner = package.project_entry
    where = path.name if inner == path.name else f"{path.name}: {inner}"
    try:
        return [] if is_valid(package.open_project, where) else explain(package.open_project, where)
    finally:
        package.files.close()


def _of_study(study: Study, path: Path) -> list[Finding]:
    """Return what the schema would say of a study once it is written as XML."""
    from qdabridge.checks.schema import explain, is_valid
    from qdabridge.formats.refi.grammar import PROJECT_NAMESPACE
    from qdabridge.formats.refi.xml_writer import write_xml

    was = study.form.namespace if study.form else ""
    with tempfile.TemporaryDirectory(prefix="qdabridge-") as folder:
        written = Path(folder) / "project.qde"
        with written.open("wb") as stream:
            write_xml(study.project, stream, namespace=PROJECT_NAMESPACE, namespace_was=was)

        def opened() -> BinaryIO:
            return cast(BinaryIO, written.open("rb"))

        # Lines of a file that nobody will see again would only mislead.
        return [] if is_valid(opened, path.name) else explain(opened, path.name, lines=False)
