"""Groups: color and note, merging, members without address, the last change; on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coterie.core.book import Book
from coterie.core.changes import (
    CONTACTS,
    AddToGroup,
    Create,
    CreateGroup,
    Delete,
    DeleteGroup,
    DescribeGroup,
    MergeGroup,
    Plan,
    RemoveFromGroup,
    Restore,
)
from coterie.core.checks import Checks
from coterie.core.errors import InvalidValue, NotFound
from coterie.core.model import Contact, Email, Group
from coterie.core.store.journal.entries import Trace
from tests.conftest import OnPostgresql

if TYPE_CHECKING:
    from coterie.core.changes import Change, Outcome


async def do(book: Book, *changes: Change) -> Outcome:
    return await book.apply(Plan("test", "Test", changes, "Tested."))


async def group(book: Book, name: str) -> Group:
    return next(one for one in await book.groups.all() if one.name == name)


async def people(book: Book) -> list[int]:
    """Ada and Bea in the choir, Bea and Cyd in the chorus; only Ada has an address."""
    new = (
        Contact(name="Ada", emails=(Email("ada@example.org"),), groups=("Choir",)),
        Contact(name="Bea", groups=("Choir", "Chorus")),
        Contact(name="Cyd", groups=("Chorus",)),
    )
    return list((await do(book, *map(Create, new))).created_ids)


class GroupsContract:
    """Subclasses give a fixture `book`."""

    async def test_a_group_has_a_color_and_a_note_which_come_back_with_it(self, book: Book) -> None:
        await people(book)
        choir = await group(book, "Choir")
        await do(book, DescribeGroup(choir.id, "blue", "Thursdays at 8\n"))
        await do(book, DescribeGroup(choir.id, note="Fridays at 8"))
        assert ((await group(book, "Choir")).color, (await group(book, "Choir")).note) == ("blue", "Fridays at 8")
        await book.history.undo()
        assert (await group(book, "Choir")).note == "Thursdays at 8"
        outcome = await do(book, DeleteGroup(choir.id))
        assert [
            one for one in await book.history.traces(outcome.operation_id or 0) if one.field.startswith("Group:")
        ] == [
            Trace("Choir", "Group: color", "blue", ""),
            Trace("Choir", "Group: note", "Thursdays at 8", ""),
        ]
        await book.history.undo()
        back = await group(book, "Choir")
        assert (back.color, back.note, back.size) == ("blue", "Thursdays at 8", 2)
        await book.history.redo()
        assert "Choir" not in [one.name for one in await book.groups.all()]

    async def test_an_undo_leaves_a_color_that_was_changed_since(self, book: Book) -> None:
        await do(book, CreateGroup("Board", "red"))
        board = await group(book, "Board")
        await do(book, DescribeGroup(board.id, note="Who decides"))
        await do(book, DescribeGroup(board.id, "green"))
        [_, described, _] = await book.history.latest()
        assert described.summary == "Tested."
        await book.history.undo()
        assert (await group(book, "Board")).color == "red"
        await book.history.undo()
        assert (await group(book, "Board")).note == ""

    async def test_colors_are_those_of_the_terminal(self, book: Book) -> None:
        await do(book, CreateGroup("Board"))
        with pytest.raises(InvalidValue, match="no color “mauve”"):
            await do(book, DescribeGroup((await group(book, "Board")).id, "mauve"))
        with pytest.raises(NotFound):
            await do(book, DescribeGroup(99, "red"))

    async def test_two_groups_become_one_and_two_again(self, book: Book) -> None:
        ada, bea, cyd = await people(book)
        choir, chorus = await group(book, "Choir"), await group(book, "Chorus")
        await do(book, DescribeGroup(chorus.id, "red", "The old name"))
        await do(book, Delete(Checks.of([cyd])))
        before = await book.groups.all()
        outcome = await do(book, MergeGroup(chorus.id, choir.id))
        assert [(one.name, one.size) for one in await book.groups.all()] == [("Choir", 2)]
        traces = await book.history.traces(outcome.operation_id or 0)
        assert Trace("Chorus", "Group: merged into", "", "Choir") in traces
        assert Trace("Cyd", "Groups", "", "Choir") in traces
        await do(book, Restore(Checks.of([cyd])))
        assert (await book.contact(cyd)).groups == ("Choir",)
        await book.history.undo()
        await book.history.undo()
        assert [(one.name, one.size, one.color, one.note) for one in await book.groups.all()] == [
            (one.name, one.size, one.color, one.note) for one in before
        ]
        assert (await book.contact(bea)).groups == ("Choir", "Chorus")
        await book.history.redo()
        assert (await book.contact(bea)).groups == ("Choir",)
        assert (await book.contact(ada)).groups == ("Choir",)

    async def test_a_group_is_not_merged_with_itself(self, book: Book) -> None:
        await do(book, CreateGroup("Board"))
        board = (await group(book, "Board")).id
        with pytest.raises(InvalidValue):
            await do(book, MergeGroup(board, board))
        with pytest.raises(NotFound):
            await do(book, MergeGroup(board, 99))
        assert [one.name for one in await book.groups.all()] == ["Board"]

    async def test_members_without_an_address_are_counted(self, book: Book) -> None:
        _, bea, _ = await people(book)
        choir, chorus = await group(book, "Choir"), await group(book, "Chorus")
        assert await book.groups.addressless() == {choir.id: 1, chorus.id: 2}
        await do(book, Delete(Checks.of([bea])))
        assert await book.groups.addressless([choir.id, chorus.id]) == {chorus.id: 1}

    async def test_a_group_knows_its_last_change(self, book: Book) -> None:
        ada, bea, cyd = await people(book)
        created = (await group(book, "Choir")).change
        assert created == "Tested."
        await book.apply(Plan("group", "Add", [AddToGroup(Checks.of([cyd]), "Choir")], f"Added {CONTACTS} to Choir."))
        assert (await group(book, "Choir")).change == "Added Cyd to Choir."
        assert (await group(book, "Chorus")).change == "Tested."
        await book.history.undo()
        changed = await group(book, "Choir")
        assert (changed.change, changed.changed_at) == ("Undone: Added Cyd to Choir.", book.now())
        await book.apply(Plan("group", "Go", [RemoveFromGroup(Checks.of([ada, bea]), "Choir")], f"Gone: {CONTACTS}."))
        assert (await group(book, "Choir")).change == "Gone: 2 contacts."


class TestGroupsOnSqlite(GroupsContract):
    pass


class TestGroupsOnPostgresql(OnPostgresql, GroupsContract):
    """The same in a PostgreSQL database."""
