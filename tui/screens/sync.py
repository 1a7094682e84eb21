"""Sync contacts: the connected accounts in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from core.errors import CoterieError
from core.model import Account
from core.text import printable
from tui import notices
from tui.commands import Place, bindings_in
from tui.plans import number_of
from tui.screens.scrolling import ScrollingCommands
from tui.widgets.key_footer import KeyFooter
from tui.widgets.status_bar import StatusBar
from tui.widgets.title_bar import TitleBar

NO_ACCOUNT = """No account is connected.

Contacts come from Google Contacts, Office 365 or a CardDAV server once one is connected.
Until then, i imports them from a file that Google, Outlook or another program has exported."""


class Sync(ScrollingCommands):
    """Every account with its state, its last and next sync, and how many contacts it gave."""

    BINDINGS = bindings_in(Place.SYNC)
    CSS_PATH = "sync.tcss"
    place = Place.SYNC
    title_words = "Sync contacts"

    def compose(self) -> ComposeResult:
        """Title, accounts, status and keys."""
        yield TitleBar()
        with VerticalScroll(id="accounts"):
            yield Static(id="account-list", markup=False)
        yield StatusBar()
        yield KeyFooter()

    def on_mount(self) -> None:
        """Ask for the accounts."""
        self.query_one(TitleBar).tell(self.title_words, "", ())
        self.refresh_footer()
        self._load()

    @work(group="accounts", exit_on_error=False)
    async def _load(self) -> None:
        try:
            accounts = await self.book.accounts()
        except CoterieError as error:
            notices.show(self.app, error)
            return
        self.query_one("#account-list", Static).update(accounts_in_words(accounts, datetime.now(UTC)))


def accounts_in_words(accounts: Sequence[Account], now: datetime) -> Content:
    """The accounts, each with its state in a sentence or two."""
    if not accounts:
        return Content(NO_ACCOUNT)
    blocks = []
    for account in accounts:
        last = f"Last synced {ago(account.last_sync, now)}." if account.last_sync else "Never synced so far."
        following = f" Next sync {ahead(account.next_sync, now)}." if account.next_sync else ""
        words = printable(account.message or account.state)
        blocks.append(
            Content.assemble(
                (printable(account.address), "bold"),
                f"  {printable(account.provider)}\n  {words}\n  {last}{following}\n"
                f"  {number_of(account.contacts)} came from it.\n",
            )
        )
    return Content("\n").join(blocks)


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in words: “3 minutes ago”."""
    return f"{_span(now - then)} ago"


def ahead(then: datetime, now: datetime) -> str:
    """How soon, in words: “in 3 minutes”."""
    return f"in {_span(then - now)}" if then > now else "now"


def _span(span: timedelta) -> str:
    seconds = max(span.total_seconds(), 0)
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return number_of(int(seconds // size), unit)
    return "less than a minute"
