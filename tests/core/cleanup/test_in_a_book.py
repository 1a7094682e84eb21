"""Looking for what could be cleaned in a real book, keeping what was found, and doing it: on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coterie.core.book import Book
from coterie.core.bulk import Survey
from coterie.core.changes import CreateGroup, Delete, Edit, Forget, Plan, Restore
from coterie.core.checks import Checks
from coterie.core.cleanup import KINDS
from coterie.core.cleanup.step import CleanUp, plan_of
from coterie.core.errors import Cancelled
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email, Phone
from coterie.core.store.cleanup.cleanup import Cleanup
from tests.conftest import Clock, OnPostgresql
from tests.core.book_contract import do, make

SHOUTED = Contact(name="ADA KING", given_name="ADA", family_name="KING", emails=(Email("ada@example.org"),))
PLAIN = Contact(name="Bob Ray", given_name="Bob", family_name="Ray", emails=(Email("bob@example.org"),))


async def found(book: Book) -> dict[str, int]:
    """How much there is of each kind that there is something of."""
    return {one.kind.id: one.count for one in await book.cleanup.look() if one.count}


async def found_anew(book: Book) -> dict[str, set[int]]:
    """What a look at the whole book finds, that knows of none before it."""
    anew = Cleanup(book._database, book.duplicates)
    async with book._database.writing() as connection:
        await connection.run("UPDATE cleanup_look SET rules = ''")
    await anew.look()
    return {kind: ids for kind, ids in anew._findings.items() if ids}


async def clean(book: Book, kind: str, *left_out: int) -> str:
    """Carry out all proposals of a kind; what it did, in words."""
    await book.cleanup.look()
    step = CleanUp(KINDS[kind], book.cleanup.usual)
    survey = await Survey.of(book, [step], Checks.of(book.cleanup.ids(KINDS[kind])))
    await survey.finish()
    survey.leave_out(left_out)
    return (await book.apply(await plan_of(book, survey))).summary


class CleanupContract:
    """Subclasses give a fixture `book` (empty) and `other` (the same book, opened by another program)."""

    async def test_an_empty_book_is_clean(self, book: Book) -> None:
        assert await found(book) == {}
        assert await found(book) == {}

    async def test_what_is_found_is_kept_for_the_next_program(
        self, book: Book, other: Book, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await make(book, SHOUTED, PLAIN, replace(SHOUTED, name="EVE MOSS", emails=(Email("eve@gmial.com"),)))
        wanted = {"name-case": 2, "email-typos": 1}
        assert await found(book) == wanted

        async def look_at_all(self: object, progress: object) -> None:
            raise AssertionError("everything is looked at again")

        monkeypatch.setattr(Cleanup, "_look_at_all", look_at_all)
        assert await found(other) == wanted
        [contact] = [one async for one in other.contacts(Listing(query="bob"))]
        await do(other, Edit(contact.id or 0, {"name": "BOB RAY"}))
        assert await found(book) == {"name-case": 3, "email-typos": 1}
        await other.history.undo()
        assert await found(book) == wanted
        await other.history.redo()
        assert await found(other) == {"name-case": 3, "email-typos": 1}

    async def test_what_is_deleted_is_not_proposed_any_more(self, book: Book) -> None:
        ids = await make(book, SHOUTED, SHOUTED)
        assert await found(book) == {"name-case": 2, "duplicates": 1}
        await do(book, Delete(Checks.of(ids[:1])))
        assert await found(book) == {"name-case": 1}
        await do(book, Restore(Checks.of(ids[:1])))
        assert await found(book) == {"name-case": 2, "duplicates": 1}
        await do(book, Delete(Checks.of(ids)))
        await book.apply(Plan("forget", "Delete forever", [Forget(Checks.of(ids))]))
        assert await found(book) == {}
        async with book._database.reading() as connection:
            assert await connection.rows("SELECT * FROM cleanup_finding") == []

    async def test_each_kind_is_one_step_and_can_be_undone(self, book: Book) -> None:
        first, second = await make(book, SHOUTED, replace(SHOUTED, name="EVE MOSS", emails=(), notes="x"))
        before = await book.contact(first)
        assert await clean(book, "name-case", second) == "Cleaned up Ada King (names in capitals or in small letters)."
        assert [(await book.contact(one)).name for one in (first, second)] == ["Ada King", "EVE MOSS"]
        assert await found(book) == {"name-case": 1, "no-email": 1}
        await book.history.undo()
        after = await book.contact(first)
        assert replace(after, version=0, updated_at=None) == replace(before, version=0, updated_at=None)
        assert await found(book) == {"name-case": 2, "no-email": 1}

    async def test_empty_contacts_go_to_the_bin_unless_they_are_empty_no_longer(self, book: Book, other: Book) -> None:
        ids = await make(book, Contact(name="Ada King"), Contact(name="Bob Ray"), PLAIN)
        await book.cleanup.look()
        survey = await Survey.of(book, [CleanUp(KINDS["empty"])], Checks.of(book.cleanup.ids(KINDS["empty"])))
        await survey.finish()
        assert survey.changed == 2
        await do(other, Edit(ids[0], {"notes": "met in Rome"}))
        await book.apply(await plan_of(book, survey))
        assert [(await book.contact(one)).deleted_at is None for one in ids] == [True, False, True]
        await book.history.undo()
        assert await book.lists.count(Listing()) == 3

    async def test_the_companies_of_a_book(self, book: Book) -> None:
        spelled = ["Acme Ltd", "Acme Ltd", "ACME LTD", "Acme GmbH", "Engines"]
        ids = await make(book, *(replace(PLAIN, name=f"P{n} Q{n}", company=name) for n, name in enumerate(spelled)))
        assert await clean(book, "companies") == "Cleaned up P2 Q2 (companies spelled in several ways)."
        assert (await book.contact(ids[2])).company == "Acme Ltd"
        await do(book, *(Edit(one, {"company": "ACME Limited"}) for one in ids[:2]))
        await book.cleanup.look()
        assert book.cleanup.ids(KINDS["companies"]) == [ids[2]], "what most say now counts, not what most said then"
        await do(book, Edit(ids[4], {"company": "acme limited"}))
        await book.cleanup.look()
        assert book.cleanup.ids(KINDS["companies"]) == [ids[2], ids[4]]

    async def test_groups_are_joined_and_the_empty_one_goes(self, book: Book) -> None:
        people = [replace(PLAIN, name=f"P{n} Q{n}", groups=("Book Club",)) for n in range(2)]
        await make(book, *people, replace(PLAIN, groups=("Book-club", "Choir")))
        await do(book, CreateGroup("Chess"))
        await clean(book, "groups")
        assert [(group.name, group.size) for group in await book.groups.all()] == [
            ("Book Club", 3),
            ("Chess", 0),
            ("Choir", 1),
        ]
        await book.history.undo()
        assert [group.name for group in await book.groups.all()] == ["Book Club", "Book-club", "Chess", "Choir"]
        await clean(book, "groups", *book.cleanup.ids(KINDS["groups"]))
        assert len(await book.groups.all()) == 4, "what still has members stays"

    async def test_the_members_in_the_bin_keep_a_group(self, book: Book) -> None:
        people = [replace(PLAIN, name=f"P{n} Q{n}", groups=("Book Club",)) for n in range(2)]
        *_, binned = await make(book, *people, *[replace(PLAIN, groups=("Book-club",))] * 2)
        await do(book, Delete(Checks.of([binned])))
        await clean(book, "groups")
        await do(book, Restore(Checks.of([binned])))
        assert (await book.contact(binned)).groups == ("Book-club",)

    # Dismissing ------------------------------------------------------------------------------------------------

    async def test_what_is_dismissed_stays_dismissed(self, book: Book, other: Book) -> None:
        kind = KINDS["name-case"]
        first, second = await make(book, SHOUTED, replace(SHOUTED, name="EVE MOSS", emails=(Email("e@x.org"),)))
        await book.cleanup.look()
        await book.cleanup.dismiss(kind, [first])
        assert (await book.cleanup.counts())[list(KINDS).index("name-case")].dismissed == 1
        for program in (book, other):
            assert await found(program) == {"name-case": 1}
            assert program.cleanup.ids(kind) == [second]
        assert (await found_anew(book))["name-case"] == {second}
        await do(book, Edit(first, {"notes": "new"}))
        assert await found(book) == {"name-case": 1}, "the name is as it was when it was dismissed"
        await do(book, Edit(first, {"name": "ADA LOVELACE"}))
        assert await found(book) == {"name-case": 2}, "this is another proposal"
        await book.history.undo()
        assert await found(book) == {"name-case": 1}
        assert await book.cleanup.restore(kind) == 1
        assert await found(other) == {"name-case": 2}

    async def test_remarks_can_be_dismissed_too(self, book: Book) -> None:
        [one] = await make(book, Contact(name="Ada King", phones=(Phone("1"),)))
        assert await found(book) == {"no-email": 1}
        await book.cleanup.dismiss(KINDS["no-email"], [one])
        await do(book, Edit(one, {"notes": "new"}))
        assert await found(book) == {}

    async def test_pairs_that_are_not_the_same_are_not_counted(self, book: Book) -> None:
        ids = await make(book, PLAIN, PLAIN)
        assert await found(book) == {"duplicates": 1}
        await book.duplicates.keep_apart(ids)
        assert await found(book) == {}
        await book.duplicates.rejoin(ids)
        assert await found(book) == {"duplicates": 1}

    # Time ------------------------------------------------------------------------------------------------------

    async def test_a_birthday_comes_to_pass(self, book: Book, clock: Clock) -> None:
        await make(book, replace(PLAIN, birthday="2026-11-25"))
        assert await found(book) == {"birthdays": 1}
        clock.pass_days(2)
        assert await found(book) == {}

    async def test_a_look_can_be_stopped_and_then_begins_anew(self, book: Book) -> None:
        await make(book, SHOUTED)

        def stop(done: int, of: int | None) -> None:
            raise Cancelled("You stopped it.")

        with pytest.raises(Cancelled):
            await book.cleanup.look(stop)
        assert await found(book) == {"name-case": 1}

    async def later_looks_find_what_the_first_one_would(
        self, book: Book, people: list[Contact], steps: list[tuple[int, int]]
    ) -> None:
        """A property of any book; each subclass runs it with `any_steps`."""
        await do(book, Delete(await book.lists.ids(Listing())))
        ids = await make(book, *people)
        await book.cleanup.look()
        for one, other in steps:
            here, there = ids[one % len(ids)], people[other % len(people)]
            if one == other:
                await do(book, Delete(Checks.of([here])))
            elif one > other + 4:
                await book.history.undo()
            else:
                await do(book, Edit(here, {"name": there.name, "company": there.company, "emails": there.emails}))
            await book.cleanup.look()
        now = {kind: set(ids) for kind, ids in book.cleanup._findings.items() if ids and kind != "phones"}
        assert now == {kind: ids for kind, ids in (await found_anew(book)).items() if kind != "phones"}


_PEOPLE = st.lists(
    st.builds(
        lambda name, company, email: Contact(name=name, company=company, emails=(Email(email),) if email else ()),
        st.sampled_from(["ADA KING", "Ada King", "bob ray", "Eve", "Dr. Eve Moss", "King, Ada"]),
        st.sampled_from(["", "Acme Ltd", "ACME LTD", "Acme", "Engines", "engines"]),
        st.sampled_from(["", "ada@gmial.com", "ada@example.org", "bob@acme.example"]),
    ),
    min_size=2,
    max_size=8,
)
any_steps = given(people=_PEOPLE, steps=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=4))
in_one_book = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestSqliteCleanup(CleanupContract):
    @in_one_book
    @any_steps
    async def test_later_looks(self, book: Book, people: list[Contact], steps: list[tuple[int, int]]) -> None:
        await self.later_looks_find_what_the_first_one_would(book, people, steps)

    async def test_what_cannot_be_kept_is_found_nevertheless(self, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
        from coterie.core.errors import BookBusy

        await make(book, SHOUTED)

        def busy(self: object) -> None:
            raise BookBusy("Another program is writing to the book.")

        monkeypatch.setattr(type(book._database), "writing", busy)
        assert await found(book) == {"name-case": 1}
        assert await found(book) == {"name-case": 1}


class TestPostgresqlCleanup(OnPostgresql, CleanupContract):
    """The same in a PostgreSQL database."""

    @in_one_book
    @any_steps
    async def test_later_looks(self, book: Book, people: list[Contact], steps: list[tuple[int, int]]) -> None:
        await self.later_looks_find_what_the_first_one_would(book, people, steps)
