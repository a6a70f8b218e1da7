"""When things were made: in UTC and whole seconds, as every tool writes it; few read anything else.

A date that does not say its time zone stays as it is: nobody knows when that was.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from qdabridge.formats.refi.adapting.draft import Draft, elements_in
from qdabridge.study.model import Authored, Coding, Project

_FIELDS = ("creation_date_time", "modified_date_time")
_ZONED = re.compile(r"\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)\s*")


def adapt_dates(draft: Draft) -> None:
    """Bring every date at which something was made or changed to UTC, without fractions of a second."""
    changed = 0
    for element in elements_in(draft.project):
        if not isinstance(element, Authored | Coding | Project):
            continue
        for field in _FIELDS:
            written = getattr(element, field, None)
            if written and (brought := in_utc(written)) != written:
                setattr(element, field, brought)
                changed += 1
    draft.say(
        "DATE-IN-UTC",
        f"{draft.profile.title} is given dates as all tools write them: in UTC, without fractions of a second.",
        changed,
    )


def in_utc(written: str) -> str:
    """Return a date and time in UTC; as it is where it has no time zone or is none.

    >>> in_utc("2024-03-01T00:30:00.250+01:00"), in_utc("2024-03-01T00:30:00")
    ('2024-02-29T23:30:00Z', '2024-03-01T00:30:00')
    """
    match = _ZONED.fullmatch(written)
    if match is None:
        return written
    try:
        moment = datetime.fromisoformat(match[1] + match[2].replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return written
    # A year before 1000 needs its noughts, which strftime leaves out.
    return moment.replace(tzinfo=None).isoformat() + "Z"
