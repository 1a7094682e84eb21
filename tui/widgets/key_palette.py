"""The command palette's source over a dialog: its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider

if TYPE_CHECKING:
    from coterie.tui.widgets.dialog_keys import Key


@runtime_checkable
class KeyHost(Protocol):
    """A dialog: its keys are what it can do."""

    def keys_here(self) -> list[Key]:
        """The keys that work now."""


class KeyCommands(Provider):
    """Finds what a dialog can do by the sentence that its help has of it."""

    def _sentences(self) -> Iterator[tuple[Key, str]]:
        if isinstance(host := self.screen, KeyHost):
            yield from ((key, key.sentence) for key in host.keys_here() if key.sentence and key.action != "palette")

    async def discover(self) -> Hits:
        """All of it, before anything is typed."""
        for key, sentence in self._sentences():
            yield DiscoveryHit(sentence, key.press, help=key.shown)

    async def search(self, query: str) -> Hits:
        """What fits `query`."""
        matcher = self.matcher(query)
        for key, sentence in self._sentences():
            if (score := matcher.match(sentence)) > 0:
                yield Hit(score, matcher.highlight(sentence), key.press, text=sentence, help=key.shown)
