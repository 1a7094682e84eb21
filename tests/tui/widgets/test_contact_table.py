from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from rich.cells import cell_len
from textual import events, on
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message

from coterie.core.checks import Checks
from coterie.core.errors import InvalidQuery
from coterie.core.listing import Listing, Row, View
from coterie.tui.colors import group_color, shade
from coterie.tui.glyphs import ASCII, UNICODE, Glyphs, choose_glyphs
from coterie.tui.widgets.contact_table import ContactTable
from tests.tui.widgets.fake_book import FakeBook, person

COLUMNS = ("emails", "company", "groups", "job_title")
MILLION = 1_000_000


Sent = TypeVar("Sent", bound=Message)


class TableApp(App[None]):
    def __init__(self, book: FakeBook, glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self.table = ContactTable(book, glyphs)
        self.messages: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.table

    @on(ContactTable.Activated)
    @on(ContactTable.ChecksChanged)
    @on(ContactTable.StarClicked)
    @on(ContactTable.HeaderClicked)
    @on(ContactTable.Failed)
    def keep(self, message: Message) -> None:
        self.messages.append(message)

    def lines(self) -> list[str]:
        width, height = self.table.size
        return [strip.text.rstrip() for strip in self.table.render_lines(Region(0, 0, width, height))]

    def got(self, kind: type[Sent]) -> list[Sent]:
        return [message for message in self.messages if isinstance(message, kind)]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


async def test_rows_are_shown_with_their_boxes_and_stars():
    app = TableApp(FakeBook(30))
    async with app.run_test(size=(80, 12)):
        await app.table.show(Listing(), COLUMNS)
        header, first, second = app.lines()[:3]
        assert header.split() == ["Name", "▲", "E-mail", "Company", "Groups", "Job", "title"]
        assert first.startswith("›☐ ★ Person 0000000")
        assert second.startswith(" ☐ ☆ Person 0000001")
        assert "p1@example.org" in second
        await until(lambda: app.table.total == 30)


async def test_every_line_fills_the_width_whatever_the_names_hold():
    names = [
        "山田太郎" * 8,
        "e\u0301" * 50,
        "👩\u200d👩\u200d👧 Family",
        "[bold]Bob[/b] [a=1]",
        "\x1b[2Jevil\u202eliv\x07",
        "",
    ]
    rows = [Row(number, name, False, {"emails": "x" * 90, "groups": name}) for number, name in enumerate(names, 1)]
    for width in (1, 7, 20, 40, 80, 200):
        app = TableApp(FakeBook(len(rows), rows.__getitem__))
        async with app.run_test(size=(width, 12)):
            await app.table.show(Listing(), COLUMNS)
            strips = app.table.render_lines(Region(0, 0, width, 12))
            assert {cell_len(strip.text) for strip in strips} == {width}
            text = "".join(strip.text for strip in strips)
            assert "\x1b" not in text
            assert "\u202e" not in text
            assert width < 200 or "[bold]Bob[/b] [a=1]" in text


async def test_forty_cells_show_name_and_email():
    app = TableApp(FakeBook(100))
    async with app.run_test(size=(40, 12)):
        await app.table.show(Listing(), COLUMNS)
        assert app.lines()[0].split() == ["Name", "▲", "E-mail", "›"]
        assert "p1@example" in app.lines()[2]


async def test_the_cursor_goes_to_a_contact_once_its_rows_are_here():
    app = TableApp(FakeBook(5_000))
    async with app.run_test(size=(80, 12)):
        table = app.table
        await table.show(Listing(), COLUMNS)
        await table.go_to(person(4_000).id)
        assert (table.row, table.waiting) == (person(4_000), False)
        await table.go_to(0)
        assert table.position == 4_000, "a contact that the listing does not show moves nothing"


async def test_the_cursor_goes_to_a_last_contact_that_is_not_counted_yet():
    book = FakeBook(1_000)
    app = TableApp(book)
    async with app.run_test(size=(80, 12)):
        await app.table.show(Listing(), COLUMNS)
        await until(lambda: app.table.total == 1_000)
        book.size += 1
        await app.table.go_to(person(1_000).id)
        assert app.table.row == person(1_000)


async def test_a_jump_in_a_book_of_a_million_fetches_a_few_rows_only():
    book = FakeBook(MILLION)
    app = TableApp(book)
    async with app.run_test(size=(80, 40)):
        table = app.table
        await table.show(Listing(), COLUMNS)
        await until(lambda: table.total == MILLION)
        book.fetches.clear()
        table.last()
        assert table.position == MILLION - 1
        await until(lambda: table.row is not None)
        assert table.row == person(MILLION - 1)
        table.first()
        table.move_to(730_000)
        await until(lambda: table.row == person(730_000))
        await until(lambda: book.under_way == 0)
        assert sum(count for _, count in book.fetches) <= 2_000


async def test_what_is_not_loaded_is_blank_and_then_right():
    book = FakeBook(MILLION)
    app = TableApp(book)
    async with app.run_test(size=(80, 12)):
        await app.table.show(Listing(), COLUMNS)
        await until(lambda: app.table.total == MILLION)
        book.release.clear()
        app.table.move_to(500_000)
        assert app.table.row is None
        assert "Person 0000000" in app.lines()[1]  # for the blink of an eye
        await until(lambda: {line.strip(" ›│┃") for line in app.lines()[1:]} == {""})
        book.release.set()
        await until(lambda: app.table.row is not None)
        assert "Person 0500000" in "".join(app.lines())


async def test_a_key_held_down_never_has_more_than_one_fetch_under_way():
    book = FakeBook(MILLION)
    app = TableApp(book)
    async with app.run_test(size=(80, 12)):
        await app.table.show(Listing(), COLUMNS)
        await until(lambda: app.table.total == MILLION and book.under_way == 0)
        book.release.clear()
        book.fetches.clear()
        book.most_under_way = 0
        for _ in range(100):
            app.table.page(40)
            await asyncio.sleep(0)
        assert book.most_under_way == 1
        assert len(book.fetches) == 1
        book.release.set()
        await until(lambda: app.table.row is not None)
        assert len(book.fetches) <= 4
        assert app.table.row == person(app.table.position)


async def test_an_answer_that_a_newer_search_has_overtaken_is_dropped():
    book = FakeBook(100)
    app = TableApp(book)
    async with app.run_test(size=(80, 12)):
        book.release.clear()
        slow = asyncio.create_task(app.table.show(Listing(), COLUMNS))
        await asyncio.sleep(0)
        quick = asyncio.create_task(app.table.show(Listing(query="ada"), COLUMNS))
        await asyncio.sleep(0)
        book.release.set()
        await asyncio.gather(slow, quick)
        assert app.table.listing.query == "ada"
        assert app.table.total == 3


async def test_errors_of_the_first_rows_reach_the_caller():
    class Refusing(FakeBook):
        async def rows(self, listing, start, count, columns=()):
            raise InvalidQuery("There is no field “nme”.")

    app = TableApp(Refusing(3))
    async with app.run_test(size=(80, 12)):
        with pytest.raises(InvalidQuery):
            await app.table.show(Listing(query="nme:x"), COLUMNS)


async def test_a_refused_search_is_not_fetched_again_when_the_book_changes():
    class Refusing(FakeBook):
        async def rows(self, listing, start, count, columns=()):
            if listing.query == "nme:":
                raise InvalidQuery("There is no field “nme”.")
            return await super().rows(listing, start, count, columns)

    app = TableApp(Refusing(3))
    async with app.run_test(size=(80, 12)):
        await app.table.show(Listing(query="ann"), COLUMNS)
        with pytest.raises(InvalidQuery):
            await app.table.show(Listing(query="nme:"), COLUMNS)
        await app.table.reload()
        assert app.table.listing.query == "ann"


async def test_a_search_that_is_taken_back_leaves_the_list_and_its_count():
    book = FakeBook(1_000)
    app = TableApp(book)
    async with app.run_test(size=(80, 12)):
        await app.table.show(Listing(), COLUMNS)
        book.release.clear()  # so that it is not counted yet
        typed = asyncio.create_task(app.table.show(Listing(query="x"), COLUMNS))
        await until(lambda: book.under_way > 0)
        typed.cancel()
        book.release.set()
        await until(lambda: app.table.total == 1_000)
        await app.table.reload()
        assert app.table.listing.query == ""


async def test_a_change_during_a_search_leaves_the_cursor_on_the_first_that_it_finds():
    book = FakeBook(1_000)
    app = TableApp(book)
    async with app.run_test(size=(80, 12)):
        await app.table.show(Listing(), COLUMNS)
        await until(lambda: app.table.total == 1_000)
        app.table.move_to(300)
        await until(lambda: app.table.row == person(300))
        book.release.clear()
        typed = asyncio.create_task(app.table.show(Listing(query="x"), COLUMNS))
        await asyncio.sleep(0)
        changed = asyncio.create_task(app.table.reload())
        await asyncio.sleep(0)
        book.release.set()
        await asyncio.gather(typed, changed)
        assert (app.table.listing.query, app.table.position) == ("x", 0)


async def test_keep_puts_the_cursor_on_that_contact():
    app = TableApp(FakeBook(2_000))
    async with app.run_test(size=(80, 12)):
        await app.table.show(Listing(), COLUMNS, keep=1_500)
        assert app.table.row == person(1_499)
        await app.table.show(Listing(query="x"), COLUMNS, keep=999_999)
        assert app.table.position == 0


async def test_reload_follows_the_contact_or_stays_at_its_place():
    book = FakeBook(1_000)
    app = TableApp(book)
    async with app.run_test(size=(80, 12)):
        table = app.table
        await table.show(Listing(), COLUMNS)
        await until(lambda: table.total is not None)
        table.move_to(50)
        line = table.cell_region().y
        book.make = lambda number: person(number + 10)  # the first ten are gone
        await table.reload()
        assert table.row == person(50)
        assert table.position == 40
        assert table.cell_region().y == line
        book.make = lambda number: person(number + 500)  # so is the one under the cursor
        await table.reload()
        assert table.position == 40
        book.size = 7
        await table.reload()
        assert table.position == 6
        assert table.total == 7


async def test_reloads_that_pile_up_are_done_together():
    book = FakeBook(1_000)
    app = TableApp(book)
    async with app.run_test(size=(80, 12)):
        await app.table.show(Listing(), COLUMNS)
        await until(lambda: app.table.total == 1_000 and book.under_way == 0)
        book.fetches.clear()
        book.release.clear()
        calls = [asyncio.create_task(app.table.reload()) for _ in range(20)]
        await until(lambda: book.under_way > 0)
        book.release.set()
        await asyncio.gather(*calls)
        assert [start for start, _ in book.fetches].count(0) == 2


async def test_toggling_checks_and_moves_down():
    app = TableApp(FakeBook(30))
    async with app.run_test(size=(80, 12)) as pilot:
        await app.table.show(Listing(), COLUMNS)
        app.table.toggle()
        app.table.toggle()
        await pilot.pause()
        assert app.table.checks == Checks.of([1, 2])
        assert app.table.position == 2
        assert [line[:2] for line in app.lines()[1:4]] == [" ☑", " ☑", "›☐"]
        app.table.checks = Checks()
        await pilot.pause()
        assert app.lines()[1].startswith(" ☐")
        assert not app.got(ContactTable.ChecksChanged)


async def test_a_range_checks_all_between_even_what_was_never_seen():
    app = TableApp(FakeBook(MILLION))
    async with app.run_test(size=(80, 12)):
        table = app.table
        await table.show(Listing(), COLUMNS)
        await until(lambda: table.total == MILLION)
        table.move_to(5)
        table.start_range()
        table.move(2)
        assert [line[1] for line in app.lines()[5:9]] == ["☐", "▣", "▣", "▣"]
        table.move_to(12_000)
        await table.end_range()
        assert len(table.checks) == 12_000 - 5 + 1
        assert 6 in table.checks
        assert 5 not in table.checks
        assert not table.in_range


async def test_only_lines_that_look_different_are_drawn_again():
    app = TableApp(FakeBook(100))
    async with app.run_test(size=(80, 12)) as pilot:
        await app.table.show(Listing(), COLUMNS)
        await pilot.pause()
        dirty: list[Region] = []
        refresh = app.table.refresh

        def note(*regions: Region, **options: bool) -> ContactTable:
            dirty.extend(regions or [Region(0, 0, 80, 12)])
            return refresh(*regions, **options)

        app.table.refresh = note
        app.table.move(1)
        assert {y for region in dirty for y in region.line_range} == {1, 2}
        dirty.clear()
        app.table.checks = Checks.of([3])
        assert [(region.y, region.height) for region in dirty] == [(3, 1)]
        dirty.clear()
        await app.table.reload()
        assert dirty == []


async def test_the_current_column_is_marked_after_it_was_chosen():
    app = TableApp(FakeBook(10))
    async with app.run_test(size=(100, 12)):
        table = app.table
        await table.show(Listing(), COLUMNS)
        assert table.column == "name"
        table.move_column(1)
        assert table.column == "emails"
        region = table.cell_region()
        assert app.lines()[region.y][region.x :].startswith("p0@example.org")
        table.move_column(-9)
        assert table.column == "name"
        table.move_column(99)
        assert table.column == "job_title"


async def test_the_mouse_checks_stars_sorts_opens_and_moves():
    app = TableApp(FakeBook(1_000))
    async with app.run_test(size=(80, 12)) as pilot:
        table = app.table
        await table.show(Listing(), COLUMNS)
        await pilot.click(table, offset=(1, 3))
        assert table.checks == Checks.of([3])
        assert table.position == 2
        await pilot.click(table, offset=(3, 4))
        assert [message.row.id for message in app.got(ContactTable.StarClicked)] == [4]
        await pilot.click(table, offset=(30, 0))
        assert [message.field for message in app.got(ContactTable.HeaderClicked)] == ["emails"]
        await pilot.click(table, offset=(30, 6), times=2)
        assert [message.row.id for message in app.got(ContactTable.Activated)] == [6]


async def test_dragging_the_scroll_bar_jumps_and_the_wheel_scrolls():
    app = TableApp(FakeBook(MILLION))
    async with app.run_test(size=(80, 12)) as pilot:
        table = app.table
        await table.show(Listing(), COLUMNS)
        await until(lambda: table.total == MILLION)
        await pilot.mouse_down(table, offset=(79, 9))
        await pilot.mouse_up(table, offset=(79, 9))
        assert 0.75 * MILLION < table.position < 0.85 * MILLION
        before = table.position
        await pilot._post_mouse_events([events.MouseScrollDown], table, offset=(5, 5))
        assert table.position == before + 3


async def test_an_empty_listing_says_so():
    app = TableApp(FakeBook(0))
    async with app.run_test(size=(60, 12)):
        app.table.empty = "No contacts yet.\nPress n to add one, i to import [/b]."
        await app.table.show(Listing(), COLUMNS)
        shown = [line.strip() for line in app.lines() if line.strip()]
        assert shown[1:] == ["No contacts yet.", "Press n to add one, i to import [/b]."]
        assert app.table.row is None
        app.table.toggle()
        app.table.move(1)
        app.table.last()
        app.table.activate()
        assert app.table.position == 0


async def test_the_bin_shows_how_long_and_by_whom():
    def deleted(number: int) -> Row:
        return Row(number + 1, f"Gone {number}", False, {}, datetime.now(UTC), "google:ada@example.org", number)

    app = TableApp(FakeBook(3, deleted))
    async with app.run_test(size=(80, 12)):
        await app.table.show(Listing(View.BIN), ())
        lines = app.lines()
        assert "Days left" in lines[0]
        assert ["today" in lines[1], "1 day" in lines[2], "2 days" in lines[3]] == [True] * 3
        assert "google:ada@example.o" in lines[1]


async def test_ascii_terminals_get_ascii_only():
    app = TableApp(FakeBook(100), ASCII)
    async with app.run_test(size=(60, 12)):
        await app.table.show(Listing(), COLUMNS)
        app.table.toggle()
        assert app.lines()[1].startswith(" [x] * Person 0000000")
        assert "".join(app.lines()).isascii()


def test_glyphs_follow_the_setting_then_the_terminal():
    assert choose_glyphs(True) is ASCII
    assert choose_glyphs(False, "ascii", "linux") is UNICODE
    assert choose_glyphs(None, "utf-8", "xterm-256color") is UNICODE
    assert choose_glyphs(None, "iso-8859-1", "xterm") is ASCII
    assert choose_glyphs(None, "utf-8", "linux") is ASCII


def test_every_glyph_is_one_cell_and_has_its_twin():
    for name in Glyphs.__slots__:
        assert cell_len(getattr(UNICODE, name)) == 1
        assert getattr(ASCII, name).isascii()
    assert len({cell_len(box) for box in (ASCII.checked, ASCII.unchecked, ASCII.ranged)}) == 1


def two_of_all(number: int) -> Row:
    values = {"emails": "ada@example.org", "groups": "Board, Choir"}
    return Row(number + 1, f"Person {number}", False, values, more_emails=2, groups=("Board", "Choir"))


async def test_another_address_shows_as_a_number_however_narrow_the_column():
    for width in (40, 60, 80, 120):
        app = TableApp(FakeBook(3, two_of_all))
        async with app.run_test(size=(width, 6)):
            await app.table.show(Listing(), ("emails",))
            assert all(" +2" in line for line in app.lines()[1:4]) == any(
                one.key == "emails" for one in app.table.columns
            )


async def test_a_row_is_tinted_over_its_whole_width_and_says_the_same_by_signs():
    app = TableApp(FakeBook(5, two_of_all))
    async with app.run_test(size=(100, 8)):
        app.table.focus()
        await app.table.show(Listing(), COLUMNS)
        app.table.checks = Checks.of([3])
        strips = app.table.render_lines(Region(0, 0, 100, 8))
        grounds = [{segment.style.bgcolor for segment in strip if segment.style} for strip in strips[1:5]]
        assert [len(one) for one in grounds] == [1] * 4
        assert grounds[0] != grounds[1] != grounds[2] != grounds[0]
        assert grounds[1] == grounds[3]
        assert strips[1].text.startswith("›☐")
        assert strips[3].text.startswith(" ☑")


async def test_the_groups_of_a_row_have_their_colors():
    app = TableApp(FakeBook(5, two_of_all))
    async with app.run_test(size=(120, 8)):
        await app.table.show(Listing(), ("groups",))
        row = app.table.render_lines(Region(0, 2, 120, 1))[0]
        colors = {segment.text.strip(" ,"): segment.style.color for segment in row if segment.style}
        assert colors["Board"] == shade(app.current_theme, group_color("Board")).rich_color
        assert colors["Choir"] == shade(app.current_theme, group_color("Choir")).rich_color


async def test_the_columns_scroll_sideways_with_the_current_one():
    app = TableApp(FakeBook(5, two_of_all))
    async with app.run_test(size=(50, 8)) as pilot:
        table = app.table
        await table.show(Listing(), COLUMNS)
        assert app.lines()[0].endswith("›")
        for key in ("emails", "company", "groups", "job_title"):
            table.move_column(1)
            assert table.column == key
            assert key in [column.key for column in table.columns]
        assert "‹" in app.lines()[0]
        assert not app.lines()[0].endswith("›")
        await pilot.click(table, offset=(app.lines()[0].index("‹"), 0))
        assert table.column == table.columns[1].key != "job_title"
        table.move_column(-9)
        assert table.columns[1].key == "emails"
        await pilot.click(table, offset=(49, 0))
        assert table.column == next(key for key in COLUMNS if key != "emails")
