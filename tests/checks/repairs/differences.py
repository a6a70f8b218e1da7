"""What differs between two studies, by the field of the model, and what is left wrong in one that was mended."""

from __future__ import annotations

import qdabridge as qda
from checks.studies import study
from qdabridge.study.model import Element, Project


def left_in(result: qda.Repaired) -> list[str]:
    """Return the codes of what is left, but for what is so of the files that the studies of these tests have."""
    of_files = {finding.code for finding in qda.repair(study()).left}
    return [finding.code for finding in result.left if finding.code not in of_files]


def differences(one: Project, other: Project) -> set[str]:
    """Return the fields in which two projects differ, such as ``Code.name``; a list of another length is one."""
    return set(_between(one, other))


def _between(one: Element, other: Element) -> list[str]:
    found: list[str] = []
    for field in one.__struct_fields__:
        name = f"{type(one).__name__}.{field}"
        before, after = getattr(one, field), getattr(other, field)
        if before == after:
            continue
        if isinstance(before, Element) and type(before) is type(after):
            found += _between(before, after) if field != "extensions" else [name]
        elif isinstance(before, list | tuple) and isinstance(after, list | tuple) and len(before) == len(after):
            for inner, again in zip(before, after, strict=True):
                found += _between(inner, again)
        else:
            found.append(name)
    return found
