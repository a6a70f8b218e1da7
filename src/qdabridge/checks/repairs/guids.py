"""GUID-INVALID, GUID-EMPTY, GUID-DUP: GUIDs that are none, that are absent, or that two things share.

A GUID that can stay stays. One that is made anew is always made alike, and whatever pointed at the old one points at
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from qdabridge.checks.inventory import Item, called, items, texts_with_owner
from qdabridge.checks.repairs.aims import ANYTHING, aims_of
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending, forget_spelling, made_guid
from qdabridge.checks.repairs.references import files_named
from qdabridge.checks.rules.guids import TWINS
from qdabridge.study import walk
from qdabridge.study.model import (
    AnyText,
    AudioSource,
    Element,
    SourceRef,
    Transcript,
    VideoSource,
    same_guid,
)

_DIGITS = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
LEGAL = re.compile(rf"\s*(?:{_DIGITS}|\{{{_DIGITS}\}})\s*")
_DRESSED = re.compile(
    r"(?:urn:uuid:)?[{(\[]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[})\]]?",
    re.IGNORECASE,
)


def mend_invalid(mending: Mending) -> None:
    """Make GUIDs of what stands in their place and is none, everywhere alike; give one to what has none."""
    uncounted = _uncounted(mending)
    made: dict[str, str] = {}
    absent = 0
    for item in items(mending.project):
        if not item.guid.strip():
            absent += 1
            _set(item.element, made_guid("absent", item.kind, str(absent)))
            mending.say("GUID-EMPTY", _ABSENT, called(item.element, item.inside))
        elif not LEGAL.fullmatch(item.guid):
            new = made.get(item.guid) or made.setdefault(item.guid, guid_for(item.guid))
            _set(item.element, new)
            mending.say("GUID-INVALID", _NONE, f"{called(item.element, item.inside)}, {item.guid} → {new}")
    files = files_named(mending.project)
    for element in mending.elements():
        for aim in aims_of(element):
            old = aim.guid
            if old and not LEGAL.fullmatch(old) and old.strip():
                if old not in made and isinstance(element, SourceRef) and same_guid(old) in files:
                    # It names a file that several sources have.
                    continue
                if old not in made:
                    message = "Something pointed at what is no GUID; it points at the GUID made of it."
                    mending.say("GUID-INVALID", message, f"{called(element)}, {old}")
                aim.point_at(made.get(old) or made.setdefault(old, guid_for(old)))
    _remember(mending, uncounted)
    if made or absent:
        mending.forget()


def _uncounted(mending: Mending) -> list[AnyText]:
    """Return the texts whose positions stand as in the file; that is remembered by their GUIDs."""
    guids = frozenset(mending.form.uncounted if mending.form is not None else ())
    return [text for text, _ in texts_with_owner(mending.project) if text.guid in guids] if guids else []


def _remember(mending: Mending, uncounted: list[AnyText]) -> None:
    """Note again which texts these are, under the GUIDs that they have now."""
    if mending.form is not None and mending.form.uncounted:
        mending.form = replace(mending.form, uncounted=tuple(dict.fromkeys(text.guid for text in uncounted)))


def guid_for(found: str) -> str:
    """Return the GUID that something stands for which is written otherwise, or one made of it.

    >>> guid_for("urn:uuid:9fa9bcb7-5b59-47a9-8c3e-f65cffdc7520"), guid_for("code 1") == guid_for("Code 1 ")
    ('9fa9bcb7-5b59-47a9-8c3e-f65cffdc7520', True)
    """
    dressed = _DRESSED.fullmatch(found.strip())
    return "-".join(dressed.groups()) if dressed else made_guid("invalid", found)


_ABSENT = "Something had no GUID; it has one now."
_NONE = "What stood as a GUID is none; a GUID was made of it, the same wherever it stood."


# --- two things with one GUID ----------------------------------------------------------------------------------------


def mend_shared(mending: Mending) -> None:
    """Part what shares a GUID, where it is clear which of them is meant by it."""
    uncounted = _uncounted(mending)
    _part_within(mending)
    _part_kinds(mending)
    _part_same_kind(mending)
    # What was there twice is there once now, so that it may be clear what shares its GUID with something else.
    _part_kinds(mending)
    _remember(mending, uncounted)


def _part_within(mending: Mending) -> None:
    """Give sync points and vertices that another transcript or graph has too their own: each means those beside it."""
    changed = False
    for kind, wholes in (("sync point", _transcripts(mending)), ("vertex", iter(mending.project.graphs or ()))):
        seen: set[str] = set()
        for whole in wholes:
            parts: list[Any] = whole.sync_points if isinstance(whole, Transcript) else whole.vertices
            here = [same_guid(part.guid) for part in parts]
            if len(set(here)) < len(here) or seen.isdisjoint(here):
                # Where two in one transcript have one GUID, it is not clear what points at which.
                seen.update(here)
                continue
            renamed = {guid: _free(guid, seen) for guid in here if guid in seen}
            for part in parts:
                if (new := renamed.get(same_guid(part.guid))) is not None:
                    mending.say("GUID-DUP", _SHARED, f"{called(part, whole)}, {part.guid} → {new}")
                    part.guid = new
            for pointing in whole.transcript_selections if isinstance(whole, Transcript) else whole.edges:
                _aim_anew(pointing, kind, renamed)
            seen.update(same_guid(part.guid) for part in parts)
            changed = True
    if changed:
        mending.forget()


def _part_kinds(mending: Mending) -> None:
    """Give the second of two things of different kinds its own: who points at it says which kind is meant."""
    first = mending.inventory.shared(apart_from=TWINS)
    if not first:
        return
    repeated = {same_guid(item.guid) for item in mending.inventory.repeated}
    vaguely = {
        same_guid(aim.guid)
        for element in mending.elements()
        for aim in aims_of(element)
        if aim.kinds == ANYTHING and aim.guid
    }
    renamed: dict[str, dict[str, str]] = {}
    for item in list(items(mending.project)):
        guid = same_guid(item.guid)
        kept = first.get(guid)
        if kept in (None, item.kind) or guid in vaguely or guid in repeated or frozenset({kept, item.kind}) in TWINS:
            continue
        # Twins of each other stay so.
        twin = next((sorted(pair)[0] for pair in TWINS if item.kind in pair), item.kind)
        new = renamed.setdefault(item.kind, {}).setdefault(guid, made_guid("shared", guid, twin))
        mending.say("GUID-DUP", _SHARED, f"{called(item.element, item.inside)}, {item.guid} → {new}")
        _set(item.element, new)
    for element in mending.elements() if renamed else ():
        for kind, guids in renamed.items():
            _aim_anew(element, kind, guids)
    mending.forget()


def _part_same_kind(mending: Mending) -> None:
    """Give the second of two things of one kind its own where nothing points at it; of two alike keep one."""
    repeated = mending.inventory.repeated
    if not repeated:
        return
    wanted = {same_guid(item.guid) for item in repeated}
    pointed = {
        same_guid(aim.guid)
        for element in mending.elements()
        for aim in aims_of(element)
        if aim.guid and same_guid(aim.guid) in wanted
    }
    first: dict[tuple[str, str], Element] = {}
    taken: set[str] = set()
    for item in items(mending.project):
        guid = same_guid(item.guid)
        taken.add(guid)
        if guid in wanted:
            first.setdefault((item.kind, guid), item.element)
    for item in repeated:
        guid = same_guid(item.guid)
        # What shares a GUID with another kind on purpose, such as a case with a code, is known by it.
        if len(mending.inventory.kinds_of(guid)) > 1:
            continue
        if guid not in pointed:
            new = _free(guid, taken)
            mending.say("GUID-DUP", _SHARED, f"{called(item.element, item.inside)}, {item.guid} → {new}")
            _set(item.element, new)
        elif item.element == first[item.kind, guid] and _drop(mending, item):
            mending.say("GUID-DUP", _TWICE, f"{called(item.element, item.inside)}, guid {item.guid}")
    mending.forget()


_SHARED = "Two things shared one GUID, and it was clear which of them is meant by it; one has its own now."
_TWICE = "Something was there twice, word for word; it is there once."


def _aim_anew(element: Element, kind: str, renamed: dict[str, str]) -> None:
    """Let what points at things of a kind follow them to their new GUIDs."""
    for aim in aims_of(element):
        if kind in aim.kinds and aim.guid and same_guid(aim.guid) in renamed:
            aim.point_at(renamed[same_guid(aim.guid)])


def _drop(mending: Mending, item: Item) -> bool:
    """Take the last of two equal things out of the list that it is in; return whether it was in one."""
    project = mending.project
    lists: list[list[Any]] = [project.users or [], project.variables or [], project.cases or [], project.notes or []]
    if project.code_book is not None:
        lists += [project.code_book.codes, *(code.codes for code in walk.codes(project))]
    for members in lists:
        for index in range(len(members) - 1, -1, -1):
            if members[index] is item.element:
                del members[index]
                return True
    return False


def _transcripts(mending: Mending) -> Iterator[Transcript]:
    for source in mending.project.sources or ():
        if isinstance(source, AudioSource | VideoSource):
            yield from source.transcripts


def _free(guid: str, taken: set[str]) -> str:
    """Return a GUID made of another that nobody has, and take it."""
    number = 2
    while (new := made_guid("shared", guid, str(number))) in taken:
        number += 1
    taken.add(new)
    return new


def _set(element: Element, guid: str) -> None:
    element.guid = guid  # type: ignore[attr-defined]
    forget_spelling(element, "guid")


MENDS = (
    Mend(
        code="GUID-INVALID",
        title="what stands as a GUID is none",
        does="A GUID without dashes, in round brackets or as `urn:uuid:` gets the standard's form. Of anything "
        "else a GUID is made (version 5), the same every time and wherever it stands, so that what belongs "
        "together stays together.",
        step=mend_invalid,
    ),
    Mend(
        code="GUID-EMPTY",
        title="something has no GUID, or an empty one",
        does="It gets one, the same every time.",
        step=mend_invalid,
    ),
    Mend(
        code="GUID-DUP",
        title="two things share a GUID",
        does="Where nothing in the study points at that GUID, the second gets its own. The same where two kinds share "
        "it and what points says which kind it means, and for a sync point or a vertex that another transcript or "
        "graph has too: what points at it stands beside it. What is there twice word for word (a user, code, "
        "variable, case or note) stays once.",
        leaves="Two different things that are pointed at: only a person can say which of them is meant.",
        step=mend_shared,
    ),
)
