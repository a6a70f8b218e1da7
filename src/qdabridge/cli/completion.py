"""`qdabridge completion`: the script that teaches a shell to complete qdabridge's commands. The work is click's."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from qdabridge.cli import streams

_VARIABLE = "_QDABRIDGE_COMPLETE"
_BEFORE = {"zsh": "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }"}
"""What a shell needs first: in zsh, completing has to be begun once, which nobody may have done."""


@click.command(
    epilog="""\b
Examples:
  qdabridge completion bash >> ~/.bashrc
  qdabridge completion zsh >> ~/.zshrc
  qdabridge completion fish > ~/.config/fish/completions/qdabridge.fish"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands in your shell.

    Add it to what your shell reads when it starts; the next shell you open completes commands and options with the
    tab key.
    """
    complete = get_completion_class(shell)
    assert complete is not None
    script = complete(ctx.find_root().command, {}, "qdabridge", _VARIABLE).source()
    streams.say(*filter(None, (_BEFORE.get(shell), script)))
