"""One contact with all its fields, value by value: beside a list, or as a screen of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from coterie.core.model import Contact
from coterie.core.text import printable
from coterie.tui.colors import cursor_tint, group_color, shade
from coterie.tui.glyphs import Glyphs
from coterie.tui.terminal.textual_private import style_finder
from coterie.tui.values import link_of
from coterie.tui.widgets.contact_page import Item, Line, Names, card, items, page
from coterie.tui.widgets.line_canvas import WHEEL_LINES
from coterie.tui.widgets.viewport import Viewport

NARROW: Final = 30
"""Below so many columns labels have no room beside the values."""
_MUTED: Final = "$text-muted"


class Inspector(Widget, can_focus=True):
    """Shows a contact; while it has the focus, a cursor goes over its values.

    Args:
        glyphs: the signs to draw with.
        names: calls accounts in a text as people call them.
        beside: whether it stands beside a list: values below their labels, and nothing marked without the focus.

    Attributes:
        contact: who is shown; None for nobody.
        chosen: the colors that were chosen for groups, by their names.
    """

    KEYS_ARE_COMMANDS = True
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Inspector { width: 1fr; height: 1fr; }
    """

    def __init__(self, glyphs: Glyphs, names: Names = str, *, beside: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.glyphs = glyphs
        self._names = names
        self.contact: Contact | None = None
        self.chosen: Mapping[str, str] = {}
        self._beside = beside
        self._items: list[Item] = []
        self._facts: Sequence[str] = ()
        self._days_left: int | None = None
        self._lines: list[Line] = []
        self._marked: int | None = None  # the place of an item
        self._view = Viewport()
        self._fitted = Size()  # for which size the lines were composed

    def on_mount(self) -> None:
        """Give groups the colors of each theme that is chosen."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.show(self.contact, self._facts, self._days_left))

    # What is shown ---------------------------------------------------------------------------------------------

    def show(self, contact: Contact | None, facts: Sequence[str] = (), days_left: int | None = None) -> None:
        """Show a contact and sentences about it. Of the one that is shown already, the cursor stays where it is."""
        is_other = contact is None or self.contact is None or contact.id != self.contact.id
        self.contact, self._facts, self._days_left = contact, facts, days_left
        self._items = items(contact, self._chip, days_left, self._names) if contact else []
        if is_other:
            self._marked, self._view = None, Viewport()
        self._lay_out()
        if is_other and self._beside and self.has_focus:
            self._marked = self._first
        elif self._marked is not None and self._marked not in self._places:
            self._marked = self._places[-1] if self._places else None
        if self.has_focus:
            self.refresh()

    def add(self, facts: Sequence[str]) -> None:
        """Show these sentences about the contact, too."""
        if facts != self._facts:
            self._facts = facts
            self._lay_out()

    def _chip(self, group: str) -> Content:
        color = shade(self.app.current_theme, group_color(group, self.chosen.get(group)))
        return Content.styled(f"{self.glyphs.group} {printable(group)}", Style(foreground=color))

    def _lay_out(self) -> None:
        before = self._lines
        self._fit()
        changed = [y for y, pair in enumerate(zip(before, self._lines, strict=False)) if not _are_same(*pair)]
        changed += range(*sorted((len(before), len(self._lines))))
        self._redraw(changed)

    def _fit(self) -> None:
        """Compose the lines for the present size."""
        width, self._fitted = self._room, self.content_size
        self._lines = self._composed(width)
        if self.contact and self.contact.favorite and self._lines:
            first = self._lines[0]
            star = Content.styled(f" {self.glyphs.star}", "$warning")
            self._lines[0] = first._replace(shown=Content.assemble(first.shown.truncate(width - 2), star))
        self._view.length, self._view.page = len(self._lines), max(1, self.content_size.height)
        self._view.scroll_to(self._view.top)

    def _composed(self, width: int) -> list[Line]:
        if self.contact is None:
            return []
        compose = card if self._beside or width < NARROW else page
        return compose(self._items, [*map(self._names, self._facts)], width)

    def _redraw(self, lines: Sequence[int]) -> None:
        """Draw these lines of the page again, where they are seen."""
        width, height = self.content_size
        seen = [line - self._view.top for line in lines if 0 <= line - self._view.top < height]
        if seen:
            self.refresh(*(Region(0, y, width, 1) for y in seen))

    def on_resize(self) -> None:
        """Fit the lines into the new size."""
        if self._fitted != self.content_size:
            self._fit()
            self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines, fitted into the present size: the first frame comes before the message that tells of it."""
        if self._fitted != self.content_size:
            self._fit()
        return super().render_lines(crop)

    # The cursor ------------------------------------------------------------------------------------------------

    @property
    def _places(self) -> list[int]:
        """Of what has a value, in the order of the lines."""
        return list(dict.fromkeys(line.item for line in self._lines if line.item is not None and self._is_value(line)))

    def _is_value(self, line: Line) -> bool:
        return line.item is not None and bool(self._items[line.item].field)

    @property
    def _first(self) -> int | None:
        return next(iter(self._places), None)

    @property
    def item(self) -> Item | None:
        """The value under the cursor."""
        return None if self._marked is None else self._items[self._marked]

    def value_region(self) -> Region:
        """Where on the screen the value under the cursor is, for editing in place."""
        at, line = next((at, line) for at, line in enumerate(self._lines) if line.item == self._marked)
        x, y, width, _ = self.content_region
        indent = self._edge + line.indent
        return Region(x + indent, y + at - self._view.top, width - indent, 1)

    def move(self, by: int) -> None:
        """Move the cursor by `by` values; what is longer than the page, or stands beyond them, is scrolled through."""
        places = self._places
        at = places.index(self._marked) + by if self._marked in places else 0
        if self._goes_on(by) or not 0 <= at < len(places):
            self._scroll(1 if by > 0 else -1)
        else:
            self._mark(places[at], by)

    def _lines_of(self, place: int | None) -> list[int]:
        return [at for at, line in enumerate(self._lines) if place is not None and line.item == place]

    def _goes_on(self, by: int) -> bool:
        """Whether the marked value has more lines than are seen, in this direction."""
        lines, top = self._lines_of(self._marked), self._view.top
        return bool(lines) and (lines[-1] >= top + self._view.page if by > 0 else lines[0] < top)

    def _mark(self, place: int, by: int) -> None:
        """Put the cursor on a value; it comes into sight from where the cursor came."""
        self._marked = place
        lines, view = self._lines_of(place), self._view
        highest, lowest = lines[0], lines[-1] - view.page + 1
        view.scroll_to(min(highest, max(view.top, lowest)) if by > 0 else max(lowest, min(view.top, highest)))
        self.refresh()

    def page(self, by: float) -> None:
        """Scroll by pages."""
        self._scroll(round(self._view.page * by))

    def first(self) -> None:
        """Go to the first value."""
        self._marked = self._first
        self._scroll(-len(self._lines))

    def last(self) -> None:
        """Go to the last value, and to the end."""
        self._marked = next(reversed(self._places), None)
        self._scroll(len(self._lines))

    def _scroll(self, by: int) -> None:
        self._view.scroll_to(self._view.top + by)
        self.refresh()

    def on_focus(self) -> None:
        """Mark the first value, if none is."""
        if self._beside and self._marked is None:
            self._marked = self._first
        self.refresh()

    def on_blur(self) -> None:
        """Beside a list nothing is marked without the focus."""
        if self._beside:
            self._marked = None
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll."""
        event.stop()
        self._scroll(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll back."""
        event.stop()
        self._scroll(-WHEEL_LINES)

    def on_click(self, event: events.Click) -> None:
        """Mark the value under the mouse."""
        at = event.y - self.gutter.top + self._view.top
        if 0 <= at < len(self._lines) and (place := self._lines[at].item) in self._places:
            self.focus()
            self._marked = place
            self.refresh()

    # Drawing ---------------------------------------------------------------------------------------------------

    @property
    def _edge(self) -> int:
        """Cells of the line between the list and the inspector. It has the pen of the list's scroll bar beside it."""
        return 2 if self._beside else 0

    @property
    def _room(self) -> int:
        """Cells for the text; the last column is the scroll bar's."""
        return max(1, self.content_size.width - 1 - self._edge)

    def render_line(self, y: int) -> Strip:
        """One line."""
        base, at = self.visual_style, y + self._view.top
        muted = (base + self._style_of(_MUTED)).rich_style
        strip = Strip([]) if at >= len(self._lines) else self._strip(at, base)
        ground = base if at >= len(self._lines) else self._ground(at, base)
        strip = strip.adjust_cell_length(self._room, ground.rich_style)
        bar = " " if not self._view.scrolls else self.glyphs.thumb if self._view.is_thumb(y) else self.glyphs.track
        edge = [Segment(f"{self.glyphs.track} ", muted)] if self._beside else []
        return Strip([*edge, *strip, Segment(bar, muted)])

    def _is_marked(self, at: int) -> bool:
        return self._marked is not None and self._lines[at].item == self._marked

    def _ground(self, at: int, base: Style) -> Style:
        """What lies behind a line."""
        if not self._is_marked(at):
            return base
        if self.app.no_color:
            return base + Style(bold=True)
        tint = cursor_tint(self.app.current_theme)
        return base + Style(foreground=tint.text, background=tint.background)

    def _strip(self, at: int, base: Style) -> Strip:
        line = self._lines[at]
        shown = line.shown
        if self._is_marked(at):
            sign = self.glyphs.cursor if at == 0 or not self._is_marked(at - 1) else " "
            shown = shown[: line.indent - 2] + Content(f"{sign} ") + self._linked(shown[line.indent :])
        pieces = shown.truncate(self._room).render(self._ground(at, base), end="", parse_style=self._style_of)
        return Strip([Segment(text, style.rich_style) for text, style in pieces])

    def _linked(self, shown: Content) -> Content:
        """The marked value as a link that terminals open (OSC 8): of one only, since each takes many bytes."""
        link = link_of(self.item) if self.item else ""
        return shown.stylize(Style(link=link)) if link else shown

    def _style_of(self, text: str | Style) -> Style:
        """The style of a piece. In a terminal's own colors Textual has none for what is muted."""
        return Style(dim=True) if text == _MUTED and self.app.native_ansi_color else style_finder(self)(text)


def _are_same(old: Line, new: Line) -> bool:
    return old.item == new.item and old.shown.is_same(new.shown)
