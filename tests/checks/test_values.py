"""Values that do not go with their variable."""

from __future__ import annotations

import pytest

from checks.studies import found, guid, project, study
from qdabridge.checks.rules.values import unfit
from qdabridge.study.model import Project, VariableRef, VariableValue


def with_value(type_: str, **value: object) -> Project:
    changed = project()
    changed.variables[0].type_of_variable = type_
    changed.cases[0].variable_values = (VariableValue(variable_ref=VariableRef(target_guid=guid(4)), **value),)
    return changed


@pytest.mark.parametrize(
    ("type_", "value", "severity"),
    [
        ("Integer", {"integer_value": 42}, None),
        ("Integer", {"text_value": "42"}, "warning"),
        ("Integer", {"text_value": "about forty"}, "error"),
        ("Integer", {"float_value": "4.2"}, "error"),
        ("Integer", {"float_value": "4.0"}, "warning"),
        ("Integer", {"text_value": ""}, "warning"),
        ("Date", {"text_value": " "}, "warning"),
        ("Float", {"integer_value": 42}, "warning"),
        ("Boolean", {"text_value": "true"}, "warning"),
        ("Boolean", {"text_value": "yes"}, "error"),
        ("Text", {"boolean_value": False}, "warning"),
        ("Date", {"text_value": "2024-02-29"}, "warning"),
        ("Date", {"text_value": "2023-02-29"}, "error"),
        ("DateTime", {"date_value": "2024-02-29"}, "error"),
        ("Integer", {}, None),
        ("Number", {"text_value": "42"}, None),
    ],
)
def test_a_value_is_held_against_its_variables_type(type_: str, value: dict[str, object], severity: str | None) -> None:
    """No value is no wrong value, and an unknown type is the schema's affair."""
    findings = found(unfit, study(with_value(type_, **value)))
    assert [(finding.code, finding.severity) for finding in findings] == ([("VAR-TYPE", severity)] if severity else [])


def test_a_source_has_values_too() -> None:
    changed = project()
    value = VariableValue(variable_ref=VariableRef(target_guid="{" + guid(4).upper() + "}"), text_value="old")
    changed.sources[1].representation.variable_values = (value,)
    (finding,) = found(unfit, study(changed))
    assert "a source is written as Text, but its variable is of the type Integer" in finding.message
    assert finding.where == f"Representation {guid(22)}, Variable “Age”, “old”"


def test_a_second_value_of_one_variable_is_told() -> None:
    changed = project()
    changed.cases[0].variable_values *= 2
    (finding,) = found(unfit, study(changed))
    assert (finding.code, finding.message) == (
        "VAR-DUP",
        "A Case has more than one value of a variable; programs keep one of them.",
    )


def test_a_value_of_a_variable_that_is_not_there_is_left_to_the_pointers() -> None:
    changed = project()
    changed.variables = []
    assert found(unfit, study(changed)) == []
