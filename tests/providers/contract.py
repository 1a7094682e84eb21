"""What every provider has to do, said once. A provider's tests subclass one of these and provide a `remote` fixture.

`ProviderContract` is about contacts; every provider passes it. `NetworkContract` adds what goes wrong on the way, for
providers that speak to a server. See docs/adding-a-provider.md.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from operator import attrgetter
from typing import ClassVar, TypeVar

import pytest

from coterie.core.errors import Conflict, CoterieError, CursorExpired, ProviderError, RateLimited, SignInNeeded
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.provider import ChangePage, Provider, RemoteContact, Update

T = TypeVar("T")


class Failure(Enum):
    """What a server, or the network before it, can do instead of answering."""

    RATE_LIMITED = auto()  # 429 without Retry-After
    RATE_LIMITED_SECONDS = auto()  # 429 with Retry-After: 7
    RATE_LIMITED_DATE = auto()  # 429 with Retry-After: an HTTP date 7 s after the reply's Date
    UNAVAILABLE = auto()  # 503 without Retry-After
    GATEWAY_TIMEOUT = auto()  # 504, with a body in HTML
    CUT_BODY = auto()  # 200, Content-Length larger than what comes
    CUT_CONTENT = auto()  # 200, the whole body, but its last part is missing
    RESET = auto()  # the connection is closed without an answer
    NOT_READABLE = auto()  # 200, neither JSON nor XML
    CAPTIVE_PORTAL = auto()  # 200, an HTML page


PASSING = frozenset(Failure) - {Failure.CAPTIVE_PORTAL}


class Remote(ABC):
    """The other side as a test moves it, and the provider that is signed in to it.

    Attributes:
        provider: signed in; its retries do not really wait, but append the seconds to `waits`.
        waits: the seconds that the provider would have waited.
        page_size: how many contacts a page has at most; small, so that a few contacts make several pages.
    """

    provider: Provider
    waits: list[float]
    page_size: int = 3

    @abstractmethod
    async def add(self, contact: Contact) -> str:
        """Create a contact at the source, behind the provider's back; its remote id."""

    @abstractmethod
    async def change(self, remote_id: str, contact: Contact) -> None:
        """Replace a contact at the source."""

    @abstractmethod
    async def remove(self, remote_id: str) -> None:
        """Delete a contact at the source."""

    @abstractmethod
    async def contact(self, remote_id: str) -> Contact | None:
        """What the source has under that id, mapped to our fields by the provider's own mapping or a better one."""

    @abstractmethod
    async def expire_cursors(self) -> None:
        """Make the source forget every cursor."""

    @abstractmethod
    async def revoke(self) -> None:
        """End the account's permission."""

    def fail(self, failure: Failure, times: int | None = None, *, after: int = 0) -> None:
        """Answer the next `times` requests (None: all) with a failure, after `after` good answers."""
        raise NotImplementedError


@dataclass(frozen=True)
class Round:
    """One complete round of changes."""

    pages: list[ChangePage]

    @property
    def changed(self) -> dict[str, RemoteContact]:
        return {one.remote_id: one for page in self.pages for one in page.changed}

    @property
    def deleted(self) -> set[str]:
        return {one.remote_id for page in self.pages for one in page.deleted}

    @property
    def names(self) -> set[str]:
        return {one.contact.name for one in self.changed.values()}

    @property
    def cursor(self) -> str:
        cursor = self.pages[-1].cursor
        assert cursor is not None, "the last page has no cursor"
        return cursor


async def pull(provider: Provider, cursor: str | None = None) -> Round:
    """All pages of a round, checked for what the port promises of them."""
    pages = [page async for page in provider.changes(cursor)]
    assert pages, "a round has at least one page"
    assert all(page.cursor is None for page in pages[:-1]), "only the last page has a cursor"
    assert pages[-1].cursor is not None
    assert all(page.full == (cursor is None) for page in pages)
    return Round(pages)


async def gathered(batches: AsyncIterator[Mapping[int, T]]) -> dict[int, T]:
    """What all batches together say; each number counts once."""
    found: dict[int, T] = {}
    async for answers in batches:
        assert not found.keys() & answers.keys()
        found.update(answers)
    return found


async def collect(provider: Provider, pages: list[ChangePage]) -> None:
    """Put the pages of a full round into `pages` as they come."""
    async for page in provider.changes(None):
        pages.append(page)  # noqa: PERF401 - kept when the round fails


def known_fields(contact: Contact, provider: Provider) -> dict[str, object]:
    """The fields of `contact` that the provider keeps."""
    return {key: getattr(contact, key) for key in sorted(names_of_fields(provider))}


def names_of_fields(provider: Provider) -> set[str]:
    """The attributes of Contact that the provider keeps, or a part of them."""
    return {field.partition("/")[0] for field in provider.capabilities.fields}


ADA = Contact(
    name="Ada Lovelace",
    given_name="Ada",
    family_name="Lovelace",
    emails=(Email("ada@example.org", "home", primary=True), Email("ada@work.example", "work")),
    phones=(Phone("+44 20 7946 0000", "mobile"),),
    company="Analytical Engines",
    job_title="Programmer",
    notes="First line\nsecond line",
    birthday="1815-12-10",
    addresses=(Address(street="12 St James’s Square", city="London", postal_code="SW1Y", country="UK", label="home"),),
    urls=(Url("https://example.org/ada"),),
)
PEOPLE = tuple(
    Contact(name=f"Person {n}", given_name="Person", family_name=f"{n}", emails=(Email(f"p{n}@example.org"),))
    for n in range(8)
)


class ProviderContract:
    """What every provider does with contacts.

    Attributes:
        full_fields: the fields of ADA that come back exactly as they went in; a provider that cannot tell some of
            them takes those out and says why.
    """

    full_fields: ClassVar[frozenset[str]] = frozenset(
        {"name", "given_name", "family_name", "company", "job_title", "notes", "birthday"}
    )

    async def test_a_full_sync_brings_everything_by_pages(self, remote: Remote) -> None:
        for person in PEOPLE:
            await remote.add(person)
        first = await pull(remote.provider)
        assert first.names == {person.name for person in PEOPLE}
        assert max(len(page.changed) for page in first.pages) <= remote.page_size
        assert all(one.raw for one in first.changed.values()), "the source's own words are kept"

    async def test_an_empty_source_is_one_full_page(self, remote: Remote) -> None:
        first = await pull(remote.provider)
        assert not first.changed
        assert not first.deleted

    async def test_a_contact_arrives_with_its_fields(self, remote: Remote) -> None:
        remote_id = await remote.add(ADA)
        ada = (await pull(remote.provider)).changed[remote_id].contact
        fields = self.full_fields & remote.provider.capabilities.fields
        assert {key: getattr(ada, key) for key in fields} == {key: getattr(ADA, key) for key in fields}
        assert [email.address for email in ada.emails] == ["ada@example.org", "ada@work.example"]
        assert ada.email == "ada@example.org"
        assert [phone.number for phone in ada.phones] == ["+44 20 7946 0000"]
        assert (ada.addresses[0].street, ada.addresses[0].city) == ("12 St James’s Square", "London")
        assert ada.sources == ()
        assert ada.id is None

    async def test_a_quiet_sync_says_nothing_and_can_be_repeated(self, remote: Remote) -> None:
        await remote.add(ADA)
        cursor = (await pull(remote.provider)).cursor
        for _ in range(2):
            quiet = await pull(remote.provider, cursor)
            assert not quiet.changed
            assert not quiet.deleted
            cursor = quiet.cursor

    async def test_an_increment_brings_what_is_new_changed_and_deleted(self, remote: Remote) -> None:
        ids = [await remote.add(person) for person in PEOPLE]
        cursor = (await pull(remote.provider)).cursor
        new = await remote.add(ADA)
        await remote.change(ids[1], replace(PEOPLE[1], company="Elsewhere"))
        await remote.remove(ids[2])
        increment = await pull(remote.provider, cursor)
        assert set(increment.changed) == {new, ids[1]}
        assert increment.changed[ids[1]].contact.company == "Elsewhere"
        assert ids[2] in increment.deleted

    async def test_what_an_increment_told_is_not_told_again(self, remote: Remote) -> None:
        ids = [await remote.add(person) for person in PEOPLE]
        cursor = (await pull(remote.provider)).cursor
        await remote.remove(ids[0])
        cursor = (await pull(remote.provider, cursor)).cursor
        quiet = await pull(remote.provider, cursor)
        assert (quiet.changed, quiet.deleted) == ({}, set())

    async def test_a_big_increment_comes_by_pages(self, remote: Remote) -> None:
        cursor = (await pull(remote.provider)).cursor
        for person in PEOPLE:
            await remote.add(person)
        increment = await pull(remote.provider, cursor)
        assert increment.names == {person.name for person in PEOPLE}

    async def test_a_cursor_that_the_source_forgot_is_named_as_such(self, remote: Remote) -> None:
        await remote.add(ADA)
        cursor = (await pull(remote.provider)).cursor
        await remote.expire_cursors()
        with pytest.raises(CursorExpired):
            await pull(remote.provider, cursor)
        assert (await pull(remote.provider)).names == {"Ada Lovelace"}

    async def test_an_ended_permission_asks_to_sign_in(self, remote: Remote) -> None:
        await remote.add(ADA)
        cursor = (await pull(remote.provider)).cursor
        await remote.revoke()
        with pytest.raises(SignInNeeded) as caught:
            await pull(remote.provider, cursor)
        assert "sign in" in str(caught.value).lower()

    async def test_groups_come_as_names(self, remote: Remote) -> None:
        if not remote.provider.capabilities.groups:
            pytest.skip("keeps no groups")
        remote_id = await remote.add(replace(ADA, groups=("Choir", "Family & friends")))
        cursor = (await pull(remote.provider)).cursor
        ada = (await pull(remote.provider)).changed[remote_id].contact
        assert ada.groups == ("Choir", "Family & friends")
        await remote.change(remote_id, replace(ADA, groups=("Choir",)))
        assert (await pull(remote.provider, cursor)).changed[remote_id].contact.groups == ("Choir",)

    async def test_favorites_come(self, remote: Remote) -> None:
        if not remote.provider.capabilities.favorites:
            pytest.skip("knows no favorites")
        starred, plain = await remote.add(replace(ADA, favorite=True)), await remote.add(PEOPLE[0])
        changed = (await pull(remote.provider)).changed
        assert changed[starred].contact.favorite
        assert not changed[plain].contact.favorite

    # Writing ----------------------------------------------------------------------------------------------------------

    @pytest.fixture
    def writer(self, remote: Remote) -> Provider:
        if not remote.provider.capabilities.write:
            pytest.skip("cannot write")
        return remote.provider

    async def test_a_created_contact_is_there_once(self, remote: Remote, writer: Provider) -> None:
        created = await writer.create(ADA)
        there = await remote.contact(created.remote_id)
        assert there is not None
        assert (there.name, there.email, there.notes) == (ADA.name, ADA.email, ADA.notes)
        everything = await pull(writer)
        assert set(everything.changed) == {created.remote_id}
        fields = known_fields(everything.changed[created.remote_id].contact, writer)
        assert known_fields(created.contact, writer) == fields, "create returns what a sync will say"

    async def test_what_is_present_can_be_read_beside_the_changes(self, remote: Remote, writer: Provider) -> None:
        for person in PEOPLE:
            await remote.add(person)
        cursor = (await pull(writer)).cursor
        assert {one.contact.name async for one in writer.present()} == {person.name for person in PEOPLE}
        assert not (await pull(writer, cursor)).changed

    async def test_a_created_contact_has_its_groups_and_star(self, remote: Remote, writer: Provider) -> None:
        contact = replace(
            ADA,
            groups=("Choir",) if writer.capabilities.groups else (),
            favorite=writer.capabilities.favorites,
        )
        created = await writer.create(contact)
        there = await remote.contact(created.remote_id)
        assert there is not None
        assert (there.groups, there.favorite) == (contact.groups, contact.favorite)

    async def test_an_update_changes_only_the_fields_it_names(self, remote: Remote, writer: Provider) -> None:
        remote_id = await remote.add(ADA)
        known = (await pull(writer)).changed[remote_id]
        wanted = replace(known.contact, company="Elsewhere", notes="not to be sent")
        updated = await writer.update(known, wanted, {"company"})
        there = await remote.contact(remote_id)
        assert there is not None
        assert (there.company, there.job_title, there.notes) == ("Elsewhere", ADA.job_title, ADA.notes)
        assert updated.contact.company == "Elsewhere"
        again = await writer.update(updated, replace(updated.contact, company="Third"), {"company"})
        assert again.contact.company == "Third", "the returned etag is good for the next update"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("emails", (Email("new@example.org", "work"), Email("ada@example.org", "home"))),
            ("emails", ()),
            ("phones", (Phone("+1 202 555 0100", "work"), Phone("+44 20 7946 0000", "mobile"))),
            ("notes", ""),
            ("birthday", "1816-01-02"),
            ("birthday", ""),
            ("job_title", ""),
            ("addresses", (Address(street="1 New Street", city="Paris", label="work"),)),
            ("urls", (Url("https://example.org/new"),)),
            ("groups", ("Choir", "Zebras")),
            ("favorite", True),
            ("custom", {"Spouse": "William", "Child": "Anne\nByron", "IM": "ada", "Phonetic first name": "Eida"}),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    async def test_each_field_can_be_written(self, remote: Remote, writer: Provider, field: str, value: object) -> None:
        if field not in names_of_fields(writer):
            pytest.skip(f"keeps no {field}")
        remote_id = await remote.add(ADA)
        known = (await pull(writer)).changed[remote_id]
        await writer.update(known, replace(known.contact, **{field: value}), {field})  # type: ignore[arg-type]
        now = (await pull(writer)).changed[remote_id].contact
        said = getattr(now, field)
        if field in {"emails", "addresses"} and isinstance(value, tuple):  # labels and primary are the source's own
            assert [_essence(one) for one in said] == [_essence(one) for one in value]
        elif field == "urls" or field == "phones":
            assert [_essence(one) for one in said] == [_essence(one) for one in value]  # type: ignore[attr-defined]
        else:
            assert said == value
        others = names_of_fields(writer) - {field}
        assert {key: getattr(now, key) for key in others} == {key: getattr(known.contact, key) for key in others}

    async def test_an_update_of_what_changed_there_is_a_conflict(self, remote: Remote, writer: Provider) -> None:
        remote_id = await remote.add(ADA)
        known = (await pull(writer)).changed[remote_id]
        await remote.change(remote_id, replace(ADA, company="Theirs"))
        with pytest.raises(Conflict):
            await writer.update(known, replace(known.contact, company="Ours"), {"company"})
        now = await writer.read(remote_id)
        assert now is not None
        assert now.contact.company == "Theirs"
        await writer.update(now, replace(now.contact, company="Ours"), {"company"})
        there = await remote.contact(remote_id)
        assert there is not None
        assert there.company == "Ours"

    async def test_deleting(self, remote: Remote, writer: Provider) -> None:
        remote_id = await remote.add(ADA)
        first = await pull(writer)
        known = first.changed[remote_id]
        await writer.delete(known)
        assert await remote.contact(remote_id) is None
        assert await writer.read(remote_id) is None
        await writer.delete(known)  # gone already: fine
        assert remote_id in (await pull(writer, first.cursor)).deleted

    async def test_deleting_what_changed_there_is_a_conflict(self, remote: Remote, writer: Provider) -> None:
        remote_id = await remote.add(ADA)
        known = (await pull(writer)).changed[remote_id]
        await remote.change(remote_id, replace(ADA, company="Theirs"))
        with pytest.raises(Conflict):
            await writer.delete(known)
        assert await remote.contact(remote_id) is not None

    async def test_signing_out_forgets_the_tokens(self, remote: Remote) -> None:
        await remote.provider.sign_out()
        assert await remote.provider.setup.tokens.load() is None

    # Writing in batches -----------------------------------------------------------------------------------------------

    async def test_many_are_created_at_once(self, remote: Remote, writer: Provider) -> None:
        people = [replace(one, groups=("Choir",) if writer.capabilities.groups else ()) for one in (ADA, *PEOPLE)]
        created = await gathered(writer.create_all(people))
        assert sorted(created) == list(range(len(people)))
        for number, person in enumerate(people):
            said = created[number]
            assert isinstance(said, RemoteContact)
            there = await remote.contact(said.remote_id)
            assert there is not None
            assert (there.name, there.email, there.groups) == (person.name, person.email, person.groups)
        everything = (await pull(writer)).changed
        assert {one.remote_id for one in created.values() if isinstance(one, RemoteContact)} == set(everything)
        for said in created.values():
            assert isinstance(said, RemoteContact)
            again = everything[said.remote_id]
            assert (said.etag, known_fields(said.contact, writer)) == (again.etag, known_fields(again.contact, writer))

    async def test_many_are_changed_at_once_and_each_only_where_it_says(self, remote: Remote, writer: Provider) -> None:
        for one in (ADA, *PEOPLE):
            await remote.add(one)
        known = list((await pull(writer)).changed.values())
        updates = [
            Update(one, replace(one.contact, company=f"Firm {n}", notes="not to be sent"), frozenset({"company"}))
            if n % 2
            else Update(one, replace(one.contact, job_title=f"Title {n}", company="no"), frozenset({"job_title"}))
            for n, one in enumerate(known)
        ]
        answers = await gathered(writer.update_all(updates))
        for number, before in enumerate(known):
            there = await remote.contact(before.remote_id)
            assert there is not None
            company = f"Firm {number}" if number % 2 else before.contact.company
            job_title = before.contact.job_title if number % 2 else f"Title {number}"
            assert (there.company, there.job_title, there.notes) == (company, job_title, before.contact.notes)
            said = answers[number]
            assert isinstance(said, RemoteContact)
            again = await writer.update(said, replace(said.contact, company="Third"), {"company"})
            assert again.contact.company == "Third", "the returned etag is good for the next update"

    async def test_of_many_only_those_are_refused_that_have_changed_there(
        self, remote: Remote, writer: Provider
    ) -> None:
        for one in PEOPLE:
            await remote.add(one)
        known = list((await pull(writer)).changed.values())
        changed, gone = known[1].remote_id, known[4].remote_id
        await remote.change(changed, replace(known[1].contact, job_title="Theirs"))
        await remote.remove(gone)
        updates = [Update(one, replace(one.contact, company="Ours"), frozenset({"company"})) for one in known]
        answers = await gathered(writer.update_all(updates))
        assert {n for n, one in answers.items() if isinstance(one, Conflict)} == {1, 4}
        for number in {*range(len(known))} - {1, 4}:
            there = await remote.contact(known[number].remote_id)
            assert there is not None
            assert there.company == "Ours"
        there = await remote.contact(changed)
        assert there is not None
        assert (there.company, there.job_title) == ("", "Theirs")

    async def test_many_change_their_groups_and_stars_at_once(self, remote: Remote, writer: Provider) -> None:
        if not writer.capabilities.groups:
            pytest.skip("keeps no groups")
        for one in PEOPLE:
            await remote.add(replace(one, groups=("Choir",)))
        known = list((await pull(writer)).changed.values())
        stars = writer.capabilities.favorites
        fields = frozenset({"groups", "favorite"} & writer.capabilities.fields)
        updates = [Update(one, replace(one.contact, groups=("Chess",), favorite=stars), fields) for one in known]
        answers = await gathered(writer.update_all(updates))
        for number, before in enumerate(known):
            there, said = await remote.contact(before.remote_id), answers[number]
            assert there is not None
            assert isinstance(said, RemoteContact)
            assert (there.groups, there.favorite) == (("Chess",), stars)
            assert (said.contact.groups, said.contact.favorite) == (("Chess",), stars)
            again = (await pull(writer)).changed[before.remote_id]
            assert known_fields(said.contact, writer) == known_fields(again.contact, writer)

    async def test_many_are_deleted_at_once_but_not_what_has_changed_there(
        self, remote: Remote, writer: Provider
    ) -> None:
        for one in PEOPLE:
            await remote.add(one)
        known = list((await pull(writer)).changed.values())
        await remote.change(known[2].remote_id, replace(known[2].contact, company="Changed there"))
        await remote.remove(known[3].remote_id)
        answers = await gathered(writer.delete_all(known))
        assert {n for n, one in answers.items() if one is not None} == {2}
        assert isinstance(answers[2], Conflict)
        assert set((await pull(writer)).changed) == {known[2].remote_id}


def _essence(value: object) -> object:
    match value:
        case Email(address=address):
            return address
        case Phone(number=number):
            return number
        case Url(url=url):
            return url
        case Address():
            return replace(value, label="")
    return value


class NetworkContract(ProviderContract):
    """What providers that speak to a server do when something goes wrong on the way."""

    @pytest.mark.parametrize("failure", sorted(PASSING, key=attrgetter("name")))
    async def test_a_passing_failure_is_not_noticed(self, remote: Remote, failure: Failure) -> None:
        for person in PEOPLE:
            await remote.add(person)
        remote.fail(failure, times=1, after=1)
        assert (await pull(remote.provider)).names == {person.name for person in PEOPLE}
        assert remote.waits, "it waits before it asks again"

    @pytest.mark.parametrize("failure", sorted(Failure, key=attrgetter("name")))
    async def test_a_lasting_failure_is_one_plain_error_and_no_cursor(self, remote: Remote, failure: Failure) -> None:
        for person in PEOPLE:
            await remote.add(person)
        remote.fail(failure, after=2)
        pages: list[ChangePage] = []
        with pytest.raises(CoterieError) as caught:
            await collect(remote.provider, pages)
        assert isinstance(caught.value, ProviderError)
        assert caught.value.title.endswith(".")
        assert caught.value.hint
        assert all(page.cursor is None for page in pages)

    @pytest.mark.parametrize("failure", [Failure.RATE_LIMITED_SECONDS, Failure.RATE_LIMITED_DATE])
    async def test_retry_after_is_honored(self, remote: Remote, failure: Failure) -> None:
        await remote.add(ADA)
        remote.fail(failure, times=1)
        await pull(remote.provider)
        assert remote.waits[0] == pytest.approx(7, abs=1)

    async def test_lasting_throttling_says_how_long(self, remote: Remote) -> None:
        await remote.add(ADA)
        remote.fail(Failure.RATE_LIMITED_SECONDS)
        with pytest.raises(RateLimited) as caught:
            await pull(remote.provider)
        assert caught.value.retry_after == pytest.approx(7, abs=1)

    @pytest.mark.parametrize("failure", [Failure.RESET, Failure.UNAVAILABLE, Failure.CUT_BODY])
    async def test_creation_is_never_retried_blindly(self, remote: Remote, failure: Failure) -> None:
        writer = remote.provider
        if not writer.capabilities.write:
            pytest.skip("cannot write")
        await pull(writer)
        remote.fail(failure, times=1)
        with pytest.raises(ProviderError):
            await writer.create(ADA)
        assert len((await pull(writer)).changed) <= 1

    async def test_a_cancelled_round_stops_at_once(self, remote: Remote) -> None:
        for person in PEOPLE:
            await remote.add(person)

        came = asyncio.Event()

        async def first_page() -> None:
            async for _page in remote.provider.changes(None):
                came.set()
                await asyncio.sleep(600)

        task = asyncio.create_task(first_page())
        await came.wait()
        task.cancel()
        async with asyncio.timeout(30):
            with pytest.raises(asyncio.CancelledError):
                await task
