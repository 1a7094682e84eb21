"""Which contact of ours a new remote contact is linked with, unasked: if name and address, or the UID, agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from coterie.core.identity import linked_by, name_of, uid_key, uid_of
from coterie.core.merge import phone_id
from coterie.core.model import Contact, Remembered
from coterie.core.provider import RemoteContact
from coterie.core.text import email_key


@dataclass(frozen=True, slots=True)
class Owners:
    """Our contacts that new remote contacts may be linked with.

    Attributes:
        by_address: by their addresses (`core.text.email_key`).
        by_uid: by their UIDs (`core.identity.uid_key`).
        departed: what is known of those that were deleted there, by the ids under which the account knew them.
        moved: what is known of those whose record this round takes away, by the ids of ours: a card that moves to
            another address book comes under another id.
    """

    by_address: Mapping[str, Sequence[Contact]] = field(default_factory=dict)
    by_uid: Mapping[str, Sequence[Contact]] = field(default_factory=dict)
    departed: Mapping[str, Remembered] = field(default_factory=dict)
    moved: Mapping[int, Remembered] = field(default_factory=dict)

    def of(
        self,
        remote: RemoteContact,
        account: str,
        *,
        taken: Collection[int | None],
        exactly: bool,
        trust_uid: bool,
        doubtful: Sequence[Contact],
    ) -> Contact | None:
        """The contact that a new remote contact is linked with; None if it is one of its own.

        Args:
            remote: what came.
            account: from which account; what that knows already is no candidate.
            taken: the ids of ours with which others of the batch are linked.
            exactly: only exactly the same name counts.
            trust_uid: no other contact of the batch has its UID.
            doubtful: contacts of ours that were sent there without an answer.
        """
        before = self.departed.get(remote.remote_id)
        candidates = [before.contact] if before and before.contact else []
        same_uid = self.by_uid.get(uid_of_remote(remote), ())
        candidates += same_uid if trust_uid and len(same_uid) == 1 else []
        ties = [
            contact
            for email in remote.contact.emails
            for contact in self.by_address.get(email_key(email.address), ())
            if linked_by(remote.contact, contact)
        ]
        same_name = [contact for contact in ties if name_of(contact) == name_of(remote.contact)]
        # If the name fits several people, it is none of them for sure.
        candidates += same_name if exactly else ties if len({contact.id for contact in _live(ties)}) < 2 else []
        free = [contact for contact in candidates if contact.id not in taken and self._is_free(contact, account)]
        # What was sent here may be known under other ids: it was moved or copied to another place.
        free += [contact for contact in doubtful if contact.id not in taken and is_same(contact, remote.contact)]
        return next(iter(_live(free)), None)

    def _is_free(self, ours: Contact, account: str) -> bool:
        return ours.id in self.moved or not any(ref.account == account for ref in ours.sources)


def _live(contacts: Sequence[Contact]) -> Sequence[Contact]:
    """Those that are not in the Bin; if all of them are, those."""
    return [contact for contact in contacts if contact.deleted_at is None] or contacts


def uid_of_remote(remote: RemoteContact) -> str:
    """The key of the UID of a remote contact; empty if it has none."""
    return uid_key(remote.uid) or uid_of(remote.contact)


def is_same(ours: Contact, theirs: Contact) -> bool:
    """Whether a contact there is the one that we sent: by name and numbers, since the address may not be kept."""
    phones = set(map(phone_id, ours.phones)), set(map(phone_id, theirs.phones))
    return bool(ours.shown_name) and ours.shown_name == theirs.shown_name and phones[0] == phones[1]
