"""RunsCommands and CommandScreen: commands, notices, the status bar, plans and their progress."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on

from coterie.core.book import Book
from coterie.core.changes import Outcome, Plan, Progress
from coterie.core.errors import Cancelled, NotFound
from coterie.tui import notices
from coterie.tui.commands import COMMANDS, Command, Keymap, Place, Situation, commands_in
from coterie.tui.messages import BookChanged, CommandChosen
from coterie.tui.palette import BookCommands
from coterie.tui.screens.progress import with_progress
from coterie.tui.state import State
from coterie.tui.terminal.textual_private import WholeFrames
from coterie.tui.widgets.command_bar import Entry
from coterie.tui.widgets.key_footer import KeyFooter
from coterie.tui.widgets.modal import Answer
from coterie.tui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from coterie.tui.app import CoterieApp
    from coterie.tui.dialogs.form import Saving

MODES = {"show_all": "contacts", "show_favorites": "favorites", "show_groups": "groups", "show_bin": "bin"}


if TYPE_CHECKING:
    from textual.screen import Screen

    _Screen = Screen[None]
else:
    _Screen = object  # Textual looks at one base class for styles, and that is the screen's or the dialog's


class RunsCommands(_Screen):
    """A screen or a dialog whose keys, footer and menus come from COMMANDS.

    A command is carried out by `action_<id>`: a plain method at once, a coroutine in a worker of the app, where it may
    open dialogs and wait for the book. Whatever either raises becomes a notice.

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
            self.say("")  # a hint or an error is for the moment; what can be taken back stays until the next
        if self.where not in command.places and self.key_place not in command.places:
            self.say(self.not_here(command))
            return
        if reason := command.reason(self.situation()):
            self.say(reason)
            return
        self.state.carried_out(command_id)
        try:
            result = getattr(self, f"action_{command_id}")()
        except Exception as error:  # noqa: BLE001 - the funnel: everything becomes a notice
            notices.show(self.app, error)
            return
        if result is not None:
            self.later(result, command_id)

    def not_here(self, command: Command) -> str:
        """Why a command of this screen does nothing where the focus is."""
        return f"{command.label} cannot be done here."

    def later(self, work: Awaitable[object], name: str = "") -> None:
        """Await `work` in a worker of the app, which outlives this screen; what goes wrong becomes a notice."""
        pending = ExitStack()
        pending.enter_context(self.state.under_way(self.app.screen))
        self.app.run_worker(self._guarded(work, pending), name=name, group="commands", exit_on_error=False)

    def key(self, command_id: str) -> str:
        """The key of a command as the screen writes it."""
        return self.keymap.key(COMMANDS[command_id])

    async def _guarded(self, work: Awaitable[object], pending: ExitStack) -> None:
        try:
            with pending:
                await work
        except Exception as error:  # noqa: BLE001 - the funnel: everything becomes a notice
            notices.show(self.app, error)

    # Saying and doing ------------------------------------------------------------------------------------------

    def say(self, sentence: str, undo: bool = False) -> None:
        """Show a sentence in the status bar, until the next key or, with `undo`, until the next sentence."""
        self._say(sentence, "undo" if undo else "")

    def _say(self, sentence: str, way_back: str) -> None:
        self.state.said = (sentence, way_back)
        self.show_said()

    def show_said(self) -> None:
        """Show what was said last, with the key that takes it back where that key works."""
        sentence, way_back = self.state.said
        works = way_back and self.key_place in COMMANDS[way_back].places
        for bar in self.app.screen.query(StatusBar):
            bar.say(sentence, self.key(way_back) if works else "", way_back)

    def tell(self, outcome: Outcome, way_back: str = "undo") -> None:
        """Show what a change did, what it left out, and which command takes it back."""
        left_out = f" Left out: {outcome.skipped[0].subject} ({outcome.skipped[0].reason})" if outcome.skipped else ""
        if len(outcome.skipped) > 1:
            left_out += f" and {len(outcome.skipped) - 1:,} more"
        can_go_back = outcome.undoable and outcome.operation_id is not None
        self._say(outcome.summary + left_out, way_back if can_go_back else "")

    async def carry_out(self, plan: Plan) -> Outcome | None:
        """Apply `plan`, with progress where it takes long, and tell the outcome; None where the user stopped it."""
        return await self.run_long(plan.title, lambda progress: self.book.apply(plan, progress))

    async def carry_out_quietly(self, plan: Plan) -> Outcome:
        """Apply `plan`, with progress, and leave it to the caller to tell the outcome. Raises Cancelled."""
        return await with_progress(self.app, plan.title, lambda progress: self.book.apply(plan, progress))

    async def carry_out_from(self, dialog: Saving[Answer], plan: Callable[[Answer], Plan | None]) -> Answer | None:
        """Open a dialog, which stays until the plan of its answer is carried out; its answer, None without one."""
        outcomes: list[Outcome] = []

        async def save(answer: Answer) -> bool:
            if (meant := plan(answer)) is not None:
                outcomes.append(await self.carry_out_quietly(meant))
            return True

        dialog.save = save
        answer = await self.app.push_screen_wait(dialog)
        for outcome in outcomes:
            await self.tell_shown(outcome)
        return answer

    async def run_long(
        self, title: str, work: Callable[[Progress], Awaitable[Outcome]], way_back: str = "undo"
    ) -> Outcome | None:
        """Do something that ends in an Outcome, with progress where it takes long; None where the user stopped it.

        The outcome is told once the screen shows it, with the key of the command `way_back`, which takes it back.
        """
        try:
            outcome = await with_progress(self.app, title, work)
        except Cancelled as stopped:
            self.say(str(stopped))
            return None
        await self.tell_shown(outcome, way_back)
        return outcome

    async def tell_shown(self, outcome: Outcome, way_back: str = "undo") -> None:
        """Tell the outcome of a change once the screen shows it."""
        try:
            if isinstance(screen := self.app.screen, RunsCommands):
                await screen.refreshed()
        finally:
            self.tell(outcome, way_back)

    def book_changed(self) -> None:
        """The book was changed, by this program or another; called on the event loop."""
        self.post_message(BookChanged())

    async def refreshed(self) -> None:
        """Return when the screen shows the book as it is now."""

    def sync_moved(self) -> None:
        """A sync has begun, gone on or ended: show how far those are that the user has begun."""
        words = self.state.syncing.words if self.state.syncing else ""
        for bar in self.query(StatusBar):
            bar.working(f"{self.state.glyphs.sync} {words}" if words else "")

    async def action_sync_now(self) -> None:
        """Sync all accounts."""
        if self.state.syncing is None or not await self.state.syncing.start_all():
            self.say(f"No account is connected. {self.key('sync')} connects one.")

    # The views -------------------------------------------------------------------------------------------------

    async def _switch(self, command_id: str) -> None:
        await self.app.switch_mode(MODES[command_id])
        while len(self.app.screen_stack) > 1 and isinstance(self.app.screen, CommandScreen):
            await self.app.pop_screen()  # what was left open in that view

    def action_show_all(self) -> Awaitable[None]:
        """Show all contacts."""
        return self._switch("show_all")

    def action_show_favorites(self) -> Awaitable[None]:
        """Show the favorites."""
        return self._switch("show_favorites")

    async def action_show_groups(self) -> None:
        """Show the list of groups, also from inside one of them."""
        await self._switch("show_groups")
        while len(self.app.screen_stack) > 1:
            await self.app.pop_screen()

    def action_show_bin(self) -> Awaitable[None]:
        """Show the Bin."""
        return self._switch("show_bin")

    # The program -----------------------------------------------------------------------------------------------

    async def action_undo(self) -> None:
        """Take back the last change."""
        try:
            await self.run_long("Undo", self.book.history.undo, way_back="redo")
        except NotFound as nothing:
            self.say(str(nothing))

    async def action_redo(self) -> None:
        """Redo the change that was undone last."""
        try:
            await self.run_long("Redo", self.book.history.redo)
        except NotFound as nothing:
            self.say(str(nothing))

    async def action_theme(self) -> None:
        """Choose a theme."""
        from coterie.tui.dialogs.theme import choose_theme

        await choose_theme(cast("CoterieApp", self.app))

    async def action_more(self) -> None:
        """List what can be done here, and do what is chosen."""
        from coterie.tui.screens.more import MoreActions

        chosen = await self.app.push_screen_wait(MoreActions(self.keymap, self.situation()))
        if chosen:
            self.action_command(chosen)

    def action_suspend(self) -> None:
        """Back to the shell, until `fg` there."""
        self.app.action_suspend_process()

    def action_tour(self) -> None:
        """Leave the book for the tour: whoever runs the program begins it."""
        from coterie.tui.tour import TOUR

        self.state.has_quit = True
        self.app.exit(return_code=TOUR)

    def action_quit(self) -> None:
        """Leave; what was typed and not saved is given up."""
        self.state.has_quit = True
        self.app.exit()


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

    async def action_palette(self) -> None:
        """Open the command palette."""
        from coterie.tui.dialogs.palette_screen import PaletteScreen

        await self.app.push_screen(PaletteScreen())

    async def action_help(self) -> None:
        """Show all keys."""
        from coterie.tui.screens.help import HelpScreen, of_place

        await self.app.push_screen(HelpScreen(of_place(self.keymap, self.situation())))
