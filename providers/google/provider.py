"""A Google account as a provider of contacts. `people.py` asks, `mapping.py` says what comes, `writing.py` what goes.

Source: https://developers.google.com/people/v1/contacts and the discovery document of people.v1.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from typing import ClassVar

from coterie.core.errors import BadReply, Conflict, PermissionMissing, Rejected
from coterie.core.model import Contact
from coterie.core.provider import Answer, Capabilities, ChangePage, Provider, RemoteContact, Setup, Update
from coterie.core.sign_in import Identity, Option, SignInPrompter
from coterie.providers.google.batches import READ, WRITTEN, Batches
from coterie.providers.google.cursor import PAGE, Cursor
from coterie.providers.google.errors import NotThere
from coterie.providers.google.labels import create, delete, list_labels, members, rename
from coterie.providers.google.mapping import PERSON_FIELDS, Json, Labels, Read, one_person
from coterie.providers.google.people import list_people, read_batch, read_person
from coterie.providers.google.session import Session
from coterie.providers.google.sign_in import sign_in
from coterie.providers.google.tokens import WRITE, Tokens, stored
from coterie.providers.google.writing import FIELDS, create_body, has_photo, merge_body, same_state, update_body
from coterie.providers.identity import ADDRESS
from coterie.providers.refusing import alone
from coterie.providers.retry import Retry


class GoogleProvider(Provider):
    """Google Contacts: labels are groups, starred is favorite."""

    id: ClassVar[str] = "google"
    label: ClassVar[str] = "Google Contacts"
    capabilities: ClassVar[Capabilities] = Capabilities(
        favorites=True, groups=True, write=True, fields=frozenset(FIELDS), labels=True, together=WRITTEN
    )
    options: ClassVar[tuple[Option, ...]] = (ADDRESS,)

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.retry = Retry()
        self.page_size = PAGE
        self._session: Session | None = None
        self._labels: Labels | None = None
        self._writing = asyncio.Lock()

    async def sign_in(self, prompter: SignInPrompter) -> Identity:
        """Sign in through a browser, here or on another machine."""
        await self.close()
        _, identity = await sign_in(self.setup, prompter, self.retry)
        return identity

    async def person(self) -> str:
        """The account's own resource name."""
        permission = await stored(self.setup.tokens)
        return permission.profile if permission else ""

    async def may_write(self) -> bool:
        """Whether changes were allowed at the sign-in."""
        permission = await stored(self.setup.tokens)
        return permission is not None and permission.allows(WRITE)

    # Reading ------------------------------------------------------------------------------------------------------

    async def changes(self, cursor: str | None) -> AsyncIterator[ChangePage]:
        """Two requests if nothing has changed: one for the labels, one for the people."""
        before = Cursor.from_text(cursor) if cursor is not None else None
        session = await self._connected()
        labels = self._labels = await list_labels(session)
        asked: Json = {"pageSize": self.page_size, "requestSyncToken": True}
        if before:
            asked["syncToken"] = before.token
        page_token, seen, strange = "", set[str](), set[str]()
        while True:
            answer = await list_people(session, labels, asked, page_token)
            if answer.read.strange - strange:  # a label that is newer than our list of them
                strange |= answer.read.strange
                labels = self._labels = await list_labels(session)
                answer = await list_people(session, labels, asked, page_token)
            read, page_token = answer.read, answer.next_page
            if not page_token:
                break
            if before:
                seen.update(contact.remote_id for contact in read.changed)
            yield _change_page(read, before, answer.total)
        if before:
            seen.update(contact.remote_id for contact in read.changed)
            async for renamed in self._renamed(session, before, labels, seen):
                yield _change_page(renamed, before, None)
        token = answer.sync_token or (before.token if before else "")
        yield _change_page(read, before, answer.total, Cursor(token, labels.names).to_text() if token else None)

    async def present(self) -> AsyncGenerator[RemoteContact, None]:
        """A listing without a sync token: only requests that sync lag behind by minutes, says the API's reference."""
        async with aclosing(self._present({})) as pages:
            async for page in pages:
                for contact in page:
                    yield contact

    async def recent(self) -> AsyncGenerator[RemoteContact, None]:
        """The newest thousand or more: one request."""
        count = 0
        async with aclosing(self._present({"sortOrder": "LAST_MODIFIED_DESCENDING"})) as pages:
            async for page in pages:
                for contact in page:
                    yield contact
                if (count := count + len(page)) >= PAGE:
                    break

    async def _present(self, order: Json) -> AsyncGenerator[list[RemoteContact], None]:
        session = await self._connected()
        labels = await list_labels(session)
        page_token = ""
        while True:
            answer = await list_people(session, labels, {"pageSize": self.page_size} | order, page_token)
            yield answer.read.changed
            if not (page_token := answer.next_page):
                break

    async def _renamed(
        self, session: Session, before: Cursor, labels: Labels, seen: Collection[str]
    ) -> AsyncIterator[Read]:
        """The members of labels that were renamed, which Google does not tell as changed, apart from those seen."""
        for resource, name in labels.names.items():
            if before.labels.get(resource, name) != name:
                wanted = [member for member in await members(session, labels, resource) if member not in seen]
                for start in range(0, len(wanted), READ):
                    yield await read_batch(session, labels, wanted[start : start + READ])

    async def read(self, remote_id: str) -> RemoteContact | None:
        """The contact as it is now, unlike a sync, which may lag behind by minutes."""
        session = await self._connected()
        labels = await self._listed_labels(session)
        person = await read_person(session, remote_id)
        return one_person(person, labels) if person is not None else None

    async def read_all(self, remote_ids: Sequence[str]) -> dict[str, RemoteContact | Rejected | None]:
        """A hundred and fifty in one request."""
        session = await self._connected()
        labels = await self._listed_labels(session)
        batches = Batches(session, labels)
        contacts: dict[str, RemoteContact | Rejected | None] = dict.fromkeys(remote_ids)
        for start in range(0, len(remote_ids), READ):
            for name, person in (await batches.read(remote_ids[start : start + READ])).items():
                try:
                    contacts[name] = one_person(person, labels)
                except BadReply as error:
                    contacts[name] = Rejected(error.title, error.hint)
        return contacts

    # Writing: one request after another, as Google demands for one user -------------------------------------------

    async def create(self, contact: Contact, raw: str = "", place: str = "") -> RemoteContact:
        """Sent once. If the answer is lost, the next sync brings the contact if it was created."""
        async with self._writing:
            session = await self._writable()
            labels = await self._labels_for(session, contact)
            body = create_body(contact, labels, raw)
            creating = session.call(
                lambda api: api.people().createContact(body=body, personFields=PERSON_FIELDS),
                lambda person: one_person(person, labels),
                idempotent=False,
            )
            return await alone(creating)

    async def update(self, known: RemoteContact, contact: Contact, fields: Collection[str]) -> RemoteContact:
        """One guarded request, labels and star included. It may be sent again: the etag tells if it had worked."""
        async with self._writing:
            session = await self._writable()
            labels = await self._labels_for(session, *([contact] if "groups" in fields else ()))
            return await self._send(session, known, *update_body(known, contact, fields, labels), labels)

    async def merge(
        self, known: RemoteContact, others: Sequence[RemoteContact], contact: Contact, fields: Collection[str]
    ) -> RemoteContact:
        """As `update`, with the events, relations and so on of the others."""
        async with self._writing:
            session = await self._writable()
            labels = await self._labels_for(session, *([contact] if "groups" in fields else ()))
            return await self._send(session, known, *merge_body(known, others, contact, fields, labels), labels)

    def stays(self, known: RemoteContact) -> bool:
        """One with a picture that its user has chosen: it need not be loaded from another server and sent again."""
        return has_photo(known)

    async def _send(
        self, session: Session, remote: RemoteContact, body: Json, mask: str, labels: Labels
    ) -> RemoteContact:
        if not mask:
            return remote
        try:
            updating = session.call(
                lambda api: api.people().updateContact(
                    resourceName=remote.remote_id, updatePersonFields=mask, personFields=PERSON_FIELDS, body=body
                ),
                lambda person: one_person(person, labels),
            )
            return await alone(updating)
        except NotThere as error:
            raise Conflict("The contact was deleted at Google.", "Sync, then try again.") from error

    async def create_group(self, name: str) -> None:
        """Create the label, unless there is one of that name."""
        async with self._writing:
            session = await self._writable()
            await self._labels_for(session, Contact(groups=(name,)))

    async def rename_group(self, name: str, new: str) -> None:
        """Rename the label."""
        async with self._writing:
            session = await self._writable()
            await alone(rename(session, await self._listed_labels(session), name, new))

    async def delete_group(self, name: str) -> None:
        """Delete the label."""
        async with self._writing:
            session = await self._writable()
            await alone(delete(session, await self._listed_labels(session), name))

    async def delete(self, known: RemoteContact) -> None:
        """Google's deleteContact takes no etag, so the contact is read and compared just before."""
        async with self._writing:
            session = await self._writable()
            person = await read_person(session, known.remote_id)
            if person is None:
                return
            if not same_state(person, known):
                raise Conflict("The contact has changed at Google.", "Sync, then try again.")
            try:
                await alone(
                    session.call(lambda api: api.people().deleteContact(resourceName=known.remote_id), lambda _: None)
                )
            except NotThere:
                return

    async def create_all(
        self, contacts: Sequence[Contact], place: str = "", raws: Sequence[str] = ()
    ) -> AsyncGenerator[Mapping[int, Answer], None]:
        """Two hundred in one request."""
        async with self._writing:
            batches = await self._batches(contacts)
            async for answers in batches.create(contacts):
                yield answers

    async def update_all(self, updates: Sequence[Update]) -> AsyncGenerator[Mapping[int, Answer], None]:
        """Two hundred in one request; stars and groups a thousand."""
        async with self._writing:
            batches = await self._batches([update.contact for update in updates if "groups" in update.fields])
            async for answers in batches.update(updates):
                yield answers

    async def delete_all(
        self, known: Sequence[RemoteContact]
    ) -> AsyncGenerator[Mapping[int, Rejected | Conflict | None], None]:
        """Five hundred in one request, after they were read and compared."""
        async with self._writing:
            batches = await self._batches(())
            async for answers in batches.delete(known):
                yield answers

    async def _batches(self, grouped: Iterable[Contact]) -> Batches:
        session = await self._writable()
        refused: dict[str, Rejected] = {}
        for name in dict.fromkeys(name for contact in grouped for name in contact.groups):
            try:
                await self._labels_for(session, Contact(groups=(name,)))
            except Rejected as refusal:
                refused[name] = refusal
        return Batches(session, await self._listed_labels(session), refused)

    async def _labels_for(self, session: Session, *contacts: Contact) -> Labels:
        """The labels, with every group of `contacts` among them; those that are missing are created."""
        labels = await self._listed_labels(session)
        for name in dict.fromkeys(name for contact in contacts for name in contact.groups):
            if labels.resource(name) is None:
                await alone(create(session, labels, name))
        return labels

    # The account --------------------------------------------------------------------------------------------------

    async def sign_out(self) -> None:
        """Forget the tokens. The grant is left alone: revoking it would sign out every other machine and book too."""
        await self.close()
        await self.setup.tokens.delete()

    async def close(self) -> None:
        """Let go of connections."""
        session, self._session, self._labels = self._session, None, None
        if session is not None:
            session.close()

    async def _connected(self) -> Session:
        if self._session is None:
            tokens = await Tokens.load(self.setup.tokens, self.setup.settings)
            self._session = Session(tokens, self.setup.settings.get("endpoint", ""), self.retry)
        return self._session

    async def _writable(self) -> Session:
        session = await self._connected()
        if not session.tokens.permission.allows(WRITE):
            raise PermissionMissing(
                "Google allows Coterie to see your contacts, but not to change them.",
                "Sign in again and allow changes.",
            )
        return session

    async def _listed_labels(self, session: Session) -> Labels:
        if self._labels is None:
            self._labels = await list_labels(session)
        return self._labels


def _change_page(read: Read, before: Cursor | None, total: int | None, cursor: str | None = None) -> ChangePage:
    return ChangePage(
        tuple(read.changed), tuple(read.deleted), tuple(read.unreadable), cursor, full=before is None, total=total
    )
