"""The verdict on XML, and the words for what is wrong with it."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import BinaryIO

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from qdabridge.checks import schema
from qdabridge.checks.schema import explain, is_valid
from qdabridge.errors import CannotRead, TooLarge
from qdabridge.shipped import shipped

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"


def guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


STUDY = f"""<?xml version="1.0" encoding="UTF-8"?>
<Project xmlns="{PROJECT}" name="Waiting for care" creationDateTime="2024-05-01T09:30:00Z">
<Users>
<User guid="{guid(1)}" name="Mair"/>
</Users>
<CodeBook>
<Codes>
<Code guid="{guid(2)}" name="Access" isCodable="true" color="#33cc33">
<Description>Getting in</Description>
<NoteRef targetGUID="{guid(9)}"/>
<Code guid="{guid(3)}" name="Waiting times" isCodable="false"/>
</Code>
</Codes>
</CodeBook>
<Variables>
<Variable guid="{guid(4)}" name="Age" typeOfVariable="Integer"/>
</Variables>
<Cases>
<Case guid="{guid(5)}" name="Ana">
<CodeRef targetGUID="{guid(2)}"/>
<VariableValue><VariableRef targetGUID="{guid(4)}"/><IntegerValue>42</IntegerValue></VariableValue>
<SourceRef targetGUID="{guid(6)}"/>
</Case>
</Cases>
<Sources>
<TextSource guid="{guid(6)}" name="Interview Ana" plainTextPath="internal://ana.txt">
<PlainTextSelection guid="{guid(7)}" startPosition="0" endPosition="8" creationDateTime="2024-05-02T10:00:00">
<Coding guid="{guid(8)}" creatingUser="{guid(1)}"><CodeRef targetGUID="{guid(3)}"/></Coding>
</PlainTextSelection>
</TextSource>
<PDFSource guid="{guid(10)}" name="Leaflet" path="internal://leaflet.pdf">
<PDFSelection guid="{guid(11)}" page="0" firstX="1" firstY="2" secondX="3" secondY="4"/>
<Representation guid="{guid(12)}"/>
</PDFSource>
</Sources>
<Notes>
<Note guid="{guid(9)}" name="Memo"><PlainTextContent>Ask again</PlainTextContent></Note>
</Notes>
<Links>
<Link guid="{guid(13)}" direction="OneWay" originGUID="{guid(2)}" targetGUID="{guid(3)}"/>
</Links>
<Sets>
<Set guid="{guid(14)}" name="Round one"><MemberCode targetGUID="{guid(2)}"/><MemberSource targetGUID="{guid(6)}"/></Set>
</Sets>
<Graphs>
<Graph guid="{guid(15)}"><Vertex guid="{guid(16)}" firstX="1" firstY="2" shape="Oval"/></Graph>
</Graphs>
</Project>
"""

# What is changed in the study: the old text, the new one; then what the message says and where.
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "sources before cases": (
        "<Cases>",
        f'<Sources><TextSource guid="{guid(6)}"/></Sources><Cases>',
        "In a Project, Cases stands after Sources, but must stand before it.",
        "line 18, /Project/Cases",
    ),
    "a second list of sources": (
        "<Notes>",
        f'<Sources><TextSource guid="{guid(6)}"/></Sources><Notes>',
        "A Project has more than one Sources, but may have only one.",
        "/Project/Sources",
    ),
    "a note before the description": (
        "<Description>Getting in</Description>",
        f'<NoteRef targetGUID="{guid(9)}"/><Description>Getting in</Description>',
        "In a Code, Description stands after NoteRef, but must stand before it.",
        "line 9, /Project/CodeBook/Codes/Code[1]/Description in “Access”",
    ),
    "a source before a value in a case": (
        f'<CodeRef targetGUID="{guid(2)}"/>',
        f'<SourceRef targetGUID="{guid(6)}"/>',
        "In a Case, VariableValue stands after SourceRef, but must stand before it.",
        "/Project/Cases/Case[1]/VariableValue in “Ana”",
    ),
    "a representation before a selection": (
        '<PDFSource guid="' + guid(10) + '" name="Leaflet" path="internal://leaflet.pdf">',
        f'<PDFSource guid="{guid(10)}" name="Leaflet"><Representation guid="{guid(17)}"/>',
        "In a PDFSource, PDFSelection stands after Representation, but must stand before it.",
        "/Project/Sources/PDFSource[1]/PDFSelection in “Leaflet”",
    ),
    "a value before its variable": (
        f'<VariableRef targetGUID="{guid(4)}"/><IntegerValue>42</IntegerValue>',
        f'<IntegerValue>42</IntegerValue><VariableRef targetGUID="{guid(4)}"/>',
        "In a VariableValue, IntegerValue stands before VariableRef, but must stand after it.",
        "/Project/Cases/Case[1]/VariableValue[1]/IntegerValue in “Ana”",
    ),
    "a coding without a code": (
        f'<CodeRef targetGUID="{guid(3)}"/></Coding>',
        "</Coding>",
        "A Coding has no CodeRef, which the standard requires.",
        "line 28, /Project/Sources/TextSource[1]/PlainTextSelection[1]/Coding[1] in “Interview Ana”",
    ),
    "a coding with a note and no code": (
        f'<CodeRef targetGUID="{guid(3)}"/></Coding>',
        f'<NoteRef targetGUID="{guid(9)}"/></Coding>',
        "A Coding has no CodeRef, which the standard requires.",
        "/Coding[1]",
    ),
    "a coding with two codes": (
        f'<CodeRef targetGUID="{guid(3)}"/></Coding>',
        f'<CodeRef targetGUID="{guid(3)}"/><CodeRef targetGUID="{guid(2)}"/></Coding>',
        "A Coding has more than one CodeRef, but may have only one.",
        "/Coding[1]/CodeRef",
    ),
    "a value of two types": (
        "<IntegerValue>42</IntegerValue>",
        "<IntegerValue>42</IntegerValue><TextValue>42</TextValue>",
        "A VariableValue has both an IntegerValue and a TextValue, but may have only one of them.",
        "/VariableValue[1]/TextValue",
    ),
    "a value without a variable": (
        f'<VariableRef targetGUID="{guid(4)}"/>',
        "",
        "A VariableValue has no VariableRef, which the standard requires.",
        "/Project/Cases/Case[1]/VariableValue[1] in “Ana”",
    ),
    "a note among the sources": (
        "<Sources>",
        f'<Sources><Note guid="{guid(17)}"/>',
        "Sources holds a Note, which has no place there.",
        "/Project/Sources/Note",
    ),
    "an element that nobody knows": (
        "<Cases>\n",
        "<Cases><Person><Name/></Person>\n",
        "Cases holds a Person, which has no place there.",
        "line 18, /Project/Cases/Person",
    ),
    "an element of another namespace": (
        "<Cases>\n",
        '<Cases><Case xmlns="urn:example"/>\n',
        "Cases holds an element of another namespace, for which the standard has no place.",
        "line 18, /Project/Cases/Case, Case of “urn:example”",
    ),
    "no users in Users": (
        f'<User guid="{guid(1)}" name="Mair"/>',
        "",
        "Users is there but empty.",
        "line 3, /Project/Users",
    ),
    "a CodeBook without Codes": (
        "<Users>",
        "<CodeBook/><Users>",
        "A CodeBook has no Codes, which the standard requires.",
        "line 3, /Project/CodeBook",
    ),
    "an empty list of variables": (
        f'<Variable guid="{guid(4)}" name="Age" typeOfVariable="Integer"/>',
        "",
        "Variables is there but empty.",
        "/Project/Variables",
    ),
    "no sources in Sources": (
        "<Notes>",
        "<Sources/><Notes>",
        "Sources is there but empty.",
        "/Project/Sources[2]",
    ),
    "a code without isCodable": (
        ' isCodable="false"',
        "",
        "A Code has no isCodable, which the standard requires.",
        "line 11, /Project/CodeBook/Codes/Code[1]/Code[1] “Waiting times”",
    ),
    "a project without a name": (
        ' name="Waiting for care"',
        "",
        "A Project has no name, which the standard requires.",
        "line 2, /Project",
    ),
    "a selection without an end": (
        ' endPosition="8"',
        "",
        "A PlainTextSelection has no endPosition, which the standard requires.",
        "line 27, /Project/Sources/TextSource[1]/PlainTextSelection[1] in “Interview Ana”",
    ),
    "a reference to nothing": (
        f'<SourceRef targetGUID="{guid(6)}"/>',
        "<SourceRef/>",
        "A SourceRef has no targetGUID, which the standard requires.",
        "/Project/Cases/Case[1]/SourceRef[1] in “Ana”",
    ),
    "a reference spelled as in a codebook": (
        f'<MemberCode targetGUID="{guid(2)}"/>',
        f'<MemberCode guid="{guid(2)}"/>',
        "A MemberCode has an attribute “guid” that the standard does not know.",
        f'/Project/Sets/Set[1]/MemberCode[1] in “Round one”, guid="{guid(2)}"',
    ),
    "an attribute nobody knows": (
        'name="Ana"',
        'name="Ana" age="42"',
        "A Case has an attribute “age” that the standard does not know.",
        'line 19, /Project/Cases/Case[1] “Ana”, age="42"',
    ),
    "an attribute of another namespace": (
        'name="Ana"',
        'name="Ana" xml:lang="es"',
        "A Case has an attribute “lang” that the standard does not know.",
        'lang="es"',
    ),
    "an attribute on a description": (
        "<Description>",
        '<Description lang="en">',
        "A Description has an attribute “lang” that the standard does not know.",
        "/Code[1]/Description in “Access”",
    ),
    "a GUID that is a word": (
        f'"{guid(5)}"',
        '"c-joy"',
        "The guid of a Case is not a GUID.",
        'line 19, /Project/Cases/Case[1] “Ana”, guid="c-joy"',
    ),
    "a GUID with one brace": (
        f'creatingUser="{guid(1)}"',
        f'creatingUser="{{{guid(1)}"',
        "The creatingUser of a Coding is not a GUID.",
        f'creatingUser="{{{guid(1)}"',
    ),
    "a user that is empty": (
        f'creatingUser="{guid(1)}"',
        'creatingUser=""',
        "The creatingUser of a Coding is empty.",
        'creatingUser=""',
    ),
    "a truth value in words": (
        'isCodable="true"',
        'isCodable="yes"',
        "The isCodable of a Code is neither true nor false.",
        'line 8, /Project/CodeBook/Codes/Code[1] “Access”, isCodable="yes"',
    ),
    "a truth value in Python": (
        'isCodable="true"',
        'isCodable="True"',
        "The isCodable of a Code is neither true nor false.",
        'isCodable="True"',
    ),
    "a position with a fraction": (
        'endPosition="8"',
        'endPosition="8.0"',
        "The endPosition of a PlainTextSelection is not a whole number.",
        'endPosition="8.0"',
    ),
    "a position in digits that only Python takes for a number": (
        'endPosition="8"',
        'endPosition="1_000"',
        "The endPosition of a PlainTextSelection is not a whole number.",
        'endPosition="1_000"',
    ),
    "a rectangle with fractions": (
        'secondX="3"',
        'secondX="3.25"',
        "The secondX of a PDFSelection is not a whole number.",
        'secondX="3.25"',
    ),
    "a number with a comma": (
        "<IntegerValue>42</IntegerValue>",
        "<FloatValue>4,2</FloatValue>",
        "The FloatValue is not a decimal number.",
        '/VariableValue[1]/FloatValue in “Ana”, text "4,2"',
    ),
    "a number that is not a number": (
        "<IntegerValue>42</IntegerValue>",
        "<FloatValue>NaN</FloatValue>",
        "The FloatValue is not a decimal number.",
        'text "NaN"',
    ),
    "a whole number in words": (
        "<IntegerValue>42</IntegerValue>",
        "<IntegerValue>forty-two</IntegerValue>",
        "The IntegerValue is not a whole number.",
        'text "forty-two"',
    ),
    "a day that does not exist": (
        "<IntegerValue>42</IntegerValue>",
        "<DateValue>2023-02-29</DateValue>",
        "The DateValue is not a date.",
        'text "2023-02-29"',
    ),
    "a date without a time": (
        'creationDateTime="2024-05-02T10:00:00"',
        'creationDateTime="2024-05-02"',
        "The creationDateTime of a PlainTextSelection is not a date with a time.",
        'creationDateTime="2024-05-02"',
    ),
    "a date with a space": (
        'creationDateTime="2024-05-01T09:30:00Z"',
        'creationDateTime="2024-05-01 09:30:00"',
        "The creationDateTime of a Project is not a date with a time.",
        'line 2, /Project, creationDateTime="2024-05-01 09:30:00"',
    ),
    "a truth value that is empty": (
        "<IntegerValue>42</IntegerValue>",
        "<BooleanValue/>",
        "The BooleanValue is empty.",
        'text ""',
    ),
    "a colour with transparency": (
        "#33cc33",
        "#ff33cc33",
        "The color of a Code is not a colour of the standard.",
        'color="#ff33cc33"',
    ),
    "a colour of a web page": (
        "#33cc33",
        "rgba(51, 204, 51, 0.5)",
        "The color of a Code is not a colour of the standard.",
        'color="rgba(51, 204, 51, 0.5)"',
    ),
    "a type of variable nobody knows": (
        'typeOfVariable="Integer"',
        'typeOfVariable="Number"',
        "The typeOfVariable of a Variable is none of the values that the standard knows.",
        '/Project/Variables/Variable[1] “Age”, typeOfVariable="Number"',
    ),
    "a direction in small letters": (
        'direction="OneWay"',
        'direction="oneway"',
        "The direction of a Link is none of the values that the standard knows.",
        'direction="oneway"',
    ),
    "words between the elements": (
        "<Cases>\n",
        "<Cases>our people\n",
        "There is text inside Cases, where the standard has none.",
        'line 18, /Project/Cases, text "our people"',
    ),
    "words in a reference": (
        f'<MemberCode targetGUID="{guid(2)}"/>',
        f'<MemberCode targetGUID="{guid(2)}">Access</MemberCode>',
        "There is text inside a MemberCode, where the standard has none.",
        'text "Access"',
    ),
    "markup in a description": (
        "Getting in",
        "Getting <b>in</b>",
        "A Description may hold only text, but other elements stand in it.",
        "/Code[1]/Description/b in “Access”, the first is b",
    ),
    "nothing where the standard needs something": (
        "<IntegerValue>42</IntegerValue>",
        '<IntegerValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
        "The IntegerValue is empty.",
        "/IntegerValue in “Ana”",
    ),
    "a type that the file claims": (
        'name="Ana"',
        'name="Ana" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="PersonType"',
        "A Case claims other rules for itself than the standard's.",
        'line 19, /Project/Cases/Case[1] “Ana”, type="PersonType"',
    ),
}


# ---- Verdict and explanation -------------------------------------------------------------------------------


def test_a_study_that_follows_the_schema_is_valid_and_needs_no_explanation() -> None:
    assert is_valid(opened(STUDY))
    assert explain(opened(STUDY)) == []
    assert by_xmlschema(STUDY)


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_both_validators_refuse_a_broken_study(broken: tuple[str, str, str, str]) -> None:
    document = changed(*broken[:2])
    assert not is_valid(opened(document))
    assert refused_by_xmlschema(document)


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_the_fault_is_told_in_plain_words_with_the_place(broken: tuple[str, str, str, str]) -> None:
    _, _, message, where = broken
    findings = explain(opened(changed(*broken[:2])), "study.qde")
    told = [finding for finding in findings if finding.message.startswith(message)]
    assert told, [finding.message for finding in findings]
    assert where in told[0].where
    assert told[0].where.startswith("study.qde: line ")
    assert {(finding.code, finding.severity) for finding in findings} == {("SCHEMA", "error")}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_no_message_talks_like_a_library(broken: tuple[str, str, str, str]) -> None:
    for finding in explain(opened(changed(*broken[:2]))):
        words = f"{finding.message} {finding.hint}"
        assert not re.search(r"xs[di]?:|urn:|\{\w|facet|particle|None|\[\]|\\", words), words
        assert finding.message.endswith(".")
        assert finding.hint.endswith(".")


def test_there_are_specimens_enough() -> None:
    assert len(BROKEN) >= 40


def test_the_line_is_right_beyond_the_65535th() -> None:
    document = changed("<Cases>\n", "\n" * 70_000 + '<Cases>\n<Case guid="c-joy"/>\n')
    assert explain(opened(document))[0].where == 'line 70020, /Project/Cases/Case[1], guid="c-joy"'


def test_faults_come_in_the_order_of_the_file() -> None:
    document = changed('isCodable="true"', 'isCodable="yes"').replace('isCodable="false"', "").replace("OneWay", "x")
    lines = [int(re.findall(r"line (\d+)", finding.where)[0]) for finding in explain(opened(document))]
    assert len(lines) == 3
    assert lines == sorted(lines)


def test_a_place_without_a_name_is_called_by_the_name_around_it() -> None:
    document = changed(f'"{guid(8)}"', '"x"')
    assert "Coding[1] in “Interview Ana”" in explain(opened(document))[0].where


def test_one_fault_is_one_finding_though_much_follows_it() -> None:
    inside = "<Sub>" * 50 + "</Sub>" * 50
    document = changed("<Cases>\n", f"<Cases><Person>{inside}</Person>\n")
    assert len(explain(opened(document))) == 1


def test_every_one_of_several_faults_in_one_list_is_told() -> None:
    """A validator that stops at the first wrong child would hide the others."""
    cases = f'<Foo/><Case guid="x"/><Bar/><Case guid="{guid(30)}" name="Ben"/><Case guid="y"/>'
    findings = explain(opened(changed("<Cases>\n", f"<Cases>{cases}\n")))
    assert sum("no place" in finding.message for finding in findings) == 2
    assert [finding.where.split(", ", 1)[1] for finding in findings if "GUID" in finding.message] == [
        '/Project/Cases/Case[1], guid="x"',
        '/Project/Cases/Case[3], guid="y"',
    ]


def test_the_number_of_a_place_is_right_however_long_the_list_before_it_is() -> None:
    many = "".join(f'<Case guid="{guid(100 + number)}"/>' for number in range(500))
    document = changed("<Cases>\n", f'<Cases>{many}<Case guid="x"/>{many}\n')
    assert [finding.where for finding in explain(opened(document))] == ['line 18, /Project/Cases/Case[501], guid="x"']


def test_words_anywhere_in_a_long_list_are_found() -> None:
    many = "".join(f'<Case guid="{guid(100 + number)}"/>' for number in range(50))
    for place in (many + "here" + many, "here" + many, many + "here"):
        assert "text" in explain(opened(changed("<Cases>\n", f"<Cases>{place}\n")))[0].message


def test_a_flood_of_faults_is_explained_up_to_a_limit_and_then_counted() -> None:
    wrong = "".join(f'<Case guid="x{number}"/>' for number in range(50))
    findings = explain(opened(changed("<Cases>\n", f"<Cases>{wrong}\n")), "study.qde", limit=20)
    assert len(findings) == 21
    assert findings[-1].count == 30
    assert findings[-1].message.startswith("There are 30 more elements")


def test_a_comment_and_a_processing_instruction_disturb_nothing() -> None:
    document = changed("<Cases>\n", "<!-- people --><Cases><?sort name?><!-- of round one -->\n")
    assert is_valid(opened(document))
    assert explain(opened(document)) == []


def test_what_only_libxml2_objects_to_is_still_told_readably() -> None:
    case = etree.fromstring(f'<Case xmlns="{PROJECT}" guid="{guid(1)}"/>')
    told = f"Element '{{{PROJECT}}}Case', attribute 'guid': This is not to its liking."
    (fault,) = schema._explainer(schema.KINDS["Project"], PROJECT).faults(case, [told])
    assert fault.message == "A Case does not follow the schema: This is not to its liking."


# ---- What libxml2 alone would get wrong --------------------------------------------------------------------


@pytest.mark.parametrize("colour", ["#ff33cc33", "#33cc3", "#33c", "#33cc33", "#33cc33ff0"])
def test_a_colour_has_three_or_six_digits(colour: str) -> None:
    document = changed("#33cc33", colour)
    assert is_valid(opened(document)) == (len(colour) in (4, 7)) == by_xmlschema(document)


@pytest.mark.parametrize("moment", [" 2024-05-02T10:00:00", "2024-05-02T10:00:00 ", "\t2024-05-02T10:00:00Z\n"])
def test_white_space_around_a_date_does_not_count(moment: str) -> None:
    document = changed("2024-05-02T10:00:00", moment)
    assert is_valid(opened(document))
    assert by_xmlschema(document)


# ---- Agreement ---------------------------------------------------------------------------------------------

SPELLINGS = f"""|true|1|yes|42|-7|+007|4.2|1e5|#fff|#FFFFFF|#ffff|2024-02-29|2023-02-29|2024-05-01T10:00:00
|2024-05-01T10:00:00.5+02:00|2024-05-01T24:00:00|Oval|OneWay|{guid(1)}|{{{guid(2)}}}|{{{guid(3)}|{guid(1).upper()}
| {guid(1)} | true |internal://a.txt"""
VALUES = st.sampled_from(SPELLINGS.split("|")) | st.text(st.sampled_from("0123456789abc{}-:.TZ# "), max_size=40)
ATTRIBUTES = sorted(set(re.findall(r' (\w+)="', STUDY)) - {"xmlns", "version", "encoding"})
LINES = STUDY.splitlines(keepends=True)


@settings(max_examples=150, deadline=None)
@given(attribute=st.sampled_from(ATTRIBUTES), which=st.integers(0, 5), value=VALUES)
def test_verdict_explanation_and_xmlschema_agree_on_any_value(attribute: str, which: int, value: str) -> None:
    places = list(re.finditer(rf' {attribute}="([^"]*)"', STUDY))
    start, end = places[which % len(places)].span(1)
    agree(STUDY[:start] + value.replace("<", "&lt;") + STUDY[end:])


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_verdict_explanation_and_xmlschema_agree_when_elements_move_vanish_or_repeat(data: st.DataObject) -> None:
    whole = [index for index, line in enumerate(LINES) if re.fullmatch(r"<(\w+)\b.*(/>|</\1>)\n", line)]
    lines = list(LINES)
    index = data.draw(st.sampled_from(whole))
    line = lines[index]
    if data.draw(st.booleans()):
        lines[index] = ""
    lines.insert(data.draw(st.integers(2, len(lines) - 1)), line)
    agree("".join(lines))


def agree(document: str) -> None:
    verdict = is_valid(opened(document))
    assert verdict == by_xmlschema(document)
    assert verdict == (explain(opened(document)) == [])


# ---- Versions and strangers --------------------------------------------------------------------------------


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:project:0:10", "urn:QDA-XML:project:1:0"])
def test_an_older_version_is_one_finding_and_the_rest_is_checked_as_if_it_were_new(namespace: str) -> None:
    document = STUDY.replace(PROJECT, namespace)
    assert not is_valid(opened(document))
    findings = explain(opened(document), "study.qde")
    assert [(finding.code, finding.severity) for finding in findings] == [("NS-VERSION", "error")]
    assert namespace in findings[0].message
    findings = explain(opened(document.replace('isCodable="true"', 'isCodable="yes"')), "study.qde")
    assert [finding.code for finding in findings] == ["NS-VERSION", "SCHEMA"]
    assert "isCodable" in findings[1].message


def test_a_file_without_a_namespace_is_one_finding_and_the_rest_is_checked() -> None:
    document = changed(f' xmlns="{PROJECT}"', "").replace("#33cc33", "red")
    assert not is_valid(opened(document))
    findings = explain(opened(document))
    assert [finding.code for finding in findings] == ["NS-VERSION", "SCHEMA"]
    assert "names no namespace" in findings[0].message
    assert 'color="red"' in findings[1].where


def test_a_codebook_is_measured_by_the_schema_of_codebooks() -> None:
    document = f"""<CodeBook xmlns="{CODEBOOK}"><Codes><Code guid="{guid(1)}" name="Access" isCodable="true"/></Codes>
    <Sets><Set guid="{guid(2)}" name="s"><MemberCode guid="{guid(1)}"/></Set></Sets></CodeBook>"""
    assert is_valid(opened(document))
    assert explain(opened(document)) == []
    wrong = document.replace("MemberCode guid", "MemberCode targetGUID")
    assert not is_valid(opened(wrong))
    assert "A MemberCode has no guid, which the standard requires." in [
        found.message for found in explain(opened(wrong))
    ]
    without_sets = re.sub("<Sets>.*</Sets>", "<Sets/>", document)
    assert [finding.message for finding in explain(opened(without_sets))] == ["Sets is there but empty."]


@pytest.mark.parametrize("document", ["<html/>", '<Project xmlns="urn:example"/>', '<CodeBook xmlns="urn:example"/>'])
def test_other_xml_is_not_valid_and_gets_one_finding(document: str) -> None:
    assert not is_valid(opened(document))
    assert [finding.message[:40] for finding in explain(opened(document))] == [
        "This is no REFI-QDA project or codebook:"
    ]


# ---- Damage and traps --------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [is_valid, explain])
@pytest.mark.parametrize(
    "document",
    [
        "",
        "words",
        STUDY[:-20],
        STUDY.replace("Getting in", "Getting & in"),
        f'<Project xmlns="{PROJECT}"',
        STUDY + "<More/>",
    ],
)
def test_damaged_xml_cannot_be_read(check: Callable[..., object], document: str) -> None:
    with pytest.raises(CannotRead, match=r"study\.qde: The XML is"):
        check(opened(document), "study.qde")


@pytest.mark.parametrize("check", [is_valid, explain])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_doctype_is_refused_before_anything_in_it_is_read(check: Callable[..., object], encoding: str) -> None:
    bomb = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">'
    document = re.sub(r"^.*\n", f"<!DOCTYPE Project [{bomb}]>", STUDY, count=1)
    with pytest.raises(CannotRead, match="DOCTYPE"):
        check(lambda: io.BytesIO(document.encode(encoding)))


def test_a_schema_that_the_file_names_is_never_opened(tmp_path: Path) -> None:
    """A file could otherwise make itself valid, and have files and hosts of the reader's machine opened."""
    own = tmp_path / "own.xsd"
    own.write_text(
        '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:own">'
        '<xsd:element name="Case"/></xsd:schema>'
    )
    named = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:own {own.as_uri()}"'
    assert is_valid(opened(changed("<Project ", f"<Project {named} ")))
    document = changed("<Project ", f"<Project {named} ").replace("<Cases>\n", '<Cases><Case xmlns="urn:own"/>\n')
    assert not is_valid(opened(document))
    assert "another namespace" in explain(opened(document))[0].message


def test_a_text_of_twelve_million_characters_is_no_fault() -> None:
    document = changed("Ask again", "again " * 2_000_000)
    assert is_valid(opened(document))
    assert explain(opened(document)) == []


@pytest.mark.parametrize("name", ["Code", "Foo"])
def test_elements_nested_deeper_than_any_study_are_refused_in_words(name: str) -> None:
    def nested(depth: int) -> str:
        starts = "".join(f'<{name} guid="{guid(100 + at)}" name="c" isCodable="true">' for at in range(depth))
        return changed("<Codes>", f"<Codes>{starts}{f'</{name}>' * depth}").replace("#33cc33", "red")

    assert len(explain(opened(nested(200)))) == (1 if name == "Code" else 2)
    assert not is_valid(opened(nested(10_000)))
    with pytest.raises(TooLarge, match="nested"):
        explain(opened(nested(10_000)))


@pytest.mark.parametrize("check", [is_valid, explain])
def test_python_keeps_nothing_of_what_it_has_looked_at(check: Callable[..., object]) -> None:
    def peak(cases: int) -> int:
        many = "".join(f'<Case guid="{guid(number)}" name="Case {number}"/>' for number in range(cases))
        data = changed("<Cases>\n", f"<Cases>{many}\n").encode()
        check(opened(STUDY))
        tracemalloc.start()
        check(lambda: io.BytesIO(data))
        reached = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return reached

    assert peak(20_000) < peak(2_000) + 1_000_000


# ---- Known files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("example", "valid"),
    [("annex-a1-codebook.qdc", True), ("annex-a2-simple.qde", True), ("annex-a3-complex.qde", False)],
)
def test_the_examples_of_the_standard_get_the_known_verdict(example: str, valid: bool) -> None:
    path = needed(SHARED / "reference" / "standard" / example)
    assert is_valid(lambda: path.open("rb")) == valid
    assert (explain(lambda: path.open("rb")) == []) == valid


def test_the_example_with_an_old_namespace_is_also_wrong_in_other_ways() -> None:
    path = needed(SHARED / "reference" / "standard" / "annex-a3-complex.qde")
    messages = [finding.message for finding in explain(lambda: path.open("rb"))]
    assert "urn:QDA-XML:project:0:10" in messages[0]
    assert "In a Transcript, SyncPoint stands after NoteRef, but must stand before it." in messages
    assert "A MemberSource has no targetGUID, which the standard requires." in messages


def test_a_project_that_nvivo_wrote_is_valid() -> None:
    with zipfile.ZipFile(needed(SHARED / "samples" / "nvivo-windows-12.6.qdpx")) as package:
        data = package.read("project.qde")
    assert is_valid(lambda: io.BytesIO(data))
    assert explain(lambda: io.BytesIO(data)) == []


# ---- Small things ------------------------------------------------------------------------------------------


def opened(document: str) -> Callable[[], BinaryIO]:
    return lambda: io.BytesIO(document.encode())


def changed(old: str, new: str) -> str:
    assert old in STUDY
    return STUDY.replace(old, new, 1)


@cache
def compiled() -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(shipped("schemas/Project.xsd").read_bytes().decode())


def by_xmlschema(document: str) -> bool:
    return compiled().is_valid(document.encode(), use_location_hints=False)


def refused_by_xmlschema(document: str) -> bool:
    # xmlschema takes for a whole number whatever Python does, and fails on a claimed type that it does not know.
    try:
        return not by_xmlschema(document.replace('"1_000"', '"1 000"'))
    except KeyError:
        return True


def needed(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path.name} is not here: it is third-party material, kept outside this repository")
    return path
