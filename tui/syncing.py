"""Syncing: the syncs that run while the screen is open, whatever screen is shown.

They are workers of the app, so they survive leaving a screen; when the program ends they are cancelled, and the book is
as it was before those that had not come to their end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from coterie.core.book import Book
from coterie.core.errors import Cancelled, CoterieError
from coterie.core.model import Account
from coterie.core.text import number_of, printable
from coterie.tui import notices
from coterie.tui.jobs import job
from coterie.tui.time_left import TimeLeft
from coterie.tui.watching import Watching

if TYPE_CHECKING:
    from textual.app import App
    from textual.worker import Worker

    from coterie.core.sync import Accounts, SyncEvent, SyncReport, Vanishing

FIRST_LOOK: Final = 1.0
"""Seconds after the start when the accounts that sync at the start are synced."""
EVERY: Final = 20.0
"""Seconds between two looks at the accounts that sync every so often."""
GLANCE: Final = 2.0
"""Seconds between two looks at the accounts that are watched, at least."""
SHARE: Final = 20
"""The pause between looks, as a multiple of the time that a look takes: large folders take no more of a processor."""


class Syncing:
    """Starts, stops and tells of syncs.

    Args:
        app: whose workers the syncs are.
        book: the open book.
        accounts: makes the accounts; it imports what the first screen does not need, so it is called late.
        say: shows a sentence in the status bar; True if `u` undoes what it tells.
        moved: called when a sync has begun, gone on or ended.
    """

    def __init__(
        self,
        app: App[Any],
        book: Book,
        accounts: Callable[[], Accounts],
        *,
        say: Callable[[str, bool], None],
        moved: Callable[[], None],
    ) -> None:
        self._app = app
        self._book = book
        self._make = accounts
        self._say = say
        self._moved = moved
        self._running: dict[str, str] = {}
        self._quiet: set[str] = set()
        self._workers: dict[str, Worker[object]] = {}
        self._stopped: set[str] = set()
        self._watched: list[Account] = []

    @cached_property
    def accounts(self) -> Accounts:
        """The accounts, with all that they need."""
        return self._make()

    @cached_property
    def _watching(self) -> Watching:
        return Watching(self.accounts, partial(self.start, quiet=True))

    def label(self, provider_id: str) -> str:
        """A provider's name for the user."""
        return self.accounts.offered.get(provider_id, provider_id)

    def progress(self, account: Account) -> str | None:
        """How far the account's sync is, in words; None if none runs."""
        return self._running.get(account.name)

    @property
    def words(self) -> str:
        """How far the syncs are that the user has begun; empty if none runs."""
        shown = [words for name, words in self._running.items() if name not in self._quiet]
        return shown[0] if len(shown) == 1 else f"{len(shown)} accounts" if shown else ""

    # Starting and stopping -----------------------------------------------------------------------------------------

    def start(self, account: Account, *, quiet: bool = False, first: bool = False) -> None:
        """Sync an account, unless it is being synced.

        Args:
            account: which.
            quiet: nobody asked for it: say nothing if nothing changed, ask nothing, fail in one line.
            first: it was just connected: a banner says how many contacts came.
        """
        if account.name in self._running:
            self._quiet.discard(account.name) if not quiet else None
            return
        self._running[account.name] = "connecting"
        if quiet:
            self._quiet.add(account.name)
        self._workers[account.name] = self._app.run_worker(
            job(self._sync, account, first=first), name=f"sync {account.name}", group="sync", exit_on_error=False
        )
        self._moved()

    async def start_all(self) -> int:
        """Sync all accounts; how many they are."""
        accounts = await self._book.accounts.all()
        for account in accounts:
            self.start(account)
        return len(accounts)

    def stop(self, account: Account) -> None:
        """Stop the sync of an account; the book is then as it was before it."""
        if worker := self._workers.get(account.name):
            self._stopped.add(account.name)
            worker.cancel()

    def begin(self) -> None:
        """Look after the accounts that sync by themselves, from now on."""
        self._app.set_timer(FIRST_LOOK, lambda: self._look(starting=True))
        self._app.set_interval(EVERY, self._look)

    def _look(self, *, starting: bool = False) -> None:
        self._app.run_worker(job(self.start_due, starting=starting), group="sync", exit_on_error=False)

    async def start_due(self, *, starting: bool = False) -> None:
        """Quietly sync the accounts that are due, and watch those that can be watched."""
        try:
            accounts = await self._book.accounts.all()
            if accounts:  # most people have none, and need none of the imports behind this
                for account in await self.accounts.due(starting=starting):
                    self.start(account, quiet=True)
                self._watch([account for account in accounts if self.accounts.is_watched(account)])
        except CoterieError as error:
            self._say(str(error), False)

    def _watch(self, accounts: list[Account]) -> None:
        """Watch these accounts from now on."""
        was_watching, self._watched = bool(self._watched), accounts
        if accounts and not was_watching:
            self._glance_after(GLANCE)

    def _glance_after(self, seconds: float) -> None:
        self._app.set_timer(
            seconds, lambda: self._app.run_worker(job(self._glance), name="watch", group="sync", exit_on_error=False)
        )

    async def _glance(self) -> None:
        """Look whether the accounts that are watched have changed, and sync those that have."""
        began = monotonic()
        try:
            await self._watching.look(self._watched, self._running)
        finally:
            if self._watched:
                self._glance_after(max(GLANCE, SHARE * (monotonic() - began)))

    # One sync ------------------------------------------------------------------------------------------------------

    async def _sync(self, account: Account, *, first: bool) -> None:
        ended = True
        try:
            report = await self._run(account, await self.accounts.called(account))
            if report is not None:
                await self._tell(account, report, first=first)
        except asyncio.CancelledError:
            if account.name not in self._stopped:
                ended = False  # the program ends: there are no screens any more
                raise
            self._say(f"Stopped the sync of {account.address}. Nothing was changed by it.", False)
        except Exception as error:  # noqa: BLE001 - the funnel: everything becomes a notice
            self._tell_failure(account, error)
        finally:
            for names in (self._quiet, self._stopped):
                names.discard(account.name)
            self._running.pop(account.name, None)
            self._workers.pop(account.name, None)
            if ended:
                self._moved()

    async def _run(self, account: Account, called: str) -> SyncReport | None:
        report, left = None, TimeLeft()
        async for event in self.accounts.sync(account, confirm=partial(self._confirm, called)):
            self._running[account.name] = words_for(event, left)
            self._moved()
            report = getattr(event, "report", report)
        return report

    async def _confirm(self, called: str, question: Vanishing) -> bool:
        """Ask before much vanishes; a sync that nobody asked for does not ask, it is refused."""
        if question.account in self._quiet:
            return False
        from coterie.tui.dialogs.confirm import Confirm

        if question.there:
            yes = f"Delete {question.vanish:,} there"
            advice = "You have deleted them here. If they are deleted there, too, that cannot be undone."
        else:
            yes = f"Move {question.vanish:,} to the Bin"
            advice = "Continue if they were deleted there on purpose. Stopping changes nothing; you can look first."
        dialog = Confirm(
            "Continue this sync?", f"{replace(question, account=called).sentence} {advice}", yes, "Stop", danger=True
        )
        confirmed = await self._app.push_screen_wait(dialog)
        return confirmed is True

    async def _tell(self, account: Account, report: SyncReport, *, first: bool) -> None:
        if first:
            came = (await self._book.accounts.named(account.name)).contacts
            notices.show_until_read(
                self._app,
                _came(came, printable(account.address)),
                f"{self.label(account.provider)} is connected",
            )
        if account.name not in self._quiet or report.news:
            said = replace(report, account=await self.accounts.called(account)).sentence
            self._say(said, report.outcome is not None and report.outcome.operation_id is not None)

    def _tell_failure(self, account: Account, error: Exception) -> None:
        notice = notices.notice_of(error)
        if account.name in self._quiet or isinstance(error, Cancelled):
            self._say(f"{account.address} was not synced: {notice.title} {notice.hint}".strip(), False)
        else:
            self._say(f"{account.address} was not synced.", False)
            notices.show(self._app, error)


def _came(contacts: int, address: str) -> str:
    if not contacts:
        return f"There are no contacts in {address} yet."
    return f"{number_of(contacts)} came from {address}. {'It is' if contacts == 1 else 'They are'} in All contacts."


def words_for(event: SyncEvent, left: TimeLeft) -> str:
    """How far a sync is: “1,200 of 5,000 read, about 3 minutes left”."""
    done, total = getattr(event, "done", None), getattr(event, "total", None)
    if done is None:
        return "ready"
    doing = {"Fetching": "read", "Applying": "merged", "Writing": "sent"}.get(type(event).__name__, "")
    words = f"{done:,} of {total:,} {doing}" if total else f"{done:,} {doing}"
    return ", ".join(filter(None, (words, left.words(done, total))))
