"""Writing mails and invitations to people: from a form to what leaves, and what the book keeps of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coterie.core.changes import Progress, Selection
from coterie.core.checks import Checks
from coterie.core.errors import Cancelled, CoterieError, InvalidInput
from coterie.core.listing import Listing
from coterie.core.text import number_of
from coterie.tui.actions.context import Context
from coterie.tui.widgets.modal import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coterie.core.inviting import Inviting
    from coterie.core.mail.message import Letter, Sender
    from coterie.core.mail.recipients import Recipient, Recipients
    from coterie.tui.dialogs.writing import Asked
    from coterie.tui.posting import Posted, Posting

_NAMED: Final = 3


async def write_mail(here: Context, selection: Selection, people: str) -> None:
    """Write a mail to what is selected; `people` says who they are."""
    from coterie.tui.dialogs.writing import WriteDialog, whom

    posting = _posting(here)
    recipients = await _recipients(here, selection)

    async def save(asked: Asked) -> bool:
        return await _written(here, posting, recipients, asked)

    dialog = WriteDialog(
        f"Write to {people}", whom(recipients, here.book.called), here.state.files, sends=posting.sends,
        editor=not here.state.options.restricted, save=save,
    )  # fmt: skip
    dialog.origin = await _origin_of(here, "mail", "writing to", selection, people)
    await here.ask(dialog)


async def invite(here: Context, selection: Selection, people: str) -> None:
    """Invite what is selected; `people` says who they are."""
    from coterie.tui.dialogs.writing import InviteDialog, whom

    posting = _posting(here)
    recipients = await _recipients(here, selection)

    async def save(asked: Asked) -> bool:
        return await _invited(here, posting, selection, asked)

    dialog = InviteDialog(
        f"Invite {people}", whom(recipients, here.book.called), here.state.files, sends=posting.sends, save=save
    )
    dialog.origin = await _origin_of(here, "invite", "inviting", selection, people)
    await here.ask(dialog)


async def _origin_of(here: Context, kind: str, doing: str, selection: Selection, people: str) -> Origin:
    checks = await here.book.lists.ids(selection) if isinstance(selection, Listing) else selection
    return Origin(kind, f"{doing} {people}", {"checks": f"{checks.bits:x}", "people": people})


def _posting(here: Context) -> Posting:
    if here.state.posting is None:
        raise InvalidInput("Mail cannot be written here.", "Copy the addresses instead.")
    return here.state.posting()


async def _recipients(here: Context, selection: Selection) -> Recipients:
    from coterie.core.mail.recipients import recipients_of

    return await recipients_of(here.book.contacts(selection), here.book.called)


async def _written(here: Context, posting: Posting, recipients: Recipients, asked: Asked) -> bool:
    from coterie.core.inviting import sender_of
    from coterie.core.mail.message import is_personal, letters

    subject, text = asked.texts.get("subject", ""), asked.texts["text"]
    if asked.way == "mailer":
        return await _opened(here, posting, recipients, asked, subject, text)
    sender = sender_of(posting.settings)
    alone = is_personal(subject) or is_personal(text)
    mails = len(recipients.people) if alone else -(-len(recipients.people) // asked.size)
    how = "One mail for each." if alone else f"Mails: {mails:,}, with the addresses in {asked.place.title()}."
    if not await _agreed(here, recipients.people, "Send this mail", how, asked):
        return False
    made = letters(sender, recipients.people, subject, text, now=here.book.now(), place=asked.place, size=asked.size)
    posted = await _sent(here, posting, sender, made, asked, "mail", recipients.people)
    return _told(here, posted, f"{'Sent' if asked.way == 'send' else 'Saved'} a mail to", asked, recipients.people)


async def _opened(
    here: Context, posting: Posting, recipients: Recipients, asked: Asked, subject: str, text: str
) -> bool:
    """Open the mail in the user's own mail program, which sends it, or does not."""
    from coterie.core.mail.mailer import hand_over, mailer_of

    if not recipients.people:
        raise InvalidInput("None of these contacts has an e-mail address.", "Nothing was opened.")
    command = mailer_of(posting.settings)
    with here.app.suspend():
        await hand_over(command, recipients.people, asked.place, subject, text)
    here.say(f"Opened a mail to {number_of(len(recipients.people))} in {command[0]}.")
    return True


async def _invited(here: Context, posting: Posting, selection: Selection, asked: Asked) -> bool:
    from coterie.core.inviting import prepare

    inviting = await prepare(here.book, posting.settings, selection, asked.texts)
    people = inviting.recipients.people
    if not await _agreed(here, people, f"Invite to “{inviting.event.title}”", f"{inviting.event.when}.", asked):
        return False
    if asked.way == "ics":
        await _save_calendar(here, inviting, asked.path)
        here.say((await inviting.keep(here.book, people)).summary)
        return True
    letters = inviting.letters(here.book)
    posted = await _sent(here, posting, inviting.sender, letters, asked, "invitation", people)
    reached = [person for person in people if person.address in posted.addresses]
    if reached:
        await inviting.keep(here.book, reached)
    return _told(here, posted, f"Invited to “{inviting.event.title}”:", asked, people)


async def _save_calendar(here: Context, inviting: Inviting, typed: str) -> None:
    import asyncio

    path = await asyncio.to_thread(here.state.files.path, typed)
    if await asyncio.to_thread(path.exists):
        raise InvalidInput(f"There is a file {typed} already.", "Choose another name.")
    with here.state.files.writing(path) as file:
        file.write(inviting.calendar(here.book).decode())


async def _agreed(here: Context, people: Sequence[Recipient], what: str, how: str, asked: Asked) -> bool:
    from coterie.tui.dialogs.confirm import Confirm

    if not people:
        raise InvalidInput("None of these contacts has an e-mail address.", "Nothing was sent.")
    button = "Send" if asked.way == "send" else "Save"
    names = ", ".join(person.name or person.address for person in people[:_NAMED])
    more = f" and {len(people) - _NAMED:,} more" if len(people) > _NAMED else ""
    question = Confirm(f"{what}: {number_of(len(people))}?", f"{how} It goes to {names}{more}.", button)
    agreed = await here.ask(question)
    return agreed is True


async def _sent(
    here: Context, posting: Posting, sender: Sender, letters: Iterator[Letter], asked: Asked, name: str,
    people: Sequence[Recipient],
) -> Posted:  # fmt: skip
    from coterie.tui.posting import save

    if asked.way == "eml":
        return await save(here.state.files, asked.path, letters, name)

    async def send(progress: Progress) -> Posted:
        return await posting.send(sender, letters, lambda count: progress(count, len(people)))

    return await here.with_progress("Sending", send)


def _told(here: Context, posted: Posted, done: str, asked: Asked, people: Sequence[Recipient]) -> bool:
    """Say what has left; whether the form may close. Raises what ended it.

    If the user stopped it, those whom it did not reach are checked, so that it can go on with them.
    """
    if isinstance(posted.trouble, Cancelled):
        left = Checks.of([person.contact.id or 0 for person in people if person.address not in posted.addresses])
        here.state.checks = left
        here.say(f"Stopped. {done} {number_of(len(posted.addresses))}; the other {len(left):,} are checked.")
        return True
    if posted.trouble is not None:
        count = len(posted.addresses)
        before = f"It reached {count:,} before that." if count else "It reached nobody."
        raise CoterieError(posted.trouble.title, f"{before} {posted.trouble.hint}".strip())
    refused = f" Refused: {'; '.join(posted.refused[:_NAMED])}." if posted.refused else ""
    where = f" in {asked.path}" if asked.way == "eml" else ""
    here.say(f"{done} {number_of(len(posted.addresses))}{where}.{refused}")
    return True
