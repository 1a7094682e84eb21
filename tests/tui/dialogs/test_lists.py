"""The dialogs that are lists: Pick, FilePicker, ColumnsDialog, HistoryDialog, RejectsView, BulkPreview."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coterie.core.bulk import make_action, survey_of
from coterie.core.listing import Sort
from coterie.core.model import Operation
from coterie.core.transfer.reject import Reject
from coterie.tui.dialogs.bulk_preview import BulkPreview
from coterie.tui.dialogs.columns import ColumnsDialog
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.file_picker import FilePicker, size_words
from coterie.tui.dialogs.history import HistoryDialog
from coterie.tui.dialogs.pick import Pick
from coterie.tui.dialogs.rejects import RejectsView
from coterie.tui.files import Files
from coterie.tui.time_words import when_words
from coterie.tui.turning import Turning
from tests.tui.dialogs.stage import EVIL, HOSTILE, Details, on_stage, type_text, until, whole

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OPERATIONS = [
    Operation(9, NOW - timedelta(minutes=3), "ada@host", "import", "Imported people.csv: 120 new.", 120),
    Operation(8, NOW - timedelta(days=1), "ada@host", "delete", "Deleted 3 contacts.", 3, undone_at=NOW, redoable=True),
    Operation(7, NOW - timedelta(days=2), "bob@host", "edit", "Edited Ada.", 1),
    Operation(6, NOW - timedelta(days=3), "ada@host", "group", "Added 12 contacts to Choir.", 12),
    Operation(5, NOW - timedelta(days=4), "ada@host", "forget", "Deleted 9 contacts forever.", 9, undoable=False),
    Operation(4, NOW - timedelta(days=5), "ada@host", "edit", "Edited Cyd.", 1, undone_at=NOW),
]


async def test_pick_finds_by_typing() -> None:
    options = [("name", "Name"), ("phone", "Phone"), ("phone:mobile", "Phone (mobile)")]
    async with on_stage(lambda: Pick("What is it?", options, "phone")) as (stage, pilot):
        await type_text(pilot, "mob")
        await pilot.press("enter")
        assert stage.answer == "phone:mobile"


async def test_pick_begins_at_the_present_value() -> None:
    async with on_stage(lambda: Pick("What?", [("a", "A"), ("b", "B"), ("c", "C")], "b")) as (stage, pilot):
        await pilot.press("down", "enter")
        assert stage.answer == "c"


async def test_pick_takes_a_click() -> None:
    async with on_stage(lambda: Pick("What?", [("a", "A"), ("b", "B")], "a")) as (stage, pilot):
        await pilot.click("#choices", offset=(1, 1))
        assert stage.answer == "b"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "inside.csv").write_text("x")
    (tmp_path / "people.csv").write_text("x" * 1234)
    (tmp_path / "photo.png").write_text("x")
    return tmp_path


async def test_the_file_picker_walks_through_folders(folder: Path) -> None:
    async with on_stage(lambda: FilePicker(Files(), folder)) as (stage, pilot):
        await until(lambda: "people.csv" in stage.seen())
        await until(lambda: "1.2 kB" in stage.seen())
        assert "photo.png" not in stage.seen()
        await pilot.press("enter")
        await until(lambda: "inside.csv" in stage.seen())
        await pilot.press("left")
        await until(lambda: "people.csv" in stage.seen())
        await type_text(pilot, "peop")
        await pilot.press("enter")
        assert stage.answer == folder / "people.csv"


async def test_the_file_picker_shows_all_files_when_asked(folder: Path) -> None:
    async with on_stage(lambda: FilePicker(Files(), folder)) as (stage, pilot):
        await until(lambda: "people.csv" in stage.seen())
        await pilot.press("ctrl+t")
        await until(lambda: "photo.png" in stage.seen())


async def test_the_file_picker_of_a_restricted_account_does_not_leave_its_folder(folder: Path) -> None:
    async with on_stage(lambda: FilePicker(Files(folder / "more"))) as (stage, pilot):
        await until(lambda: "inside.csv" in stage.seen())
        await pilot.press("left")
        await until(lambda: "outside the" in stage.seen())  # where its line ends is a matter of the path
        assert "people.csv" not in stage.seen()


def test_sizes_are_said_in_words() -> None:
    assert [size_words(size) for size in (0, 999, 1000, 12_345, 3_400_000)] == [
        "0 bytes", "999 bytes", "1.0 kB", "12 kB", "3.4 MB",
    ]  # fmt: skip


async def test_columns_are_shown_hidden_and_moved() -> None:
    async with on_stage(lambda: ColumnsDialog(("name", "emails", "company"), Sort())) as (stage, pilot):
        await pilot.press("down", "down", "down", "space")  # E-mail goes
        await pilot.press("down", "K", "enter")  # Company moves up
        assert stage.answer == (("name", "company"), Sort("name"))


async def test_the_sort_order_is_chosen() -> None:
    async with on_stage(lambda: ColumnsDialog(("name",), Sort(), [("deleted_at", "Deleted")])) as (stage, pilot):
        await pilot.press("left", "down", "right", "enter")
        assert stage.answer == (("name",), Sort("deleted_at", descending=True))


async def test_the_last_column_stays() -> None:
    async with on_stage(lambda: ColumnsDialog(("name",), Sort())) as (stage, pilot):
        await pilot.press("down", "down", "space", "enter")
        assert stage.answer == (("name",), Sort())


async def test_reset_brings_the_first_columns_back() -> None:
    async with on_stage(lambda: ColumnsDialog(("notes",), Sort("updated_at", descending=True))) as (stage, pilot):
        await pilot.click("#reset")
        await pilot.press("ctrl+s")
        assert stage.answer == (("name", "emails", "company", "job_title", "groups"), Sort())


def history() -> HistoryDialog:
    return HistoryDialog(OPERATIONS, "ada@host", now=NOW, details=Details())


async def test_history_tells_what_happened_and_undoes_the_last_change_at_once() -> None:
    async with on_stage(history) as (stage, pilot):
        await until(lambda: "Imported people.csv: 120 new." in stage.seen())
        await until(lambda: "By you, 120 contacts; enter shows all." in stage.seen())
        await pilot.press("u")
        assert stage.answer == Turning(ids=(9,))


async def test_history_says_that_more_was_changed_than_it_tells_and_only_then() -> None:
    async with on_stage(history) as (stage, pilot):
        await until(lambda: "enter shows all" in stage.seen())
        await pilot.press("j", "j")
        await until(lambda: "By bob@host, 1 contact." in stage.seen())
        await until(lambda: "old 7" in stage.seen())
        assert "enter shows all" not in stage.seen()


async def test_history_asks_with_numbers_before_it_undoes_several_of_ours() -> None:
    async with on_stage(history) as (stage, pilot):
        await pilot.press("j", "j", "j")
        await until(lambda: "Undo 2 changes" in stage.seen())
        await pilot.press("ctrl+s")
        await until(lambda: "This change and all of yours after it; they changed 132" in stage.seen())
        await pilot.press("ctrl+s", "enter")
        assert stage.answers == 0
        await pilot.press("u")
        await until(lambda: isinstance(stage.screen, Confirm))
        await pilot.press("y")
        await until(lambda: stage.answers)
        assert stage.answer == Turning(ids=(9, 6))


async def test_history_offers_redo_where_that_is_what_works() -> None:
    async with on_stage(history) as (stage, pilot):
        await pilot.press("j")
        await until(lambda: "Redo this change" in stage.seen())
        await until(lambda: "undone Deleted 3 contacts." in stage.seen())
        await pilot.press("u")
        assert stage.answer == Turning(False, (8,))


@pytest.mark.parametrize(
    ("downs", "sentence"),
    [(2, "Only bob@host can undo it."), (4, "cannot be undone"), (5, "cannot be redone")],
)
async def test_history_says_why_nothing_can_be_undone_here(downs: int, sentence: str) -> None:
    async with on_stage(history) as (stage, pilot):
        await pilot.press(*["down"] * downs)
        await pilot.pause()
        await until(lambda: sentence in stage.seen())
        assert "enter open" in stage.seen().splitlines()[-1]
        await pilot.press("ctrl+s", "u")
        assert stage.answers == 0


async def test_enter_opens_an_entry_with_what_it_changed() -> None:
    async with on_stage(history) as (stage, pilot):
        await pilot.press("enter")
        await until(lambda: "old 9 " in stage.seen())
        await until(lambda: "The first 100 of 120 contacts." in stage.seen())
        assert not set(stage.seen()) & set("\x1b\x07\u202e")
        await pilot.press("escape")
        await until(lambda: "History" in stage.seen())
        assert stage.answers == 0


async def test_an_empty_history_can_be_closed() -> None:
    async with on_stage(lambda: HistoryDialog([], now=NOW, details=Details())) as (stage, pilot):
        await until(lambda: "Nothing has been changed yet." in stage.seen())
        assert stage.seen().splitlines()[-1].strip() == "esc close  f1 help"
        await pilot.press("escape")
        assert stage.answer is None


def test_times_are_said_as_people_say_them() -> None:
    now = datetime(2026, 11, 23, 12, 0).astimezone()
    assert when_words(now.replace(hour=9, minute=5), now) == "today 9:05"
    assert when_words(now - timedelta(days=1), now) == "yesterday 12:00"
    assert when_words(now - timedelta(days=30), now) == "2026-10-24 12:00"


async def test_rejects_show_row_reason_and_text() -> None:
    rejects = [Reject(2, "No name.", ";;;2"), Reject(7, "No address.", ";;;7")]
    async with on_stage(lambda: RejectsView(rejects, "~/rejects.csv")) as (stage, pilot):
        await until(lambda: "2 rejected" in stage.seen())
        await until(lambda: ";;;2" in stage.seen())
        await pilot.press("down")
        await pilot.pause()
        await until(lambda: ";;;7" in stage.seen())
        await until(lambda: "~/rejects.csv" in stage.seen())


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
@pytest.mark.parametrize(
    "make",
    [
        lambda: Pick(EVIL, [(str(n), f"{n} {EVIL}") for n in range(40)]),
        lambda: HistoryDialog(
            [Operation(n, NOW, EVIL, "edit", EVIL, 1) for n in range(40)], now=NOW, details=Details()
        ),
        lambda: RejectsView([Reject(n, EVIL, f"{EVIL}\n{EVIL}") for n in range(40)], EVIL),
        lambda: ColumnsDialog(("name", "emails"), Sort()),
        lambda: BulkPreview(
            EVIL,
            survey_of([make_action("set", field="notes", value="x")], [replace(HOSTILE, id=n) for n in range(1, 40)]),
            Files(Path("/nowhere")),
        ),
    ],
)
async def test_lists_fit_and_hostile_text_is_only_text(make, size) -> None:
    async with on_stage(make, size) as (stage, pilot):
        await pilot.press("down")
        await pilot.pause()
        await until(lambda: whole(stage))
        assert not set(stage.seen()) & set("\x1b\x07\u202e")
