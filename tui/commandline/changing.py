"""Commands that add, delete and restore contacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from coterie.core.changes import Plan, Selection
from coterie.core.checks import Checks
from coterie.core.errors import InvalidValue
from coterie.core.fields import FIELDS
from coterie.core.jsonform import as_json
from coterie.core.model import Contact, Phone
from coterie.core.text import clean_line, email_key, number_of
from coterie.tui import plans
from coterie.tui.commandline import output
from coterie.tui.commandline.filters import DryRun, Filters, Json, SomeQuery, Yes, required
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book

Planning = Callable[[Checks], Plan]
_SHOWN = 10  # contacts that are named before the user is asked


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("add")(add)
    app.command("delete")(delete)
    app.command("restore")(restore)


def add(
    context: typer.Context,
    name: Annotated[str, typer.Option(metavar="NAME", help="The name; required.", show_default=False)] = "",
    email: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="An e-mail address; at least one is required.")
    ] = None,
    phone: Annotated[list[str] | None, typer.Option(metavar="NUMBER", help="A phone number.")] = None,
    company: Annotated[str, typer.Option(metavar="NAME", help="The company.", show_default=False)] = "",
    job_title: Annotated[str, typer.Option(metavar="TITLE", help="The job title.", show_default=False)] = "",
    group: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A group; it is created if it does not exist.")
    ] = None,
    favorite: Annotated[bool, typer.Option("--favorite", help="Give it a star.")] = False,
    json: Json = False,
) -> int:
    """Add a contact. --email, --phone and --group can be given several times."""
    contact = _new_contact(name, email or [], phone or [], company, job_title, group or [], favorite=favorite)

    async def work(book: Book) -> int:
        addresses = [email.address for email in contact.emails]
        holders = await book.by_address(addresses)
        outcome = await book.apply(plans.add(contact))
        added = await book.contact(outcome.created_ids[0])
        if json:
            output.write_json(as_json(added))
        else:
            output.say(f"{outcome.summary} Its id is {added.id}.")
        for address in addresses:
            for other in holders.get(email_key(address), ()):
                place = " in the Bin" if other.deleted_at else ""
                output.note(f"coterie: {book.called(other)} (id {other.id}){place} also has the address {address}.")
        return 0

    return Session.of(context).run(work)


def delete(
    context: typer.Context,
    query: SomeQuery = None,
    forever: Annotated[
        bool, typer.Option("--forever", help="Delete what is in the Bin, forever. This cannot be undone.")
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """Move contacts to the Bin, or, with --forever, delete those in the Bin."""
    filters = required(query, in_bin=forever)
    if forever:
        question = "Delete {contacts} forever? This cannot be undone."
        return _change(context, filters, plans.forget, question, dry_run=dry_run, yes=yes)
    return _change(context, filters, plans.delete, "Move {contacts} to the Bin?", dry_run=dry_run, yes=yes)


def restore(context: typer.Context, query: SomeQuery = None, dry_run: DryRun = False, yes: Yes = False) -> int:
    """Restore contacts from the Bin, with their groups and stars."""
    del yes  # nothing is lost by restoring, so nobody is asked
    return _change(context, required(query, in_bin=True), plans.restore, "", dry_run=dry_run, yes=True)


def _change(
    context: typer.Context,
    filters: Filters,
    plan: Planning,
    question: str,
    *,
    dry_run: bool,
    yes: bool,
) -> int:
    """Show what a change is about, ask, and make it."""

    async def work(book: Book) -> int:
        listing = await filters.listing(book)
        selection = await book.lists.ids(listing)
        if not selection:
            place = " in the Bin" if filters.bin else ""
            output.note(f"coterie: Nothing{place} matches “{filters.query}”.")
            return 1
        if dry_run or not yes:
            await name_some(book, selection)
        if dry_run:
            output.say(f"{number_of(len(selection))} would change. Nothing was changed.")
            return 0
        if not output.confirm(question.format(contacts=number_of(len(selection))), yes=yes):
            output.note("coterie: Nothing was changed.")
            return 1
        with output.progress("Changed") as progress:
            outcome = await book.apply(plan(selection), progress)
        output.say(outcome.summary)
        for skip in outcome.skipped:
            output.note(f"coterie: {skip.subject}: {skip.reason}")
        return 1 if outcome.skipped else 0

    return Session.of(context).run(work)


async def name_some(book: Book, selection: Selection) -> None:
    """The first contacts of a selection, so that the user sees who they are."""
    count = 0
    async for contact in book.contacts(selection):
        count += 1
        if count > _SHOWN:
            output.say("…")
            return
        output.say(f"{book.called(contact)}  {contact.email}".rstrip())


def _new_contact(
    name: str,
    emails: list[str],
    phones: list[str],
    company: str,
    job_title: str,
    groups: list[str],
    *,
    favorite: bool,
) -> Contact:
    """The contact of these options. Raises InvalidValue."""
    if not clean_line(name):
        raise InvalidValue("name", "A contact needs a name.", 'Add --name "Ada Lovelace".')
    if not any(map(clean_line, emails)):
        raise InvalidValue("emails", "A contact needs an e-mail address.", "Add --email ada@example.org.")
    texts = {"name": name, "emails": ";".join(emails), "company": company, "job_title": job_title}
    contact = Contact(
        phones=tuple(Phone(number) for phone in phones if (number := clean_line(phone))),
        groups=tuple(dict.fromkeys(group_name for group in groups if (group_name := clean_line(group)))),
        favorite=favorite,
    )
    for key, text in texts.items():
        write = FIELDS[key].write
        assert write is not None
        contact = write(contact, text)
    return contact
