"""PagedList, a list of lines; DialogList, one in a dialog: it moves by j and k too, and enter is its main button."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList


class PagedList(OptionList):
    """A list that is not harmed by page keys while nothing of it is seen, in a low terminal, and by a click on
    what was there a moment ago. For lists of Textual's own, too.
    """

    def rewrite(self, prompts: Iterable[Content]) -> None:
        """Let the lines say this instead, one after the other."""
        for place, prompt in enumerate(prompts):
            before = self.get_option_at_index(place).prompt
            if not isinstance(before, Content) or not before.is_same(prompt):
                self.replace_option_prompt_at_index(place, prompt)

    def update_node_styles(self, animate: bool = True) -> None:
        """Look for styles once it is mounted, and not before: Textual does for each class that is given."""
        if self.is_attached:
            super().update_node_styles(animate)

    def on_click(self, event: events.Click) -> None:
        """Leave out a click on a line that is gone: it was drawn before the list became shorter."""
        line = event.style.meta.get("option")
        if isinstance(line, int) and line >= self.option_count:
            event.prevent_default()

    def action_page_down(self) -> None:
        """A page down."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]

    def action_page_up(self) -> None:
        """A page up."""
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]


class DialogList(PagedList):
    """A list of lines. A subclass for which enter does something else binds it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "move", key_display="j k", tooltip="Move down and up; g and G go to the ends."),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
        Binding("enter", "screen.main", show=False),
    ]
