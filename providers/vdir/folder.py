"""A vdir: a folder with one vCard in each file, and its subfolders, which are address books.

What is written follows vdirsyncer's specification (vdirsyncer.readthedocs.io, “The Vdir Storage Format”): names end in
`.vcf`, files are replaced at one stroke, and what begins with a dot or ends in `.tmp` is nobody's contact.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coterie.core.errors import Conflict, Rejected, Unreachable
from coterie.core.files import reason, replacing
from coterie.core.leftovers import sweep_shared
from coterie.core.places import Place
from coterie.providers.carddav.cards import CardText, NotACard

_ENDING: Final = ".vcf"
_LARGEST: Final = 64 << 20
"""Bytes of a card that is read: more than any photo takes."""
_NEW_FILE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of an account. A contact's id is the path of its file below it: `work/1234.vcf`."""

    root: Path

    def check(self) -> None:
        """Raises Unreachable if the folder is not there: an empty mount point deletes nobody."""
        try:
            is_there = self.root.is_dir()
            if is_there:
                os.scandir(self.root).close()
        except OSError as error:
            raise Unreachable(f"{self.root} cannot be read: {reason(error)}.", "Check its permissions.") from error
        if not is_there:
            raise Unreachable(f"The folder {self.root} is not there.", "Connect its disk, or make the folder.")

    def books(self) -> tuple[Place, ...]:
        """The address books: the subfolders, and the folder itself if cards are in it or nothing else is."""
        with os.scandir(self.root) as entries:
            below = sorted(entry.name for entry in entries if entry.name[:1] != "." and entry.is_dir())
        books = [Place(f"{name}/", name, os.access(self.root / name, os.W_OK)) for name in below]
        if not books or any(True for _ in self._cards("")):
            books.insert(0, Place("/", self.root.name, os.access(self.root, os.W_OK)))
        return tuple(books)

    def etags(self, book: str) -> dict[str, str]:
        """The etag of each card of an address book, by the card's id. What killed programs left there goes."""
        prefix = book.strip("/")
        sweep_shared(self.root / prefix, _ENDING)
        return {
            f"{prefix}/{entry.name}".lstrip("/"): _etag(entry.stat())
            for entry in sorted(self._cards(prefix), key=lambda entry: entry.name)
        }

    def mark(self) -> str:
        """What changes with any file, for as long as this program runs.

        Raises Unreachable if the folder is not there, OSError if it cannot be read.
        """
        self.check()
        files = set()
        for book in self.books():
            for entry in self._cards(book.id.strip("/")):
                status = entry.stat()
                files.add((book.id, entry.name, status.st_mtime_ns, status.st_ino, status.st_size))
        return str(hash(frozenset(files)))

    def _cards(self, prefix: str) -> Iterator[os.DirEntry[str]]:
        with os.scandir(self.root / prefix) as entries:
            for entry in entries:
                if entry.name[:1] != "." and entry.name.lower().endswith(_ENDING) and entry.is_file():
                    yield entry

    def read(self, card_id: str) -> CardText | None:
        """A card as it is now; None if it is gone. Raises NotACard if the file is no card."""
        try:
            with self._path(card_id).open("rb") as file:
                status = os.fstat(file.fileno())
                content = file.read(_LARGEST + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise NotACard(f"The file cannot be read: {reason(error)}.") from error
        if len(content) > _LARGEST:
            raise NotACard("The file is too large for a card.")
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            raise NotACard("The file is not in UTF-8.") from error
        if text.upper().count("BEGIN:VCARD") > 1:
            raise NotACard("The file holds several cards; a folder of vCards has one in each file.")
        return CardText(card_id, _etag(status), text)

    def write(self, card_id: str, text: str, before: str | None) -> CardText:
        """Put a card in place of the one with the etag `before`; None for a new card.

        Raises Conflict if something else is there, Rejected if the folder does not take it.
        """
        path = self._path(card_id)
        self.guard(card_id, before)
        try:
            with replacing(path, _NEW_FILE) as file:
                file.write(text.encode())
            return CardText(card_id, _etag(path.stat()), text)
        except OSError as error:
            raise _refused(path, error) from error

    def delete(self, card_id: str, before: str) -> None:
        """Delete a card; fine if it is gone. Raises Conflict if it has changed, Rejected if it must stay."""
        path = self._path(card_id)
        if not path.exists():
            return
        self.guard(card_id, before)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _refused(path, error) from error

    def guard(self, card_id: str, etag: str | None) -> None:
        """Raises Conflict if a card no longer has that etag; None says that there is no card yet."""
        try:
            present = _etag(self._path(card_id).stat())
        except FileNotFoundError:
            present = None
        except OSError as error:
            raise _refused(self._path(card_id), error) from error
        if present != etag:
            raise Conflict("The contact was changed or deleted in the folder.", "Sync, then try again.")

    def _path(self, card_id: str) -> Path:
        return self.root / card_id


def _etag(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}-{status.st_ino}-{status.st_size}"


def _refused(path: Path, error: OSError) -> Rejected:
    return Rejected(f"{path} cannot be written: {reason(error)}.", "Check its owner, its permissions and the disk.")
