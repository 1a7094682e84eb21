"""What an account does not take of one contact, with whatever status: that one is listed, and all others are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create
from coterie.core.errors import ProviderError
from coterie.core.model import Contact, Email
from coterie.core.sync import SyncReport, Writing, sync
from coterie.core.sync.work import doubtful
from tests.providers.contract import Failure
from tests.providers.devices import PLACES, DavPlace, GooglePlace, MicrosoftPlace, ServerPlace
from tests.providers.server import Request, Response
from tests.providers.with_book import Synced

HTML = {"Content-Type": "text/html"}
STATUSES = (
    400,
    402,
    403,
    404,
    405,
    406,
    409,
    410,
    412,
    413,
    414,
    415,
    418,
    422,
    423,
    424,
    428,
    431,
    451,
    500,
    501,
    507,
)
"""Whatever is about one contact; 401, 407, 408, 429, 502, 503, 504 and 511 are about the account or the way to it."""
KINDS = (400, 402, 403, 404, 409, 410, 412, 413, 422, 423, 500, 507)
"""Those that some provider tells from others (gone, changed, full …), and one that stands for all others."""
SIDES = ("google", "microsoft", "radicale", "xandikos")
REFUSALS = [(side, status) for side in SIDES for status in (STATUSES if side == "radicale" else KINDS)]


class Side:
    """An account that refuses what says “poison”.

    Attributes:
        status: with what it refuses; 0 accepts everything.
        body: what it says.
    """

    def __init__(self, place: ServerPlace, synced: Synced) -> None:
        self.place, self.synced = place, synced
        self.status, self.body, self.headers = 0, b"", dict[str, str]()
        if isinstance(place, MicrosoftPlace):
            place.graph.hook = self.look
        else:
            place.server.before = self.look

    def look(self, request: Request) -> Response | None:
        if self.status and request.method in {"PUT", "PATCH", "POST"} and b"poison" in request.body:
            return Response(self.status, self.body or {"error": {"code": "x"}}, self.headers)
        return None

    async def there(self) -> dict[str, Contact]:
        return {one.contact.name: one.contact for one in await self.place.contacts()}

    async def sync(self) -> tuple[SyncReport, list[str]]:
        report = await self.synced.sync()
        listed = [one.name for one in await self.synced.book.accounts.refusals()]
        assert listed == [one.name for one in report.refused]
        assert all(one.reason.endswith(".") for one in report.refused)
        return report, listed


def person(name: str, company: str = "") -> Contact:
    return Contact(name=name, given_name=name, emails=(Email(f"{name.lower()}@example.org"),), company=company)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(params=SIDES)
async def side(request: pytest.FixtureRequest, book: Book, tmp_path: Path, stack: ExitStack) -> AsyncIterator[Side]:
    place = PLACES[request.param](tmp_path, stack)
    assert isinstance(place, (GooglePlace, MicrosoftPlace, DavPlace))
    await place.open()
    synced = await Synced.of(book, place.provider)
    account = await book.accounts.named(synced.name)
    chosen = {**account.settings, "new_contacts_since": "2000-01-01T00:00:00+00:00"}
    await book.accounts.update(replace(account, settings=chosen))
    yield Side(place, synced)
    await place.close()


@pytest.mark.parametrize(("side", "status"), REFUSALS, indirect=["side"])
async def test_one_change_that_is_refused_is_listed_and_the_others_are_made(side: Side, status: int) -> None:
    for name in ("Ada", "Bob", "Cy"):
        await side.place.put(person(name))
    await side.sync()
    for name in ("Ada", "Bob", "Cy"):
        await side.synced.edit(name, company="poison" if name == "Bob" else "Firm")
    side.status = status
    _, listed = await side.sync()
    assert listed == ["Bob"]
    assert {name: one.company for name, one in (await side.there()).items()} == {"Ada": "Firm", "Bob": "", "Cy": "Firm"}
    side.status = 0
    report, listed = await side.sync()
    assert (report.sent_updated, listed) == (1, [])
    assert (await side.there())["Bob"].company == "poison"


@pytest.mark.parametrize(("side", "status"), REFUSALS, indirect=["side"])
async def test_one_new_contact_that_is_refused_is_listed_and_the_others_are_created_once(
    side: Side, status: int
) -> None:
    await side.sync()
    await side.synced.apply(
        *(Create(person(name, "poison" if name == "Bob" else "Firm")) for name in ("Ada", "Bob", "Cy"))
    )
    side.status = status
    for _ in range(2):
        _, listed = await side.sync()
        assert listed == ["Bob"]
        assert sorted(one.contact.name for one in await side.place.contacts()) == ["Ada", "Cy"]
    side.status = 0
    report, listed = await side.sync()
    assert (report.sent_created, listed) == (1, [])
    assert sorted(one.contact.name for one in await side.place.contacts()) == ["Ada", "Bob", "Cy"]
    assert doubtful(await side.synced.book.accounts.named(side.synced.name)) == []


async def test_a_page_that_is_not_the_provider_s_own_is_no_deletion(side: Side) -> None:
    for name in ("Ada", "Bob"):
        await side.place.put(person(name))
    await side.sync()
    await side.synced.edit("Ada", company="poison")
    side.status, side.body, side.headers = 404, b"<!DOCTYPE html><html>Not Found</html>", HTML
    _, listed = await side.sync()
    assert listed == ["Ada"]
    side.status = 0
    await side.sync()
    assert {name: one.company for name, one in (await side.there()).items()} == {"Ada": "poison", "Bob": ""}


@pytest.mark.parametrize("loses", [False, True])
async def test_sending_that_is_stopped_goes_on_where_it_was(side: Side, loses: bool) -> None:
    """Stopped by the user, or as the line breaks after the server has done what it was told: nothing is sent twice."""
    book, count = side.synced.book, 230
    for number in range(20):
        await side.place.put(person(f"Old{number}"))
    await side.sync()
    await side.synced.apply(*(Create(person(f"New{number}")) for number in range(count)))
    for number in range(20):
        await side.synced.edit(f"Old{number}", company="Firm")
    if loses:
        side.place.fail(Failure.RESET, 50, after=30 if isinstance(side.place, DavPlace) else 5)
        with pytest.raises(ProviderError):
            await side.synced.sync()
        side.place.recover()
    else:
        events = sync(book, await book.accounts.named(side.synced.name), side.place.provider)
        async for event in events:
            if isinstance(event, Writing) and event.done > 25:
                assert event.total == count + 20
                break
        await events.aclose()
    await side.synced.sync()
    report, listed = await side.sync()
    assert (listed, report.sent_created, report.sent_updated, report.created) == ([], 0, 0, 0)
    there = [one.contact for one in await side.place.contacts()]
    assert sorted(one.name for one in there) == sorted(
        [f"Old{number}" for number in range(20)] + [f"New{number}" for number in range(count)]
    )
    assert {one.company for one in there if one.name.startswith("Old")} == {"Firm"}
