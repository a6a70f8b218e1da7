"""USER-UNKNOWN: people who made or changed something and are not among the users."""

from __future__ import annotations

from qdabridge.checks.inventory import called
from qdabridge.checks.repairs.aims import aims_of
from qdabridge.checks.repairs.guids import LEGAL
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending
from qdabridge.study.model import User, same_guid

_USER = ("user",)


def mend_people(mending: Mending) -> None:
    """Add a user for everybody who is not there; who is named instead of pointed at is pointed at."""
    users = mending.project.users or []
    known = {same_guid(user.guid) for user in users}
    named: dict[str, set[str]] = {}
    for user in users:
        for name in (user.name, user.id):
            if name and name.strip():
                named.setdefault(name.strip(), set()).add(user.guid)
    added: list[User] = []
    names = {user.name for user in users}
    right: set[str] = set()
    for element in mending.elements():
        for aim in aims_of(element):
            found = aim.guid
            if aim.kinds != _USER or found is None or found in right:
                continue
            if not found.strip():
                aim.point_at(None)
                mending.say("GUID-EMPTY", _NOBODY, called(element), severity="note")
            elif same_guid(found) in known:
                right.add(found)
            elif len(named.get(found.strip(), ())) == 1:
                aim.point_at(next(iter(named[found.strip()])))
                mending.say("USER-UNKNOWN", _NAMED, f"{called(element)}, {found}")
            elif not mending.inventory.kinds_of(found):
                user = User(guid=found, name=_name(found, names))
                names.add(user.name)
                added.append(user)
                known.add(same_guid(found))
                right.add(found)
                mending.say("USER-UNKNOWN", _ADDED, f"{called(element)}, {found}, now {called(user)}")
    if added:
        mending.project.users = [*users, *added]
        mending.forget()


def _name(found: str, taken: set[str | None]) -> str:
    """Return what an unknown person is called: what stood for them where that is no GUID, otherwise a number."""
    if not LEGAL.fullmatch(found):
        return found.strip()
    number = 1
    while (name := f"Unknown user {number}") in taken:
        number += 1
    return name


_NOBODY = "Where a person's GUID may stand was an empty one; it was left out."
_NAMED = "A person was named where their GUID should be; the user of that name is pointed at."
_ADDED = "Somebody made or changed something who is not among the users; a user was added to stand for them."

MENDS = (
    Mend(
        code="USER-UNKNOWN",
        title="somebody made or changed something who is not among the users",
        does="A user of that GUID is added, called “Unknown user 1”. Where the name or the initials of one user stand "
        "instead of a GUID, that user is pointed at.",
        leaves="Who it was.",
        step=mend_people,
    ),
)
