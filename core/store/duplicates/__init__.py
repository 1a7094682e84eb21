"""Candidate pairs of duplicates in the database: `search` goes through the book, `around` asks about a few contacts."""

from coterie.core.store.duplicates.search import Duplicates

__all__ = ["Duplicates"]
