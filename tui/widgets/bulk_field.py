"""BulkField: one field of several contacts at once - kept, set, cleared, or replaced in part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from coterie.core.text import printable
from coterie.tui.widgets.completing_input import CompletingInput, Completions, input_of, line_input
from coterie.tui.widgets.field_editor import Labelled


class Mode(StrEnum):
    """What is done to a field."""

    KEEP = "keep"
    SET = "set"
    CLEAR = "clear"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Replacement:
    """A regular expression, and what takes the place of each match."""

    pattern: str
    new: str


def as_replacement(text: str) -> Replacement | None:
    r"""What `/REGEX/NEW/` means; None if `text` has another form. `\/` is a slash inside."""
    if not text.startswith("/") or len(text) < 3:
        return None
    parts = [""]
    escaped = False
    for char in text[1:]:
        if escaped:
            parts[-1] += char if char == "/" else f"\\{char}"
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "/":
            parts.append("")
        else:
            parts[-1] += char
    if escaped:
        parts[-1] += "\\"
    if len(parts) != 3 or parts[2] or not parts[0]:
        return None
    return Replacement(parts[0], parts[1])


class BulkField(Labelled):
    """A field that is untouched until something is typed. `/REGEX/NEW/` replaces a part, ctrl+k clears it for all.

    Args:
        common: the value that all have; None if they differ.
        completions: what the value could become.
    """

    DEFAULT_CSS = """
    BulkField .bulk--mode { width: 8; padding-left: 1; color: $text-muted; }
    BulkField .bulk--mode.-acts { color: $text; text-style: bold; }
    """
    hint = "Type to set it for all; /REGEX/NEW/ replaces a part."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+k",
            "turn_clearing",
            "clear",
            tooltip="Clear this field of all of them, or keep it again.",
            priority=True,
        )  # before what an Input does with it
    ]

    def __init__(self, key: str, label: str, common: str | None, completions: Completions | None = None) -> None:
        super().__init__(key, label)
        shown = "(mixed)" if common is None else (common or "(empty)")
        self._line = line_input(placeholder=" ".join(printable(shown).split())[:200], completions=completions)
        self.input = input_of(self._line)
        self._clearing = False
        self._word = Static(Mode.KEEP.value, classes="bulk--mode", markup=False)

    def compose_editor(self) -> ComposeResult:
        """The value and what is done."""
        with Horizontal(classes="field--line"):
            yield self._line
            yield self._word

    def on_mount(self) -> None:
        """The value takes what the word leaves."""
        self._line.styles.width = "1fr"

    @property
    def mode(self) -> Mode:
        """What is done to the field."""
        if self._clearing:
            return Mode.CLEAR
        if not self.input.value:
            return Mode.KEEP
        return Mode.REPLACE if as_replacement(self.input.value) else Mode.SET

    @property
    def changed(self) -> bool:
        """Whether anything is done to it."""
        return self.mode is not Mode.KEEP

    @property
    def typed(self) -> list[str | bool] | None:
        """What was typed, and whether it clears the field, for `tui.widgets.modal.Keeps`."""
        return [self.input.value, self._clearing] if self.changed else None

    async def put_back(self, typed: Sequence[str | bool]) -> None:
        """Put back what was typed before."""
        text, clearing = typed
        if clearing:
            self.action_turn_clearing()
        else:
            await self._line.put_back(str(text))

    def action_turn_clearing(self) -> None:
        """Clear the field of all contacts, or keep it again."""
        self._clearing = not self._clearing
        with self.input.prevent(Input.Changed):
            self.input.value = ""
        self._show_mode()

    @on(Input.Changed)
    @on(CompletingInput.Changed)
    def _on_typed(self) -> None:
        if self.input.value:
            self._clearing = False
        self._show_mode()
        if self.problem:
            self.show_problem("")

    def _show_mode(self) -> None:
        mode = self.mode
        self._word.update(mode.value)
        self._word.set_class(mode is not Mode.KEEP, "-acts")
