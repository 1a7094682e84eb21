"""Why a disk does not take what is written: it is full, read-only, or the folder belongs to somebody else."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from coterie.core.errors import ReadOnly
from coterie.core.files import real

_FULL: Final = 64 * 1024
"""Bytes: with fewer left, SQLite can't even make the files that it needs beside the book."""
_SPILLED: Final = 16 * 1024 * 1024
"""Bytes: a large change needs as much for what SQLite sorts and may have to roll back."""
_SIGNS: Final = ("readonly", "read-only", "disk", "full", "unable to open")


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another program has what was wanted."""
    return "locked" in str(error) or "busy" in str(error)


def is_about_disk(message: str) -> bool:
    """Whether what SQLite says comes from the disk, and not from what is in the book."""
    return any(sign in message for sign in _SIGNS)


def why_not_written(path: Path) -> tuple[str, str]:
    """Why `path` cannot be written, as the rest of a sentence, and what to do about it.

    Both are empty if the disk would take it.
    """
    folder = path if path.is_dir() else path.parent
    try:
        room = os.statvfs(folder)
    except OSError:
        return f"the folder {folder} is not there", "Make the folder, or connect its disk."
    if room.f_flag & os.ST_RDONLY:
        return f"the disk {disk_of(folder)} is read-only", "Make the disk writable, then try again."
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"you may not write in the folder {folder}", "Check its owner and permissions."
    if path.exists() and not os.access(path, os.W_OK):
        return "you may not write to it", "Check its owner and permissions."
    if (room.f_bavail if os.geteuid() else room.f_bfree) * room.f_frsize < _FULL:
        return f"the disk {disk_of(folder)} is full", "Make room on the disk, then try again."
    return "", ""


def refused(path: Path, message: str) -> ReadOnly:
    """The error for a change of the book at `path` that the disk did not take; `message` is what SQLite says."""
    why, cure = why_not_written(path)
    if not why and (folder := _without_room()):
        why = f"there is no room for temporary files in {folder}"
        cure = "Make room there, or set TMPDIR to a folder with room."
    if not why:
        why = f"its disk {disk_of(path.parent)} took no more ({message})"
    return ReadOnly(f"Nothing was saved in {path}: {why}.", cure or "Make room on the disk, then try again.")


def _without_room() -> str:
    """SQLite's folder for temporary files if it is nearly full (sqlite.org/tempfiles.html, 5); else empty."""
    places = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp")  # noqa: S108
    for folder in filter(None, places):
        if Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK):
            room = os.statvfs(folder)
            return folder if room.f_bavail * room.f_frsize < _SPILLED else ""
    return ""


def disk_of(path: Path) -> Path:
    """Where the disk with `path` on it is mounted."""
    path = real(path)
    while not os.path.ismount(path):
        path = path.parent
    return path
