"""What is the same thing in several copies of one study: sources by content, codes by GUID and then by path.

Nothing is guessed: what has no partner, or more than one that it could be, is listed as ``Unmatched``. It knows nothing
of codings, and nothing of what is done with what was matched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Generic, Literal, Protocol, TypeAlias, TypeVar

from msgspec import Struct

from qdabridge.errors import CannotRead
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import AnyText, Case, Code, FileSource, Representation, TextDocument, User, same_guid
from qdabridge.study.passages import Codable
from qdabridge.study.walk import texts_of


class _Identified(Protocol):
    guid: str


_Thing = TypeVar("_Thing", bound=_Identified)
_Any = TypeVar("_Any")

Why: TypeAlias = Literal["not there", "content differs", "several"]

_PIECE = 1 << 20


class Together(Struct, Generic[_Any], frozen=True):
    """One thing in several copies.

    Args:
        each: the thing in each copy, in the order of the copies; ``None`` where a copy does not have it.
    """

    each: tuple[_Any | None, ...]

    @property
    def first(self) -> _Any:
        """The thing in the first copy that has it."""
        return next(each for each in self.each if each is not None)

    @property
    def everywhere(self) -> bool:
        """Whether every copy has it."""
        return None not in self.each


class Unmatched(Struct, frozen=True):
    """Something that a copy has and others do not have in the same form.

    Args:
        copy: the number of the copy that it stands in, from 0.
        name: what it is called there: the name of a source or case, the path of a code.
        why: ``not there`` in another copy; there, but its ``content differs``; or ``several`` could be it.
    """

    copy: int
    name: str
    why: Why


class Matching(Struct, Generic[_Any], frozen=True):
    """What is the same in several copies; ``together`` also holds what only some of them have."""

    together: tuple[Together[_Any], ...]
    unmatched: tuple[Unmatched, ...] = ()

    @property
    def everywhere(self) -> tuple[Together[_Any], ...]:
        """What every copy has."""
        return tuple(each for each in self.together if each.everywhere)


def match_sources(looks: Sequence[Lookup]) -> Matching[Codable]:
    """Match sources and notes: the same GUID and content first, then the same content where only one has it.

    Content is the characters of a text and the bytes of a file. Where a copy does not hold it, the GUID alone decides.
    """
    if len(looks) == 1:
        return _alone(_codable(looks[0]))
    contents = [{id(each): content_of(look, each) for each in _codable(look)} for look in looks]
    found = [[(each, contents[copy][id(each)]) for each in _codable(look)] for copy, look in enumerate(looks)]
    return _matched(found, _same_source, _sources_by_content, lambda _, each: each.name or each.guid)


def match_codes(looks: Sequence[Lookup]) -> Matching[Code]:
    """Match codes: the same GUID first, then the same path where it is not two codes' in one copy."""
    if len(looks) == 1:
        return _alone(looks[0].codes)
    found = [[(each, look.path_of(each)) for each in look.codes] for look in looks]
    return _matched(found, _same_guid_only, _same_key, lambda copy, each: looks[copy].path_of(each))


def match_cases(looks: Sequence[Lookup]) -> Matching[Case]:
    """Match cases: the same GUID first, then the same name where it is not two cases' in one copy."""
    if len(looks) == 1:
        return _alone(looks[0].cases)
    found = [[(each, each.name) for each in look.cases] for look in looks]
    return _matched(found, _same_guid_only, _same_key, lambda _, each: each.name or each.guid)


def match_users(looks: Sequence[Lookup]) -> Matching[User]:
    """Match people: the same GUID first, then the same name where it is not two people's in one copy."""
    if len(looks) == 1:
        return _alone(looks[0].project.users or ())
    found = [[(each, each.name) for each in look.project.users or ()] for look in looks]
    return _matched(found, _same_guid_only, _same_key, lambda _, each: each.name or each.id or each.guid)


def match_texts(looks: Sequence[Lookup], source: Together[Codable]) -> Matching[AnyText]:
    """Match the texts of one source: those of the same characters, in their order; positions in them mean the same."""
    present = [(copy, look, each) for copy, (look, each) in enumerate(zip(looks, source.each, strict=True)) if each]
    texts: list[list[AnyText]] = [
        [text for text in texts_of(each) if _is_of_the_whole(each, text)] for _, _, each in present
    ]
    if len(looks) == 1:
        return Matching(tuple(Together((each,)) for each in texts[0]))
    slots: dict[tuple[str, int], list[AnyText | None]] = {}
    for (copy, look, _), those in zip(present, texts, strict=True):
        seen: dict[str, int] = {}
        for text in those:
            key = text_key(look, text) or f"unknown {same_guid(text.guid)}"
            seen[key] = seen.get(key, -1) + 1
            slots.setdefault((key, seen[key]), [None] * len(looks))[copy] = text
    together = tuple(Together[AnyText](tuple(each)) for each in slots.values())
    name = source.first.name or source.first.guid
    unmatched = []
    for one in together:
        if not one.everywhere:
            first = next(copy for copy, each in enumerate(one.each) if each is not None)
            unmatched.append(Unmatched(first, one.first.name or name, "content differs"))
    return Matching(together, tuple(unmatched))


def content_of(look: Lookup, source: Codable) -> str | None:
    """Return the same for sources of the same content; ``None`` where the study does not hold it, or it is empty."""
    if isinstance(source, FileSource):
        return _file_key(look, source)
    return text_key(look, source)


def text_key(look: Lookup, document: AnyText) -> str | None:
    """Return the same for texts of the same characters; ``None`` where the study does not hold any."""
    text = look.text(document)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else None


# --- what is compared ------------------------------------------------------------------------------------------------


def _codable(look: Lookup) -> list[Codable]:
    return [*(look.project.sources or ()), *(look.project.notes or ())]


def _is_of_the_whole(source: Codable, text: AnyText) -> bool:
    """Tell whether a text is one of the source as a whole, rather than of an area of it."""
    return not isinstance(text, Representation) or text is getattr(source, "representation", None)


def _file_key(look: Lookup, source: FileSource) -> str | None:
    entry = look.study.files.locate(source.path) if source.path else None
    if entry is None:
        return None
    digest = sha256()
    try:
        with entry.open() as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
    except (OSError, CannotRead):
        return None
    return digest.hexdigest()


# --- how it is compared ----------------------------------------------------------------------------------------------

_Entry: TypeAlias = tuple[_Any, str | None]
"""A thing, and what it is known by besides its GUID: its content, path or name."""


def _alone(things: Iterable[_Any]) -> Matching[_Any]:
    return Matching(tuple(Together((each,)) for each in things))


def _same_source(one: _Entry[Codable], other: _Entry[Codable]) -> bool:
    """Tell whether sources of one GUID are one source: of one kind and, as far as known, of one content."""
    known = one[1] is not None and other[1] is not None
    return _kind(one[0]) is _kind(other[0]) and (not known or one[1] == other[1])


def _sources_by_content(one: _Entry[Codable], other: _Entry[Codable]) -> bool:
    return one[1] is not None and one[1] == other[1] and _kind(one[0]) is _kind(other[0])


def _kind(source: Codable) -> type:
    return TextDocument if isinstance(source, TextDocument) else type(source)


def _same_guid_only(one: _Entry[_Any], other: _Entry[_Any]) -> bool:
    return True


def _same_key(one: _Entry[_Any], other: _Entry[_Any]) -> bool:
    return bool(one[1]) and one[1] == other[1]


def _matched(
    found: Sequence[Sequence[_Entry[_Thing]]],
    same_with_guid: Callable[[_Entry[_Thing], _Entry[_Thing]], bool],
    same_without: Callable[[_Entry[_Thing], _Entry[_Thing]], bool],
    named: Callable[[int, _Thing], str],
) -> Matching[_Thing]:
    """Match copy after copy with what the copies before it have."""
    groups: list[list[_Entry[_Thing] | None]] = [[entry] for entry in found[0]]
    unmatched: list[Unmatched] = []
    for copy, entries in enumerate(found[1:], 1):
        partner = _partners(groups, entries, same_with_guid, same_without)
        waiting = {number for number, group in enumerate(groups) if len(group) == copy}
        for entry, number in zip(entries, partner, strict=True):
            if isinstance(number, int) and number in waiting:
                waiting.remove(number)
                groups[number].append(entry)
                continue
            nowhere: list[_Entry[_Thing] | None] = [None] * copy
            groups.append([*nowhere, entry])
            unmatched.append(Unmatched(copy, named(copy, entry[0]), number if isinstance(number, str) else "several"))
        for number in sorted(waiting):
            groups[number].append(None)
            first, entry_there = _first(groups[number])
            why: Why = "content differs" if _has_guid(entries, entry_there) else "not there"
            unmatched.append(Unmatched(first, named(first, entry_there[0]), why))
    return Matching(
        tuple(Together(tuple(each[0] if each is not None else None for each in group)) for group in groups),
        tuple(dict.fromkeys(unmatched)),
    )


def _partners(
    groups: Sequence[Sequence[_Entry[_Thing] | None]],
    entries: Sequence[_Entry[_Thing]],
    same_with_guid: Callable[[_Entry[_Thing], _Entry[_Thing]], bool],
    same_without: Callable[[_Entry[_Thing], _Entry[_Thing]], bool],
) -> list[int | Why]:
    """Return for each entry the number of its group, or why it has none."""
    members = [[each for each in group if each is not None] for group in groups]
    by_guid = {same_guid(each[0].guid): number for number, those in enumerate(members) for each in reversed(those)}
    by_key: dict[str, list[int]] = {}
    for number, those in enumerate(members):
        for key in {each[1] for each in those if each[1]}:
            by_key.setdefault(key, []).append(number)
    partner: list[int | Why] = []
    for entry in entries:
        at = by_guid.get(same_guid(entry[0].guid))
        if at is not None and any(same_with_guid(each, entry) for each in members[at]):
            partner.append(at)
        else:
            partner.append("not there" if at is None else "content differs")
    taken = {number for number in partner if isinstance(number, int)}
    wanted: dict[int, list[int]] = {}
    for place, entry in enumerate(entries):
        if isinstance(partner[place], int) or not entry[1]:
            continue
        free = [
            n for n in by_key.get(entry[1], ()) if n not in taken and any(same_without(m, entry) for m in members[n])
        ]
        if len(free) == 1:
            wanted.setdefault(free[0], []).append(place)
        elif free:
            partner[place] = "several"
    for number, places in wanted.items():
        for place in places:
            partner[place] = number if len(places) == 1 else "several"
    return partner


def _first(group: Sequence[_Entry[_Thing] | None]) -> tuple[int, _Entry[_Thing]]:
    return next((copy, each) for copy, each in enumerate(group) if each is not None)


def _has_guid(entries: Iterable[_Entry[_Thing]], other: _Entry[_Thing]) -> bool:
    return any(same_guid(each[0].guid) == same_guid(other[0].guid) for each in entries)
