"""A Microsoft account as a provider of contacts. `mapping.py` says what comes, `writing.py` what goes.

Source: https://learn.microsoft.com/graph/delta-query-overview and the contact resource of Microsoft Graph v1.0.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final

from coterie.core.errors import BadReply, Conflict, CursorExpired, PermissionMissing, Rejected, Unreachable
from coterie.core.model import Contact
from coterie.core.places import Place
from coterie.core.provider import Answer, Capabilities, ChangePage, Provider, RemoteContact, Setup, Update
from coterie.core.sign_in import Identity, Option, SignInPrompter
from coterie.providers.identity import ADDRESS
from coterie.providers.microsoft.batches import TOGETHER, Batches
from coterie.providers.microsoft.errors import (
    WHO,
    NotThere,
    changed_there,
    cursor_expired,
    deleted_there,
    no_such_folder,
)
from coterie.providers.microsoft.graph import PAGE, SELECT, Folders, Graph, contacts_in, segment, together
from coterie.providers.microsoft.mapping import Json, etag_of, is_partial, one_contact, read_cards
from coterie.providers.microsoft.round import Cursor, Round
from coterie.providers.microsoft.sign_in import sign_in
from coterie.providers.microsoft.tokens import WRITE, Tokens, granted, stored
from coterie.providers.microsoft.writing import KEPT, create_body, merge_body, update_body
from coterie.providers.refusing import alone
from coterie.providers.retry import Retry

RESTARTS: Final = 2
"""How often a folder is read from its start when the server loses the place in the middle."""


class MicrosoftProvider(Provider):
    """Office 365 and Outlook.com: categories are groups; favorites are not kept there."""

    id: ClassVar[str] = "microsoft"
    label: ClassVar[str] = "Office 365"
    capabilities: ClassVar[Capabilities] = Capabilities(
        favorites=False, groups=True, write=True, fields=KEPT, together=TOGETHER
    )
    options: ClassVar[tuple[Option, ...]] = (ADDRESS,)

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.retry = Retry()
        self.page_size = PAGE
        self._tokens: Tokens | None = None
        self._graph: Graph | None = None
        self._folders: Folders | None = None
        self._writing = asyncio.Lock()

    async def sign_in(self, prompter: SignInPrompter) -> Identity:
        """Sign in with a device code, or through a browser if the setting `browser` is “1”."""
        await self.close()
        return await sign_in(self.setup, prompter, self.retry)

    async def person(self) -> str:
        """The account's object id."""
        permission = await stored(self.setup.tokens)
        return permission.person if permission else ""

    async def may_write(self) -> bool:
        """Whether changes were allowed at the sign-in."""
        permission = await stored(self.setup.tokens)
        return permission is not None and granted(permission.scopes, WRITE)

    # Reading ------------------------------------------------------------------------------------------------------

    async def changes(self, cursor: str | None) -> AsyncIterator[ChangePage]:
        """What the folders that we know have to tell, then every folder that is new.

        A contact can move while we read, from a folder that comes later to one that we have read. So if contacts
        have gone, or everything was read, the folders are asked once more: a quiet request each.
        """
        graph = await self._connected()
        before = Cursor.from_text(cursor) if cursor is not None else Cursor({})
        links = {folder: link for folder, link in before.links.items() if self.setup.syncs(folder)}
        current = Round(full=cursor is None)
        current.expect_gone(before.gone)
        default = before.default
        for again in (False, True):
            for folder, link in list(links.items()):
                async for page in self._increment(graph, current, folder, link, links, again=again):
                    yield page
            folders = self._folders = await graph.folders(default)
            default = folders.default
            _check_vanished(links, folders, full=current.full)
            for folder in [folder for folder in folders.ids if folder not in links and self.setup.syncs(folder)]:
                async for page in self._whole(graph, current, folder, links):
                    yield page
            if not again and not current.full and not current.has_gone:
                break
        for page in current.finish(Cursor(links, default, tuple(current.late)), folders.places):
            yield page

    async def _increment(
        self, graph: Graph, current: Round, folder: str, link: str, links: dict[str, str], *, again: bool
    ) -> AsyncIterator[ChangePage]:
        """What has changed in a folder since its delta link was given."""
        if not graph.is_ours(link):  # the end point in the settings is another one now
            raise cursor_expired()
        try:
            async for page in self._delta(graph, current, folder, link, links, fresh=False):
                yield page
        except (CursorExpired, Rejected) as error:
            if again:  # what we have is complete; the next sync will find out
                return
            if isinstance(error, NotThere):
                raise _vanished(full=current.full) from error
            if isinstance(error, Rejected):  # a link that the server finds malformed is a plain 400
                raise cursor_expired() from error
            raise

    async def _whole(
        self, graph: Graph, current: Round, folder: str, links: dict[str, str]
    ) -> AsyncIterator[ChangePage]:
        """Everything in a folder."""
        url = f"me/contactFolders/{segment(folder)}/contacts/delta?{SELECT}"
        for restarts in range(RESTARTS + 1):
            try:
                async for page in self._delta(graph, current, folder, url, links, fresh=True):
                    yield page
            except CursorExpired as error:
                if restarts == RESTARTS or not current.restart(folder):
                    raise Unreachable(f"{WHO} lost its place in the middle of a folder.", "Sync again.") from error
            except NotThere as error:
                if not current.restart(folder):
                    raise _vanished(full=True) from error
                return  # deleted since the folders were listed
            else:
                return

    async def _delta(
        self, graph: Graph, current: Round, folder: str, url: str, links: dict[str, str], *, fresh: bool
    ) -> AsyncIterator[ChangePage]:
        """The pages of one delta query. The folder's new link is put into `links` once all of them are there."""
        link = ""
        async for page in graph.pages(url):
            cards = await self._completed(graph, current, folder, page["value"], fresh=fresh)
            for ready in current.add(folder, read_cards(cards)):
                yield ready
            link = page.get("@odata.deltaLink") or "" if not page.get("@odata.nextLink") else ""
        if not link:
            raise BadReply(f"The answer from {WHO} does not end.", "Try again in a moment.")
        links[folder] = link

    async def _completed(
        self, graph: Graph, current: Round, folder: str, cards: list[Any], *, fresh: bool
    ) -> list[Any]:
        """The contacts of a page with all their properties: changes may bring only those that have changed.

        In a folder that is read for the first time, what is missing is empty; a contact that comes again is a change.
        One that is gone by now is left out: its removal is on its way.
        """
        short = {
            number: str(card["id"])
            for number, card in enumerate(cards)
            if isinstance(card, dict) and card.get("id") and "@removed" not in card
            and is_partial(card) and (not fresh or current.knows(str(card["id"])))
        }  # fmt: skip
        whole = await together(self._anywhere(graph, remote_id, folder) for remote_id in short.values())
        fetched = dict(zip(short, whole, strict=True))
        completed = [fetched.get(number, card) for number, card in enumerate(cards)]
        return [card for number, card in enumerate(completed) if card is not None or number not in fetched]

    async def _anywhere(self, graph: Graph, remote_id: str, folder: str) -> Json | None:
        return await graph.contact(remote_id) or await graph.contact(remote_id, folder)

    async def read(self, remote_id: str) -> RemoteContact | None:
        """The contact as it is now; what lies among the deleted things is gone."""
        graph = await self._connected()
        card = await graph.contact(remote_id)
        if card is None or not await self._is_kept(graph, card):
            return None
        return one_contact(card)

    async def _is_kept(self, graph: Graph, card: Json) -> bool:
        """Whether a contact is in a contact folder: by its id, Graph finds deleted ones too."""
        folder = card.get("parentFolderId")
        if not folder:
            return True
        if self._folders is None or folder not in self._folders.ids:
            self._folders = await graph.folders(self._folders.default if self._folders else "")
        return folder in self._folders.ids

    # Writing: one request after another ---------------------------------------------------------------------------

    async def create(self, contact: Contact, raw: str = "", place: str = "") -> RemoteContact:
        """Sent once, into that folder, or where new contacts go. If the answer is lost, the next sync brings it."""
        async with self._writing:
            graph = await self._writable()
            url = contacts_in(self._folder_for_new(place))
            try:
                card = await alone(graph.json("POST", url, json=create_body(contact, raw), idempotent=False))
            except NotThere as error:
                raise no_such_folder() from error
            return one_contact(card)

    async def places(self) -> list[Place]:
        """The contact folders."""
        graph = await self._connected()
        self._folders = await graph.folders(self._folders.default if self._folders else "")
        return list(self._folders.places)

    def _folder_for_new(self, place: str) -> str:
        """The id of that folder; of the one that is chosen for new contacts, or none, if `place` is empty."""
        chosen = place or self.setup.settings.get("place", "")
        if chosen or self._folders is None or self.setup.takes(self._folders.default):
            return chosen
        if writable := next(filter(self.setup.takes, self._folders.ids), ""):
            return writable
        raise Rejected("There is no contact folder that new contacts may go to.", "Choose one for them.")

    async def update(self, known: RemoteContact, contact: Contact, fields: Collection[str]) -> RemoteContact:
        """One guarded request. It may be sent again: the etag tells if it had worked."""
        async with self._writing:
            return await self._send(known, update_body(known, contact, fields))

    async def merge(
        self, known: RemoteContact, others: Sequence[RemoteContact], contact: Contact, fields: Collection[str]
    ) -> RemoteContact:
        """As `update`, with the spouse, the manager and so on of the others, and a picture of theirs if it has none."""
        async with self._writing:
            said = await self._send(known, merge_body(known, others, contact, fields))
            return await self._with_photo(said, others)

    async def _with_photo(self, remote: RemoteContact, others: Sequence[RemoteContact]) -> RemoteContact:
        graph = await self._writable()
        if await graph.photo(remote.remote_id) is not None:
            return remote
        for other in others:
            if (photo := await graph.photo(other.remote_id)) is not None:
                await alone(graph.put_photo(remote.remote_id, photo))
                return await self.read(remote.remote_id) or remote
        return remote

    async def _send(self, remote: RemoteContact, body: Json) -> RemoteContact:
        graph = await self._writable()
        if not body:
            return remote
        url = f"me/contacts/{segment(remote.remote_id)}"
        try:
            sending = graph.json("PATCH", url, json=body, headers=_guard(remote), idempotent=bool(remote.etag))
            card = await alone(sending)
        except NotThere as error:
            raise deleted_there() from error
        if is_partial(card):
            card = await graph.contact(remote.remote_id) or {}
        if not card:
            raise deleted_there()
        return one_contact(card)

    async def delete(self, known: RemoteContact) -> None:
        """Read and compared just before, as a guard alone is not documented for deleting."""
        async with self._writing:
            graph = await self._writable()
            card = await graph.contact(known.remote_id)
            if card is None or not await self._is_kept(graph, card):
                return
            if known.etag and etag_of(card) != known.etag:
                raise changed_there()
            try:
                await alone(graph.send("DELETE", f"me/contacts/{segment(known.remote_id)}", headers=_guard(known)))
            except NotThere:
                return

    async def create_all(
        self, contacts: Sequence[Contact], place: str = "", raws: Sequence[str] = ()
    ) -> AsyncGenerator[Mapping[int, Answer], None]:
        """Twenty in one request."""
        async with self._writing:
            batches = await self._batches()
            async for answers in batches.create(contacts, self._folder_for_new(place), raws):
                yield answers

    async def update_all(self, updates: Sequence[Update]) -> AsyncGenerator[Mapping[int, Answer], None]:
        """Twenty in one request."""
        async with self._writing:
            batches = await self._batches()
            async for answers in batches.update(updates):
                yield answers

    async def delete_all(
        self, known: Sequence[RemoteContact]
    ) -> AsyncGenerator[Mapping[int, Rejected | Conflict | None], None]:
        """Twenty in two requests."""
        async with self._writing:
            batches = await self._batches()
            async for answers in batches.delete(known):
                yield answers

    async def _batches(self) -> Batches:
        graph = await self._writable()
        return Batches(graph, lambda card: self._is_kept(graph, card))

    # The account --------------------------------------------------------------------------------------------------

    async def sign_out(self) -> None:
        """Forget the tokens. Microsoft has no way to end a single permission; the user can, on the account's page."""
        await self.close()
        await self.setup.tokens.delete()

    async def close(self) -> None:
        """Let go of connections."""
        graph, tokens = self._graph, self._tokens
        self._graph = self._tokens = self._folders = None
        if tokens is not None:
            tokens.close()
        if graph is not None:
            await graph.close()

    async def _connected(self) -> Graph:
        if self._graph is None:
            self._tokens = await Tokens.load(self.setup)
            endpoint = self.setup.settings.get("graph_endpoint", "")
            self._graph = Graph(endpoint, self._tokens.authorization, self.retry, self.page_size)
        return self._graph

    async def _writable(self) -> Graph:
        graph = await self._connected()
        if self._tokens is None or not granted(self._tokens.permission.scopes, WRITE):
            raise PermissionMissing(
                "Microsoft allows Coterie to see your contacts, but not to change them.",
                "Sign in again and allow changes.",
            )
        return graph


def _guard(remote: RemoteContact) -> dict[str, str]:
    return {"If-Match": remote.etag} if remote.etag else {}


def _check_vanished(links: Iterable[str], folders: Folders, *, full: bool) -> None:
    if not set(links) <= set(folders.ids):
        raise _vanished(full=full)


def _vanished(*, full: bool) -> Unreachable | CursorExpired:
    """The error for a folder that is no longer there: only a full round tells which contacts it had."""
    if full:
        return Unreachable("A contact folder was deleted while it was being read.", "Sync again.")
    return CursorExpired("A contact folder was deleted at Microsoft.", "A full sync is needed.")
