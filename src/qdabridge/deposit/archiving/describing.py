"""What each file of a deposit is, in words and for programs; what the README, the crate and the data package say."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from qdabridge.formats.spreadsheet.sheets.separated import fields_of_any_length

_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)\.\d+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Described(Struct, frozen=True):
    """A file of the payload.

    Args:
        path: below ``data/``.
        title: what it is, in a few words.
        about: a sentence more.
        fields: for a table, the meaning of its columns by name; others are attributes of cases.
    """

    path: str
    title: str
    about: str = ""
    fields: dict[str, str] = {}


def table_schema(path: Path, meaning: dict[str, str]) -> dict[str, Any]:
    """Return the Table Schema of a CSV file: a type for each column that all its values have.

    Source: Frictionless Data, Table Schema 1.
    """
    with path.open(encoding="utf-8-sig", newline="") as stream, fields_of_any_length():
        rows = csv.reader(stream)
        headings = next(rows, [])
        kinds: list[set[str]] = [set() for _ in headings]
        for row in rows:
            for kind, value in zip(kinds, row, strict=False):
                if value:
                    kind.add(_kind(value))
    return {
        "fields": [
            {"name": name, "type": _together(kind), **({"description": meaning[name]} if name in meaning else {})}
            for name, kind in zip(headings, kinds, strict=True)
        ],
        "missingValues": [""],
    }


def _kind(value: str) -> str:
    if _INTEGER.fullmatch(value):
        return "integer"
    if _NUMBER.fullmatch(value):
        return "number"
    if _DATE.fullmatch(value):
        try:
            date.fromisoformat(value)
        except ValueError:
            return "string"
        return "date"
    return "string"


def _together(kinds: set[str]) -> str:
    if kinds == {"integer", "number"}:
        return "number"
    return kinds.pop() if len(kinds) == 1 else "string"
