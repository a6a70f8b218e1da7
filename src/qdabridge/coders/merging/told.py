"""What there is to say about a merge: conflicts and losses one by one for programs, findings for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from qdabridge.checks.wording import shortened
from qdabridge.findings import Finding

Field = Literal["name", "description", "color", "place", "text", "file", "value", "other"]


class Conflict(Struct, frozen=True, rename="camel"):
    """Something that copies say differently.

    Args:
        field: what differs: a ``name``, ``description``, ``color``, the ``place`` of a code in the tree, a ``text``, a
            ``file``, a ``value`` of a variable, or something ``other``.
        what: what it is about, as a person knows it.
        kept_from, kept: the copy whose word was kept, and what it says; of a text, what differs.
        other_from, other: the copy that says something else, and what.
        detail: which attribute or variable it is, where ``field`` does not say it.
    """

    field: Field
    what: str
    kept_from: str
    kept: str
    other_from: str
    other: str
    detail: str = ""


class Lost(Struct, frozen=True, rename="camel"):
    """A passage that has no place in the text that was kept.

    Args:
        source: the source or note that it was in.
        copy: the copy that has it.
        words: what it says.
        guid: of the selection.
        codes: what it was coded with, and by whom.
    """

    source: str
    copy: str
    words: str
    guid: str
    codes: tuple[str, ...] = ()


_DIFFERS: dict[Field, tuple[str, str]] = {
    "name": ("MERGE-NAME", "Copies name one thing differently; the name of the first stayed."),
    "description": ("MERGE-DESCRIPTION", "Copies describe one thing differently; the description of the first stayed."),
    "color": ("MERGE-COLOR", "Copies give one thing different colours; that of the first stayed."),
    "place": ("MERGE-PLACE", "A code stands elsewhere in the tree of another copy; it stayed where the first has it."),
    "text": ("MERGE-TEXT", "A text was edited in one copy; the text of the first stayed."),
    "file": ("MERGE-FILE", "Copies have different files for one source; the file of the first stayed."),
    "value": ("MERGE-VALUE", "Copies have different values of a variable; the value of the first stayed."),
    "other": ("MERGE-OTHER", "Copies say something else of one thing; what the first says stayed."),
}
_HINT = "If the other copy is right, name it with --prefer, or change it in the merged study; --report lists both."


def conflicts(found: Iterable[Conflict]) -> list[Finding]:
    """Return conflicts as findings, one by one."""
    return [
        Finding(
            _DIFFERS[each.field][0],
            "warning",
            _DIFFERS[each.field][1],
            where=_where(each),
            hint=_HINT,
        )
        for each in found
    ]


def _where(each: Conflict) -> str:
    name = f"{each.what}, {each.detail}" if each.detail else each.what
    return f"{name}: “{shortened(each.kept)}” ({each.kept_from}), “{shortened(each.other)}” ({each.other_from})"


def lost(each: Lost) -> Finding:
    """Say that a passage is not in the text that was kept."""
    return Finding(
        "MERGE-PASSAGE-LOST",
        "warning",
        "Passages are not in the text that stayed, so they and their codings are not in the merged study.",
        where=f"{each.source} ({each.copy}): “{shortened(each.words)}”",
        hint="Look each up in --report and code it by hand, or prefer the copy that has the longer text.",
        kind="loss",
    )


def carried(source: str, copy: str) -> Finding:
    """Say that a passage was carried over into the text that was kept."""
    return Finding(
        "MERGE-PASSAGE-MOVED",
        "note",
        "Passages were carried over into the text that stayed, by what is the same in both.",
        where=f"{source} ({copy})",
        kind="mended",
    )


def reused(what: str, copy: str) -> Finding:
    """Say that a GUID means another thing in another copy."""
    return Finding(
        "MERGE-GUID",
        "note",
        "One GUID means different things in two copies; the one that came later has a new one, and what points at it "
        "follows.",
        where=f"{what} ({copy})",
        kind="mended",
    )


def matched(what: str, copy: str) -> Finding:
    """Say that things of different GUIDs were taken for one."""
    return Finding(
        "MERGE-MATCHED",
        "note",
        "Things have different GUIDs and were taken for one: the same content, path or name.",
        where=f"{what} ({copy})",
        kind="mended",
    )


def several(what: str, copy: str) -> Finding:
    """Say that something could be one of several things."""
    return Finding(
        "MERGE-SEVERAL",
        "warning",
        "Something could be the same as several things, so it was kept beside them.",
        where=f"{what} ({copy})",
        hint="Look whether it is there twice, and join it by hand.",
    )


def nothing_shared(copy: str) -> Finding:
    """Say that a copy has no source and no code in common with those before it."""
    return Finding(
        "MERGE-STRANGERS",
        "warning",
        "A file has no source and no code in common with the files before it; it may be another study.",
        where=copy,
        hint="Look whether it is the file you meant.",
    )


def guid_shared(copy: str) -> Finding:
    """Say that a copy has two things with one GUID."""
    return Finding(
        "MERGE-UNSOUND",
        "warning",
        "In one copy different things have one GUID, so it is not certain what points at which.",
        where=copy,
        hint="Mend it first with `qdabridge repair`, then merge.",
    )


def programs(copy: str, tool: str, leading: str) -> Finding:
    """Say that copies come from different programs."""
    return Finding(
        "MERGE-PROGRAMS",
        "note",
        "Copies come from different programs; the merged study is read as one of the first.",
        where=f"{copy}: {tool}, not {leading}",
    )


def led_to_lost(what: str, copy: str) -> Finding:
    """Say that a link or shape of a drawing meant a passage that is lost."""
    return Finding(
        "MERGE-LINK-LOST",
        "warning",
        "Links lead to passages that are not in the text that stayed, so they are not in the merged study.",
        where=f"{what} ({copy})",
        kind="loss",
    )
