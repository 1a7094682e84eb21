"""PlacesDialog: which places of an account are synced, which are read-only, and where new contacts go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.cells import cell_len
from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.errors import CoterieError, InvalidInput
from coterie.core.model import Account
from coterie.core.places import Place
from coterie.core.store.accounts.places import Leaving
from coterie.core.sync.accounts import Options
from coterie.core.sync.places import PlaceChoices, is_less
from coterie.core.text import number_of, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog
from coterie.tui.dialogs.duplicates_sides import fit
from coterie.tui.dialogs.leave_places import LeavePlaces
from coterie.tui.widgets.dialog_list import DialogList

_WIDEST = 82
_FRAME = 7
"""Cells of the box, its padding and the scroll bar."""
_SIGN = 4
_NAMES_KEYS = 78
"""From so many columns on, the bottom line names all keys."""
_LEAST_NAME = 12
_LONGEST_MARK = len("read-only on the server") + 2


@dataclass(frozen=True, slots=True)
class ChosenPlaces:
    """What the user chose.

    Attributes:
        choices: the choices.
        places: the places that could be chosen.
        keep: whether the contacts of places that are no longer synced stay, as local ones.
    """

    choices: PlaceChoices
    places: Sequence[Place]
    keep: bool = True


class _Places(DialogList):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "screen.turn", "sync", tooltip="Sync this place, or no longer."),
        Binding("r", "screen.bar", "read-only", tooltip="Let nothing be changed in this place, or let it."),
        Binding("n", "screen.receive", "new ones", tooltip="Send new contacts to this place."),
    ]

    @property
    def hint(self) -> str:
        """Its keys, if the bottom line has no room for them."""
        return "" if self.app.size.width >= _NAMES_KEYS else "space sync  r read-only  n new ones"


class PlacesDialog(Dialog[ChosenPlaces]):
    """Answers the choices, once it is clear what becomes of contacts that are no longer synced.

    Args:
        account: the account, with the choices as they are.
        places: what the account last told.
        contacts: how many contacts of the book are in each place, by its id.
        ask: asks the server for the places.
        leaving: tells which contacts other places than those of these ids have.
        remark: what else is to be said of the choices.
    """

    CSS_PATH = [DIALOG_CSS, "places.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#places"
    gives_way = "#places"
    confirm_label = "Save"

    def __init__(
        self,
        account: Account,
        places: Sequence[Place],
        contacts: Mapping[str, int],
        ask: Callable[[], Awaitable[Sequence[Place]]],
        leaving: Callable[[frozenset[str]], Awaitable[Leaving]],
        remark: str = "",
    ) -> None:
        super().__init__()
        self.heading = f"Places of {account.address}"
        self._account = account
        self._before = self._choices = PlaceChoices.of(account)
        self._places = list(places)
        self._contacts = contacts
        self._ask = ask
        self._leaving = leaving
        self._remark = remark

    def compose_body(self) -> Iterable[Widget]:
        """The places, what is chosen in words, and whether the server was asked."""
        with Vertical(id="places-page"):
            yield _Places(id="places", markup=False, compact=True)
            yield Static("", id="chosen", classes="note", markup=False)
            yield Static("Asking the server …", id="asked", classes="note", markup=False)

    def on_mount(self) -> None:
        """Show what was told last, and ask for what is there now."""
        self._show(0)
        self._ask_server()

    # Showing -------------------------------------------------------------------------------------------------------

    @work(exit_on_error=False)
    async def _ask_server(self) -> None:
        try:
            self._told(await self._ask())
            said = ""
        except CoterieError as error:
            said = f"As the server told them last: {printable(error.title)}"
        asked = self.query_one("#asked", Static)
        asked.update(said)
        asked.display = bool(said)
        self.call_after_refresh(self._fit)

    def _told(self, places: Sequence[Place]) -> None:
        """Go on with what is there now. If all are synced, so is what has been made since."""
        made = {place.id for place in places} - {place.id for place in self._places}
        if self._before.synced is None and self._choices.synced is not None:
            self._choices = replace(self._choices, synced=self._choices.synced | made)
        if list(places) != self._places:
            self._places = list(places)
            self._show(self.query_one(_Places).highlighted or 0)

    def _show(self, marked: int) -> None:
        listed = self.query_one(_Places)
        listed.clear_options()
        listed.add_options(Option(self._line(place)) for place in self._places)
        listed.highlighted = min(marked, len(self._places) - 1) if self._places else None
        self._show_chosen()

    def on_resize(self) -> None:
        """Let the names have the room that there is."""
        self.query_one(_Places).rewrite(map(self._line, self._places))

    def _line(self, place: Place) -> Content:
        is_synced = self._choices.syncs(place.id)
        room = min(self.app.size.width, _WIDEST) - _FRAME - _SIGN
        counts = {other.id: self._count(other) for other in self._places}
        longest = max(map(len, counts.values()))
        count = longest if room >= _LEAST_NAME + _LONGEST_MARK + longest else 0
        name = min(max(cell_len(other.name) for other in self._places) + 2, room - _LONGEST_MARK - count)
        return Content.assemble(
            "[x] " if is_synced else "[ ] ",
            (fit(printable(place.name), max(_LEAST_NAME, name) - 1) + " ", "bold" if is_synced else "dim"),
            fit(self._mark(place), min(_LONGEST_MARK, room - max(_LEAST_NAME, name))),
            (fit(counts[place.id], count) if count else "", "dim"),
        )

    def _count(self, place: Place) -> str:
        count = self._contacts.get(place.id, 0)
        return number_of(count) if count else ""

    def _mark(self, place: Place) -> str:
        if not place.writable:
            return "read-only on the server"
        if place.id in self._choices.read_only:
            return "read-only"
        return "new contacts" if place is self._choices.place_for_new(self._places) else ""

    def _show_chosen(self) -> None:
        later = "are synced, too" if self._choices.synced is None else "are not synced"
        said = f"Places that are added on the server later {later}. {self._remark}"
        self.query_one("#chosen", Static).update(printable(said.strip()))

    # Choosing ------------------------------------------------------------------------------------------------------

    @property
    def _marked(self) -> Place | None:
        at = self.query_one(_Places).highlighted
        return self._places[at] if at is not None else None

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_turn()

    def action_turn(self) -> None:
        """Sync the marked place, or no longer; the last one stays."""
        if place := self._marked:
            self._choose(self._choices.turned(place.id, self._places))

    def action_bar(self) -> None:
        """Let nothing be changed in the marked place, or let it."""
        if place := self._marked:
            if place.writable:
                self._choose(self._choices.barred(place.id))
            else:
                self.say(f"“{place.name}” is read-only on the server; that cannot be changed here.")

    def action_receive(self) -> None:
        """Send new contacts to the marked place."""
        if place := self._marked:
            self._choose(replace(self._choices, new=place.id))

    def _choose(self, choices: PlaceChoices) -> None:
        """Take the choices, or say why they cannot be."""
        try:
            choices.check(self._account, self._places)
        except InvalidInput as error:
            self.say(error.title)
            return
        self.say("")
        self._choices = choices
        listed = self.query_one(_Places)
        for at, place in enumerate(self._places):
            listed.replace_option_prompt_at_index(at, self._line(place))
        self._show_chosen()

    # Saving --------------------------------------------------------------------------------------------------------

    def action_confirm(self) -> None:
        """Answer with the choices; ask first what becomes of contacts that are no longer synced."""
        self._save()

    @work(exclusive=True, group="saving", exit_on_error=False)
    async def _save(self) -> None:
        try:
            self._choices.check(self._account, self._places)
            keep = await self._ask_to_keep()
        except CoterieError as error:
            self.say(error.title)
            return
        if keep is not None:
            self.answer(ChosenPlaces(self._choices, tuple(self._places), keep))

    async def _ask_to_keep(self) -> bool | None:
        """Whether the contacts that would be left stay; None if the user goes back."""
        if not is_less(self._choices, self._before):
            return True
        leaving = await self._leaving(self._choices.synced or frozenset())
        if not leaving.contacts:
            return True
        fate = await self.app.push_screen_wait(LeavePlaces(leaving.contacts, len(leaving.alone)))
        return None if fate is None else fate == "keep"


def remark(account: Account) -> str:
    """What the other options of an account mean for its places; empty if all is sent."""
    options = Options.of(account)
    if not options.write:
        return "Writing back is off, so nothing is changed there."
    return "" if options.new_contacts else "New contacts are sent once you choose so in the account's options."
