"""Codes as the tool takes them: one that is used must be usable, and colours have one spelling."""

from __future__ import annotations

import re

from qdabridge.formats.refi.adapting.draft import Draft, elements_in
from qdabridge.study import walk
from qdabridge.study.model import Code, Coding, Edge, Link, Vertex, same_guid

_SHORT = re.compile("#([0-9A-Fa-f])([0-9A-Fa-f])([0-9A-Fa-f])")


def adapt_codes(draft: Draft) -> None:
    """Make used codes codable where the tool would otherwise drop their codings, and spell colours."""
    if draft.profile.codable != "kept":
        _make_codable(draft)
    project = draft.project
    colored: list[Code | Link | Vertex | Edge] = [*walk.codes(project), *(project.links or ())]
    for graph in project.graphs or ():
        colored += [*graph.vertices, *graph.edges]
    for element in colored:
        if element.color is not None:
            element.color = spelled_color(element.color, capital=draft.profile.capital_colors)


def spelled_color(color: str, *, capital: bool) -> str:
    """Return a colour with six digits in one case; what is no colour stays.

    >>> spelled_color("#aB3", capital=True)
    '#AABB33'
    """
    color = color.strip()
    short = _SHORT.fullmatch(color)
    full = "#" + "".join(digit * 2 for digit in short.groups()) if short else color
    return full.upper() if capital else full.lower()


def _make_codable(draft: Draft) -> None:
    codings = (element for element in elements_in(draft.project) if isinstance(element, Coding))
    used = {same_guid(coding.code_ref.target_guid) for coding in codings}
    every = draft.profile.codable == "all"
    changed = 0
    for code in walk.codes(draft.project):
        if not code.is_codable and (every or same_guid(code.guid) in used):
            code.is_codable = True
            changed += 1
    draft.say(
        "CODE-MADE-CODABLE",
        f"{draft.profile.title} knows only codes that may be used; folders no longer say that they may not."
        if every
        else f"{draft.profile.title} drops codings with codes that say they are folders; used ones no longer say so.",
        changed,
    )
