"""Holding something for one program alone, until it lets go or ends, however that happens."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Protocol

from coterie.core.errors import CannotOpen


class Hold(Protocol):
    """What a program holds."""

    async def check(self) -> None:
        """Raises BookBusy if it was lost: then others may hold it."""

    async def end(self) -> None:
        """Let go."""


class FileHold:
    """A lock (flock) on an empty file, of which the system lets go when the program is killed. Made by `take`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> FileHold | None:
        """Lock the file at `path`, without waiting; None if it is locked. Raises CannotOpen."""
        try:
            while True:
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
                        return cls(path, descriptor)
                except BlockingIOError:
                    os.close(descriptor)
                    return None
                except BaseException:
                    os.close(descriptor)
                    raise
                os.close(descriptor)  # who held it before has just removed it
        except OSError as error:
            raise CannotOpen(
                f"Cannot lock {path}: {error.strerror}.", "Check the permissions of its folder."
            ) from error

    async def check(self) -> None:
        """It cannot be lost."""

    async def end(self) -> None:
        """Remove the file, then let go of it: whoever opened it meanwhile notices that it is gone."""
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)
