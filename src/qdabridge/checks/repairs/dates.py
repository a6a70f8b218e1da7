"""DATE-FORM: dates that the schema does not take and that can mean only one day and time.

The standard's form is xsd:dateTime: ``2026-03-05T16:30:00``, with or without a zone. No zone is ever made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from qdabridge.checks.inventory import called
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending
from qdabridge.study.model import Authored, Coding, Element, Project

LEGAL_MOMENT = re.compile(
    r"\s*-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
    r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?\s*"
)
LEGAL_DAY = re.compile(
    r"\s*-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?\s*"
)
_TIME = (
    r"(?:(?:[Tt]|,?\s+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]+))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?\s*(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
)
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})" + _TIME)
_BARE = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})" + _TIME)
_DAY_DOTS = re.compile(r"(?P<day>[0-9]{1,2})\.\s?(?P<month>[0-9]{1,2})\.\s?(?P<year>[0-9]{4})" + _TIME)
_SLASHES = re.compile(r"(?P<one>[0-9]{1,2})/(?P<two>[0-9]{1,2})/(?P<year>[0-9]{4})" + _TIME)
_FIELDS = ("creation_date_time", "modified_date_time")


class _Place(NamedTuple):
    element: Element
    field: str
    found: str


def mend_dates(mending: Mending) -> None:
    """Write every date that can be understood as the schema wants it; an empty one says nothing and is left out."""
    places = list(_illegal(mending))
    order = day_leads([place.found for place in places])
    for place in places:
        if not place.found.strip():
            setattr(place.element, place.field, None)
            mending.say("DATE-FORM", "A date that was empty was left out.", called(place.element), severity="note")
            continue
        moment = moment_of(place.found, day_first=order)
        if moment is not None:
            setattr(place.element, place.field, moment)
            message = "A date was written in another way than the standard's; it is the same date in its form now."
            mending.say("DATE-FORM", message, f"{called(place.element)}, {place.found} → {moment}", severity="note")


def moment_of(found: str, *, day_first: bool | None) -> str | None:
    """Return a date and time as the schema wants it, or None where it may mean several.

    Args:
        found: as written; a day without a time is taken as its beginning.
        day_first: whether the day comes first in dates with slashes; None where that is not known.

    >>> moment_of("2026-03-05 16:30", day_first=None), moment_of("5.3.2026 4:30 PM", day_first=None)
    ('2026-03-05T16:30:00', '2026-03-05T16:30:00')
    >>> moment_of("3/5/2026", day_first=None), moment_of("3/5/2026", day_first=False)
    (None, '2026-03-05T00:00:00')
    """
    match = _matched(found.strip())
    if match is None:
        return None
    day = _day(match, day_first)
    if day is None:
        return None
    hour = int(match["hour"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"][0] in "Pp" else 0)
    part = f".{match['part']}" if match["part"] else ""
    made = f"{day}T{hour:02}:{match['minute'] or '00'}:{match['second'] or '00'}{part}{_zone(match['zone'] or '')}"
    return made if LEGAL_MOMENT.fullmatch(made) else None


def day_of(found: str, *, day_first: bool | None) -> str | None:
    """Return a day as the schema wants it, or None where it may mean several or has a time as well."""
    match = _matched(found.strip())
    if match is None or match["hour"] or match["zone"]:
        return None
    return _day(match, day_first)


def day_leads(dates: list[str]) -> bool | None:
    """Tell whether the day comes before the month in dates with slashes, or None where they do not tell."""
    matches = [match for match in (_SLASHES.fullmatch(found.strip()) for found in dates) if match]
    day_leads_somewhere = any(int(match["one"]) > 12 for match in matches)
    month_leads_somewhere = any(int(match["two"]) > 12 for match in matches)
    return None if day_leads_somewhere == month_leads_somewhere else day_leads_somewhere


def _matched(found: str) -> re.Match[str] | None:
    patterns = (_YEAR_FIRST, _BARE, _DAY_DOTS, _SLASHES)
    return next((match for match in (pattern.fullmatch(found) for pattern in patterns) if match), None)


def _day(match: re.Match[str], day_first: bool | None) -> str | None:
    if "one" in match.groupdict():
        if day_first is None:
            return None
        day, month = (match["one"], match["two"]) if day_first else (match["two"], match["one"])
    else:
        day, month = match["day"], match["month"]
    try:
        return date(int(match["year"]), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _zone(found: str) -> str:
    if found.lower() in ("z", "utc", "gmt"):
        return "Z"
    return found if ":" in found or not found else f"{found[:3]}:{found[3:]}"


def _illegal(mending: Mending) -> Iterator[_Place]:
    legal: set[str] = set()
    for element in mending.elements():
        if not isinstance(element, Authored | Coding | Project):
            continue
        for field in _FIELDS:
            found = getattr(element, field, None)
            if found is None or found in legal:
                continue
            if LEGAL_MOMENT.fullmatch(found):
                legal.add(found)
            else:
                yield _Place(element, field, found)


MENDS = (
    Mend(
        code="DATE-FORM",
        title="a date is written as `2026-03-05 16:30`, `5.3.2026`, `3/25/2026 4:30 PM`",
        does="It becomes `2026-03-05T16:30:00`. A day without a time becomes its beginning; a zone is kept and "
        "never made up. Whether the day or the month comes first between slashes is taken from the other dates of "
        "the study. An empty date is left out.",
        leaves="Dates with slashes where no date of the study has a number over 12, and what is no date.",
        step=mend_dates,
    ),
)
