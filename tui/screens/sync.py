"""Sync contacts: connect Google Contacts, Office 365 or CardDAV; the connected accounts in plain words."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from core.book import Book
from core.errors import CoterieError
from core.model import Account, Conflict
from core.text import printable
from tui import notices
from tui.commands import Place, Situation, bindings_in
from tui.messages import BookChanged
from tui.plans import number_of
from tui.screens.base import CommandScreen
from tui.state import State
from tui.widgets.key_footer import KeyFooter
from tui.widgets.status_bar import StatusBar
from tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from core.sync.accounts import Options
    from tui.syncing import Syncing

REFRESH = 20
"""Seconds after which “3 minutes ago” may be wrong."""

ABOUT = {
    "google": "names, e-mails, phones, labels as groups, stars",
    "microsoft": "Outlook: all folders, categories as groups",
    "carddav": "iCloud, Fastmail, Nextcloud, Radicale …",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: an account, a provider that can be connected, or a heading."""

    words: Content
    account: Account | None = None
    provider: str = ""


class Sync(CommandScreen):
    """Every account with its state, its last and next sync, and how many contacts it gave; and what can be connected."""

    BINDINGS = bindings_in(Place.SYNC)
    CSS_PATH = "sync.tcss"
    AUTO_FOCUS = "#connections"
    place = Place.SYNC
    title_words = "Sync contacts"

    def __init__(self, book: Book, state: State) -> None:
        super().__init__(book, state)
        self._lines: list[Line] = []
        self._conflicts: Mapping[str, Sequence[Conflict]] = {}
        self._unreadable: Mapping[str, Sequence[tuple[str, str]]] = {}
        self._accounts: Sequence[Account] = ()

    def compose(self) -> ComposeResult:
        """Title, accounts, status and keys."""
        yield TitleBar()
        yield OptionList(id="connections", markup=False)
        yield Static(id="where", markup=False)
        yield StatusBar()
        yield KeyFooter()

    def on_mount(self) -> None:
        """Ask for the accounts."""
        self._load()
        self._tell_where()
        self.sync_moved()
        self.set_interval(REFRESH, self._draw)

    @property
    def _list(self) -> OptionList:
        return self.query_one("#connections", OptionList)

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
        accounts = await self.book.accounts()
        conflicts = await self.book.conflicts()
        self._unreadable = {one.name: await self.book.quarantined(one) for one in accounts}
        self._conflicts = {one.name: [each for each in conflicts if each.account == one.name] for one in accounts}
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
        self._list.add_options(
            Option(line.words, disabled=line.account is None and not line.provider) for line in self._lines
        )
        same = [place for place, line in enumerate(self._lines) if at is not None and _is_same(line, at)]
        first = [place for place, line in enumerate(self._lines) if line.account or line.provider]
        self._list.highlighted = next(iter(same + first), None)

    def _make_lines(self) -> list[Line]:
        lines: list[Line] = []
        now = datetime.now(UTC)
        if self._accounts:
            lines.append(Line(Content.styled("Active contacts connections", "bold")))
            lines += [Line(self._account_words(account, now), account) for account in self._accounts]
        syncing = self.state.syncing
        if syncing is not None:
            heading = "Connect another account" if self._accounts else "Where are your contacts?"
            lines.append(Line(Content.styled(f"\n{heading}" if self._accounts else heading, "bold")))
            for provider_id, label in syncing.accounts.offered.items():
                about = ABOUT.get(provider_id, "")
                words = Content.assemble(f"  {printable(label):<18}", (printable(about), "$text-muted"))
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
        )

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
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

    action_half_page_down = action_page_down
    action_half_page_up = action_page_up

    async def action_back(self) -> None:
        """Back to the screen beneath."""
        if self.is_current:
            self.dismiss()

    # Commands ------------------------------------------------------------------------------------------------------

    def action_open_connection(self) -> Awaitable[None] | None:
        """Connect the provider under the cursor, or list what can be done with the account under it."""
        line = self._current
        if line and line.provider:
            return self._connect(line.provider)
        return self.action_more() if line and line.account else None

    async def action_connect(self) -> None:
        """Choose a provider and sign in to an account of it."""
        line, syncing = self._current, self._syncing
        provider = line.provider if line else ""
        if not provider:
            from tui.dialogs.pick import Pick

            offered = list(syncing.accounts.offered.items())
            provider = await self.app.push_screen_wait(Pick("Sync contacts", offered, yes="Sync")) or ""
        if provider:
            await self._connect(provider)

    @property
    def _syncing(self) -> Syncing:
        if self.state.syncing is None:
            from core.errors import NotFound

            raise NotFound("No provider can be connected here.")
        return self.state.syncing

    async def _connect(self, provider: str) -> None:
        from tui.dialogs.connect import ConnectDialog

        syncing = self._syncing
        dialog = ConnectDialog(
            syncing.label(provider),
            lambda prompter, options: syncing.accounts.connect(provider, prompter, options=options),
            where=await syncing.accounts.where(),
            clipboard=self.state.options.clipboard,
        )
        account = await self.app.push_screen_wait(dialog)
        if account is not None:
            syncing.start(account, first=True)
            await self.refreshed()

    async def action_sign_in_again(self) -> None:
        """Sign in again to the account under the cursor."""
        if account := self.account:
            await self._sign_in_again(account)

    async def _sign_in_again(self, account: Account, *, write: bool = False) -> Account | None:
        from tui.dialogs.connect import ConnectDialog

        syncing = self._syncing
        dialog = ConnectDialog(
            syncing.label(account.provider),
            lambda prompter, options: syncing.accounts.sign_in_again(account, prompter, write=write, options=options),
            where=await syncing.accounts.where(),
            again=account.address,
            clipboard=self.state.options.clipboard,
        )
        signed_in = await self.app.push_screen_wait(dialog)
        if signed_in is not None:
            self.say(f"Signed in again as {account.address}.")
            await self.refreshed()
        return signed_in

    async def action_sync_account(self) -> None:
        """Sync the account under the cursor."""
        if account := self.account:
            self._syncing.start(account)

    def action_stop_sync(self) -> None:
        """Stop the sync of the account under the cursor."""
        if account := self.account:
            self._syncing.stop(account)

    async def action_account_options(self) -> None:
        """Writing back, and syncing by itself."""
        from core.sync.accounts import Options
        from tui.dialogs.account_options import AccountOptions

        account, syncing = self.account, self._syncing
        if account is None:
            return
        kind = await syncing.accounts.provider_class(account.provider)
        before = Options.of(account)
        dialog = AccountOptions(
            account.address, syncing.label(account.provider), before, can_write=kind.capabilities.write
        )
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None and chosen != before:
            await self._choose(account, before, chosen)

    async def _choose(self, account: Account, before: Options, chosen: Options) -> None:
        """Store the choices; writing only once the wider permission is there."""
        said = f"Saved the options of {account.address}."
        if chosen.write and not before.write:
            signed_in = await self._sign_in_again(account, write=True)
            if signed_in is None:
                chosen = replace(chosen, write=False, new_contacts=False)
                said = f"{account.address} did not get the permission to write, so writing back stays off."
        await self._syncing.accounts.choose(await self.book.account(account.name), chosen)
        self.say(said)
        await self.refreshed()

    async def action_conflicts(self) -> None:
        """Show what the account and we say differently, and settle it."""
        from core.checks import Checks
        from core.sync.settling import settle, settle_all
        from tui.dialogs.conflicts import ConflictsDialog

        account = self.account
        if account is None:
            return
        conflicts = [one for one in await self.book.conflicts() if one.account == account.name]
        ids = Checks.of(one.contact_id for one in conflicts)
        contacts = {one.id or 0: one async for one in self.book.contacts(ids)}

        async def decide(chosen: Sequence[Conflict], theirs: bool) -> None:
            wanted = Checks.of(one.contact_id for one in chosen)
            fresh = {one.id or 0: one async for one in self.book.contacts(wanted)}
            first = chosen[0]
            one_only = len(chosen) == 1 and first.contact_id in fresh
            plan = (
                settle(first, fresh[first.contact_id], theirs=theirs)
                if one_only
                else settle_all(chosen, fresh, theirs=theirs)
            )
            self.tell(await self.book.apply(plan))

        await self.app.push_screen_wait(ConflictsDialog(account.address, conflicts, contacts, decide))
        await self.refreshed()

    async def action_unreadable(self) -> None:
        """Show what the account sent that could not be understood."""
        from tui.dialogs.unreadable import UnreadableDialog

        if account := self.account:
            found = await self.book.quarantined(account)
            await self.app.push_screen_wait(UnreadableDialog(account.address, found))

    async def action_disconnect(self) -> None:
        """Ask what becomes of the contacts, and forget the account."""
        from tui.dialogs.disconnect import DisconnectDialog

        account, syncing = self.account, self._syncing
        if account is None:
            return
        alone = len(await self.book.only_of(account))
        fate = await self.app.push_screen_wait(DisconnectDialog(account.name, account.contacts, alone))
        if fate is not None:
            syncing.stop(account)
            keep = fate == "keep"
            await self.run_long(
                f"Disconnect {account.name}", lambda _: syncing.accounts.disconnect(account, keep=keep)
            )
            await self.refreshed()


def _is_same(line: Line, other: Line) -> bool:
    if line.account and other.account:
        return line.account.id == other.account.id
    return bool(line.provider) and line.provider == other.provider


def account_in_words(
    account: Account, label: str, now: datetime, progress: str | None = None, *, conflicts: int = 0, unreadable: int = 0
) -> Content:
    """An account with its state in a sentence or two."""
    last = f"Last synced {ago(account.last_sync, now)}" if account.last_sync else "Never synced so far"
    following = f", next {ahead(account.next_sync, now)}" if account.next_sync else ""
    writes = " What you change here goes there too." if account.settings.get("write") else ""
    lines = [f"{last}{following}. {number_of(account.contacts)} came from it.{writes}"]
    waiting = [
        f"{number_of(conflicts, 'conflict')} {'waits' if conflicts == 1 else 'wait'} for you." if conflicts else "",
        f"{unreadable:,} could not be read." if unreadable else "",
    ]
    lines += [" ".join(filter(None, waiting))] if any(waiting) else []
    return Content.assemble(
        "  ",
        (printable(account.address), "bold"),
        f"  {printable(label)}\n    ",
        _state(account, progress),
        "".join(f"\n    {line}" for line in lines),
    )


def _state(account: Account, progress: str | None) -> Content:
    if progress is not None:
        return Content.styled(f"Syncing: {progress} …", "$text-primary")
    message = printable(account.message)
    if account.state == "connected":
        return Content("Connected.")
    words = "Sign-in needed." if account.state == "sign-in needed" else "The last sync failed."
    return Content.styled(f"{words} {message}".strip(), "$text-warning")


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


