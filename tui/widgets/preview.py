"""Preview: what a bulk change would do, before it is done - the same in every dialog that asks."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from coterie.core.bulk import Kind, Survey
from coterie.core.errors import CoterieError
from coterie.core.text import printable
from coterie.tui.widgets.changes_list import ChangesList
from coterie.tui.widgets.completing_input import LineInput

_LOW: Final = 18
"""On terminals with fewer lines, and with fewer columns than `_NARROW`, less is said above the lines."""
_NARROW: Final = 60
_OFTEN: Final = 0.25
"""Seconds between two words about how far it is."""


class _Search(LineInput):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "end_search(False)", "all lines", tooltip="Show all lines again."),
        Binding("enter,down", "end_search(True)", "to the lines", tooltip="Go to what was found."),
    ]

    def action_end_search(self, keep: bool) -> None:
        """Back to the lines."""
        preview = next(node for node in self.ancestors if isinstance(node, Preview))
        preview.end_search(keep=keep)


class Preview(Vertical):
    """Shows a survey while it looks: how many change, stay, are refused and why, and line by line what becomes what.

    `space` leaves a contact out, `/` searches, `r` shows what is refused, `x` saves the lines as CSV.

    Args:
        survey: what is shown at first; `show` replaces it.
    """

    DEFAULT_CSS = """
    Preview {
        height: auto;
        & > #preview-figures { height: auto; max-height: 2; }
        & > #preview-search { height: 1; display: none; }
        & > #preview-search.-open { display: block; }
        & > #preview-search > Static { width: 2; color: $text-muted; }
        & > #preview-search > Input { width: 1fr; }
        & > #preview-remark { height: auto; max-height: 2; color: $text-warning; }
        & > #preview-remark:ansi { color: $warning; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search", key_display="/", tooltip="Search among the lines."),
        Binding("r", "turn", "refused", tooltip="Show what is refused and why, or what changes."),
        Binding("x", "export", "save as CSV", tooltip="Save these lines as a CSV file."),
    ]

    @dataclass
    class Grew(Message):
        """There is more to see, or other things are left out."""

        preview: Preview

        @property
        def control(self) -> Preview:
            """The preview."""
            return self.preview

    @dataclass
    class ExportWanted(Message):
        """The lines are to be saved as CSV."""

        preview: Preview
        survey: Survey

        @property
        def control(self) -> Preview:
            """The preview."""
            return self.preview

    def __init__(self, survey: Survey | None = None, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.survey = survey
        self.changes = ChangesList(id="rows")
        self._figures = Static(id="preview-figures", markup=False)
        self._field = _Search(placeholder="name, field, old or new", id="preview-word")
        self._reason = ""

    def compose(self) -> ComposeResult:
        """The figures, the search, the lines."""
        yield self._figures
        yield Static(id="preview-remark", markup=False)
        with Horizontal(id="preview-search"):
            yield Static("/", markup=False)
            yield self._field
        yield self.changes

    def on_mount(self) -> None:
        """Look at what is to be shown."""
        self.show(self.survey)

    # Looking ---------------------------------------------------------------------------------------------------

    def show(self, survey: Survey | None) -> None:
        """Show another survey, from its beginning; what the last one has left to do ends."""
        self.survey, self._reason = survey, ""
        self._close_search()
        self.changes.show(survey)
        if survey is not None:
            self._look(survey)
        self._tell()

    @work(group="survey", exclusive=True, exit_on_error=False)
    async def _look(self, survey: Survey) -> None:
        told = 0.0
        while not survey.is_done and self.survey is survey:
            shown = survey.count(self.changes.kind)
            await survey.look()
            if survey.refused and not self._reason:
                [first] = await survey.lines([0], Kind.REFUSED)
                self._reason = f"{first.contact}: {first.reason}"
            if shown <= self.changes.view.page or monotonic() - told > _OFTEN:
                told = monotonic()
                self._tell()
        self._tell()

    def _tell(self) -> None:
        self._figures.update(printable(self.figures))
        remark = self.query_one("#preview-remark", Static)
        remark.update(printable(self._remark))
        remark.display = bool(self._remark) and self.app.size.height >= _LOW
        if not self._is_searching:
            self.changes.grew()
        self.post_message(self.Grew(self))

    @property
    def figures(self) -> str:
        """How many change, stay and are refused, in one line."""
        survey = self.survey
        if survey is None:
            return ""
        out, refused = len(survey.left_out), survey.refused
        stays = survey.unchanged if self.app.size.width >= _NARROW else 0
        parts = [
            f"{survey.applied:,} of {survey.total:,} {_verb(survey.applied, 'change')}",
            f"{out:,} left out" if out else "",
            f"{stays:,} {_verb(stays, 'stay')} as before" if stays else "",
            f"{refused:,} {'is' if refused == 1 else 'are'} refused" if refused else "",
            "" if survey.is_done else f"looked at {survey.looked:,} so far",
        ]
        return ", ".join(part for part in parts if part) + "."

    @property
    def _remark(self) -> str:
        """What the lines are, if they are not what changes; else why the first contact is refused."""
        refused = self.survey.refused if self.survey else 0
        if self.changes.kind is Kind.REFUSED:
            return "These stay as they are; r shows what changes."
        if self._reason and refused:
            return self._reason + (f" r shows all {refused:,}." if refused > 1 else "")
        return ""

    @on(ChangesList.LeftOut)
    def _left_out(self, event: ChangesList.LeftOut) -> None:
        event.stop()
        self._tell()

    # Keys ------------------------------------------------------------------------------------------------------

    def action_turn(self) -> None:
        """Show what is refused, or what changes."""
        if self.survey is not None:
            other = Kind.CHANGES if self.changes.kind is Kind.REFUSED else Kind.REFUSED
            self._close_search()
            self.changes.show(self.survey, other)
            self._tell()

    def action_export(self) -> None:
        """Ask the dialog to save the lines."""
        if self.survey is not None:
            self.post_message(self.ExportWanted(self, self.survey))

    def action_search(self) -> None:
        """Go into the search field."""
        self.query_one("#preview-search").add_class("-open")
        self._field.focus()

    @property
    def _is_searching(self) -> bool:
        return bool(self._field.value)

    def end_search(self, *, keep: bool) -> None:
        """Back to the lines: to those that were found, or to all of them."""
        if not keep or not self._is_searching:
            self._close_search()
            self.changes.show_only(None)
        self.changes.focus()

    def _close_search(self) -> None:
        with self._field.prevent(Input.Changed):
            self._field.value = ""
        self.query_one("#preview-search").remove_class("-open")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._is_searching:
            self._search(event.value)
        else:
            self.changes.show_only(None)

    @work(group="search", exclusive=True, exit_on_error=False)
    async def _search(self, text: str) -> None:
        survey, kind = self.survey, self.changes.kind
        assert survey is not None
        places: list[int] = []
        self.changes.show_only(places)
        try:
            async for _, matching in survey.matching(text, kind):
                places += matching
                self.changes.grew()
        except CoterieError as problem:
            self._figures.update(printable(str(problem)))


def _verb(count: int, verb: str) -> str:
    return f"{verb}s" if count == 1 else verb
