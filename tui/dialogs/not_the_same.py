"""NotTheSame: the pairs of contacts that somebody said are not the same; each can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from coterie.core.book import Book
from coterie.core.checks import Checks
from coterie.core.errors import CoterieError
from coterie.core.model import Contact
from coterie.core.text import printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.widgets.dialog_list import DialogList

ApartPair = tuple[Contact, Contact, str]
"""Two contacts, and who said that they are not the same."""


class NotTheSame(Dialog[int]):
    """Answers how many pairs may be the same again.

    Args:
        book: where that is kept.
        pairs: what `pairs_of` found, at least one.
    """

    CSS_PATH = [DIALOG_CSS, "not_the_same.tcss"]  # noqa: RUF012
    gives_way = "#apart-pairs"
    most_lines = 14
    AUTO_FOCUS = "#apart-pairs"
    heading = "Not the same"

    def __init__(self, book: Book, pairs: Sequence[ApartPair]) -> None:
        super().__init__()
        self._book = book
        self._pairs = list(pairs)
        self._taken_back = 0

    @staticmethod
    async def pairs_of(book: Book) -> list[ApartPair]:
        """The pairs that the book remembers, with their contacts."""
        pairs = await book.duplicates.apart()
        ids = Checks.of({contact_id for pair in pairs for contact_id in (pair.a, pair.b)})
        people = {contact.id: contact async for contact in book.contacts(ids)}
        return [(people[pair.a], people[pair.b], pair.actor) for pair in pairs if pair.a in people and pair.b in people]

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        with Vertical(id="apart-page"):
            yield Static("These pairs are not shown among the duplicates.", classes="note gap", markup=False)
            yield DialogList(*map(self._line, self._pairs), id="apart-pairs", markup=False, compact=True)

    def compose_buttons(self) -> Iterable[Widget]:
        """Take one back, close."""
        yield DialogButton("They may be the same", "confirm", main=True, id="confirm")
        yield DialogButton("Close", "cancel", key="esc", id="cancel")

    def _line(self, pair: ApartPair) -> Option:
        left, right, actor = pair
        names = (f"{self._book.called(contact)} {contact.email}".strip() for contact in (left, right))
        words = "  |  ".join(map(printable, names))
        return Option(Content.assemble(words, (f"  said by {printable(actor)}" if actor else "", "dim")))

    def action_confirm(self) -> None:
        """The marked pair may be the same again."""
        at = self.query_one("#apart-pairs", DialogList).highlighted
        if at is not None:
            self._take_back(at)

    @work(group="merge", exit_on_error=False)
    async def _take_back(self, at: int) -> None:
        left, right, _ = self._pairs[at]
        try:
            await self._book.duplicates.rejoin([contact.id for contact in (left, right) if contact.id is not None])
        except CoterieError as error:
            self.say(error)
            return
        self._taken_back += 1
        del self._pairs[at]
        self.query_one("#apart-pairs", DialogList).remove_option_at_index(at)
        if not self._pairs:
            self.answer(self._taken_back)

    def action_cancel(self) -> None:
        """Close."""
        self.answer(self._taken_back)
