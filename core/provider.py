"""THE PORT: what Coterie asks of a provider of contacts. What a provider may ask of the user is in `core.sign_in`.

Abstract methods must be written, concrete ones may be. A provider speaks in values of `core.model`, raises errors of
`core.errors` and knows neither the book nor the screen. `docs/adding-a-provider.md` shows how to add one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, TypeVar, cast

from coterie.core.errors import BadReply, Conflict, Rejected
from coterie.core.model import Contact
from coterie.core.places import Place
from coterie.core.sign_in import Identity, Option, SignInPrompter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can keep.

    Attributes:
        favorites: it has a mark that is our favorite.
        groups: contacts can be in groups there.
        write: contacts can be created, changed and deleted there.
        labels: groups there are things of their own, which are renamed and deleted for all their members at once.
        fields: the attributes of Contact that it stores; others stay ours and are never wiped by a sync. Of custom
            fields it may store some alone: `custom/Spouse`.
        together: how many new contacts go there in one request.
    """

    favorites: bool
    groups: bool
    write: bool
    fields: frozenset[str]
    labels: bool = False
    together: int = 1


@dataclass(frozen=True, slots=True)
class RemoteContact:
    """A contact as the source has it now.

    Attributes:
        remote_id: theirs (resourceName, id, href).
        contact: mapped to our fields; `groups` are names, `sources` is empty.
        etag: names this state, for guarded writes; empty if the source has none.
        raw: the source's own record as text, so that nothing it knows is lost.
        previous_ids: ids under which the source knew it before.
        uid: the contact's UID (RFC 6350, 6.7.6), if the source keeps one that other programs see too.
        place: the id of the place where it is; empty if the account has none.
        undone: as the answer to a write: the attributes that were not taken, with why; the others were.
    """

    remote_id: str
    contact: Contact
    etag: str = ""
    raw: str = ""
    previous_ids: tuple[str, ...] = ()
    uid: str = ""
    place: str = ""
    undone: Mapping[str, Rejected | Conflict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Update:
    """A change that goes to the source: only `fields` of `contact`, onto the contact that was last seen as `known`."""

    known: RemoteContact
    contact: Contact
    fields: frozenset[str]


Answer = RemoteContact | Rejected | Conflict
"""What the source says of one contact in a batch: how it is now, or why it was refused."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A contact that the source has deleted. The id may be one that we never saw."""

    remote_id: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One record that cannot be understood; it is quarantined and the rest goes on."""

    remote_id: str
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page of what changed.

    Attributes:
        changed: new or changed contacts.
        deleted: tombstones.
        unreadable: records that could not be mapped.
        cursor: where to go on next time; only the last page has one, and it is stored only after every page
            has been applied.
        full: this round lists everything there is: what it does not name is gone there.
        total: how many contacts the source says it has; None if it does not.
        places: all places of the account, also those that are not synced; told with the cursor. None if there are
            none.
    """

    changed: tuple[RemoteContact, ...] = ()
    deleted: tuple[Tombstone, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    cursor: str | None = None
    full: bool = False
    total: int | None = None
    places: tuple[Place, ...] | None = None


class TokenStore(Protocol):
    """Where an account's secrets live: the keyring, or a file that only the user can read (`core.secrets`)."""

    async def load(self) -> str | None:
        """The secret text, or None."""

    async def save(self, secret: str) -> None:
        """Keep the text, atomically, in place of the one before."""

    async def delete(self) -> None:
        """Forget it; fine if there is none."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a provider is made of.

    Attributes:
        tokens: where this account's secrets live.
        settings: the provider's own part of the settings (`google.client_secrets`, …), by key; `place` is the name
            or the id of where new contacts go, of those in `Provider.places`.
        places: the ids of the places that are synced; None for all.
        read_only: the ids of those in which the user wants nothing changed.
        write: the user has switched writing back on, so the wider scope is wanted.
        restricted: the user may neither have files of this computer read nor servers of its network asked; what
            `settings` names is the administrator's choice.
    """

    tokens: TokenStore
    settings: Mapping[str, str] = field(default_factory=dict)
    write: bool = False
    restricted: bool = False
    places: frozenset[str] | None = None
    read_only: frozenset[str] = frozenset()

    def takes(self, place_id: str) -> bool:
        """Whether the user lets contacts of a place be changed."""
        return self.syncs(place_id) and place_id not in self.read_only

    def syncs(self, place_id: str) -> bool:
        """Whether the user wants the contacts of a place."""
        return self.places is None or place_id in self.places


class Provider(ABC):
    """An account at a provider of contacts.

    Network calls have time-outs; blocking SDKs run in threads; every failure is raised as an error of `core.errors`:
    SignInNeeded, PermissionMissing, Unreachable, RateLimited, NotEnabled, BadReply.
    """

    id: ClassVar[str]
    label: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    options: ClassVar[tuple[Option, ...]] = ()
    watched: ClassVar[bool] = False
    """Whether `mark` tells that something has changed, so that it can be synced at once."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    @abstractmethod
    async def sign_in(self, prompter: SignInPrompter) -> Identity:
        """Sign in with the user's help and keep the tokens. Cancelling the task stops everything it started."""

    async def person(self) -> str:
        """`Identity.person` of whom the kept tokens belong to, as they tell it without asking anybody; else empty."""
        return ""

    async def may_write(self) -> bool:
        """Whether the kept permission is wide enough to write, as it tells without asking anybody."""
        return self.capabilities.write

    async def mark(self) -> str:
        """A text that is another one once contacts there have changed: what a glance tells, without asking a server.

        Providers that have one are `watched`: they are asked every few seconds.

        Raises what reading raises, and OSError.
        """
        raise NotImplementedError(f"{self.label} cannot be watched")

    async def places(self) -> list[Place]:
        """The places (address books, folders) of the account, as they are now; empty if it has none."""
        return []

    @abstractmethod
    def changes(self, cursor: str | None) -> AsyncIterator[ChangePage]:
        """What changed since `cursor`, page by page; everything if it is None.

        Raises CursorExpired if the source no longer knows the cursor.
        """

    async def present(self) -> AsyncGenerator[RemoteContact, None]:
        """All that is there now, also what `changes` does not tell yet; asked for if an answer was lost."""
        async with aclosing(cast("AsyncGenerator[ChangePage, None]", self.changes(None))) as pages:
            async for page in pages:
                for remote in page.changed:
                    yield remote

    async def recent(self) -> AsyncGenerator[RemoteContact, None]:
        """As `present`, at least what was created within the last minutes; asked for in the middle of a sync."""
        async with aclosing(self.present()) as present:
            async for remote in present:
                yield remote

    async def create(self, contact: Contact, raw: str = "", place: str = "") -> RemoteContact:
        """Create the contact there. Never retried blindly: a doubt is raised as Unreachable.

        `raw` is the record of a contact that was deleted there and comes back, or is in another place: what else it
        held is created, too. `place` is the id of the place; empty for where new contacts go.
        """
        raise NotImplementedError(f"{self.label} cannot create contacts")

    async def update(self, known: RemoteContact, contact: Contact, fields: Collection[str]) -> RemoteContact:
        """Change only `fields` of the contact that was last seen as `known`. Raises Conflict if it has changed."""
        raise NotImplementedError(f"{self.label} cannot change contacts")

    async def delete(self, known: RemoteContact) -> None:
        """Delete the contact there; fine if it is gone. Raises Conflict if it has changed."""
        raise NotImplementedError(f"{self.label} cannot delete contacts")

    async def merge(
        self, known: RemoteContact, others: Sequence[RemoteContact], contact: Contact, fields: Collection[str]
    ) -> RemoteContact:
        """As `update`, for a contact that takes in `others`, which are deleted next.

        It also gets what only the records of the others hold, and no field of ours shows.
        """
        return await self.update(known, contact, fields)

    def stays(self, known: RemoteContact) -> bool:
        """Whether a contact is to stay in a merge, as it has what cannot be handed on to another one."""
        return False

    async def create_group(self, name: str) -> None:
        """Create an empty group there, if groups are things of their own; fine if there is one of that name."""
        return

    async def rename_group(self, name: str, new: str) -> None:
        """Rename the group there, if it is a thing of its own; fine if there is none (`core.text.group_key`)."""
        return

    async def delete_group(self, name: str) -> None:
        """Delete the group there, if it is a thing of its own, and leave its members; fine if there is none."""
        return

    # In batches: what is refused is told of each contact; what ends everything is raised after what was done is told.

    async def create_all(
        self, contacts: Sequence[Contact], place: str = "", raws: Sequence[str] = ()
    ) -> AsyncGenerator[Mapping[int, Answer], None]:
        """Create contacts, batch by batch: their numbers in `contacts`, with the answers. See `create`.

        `raws` has a record for each of them, or is empty.
        """
        for number, contact in enumerate(contacts):
            more = (raws[number] if raws else "", place) if place or raws else ()
            yield {number: await answer_of(self.create(contact, *more))}

    async def update_all(self, updates: Sequence[Update]) -> AsyncGenerator[Mapping[int, Answer], None]:
        """Change contacts, batch by batch: their numbers in `updates`, with the answers. See `update`."""
        for number, update in enumerate(updates):
            yield {number: await answer_of(self.update(update.known, update.contact, update.fields))}

    async def delete_all(
        self, known: Sequence[RemoteContact]
    ) -> AsyncGenerator[Mapping[int, Rejected | Conflict | None], None]:
        """Delete contacts, batch by batch: their numbers in `known`, with None for those that are gone."""
        for number, remote in enumerate(known):
            yield {number: await answer_of(self.delete(remote))}

    async def read(self, remote_id: str) -> RemoteContact | None:
        """The contact as it is now; None if it is gone. Needed by providers that write, after a Conflict."""
        raise NotImplementedError(f"{self.label} cannot read single contacts")

    async def read_all(self, remote_ids: Sequence[str]) -> dict[str, RemoteContact | Rejected | None]:
        """As `read`, of several; with why one cannot be read."""
        answers: dict[str, RemoteContact | Rejected | None] = {}
        for remote_id in remote_ids:
            try:
                answers[remote_id] = await self.read(remote_id)
            except (BadReply, Rejected) as error:
                answers[remote_id] = Rejected(error.title, error.hint)
        return answers

    async def sign_out(self) -> None:
        """End the permission at the provider if it can be ended, and forget the tokens."""
        await self.setup.tokens.delete()

    async def close(self) -> None:
        """Close the connections."""
        return


async def answer_of(work: Awaitable[T]) -> T | Rejected | Conflict:
    """What one contact of a batch comes to: its result, or why it was refused."""
    try:
        return await work
    except (Rejected, Conflict) as refusal:
        return refusal
