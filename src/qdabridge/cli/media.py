"""The option that lets a command look for files outside the study, and nowhere but in one folder."""

from __future__ import annotations

from pathlib import Path

import click

media_option = click.option(
    "--media",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where to look for files that are outside the study. Nothing outside is touched without it.",
)
