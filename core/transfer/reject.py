"""What a file holds that is no contact: listed with its place, reason and text, so that nothing is lost silently."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reject:
    """A row or card that did not become a contact.

    Attributes:
        row: the number of the line in the file where it starts, counted from 1.
        reason: why, as one sentence for the user.
        text: the original text, so that it can be mended and imported again.
    """

    row: int
    reason: str
    text: str
