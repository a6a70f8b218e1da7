"""One thing that differs between two versions of a study, and how to say it in a sentence.

It knows what changes there can be, and nothing of how they are found.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from qdabridge.coders.comparing.words import Piece, marked

Thing: TypeAlias = Literal[
    "study",
    "user",
    "code",
    "coding",
    "source",
    "case",
    "variable",
    "note",
    "summary",
    "annotation",
    "set",
    "link",
    "graph",
]
How: TypeAlias = Literal["added", "gone", "renamed", "moved", "split", "merged", "changed", "recoded"]

_LONGEST = 60


class Share(Struct, frozen=True, rename="camel"):
    """The evidence that codes belong together: what they were both applied to, the one before, the other after.

    Args:
        path: the other code: what a code was split into, or what was merged into it.
        shared: how many codings of the one before stand with the other after, at the same place and by the same person.
        of: of how many: when split off, those of the new code; when merged or renamed, those of the old one.
    """

    path: str
    shared: int
    of: int


class Change(Struct, frozen=True, rename="camel", omit_defaults=True):
    """One thing that differs.

    Args:
        thing: what kind of thing.
        how: what became of it; ``moved`` is another place in the tree for codes, in the text for codings.
        name: what it is called: the path of a code, the name of a source; in the earlier version, if it is there.
        guid: its GUID there; empty for codings, which are told together.
        what: what of it is changed, such as ``definition``, ``text`` or the name of a variable.
        before, after: how that was and is; ``None`` where it was or is not there.
        words: the difference word by word, where it is one of texts.
        shares: the evidence for a split, a merger, or a new name with a new GUID.
        by: whose codings.
        count: how many codings there are of this: changed themselves, or come and gone with the thing.
        places: where the first few of them are.
    """

    thing: Thing
    how: How
    name: str
    guid: str = ""
    what: str = ""
    before: str | None = None
    after: str | None = None
    words: tuple[Piece, ...] = ()
    shares: tuple[Share, ...] = ()
    by: str = ""
    count: int = 0
    places: tuple[str, ...] = ()

    def in_words(self) -> str:
        """Return what is so, without the name of the thing.

        >>> Change("code", "renamed", "Access", before="Access", after="Ways in").in_words()
        'renamed: now “Ways in”'
        """
        if self.thing == "coding":
            return self._of_codings()
        if self.how == "split":
            return f"split: {', '.join(f'{each.path} ({_evidence(each)})' for each in self.shares)}"
        if self.how == "merged":
            return f"merged into it: {', '.join(f'{each.path} ({_evidence(each)})' for each in self.shares)}"
        if self.how == "renamed":
            proof = f", with a new GUID ({_evidence(self.shares[0])})" if self.shares else ""
            return f"renamed: now “{self.after}”{proof}"
        if self.how == "moved":
            return f"moved: from {self.before or 'the top'} to {self.after or 'the top'}"
        if self.how == "changed":
            return self._changed()
        return f"{self.how}, with {_codings(self.count)}" if self.count else self.how

    def _changed(self) -> str:
        if self.words:
            return f"{self.what}: {marked(self.words)}"
        if self.count:
            return f"{self.what}: {', '.join(each for each in (self.before, self.after) if each is not None)}"
        if self.before is None and self.after is None:
            return f"{self.what} changed"
        if self.before is None:
            return f"{self.what}: new, {_quoted(self.after)}"
        if self.after is None:
            return f"{self.what}: gone, {_quoted(self.before)}"
        return f"{self.what}: {_quoted(self.before)} → {_quoted(self.after)}"

    def _of_codings(self) -> str:
        by, places = f" by {self.by}" if self.by else "", f" ({'; '.join(self.places)})" if self.places else ""
        said = {"moved": "with other limits", "changed": f"given to {self.after}", "recoded": f"now {self.after}"}
        return f"{_codings(self.count)}{by} {said.get(self.how, self.how)}{places}"


def _evidence(share: Share) -> str:
    return f"{share.shared} of {_codings(share.of)}"


def _codings(number: int) -> str:
    return f"{number:,} coding" if number == 1 else f"{number:,} codings"


def _quoted(text: str | None) -> str:
    line = " ".join((text or "").split())
    return f"“{line if len(line) <= _LONGEST else line[: _LONGEST - 1] + '…'}”"
