"""What a tool wants to be given: a profile is plain data, and stands in the file of the tool's dialect.

It says what the target needs and what it is known to drop; how a study is made so is in ``adapting``. Source: what the
tools' own files, their documentation and their importers show; where nothing is known, the standard's way stands.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from qdabridge.study.text import STANDARD, Counting


class Profile(Struct, frozen=True):
    """The form in which a study is written for one tool.

    Args:
        name: how the profile is called on the command line, such as ``nvivo-mac``.
        title: the tool's name for people, as it stands in ``origin`` too, so that readers know how positions count.
        adapts: whether anything is changed for the tool; the standard's form changes nothing.
        counting: how positions in text are written.
        guids: spelling of GUIDs: ``upper`` or ``lower``, without braces; ``kept`` as they are.
        unique_guids: whether no two elements may share a GUID, not even of different kinds.
        line_ends: ``lf`` or ``crlf`` throughout.
        byte_order_mark: whether texts begin with one.
        rich_text: ``made``, a .docx beside each plain text; ``kept`` where there was one; ``left`` out.
        notes_as_files: whether the text of a note is a file of its own rather than part of the XML.
        selections: ``per coding``, or ``per coder``: one for each passage and coder, with all codings inside.
        comment_limit: the longest comment of a selection that is read whole, in UTF-16 units; 0 for any.
        annotations_as_notes: whether the comment of a passage without codings is a note linked to it.
        notes_in_place: which notes are read from the Description of what they are about: none, ``remarks`` without a
            name on passages that are not coded, or ``all``.
        cases: how cases are said so that the tool understands them: ``kept``, as ``codes`` with the same GUID, as
            ``sets`` of their sources, by giving their values to their ``sources``, or both as codes and so.
        types: the types that variables may have; others become the first.
        unique_names: what needs names of its own; sets of sources and variables share theirs.
        names_without_ending: whether a source's name ends without ``.docx`` and the like.
        codable: which codes say that they may be used: as ``kept``, those that are ``used`` too, or ``all``.
        capital_colors: whether colours are written #AABBCC rather than #aabbcc.
        pdf_from_top: whether rectangles in a PDF are measured from the top of the page.
        pdf_text_alone: whether a passage of a PDF's text is written without the rectangle that has the same GUID.
        transcripts_as_sources: whether a transcript is also a source of its own, which has the codings.
        placed_sync_points: whether a sync point needs a position in the text.
        texts_needed: whether a source or transcript must have a plain text, if only an empty one.
        complete_dates: whether everything that people make must say when and by whom.
        wide_characters_uncertain: whether it is not known how the tool counts emoji and the like.
        drops: what the tool is known not to take in: what is counted (see ``adapting.losses``), and how it is said.
    """

    name: str
    title: str
    adapts: bool = True
    counting: Counting = STANDARD
    guids: Literal["kept", "upper", "lower"] = "kept"
    unique_guids: bool = False
    line_ends: Literal["lf", "crlf"] = "lf"
    byte_order_mark: bool = False
    rich_text: Literal["kept", "made", "left"] = "kept"
    notes_as_files: bool = False
    selections: Literal["per coding", "per coder"] = "per coder"
    comment_limit: int = 0
    annotations_as_notes: bool = False
    notes_in_place: Literal["none", "remarks", "all"] = "none"
    cases: Literal["kept", "codes", "sets", "sources", "codes and sources"] = "kept"
    types: tuple[str, ...] = ()
    unique_names: tuple[Literal["sources", "codes", "notes", "cases", "variables"], ...] = ()
    names_without_ending: bool = False
    codable: Literal["kept", "used", "all"] = "kept"
    capital_colors: bool = False
    pdf_from_top: bool = False
    pdf_text_alone: bool = False
    transcripts_as_sources: bool = False
    placed_sync_points: bool = False
    texts_needed: bool = False
    complete_dates: bool = False
    wide_characters_uncertain: bool = False
    drops: tuple[tuple[str, str], ...] = ()


PLAIN = Profile(name="standard", title="REFI-QDA 1.5", adapts=False)
"""The standard's own form: nothing is changed but the origin, and what is only understood by the origin."""
