"""Sides: two contacts that may be one, side by side, and which value of each field stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len, set_cell_size
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from coterie.core.account_names import AccountNames
from coterie.core.bulk.merging import CHOSEN, merge_into, merged
from coterie.core.changes import Plan
from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import PLAIN
from coterie.core.labelled import HEADINGS, PHONETIC
from coterie.core.model import Contact
from coterie.core.names import Called, called_apart
from coterie.core.text import printable
from coterie.tui.widgets.dialog_list import DialogList

_ROWS: Final = (
    "name", *(key for key in PLAIN if key != "birthday"), "emails", "phones", "groups", "favorite", "birthday",
    *PHONETIC, *HEADINGS, "addresses", "urls", "notes", "custom", "sources", "updated_at",
)  # fmt: skip
_LABEL: Final = 12
_WIDEST: Final = 112
_FRAME: Final = 7
_GONE: Final = "moved to the Bin"


@dataclass(frozen=True, slots=True)
class _Shown:
    """One line: a field of both contacts."""

    key: str
    left: str
    right: str

    @property
    def open(self) -> bool:
        """Whether one of two values must be chosen."""
        return self.key in CHOSEN and bool(self.left and self.right) and self.left != self.right


class _Fields(DialogList):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "screen.choose(0)", "choose", key_display="← →", tooltip="Keep the value on the left."),
        Binding("right", "screen.choose(1)", show=False, tooltip="Keep the value on the right."),
        Binding("space", "screen.choose(-1)", show=False, tooltip="Keep the other value."),
    ]


class Sides(Vertical):
    """Two contacts; the left one is kept.

    Args:
        called: what contacts are called.

    Attributes:
        account_names: what accounts are called.
    """

    def __init__(self, called: Called) -> None:
        super().__init__(id="pair")
        self.account_names = AccountNames()
        self._called = called
        self._both: tuple[Contact, Contact] | None = None
        self._lines: list[_Shown] = []
        self._taken: set[str] = set()

    def compose(self) -> Iterable[Widget]:
        """The reasons and both contacts."""
        yield Static(id="reasons", classes="note", markup=False)
        yield Static(id="heads", markup=False)
        yield _Fields(id="fields", markup=False, compact=True)

    @property
    def both(self) -> tuple[Contact, Contact] | None:
        """The two that are shown."""
        return self._both

    @property
    def plan(self) -> Plan:
        """What merges the two as the user has chosen."""
        assert self._both is not None
        keep, gone = self._both
        return merge_into(keep, [gone], merged([keep, gone], keep, dict.fromkeys(self._taken, gone)))

    def say(self, text: str) -> None:
        """Show a sentence in the place of the reasons."""
        self.query_one("#reasons", Static).update(text)

    def show(self, both: tuple[Contact, Contact], why: str) -> None:
        """Show two contacts, and why they may be one."""
        self._both = both
        self.say(why)
        self._fill()

    def clear(self, *, listed: bool) -> None:
        """Show nobody; `listed`: an empty list stays, and with it the focus."""
        self._both = None
        self.fields.clear_options()
        self.fields.display = listed
        self.query_one("#heads").display = False

    def swap(self) -> None:
        """Keep the right contact instead of the left one."""
        if self._both is not None:
            self._both = self._both[::-1]
            self._fill()

    @property
    def fields(self) -> DialogList:
        """The list of the fields."""
        return self.query_one(_Fields)

    def _fill(self) -> None:
        assert self._both is not None
        left, right = self._both
        self._taken = set()
        texts = {key: [FIELDS[key].read(contact) for contact in (left, right)] for key in _ROWS}
        texts["name"] = list(called_apart(left, right, self._called))
        texts["sources"] = [self.account_names.within(text) for text in texts["sources"]]
        rows = [_Shown(key, *map(_one_line, texts[key])) for key in _ROWS]
        self._lines = [
            row for row in rows if (row.left or row.right) and not (row.key == "favorite" and row.left == row.right)
        ]
        fields = self.fields
        marked = fields.highlighted or 0
        fields.display = self.query_one("#heads").display = True
        fields.clear_options()
        fields.add_options(Option(self._row(row)) for row in self._lines)
        fields.highlighted = min(marked, len(self._lines) - 1) if self._lines else None
        self._write_heads()

    def _write_heads(self) -> None:
        gone = _GONE if self._cells >= len(_GONE) else _GONE.removeprefix("moved ")
        heads = Content.assemble(" " * _LABEL, (fit("keep", self._cells), "bold"), "  ", (gone, "dim"))
        self.query_one("#heads", Static).update(heads)

    def on_resize(self) -> None:
        """Let the values have the room that there is."""
        if self._both is not None:
            self.fields.rewrite(map(self._row, self._lines))
            self._write_heads()

    @property
    def _cells(self) -> int:
        return max(8, (min(self.app.size.width, _WIDEST) - _FRAME - _LABEL - 2) // 2)

    def _row(self, row: _Shown) -> Content:
        cells = self._cells - 2
        right_stands = row.key in self._taken
        parts: list[Content | tuple[str, str]] = [(fit(FIELDS[row.key].label, _LABEL), "dim")]
        for place, text in enumerate((row.left, row.right)):
            chosen = row.open and right_stands == bool(place)
            parts.append(
                (f"{'* ' if chosen else '  '}{fit(text, cells)}", "bold" if chosen else "dim" if row.open else "")
            )
            parts.append(Content("  "))
        return Content.assemble(*parts[:-1])

    def choose(self, side: int) -> bool:
        """Let the left (0) or right (1) value stand, or (-1) the one that does not; whether there is a choice."""
        at = self.fields.highlighted
        if at is None or self._both is None:
            return True
        row = self._lines[at]
        if not row.open:
            return False
        right = row.key not in self._taken if side < 0 else bool(side)
        self._taken = self._taken | {row.key} if right else self._taken - {row.key}
        self.fields.replace_option_prompt_at_index(at, self._row(row))
        return True


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def fit(text: str, cells: int) -> str:
    """The text in just so many cells, cut if it is longer."""
    return set_cell_size(text, cells) if cell_len(text) <= cells else set_cell_size(text, cells - 1) + "…"
