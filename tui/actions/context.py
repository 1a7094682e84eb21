"""What a screen offers to the functions of commands: the book, the user, and what the user means.

A function asks for the smallest context that it needs; one that a single theme needs stands in the theme's module.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from coterie.core.checks import Checks
from coterie.tui.actions.command import Place, Situation
from coterie.tui.widgets.modal import Answer

if TYPE_CHECKING:
    from textual.app import App

    from coterie.core.book import Book
    from coterie.core.changes import Outcome, Progress
    from coterie.core.listing import Listing, Row
    from coterie.core.model import Contact, Group
    from coterie.tui.state import State
    from coterie.tui.target import Target
    from coterie.tui.widgets.contact_table import ContactTable
    from coterie.tui.widgets.modal import Modal
    from coterie.tui.widgets.sidebar import Sidebar

Result = TypeVar("Result")
Beside = Callable[[int, int], Awaitable[int | None]]
"""Moves the cursor of a list to the contact so many rows from that of this id: its id, None at the ends of the list."""


class Context(Protocol):
    """Any screen or dialog of commands.

    Attributes:
        book: the open book.
        state: what the screens share.
    """

    book: Book
    state: State

    @property
    def app(self) -> App[Any]:
        """The program: its clipboard, its notices, the way back to the shell."""

    @property
    def where(self) -> Place:
        """Where the keys act now."""

    def situation(self) -> Situation:
        """The moment, for the reasons why a command cannot be used."""

    def key(self, command_id: str) -> str:
        """The key of a command as the screen writes it."""

    def action_command(self, command_id: str) -> None:
        """Carry out a command, or say why it cannot be used now."""

    async def ask(self, dialog: Modal[Answer]) -> Answer | None:
        """Open a dialog and wait for its answer; None if the user cancels."""

    def say(self, sentence: str, undo: bool = False) -> None:
        """Show a sentence in the status bar, until the next key or, with `undo`, until the next sentence."""

    def show_said(self) -> None:
        """Show what was said last."""

    def tell(self, outcome: Outcome, way_back: str = "undo") -> None:
        """Show what a change did, what it left out, and which command undoes it."""

    async def choose_command(self) -> None:
        """List what can be done here, and do what is chosen."""

    async def find_command(self) -> None:
        """Open the command palette."""

    async def show_help(self) -> None:
        """Show all keys."""

    async def up_to_date(self) -> None:
        """Return when this shows the book as it is now."""

    async def shown(self) -> None:
        """Return when the screen on top shows the book as it is now."""

    async def with_progress(self, title: str, work: Callable[[Progress], Awaitable[Result]]) -> Result:
        """Await `work`, showing its progress once it takes long. Raises what it raises, and Cancelled."""

    async def after_undo(self) -> None:
        """A change was undone: put the cursor where the user looks for it."""


class Selecting(Context, Protocol):
    """A screen on which contacts are meant: those that are checked, the one under the cursor, or the one it shows."""

    @property
    def group(self) -> Group | None:
        """The group whose members are shown, or that is under the cursor of the list of groups."""

    @property
    def group_under_cursor(self) -> Group | None:
        """The group that commands for groups act on; None if the cursor is on something else."""

    async def target(self, command_id: str) -> Target | None:
        """What a command changes: every one asks here first. None if the user changes nothing after all."""

    async def looked_at(self) -> Target:
        """What a command acts on that changes nothing: what is checked, shown here or not, else the row."""

    def drop(self, selection: Checks) -> None:
        """These are not checked any more: they have moved elsewhere."""


class Listed(Selecting, Protocol):
    """A list, of contacts or of groups, with a sidebar.

    Attributes:
        query_text: what is searched for.
    """

    query_text: str

    @property
    def sidebar(self) -> Sidebar:
        """The sidebar."""

    def to_list(self) -> None:
        """Give the list the focus, at once: the next key acts there."""

    async def look_for(self, query: str) -> None:
        """Put a search into the search line and show what it finds."""

    async def go_to(self, contact_id: int) -> None:
        """Put the cursor on a contact, if the list shows it."""

    async def show_accounts(self) -> None:
        """Open Sync contacts over the list."""


class Rows(Listed, Protocol):
    """A list of contacts.

    Attributes:
        table: its rows.
        listing: which they are.
        columns: the fields that are shown.
        checks: what is checked, among contacts of this kind.
    """

    table: ContactTable
    listing: Listing
    columns: tuple[str, ...]
    checks: Checks

    @property
    def heading(self) -> str:
        """The title of the list."""

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""

    def show_place(self) -> None:
        """Show in the status bar where the cursor is."""

    async def show_details(self, contact: Contact, beside: Beside) -> None:
        """Show everything about a contact; `beside` leads to others of the list."""
