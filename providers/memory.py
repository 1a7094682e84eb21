"""The reference provider: a source in memory that does everything the port describes. The demo and the tests use it.

Read it before writing a provider: pages, cursors that can expire, tombstones, new ids, guarded writes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import ClassVar, Final

from coterie.core.errors import Conflict, CursorExpired, Rejected, SignInNeeded
from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.fields.values import with_value
from coterie.core.model import Contact
from coterie.core.provider import Capabilities, ChangePage, Provider, RemoteContact, Setup, Tombstone
from coterie.core.sign_in import Identity, Option, SignInPrompter

FIELDS: Final = frozenset(ATTRIBUTES)
"""Everything in a contact that a source can say."""


@dataclass(slots=True)
class MemorySource:
    """The other side: contacts with etags, and a journal of which of them changed when.

    Attributes:
        page_size: contacts on one page.
        contacts: remote id -> the contact as it is there.
        allowed: whether the permission stands; False makes every request end in SignInNeeded.
        oldest: cursors older than this journal position have expired.
        requests: how many requests came.
        person: who signs in, as providers tell people apart.
    """

    page_size: int = 100
    contacts: dict[str, RemoteContact] = field(default_factory=dict)
    allowed: bool = True
    oldest: int = 0
    requests: int = 0
    person: str = ""
    _changed: dict[str, int] = field(default_factory=dict)
    _clock: int = 0
    _serial: int = 0

    def put(self, contact: Contact, remote_id: str = "", previous: tuple[str, ...] = ()) -> RemoteContact:
        """Create a contact, or replace the one of that id, with a new etag."""
        if not remote_id:
            self._serial += 1
            remote_id = f"memory/{self._serial}"
        self._tick(remote_id)
        clean = replace(contact, id=None, sources=(), version=0, created_at=None, updated_at=None)
        self.contacts[remote_id] = RemoteContact(
            remote_id, clean, etag=f"e{self._clock}", raw=repr(clean), previous_ids=previous
        )
        return self.contacts[remote_id]

    def remove(self, remote_id: str) -> None:
        """Delete a contact; it is told as a tombstone from now on."""
        del self.contacts[remote_id]
        self._tick(remote_id)

    def rename(self, remote_id: str) -> str:
        """Give a contact another id, as sources sometimes do, and return it."""
        before = self.contacts.pop(remote_id)
        self._changed.pop(remote_id, None)
        return self.put(before.contact, previous=(remote_id,)).remote_id

    def expire_cursors(self) -> None:
        """No cursor that was given out until now is known any more."""
        self._clock += 1
        self.oldest = self._clock

    def request(self) -> None:
        """Count a request. Raises SignInNeeded if the permission has ended."""
        self.requests += 1
        if not self.allowed:
            raise SignInNeeded("The memory account no longer accepts the permission.", "Sign in again.")

    def since(self, position: int) -> Iterator[str]:
        """The ids of what changed after that position of the journal."""
        return (remote_id for remote_id, changed in tuple(self._changed.items()) if changed > position)

    @property
    def clock(self) -> int:
        """The present position of the journal."""
        return self._clock

    def _tick(self, remote_id: str) -> None:
        self._clock += 1
        self._changed[remote_id] = self._clock


class MemoryProvider(Provider):
    """An account at a `MemorySource`."""

    id: ClassVar[str] = "memory"
    label: ClassVar[str] = "Memory"
    capabilities: ClassVar[Capabilities] = Capabilities(favorites=True, groups=True, write=True, fields=FIELDS)
    options: ClassVar[tuple[Option, ...]] = (Option("address", "Address", "Any name for the account."),)

    def __init__(self, setup: Setup, source: MemorySource | None = None) -> None:
        super().__init__(setup)
        self.source = source or MemorySource()

    async def sign_in(self, prompter: SignInPrompter) -> Identity:
        """Ask for the account's name and allow everything."""
        answers = await prompter.ask(self.options)
        await self.setup.tokens.save(self.source.person or "allowed")
        self.source.allowed = True
        return Identity(answers.get("address") or "demo@memory", person=self.source.person)

    async def person(self) -> str:
        """Who signed in last."""
        return (await self.setup.tokens.load() or "").replace("allowed", "")

    async def changes(self, cursor: str | None) -> AsyncIterator[ChangePage]:
        """Pages in the order of change. The cursor is the position of the journal when the round began."""
        source = self.source
        source.request()
        start = 0 if cursor is None else int(cursor)
        if cursor is not None and start < source.oldest:
            raise CursorExpired("The memory account no longer knows what was synced last.", "A full sync is needed.")
        end, full = source.clock, cursor is None
        ids = iter(list(source.contacts) if full else source.since(start))
        batch = tuple(islice(ids, source.page_size))
        while True:
            following = tuple(islice(ids, source.page_size))
            yield ChangePage(
                changed=tuple(source.contacts[remote_id] for remote_id in batch if remote_id in source.contacts),
                deleted=tuple(Tombstone(remote_id) for remote_id in batch if remote_id not in source.contacts),
                cursor=None if following else str(end),
                full=full,
                total=len(source.contacts),
            )
            if not following:
                return
            batch = following
            source.request()

    async def create(self, contact: Contact, raw: str = "", place: str = "") -> RemoteContact:
        """Create it there."""
        self.source.request()
        if not contact.shown_name:
            raise Rejected("The memory account does not accept a contact without a name.")
        return self.source.put(contact)

    async def update(self, known: RemoteContact, contact: Contact, fields: Collection[str]) -> RemoteContact:
        """Change only `fields` of what is there."""
        current = self._guarded(known)
        if current is None:
            raise Conflict("The contact was deleted at the memory account.", "Sync, then try again.")
        changed = current.contact
        for key in fields:
            changed = with_value(changed, key, getattr(contact, key))
        return self.source.put(changed, known.remote_id)

    async def delete(self, known: RemoteContact) -> None:
        """Delete it there; fine if it is gone."""
        if self._guarded(known) is not None:
            self.source.remove(known.remote_id)

    async def read(self, remote_id: str) -> RemoteContact | None:
        """The contact as it is there now."""
        self.source.request()
        return self.source.contacts.get(remote_id)

    def _guarded(self, remote: RemoteContact) -> RemoteContact | None:
        """The contact there if it is still as `remote`; None if it is gone. Raises Conflict if it has changed."""
        self.source.request()
        current = self.source.contacts.get(remote.remote_id)
        if current is not None and remote.etag and current.etag != remote.etag:
            raise Conflict("The contact has changed at the memory account.", "Sync, then try again.")
        return current
