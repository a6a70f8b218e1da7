"""What two programs say is coded in one file, compared: what is only in one of the two, but for what may differ.

Knows nothing of files; what may differ is listed in README.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from qdabridge.formats.refi.profile import Profile
from qdabridge.study.model import same_guid

SHOWN = 5
"""How many differences are told of one file."""


class Quote(NamedTuple):
    """A coded passage: its words with line ends as LF, the names of the code from the top, who coded."""

    words: str
    code: str
    coder: str


class Written(NamedTuple):
    """What was written.

    Args:
        quotes: the coded passages of text sources.
        in_transcripts: the coded passages of transcripts, which some tools want as text sources too.
        unsigned: the passages where the coder is told by the selection and not by the coding.
        cases: GUIDs of the cases in the file, since some tools want cases among the codes, with the same GUIDs.
        case_codes: what codes that were cases before are called; where GUIDs may be given once only, they got others.
    """

    quotes: Counter[Quote]
    in_transcripts: Counter[Quote]
    unsigned: Counter[Quote]
    cases: frozenset[str]
    case_codes: frozenset[str]


Said: TypeAlias = list[dict[str, str]]
"""What a reader says is coded in one file (see ``readers``)."""


def differences_in(written: Written, said: Said, profile: Profile, reader: str, with_words: bool) -> list[str]:
    """Say in words what is in only one of the two.

    Args:
        written: what we wrote.
        said: what the reader says is there.
        profile: for which tool it was written.
        reader: who says so, by the name that ``readers`` has.
        with_words: whether the reader can tell the words, given how the tool counts.
    """
    theirs = Counter(
        Quote(folded(quote["words"]), quote["code"], quote["coder"])
        for quote in said
        if same_guid(quote["guid"]) not in written.cases and quote["code"] not in written.case_codes
    )
    if not with_words:
        written = Written(
            _without_words(written.quotes),
            _without_words(written.in_transcripts),
            _without_words(written.unsigned),
            written.cases,
            written.case_codes,
        )
        theirs = _without_words(theirs)
    missing, more = written.quotes - theirs, theirs - written.quotes
    if profile.transcripts_as_sources:
        more -= written.in_transcripts
    if reader == "qdaPy":
        _settle(missing & written.unsigned, missing, more, lambda other: other.coder == "")
    if profile.complete_dates:
        nobodys = Counter({quote: count for quote, count in missing.items() if not quote.coder})
        _settle(nobodys, missing, more, lambda other: True)
    lines = [f"not found: {_shown(quote)}" for quote in missing.elements()]
    lines += [f"only found: {_shown(quote)}" for quote in more.elements()]
    return lines[:SHOWN] + ([f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else [])


def folded(words: str) -> str:
    """Return words with the line ends of Windows as LF."""
    return words.replace("\r\n", "\n")


def _settle(
    some: Counter[Quote], missing: Counter[Quote], more: Counter[Quote], allowed: Callable[[Quote], bool]
) -> None:
    """Take away pairs that differ in the coder only, where that is allowed."""
    for quote in list(some.elements()):
        for other in more:
            if more[other] and other[:2] == quote[:2] and allowed(other):
                missing[quote] -= 1
                more[other] -= 1
                break


def _without_words(quotes: Counter[Quote]) -> Counter[Quote]:
    return Counter(quote._replace(words="") for quote in quotes.elements())


def _shown(quote: Quote) -> str:
    words = quote.words if len(quote.words) < 60 else quote.words[:60] + "…"
    return f"“{words}” {quote.code} ({quote.coder or 'nobody'})"
