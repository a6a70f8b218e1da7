"""The key: which name is replaced by what, as people keep it in a table.

A key is one table of any kind (.xlsx, .csv, .ods …) with a row of headings. It knows how a key is written down, and
nothing of where names are found.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from qdabridge.errors import CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.formats.spreadsheet.sheets import TableFile, open_table
from qdabridge.formats.spreadsheet.sheets.columns import Headed, Record, headed, refuse_twice
from qdabridge.formats.spreadsheet.sheets.separated import GUESSED

Kind = Literal["person", "place", "institution", "role", "other"]
Match = Literal["word", "exact", "regex"]

COLUMNS = ("find", "replace", "kind", "scope", "match")
"""The headings of a key, in the order in which they are written."""

_KINDS: tuple[Kind, ...] = get_args(Kind)
_MATCHES: tuple[Match, ...] = get_args(Match)

_ENDLESS = re.compile(r"(?<!\\)\((?:[^()\\]|\\.)*(?:[+*]|\{\d+,\d*\})(?:[^()\\]|\\.)*\)(?:[+*]|\{\d+,\d*\})")
"""A group that repeats and has something inside that repeats: on some texts it tries every way to cut them."""


_GUARDED = re.compile(r"^'(?=[=+\-@])")
"""The apostrophe that keeps spreadsheet programs from taking a number like +44 29 … for a formula."""


class Entry(Struct, frozen=True):
    """One row of the key.

    Args:
        find: the name, or with ``regex`` a regular expression.
        replace: what comes in its place; with ``regex`` it may name groups (``\\1``).
        kind: what is named.
        scope: the name or GUID of the one source or case in which it is replaced; empty for everywhere.
        match: ``word``: whole words, in small letters and capitals, plurals too. ``exact``: whole words, capitals as
            written. ``regex``: whatever the expression matches.
        row: its row in the key, from 1, the headings counted; 0 where it comes from no table.
    """

    find: str
    replace: str
    kind: Kind = "other"
    scope: str = ""
    match: Match = "word"
    row: int = 0


class Key(Struct, frozen=True):
    """A whole key.

    Args:
        entries: its rows, in order.
        findings: what is to be said of it, such as rows that are not filled in.
    """

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def scopes(self) -> tuple[str, ...]:
        """The sources and cases, as written, that some entry is confined to, each once."""
        return tuple(dict.fromkeys(entry.scope for entry in self.entries if entry.scope))


def read_key(path: Path) -> Key:
    """Read a key from a table file.

    Rows without a replacement are left alone, and told.

    Raises:
        CannotRead: it is no table, has no columns ``find`` and ``replace``, is not UTF-8, or a row of it cannot be
            used; the message names the row, and never the name in it.
    """
    file = open_table(path)
    if file.encoding == GUESSED:
        raise CannotRead(
            "The key is not UTF-8, so names with accents would not be found.",
            where=str(path),
            todo="Save it as .xlsx, or as “CSV UTF-8”.",
        )
    table = _table(file)
    refuse_twice(table, file)
    findings = Findings()
    entries: dict[tuple[str, str, str], Entry] = {}
    for record in table.records():
        entry = _entry(record, path)
        if not entry.replace:
            findings.add(_unfilled(record, path))
            continue
        found = unicodedata.normalize("NFC", entry.find)
        same = (found if entry.match != "word" else found.casefold(), entry.scope.casefold(), entry.match)
        before = entries.setdefault(same, entry)
        if before.replace != entry.replace:
            raise _refused(record, path, f"The same is to be found as in row {before.row}, and replaced by another.")
    if not entries:
        raise CannotRead(
            "The key has no row with both a name to find and its replacement.",
            where=str(path),
            todo="Fill in the columns “find” and “replace”.",
        )
    return Key(tuple(entries.values()), tuple(findings.all()))


def _table(file: TableFile) -> Headed:
    known = {name: (name,) for name in COLUMNS}
    for sheet in file.sheets:
        found = headed(sheet, known, ("find", "replace"))
        if found is not None:
            return found
    raise CannotRead(
        "No row has the headings “find” and “replace”, so this is no key.",
        where=str(file.path),
        todo=f"Begin the table with a row {', '.join(COLUMNS)}; the last three may be missing.",
    )


def _entry(record: Record, path: Path) -> Entry:
    find, scope = _GUARDED.sub("", record.text("find")), record.text("scope")
    kind, match = record.text("kind").casefold() or "other", record.text("match").casefold() or "word"
    if not find:
        raise _refused(record, path, "There is nothing to be found in the column “find”.")
    if kind not in _KINDS:
        raise _refused(record, path, f"“{kind}” is no kind.", f"Use {', '.join(_KINDS)}, or nothing.")
    if match not in _MATCHES:
        raise _refused(record, path, f"“{match}” is no way to match.", f"Use {', '.join(_MATCHES)}, or nothing.")
    replace = record.text("replace")
    if match == "regex":
        _refuse_bad_regex(record, path, find, replace)
    elif not any(char.isalnum() for char in find):
        raise _refused(record, path, "What is to be found has neither a letter nor a digit in it.")
    else:
        find = " ".join(find.split())
    return Entry(find, replace, _KINDS[_KINDS.index(kind)], scope, _MATCHES[_MATCHES.index(match)], record.number + 1)


def _refuse_bad_regex(record: Record, path: Path, find: str, replace: str) -> None:
    try:
        pattern = re.compile(find)
    except (re.error, OverflowError, RecursionError) as error:
        raise _refused(record, path, f"The regular expression is wrong ({error}).") from None
    if _ENDLESS.search(find):
        raise _refused(
            record,
            path,
            "The regular expression repeats what repeats itself, which may take for ever.",
            "Write it without a “+” or “*” on a group that has one inside.",
        )
    if pattern.match("") is not None:
        raise _refused(record, path, "The regular expression matches nothing at all, so it matches everywhere.")
    try:
        # The replacement is looked at even where nothing is found.
        pattern.sub(replace, "")
    except (re.error, IndexError) as error:
        raise _refused(record, path, f"The replacement of the regular expression is wrong ({error}).") from None


def _unfilled(record: Record, path: Path) -> Finding:
    return Finding(
        "KEY-UNFILLED",
        "warning",
        "A row of the key has no replacement; what it names was left as it is.",
        f"{path.name}: {record.at}",
        "Fill in the column “replace”, or delete the row if it is no name.",
    )


def _refused(record: Record, path: Path, what: str, todo: str = "Mend or delete the row.") -> CannotRead:
    return CannotRead(what, where=f"{path}: {record.at}", todo=todo)
