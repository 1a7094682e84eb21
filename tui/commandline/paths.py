"""Which files a command may read and write, and what is said if that fails."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from coterie.core.errors import NoSuchFile, UnreadableFile
from coterie.core.files import at_home, own, private_folder, read_all, read_small, real, reason, refuse_book, replacing
from coterie.core.leftovers import no_room, sweep_beside
from coterie.core.settings import Settings
from coterie.core.text import undirected
from coterie.tui.commandline import output
from coterie.tui.commandline.streams import is_closed
from coterie.tui.files import Files

STANDARD: Final = "-"
_IN_MEMORY: Final = 8_000_000  # bytes of standard input


def allowed(settings: Settings, text: str) -> Path:
    """The path of an argument.

    For a restricted account it lies in its own folder: relative paths start there, links are followed before they are
    judged, and everything else is refused. So are the files of the book, open or not. Raises UnreadableFile.
    """
    if settings.restricted:
        root = private_folder(settings.files_folder)
        path = real(root / text)
        Files(root).check(path)
    else:
        path = at_home(text)
    refuse_book(path, *filter(None, [settings.sqlite_path]))
    return path


@contextmanager
def reading(settings: Settings, text: str) -> Iterator[tuple[Path | bytes, str]]:
    """What an import reads, and what messages call it. `-` is standard input. Raises UnreadableFile."""
    with _source(settings, text) as (source, name):
        if isinstance(source, Path):
            yield source, name
            return
        with _kept(source) as kept:  # a file is read twice, a pipe only once: import <(…)
            yield kept, name


def small(settings: Settings, text: str) -> tuple[bytes, str]:
    """All of a file that people write by hand, such as a mail, or of standard input, and what messages call it.

    Raises UnreadableFile.
    """
    with _source(settings, text) as (source, name):
        try:
            return read_small(source) if isinstance(source, Path) else read_all(source), name
        except OSError as error:
            raise UnreadableFile(f"{name} cannot be read: {reason(error)}.", "Choose another file.") from error


@contextmanager
def _source(settings: Settings, text: str) -> Iterator[tuple[Path | BinaryIO, str]]:
    """A file, or the stream of a pipe or of standard input, and what messages call it. Raises UnreadableFile."""
    if text != STANDARD:
        path = allowed(settings, text)
        with path.open("rb") if path.is_fifo() else nullcontext(path) as source:
            yield source, path.name
        return
    if sys.stdin.isatty():
        output.note("Paste the rows, then press ctrl+d on a line of its own.")
    if is_closed(sys.stdin):
        raise UnreadableFile("Standard input cannot be read: it is closed.", "Give the path of a file.")
    yield sys.stdin.buffer, "standard input"


class _ForTerminal(io.TextIOWrapper):
    """Text for a terminal, without the marks that change the order of letters; a file gets every mark."""

    def write(self, text: str, /) -> int:
        return super().write(undirected(text))


@contextmanager
def _kept(stream: BinaryIO) -> Iterator[Path | bytes]:
    """All of a stream: in memory, or in a temporary file if it is much."""
    start = stream.read(_IN_MEMORY)
    if len(start) < _IN_MEMORY:
        yield start
        return
    with ExitStack() as stack:
        try:
            spool = stack.enter_context(tempfile.NamedTemporaryFile(prefix="coterie-import-"))
            own(spool.fileno())
            spool.write(start)
            while chunk := stream.read(_IN_MEMORY):
                spool.write(chunk)
            spool.flush()
        except OSError as error:
            raise no_room(error) from error
        yield Path(spool.name)


@contextmanager
def writing(settings: Settings, text: str) -> Iterator[TextIO]:
    """Where an export writes: a file that is there whole or not at all, or standard output for `-`.

    Raises UnreadableFile.
    """
    if text == STANDARD:
        sys.stdout.flush()
        kind = _ForTerminal if sys.stdout.isatty() else io.TextIOWrapper
        out = kind(sys.stdout.buffer, "utf-8", errors="replace", newline="")
        try:
            yield out
            out.flush()
        finally:
            out.detach()
        return
    path = allowed(settings, text)
    sweep_beside(path)
    try:
        with replacing(path) as file:
            text_file = io.TextIOWrapper(file, "utf-8", errors="replace", newline="")
            yield text_file
            text_file.flush()
            text_file.detach()
    except BrokenPipeError:
        raise
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise NoSuchFile(f"{path} cannot be written: {reason(error)}.", "Give the path of a file.") from error
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be written: {reason(error)}.", "Choose another place.") from error
