"""The form in which a study was found, so that it can be written back as it came.

Plain data, like the model: a study that passes through JSON keeps it. It says nothing of what the study is about.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from qdabridge.study.text import STANDARD, Counting


class Decision(Struct, omit_defaults=True, forbid_unknown_fields=True, rename="camel", frozen=True):
    """How it was decided in which way the positions of a file are counted, and how sure that is.

    A selection fits where it is named after the passage that it marks, or, where its name says nothing, where it begins
    and ends at the edge of a word.

    Args:
        by: ``request`` of the person who reads; ``tool``, what is known of the one that wrote the file; ``selections``,
            which fit one way of counting; ``agreement``, where all ways of counting mean the same in these texts.
        selections: how many selections were looked at that tell ways of counting apart.
        names: how many of them are named after what they mark.
        fitting: how many of them fit.
        expected: how the tool is known to count.
        expected_fitting: how many would fit then.
        next_best: the way of counting that fits best of the others.
        next_fitting: how many would fit then.
    """

    by: Literal["request", "tool", "selections", "agreement"] = "tool"
    selections: int = 0
    names: int = 0
    fitting: int = 0
    expected: Counting = STANDARD
    expected_fitting: int = 0
    next_best: Counting | None = None
    next_fitting: int = 0

    def described(self, counting: Counting) -> str:
        """Return in words how it was decided that this is the counting."""
        if self.by == "request":
            return "as was asked for"
        if self.by == "agreement":
            return "in these texts every way of counting means the same"
        if self.by == "tool":
            return "as is known of the program that wrote it; the selections do not tell"
        fit = f"{self.fitting:,} of {self.selections:,} selections that tell the ways of counting apart fit"
        if self.expected != counting:
            return f"{fit}; in {self.expected.described()}, as was expected, {self.expected_fitting:,} would"
        return f"{fit}; in {self.next_best.described()} {self.next_fitting:,} would" if self.next_best else fit


class Form(Struct, omit_defaults=True, forbid_unknown_fields=True, rename="camel"):
    """How a study was written down where it was read from.

    Args:
        format: ``qdpx``, ``qde`` or ``qdc``.
        tool: the dialect that was recognised, such as ``nvivo``; ``standard`` where none was.
        counting: how its positions in text were counted; in the model they are code points whatever is said here.
        decision: how it was decided that they are counted so.
        uncounted: GUIDs of texts that could not be read, whose positions therefore stand as in the file.
        project_entry: name of the .qde in the package, and its place among the other entries.
        project_index: the same, as a number from 0.
        namespace, prefix: of the root element as it stood.
        before, after: comments and processing instructions around the root element, as XML.
    """

    format: str = "qdpx"
    tool: str = "standard"
    counting: Counting = STANDARD
    decision: Decision = Decision()
    uncounted: tuple[str, ...] = ()
    project_entry: str = "project.qde"
    project_index: int = 0
    namespace: str = ""
    prefix: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
