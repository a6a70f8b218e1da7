"""Who or what a study is about, and what is known of them, whichever way the tool writes it."""

from __future__ import annotations

from typing import Any

import pytest

from interviews import case, code, coded, guid, study, text, value, variable
from qdabridge.errors import BadRequest
from qdabridge.matrix import framework_matrix
from qdabridge.study.groups import offers
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Case, Code, CodeRef, Note, NoteRef, Set, SourceRef, TextSource

TRUST = code("Trust")
AGE, ROLE = variable("Age", "Integer"), variable("Role")


def ana(*values: Any, **more: Any) -> TextSource:
    return text("Ana", "I trusted her.", coded(0, 9, TRUST), variable_values=values, **more)


def carrier(of: TextSource, *values: Any) -> Case:
    return Case(guid=guid("carrier"), variable_values=values, source_refs=(SourceRef(target_guid=of.guid.upper()),))


def sources_named(name: str, *sources: TextSource, **more: Any) -> Set:
    members = tuple(SourceRef(target_guid=each.guid) for each in sources)
    return Set(guid=guid(f"set {name}"), name=name, member_sources=members, **more)


# --- nameless cases --------------------------------------------------------------------------------------------------


def test_maxqdas_nameless_case_is_nobody_and_its_values_are_those_of_the_source() -> None:
    interview = ana(value(AGE, integer_value=42))
    nameless = carrier(interview, value(AGE, integer_value=41), value(ROLE, text_value="nurse"))
    look = Lookup(study(interview, codes=[TRUST], cases=[nameless], variables=[AGE, ROLE]))
    assert look.cases == ()
    assert look.is_carrier(nameless)
    assert look.values_of(interview) == {AGE.guid: (42,), ROLE.guid: ("nurse",)}


def test_a_person_has_the_values_that_a_nameless_case_carries_for_a_source() -> None:
    interview = ana()
    person = case("Ana B.", interview)
    look = Lookup(study(interview, cases=[carrier(interview, value(AGE, integer_value=42)), person], variables=[AGE]))
    assert look.cases == (person,)
    assert look.values_of(person) == {AGE.guid: (42,)}


@pytest.mark.parametrize("name", [None, ""])
def test_a_case_that_refers_to_more_than_a_source_is_somebody_although_it_has_no_name(name: str | None) -> None:
    interview, other = ana(), text("Ben", "No.", coded(0, 3, TRUST))
    people = [
        case(name, interview, other),
        case(name, interview, interview.plain_text_selections[0]),
        case(name, interview, TRUST),
        Case(guid=guid("nothing")),
        Case(guid=guid("twin"), source_refs=(SourceRef(target_guid=interview.guid),)),
    ]
    look = Lookup(study(interview, other, codes=[TRUST, Code(guid=guid("twin"), name="Ana")], cases=people))
    assert look.cases == tuple(people)


def test_nameless_carriers_have_no_rows_and_their_values_stand_beside_the_sources() -> None:
    """MAXQDA and Quirkos."""
    interview = ana()
    whole = study(interview, codes=[TRUST], cases=[carrier(interview, value(AGE, integer_value=42))], variables=[AGE])
    matrix = framework_matrix(whole)
    assert (matrix.row_kind, [(row.label, row.attributes) for row in matrix.rows]) == ("sources", [("Ana", (42,))])
    with pytest.raises(BadRequest, match="no cases"):
        framework_matrix(whole, rows="cases")


def test_people_have_rows_and_carriers_beside_them_have_none() -> None:
    interview = ana()
    cases = [carrier(interview, value(AGE, integer_value=42)), case("Ana B.", interview)]
    matrix = framework_matrix(study(interview, codes=[TRUST], cases=cases, variables=[AGE]))
    assert [(row.label, row.attributes) for row in matrix.rows] == [("Ana B.", (42,))]
    assert matrix.findings == []


# --- cases by the name of a file -------------------------------------------------------------------------------------


def test_qualcoders_case_that_names_the_file_of_a_source_has_its_values_and_its_passages() -> None:
    interview = TextSource(
        guid=guid("Ana"),
        name="Ana",
        plain_text_content="I trusted her.",
        plain_text_path=f"internal://{guid('file')}.txt",
        plain_text_selections=[coded(0, 9, TRUST)],
        variable_values=(value(AGE, integer_value=42),),
    )
    person = Case(guid=guid("p"), name="Ana", source_refs=(SourceRef(target_guid=guid("file")),))
    whole = study(interview, codes=[TRUST], cases=[person], variables=[AGE])
    look = Lookup(whole)
    assert look.values_of(person) == {AGE.guid: (42,)}
    assert [look.text_of(each) for each in look.references_of(person)] == ["I trusted"]


def test_the_guid_of_a_source_goes_before_the_name_of_a_file() -> None:
    first = text("Ana", "", plain_text_path=f"internal://{guid('Ben')}.txt")
    second = text("Ben", "")
    person = Case(guid=guid("p"), name="Ben", source_refs=(SourceRef(target_guid=guid("Ben")),))
    assert Lookup(study(first, second, cases=[person])).sources_of(person) == [second]


# --- names -----------------------------------------------------------------------------------------------------------


def belonging(*sources: TextSource, cases: list[Case], codes: list[Code] | None = None) -> dict[str, list[str]]:
    look = Lookup(study(*sources, cases=cases, codes=codes or [TRUST]))
    return {each.name or "": [source.name or "" for source in look.sources_of(each)] for each in look.cases}


def test_a_case_of_which_nothing_else_is_said_has_the_source_of_its_name_and_the_matrix_says_so() -> None:
    interview, bare = ana(), case(" Ana ")
    whole = study(interview, text("Ben", "No.", coded(0, 3, TRUST)), cases=[bare, case("Zoe")], codes=[TRUST])
    look = Lookup(whole)
    assert look.sources_of(bare) == [interview]
    assert [look.text_of(each) for each in look.references_of(bare)] == ["I trusted"]
    matrix = framework_matrix(whole)
    assert [(each.code, each.count) for each in matrix.findings] == [("CASE-BY-NAME", 1), ("OUTSIDE-CASES", 1)]
    assert framework_matrix(whole, rows="sources").findings == []


def test_a_name_decides_nothing_where_anything_else_is_said() -> None:
    other = text("Other", "Yes. No.", coded(0, 3, TRUST))
    assert belonging(ana(), other, cases=[case("Ana", other)]) == {"Ana": ["Other"]}
    passage = coded(0, 3, case("Ana"))
    assert belonging(ana(), text("Group", "Yes.", passage), cases=[case("Ana")]) == {"Ana": ["Group"]}
    as_code = Code(guid=case("Ana").guid, name="Ana")
    assert belonging(ana(), cases=[case("Ana")], codes=[TRUST, as_code]) == {"Ana": []}


def test_a_name_that_several_have_decides_nothing() -> None:
    twice = text("Second", "Yes.", coded(0, 3, TRUST))
    twice.name = "Ana"
    assert belonging(ana(), twice, cases=[case("Ana")]) == {"Ana": []}
    namesake = Case(guid=guid("another Ana"), name="Ana")
    assert belonging(ana(), cases=[case("Ana"), namesake]) == {"Ana": []}


# --- values in the names of sets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("Role::Carer", ("Role", "Carer")),
        ("role: carer", ("Role", "carer")),
        (" Where :: Town: north ", ("Where", "Town: north")),
        ("Interviews", None),
        ("10:30", None),
        ("::Carer", None),
        ("Role::", None),
        ("Role: ", None),
    ],
)
def test_atlastis_groups_offer_values_by_their_names(name: str, offered: tuple[str, str] | None) -> None:
    whole = study(ana(), variables=[ROLE], sets=[sources_named(name, ana())])
    assert [(each.variable.name, each.value) for each in offers(whole.project)] == ([offered] if offered else [])


def test_groups_of_codes_or_notes_and_empty_ones_offer_nothing() -> None:
    groups = [
        Set(guid="a", name="Role::Carer"),
        sources_named("Role::Carer", ana(), member_codes=(CodeRef(target_guid=TRUST.guid),)),
        sources_named("Role::Carer", ana(), member_notes=(NoteRef(target_guid=guid("memo")),)),
    ]
    assert offers(study(ana(), sets=groups, notes=[Note(guid=guid("memo"))]).project) == []


def test_what_groups_offer_is_taken_only_when_asked_for() -> None:
    interview, other = ana(value(ROLE, text_value="nurse")), text("Ben", "")
    groups = [
        sources_named("Role::Carer", interview, other),
        sources_named("Town::North", interview),
        sources_named("town: South", interview),
    ]
    whole = study(interview, other, variables=[ROLE], sets=groups)
    assert Lookup(whole).variables == (ROLE,)
    assert Lookup(whole).values_of(other) == {}
    look = Lookup(whole, values_from_sets=True)
    assert [each.name for each in look.variables] == ["Role", "Town"]
    town = look.variables[1]
    assert look.variable(town.guid) is town
    assert look.values_of(other) == {ROLE.guid: ("Carer",)}
    assert look.values_of(interview) == {ROLE.guid: ("nurse",), town.guid: ("North", "South")}
    assert whole.project.variables == [ROLE]


def test_a_matrix_of_an_atlasti_study_can_have_its_groups_as_attributes() -> None:
    whole = study(ana(), codes=[TRUST], sets=[sources_named("Role::Carer", ana())])
    plain = framework_matrix(whole)
    assert (plain.attributes, [each.code for each in plain.findings]) == ([], ["SET-AS-VARIABLE"])
    matrix = framework_matrix(whole, values_from_sets=True)
    assert matrix.findings == []
    assert ([each.name for each in matrix.attributes], matrix.rows[0].attributes) == (["Role"], ("Carer",))
