"""RunsCommands and CommandScreen: commands, notices, the status bar, plans and their progress."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on

from coterie.core.book import Book
from coterie.core.changes import Outcome, Progress
from coterie.core.errors import CoterieError
from coterie.tui import notices
from coterie.tui.actions.command import Command, Place, Situation
from coterie.tui.actions.context import Result
from coterie.tui.commands import COMMANDS, Keymap, commands_in, learn_plugins
from coterie.tui.jobs import job
from coterie.tui.messages import CommandChosen
from coterie.tui.palette import BookCommands
from coterie.tui.screens.progress import with_progress
from coterie.tui.state import State
from coterie.tui.terminal.textual_private import WholeFrames
from coterie.tui.widgets.command_bar import Entry
from coterie.tui.widgets.key_footer import KeyFooter
from coterie.tui.widgets.modal import Answer, Modal
from coterie.tui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from textual.screen import Screen

    _Screen = Screen[None]
else:
    _Screen = object  # Textual looks at one base class for styles, and that is the screen's or the dialog's


class RunsCommands(_Screen):
    """A screen or a dialog whose keys, footer and menus come from COMMANDS.

    A command's function is given this screen. What it returns is awaited in a worker of the app, where it may open
    dialogs and wait for the book. Whatever either raises becomes a notice.

    Args:
        book: the open book.
        state: what the screens share.
    """

    place: Place
    title_words: ClassVar[str] = ""

    def __init__(self, book: Book, state: State) -> None:
        super().__init__()
        self.book = book
        self.state = state
        self._footer_for: tuple[Situation, Place] | None = None
        self._stale = False
        self._up_to_date = asyncio.Event()
        self._up_to_date.set()

    @property
    def keymap(self) -> Keymap:
        """Which keys the commands have."""
        return self.state.keymap

    @property
    def fetching(self) -> bool:
        """Whether what is under the cursor is still on its way: the next key waits for it."""
        return False

    # Commands --------------------------------------------------------------------------------------------------

    @property
    def where(self) -> Place:
        """Whose commands the keys carry out: a screen may have more places than one."""
        return self.place

    @property
    def key_place(self) -> Place:
        """Whose keys the footer shows: those that work where the focus is."""
        return self.where

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Textual asks: of several commands with one key, the one whose place the keys belong to now is carried out."""
        if action != "command" or not parameters:
            return super().check_action(action, parameters)
        command = COMMANDS[str(parameters[0])]
        if self.where in command.places:
            return True
        # It says why not, if no command of this place has its key, and none of the list beside this place.
        places = {self.where} if self.place in command.places else {self.where, self.place}
        others = [key for place in places for other in commands_in(place) for key in self.keymap.keys(other)]
        return set(others).isdisjoint(self.keymap.keys(command))

    def situation(self) -> Situation:
        """The moment, for the reasons why a command cannot be used."""
        options = self.state.options
        return Situation(self.where, restricted=options.restricted, clipboard=options.clipboard)

    def entry(self, command_id: str, rank: int = 1, label: str | None = None) -> Entry:
        """A command as a bar shows it."""
        command = COMMANDS[command_id]
        return self._entry(command, rank, command.brief if label is None else label)

    def _entry(self, command: Command, rank: int, label: str) -> Entry:
        key = self.keymap.key(command, self.key_place)
        reason = command.reason(self.situation())
        tooltip = f"{command.label} ({key}): {reason or command.tooltip}" if key else reason or command.tooltip
        return Entry(command.id, key, label, tooltip, rank)

    def refresh_footer(self) -> None:
        """Show the keys of this place, those that cannot be used now left out."""
        now, place = self.situation(), self.key_place
        now = replace(now, checked=min(now.checked, 1), binned=min(now.binned, 1))  # no command asks how many
        if (now, place) == self._footer_for:
            return
        entries = [
            self._entry(command, command.footer[place], command.brief)
            for command in commands_in(place)
            if place in command.footer and not command.reason(now)
        ]
        for footer in self.query(KeyFooter):
            footer.tell(entries)
            self._footer_for = (now, place)
        self.show_said()

    def action_command(self, command_id: str) -> None:
        """Carry out a command, or say why it cannot be used now."""
        command = COMMANDS[command_id]
        sentence, way_back = self.state.said
        if sentence and not way_back:
            self.say("")  # a hint or an error is for the moment; what can be undone stays until the next
        if self.where not in command.places and self.key_place not in command.places:
            self.say(self.not_here(command))
            return
        if reason := command.reason(self.situation()):
            self.say(reason)
            return
        self.state.carried_out(command_id)
        try:
            result = command.run(self)
        except Exception as error:  # noqa: BLE001 - the funnel: everything becomes a notice
            notices.show(self.app, error)
            return
        if result is not None:
            self.later(result, command_id)

    async def choose_command(self) -> None:
        """List what can be done here, and do what is chosen."""
        from coterie.tui.screens.more import MoreActions

        await learn_plugins()
        if chosen := await self.ask(MoreActions(self.keymap, self.situation())):
            self.action_command(chosen)

    async def find_command(self) -> None:
        """Open the command palette."""
        from coterie.tui.dialogs.palette_screen import PaletteScreen

        await learn_plugins()
        await self.app.push_screen(PaletteScreen())

    async def show_help(self) -> None:
        """Show all keys."""
        from coterie.tui.screens.help import HelpScreen, of_place

        await self.app.push_screen(HelpScreen(of_place(self.keymap, self.situation(), COMMANDS.values())))

    def not_here(self, command: Command) -> str:
        """Why a command of this screen does nothing where the focus is."""
        return f"{command.label} cannot be done here."

    def later(self, work: Awaitable[object], name: str = "") -> None:
        """Await `work` in a worker of the app, which outlives this screen; what goes wrong becomes a notice."""
        pending = ExitStack()
        pending.enter_context(self.state.under_way(self.app.screen))
        self.app.run_worker(job(self._guarded, work, pending), name=name, group="commands", exit_on_error=False)

    def key(self, command_id: str) -> str:
        """The key of a command as the screen writes it."""
        return self.keymap.key(COMMANDS[command_id])

    def begin(self, work: Callable[[], object], group: str) -> None:
        """Await what `work` returns in a worker that ends with this screen, and with the next one of its group."""
        self.run_worker(work, group=group, exclusive=True, exit_on_error=False)

    async def _guarded(self, work: Awaitable[object], pending: ExitStack) -> None:
        try:
            with pending:
                await work
        except Exception as error:  # noqa: BLE001 - the funnel: everything becomes a notice
            notices.show(self.app, error)

    # Asking and saying -----------------------------------------------------------------------------------------

    async def ask(self, dialog: Modal[Answer]) -> Answer | None:
        """Open a dialog and wait for its answer; None if the user cancels."""
        return await self.app.push_screen_wait(dialog)

    async def with_progress(self, title: str, work: Callable[[Progress], Awaitable[Result]]) -> Result:
        """Await `work`, showing its progress once it takes long. Raises what it raises, and Cancelled."""
        return await with_progress(self.app, title, work)

    async def after_undo(self) -> None:
        """A change was undone: put the cursor where the user looks for it."""

    def say(self, sentence: str, undo: bool = False) -> None:
        """Show a sentence in the status bar, until the next key or, with `undo`, until the next sentence."""
        self._say(sentence, "undo" if undo else "")

    def _say(self, sentence: str, way_back: str) -> None:
        self.state.said = (sentence, way_back)
        self.show_said()

    def show_said(self) -> None:
        """Show what was said last, with the key that undoes it if that key works."""
        sentence, way_back = self.state.said
        works = way_back and self.key_place in COMMANDS[way_back].places
        for bar in self.app.screen.query(StatusBar):
            bar.say(sentence, self.key(way_back) if works else "", way_back)

    def tell(self, outcome: Outcome, way_back: str = "undo") -> None:
        """Show what a change did, what it left out, and which command undoes it."""
        left_out = f" Left out: {outcome.skipped[0].subject} ({outcome.skipped[0].reason})" if outcome.skipped else ""
        if len(outcome.skipped) > 1:
            left_out += f" and {len(outcome.skipped) - 1:,} more"
        can_go_back = outcome.undoable and outcome.operation_id is not None
        self._say(self.state.called(outcome.summary + left_out), way_back if can_go_back else "")

    # Following the book ----------------------------------------------------------------------------------------

    def book_changed(self) -> None:
        """The book was changed, by this program or another: show it as it is now, or once this is seen again."""
        self._stale = True
        self.follow()

    def on_screen_resume(self) -> None:
        """What changed while this was not seen is shown now."""
        self.follow()

    def follow(self) -> None:
        """Fetch what is shown again if it is out of date and seen; several changes at once are fetched once."""
        if self._stale and self._up_to_date.is_set() and self in self.app.screen_stack:
            self._up_to_date.clear()
            self.begin(self._follow, "reload")

    async def _follow(self) -> None:
        try:
            while self._stale:
                self._stale = False
                await self.reload()
        except CoterieError as error:
            notices.show(self.app, error)
        finally:
            self._up_to_date.set()

    async def reload(self) -> None:
        """Show the book as it is now."""

    def on_unmount(self) -> None:
        """Nobody waits for a screen that is gone."""
        self._up_to_date.set()

    async def up_to_date(self) -> None:
        """Return when this shows the book as it is now, if it is seen."""
        await self._up_to_date.wait()

    async def shown(self) -> None:
        """Return when the screen on top shows the book as it is now."""
        if isinstance(screen := self.app.screen, RunsCommands):
            await screen.up_to_date()

    def sync_moved(self) -> None:
        """A sync has begun, gone on or ended: show how far those are that the user has begun."""
        words = self.state.syncing.words if self.state.syncing else ""
        for bar in self.query(StatusBar):
            bar.working(self.state.glyphs.sync if words else "", words)


class CommandScreen(RunsCommands, WholeFrames[None]):
    """A screen of commands."""

    COMMANDS = {BookCommands}  # noqa: RUF012 - Textual's way
    AUTO_FOCUS = None

    @on(events.ScreenSuspend)
    def _covered(self) -> None:
        """Beneath a dialog no key of this screen works."""
        for bar in self.query(StatusBar):
            bar.say(self.state.said[0])

    @on(CommandChosen)
    def _chosen(self, message: CommandChosen) -> None:
        message.stop()
        self.command_clicked(message.command)

    def command_clicked(self, command_id: str) -> None:
        """A command was chosen in a bar."""
        self.action_command(command_id)
