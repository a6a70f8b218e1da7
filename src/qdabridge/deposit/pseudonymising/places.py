"""Every place of a study in which a name can stand, and every string in which none can, with the reason why not.

The table at the top is all that decides it: a string of the model that stands in neither half would be forgotten, and
a test finds it. The walk makes a copy of the study; the one that is given is never changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from urllib.parse import quote, unquote

from msgspec import Struct

from qdabridge.deposit.pseudonymising.finding import Match, Matcher
from qdabridge.deposit.pseudonymising.foreign import xml_replaced
from qdabridge.deposit.pseudonymising.scopes import Scopes
from qdabridge.deposit.pseudonymising.tally import Tally
from qdabridge.deposit.pseudonymising.texts import Moved, Texts
from qdabridge.findings import Finding, Findings
from qdabridge.study import model
from qdabridge.study.model import (
    Case,
    Element,
    Extensions,
    Link,
    Note,
    PlainTextSelection,
    Source,
    SyncPoint,
    TextDocument,
    Transcript,
    VariableValue,
    Vertex,
    same_guid,
)
from qdabridge.study.replacing import Replacing

REPLACED: dict[str, str] = {
    "name": "name",
    "id": "initials",
    "description": "description",
    "plain_text_content": "text",
    "text_value": "value of a variable",
    "float_value": "value of a variable",
    "date_value": "value of a variable",
    "date_time_value": "value of a variable",
    "rich_text_path": "path",
    "plain_text_path": "path",
    "path": "path",
    "current_path": "path",
    "base_path": "path",
    "origin": "name of the program",
}
"""Field → what it is called in the log."""

KEPT: dict[str, str] = {
    "guid": "a GUID says nothing, and everything hangs on it",
    "target_guid": "a GUID",
    "origin_guid": "a GUID",
    "represented_guid": "a GUID",
    "source_vertex": "a GUID",
    "target_vertex": "a GUID",
    "from_sync_point": "a GUID",
    "to_sync_point": "a GUID",
    "creating_user": "a GUID",
    "modifying_user": "a GUID",
    "creating_user_guid": "a GUID",
    "modifying_user_guid": "a GUID",
    "creation_date_time": "a date of the work, not of anybody's life",
    "modified_date_time": "a date of the work, not of anybody's life",
    "color": "a colour",
    "direction": "one of three words of the standard",
    "type_of_variable": "one of six words of the standard",
    "shape": "a word of the standard",
    "line_style": "one of three words of the standard",
}
"""Field → why no name can stand there."""

_PATHS = frozenset({"rich_text_path", "plain_text_path", "path"})
_TYPED: dict[str, Callable[[str], object]] = {
    "float_value": float,
    "date_value": lambda value: date.fromisoformat(value[:10]),
    "date_time_value": datetime.fromisoformat,
}
_THINGS: dict[type[Element], str] = {
    model.Project: "the study",
    model.User: "a user",
    model.Code: "a code",
    model.Variable: "a variable",
    Case: "a case",
    Note: "a note",
    model.Representation: "the text of a PDF",
    model.TextDescription: "the text of a picture",
    Transcript: "a transcript",
    Link: "a link",
    model.Set: "a set",
    model.Graph: "a graph",
    Vertex: "a graph's shape",
    model.Edge: "a graph's line",
}
_WITHIN = (model.Selection, Vertex, model.Edge)
"""What is told by the name of what it is in."""
_ANYWHERE = "what the standard does not have"
_Copied = TypeVar("_Copied", bound=Element)


class Plan(Struct, frozen=True):
    """What of one kind of element is looked at.

    Args:
        strings: its fields that hold text.
        inside: its fields that hold other elements.
        thing: what it is called, with its article.
    """

    strings: tuple[str, ...]
    inside: tuple[str, ...]
    thing: str


@cache
def plan_of(kind: type[Element]) -> Plan:
    """Return what of one kind of element is looked at, as its types say."""
    strings: list[str] = []
    inside: list[str] = []
    for field, hint in get_type_hints(kind).items():
        kinds = set(_kinds_in(hint))
        if field == "extensions" or field.startswith("__"):
            continue
        if str in kinds:
            if field in REPLACED:
                strings.append(field)
        elif kinds & {int, bool} == set():
            inside.append(field)
    thing = _THINGS.get(kind) or ("a source" if issubclass(kind, Source) else "a selection")
    return Plan(tuple(strings), tuple(inside), thing)


class Places:
    """The walk through a study, on which everything is copied and every name replaced.

    Args:
        matcher: for what stands nowhere in particular.
        scopes: which entries hold where.
        texts: the texts and their files.
        tally: what is counted.
    """

    def __init__(self, matcher: Matcher, scopes: Scopes, texts: Texts, tally: Tally) -> None:
        self.findings = Findings()
        self._matcher = self._everywhere = matcher
        self._scopes = scopes
        self._texts = texts
        self._tally = tally
        self._where = ""
        self._moved: Moved | None = None

    def replaced(self, element: _Copied) -> _Copied:
        """Return a copy of an element, and of all elements inside it, without names."""
        scopes = self._scopes_of(element)
        if not scopes:
            return self._copied(element)
        before, self._matcher = self._matcher, self._matcher.within(*scopes)
        try:
            return self._copied(element)
        finally:
            self._matcher = before

    def words(self, value: str, place: str) -> str:
        """Return any text without names."""
        return self._with(value, self._matcher.found(value), place)

    def aside(self, xml: str) -> str:
        """Return a comment or another node of XML that the standard does not have, without names."""
        return xml_replaced(xml, lambda words: self.words(words, _ANYWHERE))

    def _run_together(self, value: str, place: str) -> str:
        """Return a path or the name of a user without names, those in MargaretSmith too."""
        return self._with(value, self._matcher.found_in_name(value), place)

    def _with(self, value: str, found: list[Match], place: str) -> str:
        if not found:
            return value
        self._tally.add_all(found, place, self._where)
        return Replacing(value, _pieces(found)).new

    # --- elements -----------------------------------------------------------------------------------------------------

    def _scopes_of(self, element: Element) -> tuple[str, ...]:
        if isinstance(element, Source | Case | Link):
            return self._scopes.at(element.guid)
        return self._scopes.at(element.represented_guid) if isinstance(element, Vertex | model.Edge) else ()

    def _copied(self, element: _Copied) -> _Copied:
        plan = plan_of(type(element))
        again: Any = element.__copy__()  # type: ignore[attr-defined]
        where = self._where
        if not isinstance(element, _WITHIN) and (name := getattr(element, "name", None)):
            self._where = self._matcher.text(name)
        for field in plan.strings:
            value = getattr(element, field)
            if value:
                setattr(again, field, self._string(element, plan, field, value))
        moved = self._moved
        if isinstance(element, TextDocument | Transcript):
            self._moved = self._texts.moved(element, self._matcher, self._where)
            if element.plain_text_content is not None:
                again.plain_text_content = (
                    self._moved.replacing.new
                    if self._moved is not None and self._moved.is_inline
                    else self.words(element.plain_text_content, "text")
                )
        for field in plan.inside:
            value = getattr(element, field)
            if value is None:
                continue
            if isinstance(value, Element):
                setattr(again, field, self.replaced(value))
            elif value:
                setattr(again, field, type(value)([self.replaced(member) for member in value]))
            elif type(value) is list:
                setattr(again, field, [])
        if element.extensions is not None:
            again.extensions = self._extensions(element, element.extensions)
        if isinstance(element, PlainTextSelection):
            self._move(element, again)
        elif isinstance(element, Transcript):
            _move_points(element, again, self._moved)
        elif isinstance(element, VariableValue):
            self._keep_typed(element, again)
        self._where, self._moved = where, moved
        return again  # type: ignore[no-any-return]

    def _string(self, element: Element, plan: Plan, field: str, value: str) -> str:
        if field.endswith("path"):
            return self._path(value) if field in _PATHS else self._run_together(value, "path")
        if field == "plain_text_content":
            # What positions count is replaced with the positions.
            return value
        if field == "name" and isinstance(element, PlainTextSelection):
            return self._selection_name(element, value)
        place = f"{REPLACED[field]} of {plan.thing}" if field in ("name", "description") else REPLACED[field]
        return self._run_together(value, place) if isinstance(element, model.User) else self.words(value, place)

    def _path(self, value: str) -> str:
        renamed = self._texts.renamed(value)
        if renamed is not None:
            return renamed
        plain = unquote(value)
        if plain == value or not self._matcher.found_in_name(plain):
            return self._run_together(value, "path")
        return quote(self._run_together(plain, "path"), safe="/:\\[]()!'*,;@&=+$~ ")

    def _keep_typed(self, element: VariableValue, again: VariableValue) -> None:
        """Take out dates and numbers that are no longer any."""
        for field, typed in _TYPED.items():
            value = getattr(again, field)
            if value == getattr(element, field):
                continue
            try:
                typed(value)
            except ValueError:
                setattr(again, field, None)
                self.findings.add(
                    Finding(
                        "PSEUDONYM-VALUE-REMOVED",
                        "warning",
                        "A date or number of a variable stands in the key, and its replacement is no date or number; "
                        "the value was taken out.",
                        self._where,
                        "Give a date or number in the key as its replacement to keep a value there.",
                        "loss",
                    )
                )

    # --- selections ---------------------------------------------------------------------------------------------------

    def _counted(self, selection: PlainTextSelection) -> Moved | None:
        return self._texts.anchored(selection) or self._moved

    def _move(self, selection: PlainTextSelection, again: PlainTextSelection) -> None:
        moved = self._counted(selection)
        if moved is not None and moved.matches:
            again.start_position, again.end_position = moved.replacing.span(
                selection.start_position, selection.end_position
            )

    def _selection_name(self, selection: PlainTextSelection, name: str) -> str:
        """Return the new name of a selection; what was a slice of the text stays one."""
        place = "name of a selection"
        moved = self._counted(selection)
        if moved is None or not moved.matches:
            return self.words(name, place)
        start, end = max(selection.start_position, 0), max(selection.end_position, 0)
        replacing = moved.replacing
        cut = name.removesuffix("…").removesuffix("...")
        if cut and replacing.old.startswith(cut, start) and len(cut) <= end - start:
            end = end if cut == name and len(cut) == end - start else start + len(cut)
            first, last = replacing.grown(start, end)
            self._tally.add_all(moved.within(first, last), place, self._where)
            return replacing.new[slice(*replacing.span(start, end))] + name[len(cut) :]
        quoted = " ".join(replacing.old[start:end].split())
        if cut and quoted.startswith(collapsed := " ".join(cut.split())):
            found = self._matcher.found(quoted)
            again = Replacing(quoted, _pieces(found))
            self._tally.add_all((each for each in found if each.start < len(collapsed)), place, self._where)
            return again.new[: again.end(len(collapsed))] + name[len(cut) :]
        return self.words(name, place)

    # --- what the standard does not have ------------------------------------------------------------------------------

    def _extensions(self, element: Element, odd: Extensions) -> Extensions:
        fields = {field.replace("_", ""): field for field in plan_of(type(element)).strings}

        def again(odd: Extensions, text: str | None) -> Extensions:
            nodes = odd.nodes
            if nodes:
                moving = None
                if text is not None:
                    moved = self._moved if self._moved is not None and self._moved.replacing.old == text else None
                    moving = moved.replacing if moved else Replacing(text, _pieces(self._matcher.found(text)))
                nodes = tuple(
                    model.ForeignNode(moving.start(node.at) if moving else node.at, self.aside(node.xml))
                    for node in nodes
                )
            return Extensions(
                lexical={
                    name: value if value is None or not _is_word(value) else self.words(value, _ANYWHERE)
                    for name, value in odd.lexical.items()
                },
                moved=dict(odd.moved),
                attributes={name: self.words(value, _ANYWHERE) for name, value in odd.attributes.items()},
                nodes=nodes,
                namespaces=dict(odd.namespaces),
                prefix=odd.prefix,
                containers={
                    name: again(inner, getattr(element, fields.get(name.lower(), ""), None))
                    for name, inner in odd.containers.items()
                },
            )

        for name in odd.attributes:
            self._tell_namespace(name)
        for uri in odd.namespaces.values():
            self._tell_namespace(uri)
        return again(odd, None)

    def _tell_namespace(self, name: str) -> None:
        if self._matcher.found(name):
            self.findings.add(
                Finding(
                    "PSEUDONYM-NAMESPACE",
                    "warning",
                    "Something that the standard does not have is called by a name of the key; what it is called was "
                    "left, since the program that wrote it knows it by that.",
                    self._where,
                    "Write the study in the standard's form (--for standard), which leaves such things out.",
                )
            )


def _pieces(found: list[Match]) -> list[tuple[int, int, str]]:
    return [match[:3] for match in found]


def _is_word(value: str) -> bool:
    """Tell whether a spelling may name somebody: true, 007 and the like do not."""
    return re.search(r"[^\W\d_]{2}", value) is not None and value not in ("true", "false")


def _kinds_in(hint: Any) -> list[Any]:
    origin = get_origin(hint)
    if origin in (Union, UnionType, list, tuple):
        return [kind for inner in get_args(hint) for kind in _kinds_in(inner)]
    return [hint]


def _move_points(transcript: Transcript, again: Transcript, moved: Moved | None) -> None:
    """Move the sync points; a stretch that ends at one inside a name grows to cover the name whole.

    Where another stretch begins at that very point, it gets a twin behind the name.
    """
    if moved is None or not moved.matches:
        return
    begins = {same_guid(each.from_sync_point) for each in transcript.transcript_selections if each.from_sync_point}
    ends = {same_guid(each.to_sync_point) for each in transcript.transcript_selections if each.to_sync_point}
    twins: dict[str, SyncPoint] = {}
    points: list[SyncPoint] = []
    for point in again.sync_points:
        points.append(point)
        if point.position is None:
            continue
        start, end = moved.replacing.start(point.position), moved.replacing.end(point.position)
        guid = same_guid(point.guid)
        if start == end or guid not in ends:
            point.position = start
        elif guid not in begins:
            point.position = end
        else:
            point.position = start
            twin = SyncPoint(guid=twin_of(point.guid), time_stamp=point.time_stamp, position=end)
            twins[guid] = twin
            points.append(twin)
    again.sync_points = points
    for selection in again.transcript_selections:
        twin_point = twins.get(same_guid(selection.to_sync_point)) if selection.to_sync_point else None
        if twin_point is not None:
            selection.to_sync_point = twin_point.guid


def twin_of(guid: str) -> str:
    """Return the GUID of the twin of a sync point: the same one always has the same."""
    from uuid import NAMESPACE_URL, uuid5

    return str(uuid5(NAMESPACE_URL, f"urn:qdabridge:behind-a-name:{same_guid(guid)}"))


def names_met(before: list[str | None], after: list[str | None], things: str) -> list[Finding]:
    """Return a finding for each name that several cases, sources … have now and had not before."""
    had: dict[str, set[str]] = {}
    for old, new in zip(before, after, strict=True):
        if old and new:
            had.setdefault(unicodedata.normalize("NFC", new).casefold(), set()).add(old.casefold())
    return [
        Finding(
            "PSEUDONYM-NAMES-MEET",
            "warning",
            f"Several {things} that had names of their own have one and the same now.",
            next(each for each in after if each and unicodedata.normalize("NFC", each).casefold() == new),
            "Give each person a pseudonym of their own in the key.",
        )
        for new, olds in had.items()
        if len(olds) > 1
    ]
