"""What a contact is: frozen values, in vCard's words (RFC 6350).

Values carry no behavior beyond reading themselves. Text is kept as its source wrote it, apart from what
`core.text.clean_line` removes; nothing here is safe to write to a terminal without `core.text.printable`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from coterie.core import labelled
from coterie.core.labelled import PHONETIC, Labelled

if TYPE_CHECKING:
    from dataclasses import dataclass as value
else:

    def value(*, frozen: bool, **options: Any) -> Any:
        """A frozen dataclass that the type checker guards, and nobody at run time.

        They are made by the million, and a dataclass that is frozen sets each attribute by a call.
        """
        return dataclasses.dataclass(unsafe_hash=frozen, **options)


GONE = "deleted"
"""What a conflict is about if the contact was deleted there and changed here."""


@value(frozen=True, slots=True)
class Email:
    """An e-mail address (EMAIL). `label` is the user's word for it (home, work, …), empty if there is none."""

    address: str
    label: str = ""
    primary: bool = False


@value(frozen=True, slots=True)
class Phone:
    """A phone number (TEL), written as its source writes it."""

    number: str
    label: str = ""


@value(frozen=True, slots=True)
class Address:
    """A postal address (ADR)."""

    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    po_box: str = ""
    extended: str = ""
    label: str = ""


@value(frozen=True, slots=True)
class Url:
    """A web address (URL)."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class RemoteRef:
    """Where an account knows this contact: theirs is `remote_id` (resourceName, id, href), ours is `Contact.id`.

    `place` is the name of the address book or folder there, as far as it has one.
    """

    account: str
    remote_id: str
    etag: str = ""
    place: str = ""

    @property
    def where(self) -> str:
        """“carddav:ada@dav.example.org/Team”; the account alone if it has no places."""
        return f"{self.account}/{self.place}" if self.place else self.account


@value(frozen=True, slots=True)
class Contact:
    """A person or an organization.

    Attributes:
        id: ours; None until it is stored.
        name: the display name (FN); may be empty if only an address or a company is known.
        birthday: an ISO 8601 date, `--MM-DD` if the year is unknown, or the source's text.
        groups: names, in the order of their names.
        custom: what fits no other field, under its heading; what is kept there and shown as a field of its own has a
            property below (see `core.labelled`).
        deleted_by: what put it into the Bin, in words; None while it is not there.
        version: grows by one with each change; lets an editor notice that somebody else was faster.
    """

    id: int | None = None
    name: str = ""
    prefix: str = ""
    given_name: str = ""
    additional_names: str = ""
    family_name: str = ""
    suffix: str = ""
    nickname: str = ""
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    company: str = ""
    department: str = ""
    job_title: str = ""
    groups: tuple[str, ...] = ()
    favorite: bool = False
    notes: str = ""
    birthday: str = ""
    addresses: tuple[Address, ...] = ()
    urls: tuple[Url, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[RemoteRef, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    version: int = 0

    @property
    def email(self) -> str:
        """The preferred address, or the first, or nothing."""
        for email in self.emails:
            if email.primary:
                return email.address
        return self.emails[0].address if self.emails else ""

    @property
    def phone(self) -> str:
        """The first number, or nothing."""
        return self.phones[0].number if self.phones else ""

    @property
    def relations(self) -> tuple[Labelled, ...]:
        """Other people: spouse, child, manager (RELATED)."""
        return labelled.read(self.custom, "relations")

    @property
    def events(self) -> tuple[Labelled, ...]:
        """Days to remember beside the birthday (ANNIVERSARY, X-ABDATE)."""
        return labelled.read(self.custom, "events")

    @property
    def ims(self) -> tuple[Labelled, ...]:
        """Names in messengers, labelled with the service (IMPP)."""
        return labelled.read(self.custom, "ims")

    @property
    def phonetic_given_name(self) -> str:
        """How the given name sounds, or is sorted (X-PHONETIC-FIRST-NAME)."""
        return self.custom.get(PHONETIC["phonetic_given_name"], "")

    @property
    def phonetic_additional_names(self) -> str:
        """How the additional names sound (X-PHONETIC-MIDDLE-NAME)."""
        return self.custom.get(PHONETIC["phonetic_additional_names"], "")

    @property
    def phonetic_family_name(self) -> str:
        """How the family name sounds (X-PHONETIC-LAST-NAME)."""
        return self.custom.get(PHONETIC["phonetic_family_name"], "")

    @property
    def phonetic_company(self) -> str:
        """How the company's name sounds (X-PHONETIC-ORG)."""
        return self.custom.get(PHONETIC["phonetic_company"], "")

    @property
    def shown_name(self) -> str:
        """What lists call the contact: its name, else its company, address or number."""
        return self.name or self.company or self.email or self.phone


UNDONE: Final = "undo"
"""The reason of deletion of a contact whose creation was undone: it lies in the Bin until it is redone or restored."""
GROUP_COLORS: Final = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
"""What a group can have."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of contacts; empty groups live on.

    Attributes:
        size: how many members it has outside the Bin.
        color: one of GROUP_COLORS if one was chosen; else its name gives it one.
        note: what the user wrote about it.
        changed_at: when it was changed last, in its members or itself; None if nobody knows.
        change: what that was, a sentence.
    """

    id: int
    name: str
    size: int = 0
    color: str = ""
    note: str = ""
    changed_at: datetime | None = None
    change: str = ""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that is kept by name, in the language of `core.query`; `@NAME` in a search stands for it."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Account:
    """A connected account. `name` is `google:ada@example.org`; `settings` are the user's choices for it."""

    id: int
    provider: str
    address: str
    settings: Mapping[str, object] = field(default_factory=dict)
    cursor: str | None = None
    state: str = "connected"
    message: str = ""
    last_sync: datetime | None = None
    next_sync: datetime | None = None
    contacts: int = 0

    @property
    def name(self) -> str:
        """The name that commands and `sources` use."""
        return f"{self.provider}:{self.address}"


@dataclass(frozen=True, slots=True)
class Remembered:
    """A remote contact as we know it.

    Attributes:
        contact: ours, live or in the Bin; None if it was deleted forever.
        base: what the source last said, as the JSON text of a contact; empty if it has said nothing yet.
        raw: the source's own record.
        others: the other accounts that know this contact too.
        siblings: the other ids under which the same account knows this contact too.
        place: the id of the place where it is.
        copies: those of its ids in the account (its own among them) that the user copied to another place.
    """

    remote_id: str
    contact: Contact | None
    etag: str = ""
    base: str = ""
    raw: str = ""
    others: tuple[str, ...] = ()
    siblings: tuple[str, ...] = ()
    place: str = ""
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Where an account knows a contact of ours, and what it last said of it (see `Remembered.base`)."""

    account: str
    remote_id: str
    contact_id: int
    base: str


@dataclass(frozen=True, slots=True)
class GroupChanges:
    """What the user did to groups since the last sync of an account, by the keys of their names then.

    Attributes:
        renamed: key -> the new name.
        deleted: the keys of those that are gone.
        created: the names of new ones that nobody is in yet.
        merged: key -> the name of the group that has the members of this one now; those are among `deleted` too.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()
    created: tuple[str, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that an account does not take. It is tried again at every sync, until it is taken.

    Attributes:
        action: what was tried: “create”, “update”, “delete”, “merge”, “group”.
        name: whose, or which group's.
        reason: why, as the account says, in one or two sentences.
        contact_id: the contact; None for a group.
        since: when it was first refused; None before it is stored.
        key: tells it from others of the account: the remote id, or our own if there is none yet.
    """

    account: str
    action: str
    name: str
    reason: str
    contact_id: int | None = None
    since: datetime | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sides that say different things about a field of one contact. Ours is what the contact has.

    Attributes:
        field: an attribute of Contact, or `GONE`: it was deleted there, and changed here.
        key: which value of a list or which custom field it is about; empty for the whole field.
        ours, theirs: the values as text.
        value: theirs, as `core.fields.codec.encode` writes it.
    """

    account: str
    remote_id: str
    contact_id: int
    field: str
    key: str = ""
    ours: str = ""
    theirs: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the journal: what happened, when, by whom and why.

    Attributes:
        kind: a word for programs: add, edit, delete, restore, import, sync, merge, group, …
        summary: the sentence that the user reads.
        contacts: how many contacts it changed.
        undone_at: when it was undone; None while it stands.
        undoable: False for what cannot be undone, such as deleting forever.
        redoable: whether it is undone and a redo can bring it back: nothing else was changed by its actor since.
    """

    id: int
    at: datetime
    actor: str
    kind: str
    summary: str
    contacts: int
    undone_at: datetime | None = None
    undoable: bool = True
    redoable: bool = False


@dataclass(frozen=True, slots=True)
class BinReport:
    """What a look into the Bin did, and what goes next.

    Attributes:
        days: how many days the Bin keeps what is in it.
        purged: how many contacts were deleted forever.
        due: how many go next, not before `due_from`.
        moved: by how many milliseconds the clock has moved since the book was last used, if nothing was deleted for
            that reason: backwards, or by weeks.
    """

    days: int
    purged: int
    due: int
    due_from: datetime | None
    moved: int | None = None
