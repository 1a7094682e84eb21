"""An account's permission: what is kept of it as JSON text in the token store, and access tokens made of it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from coterie.core.provider import Setup, TokenStore
from coterie.providers.microsoft.application import AUTHORITY, CALL_SECONDS, Application
from coterie.providers.microsoft.errors import WHO, token_error, translate
from coterie.providers.threads import in_thread

READ: Final = "Contacts.Read"
WRITE: Final = "Contacts.ReadWrite"
MARGIN: Final = 60.0
"""Seconds before its end at which an access token is no longer used."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What is kept for an account.

    Attributes:
        client_id: the app registration that the permission was given to.
        authority: where it was given.
        scopes: what was granted.
        cache: msal's token cache, as its text.
        address: the account's address.
        person: Microsoft's own id of whom it belongs to; empty in what older versions kept.
    """

    client_id: str
    authority: str
    scopes: tuple[str, ...]
    cache: str = field(repr=False)
    address: str = ""
    person: str = ""

    def to_text(self) -> str:
        """As JSON text, for the token store."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Permission:
        """The permission in a text of `to_text`. Raises ValueError, TypeError or KeyError if it is none."""
        values: dict[str, Any] = json.loads(text)
        values["scopes"] = tuple(values["scopes"])
        json.loads(values["cache"])
        return cls(**values)

    @property
    def scope(self) -> str:
        """The widest scope that it is good for."""
        return WRITE if granted(self.scopes, WRITE) else READ


def granted(scopes: Iterable[str], scope: str) -> bool:
    """Whether `scopes` include `scope`, with or without the API's address before it; writing includes reading."""
    names = {name.rpartition("/")[2].casefold() for name in scopes}
    return bool({scope.casefold(), WRITE.casefold()} & names)


async def stored(store: TokenStore) -> Permission | None:
    """The permission in the store, or None if there is none that can be read."""
    text = await store.load()
    if not text:
        return None
    try:
        return Permission.from_text(text)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


async def application(client_id: str, authority: str, cache: str = "") -> Application:
    """msal, constructed in a thread. Raises what `Application` raises."""
    return await in_thread(
        lambda: Application(client_id, authority, cache), who=WHO, seconds=CALL_SECONDS, translate=translate
    )


class Tokens:
    """Gives the Authorization header, and keeps the newest refresh token, which changes at every use.

    What fails is not tried again here: it is a part of the request that needs the header, and that one is.

    Args:
        setup: with the token store and the settings.
        permission: what is in the store.
    """

    def __init__(self, setup: Setup, permission: Permission) -> None:
        self.permission = permission
        self._store = setup.tokens
        self._authority = setup.settings.get("authority") or permission.authority or AUTHORITY
        self._application: Application | None = None
        self._access_token = ""
        self._good_until = 0.0
        self._renewals = 0
        self._lock = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None

    @classmethod
    async def load(cls, setup: Setup) -> Tokens:
        """The permission in the store. Raises SignInNeeded if there is none."""
        permission = await stored(setup.tokens)
        if permission is None:
            raise token_error(None)
        return cls(setup, permission)

    async def authorization(self, fresh: bool) -> str:
        """The value of the Authorization header.

        Args:
            fresh: the present token was refused. Several requests that were refused together renew it once.

        Raises:
            SignInNeeded, PermissionMissing: only the user can help.
            NotEnabled, Unreachable, RateLimited, BadReply: see `core.errors`.
        """
        renewals = self._renewals
        async with self._lock:
            if self._renewing is not None:  # one that a cancelled request has left behind
                await asyncio.wait([self._renewing])
            refused = fresh and renewals == self._renewals
            if refused or time.monotonic() >= self._good_until:
                # A refresh token that has been used is kept even if nobody waits any more: the old one may be dead.
                self._renewing = asyncio.create_task(self._renew(force=refused))
                self._renewing.add_done_callback(_noticed)
                await asyncio.shield(self._renewing)
            return f"Bearer {self._access_token}"

    async def _renew(self, *, force: bool) -> None:
        current = await stored(self._store)  # another program may have renewed, or signed out, meanwhile
        if current is None:
            raise token_error(None)
        self.permission = current
        app = await self._connected(current)
        answer = await in_thread(
            lambda: app.silent([current.scope], force=force), who=WHO, seconds=CALL_SECONDS, translate=translate
        )
        if app.cache.has_state_changed:
            self.permission = replace(current, cache=app.cache.serialize())
            await self._store.save(self.permission.to_text())
        if answer is None or not answer.get("access_token"):
            raise token_error(answer)
        self._access_token = str(answer["access_token"])
        seconds = _seconds(answer)
        self._good_until = time.monotonic() + max(seconds - MARGIN, seconds / 2)
        self._renewals += 1

    async def _connected(self, permission: Permission) -> Application:
        if self._application is None:
            self._application = await application(permission.client_id, self._authority, permission.cache)
        else:
            self._application.cache.deserialize(permission.cache)
        return self._application

    def close(self) -> None:
        """Let go of the connections."""
        if self._application is not None:
            self._application.transport.close()


def _seconds(answer: dict[str, Any]) -> float:
    """For how long an access token is good; an hour if the answer does not say so readably."""
    try:
        return max(float(answer.get("expires_in", 3600)), 0.0)
    except (TypeError, ValueError):
        return 3600.0


def _noticed(task: asyncio.Task[None]) -> None:
    """Look at the outcome of a renewal that nobody waits for any more, so that asyncio does not complain about it."""
    if not task.cancelled():
        task.exception()
