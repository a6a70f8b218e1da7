"""The answers in ``study.toml``: what they are, how they are read, and which are missing."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct, field

from qdabridge.errors import CannotRead, TooLarge
from qdabridge.findings import Finding
from qdabridge.safety import readable

_LARGEST = 1_000_000
_MANY_DOTS = 300
"""No line has more: a key stands on one line, and tomllib takes minutes for one of a hundred thousand parts."""
_ANEW = "Make a new form with --init beside it, and compare."
_ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

ACCESS = ("open", "registered", "restricted", "closed")
"""The access conditions that are understood; anything else is written as it stands."""


class Person(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is named with the study.

    Args:
        name: as in a reference list: family name, comma, given name.
        orcid: the ORCID, with or without ``https://orcid.org/``.
        affiliation: the institution.
        role: what the person did: ``principal investigator``, ``interviewer``, ``coder`` …
    """

    name: str = ""
    orcid: str = ""
    affiliation: str = ""
    role: str = ""

    def orcid_address(self) -> str:
        """Return the ORCID as an address; empty where there is none."""
        found = _ORCID.fullmatch(self.orcid.strip())
        return f"https://orcid.org/{found.group(1)}" if found and _adds_up(found.group(1)) else ""

    def given_and_family(self) -> tuple[str, str]:
        """Return the given and the family name; the given one is empty where the name has no comma."""
        family, comma, given = self.name.partition(",")
        return (given.strip(), family.strip()) if comma else ("", self.name.strip())


class Funding(Struct, frozen=True, forbid_unknown_fields=True):
    """Who paid.

    Args:
        funder: the institution.
        grant: the number of the grant.
    """

    funder: str = ""
    grant: str = ""


class Extent(Struct, frozen=True):
    """What the study itself says of its size.

    Args:
        cases: how many cases.
        sources: in words: ``10 texts, 1 picture``.
        codes, codings: how many.
        coders: how many people coded.
        files: how many files the package has.
        size: bytes of all files.
    """

    cases: int = 0
    sources: str = ""
    codes: int = 0
    codings: int = 0
    coders: int = 0
    files: int = 0
    size: int = 0


class Answers(Struct, frozen=True, forbid_unknown_fields=True):
    """All that ``study.toml`` asks; every answer may be empty.

    Dates are ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; languages are those of ISO 639, such as ``en`` or ``cy``.
    """

    title: str = ""
    subtitle: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    version: str = ""
    publisher: str = ""
    publication_year: str = ""
    doi: str = ""
    collected_from: str = ""
    collected_until: str = ""
    country: str = ""
    place: str = ""
    population: str = ""
    unit: str = ""
    sampling: str = ""
    collection: str = ""
    setting: str = ""
    coding: str = ""
    ethics: str = ""
    consent: str = ""
    anonymisation: str = ""
    access: str = ""
    licence: str = ""
    embargo_until: str = ""
    contact: str = ""
    citation: str = ""
    related: tuple[str, ...] = ()
    people: tuple[Person, ...] = field(default=())
    funding: tuple[Funding, ...] = field(default=())

    def named_people(self) -> list[Person]:
        """Return those people who have a name."""
        return [person for person in self.people if person.name.strip()]

    def named_funding(self) -> list[Funding]:
        """Return those who paid and have a name."""
        return [each for each in self.funding if each.funder.strip()]


_NEEDED = {
    "title": "the title",
    "abstract": "an abstract",
    "keywords": "keywords",
    "languages": "the languages spoken in it",
    "publisher": "the archive that publishes it",
    "publication_year": "the year of publication",
    "collected_from": "when collecting began",
    "collected_until": "when collecting ended",
    "country": "the country",
    "population": "whom it is about",
    "sampling": "how participants were chosen",
    "collection": "how it was collected",
    "ethics": "which committee approved it",
    "consent": "what participants consented to",
    "anonymisation": "how it was anonymised",
    "access": "who may have access",
    "licence": "the licence",
    "contact": "whom to ask",
}
"""The answers without which archives send a deposit back, in the order of the form."""


def read_answers(path: Path) -> Answers:
    """Read ``study.toml``.

    Raises:
        NotFound: there is no such file.
        CannotRead: it is no TOML, or asks or answers something else; the message says where.
        TooLarge: it is far too large for a form.
    """
    found = readable(path)
    if found.stat().st_size > _LARGEST:
        raise TooLarge("This is too large for a form with answers.", where=str(path), todo="Name the study.toml.")
    try:
        # utf-8-sig: Windows' editor puts a byte order mark before it.
        words = found.read_bytes().decode("utf-8-sig")
        if any(line.count(".") > _MANY_DOTS for line in words.split("\n")):
            raise CannotRead(
                f"A line of the form has more than {_MANY_DOTS} points.",
                where=str(path),
                todo="Break long answers into lines, between three quotation marks.",
            )
        tables = _as_text(tomllib.loads(words))
    except UnicodeDecodeError:
        raise CannotRead(
            "The form is not in UTF-8.", where=str(path), todo="Save it as UTF-8 in a text editor."
        ) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CannotRead(
            f"The form cannot be read: {_first_line(error)}.",
            where=str(path),
            todo="Every answer stands in quotation marks, on the line of its question.",
        ) from None
    try:
        return msgspec.convert(tables, Answers)
    except msgspec.ValidationError as error:
        raise CannotRead(
            f"An answer is not as the form asks for it: {_first_line(error)}.",
            where=str(path),
            todo=_ANEW,
        ) from None


def unanswered(answers: Answers) -> list[str]:
    """Return what archives need to know and the answers do not say, in words: ``an abstract``, ``the licence``."""
    found = [asked for name, asked in _NEEDED.items() if not _said(getattr(answers, name))]
    if not answers.named_people():
        found.append("who made it")
    if not answers.named_funding():
        found.append("who paid for it")
    return found


def findings_on(answers: Answers) -> list[Finding]:
    """Return what is to be said of the answers: which are missing, and which cannot be understood."""
    found = []
    if lacking := unanswered(answers):
        found.append(
            Finding(
                "METADATA-MISSING",
                "note",
                f"The archive will ask what nobody has answered yet: {', '.join(lacking)}.",
                "study.toml",
                "Write the form with --init, answer it, and archive again with --about study.toml.",
                count=len(lacking),
            )
        )
    found += [
        _odd(
            "people.orcid",
            "An ORCID has sixteen digits in groups of four, and the last proves the others; this one was left out.",
            person.orcid,
        )
        for person in answers.named_people()
        if person.orcid.strip() and not person.orcid_address()
    ]
    for name in ("collected_from", "collected_until", "publication_year", "embargo_until"):
        value = getattr(answers, name).strip()
        if value and not is_date(value):
            sentence = "A date is not YYYY, YYYY-MM or YYYY-MM-DD, or no such day; it is written as it stands."
            found.append(_odd(name, sentence, value))
    found += [
        _odd("languages", "A language is not as in ISO 639, such as en or cy; it is written as it stands.", language)
        for language in answers.languages
        if language.strip() and not _LANGUAGE.fullmatch(language.strip())
    ]
    return found


def is_date(text: str) -> bool:
    """Tell whether a text is a date as the form asks for it, and there is such a day."""
    text = text.strip()
    if _DATE.fullmatch(text) is None:
        return False
    try:
        date(*(int(part) for part in (text + "-01-01").split("-")[:3]))
    except ValueError:
        return False
    return True


def _adds_up(orcid: str) -> bool:
    """Tell whether the last digit of an ORCID is the one that the others ask for (ISO 7064, MOD 11-2)."""
    digits = orcid.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == digits[-1]


def _said(answer: object) -> bool:
    if isinstance(answer, str):
        return bool(answer.strip())
    return isinstance(answer, tuple) and any(isinstance(each, str) and each.strip() for each in answer)


def _odd(name: str, sentence: str, value: str) -> Finding:
    return Finding("METADATA-ODD", "warning", sentence, f"study.toml: {name} = {value!r}")


def _as_text(value: object) -> object:
    """Return TOML's values as the form has them: dates and numbers are text."""
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    return value if isinstance(value, str) else str(value)


def _first_line(error: Exception) -> str:
    told = str(error).splitlines()
    return (told[0] if told else type(error).__name__).rstrip(".")
