"""What was answered, as DataCite metadata in JSON (metadata schema 4), with which a DOI is registered."""

from __future__ import annotations

from typing import Any

from qdabridge.deposit.archiving.metadata.answers import Answers, Extent, Person, is_date

SCHEMA = "http://datacite.org/schema/kernel-4"

_CONTRIBUTORS = {
    "interviewer": "DataCollector",
    "data collector": "DataCollector",
    "coder": "Researcher",
    "researcher": "Researcher",
    "contact": "ContactPerson",
    "data manager": "DataManager",
    "supervisor": "Supervisor",
}
"""Roles that are not those of an author, and what DataCite calls them."""

_LICENCES = {
    "cc by 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc by-sa 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc by-nc 4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "cc by-nc-sa 4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "cc0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def licence_address(name: str) -> str:
    """Return the address of a licence of Creative Commons by its name; empty for any other."""
    return _LICENCES.get(" ".join(name.lower().split()), "")


def datacite(answers: Answers, extent: Extent) -> dict[str, Any]:
    """Return the metadata, ready for JSON; what was not answered is not there.

    Source: DataCite Metadata Schema 4.5.
    """
    authors = [person for person in answers.named_people() if _contributor(person) is None]
    helped = [person for person in answers.named_people() if _contributor(person) is not None]
    found: dict[str, Any] = {
        "schemaVersion": SCHEMA,
        "doi": answers.doi.strip(),
        "creators": [_person(person) for person in authors],
        "titles": [
            *_if(answers.title, [{"title": answers.title}]),
            *_if(answers.subtitle, [{"title": answers.subtitle, "titleType": "Subtitle"}]),
        ],
        "publisher": {"name": answers.publisher} if answers.publisher.strip() else {},
        "publicationYear": answers.publication_year.strip()[:4],
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Qualitative study"},
        "subjects": [{"subject": word} for word in answers.keywords if word.strip()],
        "contributors": [{**_person(person), "contributorType": _contributor(person) or "Other"} for person in helped],
        "dates": _dates(answers),
        # DataCite has one language; the others stand in the DDI.
        "language": next((language for language in answers.languages if language.strip()), ""),
        "relatedIdentifiers": [
            {
                "relatedIdentifier": address,
                "relatedIdentifierType": "URL" if address.startswith("http") else "DOI",
                "relationType": "IsSupplementTo",
            }
            for address in (each.strip() for each in answers.related)
            if address
        ],
        "sizes": [
            text
            for text in (
                f"{extent.cases} cases" if extent.cases else "",
                extent.sources,
                f"{extent.files} files" if extent.files else "",
                f"{extent.size} bytes" if extent.size else "",
            )
            if text
        ],
        "version": answers.version,
        "rightsList": _rights(answers),
        "descriptions": [
            *_if(answers.abstract, [{"description": answers.abstract, "descriptionType": "Abstract"}]),
            *[
                {"description": text, "descriptionType": "Methods"}
                for text in (answers.sampling, answers.collection, answers.coding, answers.anonymisation)
                if text.strip()
            ],
        ],
        "geoLocations": [{"geoLocationPlace": text} for text in (answers.place, answers.country) if text.strip()],
        "fundingReferences": [
            {"funderName": each.funder, **({"awardNumber": each.grant} if each.grant.strip() else {})}
            for each in answers.named_funding()
        ],
    }
    return {name: value for name, value in found.items() if value}


def _if(answer: str, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return entries if answer.strip() else []


def _contributor(person: Person) -> str | None:
    return _CONTRIBUTORS.get(" ".join(person.role.lower().split()))


def _person(person: Person) -> dict[str, Any]:
    given, family = person.given_and_family()
    found: dict[str, Any] = {"name": person.name.strip(), "nameType": "Personal"}
    if given:
        found |= {"givenName": given, "familyName": family}
    if person.affiliation.strip():
        found["affiliation"] = [{"name": person.affiliation.strip()}]
    if person.orcid_address():
        found["nameIdentifiers"] = [
            {
                "nameIdentifier": person.orcid_address(),
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org",
            }
        ]
    return found


def _dates(answers: Answers) -> list[dict[str, str]]:
    began, ended = answers.collected_from.strip(), answers.collected_until.strip()
    dates = []
    if is_date(began) and is_date(ended) and began != ended:
        dates.append({"date": f"{began}/{ended}", "dateType": "Collected"})
    elif is_date(began) or is_date(ended):
        dates.append({"date": began if is_date(began) else ended, "dateType": "Collected"})
    if is_date(answers.embargo_until):
        dates.append({"date": answers.embargo_until.strip(), "dateType": "Available"})
    return dates


def _rights(answers: Answers) -> list[dict[str, str]]:
    rights = []
    if answers.licence.strip():
        address = licence_address(answers.licence)
        rights.append({"rights": answers.licence.strip(), **({"rightsUri": address} if address else {})})
    if answers.access.strip():
        rights.append({"rights": f"Access: {answers.access.strip()}"})
    return rights
