"""Many requests to Microsoft Graph in one: `$batch` takes twenty, and answers each for itself.

Graph hands four of them at a time to a mailbox, so one batch goes after another. What is throttled in it is sent again.
Source: https://learn.microsoft.com/graph/json-batching, https://learn.microsoft.com/graph/throttling-limits (Outlook).
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from itertools import count
from typing import Any, Final

from coterie.core.errors import BadReply, Conflict, CoterieError, FailedTogether, RateLimited, Rejected, Unreachable
from coterie.core.model import Contact
from coterie.core.provider import Answer, RemoteContact, Update, answer_of
from coterie.providers.http import Reply, failure
from coterie.providers.microsoft.errors import WHO, NotThere, changed_there, deleted_there, explain, no_such_folder
from coterie.providers.microsoft.graph import SELECT, Graph, contacts_in, segment
from coterie.providers.microsoft.mapping import Json, etag_of, is_partial, one_contact
from coterie.providers.microsoft.writing import create_body, update_body
from coterie.providers.refusing import alone, refusal_of
from coterie.providers.retry import Broken, Nowhere

TOGETHER: Final = 20
"""Requests in one batch."""
_UNREADABLE: Final = f"The answer from {WHO} is not what its documentation says."
_JSON: Final = {"Content-Type": "application/json"}

Answers = dict[int, Answer]
Deletions = dict[int, Rejected | Conflict | None]


class Batches:
    """Writes into one mailbox.

    Args:
        graph: signed in, with permission to write.
        is_kept: whether a contact is in a contact folder, and not among the deleted things.
    """

    def __init__(self, graph: Graph, is_kept: Callable[[Json], Awaitable[bool]]) -> None:
        self._graph = graph
        self._is_kept = is_kept

    async def create(
        self, contacts: Sequence[Contact], folder: str = "", raws: Sequence[str] = ()
    ) -> AsyncGenerator[Answers, None]:
        """Create contacts in a folder, or the default one. A lost answer leaves it open whether they are there."""
        url = f"/{contacts_in(folder)}"
        for numbers in _parts(range(len(contacts))):
            requests = [
                _request("POST", url, create_body(contacts[number], raws[number] if raws else "")) for number in numbers
            ]
            replies = await self._send(requests, idempotent=False)
            yield {
                number: await answer_of(alone(_created(reply)))
                for number, reply in zip(numbers, replies, strict=True)
                if isinstance(reply, (Reply, Rejected, Conflict))
            }
            _raise_first(replies)

    async def update(self, updates: Sequence[Update]) -> AsyncGenerator[Answers, None]:
        """Change contacts, each guarded by its etag."""
        bodies = [update_body(update.known, update.contact, update.fields) for update in updates]
        if unchanged := {number: update.known for number, update in enumerate(updates) if not bodies[number]}:
            yield dict(unchanged)
        for numbers in _parts([number for number, body in enumerate(bodies) if body]):
            requests = [
                _request("PATCH", _url(updates[number].known), bodies[number], updates[number].known)
                for number in numbers
            ]
            replies = await self._send(requests, idempotent=True)
            yield {
                number: await answer_of(alone(self._updated(updates[number].known, reply)))
                for number, reply in zip(numbers, replies, strict=True)
                if isinstance(reply, (Reply, Rejected, Conflict))
            }
            _raise_first(replies)

    async def _updated(self, remote: RemoteContact, reply: Reply | Rejected | Conflict) -> Answer:
        if isinstance(reply, NotThere):
            return deleted_there()
        if not isinstance(reply, Reply):
            return reply
        card: Json | None = _card(reply)
        if card is not None and is_partial(card):
            card = await self._graph.contact(remote.remote_id)
        return one_contact(card) if card else deleted_there()

    async def delete(self, contacts: Sequence[RemoteContact]) -> AsyncGenerator[Deletions, None]:
        """Delete contacts, read and compared just before, as a guard alone is not documented for deleting."""
        for numbers in _parts(range(len(contacts))):
            replies = await self._send(
                [_request("GET", f"{_url(contacts[number])}?{SELECT}") for number in numbers], idempotent=True
            )
            told: Deletions = {}
            doomed: list[int] = []
            for number, reply in zip(numbers, replies, strict=True):
                if isinstance(reply, NotThere) or (isinstance(reply, Reply) and not await self._is_kept(_card(reply))):
                    told[number] = None
                elif isinstance(reply, (Rejected, Conflict)):
                    told[number] = reply
                elif isinstance(reply, Reply) and contacts[number].etag not in {"", etag_of(_card(reply))}:
                    told[number] = changed_there()
                elif isinstance(reply, Reply):
                    doomed.append(number)
            yield told | await self._delete(contacts, doomed)
            _raise_first(replies)

    async def _delete(self, contacts: Sequence[RemoteContact], numbers: Sequence[int]) -> Deletions:
        if not numbers:
            return {}
        requests = [_request("DELETE", _url(contacts[number]), None, contacts[number]) for number in numbers]
        replies = await self._send(requests, idempotent=True)
        _raise_first(replies)
        return {
            number: reply if isinstance(reply, (Rejected, Conflict)) and not isinstance(reply, NotThere) else None
            for number, reply in zip(numbers, replies, strict=True)
        }

    async def _send(self, requests: Sequence[Json], *, idempotent: bool) -> list[Reply | CoterieError]:
        """The reply to each request, or what it failed with; those that may be sent again are, as often as usual."""
        replies: dict[int, Reply | CoterieError] = {}
        waiting = list(range(len(requests)))
        for failures in count(1):
            batch = [{"id": str(number), **requests[number]} for number in waiting]
            try:
                answer = await self._graph.json("POST", "$batch", json={"requests": batch}, idempotent=idempotent)
                replies |= _replies(answer, waiting)
            except (Rejected, Conflict, Broken, BadReply) as failed:  # of the batch as a whole
                replies |= dict.fromkeys(waiting, _of_batch(failed, len(waiting)))
                break
            waits: list[float] = []
            waiting = [number for number in waiting if _may_repeat(replies[number], idempotent=idempotent)]
            for number in waiting:
                error = replies[number]
                assert isinstance(error, CoterieError)
                if (wait := self._graph.retry.wait(error, failures)) is not None:
                    waits.append(wait)
            if not waiting or len(waits) < len(waiting):
                break
            await self._graph.retry.sleep(max(waits))
        return [_of_one(replies[number]) for number in range(len(requests))]


async def _created(reply: Reply | Rejected | Conflict) -> Answer:
    if isinstance(reply, NotThere):
        return no_such_folder()
    return one_contact(_card(reply)) if isinstance(reply, Reply) else reply


def _request(method: str, url: str, body: Json | None = None, remote: RemoteContact | None = None) -> Json:
    headers = {"Prefer": 'IdType="ImmutableId"', **(_JSON if body is not None else {})}
    if remote is not None and remote.etag:
        headers["If-Match"] = remote.etag
    return {"method": method, "url": url, "headers": headers, **({"body": body} if body is not None else {})}


def _url(remote: RemoteContact) -> str:
    return f"/me/contacts/{segment(remote.remote_id)}"


def _replies(answer: Json, numbers: Sequence[int]) -> dict[int, Reply | CoterieError]:
    """What Graph says to each request of a batch. Raises BadReply if it does not answer them all."""
    replies: dict[int, Reply | CoterieError] = {}
    responses = answer.get("responses")
    for response in responses if isinstance(responses, list) else ():
        try:
            number, status = int(response["id"]), int(response["status"])
        except (TypeError, KeyError, ValueError) as error:
            raise BadReply(_UNREADABLE, "Sync again.") from error
        headers = {str(name).lower(): str(value) for name, value in (response.get("headers") or {}).items()}
        reply = Reply(status, headers, json.dumps(response.get("body")).encode())
        replies[number] = reply if 200 <= status < 300 else (explain(reply) or failure(reply, WHO))
    if not set(numbers) <= replies.keys():
        raise BadReply(f"{WHO} does not answer everything in a batch.", "Sync again.")
    return replies


def _may_repeat(reply: Reply | CoterieError, *, idempotent: bool) -> bool:
    if isinstance(reply, RateLimited):
        return idempotent or reply.undone
    return idempotent and isinstance(reply, (Unreachable, BadReply)) and not isinstance(reply, Rejected)


def _of_one(reply: Reply | CoterieError) -> Reply | CoterieError:
    """What a reply means for its contact: what is refused to it alone is no matter of the others."""
    return reply if isinstance(reply, Reply) else refusal_of(reply) or reply


def _of_batch(error: CoterieError, count: int) -> CoterieError:
    """What the failure of a batch means for each request in it: of several, any may be to blame."""
    several = count > 1 and not isinstance(error, Nowhere)
    return FailedTogether(error.title, error.hint) if several else error


def _card(reply: Reply | CoterieError) -> Json:
    """The contact in a reply."""
    body: Any = json.loads(reply.body) if isinstance(reply, Reply) else None
    if not isinstance(body, dict):
        raise BadReply(_UNREADABLE, "Sync again.")
    return body


def _raise_first(replies: Sequence[Reply | CoterieError]) -> None:
    """Raise the first failure that is about more than one contact."""
    for reply in replies:
        if not isinstance(reply, (Reply, Rejected, Conflict)):
            raise reply


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + TOGETHER] for start in range(0, len(numbers), TOGETHER))
