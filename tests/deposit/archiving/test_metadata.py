"""What an archive asks: the form comes back as it was answered, nothing is invented, and what is missing is listed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from qdabridge.deposit.archiving.metadata import (
    Answers,
    Extent,
    Funding,
    Person,
    datacite,
    ddi_codebook,
    findings_on,
    form_for,
    read_answers,
    unanswered,
)
from qdabridge.deposit.archiving.metadata.answers import is_date
from qdabridge.deposit.archiving.readme import readme
from qdabridge.errors import CannotRead, NotFound
from qdabridge.findings import Finding
from qdabridge.study.model import Project, User
from qdabridge.study.study import Study

EXTENT = Extent(cases=10, sources="10 texts", codes=37, codings=396, coders=2, files=13, size=1000)
ANSWERED = Answers(
    title="Breathing at a distance",
    abstract="Ten people and a class that moved to the telephone.",
    keywords=("asthma", "telephone"),
    languages=("en", "cy"),
    version="1.0",
    publisher="Archive of Invented Studies",
    publication_year="2026",
    doi="10.1234/breath",
    collected_from="2025-01",
    collected_until="2025-03-02",
    country="Wales, England",
    place="The coast",
    population="Adults with asthma",
    unit="individual",
    sampling="Everybody who came.",
    collection="Interviews",
    setting="At home",
    coding="Framework Method",
    ethics="Committee 12/3",
    consent="Archiving and reuse",
    anonymisation="Names and towns",
    access="registered",
    licence="CC BY 4.0",
    embargo_until="2027-01-01",
    contact="data@example.org",
    citation="Stanway (2026)",
    related=("10.1234/paper", "https://example.org/report"),
    people=(
        Person("Stanway, Nerys", "0000-0002-1825-0097", "University of Elsewhere", "principal investigator"),
        Person("Pagès, Mireille", "", "", "interviewer"),
    ),
    funding=(Funding("Breath Fund", "B-12"),),
)

DDI = {"d": "ddi:codebook:2_5"}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(texts, texts, st.lists(texts, max_size=3))
def test_the_form_comes_back_whatever_the_study_is_called(title: str, about: str, names: list[str]) -> None:
    users = [User(guid=str(number), name=name) for number, name in enumerate(names)]
    asked = tomllib.loads(form_for(Study(Project(name=title, description=about, users=users))))
    assert asked["title"] == title
    assert asked["abstract"] in (about, about.replace("\r", ""))
    assert [person["name"] for person in asked["people"]] == (names or [""])
    assert set(asked) == {*Answers.__struct_fields__}


def test_the_form_is_filled_in_and_read(tmp_path: Path) -> None:
    form = tmp_path / "study.toml"
    form.write_text("\ufeff" + form_for(Study(Project(name="A “study”"))).replace('unit = ""', "unit = 12"), "utf-8")
    answers = read_answers(form)
    assert (answers.title, answers.unit) == ("A “study”", "12")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('title = "open', "cannot be read"),
        ('titel = "A"', "titel"),
        ("keywords = 'one'", "keywords"),
        ("[[people]]\nname = ['a']", "people"),
        ("a" + ".a" * 200_000 + " = 1", "more than 300 points"),
        ("[[" + '"a b" . ' * 100_000 + "a]]", "more than 300 points"),
        ("title = {" + "'$!'." * 100_000 + "a = 1}", "more than 300 points"),
        ("x = " + "[" * 100_000, "cannot be read"),
        ("a" + ".a" * 250 + " = 1", "a"),
    ],
)
def test_a_form_that_is_none_is_refused_in_one_sentence(tmp_path: Path, content: str, said: str) -> None:
    form = tmp_path / "study.toml"
    form.write_text(content, encoding="utf-8")
    with pytest.raises(CannotRead) as caught:
        read_answers(form)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_form_that_is_not_there_or_not_utf8_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_answers(tmp_path / "none.toml")
    (tmp_path / "study.toml").write_bytes('title = "é"'.encode("latin-1"))
    with pytest.raises(CannotRead, match="UTF-8"):
        read_answers(tmp_path / "study.toml")


def test_nothing_is_missing_where_all_is_answered_and_all_where_nothing_is() -> None:
    assert unanswered(ANSWERED) == []
    assert findings_on(ANSWERED) == []
    assert {"the title", "which committee approved it", "the licence", "who made it", "who paid for it"} <= {
        *unanswered(Answers())
    }
    (finding,) = findings_on(Answers())
    assert (finding.code, finding.severity, finding.count) == ("METADATA-MISSING", "note", 20)


def test_odd_answers_are_said() -> None:
    odd = replace(ANSWERED, collected_from="spring", languages=("English!",), people=(Person("A, B", "12-34"),))
    assert [finding.code for finding in findings_on(odd)] == ["METADATA-ODD"] * 3


def test_a_day_that_never_was_is_no_date() -> None:
    assert [is_date(text) for text in ("2024", "2024-02", "2024-02-29")] == [True] * 3
    assert [is_date(text) for text in ("2024-02-31", "2023-02-29", "0000", "2024-13")] == [False] * 4
    (finding,) = findings_on(replace(ANSWERED, collected_until="2024-02-31"))
    assert finding.code == "METADATA-ODD"


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1694-233X"])
def test_an_orcid_that_adds_up_is_taken(orcid: str) -> None:
    assert Person("A, B", orcid).orcid_address().endswith(orcid[-19:])


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0098", "0000-0002-1825-0079", "0000-0002-1694-2330"])
def test_an_orcid_with_a_slip_is_said_and_left_out(orcid: str) -> None:
    person = Person("A, B", orcid)
    assert person.orcid_address() == ""
    assert [finding.code for finding in findings_on(replace(ANSWERED, people=(person,)))] == ["METADATA-ODD"]


def test_the_readme_says_what_was_answered_and_who_paid_where_nobody_is_named() -> None:
    funding = (Funding("Society for Breathing", "B-1"),)
    answers = replace(ANSWERED, collected_from="2024-01", languages=("en", "cy"), people=(), funding=funding)
    finding = Finding("X", "warning", "2 things are left out.", kind="loss", count=2)
    text = readme("x", answers, Extent(cases=1, codings=1, coders=1), [], [("`cases.csv`", finding)])
    assert "Paid for by Society for Breathing B-1." in text
    assert "- **Languages:** en, cy" in text
    assert "- **When collecting began:** 2024-01" in text
    assert "1 case, 1 coding by 1 coder." in text
    assert "- `cases.csv`: 2 things are left out." in text.splitlines()


def test_every_answer_stands_in_the_ddi() -> None:
    root = etree.fromstring(ddi_codebook(ANSWERED, EXTENT))
    told = " ".join(text for text in root.itertext() if text.strip())
    for answer in (
        *("Breathing at a distance", "Ten people", "asthma", "10.1234/breath", "2025-01", "2025-03-02", "Wales"),
        *("England", "The coast", "Adults with asthma", "individual", "Everybody who came.", "Interviews", "At home"),
        *("Framework Method", "Committee 12/3", "Archiving and reuse", "Names and towns", "registered", "CC BY 4.0"),
        *("2027-01-01", "data@example.org", "Stanway (2026)", "10.1234/paper", "Breath Fund", "B-12", "10 texts"),
        *("Archive of Invented Studies", "cy", "1.0"),
    ):
        assert answer in told, answer
    assert root.xpath("string(//d:AuthEnty[1]/@affiliation)", namespaces=DDI) == "University of Elsewhere"
    assert root.xpath("count(//d:nation)", namespaces=DDI) == 2


ORDER = {
    "codeBook": "docDscr stdyDscr",
    "stdyDscr": "citation studyAuthorization stdyInfo studyDevelopment method dataAccs othrStdyMat notes",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings notes",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "rspStmt": "AuthEnty othId",
    "prodStmt": "producer copyright prodDate prodPlac software fundAg grantNo",
    "distStmt": "distrbtr contact depositr depDate distDate",
    "verStmt": "version verResp notes",
    "studyAuthorization": "authorizingAgency authorizationStatement",
    "stdyInfo": "studyBudget subject abstract sumDscr qualityStatement notes exPostEvaluation",
    "subject": "keyword topcClas",
    "sumDscr": "timePrd collDate nation geogCover geogUnit geoBndBox boundPoly anlyUnit universe dataKind",
    "method": "dataColl notes anlyInfo stdyClas dataProcessing codingInstructions",
    "dataColl": "timeMeth dataCollector collectorTraining frequenc sampProc sampleFrame targetSampleSize deviat "
    "collMode resInstru instrumentDevelopment sources collSitu actMin ConOps weight cleanOps",
    "dataAccs": "setAvail useStmt notes",
    "setAvail": "accsPlac origArch avlStatus collSize complete fileQnty notes",
    "useStmt": "confDec specPerm restrctn contact citReq deposReq conditions disclaimer",
    "othrStdyMat": "relMat relStdy relPubl othRefs",
}
"""What DDI-Codebook has in each element, in the order in which its documentation says that it stands."""


def test_the_ddi_stands_in_the_order_of_its_documentation() -> None:
    for element in etree.fromstring(ddi_codebook(ANSWERED, EXTENT)).iter():
        children = [etree.QName(child).localname for child in element]
        order = ORDER.get(etree.QName(element).localname, "").split()
        assert children == sorted(children, key=order.index), element.tag


def test_what_was_not_answered_is_not_there() -> None:
    root = etree.fromstring(ddi_codebook(Answers(), Extent()))
    assert [etree.QName(each).localname for each in root.iter() if each.text and each.text.strip()] == [
        "dataKind",
        "collSize",
    ]
    assert datacite(Answers(), Extent()) == {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Qualitative study"},
    }


def test_the_ddi_bears_characters_that_xml_cannot_hold() -> None:
    odd = replace(ANSWERED, title="a\x00b\x1b", people=(Person("A\ufffe, B", "", "\x01x"),))
    assert b"<titl>ab</titl>" in ddi_codebook(odd, EXTENT)


def test_datacite_follows_its_own_schema() -> None:
    schema = pytest.importorskip("datacite.schema45", reason="datacite is not installed")
    schema.validator.validate(datacite(ANSWERED, EXTENT))


def test_datacite_tells_authors_from_helpers() -> None:
    found = datacite(ANSWERED, EXTENT)
    assert [person["familyName"] for person in found["creators"]] == ["Stanway"]
    assert found["creators"][0]["nameIdentifiers"][0]["nameIdentifier"] == "https://orcid.org/0000-0002-1825-0097"
    assert [person["contributorType"] for person in found["contributors"]] == ["DataCollector"]
    assert found["dates"][0] == {"date": "2025-01/2025-03-02", "dateType": "Collected"}
