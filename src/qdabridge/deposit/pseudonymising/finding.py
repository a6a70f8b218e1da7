"""Finds in a text whatever a key names, and replaces it: all entries at once, the longest first.

Where names overlap, the longest wins; of two as long, the one confined to a source or case, then the one that is to be
taken exactly. GUIDs are left alone, since letters and digits in them may look like a name. It knows characters and
words. Where the text stands in a study, and which entries hold there, it is told.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from qdabridge.deposit.pseudonymising.key import Entry, Key
from qdabridge.deposit.pseudonymising.patience import Patient
from qdabridge.deposit.pseudonymising.writing_of_names import (
    IGNORABLE,
    bones_of,
    edges_of,
    goes_on_before,
    in_capitals,
    in_plural,
    lowered,
    pattern_of,
    without_plural,
)
from qdabridge.study.replacing import Replacing

Span: TypeAlias = tuple[int, int]
Passages: TypeAlias = Mapping[str, Sequence[Span]]
"""Scopes that hold in parts of a text only: scope → where."""

_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])", re.IGNORECASE)
_OF_GUIDS = frozenset("0123456789abcdefABCDEF-")
_GUID_LENGTH = 36
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_TORN = re.compile(
    f"[{IGNORABLE}]+(?=[\\w\\s'\u2019-])|(?<=[^\\W\\d_])[-\u2010](?:\\r\\n?|\\n)[ \\t]*(?=[^\\W\\d_])|[\ufb00-\ufb06]"
)
"""What stands inside a name without being written: hyphens at the end of a line, characters without width.

Those that hold an emoji together are left out, since they are in many texts and in no name.
"""


_JOINT = re.compile(r"(?<=[^\W\d_])(?<![A-Z])(?=[A-Z])")
"""Where words are run together, as in InterviewMargaret."""


class Match(NamedTuple):
    """A place where a name was found, in code points, the end exclusive, and what comes in its place."""

    start: int
    end: int
    instead: str
    entry: Entry


class Matcher:
    """Finds and replaces names, and counts what it replaces.

    Args:
        key: what is replaced by what.
        scopes: the scopes of the key (as written there) that hold for the texts that will be given; entries with
            another scope are left alone. Entries without scope always hold.

    Attributes:
        counts: how often each entry was replaced by this very matcher.

    >>> matcher = Matcher(Key((Entry("Margaret", "Rose", "person"),)))
    >>> matcher.replaced("MARGARET knew. Margaret's son").new
    "ROSE knew. Rose's son"
    """

    def __init__(self, key: Key, scopes: Collection[str] = ()) -> None:
        self.key = key
        self.counts: dict[Entry, int] = {}
        self._scopes = tuple(scopes)
        self._finders: dict[str, list[_Finder]] = {}
        self._gather()

    def within(self, *scopes: str) -> Matcher:
        """Return a matcher for texts in which these scopes of the key hold, too; what was made ready is shared."""
        other = Matcher.__new__(Matcher)
        other.key = self.key
        other.counts = {}
        other._scopes = tuple(dict.fromkeys((*self._scopes, *scopes)))
        other._finders = self._finders
        other._gather()
        return other

    def found(self, text: str, passages: Passages | None = None) -> list[Match]:
        """Return where the text names somebody, in order, without overlaps.

        Args:
            text: any text.
            passages: for scopes that hold in parts of the text only: the scope → where.
        """
        looks = [_Look(finder, text) for finder in self._active]
        for scope, spans in (passages or {}).items():
            if scope not in self._scopes:
                looks += [_Look(finder, text, sorted(spans)) for finder in self._made(scope)]
        if _TORN.search(text) is not None:
            mended = _Mended(text)
            looks += [_Look(look.finder, text, look.spans, mended) for look in looks]
        found: list[Match] = []
        _resolve(looks, 0, found)
        return found

    def found_in_name(self, name: str) -> list[Match]:
        """Return where the name of a file, a path or a user name names somebody, words run together too.

        >>> matcher = Matcher(Key((Entry("Margaret Smith", "Rose"),)))
        >>> [match[:3] for match in matcher.found_in_name("InterviewMargaretSmith2.mp3")]
        [(9, 22, 'Rose')]
        """
        whole = self.found(name)
        joints = [joint.start() for joint in _JOINT.finditer(name)]
        if not joints:
            return whole
        edges = [0, *joints, len(name)]
        parted = " ".join(name[start:end] for start, end in pairwise(edges))
        # Each joint stands as many places further on as there are spaces before it.
        spaces = [joint + number for number, joint in enumerate(joints)]
        apart = [
            match._replace(
                start=match.start - bisect_left(spaces, match.start), end=match.end - bisect_left(spaces, match.end)
            )
            for match in self.found(parted)
        ]
        # McDonald is one name, though it looks like two words run together.
        taken: list[Match] = []
        for match in sorted((*whole, *apart), key=lambda each: each.start - each.end):
            if all(match.end <= other.start or other.end <= match.start for other in taken):
                taken.append(match)
        return sorted(taken, key=lambda each: each.start)

    def replaced(self, text: str, passages: Passages | None = None) -> Replacing:
        """Return the text with every name replaced: ``.new`` is the text, ``.span`` moves positions."""
        found = self.found(text, passages)
        for match in found:
            self.counts[match.entry] = self.counts.get(match.entry, 0) + 1
        return Replacing(text, [match[:3] for match in found])

    def text(self, text: str) -> str:
        """Return nothing but the text with every name replaced."""
        return self.replaced(text).new if text and not text.isspace() else text

    def _gather(self) -> None:
        self._active = [finder for scope in (*self._scopes, "") for finder in self._made(scope)]

    def _made(self, scope: str) -> list[_Finder]:
        if scope not in self._finders:
            self._finders[scope] = list(_finders([entry for entry in self.key.entries if entry.scope == scope]))
        return self._finders[scope]


# --- finding ---------------------------------------------------------------------------------------------------------


class _Finder:
    """Finds any of many names, or whatever one regular expression matches."""

    def __init__(self, pattern: re.Pattern[str] | Patient, entries: Sequence[Entry]) -> None:
        self.pattern = pattern
        self.in_small_letters = entries[0].match == "word"
        self.is_regex = entries[0].match == "regex"
        self.entries = entries
        self._by_bones: dict[str, list[Entry]] = {}
        self._known: dict[str, tuple[str, Entry]] = {}
        if not self.is_regex:
            for entry in entries:
                self._by_bones.setdefault(bones_of(entry.find), []).append(entry)

    def meant(self, written: str) -> tuple[str, Entry]:
        """Return what comes in the place of a name as it is written in a text, and the entry that says so."""
        known = self._known.get(written)
        if known is None:
            known = self._known[written] = self._meant(written)
        return known

    def _meant(self, written: str) -> tuple[str, Entry]:
        singulars = without_plural(written) if self.in_small_letters else []
        for singular in (written, *singulars):
            entry = self._entry(singular)
            if entry is not None:
                return self._instead(entry, singular, written), entry
        # Letters that are folded in a way that the bones do not have: whichever says that it is it.
        entry = next(entry for entry in self.entries if self._is(entry, written))
        return self._instead(entry, written, written), entry

    def _entry(self, written: str) -> Entry | None:
        those = self._by_bones.get(bones_of(written), ())
        return next((each for each in those if each.find == written or self._is(each, written)), None)

    def _is(self, entry: Entry, written: str) -> bool:
        pattern = pattern_of([entry.find], as_written=not self.in_small_letters)
        return pattern.fullmatch(lowered(written) if self.in_small_letters else written) is not None

    def _instead(self, entry: Entry, singular: str, written: str) -> str:
        if not self.in_small_letters:
            return entry.replace
        capitals = in_capitals(singular) and not in_capitals(entry.find)
        instead = entry.replace.upper() if capitals else entry.replace
        return instead if singular == written else in_plural(instead, capitals=written[-1].isupper())


def _finders(entries: Sequence[Entry]) -> Iterable[_Finder]:
    """Return what finds the entries of one scope; what is to be taken exactly comes first."""
    for match in ("exact", "word"):
        as_written = match == "exact"
        # One expression tries its ways one by one; only names that end alike are tried the longest first.
        alike: dict[tuple[str, str], list[Entry]] = {}
        for entry in entries:
            if entry.match == match:
                alike.setdefault(edges_of(entry.find, as_written=as_written), []).append(entry)
        for those in alike.values():
            yield _Finder(pattern_of([entry.find for entry in those], as_written=as_written), those)
    for entry in entries:
        if entry.match == "regex":
            yield _Finder(Patient(entry), [entry])


class _Mended:
    """A text without what tears names apart, and the way back."""

    def __init__(self, text: str) -> None:
        parts: list[str] = []
        self._origins: list[int] = []
        at = 0
        for torn in _TORN.finditer(text):
            letters = _LIGATURES.get(torn[0], "")
            parts += (text[at : torn.start()], letters)
            self._origins += (*range(at, torn.start()), *[torn.start()] * len(letters))
            at = torn.end()
        self._origins += range(at, len(text))
        self.text = "".join((*parts, text[at:]))

    def span(self, start: int, end: int) -> Span | None:
        """Return where something is in the text as it is; ``None`` where nothing tears it apart."""
        first, last = self._origins[start], self._origins[end - 1]
        # Behind a ligature, too, there is none of its letters left.
        whole = last - first == end - 1 - start and self._origins[end : end + 1] != [last]
        return None if whole else (first, last + 1)

    def place(self, position: int) -> int:
        """Return where in this text a position of the text as it is would be; behind what tears words apart."""
        return bisect_left(self._origins, position)


class _Look:
    """One finder looking at one text: always the next place, looked for once."""

    def __init__(
        self,
        finder: _Finder,
        text: str,
        spans: Sequence[Span] | None = None,
        mended: _Mended | None = None,
        end: int | None = None,
    ) -> None:
        self.finder = finder
        self.spans = spans
        self.mended = mended
        self._text = text
        self._end = len(text) if end is None else end
        self._written = text if mended is None else mended.text
        self._seen = lowered(self._written) if finder.in_small_letters else self._written
        self._asked = -1
        self._ahead: Match | None = None

    def until(self, end: int) -> _Look:
        """Return the same look at the text before a position."""
        return _Look(self.finder, self._text, self.spans, self.mended, end)

    def next(self, position: int) -> Match | None:
        """Return the first and there the longest place that begins at a position or behind it."""
        if not (0 <= self._asked <= position and (self._ahead is None or position <= self._ahead.start)):
            self._ahead = self._looked_for(position)
            self._asked = position
        return self._ahead

    def _looked_for(self, position: int) -> Match | None:
        search, mended, seen = self.finder.pattern.search, self.mended, self._seen
        at, end = position, self._end
        if mended is not None:
            at, end = mended.place(position), mended.place(self._end)
        while (found := search(seen, at, end)) is not None:
            start, stop = found.span()
            at = start + 1
            if start == stop or (not self.finder.is_regex and goes_on_before(seen, start)):
                continue
            span = (start, stop) if mended is None else mended.span(start, stop)
            if span is None or span[0] < position or not self._holds_at(*span):
                continue
            if self.finder.is_regex:
                entry = self.finder.entries[0]
                return Match(*span, found.expand(entry.replace), entry)
            return Match(*span, *self.finder.meant(self._written[start:stop]))
        return None

    def _holds_at(self, start: int, end: int) -> bool:
        """Tell whether a name may be replaced here: where its scope holds, and not within a GUID."""
        if self.spans is not None:
            at = bisect_right(self.spans, (start, len(self._text) + 1)) - 1
            if not any(first <= start and end <= last for first, last in self.spans[: at + 1]):
                return False
        text = self._text
        if text[end : end + 1] not in _OF_GUIDS and (not start or text[start - 1] not in _OF_GUIDS):
            return True
        around = max(start - _GUID_LENGTH, 0)
        guids = _GUID.finditer(text, around, end + _GUID_LENGTH)
        return not any(guid.start() <= start and end <= guid.end() for guid in guids)


def _resolve(looks: Sequence[_Look], start: int, found: list[Match]) -> None:
    """Add what is found from a position on; of names that overlap, the longest is taken, and then what is left."""
    while (first := _next(looks, start)) is not None:
        longest, reach, at = first, first.end, first.start + 1
        while at < reach and (other := _next(looks, at)) is not None and other.start < reach:
            if other.end - other.start > longest.end - longest.start:
                longest = other
            reach, at = max(reach, other.end), other.start + 1
        if longest is not first:
            _resolve([look.until(longest.start) for look in looks], start, found)
        found.append(longest)
        start = longest.end


def _next(looks: Sequence[_Look], position: int) -> Match | None:
    """Return the first place that any finds; of those at one place the longest, of those as long the first."""
    best: Match | None = None
    for look in looks:
        match = look.next(position)
        if match is not None and (
            best is None or match.start < best.start or (match.start == best.start and match.end > best.end)
        ):
            best = match
    return best
