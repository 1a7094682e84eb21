"""DuplicatesDialog: contacts that may be one, side by side; the user chooses what to keep, merges or skips."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from rich.cells import cell_len, set_cell_size
from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from core import duplicates
from core.book import Book
from core.bulk.merging import merge_into
from core.change import Progress
from core.duplicates import Pair
from core.errors import NotFound
from core.fields import FIELDS, NAME_PARTS
from core.listing import Listing
from core.merge import merge
from core.model import Contact
from core.text import printable
from tui import notices
from tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton

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


async def find_pairs(book: Book, progress: Progress | None = None) -> list[Pair]:
    """All pairs of live contacts that may be one, surest first. Raises what `progress` raises."""
    keys = []
    async for contact in book.contacts(Listing()):
        keys.append(duplicates.key_of(contact))
        if progress is not None and len(keys) % 500 == 0:
            progress(len(keys), None)
    return await asyncio.to_thread(lambda: list(duplicates.find(keys)))


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


class _Fields(OptionList):
    hint = "left and right choose the value that stands; nothing that loses is thrown away."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "screen.choose(0)", show=False),
        Binding("right", "screen.choose(1)", show=False),
        Binding("space", "screen.choose(-1)", show=False),
        Binding("enter", "screen.confirm", show=False),
    ]


class DuplicatesDialog(Dialog[int]):
    """Goes through pairs of contacts that may be one; answers how many were merged. Each merge is an undo of its own.

    Args:
        book: where the contacts are.
        pairs: what to go through, the surest first; `find_pairs` finds them.
    """

    CSS_PATH = [DIALOG_CSS, "duplicates.tcss"]  # noqa: RUF012
    gives_way = "#fields"
    most_lines = 14
    AUTO_FOCUS = "#fields"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "confirm", show=False),
        Binding("s", "skip(1)", show=False),
        Binding("b", "skip(-1)", show=False),
        Binding("x", "swap", show=False),
    ]
    heading = "Duplicates"

    def __init__(self, book: Book, pairs: Sequence[Pair]) -> None:
        super().__init__()
        self._book = book
        self._pairs = list(pairs)
        self._at = 0
        self._both: tuple[Contact, Contact] | None = None
        self._lines: list[_Shown] = []
        self._taken: set[str] = set()
        self._joined: dict[int, int] = {}
        self._merges = 0
        self._merging = False

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
        """Show the first pair."""
        self._go(1)

    @work(group="pair", exclusive=True)
    async def _go(self, by: int) -> None:
        """Show the pair at the present place; where one of the two is gone, go on in the same direction."""
        try:
            while 0 <= self._at < len(self._pairs):
                pair = self._pairs[self._at]
                first, second = (self._standing(one) for one in (pair.a, pair.b))
                if first != second and (both := await self._load(first, second)):
                    self._show(both, pair)
                    return
                self._at += by
        except Exception as error:  # noqa: BLE001 - the funnel: what went wrong is said here
            self._fail(error)
            return
        self._at = max(0, min(self._at, len(self._pairs)))
        if by < 0:
            self._at = 0
            self.say("This is the first pair.", error=False)
        else:
            self._end()

    def _standing(self, contact_id: int) -> int:
        """The contact that `contact_id` has become by merging."""
        while contact_id in self._joined:
            contact_id = self._joined[contact_id]
        return contact_id

    async def _load(self, first: int, second: int) -> tuple[Contact, Contact] | None:
        try:
            both = (await self._book.contact(first), await self._book.contact(second))
        except NotFound:
            return None
        return None if both[0].deleted_at or both[1].deleted_at else both

    def _show(self, both: tuple[Contact, Contact], pair: Pair) -> None:
        self._both = both
        self._taken = set()
        self.retitle(f"Duplicates: {self._at + 1:,} of {len(self._pairs):,}")
        self.query_one("#reasons", Static).update(f"{', '.join(pair.reasons).capitalize()} ({pair.score} of 100).")
        self._fill()
        self.say("")

    def _fill(self) -> None:
        assert self._both is not None
        left, right = self._both
        rows = [_Shown(key, _one_line(FIELDS[key].read(left)), _one_line(FIELDS[key].read(right))) for key in _ROWS]
        self._lines = [
            row for row in rows if (row.left or row.right) and not (row.key == "favorite" and row.left == row.right)
        ]
        fields = self.query_one(_Fields)
        marked = fields.highlighted or 0
        fields.clear_options()
        fields.add_options(Option(self._row(row)) for row in self._lines)
        fields.highlighted = min(marked, len(self._lines) - 1) if self._lines else None
        cells = self._cells
        heads = Content.assemble(" " * _LABEL, (_fit("keep", cells), "bold"), "  ", ("goes to the Bin", "dim"))
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
        self._both = None
        self.retitle("Duplicates")
        words = "That was the last pair." if self._pairs else "No duplicates were found."
        self.query_one("#reasons", Static).update(words)
        self.query_one("#heads", Static).update("")
        self.query_one(_Fields).display = False
        for name in ("#confirm", "#skip", "#swap"):
            self.query_one(name).display = False
        self.query_one("#cancel").focus()

    # What is done ----------------------------------------------------------------------------------------------

    def action_choose(self, side: int) -> None:
        """Let the left (0) or right (1) value stand, or (-1) the one that does not."""
        at = self.query_one(_Fields).highlighted
        if at is None or self._both is None:
            return
        row = self._lines[at]
        if not row.open:
            self.say("Here nothing has to be chosen: all values are kept.", error=False)
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
        if not self._merging and (self._both is not None or by < 0):
            self._at += by
            self._go(by)

    def action_confirm(self) -> None:
        """Merge the two; after the last pair, close."""
        if self._both is None:
            self.answer(self._merges)
        elif not self._merging:
            self._merge(*self._both)

    @work(group="merge")
    async def _merge(self, keep: Contact, gone: Contact) -> None:
        self._merging = True
        try:
            outcome = await self._book.apply(merge_into(keep, [gone], merged_with(keep, gone, self._taken)))
        except Exception as error:  # noqa: BLE001 - the funnel: what went wrong is said here
            self._fail(error)
            return
        finally:
            self._merging = False
        assert gone.id is not None
        assert keep.id is not None
        self._joined[gone.id] = keep.id
        self._merges += 1
        self._at += 1
        await self._go(1).wait()
        self.say(outcome.summary, error=False)

    def _fail(self, error: Exception) -> None:
        notice = notices.notice_of(error)
        self.say(f"{notice.title} {notice.hint}".strip())

    def action_cancel(self) -> None:
        """Close; what was merged stays merged."""
        self.answer(self._merges)


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _fit(text: str, cells: int) -> str:
    return set_cell_size(text, cells) if cell_len(text) <= cells else set_cell_size(text, cells - 1) + "…"
