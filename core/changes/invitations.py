"""Who was invited to what, and how they answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invite:
    """People were invited to something.

    Attributes:
        uid: by which calendars and answers know it; what is known under it already is replaced.
        title, starts, event, sequence: see `core.invitations.Invitation`.
        people: contact -> the address to which the invitation goes.
        anew: answers that were given before count no longer, for instance as the time is another one.
        actor: who invites.
    """

    uid: str
    title: str
    starts: str
    event: str
    sequence: int
    people: Mapping[int, str]
    anew: bool = False
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody answered an invitation; an older answer than the present one changes nothing.

    Attributes:
        uid: the invitation's.
        address: whose answer it is.
        answer: one of `core.invitations.ANSWERS`.
        at: when it was given, in milliseconds since the epoch.
    """

    uid: str
    address: str
    answer: str
    at: int
