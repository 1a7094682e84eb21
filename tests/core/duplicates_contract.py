"""What finding duplicates promises, whatever the database: `store/test_duplicates.py` runs it on both."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coterie.core import duplicates
from coterie.core.book import Book
from coterie.core.bulk.merging import merge_groups, merge_plan
from coterie.core.changes import Assign, Change, Delete, Edit, Forget, Restore
from coterie.core.checks import Checks
from coterie.core.duplicates import MAX_SHARING, Crowded, Key, Pair, Reason, compare, key_of, likeness_signs, name_signs
from coterie.core.errors import Cancelled
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email, Phone
from coterie.core.store.duplicates import Duplicates, around, by_name, search
from tests.core.book_contract import do, make

TWIN = Contact(name="Ada Lovelace", emails=(Email("ada@x.org"),))
FEW = 3
"""So many may share a sign in these tests, in place of 20: small books then have switchboards too."""


def plain(contacts: list[Contact]) -> set[Pair]:
    """The pairs of a book, by comparing everybody with everybody."""
    keys = [key_of(contact) for contact in contacts]
    crowded = Crowded(_often(key.emails for key in keys), _often(key.phones for key in keys))
    common = _often((*name_signs(key), *likeness_signs(key)) for key in keys)

    def are_brought_together(one: Key, other: Key, pair: Pair) -> bool:
        if pair.reasons[0] in {Reason.EMAIL, Reason.PHONE}:
            return True
        some, others = ({*name_signs(key), *likeness_signs(key)} for key in (one, other))
        return bool((some & others) - common)

    return {
        pair
        for one, other in combinations(keys, 2)
        if (pair := compare(one, other, crowded)) and are_brought_together(one, other, pair)
    }


def _often(signs: Iterator[tuple[object, ...]]) -> frozenset[str]:
    counts = Counter(sign for one in signs for sign in set(one))
    return frozenset(cast(str, sign) for sign, count in counts.items() if count > FEW)


_CONTACTS = st.lists(
    st.builds(
        lambda name, nickname, emails, phones, company: Contact(
            name=name,
            nickname=nickname,
            emails=tuple(map(Email, emails)),
            phones=tuple(map(Phone, phones)),
            company=company,
        ),
        st.sampled_from([
            "", "Ada Lovelace", "Ada Lovelcae", "Lovelace, ADA", "A. Lovelace", "Ada B. Lovelace", "Charles Babbage",
            "C. Babbage", "Łucja Élan", "Lucja elan", "Li Wu", "Wu Li", "L. W", "李明", "Ada", "ADA!",
            "100% Ada_Lovelace",
        ]),
        st.sampled_from(["", "", "Ada Lovelace", "Wu Li"]),
        st.lists(
            st.sampled_from([
                "ada@x.org", "ADA@x.org", "b@x.org", "ada@gmail.com", "info@gmail.com", "élan@ö.example",
                "elan@ö.example", "a_b@y.org", "a%b@y.org", "x@y.org",
            ]),
            max_size=3,
        ),
        st.lists(
            st.sampled_from(["+44 20 7946 0958", "020 79460958", "(0)20-7946 0958", "110", "7654321", "000 7654321"]),
            max_size=2,
        ),
        st.sampled_from(["", "Acme", "acme", 'The "Engines" & Söhne', "HP"]),
    ),
    max_size=12,
)  # fmt: skip


_X_ORG = (Email("ada@x.org"),)
_MANY_PARTS_FEW_WHOLES = [Contact(name="Ada Lovelace", emails=_X_ORG), *[Contact(name="Ada", emails=_X_ORG)] * FEW]


def any_people(test: Callable[..., Coroutine[None, None, None]]) -> Callable[..., Any]:
    """Give a test any book, and one where more share a part of a name than share the name."""
    property_ = given(people=_CONTACTS, binned=st.sets(st.integers(0, 11), max_size=2))
    return example(people=_MANY_PARTS_FEW_WHOLES, binned=set())(property_(test))


any_steps = given(
    people=_CONTACTS.filter(lambda people: len(people) > 1),
    steps=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=5),
)
in_one_book = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def found(book: Book) -> list[Pair]:
    return [pair async for pairs in book.duplicates.find() for pair in pairs]


async def found_anew(book: Book) -> list[Pair]:
    """What a search finds that knows of none before it."""
    anew = Duplicates(book._database, book._keep)
    return [pair async for pairs in anew.find() for pair in pairs]


async def contacts(book: Book) -> list[Contact]:
    return [contact async for contact in book.contacts(Listing())]


class DuplicatesContract:
    """Subclasses give a fixture `book` (empty) and `other` (the same book, opened by another program)."""

    @pytest.fixture
    def few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make small books behave as large ones do."""
        for module in (duplicates, search, around, by_name):
            monkeypatch.setattr(module, "MAX_SHARING", FEW)
        monkeypatch.setattr(by_name, "_MANY", 2)
        for name, value in (("MOST", 5), ("_ROWS", 4), ("_BATCH", 2), ("_FIRST_BATCH", 1)):
            monkeypatch.setattr(search, name, value)

    async def finds_what_comparing_everybody_finds(self, book: Book, people: list[Contact], binned: set[int]) -> None:
        """A property of any book; each subclass runs it with `any_people` and the fixture `few`."""
        await do(book, Delete(await book.lists.ids(Listing())))
        ids = await make(book, *people)
        await do(book, Delete(Checks.of(ids[place] for place in binned if place < len(ids))))
        wanted = plain(await contacts(book))
        pairs = await found_anew(book)
        assert set(pairs) == wanted
        assert len(pairs) == len(wanted), "each comes once"
        for one in ids:
            around = await book.duplicates.around([one])
            assert set(around) == {pair for pair in wanted if one in pair[:2]}
        assert set(await book.duplicates.around(ids)) == wanted

    async def finds_the_same_again(self, book: Book, people: list[Contact], steps: list[tuple[int, int]]) -> None:
        """A property of any book; each subclass runs it with `any_steps`."""
        await do(book, Delete(await book.lists.ids(Listing())))
        ids = await make(book, *people)
        await found(book)
        standing = 0
        for one, other in steps:
            here, there = ids[one % len(ids)], people[other % len(people)]
            if one > other and standing:
                await book.history.undo()
                standing -= 1
            else:
                values = {"name": there.name, "emails": there.emails, "company": there.company}
                done = await do(book, Edit(here, values) if one != other else Delete(Checks.of([here])))
                standing += done.operation_id is not None
            again = await found(book)
            assert len(again) == len(set(again))
            assert set(again) == set(await found_anew(book))

    async def test_what_very_many_share_is_no_sign(self, book: Book) -> None:
        crowd = [
            Contact(name=f"Person {n}", phones=(Phone("+44 20 7946 0000"),), emails=(Email("us@acme.example"),))
            for n in range(MAX_SHARING + 1)
        ]
        ids = await make(book, *crowd)
        assert await found(book) == []
        assert await book.duplicates.around(ids[:2]) == []
        await do(book, Delete(Checks.of(ids[3:])))
        assert len(await found_anew(book)) == 3

    async def test_pairs_of_many_signs_come_once(self, book: Book) -> None:
        twin = Contact(
            name="Ada Mary Lovelace",
            emails=(Email("ada@x.org"), Email("b@x.org")),
            phones=(Phone("7654321"), Phone("7654322")),
            company="Acme",
        )
        await make(book, twin, twin)
        [pair] = await found(book)
        assert pair.score == 100

    async def test_after_an_edit_only_what_it_touches_is_asked_for(self, book: Book) -> None:
        ada, bob, cyd = await make(
            book,
            Contact(name="Ada", emails=(Email("ada@x.org"),)),
            Contact(name="Bob", emails=(Email("ada@x.org"),)),
            Contact(name="Cyd", phones=(Phone("+1 212 555 0100"),)),
        )
        assert [pair[:2] for pair in await book.duplicates.around([ada])] == [(ada, bob)]
        await do(book, Edit(bob, {"emails": (), "phones": (Phone("212-555-0100"),)}))
        assert await book.duplicates.around([ada]) == []
        assert [pair[:2] for pair in await book.duplicates.around([bob])] == [(bob, cyd)]
        await do(book, Delete(Checks.of([cyd])))
        assert await book.duplicates.around([bob, cyd]) == []
        await do(book, Restore(Checks.of([cyd])))
        await book.history.undo()
        await book.history.undo()
        assert [pair[:2] for pair in await book.duplicates.around([cyd])] == [(bob, cyd)]

    async def test_a_second_search_looks_at_what_was_changed_only(
        self, book: Book, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        twins = [Contact(name="Ada", emails=(Email(f"{n // 2}@x.org"),)) for n in range(60)]
        ids = await make(book, *twins)
        assert len(await found(book)) == 30

        async def search(self: object, progress: object) -> AsyncGenerator[list[Pair], None]:
            raise AssertionError("everything is searched again")
            yield []

        monkeypatch.setattr(Duplicates, "_search", search)
        assert len(await found(book)) == 30
        await do(book, Edit(ids[0], {"emails": (Email("5@x.org"),)}))
        assert len(await found(book)) == 31
        await book.history.undo()
        assert len(await found(book)) == 30
        await book.history.redo()
        assert len(await found(book)) == 31
        [another] = await make(book, twins[2])
        assert len(await found(book)) == 33
        await do(book, Delete(Checks.of(ids[2:4])))
        assert len(await found(book)) == 30
        await do(book, Forget(Checks.of(ids[2:4])))
        assert len(await found(book)) == 30
        assert set(ids[2:4]).isdisjoint(one for pair in await found(book) for one in pair[:2])
        await do(book, Assign(Checks.of([another]), "company", "Acme"))
        monkeypatch.undo()
        assert set(await found(book)) == set(await found_anew(book))

    async def test_after_many_changes_everything_is_searched_again(self, book: Book) -> None:
        ids = await make(book, *(Contact(name="Ada", emails=(Email(f"{n // 2}@x.org"),)) for n in range(300)))
        assert len(await found(book)) == 150
        await do(book, Delete(Checks.of(ids[:200])))
        assert len(await found(book)) == 50

    async def test_changes_of_another_program_count(self, book: Book, other: Book) -> None:
        ids = await make(book, *(Contact(name="Ada", emails=(Email(f"{n // 2}@x.org"),)) for n in range(60)))
        assert len(await found(book)) == 30
        await do(other, Delete(Checks.of(ids[:1])))
        assert len(await found(book)) == 29

    async def test_progress_ends_with_everybody_and_can_stop(self, book: Book) -> None:
        await make(book, *(Contact(name=f"Ada {n}", emails=(Email(f"{n}@x.org"),)) for n in range(10)))

        def stop(done: int, of: int | None) -> None:
            raise Cancelled("You stopped it.")

        with pytest.raises(Cancelled):
            async for _ in book.duplicates.find(stop):
                pass

        told: list[tuple[int, int | None]] = []
        async for _ in book.duplicates.find(lambda done, of: told.append((done, of))):
            pass
        assert told == sorted(told)
        assert told[-1] == (10, 10)

    async def test_the_book_is_of_use_while_it_is_searched(self, book: Book) -> None:
        twins = [Contact(name="Ada", emails=(Email(f"{n // 2}@x.org"),)) for n in range(60)]
        ids = await make(book, *twins)
        search = book.duplicates.find()
        first = await anext(search)
        assert first
        await do(book, Delete(Checks.of(ids)))
        assert await book.lists.count(Listing()) == 0
        assert [pair async for pairs in search for pair in pairs] == [], "who is gone is no duplicate"

    async def test_it_can_be_left_at_any_time(self, book: Book) -> None:
        await make(book, *(Contact(name="Ada", emails=(Email(f"{n // 2}@x.org"),)) for n in range(60)))
        search = book.duplicates.find()
        await anext(search)
        await search.aclose()
        task = asyncio.create_task(found(book))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(await found(book)) == 30

    # Not the same ----------------------------------------------------------------------------------------------

    async def test_what_is_not_the_same_is_remembered_until_it_is_taken_back(self, book: Book, other: Book) -> None:
        one, two, three = await make(book, *[TWIN] * 3)
        await book.duplicates.keep_apart([two, one])
        for program in (book, other):
            assert {pair[:2] for pair in await found(program)} == {(one, three), (two, three)}
            assert {pair[:2] for pair in await program.duplicates.around([one])} == {(one, three)}
            [pair] = await program.duplicates.apart()
            assert (pair.a, pair.b, pair.actor) == (one, two, book.actor)
        await book.duplicates.rejoin([one, two])
        assert len(await found(book)) == 3
        assert await book.duplicates.apart() == []

    async def test_no_two_of_several_are_the_same(self, book: Book) -> None:
        ids = await make(book, *[TWIN] * 3)
        assert await book.lists.count(Listing(query="is:duplicate")) == 3
        await book.duplicates.keep_apart(ids)
        assert await found(book) == []
        assert await book.lists.count(Listing(query="is:duplicate")) == 0
        assert await book.duplicates.certain() == []

    async def test_who_is_merged_takes_along_what_was_said_of_it(self, book: Book) -> None:
        one, two, three = await make(book, *[TWIN] * 3)
        await book.duplicates.keep_apart([three, one])
        await do(book, *merging([await book.contact(two), await book.contact(one)]))
        assert await found(book) == []
        await book.history.undo()
        assert {pair[:2] for pair in await found(book)} == {(one, two), (two, three)}
        await book.history.redo()
        assert await found(book) == []

    async def test_who_is_deleted_forever_leaves_nothing_behind(self, book: Book) -> None:
        one, two = await make(book, *[TWIN] * 2)
        await book.duplicates.keep_apart([one, two])
        await do(book, Delete(Checks.of([two])))
        await do(book, Forget(Checks.of([two])))
        async with book._database.reading() as connection:
            assert await connection.rows("SELECT * FROM apart") == []

    async def test_all_that_are_certain_become_one_in_one_step(self, book: Book) -> None:
        family = [Contact(name=f"{name} King", emails=(Email("us@king.example"),)) for name in ("Ada", "Bob")]
        ids = await make(book, TWIN, TWIN, TWIN, *family, Contact(name="Ada Ray", emails=TWIN.emails))
        groups = await book.duplicates.certain()
        assert [[one.id for one in group] for group in groups] == [ids[:3]]
        outcome = await book.apply(merge_groups(groups))
        assert outcome.summary == "Merged 3 contacts into 1."
        assert await book.lists.count(Listing()) == 4
        assert await book.duplicates.certain() == []
        await book.history.undo()
        assert [await book.contact(one) for one in ids[:3]] == [
            replace(one, version=now.version, updated_at=now.updated_at)
            for one, now in zip(groups[0], [await book.contact(one) for one in ids[:3]], strict=True)
        ]


def merging(people: list[Contact]) -> list[Change]:
    """The changes that merge contacts into the first of them."""
    changes = merge_plan(people).changes
    return list(changes)
