"""The user's own editor ($VISUAL, else $EDITOR, else vi), on a private file."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

from coterie.core.errors import InvalidInput
from coterie.core.files import private_folder
from coterie.core.leftovers import UNTOUCHED, no_room, temporary_folder
from coterie.tui import ending

_UNCHANGED = "Nothing was changed."
_TAKE_A_LINE: Final = frozenset({
    "vi", "vim", "nvim", "view", "ex", "nvi", "vis", "nano", "pico", "emacs", "emacsclient", "mg", "micro", "joe",
    "jed", "kak", "ne",
})  # fmt: skip


class EditedText:
    """A text in a private file that an editor opens as often as needed. A context manager: then the file goes.

    Args:
        text: what stands in it at first.
        folder: a folder that stays, for what must survive the program; a text that is in it is kept.
    """

    def __init__(self, text: str, folder: Path | None = None) -> None:
        # Mode 0700; what an editor leaves beside the file goes as well.
        self._folder = ExitStack()
        try:
            place = private_folder(folder) if folder else self._folder.enter_context(temporary_folder("edit"))
            self._path = place / "contacts.txt"
            if not self._path.exists():
                self._path.write_text(text, encoding="utf-8")
                os.utime(self._path, (UNTOUCHED, UNTOUCHED))
        except OSError as error:
            raise no_room(error) from error

    @property
    def is_left(self) -> bool:
        """Whether an editor that was ended has left more than the text: what was typed may be in it."""
        return any(path != self._path for path in self._path.parent.iterdir())

    def is_changed(self, text: str) -> bool:
        """Whether something else than `text` was saved."""
        try:
            return self.read() != text
        except InvalidInput:
            return True

    def __enter__(self) -> EditedText:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.close()

    async def open(self, line: int = 1) -> str:
        """Let the user edit it; the text as it is then. Raises InvalidInput if that does not work.

        Runs on the main thread. The event loop goes on meanwhile: a sync need not wait for the user.

        Args:
            line: where the cursor is at first, in editors that are known to take a line.
        """
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        with _terminal_restored(), _keys_for_the_editor():
            try:
                editor = await asyncio.create_subprocess_exec(*_at_line(shlex.split(command), line), str(self._path))
            except (OSError, ValueError) as error:
                reason = f"The editor “{command}” cannot be started."
                raise InvalidInput(reason, f"{_UNCHANGED} Set EDITOR to one that is installed.") from error
            with ending.after(partial(_hang_up, editor)):
                code = await editor.wait()
        if code:
            raise InvalidInput(f"The editor “{command}” {_ending(code)}.", _UNCHANGED)
        return self.read()

    def read(self) -> str:
        """The text as it was saved. Raises InvalidInput."""
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise InvalidInput("The editor left no file.", _UNCHANGED) from error
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(
                "The text that the editor saved cannot be read.", f"{_UNCHANGED} Save it as UTF-8."
            ) from error


def _at_line(command: Sequence[str], line: int) -> list[str]:
    """The command that opens a file at a line. Those of `_TAKE_A_LINE` all take `+LINE`, as POSIX has it for ex."""
    takes = bool(command) and line > 1 and Path(command[0]).name in _TAKE_A_LINE
    return [*command, *([f"+{line}"] if takes else [])]


def _hang_up(editor: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        editor.send_signal(signal.SIGHUP)


def _ending(code: int) -> str:
    """How a program ended whose exit code is not 0."""
    if code > 0:
        return f"ended with an error (exit code {code})"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


@contextmanager
def _keys_for_the_editor() -> Iterator[None]:
    """ctrl+c and ctrl+\\ are the editor's: the terminal sends their signals to every program in the foreground."""
    kept = [(number, signal.signal(number, lambda *_: None)) for number in (signal.SIGINT, signal.SIGQUIT)]
    try:
        yield
    finally:
        for number, handler in kept:
            signal.signal(number, handler)


@contextmanager
def _terminal_restored() -> Iterator[None]:
    """An editor that is killed leaves the terminal as it needed it."""
    fileno = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
    if not os.isatty(fileno):
        yield
        return
    attributes = termios.tcgetattr(fileno)
    try:
        yield
    finally:
        with suppress(termios.error):
            termios.tcsetattr(fileno, termios.TCSADRAIN, attributes)
