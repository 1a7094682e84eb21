"""What can happen to a book: the vocabulary of every plan, whoever makes it - a key, a bulk action, an import, a sync.

Plan, then apply: something pure computes a `Plan`; previews, dry runs and confirmations show it; `Book.apply` carries
it out in one transaction with one journal entry, so that one undo takes it back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, Protocol

from coterie.core import limits
from coterie.core.checks import Checks
from coterie.core.fields import with_values
from coterie.core.listing import Listing
from coterie.core.model import Conflict, Contact, GroupChanges, Link, Remembered
from coterie.core.places import Place

CONTACTS: Final = "\0"
"""What `Plan.done` has where the number of contacts, or the name of one, belongs: no text of a book has it."""

Selection = Checks | Listing


@dataclass(frozen=True, slots=True)
class Create:
    """A new contact, with its groups (made where they do not exist) and its sources."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class CreateAll:
    """New contacts that are made while they are stored, in a thread of their own: few of them are ever in memory."""

    contacts: Iterable[Contact]


@dataclass(frozen=True, slots=True)
class Edit:
    """New values for some attributes of one contact.

    Attributes:
        values: attribute of Contact -> its new value (`emails` -> tuple of Email …; `groups` -> names).
        version: refuse with Stale where the stored contact has another version; None to go ahead.
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


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Everything selected becomes, one by one, what `rewrite` makes of it; few of them are ever in memory.

    `rewrite` runs in a thread of its own. It returns what it is given where nothing changes.
    """

    selection: Selection
    rewrite: Callable[[Contact], Contact]


@dataclass(frozen=True, slots=True)
class AddToGroup:
    """Everything selected joins the group of that name, which is made where it does not exist."""

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
class CreateGroup:
    """A new, empty group. Raises InvalidValue where the name is taken (ignoring case)."""

    name: str
    color: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RenameGroup:
    """Another name for a group. Raises InvalidValue where the name is taken, NotFound where there is no such group."""

    group_id: int
    name: str


@dataclass(frozen=True, slots=True)
class DescribeGroup:
    """A group's color (empty: by its name) and note; None leaves one as it is. Raises InvalidValue, NotFound."""

    group_id: int
    color: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class MergeGroup:
    """All members of a group, also those in the Bin, join another one, and the group goes. Raises NotFound."""

    group_id: int
    into_id: int


@dataclass(frozen=True, slots=True)
class DeleteGroup:
    """The group goes; its members stay."""

    group_id: int


@dataclass(frozen=True, slots=True)
class SaveSearch:
    """Keep a search by name, in place of what was kept under that name. Raises InvalidQuery, InvalidValue."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class RenameSearch:
    """Another name for a saved search, also in searches that name it. Raises InvalidValue, NotFound."""

    search_id: int
    name: str


@dataclass(frozen=True, slots=True)
class DeleteSearch:
    """The saved search goes. Raises InvalidValue where another names it, NotFound."""

    search_id: int


@dataclass(frozen=True, slots=True)
class MoveSearch:
    """A saved search goes `by` places down in their list (up where negative). Raises NotFound."""

    search_id: int
    by: int


@dataclass(frozen=True, slots=True)
class Remember:
    """What an account last said about a contact; the base of the next three-way merge.

    Attributes:
        account: `Account.name`.
        contact_id: ours; None right after the `Create` with that `RemoteRef` in its `sources`.
        base: the contact as the source mapped it, as JSON text.
        raw: the source's own record, so that nothing it knows is lost.
        replaces: the id under which the account knew it before, where that has changed.
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

    `moved`: the user moved it to another place; it is created there again only where the user moves it back.
    """

    account: str
    remote_id: str
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Return:
    """What departed under this id is there again, under another one: its record is kept no longer."""

    account: str
    remote_id: str


@dataclass(frozen=True, slots=True)
class Adopt:
    """The accounts that know some contacts know another from now on: they became one. Comes before its `Edit`.

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
class Placed:
    """A contact shall be in a place of an account (`there`), or no longer: the next sync of the account does it.

    Attributes:
        account: `Account.name`.
        place: the id of the place; empty where the account has none.
    """

    contact_id: int
    account: str
    place: str
    there: bool


@dataclass(frozen=True, slots=True)
class Arrive:
    """The account has it as the user wanted it; `remote_id` is what came there, empty where something left."""

    contact_id: int
    account: str
    place: str
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class Invite:
    """People were invited to something.

    Attributes:
        uid: by which calendars and answers know it; what is known under it already is replaced.
        title, starts, event, sequence: see `core.invitations.Invitation`.
        people: contact -> the address to which the invitation goes.
        anew: answers that were given before count no longer, for instance as the time is another one.
        actor: who invites.
    """

    uid: str
    title: str
    starts: str
    event: str
    sequence: int
    people: Mapping[int, str]
    anew: bool = False
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody answered an invitation; an older answer than the present one changes nothing.

    Attributes:
        uid: the invitation's.
        address: whose answer it is.
        answer: one of `core.invitations.ANSWERS`.
        at: when it was given, in milliseconds since the epoch.
    """

    uid: str
    address: str
    answer: str
    at: int


Change = (
    Create | CreateAll | Edit | Rewrite | Assign | AddToGroup | RemoveFromGroup | Delete | Restore | Forget
    | CreateGroup | RenameGroup | DescribeGroup | MergeGroup | DeleteGroup
    | SaveSearch | RenameSearch | DeleteSearch | MoveSearch
    | Adopt | TakeApart | Remember | Rebase | Depart | Return | Disagree | Settle | Quarantine | Advance
    | Places | Placed | Arrive | Invite | Answer
)  # fmt: skip


def check_size(change: Change) -> None:
    """Raise InvalidValue where a change would store something larger than `core.limits` allows.

    What a contact already has is not looked at again.
    """
    match change:
        case Create(contact):
            limits.check(contact)
        case Edit(_, values):
            limits.check(with_values(Contact(), values))
        case Assign(_, field_name, str(value)):
            limits.check(with_values(Contact(), {field_name: value}))
        case CreateGroup(name) | RenameGroup(_, name) | AddToGroup(_, name) | SaveSearch(name) | RenameSearch(_, name):
            limits.check(Contact(groups=(name,)))
        case DescribeGroup(_, _, str(note)):
            limits.check(Contact(notes=note))


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that a plan leaves out, and why, in words."""

    subject: str
    reason: str


class Lookup(Protocol):
    """What a planner may ask of the book while its changes are applied: it sees those that went before."""

    async def into_empty(self) -> bool:
        """Whether the book held no contact, not even in the Bin, before this plan."""

    async def known(self, addresses: Iterable[str], names: AbstractSet[str] | None = None) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, of these e-mail addresses, by `core.text.email_key`; live ones first.

        `names`: of an address that very many have, only the contacts of these names (`core.text.fold`) are wanted.
        """

    async def numbered(self, people: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Contact]]:
        """The contacts, live or in the Bin, of these (name, number); live ones first.

        By `core.identity.name_of` and `number_id`.
        """

    async def identified(self, uids: Iterable[str]) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, of these UIDs, by `core.identity.uid_key`; live ones first."""

    async def namesakes(self, names: Iterable[str]) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, of these names, by `core.text.fold`; live ones first.

        Those that the present plan has created itself are left out: namesakes in one file are different people.
        """

    def is_new(self, contact_id: int) -> bool:
        """Whether the present plan has created this contact."""


class SyncLookup(Lookup, Protocol):
    """What the planner of a sync asks besides."""

    async def remembered(self, account: str, remote_ids: Sequence[str]) -> dict[str, Remembered]:
        """What is known of these remote contacts, by their ids; unknown ones are left out."""

    async def remote_ids(self, account: str, after: str, count: int) -> list[str]:
        """The next `count` ids that the account knows contacts under, in their order."""

    async def links(self, contact_ids: Sequence[int]) -> list[Link]:
        """Where all accounts know these contacts."""

    async def departed(self, account: str, remote_ids: Sequence[str]) -> dict[str, Remembered]:
        """What is known of remote contacts that were deleted there, by these ids; unknown ones are left out."""

    async def cursor(self, account: str) -> str | None:
        """Where the account's next sync goes on."""

    async def group_names(self) -> dict[int, str]:
        """The names of all groups, by their ids."""

    async def group_changes(self, account: str) -> GroupChanges:
        """What the user did to groups since the last sync of the account."""

    async def members(self, account: str, groups: Iterable[str]) -> list[str]:
        """The ids of the remote contacts of the account that are in any of these groups here."""

    async def moved(self, account: str) -> list[str]:
        """The ids of the remote contacts of the account that were in a group that was merged since its last sync."""

    async def empty_groups(self, names: Iterable[str]) -> list[int]:
        """Those of these groups that have no member any more, not even in the Bin."""


Planner = Callable[["SyncLookup"], AsyncIterator[Sequence[Change]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes that belong together: one transaction, one journal entry, one undo.

    Attributes:
        kind: a word for programs (add, edit, delete, import, …), see `Operation.kind`.
        title: what it does, in the imperative, for buttons and previews: “Add to group Choir”.
        changes: in order; an iterator is used up by applying.
            Or a planner: it is given the book as the transaction sees it and yields changes in batches.
        done: the journal's sentence, f"Added {CONTACTS} to Choir.", where CONTACTS becomes “3 contacts”, or the
            contact's name where it is one; made from the title where it is empty. A function is called at the end.
        skipped: what it will not do; a list may grow while the changes are carried out.
    """

    kind: str
    title: str
    changes: Iterable[Change] | Planner
    done: str | Callable[[], str] = ""
    skipped: Sequence[Skip] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What applying, undoing or redoing did.

    Attributes:
        operation_id: the journal entry; None where nothing changed (then nothing is written).
        summary: one sentence for the status bar: “Deleted 3 contacts to the Bin.”
        changed: how many contacts changed.
        created_ids: the ids of new contacts, for small plans (at most 1,000 are listed).
        groups_created: the names of new groups.
        skipped: what was left out, with its reason.
        undoable: whether the opposite can be done: not after deleting forever.
    """

    operation_id: int | None
    summary: str
    changed: int = 0
    created: int = 0
    created_ids: tuple[int, ...] = ()
    groups_created: tuple[str, ...] = ()
    skipped: tuple[Skip, ...] = field(default=())
    undoable: bool = True


Progress = Callable[[int, int | None], None]
"""Called with (done, of how many, None where unknown) a few times a second. It may raise Cancelled."""
