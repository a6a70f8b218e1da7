"""Changes a file a little, in ways that a parser still understands: XML by its tags, JSON by its values, packages by
their entries, tables by their cells; and now and then anything by its bytes. Knows nothing of qdabridge.
"""

from __future__ import annotations

import json
import random
from typing import Any

from fuzz.mutating_tables import changed_table, is_table
from fuzz.mutating_xml import PATHS, WORDS, changed_bytes, changed_xml
from fuzz.zips import packed, unpacked

_TEXTS = [
    b"", b"\xef\xbb\xbf", b"\xff\xfea\x00", b"\x00", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\r\n", b"\r", b"\n",
    b"\xe2\x80\xa8", b"e\xcc\x81", b"\x85",
]  # fmt: skip
_NAMES = [
    "sources/a.txt", "Sources/a.txt", "sources/../a", "/a", "C:/a", "sources\\a.txt", "sources/", "sources//a.txt",
    "b.qde", "sources/b.qde", "sources/con.txt", "sources/\u202e.txt", "sources/a\x1b[2J.txt", "sources/" + "x" * 300,
    "..", ".", "sources/a.txt/b.txt", "sources/.a", "sources/ä.txt", "sources/a\u0308.txt",
]  # fmt: skip


def mutated(data: bytes, seed: int, largest: int) -> bytes:
    """Return a file that differs from the one given; the same for the same seed."""
    dice = random.Random(seed)
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        changed = _mutated_once(data, dice)
        if 0 < len(changed) <= largest:
            data = changed
    return data


def _mutated_once(data: bytes, dice: random.Random) -> bytes:
    if dice.random() < 0.04:
        return changed_bytes(data, dice)
    if is_table(data):
        return changed_table(data, dice)
    if data.startswith(b"PK"):
        return _zip(data, dice)
    if data.lstrip()[:1] in (b"{", b"["):
        return _json(data, dice)
    return changed_xml(data, dice)


# --- JSON ------------------------------------------------------------------------------------------------------------


def _json(data: bytes, dice: random.Random) -> bytes:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return changed_bytes(data, dice)
    places: list[tuple[Any, Any]] = []
    _find(value, places)
    if not places:
        return changed_bytes(data, dice)
    around, key = dice.choice(places)
    how = dice.randrange(4)
    if how == 0:
        del around[key]
    elif how == 1:
        around[key] = dice.choice(places)[0]
        try:
            return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        except (ValueError, RecursionError):
            return data
    elif how == 2 and isinstance(around, list):
        around.append(around[key])
    else:
        odd: list[Any] = [None, True, 0, -1, 2**63, 2**64, 1e308, [], {}, "", *WORDS, *PATHS, *_NAMES]
        around[key] = dice.choice(odd)
    return json.dumps(value, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")


def _find(value: Any, places: list[tuple[Any, Any]]) -> None:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        places.append((value, key))
        _find(value[key], places)


# --- zip -------------------------------------------------------------------------------------------------------------


def _zip(data: bytes, dice: random.Random) -> bytes:
    entries = unpacked(data)
    if not entries:
        return changed_bytes(data, dice)
    projects = [index for index, (name, _) in enumerate(entries) if name.endswith(".qde")]
    others = [index for index in range(len(entries)) if index not in projects]
    how = dice.random()
    if projects and (how < 0.75 or not others):
        index = dice.choice(projects)
        name, xml = entries[index]
        entries[index] = (name, changed_xml(xml, dice))
    elif others:
        index = dice.choice(others)
        name, text = entries[index]
        if how < 0.9:
            at = dice.randrange(len(text) + 1)
            entries[index] = (name, text[:at] + dice.choice(_TEXTS) + text[at + dice.choice((0, 0, 1, 30)) :])
        elif how < 0.94:
            entries[index] = (dice.choice(_NAMES), text)
        elif how < 0.97:
            del entries[index]
        else:
            entries.insert(dice.randrange(len(entries) + 1), (dice.choice(_NAMES), text))
    return packed(entries, dice)
