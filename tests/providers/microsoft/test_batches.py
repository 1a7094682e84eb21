"""Graph's $batch: twenty in one request, each answered for itself, and throttled for itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest

from coterie.core.errors import Rejected, SignInNeeded, Unreachable
from coterie.core.model import Contact, Email
from coterie.core.provider import RemoteContact, Update
from tests.providers.contract import gathered
from tests.providers.microsoft.conftest import MicrosoftRemote
from tests.providers.microsoft.server import graph_error
from tests.providers.server import Response


def person(number: int) -> Contact:
    return Contact(name=f"Person {number}", given_name="Person", emails=(Email(f"p{number}@example.org"),))


async def exhaust(batches: AsyncIterator[Mapping[int, object]]) -> None:
    async for _ in batches:
        pass


async def test_fifty_contacts_are_three_requests_each_time(remote: MicrosoftRemote) -> None:
    created = await gathered(remote.provider.create_all([person(number) for number in range(50)]))
    known = [one for _, one in sorted(created.items()) if isinstance(one, RemoteContact)]
    assert [one.contact.name for one in known] == [f"Person {number}" for number in range(50)]
    updates = [Update(one, replace(one.contact, company="Firm"), frozenset({"company"})) for one in known]
    updated = await gathered(remote.provider.update_all(updates))
    now = [one for _, one in sorted(updated.items()) if isinstance(one, RemoteContact)]
    assert {one.contact.company for one in now} == {"Firm"}
    assert len(remote.server.calls("$batch")) == 6
    assert set((await gathered(remote.provider.delete_all(now))).values()) == {None}
    assert len(remote.server.calls("$batch")) == 12
    assert remote.server.contacts == {}
    assert remote.server.faults == []


async def test_what_is_throttled_inside_is_sent_again_after_the_wait(remote: MicrosoftRemote) -> None:
    throttled = graph_error(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.")
    throttled.headers["Retry-After"] = "7"
    remote.server.throttled = [throttled] * 5
    created = await gathered(remote.provider.create_all([person(number) for number in range(8)]))
    assert all(isinstance(one, RemoteContact) for one in created.values())
    assert len(remote.server.contacts) == 8
    assert remote.waits == [pytest.approx(7, abs=1)]


async def test_a_creation_that_may_have_been_done_is_not_sent_again(remote: MicrosoftRemote) -> None:
    remote.server.throttled = [Response(504, {"error": {"code": "gatewayTimeout"}})]
    told: dict[int, object] = {}

    async def create() -> None:
        async for answers in remote.provider.create_all([person(number) for number in range(3)]):
            told.update(answers)

    with pytest.raises(Unreachable):
        await create()
    assert len(told) == 2, "what was done is told first"
    assert len(remote.server.contacts) == 2


async def test_a_full_mailbox_refuses_each_with_its_reason(remote: MicrosoftRemote) -> None:
    remote.server.throttled = [graph_error(507, "quotaLimitReached", "Full.")]
    created = await gathered(remote.provider.create_all([person(number) for number in range(3)]))
    refused = [one for one in created.values() if isinstance(one, Rejected)]
    assert [one.title for one in refused] == ["The Microsoft account is full."]
    assert len(remote.server.contacts) == 2


async def test_a_permission_that_ends_inside_of_a_batch_ends_everything(remote: MicrosoftRemote) -> None:
    remote.server.throttled = [graph_error(401, "InvalidAuthenticationToken", "Expired.")]
    with pytest.raises(SignInNeeded):
        await exhaust(remote.provider.create_all([person(0)]))
