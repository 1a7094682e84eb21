"""Frames: what one key changes is shown at once, and in one piece."""

from __future__ import annotations

from textual.screen import Screen, ScreenResultType


class WholeFrames(Screen[ScreenResultType]):
    """A screen that draws all that was to be drawn anew when a frame begins.

    In Textual each widget asks for its part in the next frame by a message of its own. Of three that one key changed,
    the last one's message often arrives when the frame is drawn, and the rest of the change comes a frame later. And
    while updates are held back (`App.batch_update`), Textual composes frames that nobody gets to see; here they are
    left out, and who ends the batch calls `refresh`. It overrides methods of Screen that are no public interface of
    Textual: the version is pinned, and tests guard it.
    """

    def _on_timer_update(self) -> None:
        if self.is_current and not self.app._batch_count:
            self._dirty_widgets |= {one for one in self._compositor.visible_widgets if one._repaint_regions}
        super()._on_timer_update()

    def _compositor_refresh(self) -> None:
        if not self.app._batch_count:
            super()._compositor_refresh()
