"""What people cannot tell by its name, and codes used as they should not be."""

from __future__ import annotations

import pytest

from checks.studies import coding, found, guid, project, study
from qdabridge.checks.rules.names import unclear
from qdabridge.checks.rules.usage import used_though_not_codable
from qdabridge.study.model import Case, Code, Note, PlainTextSelection, Set, Variable


@pytest.mark.parametrize("name", ["", "  \n"])
def test_a_code_variable_or_set_needs_a_name(name: str) -> None:
    changed = project()
    changed.code_book.codes[0].codes[0].name = name
    changed.variables[0].name = name
    changed.sets[0].name = name
    findings = found(unclear, study(changed))
    assert [finding.code for finding in findings] == ["NAME-MISSING"] * 3
    assert findings[0].where == f"Code {guid(3)} in Code “Access”"


def test_a_case_may_be_nameless() -> None:
    """It carries the values of its source."""
    changed = project()
    changed.cases += [Case(guid=guid(60)), Case(guid=guid(61), name="")]
    assert found(unclear, study(changed)) == []


def test_codes_of_one_name_beside_each_other_are_told_apart_by_nobody() -> None:
    changed = project()
    changed.code_book.codes.append(Code(guid=guid(60), name="Access "))
    (finding,) = found(unclear, study(changed))
    assert (finding.code, finding.where) == ("NAME-DUP", f"Code “Access”, guid {guid(60)}")


def test_codes_of_one_name_in_different_places_are_usual() -> None:
    changed = project()
    changed.code_book.codes.append(Code(guid=guid(60), name="Waiting times"))
    assert found(unclear, study(changed)) == []


def test_variables_cases_and_sets_of_one_name_are_told() -> None:
    changed = project()
    changed.variables.append(Variable(guid=guid(60), name="Age", type_of_variable="Text"))
    changed.cases.append(Case(guid=guid(61), name="Ana"))
    changed.sets.append(Set(guid=guid(62), name="Round one"))
    assert [finding.message.split()[1] for finding in found(unclear, study(changed))] == ["Variables", "Cases", "Sets"]


@pytest.mark.parametrize("where", ["passage", "whole source", "text of a PDF", "note"])
def test_a_folder_that_is_used_as_a_code_is_told_once(where: str) -> None:
    changed = project()
    folder = Code(guid=guid(60).upper(), name="Folder", is_codable=False)
    changed.code_book.codes.append(folder)
    assert found(used_though_not_codable, study(changed)) == []
    codings = (coding(61, 60), coding(62, 60))
    if where == "passage":
        changed.sources[0].plain_text_selections[0].codings = codings
    elif where == "whole source":
        changed.sources[1].codings = codings
    elif where == "text of a PDF":
        changed.sources[1].representation.codings = codings
    else:
        marked = PlainTextSelection(guid=guid(63), start_position=0, end_position=3, codings=codings)
        changed.notes.append(Note(guid=guid(64), plain_text_content="Ask", plain_text_selections=[marked]))
    (finding,) = found(used_though_not_codable, study(changed))
    assert (finding.code, finding.severity, finding.where) == ("CODE-NOT-CODABLE", "warning", "Code “Folder”")
