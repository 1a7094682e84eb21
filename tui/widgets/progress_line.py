"""ProgressLine: how far long work is, as a bar and in figures."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

_CELLS = 30


class ProgressLine(Widget):
    """Shows how much is done; without a known total only the figure."""

    DEFAULT_CSS = "ProgressLine { height: 1; }"
    ALLOW_SELECT = False

    done: reactive[int] = reactive(0)
    total: reactive[int | None] = reactive(None)
    word: reactive[str] = reactive("")

    def tell(self, done: int, total: int | None = None) -> None:
        """So many are done, of so many."""
        self.done = done
        self.total = total

    def render(self) -> Content:
        """The bar, in ASCII if the terminal needs that, and the figures."""
        if self.word:
            return Content(self.word)
        if not self.total:
            return Content(f"{self.done:,} …" if self.done else "…")
        full, empty = ("#", "-") if self.app.has_class("-ascii") else ("━", "─")
        filled = round(_CELLS * min(1, self.done / self.total))
        return Content.assemble(
            (full * filled, "$primary"), (empty * (_CELLS - filled), "dim"), f"  {self.done:,} of {self.total:,}"
        )
