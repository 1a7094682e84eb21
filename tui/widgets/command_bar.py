"""One line of commands: what the title bar, the selection bar and the footer have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual import events
from textual.content import Content

from coterie.tui.glyphs import keys_on
from coterie.tui.messages import CommandChosen
from coterie.tui.widgets.bar import Bar


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as a bar shows it.

    Attributes:
        command: its id.
        key: the key as written on the screen; empty for none.
        label: the words after it.
        tooltip: the sentence shown while the mouse is over it.
        rank: the lower, the longer it stays if there is little room; bars end with those of rank 0.
    """

    command: str
    key: str
    label: str
    tooltip: str
    rank: int = 1

    @property
    def width(self) -> int:
        """The cells it takes, without the gap after it."""
        return cell_len(self.key) + bool(self.key and self.label) + cell_len(self.label)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By rank, what always stays at the end."""
    return sorted(entries, key=lambda entry: (entry.rank == 0, entry.rank))


class CommandBar(Bar):
    """A lead text and commands that can be clicked. What does not fit is left out, by rank.

    Args:
        right: put the commands at the right edge, else right after the lead; their keys stand behind their labels.
        gap: blanks between two commands.
    """

    def __init__(self, *, right: bool = False, gap: int = 2, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self._right = right
        self._gap = gap
        self._lead = Content()
        self._entries: tuple[Entry, ...] = ()
        self._spans: list[tuple[int, int, Entry]] = []

    def show(self, lead: Content, entries: Sequence[Entry]) -> None:
        """Show this lead and these commands."""
        entries = [replace(entry, key=keys_on(self.app, entry.key)) for entry in entries]
        if not lead.is_same(self._lead) or tuple(entries) != self._entries:
            self._lead, self._entries = lead, tuple(entries)
            self.refresh()

    @property
    def lead(self) -> Content:
        """The text before the commands."""
        return self._lead

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The commands, shown or without room."""
        return self._entries

    def render(self) -> Content:
        """The line, fitted to the present width."""
        room = self.content_size.width
        lead = self._lead
        shown = self._fitting(room - lead.cell_length - (self._gap if lead.cell_length else 0))
        width = sum(entry.width + self._gap for entry in shown) - (self._gap if shown else 0)
        start = room - width if self._right else lead.cell_length + (self._gap if lead.cell_length else 0)
        if lead.cell_length > start and shown:
            lead = lead.truncate(max(start - self._gap, 0), ellipsis=True)
        elif lead.cell_length > room:
            lead = lead.truncate(room, ellipsis=True)
        parts: list[Content | tuple[str, str] | str] = [lead, " " * max(start - lead.cell_length, 0)]
        self._spans = []
        for entry in shown:
            self._spans.append((start, start + entry.width, entry))
            start += entry.width + self._gap
            key, blank, label = (entry.key, "bold $primary"), " " if entry.key and entry.label else "", entry.label
            parts.extend((label, blank, key) if self._right else (key, blank, label))
            parts.append(" " * self._gap)
        return Content.assemble(*parts[:-1] if shown else parts)

    def _fitting(self, room: int) -> list[Entry]:
        """The entries for `room` cells, in their order; those of the highest rank go first."""
        shown = list(self._entries)
        while shown and sum(entry.width + self._gap for entry in shown) - self._gap > room:
            shown.remove(max(reversed(shown), key=lambda entry: entry.rank))
        return shown

    def entry_at(self, x: int) -> Entry | None:
        """The command shown at column `x` of the content."""
        return next((entry for start, end, entry in self._spans if start <= x < end), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say what the command under the mouse does."""
        entry = self.entry_at(event.x - self.gutter.left)
        tooltip = entry.tooltip if entry else None
        if tooltip != self.tooltip:
            self.tooltip = tooltip

    def on_click(self, event: events.Click) -> None:
        """Choose the command under the mouse."""
        if entry := self.entry_at(event.x - self.gutter.left):
            event.stop()
            self.post_message(CommandChosen(entry.command))
