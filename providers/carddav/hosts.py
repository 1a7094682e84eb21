"""Well-known hosts of CardDAV as choices of their own: the server is filled in, and the way to an app password told.

Their accounts are accounts of CardDAV like all others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final

from coterie.core.sign_in import Option
from coterie.providers.carddav.provider import PASSWORD, USER, CardDavProvider

_ADDRESS: Final = replace(USER, label="E-mail address", required=True)


class ICloud(CardDavProvider):
    """The contacts of an Apple Account."""

    label: ClassVar[str] = "iCloud"
    server: ClassVar[str] = "contacts.icloud.com"
    options: ClassVar[tuple[Option, ...]] = (
        replace(_ADDRESS, help="The e-mail address of your Apple Account."),
        replace(
            PASSWORD,
            label="App-specific password",
            help="Apple accepts no other one here.",
            guide=(
                "Open https://account.apple.com and sign in.",
                "Choose Sign-In and Security, then App-Specific Passwords.",
                "Generate one, call it Coterie, and enter it here.",
            ),
        ),
    )


class Fastmail(CardDavProvider):
    """The contacts of a Fastmail account."""

    label: ClassVar[str] = "Fastmail"
    server: ClassVar[str] = "carddav.fastmail.com"
    options: ClassVar[tuple[Option, ...]] = (
        replace(_ADDRESS, help="The e-mail address that you sign in to Fastmail with."),
        replace(
            PASSWORD,
            label="App password",
            help="Fastmail accepts no other one here.",
            guide=(
                "Open https://app.fastmail.com/settings/security and sign in.",
                "Choose App passwords, then New app password, with access to contacts (CardDAV).",
                "Call it Coterie, generate it, and enter it here.",
            ),
        ),
    )
