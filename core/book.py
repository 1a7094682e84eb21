"""The Book: the only object that a front end holds. Everything it returns is a value."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING

from core.change import Outcome, Plan, Progress, Selection
from core.checks import Checks
from core.listing import Counts, Listing, Row
from core.model import Account, Contact, Group, Operation

if TYPE_CHECKING:
    from core.settings import Settings


class Book:
    """An open address book. Made by `Book.open`; close it with `close` or use it with `async with`."""

    @classmethod
    async def open(cls, settings: Settings) -> Book:
        """Open the book that `settings` name, making or migrating it where needed.

        Contacts that have been in the Bin for longer than `settings.bin_days` are purged.
        Raises CannotOpen, BookTooNew or BookBusy.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of the database."""
        raise NotImplementedError

    # Lists -----------------------------------------------------------------------------------------------------

    async def rows(self, listing: Listing, start: int, count: int, columns: Sequence[str] = ()) -> list[Row]:
        """`count` rows of `listing` from position `start` on, with the texts of `columns` (field keys).

        Cheap at any position of a book of any size. Raises InvalidQuery.
        """
        raise NotImplementedError

    async def count(self, listing: Listing) -> int:
        """How many contacts `listing` shows. Raises InvalidQuery."""
        raise NotImplementedError

    async def ids(self, listing: Listing) -> Checks:
        """All of `listing`, as checks. Raises InvalidQuery."""
        raise NotImplementedError

    async def position(self, listing: Listing, contact_id: int) -> int | None:
        """Where `contact_id` stands in `listing`; None where it does not show it."""
        raise NotImplementedError

    async def hidden(self, checks: Checks, listing: Listing) -> int:
        """How many of `checks` the listing does not show."""
        raise NotImplementedError

    async def counts(self) -> Counts:
        """How many contacts each view holds."""
        raise NotImplementedError

    async def groups(self) -> list[Group]:
        """All groups in the order of their names, with their sizes."""
        raise NotImplementedError

    # Contacts --------------------------------------------------------------------------------------------------

    async def contact(self, contact_id: int) -> Contact:
        """One contact, also from the Bin. Raises NotFound."""
        raise NotImplementedError

    def contacts(self, selection: Selection) -> AsyncIterator[Contact]:
        """The selected contacts, whole, in the listing's order (Checks: by name). Streams: a million is no problem."""
        raise NotImplementedError

    async def find(self, id_or_email: str) -> Contact:
        """The contact of that id or e-mail address. Raises NotFound."""
        raise NotImplementedError

    async def known(self, addresses: Sequence[str]) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, that have these e-mail addresses, by `core.text.email_key`."""
        raise NotImplementedError

    # Changes ---------------------------------------------------------------------------------------------------

    async def apply(self, plan: Plan, progress: Progress | None = None) -> Outcome:
        """Carry out `plan` in one transaction with one journal entry.

        Raises what its changes raise, Cancelled where `progress` does, BookBusy; the book is then as before.
        """
        raise NotImplementedError

    async def undo(self) -> Outcome:
        """Take back the last change of this user. Raises NotFound where there is none.

        What somebody else changed since is left as it is and listed in `skipped`.
        """
        raise NotImplementedError

    async def redo(self) -> Outcome:
        """Do again what was undone last. Raises NotFound where nothing was undone since the last change."""
        raise NotImplementedError

    async def history(self, limit: int = 100) -> list[Operation]:
        """The latest journal entries, newest first."""
        raise NotImplementedError

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change, also those that other programs make; returns how to stop that.

        It is called on the event loop's thread.
        """
        raise NotImplementedError

    # Accounts --------------------------------------------------------------------------------------------------

    async def accounts(self) -> list[Account]:
        """All connected accounts."""
        raise NotImplementedError
