"""DialogList: a list in a dialog. It moves by j and k too, and enter presses the main button of the dialog."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class DialogList(OptionList):
    """A list of lines. A subclass for which enter does something else binds it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "move", key_display="j k", tooltip="Move down and up; g and G go to the ends."),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
        Binding("enter", "screen.main", show=False),
    ]
