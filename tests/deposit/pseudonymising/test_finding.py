from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdabridge.deposit.pseudonymising import Entry, Key, Matcher
from qdabridge.deposit.pseudonymising.writing_of_names import IGNORABLE
from qdabridge.study.replacing import Replacing


def matcher(*entries: Entry | tuple[str, str]) -> Matcher:
    return Matcher(Key(tuple(each if isinstance(each, Entry) else Entry(*each) for each in entries)))


MARGARET = ("Margaret", "Rose")
SMITH = ("Margaret Smith", "Rose Jones")
NAMES = matcher(
    MARGARET,
    SMITH,
    ("Cardiff", "[city]"),
    ("José", "Juan"),
    ("O'Brien", "Kelly"),
    ("James", "Felix"),
    ("Straße", "Weg"),
    ("İbrahim", "Ali"),
    ("Σωκράτης", "Πλάτων"),
    ("張偉", "李雷"),
    ("민수", "지훈"),
    ("Ада", "Ева"),
    ("Ada", "Eve"),
    ("0161 496 0123", "[telephone]"),
    ("Griffin", "Moss"),
    ("मारिया", "रीता"),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Margaret said.", "Rose said."),
        ("Margaret's son", "Rose's son"),
        ("Margaret’s son", "Rose’s son"),
        ("two Margarets", "two Roses"),
        ("the Jameses", "the Felixes"),
        ("MARGARET", "ROSE"),
        ("margaret", "Rose"),
        ("MARGARETS", "ROSES"),
        ("in CARDIFF", "in [CITY]"),
        ("Margaret Smith", "Rose Jones"),
        ("Margaret\nSmith", "Rose Jones"),
        ("Margaret \r\n  Smith", "Rose Jones"),
        ("Margaret   Smith", "Rose Jones"),
        ("Margaret\u00a0Smith", "Rose Jones"),
        ("Margaret.\n\nSmith", "Rose.\n\nSmith"),
        ("margaret.smith@example.org", "Rose Jones@example.org"),
        ("Jose\u0301 and José", "Juan and Juan"),
        ("JOSÉ", "JUAN"),
        ("Jose", "Jose"),
        ("O’Brien, O'BRIEN", "Kelly, KELLY"),
        ("STRASSE, strasse", "WEG, Weg"),
        ("İBRAHİM, ibrahim", "ALI, Ali"),
        ("I\u0307brahim, i\u0307brahim", "Ali, Ali"),
        ("Σωκράτης, ΣΩΚΡΆΤΗΣ, ΣΩΚΡΑΤΗΣ", "Πλάτων, ΠΛΆΤΩΝ, ΠΛΆΤΩΝ"),
        ("張偉說", "李雷說"),
        ("민수가", "지훈가"),
        ("Ада, АДА, Адам", "Ева, ЕВА, Адам"),
        ("मारिया और", "रीता और"),
        ("01_Margaret_2.txt Margaret01", "01_Rose_2.txt Rose01"),
        ("Margareta, Amargaret", "Margareta, Amargaret"),
        ("Adá Ada\u0301", "Adá Ada\u0301"),
        ("0161 496 0123, 0161 496 01234", "[telephone], 0161 496 01234"),
        ("Mar\u00adgaret Marga-\nret", "Rose Rose"),
        ("Griﬃn", "Moss"),
        ("1ada2b3c-1111-2222-3333-444455556666 Ada", "1ada2b3c-1111-2222-3333-444455556666 Eve"),
        ("", ""),
    ],
)
def test_a_name_is_found_however_it_is_written(before: str, after: str) -> None:
    assert NAMES.replaced(before).new == after
    assert NAMES.text(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("InterviewMargaret.mp3", "InterviewRose.mp3"),
        ("MargaretSmith2", "Rose Jones2"),
        ("C:/Users/MSmithMARGARET/x", "C:/Users/MSmithROSE/x"),
        ("NicoleMargareta", "NicoleMargareta"),
        ("margaret smith", "Rose Jones"),
    ],
)
def test_in_names_of_files_words_may_be_run_together(before: str, after: str) -> None:
    assert Replacing(before, [match[:3] for match in NAMES.found_in_name(before)]).new == after


def test_names_change_places_at_once() -> None:
    assert matcher(("Ann", "Bob"), ("Bob", "Ann")).text("Ann met Bob.") == "Bob met Ann."


def test_the_longest_of_names_that_overlap_is_taken_and_then_what_is_left() -> None:
    names = matcher(("New York", "[city]"), ("York University", "[university]"), ("New", "Old"))
    assert names.text("New York University") == "Old [university]"
    assert names.text("New York") == "[city]"


def test_a_name_that_stands_for_itself_protects_what_is_longer() -> None:
    names = matcher(("Rose", "Lily"), ("rose garden", "rose garden"))
    assert names.text("Rose in the rose garden") == "Lily in the rose garden"


def test_exactly_means_with_its_capitals_and_whole() -> None:
    names = matcher(Entry("Rose", "Lily", match="exact"))
    assert names.text("Rose, rose, ROSE, Roses, Rose's") == "Lily, rose, ROSE, Roses, Lily's"


def test_exactly_goes_before_word() -> None:
    names = matcher(("may", "[month]"), Entry("May", "Lily", match="exact"))
    assert names.text("May may") == "Lily [month]"


def test_a_regular_expression_may_name_its_groups() -> None:
    names = matcher(Entry(r"(?P<area>01\d{3}) \d{6}", r"\g<area> [number]", match="regex"))
    assert names.text("Call 01632 960001.") == "Call 01632 [number]."


def test_names_that_differ_in_accents_only_are_told_apart() -> None:
    names = matcher(("Jose", "Juan"), ("José", "Luis"))
    assert names.text("Jose, José, Jose\u0301") == "Juan, Luis, Luis"


def test_an_entry_of_a_scope_holds_only_there_and_goes_before_others() -> None:
    names = matcher(("Ana", "Rose"), Entry("Ana", "Lily", scope="02"))
    assert names.text("Ana") == "Rose"
    assert names.within("02").text("Ana") == "Lily"


def test_an_entry_of_a_scope_may_hold_in_passages_only() -> None:
    names = matcher(Entry("Ana", "Lily", scope="02"))
    found = names.found("Ana and Ana and Ana", {"02": [(6, 12)]})
    assert [(match.start, match.instead) for match in found] == [(8, "Lily")]


def test_what_is_replaced_is_counted_for_each_matcher() -> None:
    names = matcher(MARGARET)
    other = names.within()
    other.text("Margaret, MARGARET")
    assert other.counts == {Entry(*MARGARET): 2} and names.counts == {}


def test_a_thousand_names_are_found_in_a_megabyte_in_no_time() -> None:
    names = matcher(
        *((f"Name{chr(97 + n // 676)}{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}", "X") for n in range(1_000))
    )
    text = "Namely, nobody of that name was named. Namebcd came. " * 20_000
    begun = time.process_time()
    assert names.text(text).count("X") == 20_000
    assert time.process_time() - begun < 5


LETTERS = st.sampled_from("AaBbéÉe\u0301ßsſ ıİi'-\u00ad\n\r_1σς張ﬁфФ")
NAMES_OF_ANY_KIND = st.text(LETTERS | st.characters(exclude_categories=("Cs",)), min_size=1, max_size=5).filter(
    lambda name: any(char.isalnum() for char in name)
)
KEYS = st.dictionaries(NAMES_OF_ANY_KIND, st.text(LETTERS, max_size=5), min_size=1, max_size=6)
MATCHES = st.sampled_from(["word", "exact"])


@st.composite
def texts_with_names(draw: st.DrawFn) -> tuple[Matcher, str]:
    key = draw(KEYS)
    entries = [Entry(" ".join(find.split()), new, match=draw(MATCHES)) for find, new in key.items()]
    unique = {(unicodedata.normalize("NFC", each.find).casefold(), each.match): each for each in entries}
    written = st.sampled_from([each.find for each in entries]).flatmap(
        lambda name: st.sampled_from([name, name.upper(), name.lower(), name + "s", unicodedata.normalize("NFD", name)])
    )
    parts = draw(st.lists(written | st.text(LETTERS, max_size=4) | st.sampled_from([" ", "\n", ", "]), max_size=12))
    return matcher(*unique.values()), "".join(parts)


@given(texts_with_names())
def test_what_is_found_is_in_order_and_does_not_overlap(given_text: tuple[Matcher, str]) -> None:
    names, text = given_text
    found = names.found(text)
    edges = [edge for match in found for edge in (match.start, match.end)]
    assert edges == sorted(edges)
    assert all(0 <= match.start < match.end <= len(text) for match in found)


@given(texts_with_names(), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=6))
def test_any_quote_is_the_old_one_grown_with_its_names_replaced(
    given_text: tuple[Matcher, str], spans: list[tuple[int, int]]
) -> None:
    names, text = given_text
    replacing, found = names.replaced(text), names.found(text)
    for pair in spans:
        start, end = sorted(position % (len(text) + 1) for position in pair)
        first, last = replacing.grown(start, end)
        expected, at = "", first
        for match in found:
            if first <= match.start and match.end <= last and match.start < last:
                expected, at = expected + text[at : match.start] + match.instead, match.end
        assert replacing.new[slice(*replacing.span(start, end))] == expected + text[at:last]


@given(NAMES_OF_ANY_KIND, MATCHES)
def test_every_name_is_found_alone_and_among_other_words(name: str, match: str) -> None:
    find = " ".join(re.sub(f"[{IGNORABLE}]", "", name).split())
    names = matcher(Entry(find, "\u2603", match=match))
    for form in ("NFC", "NFD"):
        written = unicodedata.normalize(form, find)
        assert names.text(f"({written})") == "(\u2603)"


@pytest.mark.parametrize("order", [1, -1])
def test_of_names_that_end_in_another_way_the_longest_is_taken(order: int) -> None:
    names = matcher(*[("Bernard", "Hugh"), ("Bernard S.", "Hugh T."), ("Bernard 2", "Hugh 3"), ("Be", "Hu")][::order])
    assert names.text("Bernard, Bernard S. and Bernard 2; BERNARD S. be") == "Hugh, Hugh T. and Hugh 3; HUGH T. Hu"
