"""Frames: what one key changes is shown at once, and in one piece."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.screen import Screen, ScreenResultType
from textual.strip import Strip


class PartsCompositor(Compositor):
    """Asks widgets for the lines that changed, where Textual asks every visible widget for all of its lines."""

    _parts: tuple[Region, ...] = ()

    def render_partial_update(self) -> ChopsUpdate | None:
        """What to write for the regions that changed since the last update; None where none did."""
        self._parts = tuple(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._parts = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Each widget that touches what changed, from front to back: its region, what of it is drawn, and its lines."""
        if not self._parts:
            yield from super()._get_renders(crop)
            return
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            for part in self._parts:
                if part.overlaps(seen):
                    # As wide as it is seen: the lines of all widgets are cut at the same columns.
                    drawn = seen.intersection(Region(seen.x, part.y, seen.width, part.height))
                    yield region, drawn, widget.render_lines(drawn.translate(-region.offset))


class WholeFrames(Screen[ScreenResultType]):
    """A screen that draws all that was to be drawn anew when a frame begins.

    In Textual each widget asks for its part in the next frame by a message of its own. Of three that one key changed,
    the last one's message often arrives when the frame is drawn, and the rest of the change comes a frame later. And
    while updates are held back (`App.batch_update`), Textual composes frames that nobody gets to see; here they are
    left out, and who ends the batch calls `refresh`. It overrides methods of Screen that are no public interface of
    Textual: the version is pinned, and tests guard it.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._compositor = PartsCompositor()

    def _on_timer_update(self) -> None:
        if self.is_current and not self.app._batch_count:
            self._dirty_widgets |= {one for one in self._compositor.visible_widgets if one._repaint_regions}
        super()._on_timer_update()

    def _compositor_refresh(self) -> None:
        if not self.app._batch_count:
            super()._compositor_refresh()
