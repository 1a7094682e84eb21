"""The mixin that gives an App light output."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic

from textual.app import ReturnType
from textual.driver import Driver

from coterie.tui.terminal import is_wanted
from coterie.tui.terminal.textual_private import PrivateApp, Update

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

    from coterie.tui.terminal.takeover import Takeover


class DifferenceOutput(PrivateApp[ReturnType], Generic[ReturnType]):
    """`class MyApp(DifferenceOutput[None])`: an App that sends its terminal only what differs from frame to frame.

    Everything looks as Textual shows it. `COTERIE_PLAIN_OUTPUT=1` in the environment gives Textual's own output.
    """

    takeover: Takeover | None = None
    """Who has the terminal until the driver takes it over, if anybody has."""
    _is_lent = False

    def get_driver_class(self) -> type[Driver]:
        """The driver that writes differences, if the platform has it and the user does not object."""
        usual = super().get_driver_class()
        if is_wanted():
            from textual.drivers.linux_driver import LinuxDriver

            if usual is LinuxDriver:
                from coterie.tui.terminal.driver import DifferenceDriver

                return DifferenceDriver
        return usual

    @property
    def keys_wait(self) -> bool:
        """Whether keys were typed that are still to be carried out; an App that keeps them in a queue says so here."""
        return False

    def redraw(self) -> None:
        """Write the whole screen again: another program may have written on it."""
        redraw = getattr(self.driver, "redraw", None)
        if redraw is None:
            self.refresh(layout=True)
        else:
            redraw()

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Lend the terminal to another program, as in Textual; here it comes back also if the body raises.

        The body may await: what is drawn meanwhile is shown afterwards.
        """
        lent = super().suspend()
        lent.__enter__()
        self._is_lent = True
        try:
            yield
        finally:
            self._is_lent = False
            lent.__exit__(None, None, None)

    def action_suspend_process(self) -> None:
        """Stop the program and give the shell the terminal; `fg` brings it back."""
        stop = getattr(self.driver, "stop", None)
        if stop is None:
            super().action_suspend_process()
        else:
            stop()
            self.refresh(layout=True)

    def show_frame(self, screen: Screen[Any], frame: RenderableType | None) -> None:
        """Have the driver write what differs."""
        if self._is_lent:
            return
        take = getattr(self.driver, "take", None)
        if take is None or not isinstance(frame, Update):
            super().show_frame(screen, frame)
            return
        try:
            if self.is_drawing:
                take(frame, self._rest(), self.knows_synchronized_output)
        except Exception as error:  # noqa: BLE001 - as Textual does: shown once the terminal is given back
            self.handle_error(error)
        finally:
            self.post_display_hook()

    def _rest(self) -> tuple[int, int]:
        """Where terminals are to open the windows of input methods: at the text cursor of what has the focus.

        (0, 0), which asks for nothing, if that has none. Textual's `cursor_position` stays when the focus goes.
        """
        focused = self.screen.focused
        if focused is None or not focused.region.contains_point(self.cursor_position):
            return (0, 0)
        x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
        return (x, y)
