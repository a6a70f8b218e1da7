"""The form in which a study was found, so that it can be written back as it came.

Plain data, like the model: a study that passes through JSON keeps it. It says nothing of what the study is about.
"""

from __future__ import annotations

from msgspec import Struct

from qdabridge.study.text import STANDARD, Counting


class Form(Struct, omit_defaults=True, forbid_unknown_fields=True, rename="camel"):
    """How a study was written down where it was read from.

    Args:
        format: ``qdpx``, ``qde`` or ``qdc``.
        tool: the dialect that was recognised, such as ``nvivo``; ``standard`` where none was.
        counting: how its positions in text were counted; in the model they are code points whatever is said here.
        uncounted: GUIDs of texts that could not be read, whose positions therefore stand as in the file.
        project_entry: name of the .qde in the package, and its place among the other entries.
        project_index: the same, as a number from 0.
        namespace, prefix: of the root element as it stood.
        before, after: comments and processing instructions around the root element, as XML.
    """

    format: str = "qdpx"
    tool: str = "standard"
    counting: Counting = STANDARD
    uncounted: tuple[str, ...] = ()
    project_entry: str = "project.qde"
    project_index: int = 0
    namespace: str = ""
    prefix: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
