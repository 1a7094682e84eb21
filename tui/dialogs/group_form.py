"""GroupForm: a group's name, color and note."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from coterie.core.model import GROUP_COLORS, Group
from coterie.core.text import clean_line, printable
from coterie.tui.colors import group_color, shade
from coterie.tui.dialogs.prompt import Prompt
from coterie.tui.widgets.choice import Choice
from coterie.tui.widgets.completing_input import LineInput
from coterie.tui.widgets.modal import Keeps

_LABEL_CELLS: Final = 8


class ColorChoice(Choice):
    """A color of a group, shown in itself; without a choice it is that of the group's name."""

    def __init__(self, group: Group) -> None:
        options = [("", f"{group_color(group.name)}, by its name"), *((color, color) for color in GROUP_COLORS)]
        super().__init__(options, group.color if group.color in GROUP_COLORS else "", id="color")
        self._group_name = group.name

    def render(self) -> Any:
        """The label, and a sign in its color."""
        color = shade(self.app.current_theme, group_color(self._group_name, self.value))
        return super().render().append_text(" ■", color.css if not self.app.no_color else "")


class GroupForm(Prompt):
    """Answers the name; `color` and `note` are what else was said.

    Args:
        group: as it is now.
        check: raises InvalidInput if another group has the name.
    """

    def __init__(self, group: Group, check: Callable[[str], object]) -> None:
        super().__init__(f"Edit the group {group.name}", "", group.name, yes="Save", check=check)
        self._color = ColorChoice(group)
        self._note = LineInput(group.note, id="note")

    def compose_body(self) -> Iterable[Widget]:
        """Three lines, each with its label."""
        for label, field in (("Name", self._field), ("Color", self._color), ("Note", self._note)):
            with Horizontal() as line:
                line.styles.height = "auto"
                words = Static(printable(label), markup=False)
                words.styles.width = _LABEL_CELLS
                yield words
                yield field

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """Name, color and note."""
        return {"value": self._field, "color": self._color, "note": self._note}

    def details_of(self, typed: Mapping[str, Any]) -> str:
        """What was typed last."""
        return f"“{clean_line(str(list(typed.values())[-1]))}”"

    @property
    def color(self) -> str:
        """One of GROUP_COLORS; empty for that of the name."""
        return self._color.value

    @property
    def note(self) -> str:
        """What the user says about the group."""
        return clean_line(self._note.value)
