"""TransformLine: the field into which a transform is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from coterie.core.transform.completion import completions
from coterie.tui.widgets.completing_input import CompletingInput


class TransformLine(CompletingInput):
    """Completes fields, verbs and `@recipes`; `↑` brings back what was typed before.

    Args:
        earlier: what was applied before, the last one first.
        recipes: the names of the saved recipes.
        value: what stands there at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "earlier(1)", "earlier", key_display="↑", tooltip="Show what you applied before."),
        Binding("down", "earlier(-1)", show=False),
    ]

    def __init__(
        self,
        earlier: Sequence[str],
        recipes: Sequence[str],
        value: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's word
    ) -> None:
        async def complete(typed: str) -> Sequence[str]:
            if typed.startswith("@"):
                return [f"@{name}" for name in recipes if name.casefold().startswith(typed[1:].casefold())]
            offered = completions(typed)
            return offered if offered != [f"{typed}("] else ()  # a whole verb: the list would only cover what it does

        super().__init__(complete, value, placeholder="company = title(company)", tab=True, id=id)
        self._earlier = ["", *earlier]
        self._at = 0

    def action_earlier(self, by: int) -> None:
        """The one applied before this one, or after it; beyond the newest is the list below."""
        at = self._at + by
        if at < 0:
            self.screen.focus_next()
        elif at < len(self._earlier):
            self._at = at
            self.close_list()
            self.value = self._earlier[at]
