"""The option for whom a REFI-QDA file is written. Which profiles there are, the library knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def profile_option(whom: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option, with the sentence that says what it is about in this command."""
    return click.option(
        "--for",
        "profile",
        metavar="PROFILE",
        default="standard",
        show_default=True,
        help=whom,
        shell_complete=_beginning_so,
    )


def _beginning_so(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    from qdabridge.formats.refi.writing import profiles

    return [name for name in profiles() if name.startswith(incomplete)]
