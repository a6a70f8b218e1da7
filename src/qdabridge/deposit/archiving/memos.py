"""The memos of a study as text files, and the table that says what each is about."""

from __future__ import annotations

from pathlib import Path

from qdabridge.errors import CannotRead
from qdabridge.formats.exports.table_file import Row, write_table
from qdabridge.formats.json.names import SafeNames
from qdabridge.study.lookup import Lookup
from qdabridge.study.model import Element, same_guid
from qdabridge.study.study import Study
from qdabridge.study.text import StoredText

HEADINGS = ("file", "name", "about", "coder", "date", "words")


def write_memos(study: Study, folder: Path, table: Path) -> list[str]:
    """Write each note with words as a text file, and a table of them; return the names of the files.

    Notes that are the summaries of a framework matrix are memos too: they are what people wrote.
    """
    look = Lookup(study)
    names = SafeNames()
    about = _about(study, look)
    users = {same_guid(user.guid): user.name or user.id or user.guid for user in study.project.users or ()}
    rows: list[Row] = []
    for number, note in enumerate(study.project.notes or (), 1):
        try:
            text = study.text_of(note)
        except CannotRead:
            text = None
        if not text:
            continue
        folder.mkdir(exist_ok=True)
        name = names.name_for(f"{note.name or f'Memo {number}'}.txt".replace("%", "_"))
        (folder / name).write_bytes(StoredText(text).encoded())
        coder = users.get(same_guid(note.creating_user or ""))
        when = (note.creation_date_time or "")[:10] or None
        told = "; ".join(about.get(id(note), ()))
        rows.append((f"{folder.name}/{name}", note.name, told, coder, when, len(text.split())))
    if rows:
        write_table(table, "Memos", HEADINGS, rows, overwrite=False)
    return [str(row[0]) for row in rows]


def _about(study: Study, look: Lookup) -> dict[int, list[str]]:
    """Return what each note is about: the codes, cases, sources and sets that it is a memo of."""
    found: dict[int, list[str]] = {}
    project = study.project
    elements: list[tuple[str, Element]] = [("the study", project)]
    elements += [(f"code {look.path_of(code)}", code) for code in look.themes]
    elements += [(f"case {case.name}", case) for case in project.cases or ()]
    elements += [(f"source {source.name}", source) for source in project.sources or ()]
    for called, element in elements:
        for memo in look.memos_of(element):
            if memo.note is not None:
                found.setdefault(id(memo.note), []).append(called)
    return found
