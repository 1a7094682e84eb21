"""The program: the menu, help, the palette, colors, the tour, and the ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from coterie.tui.actions.command import CONTACTS, EVERYWHERE, IN_SEARCH, IN_SYNC, LISTS, Command, Place, Section, rank
from coterie.tui.actions.context import Context
from coterie.tui.actions.reasons import needs_own_screen, needs_shell

if TYPE_CHECKING:
    from coterie.tui.app import CoterieApp

TOUR: Final = 90
"""The exit code of a program whose user wants the tour."""


async def more(here: Context) -> None:
    """List what can be done here, and do what is chosen."""
    await here.choose_command()


async def show_help(here: Context) -> None:
    """Show all keys."""
    await here.show_help()


async def palette(here: Context) -> None:
    """Open the command palette."""
    await here.find_command()


async def theme(here: Context) -> None:
    """Choose a theme."""
    from coterie.tui.dialogs.theme import choose_theme

    await choose_theme(cast("CoterieApp", here.app))


def tour(here: Context) -> None:
    """Leave the book for the tour: whoever runs the program begins it."""
    here.state.has_quit = True
    here.app.exit(return_code=TOUR)


def suspend(here: Context) -> None:
    """Back to the shell, until `fg` there."""
    here.app.action_suspend_process()


def quit_program(here: Context) -> None:
    """Leave; what was typed and not saved is given up."""
    here.state.has_quit = True
    here.app.exit()


COMMANDS: Final[tuple[Command, ...]] = (
    Command("more", more, ("m",), "More actions", "Show what you can do here.", Section.PROGRAM, LISTS | IN_SYNC,
            footer={**rank(10, CONTACTS), Place.GROUPS: 9, Place.SIDEBAR: 9, Place.SAVED: 9, Place.SYNC: 11},
            short="more"),
    Command("help", show_help, ("?", "f1"), "Help", "Show all keys.", Section.PROGRAM, EVERYWHERE | IN_SEARCH,
            footer=rank(0, EVERYWHERE | IN_SEARCH), short="help", menu=True),
    Command("palette", palette, ("ctrl+p",), "Command palette", "Find a command by its name.", Section.PROGRAM,
            EVERYWHERE),
    Command("theme", theme, (), "Change the colors", "Choose another theme.", Section.PROGRAM, LISTS, menu=True),
    Command("tour", tour, ("f2",), "Take the tour",
            "Leave this book for a throw-away one of invented people, and be shown around in two minutes.",
            Section.PROGRAM, LISTS, needs_own_screen, menu=True),
    Command("suspend", suspend, ("ctrl+z",), "Back to the shell",
            "Stop and go back to the shell; `fg` there brings Coterie back.", Section.PROGRAM, EVERYWHERE | IN_SYNC,
            needs_shell),
    Command("quit", quit_program, ("q", "ctrl+q"), "Quit", "Quit Coterie. Everything is already saved.",
            Section.PROGRAM, EVERYWHERE, footer={**rank(0, LISTS), Place.BIN: 11}, short="quit"),
)  # fmt: skip
