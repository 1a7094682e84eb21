"""THE INVERSE PORT: what a provider may ask of the user while it signs in, and who has signed in then.

A dialog and the command line answer. `core.provider` is the port itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Option:
    """Something a provider needs to be told before it can sign in (a server's address, a user name, a password).

    Attributes:
        key: its name on the command line and in settings.
        label: its name on the screen.
        help: one sentence: what it is and where to find it.
        secret: never shown, never logged, never taken from the command line.
        guide: steps that lead a first-timer to it, each a sentence or two, with addresses to open.
        hint: it only makes sign-in easier; programs that have not given it are not asked.
    """

    key: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    guide: tuple[str, ...] = ()
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Who has signed in.

    Attributes:
        address: names the account: an e-mail address, or `user@host`.
        display_name: the person's name.
        person: the provider's own id of the person, which never changes and tells people apart; empty if unknown.
    """

    address: str
    display_name: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What the user must enter, and where (RFC 8628). `expires_in` is in seconds."""

    user_code: str
    verification_uri: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class OpenUrl:
    """A page that the user must open in a browser, perhaps on another machine.

    Attributes:
        url: the page.
        ssh_forward: the ready-made `ssh -L` command line that lets that browser reach our loopback listener; empty
            if it would not work.
        expires_in: seconds until we stop waiting.
        problem: why the last paste could not be used, one sentence; empty at first.
    """

    url: str
    ssh_forward: str
    expires_in: int
    problem: str = ""


class SignInPrompter(Protocol):
    """What a provider may ask while it signs in. A dialog and the command line implement it.

    Cancelling is cancelling the task that runs `Provider.sign_in`.
    """

    async def device_code(self, code: DeviceCode) -> None:
        """Show the code until sign-in ends; returns at once."""

    async def open_url(self, page: OpenUrl) -> str:
        """Show the page and wait for the user to paste the address that the browser could not open (or its code).

        The provider runs this beside its loopback listener and cancels it when the browser gets through. It is called
        again, with `page.problem`, after a paste that could not be used; an empty text means that none will come.
        """

    async def ask(self, options: Collection[Option]) -> Mapping[str, str]:
        """The values of these options, by key."""
