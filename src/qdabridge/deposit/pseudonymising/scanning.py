"""Proposes a key: what in a study may name somebody, each with how often it stands there and a line around it.

Names are found by their capitals: words that are written with one where no sentence begins, and hardly ever without.
Where spaCy and one of its models are installed, what the model takes for a person or a place is proposed too; nothing
is ever fetched.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from qdabridge.deposit.pseudonymising.key import COLUMNS, Kind
from qdabridge.deposit.pseudonymising.patterns import hits
from qdabridge.deposit.pseudonymising.saying import BEYOND, MARKS, Said, sayings
from qdabridge.errors import CannotRead
from qdabridge.formats.exports.table_file import write_table
from qdabridge.study.study import Study

HEADINGS = (*COLUMNS, "looks like", "count", "context")

_AROUND = 30
_WORDS = r"[^\W\d_][\w'’-]*"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_NAME = re.compile(
    rf"(?<![\w'’-])({_CAPITAL}(?: (?:of|de|van|von|der|y|ap|ab|ferch) {_CAPITAL}| [A-ZÀ-ÖØ-Þ][\w’'-]+)*)"
)
_WORD = re.compile(_WORDS)
_SENTENCE_ENDS = re.compile(r"(?:^|[.!?:;\n\r“\"()\[\]–—…-]|^\s*\w{1,12}:)\s*$")
_SMALL = re.compile(r"(?<![\w'’-])[a-zß-öø-ÿ][\w'’-]*")
_COMMON = frozenset(
    {
        *("I", "I'm", "I’m", "I've", "I’ve", "I'd", "I’d", "I'll", "I’ll", "OK", "Monday", "Tuesday", "Wednesday"),
        *("Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December", "English", "Welsh", "Christmas", "Easter", "God"),
        *("Interviewer", "Participant", "Moderator", "Mr", "Mrs", "Ms", "Dr", "NHS", "GP", "TV", "UK"),
    }
)
_SURE = {
    "name of a user": "name of a user",
    "initials": "user name",
    "name of a case": "name of a case",
    "name of a source": "name of a source",
    "author of a Word document": "author of a document",
}
_OF_THE_FORMAT = frozenset({MARKS, BEYOND})
"""Where words of a format are many and people's few; names that stand there stand elsewhere, too."""

_MODELS = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm", "xx_ent_wiki_sm")


_Recogniser = Callable[[str], Iterable[tuple[str, str, int]]]
"""Gives, for a text, what a model takes for names: the words, what they are, and where."""


class Proposal(Struct, frozen=True):
    """A row of the key that is proposed.

    Args:
        find: what was found.
        kind: what it may be.
        looks: why it is proposed: ``name``, ``e-mail address`` …
        count: how often it stands there.
        context: a line around it, the first time.
    """

    find: str
    kind: Kind
    looks: str
    count: int
    context: str


def scan(study: Study) -> list[Proposal]:
    """Return what may name somebody, the surest and most frequent first.

    Args:
        study: the study; keep it open.
    """
    counts: Counter[tuple[str, str]] = Counter()
    contexts: dict[tuple[str, str], str] = {}
    capitals: Counter[str] = Counter()
    begins: dict[str, str] = {}
    small: Counter[str] = Counter()

    def take(found: str, looks: str, said: Said, at: int) -> None:
        counts[found, looks] += 1
        contexts.setdefault((found, looks), _context(said, at, len(found)))

    recognised = _recogniser()
    for said in sayings(study):
        if said.place in _OF_THE_FORMAT:
            continue
        for hit in hits(said.text):
            take(said.text[hit.start : hit.end], hit.looks, said, hit.start)
        if sure := _SURE.get(said.place):
            take(said.text.strip(), sure, said, 0)
        for found in _SMALL.finditer(said.text):
            small[found.group()] += 1
        for found in _NAME.finditer(said.text):
            name = found.group(1).removesuffix("'s").removesuffix("’s")
            if name in _COMMON:
                continue
            capitals[name] += 1
            begins.setdefault(name, _context(said, found.start(), len(name)))
            if not _SENTENCE_ENDS.search(said.text[max(0, found.start() - 20) : found.start()]):
                counts[name, "name"] += 0
        for name, looks, at in recognised(said.text):
            take(name, looks, said, at)
    for (found_name, looks), _ in list(counts.items()):
        if looks == "name":
            first = _WORD.match(found_name)
            if first is not None and small[first.group().lower()] > capitals[found_name] and " " not in found_name:
                # A word of the language that was written with a capital now and then.
                del counts[found_name, looks]
                continue
        if looks == "name" or capitals[found_name] > counts[found_name, looks]:
            counts[found_name, looks] = capitals[found_name]
            contexts[found_name, looks] = begins[found_name]
    for name in study.files:
        for found_tag, looks in _properties(study, name):
            take(found_tag, looks, Said(found_tag, "properties", name), 0)
    return _ordered(counts, contexts)


def write_proposals(proposals: Iterable[Proposal], path: Path, *, overwrite: bool = False) -> None:
    """Write proposals as a key to be filled in; only its owner can read it.

    Rows whose ``replace`` stays empty are left alone when the key is used.

    Raises:
        BadRequest: the path has the ending of no table.
        TargetExists: the target exists and ``overwrite`` is false.
        CannotWrite: it could not be written; an old one is as it was.
    """
    rows = [(each.find, None, each.kind, None, "word", each.looks, each.count, each.context) for each in proposals]
    mask = os.umask(0o077)
    try:
        write_table(path, "Key", HEADINGS, rows, overwrite=overwrite)
    finally:
        os.umask(mask)
    # One that was there before had permissions of its own.
    path.chmod(0o600)


def _ordered(counts: Counter[tuple[str, str]], contexts: dict[tuple[str, str], str]) -> list[Proposal]:
    """Return each thing once, under the surest of what it looks like."""
    best: dict[str, tuple[int, str]] = {}
    for (found, looks), count in counts.items():
        if len(found.strip()) < 2 or not count:
            continue
        rank = _rank(looks)
        if found not in best or rank < best[found][0]:
            best[found] = (rank, looks)
    proposals = [
        Proposal(found, _kind(looks), looks, counts[found, looks], contexts[found, looks])
        for found, (_, looks) in best.items()
    ]
    return sorted(proposals, key=lambda each: (_rank(each.looks), -each.count, each.find))


_RANKS = (
    "name of a user",
    "user name",
    "author of a document",
    "name of a case",
    "name of a source",
    "person",
    "place",
    "institution",
    "name",
)


def _rank(looks: str) -> int:
    return _RANKS.index(looks) if looks in _RANKS else len(_RANKS)


def _kind(looks: str) -> Kind:
    if looks in ("place", "postcode", "position in a picture"):
        return "place"
    if looks == "institution":
        return "institution"
    if looks in ("web address", "name of a source"):
        return "other"
    return "person"


def _context(said: Said, at: int, length: int) -> str:
    around = " ".join(said.text[max(0, at - _AROUND) : at + length + _AROUND].split())
    return f"{said.place}, {said.where}: … {around} …" if around != said.text else f"{said.place}: {said.where}"


# --- properties of files ---------------------------------------------------------------------------------------------


def _properties(study: Study, name: str) -> Iterator[tuple[str, str]]:
    """Give what the properties of pictures and PDFs betray, as far as the libraries for them are installed."""
    lowered = name.lower()
    if lowered.endswith((".jpg", ".jpeg", ".tif", ".tiff", ".png")):
        yield from _of_picture(study, name)
    elif lowered.endswith(".pdf"):
        yield from _of_pdf(study, name)


def _of_picture(study: Study, name: str) -> Iterator[tuple[str, str]]:
    try:
        from PIL import Image
    except ImportError:
        return
    try:
        with study.files.open(name) as stream, Image.open(stream) as picture:
            exif = picture.getexif()
            artist, position = exif.get(0x013B), exif.get_ifd(0x8825)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, CannotRead):
        return
    if isinstance(artist, str) and artist.strip():
        yield artist.strip(), "author of a picture"
    if position:
        yield f"{name}: where it was taken", "position in a picture"


def _of_pdf(study: Study, name: str) -> Iterator[tuple[str, str]]:
    found = re.findall(rb"/Author\s*\(((?:[^()\\]|\\.){1,200})\)", study.files.read(name)[:5_000_000])
    for author in dict.fromkeys(found):
        yield author.decode("latin-1").strip(), "author of a PDF"


# --- names by a model ------------------------------------------------------------------------------------------------


def _recogniser() -> _Recogniser:
    """Return what finds names by a model of spaCy, if one is installed; otherwise what finds none."""
    try:
        import spacy
    except ImportError:
        return lambda _: ()
    model = next((each for each in _MODELS if spacy.util.is_package(each)), None)
    if model is None:
        return lambda _: ()
    language = spacy.load(model, exclude=["lemmatizer", "textcat"])
    kinds = {"PERSON": "person", "PER": "person", "GPE": "place", "LOC": "place", "ORG": "institution"}

    def found(text: str) -> Iterator[tuple[str, str, int]]:
        for start in range(0, len(text), 100_000):
            for entity in language(text[start : start + 100_000]).ents:
                if entity.label_ in kinds:
                    yield entity.text, kinds[entity.label_], start + entity.start_char

    return found
