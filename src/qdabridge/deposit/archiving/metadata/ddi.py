"""What was answered, as DDI-Codebook 2.5 in XML, which social science archives take in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from lxml import etree

from qdabridge.deposit.archiving.metadata.answers import Answers, Extent
from qdabridge.deposit.archiving.metadata.datacite import licence_address

NAMESPACE = "ddi:codebook:2_5"

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def ddi_codebook(answers: Answers, extent: Extent) -> bytes:
    """Return the DDI-Codebook of a study, its elements in the order of the schema.

    Only what was answered stands in it, apart from the title, which the schema requires; where there is none it is
    empty.

    Source: DDI-Codebook 2.5, elements docDscr and stdyDscr.
    """
    namespaces: dict[str | None, str] = {None: NAMESPACE}
    root = etree.Element(f"{{{NAMESPACE}}}codeBook", nsmap=cast(dict[str, str], namespaces), version="2.5")
    if answers.languages and answers.languages[0].strip():
        root.set(_XML_LANG, answers.languages[0].strip())
    study = _Branch(root, "stdyDscr")
    _citation(study.branch("citation"), answers)
    if answers.ethics.strip():
        study.branch("studyAuthorization").leaf("authorizationStatement", answers.ethics)
    _about(study.branch("stdyInfo"), answers, extent)
    _method(study.branch("method"), answers)
    _access(study.branch("dataAccs"), answers, extent)
    if any(each.strip() for each in answers.related):
        study.branch("othrStdyMat").leaves("relPubl", answers.related)
    study.prune()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


class _Branch:
    """An element that is being filled."""

    def __init__(self, parent: etree._Element, name: str) -> None:
        self._element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")

    def branch(self, name: str) -> _Branch:
        return _Branch(self._element, name)

    def leaf(self, name: str, text: str, **attributes: str) -> None:
        """Add an element with text, unless there is none."""
        if text.strip():
            found = etree.SubElement(self._element, f"{{{NAMESPACE}}}{name}")
            found.text = _possible(text.strip())
            for key, value in attributes.items():
                if value.strip():
                    found.set(key, _possible(value.strip()))

    def leaves(self, name: str, texts: Iterable[str]) -> None:
        for text in texts:
            self.leaf(name, text)

    def prune(self) -> None:
        """Take out branches on which nothing has grown."""
        for element in reversed(list(self._element.iterdescendants())):
            parent = element.getparent()
            if len(element) == 0 and not element.text and not element.attrib and parent is not None:
                if element.tag.endswith(("}citation", "}titlStmt", "}titl")):
                    continue
                parent.remove(element)


def _citation(citation: _Branch, answers: Answers) -> None:
    title = citation.branch("titlStmt")
    if answers.title.strip():
        title.leaf("titl", answers.title)
    else:
        title.branch("titl")
    title.leaf("subTitl", answers.subtitle)
    title.leaf("IDNo", answers.doi, agency="DOI")
    made = citation.branch("rspStmt")
    for person in answers.named_people():
        made.leaf("AuthEnty", person.name, affiliation=person.affiliation)
    produced = citation.branch("prodStmt")
    produced.leaf("prodDate", answers.publication_year, date=answers.publication_year)
    for each in answers.named_funding():
        produced.leaf("fundAg", each.funder)
    for each in answers.named_funding():
        produced.leaf("grantNo", each.grant, agency=each.funder)
    distributed = citation.branch("distStmt")
    distributed.leaf("distrbtr", answers.publisher)
    distributed.leaf("contact", answers.contact)
    version = citation.branch("verStmt")
    version.leaf("version", answers.version)
    citation.leaf("biblCit", answers.citation)


def _about(about: _Branch, answers: Answers, extent: Extent) -> None:
    about.branch("subject").leaves("keyword", answers.keywords)
    about.leaf("abstract", answers.abstract)
    summary = about.branch("sumDscr")
    summary.leaf("collDate", answers.collected_from, date=answers.collected_from, event="start")
    summary.leaf("collDate", answers.collected_until, date=answers.collected_until, event="end")
    summary.leaves("nation", answers.country.split(","))
    summary.leaf("geogCover", answers.place)
    summary.leaf("anlyUnit", answers.unit)
    summary.leaf("universe", answers.population)
    summary.leaf("dataKind", f"Qualitative data: {extent.sources}" if extent.sources else "Qualitative data")
    about.leaf(
        "notes",
        f"Languages: {', '.join(answers.languages)}" if any(each.strip() for each in answers.languages) else "",
    )


def _method(method: _Branch, answers: Answers) -> None:
    collecting = method.branch("dataColl")
    for person in answers.named_people():
        if person.role.strip().lower() in ("interviewer", "data collector"):
            collecting.leaf("dataCollector", person.name, affiliation=person.affiliation)
    collecting.leaf("sampProc", answers.sampling)
    collecting.leaf("collMode", answers.collection)
    collecting.leaf("collSitu", answers.setting)
    collecting.leaf("cleanOps", answers.anonymisation)
    method.leaf("dataProcessing", answers.coding)


def _access(access: _Branch, answers: Answers, extent: Extent) -> None:
    available = access.branch("setAvail")
    available.leaf("avlStatus", f"Embargo until {answers.embargo_until}" if answers.embargo_until.strip() else "")
    available.leaf("collSize", f"{extent.cases} cases, {extent.codes} codes, {extent.codings} codings")
    available.leaf("fileQnty", str(extent.files) if extent.files else "")
    use = access.branch("useStmt")
    use.leaf("confDec", answers.consent)
    use.leaf("restrctn", answers.access)
    use.leaf("contact", answers.contact)
    use.leaf("citReq", answers.citation)
    address = licence_address(answers.licence)
    use.leaf("conditions", f"{answers.licence} ({address})" if address else answers.licence)


def _possible(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(char for char in text if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff"))
