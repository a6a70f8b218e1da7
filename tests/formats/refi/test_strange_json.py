"""What somebody's JSON says about the XML that a study came from may be nonsense; XML comes out all the same."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree

import qdabridge as qda
from qdabridge.study.form import Form
from qdabridge.study.model import Case, Extensions, Project
from qdabridge.study.study import Study

CASE = "5b1d0d3e-6a5c-4c1c-8a53-2c2f0a7f5e11"
STRANGE = (
    Extensions(namespaces={"0": "urn:x"}),
    Extensions(namespaces={"x": ""}),
    Extensions(namespaces={"xmlns": "urn:x"}),
    Extensions(namespaces={"xml": "urn:x"}),
    Extensions(namespaces={"x": "http://www.w3.org/2000/xmlns/"}),
    Extensions(namespaces={'x="1" y': "urn:x"}),
    Extensions(attributes={"a b": "1"}),
    Extensions(attributes={"xmlns": "urn:elsewhere"}),
    Extensions(attributes={"guid": "another"}),
    Extensions(attributes={"{urn:x}": "1"}),
    Extensions(attributes={"{urn:x": "1"}),
    Extensions(prefix="never-declared"),
    Extensions(attributes={"{urn:x}a": "1"}, attribute_prefixes={"{urn:x}a": "never-declared"}),
    Extensions(attributes={"{urn:x}a": "1"}, attribute_prefixes={"{urn:x}a": 'b="2" c'}),
    Extensions(attributes={"{urn:x}a": "1"}, attribute_prefixes={"{urn:x}a": "xml"}),
)


@pytest.mark.parametrize("profile", ["standard", "same"])
@pytest.mark.parametrize("strange", STRANGE, ids=repr)
def test_nonsense_about_namespaces_and_attributes_does_not_break_the_xml(
    tmp_path: Path, strange: Extensions, profile: str
) -> None:
    project = Project(name="Care", cases=[Case(guid=CASE, name="Ana", extensions=strange)])
    form = Form(format="qdpx", namespace="urn:QDA-XML:project:1.0", project_entry="project.qde")
    qda.write(Study(project, form=form), tmp_path / "out.qdpx", profile)
    with zipfile.ZipFile(tmp_path / "out.qdpx") as archive:
        root = etree.fromstring(archive.read("project.qde"))
    (case,) = root.iter("{urn:QDA-XML:project:1.0}Case")
    assert (case.get("guid"), case.get("name")) == (CASE, "Ana")
    with qda.read(tmp_path / "out.qdpx") as again:
        assert again.project.cases is not None
        assert again.project.cases[0].name == "Ana"
