"""Many quotes of which it is known where they stand: nearly all are found there, and none at a wrong place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.talk import Talk
from qdabridge.study.locating import Located, Wanted, locate, locate_all

Truth = tuple[str, int, int]

FOUND = 0.99
seeds = st.integers(0, 10**6)


def interviews(talk: Talk, count: int, length: int = 20_000) -> dict[str, str]:
    return {f"I{number}": talk.text(length) for number in range(count)}


def passages(talk: Talk, texts: dict[str, str], of_each: int, **words: int) -> list[Truth]:
    return [(name, *talk.passage(text, **words)) for name, text in texts.items() for _ in range(of_each)]


def judged(truth: Truth, located: Located) -> str:
    """Return what came of a quote: found where it stands, beside it, elsewhere, several with it among them, none."""
    name, start, end = truth
    if located.place is not None:
        place = located.place
        if (place.text, place.start, place.end) == truth:
            return "right"
        return "beside" if place.text == name and place.start < end and place.end > start else "wrong"
    if not located.candidates:
        return "none"
    there = any(one.text == name and one.start < end and one.end > start for one in located.candidates)
    return "several" if there else "wrong"


def outcome(
    texts: dict[str, str], truth: list[Truth], change: Callable[[str], str], *, known: bool = True
) -> Counter[str]:
    wanted = [Wanted(change(texts[name][start:end]), name if known else None) for name, start, end in truth]
    return Counter(judged(of, found) for of, found in zip(truth, locate_all(wanted, texts), strict=True))


# --- the same words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_of_quotes_with_other_signs_99_percent_are_found_and_none_in_a_wrong_place(seed: int, known: bool) -> None:
    talk = Talk(seed)
    texts = interviews(talk, 10)
    truth = passages(talk, texts, 50)
    came = outcome(texts, truth, talk.changed, known=known)
    assert came["right"] >= FOUND * len(truth)
    assert set(came) <= {"right", "several"}


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_whatever_the_words_are_a_quote_with_other_signs_is_in_its_place_or_among_the_candidates(seed: int) -> None:
    talk = Talk(seed)
    texts = interviews(talk, 2, 4_000)
    assert set(outcome(texts, passages(talk, texts, 15, least=2), talk.changed)) <= {"right", "several"}


def test_quotes_as_they_stand_are_all_found() -> None:
    talk = Talk(17)
    texts = interviews(talk, 10)
    truth = passages(talk, texts, 50)
    assert outcome(texts, truth, str) == {"right": len(truth)}


def test_of_passages_that_differ_in_one_word_the_right_one_is_taken_or_all_are_said() -> None:
    """People answer alike, and guides are read out: each paragraph stands there three times, with one word changed."""
    talk = Talk(19)
    texts = {name: near_copies(talk, text) for name, text in interviews(talk, 6, 8_000).items()}
    truth = passages(talk, texts, 60, least=8)
    came = outcome(texts, truth, talk.changed)
    assert set(came) <= {"right", "several"}
    assert min(came["right"], came["several"]) > 20


def near_copies(talk: Talk, text: str) -> str:
    paragraphs = []
    for paragraph in text.split("\n"):
        for _ in range(3):
            words = paragraph.split(" ")
            words[talk.choose.randrange(len(words))] = talk.choose.choice(talk.vocabulary)
            paragraphs.append(" ".join(words))
    talk.choose.shuffle(paragraphs)
    return "\n".join(paragraphs)


# --- other words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False])
def test_quotes_with_a_word_changed_are_mostly_found_and_none_in_a_wrong_place(known: bool) -> None:
    talk = Talk(23)
    texts = interviews(talk, 6)
    truth = passages(talk, texts, 50, least=10)
    came = outcome(texts, truth, talk.with_other_words, known=known)
    assert not came["wrong"]
    assert came["right"] + came["beside"] >= 0.9 * len(truth)


def test_among_near_copies_a_quote_with_a_word_changed_has_no_wrong_place() -> None:
    """Unless the word is the one that tells them apart; which no program can see, and which this seed has not."""
    talk = Talk(29)
    texts = {name: near_copies(talk, text) for name, text in interviews(talk, 4, 8_000).items()}
    assert not outcome(texts, passages(talk, texts, 50, least=8), talk.with_other_words)["wrong"]


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_a_quote_with_other_words_lies_in_its_passage_or_nowhere(seed: int) -> None:
    talk = Talk(seed)
    texts = interviews(talk, 1, 4_000)
    assert not outcome(texts, passages(talk, texts, 8), talk.with_other_words)["wrong"]


def test_quotes_with_their_middle_left_out_reach_from_their_first_word_to_their_last() -> None:
    talk = Talk(31)
    texts = interviews(talk, 6)
    truth = passages(talk, texts, 50, least=12)
    came = outcome(texts, truth, talk.with_words_left_out)
    assert set(came) <= {"right", "several", "none"}
    assert came["right"] >= 0.95 * len(truth)


@pytest.mark.parametrize("change", [Talk.changed, Talk.with_other_words, Talk.with_words_left_out])
def test_what_nobody_said_has_no_place(change: Callable[[Talk, str], str]) -> None:
    talk = Talk(37)
    texts, others = interviews(talk, 4), interviews(talk, 4)
    for name, start, end in passages(talk, others, 25):
        assert locate(change(talk, others[name][start:end]), texts[name]) == Located()


def test_a_pause_of_the_speaker_is_not_taken_for_words_left_out() -> None:
    said = "I waited at the door… nobody came to open it for me, not for an hour or more."
    other = "I waited at the door… nobody ever came. Well. " + "It was cold and I was on my own there. " * 12
    text = f"{other}\n{said}\n"
    located = locate(said.replace("door…", "door… well…"), text)
    assert located.place is not None
    assert text[located.place.start : located.place.end] == said
    assert located.place.how == "similar"


def test_where_the_last_words_come_again_nothing_tells_up_to_which_it_was_quoted() -> None:
    text = "I waited at the door for long and rang the bell, and nobody came. I called, and rang the bell, twice."
    assert len(locate("I waited at the door … and rang the bell", text).candidates) == 2
    assert locate("I waited at the door … and rang the bell, twice", text).place is not None
