"""Sync contacts: connecting, syncing, options, conflicts and disconnecting, with the reference provider."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual import events

from coterie.core.book import Book
from coterie.core.changes import Create, Edit, Plan
from coterie.core.errors import Unreachable
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email, Refusal
from coterie.core.provider import ChangePage, Setup, Unreadable
from coterie.core.secrets import Secrets
from coterie.core.settings import Settings
from coterie.core.sign_in import Identity, SignInPrompter
from coterie.core.sync import Accounts
from coterie.core.sync.accounts import Options
from coterie.providers.memory import MemoryProvider, MemorySource
from coterie.tui.app import CoterieApp
from coterie.tui.dialogs.account_options import AccountOptions
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.conflicts import ConflictsDialog
from coterie.tui.dialogs.connect import ConnectDialog
from coterie.tui.dialogs.disconnect import DisconnectDialog
from coterie.tui.dialogs.unreadable import RefusedDialog, UnreadableDialog
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.sync import Sync
from coterie.tui.state import State
from coterie.tui.widgets.status_bar import StatusBar
from tests.providers.prompter import FakeUser
from tests.tui.screens.conftest import PEOPLE, Driver

NIA = Contact(name="Nia Okafor", emails=(Email("nia@example.org"),), company="Library")
NAME = "memory:me@memory"


class World:
    """The other side, and what its provider does."""

    def __init__(self) -> None:
        self.source = MemorySource()
        self.unreadable: tuple[Unreadable, ...] = ()
        self.hangs = False
        self.allows = False
        self.writes: list[bool] = []
        self.accounts: Accounts

    async def connected(self, **choices: bool | int) -> None:
        account = await self.accounts.connect("memory", FakeUser(answers={"address": "me@memory"}))
        async for _ in self.accounts.sync(account):
            pass
        if choices:
            account = await self.accounts.book.accounts.named(account.name)
            await self.accounts.choose(account, Options(**choices))  # type: ignore[arg-type]

    @property
    def fresh(self) -> SignInPrompter:
        return FakeUser(answers={"address": "me@memory"})


@pytest.fixture
def world(book: Book, settings: Settings, tmp_path: Path) -> World:
    world = World()

    class Here(MemoryProvider):
        def __init__(self, setup: Setup) -> None:
            super().__init__(setup, world.source)

        async def sign_in(self, prompter: SignInPrompter) -> Identity:
            world.writes.append(self.setup.write)
            return await super().sign_in(prompter)

        async def may_write(self) -> bool:
            return world.allows

        async def changes(self, cursor: str | None) -> AsyncIterator[ChangePage]:
            if world.hangs:
                await asyncio.sleep(3600)
            async for page in super().changes(cursor):
                yield replace(page, unreadable=world.unreadable)

    world.accounts = Accounts(book, settings, Secrets(tmp_path / "tokens"), lambda _: Here, {"memory": "Memory"})
    return world


@asynccontextmanager
async def running(
    book: Book, world: World, size: tuple[int, int] = (100, 30), people: tuple[Contact, ...] = PEOPLE
) -> AsyncIterator[Driver]:
    if people:
        await book.apply(Plan("add", "Add people", list(map(Create, people))))
    app = CoterieApp(book, State(None), lambda: world.accounts)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        driver = Driver(app, pilot, book)
        await driver.opens(AllContacts)
        await driver.until(lambda: app.screen.query(StatusBar))
        yield driver


async def open_sync(driver: Driver) -> None:
    await driver.press("s")
    await driver.opens(Sync)
    await driver.sees("Tokens are kept", "Connect" if await driver.book.accounts.all() else "Where")


async def test_choose_sync_sign_in_and_a_banner_says_how_many_came(book: Book, world: World) -> None:
    world.source.put(NIA)
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.sees("Where are your contacts?", "Memory")
        await driver.press("enter")
        await driver.opens(ConnectDialog)
        await driver.sees("Address", "Any name for the account.", "Tokens are kept")
        await driver.type("me@memory")
        await driver.press("enter")
        await driver.opens(Sync)
        await driver.sees(
            "Memory is connected", "1 contact came from", "It is in All contacts.", "me@memory  Memory", "Connected."
        )
        await driver.says("Synced me@memory: 1 new.")
        await driver.sees("Last synced less than a minute ago. 1 contact came from it.")
        await driver.press("j", "k", "escape")
        await driver.misses("Memory is connected")
        assert isinstance(driver.screen, Sync)
        await driver.press("escape")
        await driver.opens(AllContacts)
        await driver.sees("Nia Okafor", "6 contacts")
        await driver.press("u")
        await driver.misses("Nia Okafor")


async def test_the_bottom_line_names_one_key_for_connecting(book: Book, world: World) -> None:
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.sees("enter connect")
        assert "n connect" not in driver.text
        await world.connected()
        await driver.sees("me@memory")
        await driver.press("home")
        await driver.sees("enter sync now", "n connect")
        await driver.press("end")
        await driver.sees("enter connect")
        await driver.misses("n connect")


async def test_a_long_sentence_hides_no_sync(book: Book, world: World) -> None:
    async with running(book, world, (60, 20)) as driver:
        bar, sign = driver.screen.query_one(StatusBar), driver.app.state.glyphs.sync
        bar.working(sign, "1,200 of 5,000 read, about 3 minutes left")
        driver.contacts.say("Done.")
        await driver.sees("Done. ", f" {sign} 1,200 of 5,000 read, about 3 minutes left")
        driver.contacts.say("A sentence that leaves little room.")
        await driver.sees(f"{sign} 1,200 of 5,000 read")
        await driver.misses("minutes")
        driver.contacts.say("A sentence of many words " * 4, undo=True)
        await driver.sees(f"…  u undo  {sign}")
        bar.working()
        await driver.misses(f"undo  {sign}")


async def test_cancelling_the_sign_in_leaves_nothing(book: Book, world: World) -> None:
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.press("enter")
        await driver.opens(ConnectDialog)
        await driver.press("escape")
        await driver.opens(Sync)
        assert await book.accounts.all() == []
        assert world.writes == [False]


async def test_s_from_anywhere_syncs_all_and_tells_in_the_status_bar(book: Book, world: World) -> None:
    await world.connected()
    async with running(book, world) as driver:
        world.source.put(NIA)
        await driver.press("S")
        await driver.says("Synced me@memory: 1 new.")
        await driver.sees("Nia Okafor")


async def test_without_accounts_sync_now_says_how_to_connect(book: Book, world: World) -> None:
    async with running(book, world) as driver:
        await driver.press("S")
        await driver.says("No account is connected. s connects one.")


async def test_a_sync_goes_on_while_other_screens_are_shown_and_can_be_stopped(book: Book, world: World) -> None:
    await world.connected()
    world.hangs = True
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.press("s")
        await driver.sees("Syncing: connecting …", "x stop")
        await driver.press("escape")
        await driver.opens(AllContacts)
        await driver.sees("↻ connecting")
        await driver.press("2", "1", "s")
        await driver.sees("Syncing: connecting …")
        await driver.press("x")
        await driver.says("Stopped the sync of me@memory.")
        await driver.misses("connecting")


async def test_quitting_does_not_wait_for_a_sync(book: Book, world: World) -> None:
    await world.connected()
    world.hangs = True
    async with running(book, world) as driver:
        await driver.press("S")
        await driver.sees("↻ connecting")
        await asyncio.wait_for(driver.pilot.press("q"), 5)


async def test_a_failure_is_told_and_noted_with_the_account(book: Book, world: World) -> None:
    await world.connected()
    world.source.allowed = False
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.press("s")
        await driver.sees("Sign-in needed. The memory account no longer accepts the permission.")
        await driver.says("me@memory was not synced.")
        world.source.allowed = True
        await driver.press("a")
        await driver.opens(ConnectDialog)
        await driver.type("me@memory")
        await driver.press("enter")
        await driver.says("Signed in again as me@memory.")
        await driver.sees("Connected.")


async def test_signing_in_again_as_somebody_else_is_refused(book: Book, world: World) -> None:
    await world.connected()
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.press("a")
        await driver.opens(ConnectDialog)
        await driver.type("other@memory")
        await driver.press("enter")
        await driver.sees("You signed in as other@memory, not as me@memory.", "Try again")
        await driver.press("escape")
        await driver.opens(Sync)
        assert [one.name for one in await book.accounts.all()] == [NAME]


async def test_writing_back_signs_in_again_for_the_wider_permission(book: Book, world: World) -> None:
    remote = world.source.put(NIA).remote_id
    await world.connected()
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.press("o")
        await driver.opens(AccountOptions)
        await driver.press("space", "tab", "tab", "tab")
        await driver.type("15")
        await driver.press("enter")
        await driver.opens(ConnectDialog)
        await driver.type("me@memory")
        await driver.press("enter")
        await driver.says("Saved the options of me@memory.")
        await driver.sees("Your changes are written back.", "next in 1")
        assert world.writes == [False, True]
        nia = await book.find("nia@example.org")
        await book.apply(Plan("edit", "Edit", [Edit(nia.id or 0, {"company": "Archive"})]))
        await driver.press("s")
        await driver.says("1 sent")
        assert world.source.contacts[remote].contact.company == "Archive"


async def test_without_the_wider_permission_writing_back_stays_off(book: Book, world: World) -> None:
    await world.connected()
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.press("o")
        await driver.opens(AccountOptions)
        await driver.press("space", "enter")
        await driver.opens(ConnectDialog)
        await driver.press("escape")
        await driver.says("writing back stays off")
        assert not Options.of(await book.accounts.named(NAME)).write


async def test_writing_back_needs_no_other_sign_in_where_it_is_allowed_already(book: Book, world: World) -> None:
    await world.connected()
    world.allows = True
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.press("o")
        await driver.opens(AccountOptions)
        await driver.sees("Edits, groups, stars and deletions.")
        assert "sign in once more" not in driver.text
        await driver.press("space", "enter")
        await driver.says("Saved the options of me@memory.")
        assert Options.of(await book.accounts.named(NAME)).write
        assert world.writes == [False]


async def test_an_account_without_contacts_says_so(book: Book, world: World) -> None:
    await world.connected()
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.press("d")
        await driver.sees("Disconnect me@memory", "No contacts here are from it.")
        await driver.press("shift+tab", "enter")
        await driver.opens(Sync)
        await driver.until(lambda: "me@memory  Memory" not in driver.text)
        assert not await book.accounts.all()


async def test_keys_that_are_typed_ahead_wait_for_the_accounts(
    book: Book, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.connected()
    asked, told = asyncio.Event(), asyncio.Event()
    refusals = book.accounts.refusals

    async def slowly() -> object:
        asked.set()
        await told.wait()
        return await refusals()

    async with running(book, world) as driver:
        monkeypatch.setattr(book.accounts, "refusals", slowly)
        for key in ("s", "o"):
            driver.app.post_message(events.Key(key, key))
        await asked.wait()
        await driver.pilot.pause()
        assert isinstance(driver.app.screen, Sync)
        told.set()
        await driver.opens(AccountOptions)


async def test_minutes_must_be_a_number(book: Book, world: World) -> None:
    await world.connected()
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.press("o")
        await driver.opens(AccountOptions)
        await driver.press("tab", "tab")
        await driver.type("soon")
        await driver.press("enter")
        await driver.sees("Minutes must be a whole number")


@pytest.mark.parametrize(("keys", "company"), [("o", "Here"), ("t", "There"), ("O", "Here"), ("T", "There")])
async def test_conflicts_are_settled_either_way(book: Book, world: World, keys: str, company: str) -> None:
    remote = world.source.put(NIA).remote_id
    second = world.source.put(replace(NIA, name="Ola", emails=(Email("ola@example.org"),))).remote_id
    await world.connected()
    for address in ("nia@example.org", "ola@example.org"):
        found = await book.find(address)
        await book.apply(Plan("edit", "Edit", [Edit(found.id or 0, {"company": "Here"})]))
    world.source.put(replace(NIA, company="There"), remote)
    world.source.put(replace(NIA, name="Ola", emails=(Email("ola@example.org"),), company="There"), second)
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.press("s")
        await driver.sees("2 conflicts wait for you.")
        await driver.press("c")
        await driver.opens(ConflictsDialog)
        await driver.sees("2 conflicts with me@memory", "Nia Okafor  Company", "Here   Here", "There  There")
        await driver.press(keys)
        if keys in "ot":
            await driver.sees("1 conflict with me@memory")
            await driver.press("escape")
            await driver.sees("1 conflict waits for you.")
        await driver.opens(Sync)
        assert (await book.find("nia@example.org")).company == company
        assert (await book.find("ola@example.org")).company == ("Here" if keys in "ot" else company)


async def test_what_could_not_be_read_is_listed_with_its_reason(book: Book, world: World) -> None:
    world.unreadable = (Unreadable("memory/7", "its name is not text"),)
    await world.connected()
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.sees("1 could not be read.")
        await driver.press("r")
        await driver.opens(UnreadableDialog)
        await driver.sees("its name is not text", "memory/7")
        await driver.press("escape")
        await driver.opens(Sync)


async def test_what_is_refused_there_is_listed_with_its_reason(book: Book, world: World) -> None:
    await world.connected()
    [account] = await book.accounts.all()
    refusal = Refusal(NAME, "update", "Nia", "The note is too long.", key="memory/1")
    await book.accounts.keep_refusals(account, [refusal], complete=True)
    async with running(book, world) as driver:
        await open_sync(driver)
        await driver.sees("1 change refused there.")
        await driver.press("f")
        await driver.opens(RefusedDialog)
        await driver.sees("Nia (update)", "The note is too long.")
        await driver.press("escape")
        await driver.opens(Sync)


@pytest.mark.parametrize("remove", [False, True])
async def test_disconnecting_asks_with_counts(book: Book, world: World, remove: bool) -> None:
    world.source.put(NIA)
    world.source.put(replace(PEOPLE[0], id=None))
    await book.apply(Plan("add", "Add", [Create(PEOPLE[0])]))
    await world.connected()
    async with running(book, world, people=()) as driver:
        await open_sync(driver)
        await driver.press("d")
        await driver.opens(DisconnectDialog)
        await driver.sees("(x) Keep the 2 contacts here", "( ) Move the 1 contact that came only from")
        if remove:
            await driver.press("down")
            await driver.sees("(x) Move the 1 contact")
        await driver.press("enter", "ctrl+s")
        await driver.sees("Nothing was done.")
        await driver.press("tab", "enter")
        await driver.says("moved Nia Okafor to the Bin" if remove else "its contacts stay")
        await driver.sees("Where are your contacts?")
        assert await driver.names() == (["Ada Lovelace"] if remove else ["Ada Lovelace", "Nia Okafor"])
        assert await driver.names(View.BIN) == (["Nia Okafor"] if remove else [])


async def test_much_that_vanishes_is_asked_about(book: Book, world: World) -> None:
    for number in range(20):
        world.source.put(replace(NIA, name=f"N{number}", emails=(Email(f"n{number}@example.org"),)))
    await world.connected()
    world.source.contacts.clear()
    world.source.expire_cursors()
    async with running(book, world, people=()) as driver:
        await driver.press("S")
        await driver.opens(Confirm)
        await driver.sees("suddenly has no contacts: all 20", "Move 20 to the Bin")
        await driver.press("escape")
        await driver.says("was not synced")
        assert await book.lists.count(Listing()) == 20
        await driver.press("S")
        await driver.opens(Confirm)
        await driver.press("y")
        await driver.says("20 deleted there and moved to the Bin")
        assert await book.lists.count(Listing()) == 0


# By itself ------------------------------------------------------------------------------------------------------------


async def test_accounts_sync_at_the_start_if_the_user_wants_it(book: Book, world: World) -> None:
    await world.connected(at_start=True)
    world.source.put(NIA)
    async with running(book, world) as driver:
        await driver.says("Synced me@memory: 1 new.")
        await driver.sees("Nia Okafor")


def beside_the_sidebar(driver: Driver) -> list[str]:
    """The screen without the sidebar, which says when the accounts were synced."""
    return [line.rpartition(" │")[2] for line in driver.text.splitlines()]


async def test_a_quiet_sync_says_nothing_and_a_failing_one_a_line(book: Book, world: World) -> None:
    await world.connected(every_minutes=5)
    async with running(book, world) as driver:
        syncing = driver.app.state.syncing
        assert syncing is not None
        account = await book.accounts.named(NAME)
        await driver.sees("5 contacts", "contacts   5")
        before = beside_the_sidebar(driver)
        syncing.start(account, quiet=True)
        await driver.until(lambda: syncing.progress(account) is None)
        assert beside_the_sidebar(driver) == before
        world.source.allowed = False
        syncing.start(account, quiet=True)
        await driver.says("me@memory was not synced: The memory account no longer accepts the permission.")
        assert isinstance(driver.app.screen, AllContacts)
        assert not driver.app._notifications


async def test_a_quiet_sync_never_asks(book: Book, world: World) -> None:
    world.source.put(NIA)
    await world.connected(every_minutes=5)
    world.source.contacts.clear()
    world.source.expire_cursors()
    async with running(book, world) as driver:
        syncing = driver.app.state.syncing
        assert syncing is not None
        syncing.start(await book.accounts.named(NAME), quiet=True)
        await driver.says("suddenly has no contacts")
        assert isinstance(driver.app.screen, AllContacts)
        assert await book.find("nia@example.org")
        account = await book.accounts.named(NAME)
        assert account.next_sync
        assert account.next_sync == book.now() + timedelta(minutes=5)
        await driver.press("s")
        await driver.sees("The last sync failed.", "suddenly has no contacts")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)], ids=str)
async def test_strange_accounts_act_nowhere(book: Book, world: World, size: tuple[int, int]) -> None:
    evil = "[/b]\x1b[31m\u202e[red]x@evil"
    account = await book.accounts.add("memory", evil)
    await book.accounts.update(replace(account, state="failed", message=str(Unreachable(f"{evil} {evil}"))))
    async with running(book, world, size) as driver:
        await driver.press("s")
        await driver.opens(Sync)
        await driver.sees("The last sync failed.")
        for keys in ("o", "d", "m", "a", "?"):
            await driver.press(keys)
            await driver.pilot.pause(0.05)
            assert not any(sign in driver.text for sign in ("\x1b", "\u202e"))
            await driver.press("escape")
            await driver.opens(Sync)
