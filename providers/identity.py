"""Whose address it is: what the user typed before signing in, held against what the provider told afterwards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from coterie.core.errors import SignInNeeded
from coterie.core.provider import Setup
from coterie.core.sign_in import Option, SignInPrompter
from coterie.core.text import clean_line, is_email

ADDRESS: Final = Option(
    "address",
    "Address of the account",
    "The e-mail address of the account to sign in to. It names the account here, and the sign-in page offers it.",
    required=False,
    hint=True,
)
CHOSEN: Final = replace(
    ADDRESS,
    help="The address of the account that you have just signed in to, as it is not told to programs that may only see "
    "contacts. It names the account here.",
    hint=False,
)
TRIES: Final = 3


async def wanted_address(setup: Setup, prompter: SignInPrompter, before: str) -> str:
    """The address of the account to sign in to, before a browser is opened; empty if the user gives none.

    Args:
        setup: its setting `address` is what the user has said already.
        prompter: asks for it.
        before: the address of the account that signs in again.
    """
    given = setup.settings.get(ADDRESS.key, "") or before
    return given if is_email(given) else await ask_address(prompter, ADDRESS)


async def ask_address(prompter: SignInPrompter, option: Option) -> str:
    """An e-mail address from the user; empty if none is given."""
    for _ in range(TRIES):
        given = clean_line((await prompter.ask((option,))).get(option.key, "")).strip()
        if not given or is_email(given):
            return given
    return ""


def chosen_address(wanted: str, told: Collection[str]) -> str:
    """The address that names the account: the wanted one, else the first that the provider told; empty for neither.

    Raises SignInNeeded if the provider told other addresses than the wanted one: somebody else signed in.
    """
    if not wanted or not told:
        return wanted or next(iter(told), "")
    if wanted.casefold() in {address.casefold() for address in told}:
        return wanted
    raise somebody_else(wanted, next(iter(told)))


def somebody_else(wanted: str, signed_in: str) -> SignInNeeded:
    """The error for a sign-in as another than the one that the user named."""
    return SignInNeeded(
        f"You signed in as {signed_in}, not as {wanted}.",
        f"Nothing was changed. Sign in again and choose {wanted} in the browser, or enter {signed_in} as the address.",
    )
