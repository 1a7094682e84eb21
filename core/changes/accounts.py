"""What the book keeps of its accounts: what each of them last said, and where it and the book disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from coterie.core.model import Conflict, Contact
from coterie.core.places import Place


@dataclass(frozen=True, slots=True)
class Remember:
    """What an account last said about a contact; the base of the next three-way merge.

    Attributes:
        account: `Account.name`.
        contact_id: ours; None right after the `Create` with that `RemoteRef` in its `sources`.
        base: the contact as the source mapped it, as JSON text.
        raw: the source's own record, so that nothing it knows is lost.
        replaces: the id under which the account knew it before, if that has changed.
        place: the id of the place where it is.
    """

    account: str
    remote_id: str
    contact_id: int | None
    etag: str
    base: str
    raw: str
    replaces: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Rebase:
    """What is known of a remote contact changes, as somebody else has changed ours; the account itself said nothing."""

    account: str
    remote_id: str
    base: str


@dataclass(frozen=True, slots=True)
class Depart:
    """The contact is no longer there. Its record is kept: if ours comes back, it is created there again.

    `moved`: the user moved it to another place; it is created there again only if the user moves it back.
    """

    account: str
    remote_id: str
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Return:
    """What was gone under this id is there again under another one: its record is no longer kept."""

    account: str
    remote_id: str


@dataclass(frozen=True, slots=True)
class Adopt:
    """Contacts were merged: the accounts that know them know the one that stays from now on. Comes before its `Edit`.

    Attributes:
        from_contacts: those that go.
        to_contact: the one that stays.
        values: what changes in it. What one account said is not sent to another because of that.
    """

    from_contacts: tuple[int, ...]
    to_contact: int
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TakeApart:
    """A new contact is made of what an account says, and the account knows that one from now on.

    Attributes:
        contact: the new contact; its only source is the link that is taken.
        from_contact: the one that loses the link.
    """

    contact: Contact
    from_contact: int


@dataclass(frozen=True, slots=True)
class Disagree:
    """Both sides changed the same field differently: ours stays, theirs is kept until the user settles it.

    `conflict` says what; a new one about the same takes the place of the old one.
    """

    conflict: Conflict


@dataclass(frozen=True, slots=True)
class Settle:
    """The conflict about this is over."""

    conflict: Conflict


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A record that an account sent and that cannot be understood; an empty reason lifts it again."""

    account: str
    remote_id: str
    reason: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Advance:
    """The account's next sync goes on from here. Stored with the last change that led there.

    Attributes:
        groups: the names of our groups by their ids, so that the next sync sees which of them were renamed since.
    """

    account: str
    cursor: str | None
    groups: Mapping[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """The places that an account has now."""

    account: str
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Arrive:
    """The account has it as the user wanted it; `remote_id` is what came there, empty if something left."""

    contact_id: int
    account: str
    place: str
    remote_id: str = ""
