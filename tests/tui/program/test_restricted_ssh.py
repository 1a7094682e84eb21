"""A restricted account behind a real sshd, set up as docs/ssh.md says: each way out is tried."""

from __future__ import annotations

import grp
import os
import pty
import shlex
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.commandline.conftest import Command
from tests.tui.ssh_server import SSHD, SshServer
from tests.tui.terminal_harness import Terminal

pytestmark = pytest.mark.skipif(SSHD is None, reason="There is no sshd here; install openssh-server.")


@pytest.fixture
def account(tmp_path: Path) -> Command:
    """A home with a book in which Ada is, and a secret beside it."""
    command = Command(tmp_path)
    command.restrict()
    command.ok("add", "--name=Ada Lovelace", "--email=ada@example.org")
    (tmp_path / "secret.csv").write_text("Name,E-mail\nSecret,secret@example.org\n")
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "rc").write_text("touch escaped\n")
    return command


@pytest.fixture
def server(account: Command) -> Iterator[SshServer]:
    kept = {name: account.environment[name] for name in ("PATH", "HOME", "PYTHONPATH", "LANG")}
    shell = shlex.join(["env", *(f"{name}={value}" for name, value in kept.items()), *account.arguments()])
    folder = account.home / "sshd"
    folder.mkdir()
    # An administrator who lets in far too many variables: those that are ours are refused all the same.
    rules = "AcceptEnv LANG LC_* COTERIE_* XDG_* EDITOR VISUAL SSLKEYLOGFILE TEXTUAL_*"
    with SshServer(folder, f"cd {shlex.quote(str(account.home))} && {shell} --restricted-shell", rules) as running:
        yield running


def escaped(account: Command) -> list[Path]:
    return list(account.home.rglob("escaped*"))


def hands_over_terminals() -> bool:
    """Whether an sshd of this user can give a login a terminal: one that is not root's cannot change its group."""
    ours, theirs = pty.openpty()
    try:
        return os.geteuid() == 0 or os.fstat(theirs).st_gid == grp.getgrnam("tty").gr_gid
    finally:
        os.close(ours)
        os.close(theirs)


screen = pytest.mark.skipif(
    not hands_over_terminals(),
    reason="An sshd that is not root's can give nobody a terminal here: no gid=5.",
)


def test_commands_work(server: SshServer) -> None:
    assert b"Ada Lovelace" in server.run("coterie", "list").stdout
    assert server.run("coterie import -", stdin=b"Name,E-mail\nEve,eve@example.org\n").returncode == 0
    assert b"Eve" in server.run("coterie export --format csv 'eve'").stdout


@screen
def test_the_screen_works(server: SshServer) -> None:
    with Terminal(server.command(tty=True)) as terminal:
        terminal.wait_for("Ada Lovelace").press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize(
    "words",
    [
        "sh",
        "sh -c 'touch escaped'",
        "/usr/bin/env",
        "touch escaped",
        "coterie list; touch escaped",
        "coterie list && touch escaped",
        "coterie list | tee escaped",
        "coterie list > escaped",
        "coterie list $(touch escaped)",
        "coterie list `touch escaped`",
        "coterie list\ntouch escaped",
        "PYTHONINSPECT=1 coterie list",
        "coterie doctor",
        "coterie --database escaped.db list",
        "coterie --config secret.csv list",
        "coterie completion bash",
        "coterie edit ada --editor --yes",
        "coterie import ../../../../secret.csv",
        "coterie import /dev/stdin",
        "coterie export -o ../escaped.csv",
        "coterie export -o /tmp/../{home}/escaped.csv",
        "coterie import - --rejects ~/escaped.csv",
        "coterie connect google --client-secrets secret.csv",
        "scp -f secret.csv",
        "internal-sftp",
        "git-upload-pack .",
    ],
)
def test_no_other_program_file_or_book(server: SshServer, account: Command, words: str) -> None:
    done = server.run(words.format(home=account.home), stdin=b"Name,E-mail\nx,y\n")
    assert done.returncode in {1, 2}, done
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith(b"coterie: "), done
    assert escaped(account) == []
    assert "Secret" not in account.names()


@pytest.mark.parametrize(
    "name",
    ["COTERIE_DATABASE_URL", "COTERIE_RESTRICTED", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "SSLKEYLOGFILE", "EDITOR"],
)
def test_variables_that_the_user_sends(server: SshServer, account: Command, name: str) -> None:
    value = "false" if name == "COTERIE_RESTRICTED" else str(account.home / "escaped")
    done = server.run("coterie edit ada --editor", SetEnv=f"{name}={value}")
    assert done.returncode == 2, done
    assert b"restricted" in done.stderr
    assert escaped(account) == []


def test_sftp_and_scp_get_no_file(server: SshServer, account: Command) -> None:
    port = ["-P", str(server.port)]
    where = f"{server.address}:{account.home}/secret.csv"
    for mode in ([], ["-O"]):
        got = subprocess.run(
            ["scp", *mode, *server.options(), *port, where, account.home / "escaped"],
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert got.returncode != 0
    assert escaped(account) == []


def test_no_port_is_forwarded(server: SshServer) -> None:
    """The server sends nothing on: a connection through it ends at once."""
    with socket.create_server(("127.0.0.1", 0)) as inner:
        target = f"127.0.0.1:{inner.getsockname()[1]}"
        options = server.options()
        through = subprocess.run(
            ["ssh", *options, "-p", str(server.port), "-W", target, server.address],
            capture_output=True, timeout=60, check=False, input=b"",
        )  # fmt: skip
        inner.setblocking(False)
        with pytest.raises(BlockingIOError):
            inner.accept()
    assert through.returncode != 0
    back = server.run("coterie list", ExitOnForwardFailure="yes", RemoteForward="0 127.0.0.1:9")
    assert back.returncode != 0


@screen
def test_the_screen_gives_no_shell_and_no_file(server: SshServer, account: Command) -> None:
    with Terminal(server.command(tty=True)) as terminal:
        terminal.wait_for("Ada Lovelace")
        terminal.press("E").wait_for("it has no editor")
        terminal.press("ctrl+z").wait_for("it has no shell")
        terminal.press("i").wait_for("Import")
        terminal.paste(str(account.home / "secret.csv")).press("enter").wait_for("outside")
        terminal.press("escape").wait_for("Ada Lovelace").press("q")
        terminal.wait_for_end()
    assert escaped(account) == []
