"""SCHEMA, CODEBOOK-PACKED, NS-VERSION, XML-ENCODING, QDE-NAME: the file as a whole, whatever is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from qdabridge.checks.inventory import Inventory
from qdabridge.checks.rules.rule import Rule
from qdabridge.findings import Finding
from qdabridge.study.study import Study

HEAD = 200
"""How many bytes of the XML tell its encoding."""

_ENDINGS = {"qdpx": ".qdpx", "qde": ".qde", "qdc": ".qdc"}
_DECLARED = re.compile(rb"""^<\?xml[^>]*\bencoding\s*=\s*["']([^"']+)["']""")


def encoding(head: bytes, where: str) -> Iterator[Finding]:
    """Find XML that is not UTF-8, which is told by its beginning, before anything is read as a study.

    Args:
        head: its first bytes.
        where: what to call it.
    """
    declared = _DECLARED.match(head.removeprefix(b"\xef\xbb\xbf"))
    named = declared[1].decode("ascii", "replace") if declared else "UTF-8"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:4]:
        named = "UTF-16 or UTF-32"
    # ASCII is the part of UTF-8 that it is spelled in.
    if named.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        yield Finding(
            "XML-ENCODING",
            "warning",
            "The XML is not in UTF-8, as the standard has it; programs that expect it read other letters or nothing.",
            where=f"{where}, {named}",
            hint="Write the study anew: qdabridge convert.",
        )


def misnamed(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find a package whose XML has another name than the standard's; the case of letters does not matter."""
    form = study.form
    if form is None or form.format != "qdpx" or form.project_entry.lower() == "project.qde":
        return
    yield Finding(
        "QDE-NAME",
        "warning",
        "The project in the package is not named project.qde, so that programs which look for that name find nothing.",
        where=form.project_entry,
        hint="Write the study anew: qdabridge convert, or rename it inside the package.",
    )


def misfiled(study: Study, path: Path) -> Iterator[Finding]:
    """Find a file whose ending is not the standard's for what is in it, and a package with a codebook for a project."""
    form = study.form
    if form is None or form.format not in _ENDINGS:
        return
    packed = form.project_entry != path.name
    if form.format == "qdc" and packed:
        yield Finding(
            "CODEBOOK-PACKED",
            "error",
            "The package holds a codebook and no project, so that programs refuse it.",
            where=f"{path.name}: {form.project_entry}",
            hint="Take the codebook out and name it with the ending .qdc, or export the project again.",
        )
    elif path.suffix.lower() != (wanted := _ENDINGS[form.format]):
        what = {".qdpx": "package", ".qde": "project's XML", ".qdc": "codebook"}[wanted]
        yield Finding(
            "QDE-NAME",
            "warning",
            f"The name of a {what} does not end in {wanted}, so that programs do not offer to open it.",
            where=path.name,
            hint=f"Give it a name that ends in {wanted}.",
        )


RULES = (
    Rule(
        code="SCHEMA",
        severity="error",
        section="REFI-QDA 1.5, 5 and 6",
        title="the XML does not follow the schema",
        about="""\
The XML does not follow the schema: an element or attribute that is not known, missing, in the wrong order or there
twice, an empty container, or a value that is no GUID, date, number, truth value, colour or known word. The place is
the line in the .qde and a path such as `/Project/Cases/Case[3] “Ana”`. A thousand faults are explained one by one;
elements with more are counted. Programs that check strictly (ATLAS.ti does) refuse the whole file. Mend it in the
program that wrote it; what is missing, such as a code's GUID, nobody else can know.""",
        mended=(
            "Elements are put into the standard's order, empty containers and what the standard does not know are"
            " left out."
        ),
    ),
    Rule(
        code="CODEBOOK-PACKED",
        severity="error",
        section="REFI-QDA 1.5, 5.2 and 5.3",
        title="a package holds a codebook and no project",
        about="""\
A package holds a project; a codebook is exchanged by itself, as a `.qdc`. Here the XML in the package is a codebook,
so that programs which open projects refuse it, and those which read codebooks do not look inside.""",
        mended="It is written as what the ending of the new file says.",
    ),
    Rule(
        code="NS-VERSION",
        severity="error",
        section="REFI-QDA 1.5, 5.2 and 5.3",
        title="the XML says that it follows another version of the standard",
        about="""\
The file says that it follows another version of the standard, such as `urn:QDA-XML:project:0:10`, or none. It is
read, and measured as if it said 1.0; strict programs refuse it.""",
        mended="The file is written as version 1.0.",
    ),
    Rule(
        code="XML-ENCODING",
        severity="warning",
        section="REFI-QDA 1.5, 5.1",
        title="the XML is not in UTF-8",
        about="""\
The XML is UTF-8 encoded, says the standard; this one is in another encoding. XML allows it and says which, so that
nothing is lost here, but a program that takes it for UTF-8 reads other letters, or nothing.""",
        mended="It is written in UTF-8.",
    ),
    Rule(
        code="QDE-NAME",
        severity="warning",
        section="REFI-QDA 1.5, 5.2, 5.3 and 8.1",
        title="the project in the package is not named project.qde, or the file has another ending",
        about="""\
The XML in a .qdpx has to be named `project.qde`; ATLAS.ti names it after the project. Whatever looks for the
standard's name finds no study in the package. Capital letters are let pass, since the standard itself writes
`project.QDE` and `Project.qde`. The package itself has to end in `.qdpx`, a codebook in `.qdc`, XML without a package
in `.qde`: programs offer only what has these endings.""",
        mended="It is named `project.qde`; repair writes to whatever name it is given.",
        find=misnamed,
    ),
)
