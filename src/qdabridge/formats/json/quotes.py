"""The passage that a selection marks, shown beside its positions for people who just want to read.

A quote is a view: it is made from the text when JSON is written, and whatever stands there is ignored when it is read.
So the model has no place for it; here are the model's classes with that place, for writing, reading and the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct
from msgspec.structs import fields

from qdabridge.formats.json import layout
from qdabridge.formats.json.reshape import variants
from qdabridge.study import model
from qdabridge.study.model import AnyText, TextDocument, Transcript, same_guid
from qdabridge.study.text import quoted

Quote = Annotated[
    str | None,
    Meta(
        description="A view for people: the passage that is selected. Made when the file is written, "
        "ignored when it is read."
    ),
]


class PlainTextSelection(model.PlainTextSelection, kw_only=True):
    """A passage of text, in code points, end exclusive (section 10.2)."""

    quote: Quote = None


class TranscriptSelection(model.TranscriptSelection, kw_only=True):
    """A stretch of a transcript, between two of its sync points."""

    quote: Quote = None


_WITH_QUOTES: dict[type[Struct], Any] = variants(
    layout.StudyFile,
    {model.PlainTextSelection: PlainTextSelection, model.TranscriptSelection: TranscriptSelection},
)

StudyFile = _WITH_QUOTES[layout.StudyFile]
"""The whole file, as the schema has it."""

AnySource = (
    _WITH_QUOTES[model.TextSource]
    | _WITH_QUOTES[model.PictureSource]
    | _WITH_QUOTES[model.PDFSource]
    | _WITH_QUOTES[model.AudioSource]
    | _WITH_QUOTES[model.VideoSource]
)
Note = _WITH_QUOTES[model.Note]

_Text = TypeVar("_Text", TextDocument, Transcript)


def quoted_selections(document: AnyText, text: str, elsewhere: Mapping[int, str | None]) -> list[Any]:
    """Return the selections of a text or transcript with their quotes.

    Args:
        document: the text or transcript.
        text: its characters.
        elsewhere: the text that a selection counts where that is another one, by the selection's identity.
    """
    if isinstance(document, TextDocument):
        return [
            _with_quote(PlainTextSelection, selection, _passage(elsewhere.get(id(selection), text), selection))
            for selection in document.plain_text_selections
        ]
    places = {same_guid(point.guid): point.position for point in document.sync_points}
    return [
        _with_quote(TranscriptSelection, selection, _between(text, places, selection))
        for selection in document.transcript_selections
    ]


def without_quotes(element: Any) -> Any:
    """Return an element that was read with quotes as the model has it."""
    of = _PLAIN.get(type(element))
    if of is None:
        return element
    values = {name: getattr(element, name) for name in of.__struct_fields__}
    for name in _HOLDING[of]:
        value = values[name]
        values[name] = [without_quotes(part) for part in value] if isinstance(value, list) else without_quotes(value)
    return of(**values)


_PLAIN: dict[Any, type[Struct]] = {variant: of for of, variant in _WITH_QUOTES.items()}


def _holding(of: type[Struct], variant: type[Struct]) -> tuple[str, ...]:
    """Return the fields that hold something with quotes."""
    types = {field.name: field.type for field in fields(variant)}
    return tuple(field.name for field in fields(of) if types[field.name] != field.type)


_HOLDING = {of: _holding(of, variant) for of, variant in _WITH_QUOTES.items()}


def _with_quote(kind: Callable[..., Any], selection: model.Selection, quote: str | None) -> Any:
    return kind(**{name: getattr(selection, name) for name in selection.__struct_fields__}, quote=quote)


def _passage(text: str | None, selection: model.PlainTextSelection) -> str | None:
    return None if text is None else quoted(text, selection.start_position, selection.end_position)


def _between(text: str, places: dict[str, int | None], selection: model.TranscriptSelection) -> str | None:
    if selection.from_sync_point is None or selection.to_sync_point is None:
        return None
    start = places.get(same_guid(selection.from_sync_point))
    end = places.get(same_guid(selection.to_sync_point))
    return None if start is None or end is None else quoted(text, start, end)
