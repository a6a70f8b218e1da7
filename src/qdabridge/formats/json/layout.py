"""What stands in ``study.json``: the project, the form in which it was found, and where the bytes of its files are.

A file of the study is either a text, which stands in the documents that refer to it, or lies in a folder beside the
JSON under a name of its own. This module says how that is written down; it neither reads nor writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct

from qdabridge.study.form import Form
from qdabridge.study.model import Project

FORMAT = "qdabridge-study"
VERSION = 1


class TextFile(
    Struct, tag="text", tag_field="type", rename="camel", omit_defaults=True, forbid_unknown_fields=True, kw_only=True
):
    """A file that is UTF-8 text: its content is the plainTextContent of the documents that refer to it.

    Args:
        name: the file's name in the package.
        plain_text_paths: the plainTextPath, as written, of each document whose plainTextContent is this text.
        byte_order_mark: whether the file begins with a byte order mark, which is not part of the text.
    """

    name: str
    plain_text_paths: tuple[str, ...]
    byte_order_mark: bool = False


class StoredFile(
    Struct, tag="stored", tag_field="type", rename="camel", omit_defaults=True, forbid_unknown_fields=True, kw_only=True
):
    """A file that lies in the folder beside the JSON.

    Args:
        name: the file's name in the package.
        stored_as: its name in the folder; a plain name, never a path.
    """

    name: str
    stored_as: str


AnyFile: TypeAlias = TextFile | StoredFile


class StudyFile(Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A qualitative study as plain JSON, in the terms of the REFI-QDA standard.

    Args:
        format: says that this is a study.
        version: of this layout.
        form: how the study was written down where it came from, so that it can be written back the same.
        folder: the name of the folder beside the JSON, where it is not called after the JSON.
        project: the study itself.
        files: the files of the study, in the order of its package.
    """

    format: Literal["qdabridge-study"]
    version: Literal[1]
    form: Form | None = None
    folder: str = ""
    project: Project
    files: tuple[AnyFile, ...] = ()


def folder_of(path: Path, name: str = "") -> Path:
    """Return the folder beside a JSON file that holds its other files; ``name`` is what the JSON says it is called.

    >>> folder_of(Path("clinic.json")).name, folder_of(Path("clinic.json"), "sources").name
    ('clinic.files', 'sources')
    """
    if name:
        return path.with_name(name)
    return path.with_name((path.stem if path.suffix.lower() == ".json" else path.name) + ".files")
