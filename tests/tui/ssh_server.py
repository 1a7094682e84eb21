"""A real sshd on a free port of 127.0.0.1, with keys and a configuration of its own, run by the user of the tests."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin:/usr/local/sbin")


class SshServer:
    """One account that may run one command; `with` starts and stops the server.

    Args:
        folder: for its keys and files.
        command: the words of ForceCommand.
        rules: more lines of sshd_config(5).
    """

    def __init__(self, folder: Path, command: str, rules: str = "") -> None:
        self.folder = folder
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
        shutil.copy(folder / "user.pub", folder / "authorized_keys")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {(folder / 'host.pub').read_text()}")
        (folder / "sshd_config").write_text(
            f"""\
Port {self.port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
PermitRootLogin yes
Subsystem sftp internal-sftp
{rules}
Match User {getpass.getuser()}
    ForceCommand {command}
    DisableForwarding yes
    AllowTcpForwarding no
    AllowStreamLocalForwarding no
    AllowAgentForwarding no
    X11Forwarding no
    PermitTunnel no
    PermitUserRC no
"""
        )

    def __enter__(self) -> SshServer:
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd wants it, empty
        log = (self.folder / "sshd.log").open("wb")
        self._process = subprocess.Popen([str(SSHD), "-D", "-e", "-f", self.folder / "sshd_config"], stderr=log)
        end = time.monotonic() + 20
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "sshd.log").read_text()
            assert time.monotonic() < end, "sshd does not answer"
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            return False

    def options(self, **more: str) -> list[str]:
        """What ssh, scp and sftp need to reach the account."""
        given = {
            "IdentityFile": str(self.folder / "user"),
            "IdentitiesOnly": "yes",
            "UserKnownHostsFile": str(self.folder / "known_hosts"),
            "BatchMode": "yes",
            "LogLevel": "ERROR",
            **more,
        }
        return ["-F", "none", *(word for name, value in given.items() for word in ("-o", f"{name}={value}"))]

    @property
    def address(self) -> str:
        """Who and where."""
        return f"{getpass.getuser()}@127.0.0.1"

    def command(self, *words: str, tty: bool = False, **options: Any) -> list[str]:
        """The words of an `ssh` that asks for `words` there."""
        return ["ssh", *self.options(**options), "-p", str(self.port), "-tt" if tty else "-T", self.address, *words]

    def run(
        self, *words: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None, **options: Any
    ) -> subprocess.CompletedProcess[bytes]:
        """The finished `ssh`."""
        return subprocess.run(
            self.command(*words, **options),
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
            env=os.environ | (environment or {}),
        )
