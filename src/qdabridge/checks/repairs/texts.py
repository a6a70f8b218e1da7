"""TEXT-ENCODING, TEXT-BOTH, POSITIONS-UNCONVERTED: the words of texts, and the positions that count them.

An encoding is believed where the file says it (a byte order mark), where a person does, or where the names of passages
are their words in that encoding and in no other.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from msgspec.structs import replace

from qdabridge.checks.inventory import called, texts_with_owner
from qdabridge.checks.repairs.mend import Mend
from qdabridge.checks.repairs.mending import Mending
from qdabridge.errors import BadRequest
from qdabridge.formats.refi.detection import is_quote, named_after
from qdabridge.study.model import AnyText, Source, TextDocument, Transcript
from qdabridge.study.text import Positions, StoredText, decode

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LIKELY = (
    *("cp1252", "iso8859-15", "mac_roman", "cp850", "cp437"),
    *("cp1250", "iso8859-2", "cp1251", "koi8-r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("utf-16-le", "utf-16-be", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
)

_MOST_TRIED = 20_000_000
"""How long a text may be, in bytes, that is tried in one encoding after another."""


def encoding_named(name: str) -> str:
    """Return Python's name of an encoding of texts.

    Raises:
        BadRequest: there is none of that name.
    """
    try:
        found = codecs.lookup(name)
        "".encode(found.name)
    except (LookupError, ValueError, UnicodeError):
        raise BadRequest(
            f"There is no encoding “{name}”.", todo="Name one such as cp1252 (Windows), mac_roman, utf-16 or shift_jis."
        ) from None
    if not getattr(found, "_is_text_encoding", True):
        raise BadRequest(f"“{name}” is no encoding of texts.", todo="Name one such as cp1252 (Windows) or utf-16.")
    return found.name


def is_utf8(data: bytes) -> bool:
    """Tell whether a text is UTF-8 as far as positions can be counted in it."""
    try:
        decode(data)
    except UnicodeDecodeError:
        return False
    return True


def mend_encodings(mending: Mending) -> None:
    """Write texts that are not UTF-8 as UTF-8."""
    done: set[str] = set()
    for text, owner in texts_with_owner(mending.project):
        name = mending.files.find(text.plain_text_path) if text.plain_text_path else None
        if name is None or name in done:
            continue
        done.add(name)
        if mending.files.entry(name).size > mending.files.limits.text:
            continue
        data = mending.files.read(name)
        if is_utf8(data):
            continue
        found = _read_otherwise(mending, data, name)
        if found is not None:
            words, how = found
            mending.files.put(name, StoredText(words).encoded())
            message = "A text was not UTF-8; it is now, with the same characters."
            mending.say("TEXT-ENCODING", message, f"{called(text, owner)}, {text.plain_text_path}, was {how}")


def mend_both(mending: Mending) -> None:
    """Leave out one of two places where a text is, if both say the same or one leads nowhere."""
    for text, owner in texts_with_owner(mending.project):
        if text.plain_text_content is None or text.plain_text_path is None:
            continue
        where = called(text, owner)
        entry = mending.files.locate(text.plain_text_path)
        if entry is None:
            mending.say("TEXT-BOTH", _NO_FILE, f"{where}, {text.plain_text_path}")
            text.plain_text_path = None
            continue
        in_file = mending.text_of(text)
        if in_file is not None and _lines(in_file) == _lines(text.plain_text_content):
            text.plain_text_content = None
            mending.say("TEXT-BOTH", "A text was inside the project and the same in a file; the file is kept.", where)


def _lines(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text)


# --- encodings -------------------------------------------------------------------------------------------------------


def _read_otherwise(mending: Mending, data: bytes, name: str) -> tuple[str, str] | None:
    """Return a text that is not UTF-8, and its encoding; None where that is not certain."""
    for mark, encoding in _MARKS:
        if data.startswith(mark) and (words := _decoded(data, encoding)) is not None:
            return words, encoding
    if mending.encoding is not None and (words := _decoded(data, mending.encoding)) is not None:
        return words, mending.encoding
    return _proved(mending, data, list(_telling_names(mending, name)))


def _proved(mending: Mending, data: bytes, names: list[tuple[str, int, int]]) -> tuple[str, str] | None:
    """Return the text in which passages are named after their words, if that is one text only."""
    if not names or len(data) > _MOST_TRIED:
        return None
    fitting: dict[str, tuple[int, str]] = {}
    for encoding in _LIKELY:
        words = _decoded(data, encoding)
        if words is None or words in fitting:
            continue
        positions = Positions(words, mending.counting)
        fits = sum(
            named_after(name, words, positions.to_codepoints(start), positions.end_to_codepoints(end)) == 2
            for name, start, end in names
        )
        fitting[words] = fits, encoding
    best = max((fits for fits, _ in fitting.values()), default=0)
    likely = [(words, encoding) for words, (fits, encoding) in fitting.items() if fits == best]
    # What one passage says by chance, most of them do not.
    return likely[0] if len(likely) == 1 and best * 2 > len(names) else None


def _telling_names(mending: Mending, name: str) -> Iterator[tuple[str, int, int]]:
    """Give the names of passages that tell encodings apart, and where they stand as the file counts."""
    for text, _ in texts_with_owner(mending.project):
        if isinstance(text, TextDocument) and text.plain_text_path and mending.files.find(text.plain_text_path) == name:
            for passage in text.plain_text_selections:
                if passage.name and not passage.name.isascii() and is_quote(passage.name):
                    yield passage.name, passage.start_position, passage.end_position


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        words = data.decode(encoding)
    except (UnicodeDecodeError, ValueError):
        return None
    return None if "\0" in words else words


# --- positions -------------------------------------------------------------------------------------------------------


def count_again(mending: Mending) -> None:
    """Bring positions to code points in texts that could not be read, or not be found, when the study was read."""
    form = mending.form
    if form is None or not form.uncounted:
        return
    waiting: dict[str, list[tuple[AnyText, Source]]] = {guid: [] for guid in form.uncounted}
    for text, owner in texts_with_owner(mending.project):
        if text.guid in waiting:
            waiting[text.guid].append((text, owner))
    left = []
    for guid, held in waiting.items():
        stored = [_stored(mending, text) for text, _ in held]
        # It is remembered by GUID, so that of several that share one all are counted or none.
        if not held or None in stored:
            left.append(guid)
            continue
        for (text, owner), words in zip(held, stored, strict=True):
            if words is not None:
                _convert(mending, text, owner, words)
    mending.form = replace(form, uncounted=tuple(left))


def _stored(mending: Mending, text: AnyText) -> StoredText | None:
    try:
        return mending.study().stored_text(text)
    except ValueError:
        return None


def _convert(mending: Mending, text: AnyText, owner: Source, stored: StoredText) -> None:
    positions = Positions(stored.text, mending.counting, byte_order_mark=stored.byte_order_mark)
    if positions.same:
        return
    if isinstance(text, Transcript):
        for point in text.sync_points:
            if point.position is not None:
                point.position = positions.to_codepoints(point.position)
    else:
        for passage in text.plain_text_selections:
            passage.start_position = positions.to_codepoints(passage.start_position)
            passage.end_position = positions.end_to_codepoints(passage.end_position)
    message = "The positions in a text that could not be read before were brought to code points."
    mending.say("POSITIONS-UNCONVERTED", message, called(text, owner))


_NO_FILE = "A text was inside the project and named a file that is not there; the name of the file was left out."

MENDS = (
    Mend(
        code="TEXT-ENCODING",
        title="a text is not UTF-8",
        does="It is written as UTF-8, and positions in it are kept or, where they could not be counted before, "
        "counted: if it begins with a byte order mark, if the names of passages are their words in one encoding "
        "only, or as `--encoding` says.",
        leaves="A text that does not tell its encoding: try `--encoding cp1252`, and look at the text.",
        step=mend_encodings,
    ),
    Mend(
        code="TEXT-BOTH",
        title="a text is inside the project and in a file as well",
        does="Where both say the same (line ends apart), the file is kept; where the file is not there, the text is.",
        leaves="Two different texts: which of them was coded.",
        step=mend_both,
    ),
)

COUNTED = Mend(
    code="POSITIONS-UNCONVERTED",
    title="positions count a text that could not be read",
    does="Where the text can be read now, they are brought to code points.",
    leaves="Texts that are not there.",
    step=count_again,
)
"""Comes after the GUIDs have been mended: by these it is remembered which texts were not counted."""
