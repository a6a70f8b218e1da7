"""Where in a study an entry of the key holds that is confined to one source or case.

In a case it holds in the sources of the case, and in other sources in the passages of the case; with both, in what
links, notes and drawings say of them. It knows nothing of names.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from qdabridge.deposit.pseudonymising.key import Key
from qdabridge.errors import BadRequest
from qdabridge.formats.refi.adapting.draft import elements_in
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import (
    AnySource,
    AnyText,
    Case,
    Coding,
    Note,
    NoteRef,
    PlainTextSelection,
    Selection,
    TextDocument,
    same_guid,
)
from qdabridge.study.study import Study

Passages: TypeAlias = dict[str, list[tuple[int, int]]]
"""Scopes that hold in parts of a text only: scope → where."""

_Marked: TypeAlias = tuple[AnySource | Note, AnyText | None, Selection]
"""A selection, with its source and the text that it is in."""


class Scopes:
    """Which scopes of a key hold where in a study.

    Raises:
        BadRequest: the study has no source and no case of that name or GUID.
    """

    def __init__(self, study: Study, key: Key) -> None:
        self._by_guid: dict[str, list[str]] = {}
        self._passages: dict[int, Passages] = {}
        if key.scopes:
            self._find(study, key.scopes)

    @property
    def any(self) -> bool:
        """Whether the key has scopes at all."""
        return bool(self._by_guid or self._passages)

    def at(self, guid: str | None) -> tuple[str, ...]:
        """Return the scopes that hold for a whole source, case, note …, in all that it says."""
        return tuple(self._by_guid.get(same_guid(guid), ())) if guid and self._by_guid else ()

    def passages(self, document: AnyText) -> Passages:
        """Return the scopes that hold in some passages of a text only."""
        return self._passages.get(id(document), {})

    def _find(self, study: Study, scopes: Iterable[str]) -> None:
        look = Lookup(study)
        marked = dict(_marked(study))
        for scope in scopes:
            sources = [each for each in study.project.sources or () if _is(each, scope)]
            cases = [each for each in study.project.cases or () if _is(each, scope)]
            if not sources and not cases:
                raise BadRequest(
                    "The study has no source and no case of the name that a row of the key has as its scope.",
                    where=f"scope “{scope}”",
                    todo="Write it as the study has it, or leave the scope empty.",
                )
            for found in sources:
                self._add(scope, found)
            for case in cases:
                self._by_guid.setdefault(same_guid(case.guid), []).append(scope)
                passages = list(_passages_of(case, marked))
                named = {same_guid(ref.target_guid) for ref in case.source_refs}
                partly = {id(source) for source, _, _ in passages if same_guid(source.guid) not in named}
                for source in look.sources_of(case):
                    if id(source) not in partly or _is_coded(source.codings, case):
                        self._add(scope, source)
                self._add_passages(scope, passages)
        for link in study.project.links or ():
            ends = [link.origin_guid, link.target_guid]
            held = [scope for end in ends for scope in self.at(end)]
            notes = [end for end in ends if end is not None and look.note(end) is not None]
            notes += [ref.target_guid for ref in link.note_refs]
            for guid in (link.guid, *notes):
                self._hold(guid, held)

    def _add(self, scope: str, source: AnySource | TextDocument) -> None:
        self._hold(source.guid, [scope])
        for element in elements_in(source):
            if isinstance(element, NoteRef):
                self._hold(element.target_guid, [scope])

    def _hold(self, guid: str, scopes: Iterable[str]) -> None:
        held = self._by_guid.setdefault(same_guid(guid), [])
        held += [scope for scope in scopes if scope not in held]

    def _add_passages(self, scope: str, passages: Iterable[_Marked]) -> None:
        """Take in the passages of a case in sources that are not its own; whole sources where they are no words."""
        for source, document, selection in passages:
            if scope in self.at(source.guid):
                continue
            if document is None or not isinstance(selection, PlainTextSelection):
                self._add(scope, source)
                continue
            spans = self._passages.setdefault(id(document), {}).setdefault(scope, [])
            spans.append((selection.start_position, selection.end_position))
            for ref in (*selection.note_refs, *(ref for coding in selection.codings for ref in coding.note_refs)):
                self._hold(ref.target_guid, [scope])


def _passages_of(case: Case, marked: dict[str, _Marked]) -> Iterator[_Marked]:
    """Give the selections that a case names, and those that are coded with its code, as NVivo has it."""
    named = {same_guid(ref.target_guid) for ref in case.selection_refs}
    for guid, each in marked.items():
        if guid in named or _is_coded(each[2].codings, case):
            yield each


def _is_coded(codings: Iterable[Coding], case: Case) -> bool:
    return any(same_guid(coding.code_ref.target_guid) == same_guid(case.guid) for coding in codings)


def _is(element: AnySource | Case, scope: str) -> bool:
    return same_guid(element.guid) == same_guid(scope) or _folded(element.name or "") == _folded(scope)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _marked(study: Study) -> Iterator[tuple[str, _Marked]]:
    """Give every selection by its GUID, with its source and the text that it is in."""
    for source in (*(study.project.sources or ()), *(study.project.notes or ())):
        texts = {
            id(selection): text
            for text in walk.texts_of(source)
            if isinstance(text, TextDocument)
            for selection in text.plain_text_selections
        }
        for selection in walk.selections_of(source):
            yield same_guid(selection.guid), (source, texts.get(id(selection)), selection)
