"""A real sshd on this machine alone, for the time of the benchmark, with a slow line before it."""

from __future__ import annotations

import getpass
import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.measure import ROOT

DELAY: Final = 0.15
"""Seconds each way: 300 ms there and back."""

RATE: Final = 32_000
"""Bytes a second each way: 256 kbit/s."""

_CONFIG: Final = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
UsePAM no
StrictModes no
PrintMotd no
PrintLastLog no
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A slow line to an sshd.

    Attributes:
        port: where it begins.
        folder: where the keys are.
    """

    port: int
    folder: Path

    def command(self, words: Sequence[str | Path], environment: Mapping[str, str], *, compressed: bool) -> list[str]:
        """The command that runs `words` at the other end of the line, in a terminal."""
        options = {
            "IdentityFile": self.folder / "user",
            "IdentitiesOnly": "yes",
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null",
            "LogLevel": "ERROR",
            "Compression": "yes" if compressed else "no",
        }
        settings = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **environment}
        there = ["env", *(f"{name}={value}" for name, value in settings.items()), *(str(word) for word in words)]
        given = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        whom = f"{getpass.getuser()}@127.0.0.1"
        return ["ssh", "-F", "none", "-tt", "-p", str(self.port), *given, whom, shlex.join(there)]


@contextmanager
def slow_line(sshd: str, folder: Path) -> Iterator[Line]:
    """Run sshd with keys of its own in `folder`, and the line before it; both end with the block."""
    folder.mkdir(exist_ok=True)
    for name in ("host", "user"):
        for old in folder.glob(f"{name}*"):
            old.unlink()
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    port = _free_port()
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # it asks for that, and distributions make it when they start theirs
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([sshd, "-D", "-e", "-f", folder / "config"], stdin=subprocess.DEVNULL, stderr=log)
        try:
            _wait_for(port, folder / "log")
            arguments = [sys.executable, "-m", "benchmarks.slow_line", str(port), str(DELAY), str(RATE)]
            line = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            try:
                assert line.stdout is not None
                yield Line(int(line.stdout.readline()), folder)
            finally:
                _end(line)
        finally:
            _end(server)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(port: int, log: Path) -> None:
    """Wait until somebody listens there. Raises RuntimeError with the log."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"sshd does not listen: {log.read_text()}")


def _end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
