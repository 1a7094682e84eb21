"""ThemePicker: the colors of the screen, each shown while the cursor is on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual import on
from textual.timer import Timer
from textual.widgets import OptionList

from coterie.tui import themes
from coterie.tui.dialogs.dialog import DIALOG_CSS
from coterie.tui.dialogs.pick import Pick

if TYPE_CHECKING:
    from coterie.tui.app import CoterieApp

AUTO: Final = "auto"
"""The value that follows the terminal."""
_REST: Final = 0.15
"""Seconds for which the cursor rests on a theme before it is shown: a held key does not send a screen for each."""


async def choose_theme(app: CoterieApp) -> None:
    """Let the user choose a theme, and remember it for the next start."""
    state = app.state
    names = themes.NAMES if app.color_count > 16 else themes.OWN_NAMES
    value = state.options.theme or state.memory.recall("theme") or AUTO
    chosen = await app.push_screen_wait(ThemePicker(app.theme, value, app.show_theme, names, _remark(app)))
    if chosen is not None:
        state.memory.remember("theme", chosen)


def _remark(app: CoterieApp) -> str:
    if app.no_color:
        return "NO_COLOR is set: no theme shows colors."
    if app.color_count <= 16:
        return "This terminal has 16 colors; other themes need 256."
    if theme := app.state.options.theme:
        return f"At the next start the setting “theme” ({theme}) holds again."
    return ""


class ThemePicker(Pick):
    """Answers the name of the theme that was chosen, or `AUTO`.

    Args:
        present: the theme that is shown now; without an answer it is shown again.
        value: what was chosen before.
        show: draws with a theme; that of the terminal if the name is empty.
        names: the themes that this terminal can show.
        remark: what is to be known about the choice; empty for nothing.
    """

    CSS_PATH = [DIALOG_CSS, "pick.tcss"]  # noqa: RUF012

    def __init__(
        self, present: str, value: str, show: Callable[[str], None], names: tuple[str, ...], remark: str = ""
    ) -> None:
        width = max(map(len, names)) + 2
        listed = [(AUTO, f"{AUTO:<{width}}dark or light as the terminal")]
        listed += [(name, f"{name:<{width}}{themes.description(name)}") for name in names]
        super().__init__("Change the colors", listed, value, yes="Use these colors")
        self._present = present
        self._show = show
        self._remark = remark
        self._pause: Timer | None = None

    def on_mount(self) -> None:
        """Say what is to be known."""
        self.say(self._remark, error=False)

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_REST, self._preview)

    def _preview(self) -> None:
        if self.is_open and (name := self.marked) is not None:
            self._show("" if name == AUTO else name)

    def action_cancel(self) -> None:
        """Close with the colors from before."""
        self._show(self._present)
        super().action_cancel()

    def action_confirm(self) -> None:
        """Show what is under the cursor, if it was not yet, and answer."""
        self._preview()
        super().action_confirm()
