"""What a Book promises, whatever its database: `test_book.py` runs all of it on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from coterie.core.book import Book
from coterie.core.bulk.merging import merge_plan
from coterie.core.changes import (
    CONTACTS,
    AddToGroup,
    Answer,
    Assign,
    Change,
    Create,
    CreateGroup,
    Delete,
    DeleteGroup,
    Edit,
    Forget,
    Invite,
    Outcome,
    Plan,
    RemoveFromGroup,
    RenameGroup,
    Restore,
    Rewrite,
    Selection,
    Skip,
)
from coterie.core.checks import Checks
from coterie.core.errors import BookBusy, Cancelled, InvalidQuery, InvalidValue, NotFound, Stale
from coterie.core.jsonform import as_json
from coterie.core.listing import Counts, Listing, View
from coterie.core.model import UNDONE, Address, Contact, Email, Phone, Url
from coterie.core.settings import Settings
from coterie.core.store.contacts import lookup
from coterie.core.store.contacts.values import SEARCH_COLUMNS, order_keys, search_row
from coterie.core.store.engine.sqlite import SqliteDatabase
from coterie.core.store.journal.entries import Trace
from coterie.core.transfer.export import FORMATS, write
from tests.conftest import Clock

EVERYBODY = Listing()
ADA = Contact(
    name="Ada King",
    given_name="Ada",
    family_name="King",
    nickname="Countess",
    emails=(Email("ada@example.org", "work"), Email("Ada@home.example", "home", primary=True)),
    phones=(Phone("+44 20 7946 0958", "mobile"),),
    company="Analytical Engines",
    job_title="Programmer",
    groups=("Choir",),
    favorite=True,
    notes="Two\nlines",
    birthday="1815-12-10",
    addresses=(Address(street="12 St James's Square", city="London", country="UK", label="home"),),
    urls=(Url("https://ada.example", "blog"),),
    custom={"Shoe size": "37"},
)
BOB = Contact(name="Bob Łuczak", emails=(Email("bob@example.com"),), company="Acme")
CYD = Contact(name="Cyd Éclair", emails=(Email("cyd@example.net"),), groups=("choir", "Board"))


@dataclass(frozen=True)
class Freshened:
    """Whoever is not at Acme."""

    def rewrite(self, contact: Contact) -> Contact:
        if contact.company == "Acme":
            raise InvalidValue("company", "It is at Acme.")
        emails = tuple(replace(one, address=one.address.upper()) for one in contact.emails)
        return replace(contact, emails=emails, groups=("New",), notes="Fresh")


async def make(book: Book, *contacts: Contact) -> list[int]:
    outcome = await book.apply(Plan("add", "Add", [Create(one) for one in contacts], done=f"Added {CONTACTS}."))
    return list(outcome.created_ids)


async def do(book: Book, *changes: Change) -> Outcome:
    return await book.apply(Plan("edit", "Change", list(changes)))


async def names(book: Book, listing: Listing = EVERYBODY, count: int = 100) -> list[str]:
    return [row.name for row in await book.lists.rows(listing, 0, count)]


async def everything(book: Book) -> dict[str, object]:
    """All that a user can see, but the times and versions, and what an undo took away, which lies in the Bin."""
    seen: dict[str, object] = {"groups": {(one.name, one.size) for one in await book.groups.all()}}
    for view in (View.ALL, View.BIN):
        async for contact in book.contacts(Listing(view)):
            if contact.deleted_by == UNDONE:
                continue
            kept = {name: getattr(contact, name) for name in Contact.__dataclass_fields__}
            seen[f"{view} {contact.id}"] = {
                name: value for name, value in kept.items() if name not in {"updated_at", "version"}
            }
    return seen


async def follows(book: Book) -> None:
    """What is searched and ordered says what the contacts say."""
    async with book._database.reading() as connection:
        people = await lookup.read(connection, "> 0", list)
        texts = await connection.rows(f"SELECT contact_id, {', '.join(SEARCH_COLUMNS)} FROM search ORDER BY 1")
        keys = await connection.rows("SELECT sort_key, family_key FROM contact ORDER BY id")
    assert texts == [search_row(one.id or 0, one) for one in people]
    assert keys == [tuple(order_keys(one).values()) for one in people]
    if isinstance(book._database, SqliteDatabase):
        async with book._database.writing() as writing:  # FTS5 compares its index with the texts
            await writing.run("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")


class BookContract:
    """Subclasses give a fixture `book` (empty) and `other` (the same book, opened by another program)."""

    async def test_a_contact_comes_back_as_it_was_added(self, book: Book) -> None:
        [ada] = await make(book, ADA)
        stored = await book.contact(ada)
        for name in Contact.__dataclass_fields__:
            if name not in {"id", "created_at", "updated_at", "version"}:
                assert getattr(stored, name) == getattr(ADA, name), name

    async def test_control_characters_are_not_stored(self, book: Book) -> None:
        [one] = await make(
            book, Contact(name="Eve\x1b[31m\x00\r\n", notes="a\x00b\r\nc", emails=(Email("e@x.org\x07"),))
        )
        stored = await book.contact(one)
        assert (stored.name, stored.notes, stored.email) == ("Eve [31m", "ab\nc", "e@x.org")

    async def test_whatever_is_changed_is_searched_and_ordered_as_it_is(self, book: Book) -> None:
        """The texts that are searched, and the keys of orders, follow every way to write a contact."""
        ada, bob, cyd = await make(book, ADA, BOB, CYD)
        await follows(book)
        both = Checks.of([bob, cyd])
        for values in (
            {"addresses": (Address(city="Málaga", country="ES"),), "birthday": "--05-09", "department": "R & D"},
            {"urls": (Url("https://bob.example"),), "custom": {"Pet": "Łuk"}},
            {"given_name": "Robert", "family_name": "Ångström", "suffix": "Jr"},
        ):
            await do(book, Edit(bob, values))
            await follows(book)
        for field, value in (("department", "Ümlaut  "), ("birthday", "1990-01-02"), ("company", "Neu & Co"),
                             ("family_name", "Ash"), ("job_title", "Üb")):  # fmt: skip
            await do(book, Assign(both, field, value))
            await follows(book)
        assert await names(book, Listing(query="department:=ümlaut birthday:01-02")) == ["Bob Łuczak", "Cyd Éclair"]
        for _ in range(8):
            await book.history.undo()
            await follows(book)
        for _ in range(8):
            await book.history.redo()
            await follows(book)
        await do(book, Delete(Checks.of([ada])), Forget(Checks.of([ada])))
        await follows(book)

    async def test_lists_are_ordered_by_folded_name(self, book: Book) -> None:
        await make(book, CYD, Contact(name="élan"), Contact(name="Zoe"), BOB, Contact(emails=(Email("aa@x.org"),)))
        assert await names(book) == ["aa@x.org", "Bob Łuczak", "Cyd Éclair", "élan", "Zoe"]
        assert await names(book, Listing().sorted_by("name", descending=True)) == (await names(book))[::-1]

    async def test_empty_values_come_last_in_either_direction(self, book: Book) -> None:
        await make(book, Contact(name="N"), Contact(name="B", company="beta"), Contact(name="A", company="Alpha"))
        assert await names(book, Listing().sorted_by("company")) == ["A", "B", "N"]
        assert await names(book, Listing().sorted_by("company", descending=True)) == ["B", "A", "N"]

    @pytest.mark.parametrize("field", ["name", "emails", "company", "job_title", "created_at", "updated_at"])
    async def test_windows_of_a_list_make_up_the_list(self, book: Book, field: str) -> None:
        await make(book, *(Contact(name=f"N{n % 7}", company=f"C{n % 3}") for n in range(25)))
        listing = Listing().sorted_by(field)
        whole = [row.id for row in await book.lists.rows(listing, 0, 100)]
        assert await book.lists.count(listing) == 25
        pieces = [row.id for start in range(0, 25, 4) for row in await book.lists.rows(listing, start, 4)]
        assert pieces == whole
        assert [await book.lists.position(listing, one) for one in whole] == list(range(25))

    async def test_a_row_has_the_texts_of_its_columns(self, book: Book) -> None:
        await make(book, ADA)
        [row] = await book.lists.rows(Listing(), 0, 1, ["emails", "company", "job_title", "groups", "phones", "urls"])
        assert (row.name, row.favorite) == ("Ada King", True)
        assert row.values == {
            "emails": "Ada@home.example", "company": "Analytical Engines", "job_title": "Programmer", "groups": "Choir",
            "phones": "+44 20 7946 0958", "urls": "https://ada.example",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("ada", {"Ada King"}),
            ("luczak", {"Bob Łuczak"}),
            ("ECLAIR", {"Cyd Éclair"}),
            ("choir", {"Ada King", "Cyd Éclair"}),
            ("2079460958", {"Ada King"}),
            ("ac", {"Bob Łuczak"}),
            ("company:acme", {"Bob Łuczak"}),
            ("-choir", {"Bob Łuczak"}),
            ("ada OR bob", {"Ada King", "Bob Łuczak"}),
            ("group:=Board", {"Cyd Éclair"}),
            ("is:favorite", {"Ada King"}),
            ("missing:company", {"Cyd Éclair"}),
            ("has:phone", {"Ada King"}),
            ("email:~^b.b@", {"Bob Łuczak"}),
            ("created:<1d", {"Ada King", "Bob Łuczak", "Cyd Éclair"}),
            ('"king of nothing"', set()),
        ],
    )
    async def test_searches_find(self, book: Book, query: str, expected: set[str]) -> None:
        await make(book, ADA, BOB, CYD)
        assert set(await names(book, Listing(query=query))) == expected
        assert await book.lists.count(Listing(query=query)) == len(expected)

    async def test_days_begin_and_times_are_shown_where_the_user_is(self, book: Book, clock: Clock) -> None:
        """A quarter past midnight east of Greenwich, where the day before has not yet ended in Greenwich."""
        chatham = timezone(timedelta(hours=13, minutes=45))
        clock.now = datetime(2026, 11, 22, 23, 50, tzinfo=chatham)
        [ada] = await make(book, ADA)
        clock.now = datetime(2026, 11, 23, 0, 15, tzinfo=chatham)
        [bob] = await make(book, BOB)
        found = {query: await names(book, Listing(query=query)) for query in ("created:today", "created:yesterday")}
        assert found == {"created:today": ["Bob Łuczak"], "created:yesterday": ["Ada King"]}
        assert await names(book, Listing(query="created:2026-11-22")) == ["Ada King"]
        assert await names(book, Listing(query="created:<1d")) == ["Ada King", "Bob Łuczak"]
        [first, second] = await book.lists.rows(EVERYBODY, 0, 2, ("created_at", "updated_at"))
        assert {first.values[key] for key in ("created_at", "updated_at")} == {"2026-11-22"}
        assert {second.values[key] for key in ("created_at", "updated_at")} == {"2026-11-23"}
        created = (await book.contact(ada)).created_at
        assert f"{created:%Y-%m-%d %H:%M}" == "2026-11-22 23:50"
        assert [f"{one.at:%d %H:%M}" for one in await book.history.latest(2)] == ["23 00:15", "22 23:50"]
        await do(book, Delete(Checks.of([bob])))
        [binned] = await book.lists.rows(Listing(View.BIN), 0, 1)
        assert f"{binned.deleted_at:%d %H:%M}" == "23 00:15"
        assert as_json(await book.contact(bob))["deleted_at"] == "2026-11-22T10:30:00Z"

    async def test_an_unknown_field_is_refused_by_name(self, book: Book) -> None:
        with pytest.raises(InvalidQuery, match="shoe"):
            await book.lists.count(Listing(query="shoe:37"))

    async def test_searching_follows_edits(self, book: Book) -> None:
        ada, bob, _ = await make(book, ADA, BOB, CYD)
        await do(book, Edit(bob, {"name": "Roberta", "emails": (Email("roberta@example.com"),)}))
        assert await names(book, Listing(query="luczak")) == []
        assert await names(book, Listing(query="roberta@example")) == ["Roberta"]
        await do(book, Assign(Checks.of([ada, bob]), "company", "Öresund AB"))
        assert await names(book, Listing(query="oresund")) == ["Ada King", "Roberta"]
        await book.history.undo()
        await book.history.undo()
        assert await names(book, Listing(query="luczak")) == ["Bob Łuczak"]
        assert await names(book, Listing(query="oresund")) == []

    async def test_nothing_of_a_search_acts_on_the_database(self, book: Book) -> None:
        await make(book, BOB)
        for query in ["'; DROP TABLE contact; --", '" OR 1=1', "%", "_", "a* NEAR(b)", "\\", ":now"]:
            await book.lists.count(Listing(query=query))
        assert await names(book) == ["Bob Łuczak"]

    # Changes and the journal --------------------------------------------------------------------------------------

    @pytest.mark.parametrize("selection", [Checks.of([1, 3]), Listing(query="group:choir")])
    async def test_each_bulk_change_can_be_undone_and_redone(self, book: Book, selection: Selection) -> None:
        await make(book, ADA, BOB, CYD)
        bulk: list[list[Change]] = [
            [Assign(selection, "company", "New & Co")],
            [Assign(selection, "favorite", True)],
            [Assign(selection, "name", "Nobody")],
            [AddToGroup(selection, "Board")],
            [AddToGroup(selection, "Brand new")],
            [RemoveFromGroup(selection, "CHOIR")],
            [Delete(selection)],
        ]
        for changes in bulk:
            before = await everything(book)
            outcome = await do(book, *changes)
            after = await everything(book)
            assert outcome.changed in {1, 2}
            assert after != before
            await book.history.undo()
            assert await everything(book) == before, changes
            await book.history.redo()
            assert await everything(book) == after, changes
            await book.history.undo()

    async def test_what_is_so_already_is_no_change(self, book: Book) -> None:
        [ada] = await make(book, ADA)
        only = Checks.of([ada])
        changes: list[Change] = [
            Assign(only, "favorite", True), AddToGroup(only, "choir"), RemoveFromGroup(only, "None such"),
            Edit(ada, {"company": ADA.company}), Restore(only), Forget(only),
        ]  # fmt: skip
        for change in changes:
            assert (await do(book, change)).operation_id is None
        assert len(await book.history.latest()) == 1

    async def test_undo_goes_all_the_way_back_and_redo_all_the_way_forth(self, book: Book) -> None:
        states = [await everything(book)]
        [ada, bob] = await make(book, ADA, BOB)
        states.append(await everything(book))
        changes: list[Change] = [
            Edit(ada, {"emails": (Email("new@example.org"),), "groups": ("Club",), "custom": {}}),
            CreateGroup("Empty"),
            Delete(Checks.of([bob]), by="you"),
            Restore(Checks.of([bob])),
            Assign(Checks.of([ada, bob]), "notes", "seen"),
        ]
        for change in changes:
            await do(book, change)
            states.append(await everything(book))
        for state in reversed(states[:-1]):
            await book.history.undo()
            assert await everything(book) == state
        with pytest.raises(NotFound):
            await book.history.undo()
        for state in states[1:]:
            await book.history.redo()
            assert await everything(book) == state
        with pytest.raises(NotFound):
            await book.history.redo()

    async def test_several_changes_are_undone_and_redone_in_one_go(self, book: Book) -> None:
        a, b, c = (await book.apply(Plan("add", "Add", [Create(Contact(name=name)) for name in "ABC"]))).created_ids
        await book.apply(Plan("edit", "Set", [Assign(Checks.of([a, b]), "company", "Acme")]))
        await book.apply(Plan("edit", "Set", [Assign(Checks.of([b, c]), "company", "Bell")]))
        ids = [one.id for one in await book.history.latest(2)]
        assert await book.history.extent(ids) == 3
        outcome = await book.history.undo(ids=ids)
        assert outcome.summary == "Undone: 2 changes, 3 contacts."
        assert {one.company async for one in book.contacts(EVERYBODY)} == {""}
        assert [one.redoable for one in await book.history.latest()] == [True, True, False]
        with pytest.raises(Stale):
            await book.history.redo(ids=ids)  # newest first is the wrong way round: nothing is done
        assert {one.company async for one in book.contacts(EVERYBODY)} == {""}
        assert (await book.history.redo(ids=ids[::-1])).summary == "Redone: 2 changes, 3 contacts."
        assert [one.company async for one in book.contacts(EVERYBODY)] == ["Acme", "Bell", "Bell"]
        await book.history.undo()
        await book.apply(Plan("edit", "Set", [Assign(Checks.of([a]), "company", "Cray")]))
        assert not any(one.redoable for one in await book.history.latest())

    async def test_an_entry_knows_what_it_changed(self, book: Book) -> None:
        ids = (await book.apply(Plan("add", "Add", [Create(ADA), Create(BOB)]))).created_ids
        everybody = Checks.of(ids)
        emails = (Email("bob@example.com", "work"), Email("b@example.com"))
        changes: list[Change] = [
            Assign(everybody, "company", "Bell"), AddToGroup(everybody, "Board"), Edit(ids[1], {"emails": emails}),
            Delete(Checks.of(ids[:1])),
        ]  # fmt: skip
        await book.apply(Plan("edit", "Edit", changes))
        latest, added = await book.history.latest()
        assert await book.history.traces(added.id) == [
            Trace("Choir", "Group", "", "Choir"),
            Trace("Ada King", "Contact", "not there", "in the book"),
            Trace("Bob Łuczak", "Contact", "not there", "in the book"),
        ]
        assert await book.history.traces(latest.id, 1) == [
            Trace("Board", "Group", "", "Board"),
            Trace("Ada King", "Contact", "in the book", "in the Bin"),
            Trace("Ada King", "Company", "Analytical Engines", "Bell"),
            Trace("Ada King", "Groups", "", "Board"),
        ]
        assert (await book.history.traces(latest.id))[4:] == [
            Trace("Bob Łuczak", "Company", "Acme", "Bell"),
            Trace("Bob Łuczak", "E-mail", "bob@example.com", "bob@example.com; b@example.com"),
            Trace("Bob Łuczak", "Groups", "", "Board"),
        ]

    @pytest.mark.parametrize("selection", [EVERYBODY, Listing(query="example"), Checks.of([1, 3])])
    async def test_contacts_are_rewritten_one_by_one_and_an_undo_gives_them_back(
        self, book: Book, selection: Selection
    ) -> None:
        await make(book, ADA, BOB, CYD)
        before = {one.id: one async for one in book.contacts(EVERYBODY)}
        ids = {one.id async for one in book.contacts(selection)}

        outcome = await do(book, Rewrite(selection, Freshened()))
        assert outcome.changed == len(ids) - (2 in ids)
        assert outcome.skipped == ((Skip("Bob Łuczak", "It is at Acme."),) if 2 in ids else ())
        after = {one.id: one async for one in book.contacts(EVERYBODY)}
        for key, one in before.items():
            expected = Freshened().rewrite(one) if key in ids - {2} else one
            assert replace(after[key], version=0, updated_at=None) == replace(expected, version=0, updated_at=None)
        assert await book.lists.count(Listing(query="notes:fresh")) == outcome.changed
        await book.history.undo()
        undone = {one.id: one async for one in book.contacts(EVERYBODY)}
        assert [replace(one, version=0, updated_at=None) for one in undone.values()] == [
            replace(one, version=0, updated_at=None) for one in before.values()
        ]

    async def test_a_contact_has_a_past_and_each_value_a_way_back(self, book: Book) -> None:
        ada, bob = await make(book, ADA, BOB)
        await do(book, Edit(ada, {"company": "Bell", "emails": (Email("ada@bell.example", "work"),), "favorite": True}))
        await do(book, Assign(Checks.of([ada, bob]), "company", "Cray"), AddToGroup(Checks.of([ada, bob]), "Board"))
        past = await book.history.of_contact(ada)
        told = [(one.trace.field, one.trace.old, one.trace.new) for one in past]
        assert set(told[:2]) == {("Company", "Bell", "Cray"), ("Groups", "", "Board")}
        assert told[-1] == ("Contact", "not there", "in the book")
        assert past[-1].plan() is None  # that a contact is there is no value
        for one in past:
            if (plan := one.plan()) is not None:
                await book.apply(plan)
        back = await book.contact(ada)
        assert replace(back, id=ada, version=0, created_at=None, updated_at=None) == replace(ADA, id=ada)
        assert (await book.contact(bob)).company == "Cray"
        assert len(await book.history.of_contact(ada, 3)) == 3

    async def test_undo_leaves_what_was_changed_since(self, book: Book, other: Book) -> None:
        ada, bob = await make(book, ADA, BOB)
        await do(book, Assign(Checks.of([ada, bob]), "company", "First"))
        other._actor = "somebody@else"
        await other.apply(Plan("edit", "Edit", [Edit(bob, {"company": "Second"})]))
        outcome = await book.history.undo()
        assert [skip.subject for skip in outcome.skipped] == ["Bob Łuczak"]
        assert (await book.contact(ada)).company == "Analytical Engines"
        assert (await book.contact(bob)).company == "Second"

    async def test_what_undo_takes_back_lies_in_the_bin(self, book: Book) -> None:
        await do(book, Create(ADA), Create(BOB))
        before = await everything(book)
        await book.history.undo()
        assert await names(book, Listing(View.BIN)) == ["Ada King", "Bob Łuczak"]
        async with book._database.reading() as connection:
            assert await connection.rows("SELECT * FROM membership") == []  # its group is gone, too
        assert {row.deleted_by for row in await book.lists.rows(Listing(View.BIN), 0, 9)} == {"undo"}
        assert await book.groups.all() == []
        assert await book.by_address(["ada@example.org"]) == {}  # who imports it again wants it anew
        await book.history.redo()
        assert await everything(book) == before
        assert await book.lists.counts() == Counts(all=2, favorites=1, groups=1)
        await book.history.undo()
        [cyd] = await make(book, CYD)
        assert not any(one.redoable for one in await book.history.latest())
        await do(book, Restore(Listing(View.BIN, query="ada")))
        assert await names(book) == ["Ada King", "Cyd Éclair"]
        for _ in range(2):
            await book.history.undo()
        assert sorted(await names(book, Listing(View.BIN))) == ["Ada King", "Bob Łuczak", "Cyd Éclair"]
        assert (await book.contact(cyd)).deleted_by == "undo"

    async def test_undo_of_a_creation_leaves_what_a_colleague_built_on_it(self, book: Book, other: Book) -> None:
        other._actor = "grace@work"
        ada, bob, cyd = (await do(book, Create(ADA), Create(BOB), Create(CYD))).created_ids
        await do(other, Edit(ada, {"notes": "Rang her"}))
        await do(other, AddToGroup(Checks.of([bob]), "Board"))
        [entry] = [one for one in await book.history.latest() if one.actor == book.actor]
        assert await book.history.others([entry.id]) == {"grace@work": 2}
        outcome = await book.history.undo()
        assert outcome.skipped[:2] == tuple(
            Skip(name, "was changed since by grace@work and is left as it is") for name in ("Ada King", "Bob Łuczak")
        )
        assert outcome.summary.endswith("(2 changed since and left as they are)")
        assert await names(book) == ["Ada King", "Bob Łuczak"]
        assert (await book.contact(ada)).notes == "Rang her"
        assert (await book.contact(cyd)).deleted_by == "undo"
        await book.history.redo()
        assert await names(book) == ["Ada King", "Bob Łuczak", "Cyd Éclair"]
        await book.history.undo()
        await do(book, CreateGroup("New"))  # nothing can be redone any more
        for _ in range(2):
            await book.bin.look()
        assert await names(book) == ["Ada King", "Bob Łuczak"]
        assert await names(book, Listing(View.BIN)) == ["Cyd Éclair"]

    async def test_undo_says_when_all_of_it_is_left_as_it_is(self, book: Book, other: Book) -> None:
        other._actor = "grace@work"
        [ada] = await make(book, ADA)
        await do(other, Assign(Checks.of([ada]), "favorite", False))
        outcome = await book.history.undo()
        assert outcome.summary == "Could not undo (changed since): Added Ada King."
        assert not outcome.undoable
        assert await names(book) == ["Ada King"]

    async def test_what_a_colleague_has_undone_holds_no_undo_back(self, book: Book, other: Book) -> None:
        other._actor = "grace@work"
        [ada] = await make(book, ADA)
        await do(other, Edit(ada, {"notes": "Rang her"}))
        await other.history.undo()
        assert (await book.history.undo()).skipped == ()
        assert await names(book) == []

    async def test_redo_moves_nothing_into_the_bin_that_a_colleague_has_changed(self, book: Book, other: Book) -> None:
        other._actor = "grace@work"
        ada, bob = await make(book, ADA, BOB)
        await do(book, Delete(Checks.of([ada, bob])))
        await book.history.undo()
        await do(other, Edit(ada, {"notes": "Rang her"}))
        assert [skip.subject for skip in (await book.history.redo()).skipped] == ["Ada King"]
        assert await names(book) == ["Ada King"]

    async def test_undo_of_a_restoration_keeps_what_a_colleague_changed(self, book: Book, other: Book) -> None:
        other._actor = "grace@work"
        [ada] = await make(book, ADA)
        await do(book, Delete(Checks.of([ada])))
        await do(book, Restore(Checks.of([ada])))
        await do(other, Edit(ada, {"notes": "Rang her"}))
        await book.history.undo()
        assert await names(book) == ["Ada King"]

    async def test_undo_says_that_nobody_is_left(self, book: Book) -> None:
        [ada] = await make(book, ADA)
        await do(book, Delete(Checks.of([ada])))
        forgot = await book.apply(Plan("forget", "Delete forever", [Forget(Checks.of([ada]))]))
        assert not forgot.undoable
        undone = await book.history.undo()
        assert undone.summary.startswith("Could not undo (deleted forever): ")
        assert undone.skipped == (Skip("1 contact", "deleted forever since then"),)
        assert not undone.undoable
        assert await names(book) == []

    async def test_the_journal_forgets_the_names_of_what_was_deleted_forever(self, book: Book) -> None:
        [ada] = await make(book, ADA)
        [bob] = await make(book, BOB)
        for change in (Edit(ada, {"name": "Ada Countess"}), Edit(bob, {"notes": "of Ada"}), Delete(Checks.of([ada]))):
            await book.apply(Plan("edit", "Change", [change], done=f"Changed {CONTACTS}."))
        assert sum("Ada" in one.summary for one in await book.history.latest()) == 3
        await book.apply(Plan("forget", "Delete forever", [Forget(Checks.of([ada]))]))
        told = [one.summary for one in await book.history.latest()]
        assert not any("Ada" in summary for summary in told), told
        assert told.count("Changed a contact (deleted forever).") == 2
        assert "Changed Bob Łuczak." in told

    async def test_undo_says_how_many_were_deleted_for_ever(self, book: Book) -> None:
        ada, bob, cyd = await make(book, ADA, BOB, CYD)
        await do(book, Delete(Checks.of([ada, bob, cyd])))
        await book.apply(Plan("forget", "Delete forever", [Forget(Checks.of([ada, cyd]))]))
        undone = await book.history.undo()
        assert undone.summary.startswith("Undone: ")
        assert undone.skipped == (Skip("2 contacts", "deleted forever since then"),)
        assert await names(book) == ["Bob Łuczak"]
        assert (await book.history.redo()).skipped == undone.skipped

    async def test_undo_takes_back_only_ones_own_changes(self, book: Book, other: Book) -> None:
        await make(book, ADA)
        other._actor = "somebody@else"
        await make(other, BOB)
        await book.history.undo()
        assert await names(book) == ["Bob Łuczak"]

    async def test_a_new_change_ends_redo(self, book: Book) -> None:
        await make(book, ADA)
        await book.history.undo()
        await make(book, BOB)
        with pytest.raises(NotFound):
            await book.history.redo()

    async def test_history_says_what_happened(self, book: Book) -> None:
        await make(book, ADA)
        await book.apply(Plan("delete", "Delete", [Delete(Listing())], done=f"Moved {CONTACTS} to the Bin."))
        await book.history.undo()
        deleted, added = await book.history.latest()
        assert (deleted.summary, deleted.kind, deleted.undone_at is not None) == (
            "Moved Ada King to the Bin.", "delete", True,
        )  # fmt: skip
        assert (added.summary, added.contacts, added.undone_at) == ("Added Ada King.", 1, None)

    async def test_an_error_leaves_nothing_behind(self, book: Book) -> None:
        await make(book, ADA)
        before = await everything(book)
        with pytest.raises(NotFound):
            await do(book, Create(BOB), AddToGroup(Listing(), "New"), Edit(4711, {"name": "x"}))
        assert await everything(book) == before

    async def test_cancelling_leaves_nothing_behind(self, book: Book) -> None:
        def stop(done: int, _: int | None) -> None:
            raise Cancelled("Stopped.")

        with pytest.raises(Cancelled):
            await book.apply(Plan("import", "Import", [Create(BOB)]), stop)
        assert await book.lists.count(Listing()) == 0

    async def test_a_cancelled_task_leaves_nothing_behind(self, book: Book) -> None:
        started = asyncio.Event()

        async def slowly() -> None:
            async with book.unit("import", "Import") as unit:
                await unit.apply([Create(BOB)])
                started.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(slowly())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await names(book) == []
        await make(book, ADA)
        assert await names(book) == ["Ada King"]

    async def test_a_unit_that_is_not_ended_leaves_nothing_behind(self, book: Book) -> None:
        async with book.unit("import", "Import") as unit:
            await unit.apply([Create(BOB)])
        assert await names(book) == []
        assert await book.history.latest() == []

    async def test_a_unit_is_one_entry_of_the_journal(self, book: Book) -> None:
        async with book.unit("import", "Import") as unit:
            assert await unit.was_empty()
            await unit.apply([Create(ADA)])
            [ada] = (await unit.by_address(["ada@example.org"]))["ada@example.org"]
            await unit.apply([Create(BOB), Edit(ada.id or 0, {"company": "Acme"})])
            outcome = await unit.end(f"Imported {CONTACTS}.", [Skip("Cyd", "is in the Bin")])
        assert (outcome.summary, outcome.skipped) == ("Imported 2 contacts.", (Skip("Cyd", "is in the Bin"),))
        assert await names(book) == ["Ada King", "Bob Łuczak"]
        assert [entry.summary for entry in await book.history.latest()] == ["Imported 2 contacts."]
        await book.history.undo()
        assert await names(book) == []

    async def test_a_dry_run_says_what_would_happen(self, book: Book) -> None:
        outcome = await book.apply(Plan("add", "Add", [Create(ADA), Create(BOB)]), dry_run=True)
        assert outcome.created == 2
        assert await book.lists.counts() == Counts()

    async def test_a_stale_edit_is_refused(self, book: Book) -> None:
        [ada] = await make(book, ADA)
        seen = await book.contact(ada)
        await do(book, Edit(ada, {"notes": "faster"}))
        with pytest.raises(Stale, match="Ada King"):
            await do(book, Edit(ada, {"notes": "slower"}, version=seen.version))

    async def test_an_account_is_held_by_one_program(self, book: Book, other: Book) -> None:
        account, second = [await book.accounts.add("memory", name) for name in ("ada", "bob")]
        async with book.accounts.alone(account) as hold:
            await hold.check()
            for program in (book, other):
                with pytest.raises(BookBusy, match="by another program"):
                    async with program.accounts.alone(account):
                        pass
            async with other.accounts.alone(second):
                pass
            await make(other, ADA)
        async with other.accounts.alone(account):
            pass

    async def test_many_writers_lose_no_update(self, book: Book, other: Book) -> None:
        [one] = await make(book, Contact(name="Counter", notes="0"))

        async def count(here: Book) -> None:
            for _ in range(10):
                while True:
                    seen = await here.contact(one)
                    try:
                        await here.apply(
                            Plan("edit", "Count", [Edit(one, {"notes": str(int(seen.notes) + 1)}, seen.version)])
                        )
                        break
                    except Stale:
                        continue

        await asyncio.gather(*(count(here) for here in (book, other, book, other)))
        assert (await book.contact(one)).notes == "40"

    # Groups -------------------------------------------------------------------------------------------------------

    async def test_group_names_are_one_ignoring_case(self, book: Book) -> None:
        await make(book, ADA, CYD)
        assert [(one.name, one.size) for one in await book.groups.all()] == [("Board", 1), ("Choir", 2)]
        with pytest.raises(InvalidValue, match="Choir"):
            await do(book, CreateGroup("CHOIR"))

    async def test_groups_live_without_members_and_go_without_them(self, book: Book) -> None:
        await make(book, ADA, CYD)
        await do(book, CreateGroup("Empty"))
        choir = next(one for one in await book.groups.all() if one.name == "Choir")
        await do(book, RenameGroup(choir.id, "Singers"))
        assert await names(book, Listing(View.GROUP, choir.id)) == ["Ada King", "Cyd Éclair"]
        before = await everything(book)
        await do(book, DeleteGroup(choir.id))
        assert [one.name for one in await book.groups.all()] == ["Board", "Empty"]
        assert await book.lists.count(Listing()) == 2
        await book.history.undo()
        assert await everything(book) == before

    async def test_members_in_the_bin_do_not_count_and_come_back(self, book: Book) -> None:
        ada, _ = await make(book, ADA, CYD)
        await do(book, Delete(Checks.of([ada])))
        assert {one.name: one.size for one in await book.groups.all()} == {"Board": 1, "Choir": 1}
        await do(book, Restore(Checks.of([ada])))
        assert (await book.contact(ada)).groups == ("Choir",)
        assert (await book.contact(ada)).favorite

    # The Bin ------------------------------------------------------------------------------------------------------

    async def test_the_bin_says_what_deleted_it_and_how_long_it_stays(self, book: Book, clock: Clock) -> None:
        [ada] = await make(book, ADA)
        await do(book, Delete(Checks.of([ada]), by="google:ada@example.org"))
        clock.pass_days(12.5)
        [row] = await book.lists.rows(Listing(View.BIN), 0, 10)
        assert (row.deleted_by, row.days_left) == ("google:ada@example.org", 18)
        assert await names(book) == []
        assert await names(book, Listing(query="in:bin ada")) == ["Ada King"]
        assert await names(book, Listing(query="ada")) == []

    async def test_what_is_long_in_the_bin_goes_a_day_after_it_was_said(self, book: Book, clock: Clock) -> None:
        old, new, _ = await make(book, ADA, BOB, CYD)
        await do(book, Delete(Checks.of([old])))
        clock.pass_days(10)
        await do(book, Delete(Checks.of([new])))
        assert (await book.bin.look()).due == 0
        clock.pass_days(13)
        await book.bin.look()
        clock.pass_days(7)  # and so 30 days
        first = await book.bin.look()
        assert (first.purged, first.due, first.days) == (0, 1, 30)
        assert first.due_from == clock.now + timedelta(days=1)
        clock.pass_days(0.9)
        assert (await book.bin.look()).purged == 0
        clock.pass_days(0.2)
        assert (await book.bin.look(dry_run=True)).purged == 1
        assert await names(book, Listing(View.BIN)) == ["Ada King", "Bob Łuczak"]
        assert (await book.bin.look()).purged == 1
        assert await names(book, Listing(View.BIN)) == ["Bob Łuczak"]
        assert [(one.kind, one.summary) for one in await book.history.latest(1)] == [
            ("purge", "Deleted 1 contact forever, after 30 days in the Bin.")
        ]
        await book.history.undo()
        assert await names(book) == ["Bob Łuczak", "Cyd Éclair"]

    async def test_a_wrong_clock_empties_no_bin(self, book: Book, clock: Clock) -> None:
        right = clock.now
        await do(book, Delete(Checks.of(await make(book, ADA))))
        for year in (2036, 2027, 2099, 1970, 2036):
            clock.now = datetime(year, 1, 1, tzinfo=UTC)
            for _ in range(2):
                report = await book.bin.look()
                assert report.purged == 0, year
        assert (report.due, report.moved is None) == (1, True)  # said, in a clock that stands still
        clock.now = right
        assert (await book.bin.look()).due == 0
        clock.pass_days(29)
        assert (await book.bin.look()).purged == 0
        assert await names(book, Listing(View.BIN)) == ["Ada King"]

    async def test_after_a_long_holiday_what_goes_is_said_first(self, book: Book, clock: Clock) -> None:
        await do(book, Delete(Checks.of(await make(book, ADA))))
        await book.bin.look()
        clock.pass_days(61)
        back = await book.bin.look()
        assert (back.purged, back.due) == (0, 1)
        assert back.moved == 61 * 86_400_000
        clock.pass_days(1)
        assert (await book.bin.look()).purged == 1

    async def test_looking_again_on_the_same_day_is_no_change(self, book: Book, other: Book, clock: Clock) -> None:
        await do(book, Delete(Checks.of(await make(book, ADA))))
        before = (book.revision, await book.history.length())
        await book.bin.look()
        await other.bin.look()
        assert (book.revision, await book.history.length()) == before

    async def test_the_days_of_the_bin_are_the_books(
        self, book: Book, other: Book, settings: Settings, clock: Clock
    ) -> None:
        assert (book.bin.days, other.bin.days) == (30, 30)
        await do(book, Delete(Checks.of(await make(book, ADA))))
        impatient = replace(settings, bin_days=0)
        for _ in range(3):
            async with await Book.open(impatient, now=clock) as third:
                assert third.bin.days == 30
                assert (await third.bin.look()).purged == 0
            clock.pass_days(1)
        await other.bin.set_days(7)
        await book.bin.look()
        assert book.bin.days == 7
        clock.pass_days(4)
        await book.bin.look()
        clock.pass_days(1)
        assert (await book.bin.look()).purged == 1

    async def test_deleting_for_ever_leaves_no_trace(self, book: Book) -> None:
        ada, bob = await make(book, ADA, BOB)
        await do(book, Edit(ada, {"notes": "secret"}))
        await do(book, Delete(Checks.of([ada])))
        await book.apply(Plan("forget", "Delete forever", [Forget(Checks.of([ada, bob]))]))
        assert await names(book) == ["Bob Łuczak"]
        with pytest.raises(NotFound):
            await book.contact(ada)
        assert await book.by_address(["ada@example.org"]) == {}
        async with book._database.reading() as connection:
            for table in ("email", "phone", "membership", "search", "journal_value"):
                left = await connection.rows(f"SELECT COUNT(*) FROM {table} WHERE contact_id = {ada}")
                assert left == [(0,)], table

    async def test_ids_are_never_used_twice(self, book: Book) -> None:
        [first] = await make(book, ADA)
        await book.history.undo()
        [second] = await make(book, BOB)
        await do(book, Delete(Checks.of([second])))
        await book.apply(Plan("forget", "Delete forever", [Forget(Checks.of([second]))]))
        [third] = await make(book, CYD)
        assert first < second < third

    # Others -------------------------------------------------------------------------------------------------------

    async def test_a_new_day_is_told_and_changes_what_searches_find(self, book: Book, clock: Clock) -> None:
        await book.apply(Plan("add", "Add", [Create(Contact(name="Ada"))]))
        today = Listing(query="created:today")
        assert await book.lists.count(today) == 1
        heard = asyncio.Event()
        stop = book.subscribe(heard.set)
        clock.pass_days(1)
        async with asyncio.timeout(30):
            await heard.wait()
        stop()
        assert await book.lists.count(today) == 0

    async def test_listeners_hear_of_every_change(self, book: Book, other: Book) -> None:
        heard = asyncio.Event()
        stop = book.subscribe(heard.set)
        await make(book, ADA)
        assert heard.is_set()
        heard.clear()
        await book.lists.count(Listing())
        await make(other, BOB)
        await asyncio.wait_for(heard.wait(), 10)
        assert await book.lists.count(Listing()) == 2
        stop()

    async def test_known_finds_by_address_ignoring_case(self, book: Book) -> None:
        ada, bob = await make(book, ADA, BOB)
        found = await book.by_address(["ADA@EXAMPLE.ORG", "ada@home.example", "nobody@example.org"])
        assert {key: [one.id for one in owners] for key, owners in found.items()} == {
            "ada@example.org": [ada], "ada@home.example": [ada],
        }  # fmt: skip
        assert (await book.find("bob@example.com")).id == bob
        assert (await book.find(str(bob))).name == "Bob Łuczak"
        with pytest.raises(NotFound):
            await book.find("nobody@example.org")

    async def test_a_plan_finds_people_by_what_they_share(self, book: Book) -> None:
        card = Contact(name="Card", custom={"UID": "urn:uuid:4FBE-1", "Size": "1"})
        ada, again, *_ = await make(book, ADA, replace(ADA, company=""), BOB, card)
        crowd = [Contact(name=f"P{n}", emails=(Email("info@example.org"),)) for n in range(30)]
        joined = Contact(name="Q", custom={"Name (2)": "P1"}, emails=(Email("info@example.org"),))
        ids = await make(book, *crowd, joined)
        await do(book, Delete(Checks.of([ada])))
        seen: dict[str, object] = {}

        async with book.unit("import", "Look") as unit:
            await unit.apply([Create(Contact(name="New", custom={"UID": "4fbe-1"}))])
            numbered = await unit.by_number([("ada king", "079460958"), ("ada king", "1"), ("bob luczak", "079460958")])
            seen["numbered"] = {key: [contact.id for contact in some] for key, some in numbered.items()}
            identified = await unit.by_uid(["4fbe-1", "none"])
            seen["identified"] = {key: [contact.name for contact in some] for key, some in identified.items()}
            seen["new"] = [unit.has_created(contact.id or 0) for contact in identified["4fbe-1"]]
            crowded = await unit.by_address(["info@example.org"], {"p3"})
            seen["crowded"] = [contact.id for contact in crowded["info@example.org"]]
        assert seen == {
            "numbered": {("ada king", "079460958"): [again, ada]},  # live ones first
            "identified": {"4fbe-1": ["Card", "New"]}, "new": [False, True], "crowded": [ids[3], ids[30]],
        }  # fmt: skip

    async def test_a_search_finds_what_one_change_made_or_changed(self, book: Book) -> None:
        ada, bob, _ = await make(book, ADA, BOB, CYD)
        outcome = await do(
            book, Create(Contact(name="New")), Edit(ada, {"company": "Acme"}), AddToGroup(Checks.of([bob]), "Board")
        )
        found = Listing(query=f"change:{outcome.operation_id}")
        assert [row.name for row in await book.lists.rows(found, 0, 9)] == ["Ada King", "Bob Łuczak", "New"]
        assert await book.lists.count(Listing(query=f"change:{outcome.operation_id} new")) == 1
        await book.history.undo()
        assert [row.id for row in await book.lists.rows(found, 0, 9)] == [ada, bob]
        assert await book.lists.count(Listing(query="change:4711")) == 0

    async def test_checks_of_a_list(self, book: Book) -> None:
        ids = await make(book, ADA, BOB, CYD)
        assert await book.lists.ids(Listing(query="choir")) == Checks.of([ids[0], ids[2]])
        assert await book.lists.hidden(Checks.of(ids), Listing(query="choir")) == 1

    async def test_checked_contacts_come_by_name(self, book: Book) -> None:
        cyd, bob, ada = await make(book, CYD, BOB, ADA)
        await do(book, Delete(Checks.of([bob])))
        assert [one.id async for one in book.contacts(Checks.of([cyd, bob, ada, 4711]))] == [ada, cyd, bob]

    @pytest.mark.parametrize("format_id", FORMATS)
    async def test_an_export_is_that_of_the_contacts_one_by_one(self, book: Book, format_id: str) -> None:
        many = [
            Contact(
                name=f"P{n % 7}{n}",
                phones=(Phone(str(n)),) * (n % 3),
                custom={f"H{n % 5}": "=x"} if n % 9 else {},
                groups=("Board", "Choir", "alto")[: n % 4],
                urls=(Url("https://x.example"),) * (n % 2),
            )
            for n in range(600)
        ]
        ids = await make(book, ADA, BOB, *many, CYD)
        binned = Contact(emails=tuple(Email(f"{n}@x.example") for n in range(5)), custom={"Binned": "x"})
        await do(book, Delete(Checks.of(await make(book, binned))))
        for selection in (
            EVERYBODY, Listing(View.BIN), Listing(query="p1"), EVERYBODY.sorted_by("name", descending=True),
            Checks.of(ids[::2]), Checks.of([ids[1], ids[-1], 4711]), Checks(),
        ):  # fmt: skip
            alone, ours = io.StringIO(newline=""), io.StringIO(newline="")
            count = await write(format_id, [one async for one in book.contacts(selection)], alone)
            assert await write(format_id, await book.selected(selection), ours) == count
            assert ours.getvalue() == alone.getvalue()

    async def test_an_export_leaves_out_what_is_gone_meanwhile(self, book: Book) -> None:
        ada, _, _ = await make(book, ADA, BOB, CYD)
        chosen = await book.selected(EVERYBODY, limit=2)
        await do(book, Delete(Checks.of([ada])), Forget(Checks.of([ada])))
        file = io.StringIO(newline="")
        assert await write("vcard", chosen, file) == 1
        assert "Bob" in file.getvalue()

    async def test_counts(self, book: Book) -> None:
        _, bob, _ = await make(book, ADA, BOB, CYD)
        await do(book, Delete(Checks.of([bob])))
        assert await book.lists.counts() == Counts(all=2, favorites=1, groups=2, bin=1)

    # Birthdays --------------------------------------------------------------------------------------------------

    async def test_birthdays_are_those_of_live_contacts_that_have_a_day(self, book: Book, clock: Clock) -> None:
        days = ("1990-12-01", "--11-23", "soon", "", "2000-02-29", "1980-11-23")
        ids = await make(book, *(Contact(name=f"N{place}", birthday=day) for place, day in enumerate(days)), ADA)
        await do(book, Delete(Checks.of(ids[-2:-1])))
        found, unreadable = await book.lists.birthdays(Listing(), 9)
        assert [(one.name, one.year) for one in found] == [("N1", None), ("N0", 1990)]
        assert unreadable == 1
        everyone, _ = await book.lists.birthdays(Listing())
        assert [one.name for one in everyone] == ["N1", "N0", "Ada King", "N4"]
        assert [one.name for one in (await book.lists.birthdays(Listing(query="group:Choir")))[0]] == ["Ada King"]
        clock.pass_days(1)
        assert [one.name for one in (await book.lists.birthdays(Listing(), 8))[0]] == ["N0"]

    async def test_birthdays_are_counted_from_the_users_own_midnight(self, book: Book, clock: Clock) -> None:
        await make(book, Contact(name="Ann", birthday="1990-11-24"))
        assert not (await book.lists.birthdays(Listing(), 0))[0]
        clock.now = clock.now.astimezone(timezone(timedelta(hours=14)))
        assert [one.name for one in (await book.lists.birthdays(Listing(), 0))[0]] == ["Ann"]

    async def test_who_has_no_name_has_a_birthday_under_the_address(self, book: Book) -> None:
        await make(book, Contact(emails=(Email("ann@example.org"),), birthday="--05-09"))
        assert [one.name for one in (await book.lists.birthdays(Listing()))[0]] == ["ann@example.org"]

    # Invitations ------------------------------------------------------------------------------------------------

    async def invited(self, book: Book, *people: int, title: str = "Summer party", uid: str = "u1") -> Outcome:
        addresses = {one: (await book.contact(one)).email for one in people}
        return await do(book, Invite(uid, title, "2026-12-24T18:00:00+01:00", "{}", 0, addresses))

    async def answered(self, book: Book, address: str, answer: str, at: int = 1) -> Outcome:
        return await do(book, Answer("u1", address, answer, at))

    async def test_who_was_invited_and_how_they_answered_is_searched(self, book: Book) -> None:
        ada, bob, cyd = await make(book, ADA, BOB, CYD)
        await self.invited(book, ada, bob)
        await self.invited(book, bob, cyd, title="Board", uid="u2")
        await self.answered(book, "BOB@example.com", "no")
        for query, found in {
            'invited:"summer PARTY"': ["Ada King", "Bob Łuczak"],
            'invited:="Summer party" answered:none': ["Ada King"],
            "invited:party answered:no": ["Bob Łuczak"],
            "invited:board answered:no": [],  # he answered, but not to that
            "answered:no": ["Bob Łuczak"],
            "invited:party -answered:no": ["Ada King"],
            "invited:~^B -answered:no": ["Bob Łuczak", "Cyd Éclair"],
            "answered:yes OR answered:none": ["Ada King", "Bob Łuczak", "Cyd Éclair"],
            "has:invited -invited:party": ["Cyd Éclair"],
            "missing:invited": [],
            "invited:nothing": [],
        }.items():
            assert await names(book, Listing(query=query)) == found, query
        listed = await book.invitations.listing()
        assert {one.title: one.counts for one in listed} == {"Board": (0, 0, 0, 2), "Summer party": (0, 0, 1, 1)}
        [party] = [one for one in listed if one.title == "Summer party"]
        people = await book.invitations.people(party.id)
        assert [(one.contact_id, one.answer) for one in people] == [(ada, "none"), (bob, "no")]

    async def test_invitations_and_answers_are_undone_and_redone(self, book: Book) -> None:
        ada, bob = await make(book, ADA, BOB)
        before = await everything(book)
        await self.invited(book, ada, bob)
        outcome = await self.answered(book, "bob@example.com", "yes")
        assert outcome.changed == 1
        traces = await book.history.traces(outcome.operation_id or 0)
        assert traces == [Trace("Bob Łuczak", "Invited to Summer party", "no answer yet", "yes")]
        await book.history.undo()
        assert await names(book, Listing(query="invited:party answered:none")) == ["Ada King", "Bob Łuczak"]
        await book.history.undo()
        assert await names(book, Listing(query="has:invited")) == []
        assert await everything(book) == before
        await book.history.redo()
        await book.history.redo()
        assert await names(book, Listing(query="answered:yes")) == ["Bob Łuczak"]

    async def test_an_older_answer_does_not_replace_a_newer_one(self, book: Book) -> None:
        [bob] = await make(book, BOB)
        await self.invited(book, bob)
        await self.answered(book, "bob@example.com", "yes", 200)
        assert (await self.answered(book, "bob@example.com", "no", 100)).operation_id is None
        assert await names(book, Listing(query="answered:yes")) == ["Bob Łuczak"]
        await self.answered(book, "bob@example.com", "maybe", 300)
        assert await names(book, Listing(query="answered:maybe")) == ["Bob Łuczak"]

    async def test_an_answer_of_a_stranger_is_refused(self, book: Book) -> None:
        [bob] = await make(book, BOB)
        with pytest.raises(NotFound, match="does not know"):
            await self.answered(book, "bob@example.com", "yes")
        await self.invited(book, bob)
        with pytest.raises(NotFound, match=r"eve@example\.com was not invited"):
            await self.answered(book, "eve@example.com", "yes")
        assert await book.lists.count(Listing()) == 1

    async def test_who_answers_from_another_address_of_theirs_is_known(self, book: Book) -> None:
        [ada] = await make(book, ADA)
        await self.invited(book, ada)
        await self.answered(book, "ADA@example.org", "yes")
        assert await names(book, Listing(query="answered:yes")) == ["Ada King"]

    async def test_who_is_invited_again_keeps_an_answer_unless_the_time_is_another(self, book: Book) -> None:
        [bob] = await make(book, BOB)
        await self.invited(book, bob)
        await self.answered(book, "bob@example.com", "yes")
        await do(book, Invite("u1", "Summer party", "2026-12-24", "{}", 1, {bob: "bob@example.com"}))
        assert await names(book, Listing(query="answered:yes")) == ["Bob Łuczak"]
        await do(book, Invite("u1", "Garden party", "2026-12-25", "{}", 2, {bob: "bob@example.com"}, anew=True))
        assert await names(book, Listing(query="invited:garden answered:none")) == ["Bob Łuczak"]
        assert [(one.sequence, one.title) for one in await book.invitations.listing()] == [(2, "Garden party")]
        await book.history.undo()
        assert await names(book, Listing(query="answered:yes")) == ["Bob Łuczak"]

    async def test_merged_contacts_were_invited_as_one(self, book: Book) -> None:
        bob, cyd = await make(book, BOB, CYD)
        await self.invited(book, bob, cyd)
        await self.answered(book, "bob@example.com", "yes")
        people = [await book.contact(one) for one in (cyd, bob)]
        await book.apply(merge_plan(people))
        assert await names(book, Listing(query="invited:party answered:yes")) == ["Cyd Éclair"]
        await book.history.undo()
        assert await names(book, Listing(query="invited:party answered:yes")) == ["Bob Łuczak"]
        assert await names(book, Listing(query="invited:party answered:none")) == ["Cyd Éclair"]

    async def test_what_is_deleted_forever_was_never_invited(self, book: Book) -> None:
        [bob] = await make(book, BOB)
        await self.invited(book, bob)
        await do(book, Delete(Checks.of([bob])))
        await do(book, Forget(Checks.of([bob])))
        async with book._database.reading() as connection:
            assert await connection.rows("SELECT * FROM invitee") == []
