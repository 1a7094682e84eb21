"""What a user can do to contacts: make, edit, group, delete and restore them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from coterie.core.checks import Checks
from coterie.core.listing import Listing
from coterie.core.model import Contact

Selection = Checks | Listing


@dataclass(frozen=True, slots=True)
class Create:
    """A new contact, with its groups (created if they do not exist) and its sources."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class Edit:
    """New values for some attributes of one contact.

    Attributes:
        values: attribute of Contact -> its new value (`emails` -> tuple of Email …; `groups` -> names).
        version: refuse with Stale if the stored contact has another version; None to go ahead.
    """

    contact_id: int
    values: Mapping[str, object]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Assign:
    """The same value of one single-valued field for all that are selected (also `favorite`)."""

    selection: Selection
    field: str
    value: str | bool


class Rewriter(Protocol):
    """What becomes of contacts, one by one, such as the steps of a bulk action."""

    def rewrite(self, contact: Contact) -> Contact:
        """What becomes of a contact: itself if nothing changes. It may run in another thread.

        Raises InvalidValue or Stale if the contact cannot be changed: it is left out, with that reason.
        """


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Everything selected becomes, one by one, what `by` makes of it; few of them are ever in memory."""

    selection: Selection
    by: Rewriter


@dataclass(frozen=True, slots=True)
class AddToGroup:
    """Everything selected joins the group of that name, which is created if it does not exist."""

    selection: Selection
    group: str


@dataclass(frozen=True, slots=True)
class RemoveFromGroup:
    """Everything selected leaves the group."""

    selection: Selection
    group: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Everything selected goes to the Bin. `by` says what did it, in words (“you”, “google:ada@example.org”)."""

    selection: Selection
    by: str = "you"


@dataclass(frozen=True, slots=True)
class Restore:
    """Everything selected is restored from the Bin with its groups and star."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class Forget:
    """Everything selected that is in the Bin is deleted forever, from the journal too. Cannot be undone."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class Placed:
    """A contact is wanted in a place of an account (`there`), or no longer: the next sync of the account does it.

    Attributes:
        account: `Account.name`.
        place: the id of the place; empty if the account has none.
    """

    contact_id: int
    account: str
    place: str
    there: bool


class Placer(Protocol):
    """Where contacts are wanted, one by one."""

    def placings(self, contact: Contact) -> Sequence[Placed]:
        """Where a contact is wanted, and where no longer. It may run in another thread.

        Raises InvalidValue if it cannot be moved: it is left out, with that reason.
        """


@dataclass(frozen=True, slots=True)
class PlaceEach:
    """Everything selected is wanted, one by one, where `by` says; few of them are ever in memory."""

    selection: Selection
    by: Placer
