"""Adapters of the outside world to the port in `core.provider`; each is imported only when an account needs it."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from core.errors import NotFound
from core.provider import Provider

BUILTIN: Final[dict[str, str]] = {
    "google": "providers.google.provider.GoogleProvider",
    "microsoft": "providers.microsoft.provider.MicrosoftProvider",
    "carddav": "providers.carddav.provider.CardDavProvider",
}
"""Every provider that users can choose: its id -> the dotted name of its class, in the order in which it is offered."""


def load(provider_id: str) -> type[Provider]:
    """The class of the provider called `provider_id`, importing only that one. Raises NotFound, naming the known ones.

    The import may take half a second (SDKs are big): call it off the UI thread.
    """
    dotted = BUILTIN.get(provider_id)
    if dotted is None:
        raise NotFound(f"There is no provider “{provider_id}”.", f"The providers are: {', '.join(BUILTIN)}.")
    module, _, name = dotted.rpartition(".")
    found: type[Provider] = getattr(import_module(module), name)
    return found
