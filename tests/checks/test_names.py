"""What people cannot tell by its name, and codes used as they should not be."""

from __future__ import annotations

import pytest

from checks.studies import coding, found, guid, project, study
from qdabridge.checks.rules.names import unclear
from qdabridge.checks.rules.usage import used_though_not_codable, used_twice
from qdabridge.study.model import Case, Code, Note, PlainTextSelection, Set, TextSource, User, Variable


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


def test_sources_want_names_of_their_own_or_the_path_that_they_had() -> None:
    changed = project()
    changed.sources[0].name, changed.sources[1].name = " ", None
    changed.sources[1].current_path = "absolute:///C:/leaflets/Opening hours.pdf"
    changed.sources.append(TextSource(guid=guid(60), name="Call"))
    missing, twice = found(unclear, study(changed))
    assert (missing.code, missing.severity) == ("NAME-MISSING", "warning")
    assert missing.message == "The name of a source is empty, so that people cannot tell what it is."
    assert (twice.code, twice.severity) == ("NAME-DUP", "warning")
    assert twice.message.startswith("Two sources have the same name")


def test_names_of_notes_and_users_are_only_worth_a_note() -> None:
    changed = project()
    changed.notes.append(Note(guid=guid(60), name=changed.notes[0].name))
    changed.users += [User(guid=guid(61), name="Mair"), User(guid=guid(62))]
    told = [(each.code, each.severity) for each in found(unclear, study(changed))]
    assert told == [("NAME-DUP", "note"), ("NAME-MISSING", "note"), ("NAME-DUP", "note")]


def test_a_selection_that_one_person_coded_twice_with_one_code_counts_twice() -> None:
    changed = project()
    passage = changed.sources[0].plain_text_selections[0]
    passage.codings += (coding(60, 3), coding(61, 3))
    (finding,) = found(used_twice, study(changed))
    assert (finding.code, finding.severity) == ("CODING-DUP", "note")
    assert finding.where == f"PlainTextSelection {guid(12)} in TextSource “Interview Ana”"


def test_two_people_may_code_alike_and_one_with_two_codes() -> None:
    changed = project()
    passage = changed.sources[0].plain_text_selections[0]
    of_another = coding(60, 3)
    of_another.creating_user = guid(62)
    passage.codings += (of_another, coding(61, 2))
    assert found(used_twice, study(changed)) == []


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
