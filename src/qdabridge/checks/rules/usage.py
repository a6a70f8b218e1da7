"""CODE-NOT-CODABLE, CODING-DUP: codes used as their codebook says they are not to be used, and used twice at once."""

from __future__ import annotations

from collections.abc import Iterator

from qdabridge.checks.inventory import Inventory, called, codings_of
from qdabridge.checks.rules.rule import Rule
from qdabridge.findings import Finding
from qdabridge.study import walk
from qdabridge.study.model import same_guid
from qdabridge.study.study import Study


def used_though_not_codable(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find codes that say they cannot be used for coding and are; one finding a code."""
    project = study.project
    folders = {same_guid(code.guid): code for code in walk.codes(project) if not code.is_codable}
    if not folders:
        return
    used = {
        coding.code_ref.target_guid
        for source in (*(project.sources or ()), *(project.notes or ()))
        for coding in codings_of(source)
    }
    normal = {same_guid(guid) for guid in used}
    for guid, code in folders.items():
        if guid in normal:
            yield Finding(
                "CODE-NOT-CODABLE",
                "warning",
                "A code is used that says it cannot be used for coding; programs that go by that drop its codings.",
                where=called(code),
                hint=(
                    "Make it codable in the program that the study comes from, or code with one of the codes inside it."
                ),
            )


def used_twice(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find selections that one person coded twice with one code; one finding for each."""
    for source in (*(study.project.sources or ()), *(study.project.notes or ())):
        for selection in walk.selections_of(source):
            if len(selection.codings) < 2:
                continue
            different = {
                (same_guid(coding.code_ref.target_guid), same_guid(coding.creating_user or ""))
                for coding in selection.codings
            }
            if len(different) < len(selection.codings):
                yield Finding(
                    "CODING-DUP",
                    "note",
                    "A selection is coded twice with one code by one person, so that it counts as two references.",
                    where=called(selection, source),
                    hint="Take one of them away in the program that the study comes from, unless both are meant.",
                )


RULES = (
    Rule(
        code="CODE-NOT-CODABLE",
        severity="warning",
        section="REFI-QDA 1.5, 11",
        title="something is coded with a code that cannot be used for coding",
        about="""\
Not all codes can be used for coding, for example folders, which have `isCodable="false"`; here one is used all the
same. Some programs (NVivo writes such files) do not mind; others make a folder of it and drop its codings.""",
        mended="The code becomes codable.",
        find=used_though_not_codable,
    ),
    Rule(
        code="CODING-DUP",
        severity="note",
        section="REFI-QDA 1.5, 3.4",
        title="a selection is coded twice with one code by one person",
        about="""\
A coding is the application of a code to a selection. Here one person applied one code to one selection twice, often
because copies of a project were joined. References, frequencies and matrices count it twice. Two people who coded the
same with the same code are two codings, as they should be.""",
        find=used_twice,
    ),
)
