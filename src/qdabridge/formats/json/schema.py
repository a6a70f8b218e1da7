"""The JSON Schema of ``study.json``, made from the model, so that it cannot say anything else.

``python -m qdabridge.formats.json.schema schemas/study.schema.json`` writes it; without a file name it is printed. It
says what the reader checks, no more: what the values mean and which are allowed is the affair of the standard and of
the checks.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from qdabridge.formats.json.layout import StoredFile, StudyFile, TextFile
from qdabridge.formats.json.quotes import StudyFile as StudyFileWithQuotes
from qdabridge.study.form import Decision, Form
from qdabridge.study.model import Extensions
from qdabridge.study.text import Counting

IDENTIFIER = "urn:qdabridge:study:1"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def study_schema() -> dict[str, Any]:
    """Return the schema, of JSON Schema 2020-12, of what ``write`` writes and ``read`` accepts."""
    made = msgspec.json.schema(StudyFileWithQuotes)
    definitions = made.pop("$defs")
    for title, definition in definitions.items():
        _describe(title, definition)
    return {"$schema": _DIALECT, "$id": IDENTIFIER, **_plain(made), "$defs": _plain(definitions)}


def schema_text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(study_schema(), indent=2, ensure_ascii=False) + "\n"


_DOCUMENTED = {of.__name__: of for of in (StudyFile, TextFile, StoredFile, Form, Decision, Counting, Extensions)}
_ARGUMENT = re.compile(r"^(?P<names>[a-z_]+(?:, [a-z_]+)*): (?P<text>.+)$", re.DOTALL)


def _describe(title: str, definition: dict[str, Any]) -> None:
    """Take descriptions from the docstrings: what comes before ``Args:`` is of the class, the rest of its fields."""
    text, _, arguments = inspect.cleandoc(definition.get("description", "")).partition("\n\nArgs:\n")
    definition["description"] = _one_line(text)
    if title not in _DOCUMENTED:
        return
    spelled = {field.name: field.encode_name for field in msgspec.structs.fields(_DOCUMENTED[title])}
    for argument in re.split(r"\n(?=    \S)", arguments):
        match = _ARGUMENT.match(argument.strip())
        for name in match["names"].split(", ") if match else ():
            definition["properties"][spelled[name]]["description"] = _one_line(match["text"])  # type: ignore[index]


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r":class:`(\w+)`", r"\1", text)).replace("``", "`").strip()


def _plain(part: Any) -> Any:
    """Return a part of the schema without what says nothing: defaults that are null, types apart that could be one."""
    if isinstance(part, list):
        return [_plain(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {
        name: _plain(value)
        for name, value in part.items()
        if not (name == "discriminator" or (name == "default" and value is None))
    }
    choices = kept.get("anyOf")
    if isinstance(choices, list) and all(isinstance(choice, dict) and set(choice) == {"type"} for choice in choices):
        del kept["anyOf"]
        kept = {"type": [choice["type"] for choice in choices], **kept}
    return kept


if __name__ == "__main__":
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(schema_text())
