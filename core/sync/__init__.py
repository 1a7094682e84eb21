"""Syncing accounts: what a source says is spooled, planned against the book (`plan`, pure) and applied (`engine`)."""

from coterie.core.sync.accounts import Accounts
from coterie.core.sync.engine import sync
from coterie.core.sync.events import Applying, Confirm, Ended, Fetching, SyncEvent, SyncReport, Vanishing, Writing

__all__ = [
    "Accounts", "Applying", "Confirm", "Ended", "Fetching", "SyncEvent", "SyncReport", "Vanishing", "Writing", "sync",
]  # fmt: skip
