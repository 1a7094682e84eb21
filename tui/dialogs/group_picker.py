"""GroupPicker: choose groups by typing a part of their names, or name a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.model import Group
from coterie.core.text import clean_line, fold, group_key, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.widgets.completing_input import LineInput
from coterie.tui.widgets.dialog_list import PagedList
from coterie.tui.widgets.modal import Keeps

_MANY = 9
"""Cells for how many are inside: “2 of 12”."""
_MOST = 300
"""How many groups are listed at once; typing finds the others."""
_NAME_CELLS = 40
"""Cells of a name, on a terminal that is not too narrow."""
_BUTTON_CELLS = 22
"""Cells of the line of buttons that the first one cannot have."""
_SIZE_CELLS = 18
"""Cells of a line that are not the name: box, size, frame."""


@dataclass(frozen=True, slots=True)
class Inside:
    """How many of some contacts are in each group.

    Attributes:
        count: how many contacts they are.
        members: group id -> how many of them are in it; groups without any may be missing.
    """

    count: int
    members: Mapping[int, int]

    def words(self, group_id: int) -> str:
        """“12 of 12”, “2 of 12”, “none”; of a single contact whether it is in it."""
        inside = self.members.get(group_id, 0)
        if self.count == 1:
            return "in it" if inside else ""
        return f"{inside:,} of {self.count:,}" if inside else "none"


class _Groups(PagedList):
    """The list; typing goes on in the field above it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "screen.tick", "Choose several", show=False),
        Binding("enter", "screen.confirm", show=False),
        Binding("up", "up_or_out", show=False),
    ]

    def action_up_or_out(self) -> None:
        """Up, and from the first line back to the field."""
        if self.highlighted in {0, None}:
            self.screen.query_one("#filter", Input).focus()
        else:
            self.action_cursor_up()

    def on_key(self, event: Key) -> None:
        """Letters go on with what is typed in the field."""
        if event.is_printable and event.character and event.character != " ":
            event.stop()
            field = self.screen.query_one("#filter", Input)
            field.focus()
            field.insert_text_at_cursor(event.character)


class _Filter(LineInput):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "screen.into_list", show=False)]


class _Ticked:
    """The ticked names, for `tui.widgets.modal.Keeps`; what is typed afterwards lists them."""

    def __init__(self, names: list[str]) -> None:
        self._names = names

    @property
    def typed(self) -> list[str] | None:
        return list(self._names) or None

    async def put_back(self, typed: Sequence[str]) -> None:
        self._names[:] = typed


class GroupPicker(Dialog[tuple[str, ...]]):
    """Answers the names of the groups that were chosen, at least one; None if the user cancels.

    Enter takes the line that is marked, or all that were ticked with space.

    Args:
        title: what is done with them.
        groups: the groups that exist, with their sizes, or just their names.
        allow_new: whether a name that is no group yet can be chosen.
        several: whether more than one can be chosen.
        verb: what the main button does, before the names: “Add to”.
        inside: how many of the contacts that this is about are in each group already: shown instead of the sizes.
    """

    CSS_PATH = [DIALOG_CSS, "group_picker.tcss"]  # noqa: RUF012
    gives_way = "#groups"
    most_lines = 10
    AUTO_FOCUS = "#filter"

    def __init__(
        self,
        title: str,
        groups: Sequence[Group | str],
        allow_new: bool = True,
        *,
        several: bool = True,
        verb: str = "Add to",
        inside: Inside | None = None,
    ) -> None:
        super().__init__()
        self.heading = title
        self.confirm_label = verb
        self._verb = verb
        self._names: dict[str, str] = {
            (group if isinstance(group, str) else group.name): _figure(group, inside) for group in groups
        }
        self._folded = [(name, fold(name)) for name in self._names]
        self._keys = {group_key(name): name for name in self._names}
        self._allow_new = allow_new
        self._several = several
        self._ticked: list[str] = []
        self._shown: list[str] = []
        self._filter = _Filter(
            placeholder="Type the name of a group, or of a new one." if allow_new else "Type the name of a group.",
            id="filter",
        )

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """What is typed, and what is ticked."""
        return {"ticked": _Ticked(self._ticked), "name": self._filter}

    def details_of(self, typed: Mapping[str, Any]) -> str:
        """The names."""
        names = [*typed.get("ticked", ()), *([typed["name"]] if "name" in typed else [])]
        return ", ".join(f"“{name}”" for name in names)

    def compose_body(self) -> Iterable[Widget]:
        """The field, the list, and how to choose several."""
        with Vertical(id="picker"):
            yield self._filter
            yield _Groups(id="groups", markup=False, compact=True)
            if self._several:
                yield Static("Press down to go into the list; there, space chooses several.", classes="note")

    def on_mount(self) -> None:
        """List all groups."""
        self._list("")

    def on_resize(self) -> None:
        """Let the names have the room that there is."""
        self.query_one(_Groups).rewrite(map(self._line, self._shown))
        self._name_the_button()

    @on(Input.Changed)
    def _on_typed(self, event: Input.Changed) -> None:
        self.say("")
        self._list(event.value)

    def _list(self, typed: str) -> None:
        wanted = fold(typed)
        first = [name for name, text in self._folded if text.startswith(wanted)]
        matching = first + [name for name, text in self._folded if wanted in text and not text.startswith(wanted)]
        new = clean_line(typed)
        if new and self._allow_new and group_key(new) not in self._keys:
            matching.append(new)
        elif (existing := self._keys.get(group_key(new))) in matching and existing is not None:
            matching.remove(existing)
            matching.insert(0, existing)
        kept = [name for name in self._ticked if name not in matching]
        self._shown = (matching[:_MOST] + kept) if not typed else matching[:_MOST]
        picker = self.query_one(_Groups)
        picker.clear_options()
        picker.add_options(Option(self._line(name)) for name in self._shown)
        picker.highlighted = 0 if self._shown else None
        self._name_the_button()

    def _line(self, name: str) -> Content:
        box = ("[x] " if name in self._ticked else "[ ] ") if self._several else ""
        if name not in self._names:
            return Content(f"{box}+ New group “{printable(name)}”")
        cells = self._cells
        text = printable(name)
        if cell_len(text) > cells:
            text = set_cell_size(text, cells)
        blanks = " " * (cells - cell_len(text) + 2)
        return Content.assemble(f"{box}{text}", (f"{blanks}{self._names[name]:>{_MANY}}".rstrip(), "dim"))

    @property
    def _cells(self) -> int:
        return max(8, min(_NAME_CELLS, self.app.size.width - _SIZE_CELLS - 6))

    def _chosen(self) -> tuple[str, ...]:
        at = self.query_one(_Groups).highlighted
        marked = self._shown[at] if at is not None and at < len(self._shown) else None
        if marked is None:
            return tuple(self._ticked)
        if self._ticked and not self.query_one("#filter", Input).value:
            return tuple(self._ticked)
        return (*self._ticked, *([] if marked in self._ticked else [marked]))

    @on(OptionList.OptionHighlighted)
    def _name_the_button(self) -> None:
        names = ", ".join(printable(name) for name in self._chosen())
        label = f"{self._verb} {names}".strip()
        room = min(_NAME_CELLS, self.app.size.width - _BUTTON_CELLS)
        if cell_len(label) > room:
            many = len(self._chosen())
            label = f"{self._verb} {many} groups" if many > 1 else f"{set_cell_size(label, room - 1)}…"
        self.query_one("#confirm", DialogButton).relabel(label)

    @on(OptionList.OptionSelected)
    def _on_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self._several:
            self.action_tick()

    def action_into_list(self) -> None:
        """Go from the field into the list."""
        picker = self.query_one(_Groups)
        if self._shown:
            picker.focus()
            if len(self._shown) > 1 and picker.highlighted == 0:
                picker.highlighted = 1

    def action_tick(self) -> None:
        """Choose the marked line besides the others, or no longer."""
        picker = self.query_one(_Groups)
        at = picker.highlighted
        if at is None or not self._several:
            return
        name = self._shown[at]
        if name in self._ticked:
            self._ticked.remove(name)
        else:
            self._ticked.append(name)
        picker.replace_option_prompt_at_index(at, self._line(name))
        self._name_the_button()

    def action_confirm(self) -> None:
        """Answer with what was chosen."""
        chosen = self._chosen()
        if chosen:
            self.answer(chosen)
        else:
            self.say(
                "There is no such group." if self.query_one("#filter", Input).value else "There are no groups yet."
            )


def _figure(group: Group | str, inside: Inside | None) -> str:
    if isinstance(group, str):
        return ""
    return inside.words(group.id) if inside else f"{group.size:,}"
