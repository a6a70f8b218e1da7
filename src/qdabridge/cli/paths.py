"""How the command line takes the name of a file: as it is.

Whether it can be read or written is said by whoever tries, in one sentence and with the exit status that is promised.
"""

from __future__ import annotations

from pathlib import Path

import click

ANY_PATH = click.Path(readable=False, path_type=Path)
"""Any path; by itself click would take a file that may not be read for a mistake in the command."""
