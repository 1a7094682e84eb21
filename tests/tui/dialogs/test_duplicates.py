"""The duplicates dialog over a real book: pairs, what is kept, merging, skipping, chains."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from coterie.core.book import Book
from coterie.core.bulk.merging import merged
from coterie.core.changes import Create, Edit, Plan, Progress
from coterie.core.duplicates import Pair
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email, Phone
from coterie.core.provider import Setup
from coterie.core.store.duplicates import Duplicates
from coterie.providers.memory import MemoryProvider, MemorySource
from coterie.tui.dialogs.duplicates import DuplicatesDialog
from coterie.tui.widgets.modal import KeyLine
from tests.providers.prompter import MemoryTokens
from tests.providers.with_book import Synced
from tests.tui.dialogs.stage import EVIL, Stage, on_stage, until, whole

ADA = Contact(name="Ada King", company="Engines", emails=(Email("ada@example.org"),), groups=("Choir",))
LOVELACE = Contact(
    name="Ada Lovelace",
    company="Analysts",
    emails=(Email("ADA@example.org"), Email("x@example.org")),
    groups=("Chess",),
)
ALSO = Contact(name="Ada King", phones=(Phone("+44 20 7946 0001"),), emails=(Email("x@example.org"),))


async def opened(book: Book, *contacts: Contact) -> list[int]:
    outcome = await book.apply(Plan("add", "Add", [Create(contact) for contact in contacts]))
    return list(outcome.created_ids)


async def everybody(book: Book) -> list[Contact]:
    return [contact async for contact in book.contacts(Listing())]


async def shown(stage: Stage, words: str) -> None:
    await until(lambda: words in stage.seen())


async def test_both_are_shown_side_by_side_with_the_reason(book: Book) -> None:
    await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, _):
        await shown(stage, "Same e-mail")
        await until(lambda: "Duplicates: 1 of 1" in stage.seen())
        await until(lambda: "Ada King" in stage.seen())
        await until(lambda: "Ada Lovelace" in stage.seen())


async def test_merging_keeps_everything_and_is_one_undo(book: Book) -> None:
    await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "Same e-mail")
        await pilot.press("enter")
        await shown(stage, "That was the last pair.")
        await pilot.press("enter")
        await until(lambda: stage.answer == 1)
    (merged,) = await everybody(book)
    assert merged.name == "Ada King"
    assert merged.company == "Engines"
    assert [email.address for email in merged.emails] == ["ada@example.org", "x@example.org"]
    assert set(merged.groups) == {"Choir", "Chess"}
    assert "Analysts" in merged.custom.values()
    await book.history.undo()
    assert len(await everybody(book)) == 2


async def test_accounts_go_by_their_addresses(book: Book) -> None:
    source = MemorySource()
    source.put(ADA)
    await (await Synced.of(book, MemoryProvider(Setup(MemoryTokens()), source), "home@example.net")).sync()
    await opened(book, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, _):
        await shown(stage, "home@example.net")
        assert "memory:" not in stage.seen()


async def test_the_value_that_stands_is_chosen(book: Book) -> None:
    await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "Same e-mail")
        await pilot.press("right", "m")
        await shown(stage, "That was the last pair.")
    (merged,) = await everybody(book)
    assert (merged.name, merged.company) == ("Ada Lovelace", "Engines")
    assert "Ada King" in merged.custom.values()


async def test_swapping_keeps_the_other(book: Book) -> None:
    _, second = await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "Same e-mail")
        await pilot.press("x", "enter")
        await shown(stage, "That was the last pair.")
    (merged,) = await everybody(book)
    assert (merged.id, merged.name) == (second, "Ada Lovelace")


async def test_skipping_changes_nothing(book: Book) -> None:
    await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "Same e-mail")
        await pilot.press("s")
        await shown(stage, "That was the last pair.")
        await pilot.press("b")
        await shown(stage, "Duplicates: 1 of 1")
        await pilot.press("escape")
        await until(lambda: stage.answer == 0)
    assert len(await everybody(book)) == 2


async def test_three_that_are_one_become_one(book: Book) -> None:
    await opened(book, ADA, LOVELACE, ALSO)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        for _ in range(2):
            await until(lambda: "keep" in stage.seen())
            await pilot.press("enter")
            await pilot.pause()
        await shown(stage, "That was the last pair.")
    (merged,) = await everybody(book)
    assert len(merged.emails) == 2
    assert len(merged.phones) == 1


async def test_no_duplicates_are_said(book: Book) -> None:
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "There are no duplicates.")
        await pilot.press("enter")
        await until(lambda: stage.answer == 0)


async def test_undo_brings_the_pair_back(book: Book) -> None:
    await opened(book, ADA, LOVELACE, ALSO)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "1 of 3")
        await pilot.press("u")
        await shown(stage, "Nothing has been done here yet.")
        await pilot.press("s")
        await shown(stage, "2 of 3")
        before = stage.seen()
        await pilot.press("m")
        await shown(stage, "u undoes it.")
        assert len(await everybody(book)) == 2
        await pilot.press("u")
        await shown(stage, "2 of 3")
        assert [line for line in stage.seen().splitlines() if "Name" in line] == [
            line for line in before.splitlines() if "Name" in line
        ]
        assert len(await everybody(book)) == 3
        await pilot.press("escape")
        await until(lambda: stage.answer == 0)


async def test_undo_takes_back_nothing_but_merges_of_this_dialog(book: Book) -> None:
    first, _ = await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "Same e-mail")
        await pilot.press("m")
        await shown(stage, "That was the last pair.")
        await book.apply(Plan("edit", "Edit", [Edit(first, {"notes": "new"})]))
        await pilot.press("u")
        await shown(stage, "Something else has been changed since.")
    assert (await book.contact(first)).notes == "new"


class Paced:
    """Finds the pairs of a book one after the other, each when it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stopped = False
        self._more = asyncio.Semaphore(0)
        find = Duplicates.find

        async def paced(duplicates: Duplicates, progress: Progress) -> AsyncIterator[list[Pair]]:
            found = [pair async for pairs in find(duplicates) for pair in pairs]
            try:
                for place, pair in enumerate(sorted(found, key=lambda pair: pair.score)):
                    progress(place, len(found))
                    await self._more.acquire()
                    yield [pair]
            finally:
                self.stopped = True

        monkeypatch.setattr(Duplicates, "find", paced)

    def let_go(self, count: int = 1) -> None:
        for _ in range(count):
            self._more.release()


TWINS = [
    Contact(name="Bob Unlike", emails=(Email("ada@example.org"),)),
    Contact(name="Ada King", emails=(Email("ada@example.org"),)),
    Contact(name="Ada King", emails=(Email("ada@example.org"),), phones=(Phone("+44 20 7946 0001"),)),
    Contact(name="Cyd Other", phones=(Phone("+44 20 7946 0001"),)),
]


async def test_the_first_pair_is_shown_while_the_rest_is_looked_for(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    paced = Paced(monkeypatch)
    await opened(book, *TWINS)
    async with on_stage(lambda: DuplicatesDialog(book)) as (stage, pilot):
        await shown(stage, "Looking for duplicates")
        paced.let_go()
        await shown(stage, "Same phone (20 of 100)")
        await until(lambda: "looking" in stage.seen())
        paced.let_go(3)
        await shown(stage, "1 of 4")
        await pilot.press("s")
        await shown(stage, "Same e-mail, same name (90 of 100)")  # what is surer comes before what was found earlier
        await pilot.press("b")
        await shown(stage, "Same phone (20 of 100)")
        paced.let_go()
        await until(lambda: "looking" not in stage.seen())


async def test_after_the_pairs_so_far_it_waits_for_more(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    paced = Paced(monkeypatch)
    await opened(book, *TWINS)
    async with on_stage(lambda: DuplicatesDialog(book)) as (stage, pilot):
        paced.let_go()
        await shown(stage, "Same phone")
        await pilot.press("s")
        await shown(stage, "Looking for more pairs")
        await pilot.press("enter")
        paced.let_go()
        await shown(stage, "Same e-mail")


async def test_closing_stops_looking(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    paced = Paced(monkeypatch)
    await opened(book, *TWINS)
    async with on_stage(lambda: DuplicatesDialog(book)) as (stage, pilot):
        paced.let_go()
        await shown(stage, "Same phone")
        await pilot.press("escape")
        await until(lambda: stage.answer == 0)
        await until(lambda: paced.stopped)


async def test_what_was_merged_meanwhile_is_not_shown_as_it_was(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    paced = Paced(monkeypatch)
    await opened(book, *TWINS)
    async with on_stage(lambda: DuplicatesDialog(book)) as (stage, pilot):
        paced.let_go()
        await shown(stage, "Same phone")
        await pilot.press("m")
        await shown(stage, "u undoes it.")
        paced.let_go(9)
        await until(lambda: "looking" not in stage.seen())
        while "That was the last pair." not in stage.seen():
            await pilot.press("m")
            await pilot.pause(0.1)
    assert len(await everybody(book)) == 1


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_it_fits_and_hostile_text_is_only_text(book: Book, size: tuple[int, int]) -> None:
    one = Contact(name=EVIL, company=EVIL, notes=EVIL, emails=(Email("a@example.org", EVIL),), custom={EVIL: EVIL})
    await opened(book, one, Contact(name=f"2 {EVIL}", company=f"2 {EVIL}", emails=one.emails))
    async with on_stage(lambda: DuplicatesDialog(book, patience=60), size) as (stage, _):
        await shown(stage, "Same e-mail")
        await until(lambda: whole(stage))
        assert not set(stage.seen()) & set("\x1b\x07\u202e")


def test_what_loses_is_kept_aside() -> None:
    ada, lovelace = replace(ADA, id=1), replace(LOVELACE, id=2)
    one = merged([ada, lovelace], ada, {"company": lovelace})
    assert one.company == "Analysts"
    assert "Engines" in one.custom.values()


async def test_the_bottom_line_offers_back_and_undo_only_where_there_is_something(book: Book) -> None:
    twins = [Contact(name=name, emails=(Email(f"{name.lower()}@example.org"),)) for name in ("Bea", "Bea", "Cy", "Cy")]
    await opened(book, *twins)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "1 of 2")
        line = stage.screen.query_one(KeyLine)
        assert not {"b", "u"} & {entry.key for entry in line._entries}
        await pilot.press("s")
        await shown(stage, "2 of 2")
        await until(lambda: "b" in {entry.key for entry in line._entries})
        await pilot.press("m")
        await until(lambda: "u" in {entry.key for entry in line._entries})


async def test_not_the_same_is_remembered_and_can_be_undone(book: Book) -> None:
    await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "Same e-mail")
        await pilot.press("n")
        await shown(stage, "That was the last pair.")
        assert len(await book.duplicates.apart()) == 1
        await pilot.press("u")
        await shown(stage, "Same e-mail")
        assert await book.duplicates.apart() == []
        await pilot.press("n")
        await shown(stage, "That was the last pair.")
        await pilot.press("escape")
        await until(lambda: stage.answer == 0)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "There are no duplicates.")
        await pilot.press("N")
        await shown(stage, "Ada Lovelace")
        await pilot.press("enter")
        await shown(stage, "Same e-mail")
    assert len(await everybody(book)) == 2


async def test_undo_goes_back_through_merges_and_pairs_that_are_not_the_same(book: Book) -> None:
    await opened(book, ADA, LOVELACE, ALSO)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "1 of 3")
        await pilot.press("n", "m")
        await shown(stage, "u undoes it.")
        assert len(await everybody(book)) == 2
        await pilot.press("u", "u")
        await shown(stage, "They may be the same again.")
        await shown(stage, "1 of 3")
    assert len(await everybody(book)) == 3


def title(stage: Stage) -> str:
    return next((line for line in stage.seen().splitlines() if "Duplicates" in line), "")


async def test_one_key_leads_from_pair_to_pair(book: Book) -> None:
    people = [Contact(name=f"Person {n // 2}", emails=(Email(f"p{n // 2}@example.org"),)) for n in range(12)]
    await opened(book, *people)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "1 of 6")
        for key in "msnms":
            before = title(stage)
            await pilot.press(key)
            await until(lambda: title(stage) != before)  # noqa: B023 - until it holds
        await pilot.press("n")
        await until(lambda: len(stage.screen.query("#confirm")) and "last pair" in stage.seen())
    assert len(await everybody(book)) == 10
    assert len(await book.duplicates.apart()) == 2


TWIN = Contact(name="Ada King", emails=(Email("ada@example.org"),))
FAMILY = [Contact(name=f"{name} Ray", emails=(Email("us@ray.example"),)) for name in ("Bob", "Cyd")]


async def test_all_that_are_certain_are_merged_after_a_preview(book: Book) -> None:
    other = Contact(name="Eve Moss", emails=(Email("eve@example.org"),))
    await opened(book, TWIN, TWIN, TWIN, *FAMILY, other, other)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "of 5")
        await pilot.press("a")
        await shown(stage, "Merge 5 into 2")
        assert "Ray" not in "".join(line for line in stage.seen().splitlines() if "[x]" in line)
        await pilot.press("j", "space")
        await shown(stage, "Merge 3 into 1")
        await pilot.press("enter")
        await shown(stage, "Merged 3 contacts into 1.")
        assert len(await everybody(book)) == 5
        await pilot.press("u")
        await shown(stage, "Undone")
        assert len(await everybody(book)) == 7
        await pilot.press("escape")
        await until(lambda: stage.answer == 0)


async def test_where_nothing_is_certain_that_is_said(book: Book) -> None:
    await opened(book, *FAMILY)
    async with on_stage(lambda: DuplicatesDialog(book, patience=60)) as (stage, pilot):
        await shown(stage, "Same e-mail")
        await pilot.press("a")
        await shown(stage, "None of these pairs is certain")
