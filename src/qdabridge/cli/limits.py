"""The option by which a person raises a limit. What the words mean, the library knows."""

from __future__ import annotations

import click

limits_option = click.option(
    "--limit",
    "limits",
    metavar="NAME=SIZE",
    help="Allow more than usual, where a message says that a limit was reached, such as `text=500MB`; several with "
    "commas between.",
)
