"""What is wrong with a study: what its schema forbids, what no schema can see, and what was mended while reading.

``check`` puts these together for a file. Which rules there are is said in ``rules``, how the schema is asked in
``schema``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, cast

from msgspec.structs import replace

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings, by_severity
from qdabridge.limits import Limits, limits_of
from qdabridge.study.study import Study
from qdabridge.study.text import Counting

_SAID_BY_THE_SCHEMA = frozenset({"NS-VERSION", "ORDER", "REF-ATTR", "REQUIRED-MISSING", "UNREADABLE-VALUE"})
"""What the reader says of things that the schema says too, and more exactly."""


def check(path: Path, *, positions: str | Counting | None = None, limits: str | Limits | None = None) -> list[Finding]:
    """Say what is wrong with a file, errors first; what is so in many places is one finding with a count.

    A .qdpx, .qde or .qdc is measured by the schema as it stands; a study of another format, such as JSON, as it would
    be written to one.

    Args:
        path: the file.
        positions: how it counts positions in text; found from the file without it.
        limits: how large it may be, where the usual limits are too low.

    Raises:
        CannotRead: the file cannot be read at all.
    """
    from qdabridge.checks.meanwhile import asked_meanwhile
    from qdabridge.checks.rules import form
    from qdabridge.formats.refi import SUFFIXES
    from qdabridge.formats.registry import format_to_read, read_study
    from qdabridge.formats.spreadsheet.sheets import SUFFIXES as TABLES

    found = format_to_read(path)
    if found.SUFFIXES == TABLES:
        raise CannotRead(
            f"This is no study: a file that ends in “{path.suffix}” is taken for a table.",
            where=str(path),
            todo="Make a study of it with qdabridge convert, and check that.",
        )
    with ExitStack() as stack:
        allowed = limits_of(limits)
        follows_the_schema = stack.enter_context(asked_meanwhile(path, allowed)) if found.SUFFIXES == SUFFIXES else None
        study = stack.enter_context(read_study(path, positions=positions, limits=allowed))
        beyond = _beyond(study)
        # Of JSON, the form is that which the study once had.
        misfiled = list(form.misfiled(study, path)) if follows_the_schema is not None else []
        if follows_the_schema is None:
            by_schema = _of_study(study, path)
        else:
            by_schema = _of_file(path, allowed, follows_the_schema)
        collected = Findings()
        for finding in study.findings:
            if not (by_schema and finding.code in _SAID_BY_THE_SCHEMA):
                collected.add(finding)
        for finding in (*by_schema, *misfiled):
            collected.add(finding)
    return by_severity([*collected.all(), *(_in_file(finding, path.name) for finding in beyond)])


def _beyond(study: Study) -> list[Finding]:
    """Return what no schema can see."""
    from qdabridge.checks import rules

    beyond = Findings()
    for finding in rules.findings_of(study):
        beyond.add(finding)
    return beyond.all()


def _in_file(finding: Finding, name: str) -> Finding:
    """Return a finding on a study with the name of its file before each place."""
    places = tuple(f"{name}: {place}" for place in finding.places)
    return replace(finding, where=f"{name}: {finding.where}" if finding.where else name, places=places)


def _of_file(path: Path, limits: Limits, follows_the_schema: Callable[[], bool]) -> list[Finding]:
    """Return what the schema says of the XML in a file, and whether it is written as the standard has it."""
    from qdabridge.checks.rules import form
    from qdabridge.checks.schema import explain
    from qdabridge.formats.refi.package import open_package

    package = open_package(path, limits=limits)
    inner = package.project_entry
    where = path.name if inner == path.name else f"{path.name}: {inner}"
    try:
        with package.open_project() as stream:
            told = list(form.encoding(stream.read(form.HEAD), where))
        return told if follows_the_schema() else told + explain(package.open_project, where)
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
