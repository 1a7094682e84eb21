"""`coterie` in processes that begin with its modules loaded: most of the time of most commands is imports.

A server, one for each process of pytest, imports all modules and then forks for each program. A program has its own
process, streams, signals, folder and environment, as any has. If the start itself is what is tested, and if the
environment has what Python reads before the program's first line, `python -m coterie.tui` runs instead.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from fcntl import ioctl
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any

from coterie.tui.__main__ import FRAMES_PER_SECOND, main

_READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "TEXTUAL", "ESCDELAY")
_ENVIRONMENT = {
    **os.environ,
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "PYTHONPATH": str(Path.cwd()),
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
}

_NUMBER = 16
"""Bytes of a number that the server sends: a program may have ended before its process id was read."""


def can_run_with(environment: Mapping[str, str]) -> bool:
    """Whether what Python and imported modules read from the environment is what the server had."""
    return all(
        value == _ENVIRONMENT.get(name)
        for name, value in environment.items()
        if name.startswith(_READ_AT_START) and name != "PYTHONPATH"
    )


class Process:
    """A program; its attributes and methods are those of `subprocess.Popen`.

    Args:
        arguments: of `coterie`.
        streams: the file descriptors of its standard input, output and error.
        environment: all variables.
        cwd: where it runs.
        session: whether it begins a session, which the terminal at its standard input controls.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        streams: Sequence[int],
        *,
        environment: Mapping[str, str],
        cwd: Path | None = None,
        session: bool = False,
    ) -> None:
        self.returncode: int | None = None
        self._keeper, theirs = socket.socketpair()
        request = json.dumps([list(arguments), dict(environment), str(cwd or Path.cwd()), session])
        with theirs:
            socket.send_fds(_server(), [request.encode()], [*streams, theirs.fileno()])
            self.pid = int(self._keeper.recv(_NUMBER))

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended. Raises subprocess.TimeoutExpired after `timeout` seconds."""
        if self.returncode is None:
            self._keeper.settimeout(timeout)
            try:
                self.returncode = os.waitstatus_to_exitcode(int(self._keeper.recv(_NUMBER)))
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired("coterie", timeout or 0) from None
            self._keeper.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def run(
    arguments: Sequence[str],
    *,
    stdin: bytes | None = None,
    environment: Mapping[str, str],
    cwd: Path | None = None,
    timeout: float = 60,
) -> subprocess.CompletedProcess[bytes]:
    """Run the program to its end, or for `timeout` seconds. Without `stdin` its standard input is /dev/null."""
    if not can_run_with(environment):
        given: dict[str, Any] = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
        command = [sys.executable, "-m", "coterie.tui", *arguments]
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            command, **given, capture_output=True, env=environment, cwd=cwd, timeout=timeout, check=False
        )
        return done
    pipes = [os.pipe() for _ in range(3)]
    if stdin is None:
        os.close(pipes[0][0])
        pipes[0] = (os.open(os.devnull, os.O_RDONLY), pipes[0][1])
    (their_in, our_in), (our_out, their_out), (our_err, their_err) = pipes
    process = Process(arguments, (their_in, their_out, their_err), environment=environment, cwd=cwd)
    for end in (their_in, their_out, their_err):
        os.close(end)
    limit = Timer(timeout, process.kill)
    limit.start()
    with ThreadPoolExecutor(3) as pool:
        pool.submit(_write, our_in, stdin or b"")
        out, err = pool.map(_read, (our_out, our_err))
    code = process.wait()
    limit.cancel()
    return subprocess.CompletedProcess(arguments, code, out, err)


def _write(end: int, data: bytes) -> None:
    with suppress(BrokenPipeError), open(end, "wb") as stream:
        stream.write(data)


def _read(end: int) -> bytes:
    with open(end, "rb") as stream:
        return stream.read()


@cache
def _server() -> socket.socket:
    """What this process's server is asked through; the server ends when it is closed."""
    ours, theirs = socket.socketpair()
    with theirs:
        number = theirs.fileno()
        subprocess.Popen([sys.executable, "-m", __name__, str(number)], pass_fds=[number], env=_ENVIRONMENT)
    return ours


def _load() -> None:
    """Import all modules of the program."""
    os.environ["TEXTUAL_FPS"] = FRAMES_PER_SECOND
    coterie = importlib.import_module("coterie")
    for module in pkgutil.walk_packages(coterie.__path__, "coterie."):
        if not module.name.endswith(("__main__", "migrations.env")):
            importlib.import_module(module.name)
    gc.collect()
    gc.freeze()


def _serve(control: socket.socket) -> None:
    """Start what is asked for, and tell how it ended, until nobody can ask. Returns in each program."""
    running: dict[int, int] = {}
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    while True:
        sources: list[Any] = [control, woken]
        ready, _, _ = select.select(sources, [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_ends(running)
        if control in ready:
            request, streams, _, _ = socket.recv_fds(control, 1 << 20, 4)
            if not request:
                os._exit(0)
            *standard, told = streams
            if (pid := os.fork()) == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for number in (control.fileno(), woken, wake, told, *running.values()):
                    os.close(number)
                return _become(standard, *json.loads(request))
            os.write(told, _sent(pid))
            running[pid] = told
            for stream in standard:
                os.close(stream)


def _sent(number: int) -> bytes:
    return str(number).encode().ljust(_NUMBER)


def _tell_ends(running: dict[int, int]) -> None:
    for pid, told in list(running.items()):
        if (ended := os.waitpid(pid, os.WNOHANG)) != (0, 0):
            with suppress(BrokenPipeError):
                os.write(told, _sent(ended[1]))
            os.close(running.pop(pid))


def _become(streams: list[int], arguments: list[str], environment: dict[str, str], cwd: str, session: bool) -> None:
    """Be what a new process with these would be."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, name)
        buffering = 1 if name == "stderr" else -1
        new = open(number, old.mode, buffering, old.encoding, old.errors, closefd=False)  # noqa: SIM115
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)
    if session:
        os.setsid()
        ioctl(0, termios.TIOCSCTTY, 0)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(cwd)
    folders = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[1:1] = [folder for folder in folders if folder and folder not in sys.path]
    sys.argv[1:] = arguments


def _run() -> None:
    """Run the program. At its end nothing is freed, which would take longer than most commands do."""
    try:
        main()
    except SystemExit as ended:
        _codes.append(ended.code if isinstance(ended.code, int) else 1)
        raise


def _leave() -> None:
    for code in _codes:
        sys.stdout.flush()
        os._exit(code)


_codes: list[int] = []


if __name__ == "__main__":
    atexit.register(_leave)  # the first, so that it is called as the last one
    _load()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    _run()
