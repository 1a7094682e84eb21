"""What a failed write of one contact means: that contact is refused, and the others go on."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from coterie.core.errors import (
    BadReply,
    Conflict,
    CoterieError,
    CursorExpired,
    FailedTogether,
    PermissionMissing,
    Rejected,
    Unsure,
)
from coterie.providers.retry import Broken

T = TypeVar("T")


class ScopeMissing(PermissionMissing):
    """What was allowed at the sign-in is too little: no contact can be written."""


def refusal_of(error: CoterieError) -> Rejected | Conflict | None:
    """Why one contact was not written; None if the failure is about the whole account or the way to it.

    Args:
        error: what a request failed with that was about that contact alone, by an account that may write.
    """
    match error:
        case Rejected() | Conflict():
            return error
        case ScopeMissing():
            return None
        case PermissionMissing():  # a contact of somebody else's, or one that is shared to be read
            return Rejected(error.title, "Change it where it comes from, or ask those who own it for permission.")
        case CursorExpired():  # HTTP 410
            return Conflict("The contact was deleted there.", "Sync, then try again.")
        case Broken() | BadReply():
            return Unsure(error.title, "It is tried again at every sync.")
    return None


async def alone(work: Awaitable[T]) -> T:
    """The result of a write of one contact. Raises Rejected or Conflict if that contact is refused."""
    try:
        return await work
    except CoterieError as error:
        if (refusal := refusal_of(error)) is None or refusal is error:
            raise
        raise refusal from error


async def together(work: Awaitable[T], count: int) -> T:
    """As `alone`, of a request that writes `count` contacts.

    Raises FailedTogether if the server fails at several: they are sent again in halves (`core.sync.halving`).
    """
    try:
        return await alone(work)
    except Unsure as error:
        if count == 1:
            raise
        raise FailedTogether(error.title, error.hint) from error
