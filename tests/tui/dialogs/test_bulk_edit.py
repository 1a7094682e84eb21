"""The mixed-value form: what is common, what is typed, what comes out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input

from coterie.core.bulk import make_action
from coterie.core.model import Address, Contact
from coterie.tui.dialogs.bulk_edit import BulkEdit
from coterie.tui.dialogs.in_common import Common
from coterie.tui.widgets.bulk_field import BulkField, Replacement, as_replacement
from tests.tui.dialogs.stage import ADA, EVIL, HOSTILE, on_stage, type_text, until, whole

BOB = Contact(id=2, name="Bob", company="Analytical Engines", groups=("Choir", "chess"), favorite=True)
COMMON = Common(3, {"company": "Engines Ltd", "job_title": None, "notes": ""}, ("Choir", "Library"), None)


async def each(*contacts: Contact) -> AsyncIterator[Contact]:
    for contact in contacts:
        yield contact


async def test_what_is_common_is_found() -> None:
    common = await Common.of(each(ADA, BOB))
    assert common.count == 2
    assert common.values["company"] == "Analytical Engines"
    assert common.values["job_title"] is None
    assert common.groups == ("chess", "Choir", "Library")
    assert common.favorite is None
    assert (await Common.of(each(ADA, replace(ADA, id=9)))).favorite is False


async def test_it_shows_common_and_mixed_values() -> None:
    async with on_stage(lambda: BulkEdit(COMMON, ["Choir"])) as (stage, _):
        seen = stage.seen()
        assert "Edit 3 contacts" in seen
        assert "Engines Ltd" in seen
        assert "(mixed)" in seen
        assert "(empty)" in seen


async def test_untouched_it_answers_nothing() -> None:
    async with on_stage(lambda: BulkEdit(COMMON, [])) as (stage, pilot):
        await pilot.press("enter")
        assert stage.answers == 0
        await until(lambda: "Nothing is changed yet." in stage.seen())


async def test_esc_asks_before_it_discards() -> None:
    async with on_stage(lambda: BulkEdit(COMMON, [])) as (stage, pilot):
        await pilot.press("tab", "ctrl+k", "escape")
        await until(lambda: "Discard what you typed?" in stage.seen())
        await pilot.press("escape")
        await pilot.pause()
        assert stage.answers == 0
        await pilot.press("ctrl+k", "escape")
        await until(lambda: stage.answer is None)


async def test_fields_are_set_cleared_and_replaced() -> None:
    async with on_stage(lambda: BulkEdit(COMMON, [])) as (stage, pilot):
        await type_text(pilot, "/Ltd$/Limited/")
        await pilot.press("tab", "ctrl+k", "tab")
        await type_text(pilot, "Research")
        await pilot.pause()
        assert all(word in stage.seen() for word in ("replace", "clear", "set"))
        await pilot.press("enter")
    assert stage.answer == (
        make_action("replace", field="company", value="Ltd$", new="Limited"),
        make_action("clear", field="job_title"),
        make_action("set", field="department", value="Research"),
    )


async def test_clearing_is_taken_back() -> None:
    async with on_stage(lambda: BulkEdit(COMMON, [])) as (stage, pilot):
        await pilot.press("ctrl+k", "ctrl+k", "enter")
        assert stage.answers == 0


async def test_groups_and_stars() -> None:
    async with on_stage(lambda: BulkEdit(COMMON, ["Choir", "Chess club"])) as (stage, pilot):
        stage.screen.query_one("#field-add-groups Input").focus()
        await type_text(pilot, "CHESS CLUB")
        stage.screen.query_one("#field-remove-groups Input").focus()
        await type_text(pilot, "library")
        stage.screen.query_one("#star").focus()
        await pilot.press("right", "enter")
    assert stage.answer == (
        make_action("add-group", value="Chess club"),
        make_action("remove-group", value="Library"),
        make_action("favorite"),
    )


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("company", "/(/x/", "regular expression"),
        ("emails", "nobody", "not an e-mail address"),
        ("remove-groups", "Strangers", "None of these is in"),
    ],
)
async def test_what_cannot_be_done_is_said_beside_the_field(field: str, text: str, sentence: str) -> None:
    async with on_stage(lambda: BulkEdit(COMMON, [])) as (stage, pilot):
        stage.screen.query_one(f"#field-{field} Input").focus()
        await type_text(pilot, text)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert stage.answers == 0
        await until(lambda: sentence in stage.seen())


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_it_fits_and_hostile_text_is_only_text(size: tuple[int, int]) -> None:
    common = await Common.of(each(HOSTILE, replace(HOSTILE, id=67)))
    async with on_stage(lambda: BulkEdit(common, [EVIL]), size) as (stage, pilot):
        for _ in range(2):
            await until(lambda: whole(stage))
            assert not set(stage.seen()) & set("\x1b\x07\u202e")
            await pilot.press("pagedown")
            await pilot.pause()


@pytest.mark.parametrize(
    ("text", "replacement"),
    [
        ("/a/b/", Replacement("a", "b")),
        ("/a//", Replacement("a", "")),
        (r"/a\/b/c/", Replacement("a/b", "c")),
        (r"/\d+/#/", Replacement(r"\d+", "#")),
        ("/usr/bin", None),
        ("a/b/c", None),
        ("//x/", None),
        ("/", None),
    ],
)
def test_slashes_make_a_replacement(text: str, replacement: Replacement | None) -> None:
    assert as_replacement(text) == replacement


@given(st.text(st.characters(exclude_characters="\\/"), min_size=1), st.text(st.characters(exclude_characters="\\/")))
def test_any_pattern_without_slashes_is_read_back(pattern: str, new: str) -> None:
    assert as_replacement(f"/{pattern}/{new}/") == Replacement(pattern, new)


HOME = Contact(id=3, name="Cy", custom={"Size": "38", "Club": "Rowing"}, addresses=(Address("1 High St", "Leeds"),))


async def test_what_is_common_in_addresses_and_custom_fields_is_found() -> None:
    common = await Common.of(each(HOME, replace(HOME, custom={"size": "38"}, addresses=(Address(city="Leeds"),))))
    assert (common.values["city"], common.values["street"], common.values["country"]) == ("Leeds", None, "")
    assert common.customs == {"Size": "38", "Club": None}


async def test_addresses_and_custom_fields_are_set_cleared_and_replaced() -> None:
    common = await Common.of(each(HOME, replace(HOME, id=4)))
    async with on_stage(lambda: BulkEdit(common, [])) as (stage, pilot):
        form = stage.screen
        form.query_one("#field-street Input", Input).value = "/High/Low/"
        form.query_one("#field-city Input", Input).value = "York"
        form.query_one("#field-custom-0", BulkField).action_turn_clearing()
        name, value = form.query_one("#field-custom").query(Input)
        name.value, value.value = "Choir", "Bass"
        await pilot.press("ctrl+s")
        await until(lambda: stage.answers)
        after = HOME
        for step in stage.answer:
            after = step.apply(after)
        assert after.addresses == (Address("1 Low St", "York"),)
        assert after.custom == {"Club": "Rowing", "Choir": "Bass"}


async def test_a_custom_field_without_a_name_is_no_field() -> None:
    async with on_stage(lambda: BulkEdit(COMMON, [])) as (stage, pilot):
        stage.screen.query_one("#field-custom").query(Input)[1].value = "Bass"
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(lambda: "needs a name and a value" in stage.seen())
        assert stage.answers == 0
