"""The texts of a study and the files of its package: what is in them is replaced, and so are their names.

One file is replaced once, whoever refers to it. It knows which positions count which text, and nothing of the other
places of a study.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from qdabridge.deposit.pseudonymising.documents import document_replaced
from qdabridge.deposit.pseudonymising.finding import Match, Matcher
from qdabridge.deposit.pseudonymising.scopes import Scopes
from qdabridge.deposit.pseudonymising.spool import Spool
from qdabridge.deposit.pseudonymising.tally import Tally
from qdabridge.errors import CannotRead, TooLarge
from qdabridge.findings import Finding, Findings
from qdabridge.study import walk
from qdabridge.study.files import Entry, Files, split_reference
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import AnySource, AnyText, Note, PlainTextSelection, TextDocument
from qdabridge.study.replacing import Replacing
from qdabridge.study.study import Study
from qdabridge.study.text import StoredText, decode

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_DOCUMENTS = (".docx", ".docm", ".dotx", ".dotm")
_NO_TEXT = (b"%PDF", b"{\\rtf", b"PK\x03\x04")
_HEAD = 4096


class Moved(NamedTuple):
    """A text with its names replaced, and what was found in it.

    Args:
        replacing: the way from the old text to the new one.
        matches: what was found, in order.
        is_inline: whether the text stands in the element itself.
    """

    replacing: Replacing
    matches: list[Match]
    is_inline: bool

    def within(self, start: int, end: int) -> Iterator[Match]:
        """Give what was found between two positions of the old text."""
        at = bisect_left(self.matches, start, key=lambda match: match.start)
        while at < len(self.matches) and self.matches[at].end <= end:
            yield self.matches[at]
            at += 1


class Untouched(NamedTuple):
    """A file of the package whose inside could not be changed.

    Args:
        file: its name in the package that the result has.
        why: ``not text`` (pictures, sound, film, PDF and anything unknown), ``not UTF-8``, ``damaged``.
        sources: GUIDs of the sources and notes that refer to it.
    """

    file: str
    why: str
    sources: tuple[str, ...] = ()


class Texts:
    """The texts and files of a study on their way.

    Args:
        study: the study.
        matcher: for files that nothing refers to.
        scopes: which entries hold where.
        tally: what is counted.
        spool: where new files are kept.
    """

    def __init__(self, study: Study, matcher: Matcher, scopes: Scopes, tally: Tally, spool: Spool) -> None:
        self.findings = Findings()
        self._study = study
        self._matcher = matcher
        self._scopes = scopes
        self._tally = tally
        self._spool = spool
        self._referring = _referring(study)
        self._texts = Counter(
            name for text in walk.texts(study.project) if (name := self._name(text.plain_text_path)) is not None
        )
        self._partly = {
            name: list(scopes.passages(text))
            for text in walk.texts(study.project)
            if scopes.passages(text) and (name := self._name(text.rich_text_path)) is not None
        }
        self._names = self._renaming()
        self._put: dict[str, Entry] = {}
        self._untouched: dict[str, str] = {}
        self._by_file: dict[str, Moved | None] = {}
        self._anchors = _anchors(study)
        self._of_anchors: dict[int, Moved | None] = {id(document): None for document in self._anchors.values()}

    def moved(self, document: AnyText, matcher: Matcher, where: str) -> Moved | None:
        """Replace the names in a text and keep its file; ``None`` where the study does not hold the text.

        Args:
            document: a source, note, transcript …
            matcher: what holds in it.
            where: what it is called in the log.
        """
        name = self._name(document.plain_text_path)
        if name is not None and name in self._by_file:
            moved = self._by_file[name]
        else:
            moved = self._replaced(document, name, matcher, where)
            if name is not None and self._texts[name] > 1:
                self._by_file[name] = moved
        if id(document) in self._of_anchors:
            self._of_anchors[id(document)] = moved
        return moved

    def anchored(self, selection: PlainTextSelection) -> Moved | None:
        """Return the text that a selection counts though it stands in a note about that text."""
        document = self._anchors.get(id(selection)) if self._anchors else None
        return None if document is None else self._of_anchors[id(document)]

    def renamed(self, reference: str) -> str | None:
        """Return the path that means a file of the package by its new name; ``None`` where it is outside."""
        name = self._name(reference)
        if name is None:
            return None
        new = self._names[name]
        if new == name:
            return reference
        scheme, path = split_reference(reference)
        folder = name[: len(name) - len(path)] if name.casefold().endswith(path.casefold()) else ""
        lead = reference.replace("\\", "/")[: len(reference) - len(path)] if scheme else ""
        return lead + new.removeprefix(folder)

    def files(self) -> Files:
        """Replace what is left in the package, and return all of it by its new names."""
        files = self._study.files
        for name in files:
            if name not in self._put and name not in self._untouched and not self._texts.get(name):
                self._replace_file(name, files.entry(name))
        entries = {self._names[name]: self._put.get(name, files.entry(name)) for name in files}
        return files.replaced_by(entries, closing=self._spool.close)

    def step(self, name: str) -> str:
        """Return the name of the project itself, without names."""
        return self._step(name, self._matcher)[0]

    def untouched(self) -> tuple[Untouched, ...]:
        """Return the files whose inside could not be changed."""
        return tuple(
            Untouched(self._names.get(name, name), why, tuple(self._referring.get(name, ())))
            for name, why in self._untouched.items()
        )

    # --- texts --------------------------------------------------------------------------------------------------------

    def _replaced(self, document: AnyText, name: str | None, matcher: Matcher, where: str) -> Moved | None:
        try:
            stored = self._study.stored_text(document)
        except TooLarge:
            raise
        except CannotRead:
            if name is not None:
                self._untouched[name] = "not UTF-8"
            return None
        if stored is None:
            return None
        if name is None and document.plain_text_path and self._study.files.locate(document.plain_text_path):
            self.findings.add(_outside(where))
            return None
        if name is not None:
            matcher = matcher.within(*self._scopes_of_file(name))
        matches = matcher.found(stored.text, self._scopes.passages(document))
        replacing = Replacing(stored.text, [match[:3] for match in matches])
        self._tally.add_all(matches, "text", where)
        if matches and name is not None:
            self._put[name] = self._spool.put(StoredText(replacing.new, stored.byte_order_mark).encoded())
        return Moved(replacing, matches, name is None)

    def _name(self, reference: str | None) -> str | None:
        return None if reference is None else self._study.files.find(reference)

    # --- files --------------------------------------------------------------------------------------------------------

    def _scopes_of_file(self, name: str) -> list[str]:
        return [scope for guid in self._referring.get(name, ()) for scope in self._scopes.at(guid)]

    def _replace_file(self, name: str, entry: Entry) -> None:
        partly = self._partly.get(name, [])
        matcher = self._matcher.within(*self._scopes_of_file(name), *partly)
        if partly:
            self.findings.add(_not_by_passage(self._names[name]))
        try:
            with entry.open() as stream:
                head = stream.read(_HEAD)
            if name.lower().endswith(_DOCUMENTS) and head.startswith(b"PK"):
                self._replace_document(name, entry, matcher)
            elif not _may_be_text(head) or entry.size > self._study.files.limits.text:
                self._untouched[name] = "not text"
            else:
                self._replace_plain(name, entry, matcher)
        except CannotRead:
            self._untouched[name] = "damaged"

    def _replace_document(self, name: str, entry: Entry, matcher: Matcher) -> None:
        with entry.open() as stream:
            stored = stream.read()
        new = document_replaced(stored, matcher)
        if new != stored:
            self._put[name] = self._spool.put(new)
        for found, count in matcher.counts.items():
            self._tally.add(found, "Word document", self._names[name], count)

    def _replace_plain(self, name: str, entry: Entry, matcher: Matcher) -> None:
        with entry.open() as stream:
            stored = stream.read()
        codec = "utf-16" if stored.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
        try:
            text = StoredText(stored.decode(codec)) if codec == "utf-16" else decode(stored)
        except UnicodeDecodeError:
            self._untouched[name] = "not UTF-8"
            return
        matches = matcher.found(text.text)
        self._tally.add_all(matches, "text", self._names[name])
        if matches:
            new = Replacing(text.text, [match[:3] for match in matches]).new
            bytes_of = StoredText(new, text.byte_order_mark).encoded() if codec == "utf-8" else new.encode(codec)
            self._put[name] = self._spool.put(bytes_of)

    # --- names of files -----------------------------------------------------------------------------------------------

    def _renaming(self) -> dict[str, str]:
        """Return the new name of each file: its pseudonyms, and a number where two would be one."""
        renaming: dict[str, str] = {}
        taken = {name.casefold() for name in self._study.files}
        for name in self._study.files:
            matcher = self._matcher.within(*self._scopes_of_file(name))
            steps = [self._step(step, matcher) for step in name.split("/")]
            new = "/".join(step for step, _ in steps)
            if new == name:
                renaming[name] = name
                continue
            path, number = PurePosixPath(new), 1
            while new.casefold() in taken:
                number += 1
                new = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
            taken.add(new.casefold())
            renaming[name] = new
            for _, matches in steps:
                self._tally.add_all(matches, "name of a file", new)
        return renaming

    def _step(self, step: str, matcher: Matcher) -> tuple[str, list[Match]]:
        matches = matcher.found_in_name(step)
        if not matches:
            return step, matches
        pieces = [(match.start, match.end, _NOT_IN_NAMES.sub("-", match.instead)) for match in matches]
        new = Replacing(step, pieces).new
        return (new if new.strip(". ") else "file"), matches


def _referring(study: Study) -> dict[str, list[str]]:
    """Return for each file of the package the sources and notes that refer to it, by their GUIDs."""
    referring: dict[str, list[str]] = {}

    def refer(source: AnySource | Note, reference: str | None) -> None:
        name = study.files.find(reference) if reference else None
        if name is not None and source.guid not in referring.setdefault(name, []):
            referring[name].append(source.guid)

    for source in (*(study.project.sources or ()), *(study.project.notes or ())):
        if not isinstance(source, TextDocument):
            refer(source, source.path)
        for text in walk.texts_of(source):
            refer(source, text.plain_text_path)
            refer(source, text.rich_text_path)
    return referring


def _anchors(study: Study) -> dict[int, AnyText]:
    """Return the selections, by identity, that stand in a note and count the text of a source."""
    if not any(note.plain_text_selections for note in study.project.notes or ()):
        return {}
    return {number: document for number, (_, document) in Lookup(study).anchors.items() if document is not None}


def _outside(where: str) -> Finding:
    return Finding(
        "PSEUDONYM-TEXT-OUTSIDE",
        "warning",
        "A text lies outside the package, in the folder of media, and was left as it is, names and all.",
        where,
        "Put it into the project, and pseudonymise that.",
    )


def _not_by_passage(file: str) -> Finding:
    return Finding(
        "PSEUDONYM-SCOPE-WHOLE",
        "warning",
        "An entry of the key is for one case, to which some passages of a source belong; in the formatted form of the "
        "source nobody can tell where they are, so it was used in all of it.",
        file,
        "If two people there have one name, compare the formatted form with the plain text.",
    )


def _may_be_text(head: bytes) -> bool:
    if head.startswith(_NO_TEXT):
        return False
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in head
