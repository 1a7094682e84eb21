"""A book and a Google account: how few requests it takes, and what is told of what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coterie.core.book import Book
from coterie.core.changes import AddToGroup, Assign, Create, Delete, Plan
from coterie.core.checks import Checks
from coterie.core.listing import Listing
from coterie.core.model import Contact
from coterie.core.sync import Ended, SyncReport, sync
from tests.providers.google.conftest import STARRED, GoogleRemote
from tests.providers.google.server import Json, error
from tests.providers.google.test_batches import person
from tests.providers.server import PAGE, Request, Response


class Pair:
    def __init__(self, book: Book, remote: GoogleRemote) -> None:
        self.book, self.remote, self.server = book, remote, remote.server
        self.server.page_limit = 1000
        self.name = "google:ada@example.org"

    async def sync(self) -> SyncReport:
        async def yes(_question: object) -> bool:
            return True

        async for event in sync(
            self.book, await self.book.accounts.named(self.name), self.remote.provider, confirm=yes
        ):
            if isinstance(event, Ended):
                return event.report
        raise AssertionError

    async def ids(self) -> Checks:
        return Checks.of([one.id or 0 async for one in self.book.contacts(Listing())])


@pytest.fixture
async def pair(book: Book, remote: GoogleRemote) -> Pair:
    account = await book.accounts.add("google", "ada@example.org")
    settings = {"write": True, "new_contacts_since": "2000-01-01T00:00:00+00:00"}
    await book.accounts.update(replace(account, settings=settings))
    return Pair(book, remote)


async def test_600_stars_labels_creations_and_deletions_are_a_few_requests_each(pair: Pair) -> None:
    for number in range(600):
        await pair.remote.add(person(number))
    assert (await pair.sync()).created == 600
    pair.server.requests.clear()
    await pair.book.apply(Plan("star", "Star", [Assign(await pair.ids(), "favorite", True)]))
    report = await pair.sync()
    assert (report.sent_updated, report.refused) == (600, [])
    star = pair.server.membership(STARRED)
    assert all(star in one["memberships"] for one in pair.server.people.values())
    assert len(pair.server.requests) <= 4
    for _ in range(2):
        report = await pair.sync()
        assert (report.updated, report.conflicts, report.sent_updated) == (0, 0, 0)

    pair.server.requests.clear()
    await pair.book.apply(Plan("group", "Group", [AddToGroup(await pair.ids(), "Choir")]))
    assert (await pair.sync()).sent_updated == 600
    assert len(pair.server.requests) <= 5
    assert (await pair.sync()).updated == 0

    pair.server.requests.clear()
    await pair.book.apply(Plan("delete", "Delete", [Delete(await pair.ids())]))
    assert (await pair.sync()).sent_deleted == 600
    assert pair.server.people == {}
    assert len(pair.server.requests) <= 10

    pair.server.requests.clear()
    await pair.book.apply(Plan("add", "Add", [Create(person(number)) for number in range(600)]))
    assert (await pair.sync()).sent_created == 600
    assert len(pair.server.requests) <= 6


async def test_a_label_that_google_does_not_accept_refuses_its_contacts_alone(pair: Pair) -> None:
    def refuse(body: Json) -> Response:
        return error(400, "INVALID_ARGUMENT", f"{body['contactGroup']['name']} is reserved.")

    pair.server._group_create = refuse  # type: ignore[method-assign]
    await pair.book.apply(
        Plan("add", "Add", [Create(person(1)), Create(replace(person(2), groups=("Friends of mine",)))])
    )
    report = await pair.sync()
    assert (report.sent_created, [one.name for one in report.refused]) == (1, ["Person 2"])
    assert "reserved" in report.refused[0].reason


async def test_a_page_instead_of_an_answer_refuses_and_is_tried_again(pair: Pair) -> None:
    for number in range(3):
        await pair.remote.add(person(number))
    await pair.sync()
    respond = pair.server._people_api

    def broken(request: Request) -> Response:
        if request.method in {"POST", "PATCH"}:
            return Response(404, PAGE, {"Content-Type": "text/html"})
        return respond(request)

    pair.server._people_api = broken  # type: ignore[method-assign]
    changes = [Assign(await pair.ids(), "company", "Firm")]
    await pair.book.apply(Plan("edit", "Edit", changes))
    report = await pair.sync()
    assert (report.sent_updated, len(report.refused)) == (0, 3)
    assert len(await pair.book.accounts.refusals()) == 3
    pair.server._people_api = respond  # type: ignore[method-assign]
    assert (await pair.sync()).sent_updated == 3
    assert await pair.book.accounts.refusals() == []
    assert all(one["organizations"][0]["name"] == "Firm" for one in pair.server.people.values())


async def test_a_sync_that_is_stopped_in_the_middle_sends_the_rest_later(pair: Pair) -> None:
    await pair.book.apply(Plan("add", "Add", [Create(person(number)) for number in range(500)]))
    account = await pair.book.accounts.named(pair.name)
    events = sync(pair.book, account, pair.remote.provider)
    async for event in events:
        if type(event).__name__ == "Writing":
            break
    await events.aclose()
    assert len(pair.server.people) == 200
    assert (await pair.sync()).sent_created == 300
    assert sorted(one["names"][0]["familyName"] for one in pair.server.people.values()) == sorted(map(str, range(500)))
    people = [one async for one in pair.book.contacts(Listing())]
    assert len(people) == 500
    assert all(isinstance(one, Contact) and len(one.sources) == 1 for one in people)
