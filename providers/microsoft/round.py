"""One round of changes: the streams of several folders brought together into one answer.

Each folder tells its own story in its own order: what it says last of a contact counts. A contact that was moved is
removed from one folder and present in another, and either may be told first: it is present.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from coterie.core.errors import CursorExpired
from coterie.core.places import Place
from coterie.core.provider import ChangePage, RemoteContact, Tombstone, Unreadable
from coterie.providers.microsoft.mapping import LINES, LISTS, PROPERTIES, DeltaEntry

Present = RemoteContact | Unreadable
Page = dict[str, Present]

HELD: Final = 1000
"""How many contacts are held back, in case that their folder takes them back in the same round."""
_SHAPE: Final = hashlib.sha256(",".join((*PROPERTIES, *LINES, *LISTS)).encode()).hexdigest()[:12]
"""Names the properties that delta links were made for."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to go on.

    Attributes:
        links: the delta link of each folder, by the folder's id.
        default: the id of the default folder; empty if it is not known.
        gone: contacts to report as deleted, because the last round had already named them as present.
    """

    links: dict[str, str]
    default: str = ""
    gone: tuple[str, ...] = ()

    def to_text(self) -> str:
        """As the port's cursor."""
        return json.dumps({"shape": _SHAPE, "folders": self.links, "default": self.default, "gone": self.gone})

    @classmethod
    def from_text(cls, text: str) -> Cursor:
        """The cursor in a text. Raises CursorExpired if another version of Coterie made it, of other properties."""
        try:
            values = json.loads(text)
            if values["shape"] == _SHAPE:
                links = {str(folder): str(link) for folder, link in values["folders"].items()}
                return cls(links, str(values["default"]), tuple(map(str, values["gone"])))
        except (ValueError, TypeError, KeyError, AttributeError):
            pass
        raise CursorExpired(
            "This version of Coterie reads more from Microsoft than the last.", "A full sync is needed."
        )


@dataclass(slots=True)
class Round:
    """What the folders have said so far.

    Attributes:
        full: the round lists everything, so deletions need no telling: what it does not name is gone.
        hold: how many contacts are held back.
        late: contacts that were handed out and have gone since; the next round tells.
    """

    full: bool
    hold: int = HELD
    late: set[str] = field(default_factory=set)
    _gone: dict[str, None] = field(default_factory=dict)
    _folders: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """The folders that say that a contact is there, by the hash of its id: there may be very many."""
    _held: deque[Page] = field(default_factory=deque)
    _out: set[int] = field(default_factory=set)
    """The hashes of the ids of contacts that were handed out."""

    def expect_gone(self, remote_ids: Iterable[str]) -> None:
        """Contacts that the last round found to be gone too late."""
        self._gone.update(dict.fromkeys(remote_ids))

    def knows(self, remote_id: str) -> bool:
        """Whether a folder has named the contact as present."""
        return hash(remote_id) in self._folders

    @property
    def has_gone(self) -> bool:
        """Whether contacts have gone that no other folder has."""
        return bool(self._gone)

    def add(self, folder: str, entries: Iterable[DeltaEntry]) -> Iterable[ChangePage]:
        """Take in what a folder says on one page; gives pages that need not be held back any longer."""
        page: Page = {}
        self._held.append(page)
        alone = (folder,)
        for entry in entries:
            if isinstance(entry, Tombstone):
                self._removed(folder, entry.remote_id)
            else:
                self._present(alone, entry, page)
        while sum(map(len, self._held)) > self.hold:
            page = self._held.popleft()
            self._out.update(map(hash, page))
            yield self._page(page)

    def _present(self, alone: tuple[str], entry: Present, page: Page) -> None:
        key = hash(entry.remote_id)
        before = self._folders.get(key, ())
        self._folders[key] = before if alone[0] in before else (*before, *alone) if before else alone
        if before:
            self._take_back(entry.remote_id)
        self._gone.pop(entry.remote_id, None)
        self.late.discard(entry.remote_id)
        page[entry.remote_id] = entry

    def _removed(self, folder: str, remote_id: str) -> None:
        key = hash(remote_id)
        before = self._folders.pop(key, ())
        others = tuple(other for other in before if other != folder)
        if others:  # it has moved there
            self._folders[key] = others
            return
        self._gone[remote_id] = None
        if before:
            self._take_back(remote_id)
        if key in self._out:
            self.late.add(remote_id)

    def _take_back(self, remote_id: str) -> None:
        for page in self._held:
            page.pop(remote_id, None)

    def restart(self, folder: str) -> bool:
        """Forget what a folder has said. False if some of it has been handed out already."""
        mine = {key for key, folders in self._folders.items() if folder in folders}
        if not mine.isdisjoint(self._out):
            return False
        for key in mine:
            others = tuple(other for other in self._folders.pop(key) if other != folder)
            if others:
                self._folders[key] = others
        forgotten = mine - self._folders.keys()
        for page in self._held:
            for remote_id in [remote_id for remote_id in page if hash(remote_id) in forgotten]:
                del page[remote_id]
        return True

    def finish(self, cursor: Cursor, places: tuple[Place, ...]) -> Iterable[ChangePage]:
        """The remaining pages; the last one has the cursor and what has gone."""
        pages = [page for page in self._held if page] or [{}]
        yield from map(self._page, pages[:-1])
        last = self._page(pages[-1], () if self.full else tuple(self._gone), cursor.to_text())
        yield replace(last, places=places)

    def _page(
        self,
        page: Page,
        gone: Collection[str] = (),
        cursor: str | None = None,
    ) -> ChangePage:
        return ChangePage(
            changed=tuple(entry for entry in page.values() if isinstance(entry, RemoteContact)),
            deleted=tuple(Tombstone(remote_id) for remote_id in gone),
            unreadable=tuple(entry for entry in page.values() if isinstance(entry, Unreadable)),
            cursor=cursor,
            full=self.full,
        )
