"""Confirm, Prompt and GroupPicker: what is asked, and what enter and esc answer."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from coterie.core.errors import InvalidValue
from coterie.core.model import Group
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.group_picker import GroupPicker
from coterie.tui.dialogs.prompt import Prompt
from tests.tui.dialogs.stage import EVIL, on_stage, type_text, until, whole

GROUPS = [Group(1, "Choir", 12), Group(2, "Chess club", 4), Group(3, "Friends of the library", 1203)]


@pytest.mark.parametrize(
    ("danger", "key", "answer"),
    [
        (False, "enter", True), (False, "ctrl+s", True), (False, "y", True), (False, "n", None),
        (False, "escape", None),
        (True, "enter", None), (True, "y", True), (True, "n", None), (True, "escape", None),
    ],
)  # fmt: skip
async def test_a_question_is_answered_by_one_key(danger: bool, key: str, answer: bool | None) -> None:
    question = lambda: Confirm("Delete forever?", "It cannot be undone.", "Delete forever", danger=danger)  # noqa: E731
    async with on_stage(question) as (stage, pilot):
        await until(lambda: "It cannot be undone." in stage.seen())
        await pilot.press(key)
        assert stage.answer is answer


async def test_the_other_button_is_one_tab_away() -> None:
    async with on_stage(lambda: Confirm("Delete?", yes="Delete")) as (stage, pilot):
        await pilot.press("tab", "enter")
        assert stage.answer is None


async def test_esc_answers_nothing_and_only_once() -> None:
    async with on_stage(lambda: Confirm("Sure?")) as (stage, pilot):
        await pilot.press("escape", "escape")
        assert stage.answer is None
        assert stage.answers == 1
        await until(lambda: "beneath" in stage.seen())


async def test_the_mouse_confirms() -> None:
    async with on_stage(lambda: Confirm("Sure?", yes="Yes, all")) as (stage, pilot):
        await pilot.click("#confirm")
        assert stage.answer is True


async def test_a_prompt_answers_the_trimmed_text() -> None:
    async with on_stage(lambda: Prompt("Rename", "New name", "Choir", yes="Rename")) as (stage, pilot):
        await type_text(pilot, " 2 ")
        await pilot.press("enter")
        assert stage.answer == "Choir 2"


async def test_a_prompt_does_not_take_nothing() -> None:
    async with on_stage(lambda: Prompt("New group")) as (stage, pilot):
        await pilot.press("enter")
        assert stage.answers == 0
        await until(lambda: "Type something first." in stage.seen())


async def test_a_prompt_says_what_is_wrong() -> None:
    def check(text: str) -> None:
        raise InvalidValue("groups", f"There is a group “{text}” already.")

    async with on_stage(lambda: Prompt("New group", check=check)) as (stage, pilot):
        await type_text(pilot, "Choir")
        await pilot.press("enter")
        assert stage.answers == 0
        await until(lambda: "There is a group “Choir” already." in stage.seen())


async def test_a_prompt_completes_from_what_is_known() -> None:
    async with on_stage(lambda: Prompt("Group", completions=["Choir", "Chess club", "Kitchen"])) as (stage, pilot):
        await type_text(pilot, "ch")
        await until(lambda: "Chess club" in stage.seen())
        assert "Kitchen" not in stage.seen()
        await pilot.press("down", "down", "enter")
        assert stage.answers == 0
        await pilot.press("enter")
        assert stage.answer == "Chess club"


async def test_esc_closes_the_list_before_the_prompt() -> None:
    async with on_stage(lambda: Prompt("Group", completions=["Choir"])) as (stage, pilot):
        await type_text(pilot, "ch")
        await until(lambda: "Choir" in stage.seen())
        await pilot.press("escape")
        assert stage.answers == 0
        await pilot.press("escape")
        assert stage.answer is None


async def test_typing_finds_a_group() -> None:
    async with on_stage(lambda: GroupPicker("Add 3 contacts", GROUPS)) as (stage, pilot):
        await until(lambda: "1,203" in stage.seen())
        await type_text(pilot, "chess")
        await until(lambda: "Add to Chess club" in stage.seen())
        await pilot.press("enter")
        assert stage.answer == ("Chess club",)


async def test_a_new_name_becomes_a_new_group() -> None:
    async with on_stage(lambda: GroupPicker("Add", GROUPS)) as (stage, pilot):
        await type_text(pilot, "Walking")
        await until(lambda: "New group “Walking”" in stage.seen())
        await pilot.press("enter")
        assert stage.answer == ("Walking",)


async def test_a_known_name_in_another_case_is_no_new_group() -> None:
    async with on_stage(lambda: GroupPicker("Add", GROUPS)) as (stage, pilot):
        await type_text(pilot, "CHOIR")
        assert "New group" not in stage.seen()
        await pilot.press("enter")
        assert stage.answer == ("Choir",)


async def test_only_known_groups_where_new_ones_make_no_sense() -> None:
    async with on_stage(lambda: GroupPicker("Remove", GROUPS, allow_new=False, verb="Remove from")) as (stage, pilot):
        await type_text(pilot, "Walking")
        await pilot.press("enter")
        assert stage.answers == 0
        await until(lambda: "There is no such group." in stage.seen())


async def test_several_groups_are_chosen_with_space() -> None:
    async with on_stage(lambda: GroupPicker("Add", GROUPS)) as (stage, pilot):
        await pilot.press("down", "space", "down", "space", "enter")
        assert stage.answer == ("Chess club", "Friends of the library")


async def test_letters_typed_in_the_list_go_on_in_the_field() -> None:
    async with on_stage(lambda: GroupPicker("Add", GROUPS)) as (stage, pilot):
        await pilot.press("down", "l", "i", "b")
        assert stage.screen.query_one("#filter", Input).value == "lib"
        await pilot.press("enter")
        assert stage.answer == ("Friends of the library",)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
@pytest.mark.parametrize(
    "dialog",
    [
        lambda: Confirm(EVIL, f"{EVIL}\n{EVIL}", EVIL, EVIL),
        lambda: Prompt(EVIL, EVIL, EVIL, [EVIL, f"{EVIL} 2"], yes=EVIL),
        lambda: GroupPicker(EVIL, [Group(n, f"{n} {EVIL}") for n in range(40)], verb=EVIL),
    ],
)
async def test_hostile_text_is_only_text(dialog, size) -> None:
    async with on_stage(dialog, size) as (stage, pilot):
        await until(lambda: "Bob [/b] [a=1]" in stage.seen())
        await type_text(pilot, "b")
        await pilot.pause()
        await until(lambda: whole(stage))
        assert not set(stage.seen()) & set("\x1b\x07\u202e")
