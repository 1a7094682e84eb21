"""An account's permission: what is kept of it as JSON text in the token store, and google-auth's view of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from coterie.core.errors import CannotOpen, SignInNeeded
from coterie.core.provider import TokenStore
from coterie.providers.google.client import OAuthClient, client_file

READ: Final = "https://www.googleapis.com/auth/contacts.readonly"
WRITE: Final = "https://www.googleapis.com/auth/contacts"


@dataclass(frozen=True, slots=True)
class Permission:
    """What is kept for an account.

    Attributes:
        client: the OAuth client that the permission was given to.
        scopes: what was granted.
        expiry: when `access_token` ends, UTC without a zone, as google-auth has it; None if unknown.
        address: the account's address.
        profile: the account's own resource name, which tells accounts apart if no address is told.
    """

    client: OAuthClient
    refresh_token: str = field(repr=False)
    access_token: str = field(repr=False)
    scopes: tuple[str, ...]
    expiry: datetime | None = None
    address: str = ""
    profile: str = ""

    def to_text(self) -> str:
        """As JSON text, for the token store."""
        values = asdict(self)
        values["expiry"] = self.expiry.isoformat() if self.expiry else None
        return json.dumps(values)

    @classmethod
    def from_text(cls, text: str) -> Permission:
        """The permission in a text of `to_text`. Raises ValueError, TypeError or KeyError if it is none."""
        values: dict[str, Any] = json.loads(text)
        expiry = values.pop("expiry")
        values["client"] = OAuthClient(**values["client"])
        values["scopes"] = tuple(values["scopes"])
        return cls(**values, expiry=datetime.fromisoformat(expiry) if expiry else None)

    def allows(self, scope: str) -> bool:
        """Whether it is good for that scope; the wide one includes the narrow one."""
        return granted(self.scopes, scope)


def granted(scopes: Iterable[str], scope: str) -> bool:
    """Whether `scopes` include `scope`; writing includes reading."""
    return bool({scope, WRITE} & set(scopes))


class Tokens:
    """The permission of an account and the store that keeps it.

    Args:
        store: where it is kept.
        permission: the permission.
    """

    def __init__(self, store: TokenStore, permission: Permission) -> None:
        self.store = store
        self.permission = permission

    @classmethod
    async def load(cls, store: TokenStore, settings: Mapping[str, str]) -> Tokens:
        """The permission in the store. Raises SignInNeeded if there is none.

        If the client's file still describes the same client, its addresses and secret are the ones that count.
        """
        permission = await stored(store)
        if permission is None:
            raise SignInNeeded("This Google account is not signed in.", "Sign in to it.")
        if path := settings.get("client_secrets"):
            try:
                client = client_file(path)
            except CannotOpen:  # moved or deleted since: what was kept is enough
                return cls(store, permission)
            if client.client_id == permission.client.client_id:
                permission = replace(permission, client=client)
        return cls(store, permission)

    def credentials(self) -> Any:
        """google-auth's view of the permission."""
        from google.oauth2.credentials import Credentials

        permission = self.permission
        return Credentials(  # type: ignore[no-untyped-call]
            token=permission.access_token or None,
            refresh_token=permission.refresh_token or None,
            token_uri=permission.client.token_uri,
            client_id=permission.client.client_id,
            client_secret=permission.client.client_secret,
            granted_scopes=list(permission.scopes),
            expiry=permission.expiry,
        )

    async def renewed(self, credentials: Any) -> None:
        """Keep what a refresh has brought, if one has taken place."""
        if credentials.token in {None, self.permission.access_token}:
            return
        self.permission = replace(
            self.permission,
            access_token=credentials.token,
            refresh_token=credentials.refresh_token or self.permission.refresh_token,
            expiry=credentials.expiry,
        )
        await self.store.save(self.permission.to_text())


async def stored(store: TokenStore) -> Permission | None:
    """The permission in the store, or None if there is none that can be read."""
    text = await store.load()
    if not text:
        return None
    try:
        return Permission.from_text(text)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
