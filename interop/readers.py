"""Two libraries that others wrote, each asked what is coded in our files.

Runs in the environment of the peers, where qdabridge is not installed, and knows nothing of it:
`.peers/bin/python -m interop.readers READER FOLDER` reads every .qdpx in a folder and prints JSON, file → quotes or
what went wrong. Only passages of text sources are asked for, because one of the two knows no others.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

Unit = Literal["codepoint", "utf16"]
Quote = dict[str, str]
"""A coded passage: ``words``, ``code`` (the names from the top, slashes between), its ``guid``, ``coder`` (a name)."""


def pyrefiqda_quotes(study: Path, unit: Unit) -> Iterator[Quote]:
    """Read with pyrefiqda, which gives positions as they stand in the file; the words are cut out here, in a unit."""
    from pyrefiqda import RefiProject

    with tempfile.TemporaryDirectory() as unpacked:
        project = RefiProject.load(study, extract_dir=unpacked)
        people = {user.guid: user.name for user in project.users.user} if project.users else {}
        paths = dict(_paths(project.code_book.codes.code, "")) if project.code_book else {}
        for source in project.sources.text_source if project.sources else ():
            text = source.plain_text_content
            if source.plain_text_path:
                name = source.plain_text_path.removeprefix("internal://")
                text = _in_any_case(Path(unpacked), name).read_bytes().decode("utf-8-sig")
            for selection in source.plain_text_selection:
                words = _cut(text or "", selection.start_position, selection.end_position, unit)
                for coding in selection.coding:
                    guid = coding.code_ref.target_guid
                    coder = people.get(coding.creating_user or selection.creating_user, "")
                    yield {"words": words, "code": paths[guid], "guid": guid, "coder": coder}


def qdapy_quotes(study: Path, unit: Unit) -> Iterator[Quote]:
    """Read with qdaPy, which cuts out the words itself, by code points whatever the unit."""
    from qdapy import read_qdpx

    rows = read_qdpx(study, warn=False).fragments
    for row in rows[rows["positionKind"] == "text"].to_dict("records"):
        yield {"words": row["text"], "code": row["code"], "guid": row["codeId"], "coder": row["codedBy"]}


READERS: dict[str, Callable[[Path, Unit], Iterator[Quote]]] = {
    "pyrefiqda": pyrefiqda_quotes,
    "qdaPy": qdapy_quotes,
}


def _paths(codes: list[Any], above: str) -> Iterator[tuple[str, str]]:
    for code in codes:
        path = f"{above}{code.name}"
        yield code.guid, path
        yield from _paths(code.code, f"{path}/")


def _in_any_case(unpacked: Path, name: str) -> Path:
    for folder in unpacked.iterdir():
        if folder.name.lower() == "sources" and (folder / name).exists():
            return folder / name
    raise FileNotFoundError(f"the text {name} is not in the package")


def _cut(text: str, start: int, end: int, unit: Unit) -> str:
    if unit == "codepoint":
        return text[start:end]
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", errors="replace")


def main() -> None:
    """Read every study in a folder with one reader and print what it says."""
    parser = argparse.ArgumentParser(description="Read studies with another library, in this process.")
    parser.add_argument("reader", choices=sorted(READERS))
    parser.add_argument("folder", type=Path, help="where the .qdpx are")
    parser.add_argument("--unit", choices=("codepoint", "utf16"), default="codepoint", help="of positions")
    options = parser.parse_args()
    said: dict[str, object] = {}
    for study in sorted(options.folder.glob("*.qdpx")):
        # What a peer prints about its progress must not mix with the result.
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                said[study.name] = list(READERS[options.reader](study, options.unit))
            except Exception as error:  # noqa: BLE001 - whatever the peer raises is its answer
                said[study.name] = f"{type(error).__name__}: {error}"
    print(json.dumps(said))


if __name__ == "__main__":
    main()
