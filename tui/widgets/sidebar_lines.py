"""The lines of the sidebar: what each says, and what it opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coterie.core.listing import Counts
from coterie.core.model import Group, SavedSearch
from coterie.core.places import KnownPlace
from coterie.core.query.parser import quote
from coterie.core.query.saved import written
from coterie.core.text import printable
from coterie.tui.glyphs import Glyphs

VIEWS = ("show_all", "show_favorites", "show_groups", "show_bin")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sidebar; `command`, `group`, `search` or `query` (of a place) is what it opens, none for a rule.

    `short` is the text for little room.
    """

    glyph: str = ""
    text: str = ""
    size: str = ""
    command: str = ""
    group: Group | None = None
    search: SavedSearch | None = None
    short: str = ""
    query: str = ""

    @property
    def opens(self) -> bool:
        """Whether it opens something."""
        return bool(self.place)

    @property
    def place(self) -> str | int:
        """What the screen calls what it opens: the id of a command or of a group, how a search is written, or a
        place's query."""
        if self.search:
            return written(self.search.name)
        if self.query:
            return self.query
        return self.group.id if self.group else self.command


@dataclass(slots=True)
class Window:
    """The part of a section that is seen: from the line `first` on, `room` lines."""

    first: int = 0
    room: int = 0

    def settle(self, length: int) -> None:
        """Stay within so many lines."""
        self.first = max(0, min(self.first, length - self.room))

    def show(self, place: int) -> None:
        """Let a line be seen."""
        if self.room:
            self.first = max(place - self.room + 1, min(self.first, place))

    @property
    def part(self) -> slice:
        """The lines that are seen."""
        return slice(self.first, self.first + self.room)


def view_lines(glyphs: Glyphs, counts: Counts | None) -> list[Line]:
    """The views with their counts, once these are known."""
    sizes = (counts.all, counts.favorites, counts.groups, counts.bin) if counts is not None else ()
    numbers = [f"{number:,}" for number in sizes] or [""] * len(VIEWS)
    return [
        Line(glyphs.all_contacts, "All contacts", numbers[0], VIEWS[0], short="All"),
        Line(glyphs.favorites, "Favorites", numbers[1], VIEWS[1]),
        Line(glyphs.groups, "Groups", numbers[2], VIEWS[2]),
        Line(glyphs.bin, "Bin", numbers[3], VIEWS[3]),
    ]


def search_size(counts: Mapping[str, int | None], search: SavedSearch) -> str:
    """How many contacts a search finds; nothing as long as that is not known, a sign if it cannot be read."""
    if search.query not in counts:
        return ""
    count = counts[search.query]
    return "!" if count is None else f"{count:,}"


def place_lines(glyphs: Glyphs, places: Sequence[KnownPlace]) -> list[Line]:
    """The places of accounts, if there is more than one; those that are not synced have nothing to show."""
    shown = [source for source in places if source.synced]
    if len(shown) < 2:
        return []
    names = [source.short for source in shown]
    return [
        Line(glyphs.sync, printable(name if names.count(name) == 1 else source.name), f"{source.contacts:,}",
             query=place_query(source))
        for source, name in zip(shown, names, strict=True)
    ]  # fmt: skip


def place_query(place: KnownPlace) -> str:
    """The search that finds what is in a place."""
    return f"source:={quote(place.name)}"
