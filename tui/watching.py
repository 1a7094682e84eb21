"""Watching: accounts that are quickly looked at, such as a folder of vCards, are synced once they have changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from coterie.core.errors import CoterieError

if TYPE_CHECKING:
    from coterie.core.model import Account
    from coterie.core.provider import Provider
    from coterie.core.sync import Accounts


class Watching:
    """Compares the mark of each account with what it was.

    Args:
        accounts: opens them.
        changed: called with an account that has changed and then rested from one look to the next, so that a program
            that writes many files is waited for.
    """

    def __init__(self, accounts: Accounts, changed: Callable[[Account], None]) -> None:
        self._accounts = accounts
        self._changed = changed
        self._open: dict[str, tuple[Any, Provider]] = {}
        self._seen: dict[str, str] = {}
        self._synced: dict[str, str] = {}

    async def look(self, accounts: Iterable[Account], syncing: Collection[str]) -> None:
        """Look at accounts once; those of the names `syncing` are only looked at.

        An account that cannot be looked at is left alone: its next sync says why.
        """
        for account in accounts:
            try:
                mark = await (await self._provider(account)).mark()
            except (CoterieError, OSError):
                continue
            name = account.name
            rested, self._seen[name] = self._seen.get(name) == mark, mark
            if self._synced.setdefault(name, mark) != mark and rested and name not in syncing:
                self._synced[name] = mark
                self._changed(account)

    async def _provider(self, account: Account) -> Provider:
        """The provider of an account, opened anew once its settings are others."""
        settings, provider = self._open.get(account.name, (None, None))
        if provider is None or settings != account.settings:
            provider = await self._accounts.open(account)
            self._open[account.name] = account.settings, provider
        return provider
