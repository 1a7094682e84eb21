"""The names by which users choose a provider, from the table of them; no provider is imported for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from coterie.core.account_names import AccountNames
from coterie.core.model import Account
from coterie.providers import BUILTIN, HOSTS, offered

NAMES: Final = tuple(BUILTIN | HOSTS)
"""The ids of all providers and hosts, in the order in which they are offered."""
ONE_OF: Final = f"{', '.join(NAMES[:-1])} or {NAMES[-1]}"
CONNECT_ONE: Final = f"Connect one: coterie connect {NAMES[0]} (or {', '.join(NAMES[1:])})."


def account_names(accounts: Iterable[Account]) -> AccountNames:
    """What users call the accounts of a book."""
    return AccountNames(accounts, lambda provider: offered().get(provider, provider), NAMES)
