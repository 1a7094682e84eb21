"""The address books of an account, and what the cursor remembers of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from coterie.core.errors import CursorExpired, Unreachable
from coterie.core.places import Place
from coterie.core.text import clean_line
from coterie.core.transfer.vcard.writing import Version
from coterie.providers.carddav.dav import Dav
from coterie.providers.carddav.groups import Groups
from coterie.providers.carddav.multistatus import GETCTAG, SYNC_TOKEN, Resource, card, dav
from coterie.providers.carddav.password import Login

FORMAT: Final = 1
"""Names the cursor's form; one of another form is expired."""
_RESOURCETYPE: Final = dav("resourcetype")
_NAME: Final = dav("displayname")
_PRIVILEGES: Final = dav("current-user-privilege-set")
_VERSIONS: Final = card("supported-address-data")
PROPERTIES: Final = (_RESOURCETYPE, _NAME, _PRIVILEGES, _VERSIONS, SYNC_TOKEN, GETCTAG)
_WRITING: Final = tuple(dav(name) for name in ("all", "write", "write-content", "bind"))


@dataclass(frozen=True, slots=True)
class AddressBook:
    """An address book as the server describes it now.

    Attributes:
        url: as `Dav.href` writes it, with a slash at the end.
        name: for the user.
        token: the sync token of its present state; empty if the server has no sync-collection.
        tag: the ctag of its present state; empty if the server has none.
        writable: whether cards may be put into it.
        version: the vCard version for new cards: 3.0, which every server takes, unless it says 4.0 only.
    """

    url: str
    name: str = ""
    token: str = ""
    tag: str = ""
    writable: bool = True
    version: Version = "3.0"


def name_of(book: AddressBook) -> str:
    """What the user calls an address book: its name, else the last part of its address."""
    return clean_line(book.name) or _last(book.url)


def places_of(books: Sequence[AddressBook]) -> tuple[Place, ...]:
    """The address books as places. If two have the same name, the ends of their addresses are added."""
    names = [name_of(book) for book in books]
    return tuple(
        Place(book.url, name if names.count(name) == 1 else f"{name} ({_last(book.url)})", book.writable)
        for book, name in zip(books, names, strict=True)
    )


def _last(url: str) -> str:
    return clean_line(unquote(url.rstrip("/").rpartition("/")[2]))


async def list_books(dav_server: Dav, login: Login) -> list[AddressBook]:
    """Every address book of the account: one request for each home. Raises Moved if a home is gone."""
    books: dict[str, AddressBook] = {}
    for depth, places in (("1", login.homes), ("0", login.books)):
        for place in places:
            answer = await dav_server.properties(place, PROPERTIES, depth)
            for book in _books(answer.resources, dav_server, place):
                books.setdefault(book.url, book)
    return list(books.values())


def _books(resources: Iterable[Resource], dav_server: Dav, context: str) -> Iterable[AddressBook]:
    for resource in resources:
        if resource.status >= 500:  # a book of which nothing is told now must not be taken for deleted
            raise Unreachable(f"{dav_server.host} does not list all its address books.", "Try again later.")
        if is_book(resource):
            url = dav_server.href(resource.href, context).rstrip("/") + "/"
            dav_server.check(url)
            yield AddressBook(
                url,
                resource.text(_NAME),
                resource.text(SYNC_TOKEN),
                resource.text(GETCTAG),
                _writable(resource),
                _version(resource),
            )


def is_book(resource: Resource) -> bool:
    """Whether a resource, asked for its resourcetype, is an address book."""
    return resource.has(_RESOURCETYPE, card("addressbook"))


def _writable(resource: Resource) -> bool:
    """Whether the privileges allow writing; if the server does not tell them, trying will show."""
    if _PRIVILEGES not in resource.properties:
        return True
    return any(resource.has(_PRIVILEGES, privilege) for privilege in _WRITING)


def _version(resource: Resource) -> Version:
    told = resource.properties.get(_VERSIONS)
    kinds = told.iter(card("address-data-type")) if told is not None else ()
    versions = {kind.get("version", "3.0") for kind in kinds}
    return "4.0" if "4.0" in versions and "3.0" not in versions else "3.0"


@dataclass(slots=True)
class BookState:
    """What we know of an address book after a sync.

    Attributes:
        token: to go on from by sync-collection; empty if `etags` are compared.
        tag: the ctag of that state.
        etags: address -> etag of every card, for servers without sync-collection; None otherwise.
        groups: the groups that have a card of their own.
    """

    token: str = ""
    tag: str = ""
    etags: dict[str, str] | None = None
    groups: Groups = field(default_factory=Groups)

    def is_quiet(self, book: AddressBook) -> bool:
        """Whether the server says that nothing has changed since."""
        if self.etags is None:
            return bool(self.token) and self.token == book.token
        return bool(self.tag) and self.tag == book.tag

    def to_json(self) -> dict[str, Any]:
        """For the cursor."""
        return {"token": self.token, "tag": self.tag, "etags": self.etags, **self.groups.to_json()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> BookState:
        """From the cursor. Raises KeyError, TypeError or ValueError if it is none of ours."""
        etags = values["etags"]
        return cls(
            str(values["token"]),
            str(values["tag"]),
            None if etags is None else dict(etags),
            Groups.from_json(values),
        )


def to_cursor(books: Mapping[str, BookState]) -> str:
    """All address books in one cursor."""
    states = {url: state.to_json() for url, state in books.items()}
    return json.dumps({"format": FORMAT, "books": states}, ensure_ascii=False, separators=(",", ":"))


def from_cursor(cursor: str) -> dict[str, BookState]:
    """The address books in a cursor. Raises CursorExpired if another version of Coterie wrote it."""
    try:
        values = json.loads(cursor)
        if values["format"] == FORMAT:
            return {str(url): BookState.from_json(state) for url, state in values["books"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise CursorExpired("This version of Coterie reads address books differently.", "A full sync is needed.")
