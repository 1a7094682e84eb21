"""The names by which users choose a provider, from the table of them; no provider is imported for it."""

from __future__ import annotations

from typing import Final

from coterie.providers import BUILTIN, HOSTS

NAMES: Final = tuple(BUILTIN | HOSTS)
"""The ids of all providers and hosts, in the order in which they are offered."""
ONE_OF: Final = f"{', '.join(NAMES[:-1])} or {NAMES[-1]}"
CONNECT_ONE: Final = f"Connect one: coterie connect {NAMES[0]} (or {', '.join(NAMES[1:])})."
