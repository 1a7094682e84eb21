"""Sync contacts: connect Google Contacts, Office 365 or CardDAV; the connected accounts in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from textual import events, on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.book import Book
from coterie.core.errors import CoterieError
from coterie.core.model import Account, Conflict
from coterie.core.text import printable
from coterie.tui import notices
from coterie.tui.account_words import account_in_words
from coterie.tui.commands import Place, Situation, bindings_in
from coterie.tui.messages import BookChanged
from coterie.tui.plans import number_of
from coterie.tui.screens.accounts import AccountCommands
from coterie.tui.state import State
from coterie.tui.widgets.dialog_list import PagedList
from coterie.tui.widgets.key_footer import KeyFooter
from coterie.tui.widgets.status_bar import StatusBar
from coterie.tui.widgets.title_bar import TitleBar

REFRESH = 20
"""Seconds after which “3 minutes ago” may be wrong."""

LOW = 20
"""Below so many lines it is not said where tokens are kept."""

WELCOME = "Choose, press enter and sign in. Nothing is changed there until you turn on writing back.\n"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: an account, a provider that can be connected, or a heading."""

    words: Content
    account: Account | None = None
    provider: str = ""

    @property
    def can_be_chosen(self) -> bool:
        """Whether the cursor stops here."""
        return self.account is not None or bool(self.provider)


class Sync(AccountCommands):
    """Every account with its state, its syncs, and how many contacts it gave; and what can be connected."""

    BINDINGS = bindings_in(Place.SYNC)
    CSS_PATH = "sync.tcss"
    place = Place.SYNC
    title_words = "Sync contacts"

    def __init__(self, book: Book, state: State) -> None:
        super().__init__(book, state)
        self._lines: list[Line] = []
        self._marked_place = 0
        self._conflicts: Mapping[str, Sequence[Conflict]] = {}
        self._unreadable: Mapping[str, Sequence[tuple[str, str]]] = {}
        self._refused: Mapping[str, int] = {}
        self._left_out: Mapping[str, int] = {}
        self._accounts: Sequence[Account] = ()

    def compose(self) -> ComposeResult:
        """Title, accounts, status and keys."""
        yield TitleBar()
        yield PagedList(id="connections", markup=False)
        yield Static(id="where", markup=False)
        yield StatusBar()
        yield KeyFooter()

    def on_mount(self) -> None:
        """Ask for the accounts."""
        self._list.focus()
        self._load()
        self._tell_where()
        self.sync_moved()
        self.set_interval(REFRESH, self._draw)

    def on_resize(self, event: events.Resize) -> None:
        """On a low terminal all lines are for the accounts."""
        self.set_class(event.size.height < LOW, "-low")

    @property
    def _list(self) -> PagedList:
        return self.query_one("#connections", PagedList)

    # Showing -------------------------------------------------------------------------------------------------------

    @on(BookChanged)
    @work(group="accounts", exclusive=True, exit_on_error=False)
    async def _load(self) -> None:
        try:
            await self.refreshed()
        except CoterieError as error:
            notices.show(self.app, error)

    async def refreshed(self) -> None:
        """Show the accounts as they are now."""
        accounts = await self.book.accounts.all()
        conflicts = await self.book.accounts.conflicts()
        self._unreadable = {one.name: await self.book.accounts.quarantined(one) for one in accounts}
        self._left_out = {one.name: len(await self.book.accounts.left_out(one)) for one in accounts}
        self._conflicts = {one.name: [each for each in conflicts if each.account == one.name] for one in accounts}
        self._refused = Counter(one.account for one in await self.book.accounts.refusals())
        self._accounts = accounts
        self._draw()

    @work(group="where", exit_on_error=False)
    async def _tell_where(self) -> None:
        if self.state.syncing is not None:
            where = await self.state.syncing.accounts.where()
            self.query_one("#where", Static).update(printable(where))

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        self.show_said()
        self._load()

    def sync_moved(self) -> None:
        """A sync has begun, gone on or ended."""
        super().sync_moved()
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        before, lines = self._lines, self._make_lines()
        at = self._current
        self._lines = lines
        if [one.words for one in before] != [one.words for one in lines]:
            self._show(at)
        count = len(self._accounts)
        self.query_one(TitleBar).tell(
            self.title_words, number_of(count, "account") if count else "", (self.entry("sync_now"),) if count else ()
        )
        self.refresh_footer()

    def _show(self, at: Line | None) -> None:
        """Fill the list, the cursor on the same line as before, else on the first that can be chosen."""
        self._list.clear_options()
        self._list.add_options(Option(self._marked(line), disabled=not line.can_be_chosen) for line in self._lines)
        same = [place for place, line in enumerate(self._lines) if at is not None and _is_same(line, at)]
        first = [place for place, line in enumerate(self._lines) if line.can_be_chosen]
        self._list.highlighted = next(iter(same + first), None)

    def _marked(self, line: Line, marked: bool = False) -> Content:
        """A line as it is drawn: the cursor has a sign, as colors may be missing."""
        sign = f"{self.state.glyphs.cursor} " if marked else "  "
        return Content.assemble(sign, line.words) if line.can_be_chosen else line.words

    def _make_lines(self) -> list[Line]:
        lines: list[Line] = []
        now = self.book.now()
        if self._accounts:
            lines.append(Line(Content.styled("Active contacts connections", "bold")))
            lines += [Line(self._account_words(account, now), account) for account in self._accounts]
        syncing = self.state.syncing
        if syncing is not None:
            heading = "Connect another account" if self._accounts else "Where are your contacts?"
            lines.append(Line(Content.styled(f"\n{heading}" if self._accounts else heading, "bold")))
            if not self._accounts:
                lines.append(Line(Content(WELCOME)))
            for provider_id, label in syncing.accounts.offered.items():
                about = syncing.accounts.about.get(provider_id, "")
                words = Content.assemble(f"{printable(label):<18}", printable(about))
                lines.append(Line(words, provider=provider_id))
        elif not self._accounts:
            lines.append(Line(Content("No account is connected.")))
        return lines

    def _account_words(self, account: Account, now: datetime) -> Content:
        syncing = self.state.syncing
        label = syncing.label(account.provider) if syncing else account.provider
        progress = syncing.progress(account) if syncing else None
        return account_in_words(
            account,
            label,
            now,
            progress,
            conflicts=len(self._conflicts.get(account.name, ())),
            unreadable=len(self._unreadable.get(account.name, ())),
            refused=self._refused.get(account.name, 0),
            left_out=self._left_out.get(account.name, 0),
        )

    # What is under the cursor --------------------------------------------------------------------------------------

    @property
    def _current(self) -> Line | None:
        at = self._list.highlighted
        return self._lines[at] if at is not None and at < len(self._lines) else None

    @property
    def account(self) -> Account | None:
        """The account under the cursor."""
        return self._current.account if self._current else None

    @property
    def provider(self) -> str:
        """The provider under the cursor."""
        return self._current.provider if self._current else ""

    def go_to(self, account: Account) -> None:
        """Put the cursor on an account."""
        places = [place for place, line in enumerate(self._lines) if line.account and line.account.id == account.id]
        self._list.highlighted = places[0] if places else self._list.highlighted

    def situation(self) -> Situation:
        """The moment, for the reasons why a command cannot be used."""
        account, syncing = self.account, self.state.syncing
        name = account.name if account else ""
        return replace(
            super().situation(),
            row=account is not None,
            syncing=account is not None and syncing is not None and syncing.progress(account) is not None,
            conflicts=len(self._conflicts.get(name, ())),
            unreadable=len(self._unreadable.get(name, ())),
            refused=self._refused.get(name, 0),
            left_out=self._left_out.get(name, 0),
        )

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        for place in {self._marked_place, event.option_index}:
            if place < len(self._lines):
                marked = place == event.option_index
                self._list.replace_option_prompt_at_index(place, self._marked(self._lines[place], marked))
        self._marked_place = event.option_index
        self.refresh_footer()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_command("open_connection")

    # Moving --------------------------------------------------------------------------------------------------------

    def action_down(self) -> None:
        """Down."""
        self._list.action_cursor_down()

    def action_up(self) -> None:
        """Up."""
        self._list.action_cursor_up()

    def action_first(self) -> None:
        """To the first line."""
        self._list.action_first()

    def action_last(self) -> None:
        """To the last line."""
        self._list.action_last()

    def action_page_down(self) -> None:
        """A page down."""
        self._list.action_page_down()

    def action_page_up(self) -> None:
        """A page up."""
        self._list.action_page_up()

    def action_half_page_down(self) -> None:
        """The list is short: a page down."""
        self.action_page_down()

    def action_half_page_up(self) -> None:
        """A page up."""
        self.action_page_up()

    async def action_back(self) -> None:
        """Back to the screen beneath."""
        if self.is_active:
            self.dismiss()

    # Commands ------------------------------------------------------------------------------------------------------

    def action_open_connection(self) -> Awaitable[None] | None:
        """Connect the provider under the cursor, or list what can be done with the account under it."""
        if self.provider:
            return self.connect(self.provider)
        return self.action_more() if self.account else None


def _is_same(line: Line, other: Line) -> bool:
    if line.account and other.account:
        return line.account.id == other.account.id
    return bool(line.provider) and line.provider == other.provider
