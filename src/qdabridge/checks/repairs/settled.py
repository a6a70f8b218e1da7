"""SCHEMA, CODEBOOK-PACKED, NS-VERSION, XML-ENCODING, QDE-NAME: wrong with a file, and not once it is written anew.

Nothing is mended here; it is told, so that whoever saw it in a check knows what became of it.
"""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from qdabridge.checks.inventory import Inventory
from qdabridge.checks.repairs.left import of_schema
from qdabridge.checks.rules import form
from qdabridge.checks.schema import explain, is_valid
from qdabridge.findings import Finding
from qdabridge.formats.refi import SUFFIXES
from qdabridge.formats.refi.package import open_package
from qdabridge.formats.registry import format_to_read
from qdabridge.limits import DEFAULT, Limits
from qdabridge.study.model import Project
from qdabridge.study.study import Study

_SAID = {
    "CODEBOOK-PACKED": "The package held a codebook and no project; it is written as what its new name says.",
    "NS-VERSION": "The file said that it follows another version of the standard; it is written as version 1.0.",
    "XML-ENCODING": "The XML was not in UTF-8; it is written in UTF-8.",
    "QDE-NAME": "The project in the package was not named project.qde; it is now.",
}
_BY_SCHEMA = "The XML did not follow the schema here; as it is written, it does."


def settled_by_writing(study: Study, path: Path, limits: Limits = DEFAULT) -> list[Finding]:
    """Return what a check of a file finds wrong with its form, and what is not so once it is written as the standard's.

    Args:
        study: as it was read.
        path: the file.
        limits: how large the file may be.
    """
    # A study in JSON remembers the form that it once had; nothing of that is in the file any more.
    if study.form is None or format_to_read(path).SUFFIXES != SUFFIXES:
        return []
    found = [*form.misnamed(study, Inventory(Project(name=""))), *_of_file(path, limits)]
    found += [finding for finding in form.misfiled(study, path) if finding.code != "QDE-NAME"]
    settled = [_told(finding, _SAID[finding.code]) for finding in found if finding.code in _SAID]
    broken = [finding for finding in found if finding.code == "SCHEMA"]
    if broken:
        # What is still so in what would be written is in the study itself: that is mended, or left to a person.
        still = {finding.message for finding in of_schema(study)}
        broken = [finding for finding in broken if finding.message not in still]
    if broken:
        settled.append(replace(_told(broken[0], _BY_SCHEMA), count=sum(finding.count for finding in broken)))
    return settled


def _told(finding: Finding, message: str) -> Finding:
    return replace(finding, message=message, hint="", kind="mended")


def _of_file(path: Path, limits: Limits) -> list[Finding]:
    package = open_package(path, limits=limits)
    try:
        with package.open_project() as stream:
            told = list(form.encoding(stream.read(form.HEAD), package.project_entry))
        if is_valid(package.open_project, path.name):
            return told
        return told + explain(package.open_project, package.project_entry)
    finally:
        package.files.close()
