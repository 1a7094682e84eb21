"""DuplicatesDialog: contacts that may be one, side by side; the user chooses what to keep, merges or skips."""

from __future__ import annotations

from asyncio import Lock
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.widget import Widget

from coterie.core.book import Book
from coterie.core.bulk.merging import merge_groups
from coterie.core.duplicates import Pair
from coterie.core.errors import NotFound
from coterie.core.model import Contact
from coterie.tui import notices
from coterie.tui.dialogs.certain_merges import CertainMerges
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.dialogs.duplicates_pairs import Pairs
from coterie.tui.dialogs.duplicates_sides import Sides
from coterie.tui.dialogs.not_the_same import NotTheSame
from coterie.tui.offered import account_names
from coterie.tui.widgets.dialog_keys import Key


@dataclass(frozen=True, slots=True)
class _Done:
    """Something that was done here and can be undone.

    Attributes:
        merged: how many pairs became one.
        operation_id: the journal's entry; None if two were only said not to be the same.
        ids: whom it was about, and `place` where their pair was; None if it was about many.
    """

    merged: int
    operation_id: int | None = None
    ids: tuple[int, int] | None = None
    place: int = 0


class DuplicatesDialog(Dialog[int]):
    """Finds pairs of contacts that may be one and goes through them; answers how many were merged.

    The first pair is shown as soon as it is found. Each merge is an undo of its own, and after it only the pairs of
    its contacts are looked for again. What is not the same is remembered in the book.

    Args:
        book: where the contacts are.
        patience: seconds to go on looking for the surest pair before the first one that was found is shown.
    """

    CSS_PATH = [DIALOG_CSS, "duplicates.tcss"]  # noqa: RUF012
    gives_way = "#fields"
    most_lines = 14
    AUTO_FOCUS = "#fields"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "confirm", show=False, tooltip="Merge the two: the left one is kept."),
        Binding("s", "skip(1)", show=False, tooltip="Go on to the next pair."),
        Binding("b", "skip(-1)", "back", tooltip="Go back to the pair before."),
        Binding("n", "apart", show=False, tooltip="The two are not the same: they are not shown together again."),
        Binding("x", "swap", "swap", tooltip="Keep the right contact instead of the left one."),
        Binding("a", "certain", show=False, tooltip="Show all that are certain, and merge them in one step."),
        Binding("N", "list_apart", show=False, tooltip="Show the pairs that are not the same, to undo it."),
        Binding("u", "undo", "undo", tooltip="Undo the last thing that was done here."),
    ]
    heading = "Duplicates"

    def __init__(self, book: Book, *, patience: float = 0.2) -> None:
        super().__init__()
        self._book = book
        self._patience = patience
        self._pairs = Pairs()
        self._at = 0
        self._done: list[_Done] = []
        self._showing = Lock()
        self._is_changing = False
        self._is_looking = True
        self._is_patient = True
        self._looked = ""
        self._news = ""

    # What is shown ---------------------------------------------------------------------------------------------

    def compose_body(self) -> Iterable[Widget]:
        """Both contacts."""
        yield Sides(self._book.called)

    def compose_buttons(self) -> Iterable[Widget]:
        """Merge, skip, not the same, all that are certain, close."""
        yield DialogButton("Merge", "confirm", key="m", main=True, id="confirm")
        yield DialogButton("Skip", "skip(1)", key="s", id="skip")
        yield DialogButton("Not the same", "apart", key="n", id="apart")
        yield DialogButton("All certain", "certain", key="a", id="certain")
        yield DialogButton("Close", "cancel", key="esc", id="cancel")

    @property
    def _sides(self) -> Sides:
        return self.query_one(Sides)

    @property
    def _both(self) -> tuple[Contact, Contact] | None:
        return self._sides.both if self.is_mounted else None

    def on_mount(self) -> None:
        """Look for pairs. The first is shown after a moment; small books are through by then, so it is the surest."""
        self._look_again()

    def _show_first(self) -> None:
        self._is_patient = False
        if self._both is None and self._is_looking:
            self._go(0)

    @work(group="look")
    async def _look(self) -> None:
        """Find all pairs. Closing the dialog stops it."""
        try:
            self._sides.account_names = account_names(await self._book.accounts.all())
            async with aclosing(self._book.duplicates.find(self._tell)) as search:
                async for pairs in search:
                    self._pairs.add(pairs)
                    if self._both is None and not self._is_patient:
                        await self._show_from(1, self._at)
        except Exception as error:  # noqa: BLE001 - the funnel: what went wrong is said here
            self._fail(error)
        if not self.is_open:
            return
        self._is_looking = False
        if self._both is None:
            await self._show_from(1, self._at)
        self._retitle()

    def _tell(self, done: int, of: int | None) -> None:
        looked = f"{100 * done // of} %" if of else ""
        if looked != self._looked:
            self._looked = looked
            self._retitle()
            if self._both is None and self.is_open:
                self._wait()

    def _retitle(self) -> None:
        number = f"{self._at + 1:,} of {len(self._pairs):,}" if self._both else ""
        looking = f"looking, {self._looked}" if self._is_looking and self._looked else ""
        about = ", ".join(part for part in (number, looking) if part)
        self.retitle(f"Duplicates: {about}" if about else "Duplicates")
        self.show_keys()

    def keys_here(self) -> list[Key]:
        """Those that do something now: there may be no pair before this one, and nothing to undo."""
        idle = {"skip(-1)": self._at == 0, "undo": not self._done, "swap": self._both is None}
        return [key for key in super().keys_here() if not idle.get(key.action)]

    def _wait(self) -> None:
        """Say that pairs are still being looked for."""
        more = "more pairs" if len(self._pairs) else "duplicates"
        self._sides.say(f"Looking for {more}…")

    def _show_parts(self, shown: bool) -> None:
        """Show what belongs to a pair, or not. Enter must not close the dialog while more pairs may come."""
        for name in ("#confirm", "#skip", "#apart"):
            self.query_one(name).display = shown
        self.query_one("#certain").display = shown or self._is_looking
        if not shown:
            self._sides.clear(listed=self._is_looking)
        self.query_one("#fields" if shown or self._is_looking else "#cancel").focus()

    @work(group="pair")
    async def _go(self, by: int) -> None:
        try:
            await self._show_from(by)
        except Exception as error:  # noqa: BLE001 - the funnel: what went wrong is said here
            self._fail(error)

    async def _show_from(self, by: int, place: int | None = None) -> None:
        """Show the pair at that place, or so many on; if one of the two is gone, go on in the same direction."""
        async with self._showing:
            place = self._at + by if place is None else place
            while pair := self._pairs.at(place):
                if both := await self._load(pair.a, pair.b):
                    self._at = place
                    self._show(both, pair)
                    return
                if by < 0:
                    place -= 1
                else:
                    self._pairs.drop(place)
            if place < 0:
                self.say("This is the first pair.", error=False)
            else:
                self._at = place
                self._end()

    async def _load(self, first: int, second: int) -> tuple[Contact, Contact] | None:
        try:
            both = (await self._book.contact(first), await self._book.contact(second))
        except NotFound:
            return None
        return None if both[0].deleted_at or both[1].deleted_at else both

    def _show(self, both: tuple[Contact, Contact], pair: Pair) -> None:
        is_first = self._both is None
        self._sides.show(both, f"{', '.join(pair.reasons).capitalize()} ({pair.score} of 100).")
        if is_first:
            self._show_parts(True)
        self._retitle()
        self._say_news()

    def _say_news(self) -> None:
        self.say(self._news, error=False)
        self._news = ""

    def _end(self) -> None:
        """There is no other pair, or none yet."""
        self._show_parts(False)
        self._retitle()
        if self._is_looking:
            self._wait()
        else:
            words = "That was the last pair." if len(self._pairs) or self._done else "There are no duplicates."
            self._sides.say(words)
            self._say_news()

    # What is done ----------------------------------------------------------------------------------------------

    def action_choose(self, side: int) -> None:
        """Let the left (0) or right (1) value stand, or (-1) the one that does not."""
        if not self._sides.choose(side):
            self.say("There is nothing to choose: all values are kept.", error=False)

    def action_swap(self) -> None:
        """Keep the right contact instead of the left one."""
        self._sides.swap()

    def action_skip(self, by: int) -> None:
        """On to the next pair, or back."""
        if not self._is_changing and (self._both is not None or by < 0):
            self._go(by)

    @property
    def has_pages(self) -> bool:
        """The pairs are turned like pages."""
        return self._both is not None

    async def action_turn_page(self, by: int) -> None:
        """To the next pair, or back."""
        self.action_skip(by)

    def action_confirm(self) -> None:
        """Merge the two; after the last pair, close."""
        if self._is_changing:
            return
        if self._both is not None:
            self._merge()
        elif not self._is_looking:
            self.action_cancel()

    @work(group="merge")
    async def _merge(self) -> None:
        ids, plan = self._ids, self._sides.plan
        async with self._changing():
            outcome = await self._book.apply(plan)
            self._done.append(_Done(1, outcome.operation_id, ids, self._at))
            await self._renew(ids)
            await self._show_from(1, self._at)
            self.say(f"{outcome.summary} u undoes it.", error=False)

    @property
    def _ids(self) -> tuple[int, int]:
        assert self._both is not None
        left, right = self._both
        assert left.id is not None
        assert right.id is not None
        return left.id, right.id

    def action_apart(self) -> None:
        """The two are not the same."""
        if self._both is not None and not self._is_changing:
            self._keep_apart()

    @work(group="merge")
    async def _keep_apart(self) -> None:
        ids = self._ids
        async with self._changing():
            await self._book.duplicates.keep_apart(ids)
            self._done.append(_Done(0, None, ids, self._at))
            self._pairs.drop(self._at)
            await self._show_from(1, self._at)
            self.say("Not the same: the book remembers it. u undoes it.", error=False)

    def action_undo(self) -> None:
        """Undo the last thing that was done here."""
        if not self._done:
            self.say("Nothing has been done here yet.", error=False)
        elif not self._is_changing:
            self._undo(self._done[-1])

    @work(group="merge")
    async def _undo(self, done: _Done) -> None:
        async with self._changing():
            if done.operation_id is not None and not await self._is_last(done.operation_id):
                self.say("Something else has been changed since. Close this to undo that.")
                return
            if done.operation_id is not None:
                words = (await self._book.history.undo()).summary
            else:
                assert done.ids is not None
                await self._book.duplicates.rejoin(done.ids)
                words = "They may be the same again."
            self._done.pop()
            if done.ids is None:
                self._look_again(words)
            else:
                await self._renew(done.ids)
                self._pairs.bring(done.ids, done.place)
                await self._show_from(1, done.place)
                self.say(words, error=False)

    async def _is_last(self, operation_id: int) -> bool:
        standing = (entry for entry in await self._book.history.latest(100) if entry.undone_at is None)
        last = next(standing, None)
        return last is not None and last.id == operation_id

    # Several at once -------------------------------------------------------------------------------------------

    def action_certain(self) -> None:
        """Show all that are certain, and merge them in one step."""
        if self._is_looking:
            self.say("Pairs are still being looked for. Press a again when that is done.", error=False)
        elif not self._is_changing:
            self._merge_certain()

    @work(group="merge")
    async def _merge_certain(self) -> None:
        async with self._changing():
            groups = await self._book.duplicates.certain()
            if not groups:
                self.say("None of these pairs is certain: look at each of them.", error=False)
                return
            chosen = await self.app.push_screen_wait(CertainMerges(groups, self._book.called))
            if chosen:
                outcome = await self._book.apply(merge_groups(chosen))
                self._done.append(_Done(sum(len(group) - 1 for group in chosen), outcome.operation_id))
                self._look_again(f"{outcome.summary} u undoes it.")

    def action_list_apart(self) -> None:
        """Show the pairs that are not the same, to undo it."""
        if not self._is_changing:
            self._list_apart()

    @work(group="open")
    async def _list_apart(self) -> None:
        async with self._changing():
            pairs = await NotTheSame.pairs_of(self._book)
            if not pairs:
                self.say("Nothing was said not to be the same: n says it of a pair.", error=False)
            elif await self.app.push_screen_wait(NotTheSame(self._book, pairs)):
                self._look_again()

    def _look_again(self, news: str = "") -> None:
        """Begin anew: much has changed. `news` is said beside the first pair."""
        self._news = news
        self._pairs = Pairs()
        self._at = 0
        self._is_looking = self._is_patient = True
        self._show_parts(False)
        self._look()
        self.set_timer(self._patience, self._show_first)

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[None]:
        """While the book is changed no key starts another change; what goes wrong is said."""
        self._is_changing = True
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the funnel: what went wrong is said here
            self._fail(error)
        finally:
            self._is_changing = False

    async def _renew(self, contact_ids: Collection[int]) -> None:
        self._pairs.renew(contact_ids, await self._book.duplicates.around(contact_ids))

    def _fail(self, error: Exception) -> None:
        if isinstance(error, NoMatches) and not self.is_open:
            return  # closed meanwhile: there is nothing left to show it in
        notice = notices.notice_of(error)
        self.say(f"{notice.title} {notice.hint}".strip())

    def action_cancel(self) -> None:
        """Close; what was merged stays merged."""
        self.answer(sum(done.merged for done in self._done))
