"""coterie write: one mail to several contacts, by the mail server, as files, or in the user's own mail program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from coterie.core.errors import CoterieError, InvalidInput
from coterie.core.text import number_of
from coterie.tui.commandline import output
from coterie.tui.commandline.filters import DryRun, InGroup, Json, SomeQuery, Yes, required
from coterie.tui.commandline.inviting import read_text, say_who_gets_nothing, text_option, write_letters
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coterie.core.book import Book
    from coterie.core.mail.message import Letter, Place, Sender
    from coterie.core.mail.recipients import Recipient, Recipients

_PLACES: Final[dict[str, Place]] = {"bcc": "bcc", "to": "to", "cc": "cc"}
_MOST: Final = 500


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command("write")(write)


def write(
    context: typer.Context,
    query: SomeQuery = None,
    group: InGroup = None,
    subject: Annotated[str, text_option("--subject", "TEXT", "The subject; {given_name} is each one's own.")] = "",
    text: Annotated[str, text_option("--text", "FILE", "What it says; - is standard input.")] = "",
    place: Annotated[str, text_option("--place", "WHERE", "Where addresses stand: bcc (by default), to or cc.")] = "",
    size: Annotated[int, typer.Option("--size", metavar="N", help="How many addresses one mail has.")] = 50,
    send: Annotated[bool, typer.Option("--send", help="Send it by your mail server or program.")] = False,
    mailer: Annotated[bool, typer.Option("--mailer", help="Open it in your own mail program, such as mutt.")] = False,
    eml: Annotated[str, text_option("--eml", "FOLDER", "Write the mails into this folder, instead.")] = "",
    dry_run: DryRun = False,
    yes: Yes = False,
    json: Json = False,
) -> int:
    """Write a mail to contacts. If the text has {given_name} or another field in it, each gets a mail of their own."""
    session = Session.of(context)
    ways = [send, mailer, bool(eml)].count(True)
    if ways > 1 or not (ways or dry_run):
        raise InvalidInput("Say how: --send, or --mailer, or --eml FOLDER.", "--dry-run shows who would get it.")
    if (send or mailer) and session.start.demo:
        raise InvalidInput("This is a throw-away book: nothing is sent to its invented people.", "Use --dry-run.")
    if (place or "bcc") not in _PLACES or not 0 < size <= _MOST:
        raise InvalidInput("--place is bcc, to or cc, and --size a number from 1 to 500.", "For example: --size 50.")
    where = _PLACES[place or "bcc"]
    content = read_text(session, text) if text else ""
    if not content.strip() and not (mailer or dry_run):
        raise InvalidInput("The mail has no text.", "Give it with --text FILE, or --text - for standard input.")

    async def work(book: Book) -> int:
        from coterie.core.mail.recipients import recipients_of
        from coterie.tui.commandline.filters import Filters

        chosen = Filters.of(query, group=group) if group else required(query)
        recipients = await recipients_of(book.contacts(await chosen.listing(book)), book.called)
        say_who_gets_nothing(book, recipients)
        people = recipients.people
        if dry_run or not people:
            return _show(recipients, json=json)
        if mailer:
            from coterie.core.mail.mailer import hand_over, mailer_of

            await hand_over(mailer_of(session.settings), people, where, subject, content)
            return 0
        sender, letters = _letters(session, book, people, subject, content, where, size)
        if eml:
            write_letters(session, eml, letters, "mail")
            return _finish(recipients, people, [], json=json, done="Saved a mail to")
        if not output.confirm(f"Send a mail to {number_of(len(people))}?", yes=yes):
            output.note("coterie: Nothing was sent.")
            return 1
        return await _send(session, sender, letters, recipients, json=json)

    return session.run(work)


def _letters(
    session: Session, book: Book, people: tuple[Recipient, ...], subject: str, text: str, place: Place, size: int
) -> tuple[Sender, Iterator[Letter]]:
    from coterie.core.inviting import sender_of
    from coterie.core.mail.message import letters

    sender = sender_of(session.settings)
    return sender, letters(sender, people, subject, text, now=book.now(), place=place, size=size)


def _show(recipients: Recipients, *, json: bool) -> int:
    people = recipients.people
    if json:
        output.write_json(_object(recipients, (), []))
    elif people:
        output.Table(("Name", "E-mail", "Id")).write(
            (person.name, person.address, str(person.contact.id)) for person in people
        )
    output.note(f"{number_of(len(people))} would get it. Nothing was sent.")
    return 0 if people else 1


async def _send(
    session: Session, sender: Sender, letters: Iterator[Letter], recipients: Recipients, *, json: bool
) -> int:
    """Send one after the other; what went is said, whatever happens then."""
    from coterie.core.mail.sending import send_all, sending

    people = recipients.people
    reached: set[str] = set()
    refused: list[str] = []
    try:
        with output.progress("Sent") as progress:
            async with sending(session.settings, session.secrets, sender) as way:
                async for letter, failures in send_all(way, letters):
                    reached |= {*letter.addresses} - {failure.partition(": ")[0] for failure in failures}
                    refused += failures
                    progress(len(reached), len(people))
    except CoterieError:
        output.note(f"coterie: Sent to {len(reached):,} of {len(people):,}, then it failed.")
        raise
    sent = tuple(person for person in people if person.address in reached)
    return _finish(recipients, sent, refused, json=json, done="Sent a mail to")


def _finish(recipients: Recipients, sent: tuple[Recipient, ...], refused: list[str], *, json: bool, done: str) -> int:
    if json:
        output.write_json(_object(recipients, sent, refused))
    else:
        output.note(f"{done} {number_of(len(sent))}.")
    for failure in refused:
        output.note(f"coterie: Not sent to {failure}")
    return 1 if len(sent) < len(recipients.people) else 0


def _object(recipients: Recipients, sent: tuple[Recipient, ...], refused: list[str]) -> dict[str, object]:
    def listed(people: tuple[Recipient, ...]) -> list[dict[str, object]]:
        return [{"id": person.contact.id, "address": person.address} for person in people]

    return {
        "people": listed(recipients.people),
        "sent": listed(sent),
        "without_address": [contact.id for contact in (*recipients.without, *recipients.unusable)],
        "refused": refused,
    }
