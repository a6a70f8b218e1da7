"""POS-RANGE, POS-SWAP, POS-EMPTY, NAME-MISMATCH, NOTE-SOURCE-ANCHOR, TEXT-ENCODING: passages of texts.

One walk finds them all: each text is read once, and a passage that is right costs a few comparisons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from qdabridge.checks.inventory import Inventory, called, texts_with_owner
from qdabridge.checks.rules.rule import Rule
from qdabridge.checks.rules.texts import is_marked
from qdabridge.errors import CannotRead, TooLarge
from qdabridge.findings import Finding
from qdabridge.formats.refi.detection import TELLING_BEGINNING, is_quote, named_after
from qdabridge.study import walk
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import AnyText, Element, PlainTextSelection, Project, Source, TextDocument, Transcript
from qdabridge.study.study import Study

HINT = "Look at the source in the program it comes from, and mark the passage again."

_NAMES_LOOKED_AT = 50
_MOST = 0.7
"""Which part of the names has to be what is marked before the others are believed to be meant so too."""


def misplaced(study: Study, _: Inventory) -> Iterator[Finding]:
    """Find passages that mark nothing, or not what was meant, and marked texts that cannot be read."""
    uncounted = frozenset(study.form.uncounted if study.form else ())
    look = Lookup(study)
    named = _named_after_their_words(study)
    for text, owner in texts_with_owner(study.project):
        if not is_marked(text):
            continue
        words: str | None = None
        if text.guid not in uncounted:
            try:
                words = study.text_of(text)
            except CannotRead as error:
                yield _not_readable(text, owner, error)
        if isinstance(text, Transcript):
            yield from _points(text, words, owner)
        else:
            yield from _passages(text, words, owner, look, named=named)


def _passages(text: TextDocument, words: str | None, owner: Source, look: Lookup, *, named: bool) -> Iterator[Finding]:
    anchors = look.anchors
    length = None if words is None else len(words)
    for passage in text.plain_text_selections:
        if anchors and id(passage) in anchors:
            source, counted = anchors[id(passage)]
            yield _anchored(passage, owner, source)
            there = look.text(counted)
            yield from _passage(passage, owner, None if there is None else len(there))
        elif not 0 <= passage.start_position < passage.end_position or (
            length is not None and passage.end_position > length
        ):
            yield from _passage(passage, owner, length)
        elif named and words is not None and (name := passage.name):
            # Most names are literally what is marked, or its beginning, which is seen at a glance.
            fits = TELLING_BEGINNING <= len(name) <= passage.end_position - passage.start_position
            if not (fits and words.startswith(name, passage.start_position)) and not _says_its_name(passage, words):
                yield _misnamed(passage, owner)


def _passage(passage: PlainTextSelection, owner: Source, length: int | None) -> Iterator[Finding]:
    start, end = passage.start_position, passage.end_position
    span = f"{start}–{end}"
    if min(start, end) < 0:
        yield outside("A passage of text begins before its text.", passage, owner, span, length)
    elif length is not None and max(start, end) > length:
        yield outside("A passage of text reaches beyond its text.", passage, owner, span, length)
    elif start > end:
        yield swapped("A passage of text ends before it begins.", passage, owner, span)
    elif start == end:
        yield empty("A passage of text has no length, so that it marks nothing.", passage, owner, span)


def _points(transcript: Transcript, words: str | None, owner: Source) -> Iterator[Finding]:
    for point in transcript.sync_points:
        position = point.position
        if position is not None and (position < 0 or (words is not None and position > len(words))):
            message = "A sync point lies beyond its transcript."
            length = None if words is None else len(words)
            yield outside(message, point, owner, f"position {position}", length)


# --- names that are what is marked ------------------------------------------------------------------------------------


def _named_after_their_words(study: Study) -> bool:
    """Tell whether selections are named after the words they mark, as some programs do; in others names are free."""
    fitting = list(islice(_names(study), _NAMES_LOOKED_AT))
    return len(fitting) > 1 and sum(fitting) >= _MOST * len(fitting)


def _names(study: Study) -> Iterator[bool]:
    """Tell of each name that may be a quotation whether it is one."""
    for text in _named(study.project):
        try:
            words = study.text_of(text)
        except CannotRead:
            continue
        for passage in text.plain_text_selections if words is not None else ():
            if words is not None and is_quote(passage.name):
                yield _says_its_name(passage, words)


def _named(project: Project) -> Iterable[TextDocument]:
    for source in project.sources or ():
        for text in walk.texts_of(source):
            if isinstance(text, TextDocument) and any(passage.name for passage in text.plain_text_selections):
                yield text


def _says_its_name(passage: PlainTextSelection, words: str) -> bool:
    name = passage.name
    return not name or not is_quote(name) or named_after(name, words, passage.start_position, passage.end_position) > 0


# --- findings ---------------------------------------------------------------------------------------------------------


def swapped(message: str, element: Element, owner: Source, span: str) -> Finding:
    """Say of something that it ends before it begins."""
    hint = "qdabridge repair exchanges beginning and end; look whether that is what was meant."
    return Finding("POS-SWAP", "error", message, where=f"{called(element, owner)}, {span}", hint=hint)


def empty(message: str, element: Element, owner: Source, span: str) -> Finding:
    """Say of something that it has no extent."""
    return Finding("POS-EMPTY", "warning", message, where=f"{called(element, owner)}, {span}", hint=HINT)


def outside(message: str, element: Element, owner: Source, span: str, length: int | None = None) -> Finding:
    """Say of something that it lies outside of what it is in, which may be known to have a length."""
    of = "" if length is None else f" of {length}"
    return Finding("POS-RANGE", "error", message, where=f"{called(element, owner)}, {span}{of}", hint=HINT)


def _misnamed(passage: PlainTextSelection, owner: Source) -> Finding:
    return Finding(
        "NAME-MISMATCH",
        "warning",
        "A passage does not say what it is named after, though the passages of this study are named after their words.",
        where=f"{called(passage, owner)}, {passage.start_position}–{passage.end_position}",
        hint="Look at the passage in the program it comes from: either it was renamed, or it marks the wrong words.",
    )


def _anchored(passage: PlainTextSelection, owner: Source, source: Source) -> Finding:
    return Finding(
        "NOTE-SOURCE-ANCHOR",
        "note",
        "A selection in a note counts the text of the source that refers to the note; it is read as a remark there.",
        where=f"{called(passage, owner)}, about {called(source)}",
        hint="The standard has it count the note; programs that read it so show it in the wrong place.",
        kind="mended",
    )


def _not_readable(text: AnyText, owner: Source, error: CannotRead) -> Finding:
    if isinstance(error, TooLarge):
        return Finding(
            "TEXT-LIMIT",
            "error",
            "A text is larger than texts are read, so that nothing in it was looked at.",
            where=f"{called(text, owner)}: {error.what}",
            hint=error.todo,
        )
    return Finding(
        "TEXT-ENCODING",
        "error",
        "The text of a source or note cannot be read, nor what is coded in it.",
        where=f"{called(text, owner)}: {error.what}",
        hint=error.todo,
    )


RULES = (
    Rule(
        code="TEXT-ENCODING",
        severity="error",
        section="REFI-QDA 1.5, 9.1.2",
        title="a text is not UTF-8",
        about="""\
The encoding of a plain text must be UTF-8. An error where something is marked in a text that is not: neither it nor
what is coded in it can be read. A warning where nothing is marked. ATLAS.ti is said to write transcripts so. Save it
as UTF-8 under its name.""",
        find=misplaced,
    ),
    Rule(
        code="POS-RANGE",
        severity="error",
        section="REFI-QDA 1.5, 10.2 and 10.4",
        title="a passage or stretch lies outside its text or recording",
        about="""\
A passage reaches beyond its text or begins before its first character (which has the number 0), a sync point lies
beyond its transcript or before its recording, a stretch of sound or film begins before its recording. Positions are
those of the model: characters (code points), whatever the program counted. Programs quote less than was marked,
nothing, or stop reading the file. Often the text is another one than was coded.""",
        find=misplaced,
    ),
    Rule(
        code="POS-SWAP",
        severity="error",
        section="REFI-QDA 1.5, 3.12, 10.2 and 10.4",
        title="a passage or stretch ends before it begins",
        about="""\
A selection is defined by the first and the last character, or by the position where it starts and where it ends; this
one ends before it begins: in a text, a transcript, a recording or film. Most programs show nothing there.""",
        mended="Beginning and end are exchanged.",
        find=misplaced,
    ),
    Rule(
        code="POS-EMPTY",
        severity="warning",
        section="REFI-QDA 1.5, 3.12",
        title="a selection has no extent",
        about="""\
A selection is an identified part of a source; this one begins where it ends: no character, no time, no area. It may
be meant as a point, and some programs drop it with its codings.""",
        find=misplaced,
    ),
    Rule(
        code="NAME-MISMATCH",
        severity="warning",
        section="ATLAS.ti, QualCoder: selections are named after their words",
        title="a selection does not say what it is named after",
        about="""\
Some programs name a selection after the words it marks. Where most of a study's names are such quotations (names that
are only positions, and names cut short with …, are understood), one that is not means that somebody renamed the
selection, or that it marks other words than were coded. Where the words are found once nearby, the selection was
moved there while reading, see `NAME-REANCHOR`.""",
        find=misplaced,
    ),
    Rule(
        code="NOTE-SOURCE-ANCHOR",
        severity="note",
        section="REFI-QDA 1.5, 10.2; QualCoder and Quirkos count otherwise",
        title="a selection in a note counts the text of a source",
        about="""\
Mended while reading. A selection in a note counts the text of the source that refers to the note, as QualCoder and
Quirkos have it. It is read as a remark on that passage, see [what is what](meaning.md); other programs look for it in
the note.""",
        mended="The note is tied to a selection in the source itself.",
        find=misplaced,
    ),
)
