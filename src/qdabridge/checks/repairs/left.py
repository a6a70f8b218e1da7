"""What is wrong with a mended study still: what needs a person. Knows nothing of how it was mended."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from msgspec.structs import replace

from qdabridge.checks import rules
from qdabridge.checks.inventory import called
from qdabridge.checks.schema import explain, is_valid
from qdabridge.findings import Finding, Findings, by_severity
from qdabridge.formats.refi.adapting.draft import elements_in
from qdabridge.formats.refi.grammar import PROJECT_NAMESPACE
from qdabridge.formats.refi.xml_writer import write_xml
from qdabridge.study.model import spelled_as_in_the_standard
from qdabridge.study.study import Study

_BY_ENCODING = (
    "Say which encoding it has, such as --encoding cp1252 (Windows), or save it as UTF-8 text and put it back."
)


def left_in(study: Study) -> list[Finding]:
    """Return what a check of the study would find wrong once it is written as the standard says, errors first."""
    found = Findings()
    for finding in of_schema(study):
        found.add(finding)
    # What the package was named is no longer so when it is written.
    form = replace(study.form, project_entry="project.qde") if study.form else None
    for finding in rules.findings_of(Study(study.project, study.files, form=form)):
        if finding.kind == "problem":
            found.add(replace(finding, hint=_BY_ENCODING) if finding.code == "TEXT-ENCODING" else finding)
    for finding in _unread(study):
        found.add(finding)
    return by_severity(found.all())


def of_schema(study: Study) -> list[Finding]:
    """Return what the schema would say of a study that is written as the standard says."""
    name = "project.qde"
    was = study.form.namespace if study.form else ""
    with tempfile.TemporaryDirectory(prefix="qdabridge-") as folder:
        written = Path(folder) / name
        with written.open("wb") as stream:
            write_xml(study.project, stream, namespace=PROJECT_NAMESPACE, namespace_was=was, strict=True)

        def opened() -> BinaryIO:
            return cast(BinaryIO, written.open("rb"))

        # Lines of a file that nobody will see again would only mislead.
        return [] if is_valid(opened, name) else explain(opened, name, lines=False)


def _unread(study: Study) -> Iterator[Finding]:
    """Find numbers that could not be read and may be absent: the standard's form leaves them out."""
    for element in elements_in(study.project):
        for name, written in element.extensions.lexical.items() if element.extensions is not None else ():
            field = next((each for each in element.__struct_fields__ if spelled_as_in_the_standard(each) == name), None)
            if written is not None and field is not None and getattr(element, field) is None:
                yield Finding(
                    "UNREADABLE-VALUE",
                    "warning",
                    f"There is a {name} that cannot be read as what it should be; the standard's form leaves it out.",
                    where=f"{called(element)}, {name} {written}",
                    hint="Correct it in the program that the study comes from; --for same keeps it as it is.",
                )
