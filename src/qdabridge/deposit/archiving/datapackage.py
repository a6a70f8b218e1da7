"""The description of a deposit's tables for programs. Source: Frictionless Data Package 1, profile tabular."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qdabridge.deposit.archiving.bags import Member
from qdabridge.deposit.archiving.describing import Described, table_schema
from qdabridge.deposit.archiving.metadata import Answers
from qdabridge.deposit.archiving.metadata.datacite import licence_address


def data_package(
    folder: Path, described: list[Described], members: dict[str, Member], answers: Answers, name: str
) -> dict[str, Any]:
    """Return ``datapackage.json``: a schema for each table among the files that were described.

    Args:
        folder: where the files lie.
        described: what they are.
        members: path → what the file measures.
        answers: what the archive was told.
        name: what the package is called where it has no title.
    """
    resources = []
    for each in described:
        if not each.path.endswith(".csv"):
            continue
        resources.append(
            {
                "name": each.path.removesuffix(".csv"),
                "title": each.title,
                **({"description": each.about} if each.about else {}),
                "path": each.path,
                "format": "csv",
                "mediatype": "text/csv",
                # Excel takes a table for UTF-8 by the mark at its beginning.
                "encoding": "utf-8-sig",
                "bytes": members[each.path].size,
                "hash": f"sha256:{members[each.path].sums['sha256']}",
                "profile": "tabular-data-resource",
                "schema": table_schema(folder / each.path, each.fields),
            }
        )
    package: dict[str, Any] = {
        "name": "study",
        "title": answers.title or name,
        "description": answers.abstract,
        "version": answers.version,
        "keywords": [word for word in answers.keywords if word.strip()],
        "contributors": [
            {"title": person.name, **({"organization": person.affiliation} if person.affiliation else {})}
            for person in answers.named_people()
        ],
        "licenses": _licences(answers),
        "resources": resources,
    }
    return {key: value for key, value in package.items() if value}


def _licences(answers: Answers) -> list[dict[str, str]]:
    if not answers.licence.strip():
        return []
    address = licence_address(answers.licence)
    return [{"title": answers.licence, **({"path": address} if address else {"name": "other-closed"})}]
