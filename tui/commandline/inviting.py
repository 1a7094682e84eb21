"""coterie invite and coterie invitation: inviting contacts, and noting how they answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from coterie.core.checks import Checks
from coterie.core.errors import CoterieError, InvalidInput
from coterie.core.text import number_of
from coterie.tui.commandline import output, paths
from coterie.tui.commandline.filters import DryRun, InGroup, Json, SomeQuery, Yes, required, whole_number
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.changes import Selection
    from coterie.core.invitations import Invitation
    from coterie.core.inviting import Inviting
    from coterie.core.mail.message import Letter
    from coterie.core.mail.recipients import Recipient, Recipients

_NAMED: Final = 20
"""So many of those who get nothing are named."""


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("invite")(invite)
    family = typer.Typer(help="List invitations, and note answers.", rich_markup_mode=None)
    family.command("list")(list_invitations)
    family.command("answer")(answer)
    app.add_typer(family, name="invitation")


Number = Annotated[
    int | None,
    typer.Option(
        "--again",
        parser=whole_number("{} is not the number of an invitation.", "coterie invitation list shows them."),
        metavar="NUMBER",
        help="Send this invitation again; what is not said stays as it was. Without QUERY, to the same people.",
        show_default=False,
    ),
]


def text_option(flag: str, metavar: str, help: str) -> typer.models.OptionInfo:  # noqa: A002 - typer's word
    """An option whose default is not worth showing."""
    option: typer.models.OptionInfo = typer.Option(flag, metavar=metavar, help=help, show_default=False)
    return option


def invite(
    context: typer.Context,
    query: SomeQuery = None,
    group: InGroup = None,
    title: Annotated[str, text_option("--title", "TEXT", "What it is.")] = "",
    start: Annotated[
        str,
        text_option(
            "--start", "TIME", "When: 2026-12-24 18:00, with Europe/Berlin behind it for another zone than yours."
        ),
    ] = "",
    duration: Annotated[str, text_option("--duration", "LENGTH", "How long: 2h, 90m, 3d. By default an hour.")] = "",
    place: Annotated[str, text_option("--place", "TEXT", "Where.")] = "",
    url: Annotated[str, text_option("--url", "LINK", "A link, such as that of an online meeting.")] = "",
    text: Annotated[str, text_option("--text", "FILE", "What else there is to say; - is standard input.")] = "",
    repeat: Annotated[
        str, text_option("--repeat", "HOW", "weekly, every 2 weeks, monthly 6 times, daily until 2027-01-31.")
    ] = "",
    again: Number = None,
    send: Annotated[bool, typer.Option("--send", help="Send a mail to each of them.")] = False,
    ics: Annotated[str, text_option("--ics", "FILE", "Write one calendar for all of them, instead.")] = "",
    eml: Annotated[str, text_option("--eml", "FILE", "Write the mails into this folder, instead.")] = "",
    dry_run: DryRun = False,
    yes: Yes = False,
    json: Json = False,
) -> int:
    """Invite contacts to an event. Each gets a mail of their own, and does not see the others' addresses."""
    session = Session.of(context)
    ways = [bool(send), bool(ics), bool(eml)].count(True)
    if ways > 1 or not (ways or dry_run):
        raise InvalidInput("Say how: --send, or --ics FILE, or --eml FOLDER.", "--dry-run shows who would be invited.")
    if send and session.start.demo:
        raise InvalidInput("This is a throw-away book: nothing is sent to its invented people.", "Use --dry-run.")
    typed = {
        "title": title, "start": start, "duration": duration, "place": place, "url": url, "repeat": repeat,
        "text": read_text(session, text) if text else "",
    }  # fmt: skip
    given = {key: value for key, value in typed.items() if value}

    async def work(book: Book) -> int:
        from coterie.core.inviting import prepare

        before = await book.invitations.numbered(again) if again else None
        selection = await _whom(book, query, group, before)
        inviting = await prepare(book, session.settings, selection, given, before)
        say_who_gets_nothing(book, inviting.recipients)
        people = inviting.recipients.people
        if dry_run or not people:
            _show(inviting, json=json)
            return 0 if people else 1
        if ics:
            _write_calendar(session, book, ics, inviting)
        elif eml:
            write_letters(session, eml, inviting.letters(book))
        elif not output.confirm(f"Send an invitation to {number_of(len(people))}?", yes=yes):
            output.note("coterie: Nothing was sent.")
            return 1
        else:
            return await _send(session, book, inviting, json=json)
        _finish(inviting, (await inviting.keep(book, people)).summary, people, [], json=json and ics != paths.STANDARD)
        return 0

    return session.run(work)


async def _whom(book: Book, query: list[str] | None, group: str | None, again: Invitation | None) -> Selection:
    from coterie.tui.commandline.filters import Filters

    if again is not None and not query and not group:
        return Checks.of([person.contact_id for person in await book.invitations.people(again.id)])
    filters = Filters.of(query, group=group) if group else required(query)
    return await filters.listing(book)


def read_text(session: Session, file: str) -> str:
    """The text of a file that was named, or of standard input. Raises InvalidInput."""
    content, name = paths.small(session.settings, file)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{name} is not text in UTF-8.", "Save it as UTF-8.") from error


def say_who_gets_nothing(book: Book, recipients: Recipients) -> None:
    """Name those who have no address, or none that can be used."""
    for contacts, why in ((recipients.without, "no e-mail address"), (recipients.unusable, "no usable address")):
        if contacts:
            names = ", ".join(book.called(contact) or f"id {contact.id}" for contact in contacts[:_NAMED])
            more = f" and {len(contacts) - _NAMED:,} more" if len(contacts) > _NAMED else ""
            has = "has" if len(contacts) == 1 else "have"
            output.note(f"coterie: {number_of(len(contacts))} {has} {why}: {names}{more}.")


def _show(inviting: Inviting, *, json: bool) -> None:
    people = inviting.recipients.people
    if json:
        output.write_json(_object(inviting, people, []))
        return
    if people:
        from coterie.core.mail.message import in_words

        output.say(in_words(inviting.event))
        output.Table(("Name", "E-mail", "Id")).write(
            (person.name, person.address, str(person.contact.id)) for person in people
        )
    output.note(f"{number_of(len(people))} would be invited. Nothing was sent.")


def _object(inviting: Inviting, people: Sequence[Recipient], refused: Sequence[str]) -> dict[str, object]:
    return {
        "uid": inviting.uid,
        "sequence": inviting.sequence,
        "title": inviting.event.title,
        "start": inviting.event.starts,
        "invited": [{"id": person.contact.id, "address": person.address} for person in people],
        "without_address": [contact.id for contact in (*inviting.recipients.without, *inviting.recipients.unusable)],
        "refused": list(refused),
    }


def _write_calendar(session: Session, book: Book, file: str, inviting: Inviting) -> None:
    with paths.writing(session.settings, file) as out:
        out.write(inviting.calendar(book).decode())
    if len(inviting.recipients.people) > 1:
        output.note("All of them see each other's addresses in this file; --send and --eml make one for each.")


def write_letters(session: Session, folder: str, letters: Iterator[Letter], name: str = "invitation") -> None:
    """Write the letters into a folder, `NAME-0001.eml` and so on."""
    from coterie.core.files import write_whole
    from coterie.core.mail.message import free_paths

    place = paths.allowed(session.settings, folder)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for letter, path in zip(letters, free_paths(place, name), strict=False):
        write_whole(path, letter.content())


async def _send(session: Session, book: Book, inviting: Inviting, *, json: bool) -> int:
    """Send to one after the other; whom it reached is kept, whatever happens then."""
    from coterie.core.mail.sending import send_all, sending

    sent: list[Recipient] = []
    refused: list[str] = []
    people = inviting.recipients.people
    summary = "Nothing was sent."
    try:
        with output.progress("Sent") as progress:
            async with sending(session.settings, session.secrets, inviting.sender) as way:
                async for _, failures in send_all(way, inviting.letters(book)):
                    person = people[len(sent) + len(refused)]
                    (refused.extend(failures[:1]) if failures else sent.append(person))
                    progress(len(sent), len(people))
    finally:
        if sent:
            summary = (await inviting.keep(book, sent)).summary
            if len(sent) + len(refused) < len(people):
                output.note(f"coterie: Sent to {len(sent):,} of {len(people):,}, then it failed.")
    _finish(inviting, summary, sent, refused, json=json)
    return 1 if refused else 0


def _finish(inviting: Inviting, summary: str, sent: Sequence[Recipient], refused: Sequence[str], *, json: bool) -> None:
    if json:
        output.write_json(_object(inviting, sent, refused))
    elif inviting.sequence and sent:
        output.note(f"Invited {number_of(len(sent))} to “{inviting.event.title}” again.")
    else:
        output.note(summary)
    for failure in refused:
        output.note(f"coterie: Not sent to {failure}")


# Answers --------------------------------------------------------------------------------------------------------------


def answer(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A mail or an .ics file with the answer; - is standard input.")
    ],
) -> int:
    """Note how somebody answered an invitation. Never adds contacts."""
    session = Session.of(context)

    async def work(book: Book) -> int:
        from coterie.core.calendar.invitation import read_replies
        from coterie.core.inviting import note_answer

        content, _ = paths.small(session.settings, file)
        unknown = 0
        for reply in read_replies(content):
            try:
                output.say(await note_answer(book, reply))
            except CoterieError as error:
                unknown += 1
                output.note(f"coterie: {error.title}")
        return 1 if unknown else 0

    return session.run(work)


def list_invitations(context: typer.Context, json: Json = False) -> int:
    """List to what contacts were invited, the latest first, and how many answered yes, maybe, no or not yet."""

    async def work(book: Book) -> int:
        invitations = await book.invitations.listing()
        if json:
            output.write_json([await _invitation(book, invitation) for invitation in invitations])
        else:
            lines = output.Table(("Number", "Start", "Title", "Yes", "Maybe", "No", "None"))
            lines.write(
                [
                    (str(invitation.id), invitation.starts, invitation.title, *map(str, invitation.counts))
                    for invitation in invitations
                ]
            )
        if not invitations:
            output.note("coterie: Nobody was invited to anything.")
        return 0 if invitations else 1

    return Session.of(context).run(work)


async def _invitation(book: Book, invitation: Invitation) -> dict[str, object]:
    from coterie.core.invitations import ANSWERS
    from coterie.core.jsonform import moment_text

    return {
        "number": invitation.id,
        "uid": invitation.uid,
        "title": invitation.title,
        "start": invitation.starts,
        "sequence": invitation.sequence,
        "sent_at": moment_text(invitation.sent_at),
        "answers": dict(zip(ANSWERS, invitation.counts, strict=True)),
        "people": [
            {"id": who.contact_id, "address": who.address, "answer": who.answer,
             "answered_at": moment_text(who.answered_at)}
            for who in await book.invitations.people(invitation.id)
        ],
    }  # fmt: skip
