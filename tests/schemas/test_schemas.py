"""The schemas we publish are equal to those of the REFI-QDA standard, and say what they mean.

Both are compiled with xmlschema and taken apart into their components: global elements, named types, content
models in order, attributes, facets. Groups and attribute groups are resolved first, because no document can
tell whether a schema uses them. The published schemas are not part of this project: where they are absent the
comparison is skipped, and the rest (documentation, verdicts on small documents, the comparison finding
planted faults) still runs.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import xmlschema
from lxml import etree
from xmlschema.validators import (
    XsdAnyAttribute,
    XsdAnyElement,
    XsdAttribute,
    XsdComplexType,
    XsdElement,
    XsdEnumerationFacets,
    XsdFacet,
    XsdGroup,
    XsdPatternFacets,
    XsdSimpleType,
    XsdType,
)

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"
STANDARD = SHARED / "reference" / "standard"
NAMES = ("Project", "Codebook")
XSD = "{http://www.w3.org/2001/XMLSchema}"

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
A = "11111111-aaaa-4aaa-8aaa-111111111111"
B = "22222222-BBBB-4BBB-8BBB-222222222222"


# ---- Equal to the published schemas ------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_our_schema_has_exactly_the_components_of_the_published_one(name: str) -> None:
    published = components(xmlschema.XMLSchema10(needed(STANDARD / f"{name}.xsd")))
    assert differences(components(ours(name)), published) == []


# ---- The comparison can fail -------------------------------------------------------------------------------

Change = Callable[[etree._ElementTree], None]


def set_attributes(path: str, **attributes: str | None) -> Change:
    def change(tree: etree._ElementTree) -> None:
        for name, value in attributes.items():
            if value is None:
                del the_one(tree, path).attrib[name]
            else:
                the_one(tree, path).set(name, value)

    return change


def drop(path: str) -> Change:
    def change(tree: etree._ElementTree) -> None:
        node = the_one(tree, path)
        parent = node.getparent()
        assert parent is not None
        parent.remove(node)

    return change


def move_up(path: str) -> Change:
    def change(tree: etree._ElementTree) -> None:
        node = the_one(tree, path)
        previous = node.getprevious()
        assert previous is not None
        previous.addprevious(node)

    return change


def retag(path: str, tag: str) -> Change:
    def change(tree: etree._ElementTree) -> None:
        the_one(tree, path).tag = XSD + tag

    return change


def append(path: str, tag: str, **attributes: str) -> Change:
    def change(tree: etree._ElementTree) -> None:
        etree.SubElement(the_one(tree, path), XSD + tag, attributes)

    return change


def own_type(path: str) -> Change:
    """Give a declaration a nameless restriction of xsd:string instead of the type it names."""

    def change(tree: etree._ElementTree) -> None:
        node = the_one(tree, path)
        del node.attrib["type"]
        etree.SubElement(etree.SubElement(node, XSD + "simpleType"), XSD + "restriction", base="xsd:string")

    return change


PLANTED_FAULTS = {
    "an optional element becomes required": (
        "Project",
        set_attributes(".//xsd:element[@name='CodeBook']", minOccurs=None),
        "complex type ProjectType, child 2, minOccurs: ours 1, published 0",
    ),
    "a repeatable element may stand only once": (
        "Project",
        set_attributes(".//xsd:element[@name='User']", maxOccurs=None),
        "complex type UsersType, child 1, maxOccurs: ours 1, published unbounded",
    ),
    "a choice may be made only once": (
        "Project",
        set_attributes(".//xsd:complexType[@name='SourcesType']/xsd:choice", maxOccurs=None),
        "complex type SourcesType, content, maxOccurs: ours 1, published unbounded",
    ),
    "an element has another type": (
        "Project",
        set_attributes(".//xsd:element[@name='DateValue']", type="xsd:dateTime"),
        "complex type VariableValueType, child 2.5, type: ours xsd:dateTime, published xsd:date",
    ),
    "an element has another name": (
        "Codebook",
        set_attributes(".//xsd:element[@name='MemberCode']", name="CodeRef"),
        "complex type SetType, child 2, name: ours CodeRef, published MemberCode",
    ),
    "an element is missing": (
        "Project",
        drop(".//xsd:element[@name='MemberNote']"),
        "complex type SetType, child 4, name: ours nothing, published MemberNote",
    ),
    "an element of a shared group is missing": (
        "Project",
        drop(".//xsd:group[@name='codingsAndNotes']//xsd:element[@name='Coding']"),
        "complex type PictureSelectionType, child 2, name: ours NoteRef, published Coding",
    ),
    "two elements have changed places": (
        "Project",
        move_up(".//xsd:complexType[@name='PDFSourceType']//xsd:element[@name='Representation']"),
        "complex type PDFSourceType, child 2, name: ours Representation, published PDFSelection",
    ),
    "two groups have changed places": (
        "Project",
        move_up(".//xsd:complexType[@name='CaseType']//xsd:group[@ref='variableValues']"),
        "complex type CaseType, child 2, name: ours VariableValue, published CodeRef",
    ),
    "a shared group is used as optional": (
        "Project",
        set_attributes(".//xsd:group[@name='selectionContent']//xsd:group[1]", minOccurs="0"),
        "complex type AudioSelectionType, child 1, model: ours sequence, published nothing",
    ),
    "a choice has become a sequence": (
        "Project",
        retag(".//xsd:complexType[@name='VariableValueType']//xsd:choice", "sequence"),
        "complex type VariableValueType, child 2, model: ours nothing, published choice",
    ),
    "an element may be nil": (
        "Project",
        set_attributes(".//xsd:element[@name='TextValue']", nillable="true"),
        "complex type VariableValueType, child 2.1, nillable: ours True, published False",
    ),
    "text is allowed between the elements": (
        "Project",
        set_attributes(".//xsd:complexType[@name='LinkType']", mixed="true"),
        "complex type LinkType, mixed: ours True, published False",
    ),
    "any element is allowed at the end": (
        "Codebook",
        append(".//xsd:complexType[@name='SetsType']/xsd:sequence", "any", namespace="##other"),
        "complex type SetsType, child 2, wildcard: ours ##other strict, published nothing",
    ),
    "an attribute of a shared group is missing": (
        "Project",
        drop(".//xsd:attributeGroup[@name='history']/xsd:attribute[@name='modifiedDateTime']"),
        "complex type TextSourceType, attribute modifiedDateTime, use: ours nothing, published optional",
    ),
    "an attribute too many": (
        "Project",
        append(".//xsd:complexType[@name='LinkType']", "attribute", name="weight", type="xsd:string"),
        "complex type LinkType, attribute weight, use: ours optional, published nothing",
    ),
    "any attribute is allowed": (
        "Project",
        append(".//xsd:complexType[@name='LinkType']", "anyAttribute", processContents="lax"),
        "complex type LinkType, attribute wildcard: ours ##any lax, published nothing",
    ),
    "a required attribute becomes optional": (
        "Project",
        set_attributes(".//xsd:attribute[@name='isCodable']", use="optional"),
        "complex type CodeType, attribute isCodable, use: ours optional, published required",
    ),
    "an attribute has another type": (
        "Project",
        set_attributes(".//xsd:attribute[@name='startPosition']", type="xsd:nonNegativeInteger"),
        "complex type PlainTextSelectionType, attribute startPosition, type: "
        "ours xsd:nonNegativeInteger, published xsd:integer",
    ),
    "an attribute has a default": (
        "Project",
        set_attributes(".//xsd:complexType[@name='LinkType']//*[@name='direction']", default="OneWay"),
        "complex type LinkType, attribute direction, default: ours OneWay, published nothing",
    ),
    "an attribute is fixed": (
        "Codebook",
        set_attributes(".//xsd:attribute[@name='origin']", fixed="x"),
        "complex type CodeBookType, attribute origin, fixed: ours x, published nothing",
    ),
    "a pattern is different": (
        "Codebook",
        set_attributes(".//*[@name='RGBType']//xsd:pattern", value="#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{4})"),
        "simple type RGBType, facet pattern: "
        "ours #([A-Fa-f0-9]{6}|[A-Fa-f0-9]{4}), published #([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})",
    ),
    "a facet too many": (
        "Project",
        append(".//xsd:simpleType[@name='GUIDType']/xsd:restriction", "maxLength", value="38"),
        "simple type GUIDType, facet maxLength: ours 38, published nothing",
    ),
    "an enumerated value is missing": (
        "Project",
        drop(".//xsd:simpleType[@name='LineStyleType']//xsd:enumeration[@value='solid']"),
        "simple type LineStyleType, facet enumeration: ours dotted dashed, published dotted dashed solid",
    ),
    "two enumerated values have changed places": (
        "Project",
        move_up(".//xsd:simpleType[@name='directionType']//xsd:enumeration[@value='OneWay']"),
        "simple type directionType, facet enumeration: "
        "ours OneWay Associative Bidirectional, published Associative OneWay Bidirectional",
    ),
    "an attribute has a type of its own": (
        "Codebook",
        own_type(".//xsd:attribute[@name='origin']"),
        "complex type CodeBookType, attribute origin, type: ours a type without a name, published xsd:string",
    ),
    "a simple type has another base": (
        "Project",
        set_attributes(".//xsd:simpleType[@name='GUIDType']/xsd:restriction", base="xsd:string"),
        "simple type GUIDType, base: ours xsd:string, published xsd:token",
    ),
    "a root element too many": (
        "Codebook",
        append(".", "element", name="Codes", type="CodesType"),
        "global element Codes, type: ours CodesType, published nothing",
    ),
    "a named type too many": (
        "Codebook",
        append(".", "complexType", name="NoteRefType"),
        "complex type NoteRefType, base: ours none, published nothing",
    ),
    "another version": (
        "Codebook",
        set_attributes(".", version="1.1"),
        "schema, version: ours 1.1, published 1.0",
    ),
    "child elements have no namespace": (
        "Codebook",
        set_attributes(".", elementFormDefault="unqualified"),
        "complex type CodeBookType, child 1, form: ours unqualified, published qualified",
    ),
    "attributes have a namespace": (
        "Codebook",
        set_attributes(".", attributeFormDefault="qualified"),
        "complex type CodeBookType, attribute origin, form: ours qualified, published unqualified",
    ),
}


@pytest.mark.parametrize(("name", "change", "sentence"), PLANTED_FAULTS.values(), ids=PLANTED_FAULTS.keys())
def test_the_comparison_names_a_planted_fault(name: str, change: Change, sentence: str) -> None:
    tree = etree.parse(REPOSITORY / "schemas" / f"{name}.xsd")
    change(tree)
    faulty = xmlschema.XMLSchema10(etree.tostring(tree, encoding="unicode"))
    assert sentence in differences(components(faulty), components(ours(name)))


def test_the_comparison_names_another_target_namespace() -> None:
    older = "urn:QDA-XML:codebook:0:4"
    text = (REPOSITORY / "schemas" / "Codebook.xsd").read_bytes().replace(CODEBOOK.encode(), older.encode())
    found = differences(components(xmlschema.XMLSchema10(text)), components(ours("Codebook")))
    assert f"schema, target namespace: ours {older}, published {CODEBOOK}" in found


# ---- Documented --------------------------------------------------------------------------------------------

DECLARATIONS = ("element", "complexType", "simpleType", "group", "attributeGroup", "attribute")
CITATION = re.compile(r"sections? (\d+(?:\.\d+)*(?:(?:, | and |, and )\d+(?:\.\d+)*)*)")


@pytest.mark.parametrize("name", NAMES)
def test_every_element_and_named_type_says_which_section_of_the_standard_it_comes_from(name: str) -> None:
    silent = [
        f"{declaration.tag.removeprefix(XSD)} {declaration.get('name')}, line {declaration.sourceline}"
        for declaration in declarations(name, "element", "complexType", "simpleType")
        if not re.search(r"REFI-QDA 1\.5, sections? \d", documentation(declaration))
    ]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_every_attribute_and_group_says_which_section_of_the_standard_it_comes_from(name: str) -> None:
    silent = [
        f"{declaration.tag.removeprefix(XSD)} {declaration.get('name')}, line {declaration.sourceline}"
        for declaration in declarations(name, "attribute", "group", "attributeGroup")
        if not CITATION.search(documentation(declaration))
    ]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_every_section_that_is_cited_is_in_the_standard(name: str) -> None:
    text = needed(STANDARD / "REFI-QDA-1-5.txt").read_text(encoding="utf-8")
    headings = set(re.findall(r"^(\d{1,2}(?:\.\d+)*) +[A-Z]", text, flags=re.MULTILINE))
    cited = {
        number
        for declaration in declarations(name, *DECLARATIONS)
        for citation in CITATION.findall(documentation(declaration))
        for number in re.split(r", and | and |, ", citation)
    }
    assert cited
    assert cited <= headings


# ---- Verdicts ----------------------------------------------------------------------------------------------


def project(content: str = "", attributes: str = 'name="Study"') -> str:
    return f'<Project xmlns="{PROJECT}" {attributes}>{content}</Project>'


def codebook(content: str) -> str:
    return f'<CodeBook xmlns="{CODEBOOK}">{content}</CodeBook>'


def code(guid: str = A, codable: str = "true", more: str = "", content: str = "") -> str:
    return f'<Code guid="{guid}" name="Access" isCodable="{codable}" {more}>{content}</Code>'


def codes(content: str) -> str:
    return codebook(f"<Codes>{content}</Codes>")


def source(content: str = "", attributes: str = "") -> str:
    return project(f'<Sources><TextSource guid="{A}" {attributes}>{content}</TextSource></Sources>')


def passage(content: str = "", start: str = "0", end: str = "5") -> str:
    attributes = f'guid="{B}" startPosition="{start}" endPosition="{end}"'
    return source(f"<PlainTextSelection {attributes}>{content}</PlainTextSelection>")


def variable(kind: str) -> str:
    return f'<Variables><Variable guid="{B}" name="Age" typeOfVariable="{kind}"/></Variables>'


def value(content: str) -> str:
    return source(f'<VariableValue><VariableRef targetGUID="{B}"/>{content}</VariableValue>')


def vertex(position: str) -> str:
    return project(f'<Graphs><Graph guid="{A}"><Vertex guid="{B}" {position}/></Graph></Graphs>')


ACCEPTED = {
    "a project with nothing but a name": project(),
    "an empty name": project(attributes='name=""'),
    "a code book with one code": codes(code()),
    "isCodable as 1": codes(code(codable="1")),
    "isCodable with spaces around it": codes(code(codable=" false ")),
    "a GUID in braces": codes(code(guid="{" + A + "}")),
    "a GUID in upper case": codes(code(guid=A.upper())),
    "a GUID with white space around it": codes(code(guid=f"  {A}\n ")),
    "a GUID in braces with white space around it": codes(code(guid=" {" + A + "} ")),
    "a colour of six digits": codes(code(more='color="#33CC33"')),
    "a colour of three digits": codes(code(more='color="#3c3"')),
    "an empty description": codes(code(content="<Description/>")),
    "codes four deep": codes(code(content=code(content=code(content=code())))),
    "a set without members": codebook(f'<Codes>{code()}</Codes><Sets><Set guid="{B}" name="s"/></Sets>'),
    "a member of a set in a codebook": codebook(
        f'<Codes>{code()}</Codes><Sets><Set guid="{B}" name="s"><MemberCode guid="{A}"/></Set></Sets>'
    ),
    "a member of a set in a project": project(
        f'<Sets><Set guid="{B}" name="s"><MemberCode targetGUID="{A}"/></Set></Sets>'
    ),
    "sources of all kinds in any order": project(
        f'<Sources><VideoSource guid="{A}"/><TextSource guid="{A}"/><PDFSource guid="{A}"/>'
        f'<AudioSource guid="{A}"/><TextSource guid="{A}"/><PictureSource guid="{A}"/></Sources>'
    ),
    "a position with a sign and zeros": passage(start="+007"),
    "a position before the text": passage(start="-1"),
    "a passage with one coding": passage(f'<Coding guid="{A}"><CodeRef targetGUID="{B}"/></Coding>'),
    "a date with fractions and no time zone": source(attributes='creationDateTime="2019-09-25T14:30:00.125"'),
    "both forms of a text, which only prose forbids": source(
        "<PlainTextContent>Hello</PlainTextContent>", attributes='plainTextPath="internal://a.txt"'
    ),
    "variables before cases": project(variable("Text") + f'<Cases><Case guid="{A}"/></Cases>'),
    "a variable without a value": value(""),
    "a decimal number": value("<FloatValue>-12.50</FloatValue>"),
    "a value of each of the other kinds": project(
        f'<Cases><Case guid="{A}">'
        + "".join(
            f'<VariableValue><VariableRef targetGUID="{B}"/>{content}</VariableValue>'
            for content in (
                "<TextValue/>",
                "<BooleanValue>0</BooleanValue>",
                "<IntegerValue>123456789012345678901234567890</IntegerValue>",
                "<DateValue>2019-09-25</DateValue>",
                "<DateTimeValue>2019-09-25T14:30:00+02:00</DateTimeValue>",
            )
        )
        + "</Case></Cases>"
    ),
    "a vertex without a size": vertex('firstX="1" firstY="2"'),
    "a link without ends": project(f'<Links><Link guid="{A}"/></Links>'),
}

REJECTED = {
    "a project without a name": project(attributes=""),
    "isCodable as yes": codes(code(codable="yes")),
    "isCodable as True": codes(code(codable="True")),
    "no users in Users": project("<Users/>"),
    "no codes in Codes": codes(""),
    "no sets in Sets": codebook(f"<Codes>{code()}</Codes><Sets/>"),
    "a codebook without Codes": codebook(""),
    "a GUID with one brace": codes(code(guid="{" + A)),
    "a GUID without hyphens": codes(code(guid=A.replace("-", ""))),
    "a GUID with a space in it": codes(code(guid=A.replace("-", " - ", 1))),
    "an empty GUID": source(attributes='creatingUser=""'),
    "a colour of four digits": codes(code(more='color="#33cc"')),
    "a colour by name": codes(code(more='color="green"')),
    "cases before variables": project(f'<Cases><Case guid="{A}"/></Cases>' + variable("Text")),
    "a variable of an unknown type": project(variable("Number")),
    "a decimal number with an exponent": value("<FloatValue>1e5</FloatValue>"),
    "a decimal number that is none": value("<FloatValue>NaN</FloatValue>"),
    "two values for one variable": value("<TextValue>a</TextValue><IntegerValue>1</IntegerValue>"),
    "a coding without a code": passage(f'<Coding guid="{A}"/>'),
    "a coding with two codes": passage(
        f'<Coding guid="{A}"><CodeRef targetGUID="{B}"/><CodeRef targetGUID="{B}"/></Coding>'
    ),
    "a coding with a modifying user": passage(
        f'<Coding guid="{A}" modifyingUser="{B}"><CodeRef targetGUID="{B}"/></Coding>'
    ),
    "a position with a fraction": passage(end="5.0"),
    "creatingUser on the project": project(attributes=f'name="Study" creatingUser="{A}"'),
    "creatingUserGUID on a source": source(attributes=f'creatingUserGUID="{A}"'),
    "an attribute nobody knows": source(attributes='folder="x"'),
    "a date without a time": source(attributes='creationDateTime="2019-09-25"'),
    "words between the elements": project("words"),
    "a code with a note in a codebook": codes(code(content=f'<NoteRef targetGUID="{B}"/>')),
    "a member of a set in a codebook, spelled as in a project": codebook(
        f'<Codes>{code()}</Codes><Sets><Set guid="{B}" name="s"><MemberCode targetGUID="{A}"/></Set></Sets>'
    ),
    "a member of a set in a project, spelled as in a codebook": project(
        f'<Sets><Set guid="{B}" name="s"><MemberCode guid="{A}"/></Set></Sets>'
    ),
    "a Representation before a PDF selection": project(
        f'<Sources><PDFSource guid="{A}"><Representation guid="{B}"/>'
        f'<PDFSelection guid="{B}" page="0" firstX="0" firstY="0" secondX="9" secondY="9"/>'
        "</PDFSource></Sources>"
    ),
    "a rectangle with fractions": project(
        f'<Sources><PictureSource guid="{A}">'
        f'<PictureSelection guid="{B}" firstX="0.5" firstY="0" secondX="9" secondY="9"/>'
        "</PictureSource></Sources>"
    ),
    "a vertex without a position": vertex('firstX="1"'),
    "a shape nobody knows": vertex('firstX="1" firstY="2" shape="Circle"'),
    "the codebook namespace of an older draft": codes(code()).replace(CODEBOOK, "urn:QDA-XML:codebook:0:4"),
    "no namespace": '<Project name="Study"/>',
}


@pytest.mark.parametrize("document", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_our_schema_accepts(document: str) -> None:
    assert verdicts(document, REPOSITORY / "schemas") == {"libxml2": True, "xmlschema": True}


@pytest.mark.parametrize("document", REJECTED.values(), ids=REJECTED.keys())
def test_our_schema_rejects(document: str) -> None:
    assert verdicts(document, REPOSITORY / "schemas") == {"libxml2": False, "xmlschema": False}


def test_our_schema_rejects_a_colour_with_transparency() -> None:
    """By xmlschema alone: libxml2 (seen in 2.14.6) takes eight digits for a match of "{6}|{3}".

    Whoever validates with libxml2 has to look at the length of colours too.
    """
    assert not ours("Codebook").is_valid(codes(code(more='color="#ff33cc33"')))


def test_the_published_schemas_give_the_same_verdicts() -> None:
    needed(STANDARD / "Project.xsd")
    for name, document in (ACCEPTED | REJECTED).items():
        expected = verdicts(document, REPOSITORY / "schemas")
        assert verdicts(document, STANDARD) == expected, name


@pytest.mark.parametrize(
    ("example", "valid"),
    [("annex-a1-codebook.qdc", True), ("annex-a2-simple.qde", True), ("annex-a3-complex.qde", False)],
)
def test_the_examples_of_the_standard_get_the_known_verdict(example: str, valid: bool) -> None:
    """Annex A.3 was written for an older draft: its namespace is urn:QDA-XML:project:0:10."""
    document = needed(STANDARD / example).read_text(encoding="utf-8-sig")
    document = re.sub(r"^\s*<\?xml.*?\?>", "", document)
    assert verdicts(document, REPOSITORY / "schemas") == {"libxml2": valid, "xmlschema": valid}


def test_a_project_that_nvivo_wrote_is_valid() -> None:
    with zipfile.ZipFile(needed(SHARED / "samples" / "nvivo-windows-12.6.qdpx")) as package:
        document = etree.fromstring(package.read("project.qde"))
    libxml2("Project", REPOSITORY / "schemas").assertValid(document)


# ---- Taking a schema apart ---------------------------------------------------------------------------------


def components(schema: xmlschema.XMLSchema10) -> dict[str, str]:
    """Every component of a compiled schema that a document can notice, as "place, property" and value."""
    found = {
        "schema, target namespace": schema.target_namespace,
        "schema, version": str(schema.version),
        "schema, elementFormDefault": schema.element_form_default,
        "schema, attributeFormDefault": schema.attribute_form_default,
    }
    for element in schema.elements.values():
        found |= of_element(f"global element {element.local_name}", element, schema)
    for attribute in schema.attributes.values():
        found |= of_attribute(f"global attribute {attribute.local_name}", attribute, schema)
    for declared in schema.types.values():
        found |= of_type(declared, schema)
    for notation in schema.notations:
        found[f"notation {notation}"] = "declared"
    return found


def differences(ours: dict[str, str], published: dict[str, str]) -> list[str]:
    """One sentence for each place where two schemas are not equal, in the order of the published one."""
    return [
        f"{place}: ours {ours.get(place, 'nothing')}, published {published.get(place, 'nothing')}"
        for place in published | ours
        if ours.get(place) != published.get(place)
    ]


def of_type(declared: XsdType, schema: xmlschema.XMLSchema10) -> dict[str, str]:
    if isinstance(declared, XsdComplexType):
        return of_complex_type(f"complex type {declared.local_name}", declared, schema)
    assert isinstance(declared, XsdSimpleType)
    return of_simple_type(f"simple type {declared.local_name}", declared, schema)


def of_simple_type(place: str, declared: XsdSimpleType, schema: xmlschema.XMLSchema10) -> dict[str, str]:
    found = {
        f"{place}, variety": type(declared).__name__,
        f"{place}, base": type_name(declared.base_type, schema),
        f"{place}, final": declared.final,
    }
    for name, facet in declared.facets.items():
        found[f"{place}, facet {str(name).removeprefix(XSD)}"] = facet_value(facet)
    return found


def facet_value(facet: object) -> str:
    if isinstance(facet, XsdPatternFacets):
        return " or ".join(facet.regexps)
    if isinstance(facet, XsdEnumerationFacets):
        return " ".join(str(value) for value in facet.enumeration)
    assert isinstance(facet, XsdFacet)
    return f"{facet.value!s} fixed" if facet.fixed else str(facet.value)


def of_complex_type(place: str, declared: XsdComplexType, schema: xmlschema.XMLSchema10) -> dict[str, str]:
    found = {
        f"{place}, base": type_name(declared.base_type, schema),
        f"{place}, derivation": str(declared.derivation),
        f"{place}, mixed": str(declared.mixed),
        f"{place}, abstract": str(declared.abstract),
        f"{place}, block": declared.block,
        f"{place}, final": declared.final,
    }
    if isinstance(declared.content, XsdGroup):
        found |= of_group(f"{place}, content", declared.content)
        for number, particle in enumerate(particles(declared.content), 1):
            found |= of_particle(place, str(number), particle, schema)
    else:
        found[f"{place}, content, type"] = type_name(declared.content, schema)
    for attribute in declared.attributes.values():
        if isinstance(attribute, XsdAttribute):
            found |= of_attribute(f"{place}, attribute {attribute.local_name}", attribute, schema)
        else:
            found[f"{place}, attribute wildcard"] = wildcard(attribute)
    return found


def of_particle(
    place: str, number: str, particle: XsdElement | XsdGroup | XsdAnyElement, schema: xmlschema.XMLSchema10
) -> dict[str, str]:
    here = f"{place}, child {number}"
    if isinstance(particle, XsdGroup):
        found = of_group(here, particle)
        for index, inner in enumerate(particles(particle), 1):
            found |= of_particle(place, f"{number}.{index}", inner, schema)
        return found
    occurrence = of_occurrence(here, particle)
    if isinstance(particle, XsdAnyElement):
        return occurrence | {f"{here}, wildcard": wildcard(particle)}
    return occurrence | of_element(here, particle, schema)


def of_group(place: str, group: XsdGroup) -> dict[str, str]:
    return {f"{place}, model": group.model} | of_occurrence(place, group)


def of_occurrence(place: str, particle: XsdElement | XsdGroup | XsdAnyElement) -> dict[str, str]:
    most = "unbounded" if particle.max_occurs is None else str(particle.max_occurs)
    return {f"{place}, minOccurs": str(particle.min_occurs), f"{place}, maxOccurs": most}


def of_element(place: str, element: XsdElement, schema: xmlschema.XMLSchema10) -> dict[str, str]:
    found = {
        f"{place}, name": element.local_name,
        f"{place}, form": "qualified" if element.name.startswith("{") else "unqualified",
        f"{place}, type": type_name(element.type, schema),
        f"{place}, nillable": str(element.nillable),
        f"{place}, abstract": str(element.abstract),
        f"{place}, block": element.block,
        f"{place}, final": element.final,
        f"{place}, constraints": " ".join(identity.local_name for identity in element.identities),
    }
    optional = {
        "default": element.default,
        "fixed": element.fixed,
        "substitutionGroup": element.substitution_group,
    }
    return found | {f"{place}, {name}": text for name, text in optional.items() if text is not None}


def of_attribute(place: str, attribute: XsdAttribute, schema: xmlschema.XMLSchema10) -> dict[str, str]:
    found = {
        f"{place}, form": "qualified" if attribute.name.startswith("{") else "unqualified",
        f"{place}, type": type_name(attribute.type, schema),
        f"{place}, use": attribute.use or "optional",
    }
    optional = {"default": attribute.default, "fixed": attribute.fixed}
    return found | {f"{place}, {name}": text for name, text in optional.items() if text is not None}


def particles(group: XsdGroup) -> Iterator[XsdElement | XsdGroup | XsdAnyElement]:
    """The particles of a group, with the groups dissolved that mean nothing: same model, exactly once."""
    for particle in group:
        if isinstance(particle, XsdGroup) and particle.model == group.model and particle.occurs == (1, 1):
            yield from particles(particle)
        else:
            yield particle


def type_name(declared: XsdType | None, schema: xmlschema.XMLSchema10) -> str:
    """A type by its name. The published schemas name all theirs, so one without a name is a difference."""
    if declared is None:
        return "none"
    if declared.name is None:
        return "a type without a name"
    if declared.name.startswith(XSD):
        return f"xsd:{declared.local_name}"
    return declared.name.removeprefix(f"{{{schema.target_namespace}}}")


def wildcard(allowed: XsdAnyElement | XsdAnyAttribute) -> str:
    return f"{' '.join(allowed.namespace)} {allowed.process_contents}"


# ---- Reading schemas and documents -------------------------------------------------------------------------


def needed(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path.name} is not here: it is third-party material, kept outside this repository")
    return path


@cache
def ours(name: str) -> xmlschema.XMLSchema10:
    return compiled(name, REPOSITORY / "schemas")


@cache
def compiled(name: str, folder: Path) -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(folder / f"{name}.xsd")


@cache
def libxml2(name: str, folder: Path) -> etree.XMLSchema:
    return etree.XMLSchema(file=folder / f"{name}.xsd")


def verdicts(document: str, folder: Path) -> dict[str, bool]:
    """What both validators say of a document, by the schema that its root element asks for."""
    root = etree.fromstring(document)
    name = "Codebook" if etree.QName(root).localname == "CodeBook" else "Project"
    return {
        "libxml2": libxml2(name, folder).validate(root),
        "xmlschema": compiled(name, folder).is_valid(document),
    }


def the_one(tree: etree._ElementTree, path: str) -> etree._Element:
    (found,) = tree.getroot().findall(path, {"xsd": XSD.strip("{}")})
    return found


def declarations(name: str, *kinds: str) -> Iterator[etree._Element]:
    tree = etree.parse(REPOSITORY / "schemas" / f"{name}.xsd")
    return (node for node in tree.iter(*(XSD + kind for kind in kinds)) if node.get("name"))


def documentation(declaration: etree._Element) -> str:
    return " ".join((declaration.findtext(f"{XSD}annotation/{XSD}documentation") or "").split())
