"""The one place where errors become words on standard error and exit codes."""

from __future__ import annotations

import logging
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from coterie.core.errors import CannotOpen, CoterieError
from coterie.core.files import private_file, private_folder, refusal
from coterie.core.text import printable
from coterie.tui.commandline.streams import OutputFailed, give_up

_log = logging.getLogger(__name__)

_NO_THREAD = "can't start new thread"
"""What Python says with a RuntimeError that has no kind of its own."""
UNEXPECTED = 1
INTERRUPTED = 130  # as shells count it: 128 and the number of SIGINT
BROKEN_PIPE = 141  # 128 and the number of SIGPIPE
_LOG_SIZE = 1_000_000  # bytes; a bigger log begins anew, the one before is kept beside it


def exit_code(error: BaseException, *, debug: bool, changed: bool, log_file: Path) -> int:
    """Say on standard error what went wrong and what to do, and return the exit code that tells it to programs.

    Args:
        error: what was raised.
        debug: show the traceback of what nobody expected.
        changed: whether the book was changed before; a failure to say so does not undo it.
        log_file: where that is written down otherwise, see `start_log`.
    """
    give_up()
    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        _log.error("The system refused something", exc_info=error)
        error = refusal(error)
    if isinstance(error, MemoryError) or str(error) == _NO_THREAD:
        _log.error("The system gave no more", exc_info=error)
        error = CoterieError(
            "There is not enough memory, or the system allows no more threads.",
            "End other programs, or raise the limits (ulimit -a shows them).",
        )
    if isinstance(error, CoterieError):
        if debug:
            traceback.print_exception(error)
        stays = " What was changed in the book stays changed." if changed and isinstance(error, OutputFailed) else ""
        complain(error.title, f"{error.hint}{stays}")
        return error.exit_code
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return BROKEN_PIPE
    if debug:
        traceback.print_exception(error)
        return UNEXPECTED
    _log.error("Unexpected error", exc_info=error)
    complain("Something unexpected went wrong, and the command was stopped.", f"The details are in {log_file}.")
    return UNEXPECTED


def complain(title: str, hint: str = "") -> None:
    """One or two lines on standard error, whatever strangers wrote into them."""
    lines = [f"coterie: {printable(title)}", *([printable(hint)] if hint else [])]
    with suppress(OSError):  # nobody can be told
        print(*lines, sep="\n", file=sys.stderr)
        sys.stderr.flush()
    give_up()


# The log ------------------------------------------------------------------------------------------------------------


class _NoContents(logging.Formatter):
    """Leaves out the messages of exceptions, which may quote contacts or tokens: the place and the type are enough."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """The lines of the programs that were running, and the types of the exceptions."""
        assert isinstance(ei, tuple)
        lines: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            lines += [*traceback.format_tb(error.__traceback__), type(error).__qualname__]
            error = error.__cause__ or error.__context__
        return "\n".join(line.rstrip() for line in lines)


class _PrivateFile(logging.FileHandler):
    """A log file that only the user can read. It is made when there is something to write."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", delay=True, errors="backslashreplace")
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        """Write it down, if the disk takes it."""
        with suppress(OSError, CannotOpen):
            super().emit(record)

    def _open(self):  # type: ignore[no-untyped-def]  # the type is a private one of typeshed
        private_folder(self._path.parent)
        if self._path.exists() and self._path.stat().st_size > _LOG_SIZE:
            self._path.replace(self._path.with_suffix(".old.log"))
        private_file(self._path)
        return super()._open()


def start_log(path: Path) -> None:
    """Write warnings of all parts, and what our own parts tell, into `path`. Never tokens, never contacts."""
    logging.raiseExceptions = False  # a log that cannot be written must not write on the screen
    log = _PrivateFile(path)
    log.setFormatter(_NoContents("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(log)
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)  # what a library has against its Python concerns no user of the program
    logging.getLogger("coterie").setLevel(logging.INFO)
