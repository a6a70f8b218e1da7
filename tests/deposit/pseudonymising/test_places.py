"""No place of the model is forgotten, and what stands in each is replaced."""

from __future__ import annotations

import inspect
from typing import get_type_hints

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from qdabridge.deposit.pseudonymising import Entry, Key, pseudonymise
from qdabridge.deposit.pseudonymising.strings_of_the_model import KEPT, REPLACED, kinds_in, plan_of
from qdabridge.formats.refi.adapting.draft import copied, elements_in
from qdabridge.safety import MAX_DEPTH
from qdabridge.study import model, walk
from qdabridge.study.files import Files
from qdabridge.study.form import Form
from qdabridge.study.model import Element, Extensions, ForeignNode
from qdabridge.study.study import Study
from strategies import studies

KINDS = [
    kind for _, kind in inspect.getmembers(model, inspect.isclass) if issubclass(kind, Element) and kind is not Element
]
KEY = Key((Entry("Margaret", "Rose", "person"), Entry("Margaret Smith", "Rose Jones", "person")))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_string_of_the_model_is_replaced_or_kept_for_a_reason(kind: type[Element]) -> None:
    for field, hint in get_type_hints(kind).items():
        if str in kinds_in(hint):
            assert (field in REPLACED) != (field in KEPT), f"{kind.__name__}.{field}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_everything_that_an_element_holds_is_gone_into(kind: type[Element]) -> None:
    plan = plan_of(kind)
    looked_at = {*plan.strings, *plan.inside, *KEPT, "extensions"}
    for field, hint in get_type_hints(kind).items():
        only_numbers = set(kinds_in(hint)) <= {int, bool, type(None)}
        assert only_numbers or field in looked_at or field.startswith("__"), f"{kind.__name__}.{field}"


def test_no_reason_is_given_for_a_field_that_no_element_has() -> None:
    fields = {field for kind in KINDS for field in get_type_hints(kind)}
    assert fields >= {*REPLACED, *KEPT}


def test_the_extensions_have_no_field_that_is_not_looked_at() -> None:
    known = {"lexical", "moved", "attributes", "nodes", "namespaces", "prefix", "attribute_prefixes", "containers"}
    assert {field.name for field in msgspec.structs.fields(Extensions)} == known
    assert {field.name for field in msgspec.structs.fields(ForeignNode)} == {"at", "xml"}


def planted(study: Study) -> Study:
    """The study with a name in every place where one can stand."""
    for element in elements_in(study.project):
        for field in plan_of(type(element)).strings:
            value = getattr(element, field)
            if value is not None and not field.endswith("_path"):
                setattr(element, field, f"{value} Margaret\nSmith")
            elif field.endswith("path") and value is not None and study.files.find(value) is None:
                setattr(element, field, f"{value}/margaret/")
        odd = element.extensions
        if odd is not None:
            odd.attributes["said"] = "MARGARET"
            odd.nodes = (
                *odd.nodes,
                ForeignNode(0, "<!-- Margaret's -->"),
                ForeignNode(0, '<a b="Margaret">Mar&#103;aret</a>'),
            )
            odd.containers["Notes"] = Extensions(attributes={"by": "Margaret"})
    for name in list(study.files):
        text = f"{name} said Margaret".encode()
        study.files.put(name.replace(".", " margaret.", 1), text)
    study.form = Form(before=("<!-- Margaret -->",), after=("<?by Margaret?>",), project_entry="Margaret Smith.qde")
    return study


def everything_in(study: Study) -> str:
    said = [msgspec.json.encode(study.project).decode(), msgspec.json.encode(study.form).decode(), *study.files]
    return "\n".join([*said, *(study.files.read(name).decode("utf-8", "replace") for name in study.files)])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies())
def test_in_any_study_no_name_is_left_anywhere(study: Study) -> None:
    before = planted(study)
    assert "margaret" in everything_in(before).casefold()
    kept = copied(before.project)
    with pseudonymise(before, KEY).study as after:
        assert "margaret" not in everything_in(after).casefold()
        assert [type(each) for each in elements_in(after.project)] == [type(each) for each in elements_in(kept)]
    assert before.project == kept


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies())
def test_a_key_that_names_nobody_changes_nothing(study: Study) -> None:
    # Put together here: words that stand in a test are among those that are drawn.
    done = pseudonymise(study, Key((Entry("".join(["Zz", "yz", "xq"]), "X"),)))
    with done.study as after:
        assert after.project == study.project
        assert list(after.files) == list(study.files)
        assert not done.done
        assert [each.code for each in done.findings] == ["KEY-NOT-FOUND"]


def test_a_date_that_the_key_names_is_replaced_by_a_date_or_taken_out() -> None:
    value = model.VariableValue(variable_ref=model.VariableRef(target_guid="V"), date_value="1961-03-12")
    study = Study(model.Project(name="P", cases=[model.Case(guid="C", variable_values=(value,))]))
    by_date = pseudonymise(study, Key((Entry("1961-03-12", "1961-01-01"),)))
    assert by_date.study.project.cases[0].variable_values[0].date_value == "1961-01-01"
    by_word = pseudonymise(study, Key((Entry("1961-03-12", "[born]"),)))
    assert by_word.study.project.cases[0].variable_values[0].date_value is None
    assert "PSEUDONYM-VALUE-REMOVED" in [each.code for each in by_word.findings]


def test_guids_that_look_like_names_stay() -> None:
    guid = "1ada2b3c-1111-2222-3333-444455556666"
    study = Study(
        model.Project(name="P", sources=[model.TextSource(guid=guid, plain_text_path=f"internal://{guid}.txt")]),
        Files({f"sources/{guid}.txt": b"Ada came."}),
    )
    after = pseudonymise(study, Key((Entry("Ada", "Eve"),))).study
    assert after.project.sources[0].plain_text_path == f"internal://{guid}.txt"
    assert after.files.read(f"sources/{guid}.txt") == b"Eve came."


def test_people_who_get_one_name_are_told() -> None:
    study = Study(model.Project(name="P", cases=[model.Case(guid="A", name="Ana"), model.Case(guid="B", name="Bea")]))
    done = pseudonymise(study, Key((Entry("Ana", "Rose"), Entry("Bea", "Rose"))))
    assert [(each.code, each.where) for each in done.findings] == [("PSEUDONYM-NAMES-MEET", "Rose")]


def test_a_path_that_leads_outside_is_replaced_and_told() -> None:
    source = model.AudioSource(guid="A", path="absolute://C:/Users/margaret/ana.mp3", current_path="/home/margaret")
    done = pseudonymise(Study(model.Project(name="P", sources=[source])), KEY)
    after = done.study.project.sources[0]
    assert (after.path, after.current_path) == ("absolute://C:/Users/Rose/ana.mp3", "/home/Rose")
    assert "PSEUDONYM-PATH-OUTSIDE" in [each.code for each in done.findings]


def test_a_name_written_with_percent_signs_is_found_in_a_path() -> None:
    source = model.AudioSource(guid="A", path="relative://Jos%C3%A9.mp3")
    after = pseudonymise(Study(model.Project(name="P", sources=[source])), Key((Entry("José", "Juan"),))).study
    assert after.project.sources[0].path == "relative://Juan.mp3"


def test_what_is_called_by_a_name_is_told_and_stays() -> None:
    odd = Extensions(attributes={"{http://margaret.example}x": "1"})
    done = pseudonymise(Study(model.Project(name="P", extensions=odd)), KEY)
    assert [each.code for each in done.findings][:1] == ["PSEUDONYM-NAMESPACE"]


def test_a_comment_within_a_text_stays_at_its_place() -> None:
    odd = Extensions(containers={"PlainTextContent": Extensions(nodes=(ForeignNode(8, "<!--x-->"),))})
    source = model.TextSource(guid="A", plain_text_content="Margaret came.", extensions=odd)
    after = pseudonymise(Study(model.Project(name="P", sources=[source])), KEY).study.project.sources[0]
    assert after.plain_text_content == "Rose came."
    assert after.extensions.containers["PlainTextContent"].nodes[0].at == 4


def test_codes_as_deep_as_a_file_may_have_them_are_gone_through() -> None:
    code = model.Code(guid="last", name="Margaret")
    for number in range(MAX_DEPTH):
        code = model.Code(guid=str(number), name="Margaret", codes=[code])
    project = model.Project(name="P", code_book=model.CodeBook(codes=[code]))
    after = pseudonymise(Study(project), KEY).study.project
    assert {each.name for each in walk.codes(after)} == {"Rose"}
