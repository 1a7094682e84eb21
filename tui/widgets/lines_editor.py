"""LinesEditor: a field with several values, each on a line of its own - addresses with labels, phones, groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Click
from textual.message import Message
from textual.widgets import Input, Static

from coterie.core.text import printable
from coterie.tui.widgets.completing_input import CompletingInput, Completions, LineInput, input_of, line_input
from coterie.tui.widgets.field_editor import ASIDE, Labelled


@dataclass(frozen=True, slots=True)
class Part:
    """One cell of a line.

    Attributes:
        placeholder: what stands there while it is empty.
        width: in cells; 0 to take what is left.
        completions: what it could become.
        aside: tab passes it by, ctrl+l goes there: so the usual fields follow each other.
        rest: seconds after a letter until the completions are looked for.
    """

    placeholder: str
    width: int = 0
    completions: Completions | None = None
    aside: bool = False
    rest: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the user left it.

    Attributes:
        origin: the index of the value it began as; None for a new one.
        texts: one for each part.
        changed: whether the user changed one of them.
        main: whether it is marked as the main one.
    """

    origin: int | None
    texts: tuple[str, ...]
    changed: bool
    main: bool = False


class _Sign(Static):
    """A word that can be clicked."""

    ALLOW_SELECT = False

    @dataclass
    class Clicked(Message):
        sign: _Sign

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text, markup=False, name=name, classes=f"_line--sign -{name}")

    def on_click(self, event: Click) -> None:
        event.stop()
        self.post_message(self.Clicked(self))


class _Line(Horizontal):
    def __init__(
        self, parts: Sequence[Part], origin: int | None, texts: Sequence[str], main: bool, marks: bool
    ) -> None:
        super().__init__()
        self.origin = origin
        self.main = main
        self._marks = marks
        self._initial = tuple(printable(text) for text in texts)
        self.cells: list[LineInput | CompletingInput] = []
        for part, text in zip(parts, texts, strict=True):
            cell = line_input(text, placeholder=part.placeholder, completions=part.completions, rest=part.rest)
            cell.styles.width = part.width or "1fr"
            self.cells.append(cell)
            input_of(cell).set_class(part.aside, ASIDE)

    def compose(self) -> ComposeResult:
        yield from self.cells
        if self._marks:
            yield _Sign(self._mark(), "main")
        yield _Sign("x", "remove")
        yield _Sign("+", "add")

    def _mark(self) -> str:
        return "main" if self.main else ""

    def set_main(self, main: bool) -> None:
        self.main = main
        self.query_one("_Sign", _Sign).update(self._mark())

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(cell.value for cell in self.cells)

    @property
    def empty(self) -> bool:
        return not any(text.strip() for text in self.texts)

    @property
    def line(self) -> Line:
        return Line(self.origin, self.texts, self.texts != self._initial, self.main)


class LinesEditor(Labelled):
    """Several values. An empty line waits at the end; ctrl+n begins one, ctrl+r removes the one at the cursor.

    A line that is emptied is removed too.

    Args:
        parts: the cells of each line; the first is the value itself.
        values: the texts of the lines at first.
        main: the index of the line that is marked as the main one; None if none is; ctrl+t marks another.
        marks: whether lines can be marked as the main one.
    """

    DEFAULT_CSS = """
    LinesEditor {
        & _Line { height: 1; }
        & _Line > _Sign.-main { width: 4; }
        & _Line > _Sign.-add { visibility: hidden; margin-right: 0; }
        & _Line:last-child > _Sign.-add { visibility: visible; }
        & _Line > * { margin-right: 1; }
        & _Sign { width: auto; min-width: 1; height: 1; color: $text-muted; }
        & _Sign:hover { text-style: underline; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "add_line", "add", tooltip="Add a line."),
        Binding("ctrl+r", "remove_line", "remove", tooltip="Remove this line."),
        Binding("ctrl+l", "aside", "label", tooltip="Go to its label, or back."),
        Binding("ctrl+t", "mark_line", "main", tooltip="Make it the main one."),
    ]

    def __init__(
        self,
        key: str,
        label: str,
        parts: Sequence[Part],
        values: Sequence[Sequence[str]] = (),
        *,
        marks: bool = False,
        main: int | None = None,
        required: bool = False,
    ) -> None:
        super().__init__(key, label, required=required)
        self._parts = tuple(parts)
        self._marks = marks
        self._main = main
        self._values = [tuple(value) for value in values]
        self._at_first = self._seen = self._first_lines()
        self._box = Vertical(*self._at_first, classes="lines--box")
        self._box.styles.height = "auto"

    def _first_lines(self) -> list[_Line]:
        lines = [self._line(place, value, place == self._main) for place, value in enumerate(self._values)]
        return lines or [self._line(None, ("",) * len(self._parts))]

    def _line(self, origin: int | None, texts: Sequence[str], main: bool = False) -> _Line:
        return _Line(self._parts, origin, texts, main, self._marks)

    def compose_editor(self) -> ComposeResult:
        """The lines, one beneath the other."""
        yield self._box

    @property
    def height(self) -> int:
        """How many lines it has at first."""
        return len(self._at_first)

    @property
    def _lines(self) -> list[_Line]:
        """Those on the screen; before it is shown the first ones, and once it is gone the last ones."""
        if self._box.is_attached:
            self._seen = list(self._box.query_children(_Line))
        return self._seen

    @property
    def lines(self) -> list[Line]:
        """The lines that are not empty, in their order."""
        return [line.line for line in self._lines if not line.empty]

    @property
    def changed(self) -> bool:
        """Whether the user added, changed, removed or marked a line."""
        lines = self._lines
        kept = [line.origin for line in lines if line.origin is not None]
        marked = next((line.origin for line in lines if line.main), None) if self._marks else None
        return (
            kept != list(range(len(self._values)))
            or any(line.line.changed for line in lines)
            or (self._marks and marked != self._main)
        )

    @property
    def typed(self) -> dict[str, Any] | None:
        """The lines as they are, and what they began as, for `tui.widgets.modal.Keeps`."""
        if not self.changed:
            return None
        lines = [[line.origin, list(line.texts), line.main] for line in self._lines]
        return {"began": [list(map(printable, value)) for value in self._values], "lines": lines}

    async def put_back(self, typed: Mapping[str, Any]) -> None:
        """Put back the lines as they were left; what somebody else has added since stays below them."""
        now = {tuple(map(printable, value)): place for place, value in enumerate(self._values)}
        began = [tuple(value) for value in typed["began"]]
        lines: list[tuple[_Line, Sequence[str]]] = []
        for place, texts, main in typed["lines"]:
            origin = now.get(began[place]) if place is not None else None
            at_first = self._values[origin] if origin is not None else ("",) * len(self._parts)
            lines.append((self._line(origin, at_first, main), texts))
        new = [(place, texts) for texts, place in now.items() if texts not in began]
        lines += [(self._line(place, self._values[place]), texts) for place, texts in new]
        await self._box.remove_children()
        await self._box.mount_all(line for line, _ in lines)
        for line, texts in lines:
            for cell, text in zip(line.cells, texts, strict=True):
                await cell.put_back(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Labels and main lines are not in every editor."""
        if action == "aside":
            return any(part.aside for part in self._parts)
        return self._marks if action == "mark_line" else super().check_action(action, parameters)

    @property
    def _current(self) -> _Line | None:
        return next((line for line in self._lines if line.has_focus_within), None)

    async def action_add_line(self) -> None:
        """Begin another line, or go to the empty one at the end."""
        lines = self._lines
        if not lines or not lines[-1].empty:
            line = self._line(None, ("",) * len(self._parts))
            await self._box.mount(line)
            self._seen = [*lines, line]
        else:
            line = lines[-1]
        self._focus(line)

    async def action_remove_line(self) -> None:
        """Remove the line at the cursor; the focus goes to the one after or before it."""
        line = self._current
        if line is not None:
            await self._remove(line)

    def action_aside(self) -> None:
        """Go from a value to what stands aside of it, its label, or back."""
        fields = [input_of(cell) for cell in self._current.cells] if self._current else []
        aside = [field for field in fields if field.has_class(ASIDE)]
        if aside:
            (fields[0] if aside[0].has_focus else aside[0]).focus()

    def action_mark_line(self) -> None:
        """Make the line at the cursor the main one."""
        if self._current is not None:
            self._mark(self._current)

    def _mark(self, chosen: _Line) -> None:
        for line in self._lines:
            line.set_main(line is chosen)

    async def _remove(self, line: _Line) -> None:
        lines = self._lines
        place = lines.index(line)
        others = lines[:place] + lines[place + 1 :]
        if not others:
            blank = self._line(None, ("",) * len(self._parts))
            await self._box.mount(blank)
            others = [blank]
        self._focus(others[min(place, len(others) - 1)])
        await line.remove()
        self.show_problem("")

    @staticmethod
    def _focus(line: _Line) -> None:
        input_of(line.cells[0]).focus()

    @on(_Sign.Clicked)
    async def _on_sign(self, event: _Sign.Clicked) -> None:
        event.stop()
        if event.sign.name == "add":
            await self.action_add_line()
            return
        line = next(ancestor for ancestor in event.sign.ancestors if isinstance(ancestor, _Line))
        if event.sign.name == "main":
            self._mark(line)
        else:
            await self._remove(line)

    @on(Input.Changed)
    @on(CompletingInput.Changed)
    def _on_typed(self) -> None:
        if self.problem:
            self.show_problem("")
