"""`coterie completion SHELL`: the script that makes a shell complete commands, options and values."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

SCRIPTS: Final = Path(__file__).with_name("completion")


class Shell(StrEnum):
    """The shells that there is a script for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("completion")(completion)


def completion(
    shell: Annotated[Shell, typer.Argument(metavar="bash|zsh|fish", help="Your shell.")],
) -> None:
    """Print the script that completes commands, options, groups, searches, fields, formats and accounts at tab.

    bash: eval "$(coterie completion bash)" in ~/.bashrc. zsh: the same with zsh in ~/.zshrc, after compinit.
    fish: coterie completion fish > ~/.config/fish/completions/coterie.fish
    """
    typer.echo((SCRIPTS / f"coterie.{shell}").read_text("utf-8"), nl=False)
