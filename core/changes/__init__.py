"""What can happen to a book: the vocabulary of every plan, whoever makes it - a key, a bulk action, an import, a sync.

Plan, then apply: something pure computes a `Plan`; previews, dry runs and confirmations show it; `Book.apply` carries
it out in one transaction with one journal entry, so that one undo takes it back.
"""

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
from coterie.core.changes.change import (
    Change,
    check_size,
)
from coterie.core.changes.contacts import (
    AddToGroup,
    Assign,
    Create,
    CreateAll,
    Delete,
    Edit,
    Forget,
    Placed,
    RemoveFromGroup,
    Restore,
    Rewrite,
    Selection,
)
from coterie.core.changes.invitations import (
    Answer,
    Invite,
)
from coterie.core.changes.lists import (
    CreateGroup,
    DeleteGroup,
    DeleteSearch,
    DescribeGroup,
    MergeGroup,
    MoveSearch,
    RenameGroup,
    RenameSearch,
    SaveSearch,
)
from coterie.core.changes.lookup import (
    Lookup,
    Planner,
    SyncLookup,
)
from coterie.core.changes.plan import (
    CONTACTS,
    Outcome,
    Plan,
    Progress,
    Skip,
)

__all__ = [
    "CONTACTS",
    "AddToGroup",
    "Adopt",
    "Advance",
    "Answer",
    "Arrive",
    "Assign",
    "Change",
    "Create",
    "CreateAll",
    "CreateGroup",
    "Delete",
    "DeleteGroup",
    "DeleteSearch",
    "Depart",
    "DescribeGroup",
    "Disagree",
    "Edit",
    "Forget",
    "Invite",
    "Lookup",
    "MergeGroup",
    "MoveSearch",
    "Outcome",
    "Placed",
    "Places",
    "Plan",
    "Planner",
    "Progress",
    "Quarantine",
    "Rebase",
    "Remember",
    "RemoveFromGroup",
    "RenameGroup",
    "RenameSearch",
    "Restore",
    "Return",
    "Rewrite",
    "SaveSearch",
    "Selection",
    "Settle",
    "Skip",
    "SyncLookup",
    "TakeApart",
    "check_size",
]
