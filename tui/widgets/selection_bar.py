"""The line that fills as soon as something is checked: how many, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from coterie.tui.widgets.command_bar import CommandBar, Entry, in_order


class SelectionBar(CommandBar):
    """“3 checked (1 hidden here)” and the bulk actions. The words get shorter before the first action gives way."""

    DEFAULT_CSS = """
    SelectionBar { height: 1; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._leads: Sequence[Content] = ()

    def tell(self, checked: int, hidden: int, entries: Sequence[Entry]) -> None:
        """Show how many are checked, how many of them this list hides, and the commands for them."""
        self.set_class(checked > 0, "-checked")
        self._leads = _leads(checked, hidden) if checked else ()
        self.show(self._leads[0] if checked else Content(), in_order(entries) if checked else ())

    def render(self) -> Content:
        """The line, fitted to the present width."""
        if self._leads:
            first = sum(entry.width + self._gap for entry in self._entries if entry.rank <= 1)
            room = self.content_size.width - first
            self._lead = next((lead for lead in self._leads if lead.cell_length <= room), self._leads[-1])
        return super().render()


def _leads(checked: int, hidden: int) -> Sequence[Content]:
    """What to say of the numbers, the shorter the later."""
    bare = Content.styled(f"{checked:,} checked", "bold")
    if not hidden:
        return (bare,)
    count = Content.styled(f"{checked:,}", "bold")
    return (
        Content.assemble(bare, (f" ({hidden:,} hidden here)", "$text-muted")),
        Content.assemble(bare, (f" ({hidden:,} hidden)", "$text-muted")),
        Content.assemble(count, (f" ({hidden:,} hidden)", "$text-muted")),
        bare,
    )
