"""Quotes are found where they are, or said to be in several places or none, and never put in a wrong one."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.talk import Talk
from qdabridge.study.bare_text import BareText, bare, words
from qdabridge.study.locating import NOT_FOUND, Located, Place, Wanted, locate, locate_all

TEXT = (
    "I: How long did you wait?\n"
    "A: Well… I waited – and I’m not joking – “six weeks” for a letter 😀.\r\n"
    "A: Nobody rang me. Nobody rang me, ever, and the café was closed.\n"
    "I: And then? What did you do in the time until the letter came?\n"
)


def found(quote: str, **more: tuple[int, int]) -> str | None:
    place = locate(quote, TEXT, **more).place
    return None if place is None else TEXT[place.start : place.end]


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("How long did you wait?", "How long did you wait?"),
        ("six weeks", "six weeks"),
        ("  six weeks\n", "six weeks"),
        ('"six weeks" for a letter', "“six weeks” for a letter"),
        ("«six weeks»", "“six weeks”"),
        ('I waited - and I\'m not joking -- "six  weeks"', "I waited – and I’m not joking – “six weeks”"),
        ("Well... I waited", "Well… I waited"),
        ("WELL I WAITED", "Well… I waited"),
        ("a letter 😀. A: Nobody rang me.", "a letter 😀.\r\nA: Nobody rang me."),
        ("the cafe\u0301 was closed.", "the café was closed."),
        ("I'm not joking … for a letter", "I’m not joking – “six weeks” for a letter"),
        ("How long did […] not joking", "How long did you wait?\nA: Well… I waited – and I’m not joking"),
        ("😀", "😀"),
    ],
)
def test_a_quote_is_found_whatever_became_of_its_signs(quote: str, passage: str) -> None:
    assert found(quote) == passage


def test_small_differences_are_found_by_likeness_and_say_so() -> None:
    quote = "What did you do in all the time until the letters came?"
    place = locate(quote, TEXT).place
    assert place is not None
    assert place.how == "similar"
    assert 90 <= place.likeness < 100
    assert TEXT[place.start : place.end] == "What did you do in the time until the letter came?"


@pytest.mark.parametrize("quote", ["", "   ", "…", "She never waited.", "rang you", "[…]", "Wel … jok"])
def test_what_is_not_there_is_not_found(quote: str) -> None:
    assert locate(quote, TEXT.replace("…", "")) == NOT_FOUND


def test_part_of_a_word_is_found_only_as_it_stands() -> None:
    assert found("ix week") == "ix week"
    assert found("IX-WEEK") is None


def test_a_quote_in_two_places_has_two_candidates_and_no_place() -> None:
    located = locate("Nobody rang me", TEXT)
    first = TEXT.index("Nobody")
    second = TEXT.index("Nobody", first + 1)
    assert located == Located(None, (Place("", first, first + 14), Place("", second, second + 14)))


def test_the_paragraph_chooses_among_several_places() -> None:
    text = "I waited.\nI waited.\r\nI waited."
    assert locate("I waited.", text, (2, 2)).place == Place("", 10, 19)
    assert locate("I waited.", text, (3, 3)).place == Place("", 21, 30)
    assert locate("I waited.", text, (2, 3)).place is None
    assert locate("I waited.", text, (9, 9)).place is None


def test_a_whole_word_goes_before_a_part_of_one() -> None:
    assert locate("art", "The start of art.").place == Place("", 13, 16)


def test_two_passages_equally_like_a_quote_are_candidates() -> None:
    text = "She waited a very long time for one letter.\nShe waited a very long time for two letters."
    located = locate("She waited a very long time for the letter", text)
    assert located.place is None
    assert len(located.candidates) == 2


def test_without_a_source_every_text_is_looked_at() -> None:
    texts = {"Ana": "I waited six weeks for it.", "Bo": "I waited two weeks for it.", "Cy": "Never."}
    wanted = [Wanted("two  weeks"), Wanted("I waited"), Wanted("weeks", "Ana"), Wanted("never"), Wanted("nothing here")]
    located = locate_all(wanted, texts)
    assert located[0].place == Place("Bo", 9, 18, "same words")
    assert [place.text for place in located[1].candidates] == ["Ana", "Bo"]
    assert located[2].place == Place("Ana", 13, 18)
    assert located[3].place == Place("Cy", 0, 5, "same words")
    assert located[4] == NOT_FOUND


def test_a_source_that_is_not_there_is_no_error() -> None:
    assert locate_all([Wanted("I waited", "Dee")], {"Ana": "I waited"}) == [NOT_FOUND]


@given(st.text(), st.data())
@example("ﬁﬁ Straße İ ²", None)
def test_every_stretch_of_letters_stands_where_it_says(text: str, data: st.DataObject | None) -> None:
    made = BareText(text)
    assert made.text == bare(text)
    if not made.text or data is None:
        return
    start = data.draw(st.integers(0, len(made.text) - 1))
    end = data.draw(st.integers(start + 1, len(made.text)))
    first, last = made.span(start, end)
    assert made.text[start:end] in bare(text[first:last])


@given(st.text(st.characters(blacklist_categories=("Cs",)), min_size=1), st.text(), st.text())
def test_what_is_found_has_the_same_words(quote: str, before: str, after: str) -> None:
    text = f"{before} {quote} {after}"
    located = locate(quote, text)
    for place in (located.place, *located.candidates):
        if place is not None and place.how in ("exact", "same words"):
            assert bare(text[place.start : place.end]) == bare(quote)


# --- many texts -------------------------------------------------------------------------------------------------------


class _Counted(Mapping[str, str]):
    """Texts that are made when they are asked for, and counts how often."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts
        self.read = 0

    def __getitem__(self, name: str) -> str:
        self.read += 1
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def test_texts_are_read_once_where_the_quotes_stand_in_them() -> None:
    texts = _Counted({"Ana": "I waited.", "Bo": "I did not.", "Cy": "Nor I."})
    locate_all([Wanted("waited", "Ana"), Wanted("did", "Bo"), Wanted("not", "Bo")], texts)
    assert texts.read == 2


def test_many_quotes_in_many_texts_are_located_in_seconds_and_little_memory() -> None:
    talk = Talk(5)
    a_text = talk.text(60_000)
    texts = {f"I{number}": f"{number} {a_text}" for number in range(20)}
    spans = [talk.passage(a_text) for _ in range(400)]
    wanted = [Wanted(talk.changed(a_text[start:end]), f"I{n % 20}") for n, (start, end) in enumerate(spans)]
    tracemalloc.start()
    began = time.perf_counter()
    located = locate_all(wanted, texts)
    took = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(each.place is not None for each in located) >= 0.98 * len(wanted)
    assert took < 20
    assert peak < 60_000_000


def test_words_have_no_signs_in_them() -> None:
    assert words("“Cafe\u0301s” – ﬁne!") == ["cafes", "fine"]
