"""Sync contacts: connect Google Contacts, Office 365 or CardDAV; the connected accounts in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from textual import events, on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from coterie.core.book import Book
from coterie.core.errors import CoterieError
from coterie.core.model import Account, Conflict
from coterie.core.text import number_of, printable
from coterie.tui.account_words import account_in_words
from coterie.tui.actions.accounts import sign_in
from coterie.tui.actions.command import Place, Situation
from coterie.tui.commands import COMMANDS, bindings_in
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.screens.base import RunsCommands
from coterie.tui.state import State
from coterie.tui.widgets.dialog_keys import Key
from coterie.tui.widgets.dialog_list import DialogList

REFRESH = 20
"""Seconds after which “3 minutes ago” may be wrong."""

_ONE_ACCOUNT: Final = ("account_options", "account_places", "disconnect", "more")
"""The commands that have a button while the cursor is on an account, beside the main one."""

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


class _Connections(DialogList):
    """The accounts and what can be connected."""

    hint = ""
    """What the line above the buttons says as long as nothing has happened."""


class Sync(RunsCommands, Dialog[None]):
    """Every account with its state, its syncs, and how many contacts it gave; and what can be connected.

    It is a dialog: its keys are those of dialogs, and besides them the commands of `Place.SYNC`.
    """

    BINDINGS = bindings_in(Place.SYNC)
    CSS_PATH = [DIALOG_CSS, "sync.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#connections"
    gives_way = "#connections"
    most_lines = 30
    place = Place.SYNC
    heading = "Sync contacts"
    cancel_label = "Close"

    def __init__(self, book: Book, state: State) -> None:
        super().__init__(book, state)
        self._lines: list[Line] = []
        self._marked_place = 0
        self._conflicts: Mapping[str, Sequence[Conflict]] = {}
        self._unreadable: Mapping[str, Sequence[tuple[str, str]]] = {}
        self._refused: Mapping[str, int] = {}
        self._left_out: Mapping[str, int] = {}
        self._places: Mapping[str, int] = {}
        self._accounts: Sequence[Account] = ()
        self._is_loaded = False

    @property
    def fetching(self) -> bool:
        """Whether the accounts are still on their way: keys that are typed ahead wait for them."""
        return not self._is_loaded

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        yield _Connections(id="connections", markup=False)

    def compose_buttons(self) -> Iterable[Widget]:
        """What can be done with the line under the cursor."""
        yield DialogButton("Connect", "confirm", main=True, id="confirm")
        for command in map(COMMANDS.__getitem__, _ONE_ACCOUNT):
            yield DialogButton(
                command.brief.capitalize(),
                f"command('{command.id}')",
                key=self.key(command.id),
                danger=command.id == "disconnect",
                id=command.id,
            )
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """Ask for the accounts."""
        self.book_changed()
        self._tell_where()
        self.set_interval(REFRESH, self._draw)

    @property
    def _list(self) -> _Connections:
        return self.query_one("#connections", _Connections)

    # Showing -------------------------------------------------------------------------------------------------------

    async def reload(self) -> None:
        """Show the accounts as they are now."""
        accounts = await self.book.accounts.all()
        conflicts = await self.book.accounts.conflicts()
        self._unreadable = {account.name: await self.book.accounts.quarantined(account) for account in accounts}
        self._left_out = {account.name: len(await self.book.accounts.left_out(account)) for account in accounts}
        self._conflicts = {
            account.name: [conflict for conflict in conflicts if conflict.account == account.name]
            for account in accounts
        }
        self._refused = Counter(refusal.account for refusal in await self.book.accounts.refusals())
        self._places = Counter(source.account for source in await self.book.accounts.places() if source.place.id)
        self._accounts = accounts
        self._is_loaded = True
        self._draw()

    @work(group="where", exit_on_error=False)
    async def _tell_where(self) -> None:
        if self.state.syncing is not None:
            self._list.hint = printable(await self.state.syncing.accounts.where())
            self.show_said()

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        self.show_said()

    def sync_moved(self) -> None:
        """A sync has begun, gone on or ended."""
        super().sync_moved()
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        before, lines = self._lines, self._make_lines()
        at = self._current
        self._lines = lines
        if [line.words for line in before] != [line.words for line in lines]:
            self._show(at)
        count = len(self._accounts)
        self.retitle(f"{self.heading}: {number_of(count, 'account')}" if count else self.heading)
        self._show_buttons()

    def _show_buttons(self) -> None:
        """Let the buttons and the bottom line be about the line under the cursor."""
        situation = self.situation()
        if main := self.main:
            words = "Stop the sync" if situation.syncing else "Sync now" if self.account else "Connect"
            if main.words != words:
                main.relabel(words)
        for name in _ONE_ACCOUNT:
            is_offered = name != "account_places" or situation.places
            self.query_one(f"#{name}").display = self.account is not None and bool(is_offered)
        self.show_keys()

    def _show(self, at: Line | None) -> None:
        """Fill the list, the cursor on the same line as before, else on the first that can be chosen."""
        self._list.clear_options()
        self._list.add_options(Option(self._marked(line), disabled=not line.can_be_chosen) for line in self._lines)
        same = [place for place, line in enumerate(self._lines) if at is not None and _is_same(line, at)]
        first = [place for place, line in enumerate(self._lines) if line.can_be_chosen]
        self._list.highlighted = next(iter(same + first), None)
        self.call_after_refresh(self._list.scroll_to_highlight)

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
            places=self._places.get(name, 0),
        )

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        for place in {self._marked_place, event.option_index}:
            if place < len(self._lines):
                marked = place == event.option_index
                self._list.replace_option_prompt_at_index(place, self._marked(self._lines[place], marked))
        self._marked_place = event.option_index
        self._show_buttons()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_main()

    # Keys ----------------------------------------------------------------------------------------------------------

    def keys_here(self) -> list[Key]:
        """Those of the dialog, and those of the commands that can be used now."""
        return [told for key in super().keys_here() if (told := self._told(key))]

    def _told(self, key: Key) -> Key | None:
        name = key.action.removeprefix("command('").removesuffix("')")
        if (command := COMMANDS.get(name)) is None or name == key.action:
            return key
        shown = self.place in command.footer and not command.reason(self.situation())
        idle = {"sync_now": not self._accounts, "connect": bool(self.provider)}  # enter connects the one marked
        return replace(key, label=command.brief if shown and not idle.get(command.id) else "")

    # Saying --------------------------------------------------------------------------------------------------------

    def say(self, message: str | CoterieError, undo: bool = False, *, error: bool = False) -> None:
        """Show a sentence above the buttons, until the next key or, with `undo`, until the next sentence."""
        super().say(str(message), undo)

    def show_said(self) -> None:
        """Show what was said last; the screen beneath shows it when this is closed."""
        sentence, way_back = self.state.said
        Dialog.say(self, f"{sentence}  {self.key(way_back)} {way_back}" if way_back else sentence, error=False)

    # What is done --------------------------------------------------------------------------------------------------

    def action_confirm(self) -> None:
        """Connect the provider under the cursor, or sync the account under it, or stop that."""
        if self.provider:
            self.later(sign_in(self, self.provider), "connect")
        elif self.account:
            self.action_command("stop_sync" if self.situation().syncing else "sync_account")


def _is_same(line: Line, other: Line) -> bool:
    if line.account and other.account:
        return line.account.id == other.account.id
    return bool(line.provider) and line.provider == other.provider
