"""Microsoft Graph for one account: the headers of every request, four requests at once, links followed as they are.

Source: https://learn.microsoft.com/graph/outlook-immutable-id, /graph/paging, /graph/throttling-limits (Outlook).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import quote

from coterie.core.errors import BadReply
from coterie.core.limits import PAGES
from coterie.core.places import Place
from coterie.core.text import clean_line
from coterie.providers.http import Authorize, Http, Reply
from coterie.providers.microsoft.errors import WHO, NotThere, explain
from coterie.providers.microsoft.mapping import PROPERTIES, Json
from coterie.providers.retry import Blocked, Retry

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Folders:
    """The contact folders of an account.

    Attributes:
        default: the id of the default one; empty if the source does not tell it.
        names: the name of each, by its id; that of a folder in another begins with the outer one's: “Work/Friends”.
    """

    default: str
    names: dict[str, str]

    @property
    def ids(self) -> tuple[str, ...]:
        """Their ids, the default one's first."""
        return tuple(self.names)

    @property
    def places(self) -> tuple[Place, ...]:
        """The folders as places. Graph does not tell whether one may be changed."""
        return tuple(Place(folder, name) for folder, name in self.names.items())


API: Final = "https://graph.microsoft.com/v1.0"
AT_ONCE: Final = 4
"""Requests at once for one mailbox; more are refused with 429."""
PAGE: Final = 200
"""Contacts on one page, the most that Graph gives."""
DEFAULT_FOLDER: Final = "contacts"
"""The well-known name of the default folder."""
SELECT: Final = f"$select={','.join(PROPERTIES)}"
DEFAULT_NAME: Final = "Contacts"
"""What the default folder is called if the list of folders leaves it out."""
_TOP: Final = "me/contactFolders"
_UNREADABLE: Final = f"The answer from {WHO} is not what its documentation says."


def segment(name: str) -> str:
    """An id as a part of a path. Ids are case-sensitive, and may hold what has a meaning in addresses."""
    return quote(name, safe="=:@!$'()*,;~")


def contacts_in(folder: str) -> str:
    """Where the contacts of a folder are; of the default one if it has no id."""
    return f"me/contactFolders/{segment(folder)}/contacts" if folder else "me/contacts"


class Graph:
    """The connection to Graph.

    Args:
        endpoint: its address with the version; empty for Microsoft's own. National clouds have others.
        authorize: gives the Authorization header.
        retry: how often to ask again.
        page_size: contacts on one page at most.
    """

    def __init__(self, endpoint: str, authorize: Authorize, retry: Retry, page_size: int = PAGE) -> None:
        prefer = f'IdType="ImmutableId", odata.maxpagesize={page_size}'
        self._http = Http(
            WHO, endpoint or API, authorize=authorize, headers={"Prefer": prefer}, explain=explain, retry=retry
        )
        self.retry = retry
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def json(self, method: str, url: str, **options: Any) -> Json:
        """As `Http.json`, when it is this request's turn."""
        async with self._at_once:
            return await self._http.json(method, url, **options)

    async def send(self, method: str, url: str, **options: Any) -> None:
        """As `Http.send`, for requests that are answered without a body."""
        async with self._at_once:
            await self._http.send(method, url, **options)

    def is_ours(self, url: str) -> bool:
        """Whether the permission may go to `url`."""
        try:
            self._http.address(url)
        except BadReply:
            return False
        return True

    async def pages(self, url: str) -> AsyncIterator[Json]:
        """The pages of a list: each has `value`, the last one has no `@odata.nextLink`.

        Links are followed as they are. One to another server is refused, unsent, and so is one that leads back.

        Raises:
            CursorExpired: the server has lost the place.
            NotThere: no such folder.
            CoterieError: see `Http`.
        """
        seen: set[str] = set()
        while url:
            seen.add(url)
            page = await self.json("GET", url)
            if not isinstance(page.get("value"), list):
                raise BadReply(_UNREADABLE, "Try again in a moment.")
            for key in ("@odata.nextLink", "@odata.deltaLink"):
                link = page.get(key) or ""
                if not isinstance(link, str):
                    raise BadReply(_UNREADABLE, "Try again in a moment.")
                if link:
                    self._http.address(link)
            url = page.get("@odata.nextLink") or ""
            if url in seen or len(seen) >= PAGES:
                raise BadReply(f"The answers from {WHO} go in circles.", "Try again in a moment.")
            yield page

    async def folders(self, default: str = "") -> Folders:
        """Every contact folder: the default one, which the list may leave out, and all that are inside others.

        Args:
            default: the id of the default folder, if an earlier answer told it; empty asks for it.
        """
        default = default or await self._default_folder()
        names = {default: DEFAULT_NAME} if default else {}
        level = names | await self._names(_TOP)
        while level:
            names |= level
            inner = await together(self._names(f"me/contactFolders/{segment(folder)}/childFolders") for folder in level)
            level = {
                folder: name if above == default else f"{level[above]}/{name}"
                for above, group in zip(level, inner, strict=True)
                for folder, name in group.items()
                if folder not in names
            }
        return Folders(default, names)

    async def _default_folder(self) -> str:
        try:
            folder = await self.json("GET", f"me/contactFolders/{DEFAULT_FOLDER}")
        except NotThere:  # it is in the list then
            return ""
        return str(folder.get("id") or "")

    async def _names(self, url: str) -> dict[str, str]:
        try:
            pages = [page async for page in self.pages(url)]
        except NotThere as error:
            if url == _TOP:
                raise Blocked(f"{WHO} Graph is not at this address.", "Check microsoft.graph_endpoint.") from error
            return {}  # deleted meanwhile
        listed = [entry for page in pages for entry in page["value"] if isinstance(entry, dict) and entry.get("id")]
        return {str(entry["id"]): clean_line(str(entry.get("displayName") or "")) or "?" for entry in listed}

    async def contact(self, remote_id: str, folder: str = "") -> Json | None:
        """A contact as it is now, wherever it is; None if there is none."""
        try:
            return await self.json("GET", f"{contacts_in(folder)}/{segment(remote_id)}?{SELECT}")
        except NotThere:
            return None

    async def photo(self, remote_id: str) -> Reply | None:
        """The picture of a contact; None if it has none. https://learn.microsoft.com/graph/api/profilephoto-get"""
        try:
            async with self._at_once:
                return await self._http.send("GET", _photo(remote_id))
        except NotThere:
            return None

    async def put_photo(self, remote_id: str, photo: Reply) -> None:
        """Give a contact a picture. https://learn.microsoft.com/graph/api/profilephoto-update"""
        kind = {"Content-Type": photo.headers.get("content-type", "image/jpeg")}
        await self.send("PUT", _photo(remote_id), content=photo.body, headers=kind, idempotent=True)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()


def _photo(remote_id: str) -> str:
    return f"me/contacts/{segment(remote_id)}/photo/$value"


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of all, in their order. The first failure ends the others."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in work]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
