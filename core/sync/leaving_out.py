"""Contacts of an account that an undo took away here: they are left out until they are restored."""

from __future__ import annotations

from coterie.core.changes import CONTACTS, Plan, Restore
from coterie.core.checks import Checks
from coterie.core.model import Account


def restore_left_out(account: Account, left_out: Checks) -> Plan:
    """The plan that restores them; `left_out` is what `Book.left_out` says."""
    return Plan(
        "restore",
        f"Restore what {account.name} has",
        [Restore(left_out)],
        done=f"Restored {CONTACTS}.",
    )
