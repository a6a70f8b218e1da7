"""Everything in a study that has a GUID, by kind, gone through once for all rules.

The kinds are those that a pointer can mean: a ``SourceRef`` means a source of any type, a ``NoteRef`` a note. This
module says what is there, and nothing of whether that is right.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple, TypeAlias

from qdabridge.checks.wording import shortened
from qdabridge.study import walk
from qdabridge.study.model import (
    AnySource,
    Authored,
    Case,
    Code,
    Coding,
    Edge,
    Element,
    Graph,
    Link,
    Note,
    PDFSelection,
    PDFSource,
    Project,
    Selection,
    Set,
    Source,
    SyncPoint,
    TextDocument,
    Transcript,
    User,
    Variable,
    Vertex,
    same_guid,
)

Identified: TypeAlias = (
    User | Code | Variable | Case | Authored | Coding | SyncPoint | Link | Set | Graph | Vertex | Edge
)
"""Whatever has a GUID."""


class Item(NamedTuple):
    """Something that has a GUID.

    Args:
        kind: what it is, in words: ``code``, ``source``, ``selection`` …
        element: the thing itself.
        guid: its GUID as written.
        inside: the source, note, case or graph that it is in.
    """

    kind: str
    element: Identified
    guid: str
    inside: Element | None = None


class Batch(NamedTuple):
    """Things of one kind that stand in one place; there may be none.

    Args:
        kind: what they are, in words: ``code``, ``source``, ``selection`` …
        elements: the things, in the order of the file.
        inside: the source, note or graph that they are in.
    """

    kind: str
    elements: Sequence[Identified]
    inside: Element | None = None


def batches(project: Project) -> Iterator[Batch]:
    """Give everything in the study that has a GUID, by kind and place: a million things in a few thousand batches."""
    yield Batch("user", project.users or ())
    yield Batch("code", list(walk.codes(project)))
    yield Batch("variable", project.variables or ())
    yield Batch("case", project.cases or ())
    yield Batch("source", project.sources or ())
    yield Batch("note", project.notes or ())
    for source in (*(project.sources or ()), *(project.notes or ())):
        yield from _within(source)
    yield Batch("link", project.links or ())
    yield Batch("set", project.sets or ())
    yield Batch("graph", project.graphs or ())
    for graph in project.graphs or ():
        yield Batch("vertex", graph.vertices, graph)
        yield Batch("edge", graph.edges, graph)


def items(project: Project) -> Iterator[Item]:
    """Give everything in the study that has a GUID, one by one; of each kind in the order of the file."""
    for kind, elements, inside in batches(project):
        for element in elements:
            yield Item(kind, element, element.guid, inside)


def codings_of(source: AnySource | Note) -> list[Coding]:
    """Return every coding of a source or note: of all of it, of its texts, of its selections."""
    found = list(source.codings)
    for text in walk.texts_of(source):
        if text is not source and isinstance(text, TextDocument):
            found += text.codings
    found += [coding for selection in walk.selections_of(source) for coding in selection.codings]
    return found


def _within(source: AnySource | Note) -> Iterator[Batch]:
    texts = [text for text in walk.texts_of(source) if text is not source]
    transcripts = [text for text in texts if isinstance(text, Transcript)]
    yield Batch("text", [text for text in texts if isinstance(text, TextDocument)], source)
    yield Batch("transcript", transcripts, source)
    for transcript in transcripts:
        yield Batch("sync point", transcript.sync_points, source)
    selections: Sequence[Selection] = list(walk.selections_of(source))
    if isinstance(source, PDFSource):
        # ATLAS.ti gives the area of a PDF and the words in it one GUID; so they are known to be one quotation.
        yield Batch("area of a PDF", source.pdf_selections, source)
        selections = [selection for selection in selections if not isinstance(selection, PDFSelection)]
    yield Batch("selection", selections, source)
    yield Batch("coding", codings_of(source), source)


class Inventory:
    """What is in one study.

    Attributes:
        repeated: what has a GUID that something of the same kind before it has too.
    """

    def __init__(self, project: Project) -> None:
        self._by_kind: dict[str, set[str]] = {}
        self.repeated: list[Item] = []
        for batch in batches(project):
            if batch.elements:
                self._take(batch)

    def has(self, kind: str, guid: str) -> bool:
        """Tell whether there is something of a kind with a GUID; a selection may be an area of a PDF."""
        known = self._by_kind.get(kind, ())
        if guid in known or same_guid(guid) in known:
            return True
        return kind == "selection" and self.has("area of a PDF", guid)

    def has_all(self, kind: str, guids: Iterable[str | None]) -> bool:
        """Tell whether there is something of a kind with each GUID; absent and empty ones do not count."""
        return all(not guid or self.has(kind, guid) for guid in guids)

    def kinds_of(self, guid: str) -> list[str]:
        """Return the kinds of what has a GUID; there may be several, and none."""
        return [kind for kind in self._by_kind if self.has(kind, guid)]

    def shared(self, *, apart_from: Container[frozenset[str]]) -> dict[str, str]:
        """Return the GUIDs (as compared) that things of different kinds share → the first of these kinds.

        Args:
            apart_from: pairs of kinds that may share one.
        """
        found: dict[str, str] = {}
        for (kind, guids), (other, others) in combinations(self._by_kind.items(), 2):
            if frozenset({kind, other}) not in apart_from and not guids.isdisjoint(others):
                for guid in guids & others:
                    found.setdefault(guid, kind)
        found.pop("", None)
        return found

    def of_both(self, kind: str, other: str) -> set[str]:
        """Return the GUIDs (as compared) that things of both kinds have."""
        found = self._by_kind.get(kind, set()) & self._by_kind.get(other, set())
        return found - {""}

    def _take(self, batch: Batch) -> None:
        known = self._by_kind.setdefault(batch.kind, set())
        guids = [element.guid for element in batch.elements]
        # One look at all of them: a million GUIDs that are normal already cost no copy each.
        together = "".join(guids)
        if together != together.lower() or any(mark in together for mark in "{} \t\r\n"):
            guids = [same_guid(guid) for guid in guids]
        new = set(guids)
        if len(new) == len(guids) and known.isdisjoint(new):
            known |= new
            return
        for element, guid in zip(batch.elements, guids, strict=True):
            if guid in known and guid:
                self.repeated.append(Item(batch.kind, element, element.guid, batch.inside))
            known.add(guid)


def called(element: Element, inside: Element | None = None) -> str:
    """Return what a person knows an element by, such as ``Case “Ana”``.

    >>> from qdabridge.study.model import Case
    >>> called(Case(guid="4c2a", name="Ana")), called(Case(guid="4c2a"))
    ('Case “Ana”', 'Case 4c2a')
    """
    name = shortened(getattr(element, "name", None) or "")
    own = f"{type(element).__name__} {f'“{name}”' if name else getattr(element, 'guid', '')}".rstrip()
    return f"{own} in {called(inside)}" if inside is not None and inside is not element else own


def texts_with_owner(project: Project) -> Iterator[tuple[TextDocument | Transcript, Source]]:
    """Give every text of the study, with the source or note that it belongs to."""
    for source in (*(project.sources or ()), *(project.notes or ())):
        for text in walk.texts_of(source):
            yield text, source
