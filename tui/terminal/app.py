"""TerminalApp: a Textual App for slow lines, for keys that come faster than they are carried out, and for errors."""

from __future__ import annotations

from typing import Any, Generic

from textual import events
from textual.app import ReturnType
from textual.screen import Screen

from coterie.tui.jobs import job
from coterie.tui.terminal.border import ErrorBoundary
from coterie.tui.terminal.output import DifferenceOutput
from coterie.tui.terminal.typeahead import TypeAhead


class TerminalApp(ErrorBoundary[ReturnType], DifferenceOutput[ReturnType], Generic[ReturnType]):
    """Writes only what differs from frame to frame, carries out one key after the other, and goes on after errors.

    Subclasses say what a key has to wait for.

    Attributes:
        typed_at: when the key that is carried out was typed, by Textual's clock.
    """

    typed_at = 0.0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._typeahead = TypeAhead(
            self,
            self._carry_out,
            fetching=self.is_fetching,
            led=self.is_opening,
            blocked=self.is_blocked,
            owns=self.is_for_progress,
        )

    def is_fetching(self, screen: Screen[Any]) -> bool:
        """Whether `screen` still gets what the last key asked for."""
        return False

    def is_opening(self, screen: Screen[Any]) -> bool:
        """Whether what the last key began on `screen` is under way: it may open another screen."""
        return False

    def is_blocked(self, screen: Screen[Any]) -> bool:
        """Whether `screen` shows the progress of what a key began: all keys but its own wait for its end."""
        return False

    def is_for_progress(self, event: events.Event) -> bool:
        """Whether a key is for the screen that shows progress."""
        return False

    @property
    def keys_wait(self) -> bool:
        """Whether keys were typed that are still to be carried out."""
        return self._typeahead.is_waiting

    def on_mount(self) -> None:
        """Begin to carry out keys."""
        self.run_worker(job(self._typeahead.run), group="keys")

    async def on_event(self, event: events.Event) -> None:
        """Let keys and pastes wait for those before them; everything else as usual."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._typeahead.put(event)
        else:
            if isinstance(event, events.MouseEvent):
                self._typeahead.disturb()
            await super().on_event(event)

    async def _carry_out(self, event: events.Event) -> None:
        self.forgive()
        self.typed_at = event.time
        await self.carry_out(event)

    async def carry_out(self, event: events.Event) -> None:
        """Carry out a key or a paste as Textual does; for lists, without its way through widgets that know no keys.

        Textual hands a key from the focus to each widget around it, by a message each, before it looks at bindings.
        """
        if not (isinstance(event, events.Key) and self._is_for_list and await self.run_binding(event.key)):
            await super().on_event(event)

    @property
    def _is_for_list(self) -> bool:
        """Whether keys go to a list, where all of them are commands."""
        return getattr(self.focused, "KEYS_ARE_COMMANDS", False)
