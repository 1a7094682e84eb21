"""Candidate pairs of duplicates, with their reasons."""

from __future__ import annotations

from typing import Final

MAX_SHARING: Final = 20
"""What more contacts than this have in common is a switchboard or a mailing list, and no sign of one person."""
MIN_DIGITS: Final = 7
"""Shorter numbers are extensions."""
