"""The walk through a study: everything is copied, and every name replaced on the way; what is given is never changed.

Which strings may hold names is said in ``strings_of_the_model``; texts and files are another's part (``texts``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from qdabridge.deposit.pseudonymising.finding import Match, Matcher
from qdabridge.deposit.pseudonymising.foreign import xml_replaced
from qdabridge.deposit.pseudonymising.scopes import Scopes
from qdabridge.deposit.pseudonymising.stretches import move_points
from qdabridge.deposit.pseudonymising.strings_of_the_model import REPLACED, Plan, plan_of
from qdabridge.deposit.pseudonymising.tally import Tally
from qdabridge.deposit.pseudonymising.texts import Moved, Texts
from qdabridge.findings import Finding, Findings
from qdabridge.study import model
from qdabridge.study.model import (
    Case,
    Element,
    Extensions,
    Link,
    PlainTextSelection,
    Source,
    TextDocument,
    Transcript,
    VariableValue,
    Vertex,
)
from qdabridge.study.replacing import Replacing

_PATHS = frozenset({"rich_text_path", "plain_text_path", "path"})
_TYPED: dict[str, Callable[[str], object]] = {
    "float_value": float,
    "date_value": lambda value: date.fromisoformat(value[:10]),
    "date_time_value": datetime.fromisoformat,
}
_WITHIN = (model.Selection, Vertex, model.Edge)
"""What is told by the name of what it is in."""
_ANYWHERE = "what the standard does not have"
_Copied = TypeVar("_Copied", bound=Element)


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
        self._matcher = matcher
        self._scopes = scopes
        self._texts = texts
        self._tally = tally
        self._where = ""
        self._moved: Moved | None = None

    def replaced(self, element: _Copied) -> _Copied:
        """Return a copy of an element, and of all elements inside it, without names."""
        plan = plan_of(type(element))
        if plan.is_bare and element.extensions is None:
            return element.__copy__()  # type: ignore[attr-defined, no-any-return]
        scopes = self._scopes_of(element) if self._scopes.any else ()
        if not scopes:
            return self._copied(element, plan)
        before, self._matcher = self._matcher, self._matcher.within(*scopes)
        try:
            return self._copied(element, plan)
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

    def _copied(self, element: _Copied, plan: Plan) -> _Copied:
        again: Any = element.__copy__()  # type: ignore[attr-defined]
        where = self._where
        if not isinstance(element, _WITHIN) and (name := getattr(element, "name", None)):
            self._where = Replacing(name, _pieces(self._matcher.found_in_name(name))).new
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
            move_points(element, again, self._moved)
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
        # Sources are often called after their files.
        is_run_together = isinstance(element, model.User) or (field == "name" and isinstance(element, Source | Case))
        return self._run_together(value, place) if is_run_together else self.words(value, place)

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
                attribute_prefixes=dict(odd.attribute_prefixes),
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
