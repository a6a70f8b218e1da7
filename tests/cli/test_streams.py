"""What comes out of somebody's file is harmless on a terminal, and what is only for a person stays out of a pipe."""

from __future__ import annotations

import io
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdabridge.cli import streams

TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(st.characters()))
def test_nothing_invisible_is_left(text: str) -> None:
    shown = streams.shown(text)
    unseen = {char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")}
    turns = {char for char in shown if unicodedata.bidirectional(char) in TURNS}
    assert unseen == turns == set()
    shown.encode("utf-8")


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs", "M"))))
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert streams.shown(text) == text


def test_an_emoji_made_of_several_stays_whole() -> None:
    assert streams.shown("👩🏽‍⚕️ שלום") == "👩🏽‍⚕️ שלום"


def test_a_pipe_hears_nothing_of_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with streams.working("Reading study.qdpx …"):
        pass
    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_what_is_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with streams.working("Reading [bold]study[/bold].qdpx …"):
        pass
    assert "Reading [bold]study[/bold].qdpx" in terminal.getvalue()


@given(st.text(st.characters()), st.sampled_from(["ascii", "latin-1", "cp1252", "cp437", "utf-8"]))
def test_every_text_can_be_printed_in_every_encoding(text: str, encoding: str) -> None:
    streams.tolerate_any_encoding()
    printed = text.encode(encoding, "qdabridge.plainly").decode(encoding)
    assert len(printed) >= len(text)
