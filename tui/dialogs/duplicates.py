"""DuplicatesDialog: contacts that may be one, side by side; the user chooses what to keep, merges or skips."""

from __future__ import annotations

from asyncio import Lock
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from rich.cells import cell_len, set_cell_size
from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.css.query import NoMatches
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from coterie.core.book import Book
from coterie.core.bulk.merging import merge_into
from coterie.core.duplicates import Pair
from coterie.core.errors import NotFound
from coterie.core.fields import FIELDS, NAME_PARTS
from coterie.core.merge import merge
from coterie.core.model import Contact
from coterie.core.names import called_apart
from coterie.core.text import printable
from coterie.tui import notices
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.dialogs.duplicates_pairs import Pairs
from coterie.tui.widgets.dialog_keys import Key
from coterie.tui.widgets.dialog_list import DialogList

_ROWS: Final = (
    "name", "nickname", "company", "department", "job_title", "emails", "phones", "groups", "favorite", "birthday",
    "addresses", "urls", "notes", "custom", "sources", "updated_at",
)  # fmt: skip
# Where both say something else, one of them is chosen; of the others all values are kept.
_CHOSEN: Final = frozenset({"name", "nickname", "company", "department", "job_title", "birthday"})
# A name is chosen with its parts.
_WITH: Final = {"name": NAME_PARTS}
_LABEL: Final = 12
_WIDEST: Final = 112
_FRAME: Final = 7
_MOMENT: Final = 0.2  # seconds


def merged_with(keep: Contact, gone: Contact, taken: Iterable[str]) -> Contact:
    """One contact of two: what `keep` says stands, but for the fields in `taken`, where `gone` is right.

    What loses is kept in the custom fields, see `core.merge`.
    """
    ours: dict[str, Any] = {}
    theirs: dict[str, Any] = {}
    for key in taken:
        for name in (key, *_WITH.get(key, ())):
            ours[name], theirs[name] = getattr(gone, name), getattr(keep, name)
    right = replace(keep, **ours)
    return merge([right, replace(gone, **theirs)], right)


@dataclass(frozen=True, slots=True)
class _Shown:
    """One line: a field of both contacts."""

    key: str
    left: str
    right: str

    @property
    def open(self) -> bool:
        """Whether one of two values must be chosen."""
        return self.key in _CHOSEN and bool(self.left and self.right) and self.left != self.right


class _Fields(DialogList):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "screen.choose(0)", "choose", key_display="← →", tooltip="Keep the value on the left."),
        Binding("right", "screen.choose(1)", show=False, tooltip="Keep the value on the right."),
        Binding("space", "screen.choose(-1)", show=False, tooltip="Keep the other value."),
    ]


@dataclass(frozen=True, slots=True)
class _Merge:
    """A merge that was done here: the journal's entry, who it joined, and where their pair is."""

    operation_id: int | None
    ids: tuple[int, int]
    place: int


class DuplicatesDialog(Dialog[int]):
    """Finds pairs of contacts that may be one and goes through them; answers how many were merged.

    The first pair is shown as soon as it is found. Each merge is an undo of its own, and after it only the pairs of
    its contacts are looked for again.

    Args:
        book: where the contacts are.
    """

    CSS_PATH = [DIALOG_CSS, "duplicates.tcss"]  # noqa: RUF012
    gives_way = "#fields"
    most_lines = 14
    AUTO_FOCUS = "#fields"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "confirm", show=False, tooltip="Merge the two: the left one is kept."),
        Binding("s", "skip(1)", show=False, tooltip="Go on to the next pair."),
        Binding("b", "skip(-1)", "back", tooltip="Go back to the pair before."),
        Binding("x", "swap", show=False, tooltip="Keep the right contact instead of the left one."),
        Binding("u", "undo", "undo", tooltip="Undo the last merge that was made here."),
    ]
    heading = "Duplicates"

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book = book
        self._pairs = Pairs()
        self._at = 0
        self._both: tuple[Contact, Contact] | None = None
        self._lines: list[_Shown] = []
        self._taken: set[str] = set()
        self._merges: list[_Merge] = []
        self._showing = Lock()
        self._is_changing = False
        self._is_looking = True
        self._is_patient = True
        self._looked = ""

    # What is shown ---------------------------------------------------------------------------------------------

    def compose_body(self) -> Iterable[Widget]:
        """The reasons and both contacts."""
        with Vertical(id="pair"):
            yield Static(id="reasons", classes="note", markup=False)
            yield Static(id="heads", markup=False)
            yield _Fields(id="fields", markup=False, compact=True)

    def compose_buttons(self) -> Iterable[Widget]:
        """Merge, skip, swap, close."""
        yield DialogButton("Merge", "confirm", key="m", main=True, id="confirm")
        yield DialogButton("Skip", "skip(1)", key="s", id="skip")
        yield DialogButton("Swap", "swap", key="x", id="swap")
        yield DialogButton("Close", "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """Look for pairs. The first is shown after a moment; small books are through by then, so it is the surest."""
        self._show_parts(False)
        self._look()
        self.set_timer(_MOMENT, self._show_first)

    def _show_first(self) -> None:
        self._is_patient = False
        if self._both is None and self._is_looking:
            self._go(0)

    @work(group="look")
    async def _look(self) -> None:
        """Find all pairs. Closing the dialog stops it."""
        try:
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
        idle = {action for action, does in (("skip(-1)", self._at > 0), ("undo", bool(self._merges))) if not does}
        return [key for key in super().keys_here() if key.action not in idle]

    def _wait(self) -> None:
        """Say that pairs are still being looked for."""
        more = "more pairs" if len(self._pairs) else "duplicates"
        self.query_one("#reasons", Static).update(f"Looking for {more}…")

    def _show_parts(self, shown: bool) -> None:
        """Show what belongs to a pair, or not. Enter must not close the dialog while more pairs may come."""
        fields = self.query_one(_Fields)
        for name in ("#heads", "#confirm", "#skip", "#swap"):
            self.query_one(name).display = shown
        fields.display = shown or self._is_looking
        if not shown:
            fields.clear_options()
        self.query_one("#fields" if fields.display else "#cancel").focus()

    @work(group="pair")
    async def _go(self, by: int) -> None:
        try:
            await self._show_from(by)
        except Exception as error:  # noqa: BLE001 - the funnel: what went wrong is said here
            self._fail(error)

    async def _show_from(self, by: int, place: int | None = None) -> None:
        """Show the pair at that place, or so many on; where one of the two is gone, go on in the same direction."""
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
        self._both = both
        self._taken = set()
        if not self.query_one("#confirm").display:
            self._show_parts(True)
        self._retitle()
        self.query_one("#reasons", Static).update(f"{', '.join(pair.reasons).capitalize()} ({pair.score} of 100).")
        self._fill()
        self.say("")

    def _fill(self) -> None:
        assert self._both is not None
        left, right = self._both
        texts = {key: (FIELDS[key].read(left), FIELDS[key].read(right)) for key in _ROWS}
        texts["name"] = called_apart(left, right, self._book.called)
        rows = [_Shown(key, *map(_one_line, texts[key])) for key in _ROWS]
        self._lines = [
            row for row in rows if (row.left or row.right) and not (row.key == "favorite" and row.left == row.right)
        ]
        fields = self.query_one(_Fields)
        marked = fields.highlighted or 0
        fields.clear_options()
        fields.add_options(Option(self._row(row)) for row in self._lines)
        fields.highlighted = min(marked, len(self._lines) - 1) if self._lines else None
        cells = self._cells
        heads = Content.assemble(" " * _LABEL, (_fit("keep", cells), "bold"), "  ", ("moved to the Bin", "dim"))
        self.query_one("#heads", Static).update(heads)

    @property
    def _cells(self) -> int:
        return max(8, (min(self.app.size.width, _WIDEST) - _FRAME - _LABEL - 2) // 2)

    def _row(self, row: _Shown) -> Content:
        cells = self._cells - 2
        right_stands = row.key in self._taken
        parts: list[Content | tuple[str, str]] = [(_fit(FIELDS[row.key].label, _LABEL), "dim")]
        for place, text in enumerate((row.left, row.right)):
            chosen = row.open and right_stands == bool(place)
            parts.append(
                (f"{'* ' if chosen else '  '}{_fit(text, cells)}", "bold" if chosen else "dim" if row.open else "")
            )
            parts.append(Content("  "))
        return Content.assemble(*parts[:-1])

    def _end(self) -> None:
        """There is no other pair, or none yet."""
        self._both = None
        self._retitle()
        if self._is_looking:
            self._wait()
        else:
            words = "That was the last pair." if len(self._pairs) or self._merges else "There are no duplicates."
            self.query_one("#reasons", Static).update(words)
        self._show_parts(False)

    # What is done ----------------------------------------------------------------------------------------------

    def action_choose(self, side: int) -> None:
        """Let the left (0) or right (1) value stand, or (-1) the one that does not."""
        at = self.query_one(_Fields).highlighted
        if at is None or self._both is None:
            return
        row = self._lines[at]
        if not row.open:
            self.say("There is nothing to choose: all values are kept.", error=False)
            return
        right = row.key not in self._taken if side < 0 else bool(side)
        self._taken = self._taken | {row.key} if right else self._taken - {row.key}
        self.query_one(_Fields).replace_option_prompt_at_index(at, self._row(row))

    def action_swap(self) -> None:
        """Keep the right contact instead of the left one."""
        if self._both is not None:
            left, right = self._both
            self._both = (right, left)
            self._taken = set()
            self._fill()

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
            self._merge(*self._both)
        elif not self._is_looking:
            self.answer(len(self._merges))

    @work(group="merge")
    async def _merge(self, keep: Contact, gone: Contact) -> None:
        assert keep.id is not None
        assert gone.id is not None
        plan = merge_into(keep, [gone], merged_with(keep, gone, self._taken))
        ids = (keep.id, gone.id)
        async with self._changing():
            outcome = await self._book.apply(plan)
            self._merges.append(_Merge(outcome.operation_id, ids, self._at))
            await self._renew(ids)
            await self._show_from(1, self._at)
            self.say(f"{outcome.summary} u undoes it.", error=False)

    def action_undo(self) -> None:
        """Take back the last merge that was done here."""
        if not self._merges:
            self.say("Nothing has been merged here yet.", error=False)
        elif not self._is_changing:
            self._undo(self._merges[-1])

    @work(group="merge")
    async def _undo(self, merge: _Merge) -> None:
        async with self._changing():
            standing = (one for one in await self._book.history(100) if one.undone_at is None)
            if (last := next(standing, None)) is None or last.id != merge.operation_id:
                self.say("Something else has been changed since. Close this, then press u.")
                return
            outcome = await self._book.undo()
            self._merges.pop()
            await self._renew(merge.ids)
            self._pairs.bring(merge.ids, merge.place)
            await self._show_from(1, merge.place)
            self.say(outcome.summary, error=False)

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
        self.answer(len(self._merges))


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _fit(text: str, cells: int) -> str:
    return set_cell_size(text, cells) if cell_len(text) <= cells else set_cell_size(text, cells - 1) + "…"
