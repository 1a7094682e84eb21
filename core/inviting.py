"""Inviting people of the book: what is asked for becomes an event, letters or a calendar, and what the book keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from coterie.core.book import Book
from coterie.core.calendar.event import Event, computers_zone, event_text, read_event, texts_of
from coterie.core.calendar.invitation import Person, Reply, new_uid, request
from coterie.core.changes import CONTACTS, Answer, Invite, Outcome, Plan, Selection
from coterie.core.clock import to_ms
from coterie.core.errors import NotFound
from coterie.core.invitations import Invitation
from coterie.core.mail.message import Letter, Sender, invitations
from coterie.core.mail.recipients import Recipient, Recipients, own_address, recipients_of
from coterie.core.settings import Settings


def sender_of(settings: Settings) -> Sender:
    """Who writes and invites. Raises InvalidInput if the settings do not say."""
    return Sender(settings.mail.name, own_address(settings.mail.address))


@dataclass(frozen=True, slots=True)
class Inviting:
    """An invitation that is ready to go.

    Attributes:
        event: to what.
        sender: who invites.
        recipients: whom, and who cannot be invited.
        uid: by which it is known.
        sequence: 0, and one more each time it is sent again.
        anew: answers that were given before count no longer: it is at another time.
    """

    event: Event
    sender: Sender
    recipients: Recipients
    uid: str
    sequence: int = 0
    anew: bool = False

    def letters(self, book: Book) -> Iterator[Letter]:
        """A message for each of them."""
        return invitations(
            self.sender, self.recipients.people, self.event, uid=self.uid, sequence=self.sequence, now=book.now()
        )

    def calendar(self, book: Book) -> bytes:
        """One calendar in which all of them see each other."""
        people = [Person(person.name, person.address) for person in self.recipients.people]
        organizer = Person(self.sender.name, self.sender.address)
        return request(self.event, organizer, people, uid=self.uid, sequence=self.sequence, now=book.now())

    async def keep(self, book: Book, people: Sequence[Recipient]) -> Outcome:
        """Let the book know that these were invited."""
        title = self.event.title
        invite = Invite(
            self.uid, title, self.event.starts, event_text(self.event), self.sequence,
            {person.contact.id: person.address for person in people if person.contact.id is not None},
            self.anew, book.actor,
        )  # fmt: skip
        plan = Plan("invite", f"Invite to “{title}”", [invite], done=f"Invited {CONTACTS} to “{title}”.")
        return await book.apply(plan)


async def prepare(
    book: Book,
    settings: Settings,
    selection: Selection,
    typed: Mapping[str, str],
    again: Invitation | None = None,
) -> Inviting:
    """What inviting these contacts means. Raises InvalidValue and InvalidInput for what was typed or is not set.

    Args:
        book: the book.
        settings: who invites.
        selection: whom.
        typed: the arguments of `core.calendar.event.read_event`.
        again: the invitation that is sent again; what was not typed stays as it was there.
    """
    sender = sender_of(settings)
    texts = (texts_of(again.event) if again else {}) | dict(typed)
    event = read_event(texts.pop("title", ""), texts.pop("start", ""), zone=computers_zone(), **texts)
    recipients = await recipients_of(book.contacts(selection), book.called)
    earlier = again or await book.invitations.to(event.title, event.starts)
    if earlier is None:
        return Inviting(event, sender, recipients, new_uid(sender.address))
    before = texts_of(earlier.event)
    anew = any(before[key] != text for key, text in texts_of(event_text(event)).items() if key in _WHEN)
    return Inviting(event, sender, recipients, earlier.uid, earlier.sequence + 1, anew)


_WHEN = frozenset({"start", "duration", "repeat"})


async def note_answer(book: Book, reply: Reply) -> str:
    """Let the book know of an answer; what happened, in a sentence. Raises NotFound if nobody was invited so."""
    invitation = await book.invitations.of(reply.uid)
    if invitation is None:
        raise NotFound(
            f"The answer of {reply.address} is to an invitation that this book does not know.",
            "It was sent from another one, or undone here.",
        )
    at = to_ms(reply.at or book.now())
    words = {"none": "has not answered yet"}.get(reply.answer, f"answered {reply.answer} to")
    done = f"{CONTACTS} {words} “{invitation.title}”."
    plan = Plan("answer", "Note an answer", [Answer(reply.uid, reply.address, reply.answer, at)], done=done)
    outcome = await book.apply(plan)
    return outcome.summary if outcome.operation_id else f"{reply.address}: this answer is known already."
