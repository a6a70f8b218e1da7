"""Documents that the schema allows: one by hand with everything in it, and any number by chance.

The random ones follow the table in ``grammar`` (which other tests hold against the schemas) and choose awkward but legal
spellings: braces around GUIDs, ``1`` for true, ``+007``, line breaks in attributes, carriage returns in text.
"""

from __future__ import annotations

from hypothesis import strategies as st
from lxml import etree

from qdabridge.formats.refi.grammar import (
    PROJECT_NAMESPACE,
    Attribute,
    Child,
    ElementGrammar,
    project_grammar,
)

_XML_TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab <>&\"'\t\n\r é\u0301\u200f\ufeff\U0001f600"),
        st.characters(
            exclude_categories=("Cs",), exclude_characters=[chr(c) for c in range(32)] + ["\ufffe", "\uffff", "\x7f"]
        ),
    ),
    max_size=12,
)
_GUID = st.uuids().flatmap(lambda guid: st.sampled_from([str(guid), str(guid).upper(), f"{{{guid}}}", f" {guid} "]))
_INTEGER = st.one_of(
    st.integers(min_value=-50, max_value=10**6).map(str),
    st.sampled_from(["+007", "-0", " 12 ", "00", "123456789012345678901234567890"]),
)
_DATE_TIME = st.sampled_from(
    ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59.1230+02:00", "2024-02-29T24:00:00", " 2020-01-01T00:00:00-14:00 "]
)
_CHOICES = {
    "typeOfVariable": ["Text", "Boolean", "Integer", "Float", "Date", "DateTime", " Text "],
    "direction": ["Associative", "OneWay", "Bidirectional"],
    "lineStyle": ["dotted", "dashed", "solid"],
    "shape": ["Person", "Oval", "Note", "LeftTriangle"],
    "color": ["#abc", "#A1B2C3", " #123456 "],
}
_TEXTS = {
    "FloatValue": st.sampled_from(["1.50", "-0", ".5", "+12", "1234567890.123456789"]),
    "DateValue": st.sampled_from(["2024-02-29", "2024-02-29Z", "-0044-03-15"]),
    "DateTimeValue": _DATE_TIME,
}
_CHOICE_OF_VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
_NAMED_BY_GUID = ("guid", "GUID", "User", "Vertex", "SyncPoint")


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Any document that Project.xsd allows."""
    root = etree.Element(f"{{{PROJECT_NAMESPACE}}}Project", nsmap={None: PROJECT_NAMESPACE})
    _fill(draw, root, project_grammar(), depth=0)
    return etree.tostring(root, xml_declaration=draw(st.booleans()), encoding="utf-8")


def _fill(draw: st.DrawFn, element: etree._Element, grammar: ElementGrammar, depth: int) -> None:
    for attribute in grammar.attributes:
        if attribute.required or draw(st.booleans()):
            element.set(attribute.name, draw(_value(attribute)))
    value = draw(st.sampled_from((*_CHOICE_OF_VALUES, None))) if grammar.name == "VariableValue" else None
    for child in grammar.children:
        if child.name in _CHOICE_OF_VALUES and child.name != value:
            continue
        if child.required or child.name == value or draw(st.integers(0, 3)) > depth // 3:
            _append(draw, element, child, depth)


def _append(draw: st.DrawFn, parent: etree._Element, child: Child, depth: int) -> None:
    if child.simple:
        added = etree.SubElement(parent, f"{{{PROJECT_NAMESPACE}}}{child.name}")
        added.text = draw(_text(child))
    elif child.members:
        container = etree.SubElement(parent, f"{{{PROJECT_NAMESPACE}}}{child.name}")
        for _ in range(draw(st.integers(1, 2))):
            name, grammar = draw(st.sampled_from(sorted(child.members.items(), key=lambda item: item[0])))
            _fill(draw, etree.SubElement(container, f"{{{PROJECT_NAMESPACE}}}{name}"), grammar, depth + 1)
    else:
        assert child.element is not None
        for _ in range(draw(st.integers(0 if child.many else 1, 2 if child.many and depth < 4 else 1))):
            added = etree.SubElement(parent, f"{{{PROJECT_NAMESPACE}}}{child.name}")
            _fill(draw, added, child.element, depth + 1)


def _value(attribute: Attribute) -> st.SearchStrategy[str]:
    if attribute.name in _CHOICES:
        return st.sampled_from(_CHOICES[attribute.name])
    if attribute.holds == "boolean":
        return st.sampled_from(["true", "false", "1", "0", " true\n"])
    if attribute.holds in ("integer", "position"):
        return _INTEGER
    if attribute.name.endswith("DateTime"):
        return _DATE_TIME
    if attribute.name.endswith(_NAMED_BY_GUID):
        return _GUID
    return _XML_TEXT


def _text(child: Child) -> st.SearchStrategy[str]:
    if child.simple == "boolean":
        return st.sampled_from(["true", "false", "1", "0", " 1 "])
    if child.simple == "integer":
        return _INTEGER
    return _TEXTS.get(child.name, _XML_TEXT)


def _guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


KITCHEN_SINK = f"""\ufeff<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<Project xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns="urn:QDA-XML:project:1.0" xsi:schemaLocation="urn:QDA-XML:project:1.0 Project.xsd" name="a&#10;b&#9;c &quot;q&quot;"
  origin="" creatingUserGUID="{{{_guid(1)}}}" creationDateTime="2024-02-29T23:59:59.1230+02:00"
  modifyingUserGUID=" {_guid(1).upper()} " modifiedDateTime="2024-03-01T00:00:00" basePath="//PROJECT/Sources">
  <Users><User guid="{_guid(1)}" name="" id="NS"/><User guid="{_guid(2)}"/></Users>
  <CodeBook><Codes>
    <Code guid="{_guid(3)}" name="Theme" isCodable="0" color="#abc"><Description/><NoteRef targetGUID="{_guid(30)}"/>
      <Code guid="{_guid(4)}" name="Code &amp; more" isCodable="1"><Description>two
lines&#13;
and a carriage return ]]&gt; </Description></Code></Code>
  </Codes></CodeBook>
  <Variables><Variable guid="{_guid(5)}" name="Age" typeOfVariable=" Integer "><Description>years</Description></Variable>
    <Variable guid="{_guid(6)}" name="Score" typeOfVariable="Float"/></Variables>
  <Cases><Case guid="{_guid(7)}" name="Ana"><Description>d</Description><CodeRef targetGUID="{_guid(4)}"/>
    <VariableValue><VariableRef targetGUID="{_guid(5)}"/><IntegerValue>+007</IntegerValue></VariableValue>
    <VariableValue><VariableRef targetGUID="{_guid(6)}"/><FloatValue>1.50</FloatValue></VariableValue>
    <VariableValue><VariableRef targetGUID="{_guid(6)}"/><BooleanValue> 1 </BooleanValue></VariableValue>
    <VariableValue><VariableRef targetGUID="{_guid(6)}"/><DateValue>2024-02-29Z</DateValue></VariableValue>
    <VariableValue><VariableRef targetGUID="{_guid(6)}"/><DateTimeValue>2024-02-29T24:00:00</DateTimeValue></VariableValue>
    <VariableValue><VariableRef targetGUID="{_guid(6)}"/><TextValue/></VariableValue>
    <VariableValue><VariableRef targetGUID="{_guid(6)}"/></VariableValue>
    <SourceRef targetGUID="{_guid(8)}"/><SelectionRef targetGUID="{_guid(9)}"/></Case>
    <Case guid="{_guid(50)}"/></Cases>
  <Sources>
    <VideoSource guid="{_guid(20)}" path="relative:///AR/John.mp4"><VideoSelection guid="{_guid(21)}" begin="-0" end="00"/>
    </VideoSource>
    <TextSource guid="{_guid(8)}" name="I&#10;1" plainTextPath="internal://x.txt" richTextPath="internal:///x.docx">
      <PlainTextSelection guid="{_guid(9)}" name="" startPosition="+007" endPosition=" 12 " creatingUser="{_guid(2)}"
        creationDateTime="2020-01-01T00:00:00-14:00"><Description/><Coding guid="{_guid(10)}">
        <CodeRef targetGUID="{{{_guid(4)}}}"/><NoteRef targetGUID="{_guid(30)}"/></Coding><NoteRef targetGUID="{_guid(30)}"/>
      </PlainTextSelection>
      <Coding guid="{_guid(11)}" creatingUser="{_guid(1)}" creationDateTime="2020-01-01T00:00:00Z">
        <CodeRef targetGUID="{_guid(3)}"/></Coding>
      <NoteRef targetGUID="{_guid(30)}"/>
      <VariableValue><VariableRef targetGUID="{_guid(5)}"/><IntegerValue>123456789012345678901234567890</IntegerValue>
      </VariableValue></TextSource>
    <PictureSource guid="{_guid(12)}" path="internal://p.png" currentPath="absolute:///C:/p.png">
      <TextDescription guid="{_guid(13)}"><PlainTextContent> a &lt; b
 </PlainTextContent><PlainTextSelection guid="{_guid(14)}" startPosition="0" endPosition="3"/></TextDescription>
      <PictureSelection guid="{_guid(15)}" firstX="1" firstY="2" secondX="-3" secondY="123456789012345678901234567890"/>
    </PictureSource>
    <TextSource guid="{_guid(16)}"><PlainTextContent/></TextSource>
    <PDFSource guid="{_guid(17)}"><PDFSelection guid="{_guid(18)}" page="0" firstX="1" firstY="2" secondX="3" secondY="4">
      <Representation guid="{_guid(18)}"><PlainTextContent>twin</PlainTextContent></Representation></PDFSelection>
      <Representation guid="{_guid(19)}" plainTextPath="internal://r.txt"/></PDFSource>
    <AudioSource guid="{_guid(22)}"><Transcript guid="{_guid(23)}" name="t"><PlainTextContent>hello</PlainTextContent>
      <SyncPoint guid="{_guid(24)}" timeStamp="0"/><SyncPoint guid="{_guid(25)}" timeStamp="01000" position="5"/>
      <SyncPoint guid="{_guid(26)}"/>
      <TranscriptSelection guid="{_guid(27)}" fromSyncPoint="{_guid(24)}" toSyncPoint="{_guid(25)}"><Coding guid="{_guid(28)}">
      <CodeRef targetGUID="{_guid(4)}"/></Coding></TranscriptSelection><NoteRef targetGUID="{_guid(30)}"/></Transcript>
      <AudioSelection guid="{_guid(29)}" begin="0" end="1000"/></AudioSource>
  </Sources>
  <Notes><Note guid="{_guid(30)}" name="memo"><PlainTextContent>m</PlainTextContent></Note></Notes>
  <Links><Link guid="{_guid(31)}" direction="OneWay" color="#123456" originGUID="{_guid(3)}" targetGUID="{_guid(4)}">
    <NoteRef targetGUID="{_guid(30)}"/></Link><Link guid="{_guid(32)}"/></Links>
  <Sets><Set guid="{_guid(33)}" name=""><MemberCode targetGUID="{_guid(4)}"/><MemberSource targetGUID="{_guid(8)}"/>
    <MemberNote targetGUID="{_guid(30)}"/></Set></Sets>
  <Graphs><Graph guid="{_guid(34)}"><Vertex guid="{_guid(35)}" representedGUID="{_guid(3)}" firstX="1" firstY="2" shape="Oval"/>
    <Vertex guid="{_guid(36)}" firstX="+1" firstY="2" secondX="3" secondY="04" color="#fff"/>
    <Edge guid="{_guid(37)}" sourceVertex="{_guid(35)}" targetVertex="{_guid(36)}" direction="Associative" lineStyle="dotted"/>
  </Graph></Graphs>
  <Description xsi:nil="false">the study</Description><NoteRef targetGUID="{_guid(30)}"/>
</Project>
""".encode()
