"""What another library says of our files is held against what we wrote; nothing but the listed exceptions passes."""

from __future__ import annotations

from collections import Counter

import pytest

from interop.comparing import Quote, Written, differences_in
from qdabridge.formats.refi.profile import Profile

SOUP = Quote("I bring soup 🍲", "Gains/Company", "Rosa Kern")
LINES = Quote("letter.\nI: And", "Strains", "Jakub Bird")
PLAIN = Profile(name="plain", title="a tool")


def written(*quotes: Quote, **more) -> Written:
    nothing = {"in_transcripts": Counter(), "unsigned": Counter(), "cases": frozenset(), "case_codes": frozenset()}
    return Written(Counter(quotes), **(nothing | more))


def said(*quotes: Quote, guid: str = "C") -> list[dict[str, str]]:
    return [{**quote._asdict(), "guid": guid} for quote in quotes]


def test_the_same_quotes_in_any_order_and_with_any_line_ends_agree() -> None:
    windows = LINES._replace(words="letter.\r\nI: And")
    assert differences_in(written(SOUP, LINES), said(windows, SOUP), PLAIN, "pyrefiqda", True) == []


@pytest.mark.parametrize("field", Quote._fields)
def test_any_other_word_code_or_coder_is_told(field: str) -> None:
    other = SOUP._replace(**{field: "other"})
    told = differences_in(written(SOUP), said(other), PLAIN, "pyrefiqda", True)
    assert [each.partition(":")[0] for each in told] == ["not found", "only found"]


def test_a_quote_that_is_there_once_instead_of_twice_is_told() -> None:
    assert differences_in(written(SOUP, SOUP), said(SOUP), PLAIN, "qdaPy", True) != []
    assert differences_in(written(SOUP), said(SOUP, SOUP), PLAIN, "qdaPy", True) != []


def test_where_a_reader_cannot_tell_words_codes_and_coders_still_count() -> None:
    without = SOUP._replace(words="")
    assert differences_in(written(SOUP), said(without), PLAIN, "qdaPy", False) == []
    assert differences_in(written(SOUP), said(without._replace(coder="")), PLAIN, "qdaPy", False) != []


def test_only_a_coder_who_stands_at_the_selection_alone_may_be_unknown_to_qdapy() -> None:
    unsigned = written(SOUP, LINES, unsigned=Counter([SOUP]))
    assert differences_in(unsigned, said(SOUP._replace(coder=""), LINES), PLAIN, "qdaPy", True) == []
    assert differences_in(unsigned, said(SOUP._replace(coder="Eve"), LINES), PLAIN, "qdaPy", True) != []
    assert differences_in(unsigned, said(SOUP, LINES._replace(coder="")), PLAIN, "qdaPy", True) != []
    assert differences_in(unsigned, said(SOUP._replace(coder=""), LINES), PLAIN, "pyrefiqda", True) != []


def test_somebody_may_be_named_only_for_nobody_and_only_where_the_tool_needs_it() -> None:
    nobody, needs = SOUP._replace(coder=""), Profile(name="p", title="a tool", complete_dates=True)
    assert differences_in(written(nobody), said(SOUP), needs, "pyrefiqda", True) == []
    assert differences_in(written(nobody), said(SOUP), PLAIN, "pyrefiqda", True) != []
    assert differences_in(written(SOUP), said(SOUP._replace(coder="Eve")), needs, "pyrefiqda", True) != []


def test_codes_that_are_cases_are_left_out_and_others_are_not() -> None:
    whole = Quote("all of it", "Cases/Owen", "Rosa Kern")
    with_cases = written(SOUP, cases=frozenset({"owen"}))
    assert differences_in(with_cases, said(SOUP) + said(whole, guid="{OWEN}"), PLAIN, "qdaPy", True) == []
    assert differences_in(with_cases, said(SOUP) + said(whole, guid="X"), PLAIN, "qdaPy", True) != []
