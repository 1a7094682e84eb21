"""The full-screen program."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual import events, work
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from coterie.core.book import Book
from coterie.core.errors import CoterieError
from coterie.tui import notices, themes
from coterie.tui.dimming import ReadableDim
from coterie.tui.glyphs import ASCII
from coterie.tui.keeping import Keeper
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.base import CommandScreen, RunsCommands
from coterie.tui.screens.progress import ProgressScreen
from coterie.tui.state import State
from coterie.tui.syncing import Syncing
from coterie.tui.terminal.app import TerminalApp
from coterie.tui.widgets.scroll_bars import draw_thin

if TYPE_CHECKING:
    from coterie.core.sync import Accounts
    from coterie.tui.linear.narrator import Narrator
    from coterie.tui.tour import Tour

# The first screen does not wait for the import of the others.
_OTHER_VIEWS = (
    ("favorites", "coterie.tui.screens.favorites", "Favorites"),
    ("groups", "coterie.tui.screens.groups", "Groups"),
    ("bin", "coterie.tui.screens.bin", "Bin"),
)


# What is likely to be opened first; imported in the background once the first rows are there.
_LIKELY = (
    *(module for _, module, _ in _OTHER_VIEWS),
    "coterie.tui.screens.details",
    "coterie.tui.screens.more",
    "coterie.tui.screens.help",
    "coterie.tui.screens.cell_editor",
    "coterie.tui.dialogs.contact_form",
    "coterie.tui.dialogs.group_picker",
    "coterie.tui.dialogs.prompt",
    "coterie.tui.dialogs.confirm",
    "coterie.tui.dialogs.bulk_edit",
    "coterie.tui.dialogs.import_contacts",
    "coterie.tui.dialogs.export_contacts",
    "coterie.tui.dialogs.columns",
)
WARM_UP = 0.7
"""Seconds after the start from which on that happens."""
FIRST_COPY = 15.0
"""Seconds after the start until the copy of the day is made, if it is due."""
COPIES = 900.0
"""Seconds between later looks whether it is: a day may have passed."""
BIN_LOOK = 5.0
"""Seconds after the start until the first look whether the Bin has kept something for too long."""
BIN_LOOKS = 3600.0
"""Seconds between later looks."""
TROUBLE = 60.0
"""Seconds for which it is shown that the book cannot be changed; whoever tries all the same reads it again."""
TURN = 0.0005
"""After so many seconds a thread that counts or imports lets the screen's thread go on (Python's default is 0.005)."""


_READABLE_DIM = ReadableDim()
_log = logging.getLogger(__name__)


def _warm_up() -> None:
    for module in _LIKELY:
        import_module(module)
    if not gc.isenabled():  # off since the start; what was made until now stays, so it need not be looked at again
        gc.freeze()
        gc.enable()


def _open_view(module: str, view: str, book: Book, state: State) -> CommandScreen:
    screen: type[CommandScreen] = getattr(import_module(module), view)
    return screen(book, state)


def _linear_driver(state: State) -> type[Driver] | None:
    if not state.options.linear:
        return None
    from coterie.tui.linear.driver import LinearDriver

    return LinearDriver


class CoterieApp(TerminalApp[None]):
    """The four views as modes, the theme, and the word that the book has changed.

    Args:
        book: the open book; whoever opened it closes it.
        state: the settings of the screen, and what is remembered of it.
        accounts: makes what connects and syncs accounts, when it is first needed; None if nothing can be connected.
        keep_copy: makes the copy of the day if it is due, beside everything else; None if no copies are made.
    """

    TITLE = "Coterie"
    CSS_PATH = "app.tcss"
    COMMANDS = set()  # noqa: RUF012 - the screens have their own; Textual's would double them
    DEFAULT_MODE = "contacts"
    ENABLE_COMMAND_PALETTE = False  # the palette is a command of our screens; over a dialog it would be empty

    def __init__(
        self,
        book: Book,
        state: State,
        accounts: Callable[[], Accounts] | None = None,
        keep_copy: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        # Without colors Textual writes shades of gray, unless the colors are the terminal's own (https://no-color.org).
        super().__init__(_linear_driver(state), ansi_color=True if os.environ.get("NO_COLOR") else None)
        self.book = book
        self.state = state
        self.keeper = Keeper(self, state.drafts)
        self._keep_copy = keep_copy
        self._said: CoterieError | None = None  # why the book cannot be changed, as it was said last
        self._stop_listening: Callable[[], None] = lambda: None
        if accounts is not None:
            state.syncing = Syncing(self, book, accounts, say=self._say, moved=self._sync_moved)
        self.narrator = self._narrator()
        self.tour: Tour | None = None
        self.animation_level = "none"
        self.set_keymap(state.keymap.overrides)
        self.show_theme(self._wanted_theme())
        self._signs: list[LineFilter] = []
        if state.glyphs is ASCII:
            from coterie.tui.ascii_signs import AsciiSigns

            self.add_class("-ascii")
            self._signs.append(AsciiSigns())
        draw_thin(state.glyphs)
        self.add_mode("contacts", partial(AllContacts, book, state))
        for name, module, view in _OTHER_VIEWS:
            self.add_mode(name, partial(_open_view, module, view, book, state))

    @property
    def color_count(self) -> int:
        """How many colors the terminal has: 16, 256, or all of them."""
        return {"standard": 16, "256": 256}.get(self.console.color_system or "", 256**3)

    def show_theme(self, name: str) -> None:
        """Draw with the theme of this name; with the terminal's own colors if it is empty or nobody knows it."""
        theme = themes.find(name, fixed=self.color_count <= 256) or self.get_theme(name) or themes.follow_terminal()
        self.register_theme(theme)
        self.theme = theme.name

    def _wanted_theme(self) -> str:
        for name in (self.state.options.theme, self.state.memory.recall("theme")):
            if isinstance(name, str) and self._shows(name):
                return name
        return ""

    def _shows(self, name: str) -> bool:
        if name in themes.PALETTE_NAMES:
            return self.color_count > 16
        return name in themes.NAMES or name in self.available_themes

    def _problem_of_theme(self) -> str:
        name = self.state.options.theme
        if not name or self._shows(name):
            return ""
        if name in themes.PALETTE_NAMES:
            return f"This terminal has {self.color_count} colors; the theme “{name}” needs 256."
        return f"There is no theme “{name}”. The themes are: {', '.join(themes.NAMES)}."

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, behind one that keeps dim text readable: Textual's own would not. In ASCII there is another."""
        return [*self._signs, _READABLE_DIM, *super().get_line_filters()]

    def say_error(self, error: Exception) -> None:
        """Say what was not foreseen as every other error is said."""
        notices.show(self, error)

    def is_fetching(self, screen: Screen[Any]) -> bool:
        """Whether a list fetches its rows."""
        return isinstance(screen, RunsCommands) and screen.fetching

    def is_opening(self, screen: Screen[Any]) -> bool:
        """Whether a command is carried out."""
        return self.state.is_busy(screen)

    def is_blocked(self, screen: Screen[Any]) -> bool:
        """Whether progress is shown."""
        return isinstance(screen, ProgressScreen)

    def is_for_progress(self, event: events.Event) -> bool:
        """Whether a key is for the screen that shows progress: nothing is typed there."""
        return self.focused is not None or (isinstance(event, events.Key) and event.key in ProgressScreen.KEYS)

    async def on_event(self, event: events.Event) -> None:
        """Keep what is typed once a click may have moved the focus."""
        if isinstance(event, events.MouseUp):
            self.keeper.typed()
        await super().on_event(event)

    async def carry_out(self, event: events.Event) -> None:
        """Carry out a key or a paste; esc closes notices that stay until they were read, first."""
        self.keeper.typed()
        if self.tour is not None and isinstance(event, events.Key) and event.key == self.tour.END_KEY:
            self.tour.end()
            self.tour = None
            return
        if isinstance(event, events.Key) and event.key == "escape" and notices.close_read(self):
            return
        await super().carry_out(event)

    def _narrator(self) -> Narrator | None:
        if not self.state.options.linear:
            return None
        from coterie.tui.linear.narrator import Narrator

        def say(line: str) -> None:
            getattr(self.driver, "say", print)(line)

        return Narrator(self, say)

    def notify(self, message: str, *, title: str = "", **options: Any) -> None:
        """Show a notice; if nothing is drawn, say it."""
        if self.narrator is not None:
            self.narrator.note(title, message)
        else:
            super().notify(message, title=title, **options)

    def on_load(self) -> None:
        """Let no task begin before its turn, on any Python.

        Textual asks for that if Python knows eager tasks (3.12), and then meets its first screen before it has it.
        """
        asyncio.get_running_loop().set_task_factory(None)

    def on_mount(self) -> None:
        """Begin what goes on beside the keys, and say what the settings ask for in vain."""
        sys.setswitchinterval(TURN)
        self.set_timer(WARM_UP, lambda: self.run_worker(_warm_up, group="warm up", thread=True))
        self._stop_listening = self.book.subscribe(self._book_changed)
        self._say_trouble()
        if self._keep_copy is not None:
            self.set_timer(FIRST_COPY, self._copy_book)
            self.set_interval(COPIES, self._copy_book)
        self.set_timer(BIN_LOOK, self._look_into_bin)
        self.set_interval(BIN_LOOKS, self._look_into_bin)
        if self.state.syncing is not None:
            self.state.syncing.begin()
        if self.state.options.tour:
            from coterie.tui.tour import Tour

            self.tour = Tour(self)
        if self.state.drafts.is_on:
            self._offer_unfinished()
        if problems := "\n".join(filter(None, (*self.state.keymap.problems, self._problem_of_theme()))):
            self.notify(problems, title="Settings", severity="warning", markup=False, timeout=10)

    def end_with_error(self) -> None:
        """End with a sentence if an error was not foreseen; the log has the details, `--debug` shows them.

        A traceback would have everybody's names in it.
        """
        error = sys.exc_info()[1]
        if self.state.options.debug or error is None:
            super().end_with_error()
        else:
            notice = notices.notice_of(error)
            self.panic(Text(f"coterie: {notice.title}\n{notice.hint}"))

    def on_unmount(self) -> None:
        """Stop listening to the book."""
        self._stop_listening()

    def _say_trouble(self) -> None:
        """Say once, for longer than other notices, that the book cannot be changed."""
        trouble = self.book.trouble
        if trouble is not None and trouble is not self._said:
            notices.show(self, trouble, seconds=TROUBLE)
        self._said = trouble

    @work(group="unfinished")
    async def _offer_unfinished(self) -> None:
        """Offer what was typed when the line dropped."""
        if drafts := await asyncio.to_thread(self.state.drafts.left):
            from coterie.tui.screens.unfinished import offer

            await offer(self.keeper, self.screen, drafts)

    def exit(self, *args: Any, **options: Any) -> None:
        """End; if the user did not ask for it, what is typed at this moment is kept."""
        if not self.state.has_quit:
            self.keeper.flush()
        super().exit(*args, **options)

    def _copy_book(self) -> None:
        if self._keep_copy is not None:
            self.run_worker(self._keep_copy, group="copy", exclusive=False)

    @work(group="bin")
    async def _look_into_bin(self) -> None:
        from coterie.tui.bin_words import bin_words

        try:
            report = await self.book.bin.look()
        except CoterieError as error:  # the next look is in time, too
            _log.info("cannot tell what the Bin lets go of: %s", type(error).__name__)
            return
        if sentences := "\n".join(bin_words(report)):
            self.notify(sentences, title="Bin", markup=False, timeout=15)

    def _commanding(self) -> list[RunsCommands]:
        """All that are open, in any view, the one on top of the present view last."""
        return [screen for screen in self.open_screens() if isinstance(screen, RunsCommands)]

    def _book_changed(self) -> None:
        self._say_trouble()
        for screen in self._commanding():
            screen.book_changed()

    def _say(self, sentence: str, undo: bool) -> None:
        for screen in self._commanding()[-1:]:
            screen.say(sentence, undo)

    def _sync_moved(self) -> None:
        for screen in self._commanding():
            screen.sync_moved()
