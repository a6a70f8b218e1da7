"""`qdabridge demo`: the study that comes with qdabridge, to try things on."""

from __future__ import annotations

import contextlib
import shlex
from pathlib import Path

import click

from qdabridge.cli import overwriting, streams
from qdabridge.errors import CannotWrite

_STUDIES = (".qdpx", ".qde", ".qdc", ".json")
"""Endings that nobody means a folder by."""

_FOLDER = click.Path(file_okay=False, readable=False, path_type=Path)


@click.command(
    epilog="""\b
Examples:
  qdabridge demo
  qdabridge demo ~/try"""
)
@click.argument("folder", metavar="[DIR]", default="qdabridge-demo", type=_FOLDER)
@overwriting.force_option
def demo(folder: Path, force: bool) -> None:
    """Write a small study to try things on.

    It goes into DIR as demo.qdpx; without DIR, into the folder qdabridge-demo here. Its ten interviews and the people
    in them are invented.
    """
    from qdabridge.safety import is_folder

    if folder.suffix.lower() in _STUDIES and not is_folder(folder):
        raise click.UsageError(
            f"The demo goes into a folder as demo.qdpx, and {streams.shown(folder.name)} is the name of a study; "
            f"name a folder, such as {streams.shown(folder.stem)}."
        )
    target = folder / "demo.qdpx"
    overwrite = overwriting.asked(target, force=force)
    made = _make(folder)
    try:
        _write(target, overwrite=overwrite)
    except CannotWrite:
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    study, matrix, plain = (shlex.quote(str(folder / name)) for name in ("demo.qdpx", "matrix.xlsx", "demo.json"))
    streams.say(
        f"Wrote {streams.shown(str(target))}, a study of ten invented interviews. Try next:",
        f"  qdabridge info {study}",
        f"  qdabridge matrix {study} {matrix}",
        f"  qdabridge convert {study} {plain} --quotes",
    )


def _make(folder: Path) -> bool:
    """Make the folder where there is none; tell whether it was made."""
    try:
        if folder.is_dir():
            return False
        folder.mkdir()
    except OSError as error:
        raise CannotWrite(
            f"The folder could not be made ({(error.strerror or str(error)).lower()}).",
            where=str(folder),
            todo="Choose another place.",
        ) from error
    return True


def _write(target: Path, *, overwrite: bool) -> None:
    from qdabridge.safety import writing
    from qdabridge.shipped import shipped

    with writing(target, overwrite=overwrite) as stream:
        stream.write(shipped("demo.qdpx").read_bytes())
