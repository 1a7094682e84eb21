"""Everything of Textual that Coterie uses and that is not public: no other module of `tui` names such a thing.

What Textual calls by a private name has a public one here, which subclasses override: `_display` calls `show_frame`.
README.md says what each is for, and what to do when a new Textual lacks it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Generic, cast

from textual._callback import invoke
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual._context import active_message_pump, visible_screen_stack
from textual._styles_cache import StylesCache
from textual._xterm_parser import XTermParser
from textual.app import App, ReturnType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region, Size
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen, ScreenResultType
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    import asyncio
    from io import TextIOWrapper

    from rich.console import RenderableType
    from textual.notifications import Notification
    from textual.style import Style

Update = LayoutUpdate | ChopsUpdate
"""A frame of a screen, or what changed in it."""


class PrivateApp(App[ReturnType], Generic[ReturnType]):
    """An App whose frames and errors can be overridden."""

    @property
    def driver(self) -> Driver | None:
        """What reads keys and writes frames; None before the start."""
        return self._driver

    @property
    def is_drawing(self) -> bool:
        """Whether frames are to be shown: not while updates are held back."""
        return self._running and not self._closed and not self._batch_count

    @property
    def knows_synchronized_output(self) -> bool:
        """Whether the terminal said so (DEC mode 2026)."""
        return self._sync_available

    @property
    def notices(self) -> list[Notification]:
        """The notices that are shown."""
        return list(self._notifications)

    def open_screens(self) -> list[Screen[Any]]:
        """The open screens of all modes; the one on top of the present mode is the last."""
        others = [stack for mode, stack in self._screen_stacks.items() if mode != self.current_mode]
        return [screen for stack in (*others, self.screen_stack) for screen in stack]

    async def run_binding(self, key: str) -> bool:
        """Carry out what `key` is bound to, without offering it to each widget first; False if it is to nothing."""
        self.app_focus = True
        self.screen._clear_tooltip()
        return await self._check_bindings(key, priority=True) or await self._check_bindings(key, priority=False)

    def show_frame(self, screen: Screen[Any], frame: RenderableType | None) -> None:
        """Show what `screen` has composed."""
        super()._display(screen, frame)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        self.show_frame(screen, renderable)

    def handle_error(self, error: Exception) -> None:
        """Called with every error that nobody has handled: ends the program."""
        super()._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        self.handle_error(error)

    def end_with_error(self) -> None:
        """End with the traceback of the error that is handled at this moment."""
        super()._fatal_error()

    def _fatal_error(self) -> None:
        self.end_with_error()

    def note_error(self, error: Exception) -> None:
        """Have `run_test` raise `error` at its end, if it is the first one."""
        if self._exception is None:
            self._exception = error


class PartsCompositor(Compositor):
    """Asks widgets for the lines that changed, where Textual asks every visible widget for all of its lines."""

    _parts: tuple[Region, ...] = ()

    def render_partial_update(self) -> ChopsUpdate | None:
        """What to write for the regions that changed since the last update; None if none did."""
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


def name_those_beneath(screen: Screen[Any]) -> None:
    """Have Textual draw right what is seen through `screen`; to be called as `screen` is about to be drawn.

    By itself Textual takes the next one of a list. A screen that comes from a cache takes none, so that one further
    down gets a wrong one, and two may draw each other without end.
    """
    stack = screen.app.screen_stack
    visible_screen_stack.set(stack[: stack.index(screen)] if screen in stack else [])


class WholeFrames(Screen[ScreenResultType]):
    """A screen that draws all that was to be drawn anew when a frame begins.

    In Textual each widget asks for its part in the next frame by a message of its own. Of three that one key changed,
    the last one's message often arrives when the frame is drawn, and the rest of the change comes a frame later. And
    while updates are held back (`App.batch_update`), Textual composes frames that nobody gets to see; here they are
    left out, and who ends the batch calls `refresh`.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._compositor = PartsCompositor()

    def render(self) -> RenderableType:
        """What is behind its widgets."""
        name_those_beneath(self)
        return super().render()

    def _on_timer_update(self) -> None:
        if self.is_current and not self.app._batch_count:
            self._dirty_widgets |= {widget for widget in self._compositor.visible_widgets if widget._repaint_regions}
        super()._on_timer_update()

    def _compositor_refresh(self) -> None:
        if not self.app._batch_count:
            super()._compositor_refresh()


class LaidOutOnce(Screen[ScreenResultType]):
    """A screen that is laid out once when it opens: with its first frame, Textual sends it the size that it has."""

    def render(self) -> RenderableType:
        """What is behind its widgets: the screen beneath."""
        name_those_beneath(self)
        return super().render()

    def _screen_resized(self, size: Size) -> None:
        if size != self._compositor.size:
            super()._screen_resized(size)


class PrivateDriver(LinuxDriver):
    """The driver for terminals, with what its subclasses have to know and to override."""

    @property
    def app(self) -> App[Any]:
        """Who gets the keys."""
        return self._app

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop of the app."""
        return self._loop

    @property
    def is_reading(self) -> bool:
        """Whether keys are read."""
        return self._key_thread is not None and self._key_thread.is_alive()

    @property
    def takes_terminal_back(self) -> bool:
        """Whether the program has the terminal, and so takes it again when it goes on after a stop."""
        return self._auto_restart

    def stop_reading(self) -> None:
        """Stop reading keys; those typed from now on are for whoever reads next, while `disable_input` drops them.

        What makes the thread that reads them end must be done before.
        """
        self._disable_mouse_support()
        if self._key_thread is not None:
            self._key_thread.join()

    def write_to(self, file: object) -> None:
        """Have everything written to `file`, which has `write`, `flush` and `fileno`; to be called before the start."""
        self._file = cast("TextIOWrapper", file)

    def key_parser(self) -> KeyParser:
        """Make what finds keys in what is typed."""
        return KeyParser(self._debug)

    def terminal_size(self) -> tuple[int, int]:
        """The columns and lines of the terminal."""
        return super()._get_terminal_size()

    def _get_terminal_size(self) -> tuple[int, int]:
        return self.terminal_size()

    def asked_to_stop(self) -> None:
        """Called by SIGTSTP, as another program sends it."""
        super()._sigtstp_application()

    def _sigtstp_application(self, *_: object) -> None:
        self.asked_to_stop()

    def continued(self) -> None:
        """Called by SIGCONT."""
        super()._sigcont_application()

    def _sigcont_application(self, *_: object) -> None:
        self.continued()


class KeyParser(XTermParser):
    """Finds keys, the mouse and pastes in what is typed."""

    @property
    def is_waiting(self) -> bool:
        """Whether what was typed may be the beginning of a sequence."""
        return self._timeout_time is not None

    def give_up(self) -> Iterable[Message]:
        """The events of what was kept, as the rest of a sequence did not come."""
        if self._timeout_time is not None:
            self._timeout_time = 0
        return self.tick()


def shield_messages(guard: Callable[[MessagePump], AbstractContextManager[None]]) -> None:
    """From now on have every message and every callback of every widget handled in a block of `guard`.

    An error that it keeps ends neither the handling of the next message nor the callbacks that come after.
    """
    dispatch = MessagePump._dispatch_message

    async def dispatch_guarded(pump: MessagePump, message: Message) -> None:
        with guard(pump):
            await dispatch(pump, message)

    async def flush_guarded(pump: MessagePump) -> None:
        callbacks, pump._next_callbacks[:] = pump._next_callbacks.copy(), ()
        for each in callbacks:
            with guard(pump), pump.prevent(*each._prevent):
                await invoke(each.callback)

    MessagePump._dispatch_message = dispatch_guarded  # type: ignore[method-assign, assignment]
    MessagePump._flush_next_callbacks = flush_guarded  # type: ignore[method-assign, assignment]


def active_pump() -> MessagePump | None:
    """Who handles a message at this moment."""
    return active_message_pump.get(None)


def is_closing(pump: MessagePump) -> bool:
    """Whether `pump` is being closed, or something around it: nobody will see what it still does."""
    around: MessagePump | None = pump
    while around is not None:
        if not around.is_running or around._closing:
            return True
        if isinstance(around, Screen) and not any(around in stack for stack in around.app._screen_stacks.values()):
            return True  # what was in it goes before it goes itself
        around = around._parent
    return False


def forget_drawn_lines() -> None:
    """Let go of what closed screens have drawn: Textual keeps it for its last 1,024 widgets, by the keys of a cache."""
    StylesCache.get_inner_outer.cache_clear()


def lines_on(screen: Screen[Any]) -> list[Strip]:
    """The lines that `screen` shows, from the top."""
    return screen._compositor.render_strips()


def style_finder(widget: Widget) -> Callable[[Style | str], Style]:
    """What finds the style that a piece of `Content` names, as it looks in `widget`."""
    return widget._get_style


def bound_keys(node: DOMNode) -> Collection[str]:
    """The keys that are bound in `node` itself."""
    return node._bindings.key_to_bindings.keys()


def whole_lines(frame: Update) -> tuple[Region, list[Iterable[Strip]]] | None:
    """Where a frame goes, and the strips of its lines; None if it is only what changed."""
    return (frame.region, frame.strips) if isinstance(frame, LayoutUpdate) else None


def changed_pieces(frame: Update) -> Iterator[tuple[int, int, Strip]]:
    """What changed, as (column, line, strip): what `ChopsUpdate.render_segments` writes."""
    assert isinstance(frame, ChopsUpdate)
    for y, x1, x2 in frame.spans:
        for end, (x, strip) in zip(frame.chop_ends[y], frame.chops[y].items(), strict=False):
            if strip is None or x > x2 or end <= x1:
                continue
            whole = x2 > x >= x1 and end <= x2
            yield x, y, strip if whole else strip.crop(0, min(end, x2) - x)
