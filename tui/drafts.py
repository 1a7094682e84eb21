"""What is typed and not saved yet, kept on the disk: if the line drops, the next start offers it again.

Each program that runs has a folder of its own in the state folder, with a lock that ends with it; whoever starts later
takes over the folders without a lock. A draft is a file of its own, which only the user can read. It is offered until
the user forgets it, however old it seems: the clock may be wrong.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

from coterie.core.clock import from_seconds
from coterie.core.errors import CannotOpen
from coterie.core.files import own, private_folder, write_whole

_log = logging.getLogger(__name__)
_NAMED: Final = 16


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody is typing.

    Attributes:
        kind: what it is typed into: the name of a way to go on (`tui.screens.unfinished`).
        words: what the user is doing: “adding a contact (Ada King, 3 fields)”.
        content: what it takes to go on, as JSON values.
    """

    kind: str
    words: str
    content: Mapping[str, Any] = field(default_factory=dict)


@runtime_checkable
class Holds(Protocol):
    """A screen into which something is typed that must not be lost. Never one for passwords or codes."""

    def held(self) -> Held | None:
        """What it holds; None if there is nothing worth keeping."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed when a program ended.

    Attributes:
        at: when it was kept last.
    """

    path: Path
    held: Held
    at: datetime


class Drafts:
    """The drafts of one program and one book. Its methods may take a disk's time: call them in a thread.

    Args:
        root: the folder of all drafts; None to keep none (tests, `--demo`).
        book: what names the book, such as its address; drafts of other books are not offered.
    """

    def __init__(self, root: Path | None = None, book: str = "") -> None:
        self._root = root
        self._prefix = hashlib.sha256(book.encode()).hexdigest()[:_NAMED] + "-"
        self._folder: Path | None = None
        self._locks: dict[Path, int] = {}
        self._count = 0

    @property
    def is_on(self) -> bool:
        """Whether anything is kept."""
        return self._root is not None

    def new(self) -> Path | None:
        """A place for one more draft; None if the disk gives none."""
        try:
            self._folder = self._folder or self._make_folder()
        except (OSError, CannotOpen) as error:
            _log.warning("Cannot keep what is typed in %s: %s", self._root, error)
            self._root = None
        if self._folder is None:
            return None
        self._count += 1
        return self._folder / f"{self._count}.json"

    def keep(self, path: Path, held: Held) -> None:
        """Write a draft in one step."""
        content = {"kind": held.kind, "words": held.words, "content": held.content}
        try:
            write_whole(path, json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        except OSError as error:
            _log.warning("Could not keep what is typed in %s: %s", path, error)

    def forget(self, path: Path) -> None:
        """Remove a draft: it is saved, or given up. Its folder goes with the last one."""
        with suppress(OSError):
            path.unlink(missing_ok=True)
            shutil.rmtree(beside(path), ignore_errors=True)
            if path.parent != self._folder and not any(path.parent.glob("*.json")):
                self._release(path.parent)
                shutil.rmtree(path.parent, ignore_errors=True)

    def left(self) -> list[Draft]:
        """The drafts of programs that have ended, the newest first; they are ours from now on."""
        drafts: list[Draft] = []
        with suppress(OSError):
            for folder in sorted(self._abandoned()):
                drafts += self._read(folder)
        return sorted(drafts, key=lambda draft: draft.at, reverse=True)

    def close(self, *, keep: bool) -> None:
        """End: with `keep`, what is typed stays for the next start; else it was given up."""
        if self._folder is not None and not (keep and any(self._folder.iterdir())):
            shutil.rmtree(self._folder, ignore_errors=True)
        for folder in list(self._locks):
            self._release(folder)
        self._folder = None

    def _make_folder(self) -> Path | None:
        if self._root is None:
            return None
        folder = Path(tempfile.mkdtemp(prefix=self._prefix, dir=private_folder(self._root)))
        self._lock(folder)
        return folder

    def _lock(self, folder: Path) -> None:
        self._locks[folder] = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        own(self._locks[folder])

    def _release(self, folder: Path) -> None:
        if (descriptor := self._locks.pop(folder, None)) is not None:
            os.close(descriptor)

    def _abandoned(self) -> Iterator[Path]:
        """The folders of this book that no living program owns, locked for us."""
        if self._root is None or not self._root.is_dir():
            return
        for folder in self._root.iterdir():
            if not folder.name.startswith(self._prefix) or folder in self._locks:
                continue
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
                continue
            self._locks[folder] = descriptor
            yield folder

    def _read(self, folder: Path) -> list[Draft]:
        drafts = []
        for path in folder.glob("*.json"):
            try:
                at = from_seconds(path.stat().st_mtime, UTC)
                read = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
                drafts.append(Draft(path, Held(str(read["kind"]), str(read["words"]), dict(read["content"])), at))
            except (OSError, ValueError, KeyError, TypeError) as error:
                _log.warning("Could not read the draft %s: %s", path, error)
        if not any(folder.glob("*.json")):
            self._release(folder)
            shutil.rmtree(folder, ignore_errors=True)
        return drafts


def beside(path: Path) -> Path:
    """The folder for the files of a draft: the text that an editor has open."""
    return path.with_suffix("")
