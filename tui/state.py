"""What the screens share while the program runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from coterie.core.account_names import AccountNames
from coterie.core.bulk import BulkAction
from coterie.core.checks import Checks
from coterie.tui.commands import Keymap
from coterie.tui.drafts import Drafts
from coterie.tui.files import Files
from coterie.tui.found import SavedSearchCounts
from coterie.tui.glyphs import choose_glyphs
from coterie.tui.memory import Memory

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.model import Account
    from coterie.tui.posting import Posting
    from coterie.tui.syncing import Syncing


@dataclass(frozen=True, slots=True)
class Options:
    """The part of the settings that the screen needs.

    Attributes:
        theme: the name of a theme; empty to follow the terminal.
        linear: append lines instead of drawing screens.
        ascii: draw with ASCII characters only; None to go by the locale.
        clipboard: whether OSC 52 may be used.
        keys: the user's own keys: command id -> keys, separated by commas.
        restricted: no editor, no browser, files only inside `files_folder`.
        files_folder: the only folder that a restricted account may reach.
        recipes_folder: where recipes are kept; None if there can be none.
        debug: show unforeseen errors with all their details.
        tour: begin with the tour.
    """

    theme: str = ""
    linear: bool = False
    ascii: bool | None = None
    clipboard: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)
    restricted: bool = False
    files_folder: Path | None = None
    recipes_folder: Path | None = None
    debug: bool = False
    tour: bool = False


class State:
    """What is shared by all screens.

    Args:
        memory: what is remembered for the next time; nothing if None.
        options: the settings of the screen.
        drafts: where what is typed is kept; nowhere if None.

    Attributes:
        memory: what is remembered for the next time.
        drafts: what is typed and not saved yet.
        has_quit: whether the user has left the program on purpose.
        keymap: which keys the commands have.
        glyphs: the characters to draw with.
        checks: what is checked among the live contacts; it survives searches and changes of view.
        bin_checks: what is checked in the Bin.
        search_counts: how many contacts the saved searches find.
        account_names: what accounts are called.
        last_steps: what `.` does again.
        said: the status bar's last sentence, and the id of the command that undoes what it tells; empty for none.
        carried_out: told the id of each command that the user gives; the tour waits for them.
        posting: makes what mails leave by; None if none can be written.
        syncing: the syncs; None if no provider can be connected.
    """

    def __init__(
        self, memory: Memory | None = None, options: Options | None = None, drafts: Drafts | None = None
    ) -> None:
        self.memory = memory or Memory()
        self.drafts = drafts or Drafts()
        self.has_quit = False
        self.options = options or Options()
        self.keymap = Keymap(self.options.keys)
        self.glyphs = choose_glyphs(self.options.ascii)
        self.checks = Checks()
        self.bin_checks = Checks()
        self.search_counts = SavedSearchCounts()
        self.account_names = AccountNames()
        self._accounts_as_of: int | None = None
        self.last_steps: tuple[BulkAction, ...] = ()
        self.said: tuple[str, str] = ("", "")
        self.syncing: Syncing | None = None
        self.posting: Callable[[], Posting] | None = None
        self.carried_out: Callable[[str], None] = lambda command_id: None
        self._under_way: list[object] = []

    @contextmanager
    def under_way(self, screen: object) -> Iterator[None]:
        """While a command that was begun on `screen` is carried out."""
        self._under_way.append(screen)
        try:
            yield
        finally:
            self._under_way.remove(screen)

    def is_busy(self, screen: object) -> bool:
        """Whether a command that was begun on `screen` is still under way: the next key waits for it."""
        return screen in self._under_way

    def learn_names(self, accounts: Iterable[Account]) -> None:
        """Learn what the accounts of the book are called; those that were disconnected go by their addresses, too."""
        from coterie.tui.offered import NAMES

        self.account_names = AccountNames(accounts, self.syncing.label if self.syncing else str, NAMES)

    async def learn_accounts(self, book: Book) -> None:
        """The same, if the book has changed since they were learned."""
        if self._accounts_as_of != (revision := book.revision):
            self.learn_names(await book.accounts.all())
            self._accounts_as_of = revision

    def called(self, text: str) -> str:
        """A text with all accounts in it called as people call them."""
        return self.account_names.within(text)

    @property
    def files(self) -> Files:
        """The files that this user may reach."""
        return Files(self.options.files_folder if self.options.restricted else None)
