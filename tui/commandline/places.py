"""The places of accounts on the command line: `accounts places`, and what `accounts set` says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from coterie.core.errors import InvalidInput
from coterie.core.model import Account
from coterie.core.places import KnownPlace
from coterie.core.text import are, number_of
from coterie.tui.commandline import output
from coterie.tui.commandline.filters import Json
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.sync.accounts import Accounts
    from coterie.core.sync.places import PlaceChoices

PLACE_KEYS: Final = ("place", "places", "read-only")
OneOrAll = Annotated[
    str | None,
    typer.Argument(metavar="ACCOUNT", help="google:ada@example.org, or just its address; without one, all accounts."),
]


def list_places(context: typer.Context, name: OneOrAll = None, json: Json = False) -> int:
    """List the address books and folders of accounts, as the last sync found them."""

    async def work(book: Book) -> int:
        account = (await book.accounts.named(name)).name if name else None
        sources = [source for source in await book.accounts.places() if account in {None, source.account}]
        new = {account.name: _new(account) for account in await book.accounts.all()}
        if json:
            output.write_json([_object(source, new[source.account]) for source in sources])
        elif not sources:
            output.note("No account is connected.")
        else:
            output.Table(("Place", "Contacts", "Synced", "Changes", "")).write(
                [source.name, f"{source.contacts:,}", "yes" if source.synced else "no", _changes(source),
                 "new contacts" if _is_new(source, new[source.account]) else ""]
                for source in sources
            )  # fmt: skip
        return 0

    return Session.of(context).run(work)


def _new(account: Account) -> str:
    from coterie.core.sync.places import place_of

    return place_of(account)


def _is_new(source: KnownPlace, new: str) -> bool:
    return bool(new) and new in {source.place.id, source.place.name}


def _changes(source: KnownPlace) -> str:
    if not source.place.writable:
        return "read-only on the server"
    return "read-only" if source.read_only else "yes" if source.writes else "no"


def _object(source: KnownPlace, new: str) -> dict[str, Any]:
    return {
        "source": source.name, "account": source.account, "place": source.place.name or None,
        "id": source.place.id or None, "contacts": source.contacts, "synced": source.synced,
        "read_only": source.read_only, "read_only_on_server": not source.place.writable,
        "new_contacts": _is_new(source, new),
    }  # fmt: skip


def in_words(account: Account, sources: Sequence[KnownPlace]) -> str:
    """What was chosen for the places of an account, as it can be typed again; empty if nothing was."""
    from coterie.core.sync.places import PlaceChoices

    choices = PlaceChoices.of(account)
    names = {source.place.id: source.place.name for source in sources if source.account == account.name}
    said = f" place={names.get(choices.new, choices.new)}" if choices.new else ""
    for key, ids in (("places", choices.synced), ("read-only", choices.read_only)):
        said += f" {key}={','.join(sorted(names.get(place_id, place_id) for place_id in ids))}" if ids else ""
    return said


async def choose(accounts: Accounts, account: Account, choices: Sequence[str], *, keep: bool | None) -> None:
    """Carry out choices such as `places=Team`. `keep`: what to do with contacts of places that are synced no longer.

    Raises InvalidInput, and what asking the server raises.
    """
    from coterie.core.sync.places import CHOICES, PlaceChoices, choose_places, is_less

    places = await accounts.places(account)
    before = chosen = PlaceChoices.of(account)
    for choice in choices:
        key, _, value = choice.partition("=")
        chosen = CHOICES[key.strip().casefold()](chosen, value.strip(), places)
    chosen.check(account, places)
    if is_less(chosen, before) and keep is None:
        keep = await _ask_to_keep(accounts, account, chosen)
    outcome = await choose_places(accounts.book, account, chosen, places, keep=bool(keep))
    if outcome is not None:
        output.note((await accounts.names()).within(outcome.summary))


async def _ask_to_keep(accounts: Accounts, account: Account, chosen: PlaceChoices) -> bool:
    """Whether the contacts that would be left stay. Raises InvalidInput without a terminal, and if it is “no”."""
    leaving = await accounts.book.accounts.leaving(account, chosen.synced or ())
    if not leaving.contacts:
        return True
    count = number_of(leaving.contacts)
    alone = len(leaving.alone)
    said = f"{count} would no longer be synced; {alone:,} of them {are(alone)} known to no other place."
    if not output.can_ask():
        raise InvalidInput(said, "Add --keep (they stay as local contacts) or --remove (to the Bin).")
    output.note(said)
    if output.confirm("Keep them as local contacts?", yes=False):
        return True
    if output.confirm("Move those to the Bin? Nothing changes on the server.", yes=False):
        return False
    raise InvalidInput("Nothing was changed.")
