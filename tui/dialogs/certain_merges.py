"""CertainMerges: contacts that are certain to be one, before they are merged; each group can be left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from coterie.core.certain import richest
from coterie.core.fields import FIELDS
from coterie.core.model import Contact
from coterie.core.names import Called
from coterie.core.text import number_of, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog
from coterie.tui.dialogs.duplicates_sides import fit
from coterie.tui.widgets.dialog_list import DialogList

Group = tuple[Contact, ...]
_WIDEST = 110
_FRAME = 7
"""Cells of the box, its padding and the scroll bar."""
_SIGN = 4


class _Groups(DialogList):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "screen.leave_out", "leave out", tooltip="Leave this one out, or take it in again."),
    ]


class CertainMerges(Dialog[list[Group]]):
    """Answers the groups that are to be merged; None if the user cancels.

    Args:
        groups: what `core.certain.certain_groups` found.
        called: what contacts are called.
    """

    CSS_PATH = [DIALOG_CSS, "certain_merges.tcss"]  # noqa: RUF012
    gives_way = "#groups"
    most_lines = 14
    AUTO_FOCUS = "#groups"
    heading = "Merge all that are certain"

    def __init__(self, groups: Sequence[Group], called: Called) -> None:
        super().__init__()
        self._groups = list(groups)
        self._called = called
        self._left_out: set[int] = set()
        self.confirm_label = self._label

    @property
    def _chosen(self) -> list[Group]:
        return [group for place, group in enumerate(self._groups) if place not in self._left_out]

    @property
    def _label(self) -> str:
        return f"Merge {sum(map(len, self._chosen)):,} into {len(self._chosen):,}"

    def compose_body(self) -> Iterable[Widget]:
        """What makes them certain, and the groups."""
        with Vertical(id="certain"):
            yield Static(
                "The same whole name, and the same e-mail address or phone number. All values are kept, u undoes it.",
                classes="note gap",
                markup=False,
            )
            yield _Groups(
                *(Option(self._line(place)) for place in range(len(self._groups))),
                id="groups",
                markup=False,
                compact=True,
            )

    def _line(self, place: int) -> Content:
        group = self._groups[place]
        is_in = place not in self._left_out
        room = min(self.app.size.width, _WIDEST) - _FRAME - _SIGN
        name, count = max(12, room * 2 // 5), len("12 contacts ")
        kept = richest(group)
        values = "; ".join(dict.fromkeys(text for contact in (kept, *group) for text in _reached_by(contact)))
        return Content.assemble(
            "[x] " if is_in else "[ ] ",
            (fit(printable(self._called(kept)), name - 1), "bold" if is_in else "dim"),
            (f" {fit(number_of(len(group)), count)}", "" if is_in else "dim"),
            (fit(printable(values), max(4, room - name - count)), "dim"),
        )

    def on_resize(self) -> None:
        """Let names and values have the room that there is."""
        self.query_one(_Groups).rewrite(map(self._line, range(len(self._groups))))

    def action_leave_out(self) -> None:
        """Leave the marked group out, or take it in again, and move down."""
        groups = self.query_one(_Groups)
        if (at := groups.highlighted) is None:
            return
        self._left_out ^= {at}
        groups.replace_option_prompt_at_index(at, self._line(at))
        groups.action_cursor_down()
        if (main := self.main) is not None:
            main.relabel(self._label)

    def action_confirm(self) -> None:
        """Those that are not left out."""
        if self._chosen:
            self.answer(self._chosen)
        else:
            self.say("All of them are left out. Space takes one in again.")


def _reached_by(contact: Contact) -> list[str]:
    return [text for key in ("emails", "phones", "company") if (text := FIELDS[key].read(contact))]
