"""Colours, dates, truth values, types and numbers: what can mean one thing is put right, and the rest is left."""

from __future__ import annotations

import pytest

import qdabridge as qda
from checks.repairs.differences import left_in
from checks.studies import guid, project, study
from qdabridge.checks.repairs.dates import moment_of
from qdabridge.study.model import (
    Code,
    Extensions,
    Link,
    Variable,
    VariableRef,
    VariableValue,
)


def colours_after(*colours: str) -> list[str | None]:
    changed = project()
    changed.code_book.codes = [
        *changed.code_book.codes,
        *(Code(guid=guid(900 + number), name=str(number), color=color) for number, color in enumerate(colours)),
    ]
    return [code.color for code in qda.repair(study(changed)).study.project.code_book.codes[1:]]


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("rgb(51, 204, 51)", "#33cc33"),
        ("rgba(51,204,51,0.5)", "#33cc33"),
        ("#80ABCD", "#80ABCD"),
        ("#FF33cc33", "#33cc33"),
        ("#33cc33FF", "#33cc33"),
        ("33cc33", "#33cc33"),
        ("Color [A=255, R=51, G=204, B=51]", "#33cc33"),
        ("Color [Red]", "#ff0000"),
        ("red", "#ff0000"),
        ("-65536", "#ff0000"),
        ("", None),
        # These may mean several colours.
        ("#FF33ccFF", "#FF33ccFF"),
        ("#80ff0080", "#80ff0080"),
        ("16711680", "16711680"),
        ("123456", "123456"),
        ("rgb(300,0,0)", "rgb(300,0,0)"),
        ("periwinkle", "periwinkle"),
    ],
)
def test_a_colour_that_means_one_thing_is_written_as_the_standard_has_it(found: str, meant: str | None) -> None:
    assert colours_after(found) == [meant]


def test_other_colours_tell_where_the_opacity_stands() -> None:
    assert colours_after("#FF33ccFF", "#FF000000") == ["#33ccFF", "#000000"]
    assert colours_after("#FF33ccFF", "#000000FF") == ["#FF33cc", "#000000"]
    assert colours_after("#FF33ccFF", "#FF000000", "#000000FF") == ["#FF33ccFF", "#FF000000", "#000000FF"]


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("2026-03-05 16:30:00", "2026-03-05T16:30:00"),
        ("2026-03-05 16:30:00+0100", "2026-03-05T16:30:00+01:00"),
        ("2026-03-05T16:30Z", "2026-03-05T16:30:00Z"),
        ("2026-03-05T16:30:00,25 UTC", "2026-03-05T16:30:00.25Z"),
        ("2026-03-05", "2026-03-05T00:00:00"),
        ("2026/3/5 9:05", "2026-03-05T09:05:00"),
        ("20260305T163000", None),
        ("5.3.2026, 16:30", "2026-03-05T16:30:00"),
        ("3/25/2026 12:30 AM", None),
        ("30.2.2026", None),
        ("5.3.26", None),
        ("13:30 PM 5.3.2026", None),
        ("spring 2026", None),
    ],
)
def test_a_date_that_means_one_day_is_understood(found: str, meant: str | None) -> None:
    assert moment_of(found, day_first=None) == meant


def test_other_dates_tell_whether_the_day_comes_first() -> None:
    changed = project()
    changed.creation_date_time, changed.modified_date_time = "3/5/2026 10:00", "25/3/2026 10:00"
    mended = qda.repair(study(changed)).study.project
    assert (mended.creation_date_time, mended.modified_date_time) == ("2026-05-03T10:00:00", "2026-03-25T10:00:00")
    changed.modified_date_time = None
    result = qda.repair(study(changed))
    assert result.study.project.creation_date_time == "3/5/2026 10:00"
    assert left_in(result) == ["SCHEMA"]


def test_false_in_capitals_is_false() -> None:
    changed = project()
    code = changed.code_book.codes[0].codes[0]
    changed.sources[0].plain_text_selections[0].codings = ()
    code.extensions = Extensions(lexical={"isCodable": "False"})
    mended = qda.repair(study(changed)).study.project.code_book.codes[0].codes[0]
    assert mended.is_codable is False
    assert mended.extensions is None
    assert code.extensions == Extensions(lexical={"isCodable": "False"})


def test_an_unusual_spelling_that_the_schema_allows_stays() -> None:
    changed = project()
    changed.code_book.codes[0].extensions = Extensions(lexical={"isCodable": "1"})
    assert qda.repair(study(changed)).study.project == changed


def test_directions_get_the_words_of_the_standard() -> None:
    changed = project()
    changed.links += [
        Link(guid=guid(901), direction="one-way", origin_guid=guid(2), target_guid=guid(3)),
        Link(guid=guid(902), direction="sideways", origin_guid=guid(2), target_guid=guid(3)),
    ]
    mended = qda.repair(study(changed)).study.project.links
    assert [link.direction for link in mended] == [None, "OneWay", "sideways"]


def value_after(kind: str, **written: object) -> VariableValue:
    changed = project()
    changed.variables[0] = Variable(guid=guid(4), name="Any", type_of_variable=kind)
    changed.cases[0].variable_values = (VariableValue(variable_ref=VariableRef(target_guid=guid(4)), **written),)
    return qda.repair(study(changed)).study.project.cases[0].variable_values[0]


@pytest.mark.parametrize(
    ("kind", "written", "field", "meant"),
    [
        ("Integer", {"text_value": "42"}, "integer_value", 42),
        ("Integer", {"float_value": "42.0"}, "integer_value", 42),
        ("Float", {"float_value": "4,5"}, "float_value", "4.5"),
        ("Float", {"float_value": "1.5e3"}, "float_value", "1500"),
        ("Float", {"integer_value": 7}, "float_value", "7"),
        ("Boolean", {"text_value": "yes"}, "boolean_value", True),
        ("Boolean", {"integer_value": 0}, "boolean_value", False),
        ("Date", {"date_value": "5.3.2026"}, "date_value", "2026-03-05"),
        ("Date", {"date_time_value": "2026-03-05T00:00:00"}, "date_value", "2026-03-05"),
        ("DateTime", {"text_value": "2026-03-05 10:00"}, "date_time_value", "2026-03-05T10:00:00"),
        ("Text", {"integer_value": 42}, "text_value", "42"),
        ("Text", {"boolean_value": True}, "text_value", "true"),
        # These do not fit; what the schema would refuse is kept as text.
        ("Integer", {"text_value": "about forty"}, "text_value", "about forty"),
        ("Integer", {"float_value": "4.5"}, "float_value", "4.5"),
        ("Float", {"float_value": "4,500"}, "text_value", "4,500"),
        ("Float", {"float_value": "INF"}, "text_value", "INF"),
        ("Float", {"float_value": "1e999999999"}, "text_value", "1e999999999"),
        ("Date", {"date_value": "spring"}, "text_value", "spring"),
        ("Date", {"date_time_value": "2026-03-05T10:00:00"}, "date_time_value", "2026-03-05T10:00:00"),
    ],
)
def test_a_value_that_fits_is_written_as_its_type(kind: str, written: dict, field: str, meant: object) -> None:
    assert value_after(kind, **written) == VariableValue(
        variable_ref=VariableRef(target_guid=guid(4)), **{field: meant}
    )


@pytest.mark.parametrize("written", ["NaN", "", " "])
def test_a_number_that_says_there_is_none_is_left_out(written: str) -> None:
    assert value_after("Float", float_value=written) == VariableValue(variable_ref=VariableRef(target_guid=guid(4)))


def test_a_number_that_could_not_be_read_is_not_lost() -> None:
    """The standard's form would leave it out."""
    mended = value_after("Integer", extensions=Extensions(lexical={"IntegerValue": "4,5 or so"}))
    assert mended.text_value == "4,5 or so"
    assert mended.extensions is None


def test_two_different_values_stay_two() -> None:
    changed = project()
    ref = VariableRef(target_guid=guid(4))
    values = tuple(VariableValue(variable_ref=ref, integer_value=number) for number in (42, 43))
    changed.cases[0].variable_values = values
    result = qda.repair(study(changed))
    assert result.study.project == changed
    assert left_in(result) == ["VAR-DUP"]
