"""Taking a link apart: what an account says of a contact becomes a contact of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coterie.core.base import LISTS, Base, contact_of
from coterie.core.changes import Change, Edit, Plan, TakeApart
from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.fields.differences import changed_values
from coterie.core.fields.values import with_values
from coterie.core.merge3 import merge3
from coterie.core.model import Contact, Link, RemoteRef


def take_apart(contact: Contact, ref: RemoteRef, links: Sequence[Link]) -> Plan:
    """The plan that makes a contact of its own of what the account of `ref` says.

    The contact that stays loses what that account alone has said of it.

    Args:
        contact: which is known to the account, and elsewhere too.
        ref: the link that is taken, one of its sources.
        links: all its links, see `Book.links`.
    """
    link = next(link for link in links if (link.account, link.remote_id) == (ref.account, ref.remote_id))
    theirs = contact_of(link.base)
    others = [Base.of(other.base).said for other in links if other is not link and other.base]
    stays = _without(contact, theirs, others) if others else contact
    values = changed_values(contact, stays)
    name = contact.shown_name
    new = replace(theirs, id=None, sources=(ref,), deleted_at=None, deleted_by=None)
    changes: list[Change] = [TakeApart(new, contact.id or 0)]
    changes += [Edit(contact.id or 0, values)] if values else []
    return Plan(
        "split",
        f"Take {ref.account} apart from {name}",
        changes,
        done=f"Made a contact of its own of what {ref.account} says of {name}.",
    )


def _without(ours: Contact, theirs: Contact, others: Sequence[Contact]) -> Contact:
    """Ours without what only one account has said, and with what another says in its place."""
    kept = Contact()
    for other in others:
        kept = with_values(kept, {name: getattr(other, name) for name in ATTRIBUTES if not getattr(kept, name)})
    lists = LISTS & set(ATTRIBUTES)
    shared = with_values(
        theirs,
        {
            name: getattr(kept, name)
            for name in ATTRIBUTES
            if name not in lists and getattr(theirs, name) == getattr(ours, name)
        },
    )
    for name in sorted(lists):
        shared = with_values(shared, {name: getattr(kept, name)})
    merged, _ = merge3(theirs, ours, shared, ATTRIBUTES)
    return merged
