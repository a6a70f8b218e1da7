"""Two coders' copies of the demo study: the same but for who coded, and then what each went on to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from qdabridge.formats.refi.adapting.draft import copied
from qdabridge.study import walk
from qdabridge.study.model import Code, Note, Project, Source, same_guid
from qdabridge.study.moving import Moving
from qdabridge.study.study import Study


def copy_of(study: Study) -> Study:
    """A study of one's own over the same files."""
    return Study(copied(study.project), study.files.copied(), form=study.form)


def only_by(study: Study, person: str) -> Study:
    """The copy of one coder: what others coded is not in it."""
    mine = copy_of(study)
    user = next(each for each in mine.project.users or () if each.id == person)

    def by_them(guid: str | None) -> bool:
        return same_guid(guid or "") == same_guid(user.guid)

    for source in (*(mine.project.sources or ()), *(mine.project.notes or ())):
        source.codings = tuple(each for each in source.codings if by_them(each.creating_user))
        for selections in _lists_of_selections(source):
            bare = {id(each) for each in selections if not each.codings}
            for each in selections:
                each.codings = tuple(
                    coding for coding in each.codings if by_them(coding.creating_user or each.creating_user)
                )
            selections[:] = [each for each in selections if each.codings or id(each) in bare]
    return mine


def code_named(project: Project, name: str) -> Code:
    return next(each for each in walk.codes(project) if each.name == name)


def source_named(project: Project, name: str) -> Any:
    return next(each for each in (*(project.sources or ()), *(project.notes or ())) if each.name == name)


def edit_text(study: Study, name: str, change: Callable[[str], str]) -> None:
    """Change a text and bring the passages that are marked in it to where their words are now, as a program does."""
    source = source_named(study.project, name)
    old = study.text_of(source)
    new = change(old)
    assert new != old
    moving = Moving(old, new)
    file = study.files.find(source.plain_text_path)
    study.files.put(file, new.encode())
    for each in list(source.plain_text_selections):
        span = moving.span(each.start_position, each.end_position)
        if span is None:
            source.plain_text_selections.remove(each)
        else:
            each.start_position, each.end_position = span


def _lists_of_selections(source: Source | Note) -> Iterator[list[Any]]:
    for each in {id(each): each for each in (source, *walk.texts_of(source))}.values():
        for kind in ("plain_text", "picture", "pdf", "audio", "video", "transcript"):
            if (selections := getattr(each, f"{kind}_selections", None)) is not None:
                yield selections
