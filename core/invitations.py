"""What the book keeps of invitations: to what, whom, and how they answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

ANSWERS: Final = ("yes", "maybe", "no", "none")
"""How somebody answered; `none`: not yet."""


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who was invited.

    Attributes:
        contact_id: who.
        address: where the invitation went.
        answer: one of `ANSWERS`.
        answered_at: when; None if there is no answer.
    """

    contact_id: int
    address: str
    answer: str = "none"
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """Something to which people were invited.

    Attributes:
        id: ours.
        uid: by which calendars and answers know it (RFC 5545, UID).
        title: what it is called.
        starts: when it begins, in ISO 8601, with its offset if it has a time.
        event: all of it, as `core.calendar.event` writes it.
        sequence: grows each time it is sent again (RFC 5545, SEQUENCE).
        sent_at: when it was sent last.
        counts: how many live contacts gave each of `ANSWERS`.
    """

    id: int
    uid: str
    title: str
    starts: str
    event: str
    sequence: int
    sent_at: datetime
    counts: tuple[int, ...] = ()
