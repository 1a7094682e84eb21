"""`coterie`: where the program starts, and the only place that knows the core, the providers and the screen.

What is imported decides how fast a start is, so this file looks at the command first: the screen needs no typer,
`coterie query` needs neither typer nor Textual, and only the other commands bring typer along.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coterie.core.files import private_folder
from coterie.core.settings import Directories
from coterie.tui.commandline import funnel, streams
from coterie.tui.commandline.session import Session
from coterie.tui.commandline.start import COMPLETING, Start

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.provider import Provider
    from coterie.core.settings import Settings
    from coterie.core.sync import Accounts
    from coterie.tui.app import CoterieApp
    from coterie.tui.memory import Memory
    from coterie.tui.posting import Posting
    from coterie.tui.terminal.takeover import Takeover

FRAMES_PER_SECOND: Final = "240"
"""At most. With Textual's 60, rows that come right behind a frame wait for up to 33 ms; it reads this at its import."""


def main() -> None:
    """Run the command that was typed and end with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command of these arguments; every error ends here, in words and an exit code."""
    log_file = Directories.of_user().log_file
    funnel.start_log(log_file)
    streams.prepare()
    session, debug = None, False
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # as `tui.entry` left it
            signal.signal(signal.SIGINT, signal.default_int_handler)
        session = Session(Start.read(arguments), _accounts)
        _restrict(session)
        debug = session.start.debug  # not before it is known that the account may see a traceback
        code = _dispatch(session)
        streams.finish()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the funnel
        changed = session is not None and session.has_changed
        return funnel.exit_code(error, debug=debug, changed=changed, log_file=log_file)
    return code


def _restrict(session: Session) -> None:
    if session.restricted:
        from coterie.tui.commandline import restricted

        restricted.enter(session.start, os.environ, bound=_is_bound(session))


def _is_bound(session: Session) -> bool:
    from coterie.core.errors import CannotOpen

    try:
        return session.bound
    except CannotOpen:
        return True


def _dispatch(session: Session) -> int:
    command, *words = session.start.rest or ("",)
    if session.start.version:
        from importlib.metadata import version

        print(f"coterie {version('coterie')}")
        return 0
    if COMPLETING in os.environ:
        from coterie.tui.commandline.completion.answer import answer

        return answer()
    if not command:
        return _screen(session)
    if command == "query" and words and not any(word.startswith("-") for word in words):
        from coterie.tui.commandline.query import query

        return session.run(lambda book: query(book, " ".join(words), sys.stdout))
    from coterie.tui.commandline.app import run_command

    return run_command(session)


def _screen(session: Session) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        from coterie.core.errors import InvalidInput

        raise InvalidInput(
            "Without a command, coterie fills the screen, but this is not a terminal.",
            "Use a command, such as coterie list; coterie --help lists them.",
        )
    gc.disable()  # imports leave next to no garbage; looking for it takes a tenth of the start. The app switches it on
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)
    from coterie.tui.memory import Memory
    from coterie.tui.terminal.takeover import Takeover

    memory = Memory(None if session.start.demo else _memory_file(session.settings.directories.state))

    async def tell(book: Book) -> int:
        app = _app(session, book, memory)
        await app.run_async()
        app.state.drafts.close(keep=not app.state.has_quit)
        return app.return_code or 0

    async def show(book: Book) -> int:
        with Takeover() as takeover:
            await _show_first_rows(session, book, memory, takeover)
            # In a thread, because its stack is short: at some depths CPython gets and returns memory at each call of a
            # hot loop, and one that compiles patterns while Textual is imported took 30 ms instead of 2.
            await asyncio.to_thread(import_module, "coterie.tui.app")
            app = _app(session, book, memory)
            app.takeover = takeover
            try:
                await app.run_async()
            finally:
                app.state.drafts.close(keep=not app.state.has_quit)
        return app.return_code or 0

    code = session.run(tell if session.settings.linear else show)
    from coterie.tui.actions.program import TOUR  # all that it imports is there by now

    if code == TOUR:
        _begin_tour(session)
    return code


def _begin_tour(session: Session) -> None:
    """Become the program that shows the tour, with the looks that this one was started with."""
    from coterie.tui.commandline.start import GLOBAL_OPTIONS

    given = [option for option in GLOBAL_OPTIONS if option.setting in {"theme", "ascii", "linear"}]
    looks = [
        f"{option.flag}={session.start.settings[option.setting]}" if option.value else option.flag
        for option in given
        if option.setting in session.start.settings
    ]
    config = ["--config", str(session.start.config)] if session.start.config else []
    os.execv(sys.executable, [sys.executable, "-m", "coterie.tui", *config, *looks, "--demo", "--tour"])  # noqa: S606


def _memory_file(folder: Path) -> Path | None:
    """Where the screen is remembered; None if the disk does not take it."""
    from coterie.core.errors import CannotOpen

    try:
        return private_folder(folder) / "screen.json"
    except CannotOpen:
        return None


async def _show_first_rows(session: Session, book: Book, memory: Memory, takeover: Takeover) -> None:
    from coterie.core.errors import CoterieError
    from coterie.core.listing import View
    from coterie.tui.glyphs import choose_glyphs
    from coterie.tui.memory import INSPECTOR
    from coterie.tui.terminal import first_rows, is_wanted

    theme = session.settings.theme
    if theme == "auto":
        theme = memory.recall("theme") or ""
    if not is_wanted() or theme not in first_rows.TERMINAL_THEMES:
        return
    glyphs = choose_glyphs(session.settings.ascii)
    with suppress(CoterieError):  # the app asks again, and can say it
        inspector = memory.recall(INSPECTOR)
        lines = await first_rows.first_rows(book, memory.arrangement(View.ALL), glyphs, *takeover.size, inspector)
        if lines:
            takeover.show(lines)


def _app(session: Session, book: Book, memory: Memory) -> CoterieApp:
    from coterie.tui.app import CoterieApp
    from coterie.tui.commandline import book as opening
    from coterie.tui.state import Options, State

    settings = session.settings
    options = Options(
        theme="" if settings.theme == "auto" else settings.theme,
        linear=settings.linear,
        ascii=settings.ascii,
        clipboard=settings.clipboard == "osc52",
        keys=settings.keys,
        restricted=settings.restricted,
        files_folder=settings.files_folder,
        recipes_folder=None if settings.restricted else settings.recipes_folder,
        debug=session.start.debug,
        tour=session.start.tour,
    )
    keep_copy = None if session.start.demo else partial(opening.keep_copy, settings)
    state = State(memory, options, session.drafts)
    state.posting = lambda: _posting(session)
    return CoterieApp(book, state, lambda: session.accounts(book), keep_copy)


def _posting(session: Session) -> Posting:
    from coterie.tui.posting import Posting  # most runs of the program send no mail

    return Posting(session.settings, session.secrets, session.start.demo)


def _accounts(settings: Settings, book: Book, demo: bool) -> Accounts:
    """What connects and syncs accounts; the throw-away book has an invented provider only."""
    from coterie.core.secrets import NoSecrets, Secrets
    from coterie.core.sync import Accounts

    if demo:
        from coterie.providers.demo import DemoProvider

        return Accounts(book, settings, NoSecrets(), lambda _: DemoProvider, {DemoProvider.id: DemoProvider.label})
    from coterie import providers

    secrets = Secrets(settings.tokens_folder)
    load: Callable[[str], type[Provider]] = providers.load
    offered = providers.offered()
    if settings.restricted:
        from coterie.tui.commandline import restricted

        load, offered = restricted.loading(load), restricted.of_providers(offered)
    about, hosts, watched = providers.about(), providers.hosts(), providers.watched()
    return Accounts(book, settings, secrets, load, offered, about, hosts, watched)


if __name__ == "__main__":
    main()
