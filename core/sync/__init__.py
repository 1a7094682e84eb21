"""Syncing accounts: what a source says is spooled, planned against the book (`plan`, pure) and applied (`engine`)."""

from core.sync.accounts import Accounts
from core.sync.engine import sync
from core.sync.events import Applying, Confirm, Ended, Fetching, SyncEvent, SyncReport, Vanishing, Writing

__all__ = [
    "Accounts", "Applying", "Confirm", "Ended", "Fetching", "SyncEvent", "SyncReport", "Vanishing", "Writing", "sync",
]  # fmt: skip
