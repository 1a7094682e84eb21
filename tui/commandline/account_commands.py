"""coterie accounts, and what it can do with one: set, conflicts, settle, refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from coterie.core.errors import InvalidInput
from coterie.core.jsonform import moment_text
from coterie.core.model import Account, Conflict
from coterie.core.text import number_of
from coterie.tui.commandline import output, places
from coterie.tui.commandline.filters import Json
from coterie.tui.commandline.session import Session
from coterie.tui.offered import CONNECT_ONE, account_names

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.sync.accounts import Options

Name = Annotated[str, typer.Argument(metavar="ACCOUNT", help="google:ada@example.org, or just its address.")]
OneOrAll = Annotated[
    str | None,
    typer.Argument(metavar="ACCOUNT", help="google:ada@example.org, or just its address; without one, all accounts."),
]
_MINUTES: Final = {"": 1, "m": 1, "min": 1, "h": 60, "d": 24 * 60}
_SPAN: Final = re.compile(r"(\d{1,5})\s*(m|min|h|d|)", re.ASCII)
_YES: Final = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    family = typer.Typer(help="List accounts, choose what they do, settle conflicts.", rich_markup_mode=None)
    family.callback(invoke_without_command=True)(list_accounts)
    family.command("set")(set_options)
    family.command("conflicts")(conflicts)
    family.command("settle")(settle)
    family.command("refused")(refused)
    family.command("places")(places.list_places)
    app.add_typer(family, name="accounts")


# Looking --------------------------------------------------------------------------------------------------------------


def list_accounts(context: typer.Context, json: Json = False) -> int:
    """List the connected accounts and their state; choose what they do, settle conflicts, see what they refuse."""
    if context.invoked_subcommand:
        return 0

    async def work(book: Book) -> int:
        states = await _states(book)
        if json:
            output.write_json([account_object(*state) for state in states])
        elif not states:
            output.note(f"No account is connected. {CONNECT_ONE}")
        else:
            output.Table(("Account", "State", "Last sync", "Contacts")).write(_row(*state) for state in states)
        return 0

    return Session.of(context).run(work)


Waiting = Mapping[str, int]
"""How many conflicts wait, records could not be read, and changes are refused."""


async def _states(book: Book) -> list[tuple[Account, Waiting]]:
    conflicting = [conflict.account for conflict in await book.accounts.conflicts()]
    refusing = [refusal.account for refusal in await book.accounts.refusals()]
    return [
        (
            account,
            {
                "conflicts": conflicting.count(account.name),
                "quarantined": len(await book.accounts.quarantined(account)),
                "refused": refusing.count(account.name),
            },
        )
        for account in await book.accounts.all()
    ]


def _row(account: Account, waiting: Waiting) -> list[str]:
    state = account.state if account.state == "connected" else f"{account.state}: {account.message}"
    state += f", {number_of(waiting['conflicts'], 'conflict')}" if waiting["conflicts"] else ""
    state += f", {waiting['quarantined']:,} could not be read" if waiting["quarantined"] else ""
    state += f", {waiting['refused']:,} refused there" if waiting["refused"] else ""
    last = f"{account.last_sync:%Y-%m-%d %H:%M}" if account.last_sync else "never"
    return [account.name, state, last, f"{account.contacts:,}"]


def account_object(account: Account, waiting: Waiting) -> dict[str, Any]:
    """An account as `accounts --json` writes it."""
    settings = account.settings
    return {
        "account": account.name,
        "provider": account.provider,
        "address": account.address,
        "state": account.state,
        "message": account.message,
        "last_sync": moment_text(account.last_sync),
        "next_sync": moment_text(account.next_sync),
        "contacts": account.contacts,
        **waiting,
        "write": bool(settings.get("write")),
        "new_contacts": bool(settings.get("new_contacts_since")),
        "at_start": bool(settings.get("at_start")),
        "every_minutes": settings.get("every_minutes", 0),
        "place": settings.get("place") or None,
    }


# Choosing -------------------------------------------------------------------------------------------------------------


def set_options(
    context: typer.Context,
    name: Name,
    choices: Annotated[list[str], typer.Argument(metavar="KEY=VALUE", help="One or more of the keys above.")],
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the contacts of places that are no longer synced, as local ones.")
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Move those that nothing else knows to the Bin.")] = False,
    json: Json = False,
) -> int:
    """Choose what an account does, as its options on the screen do.

    write=on: what you change here is changed there, too. new-contacts=on: so are contacts that you add here (with
    write=on). every=15m (or 2h, 1d, off): sync by itself while Coterie is open. at-start=on: sync when Coterie opens.
    If an account has several address books or folders (`coterie accounts places` lists them): place=NAME: new
    contacts go there (place= leaves it to Coterie). places=NAME,NAME: only these are synced (places=all).
    read-only=NAME,NAME: nothing is changed in these (read-only=none).
    """

    async def work(book: Book) -> int:
        from coterie.core.sync.accounts import Options

        accounts = Session.of(context).accounts(book)
        account = await book.accounts.named(name)
        options = before = Options.of(account)
        about_places = [choice for choice in choices if "=" in choice and _key(choice) in places.PLACE_KEYS]
        for choice in choices:
            options = options if choice in about_places else _chosen(options, choice)
        if options.new_contacts and not options.write:
            raise InvalidInput("New contacts go there only if changes do.", "Set write=on, too.")
        if options.write and not before.write and not await accounts.may_write(account):
            raise InvalidInput(
                f"{account.name} may be read, but not changed, with the permission that you gave.",
                f"Sign in again with the wider one: coterie connect {account.provider} --write",
            )
        if about_places:
            await places.choose(accounts, account, about_places, keep=_keep(keep, remove))
            account = await book.accounts.named(name)
        chosen = await accounts.choose(account, options)
        if json:
            [state] = [state for state in await _states(book) if state[0].name == chosen.name]
            output.write_json(account_object(*state))
        else:
            output.say(f"{chosen.name}: {in_words(options)}{places.in_words(chosen, await book.accounts.places())}")
        return 0

    return Session.of(context).run(work)


def in_words(options: Options) -> str:
    """An account's choices, as they can be typed again."""
    every = options.every_minutes
    return " ".join(
        (
            f"write={_switch(options.write)}",
            f"new-contacts={_switch(options.new_contacts)}",
            f"at-start={_switch(options.at_start)}",
            f"every={f'{every}m' if every else 'off'}",
        )
    )


def _chosen(options: Options, choice: str) -> Options:
    """The options with one more choice. Raises InvalidInput."""
    key, equals, value = choice.partition("=")
    read = _KEYS.get(key.strip().casefold())
    if read is None or not equals:
        raise InvalidInput(
            f"“{choice}” is not a choice.",
            f"Use one of: {', '.join(f'{name}=…' for name in (*_KEYS, *places.PLACE_KEYS))}.",
        )
    return read(options, value.strip().casefold())


def _key(choice: str) -> str:
    return choice.partition("=")[0].strip().casefold()


def _keep(keep: bool, remove: bool) -> bool | None:
    """What to do with the contacts of places that are no longer synced; None if it was not said."""
    if keep and remove:
        raise InvalidInput("--keep and --remove exclude each other.", "Use one of them.")
    return keep if keep or remove else None


def _on(value: str) -> bool:
    if value not in _YES:
        raise InvalidInput(f"“{value}” is neither on nor off.", "Use on or off.")
    return _YES[value]


def _span(value: str) -> int:
    """Minutes. Raises InvalidInput."""
    if value in {"off", "no", "never", "0"}:
        return 0
    match = _SPAN.fullmatch(value)
    minutes = int(match[1]) * _MINUTES[match[2]] if match else 0
    if not 1 <= minutes <= 7 * 24 * 60:
        raise InvalidInput(f"“{value}” is not a time between two syncs.", "Use 15m, 2h, 1d, or off; at most 7d.")
    return minutes


def _writing(options: Options, value: str) -> Options:
    """Without writing back, new contacts don't go there either."""
    return replace(options, write=_on(value), new_contacts=_on(value) and options.new_contacts)


_KEYS: Final[dict[str, Callable[[Options, str], Options]]] = {
    "write": _writing,
    "new-contacts": lambda options, value: replace(options, new_contacts=_on(value)),
    "at-start": lambda options, value: replace(options, at_start=_on(value)),
    "every": lambda options, value: replace(options, every_minutes=_span(value)),
}


def _switch(on: bool) -> str:
    return "on" if on else "off"


# Conflicts ------------------------------------------------------------------------------------------------------------


def conflicts(context: typer.Context, name: OneOrAll = None, json: Json = False) -> int:
    """List what an account and you have changed differently. What is here stays until you settle it."""

    async def work(book: Book) -> int:
        unsettled = await _conflicts(book, name)
        names = await _names(book, unsettled)
        if json:
            output.write_json([_conflict_object(conflict, names) for conflict in unsettled])
        elif not unsettled:
            output.note("There are no conflicts.")
        else:
            called = account_names(await book.accounts.all()).within
            table = output.Table(("Contact", "Name", "Field", "Here", "There", "Account"))
            table.write(
                [
                    str(conflict.contact_id),
                    names[conflict.contact_id],
                    _label(conflict),
                    conflict.ours,
                    conflict.theirs,
                    called(conflict.account),
                ]
                for conflict in unsettled
            )
        return 0

    return Session.of(context).run(work)


async def _conflicts(book: Book, name: str | None, contact_id: int | None = None, field: str = "") -> list[Conflict]:
    account = (await book.accounts.named(name)).name if name else None
    return [
        conflict
        for conflict in await book.accounts.conflicts()
        if account in {None, conflict.account}
        and contact_id in {None, conflict.contact_id}
        and field.casefold() in {"", conflict.field, _label(conflict).casefold()}
    ]


async def _names(book: Book, unsettled: Sequence[Conflict]) -> dict[int, str]:
    from coterie.core.checks import Checks

    ids = Checks.of(conflict.contact_id for conflict in unsettled)
    return {contact.id or 0: contact.shown_name async for contact in book.contacts(ids)}


def _label(conflict: Conflict) -> str:
    from coterie.core.fields import FIELDS

    field = FIELDS.get(conflict.field)
    return field.label if field else conflict.field.replace("_", " ").capitalize()


def _conflict_object(conflict: Conflict, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "account": conflict.account,
        "contact": conflict.contact_id,
        "name": names.get(conflict.contact_id, ""),
        "field": conflict.field,
        "ours": conflict.ours,
        "theirs": conflict.theirs,
    }


def settle(
    context: typer.Context,
    name: OneOrAll = None,
    ours: Annotated[bool, typer.Option("--ours", help="Keep what is here, and write it there.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="Take what is there.")] = False,
    contact: Annotated[int | None, typer.Option("--contact", metavar="ID", help="Only this contact's.")] = None,
    field: Annotated[str, typer.Option("--field", metavar="FIELD", help="Only those about this field.")] = "",
    json: Json = False,
) -> int:
    """Settle conflicts: say whose values count. It is one change, which you can undo."""

    async def work(book: Book) -> int:
        from coterie.core.checks import Checks
        from coterie.core.sync.settling import settle_all

        if ours == theirs:
            raise InvalidInput("Say whose values count.", "Add --ours (as it is here) or --theirs (as it is there).")
        unsettled = await _conflicts(book, name, contact, field)
        if not unsettled:
            output.write_json({"settled": 0}) if json else output.note("There is no such conflict.")
            return 1
        ids = Checks.of(conflict.contact_id for conflict in unsettled)
        people = {person.id or 0: person async for person in book.contacts(ids)}
        await book.apply(settle_all(unsettled, people, theirs=theirs))
        whose = "as it is there" if theirs else "as it is here"
        said = f"Settled {number_of(len(unsettled), 'conflict')}: {whose}."
        output.write_json({"settled": len(unsettled)}) if json else output.say(said)
        return 0

    return Session.of(context).run(work)


# Refused --------------------------------------------------------------------------------------------------------------


def refused(context: typer.Context, name: OneOrAll = None, json: Json = False) -> int:
    """List what an account does not take, with its reason. It is tried again at every sync."""

    async def work(book: Book) -> int:
        refusals = await book.accounts.refusals(await book.accounts.named(name) if name else None)
        if json:
            output.write_json(
                [
                    {
                        "account": refusal.account, "contact": refusal.contact_id, "name": refusal.name,
                        "action": refusal.action, "reason": refusal.reason, "since": moment_text(refusal.since),
                    }
                    for refusal in refusals
                ]
            )  # fmt: skip
        elif not refusals:
            output.note("Nothing is refused.")
        else:
            called = account_names(await book.accounts.all()).within
            table = output.Table(("Name", "What", "Since", "Reason", "Account"))
            table.write(
                [
                    refusal.name,
                    refusal.action,
                    f"{refusal.since:%Y-%m-%d}" if refusal.since else "",
                    refusal.reason,
                    called(refusal.account),
                ]
                for refusal in refusals
            )
        return 0

    return Session.of(context).run(work)
