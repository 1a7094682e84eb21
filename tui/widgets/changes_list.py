"""ChangesList: the lines of a survey - who, which field, what is there and what will be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events, work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from coterie.core.bulk import Kind, Survey
from coterie.core.fields.differences import Difference
from coterie.tui.glyphs import choose_glyphs, glyphs_on
from coterie.tui.widgets.cells import fit
from coterie.tui.widgets.excerpts import Piece, excerpts
from coterie.tui.widgets.viewport import Viewport

_FIELD_FROM = 60
"""Cells from which on each line also names the field."""
_FIELD = 12
_KEPT = 2_000
"""How many lines are kept in memory for the way back."""


class ChangesList(Widget, can_focus=True):
    """Shows what a survey has found, however much it is: only what is in sight is made into text.

    `space` leaves the contact of a line as it is; a contact with several lines is left out with all of them, since
    its fields may hang together.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"changes-list--{part}" for part in ("cursor", "old", "new", "same", "out", "reason")
    }
    DEFAULT_CSS = """
    ChangesList {
        height: 12;
        & > .changes-list--cursor {
            color: $block-cursor-foreground; background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        &:blur > .changes-list--cursor { color: $foreground; background: transparent; text-style: underline; }
        & > .changes-list--old { color: $text-error; text-style: strike; }
        & > .changes-list--new { color: $text-success; text-style: bold; }
        & > .changes-list--same { color: $text-muted; }
        & > .changes-list--out { color: $text-disabled; }
        & > .changes-list--reason { color: $text-warning; }
        &:ansi > .changes-list--old { color: $error; }
        &:ansi > .changes-list--new { color: $success; }
        &:ansi > .changes-list--reason { color: $warning; }
        &:nocolor > .changes-list--cursor { text-style: bold reverse; }
        &:nocolor:blur > .changes-list--cursor { text-style: underline; }
        &:nocolor > .changes-list--out { text-style: dim; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "leave_out", "leave out", tooltip="Leave this contact as it is, or change it after all."),
        Binding("j,down", "move(1)", "move", key_display="j k", tooltip="Move down and up; g and G go to the ends."),
        Binding("k,up", "move(-1)", show=False),
        Binding("g,home", "to(0)", show=False),
        Binding("G,end", "to(-1)", show=False),
        Binding("pagedown,ctrl+f", "page(1)", show=False),
        Binding("pageup,ctrl+b", "page(-1)", show=False),
        Binding("ctrl+d", "page(0.5)", show=False),
        Binding("ctrl+u", "page(-0.5)", show=False),
        Binding("A", "leave_all(True)", "", show=False, tooltip="Leave everything as it is that is listed here."),
        Binding("a", "leave_all(False)", "", show=False, tooltip="Change everything that is listed here."),
        Binding("enter", "screen.main", show=False),
    ]

    @dataclass
    class LeftOut(Message):
        """What is left out is different now."""

        changes: ChangesList

        @property
        def control(self) -> ChangesList:
            """The list."""
            return self.changes

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.survey: Survey | None = None
        self.kind = Kind.CHANGES
        self.view = Viewport()
        self._places: Sequence[int] | None = None
        self._lines: dict[int, Difference] = {}
        self._glyphs = choose_glyphs()

    def on_mount(self) -> None:
        """Draw with the signs that this terminal has."""
        self._glyphs = glyphs_on(self.app)

    # What is shown ---------------------------------------------------------------------------------------------

    def show(self, survey: Survey | None, kind: Kind = Kind.CHANGES) -> None:
        """Show a survey from its beginning. What was there stays until its first lines are made."""
        self.survey, self.kind, self._places = survey, kind, None
        self._lines = {}
        self.view = Viewport(page=self.view.page)
        self.grew()

    def show_only(self, places: Sequence[int] | None) -> None:
        """Show only the lines at these places of the survey, or all of them again."""
        self._places = places
        self.view.move_to(0)
        self.grew()

    def grew(self) -> None:
        """There may be more lines than before."""
        self.view.length = self._count
        self.view.page = max(1, self.size.height)
        self.view.settle()
        missing = self._missing
        if missing:
            self._fetch(missing)
        else:
            self.refresh()

    @property
    def _count(self) -> int:
        if self.survey is None:
            return 0
        return self.survey.count(self.kind) if self._places is None else len(self._places)

    def _place(self, line: int) -> int:
        return line if self._places is None else self._places[line]

    @property
    def _missing(self) -> list[int]:
        """The places in sight whose lines are not made yet."""
        in_sight = range(self.view.top, min(self.view.top + self.view.page, self._count))
        return [place for line in in_sight if (place := self._place(line)) not in self._lines]

    @work(group="lines", exclusive=True, exit_on_error=False)
    async def _fetch(self, places: Sequence[int]) -> None:
        survey, kind = self.survey, self.kind
        assert survey is not None
        made = await survey.lines(places, kind)
        if (survey, kind) == (self.survey, self.kind):
            if len(self._lines) > _KEPT:
                self._lines.clear()
            self._lines.update(zip(places, made, strict=True))
            self.refresh()
            if self._missing:
                self.grew()

    @property
    def line(self) -> Difference | None:
        """The line under the cursor."""
        return self._lines.get(self._place(self.view.position)) if self._count else None

    # Keys ------------------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.view.move_to(self.view.position + by)
        self.grew()

    def action_to(self, line: int) -> None:
        """To the first line, or to the last one."""
        self.view.move_to(line % max(1, self._count))
        self.grew()

    def action_page(self, by: float) -> None:
        """Move by pages."""
        self.view.turn(by)
        self.grew()

    def action_leave_out(self) -> None:
        """Leave the contact of this line as it is, or change it after all, and move on."""
        if self.survey is None or not self._count or self.kind is not Kind.CHANGES:
            return
        owner = self.survey.owner(self._place(self.view.position))
        self.survey.leave_out([owner], out=owner not in self.survey.left_out)
        self.action_move(1)
        self.post_message(self.LeftOut(self))

    def action_leave_all(self, out: bool) -> None:
        """Leave all that is listed as it is, or change it."""
        if self.survey is None or self.kind is not Kind.CHANGES:
            return
        survey = self.survey
        survey.leave_out((survey.owner(self._place(line)) for line in range(self._count)), out=out)
        self.refresh()
        self.post_message(self.LeftOut(self))

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.grew()

    def on_click(self, event: events.Click) -> None:
        """The cursor comes; on the box, it leaves out."""
        line = self.view.top + event.y
        if line < self._count:
            self.action_to(line)
            if event.x < 2 + cell_len(self._glyphs.checked):
                self.action_leave_out()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll."""
        event.stop()
        self.view.scroll_to(self.view.top + 3)
        self.grew()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll back."""
        event.stop()
        self.view.scroll_to(self.view.top - 3)
        self.grew()

    # Drawing ---------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """A line of the survey."""
        at = self.view.top + y
        line = self._lines.get(self._place(at)) if at < self._count else None
        if line is None:
            return Strip.blank(self.size.width, self.rich_style)
        width = self.size.width - (1 if self.view.scrolls else 0)
        pieces = self._pieces(line, width, is_cursor=at == self.view.position)
        used = sum(cell_len(text) for text, _ in pieces)
        segments = [Segment(text, style) for text, style in pieces]
        segments.append(Segment(" " * max(0, width - used), self.rich_style))
        if self.view.scrolls:
            thumb = self._glyphs.thumb if self.view.is_thumb(y) else self._glyphs.track
            segments.append(Segment(thumb, self._part("same")))
        return Strip(segments).crop(0, self.size.width)

    def _part(self, name: str) -> Style:
        return self.rich_style + self.get_component_rich_style(f"changes-list--{name}", partial=True)

    def _pieces(self, line: Difference, width: int, *, is_cursor: bool) -> list[tuple[str, Style]]:
        base, glyphs = self.rich_style, self._glyphs
        assert self.survey is not None
        is_out = line.contact_id in self.survey.left_out
        box = glyphs.unchecked if is_out else glyphs.checked
        lead = f"{glyphs.cursor if is_cursor else ' '} " + (f"{box} " if self.kind is Kind.CHANGES else "")
        room = width - cell_len(lead)
        name = max(8, min(room // 4, 24))
        field = _FIELD if room >= _FIELD_FROM else 0
        style = self._part("cursor") if is_cursor else self._part("out") if is_out else base
        pieces = [(lead, base), (fit(line.contact, name, glyphs.ellipsis), style), (" ", base)]
        if field:
            pieces.append((fit(line.field, field - 1, glyphs.ellipsis) + " ", self._part("same")))
        rest = room - name - 1 - field
        return pieces + (self._refusal(line, rest) if line.reason else self._change(line, rest, is_out=is_out))

    def _refusal(self, line: Difference, room: int) -> list[tuple[str, Style]]:
        return [(fit(line.reason, room, self._glyphs.ellipsis), self._part("reason"))]

    def _change(self, line: Difference, room: int, *, is_out: bool) -> list[tuple[str, Style]]:
        arrow = f" {self._glyphs.becomes} "
        width = max(4, (room - len(arrow)) // 2)
        old, new = excerpts(line.old, line.new, width, self._glyphs.ellipsis)
        out = self._part("out")
        same = out if is_out else self._part("same")
        return [
            *_styled(old, same, out if is_out else self._part("old")),
            (" " * (width - _cells(old)) + arrow, same),
            *_styled(new, same, out if is_out else self._part("new")),
        ]


def _styled(pieces: Sequence[Piece], same: Style, differs: Style) -> list[tuple[str, Style]]:
    return [(piece.text, differs if piece.differs else same) for piece in pieces]


def _cells(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(piece.text) for piece in pieces)
