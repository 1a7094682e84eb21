"""CleanupDesk: what could be cleaned up in the book, kind by kind, counted; each line opens its proposals."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.css.query import NoMatches
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.book import Book
from coterie.core.bulk import Survey
from coterie.core.changes import Outcome
from coterie.core.checks import Checks
from coterie.core.cleanup import KINDS, Kind, Leads
from coterie.core.cleanup.step import CleanUp, plan_of
from coterie.core.text import number_of
from coterie.tui import notices
from coterie.tui.dialogs.cleanup_preview import CleanupPreview
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.dialogs.duplicates import DuplicatesDialog
from coterie.tui.dialogs.duplicates_sides import fit
from coterie.tui.files import Files
from coterie.tui.screens.progress import with_progress
from coterie.tui.widgets.dialog_keys import Key
from coterie.tui.widgets.dialog_list import DialogList

if TYPE_CHECKING:
    from coterie.core.store.cleanup.cleanup import Count

_WIDEST: Final = 82
_FRAME: Final = 7
"""Cells of the box, its padding and the scroll bar."""
_COUNT: Final = 8


@dataclass(frozen=True, slots=True)
class CleanedUp:
    """What came of it.

    Attributes:
        changed: how many steps were carried out.
        check: the contacts that the user wants checked in the list.
        query: a search that shows them.
    """

    changed: int = 0
    check: Checks | None = None
    query: str = ""


class CleanupDesk(Dialog[CleanedUp]):
    """Looks at what was changed since the last look, and lists what could be cleaned up.

    Args:
        book: where the contacts are.
        files: where proposals can be saved.
    """

    CSS_PATH = [DIALOG_CSS, "cleanup.tcss"]  # noqa: RUF012
    gives_way = "#kinds"
    most_lines = 14
    AUTO_FOCUS = "#kinds"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "dismiss_all", "dismiss all", tooltip="Never propose again what this line proposes now."),
        Binding("R", "restore_all", "", False, tooltip="Propose again what was dismissed on this line."),
        Binding("u", "undo", "undo", tooltip="Undo the last step that was made here."),
    ]
    heading = "Clean up"

    def __init__(self, book: Book, files: Files) -> None:
        super().__init__()
        self._book = book
        self._files = files
        self._counts: Sequence[Count] = ()
        self._done: list[int] = []
        self._is_busy = False
        self._looked = ""

    # What is shown ---------------------------------------------------------------------------------------------

    def compose_body(self) -> Iterable[Widget]:
        """The kinds, and what the marked one proposes."""
        with Vertical(id="desk"):
            yield DialogList(
                *(Option(self._line(kind)) for kind in KINDS.values()), id="kinds", markup=False, compact=True
            )
            yield Static(id="about", classes="note", markup=False)

    def compose_buttons(self) -> Iterable[Widget]:
        """Open, close."""
        yield DialogButton("Open", "confirm", main=True, id="confirm")
        yield DialogButton("Close", "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """Look."""
        self._look()

    @work(group="look")
    async def _look(self) -> None:
        async with self._busy():
            self._counts = await self._book.cleanup.look(self._tell)
            self._show()

    def _tell(self, done: int, of: int | None) -> None:
        looked = f"looking, {100 * done // of} %" if of else ""
        if looked != self._looked:
            self._looked = looked
            self.retitle(f"Clean up: {looked}")

    def _show(self) -> None:
        if not self.is_open:
            return
        self._write_lines()
        proposals = sum(row.count for row in self._counts)
        self.retitle(
            f"Clean up: {number_of(proposals, 'proposal')}" if proposals else "Clean up: there is nothing to do"
        )
        self._show_about()
        self.show_keys()

    @on(events.Resize)
    def _write_lines(self) -> None:
        self.query_one("#kinds", DialogList).rewrite(map(self._line, KINDS.values()))

    def _count(self, kind: Kind) -> Count | None:
        return next((row for row in self._counts if row.kind is kind), None)

    def _line(self, kind: Kind) -> Content:
        row = self._count(kind)
        room = min(self.app.size.width, _WIDEST) - _FRAME
        number = "…" if row is None else f"{row.count:,}" if row.count else "-"
        style = "" if row is None or row.count else "dim"
        return Content.assemble((fit(kind.title, room - _COUNT), style), (f"{number:>{_COUNT}}", style or "bold"))

    @property
    def _kind(self) -> Kind:
        at = self.query_one("#kinds", DialogList).highlighted or 0
        return list(KINDS.values())[at]

    @on(OptionList.OptionHighlighted)
    def _show_about(self) -> None:
        row = self._count(self._kind)
        dismissed = f" {row.dismissed:,} dismissed; R proposes them again." if row and row.dismissed else ""
        self.query_one("#about", Static).update(self._kind.about + dismissed)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_confirm()

    def keys_here(self) -> list[Key]:
        """Those that do something now."""
        return [key for key in super().keys_here() if key.action != "undo" or self._done]

    # What is done ----------------------------------------------------------------------------------------------

    def action_confirm(self) -> None:
        """Open the proposals of the marked line."""
        row = self._count(self._kind)
        if self._is_busy or row is None:
            self.say("The book is still being looked through.", error=False)
        elif not row.count:
            self.say("There is nothing to clean up here.", error=False)
        else:
            self._open(row.kind)

    @work(group="open")
    async def _open(self, kind: Kind) -> None:
        async with self._busy():
            if kind.leads is Leads.PAIRS:
                merged = await self.app.push_screen_wait(DuplicatesDialog(self._book))
                words = f"Merged {number_of(merged, 'pair')} of contacts." if merged else ""
            else:
                words = await self._propose(kind)
            if self.is_open:
                self._counts = await self._book.cleanup.look()
                self._show()
                self.say(words, error=False)

    async def _propose(self, kind: Kind) -> str:
        """Show the proposals, and carry them out if the user agrees; what to say of it."""
        ids = Checks.of(self._book.cleanup.ids(kind))
        survey = await Survey.of(self._book, [CleanUp(kind, self._book.cleanup.usual)], ids)
        await with_progress(self.app, kind.title, survey.finish)
        agreed = await self.app.push_screen_wait(CleanupPreview(self._book, kind, survey, self._files))
        if agreed is None:
            return ""
        if kind.leads is Leads.CHECK:
            to_check = Checks.of(self._book.cleanup.ids(kind))
            self.answer(CleanedUp(len(self._done), to_check, kind.query))
            return ""
        plan = await plan_of(self._book, agreed)
        outcome: Outcome = await with_progress(self.app, plan.title, lambda progress: self._book.apply(plan, progress))
        if outcome.operation_id is None:
            return outcome.summary
        self._done.append(outcome.operation_id)
        return f"{outcome.summary} u undoes it."

    def action_undo(self) -> None:
        """Undo the last step that was made here."""
        if not self._done:
            self.say("Nothing has been done here yet.", error=False)
        elif not self._is_busy:
            self._undo()

    @work(group="merge")
    async def _undo(self) -> None:
        async with self._busy():
            standing = [entry.id for entry in await self._book.history.latest(100) if entry.undone_at is None]
            if standing[:1] != self._done[-1:]:
                self.say("Something else has been changed since. Close this to undo that.")
                return
            outcome = await with_progress(self.app, "Undo", self._book.history.undo)
            self._done.pop()
            self._counts = await self._book.cleanup.look()
            self._show()
            self.say(outcome.summary, error=False)

    def action_dismiss_all(self) -> None:
        """Never propose again what this line proposes now, after asking."""
        row = self._count(self._kind)
        if not self._is_busy and row and row.count:
            if row.kind.leads is Leads.PAIRS:
                self.say("Open it: there n says of a pair that the two are not the same.", error=False)
            else:
                self._dismiss(row)

    @work(group="open")
    async def _dismiss(self, row: Count) -> None:
        async with self._busy():
            question = Confirm(
                f"Dismiss {number_of(row.count, 'proposal')}?",
                f"“{row.kind.title}” is then only proposed for contacts that are changed or added. R undoes it.",
                yes="Dismiss",
            )
            if await self.app.push_screen_wait(question):
                await self._book.cleanup.dismiss(row.kind, self._book.cleanup.ids(row.kind))
                self._counts = await self._book.cleanup.counts()
                self._show()

    def action_restore_all(self) -> None:
        """Propose again what was dismissed on this line."""
        if not self._is_busy:
            self._restore(self._kind)

    @work(group="merge")
    async def _restore(self, kind: Kind) -> None:
        async with self._busy():
            count = await self._book.cleanup.restore(kind)
            self._counts = await self._book.cleanup.counts()
            self._show()
            again = f"{number_of(count, 'proposal')} {'is' if count == 1 else 'are'} made again."
            self.say(again if count else "Nothing was dismissed here.", error=False)

    @asynccontextmanager
    async def _busy(self) -> AsyncIterator[None]:
        """While something is under way no key starts another; what goes wrong is said."""
        self._is_busy = True
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the funnel: what went wrong is said here
            if not isinstance(error, NoMatches) or self.is_open:
                notice = notices.notice_of(error)
                self.say(f"{notice.title} {notice.hint}".strip())
        finally:
            self._is_busy = False

    def action_cancel(self) -> None:
        """Close; what was done stays done."""
        self.answer(CleanedUp(len(self._done)))
