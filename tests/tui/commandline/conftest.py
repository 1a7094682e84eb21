"""The real command in a process of its own, with a home of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import preloaded

PEOPLE = (
    ("--name=Ada Lovelace", "--email=ada@example.org", "--email=ada@work.example", "--company=Analytical Engines",
     "--job-title=Programmer", "--phone=+44 20 7946 0123", "--group=Choir", "--group=Board", "--favorite"),
    ("--name=Grace Hopper", "--email=grace@example.org", "--company=Navy", "--group=Choir"),
    ("--name=José Núñez", "--email=jose@example.org", "--job-title=Programmer"),
)  # fmt: skip


_CLOCK = {name: os.environ[name] for name in os.environ if name in {"TZ", "LD_PRELOAD"} or name.startswith("FAKETIME")}
"""The zone and, with libfaketime, the date of the tests: what they start lives on the same day."""


class Command:
    """`coterie` with isolated folders below `home`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.data = home / "data"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(Path.cwd()),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
            **_CLOCK,
        }

    @property
    def book(self) -> Path:
        return self.data / "coterie" / "contacts.db"

    @property
    def log(self) -> Path:
        return self.home / "state" / "coterie" / "coterie.log"

    def restrict(self) -> None:
        """Make this the command of a restricted account, which takes its folders from HOME alone."""
        self.environment = {name: one for name, one in self.environment.items() if not name.startswith("XDG_")}
        self.environment["COTERIE_RESTRICTED"] = "true"
        data = self.home / ".local" / "share"
        data.parent.mkdir()
        if (self.home / "data").exists():
            (self.home / "data").rename(data)
        self.data = data

    def arguments(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "coterie.tui", *arguments]

    def start(self, *arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
        """The running command, for tests that interfere with it."""
        environment = self.environment | options.pop("env", {})
        return subprocess.Popen(self.arguments(*arguments), env=environment, cwd=self.home, **options)

    def run(self, *arguments: str, stdin: str | bytes | None = None, **env: str) -> "Result":
        """The finished command. Without `stdin` there is none."""
        environment, given = self.environment | env, stdin.encode() if isinstance(stdin, str) else stdin
        done = preloaded.run(arguments, stdin=given, environment=environment, cwd=self.home)
        return Result(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode())

    def ok(self, *arguments: str, stdin: str | bytes | None = None, **env: str) -> str:
        """What the command wrote; it must succeed."""
        result = self.run(*arguments, stdin=stdin, **env)
        assert result.code == 0, result
        return result.out

    def json(self, *arguments: str, stdin: str | bytes | None = None) -> Any:
        """What the command wrote, read as JSON."""
        return json.loads(self.ok(*arguments, "--json", stdin=stdin))

    def names(self, *arguments: str) -> list[str]:
        """The names that `list` shows."""
        return [contact["name"] for contact in self.json("list", *arguments)]


class Result:
    """An exit code, and what was written to standard output and standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def __repr__(self) -> str:
        return f"exit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


@pytest.fixture
def coterie(tmp_path: Path) -> Command:
    """The command with an empty home."""
    return Command(tmp_path)


@pytest.fixture(scope="session")
def known_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with the people of `PEOPLE`, to be copied with the files beside it."""
    command = Command(tmp_path_factory.mktemp("home"))
    for person in PEOPLE:
        command.ok("add", *person)
    return command.book


@pytest.fixture
def people(coterie: Command, known_book: Path) -> Command:
    """The command with a book in which Ada, Grace and José are."""
    shutil.copytree(known_book.parent, coterie.book.parent, ignore=shutil.ignore_patterns("*.backups"))
    return coterie
