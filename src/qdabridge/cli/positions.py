"""The option by which a person says how a file counts positions in text. What the words mean, the library knows."""

from __future__ import annotations

import click

positions_option = click.option(
    "--positions",
    metavar="WORDS",
    help="How the file counts positions in text: `codepoints` or `utf16`, and, with commas between, `crlf=1`, `bom`, "
    "`inclusive`. Found from the file without it.",
)
