"""Folders and files that only their user can read, files that are there whole or not at all, and the open book's files.

A program that closes a file loses all its locks (fcntl) on that file, whatever took them: another program then
takes the open book for closed, and the book breaks (https://www.sqlite.org/howtocorrupt.html, section 2.2). So nothing
but SQLite may open a book that is open here: whatever opens a file that a user has named uses `open_to_read` or
`replacing`.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO, Final

from coterie.core.errors import CannotOpen, UnreadableFile

FOLDER_MODE = 0o700
FILE_MODE = 0o600
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
"""How a temporary file is opened; links are never followed."""
SMALL: Final = 10_000_000
"""Bytes of a file that is read as a whole: settings, a recipe, the text of a mail."""
_BESIDE: Final = ("", "-wal", "-shm", "-journal")
"""What SQLite adds to the name of a book for the files beside it."""
_books: Counter[Path] = Counter()
"""The books that are open in this program, and how often."""


def at_home(typed: str) -> Path:
    """The path that somebody typed, in which `~` is their home folder; `~name` stays as it is if it names nobody."""
    return Path(os.path.expanduser(typed))  # noqa: PTH111 - that of pathlib raises RuntimeError for such a name


def real(path: Path) -> Path:
    """Where a path leads, all links followed; one that leads in a circle stays (`Path.resolve` would raise)."""
    return Path(os.path.realpath(path))


def note_open(book: Path) -> None:
    """Note that SQLite has the book at this path open."""
    _books[book] += 1


def note_closed(book: Path) -> None:
    """Note that it is closed, as often as it was opened."""
    _books[book] -= 1
    if not _books[book]:
        del _books[book]


def refuse_book(path: Path, *books: Path) -> None:
    """Raises UnreadableFile if `path` leads to a file of one of `books`, or of a book that is open in this program.

    It is not opened for that.
    """
    try:
        file = path.stat()
    except (OSError, ValueError):
        return  # opening it tells what is wrong
    for book in (*books, *_books):
        for ending in _BESIDE:
            with suppress(OSError):
                if os.path.samestat(file, book.with_name(book.name + ending).stat()):
                    raise UnreadableFile(f"{path} belongs to the book itself.", "Choose another file.")


def open_to_read(path: Path) -> FileIO:
    """The bytes of a file, without a buffer. Raises OSError, and UnreadableFile if it belongs to the open book."""
    refuse_book(path)
    return path.open("rb", buffering=0)


def read_small(path: Path, largest: int = SMALL) -> bytes:
    """All of a file that people write by hand; what never ends, such as a device, is not read to its end.

    Raises OSError, also if it has more than `largest` bytes, and UnreadableFile if it belongs to the open book.
    """
    with BufferedReader(open_to_read(path)) as file:
        return read_all(file, largest)


def read_all(file: BinaryIO, largest: int = SMALL) -> bytes:
    """All that is left of a file. Raises OSError, also if it has more than `largest` bytes."""
    content = file.read(largest + 1)
    if len(content) > largest:
        raise OSError(errno.EFBIG, "it is too large")
    return content


def private_folder(folder: Path, *, tighten: bool = True) -> Path:
    """`folder`, made if it is missing, as are the folders above it, all with mode 0700.

    Args:
        folder: where it is to be.
        tighten: take the rights of other users away if it exists already; only for folders that are ours alone.

    Raises CannotOpen if it cannot be made or is no folder.
    """
    try:
        for parent in (*reversed(folder.parents), folder):
            with suppress(FileExistsError):
                parent.mkdir(mode=FOLDER_MODE)
        if not folder.is_dir():
            raise NotADirectoryError(20, "there is a file with that name")
        if tighten and stat.S_IMODE(folder.stat().st_mode) & 0o077:
            folder.chmod(FOLDER_MODE)
    except OSError as error:
        raise CannotOpen(
            f"The folder {folder} cannot be used: {reason(error)}.", "Check its owner and permissions."
        ) from error
    return folder


def private_file(path: Path) -> Path:
    """`path`, made empty with mode 0600 if it is missing; other users' rights are taken away if it exists.

    What exists is not opened (see above), and only a regular file of ours gets other rights: never a device.
    Raises CannotOpen if it cannot be made or written.
    """
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE))
            return path
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if stat.S_ISREG(status.st_mode) and status.st_mode & 0o077 and status.st_uid == os.geteuid():
            path.chmod(stat.S_IMODE(status.st_mode) & FOLDER_MODE)
        if not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise CannotOpen(f"{path} cannot be written: {reason(error)}.", "Check its owner and permissions.") from error
    return path


@contextmanager
def replacing(path: Path, mode: int = FILE_MODE) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path` at the end, or vanishes if that is not reached. Raises OSError.

    So a crash or a full disk leaves the old file or the new one, never a part: a temporary file in the same folder is
    written, brought to the disk and renamed. A link keeps pointing where it points; pipes and devices are written to.

    Args:
        path: where the file is to be.
        mode: its rights, less what the umask takes; a file that is there already keeps its own.

    Raises UnreadableFile if `path` belongs to the open book.
    """
    refuse_book(path)
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
        return
    path = real(path)
    if path.exists():
        mode = stat.S_IMODE(path.stat().st_mode)
    temporary = temporary_of(path)
    try:
        with os.fdopen(os.open(temporary, NEW_FILE, mode), "wb") as file:
            own(file.fileno())
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def temporary_of(path: Path) -> Path:
    """What is written until it takes the place of `path`; `core.leftovers` knows it by its name."""
    return path.with_name(f".{path.name[:200]}.{os.getpid()}.new")


def own(descriptor: int) -> None:
    """Say that a temporary file or folder is needed until its descriptor is closed; see `core.leftovers`."""
    with suppress(OSError):  # a file system without locks: then nobody gets one, and nothing is swept
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` into `path` at one stroke, so that only the user can read it. Raises OSError."""
    with replacing(path) as file:
        os.fchmod(file.fileno(), FILE_MODE)
        file.write(content)


def sync_folder(folder: Path) -> None:
    """Bring a rename in `folder` to the disk. If that fails, it is done all the same, as SQLite has it, too."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def reason(error: OSError) -> str:
    """Why the system refused, in words that can end a sentence: “permission denied”."""
    words = error.strerror or str(error)
    return words[:1].lower() + words[1:]


def refusal(error: OSError) -> UnreadableFile:
    """The error for whatever the system refused where nobody expected it: the file, why, and what to do."""
    words = reason(error).rstrip(".")
    if error.filename is not None:
        name = error.filename if isinstance(error.filename, str | bytes) else str(error.filename)
        title = f"{os.fsdecode(name)} cannot be used: {words}."
    else:
        title = f"{words[:1].upper()}{words[1:]}."
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return UnreadableFile(title, f"Make room; temporary files are in {os.environ.get('TMPDIR', '/tmp')}.")  # noqa: S108
    return UnreadableFile(title, "Check its owner and permissions." if isinstance(error, PermissionError) else "")
