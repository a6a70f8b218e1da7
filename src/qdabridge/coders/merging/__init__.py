"""Several copies of one study as one: everything of every copy once, what they say differently as conflicts.

The first copy leads: its order, its GUIDs, and where copies differ its word. The others are taken in one after the
other, each a copy of its model; files stay where they are until the merged study is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace

from qdabridge.checks.inventory import Inventory, called
from qdabridge.checks.repairs.aims import aims_of
from qdabridge.coders.merging import told
from qdabridge.coders.merging.fields import join_dates, join_fields, joined_pointers
from qdabridge.coders.merging.groups import join_cases, join_graphs, join_links, join_sets
from qdabridge.coders.merging.identity import Identity
from qdabridge.coders.merging.joint import Arrival, Joint, kind_of
from qdabridge.coders.merging.packing import Packing
from qdabridge.coders.merging.sources import join_sources
from qdabridge.coders.merging.told import Conflict, Lost
from qdabridge.coders.merging.tree import join_codes, join_users, join_variables
from qdabridge.coders.same_meaning import own_projects, tool_of
from qdabridge.errors import BadRequest
from qdabridge.findings import Finding, Findings
from qdabridge.formats.refi.adapting.draft import elements_in
from qdabridge.pause import garbage_collection_paused
from qdabridge.safety import MAX_DEPTH
from qdabridge.study import walk
from qdabridge.study.counts import code_levels, counts
from qdabridge.study.form import Form
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Code, Element, Graph, Project, same_guid
from qdabridge.study.study import Study

__all__ = ["Conflict", "Lost", "Merged", "Row", "merge"]

_SETTLED_FIRST = frozenset({"user", "code", "source", "note", "variable"})
"""The kinds that other things name, and that are matched as a whole before anything is joined."""

_ROWS: dict[str, tuple[str, ...]] = {
    "users": ("user",),
    "codes": ("code",),
    "variables": ("variable",),
    "cases": ("case",),
    "sources": ("source",),
    "selections": ("selection", "area of a PDF"),
    "codings": ("coding",),
    "notes": ("note",),
    "links": ("link",),
    "sets": ("set",),
    "graphs": ("graph",),
}


class Row(Struct, frozen=True):
    """What the merged study has of one kind, and where that comes from.

    Args:
        kind: ``users``, ``codes``, ``codings`` …
        found: how many each copy has, in the order in which the copies were given.
        new: how many of them came into the merged study from each copy and from none before it; all of the first.
        total: how many the merged study has.
    """

    kind: str
    found: tuple[int, ...]
    new: tuple[int, ...]
    total: int


class Merged(Struct, frozen=True):
    """What came of merging.

    Args:
        study: the merged study; it uses the files of the copies, so write it before they are closed.
        labels: what the copies are called, in the order in which they were given.
        leading: the number of the copy whose word counts where they differ.
        rows: what there is of each kind, and where it comes from.
        conflicts: what the copies say differently, one by one.
        lost: the passages whose words are not in the text that was kept, one by one.
        findings: all of it in words, each kind once with a count.
    """

    study: Study
    labels: tuple[str, ...]
    leading: int
    rows: tuple[Row, ...]
    conflicts: tuple[Conflict, ...]
    lost: tuple[Lost, ...]
    findings: tuple[Finding, ...]


def merge(*studies: Study, labels: Sequence[str] | None = None, prefer: str | int | None = None) -> Merged:
    """Join copies of one study: what several have is there once, what one has is there.

    The same is what has one GUID; people and cases of one name; codes of one path; sources of one content; and what
    one person coded at one place with one code. Merging in steps, or a copy twice, gives the same as merging at once;
    the order decides only where copies differ.

    Args:
        studies: two copies or more; they are not changed.
        labels: what they are called in what is told; their numbers from 1 without it.
        prefer: the label or the number from 0 of the copy whose word counts where copies differ; the first without it.

    Raises:
        BadRequest: there are fewer than two copies, labels do not fit, or there is no such copy to be preferred.
    """
    names = _names(studies, labels)
    leading = _leading(names, prefer)
    order = [leading, *(number for number in range(len(studies)) if number != leading)]
    with garbage_collection_paused():
        looks, changed = _own_copies([studies[number] for number in order], [names[number] for number in order])
        identity = Identity(looks)
        joint = Joint(looks[0].project, Packing(studies[leading].files), [names[number] for number in order])
        for thing in _things(looks[0].project):
            joint.members.setdefault(identity.number(thing), thing)
        before = [counts(study.project) for study in studies]
        for copy, look in enumerate(looks[1:], 1):
            _take_in(Arrival(joint, copy, look), identity)
        study = Study(joint.project, joint.packing.files, form=_form([studies[number] for number in order]))
        total = counts(study.project)
    back = [order.index(number) for number in range(len(studies))]
    rows = tuple(
        Row(
            kind,
            tuple(getattr(each, kind) for each in before),
            tuple(
                sum(joint.new[copy, of] for of in kinds) if copy else getattr(before[leading], kind) for copy in back
            ),
            getattr(total, kind),
        )
        for kind, kinds in _ROWS.items()
    )
    findings = [*_findings(joint, identity, [studies[number] for number in order]), *changed]
    return Merged(study, tuple(names), leading, rows, tuple(joint.conflicts), tuple(joint.lost), tuple(findings))


# --- what was asked for ----------------------------------------------------------------------------------------------


def _names(studies: Sequence[Study], labels: Sequence[str] | None) -> list[str]:
    if len(studies) < 2:
        raise BadRequest("Merging takes two copies of a study or more.", todo="Name the other copies too.")
    names = list(labels) if labels is not None else [str(number) for number in range(1, len(studies) + 1)]
    if len(names) != len(studies) or len(set(names)) < len(names):
        raise BadRequest("There has to be one label for each copy, and no two the same.", where="labels")
    if any(code_levels(study.project) > MAX_DEPTH for study in studies):
        raise BadRequest("Codes are nested too deep to be merged.", todo="Flatten the code tree.")
    return names


def _leading(names: Sequence[str], prefer: str | int | None) -> int:
    if prefer is None:
        return 0
    if isinstance(prefer, int) and 0 <= prefer < len(names):
        return prefer
    if prefer in names:
        return names.index(cast(str, prefer))
    raise BadRequest(f"There is no copy “{prefer}” to prefer.", todo=f"Choose one of: {', '.join(names)}.")


def _own_copies(studies: Sequence[Study], names: Sequence[str]) -> tuple[list[Lookup], list[Finding]]:
    projects, changed = own_projects(studies, names)
    pairs = zip(projects, studies, strict=True)
    return [Lookup(Study(project, study.files, form=study.form)) for project, study in pairs], changed


# --- one copy --------------------------------------------------------------------------------------------------------


def _take_in(arrival: Arrival, identity: Identity) -> None:
    """Join one more copy with what is there: first who and what is what, then what stands where, then what names it."""
    joint, project = arrival.joint, arrival.project
    referred = {arrival.look.study.files.find(reference) for reference in walk.references(project)}
    # Before positions and GUIDs change.
    _ = arrival.look.anchors
    shared = _settle_things(arrival, identity)
    if not shared and any(walk.codes(project)) and (project.sources or ()):
        joint.findings.add(told.nothing_shared(arrival.label))
    _repoint(arrival, elements_in(project))
    join_users(arrival, identity)
    join_variables(arrival, identity)
    join_codes(arrival, identity)
    join_sources(arrival, identity)
    _repoint_the_rest(arrival)
    join_cases(arrival, identity)
    join_sets(arrival, identity)
    join_links(arrival)
    join_graphs(arrival)
    _join_project(arrival, joint.project, project)
    joint.packing.bring_the_rest(arrival.look.study.files, referred)


def _things(project: Project) -> Iterator[Any]:
    """Give the things that are matched as a whole, cases before the codes that NVivo makes of them."""
    return chain(
        project.users or (),
        project.cases or (),
        walk.codes(project),
        project.variables or (),
        project.sources or (),
        project.notes or (),
        project.sets or (),
    )


def _settle_things(arrival: Arrival, identity: Identity) -> bool:
    """Find out which GUID each thing has from now on; tell whether a source or code of the copy was there."""
    shared = False
    for thing in _things(arrival.project):
        there = arrival.joint.members.get(identity.number(thing))
        if there is None:
            _settle_new(arrival, thing)
            continue
        shared = shared or kind_of(thing) in ("source", "code")
        if same_guid(there.guid) != same_guid(thing.guid):
            arrival.joint.findings.add(told.matched(called(thing), arrival.label))
        arrival.is_now(thing, there)
    return shared


def _settle_new(arrival: Arrival, thing: Any) -> None:
    if isinstance(thing, Code):
        # NVivo's code of a case has the GUID of the case, whatever that is now.
        case = arrival.now(("case",), thing.guid)
        if same_guid(case) != same_guid(thing.guid) and not arrival.joint.has("code", case):
            arrival.rename(thing, case)
            return
    arrival.settle(thing, f"{getattr(thing, 'name', '')}")


def _repoint(arrival: Arrival, elements: Iterator[Element]) -> None:
    for element in elements:
        for aim in aims_of(element):
            if aim.kinds and aim.kinds[0] in _SETTLED_FIRST and (guid := aim.guid):
                aim.point_at(arrival.now(aim.kinds, guid))


def _repoint_the_rest(arrival: Arrival) -> None:
    """Let cases, links and drawings follow what they point at: selections, or anything."""
    project = arrival.project
    for root in chain(project.cases or (), project.links or (), project.graphs or ()):
        for element in elements_in(root):
            for aim in aims_of(element):
                guid = aim.guid
                if not guid or (aim.kinds and aim.kinds[0] != "selection"):
                    continue
                if same_guid(guid) not in arrival.lost:
                    aim.point_at(arrival.now(aim.kinds, guid))
                elif isinstance(root, Graph):
                    aim.point_at(None)


def _join_project(arrival: Arrival, ours: Project, theirs: Project) -> None:
    join_fields(arrival, ours, theirs, "name", "description", "creating_user_guid", "base_path", what="The study")
    join_dates(ours, theirs)
    ours.note_refs = joined_pointers(ours.note_refs, theirs.note_refs)


# --- what is said ----------------------------------------------------------------------------------------------------


def _form(studies: Sequence[Study]) -> Form | None:
    form = studies[0].form
    if form is None:
        return None
    uncounted = dict.fromkeys(guid for study in studies if study.form is not None for guid in study.form.uncounted)
    return replace(form, uncounted=tuple(uncounted))


def _findings(joint: Joint, identity: Identity, studies: Sequence[Study]) -> list[Finding]:
    found = Findings()
    tools = [tool_of(study) for study in studies]
    for label, study, tool in zip(joint.labels, studies, tools, strict=True):
        if Inventory(study.project).repeated:
            found.add(told.guid_shared(label))
        if tool != tools[0]:
            found.add(told.programs(label, tool, tools[0]))
    for finding in told.conflicts(joint.conflicts):
        found.add(finding)
    for each in identity.several:
        found.add(told.several(each.name, joint.labels[each.copy]))
    for lost in joint.lost:
        found.add(told.lost(lost))
    for finding in joint.findings.all():
        found.add(finding)
    return found.all()
