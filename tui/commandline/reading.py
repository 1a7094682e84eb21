"""Commands that look: list, show, query."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

import typer

from coterie.core.errors import InvalidInput
from coterie.core.fields import FIELDS, SORTABLE, find_sortable
from coterie.core.jsonform import as_json
from coterie.core.labelled import others
from coterie.core.listing import Listing, Row, Sort
from coterie.core.model import Contact
from coterie.tui.commandline import output, past
from coterie.tui.commandline.filters import Favorites, Filters, InBin, InGroup, Json, Limit, Query, first
from coterie.tui.commandline.session import Session
from coterie.tui.offered import account_names

if TYPE_CHECKING:
    from coterie.core.account_names import AccountNames
    from coterie.core.book import Book
    from coterie.core.store.journal.as_of import PastBook

_WINDOW = 500  # rows read at a time
_HEADINGS = ("Id", "", "Name", "E-mail", "Company", "Job title", "Groups")
_COLUMNS = ("emails", "company", "job_title", "groups")


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("list")(list_contacts)
    app.command("show")(show)
    app.command("query")(query)


def list_contacts(
    context: typer.Context,
    query: Query = None,
    favorites: Favorites = False,
    group: InGroup = None,
    bin: InBin = False,  # noqa: A002 - the option's name
    limit: Limit = None,
    sort: Annotated[
        str, typer.Option(metavar="FIELD", help=f"The order: {', '.join(SORTABLE)}. -FIELD sorts in reverse.")
    ] = "name",
    as_of: past.AsOf = None,
    json: Json = False,
) -> int:
    """List contacts, one a line: id, star, name, e-mail, company, job title, groups."""
    filters = Filters.of(query, favorites=favorites, group=group, in_bin=bin)
    order = _order(sort)
    if as_of is not None and order != Sort():
        raise InvalidInput("--sort cannot be used with --as-of.", "What was then comes in the order of names.")

    async def work(book: Book) -> int:
        if as_of is not None:
            return await _list_past(await past.past_book(book, as_of, filters), filters, limit, json=json)
        listing = await filters.listing(book, order)
        if json:
            count = await output.write_json_array(_objects(first(book.contacts(listing), limit)))
        else:
            count = await _print(book, listing, limit)
        if not count:
            output.note(f"coterie: {filters.nothing}")
        return int(not count and bool(filters.query))

    return Session.of(context).run(work)


def show(
    context: typer.Context,
    contact: Annotated[str, typer.Argument(metavar="ID|EMAIL", help="The contact's id or one of its addresses.")],
    json: Json = False,
) -> int:
    """Show one contact with all its fields."""

    async def work(book: Book) -> int:
        shown = await book.find(contact)
        if json:
            output.write_json(as_json(shown))
        else:
            print_contact(shown, account_names(await book.accounts.all()))
        return 0

    return Session.of(context).run(work)


def query(
    context: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="What to look for.")],
) -> int:
    """Find addresses for mutt, neomutt and aerc: a line that says how many, then address, name, company."""
    from coterie.tui.commandline.query import query

    return Session.of(context).run(lambda book: query(book, " ".join(text), sys.stdout))


def print_contact(contact: Contact, names: AccountNames) -> None:
    """All fields of a contact that hold something, one below the other, and the accounts as users call them."""
    lines = [("Id", str(contact.id))]
    lines += [(spec.label, "\n".join(_values(contact, key))) for key, spec in FIELDS.items() if key != "favorite"]
    lines = [(label, names.within(text) if label == FIELDS["sources"].label else text) for label, text in lines]
    if contact.favorite:
        lines.insert(1, ("Favorite", "yes"))
    if contact.deleted_at:
        by = names.within(contact.deleted_by or "you")
        lines.append(("In the Bin", f"since {contact.deleted_at:%Y-%m-%d}, deleted by {by}"))
    output.properties(lines)


def _values(contact: Contact, key: str) -> list[str]:
    """The values of a field, each with its label."""
    match key:
        case "emails":
            labelled = [(email.address, email.label) for email in contact.emails]
        case "phones":
            labelled = [(phone.number, phone.label) for phone in contact.phones]
        case "urls":
            labelled = [(url.url, url.label) for url in contact.urls]
        case "groups":
            labelled = [(name, "") for name in contact.groups]
        case "custom":
            labelled = [(f"{name}: {value}", "") for name, value in others(contact.custom).items()]
        case "relations" | "events" | "ims":
            labelled = [(value.value, value.label) for value in getattr(contact, key)]
        case _:
            labelled = [(FIELDS[key].read(contact), "")]
    return [f"{value} ({label})" if label else value for value, label in labelled if value]


def _order(name: str) -> Sort:
    return Sort(find_sortable(name.removeprefix("-")).key, name.startswith("-"))


async def _objects(contacts: AsyncIterator[Contact]) -> AsyncIterator[object]:
    async for contact in contacts:
        yield as_json(contact)


async def _print(book: Book, listing: Listing, limit: int | None) -> int:
    count = 0
    lines = output.Table(_HEADINGS)
    while limit is None or count < limit:
        rows = await book.lists.rows(
            listing, count, _WINDOW if limit is None else min(_WINDOW, limit - count), _COLUMNS
        )
        if not rows:
            break
        count += len(rows)
        lines.write(map(_texts, rows))
    return count


async def _list_past(then: PastBook, filters: Filters, limit: int | None, *, json: bool) -> int:
    contacts = past.wanted(then, filters, limit)
    if json:
        count = await output.write_json_array(_objects(contacts))
    else:
        rows = [_texts(then.row(contact, _COLUMNS)) async for contact in contacts]
        output.Table(_HEADINGS).write(rows)
        count = len(rows)
    if not count:
        output.note("coterie: No contacts were found at that time.")
    return 0 if count else 1


def _texts(row: Row) -> list[str]:
    return [str(row.id), "*" if row.favorite else "", row.name, *(row.values[column] for column in _COLUMNS)]
