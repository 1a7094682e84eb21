"""A restricted account: everything that is not listed is refused, by the list itself and by the command."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coterie import providers
from coterie.core.errors import InvalidInput
from coterie.tui.commandline import restricted
from coterie.tui.commandline.app import command
from coterie.tui.commandline.start import GLOBAL_OPTIONS, Start, original_command
from tests.tui.commandline.conftest import Command, Result


def commands(found: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """All commands of the program with their words."""
    for name, inner in getattr(found, "commands", {}).items():
        yield (words := f"{path} {name}".strip()), inner
        yield from commands(inner, words)


def contents(folder: Path) -> dict[Path, bytes]:
    """All files but those of the book."""
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("contacts.db")
    }


@pytest.fixture
def account(people: Command) -> Command:
    people.restrict()
    return people


def refused(result: Result, *words: str) -> None:
    """It said in two lines that the account is restricted, and wrote nothing."""
    assert result.code == 2, result
    assert result.err.startswith("coterie: This account is restricted: "), result
    assert len(result.err.splitlines()) == 2, result
    assert all(word in result.err for word in words), result
    assert result.out == "", result


# The list


def test_the_list_names_what_there_is() -> None:
    known = {words: {flag for one in found.params for flag in one.opts} for words, found in commands(command())}
    assert restricted.COMMANDS.keys() <= known.keys()
    for words, options in restricted.COMMANDS.items():
        assert set(options.split()) <= known[words], words
    assert {f"--{name}" for name in restricted.OPTIONS} <= {one.flag for one in GLOBAL_OPTIONS}
    assert restricted.PROVIDERS.keys() <= providers.offered().keys()


def test_what_reaches_beyond_coterie_is_not_on_the_list() -> None:
    assert "doctor" not in restricted.COMMANDS
    assert "--editor" not in restricted.COMMANDS["edit"]
    assert restricted.OPTIONS.isdisjoint({"database", "config", "restricted_shell", "debug"})


def test_a_command_or_option_that_is_not_listed_is_refused_whatever_it_is() -> None:
    """Whatever is added to the program later is refused until somebody lists it."""
    root = command()
    restricted.confine(root)
    for words, found in commands(root):
        if words not in restricted.COMMANDS:
            assert found.hidden, words
            continue
        for one in found.params:
            if one.param_type_name == "option" and set(one.opts).isdisjoint(restricted.COMMANDS[words].split()):
                assert one.hidden, (words, one.opts)


@pytest.mark.parametrize("name", ["COTERIE_DATABASE_URL", "COTERIE_GOOGLE__CLIENT_SECRETS", "XDG_CONFIG_HOME"])
def test_a_variable_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        restricted.enter(Start(), {"HOME": "/home/ada", name: "/tmp/x"})


def test_other_variables_are_forgotten() -> None:
    handler = signal.getsignal(signal.SIGTSTP)
    environment = {
        "HOME": "/home/ada", "LC_ALL": "C.UTF-8", "TERM": "xterm", "COTERIE_RESTRICTED": "1",
        "SSLKEYLOGFILE": "/tmp/keys", "TEXTUAL_LOG": "/tmp/log", "TEXTUAL_DRIVER": "os:system", "EDITOR": "sh",
        "_COTERIE_COMPLETE": "source_bash", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/tmp/x", "TMPDIR": "/srv",
    }  # fmt: skip
    try:
        restricted.enter(Start(), environment)
    finally:
        signal.signal(signal.SIGTSTP, handler)
    assert environment.keys() == {"HOME", "LC_ALL", "TERM", "COTERIE_RESTRICTED"}


# The command that ssh asks for


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("coterie", []),
        ("coterie list 'group:=Choir Board' --json", ["list", "group:=Choir Board", "--json"]),
        ("coterie list; id", ["list;", "id"]),
        ("coterie list $(id) `id` > /tmp/x && sh", ["list", "$(id)", "`id`", ">", "/tmp/x", "&&", "sh"]),
        ("coterie list \n id", ["list", "id"]),
    ],
)
def test_the_original_command_is_words_and_nothing_more(text: str, words: list[str]) -> None:
    assert original_command({"SSH_ORIGINAL_COMMAND": text}) == words


@pytest.mark.parametrize(
    "text", ["sh", "/bin/sh", "./coterie", "internal-sftp", "scp -t .", "'coterie' 'x", "X=1 coterie"]
)
def test_another_program_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        original_command({"SSH_ORIGINAL_COMMAND": text})


def test_the_administrators_options_win_over_those_of_the_user() -> None:
    theirs = {"SSH_ORIGINAL_COMMAND": "coterie --database /tmp/x.db --theme nord --config /tmp/c list"}
    start = Start.read(["--database", "book.db", "--restricted-shell"], theirs)
    assert start.settings == {"database_url": "book.db", "theme": "nord", "restricted": "true"}
    assert start.config is None
    assert start.rest == ("list",)
    assert start.options == {"database", "theme", "config"}  # and so it is refused


# Each way out, tried


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--database", "{home}/other.db", "list"], "--database"),
        (["--database={home}/other.db", "add", "--name=Eve", "--email=eve@example.org"], "--database"),
        (["--config", "{home}/secret.csv", "list"], "--config"),
        (["--config=/dev/zero", "list"], "--config"),
        (["--debug", "list"], "--debug"),
        (["list", "--debug"], "--debug"),
        (["--demo"], "--demo"),
        (["--database", "x.db", "--restricted-shell"], "--database"),
        (["--config", "x.toml", "--restricted-shell"], "--config"),
        (["--demo", "--restricted-shell"], "--demo"),
        (["completion", "bash"], "completion"),
        (["--nonsense", "--config", "x", "list"], ""),
        (["doctor"], "“doctor”"),
        (["doctor", "--help"], "“doctor”"),
        (["edit", "ada", "--editor", "--yes"], "--editor"),
        (["edit", "ada", "--set", "company=X", "--editor"], "--editor"),
        (["connect", "vdir"], "“vdir”"),
        (["connect", "memory"], "“memory”"),
    ],
)  # fmt: skip
def test_what_is_not_listed_is_refused(account: Command, arguments: list[str], word: str) -> None:
    (account.home / "secret.csv").write_text("restricted = false\n")
    arguments = [one.format(home=account.home) for one in arguments]
    before = contents(account.home)
    result = account.run(*arguments, EDITOR="touch escaped", VISUAL="touch escaped")
    if word:
        refused(result, word)
    assert result.code == 2
    assert contents(account.home) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COTERIE_DATABASE_URL", "other.db"),
        ("COTERIE_GOOGLE__CLIENT_SECRETS", "/etc/passwd"),
        ("COTERIE_CARDDAV__ALLOWED_HOSTS", "localhost:22"),
        ("COTERIE_BIN_DAYS", "0"),
        ("COTERIE_BIN_DAYS", "nonsense"),
        ("XDG_CONFIG_HOME", "elsewhere"),
        ("XDG_DATA_HOME", "elsewhere"),
        ("XDG_STATE_HOME", "elsewhere"),
    ],
)
def test_the_environment_opens_no_other_book_and_no_other_settings(account: Command, name: str, value: str) -> None:
    result = account.run("list", **{name: value})
    assert result.code in {2, 3}, result
    assert name in result.err
    assert result.out == ""
    assert not (account.home / "elsewhere").exists()


def test_what_config_toml_restricts_no_variable_sets_free(people: Command) -> None:
    people.restrict()
    folder = people.home / ".config" / "coterie"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("restricted = true\n")
    refused(people.run("doctor", COTERIE_RESTRICTED="false"))
    refused(people.run("doctor", COTERIE_RESTRICTED=""))
    (people.home / "free.toml").write_text("restricted = false\n")
    refused(people.run("--config", "free.toml", "doctor", COTERIE_RESTRICTED=""), "--config")
    refused(people.run("--config", "free.toml", "--restricted-shell", COTERIE_RESTRICTED=""), "--config")


def test_settings_that_cannot_be_read_free_nobody(people: Command) -> None:
    result = people.run("completion", "bash", COTERIE_BIN_DAYS="soon")
    assert result.code == 3, result
    assert result.out == ""


def test_the_help_names_only_what_is_allowed(account: Command) -> None:
    text = account.ok("--help")
    assert "doctor" not in text
    assert "--database" not in text
    assert "list" in text
    assert "--editor" not in account.ok("edit", "--help")


def test_what_is_listed_works(account: Command) -> None:
    account.ok("add", "--name=Eve", "--email=eve@example.org")
    assert "eve@example.org" in account.ok("query", "eve")
    account.ok("edit", "eve", "--set", "company=Acme", "--yes")
    account.ok("undo", "--yes")
    account.ok("groups", "create", "Band")
    account.ok("--theme", "nord", "list", "--json")
    account.ok("--version")
    account.ok("accounts")


# Signing in


def secret_file(home: Path, kind: str) -> str:
    path = home / "secret.json"
    if kind == "client":
        client = {"client_id": "1", "auth_uri": "https://x.test/", "token_uri": "https://x.test/"}
        path.write_text(json.dumps({"installed": client}))
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "missing":
        return str(home / "nowhere.json")
    elif kind == "device":
        return "/dev/zero"
    else:
        path.write_text("root:x:0:0\n")
    return str(path)


def test_signing_in_to_google_tells_nothing_about_any_path(account: Command) -> None:
    """The same words, at once, for whatever is there or is not."""
    answers = set()
    for kind in ("client", "text", "missing", "device", "fifo"):
        home = account.home / kind
        home.mkdir()
        result = account.run("connect", "google", stdin=f"{secret_file(home, kind)}\n")
        assert result.code == 3, result
        assert "restricted" in result.err
        answers.add(result.err)
    assert len(answers) == 1


@pytest.mark.parametrize("where", ["http://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "https://x.test/token"])
def test_a_pasted_client_sends_nothing_to_a_server_of_its_own(account: Command, where: str) -> None:
    with listener() as (port, server):
        uri = where.format(port=port)
        client = {"client_id": "1", "client_secret": "2", "token_uri": uri}
        client["auth_uri"] = "https://accounts.google.com/o/oauth2/auth"
        result = account.run("connect", "google", stdin=json.dumps({"installed": client}) + "\n")
        assert result.code == 3, result
        assert "restricted" in result.err
        assert untouched(server)


@pytest.mark.parametrize(
    "server", ["localhost:{port}", "127.0.0.1:{port}", "http://[::1]:{port}/", "https://127.1:{port}/", "https://0:{port}",
               "https://0x7f000001:{port}", "https://[::ffff:127.0.0.1]:{port}/", "https://{own}:{port}"],
)  # fmt: skip
def test_carddav_asks_nothing_of_this_computer(account: Command, server: str) -> None:
    with listener() as (port, listening):
        typed = server.format(port=port, own=socket.gethostname())
        result = account.run("connect", "carddav", "--server", typed, "--user", "ada", stdin="password\n")
        assert result.code in {2, 5}, result
        assert result.code == 5 or "restricted" in result.err, result
        assert untouched(listening)


def test_connect_takes_no_other_options(account: Command) -> None:
    result = account.run("connect", "carddav", "--allowed-hosts", "localhost:22", stdin="\n")
    assert result.code == 2


class listener:  # noqa: N801 - reads as a function
    """A server on a free port of this machine that counts who comes."""

    def __enter__(self) -> tuple[int, socket.socket]:
        self.socket = socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        return self.socket.getsockname()[1], self.socket

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def untouched(server: socket.socket) -> bool:
    """Whether nobody has connected."""
    server.setblocking(False)
    try:
        server.accept()
    except BlockingIOError:
        return True
    return False


# As the command of a key


def shell(account: Command, original: str, *before: str, stdin: str | None = None) -> Result:
    del account.environment["COTERIE_RESTRICTED"]
    try:
        return account.run(*before, "--restricted-shell", stdin=stdin, SSH_ORIGINAL_COMMAND=original)
    finally:
        account.environment["COTERIE_RESTRICTED"] = "true"


def test_the_restricted_shell_does_what_was_asked(account: Command) -> None:
    assert "Ada Lovelace" in shell(account, "coterie list ada").out
    assert shell(account, "coterie export -o all.csv").code == 0
    assert stat.S_IMODE((account.book.parent / "files" / "all.csv").stat().st_mode) & 0o077 == 0
    rows = "Name,E-mail\nEve,eve@example.org\n"
    assert shell(account, "coterie import -", stdin=rows).code == 0
    assert "Eve" in account.names()


def test_the_administrator_says_which_book(account: Command) -> None:
    (account.home / "frontdesk.toml").write_text("database_url = 'frontdesk.db'\n")
    assert shell(account, "coterie list", "--config", "frontdesk.toml").out == ""
    assert (account.home / "frontdesk.db").exists()


@pytest.mark.parametrize(
    "original",
    ["sh", "coterie --database x.db list", "coterie --config x list", "coterie doctor", "coterie --restricted-shell",
     "coterie edit ada --editor --yes", "coterie list; touch escaped", "coterie list\ntouch escaped",
     "coterie --debug list", "sftp", "coterie 'unfinished"],
)  # fmt: skip
def test_the_restricted_shell_refuses_the_rest(account: Command, original: str) -> None:
    result = shell(account, original)
    assert result.code in {1, 2}, result
    assert "Ada" not in result.out
    assert not (account.home / "escaped").exists()
    assert not (account.home / "x.db").exists()
    assert "Traceback" not in result.err


def test_the_restricted_shell_without_a_command_is_the_screen(account: Command) -> None:
    result = shell(account, "")
    assert result.code == 2
    assert "not a terminal" in result.err


def test_nothing_may_follow_the_restricted_shell(account: Command) -> None:
    result = account.run("--restricted-shell", "list")
    assert result.code == 2
