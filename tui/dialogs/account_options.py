"""AccountOptions: what the user wants of one account: writing back, and syncing by itself."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from coterie.core.sync.accounts import Options
from coterie.core.text import printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog
from coterie.tui.widgets.completing_input import LineInput
from coterie.tui.widgets.tick import Tick

LONGEST = 7 * 24 * 60
"""Minutes between two syncs, at most a week."""


class AccountOptions(Dialog[Options]):
    """Answers the choices.

    Args:
        address: the account's address.
        label: its provider's name.
        options: as they are.
        can_write: whether the provider takes changes.
        may_write: whether the account allows them already; else the user signs in once more.
    """

    CSS_PATH = [DIALOG_CSS, "account_options.tcss"]  # noqa: RUF012
    confirm_label = "Save"

    def __init__(
        self, address: str, label: str, options: Options, *, can_write: bool = True, may_write: bool = False
    ) -> None:
        super().__init__()
        self.heading = f"Options of {address}"
        self._label = label
        self._options = options
        self._can_write = can_write
        self._may_write = may_write

    def compose_body(self) -> Iterable[Widget]:
        """Four choices with what they mean."""
        now = self._options
        with Vertical(id="choices"):
            yield Tick(f"Write back: change it in {self._label}, too", now.write, id="write")
            allowing = "" if self._may_write else " You sign in once more, to allow it."
            words = (
                f"Edits, groups, stars and deletions.{allowing}"
                if self._can_write
                else f"{self._label} does not accept changes."
            )
            yield Static(printable(words), classes="note under", markup=False)
            yield Tick("Add contacts that you create here from now on there, too", now.new_contacts, id="new")
            yield Static("", classes="note")
            yield Tick("Sync when Coterie starts", now.at_start, id="start")
            with Horizontal(id="every"):
                yield Static("Sync every ", classes="text")
                yield LineInput(str(now.every_minutes or ""), placeholder="never", id="minutes")
                yield Static(" minutes while Coterie is open", classes="text")

    def on_mount(self) -> None:
        """What cannot be chosen cannot be ticked."""
        self.query_one("#write", Tick).disabled = not self._can_write
        self._tell()

    @on(Tick.Changed, "#write")
    def _tell(self) -> None:
        write = self.query_one("#write", Tick).value
        new = self.query_one("#new", Tick)
        new.disabled = not write
        if not write:
            new.value = False

    def action_confirm(self) -> None:
        """Answer with the choices, if the minutes are a number."""
        typed = self.query_one("#minutes", LineInput).value.strip()
        if typed and not (typed.isascii() and typed.isdigit() and int(typed) <= LONGEST):
            self.say(f"Minutes must be a whole number, at most {LONGEST:,} (a week), or empty for never.")
            return
        ticks = {name: self.query_one(f"#{name}", Tick).value for name in ("write", "new", "start")}
        self.answer(Options(ticks["write"], ticks["new"], ticks["start"], int(typed or 0)))
