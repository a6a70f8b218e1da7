"""The description of a deposit as an RO-Crate: every file, who made the study, and what made the files.

Source: RO-Crate Metadata Specification 1.3; Process Run Crate for the action.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qdabridge import __version__
from qdabridge.deposit.archiving.bags import Member
from qdabridge.deposit.archiving.describing import Described
from qdabridge.deposit.archiving.files_at_risk import format_of
from qdabridge.deposit.archiving.metadata import Answers
from qdabridge.deposit.archiving.metadata.datacite import licence_address

NAME = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.3/context"
_SPECIFICATION = "https://w3id.org/ro/crate/1.3"
_TOOL = "#qdabridge"
_ADDRESS = "https://pypi.org/project/qdabridge/"


def crate(
    described: list[Described], members: list[Member], answers: Answers, *, name: str, about: str, made: datetime
) -> dict[str, Any]:
    """Return ``ro-crate-metadata.json``.

    Args:
        described: what the files are; a path that ends in a slash is a folder.
        members: the files of the payload, paths below ``data/``.
        answers: what the archive was told.
        name, about: what the study is called, and a sentence on it, where the answers do not say.
        made: the moment that stands for that of publishing where the answers do not say.
    """
    said = {each.path: each for each in described}
    authors = [
        _person(number, person.name, person.orcid_address()) for number, person in enumerate(answers.named_people())
    ]
    affiliations = [person.affiliation.strip() for person in answers.named_people()]
    for author, affiliation in zip(authors, affiliations, strict=True):
        if affiliation:
            author["affiliation"] = affiliation
    licence = _licence(answers)
    files = [_file(each, said) for each in members]
    folders: list[dict[str, Any]] = [
        {
            "@id": each.path,
            "@type": "Dataset",
            "name": each.title,
            "hasPart": [{"@id": file["@id"]} for file in files if str(file["@id"]).startswith(each.path)],
        }
        for each in described
        if each.path.endswith("/")
    ]
    inside = {part["@id"] for folder in folders for part in folder["hasPart"]}
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": answers.title or name,
        "description": answers.abstract or about,
        "datePublished": answers.publication_year.strip() or made.date().isoformat(),
        "license": {"@id": licence["@id"]},
        "author": [{"@id": author["@id"]} for author in authors],
        "publisher": {"@id": "#publisher"} if answers.publisher.strip() else None,
        "keywords": ", ".join(word for word in answers.keywords if word.strip()),
        "inLanguage": [language for language in answers.languages if language.strip()],
        "identifier": answers.doi and f"https://doi.org/{answers.doi}",
        "hasPart": [
            *({"@id": file["@id"]} for file in files if file["@id"] not in inside),
            *({"@id": folder["@id"]} for folder in folders),
        ],
        "mentions": {"@id": "#conversion"},
    }
    graph: list[dict[str, Any]] = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _SPECIFICATION},
            "about": {"@id": "./"},
        },
        {key: value for key, value in root.items() if value},
        licence,
        *authors,
        *(
            [{"@id": "#publisher", "@type": "Organization", "name": answers.publisher}]
            if answers.publisher.strip()
            else []
        ),
        {
            "@id": _TOOL,
            "@type": "SoftwareApplication",
            "name": "qdabridge",
            "url": _ADDRESS,
            "version": __version__,
            "softwareVersion": __version__,
            "description": "Moves qualitative studies between programs and writes them for archives.",
        },
        {
            "@id": "#project",
            "@type": "CreativeWork",
            "name": f"The project as it was: {name}",
        },
        {
            "@id": "#conversion",
            "@type": "CreateAction",
            "name": "The project was written as the files of this deposit",
            "instrument": {"@id": _TOOL},
            "object": {"@id": "#project"},
            "result": [{"@id": file["@id"]} for file in files],
            "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
            "endTime": made.isoformat(),
        },
        *folders,
        *files,
    ]
    return {"@context": CONTEXT, "@graph": graph}


def _person(number: int, name: str, orcid: str) -> dict[str, Any]:
    return {"@id": orcid or f"#person-{number + 1}", "@type": "Person", "name": name.strip()}


def _licence(answers: Answers) -> dict[str, Any]:
    if not answers.licence.strip():
        return {"@id": "#licence", "@type": "CreativeWork", "name": "The licence is not stated."}
    address = licence_address(answers.licence)
    return {"@id": address or "#licence", "@type": "CreativeWork", "name": answers.licence}


def _file(member: Member, said: dict[str, Described]) -> dict[str, Any]:
    described = said.get(member.path)
    found: dict[str, Any] = {
        "@id": _address(member.path),
        "@type": "File",
        "name": member.path,
        "encodingFormat": format_of(member.path).media_type,
        "contentSize": str(member.size),
        "sha256": member.sums["sha256"],
    }
    if described is not None:
        found["description"] = f"{described.title}. {described.about}".strip()
    return found


def _address(path: str) -> str:
    """Return a path as the relative address that RO-Crate asks for."""
    from urllib.parse import quote

    return quote(path, safe="/~!$&'()*+,;=:@")
