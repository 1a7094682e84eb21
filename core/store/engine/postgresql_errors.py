"""What PostgreSQL, or the way there, reports, as errors of ours: the only such place.

By the SQLSTATE, which is the same in every language (https://www.postgresql.org/docs/current/errcodes-appendix.html).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from coterie.core.errors import BookBusy, CannotOpen, CoterieError


class _Meaning(NamedTuple):
    """What a state means: the kind of error, the sentence about `{where}` (with the server's `{reason}`), a hint."""

    kind: type[CoterieError]
    title: str
    hint: str


_LATER: Final = "Nothing was changed. Try again in a moment."
_ADMIN: Final = "Nothing was changed. Ask whoever runs the server."
_GRANT: Final = "Ask the owner of the database for the right (GRANT)."
_ADDRESS: Final = "Check COTERIE_DATABASE_URL, and that the server is running."
_AWAY: Final = _Meaning(CannotOpen, "The database {where} does not answer: {reason}.", _ADDRESS)

_MEANINGS: Final = {
    "28P01": _Meaning(
        CannotOpen, "The database {where} does not take the password.", "Put the right one into ~/.pgpass."
    ),
    "28": _Meaning(
        CannotOpen, "The database {where} lets nobody in by that name: {reason}.", "Check the user in the address."
    ),
    "3D000": _Meaning(
        CannotOpen, "There is no such database: {where}.", "Check its name in the address, or create it with createdb."
    ),
    "42501": _Meaning(CannotOpen, "The database {where} does not allow that: {reason}.", _GRANT),
    "25006": _Meaning(CannotOpen, "The database {where} takes no changes: it is read-only now.", _ADMIN),
    "53300": _Meaning(BookBusy, "The database {where} has too many connections.", "Try again in a moment."),
    "53100": _Meaning(CannotOpen, "The disk of the database {where} is full.", _ADMIN),
    "53": _Meaning(BookBusy, "The database {where} is short of resources: {reason}.", _LATER),
    "55P03": _Meaning(BookBusy, "Another program is writing to {where}.", "Wait until it is done, then try again."),
    "57014": _Meaning(BookBusy, "The database {where} stopped this: it took longer than it allows.", _LATER),
    "40": _Meaning(BookBusy, "Another change of {where} came between.", _LATER),
    "25P": _Meaning(BookBusy, "The database {where} ended the connection: it was idle for too long.", _LATER),
    "57P05": _Meaning(BookBusy, "The database {where} ended the connection: it was idle for too long.", _LATER),
    "57P": _AWAY,
    "55000": _AWAY,
    "08": _AWAY,
    "58": _Meaning(CannotOpen, "The server of the database {where} has trouble: {reason}.", _ADMIN),
    "XX": _Meaning(CannotOpen, "The server of the database {where} has trouble: {reason}.", _ADMIN),
    "F0": _Meaning(CannotOpen, "The server of the database {where} has trouble: {reason}.", _ADMIN),
}
"""By the longest beginning of the state. What is not here would be a mistake of ours, and is left as it is."""


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Raise what the database `where` reports as one of our errors."""
    try:
        yield
    except CoterieError:
        raise
    except Exception as error:
        explanation = explain(error, where)
        if explanation is None:
            raise
        raise explanation from error


def explain(error: BaseException, where: str) -> CoterieError | None:
    """Our error for one of PostgreSQL, of its driver, or of the network; None for what is none of these."""
    state = sqlstate(error)
    meaning = next((_MEANINGS[state[:end]] for end in (5, 3, 2) if state[:end] in _MEANINGS), None)
    if meaning is None and not state and _is_of_connection(error):
        meaning = _AWAY
    if meaning is None:
        return None
    return meaning.kind(meaning.title.format(where=where, reason=reason_of(error)), meaning.hint)


def sqlstate(error: BaseException) -> str:
    """The five letters of PostgreSQL's error, however deep it is wrapped; empty if there are none."""
    for cause in _chain(error):
        state = getattr(cause, "sqlstate", None)
        if isinstance(state, str) and state:
            return state
    return ""


def reason_of(error: BaseException) -> str:
    """What the server says, as the end of a sentence."""
    first = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return first.rpartition("Error'>: ")[2].strip().rstrip(".") or type(error).__name__


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop(0)
        if cause is not None and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [getattr(cause, "orig", None), cause.__cause__]


def _is_of_connection(error: BaseException) -> bool:
    """Whether there is no connection, or none any more: then nobody tells a state."""
    if isinstance(error, OSError | asyncio.TimeoutError | PoolTimeout):
        return True
    return isinstance(error, DBAPIError) and (error.connection_invalidated or "InterfaceError" in str(error.orig))
