"""Every kind of change, and how large the texts of one may be."""

from __future__ import annotations

from coterie.core import limits
from coterie.core.changes.accounts import (
    Adopt,
    Advance,
    Arrive,
    Depart,
    Disagree,
    Places,
    Quarantine,
    Rebase,
    Remember,
    Return,
    Settle,
    TakeApart,
)
from coterie.core.changes.contacts import (
    AddToGroup,
    Assign,
    Create,
    Delete,
    Edit,
    Forget,
    Placed,
    PlaceEach,
    RemoveFromGroup,
    Restore,
    Rewrite,
)
from coterie.core.changes.invitations import (
    Answer,
    Invite,
)
from coterie.core.changes.lists import (
    CreateGroup,
    DeleteEmptyGroups,
    DeleteGroup,
    DeleteSearch,
    DescribeGroup,
    MergeGroup,
    MoveSearch,
    RenameGroup,
    RenameSearch,
    SaveSearch,
)
from coterie.core.fields.values import with_values
from coterie.core.model import Contact

Change = (
    Create | Edit | Rewrite | Assign | AddToGroup | RemoveFromGroup | Delete | Restore | Forget
    | CreateGroup | RenameGroup | DescribeGroup | MergeGroup | DeleteGroup | DeleteEmptyGroups
    | SaveSearch | RenameSearch | DeleteSearch | MoveSearch
    | Adopt | TakeApart | Remember | Rebase | Depart | Return | Disagree | Settle | Quarantine | Advance
    | Places | Placed | PlaceEach | Arrive | Invite | Answer
)  # fmt: skip


def check_size(change: Change) -> None:
    """Raise InvalidValue if a change would store something larger than `core.limits` allows.

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
