"""BulkPreview: what a bulk change would do - the first rows, old and new, how many, and what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from coterie.core.bulk import Difference
from coterie.core.change import Skip
from coterie.core.text import printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog
from coterie.tui.widgets.dialog_list import DialogList

_MOST = 200
_REASONS = 4
_WIDEST = 110
_FRAME = 7
"""Cells of the box, its padding and the scroll bar."""
_FIELD_FROM = 50
"""Cells from which on each row also names the field."""


class BulkPreview(Dialog[bool]):
    """Shows a plan; True where it is to be carried out.

    Args:
        title: what is done: “Edit 3 contacts”.
        changed: how many contacts change.
        differences: the first of what changes.
        skipped: what is left out, with its reason.
        yes: what the main button does.
    """

    CSS_PATH = [DIALOG_CSS, "bulk_preview.tcss"]  # noqa: RUF012
    gives_way = "#rows"
    most_lines = 10
    AUTO_FOCUS = "#confirm"

    def __init__(
        self,
        title: str,
        changed: int,
        differences: Sequence[Difference],
        skipped: Sequence[Skip] = (),
        *,
        yes: str = "Apply",
    ) -> None:
        super().__init__()
        self.heading = title
        self.confirm_label = f"{yes} to {changed:,}" if yes == "Apply" else yes
        self._changed = changed
        self._differences = differences[:_MOST]
        self._skipped = skipped

    def compose_body(self) -> Iterable[Widget]:
        """The figures, the rows, what is left out."""
        with Vertical(id="preview"):
            yield Static(self._figures(), id="figures", markup=False)
            rows = DialogList(
                *(Option(self._row(one)) for one in self._differences), id="rows", markup=False, compact=True
            )
            rows.display = bool(self._differences)
            yield rows
            yield Static(self._left_out(), id="skipped", markup=False)

    def _figures(self) -> str:
        if not self._changed:
            return "Nothing would change: all of them have these values already."
        noun = "contact changes" if self._changed == 1 else "contacts change"
        return f"{self._changed:,} {noun}. u undoes it."

    def _row(self, one: Difference) -> Content:
        room = min(self.app.size.width, _WIDEST) - _FRAME
        name, field = max(8, room // 4), 11 if room > _FIELD_FROM else 0
        value = (room - name - field - len("  -> ")) // 2
        return Content.assemble(
            (_fit(one.contact, name), "bold"),
            " ",
            (_fit(one.field, field - 1) + " " if field else "", "dim"),
            _fit(one.old or "(empty)", value),
            " -> ",
            (_fit(one.new or "(empty)", value), "bold"),
        )

    def _left_out(self) -> str:
        reasons = Counter(skip.reason for skip in self._skipped)
        lines = [f"{count:,} left out: {printable(why)}" for why, count in reasons.most_common(_REASONS)]
        if len(reasons) > _REASONS:
            lines.append(f"and {len(reasons) - _REASONS} more reasons")
        return "\n".join(lines)

    def action_confirm(self) -> None:
        """Yes, where there is something to do."""
        self.answer(True if self._changed else None)


def _fit(text: str, cells: int) -> str:
    text = printable(" ".join(text.split()))
    return set_cell_size(text, cells) if cell_len(text) <= cells else set_cell_size(text, cells - 1) + "…"
