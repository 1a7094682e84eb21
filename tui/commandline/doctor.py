"""coterie doctor: where everything is, and whether it is well."""

from __future__ import annotations

import asyncio
import locale
import os
import platform
import sqlite3
import stat
import sys
from collections.abc import AsyncGenerator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from core.errors import CoterieError, CursorExpired
from core.secrets import Secrets
from core.settings import Settings, unknown_variables
from core.text import printable
from tui.commandline import output
from tui.commandline.book import opened
from tui.commandline.session import Session

if TYPE_CHECKING:
    from core.book import Book
    from core.model import Account
    from core.sync import Accounts

_ANSWER_SECONDS = 20
_OTHER_VARIABLES = frozenset({"COTERIE_PLAIN_OUTPUT"})  # they have an effect without being settings, see tui.terminal


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command("doctor")(doctor)


def doctor(context: typer.Context) -> int:
    """Show where every file is and whether all is well."""
    session = Session.of(context)
    report = _Report()
    report.versions()
    report.files(session.settings)

    async def work() -> None:
        report.line("Tokens", await Secrets(session.settings.tokens_folder).where())
        try:
            async with opened(session.settings) as book:
                await report.book(book, session.accounts(book))
                report.integrity(session.settings.sqlite_path)
        except CoterieError as error:
            report.problem("Book", str(error))

    session.run_alone(work())
    return report.end()


async def _trouble(accounts: Accounts, account: Account) -> str:
    """Why an account does not work; empty where it answers. What it answers is not taken over."""
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

    def files(self, settings: Settings) -> None:
        """Where everything is, and that nobody else can read it."""
        places = settings.directories
        usual = places.config / "config.toml"
        self.line("Settings", str(settings.source or f"{usual} (it does not exist; everything has its default)"))
        for name in unknown_variables(os.environ):
            if name in _OTHER_VARIABLES:
                continue
            self.line("", f"{name} in the environment is not a setting and has no effect.")
        self.line("Book", settings.shown_database)
        for path in (places.data, settings.sqlite_path):
            self._private(path)
        if settings.sqlite_path:
            for copy in sorted(settings.sqlite_path.parent.glob(f"{settings.sqlite_path.name}.schema-*")):
                self.line("Copy", str(copy))
        self.line("Log", f"{places.log_file}{'' if places.log_file.exists() else ' (empty so far)'}")
        self.line("State", str(places.state))
        if settings.restricted:
            self.line("Restricted", f"Files are read and written in {settings.files_folder} only.")

    def _private(self, path: Path | None) -> None:
        if path is not None and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            self.problem("", f"Others can read {path}; run chmod go= {path} to stop that.")

    async def book(self, book: Book, accounts: Accounts) -> None:
        """How much is in it, and how the accounts are."""
        counts = await book.counts()
        self.line("Contacts", f"{counts.all:,}, and {counts.bin:,} in the Bin")
        connected = await book.accounts()
        for account in connected:
            when = f"last sync {account.last_sync:%Y-%m-%d %H:%M}" if account.last_sync else "never synced"
            if trouble := await _trouble(accounts, account):
                self.problem("Account", f"{account.name}: {trouble}")
            else:
                self.line("Account", f"{account.name}: works, {when}, {account.contacts:,} contacts")
        if not connected:
            self.line("Accounts", "none are connected")

    def integrity(self, path: Path | None) -> None:
        """What SQLite itself says about its file."""
        if path is None:
            self.line("Integrity", "PostgreSQL takes care of it")
            return
        connection = sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)
        try:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            found, orphans = [str(error)], None
        finally:
            connection.close()
        if found == ["ok"] and orphans is None:
            self.line("Integrity", "the database is intact")
        elif orphans is not None:
            self.problem("Integrity", f"rows of {orphans[0]} belong to nothing in {orphans[2]}.")
        else:
            self.problem("Integrity", f"{'; '.join(found)}. Keep a copy of {path}, then export what can be read.")

    def end(self) -> int:
        """The verdict and the exit code."""
        if not self.problems:
            self.line("", "All is well.")
            return 0
        output.note(f"coterie: {len(self.problems)} problem{'' if len(self.problems) == 1 else 's'} found, see above.")
        return 1
