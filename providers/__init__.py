"""Adapters of the outside world to the port in `core.provider`; each is imported only when an account needs it.

Other packages add providers by an entry point of the group `coterie.providers`, whose name is the provider's id.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, NamedTuple

from coterie.core.errors import NotFound
from coterie.core.plugins import Plugins
from coterie.core.provider import Provider


class Builtin(NamedTuple):
    """A provider that users can choose, told without importing it.

    Attributes:
        label: its name for the user, the same as the class's `label`.
        dotted: the dotted name of its class, below this package.
        about: a few words beside the label: what comes from it, or who offers it.
        watched: whether its class is `watched`.
    """

    label: str
    dotted: str
    about: str = ""
    watched: bool = False


BUILTIN: Final[dict[str, Builtin]] = {
    "google": Builtin(
        "Google Contacts", "google.provider.GoogleProvider", "labels become groups, stars become favorites"
    ),
    "microsoft": Builtin(
        "Office 365", "microsoft.provider.MicrosoftProvider", "Outlook: all folders; categories become groups"
    ),
    "carddav": Builtin("CardDAV", "carddav.provider.CardDavProvider", "Nextcloud, Radicale, and every other server"),
    "vdir": Builtin("Folder of vCards", "vdir.provider.VdirProvider", "khard, vdirsyncer, pimsync", watched=True),
}
"""Every provider that users can choose, by its id, in the order in which it is offered."""

HOSTS: Final[dict[str, Builtin]] = {
    "icloud": Builtin("iCloud", "carddav.hosts.ICloud", "with an app-specific password of Apple"),
    "fastmail": Builtin("Fastmail", "carddav.hosts.Fastmail", "with an app password"),
}
"""Hosts of a provider that are offered by their names; their accounts are of that provider."""


def offered() -> dict[str, str]:
    """The names of all providers for the user, by id; of ours, nothing is imported for it."""
    ours = {provider_id: builtin.label for provider_id, builtin in (BUILTIN | HOSTS).items()}
    return ours | {provider_id: kind.label for provider_id, kind in PLUGINS.parts.items()}


def about() -> dict[str, str]:
    """A few words about each provider, by id."""
    return {provider_id: builtin.about for provider_id, builtin in (BUILTIN | HOSTS).items()}


def hosts() -> dict[str, str]:
    """The provider of each host that is offered by its name."""
    return {host: builtin.dotted.partition(".")[0] for host, builtin in HOSTS.items()}


def watched() -> frozenset[str]:
    """The providers whose accounts tell at a glance that something has changed there."""
    ours = {provider_id for provider_id, builtin in BUILTIN.items() if builtin.watched}
    return frozenset(ours | {provider_id for provider_id, kind in PLUGINS.parts.items() if kind.watched})


def load(provider_id: str) -> type[Provider]:
    """The class of the provider called `provider_id`; only that one is imported. Raises NotFound, naming all there are.

    The import may take half a second (SDKs are big): call it off the UI thread.
    """
    builtin = BUILTIN.get(provider_id) or HOSTS.get(provider_id)
    if builtin is None:
        if provider_id in PLUGINS.parts:
            return PLUGINS.parts[provider_id]
        raise NotFound(f"There is no provider “{provider_id}”.", f"The providers are: {', '.join(offered())}.")
    module, _, name = builtin.dotted.rpartition(".")
    kind: type[Provider] = getattr(import_module(f"{__name__}.{module}"), name)
    return kind


def _unfit(name: str, kind: object) -> str:
    if not (isinstance(kind, type) and issubclass(kind, Provider)):
        return "it is not a subclass of Provider"
    return "" if kind.id == name else f"its id is “{kind.id}”"


PLUGINS: Final[Plugins[type[Provider]]] = Plugins("coterie.providers", "provider", BUILTIN | HOSTS, _unfit)
"""The providers of other packages."""
