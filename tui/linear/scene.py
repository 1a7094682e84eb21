"""What there is to say about a moment, as plain lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, TextArea

from coterie.core.text import printable
from coterie.tui.screens.list_screen import ListScreen
from coterie.tui.terminal.textual_private import lines_on
from coterie.tui.widgets.command_bar import CommandBar
from coterie.tui.widgets.contact_table import ContactTable
from coterie.tui.widgets.facets import FacetPanel
from coterie.tui.widgets.group_list import GroupList
from coterie.tui.widgets.inspector import Inspector
from coterie.tui.widgets.key_footer import KeyFooter
from coterie.tui.widgets.row_texts import cell_text
from coterie.tui.widgets.search_bar import SearchBar
from coterie.tui.widgets.selection_bar import SelectionBar
from coterie.tui.widgets.sidebar import Sidebar
from coterie.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from coterie.tui.app import CoterieApp

_DRAWN: Final = re.compile(r"[\u2500-\u25ff⌫⌕↻⋮]+|(?<= )\|(?= )|^\||\|$")
"""Lines, corners, bars, and signs before what has a name."""
_PASSING: Final = re.compile(r" of [\d,]+|,? ?looking, \d+ %|,? (?:favorite|\*)$")
"""What changes in a heading while the page below it stays."""
_GAPS: Final = re.compile(r"\s{2,}")
_AFTER_SENTENCES: Final = re.compile(r"(?<=\w[.?!])\s{2,}")
_WORDS: Final = {"☑": "checked", "☐": "not checked", "★": "favorite", "[x]": "checked", "[ ]": "not checked"}


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment.

    Attributes:
        screen: whose moment it is; a number that no other screen has.
        heading: what the screen is called.
        body: the lines of a dialog or a page; none of a list, of which the cursor's line is enough.
        busy: those of them in which one types or moves: they are told as what the cursor is on.
        remarks: how many are checked, what goes on.
        said: the sentence of the status bar with its way back, and a sign by which it is known from the one before.
        kept: what that sign is of; as long as it is kept, nothing else has the same.
        focus: what the cursor is on.
        keys: what can be pressed.
    """

    screen: int = 0
    heading: str = ""
    body: tuple[str, ...] = ()
    busy: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()
    said: tuple[str, int] = ("", 0)
    kept: object = None
    focus: str = ""
    keys: str = ""

    @classmethod
    def of(cls, app: CoterieApp) -> Scene:
        """What the app shows now."""
        screen, state = app.screen, app.state
        is_list = isinstance(screen, ListScreen)
        body = () if is_list else tuple(_body(screen))
        sentence, way_back = state.said
        back = f" {screen.key(way_back)} {way_back}." if way_back and hasattr(screen, "key") else ""
        return cls(
            screen=id(screen),
            heading=_heading(screen),
            body=tuple(line for line, _ in body),
            busy=frozenset(line for line, is_busy in body if is_busy),
            remarks=tuple(filter(None, (_plain(bar.lead.plain) for bar in screen.query(SelectionBar)))),
            said=(_plain(sentence) + back, id(state.said)) if is_list else ("", 0),
            kept=state.said,
            focus=_focus(screen),
            keys=_keys(screen),
        )

    def news(self, before: Scene) -> Iterator[str]:
        """What was not so before, in the order in which one wants to hear it."""
        is_new = self.screen != before.screen
        if is_new or self.heading != before.heading:
            yield self.heading
        is_other_page = is_new or _PASSING.sub("", self.heading) != _PASSING.sub("", before.heading)
        told = () if is_other_page else before.body
        yield from (line for line in self.body if line not in told and line not in self.busy | {self.heading})
        yield from (remark for remark in self.remarks if is_new or remark not in before.remarks)
        if before.remarks and not self.remarks and not is_new:
            yield "Nothing is checked."
        if self.said != before.said and self.said[0]:
            yield self.said[0]
        if self.focus and (is_new or self.focus != before.focus):
            yield self.focus
        if is_new or not before.keys:
            yield self.keys


def _plain(text: str) -> str:
    """A text as one reads it aloud: without what is drawn, each gap a comma, but after sentences."""
    text = _DRAWN.sub(" ", printable(text)).strip()
    return _GAPS.sub(", ", _AFTER_SENTENCES.sub(" ", text))


def _heading(screen: Screen[Any]) -> str:
    if lead := next((bar.lead.plain for bar in screen.query(TitleBar)), ""):
        return _words([_plain(lead)])
    return _plain(str(getattr(screen, "heading", "") or "Commands"))


def _keys(screen: Screen[Any]) -> str:
    entries = [entry for footer in screen.query(KeyFooter) for entry in footer.entries if entry.key]
    return f"Keys: {', '.join(f'{entry.key} {entry.label}' for entry in entries)}." if entries else ""


def _body(screen: Screen[Any]) -> Iterator[tuple[str, bool]]:
    """The lines of a page, each with whether the cursor is in it."""
    strips = lines_on(screen)
    focused = screen.focused
    is_page = focused is None or focused.is_container or isinstance(focused, Button) or _is_read(focused)
    busy = Region() if focused is None or is_page else focused.region
    for child in screen.children:
        if isinstance(child, CommandBar) or not child.display or child.has_class("-textual-system"):
            continue
        for y in range(max(child.region.y, 0), min(child.region.bottom, len(strips))):
            line = _plain(strips[y].crop(max(child.region.x, 0), child.region.right).text)
            if line:
                yield _words([line]), busy.y <= y < busy.bottom


def _focus(screen: Screen[Any]) -> str:
    focused = screen.focused
    if focused is None:
        return ""
    others = [menu for menu in screen.query(OptionList) if menu is not focused and not menu.can_focus and menu.display]
    return ". ".join(filter(None, (_described(focused), *map(_described, others))))


def _described(widget: Widget) -> str:
    if isinstance(widget, ContactTable):
        return _row(widget)
    if isinstance(widget, GroupList):
        group = widget.group
        where = f"{widget.position + 1:,} of {widget.total:,}"
        return f"{printable(group.name)}, {group.size:,} members, {where}" if group else _plain(widget.empty.plain)
    if isinstance(widget, Sidebar):
        return f"Sidebar: {_plain(widget.words)}"
    if isinstance(widget, Input):
        return f"{_label(widget)}: {'*' * len(widget.value) if widget.password else printable(widget.value)}"
    if isinstance(widget, TextArea):
        return f"{_label(widget)}: {printable(widget.document.get_line(widget.cursor_location[0]))}"
    if isinstance(widget, OptionList):
        return _option(widget)
    if isinstance(widget, FacetPanel):
        return widget.words
    if widget.is_container or _is_read(widget):  # a page, whose lines are told
        return ""
    return _words(_shown(widget))


def _is_read(widget: Widget) -> bool:
    """Whether it is a contact's page, before the cursor has gone to one of its values."""
    return isinstance(widget, Inspector) and widget.item is None


def _option(choices: OptionList) -> str:
    place = choices.highlighted
    if place is None or not choices.option_count:
        return ""
    prompt = choices.get_option_at_index(place).prompt
    words = _plain(f"{getattr(prompt, 'plain', prompt)}  {place + 1} of {choices.option_count}")
    return _words([words])


def _row(table: ContactTable) -> str:
    row = table.row
    if row is None:
        return "" if table.total is None or table.total else _plain(table.empty.plain.replace("\n", " "))
    signs = ["favorite"] * row.favorite + ["checked"] * (row.id in table.checks) + ["in the range"] * table.in_range
    values = [
        f"{heading.label} {printable(value)}"
        for heading in table.all_headings
        if heading.key != "name" and (value := cell_text(row, heading.key))
    ]
    under = (f"column {heading.label}" for heading in table.all_headings if heading.key == table.column)
    column = next(under, "") if table.column_used else ""
    total = "" if table.total is None else f" of {table.total:,}"
    parts = (printable(cell_text(row, "name")) or "no name", *signs, *values, column, f"{table.position + 1:,}{total}")
    return ", ".join(filter(None, parts))


def _label(widget: Widget) -> str:
    for node in widget.ancestors_with_self:
        if isinstance(node, SearchBar):
            return "Search"
        if isinstance(node, Widget) and (labels := node.query_children(".field--label")):
            return _plain(" ".join(_shown(labels.first(Widget))))
    placeholder = str(getattr(widget, "placeholder", ""))
    return placeholder.capitalize() or _plain(str(widget.id or "text"))


def _shown(widget: Widget) -> list[str]:
    """The lines of a widget as they are drawn; of several only the one under the cursor, if one has its sign."""
    strips = lines_on(widget.screen)
    region = widget.region.intersection(widget.screen.region)
    lines = [strips[y].crop(region.x, region.right).text for y in range(region.y, min(region.bottom, len(strips)))]
    under = [line for line in lines if line.lstrip().startswith(("›", ">"))]
    return [_plain(line.strip().removeprefix("›").removeprefix(">")) for line in under or lines if line.strip()]


def _words(lines: Iterable[str]) -> str:
    text = ", ".join(lines)
    for sign, word in _WORDS.items():
        text = text.replace(sign, word)
    return text
