"""An option that takes several names, as people write them: `--coders NS MP`, or `--coders NS --coders MP`.

Names go on until the next option or the next file that exists. Knows nothing of whose names they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qdabridge.safety import is_there


class SeveralNames(click.Option):
    """An option of several names; declare it with ``multiple=True``."""

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        """Have the parser take the words after the first name too, where they can be nothing else."""
        super().add_to_parser(parser, ctx)
        for opt in self.opts:
            known = parser._long_opt.get(opt) or parser._short_opt.get(opt)
            if known is not None:
                known.process = _taking_all(known.process)


def _taking_all(take_one: Any) -> Any:
    def take(value: str, state: Any) -> None:
        take_one(value, state)
        while state.rargs and not state.rargs[0].startswith("-") and not is_there(Path(state.rargs[0])):
            take_one(state.rargs.pop(0), state)

    return take
