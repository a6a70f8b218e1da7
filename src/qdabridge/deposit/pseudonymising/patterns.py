"""What in a text betrays a person by its form alone: addresses, numbers, dates of birth, paths with a user's name.

Sources: NHS Data Dictionary for the check digit of NHS numbers; Royal Mail's form of postcodes; HMRC's
of National Insurance numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Hit(NamedTuple):
    """What was found in a text: where (code points, the end exclusive), and what it looks like."""

    start: int
    end: int
    looks: str


_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_WEB = re.compile(r"\b(?:https?://|www\.)[^\s<>\"')\]]{3,200}", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.+(])(?:(?:\+\d{1,3}|00[1-9]\d?)[ -]?(?:\(0\)[ -]?)?|\(?0)[1-9](?:\)?[ -]?\d){7,11}(?![\w])"
    r"|(?<![\w.])(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4}(?![\w-])"
)
_INSURANCE = re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z0-9_](?:[\w.]{1,28}\w)(?![\w@])")
_NHS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b")
_BIRTH = re.compile(
    r"\b(?:born|birthday|birth|dob|d\.o\.b\.?)\b[^\n\d]{0,25}?"
    rf"(\d{{1,2}}(?:st|nd|rd|th)?[ ./-](?:\d{{1,2}}|(?:{_MONTHS})[a-z]*)[ ./,-]{{1,2}}\d{{2,4}}"
    rf"|(?:{_MONTHS})[a-z]*\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    r"|\d{4}-\d{2}-\d{2})",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"(?:[A-Za-z]:\\Users\\|/Users/|/home/|[A-Za-z]:/Users/)([^\\/\s:*?\"<>|]{1,64})(?:[\\/][^\s:*?\"<>|]{0,200})?"
)


def hits(text: str) -> Iterator[Hit]:
    """Give what a text betrays, in the order of its kinds; a number that is an NHS number is no telephone number.

    >>> [text_hit.looks for text_hit in hits("Write to a.b@example.org, NHS 943 476 5919, LL57 2DG")]
    ['e-mail address', 'NHS number', 'postcode']
    """
    taken: list[tuple[int, int]] = []
    lowered = text.lower()
    for looks, pattern, group, holds, signs in _ALL:
        if not any(sign in lowered for sign in signs):
            continue
        for found in pattern.finditer(text):
            start, end = found.span(group)
            if holds(found.group(group)) and not any(start < until and begin < end for begin, until in taken):
                taken.append((start, end))
                yield Hit(start, end, looks)


def is_nhs_number(text: str) -> bool:
    """Tell whether ten digits are an NHS number, by its check digit.

    >>> is_nhs_number("943 476 5919"), is_nhs_number("943 476 5918")
    (True, False)
    """
    digits = [int(char) for char in text if char.isdigit()]
    if len(digits) != 10:
        return False
    check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return (0 if check == 11 else check) == digits[9]


def _always(_: str) -> bool:
    return True


_DIGITS = tuple("0123456789")
_ALL: tuple[tuple[str, re.Pattern[str], int, Callable[[str], bool], tuple[str, ...]], ...] = (
    ("e-mail address", _EMAIL, 0, _always, ("@",)),
    ("web address", _WEB, 0, _always, ("http", "www.")),
    ("user name", _HANDLE, 0, _always, ("@",)),
    ("user name in a path", _PATH, 1, _always, ("users", "/home/")),
    ("NHS number", _NHS, 0, is_nhs_number, _DIGITS),
    ("National Insurance number", _INSURANCE, 0, _always, _DIGITS),
    ("telephone number", _PHONE, 0, _always, _DIGITS),
    ("date of birth", _BIRTH, 1, _always, ("born", "birth", "dob", "d.o.b")),
    ("postcode", _POSTCODE, 0, _always, _DIGITS),
)
"""What it looks like, the expression, its group, whether it holds, and what a text has that has one: most have none."""
