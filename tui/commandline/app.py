"""The subcommands: one typer application, put together of one module for each family of commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import Annotated, Any, TypeVar

import typer
from typer.exceptions import TyperException

from coterie.core.errors import InvalidInput
from coterie.core.text import is_text
from coterie.tui.commandline import (
    accounts,
    backups,
    birthdays,
    briefs,
    changing,
    cleanup,
    completing,
    doctor,
    duplicates,
    editing,
    exporting,
    facets,
    groups,
    importing,
    inviting,
    journal,
    mail,
    moving,
    purging,
    reading,
    recipes,
    restricted,
    searches,
    writing,
)
from coterie.tui.commandline.funnel import INTERRUPTED, complain
from coterie.tui.commandline.session import Session
from coterie.tui.commandline.start import GLOBAL_OPTIONS

_FAMILIES = (
    reading, changing, moving, editing, recipes, groups, searches, facets, importing, exporting, duplicates, cleanup,
    inviting, writing, birthdays, accounts, journal, purging, backups, mail, doctor, completing,
)  # fmt: skip


T = TypeVar("T")


def _options(function: Callable[..., None]) -> Callable[..., None]:
    """Give `function` the options that `start` has already read, so that the help and completion know them."""
    signature = Signature(
        [
            Parameter(
                option.name,
                Parameter.KEYWORD_ONLY,
                default="" if option.value else False,
                annotation=Annotated[
                    str if option.value else bool,
                    typer.Option(option.flag, help=option.meaning, metavar=option.value or None, show_default=False),
                ],
            )
            for option in GLOBAL_OPTIONS
        ]
    )
    function.__signature__ = signature  # type: ignore[attr-defined]  # what inspect.signature looks for
    return function


def coterie(**read: object) -> None:
    """Your contacts. Without a command, coterie fills the screen."""


def build() -> typer.Typer:
    """The application with all its commands."""
    app = typer.Typer(
        name="coterie",
        rich_markup_mode=None,
        add_completion=False,  # typer's knows no values, and splits those with blanks
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options(coterie))
    for family in _FAMILIES:
        family.register(app)
    return app


def command(words: Sequence[str] = ()) -> Any:
    """The application as typer runs it: a group with its commands in `commands`.

    Args:
        words: what is to be run: `edit` has the options of plug-ins, too, which other commands don't wait for.
    """
    root: Any = typer.main.get_command(build())
    if "edit" in words[:1]:
        root.commands["edit"] = editing.with_plugins()
    _hide_types(root)
    briefs.give(root)
    return root


def _hide_types(root: Any) -> None:
    """Typer shows Python's types behind the names of arguments (`QUERY <list[str]>`), which tells users nothing."""
    for command in (root, *getattr(root, "commands", {}).values()):
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                parameter.display_type_rich = lambda ctx: None
        if command is not root:
            _hide_types(command)


def run_command(session: Session) -> int:
    """Run the command of this session; returns its exit code."""
    root = command(session.start.rest)
    _refuse_other_encodings(root)
    if session.restricted:
        restricted.confine(root)
    try:
        with root.make_context("coterie", list(session.start.rest), obj=session) as context:
            code = root.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        return INTERRUPTED
    except TyperException as error:
        _explain(error)
        return 2
    return int(code or 0)


def _refuse_other_encodings(command: Any) -> None:
    """Refuse arguments that are not in the encoding of this system, except names of files: what is stored is text."""
    for parameter in command.params:
        if "FILE" not in (parameter.metavar or "") and parameter.callback is None:
            parameter.callback = _text
    for inner in getattr(command, "commands", {}).values():
        _refuse_other_encodings(inner)


def _text(_context: Any, parameter: Any, value: T) -> T:
    for text in value if isinstance(value, list | tuple) else (value,):
        if isinstance(text, str) and not is_text(text):
            raise InvalidInput(f"“{text}” ({parameter.metavar}) is not in the encoding of this system.", "Use UTF-8.")
    return value


def _explain(error: TyperException) -> None:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "coterie"
    complain(error.format_message().replace("Value error, ", ""), f"See {path} --help.")
