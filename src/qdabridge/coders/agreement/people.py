"""Who is a coder: people that were named, all who coded, or each copy of a study for whoever worked on it.

Several people may count as one coder, as in NVivo's groups of users: what one of them coded, the coder coded. What they
coded is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from qdabridge.coders.agreement.spans import Gathered, Person, person_key
from qdabridge.errors import BadRequest, NotInStudy
from qdabridge.findings import Finding
from qdabridge.matrix.names import Names
from qdabridge.study.model import User, same_guid

_TOGETHER = "+"
_MOST = 200
"""Coders who are compared unless somebody names more: every figure looks at all of them."""


class Coder(Struct, frozen=True, rename="camel"):
    """One side of the comparison.

    Args:
        name: short: initials, a name, or that of the copy.
        people: the names of those who count as this coder.
        guids: their GUIDs, in the same order; empty for somebody who is not named.
        references: how many coded references they have in what the copies have in common.
    """

    name: str
    people: tuple[str, ...]
    guids: tuple[str, ...]
    references: int


class Chosen(Struct, frozen=True):
    """The coders, and the number of the coder that each person of the gathering belongs to."""

    coders: tuple[Coder, ...]
    of_person: dict[int, int]
    findings: tuple[Finding, ...] = ()


def choose(gathered: Gathered, names: Sequence[Names], wanted: Iterable[str] | None, labels: Sequence[str]) -> Chosen:
    """Choose the coders.

    Args:
        gathered: what everybody coded.
        names: the names of each copy.
        wanted: names, initials or GUIDs; ``A+B`` for people who count as one. ``None`` for all who coded, or, where
            there are several copies, each copy for a coder.
        labels: what the copies are called.

    Raises:
        NotInStudy: there is no such coder.
        BadRequest: there are not two coders, or more than anybody compares, or one person is named twice.
    """
    if wanted is not None:
        return _named(gathered, names, list(wanted))
    if len(gathered.looks) > 1:
        return _by_copy(gathered, names, labels)
    groups = [[number] for number, person in enumerate(gathered.people) if person.user is not None]
    if len(groups) < 2:
        raise BadRequest(
            f"Two coders are needed, and in this study {_who_coded(gathered, names)}.",
            todo="Name two copies of the study, one of each coder.",
        )
    if len(groups) > _MOST:
        raise BadRequest(
            f"{len(groups):,} people coded in this study, and more than {_MOST} are compared only if they are named.",
            todo="Name those to compare: --coders NS MP.",
        )
    order = {id(user): place for place, user in enumerate(gathered.looks[0].project.users or ())}
    groups.sort(key=lambda group: order.get(id(gathered.people[group[0]].user), len(order)))
    labels = [_short(names, gathered.people[group[0]]) for group in groups]
    unnamed = sum(gathered.references[n] for n, person in enumerate(gathered.people) if person.user is None)
    return _chosen(gathered, names, labels, groups, _unnamed(unnamed))


def _named(gathered: Gathered, names: Sequence[Names], wanted: list[str]) -> Chosen:
    if len(wanted) < 2:
        raise BadRequest("Agreement is between two coders or more.", todo="Name two: --coders NS --coders MP.")
    labels, groups = [], []
    taken: dict[str, str] = {}
    for each in wanted:
        keys: list[str] = []
        users = _users(gathered, names, each)
        for user in users:
            key = same_guid(user.guid)
            if key in taken:
                raise BadRequest(f"“{taken[key]}” and “{each}” are the same person.", todo="Name two different coders.")
            keys.append(key)
        taken |= dict.fromkeys(keys, each)
        groups.append([number for number, person in enumerate(gathered.people) if person_key(person) in keys])
        labels.append(_label(names, users))
    return _chosen(gathered, names, labels, groups)


def _by_copy(gathered: Gathered, names: Sequence[Names], labels: Sequence[str]) -> Chosen:
    groups = [
        [number for number, person in enumerate(gathered.people) if person.copy == copy]
        for copy in range(len(gathered.looks))
    ]
    short = [
        _short(names, gathered.people[group[0]]) if len(group) == 1 and gathered.people[group[0]].user else label
        for group, label in zip(groups, labels, strict=True)
    ]
    findings: tuple[Finding, ...] = ()
    several = [label for group, label in zip(groups, labels, strict=True) if len(group) > 1]
    if several:
        findings = (
            Finding(
                "AGREE-COPY-OF-SEVERAL",
                "warning",
                "A copy holds the coding of several people, and all of it counts as one coder's.",
                where=several[0],
                hint="Name the coders if it should not, such as --coders NS --coders MP.",
                count=len(several),
                places=tuple(several[:3]) if len(several) > 1 else (),
            ),
        )
    return _chosen(gathered, names, short if len(set(short)) == len(short) else list(labels), groups, findings)


def _chosen(
    gathered: Gathered,
    names: Sequence[Names],
    labels: Sequence[str],
    groups: Sequence[Sequence[int]],
    findings: tuple[Finding, ...] = (),
) -> Chosen:
    coders = []
    for label, group in zip(labels, groups, strict=True):
        people = {person_key(gathered.people[number]): gathered.people[number] for number in group}
        coders.append(
            Coder(
                label,
                tuple(_name(names, each) for each in people.values()),
                tuple(each.user.guid if each.user is not None else "" for each in people.values()),
                sum(gathered.references[number] for number in group),
            )
        )
    return Chosen(tuple(coders), {number: place for place, group in enumerate(groups) for number in group}, findings)


def _who_coded(gathered: Gathered, names: Sequence[Names]) -> str:
    """Return in words who coded in a study in which there are no two coders."""
    named = [_name(names, person) for person in gathered.people if person.user is not None]
    if named:
        return f"only {named[0]} coded"
    return "nothing says who coded" if gathered.people else "nobody coded anything"


# --- names -----------------------------------------------------------------------------------------------------------


def _users(gathered: Gathered, names: Sequence[Names], wanted: str) -> list[User]:
    """Return the people of a name in any copy; of several with ``+`` between, if no one person is called so."""
    found = _called(gathered, names, wanted)
    if found:
        return found
    if _TOGETHER in wanted:
        return [user for part in wanted.split(_TOGETHER) for user in _users(gathered, names, part)]
    people: dict[str, None] = {}
    for look in gathered.looks:
        people |= dict.fromkeys(user.name or user.id or user.guid for user in look.project.users or ())
    todo = f"It has {', '.join(people)}." if people else "It names nobody."
    raise NotInStudy(f"The study has no coder “{wanted.strip()}”.", todo=todo)


def _called(gathered: Gathered, names: Sequence[Names], wanted: str) -> list[User]:
    said = wanted.strip().casefold()
    found: dict[str, User] = {}
    for look, called in zip(gathered.looks, names, strict=True):
        for user in look.project.users or ():
            own = {each.strip().casefold() for each in (user.name, user.id, called.coders[id(user)]) if each}
            if same_guid(user.guid) == same_guid(wanted) or said in own:
                found.setdefault(same_guid(user.guid), user)
                break
    return list(found.values())


def _label(names: Sequence[Names], users: Sequence[User]) -> str:
    labels = {
        next((n.coders[id(user)] for n in names if id(user) in n.coders), user.name or user.guid): None
        for user in users
    }
    return _TOGETHER.join(labels)


def _short(names: Sequence[Names], person: Person) -> str:
    return names[person.copy].coders[id(person.user)] if person.user is not None else "(not named)"


def _name(names: Sequence[Names], person: Person) -> str:
    return person.user.name or _short(names, person) if person.user is not None else "(not named)"


def _unnamed(references: int) -> tuple[Finding, ...]:
    if not references:
        return ()
    return (
        Finding(
            "AGREE-NOBODY",
            "warning",
            "Coded references that do not say who coded them are nobody's, and not counted.",
            hint="The program that wrote the study left the coder out; ask it for a project with its users.",
            count=references,
        ),
    )
