"""coterie doctor: where everything is, and whether it is well."""

from __future__ import annotations

import asyncio
import glob
import locale
import os
import platform
import shlex
import sqlite3
import stat
import sys
from collections.abc import AsyncGenerator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from coterie.core import health
from coterie.core.backups import Backups
from coterie.core.clock import computers_clock
from coterie.core.errors import CannotOpen, CoterieError, CursorExpired
from coterie.core.plugins import Plugins
from coterie.core.secrets import Secrets
from coterie.core.settings import Settings, unknown_variables
from coterie.core.text import number_of, printable
from coterie.tui.commandline import output
from coterie.tui.commandline.book import opened
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.model import Account
    from coterie.core.sync import Accounts

_ANSWER_SECONDS = 20
_COPIES: Final = "`coterie restore-backup` lists the copies of the book."
_OTHER_VARIABLES = frozenset({"COTERIE_PLAIN_OUTPUT"})  # they have an effect without being settings, see tui.terminal


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command("doctor")(doctor)


def doctor(
    context: typer.Context,
    repair: Annotated[
        bool, typer.Option("--repair", help="Save what can be read of a damaged book into a new one; the old is kept.")
    ] = False,
) -> int:
    """Show where every file is and whether all is well, and make indexes anew that are lost or stale."""
    session = Session.of(context)
    report = _Report()
    report.versions()
    report.files(session.settings)

    async def work() -> None:
        where = await Secrets(session.settings.tokens_folder).where()
        report.line("Tokens", where.removeprefix("Tokens are "))
        path = session.settings.sqlite_path
        if path is None:
            report.line("Integrity", "PostgreSQL takes care of it")
        elif not await asyncio.to_thread(report.integrity, path, repair=repair):
            return
        try:
            async with opened(session.settings) as book:
                accounts = session.accounts(book)
                report.plugins()
                await report.book(book, accounts)
        except (CoterieError, sqlite3.Error) as error:
            report.problem("Book", str(error))

    session.run_alone(work())
    return report.end()


async def _trouble(accounts: Accounts, account: Account) -> str:
    """Why an account does not work; empty if it answers. What it answers is not taken over."""
    try:
        provider = await accounts.open(account)
        try:
            pages = provider.changes(account.cursor)
            async with asyncio.timeout(_ANSWER_SECONDS):
                await anext(pages, None)
            if isinstance(pages, AsyncGenerator):
                await pages.aclose()
        finally:
            await provider.close()
    except CursorExpired:
        return ""  # it answered: the next sync begins anew
    except CoterieError as error:
        return str(error)
    except TimeoutError:
        return f"It did not answer within {_ANSWER_SECONDS} seconds. Try again later."
    return ""


class _Report:
    """Writes what it finds as it goes and remembers what is wrong."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def line(self, name: str, text: str) -> None:
        """Something that is as it should be."""
        print(f"{name:<12}{printable(text)}")

    def problem(self, name: str, text: str) -> None:
        """Something that is not."""
        self.problems.append(text)
        self.line(name, f"PROBLEM: {text}")

    def versions(self) -> None:
        """What runs here, and on what."""
        self.line("Coterie", f"{version('coterie')} with Textual {version('textual')}")
        self.line("Python", f"{platform.python_version()} in {sys.prefix}")
        self.line("SQLite", sqlite3.sqlite_version)
        self.line("System", f"{platform.system()} {platform.release()}")
        terminal = os.environ.get("TERM", "none") if sys.stdout.isatty() else "none (standard output is a pipe)"
        self.line("Terminal", f"{terminal}, {locale.getpreferredencoding(False)}")

    def plugins(self) -> None:
        """What other packages add, and what of that cannot be used."""
        for plugin in (plugin for kind in Plugins.kinds for plugin in kind.all):
            if plugin.problem:
                self.problem("Plug-in", plugin.problem)
            else:
                self.line("Plug-in", plugin.words)

    def files(self, settings: Settings) -> None:
        """Where everything is, and that nobody else can read it."""
        places = settings.directories
        usual = places.config / "config.toml"
        self.line("Settings", str(settings.source or f"{usual} (it does not exist; everything has its default)"))
        if settings.site_source:
            self.line("", f"{settings.site_source} (for all users)")
        for name in unknown_variables(os.environ):
            if name in _OTHER_VARIABLES:
                continue
            self.line("", f"{name} in the environment is not a setting and has no effect.")
        self.line("Book", settings.shown_database)
        self._private(places.data)
        if settings.sqlite_path:
            if settings.sqlite_path.is_file():  # not the folder or the device that somebody named by mistake
                self._private(settings.sqlite_path)
            self._copies(settings.sqlite_path)
        self.line("Log", f"{places.log_file}{'' if places.log_file.exists() else ' (empty so far)'}")
        self.line("State", str(places.state))
        if settings.restricted:
            self.line("Restricted", f"Files are read and written in {settings.files_folder} only.")

    def _copies(self, book: Path) -> None:
        for older in sorted(book.parent.glob(f"{glob.escape(book.name)}.schema-*")):
            self.line("Copy", str(older))
        backups = Backups(book)
        copies = backups.listed()
        newest = f", the newest from {copies[0].made_at:%Y-%m-%d}" if copies else ""
        self.line("Copies", f"{len(copies)} in {backups.folder}{newest}")
        for copy in copies:
            self._private(copy.path)
            if copy.contacts is None:
                self.problem("", f"The copy {copy.path} cannot be read.")

    def _private(self, path: Path) -> None:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            self.problem("", f"Others can read {path}; run chmod go= {shlex.quote(str(path))} to stop that.")

    async def book(self, book: Book, accounts: Accounts) -> None:
        """How much is in it, and how the accounts are."""
        counts = await book.lists.counts()
        self.line("Contacts", f"{counts.all:,}, and {counts.bin:,} in the Bin")
        connected = await book.accounts.all()
        names = await accounts.names()
        for account in connected:
            when = f"last sync {account.last_sync:%Y-%m-%d %H:%M}" if account.last_sync else "never synced"
            if trouble := await _trouble(accounts, account):
                self.problem("Account", f"{names.of(account)}: {trouble}")
            else:
                self.line("Account", f"{names.of(account)}: works, {when}, {number_of(account.contacts)}")
        if not connected:
            self.line("Accounts", "none are connected")

    def integrity(self, path: Path, *, repair: bool) -> bool:
        """What is wrong with the book's file, after what can be mended was; whether the book can be opened."""
        findings = health.examine(path)
        is_book = path.is_file() and path.stat().st_size > 0
        if any(finding.derived for finding in findings):
            findings = self._rebuilt(path, findings)
        if findings and repair and is_book:
            findings = self._repaired(path, findings)
        for finding in findings:
            self.problem("Integrity", f"{finding.what}.")
        if not findings:
            self.line("Integrity", "the database is intact")
        elif not repair and is_book:
            self.line("", f"`coterie doctor --repair` saves what can be read into a new book. {_COPIES}")
        else:
            self.line("", _COPIES)
        return not findings

    def _rebuilt(self, path: Path, findings: list[health.Finding]) -> list[health.Finding]:
        try:
            health.rebuild(path)
        except CoterieError as error:
            if type(error) is not CannotOpen:  # then what was found says more
                self.problem("Integrity", str(error))
            return findings
        left = health.examine(path)
        for finding in findings:
            if finding not in left:
                self.line("Rebuilt", f"{finding.what}: it was made anew, nothing is lost.")
        return left

    def _repaired(self, path: Path, findings: list[health.Finding]) -> list[health.Finding]:
        for finding in findings:
            self.line("Found", f"{finding.what}.")
        try:
            saved, kept = health.repair(path, computers_clock())
        except CoterieError as error:
            self.problem("Repair", str(error))
            return findings
        self.line("Repaired", f"The new book has {number_of(saved.contacts)}. The old one is kept in {kept}.")
        if saved.recovered:
            recovered = number_of(saved.recovered)
            self.line("", f"Made anew of what was left of them: {recovered}, in the group Recovered.")
        for table in saved.unreadable:
            self.line("", f"Some rows of {table} could not be read.")
        for table, count in saved.dropped.items():
            self.line("", f"{count:,} rows of {table} belonged to nothing, and are only in the old book.")
        return health.examine(path)

    def end(self) -> int:
        """The verdict and the exit code."""
        if not self.problems:
            self.line("", "All is well.")
            return 0
        output.note(f"coterie: {number_of(len(self.problems), 'problem')} found, see above.")
        return 1
