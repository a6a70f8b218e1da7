"""The command line: words to and from a person, one file a command, no logic.

This file knows the commands' names and what each is for, and loads a command only when it is asked for, so that
``qdabridge --help`` is there at once. What a command does is the library's; how a run ends is in ``endings``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from qdabridge import __version__
from qdabridge.cli import endings, streams

COMMANDS = {
    "info": "Tell what is in a study and how it was read.",
    "check": "Find what is wrong in one or more studies.",
    "repair": "Mend what can be mended, and say what needs a person.",
    "convert": "Write a study in another format.",
    "matrix": "Make a framework matrix: in Excel, or as a page, document or table.",
    "codebook": "Write the codebook for another program, or for paper.",
    "codings": "Write a row for each coded reference, to count and compute with.",
    "cases": "Write the cases and their values as a classification sheet.",
    "chart": "Chart summaries from a framework matrix into the study.",
    "agree": "Say how far coders agree, and what they coded differently.",
    "reconcile": "Give the coders' consensus a user of its own, from the list that they decided in.",
    "merge": "Join copies of one study that several people worked on.",
    "compare": "Tell what changed between versions of a study.",
    "saturation": "Say how many new codes each interview adds, and when saturation is reached.",
    "pseudonymise": "Put pseudonyms in the place of names, everywhere in a study.",
    "archive": "Make a package that an archive can keep, and verify one.",
    "demo": "Write a small study to try things on.",
    "completion": "Print the script that completes commands in your shell.",
}
"""The commands in the order of the help, and what each is for in one line; each is in the module of its name."""


class Commands(click.Group):
    """The group of all commands; each is imported when it is needed and not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which a beginner meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"qdabridge.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and end as every command ends."""
        streams.tolerate_any_encoding()
        with endings.in_words():
            return super().invoke(ctx)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  qdabridge demo                               a study to try things on
  qdabridge info study.qdpx                    what is in it
  qdabridge matrix study.qdpx matrix.xlsx      a framework matrix in Excel
  qdabridge convert study.qdpx study.json      the whole study as plain JSON

\b
Exit status: 0 all is well, 1 check found errors, repair left some, chart or
reconcile left something open, or --verify found something, 2 the command was
not understood, 3 the input could not be read, 4 the output could not be
written, 70 a fault in qdabridge itself, 130 stopped by you.

`qdabridge COMMAND --help` tells more of each command.""",
)
@click.version_option(__version__, "-V", "--version", prog_name="qdabridge", message="%(prog)s %(version)s")
def main() -> None:
    """Move a qualitative study between NVivo and other REFI-QDA tools, framework matrices in Excel, and plain JSON.

    Nothing is lost in silence: what was mended and what a format cannot hold is said.
    """
