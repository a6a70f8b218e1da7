"""The one table says what the schemas say."""

from __future__ import annotations

import msgspec
import pytest
import xmlschema

from conftest import ROOT
from qdabridge.formats.refi.grammar import codebook_grammar, elements_of, project_grammar
from qdabridge.study import model


@pytest.mark.parametrize(("root", "schema"), [(project_grammar, "Project"), (codebook_grammar, "Codebook")])
def test_the_table_names_the_same_attributes_and_the_same_children_in_order(root, schema: str) -> None:
    xsd = xmlschema.XMLSchema(ROOT / "schemas" / f"{schema}.xsd")
    waiting, seen = list(xsd.elements.values()), {}
    while waiting:
        element = waiting.pop()
        if element.local_name in seen or not element.type.is_complex():
            continue
        seen[element.local_name] = element
        waiting += list(element.type.content.iter_elements())
    for name, entry in elements_of(root()).items():
        element = seen[name]
        assert {a.name: a.required for a in entry.attributes} == {
            attribute: declared.use == "required" for attribute, declared in element.attributes.items()
        }, name
        children = list(element.type.content.iter_elements())
        assert [child.name for child in entry.children] == [child.local_name for child in children], name
        for child, particle in zip(entry.children, children, strict=True):
            in_choice = name == "VariableValue" and child.name != "VariableRef"
            assert child.required == (particle.min_occurs > 0 and not in_choice), (name, child.name)
            if not child.members:
                assert child.many == (particle.max_occurs is None), (name, child.name)
    containers = {child.name for entry in elements_of(root()).values() for child in entry.children if child.members}
    assert set(seen) == set(elements_of(root())) | containers | {
        child.name for entry in elements_of(root()).values() for child in entry.children if child.element
    }


def test_every_field_of_the_model_is_in_the_table() -> None:
    for entry in elements_of(project_grammar()).values():
        said = {attribute.field for attribute in entry.attributes} | {child.field for child in entry.children}
        assert said == set(entry.type.__struct_fields__) - {"extensions"}, entry.name


def test_every_class_of_the_model_is_in_the_table() -> None:
    abstract = {
        model.Element,
        model.Pointer,
        model.Authored,
        model.Selection,
        model.Source,
        model.TextDocument,
        model.FileSource,
    }
    classes = {kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)} - {
        model.Extensions,
        model.ForeignNode,
        msgspec.Struct,
    }
    assert classes - abstract == {entry.type for entry in elements_of(project_grammar()).values()}
