"""What a command works with: how it was started, the settings, the book, and who reads its output."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

from coterie.core.errors import CannotOpen
from coterie.core.settings import restricted_by
from coterie.tui import ending
from coterie.tui.commandline.book import opened
from coterie.tui.commandline.start import Start

if TYPE_CHECKING:
    import typer

    from coterie.core.book import Book
    from coterie.core.secrets import Secrets
    from coterie.core.settings import Settings
    from coterie.core.sync import Accounts
    from coterie.tui.drafts import Drafts

T = TypeVar("T")
Connections = Callable[["Settings", "Book", bool], "Accounts"]
"""Makes the accounts of a book; True for those of the throw-away one."""


HELP: Final = frozenset({"--help", "-h"})
INSIST_SECONDS: Final = 0.5
"""How long after a signal that seems to have got lost it is passed on again."""


class Session:
    """One run of the program.

    Args:
        start: how it was started.
        connections: makes what connects and syncs the accounts of a book; the composition root knows the providers.

    Attributes:
        has_changed: whether the book was changed meanwhile.
    """

    def __init__(self, start: Start, connections: Connections) -> None:
        self.start = start
        self.has_changed = False
        self._connections = connections

    @classmethod
    def of(cls, context: typer.Context) -> Session:
        """The session of a command that typer runs."""
        assert isinstance(context.obj, cls)
        return context.obj

    @cached_property
    def settings(self) -> Settings:
        """The settings, read when they are needed first: `--help` works with broken ones. Raises CannotOpen."""
        return self.start.load_settings()

    @cached_property
    def bound(self) -> bool:
        """Whether the account is restricted whatever its command line says. Raises CannotOpen.

        That is for its own config.toml and the environment to say: another file that is named by --config says nothing.
        """
        if restricted_by(os.environ):
            return True
        usual = self.start.config is None and not self.start.restricted
        return (self.settings if usual else Start().load_settings()).restricted

    @cached_property
    def restricted(self) -> bool:
        """Whether this account may do only what `tui.commandline.restricted` lists. Raises CannotOpen.

        If the settings cannot be read, nothing is done but to show the help of commands.
        """
        if self.start.restricted:
            return True
        try:
            return self.bound
        except CannotOpen:
            words = self.start.rest
            if HELP.isdisjoint(words) or (words[0] not in HELP and words[0].startswith("-")):
                raise
            return False

    @cached_property
    def secrets(self) -> Secrets:
        """Where passwords are kept; nowhere for the throw-away book."""
        from coterie.core.secrets import NoSecrets, Secrets

        return NoSecrets() if self.start.demo else Secrets(self.settings.tokens_folder)

    @cached_property
    def drafts(self) -> Drafts:
        """Where what is typed is kept until it is saved; nowhere for the throw-away book."""
        from coterie.tui.drafts import Drafts

        root = None if self.start.demo else self.settings.directories.state / "drafts"
        return Drafts(root, self.settings.database_url)

    def accounts(self, book: Book) -> Accounts:
        """The accounts of an open book."""
        return self._connections(self.settings, book, self.start.demo)

    def run(self, work: Callable[[Book], Awaitable[int]]) -> int:
        """Open the book, let `work` have it, close it; returns the exit code of `work`."""

        async def working() -> int:
            async with opened(self.settings, demo=self.start.demo) as book:
                before = book.revision
                try:
                    return await work(book)
                finally:
                    self.has_changed = book.revision != before

        return self.run_alone(working())

    def run_alone(self, work: Coroutine[object, object, T]) -> T:
        """Run what opens the book itself, or needs none."""
        return asyncio.run(_stoppable(work))


async def _stoppable(work: Coroutine[object, object, T]) -> T:
    """`work`, ended in order by SIGTERM and SIGHUP: what was begun is rolled back, the terminal is restored."""
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    received: list[int] = []

    def stop(number: int) -> None:
        received.append(number)
        insist()

    def insist() -> None:
        # Textual swallows a cancellation that reaches it while it starts or waits for a screen.
        if not task.done():
            if not ending.tell_others():
                task.cancel()
            loop.call_later(INSIST_SECONDS, insist)

    heard = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is not signal.SIG_IGN]
    for number in heard:  # all but what nohup ignores
        loop.add_signal_handler(number, stop, number)
    try:
        result = await task
    except asyncio.CancelledError:
        if not received:
            raise
    finally:
        for number in heard:  # the loop closes what they need before it forgets them
            loop.remove_signal_handler(number)
    if received:
        raise SystemExit(128 + received[0])  # as shells count it
    return result
