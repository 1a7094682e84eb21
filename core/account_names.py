"""What people call accounts; commands, JSON, searches and what is stored call them `google:ada@example.org`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Final

from coterie.core.model import Account, Operation

_USER: Final = r"[^\s@]{1,200}"
"""What stands before the @ of an address: so a contact called `google:Ads` keeps its name in the history."""


class AccountNames:
    """An account goes by its address, with the provider's name if another account has the same address.

    Args:
        accounts: those of the book.
        label: the name of a provider for people, by its id.
        providers: the ids of providers whose accounts may have been disconnected since a text was written.
    """

    def __init__(
        self, accounts: Iterable[Account] = (), label: Callable[[str], str] = str, providers: Collection[str] = ()
    ) -> None:
        accounts = list(accounts)
        same = Counter(account.address.casefold() for account in accounts)
        self._names = {
            account.name: f"{account.address} ({label(account.provider)})"
            if same[account.address.casefold()] > 1
            else account.address
            for account in accounts
        }
        patterns = [re.escape(name) + r"(?![\w@-]|\.\w)" for name in self._names]
        patterns += [rf"{re.escape(provider)}:(?=[/~]|{_USER}@)" for provider in providers]
        self._pattern = re.compile(rf"(?<![\w:/])(?:{'|'.join(patterns)})") if patterns else None

    def of(self, account: Account) -> str:
        """What an account is called; its address, if the book has it no longer."""
        return self._names.get(account.name, account.address)

    def within(self, text: str) -> str:
        """A text with all accounts in it called as people call them."""
        return self._pattern.sub(lambda match: self._names.get(match[0], ""), text) if self._pattern else text

    def told(self, operation: Operation) -> Operation:
        """An entry of the history in words for people."""
        return replace(operation, summary=self.within(operation.summary))
