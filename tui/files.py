"""Files: which files the user of this screen may reach, and how a path that was typed, pasted or dropped is read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO
from urllib.parse import unquote

from coterie.core.clock import COMPUTERS_ZONE, from_seconds
from coterie.core.errors import UnreadableFile
from coterie.core.files import real, reason, replacing
from coterie.core.leftovers import sweep_beside
from coterie.core.web import split_url

IMPORTABLE: Final = frozenset(
    {".csv", ".tsv", ".txt", ".vcf", ".vcard", ".xlsx", ".ods", ".ldif", ".ldi", ".json", ".jsonl", ".ndjson"}
)
_ESCAPED: Final = re.compile(r"\\(?:x([0-9a-f]{2})|(.))")
_BYTE: Final = re.compile("[\udc80-\udcff]")
"""A byte of a name that is no text, as Python has it (PEP 383)."""


LONGEST_SHOWN: Final = 60
"""Characters of a path in a sentence: dialogs have a few lines."""


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """One line of a folder: a file, with its size in bytes and the time of its last change, or a folder."""

    path: Path
    folder: bool
    size: int = 0
    changed: datetime | None = None


def typed_path(text: str) -> str:
    """The path that `text` means, with `~` still in it.

    Terminals “drop” a file by pasting its path: in single or double quotes, with backslashes before blanks, or as a
    `file://` URL (RFC 8089). What is typed by hand comes through as it is; `\\xe9` is a byte of a name that is no text.
    """
    text = text.strip()
    if text.lower().startswith("file:"):
        return unquote(split_url(text).path)
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        inner = text[1:-1]
        return inner.replace("'\\''", "'") if text[0] == "'" else _ESCAPED.sub(_unescaped, inner)
    return _ESCAPED.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    return os.fsdecode(bytes.fromhex(match[1])) if match[1] else str(match[2])


def written(path: Path | str) -> str:
    """A path as it can be shown and typed, whatever bytes are in it."""
    return _BYTE.sub(lambda byte: f"\\x{ord(byte[0]) - 0xDC00:02x}", str(path))


@dataclass(frozen=True, slots=True)
class Files:
    """The files that can be reached: all of the user's, or, for a restricted account, those inside `root`.

    All methods may wait for a disk: call them in a thread if the screen must go on.

    Attributes:
        root: the one folder of a restricted account; None for no limit.
    """

    root: Path | None = None

    @property
    def start(self) -> Path:
        """Where file pickers and relative paths begin."""
        return self.root or Path.home()

    def path(self, text: str) -> Path:
        """The absolute path that was typed, pasted or dropped as `text`.

        Relative paths begin where the program was started, or in the folder of a restricted account.
        Raises UnreadableFile if it lies outside that folder or if `~name` names nobody.
        """
        plain = typed_path(text)
        if not plain or "\0" in plain:
            raise UnreadableFile("There is no path.", "Type one, or choose the file.")
        try:
            path = Path(plain).expanduser() if self.root is None else self._at_home(plain, self.root)
        except RuntimeError as error:
            raise UnreadableFile(f"There is no home folder for {plain}.") from error
        path = Path(os.path.normpath((self.root or Path.cwd()) / path))
        self.check(path)
        return path

    @staticmethod
    def _at_home(plain: str, root: Path) -> Path:
        return root / plain[2:] if plain.startswith("~/") else root if plain == "~" else Path(plain)

    def check(self, path: Path) -> None:
        """Raise UnreadableFile if a restricted account may not reach `path` (links are followed)."""
        if self.root is not None and not real(path).is_relative_to(real(self.root)):
            raise UnreadableFile(
                f"{_brief(path)} is outside the folder of this account.",
                f"Files can be read and written inside {self.root} only.",
            )

    def shown(self, path: Path) -> str:
        """`path` as people write it: the home folder as `~`."""
        try:
            inside = path.relative_to(self.start)
        except ValueError:
            return written(path)
        return "~" if inside == Path() else f"~/{written(inside)}"

    @contextmanager
    def writing(self, path: Path) -> Iterator[TextIO]:
        """A text file (UTF-8, line ends as they are written) that takes the place of `path` at the end, or not at all.

        Raises UnreadableFile.
        """
        self.check(path)
        sweep_beside(path)
        try:
            with replacing(path) as file:
                text = TextIOWrapper(file, "utf-8", "surrogatepass", newline="")
                yield text
                text.flush()
                text.detach()
        except OSError as error:
            raise UnreadableFile(
                f"{_brief(path)} cannot be written: {reason(error)}.", "Choose another place."
            ) from error

    def folder(self, path: Path, *, every: bool = False) -> list[FolderEntry]:
        """What is in a folder: folders first, by name; `every` also shows hidden files and all endings.

        Raises UnreadableFile.
        """
        self.check(path)
        entries: list[FolderEntry] = []
        try:
            with os.scandir(path) as scan:
                for file in scan:
                    entry = self._entry(file, every)
                    if entry is not None:
                        entries.append(entry)
        except OSError as error:
            raise UnreadableFile(f"The folder {_brief(path)} cannot be read: {reason(error)}.") from error
        return sorted(entries, key=lambda entry: (not entry.folder, entry.path.name.casefold()))

    def _entry(self, file: os.DirEntry[str], every: bool) -> FolderEntry | None:
        if file.name.startswith(".") and not every:
            return None
        try:
            if file.is_dir():
                return FolderEntry(Path(file.path), folder=True)
            if not file.is_file() or not (every or Path(file.name).suffix.lower() in IMPORTABLE):
                return None
            status = file.stat()
        except OSError:
            return None  # it vanished, or its link leads nowhere: there is nothing to choose
        changed = from_seconds(status.st_mtime, COMPUTERS_ZONE)
        return FolderEntry(Path(file.path), False, status.st_size, changed)

    def complete(self, text: str, *, folders_only: bool = False) -> list[str]:
        """The ways in which `text` can go on, as the user would type them: folders end with `/`."""
        plain = typed_path(text)
        head, slash, start = plain.rpartition("/")
        if plain == "~":
            return ["~/"]
        try:
            folder = self.path(head + slash) if slash else self.path(".")
            entries = self.folder(folder, every=start.startswith("."))
        except UnreadableFile:
            return []
        wanted = start.casefold()
        return [
            head + slash + written(entry.path.name) + ("/" if entry.folder else "")
            for entry in entries
            if entry.path.name.casefold().startswith(wanted) and (entry.folder or not folders_only)
        ]


def _brief(path: Path) -> str:
    """A path in a sentence, cut in the middle if it would hide what is wrong with it."""
    text = str(path)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN // 2]}…{text[-LONGEST_SHOWN // 2 :]}"
