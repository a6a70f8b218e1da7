"""Asking before something is overwritten. It knows nothing of what is written; the library refuses by itself."""

from __future__ import annotations

from pathlib import Path

import click

from qdabridge.cli import streams


def allowed(target: Path, *, force: bool) -> bool:
    """Tell whether a target may be overwritten; refuse one that cannot be written, before anything is read for it.

    Raises:
        TargetExists: it is there and may not be overwritten.
        CannotWrite: its folder is missing.
    """
    from qdabridge.safety import check_target

    overwrite = asked(target, force=force)
    check_target(target, overwrite=overwrite)
    return overwrite


def asked(target: Path, *, force: bool) -> bool:
    """Tell whether a target may be overwritten: when that was asked for, or a person at a terminal says so."""
    from qdabridge.safety import is_there

    if force:
        return True
    if not is_there(target) or not streams.someone_is_there():
        return False
    return click.confirm(f"{streams.shown(str(target))} exists. Overwrite it?", default=False, err=True)


force_option = click.option("--force", is_flag=True, help="Overwrite the target without asking.")
