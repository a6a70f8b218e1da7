"""Findings as SARIF 2.1.0, the form in which programs that check files tell others what they found.

Continuous integration and editors show it beside the files. The source is the OASIS standard “Static Analysis Results
Interchange Format (SARIF) Version 2.1.0”; section numbers are its. Knows nothing of how a finding came about, and
writes no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

from qdabridge import __version__
from qdabridge.checks.many import Checked
from qdabridge.checks.rules.rule import Rule
from qdabridge.findings import Finding

Object: TypeAlias = dict[str, Any]
"""A JSON object."""

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_NOT_READ = "unreadable"
_LINE = re.compile(r": line (\d+),")
_AS_THEY_ARE = (".qde", ".qdc")


def sarif(checked: Iterable[Checked], rules: Sequence[Rule], *, folder: Path | None = None) -> Object:
    """Return a SARIF log with one run, ready to be written as JSON.

    Each finding is one result with its count as ``occurrenceCount``; its first place is the location, the others that
    are known are related locations. A file that could not be read is told as a notification of the run.

    Args:
        checked: what became of each file.
        rules: what was looked for; findings of other rules are told by their code alone.
        folder: what the names of files are relative to, the current one by default; others are told as absolute.
    """
    base = (folder or Path()).absolute()
    everything = list(checked)
    described = [_rule(rule) for rule in rules]
    known = {rule["id"]: index for index, rule in enumerate(described)}
    results = []
    for file in everything:
        for finding in file.findings:
            if finding.code not in known:
                known[finding.code] = len(described)
                described.append(_rule_without_words(finding))
            results.append(_result(finding, known[finding.code], file.path, base))
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(described)},
                "invocations": [_invocation(everything, base)],
                "artifacts": [_artifact(file, base) for file in everything],
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }


# --- what was looked for ---------------------------------------------------------------------------------------------


def _driver(rules: list[Object]) -> Object:
    return {
        "name": "qdabridge",
        "version": __version__,
        "semanticVersion": __version__,
        "notifications": [
            {
                "id": _NOT_READ,
                "shortDescription": {"text": "A file could not be read."},
                "defaultConfiguration": {"level": "error"},
            }
        ],
        "rules": rules,
    }


def _rule(rule: Rule) -> Object:
    """Return a reportingDescriptor (3.49)."""
    help_ = {"text": _plain(rule.about), "markdown": rule.about}
    if rule.mended:
        help_ = {key: f"{text}\n\nWhat qdabridge repair does: {rule.mended}" for key, text in help_.items()}
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.code.split("-")),
        "shortDescription": {"text": f"{rule.title[:1].upper()}{rule.title[1:]}."},
        "fullDescription": {"text": _plain(rule.about)},
        "help": help_,
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"source": rule.section},
    }


def _rule_without_words(finding: Finding) -> Object:
    return {
        "id": finding.code,
        "shortDescription": {"text": finding.message},
        "defaultConfiguration": {"level": finding.severity},
    }


def _plain(markdown: str) -> str:
    """Return a paragraph of Markdown as one line without the marks of code and emphasis."""
    return " ".join(re.sub(r"[`*]", "", markdown).split())


# --- what was found --------------------------------------------------------------------------------------------------


def _result(finding: Finding, rule: int, path: Path, base: Path) -> Object:
    """Return a result (3.27)."""
    places = finding.places or (finding.where,)
    result: Object = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity,
        "message": {"text": f"{finding.message} {finding.hint}".strip()},
        "locations": [_location(places[0], path, base)],
        "partialFingerprints": {"finding/v1": _fingerprint(finding)},
        "properties": {"kind": finding.kind},
    }
    if places[1:]:
        result["relatedLocations"] = [_location(place, path, base) for place in places[1:]]
    if finding.count > 1:
        result["occurrenceCount"] = finding.count
    return result


def _location(where: str, path: Path, base: Path) -> Object:
    """Return a location (3.28): the file, the line where a person can open it, and the place in words."""
    physical: Object = {"artifactLocation": {"uri": _uri(path, base)}}
    line = _LINE.search(where) if path.suffix.lower() in _AS_THEY_ARE else None
    if line:
        physical["region"] = {"startLine": int(line.group(1))}
    location: Object = {"physicalLocation": physical}
    if where:
        location["logicalLocations"] = [{"fullyQualifiedName": where}]
        location["message"] = {"text": where}
    return location


def _fingerprint(finding: Finding) -> str:
    """Return what stays the same when the file is checked again, so that new findings are known from old ones."""
    told = "\0".join((finding.code, finding.message, finding.where))
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# --- the files -------------------------------------------------------------------------------------------------------


def _invocation(checked: list[Checked], base: Path) -> Object:
    """Return an invocation (3.20); it was a success where every file was read, whatever is wrong with them."""
    unread = [file for file in checked if file.unreadable]
    return {
        "executionSuccessful": not unread,
        "toolExecutionNotifications": [
            {
                "descriptor": {"id": _NOT_READ, "index": 0},
                "level": "error",
                "message": {"text": file.unreadable},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(file.path, base)}}}],
            }
            for file in unread
        ],
    }


def _artifact(file: Checked, base: Path) -> Object:
    """Return an artifact (3.24): a file that was checked, also where nothing is wrong with it."""
    return {"location": {"uri": _uri(file.path, base)}, "roles": ["analysisTarget"]}


def _uri(path: Path, base: Path) -> str:
    """Return a file's name as a URI, relative where it lies in the base folder (3.4.4)."""
    whole = Path(path).absolute()
    if whole.is_relative_to(base):
        return quote(whole.relative_to(base).as_posix().encode("utf-8", "surrogateescape"))
    return whole.as_uri()
