"""Everything that can go wrong, named by what the user can do about it.

::

    CoterieError
    ├── InvalidInput          correct what was typed            (exit code 2)
    │   ├── InvalidQuery      the search text cannot be read
    │   └── InvalidValue      a field's value is not acceptable
    ├── NotFound              nothing of that name or id        (exit code 1)
    ├── UnreadableFile        choose another file, or mend it   (exit code 1)
    │   └── NoSuchFile        correct the path                  (exit code 2)
    ├── Stale                 changed meanwhile: look again     (exit code 1)
    ├── Cancelled             the user stopped it; nothing remains (exit code 1)
    ├── CannotOpen            the book or its settings: mend them (exit code 3)
    │   ├── BookTooNew        install a newer Coterie
    │   ├── BookGone          deleted or replaced while open: put it back, start again
    │   └── ReadOnly          the disk takes no changes: make room, or make it writable
    ├── BookBusy              wait for the other program, try again (exit code 3)
    ├── SignInNeeded          sign in again                     (exit code 4)
    │   └── PermissionMissing sign in again and allow what is asked for
    └── ProviderError         the network or the other side     (exit code 5)
        ├── Unreachable       check the connection, try later
        ├── RateLimited       wait; `retry_after` says how long
        ├── NotEnabled        switch the API on at the provider
        ├── BadReply          the other side sent something unreadable
        ├── CursorExpired     start over with a full sync (the sync engine does so itself)
        ├── Conflict          the remote contact changed: read it again and merge
        └── Rejected          the other side refuses this contact
            └── Unsure        … it says, but may have done it

Core errors become notices in one place of the screen and exit codes in one place of the command line.
"""

from __future__ import annotations


class CoterieError(Exception):
    """The root of all errors that are shown to the user in words.

    Args:
        title: what went wrong, one sentence, with the name of the file, field or account.
        hint: what the user can do about it, one sentence; empty if there is nothing to add.
    """

    exit_code = 1

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.title} {self.hint}".strip()


class InvalidInput(CoterieError):
    """What was typed cannot be used as it is."""

    exit_code = 2


class InvalidQuery(InvalidInput):
    """The search text cannot be read; the title says where.

    Args:
        span: from which character up to which other the text is wrong, counted from 0; None if it is not one place.
    """

    def __init__(self, title: str, hint: str = "", span: tuple[int, int] | None = None) -> None:
        super().__init__(title, hint)
        self.span = span


class InvalidValue(InvalidInput):
    """A value that its field does not accept.

    Args:
        field: the key of the field in `core.fields.FIELDS`, so that a form can show the title beside it.
    """

    def __init__(self, field: str, title: str, hint: str = "") -> None:
        super().__init__(title, hint)
        self.field = field


class NotFound(CoterieError):
    """No contact, group, account or operation of that name or id."""


class UnreadableFile(CoterieError):
    """A file that cannot be read, or in which nothing can be recognized."""


class NoSuchFile(UnreadableFile):
    """A path that leads to no file that may be read."""

    exit_code = 2


class Stale(CoterieError):
    """Something else changed the contact since it was read."""


class Cancelled(CoterieError):
    """The user stopped it; the book is as it was before."""


class CannotOpen(CoterieError):
    """The book or the settings cannot be opened."""

    exit_code = 3


class BookTooNew(CannotOpen):
    """The book was written by a newer version of Coterie."""


class BookGone(CannotOpen):
    """The file of the open book was deleted, replaced or overwritten: what would be written now would be lost."""


class ReadOnly(CannotOpen):
    """The book can be read, but its disk takes no changes."""


class BookBusy(CoterieError):
    """Another program is writing to the book for longer than we wait."""

    exit_code = 3


class SignInNeeded(CoterieError):
    """The account's permission has ended or never was there."""

    exit_code = 4


class PermissionMissing(SignInNeeded):
    """Signed in, but without the scope that is needed."""


class ProviderError(CoterieError):
    """The network or the provider failed."""

    exit_code = 5


class Unreachable(ProviderError):
    """No answer: offline, a time-out, a reset, a name that does not resolve."""


class RateLimited(ProviderError):
    """The provider asks to wait.

    Args:
        retry_after: seconds to wait if the provider said so, else None.
        undone: nothing was done, so that even a creation may be sent again; False if that is not sure.
    """

    def __init__(self, title: str, hint: str = "", retry_after: float | None = None, *, undone: bool = True) -> None:
        super().__init__(title, hint)
        self.retry_after = retry_after
        self.undone = undone


class NotEnabled(ProviderError):
    """The API is not switched on for the user's own client."""


class BadReply(ProviderError):
    """An answer that is cut, no JSON, or not what the API documents."""


class CursorExpired(ProviderError):
    """The provider no longer knows the cursor: only a full sync helps."""


class Conflict(ProviderError):
    """The remote contact changed since its etag was read."""


class Rejected(ProviderError):
    """The provider refuses this one contact; the rest can go on."""


class Unsure(Rejected):
    """One contact could not be written, as it seems: a creation may have been made all the same."""


class FailedTogether(Unsure):
    """The server failed at a request for several contacts, and does not tell which of them is to blame."""
