"""Standard input, output and error: always there, however the program was started; what fails is said in words."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import sys
from contextlib import suppress
from typing import Any, Final, TextIO

from coterie.core.errors import CoterieError, UnreadableFile
from coterie.core.files import reason

_STREAMS: Final = (
    (0, "stdin", os.O_WRONLY, "r"),
    (1, "stdout", os.O_RDONLY, "w"),
    (2, "stderr", os.O_WRONLY, "w"),
)
"""Number, name, how /dev/null takes the place of one that is closed (using it fails, but for errors), and our mode."""


class OutputFailed(UnreadableFile):
    """What standard output leads to took no more."""


class _Output(io.FileIO):
    """Standard output whose failures are errors of ours; a reader that went away stays a BrokenPipeError."""

    def write(self, content: Any, /) -> int:
        """Write, as in FileIO. Raises OutputFailed."""
        try:
            return super().write(content)
        except BrokenPipeError:
            raise
        except OSError as error:
            why = "it is closed" if error.errno == errno.EBADF else reason(error)
            raise OutputFailed(f"Standard output cannot be written: {why}.", "Choose another place.") from error


def prepare() -> None:
    """Open what is closed, so that no file of ours gets its number; write `?` for letters that the locale lacks."""
    for number, name, flags, mode in _STREAMS:
        if getattr(sys, name) is None:
            if os.open(os.devnull, flags) != number:
                return  # it is open, but Python could not use it
            stream = open(number, mode, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
    plain = sys.__stdout__
    if plain is not None and sys.stdout is plain:
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(_Output(1, "w", closefd=False)),
            plain.encoding,
            "replace",
            line_buffering=plain.isatty(),
        )
    if hasattr(sys.stderr, "reconfigure"):
        sys.stderr.reconfigure(errors="replace")


def finish() -> None:
    """Write what is left. Raises OutputFailed or BrokenPipeError."""
    sys.stdout.flush()


def give_up() -> None:
    """Let what cannot be written go nowhere: Python would try once more to write it, and complain."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, CoterieError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_closed(stream: TextIO) -> bool:
    """Whether the program was started with this standard input closed: `prepare` has opened what cannot be read."""
    return fcntl.fcntl(stream.fileno(), fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY
