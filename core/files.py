"""Folders and files that only their user can read, and files that are there whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from core.errors import CannotOpen

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def private_folder(folder: Path, *, tighten: bool = True) -> Path:
    """`folder`, made where it is missing, as are the folders above it, all with mode 0700.

    Args:
        folder: where it is to be.
        tighten: take the rights of other users away where it exists already; only for folders that are ours alone.

    Raises CannotOpen where it cannot be made or is no folder.
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
    """`path`, made empty with mode 0600 where it is missing; other users' rights are taken away where it exists.

    Raises CannotOpen where it cannot be made or written.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        try:
            mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
            if mode & 0o077 and os.fstat(descriptor).st_uid == os.geteuid():
                os.fchmod(descriptor, mode & FOLDER_MODE)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise CannotOpen(f"{path} cannot be written: {reason(error)}.", "Check its owner and permissions.") from error
    return path


@contextmanager
def replacing(path: Path, mode: int = FILE_MODE) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path` at the end, or vanishes where that is not reached. Raises OSError.

    So a crash or a full disk leaves the old file or the new one, never a part: a temporary file in the same folder is
    written, brought to the disk and renamed. A link keeps pointing where it points; pipes and devices are written to.

    Args:
        path: where the file is to be.
        mode: its rights, less what the umask takes; a file that is there already keeps its own.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
        return
    path = Path(os.path.realpath(path))
    if path.exists():
        mode = stat.S_IMODE(path.stat().st_mode)
    temporary = path.with_name(f".{path.name[:200]}.{os.getpid()}.new")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(temporary, flags, mode), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` into `path` at one stroke, so that only the user can read it. Raises OSError."""
    with replacing(path) as file:
        os.fchmod(file.fileno(), FILE_MODE)
        file.write(content)


def _sync_folder(folder: Path) -> None:
    """Bring a rename in `folder` to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reason(error: OSError) -> str:
    """Why the system refused, in words that can end a sentence: “permission denied”."""
    words = error.strerror or str(error)
    return words[:1].lower() + words[1:]
